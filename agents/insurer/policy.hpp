// What a policy of insurance pays: nothing up to the deductible of each loss, then up to a limit for the loss
// and one for the year.
#pragma once

#include "agents/insurer/aggregate_loss.hpp"
#include "agents/risk/severity.hpp"
#include "sim/parameter.hpp"

#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

namespace venturi {

/// What is agreed. Limits may be infinite.
struct PolicyTerms {
    double deductible = 25000;
    double limit_per_claim = 1e6;
    double limit_per_year = 2e6;
};

template <class Visitor>
void describe(PolicyTerms& terms, Visitor& visit) {
    visit.number(terms.deductible, {.name = "deductible",
                                    .dimension = Dimension::money,
                                    .legal = at_least(0),
                                    .plausible = {0, 250000},
                                    .meaning = "part of each loss that the insured bears"});
    visit.number(terms.limit_per_claim, {.name = "limit_per_claim",
                                         .dimension = Dimension::money,
                                         .legal = above(0),
                                         .plausible = {100000, 2e7},
                                         .meaning = "most that is paid of one loss, beyond the deductible"});
    visit.number(terms.limit_per_year, {.name = "limit_per_year",
                                        .dimension = Dimension::money,
                                        .legal = above(0),
                                        .plausible = {100000, 5e7},
                                        .meaning = "most that is paid in one year"});
}

/// min(max(loss − d, 0), l), and no more than the year's limit leaves after `paid_so_far`. Dollars, all ≥ 0.
[[nodiscard]] double payment(const PolicyTerms& terms, double loss, double paid_so_far);

/// One year of one policy, as it is kept with the insured.
struct PolicyYear {
    PolicyTerms terms;
    double premium = 0;        ///< of the year, dollars
    double begins = 0;         ///< month
    double ends = 0;           ///< month, exclusive; no policy where this is not later
    double paid = 0;           ///< dollars so far
    std::uint32_t claims = 0;  ///< losses above the deductible so far, also where nothing was left to pay

    [[nodiscard]] bool covers(double month) const { return begins <= month && month < ends; }
    /// Pays for a loss at `month`, of which it keeps account: 0 where that is not covered.
    double settle(double month, double loss);
};
static_assert(std::is_trivially_copyable_v<PolicyYear>);

/// What a claim costs the insurer before the year's limit: min(X − d, l) of a loss X that exceeds the
/// deductible d. A ClaimSize that can be sampled.
class ClaimPayment {
  public:
    /// Throws ContractViolation where losses never exceed the deductible, as far as doubles tell.
    ClaimPayment(const Severity& severity, const PolicyTerms& terms);

    /// P(X > d): the share of the incidents that become claims.
    [[nodiscard]] double claimed() const { return claimed_; }
    [[nodiscard]] double mean() const { return severity_.layer(deductible_, limit_) / claimed_; }
    [[nodiscard]] double survival(double payment) const;
    /// E[min(max(payment − from, 0), width)].
    [[nodiscard]] double layer(double from, double width) const;

    /// One draw, by inversion.
    template <DrawPolicy Draws>
    [[nodiscard]] double sample(Draws& draws, DrawSource& source) const {
        return paid_of(severity_.exceeded_with(claimed_ * (1 - draws.uniform(source))));
    }

  private:
    [[nodiscard]] double paid_of(double loss) const;

    Severity severity_;
    double deductible_;
    double limit_;
    double claimed_;
};

/// One kind of incident that a policy covers.
struct InsuredPeril {
    double rate = 0;  ///< incidents per year
    Severity severity;
};

/// The claims of a policy that covers several perils with the same terms: theirs, mixed in proportion to how
/// often each brings one. A ClaimSize.
class MixedClaimPayment {
  public:
    /// At least one rate must be above 0.
    MixedClaimPayment(std::span<const InsuredPeril> perils, const PolicyTerms& terms);

    /// Claims a year of all perils together.
    [[nodiscard]] double rate() const { return rate_; }
    [[nodiscard]] double mean() const;
    [[nodiscard]] double survival(double payment) const;
    /// E[min(max(payment − from, 0), width)].
    [[nodiscard]] double layer(double from, double width) const;

  private:
    struct Part {
        double weight;
        ClaimPayment payment;
    };
    template <class Function>
    [[nodiscard]] double average(Function function) const {
        double sum = 0;
        for (const Part& part : parts_) sum += part.weight * function(part.payment);
        return sum;
    }

    std::vector<Part> parts_;
    double rate_ = 0;
};

}  // namespace venturi
