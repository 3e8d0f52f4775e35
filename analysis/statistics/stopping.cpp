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

// A mean of few, skewed values has an interval that is too short.
bool is_too_skewed(const CohortStatistics& statistics, const ObservableReference& reference) {
    return reference.kind == ObservableKind::pooled && reference.statistic == PooledStatistic::mean
           && tail_of(statistics.pooled[reference.place].total().moments).heavy;
}

// Of survival the one that an ensemble is asked to know.
std::optional<double> age_of(const ObservableReference& reference, const ObservationGrid& grid) {
    return reference.kind == ObservableKind::survival ? std::optional(std::floor(grid.horizon))
                                                      : std::nullopt;
}

}  // namespace

bool is_observable(std::string_view name) {
    return built_in_observables()->find(name).has_value();
}

bool is_seen(const CohortStatistics& statistics, const ObservationGrid& grid, std::string_view observable) {
    const auto reference = statistics.observables->find(observable);
    if (!reference) return false;
    if (const Moments* moments = moments_of(statistics, grid, *reference, std::nullopt))
        return moments->count() > 0;
    const auto finding = find_statistic(statistics, grid, observable, age_of(*reference, grid));
    return finding && !std::isnan(finding->value);
}

bool is_known_well_enough(const CohortStatistics& statistics, const ObservationGrid& grid,
                          const StoppingRule& rule) {
    const auto reference = statistics.observables->find(rule.observable);
    if (!reference) throw std::invalid_argument("there is no observable '" + rule.observable + "'");
    if (const Moments* moments = moments_of(statistics, grid, *reference, std::nullopt))
        return reached(*moments, rule.target);
    const auto finding = find_statistic(statistics, grid, rule.observable, age_of(*reference, grid));
    if (!finding)
        throw std::invalid_argument("observable '" + rule.observable
                                    + "' has no such category in this world");
    return reached(finding->value, finding->interval, statistics.trajectories, rule.target)
           && !is_too_skewed(statistics, *reference);
}

}  // namespace venturi
