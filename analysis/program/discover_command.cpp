// venturi discover: under which parameters of a sweep something happens.
#include "analysis/program/command_line.hpp"
#include "analysis/program/discover_experiment.hpp"
#include "analysis/program/failure.hpp"
#include "analysis/program/program.hpp"
#include "analysis/program/result_publication.hpp"
#include "analysis/report/build_information.hpp"
#include "analysis/report/discovery_report.hpp"
#include "analysis/report/manifest.hpp"
#include "analysis/report/terminal.hpp"
#include "analysis/report/terminal_table.hpp"
#include "scenarios/visible_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <ostream>
#include <string>
#include <unistd.h>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

struct DiscoverCommand {
    std::string results;
    std::string where;
    double density = 0;
    std::int64_t resamples = 200;
    std::string output;
    bool quiet = false;
    bool json = false;
};

Manifest manifest_of(const DiscoverExperiment& experiment, const std::filesystem::path& result_folder) {
    const Scenario& base = experiment.sweep.base;
    return {.build = build_information(),
            .seed = static_cast<std::uint64_t>(base.run.seed),
            .settings = settings_json(experiment, result_folder),
            .scenario = resolved_scenario(base),
            .files = {}};
}

void print_json(const DiscoverExperiment& experiment, const Discovery& discovery, const std::string& folder,
                const Streams& streams) {
    Json json = {{"version", build_information().version}, {"title", experiment.sweep.base.title}};
    json.update(discovery_json(experiment.swept, discovery, experiment.condition));
    json["results_directory"] = folder;
    streams.out << json_text(json);
}

void print_text(const DiscoverExperiment& experiment, const Discovery& discovery, const std::string& folder,
                const Streams& streams) {
    const SweptPoints& swept = experiment.swept;
    streams.out << fmt::format("{} at {} of {} points\n\n", condition_text(experiment.condition),
                               discovery.found.box.all_hits, swept.data.points());
    const TerminalTable table = discovered_box_table(swept, discovery);
    if (table.rows.empty())
        streams.out << "no box is denser than chance would have it\n";
    else
        streams.out << table_text(table, colour_of(STDOUT_FILENO));
    streams.out << '\n'
                << firmness_text(swept, discovery) << '\n'
                << visible_lines(tree_lines(swept, discovery, experiment.condition));
    if (swept.without > 0)
        streams.out << fmt::format("\n{} points have no result and are left out\n", swept.without);
    streams.out << fmt::format("\nresults in {}\n", visible(folder));
}

ExitCode discover(const DiscoverCommand& command, const Streams& streams) {
    const DiscoverExperiment experiment =
        discover_experiment_in(command.results, {.where = command.where,
                                                 .density = command.density,
                                                 .resamples = static_cast<std::size_t>(command.resamples)});
    const auto folder =
        open_result_folder(command.output, experiment.results.lexically_normal().string() + "_discover");
    const Discovery discovery = run_experiment(experiment);
    const Publication publication = publish_result(*folder, files_of(experiment, discovery),
                                                   manifest_of(experiment, folder->final_path()));
    const ExitCode code = say_where(publication, streams);
    if (command.json)
        print_json(experiment, discovery, publication.path.string(), streams);
    else if (!command.quiet)
        print_text(experiment, discovery, publication.path.string(), streams);
    return code;
}

constexpr const char* discover_notes = R"(
The points of a sweep at which the condition holds are cases. A box of parameters is sought that holds many of
the cases (coverage) and little else (density), by peeling and pasting (PRIM); restrictions that chance explains
are left out. The points are drawn again with replacement, and the search done anew, to see how firm the box is. A
small regression tree over the same points says how the observable's mean goes with the parameters. Best after
--design sobol or latin with some hundred points.

Files: box.csv, peeling.csv (every box on the way), tree.txt, box.svg, manifest.json, by which venturi reproduce
makes it again, as long as the sweep's results lie where they lay.

Examples:
  venturi sweep seed_cohort --over finance.exits.offers=0/year..1/year --over finance.raising.attempts=1..9 \
    --design sobol --points 256 --trajectories 50
  venturi discover results/seed_cohort_sweep --where "share_dead > 60%"
  venturi discover results/seed_cohort_sweep --where "share_exited >= 0.3" --density 0.9 --json)";

}  // namespace

void add_discover_command(CommandLine& program, const Streams& streams, ExitCode& code) {
    auto options = std::make_shared<DiscoverCommand>();
    const Command command = program.add_command(
        "discover", "Under which parameters of a sweep something happens: boxes and a tree");
    command.option("RESULTS", options->results, "a results folder of venturi sweep").required();
    command.option("--where", options->where, "what is to happen: \"OBSERVABLE > VALUE\"").required();
    command.option("--density", options->density, "take the largest box so dense (default: the best of both)")
        .within(0.0, 1.0);
    command.option("--resamples", options->resamples, "how often the search is done anew (default: 200)")
        .within(static_cast<std::int64_t>(fewest_discovery_resamples),
                static_cast<std::int64_t>(most_discovery_resamples));
    command.option("--output", options->output, meaning_of_output("RESULTS_discover"));
    command.flag("--quiet", options->quiet, "no table");
    command.flag("--json", options->json, "print the result as JSON");
    command.notes(discover_notes);
    command.action([options, streams, &code] { code = discover(*options, streams); });
}

}  // namespace venturi
