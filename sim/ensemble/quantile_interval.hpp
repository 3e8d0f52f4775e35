// Confidence intervals of quantiles, where observations of one trajectory depend on each other.
#pragma once

#include "sim/ensemble/interval.hpp"
#include "sim/ensemble/jackknife.hpp"
#include "sim/ensemble/quantile_sketch.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace venturi {

/// The interval of the `q`-quantile of values that fall into independent clusters, a sketch for each.
///
/// The part of the values up to the estimated quantile is a ratio of sums over clusters, and its variance v
/// is the jackknife's. An interval for that part is turned into one of values by the order statistics at its
/// ends: Woodruff, "Confidence intervals for medians and other position measures", JASA 47 (1952). So nothing
/// has to be said about the density at the quantile, which is what makes the jackknife of a quantile itself
/// too short in small samples. The interval for the part is Wilson's score interval at the effective number
/// of values q (1 − q) / v, at most as many as there are, with Student's t for the clusters that have values:
/// as Korn and Graubard, "Confidence intervals for proportions with small expected number of positive counts
/// estimated from survey data", Survey Methodology 24 (1998), do with Clopper and Pearson's, which covers too
/// much here. Measured coverage: analysis/README.md.
///
/// An end is NaN where the values are too few to have it. Both are where fewer than two clusters have any.
/// Deterministic, in memory of one sketch. Throws ContractViolation unless 0 < q < 1.
[[nodiscard]] Interval quantile_interval(std::span<const QuantileSketch* const> clusters, double q,
                                         double level = 0.95);

/// The same over groups of trajectories; sketch_of(accumulator) gives the sketch of a group.
template <class Accumulator, std::size_t groups, class SketchOf>
[[nodiscard]] Interval quantile_interval(const Grouped<Accumulator, groups>& grouped, double q,
                                         SketchOf&& sketch_of, double level = 0.95) {
    std::vector<const QuantileSketch*> clusters;
    for (std::size_t group = 0; group < groups; ++group) clusters.push_back(&sketch_of(grouped.group(group)));
    return quantile_interval(std::span<const QuantileSketch* const>(clusters), q, level);
}

}  // namespace venturi
