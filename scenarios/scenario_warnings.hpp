// What is legal in a scenario and yet can hardly be meant: settings that nothing reads, values that nobody
// has seen.
#pragma once

#include "scenarios/scenario.hpp"

#include <string>
#include <vector>

namespace venturi {

/// One kind of oddity with all the places where it is found, so that each kind is told once.
struct ScenarioWarning {
    std::string message;          ///< what is odd, in one line
    std::vector<Problem> places;  ///< where, in the order in which it was read
};

/// Everything odd about what a scenario's own file, its interventions and options set. What is set to the
/// value that it has anyway is not odd where nothing reads it; files that the scenario extends answer for
/// themselves.
[[nodiscard]] std::vector<ScenarioWarning> warnings_of(const Scenario& scenario);

/// The same of values that something else than the scenario gives its parameters, each with `value`: those
/// that are not plausible.
[[nodiscard]] ScenarioWarning implausible_values(const Scenario& scenario,
                                                 const std::vector<WrittenParameter>& given);

/// The message, and each place in a line of its own.
[[nodiscard]] std::string to_text(const ScenarioWarning& warning);

/// All places of all warnings, as the problems that they are where warnings are not wanted.
[[nodiscard]] std::vector<Problem> as_problems(const std::vector<ScenarioWarning>& warnings);

}  // namespace venturi
