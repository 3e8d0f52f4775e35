#include "agents/insurer/premium.hpp"

#include <algorithm>

namespace venturi {

namespace {

constexpr double months_per_year = 12;

}  // namespace

ClaimBelief ClaimBelief::after(double more_claims, double more_exposure) const {
    expects(more_claims >= 0 && more_exposure >= 0, "claims and exposure are not negative");
    return {.claims = claims + more_claims, .exposure = exposure + more_exposure};
}

ClaimCount ClaimBelief::predicted(double more_exposure) const {
    return ClaimCount::negative_binomial(claims, rate() * more_exposure);
}

InsuredRecord first_record(const UnderwritingParameters& underwriting) {
    expects(underwriting.prior_weight > 0, "a first opinion has weight");
    InsuredRecord record;
    record.belief = {.claims = underwriting.prior_weight, .exposure = underwriting.prior_weight};
    return record;
}

void close_year(InsuredRecord& record, const UnderwritingParameters& underwriting, double month) {
    PolicyYear& year = record.year;
    if (!(year.ends > year.begins)) return;
    expects(month >= year.begins, "a year ends after it began");
    const double end = std::min(month, year.ends);
    const double share = (end - year.begins) / (year.ends - year.begins);
    record.belief = record.belief.after(year.claims, share * record.expected_claims);
    if (static_cast<std::int64_t>(year.claims) > underwriting.most_claims)
        record.refused_until = end + underwriting.refusal;
    year = PolicyYear{};
    record.expected_claims = 0;
}

bool offers(const InsuredRecord& record, double month) {
    return month >= record.refused_until;
}

void open_year(InsuredRecord& record, const PolicyTerms& terms, double premium, double expected_claims,
               double month) {
    expects(offers(record, month), "whoever is refused gets no policy");
    expects(!(record.year.ends > record.year.begins), "a year is closed before the next one opens");
    record.year = {.terms = terms, .premium = premium, .begins = month, .ends = month + months_per_year};
    record.expected_claims = expected_claims;
}

}  // namespace venturi
