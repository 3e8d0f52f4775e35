// A word on observables that some commands average over histories and others pool.
#pragma once

#include "analysis/statistics/trajectory_value.hpp"

#include <string>
#include <vector>

namespace venturi {

/// Which of the observables are means over histories of what each of them has, where run and compare pool the
/// companies of all histories; a line. Empty where none of them is such.
[[nodiscard]] std::string averaged_note(const std::vector<TrajectoryObservable>& observables);

}  // namespace venturi
