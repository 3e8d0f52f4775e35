// venturi sensitivity: which parameters matter, apart from luck.
#include "analysis/experiments/sensitivity.hpp"
#include "analysis/program/chosen_observables.hpp"
#include "analysis/program/command_line.hpp"
#include "analysis/program/failure.hpp"
#include "analysis/program/interrupt.hpp"
#include "analysis/program/memory_guard.hpp"
#include "analysis/program/program.hpp"
#include "analysis/program/result_publication.hpp"
#include "analysis/program/scenario_request.hpp"
#include "analysis/report/build_information.hpp"
#include "analysis/report/netcdf_writer.hpp"
#include "analysis/report/progress_bar.hpp"
#include "analysis/report/quantity_text.hpp"
#include "analysis/report/sensitivity_report.hpp"
#include "analysis/report/terminal.hpp"
#include "analysis/statistics/memory_need.hpp"
#include "scenarios/visible_text.hpp"
#include "sim/ensemble/pipeline.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <ostream>
#include <unistd.h>
#include <utility>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

struct SensitivityCommand {
    std::string scenario;
    std::vector<std::string> parameters;
    std::vector<std::string> over;
    std::vector<std::string> observables;
    std::int64_t paths = 10;
    std::int64_t keep = 12;
    std::int64_t base_points = 256;
    std::int64_t trajectories = 4;
    std::vector<std::string> settings;
    bool strict = false;
    std::optional<std::string> seed;
    int threads = 0;
    std::string output;
    bool quiet = false;
    bool json = false;
};

/// What is analysed, and what came of it so far.
struct SensitivityStudy {
    Scenario base;
    Replay replay;
    std::vector<TrajectoryObservable> observables;
    SensitivityFactors factors;
    std::vector<std::size_t> kept = {};
    Screening screening = {};
    VarianceShares shares = {};
};

constexpr std::size_t most_coordinates_of_indices = 500;

SensitivityStudy study_of(const SensitivityCommand& command, const Streams& streams) {
    ScenarioRequest request{
        .name = command.scenario, .settings = command.settings, .options = {}, .strict = command.strict};
    if (command.seed) request.options.push_back({"--seed", "run.seed", *command.seed});
    SensitivityStudy study{.base = load_scenario(request, streams),
                           .replay = {},
                           .observables = chosen_observables(command.observables),
                           .factors = {}};
    study.replay = {.scenario = command.scenario,
                    .seed = static_cast<std::uint64_t>(study.base.run.seed),
                    .settings = command.settings};
    study.factors = sensitivity_factors(study.base, command.parameters, command.over);
    for (const DesignFactor& factor : study.factors.factors)
        if (!factor.levels.empty() && !factor.listed)
            throw InputError(fmt::format(
                "--over '{}': sensitivity takes the whole range, not so many values\n  legal here: "
                "the range without ':n', or a list",
                factor.path));
    if (study.factors.factors.empty())
        throw InputError(
            fmt::format("sensitivity: there is no parameter to move: {} of those that match are not read in "
                        "this scenario, "
                        "{} have no plausible range\n  legal here: other --parameters, or --over path=a..b",
                        study.factors.unread.size(), study.factors.without_range.size()));
    const auto factors = static_cast<double>(study.factors.factors.size());
    expect_memory(bytes_of_sensitivity(
                      factors, std::min(factors, static_cast<double>(command.keep)),
                      static_cast<double>(study.observables.size()), static_cast<double>(command.paths),
                      static_cast<double>(command.base_points), static_cast<double>(command.trajectories))
                      + resolve_threads(command.threads) * bytes_of_world(study.base.world),
                  "fewer --base-points, --paths, --keep or --observables");
    return study;
}

SensitivityResults results_of(const SensitivityStudy& study, const SensitivityCommand& command) {
    return {.base = study.base,
            .factors = study.factors,
            .observables = study.observables,
            .screening = study.screening,
            .kept = study.kept,
            .shares = study.shares,
            .replications = static_cast<std::uint64_t>(command.trajectories),
            .replay = study.replay};
}

std::vector<DesignFactor> kept_factors(const SensitivityStudy& study) {
    std::vector<DesignFactor> factors;
    for (const std::size_t number : study.kept) factors.push_back(study.factors.factors[number]);
    return factors;
}

