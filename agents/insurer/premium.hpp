// What insurance costs, and how that follows the claims of the insured.
#pragma once

#include "agents/insurer/aggregate_loss.hpp"
#include "agents/insurer/policy.hpp"
#include "sim/contract.hpp"
#include "sim/parameter.hpp"

#include <cstdint>
#include <type_traits>

namespace venturi {

/// How an insurer prices and whom it refuses.
struct UnderwritingParameters {
    double loading = 0.5;
    double prior_weight = 3;
    std::int64_t most_claims = 2;
    double refusal = 24;
};

template <class Visitor>
void describe(UnderwritingParameters& underwriting, Visitor& visit) {
    visit.number(underwriting.loading,
                 {.name = "loading",
                  .legal = between(-0.99, 20),
                  .plausible = {0.1, 1},
                  .meaning = "premium beyond the expected payments, as a share of them"});
    visit.number(underwriting.prior_weight,
                 {.name = "prior_weight",
                  .legal = above(0),
                  .plausible = {0.5, 20},
                  .meaning = "expected claims that count as much as the insurer's first opinion"});
    visit.whole(underwriting.most_claims, {.name = "most_claims",
                                           .dimension = Dimension::count,
                                           .legal = between(0, 1000),
                                           .plausible = {1, 5},
                                           .meaning = "claims in a year above which there is no renewal"});
    visit.number(underwriting.refusal, {.name = "refusal",
                                        .dimension = Dimension::duration,
                                        .legal = at_least(0),
                                        .plausible = {0, 60},
                                        .meaning = "time for which nothing is offered then"});
}

/// What an insurer believes of how often an insured has claims: the rate per unit of exposure is gamma with
/// shape `claims` and rate `exposure`. After n claims in e units of exposure, in which they are Poisson, it
/// is gamma with `claims` + n and `exposure` + e (Bühlmann and Gisler, A Course in Credibility Theory, 2005,
/// section 2.4). Units of exposure are years where the rate is all that is believed; where a risk tree says
/// how many claims to expect, they are expected claims, and the rate is a factor of mean 1 on them.
struct ClaimBelief {
    double claims = 1;    ///< > 0
    double exposure = 1;  ///< > 0

    [[nodiscard]] double rate() const { return claims / exposure; }
    /// Z = e / (`exposure` + e): the posterior mean is Z n / e + (1 − Z) `rate()`.
    [[nodiscard]] double credibility(double more_exposure) const {
        return more_exposure / (exposure + more_exposure);
    }
    [[nodiscard]] ClaimBelief after(double more_claims, double more_exposure) const;
    /// The number of claims in `more_exposure`: negative binomial.
    [[nodiscard]] ClaimCount predicted(double more_exposure) const;
};
static_assert(std::is_trivially_copyable_v<ClaimBelief>);

/// The premium for `exposure` units to come, dollars: expected payments × (1 + loading). A year's, with units
/// of expected claims: `exposure` is the number to expect in the year. With an annual limit, it is the
/// expected value of the number believed in, on a lattice of `steps`: see `limited_aggregate`.
template <ClaimSize Claim>
[[nodiscard]] double premium(const ClaimBelief& belief, double exposure, const Claim& claim,
                             double limit_per_year, double loading, std::size_t steps = 512) {
    expects(exposure >= 0 && loading > -1, "exposure is not negative, and premiums are positive");
    // Without a limit only the mean counts, for which a lattice is not needed.
    const double payments =
        std::isfinite(limit_per_year)
            ? limited_aggregate(belief.predicted(exposure), claim, limit_per_year, steps).low
            : belief.rate() * exposure * claim.mean();
    return payments * (1 + loading);
}

/// What an insurer keeps of one insured, who renews at the end of each year or later.
struct InsuredRecord {
    ClaimBelief belief;
    PolicyYear year;
    double expected_claims = 0;   ///< in the present year, in the belief's units of exposure
    double refused_until = -1e9;  ///< month
};
static_assert(std::is_trivially_copyable_v<InsuredRecord>);

/// A new insured: the first opinion is a factor of mean 1 with the weight of `prior_weight` expected claims.
[[nodiscard]] InsuredRecord first_record(const UnderwritingParameters& underwriting);

/// Ends the present year at `month`, or at its end where that is sooner, and learns from it: exposure counts
/// in proportion to the time, and more claims than `most_claims` bar a renewal. Does nothing where no year is
/// open.
void close_year(InsuredRecord& record, const UnderwritingParameters& underwriting, double month);

/// Whether a policy is offered at `month`.
[[nodiscard]] bool offers(const InsuredRecord& record, double month);

/// Opens a year of 12 months at `month`, after `close_year`. Throws ContractViolation where none is offered
/// or one is still open.
void open_year(InsuredRecord& record, const PolicyTerms& terms, double premium, double expected_claims,
               double month);

}  // namespace venturi
