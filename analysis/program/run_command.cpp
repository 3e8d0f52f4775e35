// venturi run: an ensemble, its table, its files.
#include "analysis/program/interrupt.hpp"
#include "analysis/program/memory_guard.hpp"
#include "analysis/program/program.hpp"
#include "analysis/program/scenario_request.hpp"
#include "analysis/report/cohort_report.hpp"
#include "analysis/report/comparison_report.hpp"
#include "analysis/report/csv_writer.hpp"
#include "analysis/report/failures.hpp"
#include "analysis/report/manifest.hpp"
#include "analysis/report/netcdf_writer.hpp"
#include "analysis/report/progress_bar.hpp"
#include "analysis/report/quantity_text.hpp"
#include "analysis/report/result_error.hpp"
#include "analysis/report/result_folder.hpp"
#include "analysis/report/terminal.hpp"
#include "analysis/statistics/cohort.hpp"
#include "analysis/statistics/published_comparison.hpp"
#include "analysis/statistics/stopping.hpp"
#include "scenarios/problem.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <charconv>
#include <chrono>
#include <cmath>
#include <memory>
#include <optional>
#include <ostream>
#include <unistd.h>
#include <utility>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

struct RunOptions {
    std::string scenario;
    std::optional<std::string> trajectories;
    std::optional<std::string> seed;
    int threads = 0;
    std::vector<std::string> settings;
    bool strict = false;
    std::string until;
    std::string output;
    bool keep_trajectories = false;
    bool compare_published = false;
    bool quiet = false;
    bool json = false;
};

std::optional<double> parse_positive(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !(value > 0) || !std::isfinite(value))
        return std::nullopt;
    return value;
}

// observable=0.01 (absolute) or observable=1% (of the mean).
StoppingRule parse_stopping_rule(const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos)
        throw InputError(fmt::format(
            "--until {}: write observable=half-width, such as share_exited=0.005 or share_exited=1%", text));
    StoppingRule rule{.observable = text.substr(0, equals), .target = {}};
    const std::vector<std::string> names = observable_names();
    if (!is_observable(rule.observable)) {
        const std::string nearest = nearest_name(rule.observable, names);
        throw InputError(
            fmt::format("--until: there is no observable '{}'{}\n  legal here: {}", rule.observable,
                        nearest.empty() ? "" : fmt::format(" — did you mean '{}'?", nearest), listed(names)));
    }
    std::string_view width = std::string_view(text).substr(equals + 1);
    rule.target.relative = width.ends_with('%');
    if (rule.target.relative) width.remove_suffix(1);
    const auto value = parse_positive(width);
    if (!value)
        throw InputError(fmt::format("--until: the half-width '{}' is not a positive number or percentage",
                                     text.substr(equals + 1)));
    rule.target.half_width = rule.target.relative ? *value / 100 : *value;
    return rule;
}

Scenario prepare(const RunOptions& options, const Streams& streams) {
    ScenarioRequest request{.name = options.scenario, .settings = options.settings, .strict = options.strict};
    if (options.trajectories)
        request.options.push_back({"--trajectories", "run.trajectories", *options.trajectories});
    if (options.seed) request.options.push_back({"--seed", "run.seed", *options.seed});
    Scenario scenario = load_scenario(request, streams);
    expect_memory_for(scenario, options.threads, options.keep_trajectories);
    if (options.compare_published && scenario.published.empty())
        throw InputError(
            fmt::format("{}: the scenario has no published figures to compare with", options.scenario));
    check_published(scenario);
    if (options.compare_published) check_published_months(scenario);
    return scenario;
}

std::filesystem::path output_folder(const RunOptions& options) {
    if (!options.output.empty()) return options.output;
    return std::filesystem::path("results") / std::filesystem::path(options.scenario).stem();
}

// Names a run by what makes it, so that messages of several runs can be told apart.
std::string group_label(const ComparisonGroup& group) {
    std::string label;
    for (const auto& [path, value] : group.set)
        label += fmt::format("{}{}={}", label.empty() ? "" : ", ", path, value);
    return label;
}

