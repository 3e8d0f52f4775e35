// Which observables an experiment looks at.
#pragma once

#include "analysis/statistics/trajectory_value.hpp"

#include <string>
#include <vector>

namespace venturi {

/// What an experiment looks at unless told.
[[nodiscard]] const std::vector<std::string>& headline_observables();

/// The observables of these names; the headline ones where there are none. Throws InputError where one is not
/// known, with the nearest name, or is named twice.
[[nodiscard]] std::vector<TrajectoryObservable> chosen_observables(const std::vector<std::string>& names);

}  // namespace venturi
