// A change of parameters in a running world: at a time, or when something happens.
#pragma once

#include "agents/environment/environment_parameters.hpp"
#include "agents/measure.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace venturi {

enum class Crossing : std::uint8_t { above, below };

/// True once the measure lies above, or below, the level; looked at after every event. Where there is nothing
/// to measure it is not true.
struct Condition {
    Measure measure = {};
    Crossing crossing = Crossing::above;
    double level = 0;
    std::optional<std::uint32_t> group = {};  ///< of startups, by its place among them; all where not given
};

/// One parameter, by its number among the leaves of WorldParameters as SetByIndex counts them, and its new
/// value.
struct Setting {
    std::size_t parameter = 0;
    double value = 0;
};

/// Begins once: at month `at`, or when the condition is first met. Exactly one of the two is given. It is in
/// force from then on, or for so many months.
///
/// Of several in force that set the same parameter, or hold the climate, the one that began last counts. When
/// one has passed, what it set is what it would be without it: what another still in force sets, or else what
/// it was before any of them began. A climate that is held goes on behind what everybody sees, as it would
/// have, and is seen again when nothing holds it.
struct Intervention {
    std::string name;
    std::optional<double> at;
    std::optional<Condition> when;
    std::vector<Setting> settings;
    std::optional<Climate> climate = {};  ///< that it holds
    std::optional<double> lasts = {};     ///< months, above 0; for good where not given
};

}  // namespace venturi
