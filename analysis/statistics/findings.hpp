// What an ensemble tells of an observable: a value with its interval, from here for tables, files and
// pictures.
#pragma once

#include "analysis/statistics/cohort.hpp"
#include "sim/ensemble/interval.hpp"
#include "sim/ensemble/moments.hpp"

#include <limits>
#include <optional>
#include <string_view>
#include <vector>

namespace venturi {

/// A statistic with its 95% confidence interval. An end that is not known is NaN: both are, of one
/// trajectory.
struct Finding {
    double value = 0;
    Interval interval = {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
    Dimension dimension = Dimension::number;
};

/// The mean over independent trajectories. A share gets `share_interval`. What counts events and saw none
/// gets the upper bound −ln(0.025) / n, for events that come singly; anything else Student's t.
[[nodiscard]] Finding mean_finding(const Moments& moments, Dimension dimension, Counting counting);

/// The mean of values pooled over companies: jackknife over groups of trajectories, on the logit scale for
/// shares.
[[nodiscard]] Finding pooled_mean(const Grouped<PooledValues>& values, Dimension dimension,
                                  std::uint64_t trajectories);

/// Their median: `quantile_interval` over groups of trajectories.
[[nodiscard]] Finding pooled_median(const Grouped<PooledValues>& values, Dimension dimension);

/// Survival at each month of age, on the scale log(−log S) with jackknife errors over groups of trajectories.
/// Before the first death the lower end is the exact one, for as many lives as there are trajectories or
/// companies at risk, whichever is less; where nobody lives on the upper end is that of the month before. At
/// age 0 survival is 1 by definition and has no interval. Shape: grid cells + 1.
[[nodiscard]] std::vector<Finding> survival_findings(const Grouped<SurvivalCounts>& survival,
                                                     std::uint64_t trajectories);
[[nodiscard]] std::vector<Finding> survival_findings(const CohortStatistics& statistics);

/// Restricted mean survival time, by the jackknife over groups of trajectories. What is not known, as of one
/// trajectory, is NaN.
[[nodiscard]] Finding restricted_mean_finding(const Grouped<SurvivalCounts>& survival);

/// The moments of a scalar, of a series at `month` (default: the horizon), or of a distribution's category;
/// null for the other kinds, and where there is no such month or category.
[[nodiscard]] const Moments* moments_of(const CohortStatistics& statistics, const ObservationGrid& grid,
                                        const ObservableReference& reference, std::optional<double> month);

/// The named statistic (see `ObservableSet::find`); `month` for series (default: the horizon) and survival
/// (age; needed). Nothing where there is no such observable, month or category.
[[nodiscard]] std::optional<Finding> find_statistic(const CohortStatistics& statistics,
                                                    const ObservationGrid& grid, std::string_view observable,
                                                    std::optional<double> month);

/// How much of a mean a few large values decide.
struct Tail {
    double largest_share = 0;  ///< of the sum that is the largest value; NaN where some are negative
    double hill_index = 0;     ///< of the largest twentieth of values, ten at least; NaN below 50 values
    bool heavy = false;
};

/// A tail is called heavy where there are fewer values than 25 times their squared skewness (Cochran,
/// Sampling Techniques, 3rd ed., 1977, section 2.15: from there on a 95% interval misses no more than 6 times
/// in 100) or the Hill index is 2 or below, as where there is no variance. The interval of such a mean is
/// mostly too short.
[[nodiscard]] Tail tail_of(const PooledValues& values);

/// The same of one value a trajectory, without a Hill index.
[[nodiscard]] Tail tail_of(const Moments& moments);

}  // namespace venturi
