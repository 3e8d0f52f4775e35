#include "analysis/program/search_end.hpp"

#include "analysis/program/scenario_request.hpp"
#include "analysis/report/build_information.hpp"
#include "scenarios/counted.hpp"

#include <algorithm>
#include <utility>

namespace venturi {

nlohmann::ordered_json search_json(const OptimiseExperiment& asked, const SearchEnd& end, double seconds,
                                   const nlohmann::ordered_json& answer, const std::string& folder) {
    const char* const finished =
        end.ending == optimiser::Ending::nothing_moves ? "nothing_moves" : "budget_spent";
    nlohmann::ordered_json json = {{"version", build_information().version},
                                   {"title", asked.scenario.title},
                                   {"seed", asked.replay.seed},
                                   {"group", asked.group},
                                   {"who", asked.who},
                                   {"method", asked.method},
                                   {"budget", asked.budget},
                                   {"ending", end.interrupted ? "interrupted" : finished},
                                   {"trajectories_failed", end.failed},
                                   {"seconds", seconds}};
    json.update(answer);
    json["results_directory"] = folder;
    json["warnings"] = warning_texts_json(asked.scenario);
    return json;
}

Manifest search_manifest(const OptimiseExperiment& asked, const SearchEnd& end, std::uint64_t runs,
                         std::uint64_t per_check, nlohmann::ordered_json settings) {
    auto failures = nlohmann::ordered_json::array();
    for (const std::string& reason : end.reasons)
        if (!reason.empty()) failures.push_back({{"reason", reason}});
    return {.build = build_information(),
            .seed = asked.replay.seed,
            .trajectories_requested = std::max(runs + end.failed, asked.budget + per_check * asked.check),
            .trajectories_completed = runs,
            .trajectories_failed = end.failed,
            .failures = std::move(failures),
            .ending = end.interrupted ? Ending::interrupted : Ending::finished,
            .settings = std::move(settings),
            .scenario = resolved_scenario(asked.scenario),
            .files = {}};
}

void tell_failures(const SearchEnd& end, const Streams& streams) {
    if (end.failed == 0) return;
    streams.err << fmt::format("{} failed, left out here; the first, {}\n", counted(end.failed, "trajectory"),
                               visible(end.reasons[0].empty() ? end.reasons[1] : end.reasons[0]));
}

}  // namespace venturi
