// Trajectories that failed, and how each is replayed.
#pragma once

#include "sim/ensemble/ensemble.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace venturi {

/// A word for a shell to read: in single quotes unless it is plain to every one.
[[nodiscard]] std::string shell_quoted(std::string_view argument);

/// What a history is told again by.
struct Replay {
    std::string scenario;  ///< as named on the command line
    std::uint64_t seed = 0;
    std::vector<std::string> settings = {};  ///< "path=value" each
};

/// "venturi trace SCENARIO --seed 1 --set a.b=2 --trajectory 55", for a shell to read.
[[nodiscard]] std::string replay_command(const Replay& replay, std::uint64_t trajectory);

/// An object each: trajectory, reason, replay.
[[nodiscard]] nlohmann::ordered_json failures_json(const std::vector<TrajectoryFailure>& failures,
                                                   const Replay& replay);

/// How many of those that were tried failed, then for the first five the reason and the command that replays
/// each; lines.
[[nodiscard]] std::string failures_text(std::uint64_t completed, std::uint64_t failed,
                                        const std::vector<TrajectoryFailure>& failures, const Replay& replay);

}  // namespace venturi
