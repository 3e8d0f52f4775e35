// When an ensemble may stop: an observable is known precisely enough.
#pragma once

#include "analysis/statistics/cohort.hpp"
#include "sim/ensemble/sequential.hpp"

#include <string>
#include <string_view>

namespace venturi {

/// An observable, by any of `observable_names` or the name of a pooled one, and how precisely it is wanted:
/// scalars, the mean of pooled values and series at the horizon by their mean, survival at the horizon's age,
/// medians as they are.
struct StoppingRule {
    std::string observable;
    PrecisionTarget target;
};

/// Whether a stopping rule may name it.
[[nodiscard]] bool is_observable(std::string_view name);

/// Whether any history had something of it to look at: without, no number of them makes it known.
[[nodiscard]] bool is_seen(const CohortStatistics& statistics, const ObservationGrid& grid,
                           std::string_view observable);

/// Whether the rule holds; ask at `next_look` only. Scalars and series by `reached` of their moments; the
/// others by `reached` of their interval, means of pooled values only once they number 25 times their squared
/// skewness. Throws std::invalid_argument where there is no such observable.
[[nodiscard]] bool is_known_well_enough(const CohortStatistics& statistics, const ObservationGrid& grid,
                                        const StoppingRule& rule);

}  // namespace venturi
