#include "agents/insurer/policy.hpp"

#include "sim/contract.hpp"

#include <algorithm>

namespace venturi {

double payment(const PolicyTerms& terms, double loss, double paid_so_far) {
    expects(loss >= 0 && paid_so_far >= 0, "losses and payments are not negative");
    const double left = std::max(terms.limit_per_year - paid_so_far, 0.0);
    return std::min({std::max(loss - terms.deductible, 0.0), terms.limit_per_claim, left});
}

double PolicyYear::settle(double month, double loss) {
    if (!covers(month)) return 0;
    const double pays = payment(terms, loss, paid);
    if (loss > terms.deductible) ++claims;
    paid += pays;
    return pays;
}

ClaimPayment::ClaimPayment(const Severity& severity, const PolicyTerms& terms)
    : severity_(severity),
      deductible_(terms.deductible),
      limit_(terms.limit_per_claim),
      claimed_(severity.survival(terms.deductible)) {
    expects(deductible_ >= 0 && limit_ > 0, "a deductible is not negative, and a limit is positive");
    expects(claimed_ > 0, "some losses exceed the deductible");
}

double ClaimPayment::paid_of(double loss) const {
    return std::min(std::max(loss - deductible_, 0.0), limit_);
}

double ClaimPayment::survival(double payment) const {
    if (!(payment < limit_)) return 0;
    return payment > 0 ? severity_.survival(deductible_ + payment) / claimed_ : 1;
}

double ClaimPayment::layer(double from, double width) const {
    if (!(from < limit_)) return 0;
    return severity_.layer(deductible_ + from, std::min(width, limit_ - from)) / claimed_;
}

MixedClaimPayment::MixedClaimPayment(std::span<const InsuredPeril> perils, const PolicyTerms& terms) {
    for (const InsuredPeril& peril : perils) {
        expects(peril.rate >= 0, "rates are not negative");
        if (!(peril.rate > 0)) continue;
        const ClaimPayment claim(peril.severity, terms);
        parts_.push_back({peril.rate * claim.claimed(), claim});
        rate_ += parts_.back().weight;
    }
    expects(rate_ > 0, "some peril brings claims");
    for (Part& part : parts_) part.weight /= rate_;
}

double MixedClaimPayment::mean() const {
    return average([](const ClaimPayment& claim) { return claim.mean(); });
}

double MixedClaimPayment::survival(double payment) const {
    return average([=](const ClaimPayment& claim) { return claim.survival(payment); });
}

double MixedClaimPayment::layer(double from, double width) const {
    return average([=](const ClaimPayment& claim) { return claim.layer(from, width); });
}

}  // namespace venturi
