#include "analysis/statistics/trajectory_value.hpp"

#include <cmath>
#include <limits>

namespace venturi {

namespace {

template <class Described>
std::optional<TrajectoryObservable> find_among(std::span<const Described> described, std::string_view name,
                                               TrajectoryObservable::Kind kind) {
    for (std::size_t i = 0; i < described.size(); ++i)
        if (described[i].name == name)
            return TrajectoryObservable{.name = std::string(name),
                                        .dimension = described[i].dimension,
                                        .meaning = described[i].meaning,
                                        .kind = kind,
                                        .index = i};
    return std::nullopt;
}

std::optional<TrajectoryObservable> find_pooled(std::string_view name, std::string_view ending,
                                                TrajectoryObservable::Kind kind) {
    if (!name.ends_with(ending)) return std::nullopt;
    auto found = find_among(pooled_observables(), name.substr(0, name.size() - ending.size()), kind);
    if (found) found->name = std::string(name);
    return found;
}

double survival_at_horizon(const CohortModel& model) {
    SurvivalCounts counts = no_survival(model.grid());
    observe_survival(model.world(), counts);
    return counts.survival(counts.cells());
}

PooledValues pooled_values(const CohortModel& model, std::size_t index) {
    PooledValues values;
    pooled_observables()[index].collect(model.world(), values);
    return values;
}

}  // namespace

std::optional<TrajectoryObservable> find_trajectory_observable(std::string_view name) {
    using Kind = TrajectoryObservable::Kind;
    if (name == survival_observable)
        return TrajectoryObservable{.name = std::string(name),
                                    .dimension = Dimension::share,
                                    .meaning = "share of companies that live to the horizon's age",
                                    .kind = Kind::survival,
                                    .index = 0};
    if (auto found = find_among(scalar_observables(), name, Kind::scalar)) return found;
    if (auto found = find_among(series_observables(), name, Kind::series)) return found;
    if (auto found = find_pooled(name, ".median", Kind::pooled_median)) return found;
    if (auto found = find_pooled(name, ".mean", Kind::pooled_mean)) return found;
    return find_pooled(name, "", Kind::pooled_mean);
}

double value_of(const CohortModel& model, const TrajectoryObservable& observable) {
    switch (observable.kind) {
        case TrajectoryObservable::Kind::scalar:
            return model.scalars()[observable.index];
        case TrajectoryObservable::Kind::series:
            return model.series_at_horizon()[observable.index];
        case TrajectoryObservable::Kind::survival:
            return survival_at_horizon(model);
        case TrajectoryObservable::Kind::pooled_mean: {
            const PooledValues values = pooled_values(model, observable.index);
            return values.moments.count() > 0 ? values.moments.mean()
                                              : std::numeric_limits<double>::quiet_NaN();
        }
        case TrajectoryObservable::Kind::pooled_median:
            return pooled_values(model, observable.index).sketch.interpolated_quantile(0.5);
    }
    return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace venturi
