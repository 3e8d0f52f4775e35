#include "analysis/program/experiment_end.hpp"

#include "analysis/program/result_publication.hpp"
#include "scenarios/counted.hpp"

#include <fmt/format.h>

#include <ostream>
#include <utility>

namespace venturi {

void end_without_result(const ExperimentPlace& place, bool is_whole, const std::string& reason) {
    place.resumption.conclude(is_whole);
    throw EarlyEnd(place.interrupt.exit_code(ExitCode::failure), reason + "; nothing was written");
}

void end_without_trajectories(const ExperimentPlace& place, bool is_whole, bool any_failed) {
    end_without_result(
        place, is_whole,
        any_failed ? "no trajectory was complete" : "interrupted before a trajectory was complete");
}

void expect_seen(const ExperimentPlace& place, const std::vector<std::string>& named,
                 const std::function<bool(const std::string& observable)>& is_seen, std::string_view option) {
    for (const std::string& name : named) {
        if (is_seen(name)) continue;
        place.resumption.conclude(true);
        throw InputError(fmt::format(
            "{} '{}': no company of any history has it by the horizon; nothing was written\n"
            "  legal here: what there is to see by then: a later run.horizon, or another observable",
            option, name));
    }
}

std::string complete_trajectories(std::uint64_t completed) {
    return fmt::format("the {} that were complete", counted(completed, "trajectory"));
}

ExitCode end_with_result(const ExperimentPlace& place, const ExperimentEnd& end, const ResultFiles& files,
                         Manifest manifest, const std::function<void(const std::string& folder)>& print) {
    const Publication publication = publish_result(place.folder, files, std::move(manifest));
    if (end.is_whole) place.resumption.conclude(true);
    ExitCode code = say_where(publication, place.streams);
    if (end.is_failed) code = ExitCode::failure;
    print(publication.path.string());
    if (end.is_whole) return code;
    place.streams.err << fmt::format("interrupted: the results hold {}\n", end.held);
    place.resumption.conclude(false);
    return place.interrupt.exit_code(code);
}

}  // namespace venturi