void announce(const Scenario& scenario, const ComparisonGroup& group, const RunOptions& options,
              const Streams& streams) {
    if (options.quiet) return;
    const std::string label = group_label(group);
    streams.err << fmt::format("{}: {} trajectories of {}, seed {}{}\n", scenario.title,
                               scenario.run.trajectories,
                               quantity_text(scenario.run.horizon, Dimension::duration), scenario.run.seed,
                               label.empty() ? "" : "; with " + label);
}

CohortOutcome run_with_progress(const Scenario& scenario, const RunOptions& options, bool keep_rows,
                                const std::optional<StoppingRule>& rule, const StopRequest& stop,
                                const Streams& streams) {
    const ObservationGrid grid = grid_of(scenario);
    ProgressBar bar(streams.err, options.quiet ? ProgressStyle::silent : progress_style_of(STDERR_FILENO),
                    columns_of(STDERR_FILENO));
    CohortOptions cohort{.threads = options.threads, .keep_rows = keep_rows, .hooks = {}};
    cohort.hooks.stop = &stop;
    Progress last;
    cohort.hooks.progress = [&](const Progress& progress) {
        last = progress;
        bar.update(progress);
    };
    if (rule)
        cohort.hooks.enough = [&](const CohortStatistics& statistics) {
            return is_known_well_enough(statistics, grid, *rule);
        };
    CohortOutcome outcome = run_cohort(scenario, cohort);
    bar.finish(last);
    return outcome;
}

std::string trajectories_csv(const CohortStatistics& statistics) {
    std::string text;
    CsvWriter<std::string> csv(text);
    csv.text("trajectory");
    for (const ScalarObservable& observable : scalar_observables()) csv.text(observable.name);
    csv.end_row();
    for (const TrajectoryRow& row : statistics.rows) {
        csv.whole(static_cast<std::int64_t>(row.trajectory));
        for (const double value : row.values) csv.number(value);
        csv.end_row();
    }
    return text;
}

// Only what decides the numbers; not where they go or how many threads made them.
Json settings_json(const RunOptions& options) {
    Json settings = {{"scenario", std::filesystem::path(options.scenario).filename().string()},
                     {"set", options.settings}};
    if (!options.until.empty()) settings["until"] = options.until;
    return settings;
}

Replay replay_of(const Scenario& scenario, const RunOptions& options, const ComparisonGroup& group = {}) {
    Replay replay{.scenario = options.scenario,
                  .seed = static_cast<std::uint64_t>(scenario.run.seed),
                  .settings = options.settings};
    for (const auto& [path, value] : group.set) replay.settings.push_back(fmt::format("{}={}", path, value));
    return replay;
}

std::filesystem::path write_results(const Scenario& scenario, const RunOptions& options,
                                    const CohortOutcome& outcome,
                                    const std::vector<Comparison>& comparisons) {
    const ObservationGrid grid = grid_of(scenario);
    ResultFolder folder(output_folder(options));
    folder.write("summary.csv", summary_csv(summary_rows(outcome.result, grid, scenario.world)));
    folder.write("ensemble.nc", netcdf_bytes(cohort_dataset(outcome.result, grid, scenario)));
    folder.write("survival.svg", survival_picture_of(outcome.result, scenario, options.settings));
    if (options.keep_trajectories) folder.write("trajectories.csv", trajectories_csv(outcome.result));
    if (!comparisons.empty()) folder.write("published.csv", comparison_csv(comparisons));
    Manifest manifest{.version = VENTURI_VERSION,
                      .seed = static_cast<std::uint64_t>(scenario.run.seed),
                      .trajectories_requested = static_cast<std::uint64_t>(scenario.run.trajectories),
                      .trajectories_completed = outcome.completed,
                      .trajectories_failed = outcome.failed,
                      .failures = failures_json(outcome.failures, replay_of(scenario, options)),
                      .ending = outcome.ending,
                      .settings = settings_json(options),
                      .scenario = resolved_scenario(scenario),
                      .files = folder.finish_files()};
    folder.write(manifest_file_name, manifest_text(manifest));
    folder.publish();
    return folder.final_path();
}

struct Timing {
    double seconds = 0;
    std::uint64_t trajectories = 0;
    std::uint64_t events = 0;
};