/// Runs both stages. A stop leaves what was whole.
void run_stages(SensitivityStudy& study, const SensitivityCommand& command, const StopRequest& stop,
                const Streams& streams) {
    const ProgressStyle style = command.quiet ? ProgressStyle::silent : progress_style_of(STDERR_FILENO);
    const auto run_with = [&](const char* things, auto run_stage) {
        ProgressBar bar(streams.err, style, columns_of(STDERR_FILENO), things);
        Progress last;
        run_stage(SensitivityRun{.replications = static_cast<std::uint64_t>(command.trajectories),
                                 .threads = command.threads,
                                 .stop = &stop,
                                 .progress = [&](const Progress& progress) {
                                     last = progress;
                                     bar.update(progress);
                                 }});
        bar.finish(last);
    };
    run_with("histories of the screening", [&](const SensitivityRun& run) {
        study.screening = run_screening(study.base, study.factors.factors, study.observables,
                                        static_cast<std::size_t>(command.paths), run);
    });
    if (study.screening.stage.ending == Ending::interrupted) return;
    study.kept = most_influential(study.screening, static_cast<std::size_t>(command.keep));
    if (study.kept.empty()) return;
    const std::vector<DesignFactor> factors = kept_factors(study);
    if (coordinates_of(factors) > most_coordinates_of_indices)
        throw InputError(
            fmt::format("--keep: {} coordinates are too many for Sobol points\n  legal here: up to {}",
                        coordinates_of(factors), most_coordinates_of_indices));
    if (!command.quiet)
        streams.err << fmt::format("{} of {} parameters go on to indices\n", study.kept.size(),
                                   study.factors.factors.size());
    run_with("histories of the indices", [&](const SensitivityRun& run) {
        study.shares = run_variance_shares(study.base, factors, study.observables,
                                           static_cast<std::size_t>(command.base_points), run);
    });
}

Ending ending_of(const SensitivityStudy& study) {
    const bool interrupted = study.screening.stage.ending == Ending::interrupted
                             || study.shares.stage.ending == Ending::interrupted;
    return interrupted ? Ending::interrupted : study.screening.stage.ending;
}

ResultFiles files_of(const SensitivityResults& results) {
    ResultFiles files = tornado_pictures(results);
    files["design.csv"] = factors_csv(results);
    files["results.csv"] = indices_csv(results);
    files["variance.csv"] = variance_csv(results);
    files["screening.csv"] = screening_csv(results);
    files["experiment.nc"] = netcdf_bytes(sensitivity_dataset(results));
    return files;
}

Manifest manifest_of(const SensitivityStudy& study, const SensitivityCommand& command,
                     const SensitivityResults& results) {
    Json observables = Json::array();
    for (const TrajectoryObservable& observable : study.observables) observables.push_back(observable.name);
    const StageOutcome& screening = study.screening.stage;
    const StageOutcome& shares = study.shares.stage;
    const auto places = static_cast<std::uint64_t>(command.paths) * (study.factors.factors.size() + 1)
                        + static_cast<std::uint64_t>(command.base_points) * (study.kept.size() + 2);
    return {.build = build_information(),
            .seed = study.replay.seed,
            .trajectories_requested = places * static_cast<std::uint64_t>(command.trajectories),
            .trajectories_completed = screening.completed + shares.completed,
            .trajectories_failed = screening.failed + shares.failed,
            .failures = sensitivity_failures(results),
            .ending = ending_of(study),
            .settings = {{"command", "sensitivity"},
                         {"scenario", std::filesystem::path(command.scenario).filename().string()},
                         {"set", command.settings},
                         {"parameters", command.parameters},
                         {"over", command.over},
                         {"observables", std::move(observables)},
                         {"paths", command.paths},
                         {"whole_paths", screening.whole},
                         {"keep", command.keep},
                         {"base_points", command.base_points},
                         {"whole_base_points", shares.whole},
                         {"trajectories_per_point", command.trajectories}},
            .scenario = resolved_scenario(study.base),
            .files = {}};
}

void print_json(const SensitivityStudy& study, const SensitivityResults& results, double seconds,
                const std::string& folder, const Streams& streams) {
    Json json = {{"version", build_information().version},
                 {"title", study.base.title},
                 {"seed", study.replay.seed},
                 {"trajectories_per_point", results.replications},
                 {"whole_paths", study.screening.stage.whole},
                 {"whole_base_points", study.shares.stage.whole},
                 {"trajectories_completed", study.screening.stage.completed + study.shares.stage.completed},
                 {"trajectories_failed", study.screening.stage.failed + study.shares.stage.failed},
                 {"failures", sensitivity_failures(results)},
                 {"ending", name_of(ending_of(study))},
                 {"events", study.screening.stage.events + study.shares.stage.events},
                 {"seconds", seconds}};
    json.update(sensitivity_json(results));
    json["results_directory"] = folder;
    json["warnings"] = warning_texts_json(study.base);
    streams.out << json_text(json);
}

