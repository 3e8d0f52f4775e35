// venturi sensitivity: which parameters matter, apart from luck.
#include "analysis/program/chosen_observables.hpp"
#include "analysis/program/command_line.hpp"
#include "analysis/program/experiment_end.hpp"
#include "analysis/program/failure.hpp"
#include "analysis/program/interrupt.hpp"
#include "analysis/program/program.hpp"
#include "analysis/program/result_publication.hpp"
#include "analysis/program/resumption.hpp"
#include "analysis/program/scenario_request.hpp"
#include "analysis/program/sensitivity_experiment.hpp"
#include "analysis/report/build_information.hpp"
#include "analysis/report/progress_bar.hpp"
#include "analysis/report/quantity_text.hpp"
#include "analysis/report/sensitivity_report.hpp"
#include "analysis/report/terminal.hpp"
#include "scenarios/visible_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <ostream>
#include <unistd.h>
#include <utility>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

struct SensitivityCommand {
    ScenarioOptions from = {};
    std::vector<std::string> parameters;
    std::vector<std::string> over;
    std::vector<std::string> observables;
    std::int64_t paths = 10;
    std::int64_t keep = 12;
    std::int64_t base_points = 256;
    std::int64_t trajectories = 4;
    std::string output;
    ResumeRequest resume = {};
    bool quiet = false;
    bool json = false;
};

SensitivityExperiment experiment_of(const SensitivityCommand& command, const Streams& streams) {
    SensitivityExperiment experiment{.base = load_scenario(command.from.request(), streams),
                                     .parameters = command.parameters,
                                     .over = command.over,
                                     .observables = chosen_observables(command.observables),
                                     .paths = static_cast<std::size_t>(command.paths),
                                     .keep = static_cast<std::size_t>(command.keep),
                                     .base_points = static_cast<std::size_t>(command.base_points),
                                     .replications = static_cast<std::uint64_t>(command.trajectories)};
    experiment.replay = {.scenario = command.from.scenario,
                         .seed = static_cast<std::uint64_t>(experiment.base.run.seed),
                         .settings = command.from.settings};
    find_factors(experiment, command.from.threads);
    return experiment;
}

Manifest manifest_of(const SensitivityExperiment& experiment, const SensitivityOutcome& outcome) {
    return {.build = build_information(),
            .seed = experiment.replay.seed,
            .trajectories_requested = trajectories_of(experiment, outcome.kept.size()),
            .trajectories_completed = outcome.completed(),
            .trajectories_failed = outcome.failed(),
            .failures = sensitivity_failures(results_of(experiment, outcome)),
            .ending = outcome.ending(),
            .settings = settings_json(experiment),
            .reached = {{"whole_paths", outcome.screening.stage.whole},
                        {"whole_base_points", outcome.shares.stage.whole}},
            .scenario = resolved_scenario(experiment.base),
            .files = {}};
}

void print_json(const SensitivityExperiment& experiment, const SensitivityOutcome& outcome,
                const SensitivityResults& results, double seconds, const std::string& folder,
                const Streams& streams) {
    Json json = {{"version", build_information().version},
                 {"title", experiment.base.title},
                 {"seed", experiment.replay.seed},
                 {"trajectories_per_point", results.replications},
                 {"whole_paths", outcome.screening.stage.whole},
                 {"whole_base_points", outcome.shares.stage.whole},
                 {"trajectories_completed", outcome.completed()},
                 {"trajectories_failed", outcome.failed()},
                 {"failures", sensitivity_failures(results)},
                 {"ending", name_of(outcome.ending())},
                 {"events", outcome.events()},
                 {"seconds", seconds}};
    json.update(sensitivity_json(results));
    json["results_directory"] = folder;
    json["warnings"] = warning_texts_json(experiment.base);
    streams.out << json_text(json);
}