void print_text(const Scenario& scenario, const RunOptions& options, const CohortOutcome& outcome,
                const std::vector<Comparison>& comparisons, const Timing& timing, const std::string& folder,
                const Streams& streams) {
    const Colour colour = colour_of(STDOUT_FILENO);
    if (options.quiet) return;
    streams.out << scenario.title << '\n'
                << table_text(headline_table(outcome.result, grid_of(scenario)), colour)
                << headline_note(outcome.result);
    if (!comparisons.empty())
        streams.out << '\n'
                    << table_text(comparison_table(comparisons), colour) << comparison_legend(comparisons);
    streams.out << fmt::format(
        "\n{} trajectories, {:.3g} million events in {}: {:.0f} trajectories/s, {:.3g} million events/s\n",
        timing.trajectories, 1e-6 * static_cast<double>(timing.events), elapsed_text(timing.seconds),
        static_cast<double>(timing.trajectories) / timing.seconds,
        1e-6 * static_cast<double>(timing.events) / timing.seconds);
    if (outcome.failed > 0)
        streams.out << fmt::format("{} of {} trajectories failed and are left out\n", outcome.failed,
                                   outcome.completed + outcome.failed);
    if (!folder.empty()) streams.out << fmt::format("results in {}\n", folder);
}

void print_json(const Scenario& scenario, const RunOptions& options, const CohortOutcome& outcome,
                const std::vector<Comparison>& comparisons, const Timing& timing, const std::string& folder,
                const Streams& streams) {
    Json json = {{"version", VENTURI_VERSION},
                 {"title", scenario.title},
                 {"seed", scenario.run.seed},
                 {"trajectories_requested", scenario.run.trajectories},
                 {"trajectories_completed", outcome.completed},
                 {"trajectories_failed", outcome.failed},
                 {"failures", failures_json(outcome.failures, replay_of(scenario, options))},
                 {"ending", name_of(outcome.ending)},
                 {"events", timing.events},
                 {"seconds", timing.seconds},
                 {"trajectories_per_second", static_cast<double>(timing.trajectories) / timing.seconds},
                 {"events_per_second", static_cast<double>(timing.events) / timing.seconds},
                 {"observables", observables_json(outcome.result)}};
    if (!comparisons.empty()) json["published"] = comparison_json(comparisons);
    if (!folder.empty()) json["results_directory"] = folder;
    streams.out << json.dump(2) << '\n';
}

void sort_as_published(std::vector<Comparison>& comparisons, const Scenario& scenario) {
    const auto place = [&](const Comparison& comparison) {
        return std::find_if(
            scenario.published.begin(), scenario.published.end(),
            [&](const Published& figure) { return figure.name == comparison.published.name; });
    };
    std::stable_sort(comparisons.begin(), comparisons.end(),
                     [&](const Comparison& a, const Comparison& b) { return place(a) < place(b); });
}

