// Any observable as one number of one trajectory: what experiments over many designs compare.
#pragma once

#include "analysis/statistics/cohort.hpp"
#include "sim/parameter.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace venturi {

/// An observable by name, resolved once. Of pooled values it is the mean or the median among the trajectory's
/// own companies, so its mean over trajectories weighs trajectories alike, where a run's table weighs
/// companies.
struct TrajectoryObservable {
    enum class Kind : std::uint8_t { scalar, series, pooled_mean, pooled_median, survival, restricted_mean };

    std::string name;
    Dimension dimension = Dimension::number;
    std::string_view meaning;
    Kind kind = Kind::scalar;
    std::size_t index = 0;  ///< among its kind

    /// Whether a run has it of the companies of all trajectories together, which is another number.
    [[nodiscard]] bool is_pooled_by_runs() const { return kind != Kind::scalar && kind != Kind::series; }
};

/// The observable of any of `observable_names`, or of a pooled one's bare name, which is its mean. Series and
/// survival are at the horizon, and restricted mean survival goes up to it.
[[nodiscard]] std::optional<TrajectoryObservable> find_trajectory_observable(std::string_view name);

/// Its value in the trajectory that the model ran last, at its horizon; NaN where there is nothing to look
/// at.
[[nodiscard]] double value_of(const CohortModel& model, const TrajectoryObservable& observable);

}  // namespace venturi
