// What an ensemble will take of the machine's memory, estimated before it is run.
#pragma once

#include "analysis/statistics/cohort.hpp"
#include "scenarios/scenario.hpp"

#include <cstddef>

namespace venturi {

/// Bytes, by what they are for. Estimates, somewhat on the high side: of the sketches of pooled values only
/// the usual size is known beforehand.
struct MemoryNeed {
    double observations = 0;  ///< what is observed, four times a thread and a few times besides
    double worlds = 0;        ///< one a thread
    double rows = 0;          ///< of trajectories that are kept
    double results = 0;       ///< as they are written

    [[nodiscard]] double total() const { return observations + worlds + rows + results; }
};

/// Of one world of a scenario, while it runs.
[[nodiscard]] double bytes_of_world(const WorldParameters& parameters);

/// Of an ensemble on `threads` threads (0: one for each core).
[[nodiscard]] MemoryNeed memory_need(const Scenario& scenario, int threads, const KeptRows& keep);

}  // namespace venturi
