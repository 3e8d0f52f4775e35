#include "analysis/statistics/findings.hpp"

#include "analysis/statistics/restricted_mean.hpp"
#include "sim/ensemble/quantile_interval.hpp"
#include "sim/ensemble/share_interval.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace venturi {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr Interval unknown = {nan, nan};
constexpr double level = 0.95;

double known(double end) {
    return std::isfinite(end) ? end : nan;
}
Interval known(const Interval& interval) {
    return {known(interval.low), known(interval.high)};
}

double number(std::uint64_t count) {
    return static_cast<double>(count);
}

// The double-logarithmic scale, on which a survival's error is near normal and its limits stay within 0
// and 1.
Interval log_log_interval(const JackknifeEstimate& survival) {
    const double log_survival = std::log(survival.value);
    const double error = survival.standard_error / (survival.value * -log_survival);
    const double factor =
        std::exp(student_critical_value(level, static_cast<double>(survival.groups - 1)) * error);
    return {std::exp(log_survival * factor), std::exp(log_survival / factor)};
}

Interval survival_interval(const JackknifeEstimate& survival, double lives, const Interval& month_before) {
    if (survival.groups < 2 || std::isnan(survival.value) || !(lives > 0)) return unknown;
    if (survival.value == 0) return {0, month_before.high};
    if (survival.value == 1 || survival.standard_error <= 1e-12 * survival.value)
        return unvaried_share_interval(survival.value, lives, level);
    return std::isnan(survival.standard_error) ? unknown : log_log_interval(survival);
}

}  // namespace

Finding mean_finding(const Moments& moments, Dimension dimension, Counting counting) {
    Finding finding{moments.mean(), known(moments.confidence_interval(level)), dimension};
    if (dimension == Dimension::share)
        finding.interval = known(share_interval(moments, level));
    else if (counting == Counting::events && moments.count() > 1 && moments.maximum() == 0
             && moments.minimum() == 0)
        finding.interval = {0, -std::log((1 - level) / 2) / number(moments.count())};
    return finding;
}

Finding pooled_mean(const Grouped<PooledValues>& values, Dimension dimension, std::uint64_t trajectories) {
    const JackknifeEstimate mean =
        values.jackknife([](const PooledValues& each) { return each.moments.mean(); });
    if (dimension != Dimension::share) return {mean.value, known(mean.interval(level)), dimension};
    const double trials = number(std::min(values.total().moments.count(), trajectories));
    return {mean.value, known(share_interval(mean, trials, level)), dimension};
}

Finding pooled_median(const Grouped<PooledValues>& values, Dimension dimension) {
    return {values.total().sketch.interpolated_quantile(0.5),
            known(quantile_interval(
                values, 0.5, [](const PooledValues& each) -> const QuantileSketch& { return each.sketch; },
                level)),
            dimension};
}

std::vector<Finding> survival_findings(const CohortStatistics& statistics) {
    return survival_findings(statistics.survival, statistics.trajectories);
}

std::vector<Finding> survival_findings(const Grouped<SurvivalCounts>& counted, std::uint64_t trajectories) {
    const std::vector<JackknifeEstimate> survival = counted.jackknife_each([](const SurvivalCounts& counts) {
        std::vector<double> values;
        for (const SurvivalPoint& point : counts.curve()) values.push_back(point.survival);
        return values;
    });
    const std::vector<SurvivalPoint> curve = counted.total().curve();
    std::vector<Finding> findings = {{1, unknown, Dimension::share}};
    for (std::size_t edge = 1; edge < curve.size(); ++edge) {
        const double lives = number(std::min(curve[edge].at_risk, trajectories));
        const Interval before = edge == 1 ? Interval{1, 1} : findings.back().interval;
        findings.push_back({survival[edge].value, known(survival_interval(survival[edge], lives, before)),
                            Dimension::share});
    }
    return findings;
}

Finding restricted_mean_finding(const Grouped<SurvivalCounts>& survival) {
    const JackknifeEstimate estimate = survival.jackknife(restricted_mean);
    const Interval interval = estimate.interval();
    const bool is_known = std::isfinite(interval.low) && std::isfinite(interval.high);
    return {.value = estimate.value,
            .interval = is_known ? interval : Interval{nan, nan},
            .dimension = Dimension::duration};
}

const Moments* moments_of(const CohortStatistics& statistics, const ObservationGrid& grid,
                          const ObservableReference& reference, std::optional<double> month) {
    switch (reference.kind) {
        case ObservableKind::scalar:
            return &statistics.scalars[reference.place];
        case ObservableKind::series: {
            const double at = month.value_or(grid.horizon);
            if (at < 0 || at > grid.horizon) return nullptr;
            const auto point = static_cast<std::size_t>(std::lround(at / grid.step));
            return &statistics.series[reference.place][std::min(point, grid.points() - 1)];
        }
        case ObservableKind::distribution: {
            const auto& names = statistics.categories[reference.place];
            const auto found = std::ranges::find(names, reference.category);
            if (found == names.end()) return nullptr;
            return &statistics
                        .distributions[reference.place][static_cast<std::size_t>(found - names.begin())];
        }
        case ObservableKind::pooled:
        case ObservableKind::survival:
        case ObservableKind::restricted_mean:
            return nullptr;
    }
    return nullptr;
}

std::optional<Finding> find_statistic(const CohortStatistics& statistics, const ObservationGrid& grid,
                                      std::string_view name, std::optional<double> month) {
    const std::optional<ObservableReference> reference = statistics.observables->find(name);
    if (!reference) return std::nullopt;
    const Observable& observable = statistics.observables->at(*reference);
    if (reference->kind == ObservableKind::survival) {
        if (!month || *month < 0 || *month > std::ceil(grid.horizon)) return std::nullopt;
        return survival_findings(statistics)[static_cast<std::size_t>(std::lround(*month))];
    }
    if (reference->kind == ObservableKind::restricted_mean)
        return restricted_mean_finding(statistics.survival);
    if (reference->kind == ObservableKind::pooled) {
        const auto& values = statistics.pooled[reference->place];
        return reference->statistic == PooledStatistic::median
                   ? pooled_median(values, observable.dimension)
                   : pooled_mean(values, observable.dimension, statistics.trajectories);
    }
    const Moments* moments = moments_of(statistics, grid, *reference, month);
    if (moments == nullptr) return std::nullopt;
    return mean_finding(*moments, observable.dimension, observable.counting);
}

Tail tail_of(const Moments& moments) {
    const double n = number(moments.count());
    const double skewness = moments.skewness();
    return {.largest_share = moments.minimum() >= 0 ? moments.maximum() / (n * moments.mean()) : nan,
            .hill_index = nan,
            .heavy = n < 25 * skewness * skewness};
}

Tail tail_of(const PooledValues& values) {
    Tail tail = tail_of(values.moments);
    const std::uint64_t count = values.moments.count();
    constexpr std::uint64_t fewest = 10;
    if (count >= 5 * fewest) tail.hill_index = values.sketch.hill_index(std::max(fewest, count / 20));
    tail.heavy = tail.heavy || tail.hill_index <= 2;
    return tail;
}

}  // namespace venturi
