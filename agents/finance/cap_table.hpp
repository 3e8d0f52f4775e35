// Who owns a company, and who gets what when it is sold.
#pragma once

#include "sim/contract.hpp"

#include <boost/container/static_vector.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace venturi {

/// In which order preferred classes are paid.
enum class Seniority : std::uint8_t { stacked, pari_passu };
inline constexpr std::array<std::string_view, 2> seniority_names = {"stacked", "pari_passu"};

/// What a priced round asks for beside shares.
struct PreferredTerms {
    double preference = 1;         ///< multiple of the money invested that is paid first
    bool participating = false;    ///< shares in the rest as if converted, on top of its preference
    double participation_cap = 0;  ///< total multiple of the money at which participation ends; 0 for none
};

/// A class of preferred shares, sold in one round; later classes are senior where seniority is stacked.
struct PreferredClass {
    double shares = 0;
    double invested = 0;
    PreferredTerms terms;

    [[nodiscard]] double preference() const { return invested * terms.preference; }
};

/// What a priced round did.
struct PricedRound {
    double pre_money =
        0;              ///< dollars, on the fully diluted shares before the money, the enlarged pool included
    double amount = 0;  ///< dollars invested
    double price = 0;   ///< dollars per share
    double new_shares = 0;   ///< sold to the investors
    double pool_shares = 0;  ///< added to the option pool, at the expense of those who held shares before

    [[nodiscard]] double post_money() const { return pre_money + amount; }
    [[nodiscard]] double dilution() const { return amount / post_money(); }
};

/// Common shares, an option pool (as good as common: options count as exercised), and preferred classes.
class CapTable {
  public:
    static constexpr std::size_t most_classes = 16;

    /// A company whose founders hold `founders` shares and nobody else anything.
    explicit CapTable(double founders = 1e7) : common_(founders) {}

    [[nodiscard]] double common() const { return common_; }
    [[nodiscard]] double pool() const { return pool_; }
    [[nodiscard]] const auto& classes() const { return classes_; }
    [[nodiscard]] double preferred() const;
    [[nodiscard]] double fully_diluted() const { return common_ + pool_ + preferred(); }
    /// The founders' part of the fully diluted shares.
    [[nodiscard]] double founders_share() const { return common_ / fully_diluted(); }

    /// Sells a new class for `amount` dollars at `pre_money`. The pool is first enlarged so that it makes up
    /// `pool_after` of the fully diluted shares after the round, where it does not already ("the pool
    /// shuffle": the pre-money counts it). Throws ContractViolation where an amount is not positive, there
    /// are `most_classes` classes, or pool and investors would leave nothing to those before them.
    PricedRound raise(double amount, double pre_money, double pool_after, const PreferredTerms& terms);

    /// What each class is paid when the company goes for `proceeds` dollars (≥ 0).
    struct Payout {
        boost::container::static_vector<double, most_classes> preferred;  ///< dollars, class by class
        double common = 0;                                                ///< founders
        double pool = 0;                                                  ///< options
    };
    /// Each non-participating class takes its preference or converts to common, whichever pays more given
    /// what the others do: the equilibrium found by letting classes convert one by one in order of preference
    /// per share.
    [[nodiscard]] Payout distribute(double proceeds, Seniority seniority) const;

    /// What everyone is paid when all preferred converts, as in a listing.
    [[nodiscard]] Payout distribute_converted(double proceeds) const;

  private:
    double common_;
    double pool_ = 0;
    boost::container::static_vector<PreferredClass, most_classes> classes_;
};

}  // namespace venturi