void print_text(const SensitivityStudy& study, const SensitivityResults& results, double seconds,
                const std::string& folder, const Streams& streams) {
    const Colour colour = colour_of(STDOUT_FILENO);
    if (study.shares.stage.whole > 0)
        for (std::size_t each = 0; each < study.observables.size(); ++each)
            streams.out << table_text(indices_table(results, each), colour) << variance_text(results, each)
                        << '\n';
    else
        streams.out << "there are no indices; elementary effects are in screening.csv\n\n";
    streams.out
        << visible_lines(left_out_text(results))
        << fmt::format(
               "\nparts are of the variance that these parameters bring to the expectation, which luck "
               "is no part of;\nparameters vary over their plausible ranges, each alike likely and "
               "apart from the others\n\n{} paths of screening, {} base points, {} trajectories at "
               "each place, {:.3g} million events in {}\nresults in {}\n",
               study.screening.stage.whole, study.shares.stage.whole, results.replications,
               1e-6 * static_cast<double>(study.screening.stage.events + study.shares.stage.events),
               elapsed_text(seconds), visible(folder));
}

void tell_failures(const SensitivityStudy& study, const SensitivityResults& results, const Streams& streams) {
    const std::uint64_t failed = study.screening.stage.failed + study.shares.stage.failed;
    if (failed == 0) return;
    streams.err << fmt::format("{} histories failed; what they would have said is told as bounds:\n", failed);
    for (const Json& failure : sensitivity_failures(results))
        streams.err << fmt::format("  {}, trajectory {}: {}\n    {}\n", failure["stage"].get<std::string>(),
                                   failure["trajectory"].get<std::uint64_t>(),
                                   visible(failure["reason"].get<std::string>()),
                                   visible(failure["replay"].get<std::string>()));
}

ExitCode analyse_sensitivity(const SensitivityCommand& command, const Streams& streams) {
    SensitivityStudy study = study_of(command, streams);
    const InterruptListener interrupt;
    const auto folder = open_result_folder(command.output, usual_folder(command.scenario, "_sensitivity"));
    if (!command.quiet)
        streams.err << fmt::format(
            "{}: {} parameters on {} paths, then up to {} of them at {} base points; {} trajectories of {} "
            "at "
            "each place, seed {}\n",
            visible(study.base.title), study.factors.factors.size(), command.paths,
            std::min(command.keep, static_cast<std::int64_t>(study.factors.factors.size())),
            command.base_points, command.trajectories,
            quantity_text(study.base.run.horizon, Dimension::duration), study.replay.seed);
    const auto started = std::chrono::steady_clock::now();
    run_stages(study, command, interrupt.request(), streams);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    const SensitivityResults results = results_of(study, command);
    tell_failures(study, results, streams);
    if (study.screening.stage.completed == 0)
        throw EarlyEnd(interrupt.exit_code(ExitCode::failure),
                       study.screening.stage.failed > 0
                           ? "every history failed; nothing was written"
                           : "interrupted before a path was whole; nothing was written");
    const Publication publication =
        publish_result(*folder, files_of(results), manifest_of(study, command, results));
    ExitCode code = say_where(publication, streams);
    if (study.screening.stage.failed + study.shares.stage.failed > 0) code = ExitCode::failure;
    if (command.json)
        print_json(study, results, seconds, publication.path.string(), streams);
    else if (!command.quiet)
        print_text(study, results, seconds, publication.path.string(), streams);
    if (ending_of(study) != Ending::interrupted) return code;
    streams.err << fmt::format(
        "interrupted: the results hold the {} of {} paths and {} of {} base points that were whole\n",
        study.screening.stage.whole, command.paths, study.shares.stage.whole, command.base_points);
    return interrupt.exit_code(code);
}

constexpr const char* sensitivity_notes = R"(
First every parameter that the scenario reads is moved by itself on random paths (Morris's elementary effects),
over its plausible range: `venturi explain PATH` shows it. Those that move an observable most, --keep of them,
go on to Sobol indices: the part of the variance that a parameter brings alone, and with all its interactions,
with bootstrap intervals. All others stay as in the scenario. Mixes of investments are sampled on the simplex
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
    command.option("SCENARIO", options->scenario, "a scenario file, or the name of a library scenario")
        .required();
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
    command.option("--seed", options->seed, "the seed (default: the scenario's)");
    command
        .option("--threads", options->threads,
                "threads (default: one for each core); the results do not depend on it")
        .within(0, 1024);
    add_setting_options(command, options->settings, options->strict);
    command.option("--output", options->output, meaning_of_output("results/SCENARIO_sensitivity"));
    command.flag("--quiet", options->quiet, "no progress, no table");
    command.flag("--json", options->json, "print the result as JSON");
    command.notes(sensitivity_notes);
    command.action([options, streams, &code] { code = analyse_sensitivity(*options, streams); });
}

}  // namespace venturi
