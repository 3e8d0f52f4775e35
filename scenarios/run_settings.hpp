// How often, how long and from which seed a world is run.
#pragma once

#include "sim/parameter.hpp"

#include <cstdint>

namespace venturi {

/// What a run is, apart from the world.
struct RunSettings {
    std::int64_t trajectories = 1000;
    std::int64_t seed = 1;
    double horizon = 120;      ///< months
    double observe_every = 1;  ///< months

    friend bool operator==(const RunSettings&, const RunSettings&) = default;
};

template <class Visitor>
void describe(RunSettings& run, Visitor& visit) {
    // A trajectory's number is one 32-bit word of the name of each of its draws.
    visit.whole(run.trajectories,
                {.name = "trajectories",
                 .dimension = Dimension::count,
                 .legal = between(1, 4294967295.0),
                 .plausible = between(1, 1e7),  // few are for a look, and their intervals say so
                 .meaning = "how many histories of the world are simulated",
                 .takes = Takes::effect_at_start_only});
    visit.whole(run.seed,
                {.name = "seed",
                 .dimension = Dimension::count,
                 .legal = at_least(0),
                 .meaning = "the number that names all random draws; the same seed gives the same bits",
                 .takes = Takes::effect_at_start_only});
    visit.number(run.horizon, {.name = "horizon",
                               .dimension = Dimension::duration,
                               .legal = {.low = 0, .high = 1200, .low_open = true},
                               .plausible = between(1, 600),
                               .meaning = "how long each history is",
                               .takes = Takes::effect_at_start_only});
    visit.number(run.observe_every, {.name = "observe_every",
                                     .dimension = Dimension::duration,
                                     .legal = between(0.01, 1200),
                                     .plausible = between(0.1, 60),
                                     .meaning = "the time between two points of a series",
                                     .takes = Takes::effect_at_start_only});
}

}  // namespace venturi
