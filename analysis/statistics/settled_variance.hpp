// How much of an outcome's variance was settled by a month, and how much was still luck: nested simulation.
#pragma once

#include "sim/ensemble/interval.hpp"
#include "sim/ensemble/jackknife.hpp"
#include "sim/ensemble/moments.hpp"

#include <cstdint>
#include <span>

namespace venturi {

/// The outcome Y in several continuations of each past X, folded; mergeable. By the law of total variance
///
///     Var Y = Var E[Y | X]  +  E Var[Y | X]
///             settled          luck
///
/// With m_i and s_i² the mean and the sample variance of the n_i continuations of past i, the mean of s_i² is
/// unbiased for the luck, and the sample variance of m_i less the mean of s_i² / n_i for what was settled:
/// the estimators of the one-way layout with random effects (Searle, Casella and McCulloch, Variance
/// Components, 1992, section 3.6), which assume no distribution.
class SettledVariance {
  public:
    /// The outcome in each continuation of one past; NaN is left out. A past with fewer than two outcomes
    /// tells nothing of luck, and is left out.
    void add(std::span<const double> outcomes);
    void merge(const SettledVariance& other);

    [[nodiscard]] std::uint64_t pasts() const { return means_.count(); }
    /// Over pasts; NaN without one.
    [[nodiscard]] double mean() const { return means_.mean(); }
    /// E Var[Y | X]; NaN without a past.
    [[nodiscard]] double luck() const { return within_.mean(); }
    /// Var E[Y | X], unbiased, and so perhaps below 0; NaN below two pasts.
    [[nodiscard]] double settled() const { return means_.variance() - within_of_means_.mean(); }
    /// Settled over settled + luck, as it comes out; NaN where the outcome is always the same.
    [[nodiscard]] double settled_share() const;

    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.means_);
        visit(self.within_);
        visit(self.within_of_means_);
    }

    friend bool operator==(const SettledVariance&, const SettledVariance&) = default;

  private:
    Moments means_;            // m_i
    Moments within_;           // s_i²
    Moments within_of_means_;  // s_i² / n_i
};

/// A number with its 95% interval; ends that are not known are NaN.
struct SettledPart {
    double value = 0;
    Interval interval = {};
};

/// The split, with delete-a-group jackknife intervals over groups of pasts. Neither a variance nor its
/// interval is below 0 but for the value of `settled`, which is kept unbiased; the share and its interval lie
/// in [0, 1]. An interval that would lie outside as a whole (too few pasts of an outcome with a heavy tail)
/// is not known.
struct VarianceSplit {
    std::uint64_t pasts = 0;
    double mean = 0;
    SettledPart settled;
    SettledPart luck;
    SettledPart share;  ///< settled over both
};

[[nodiscard]] VarianceSplit split_of(const Grouped<SettledVariance>& pasts);

}  // namespace venturi