void print_text(const SensitivityExperiment& experiment, const SensitivityOutcome& outcome,
                const SensitivityResults& results, double seconds, const std::string& folder,
                const Streams& streams) {
    const Colour colour = colour_of(STDOUT_FILENO);
    if (outcome.shares.stage.whole > 0)
        for (std::size_t each = 0; each < experiment.observables.size(); ++each)
            streams.out << table_text(indices_table(results, each), colour) << variance_text(results, each)
                        << '\n';
    else
        streams.out << "there are no indices; elementary effects are in screening.csv\n\n";
    streams.out
        << visible_lines(missing_effects_text(results)) << visible_lines(left_out_text(results))
        << fmt::format(
               "\nparts are of the variance that these parameters bring to the expectation, which luck "
               "is no part of;\nparameters vary over their plausible ranges, each alike likely and "
               "apart from the others\n\n{} paths of screening, {} base points, {} trajectories at "
               "each place, {:.3g} million events in {}\nresults in {}\n",
               outcome.screening.stage.whole, outcome.shares.stage.whole, results.replications,
               1e-6 * static_cast<double>(outcome.events()), elapsed_text(seconds), visible(folder));
}

void tell_failures(const SensitivityOutcome& outcome, const SensitivityResults& results,
                   const Streams& streams) {
    const std::uint64_t failed = outcome.failed();
    if (failed == 0) return;
    streams.err << fmt::format("{} histories failed; what they would have said is told as bounds:\n", failed);
    const Json failures = sensitivity_failures(results);
    constexpr std::size_t most_shown = 5;
    for (std::size_t i = 0; i < std::min(failures.size(), most_shown); ++i) {
        const Json& failure = failures[i];
        streams.err << fmt::format("  {}, trajectory {}: {}\n    {}\n", failure["stage"].get<std::string>(),
                                   failure["trajectory"].get<std::uint64_t>(),
                                   visible(failure["reason"].get<std::string>()),
                                   visible(failure["replay"].get<std::string>()));
    }
    if (failures.size() > most_shown) streams.err << "  and more, in manifest.json\n";
}

void announce(const SensitivityExperiment& experiment, const Streams& streams) {
    const std::size_t factors = experiment.factors.factors.size();
    streams.err << fmt::format(
        "{}: {} parameters on {} paths, then up to {} of them at {} base points; {} trajectories of {} at "
        "each place, seed {}\n",
        visible(experiment.base.title), factors, experiment.paths, std::min(experiment.keep, factors),
        experiment.base_points, experiment.replications,
        quantity_text(experiment.base.run.horizon, Dimension::duration), experiment.replay.seed);
}

ExitCode analyse_sensitivity(const SensitivityCommand& command, const Streams& streams) {
    const SensitivityExperiment experiment = experiment_of(command, streams);
    const InterruptListener interrupt;
    const auto folder =
        open_result_folder(command.output, usual_folder(command.from.scenario, "_sensitivity"));
    Resumption resumption(*folder, !command.output.empty(), command.resume, {experiment.base}, streams);
    if (!command.quiet) announce(experiment, streams);
    const auto started = std::chrono::steady_clock::now();
    const SensitivityOutcome outcome =
        run_experiment(experiment, command.from.threads, interrupt.request(),
                       command.quiet ? ProgressStyle::silent : progress_style_of(STDERR_FILENO), streams,
                       resumption.journal());
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    const SensitivityResults results = results_of(experiment, outcome);
    tell_failures(outcome, results, streams);
    const bool is_whole = outcome.ending() != Ending::interrupted;
    const ExperimentPlace place{
        .folder = *folder, .resumption = resumption, .interrupt = interrupt, .streams = streams};
    if (outcome.screening.stage.completed == 0)
        end_without_result(place, is_whole,
                           outcome.screening.stage.failed > 0 ? "every history failed"
                                                              : "interrupted before a path was whole");
    if (is_whole && outcome.screening.stage.failed == 0)
        expect_seen(place, command.observables, [&](const std::string& name) {
            const auto at = static_cast<std::size_t>(
                std::ranges::find(experiment.observables, name, &TrajectoryObservable::name)
                - experiment.observables.begin());
            return at >= outcome.screening.effects.size()
                   || std::ranges::any_of(outcome.screening.effects[at],
                                          [](const ElementaryEffect& effect) { return effect.effects > 0; });
        });
    const std::string held = fmt::format("the {} of {} paths and {} of {} base points that were whole",
                                         outcome.screening.stage.whole, experiment.paths,
                                         outcome.shares.stage.whole, experiment.base_points);
    return end_with_result(place, {.is_whole = is_whole, .is_failed = outcome.failed() > 0, .held = held},
                           files_of(results), manifest_of(experiment, outcome),
                           [&](const std::string& where) {
                               if (command.json)
                                   print_json(experiment, outcome, results, seconds, where, streams);
                               else if (!command.quiet)
                                   print_text(experiment, outcome, results, seconds, where, streams);
                           });
}

