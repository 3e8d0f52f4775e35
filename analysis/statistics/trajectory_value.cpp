#include "analysis/statistics/trajectory_value.hpp"

#include <cmath>
#include <limits>

namespace venturi {

namespace {

PooledValues pooled_values(const CohortModel& model, std::size_t index) {
    PooledValues values;
    model.observables().of(ObservableKind::pooled)[index].collect(model.world(), values);
    return values;
}

}  // namespace

std::optional<TrajectoryObservable> find_trajectory_observable(std::string_view name) {
    using Kind = TrajectoryObservable::Kind;
    const auto reference = built_in_observables()->find(name);
    if (!reference || reference->kind == ObservableKind::distribution) return std::nullopt;
    const Observable& observable = built_in_observables()->at(*reference);
    const auto kind_of = [&] {
        switch (reference->kind) {
            case ObservableKind::series:
                return Kind::series;
            case ObservableKind::survival:
                return Kind::survival;
            case ObservableKind::restricted_mean:
                return Kind::restricted_mean;
            case ObservableKind::pooled:
                return reference->statistic == PooledStatistic::median ? Kind::pooled_median
                                                                       : Kind::pooled_mean;
            case ObservableKind::scalar:
            case ObservableKind::distribution:
                break;
        }
        return Kind::scalar;
    };
    return TrajectoryObservable{.name = std::string(name),
                                .dimension = observable.dimension,
                                .meaning = observable.meaning,
                                .kind = kind_of(),
                                .index = reference->place};
}

double value_of(const CohortModel& model, const TrajectoryObservable& observable) {
    switch (observable.kind) {
        case TrajectoryObservable::Kind::scalar:
            return model.scalars()[observable.index];
        case TrajectoryObservable::Kind::series:
            return model.series_at_horizon()[observable.index];
        case TrajectoryObservable::Kind::survival:
            return survival_at_horizon(model.world(), model.grid());
        case TrajectoryObservable::Kind::restricted_mean:
            return restricted_mean_to_horizon(model.world(), model.grid());
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
