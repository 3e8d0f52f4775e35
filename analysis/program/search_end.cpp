#include "analysis/program/search_end.hpp"

#include "analysis/report/build_information.hpp"
#include "scenarios/visible_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <ostream>

namespace venturi {

nlohmann::ordered_json heading_json(const OptimiseExperiment& asked, const SearchEnd& end, double seconds) {
    const char* const finished =
        end.ending == optimiser::Ending::nothing_moves ? "nothing_moves" : "budget_spent";
    return {{"version", build_information().version},
            {"title", asked.scenario.title},
            {"seed", asked.replay.seed},
            {"group", asked.group},
            {"who", asked.who},
            {"method", asked.method},
            {"budget", asked.budget},
            {"ending", end.interrupted ? "interrupted" : finished},
            {"trajectories_failed", end.failed},
            {"seconds", seconds}};
}

nlohmann::ordered_json failures_json(const SearchEnd& end) {
    auto failures = nlohmann::ordered_json::array();
    for (const std::string& reason : end.reasons)
        if (!reason.empty()) failures.push_back({{"reason", reason}});
    return failures;
}

void tell_failures(const SearchEnd& end, const Streams& streams) {
    if (end.failed == 0) return;
    streams.err << fmt::format("{} trajectories failed and are left out; the first, {}\n", end.failed,
                               visible(end.reasons[0].empty() ? end.reasons[1] : end.reasons[0]));
}

}  // namespace venturi