ExitCode run(const RunOptions& options, const Streams& streams) {
    const Scenario scenario = prepare(options, streams);
    std::optional<StoppingRule> rule;
    if (!options.until.empty()) rule = parse_stopping_rule(options.until);
    try {
        ResultFolder::check_writable(output_folder(options));
    } catch (const ResultError& error) {
        throw InputError(error.what());
    }
    const InterruptListener interrupt;
    const auto started = std::chrono::steady_clock::now();
    Timing timing;
    std::optional<CohortOutcome> main_outcome;
    std::vector<Comparison> comparisons;
    bool any_failed = false;
    const auto groups =
        options.compare_published ? comparison_groups(scenario) : std::vector<ComparisonGroup>{{}};
    for (const ComparisonGroup& group : groups) {
        const Scenario changed = with_overrides(scenario, group);
        announce(changed, group, options, streams);
        const bool is_main = !main_outcome;
        CohortOutcome outcome =
            run_with_progress(changed, options, is_main && options.keep_trajectories,
                              is_main ? rule : std::nullopt, interrupt.request(), streams);
        timing.trajectories += outcome.completed;
        timing.events += outcome.events;
        if (outcome.failed > 0) {
            any_failed = true;
            streams.err << (is_main ? "" : group_label(group) + ": ")
                        << failures_text(outcome.completed, outcome.failed, outcome.failures,
                                         replay_of(changed, options, group));
        }
        const bool stopped = outcome.ending == Ending::interrupted;
        if (outcome.completed > 0)
            for (Comparison& comparison : compare(scenario, group, outcome.result, grid_of(changed)))
                comparisons.push_back(std::move(comparison));
        if (is_main) main_outcome = std::move(outcome);
        if (stopped || main_outcome->completed == 0) break;
    }
    if (!options.compare_published) comparisons.clear();
    sort_as_published(comparisons, scenario);
    timing.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    const bool interrupted = interrupt.request().requested();
    if (main_outcome->completed == 0 && main_outcome->failed > 0) {
        streams.err << "no trajectory was complete; nothing was written\n";
        return interrupted ? ExitCode::interrupted : ExitCode::failure;
    }
    if (main_outcome->completed == 0) {
        streams.err << "interrupted before a trajectory was complete; nothing was written\n";
        return ExitCode::interrupted;
    }
    const std::string folder = write_results(scenario, options, *main_outcome, comparisons).string();
    if (options.json)
        print_json(scenario, options, *main_outcome, comparisons, timing, folder, streams);
    else
        print_text(scenario, options, *main_outcome, comparisons, timing, folder, streams);
    if (interrupted) {
        streams.err << fmt::format("interrupted: the results hold the {} trajectories that were complete\n",
                                   main_outcome->completed);
        return ExitCode::interrupted;
    }
    if (rule && main_outcome->ending != Ending::precision_reached)
        streams.err << fmt::format(
            "{}: the half-width that was asked for was not reached within {} trajectories\n",
            rule->observable, main_outcome->completed);
    return any_failed ? ExitCode::failure : ExitCode::success;
}

constexpr const char* run_examples = R"(
Examples:
  venturi run seed_cohort
  venturi run seed_cohort --trajectories 20000 --seed 7 --output results/long
  venturi run seed_cohort --set finance.raising.attempts=3 --set environment.climate.initial=cold
  venturi run seed_cohort --until share_exited=1%      stop when the mean is known to 1% of itself
  venturi run seed_cohort --until share_unicorn=0.001  or to 0.001
  venturi run seed_cohort --until exit_value.median=5% of what companies are sold for, half are below
  venturi run seed_cohort --compare-published
  venturi run seed_cohort --json --quiet | jq .observables.scalars.share_exited

A trajectory that fails is left out, counted, and named with its reason and the command that replays it; the
results are of the others, and the exit code is 1.)";

}  // namespace

void add_run_command(CLI::App& program, const Streams& streams, ExitCode& code) {
    auto options = std::make_shared<RunOptions>();
    CLI::App* command = program.add_subcommand("run", "Run a scenario's ensemble and write its results");
    command->add_option("SCENARIO", options->scenario, "a scenario file, or the name of a library scenario")
        ->required();
    command->add_option("--trajectories", options->trajectories,
                        "how many histories to simulate (default: the scenario's)");
    command->add_option("--seed", options->seed, "the seed (default: the scenario's)");
    command
        ->add_option("--threads", options->threads,
                     "threads (default: one for each core); the results do not depend on it")
        ->check(CLI::Range(0, 1024));
    add_setting_options(*command, options->settings, options->strict);
    command->add_option("--until", options->until,
                        "stop when the 95% confidence interval of an observable is narrow enough: "
                        "observable=half-width, absolute or in %; any observable, survival at the horizon's "
                        "age, pooled values by .mean or .median; --trajectories is then the most");
    command->add_option("--output", options->output,
                        "results directory (default: results/SCENARIO); an earlier result there is replaced");
    command->add_flag("--keep-trajectories", options->keep_trajectories,
                      "write trajectories.csv, a row for each trajectory");
    command->add_flag("--compare-published", options->compare_published,
                      "print simulated figures beside the scenario's published ones");
    command->add_flag("--quiet", options->quiet, "no progress, no table");
    command->add_flag("--json", options->json, "print one JSON object instead of the table");
    command->footer(run_examples);
    command->callback([options, streams, &code] { code = run(*options, streams); });
}

}  // namespace venturi
