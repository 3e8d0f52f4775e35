// A change of parameters in a running world: at a time, or when something happens.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace venturi {

/// What a condition can watch.
enum class Measure : std::uint8_t {
    month,        ///< months since the start
    founded,      ///< startups that have entered
    alive,        ///< startups that have entered and not ended
    alive_share,  ///< alive over founded; 1 before the first is founded
    bankruptcies,
    shutdowns,
    acquisitions,
    listings,
    rounds,   ///< priced rounds closed after the seed
    revenue,  ///< of all startups together, dollars per month
    climate,  ///< 0 cold, 1 normal, 2 warm
};
inline constexpr std::array<std::string_view, 11> measure_names = {
    "month",        "founded",  "alive",  "alive_share", "bankruptcies", "shutdowns",
    "acquisitions", "listings", "rounds", "revenue",     "climate"};

enum class Crossing : std::uint8_t { above, below };

/// True once the measure lies above, or below, the level; looked at after every event.
struct Condition {
    Measure measure = Measure::month;
    Crossing crossing = Crossing::above;
    double level = 0;
};

/// One parameter, by its number among the leaves of WorldParameters as SetByIndex counts them, and its new
/// value.
struct Setting {
    std::size_t parameter = 0;
    double value = 0;
};

/// Takes effect once: at month `at`, or when the condition is first met. Exactly one of the two is given.
struct Intervention {
    std::string name;
    std::optional<double> at;
    std::optional<Condition> when;
    std::vector<Setting> settings;
};

}  // namespace venturi
