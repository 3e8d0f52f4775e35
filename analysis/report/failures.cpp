#include "analysis/report/failures.hpp"

#include "analysis/report/text_width.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace venturi {

std::string shell_quoted(std::string_view argument) {
    constexpr std::string_view plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./=:,+%@";
    if (!argument.empty() && argument.find_first_not_of(plain) == std::string_view::npos)
        return std::string(argument);
    std::string text = "'";
    for (const char c : argument) {
        if (c == '\'')
            text += "'\\''";
        else
            text += c;
    }
    return text + "'";
}

std::string replay_command(const Replay& replay, std::uint64_t trajectory) {
    std::string command =
        fmt::format("venturi trace {} --seed {}", shell_quoted(replay.scenario), replay.seed);
    for (const std::string& setting : replay.settings) command += " --set " + shell_quoted(setting);
    return command + fmt::format(" --trajectory {}", trajectory);
}

nlohmann::ordered_json failures_json(const std::vector<TrajectoryFailure>& failures, const Replay& replay) {
    nlohmann::ordered_json json = nlohmann::ordered_json::array();
    for (const TrajectoryFailure& failure : failures)
        json.push_back({{"trajectory", failure.trajectory},
                        {"reason", failure.reason},
                        {"replay", replay_command(replay, failure.trajectory)}});
    return json;
}

std::string failures_text(std::uint64_t completed, std::uint64_t failed,
                          const std::vector<TrajectoryFailure>& failures, const Replay& replay) {
    std::string text = fmt::format("{} of {} trajectories failed{}\n", failed, completed + failed,
                                   completed > 0 ? "; the results are of the others" : "");
    constexpr std::size_t shown = 5;
    for (std::size_t i = 0; i < std::min(failures.size(), shown); ++i) {
        const TrajectoryFailure& failure = failures[i];
        text += fmt::format("  trajectory {}: {}\n    replay: {}\n", failure.trajectory,
                            printable(failure.reason), printable(replay_command(replay, failure.trajectory)));
    }
    if (failed > shown) text += fmt::format("  and {} more\n", failed - shown);
    return text;
}

}  // namespace venturi
