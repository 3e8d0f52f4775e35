// The sum of a random number of claims: its expected value up to a limit, enclosed by two lattices.
#pragma once

#include "sim/contract.hpp"
#include "sim/ensemble/interval.hpp"

#include <cmath>
#include <concepts>
#include <cstddef>
#include <span>
#include <vector>

namespace venturi {

/// The size X > 0 of a claim, in dollars: mean() = E[X], survival(x) = P(X > x), and layer(d, l) =
/// E[min(max(X − d, 0), l)] for d, l ≥ 0, l perhaps infinite.
template <class T>
concept ClaimSize = requires(const T& claim, double x) {
    { claim.mean() } -> std::convertible_to<double>;
    { claim.survival(x) } -> std::convertible_to<double>;
    { claim.layer(x, x) } -> std::convertible_to<double>;
};

/// How many claims there are: Poisson, or negative binomial, which is Poisson with a rate that is gamma
/// distributed. P(N = n) = (a + b / n) P(N = n − 1), as Panjer's recursion needs it.
class ClaimCount {
  public:
    /// 0 ≤ `mean` ≤ 500: beyond that none at all is too rare for the recursion to begin with.
    [[nodiscard]] static ClaimCount poisson(double mean);
    /// Poisson with a rate that is gamma with that shape > 0 and mean, such that P(N = 0) ≥ e^−500.
    [[nodiscard]] static ClaimCount negative_binomial(double shape, double mean);

    [[nodiscard]] double mean() const { return mean_; }
    [[nodiscard]] double a() const { return a_; }
    [[nodiscard]] double b() const { return b_; }
    /// ln E[z^N] for z in [0, 1].
    [[nodiscard]] double log_generating_function(double z) const;

  private:
    ClaimCount(double mean, double a, double b) : mean_(mean), a_(a), b_(b) {}

    double mean_;
    double a_;
    double b_;
};

/// P(S = k h) for k = 0, 1, ..., as many as `claim` has, where the claims are multiples of h with P(X = k h)
/// = claim[k]: Panjer, "Recursive evaluation of a family of compound distributions", ASTIN Bulletin 12, 22–26
/// (1981). All terms of the recursion are positive; work of order n².
[[nodiscard]] std::vector<double> compound_distribution(const ClaimCount& count,
                                                        std::span<const double> claim);

/// E[min(S, L)] on that lattice, with L = n h and n as many as `claim` has.
[[nodiscard]] double limited_compound_mean(const ClaimCount& count, std::span<const double> claim,
                                           double step);

/// E[min(S, `limit`)] of the sum S of claims that are independent of each other and of their number. Exact
/// but for rounding where it is E[S], the limit being infinite.
///
/// Below: claims are spread over a lattice of `steps` points such that their means, between any two points,
/// are kept. That is a larger law in convex order, so the expectation of the concave min is the smaller; it
/// is of second order in the width of the lattice, so this end is the one to use as a value. Above: claims
/// are rounded up to the lattice.
template <ClaimSize Claim>
[[nodiscard]] Interval limited_aggregate(const ClaimCount& count, const Claim& claim, double limit,
                                         std::size_t steps = 512) {
    expects(limit >= 0 && steps >= 1, "a limit is not negative, and a lattice has a point");
    if (!std::isfinite(limit)) return {count.mean() * claim.mean(), count.mean() * claim.mean()};
    if (!(limit > 0)) return {0, 0};
    const double step = limit / static_cast<double>(steps);
    std::vector<double> spread(steps);
    std::vector<double> rounded_up(steps);
    double layer_before = 1;
    double survival_before = 1;
    for (std::size_t k = 0; k < steps; ++k) {
        const double from = static_cast<double>(k) * step;
        // Between P(X > k h) and P(X > (k + 1) h), and such that the mean between the two is kept.
        const double layer_here = claim.layer(from, step) / step;
        const double survival_here = claim.survival(from);
        spread[k] = layer_before > layer_here ? layer_before - layer_here : 0;
        rounded_up[k] = survival_before > survival_here ? survival_before - survival_here : 0;
        layer_before = layer_here;
        survival_before = survival_here;
    }
    return {limited_compound_mean(count, spread, step), limited_compound_mean(count, rounded_up, step)};
}

}  // namespace venturi
