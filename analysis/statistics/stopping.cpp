#include "analysis/statistics/stopping.hpp"

#include "analysis/statistics/findings.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <vector>

namespace venturi {

namespace {

const Moments* moments_named(const CohortStatistics& statistics, const ObservationGrid& grid,
                             std::string_view name) {
    for (std::size_t i = 0; i < statistics.scalars.size(); ++i)
        if (scalar_observables()[i].name == name) return &statistics.scalars[i];
    for (std::size_t i = 0; i < statistics.series.size(); ++i)
        if (series_observables()[i].name == name) return &statistics.series[i][grid.points() - 1];
    return nullptr;
}

// A mean of few, skewed values has an interval that is too short.
bool is_too_skewed(const CohortStatistics& statistics, std::string_view name) {
    constexpr std::string_view mean = ".mean";
    if (name.ends_with(mean)) name.remove_suffix(mean.size());
    for (std::size_t i = 0; i < statistics.pooled.size(); ++i)
        if (pooled_observables()[i].name == name) return tail_of(statistics.pooled[i].total().moments).heavy;
    return false;
}

}  // namespace

bool is_observable(std::string_view name) {
    const std::vector<std::string> names = observable_names();
    return std::ranges::find(names, name) != names.end()
           || std::ranges::find(pooled_observables(), name, &PooledObservable::name)
                  != pooled_observables().end();
}

bool is_known_well_enough(const CohortStatistics& statistics, const ObservationGrid& grid,
                          const StoppingRule& rule) {
    if (const Moments* moments = moments_named(statistics, grid, rule.observable))
        return reached(*moments, rule.target);
    const std::optional<double> age =
        rule.observable == survival_observable ? std::optional(std::floor(grid.horizon)) : std::nullopt;
    const auto finding = find_statistic(statistics, grid, rule.observable, age);
    if (!finding) throw std::invalid_argument("there is no observable '" + rule.observable + "'");
    return reached(finding->value, finding->interval, statistics.trajectories, rule.target)
           && !is_too_skewed(statistics, rule.observable);
}

}  // namespace venturi