constexpr const char* sensitivity_notes = R"(
First every parameter that the scenario reads is moved by itself on random paths (Morris's elementary effects),
over its plausible range: `venturi explain PATH` shows it. Those that move an observable most, --keep of them,
go on to Sobol indices: the part of the variance that a parameter brings alone, and with all its interactions,
with intervals. All others stay as in the scenario. Mixes of investments are sampled on the simplex
and count as one parameter.

Each place is lived in several trajectories (--trajectories), so that the variance that parameters bring is told
apart from luck; both are shown. Where worlds fail, bounds say what indices may be whatever is missing; the exit
code is 1 then. Parameters that nothing in the scenario reads, and those without a range, are named. Ctrl-C
keeps whole paths and base points.

Files: design.csv (what became of each parameter), results.csv (indices), variance.csv, screening.csv,
experiment.nc, a tornado picture for each observable, manifest.json.

Examples:
  venturi sensitivity seed_cohort
  venturi sensitivity seed_cohort --parameters 'finance.*' --observables share_dead --base-points 512
  venturi sensitivity seed_cohort --over finance.raising.attempts=1..9 --over finance.exits.offers=0/year..1/year
  venturi sensitivity seed_cohort --parameters 'environment.*' --json --quiet | jq '.indices[0]')";

}  // namespace

void add_sensitivity_command(CommandLine& program, const Streams& streams, ExitCode& code) {
    auto options = std::make_shared<SensitivityCommand>();
    const Command command = program.add_command(
        "sensitivity", "Which parameters matter: the parts of the variance that each brings");
    add_scenario_argument(command, options->from);
    command
        .option("--parameters", options->parameters,
                "which parameters, with commas between: paths in which * stands for any text (default: all)")
        .separated_by(',');
    command
        .option("--over", options->over,
                "a parameter over a range of your own: path=a..b, path=a,b,c; alone, only such are moved")
        .one_value_each();
    command
        .option("--observables", options->observables,
                "what is looked at, with commas between (default: share_dead and other headlines)")
        .separated_by(',');
    command
        .option("--base-points", options->base_points,
                "base points of the indices, best a power of 2 (default: 256)")
        .within(std::int64_t{2}, std::int64_t{1'000'000});
    command.option("--paths", options->paths, "paths of the screening (default: 10)")
        .within(std::int64_t{2}, std::int64_t{100'000});
    command.option("--keep", options->keep, "how many parameters go on to indices (default: 12)")
        .within(std::int64_t{1}, std::int64_t{500});
    command.option("--trajectories", options->trajectories, "how many histories at each place (default: 4)")
        .within(std::int64_t{2}, std::int64_t{100'000});
    add_scenario_options(command, options->from);
    add_resume_option(command, options->resume);
    command.option("--output", options->output, meaning_of_output("results/SCENARIO_sensitivity"));
    command.flag("--quiet", options->quiet, "no progress, no table");
    command.flag("--json", options->json, "print the result as JSON");
    command.notes(sensitivity_notes);
    command.action([options, &program, streams, &code] {
        options->resume.arguments = program.arguments();
        code = analyse_sensitivity(*options, streams);
    });
}

}  // namespace venturi
