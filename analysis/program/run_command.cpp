// venturi run: an ensemble, its table, its files.
#include "analysis/program/command_line.hpp"
#include "analysis/program/experiment_end.hpp"
#include "analysis/program/failure.hpp"
#include "analysis/program/interrupt.hpp"
#include "analysis/program/memory_guard.hpp"
#include "analysis/program/option_value.hpp"
#include "analysis/program/program.hpp"
#include "analysis/program/rare_run.hpp"
#include "analysis/program/result_publication.hpp"
#include "analysis/program/resumption.hpp"
#include "analysis/program/run_experiment.hpp"
#include "analysis/program/scenario_request.hpp"
#include "analysis/report/build_information.hpp"
#include "analysis/report/cohort_report.hpp"
#include "analysis/report/comparison_report.hpp"
#include "analysis/report/failures.hpp"
#include "analysis/report/group_report.hpp"
#include "analysis/report/quantity_text.hpp"
#include "analysis/report/terminal.hpp"
#include "analysis/statistics/observables.hpp"
#include "analysis/statistics/stopping.hpp"
#include "scenarios/problem.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/visible_text.hpp"
#include "sim/ensemble/sequential.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
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
    KeptRows keep = {};
    bool compare_published = false;
    RareOptions rare = {};
    ResumeRequest resume = {};
    bool quiet = false;
    bool json = false;
};

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
    const double value = quantity_of_option(
        fmt::format("--until {}", text), width, Dimension::number,
        {.least = std::numeric_limits<double>::min(),
         .legal = "a half-width above 0, as a number in the observable's unit or in percent of its value"});
    rule.target.half_width = rule.target.relative ? value / 100 : value;
    return rule;
}

// What a distribution has depends on the world: it is known before there is a history.
void expect_category(const StoppingRule& rule, const Scenario& scenario) {
    const auto reference = built_in_observables()->find(rule.observable);
    if (!reference || reference->kind != ObservableKind::distribution) return;
    const std::vector<std::string> legal = built_in_observables()->at(*reference).categories(scenario.world);
    if (std::ranges::find(legal, reference->category) != legal.end()) return;
    const std::string nearest = nearest_name(reference->category, legal);
    throw InputError(
        fmt::format("--until: '{}' has no such category in this scenario{}\n  legal here: {}",
                    rule.observable, nearest.empty() ? "" : fmt::format(" — did you mean '{}'?", nearest),
                    legal.empty() ? "another observable: this scenario has none of it" : listed(legal)));
}

ScenarioRequest scenario_request(const RunOptions& options) {
    ScenarioRequest request{.name = options.scenario, .settings = options.settings, .strict = options.strict};
    if (options.trajectories)
        request.options.push_back({"--trajectories", "run.trajectories", *options.trajectories});
    if (options.seed) request.options.push_back({"--seed", "run.seed", *options.seed});
    return request;
}

Scenario prepare(const RunOptions& options, const Streams& streams) {
    Scenario scenario = load_scenario(scenario_request(options), streams);
    expect_memory_for(scenario, options.threads, options.keep);
    if (options.compare_published && scenario.published.empty())
        throw InputError(
            fmt::format("{}: the scenario has no published figures to compare with", options.scenario));
    check_published(scenario);
    if (options.compare_published) check_published_months(scenario);
    return scenario;
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
    streams.err << fmt::format("{}: {} of {}, seed {}{}\n", visible(scenario.title),
                               trajectories_text(static_cast<std::uint64_t>(scenario.run.trajectories)),
                               quantity_text(scenario.run.horizon, Dimension::duration), scenario.run.seed,
                               label.empty() ? "" : "; with " + label);
}

// Only what decides the numbers; not where they go or how many threads made them.
Json settings_json(const RunOptions& options) {
    Json settings = {{"command", "run"},
                     {"scenario", std::filesystem::path(options.scenario).filename().string()},
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

Manifest manifest_of(const RunExperiment& experiment, const RunOptions& options, const RunOutcome& outcome) {
    const RunSettings& run = experiment.scenario.run;
    Json reached = Json::object();
    if (options.compare_published) reached["trajectories_by_ensemble"] = outcome.tried;
    return {.build = build_information(),
            .seed = static_cast<std::uint64_t>(run.seed),
            .trajectories_requested = static_cast<std::uint64_t>(run.trajectories),
            .trajectories_completed = outcome.main.completed,
            .trajectories_failed = outcome.main.failed,
            .failures = failures_json(outcome.main.failures, replay_of(experiment.scenario, options)),
            .ending = outcome.main.ending,
            .settings = settings_json(options),
            .reached = std::move(reached),
            .scenario = resolved_scenario(experiment.scenario),
            .files = {}};
}

void print_text(const Scenario& scenario, const RunOutcome& outcome, const std::string& folder,
                const Streams& streams) {
    const Colour colour = colour_of(STDOUT_FILENO);
    streams.out << visible(scenario.title) << '\n'
                << table_text(headline_table(outcome.main.result, grid_of(scenario)), colour)
                << headline_note(outcome.main.result);
    if (!outcome.main.result.groups.empty())
        streams.out << '\n' << table_text(group_table(outcome.main.result), colour);
    if (!outcome.comparisons.empty())
        streams.out << '\n'
                    << table_text(comparison_table(outcome.comparisons), colour)
                    << comparison_legend(outcome.comparisons);
    streams.out << fmt::format(
        "\n{}, {:.3g} million events in {}: {:.0f} trajectories/s, {:.3g} million events/s\n",
        trajectories_text(outcome.trajectories), 1e-6 * static_cast<double>(outcome.events),
        elapsed_text(outcome.seconds), static_cast<double>(outcome.trajectories) / outcome.seconds,
        1e-6 * static_cast<double>(outcome.events) / outcome.seconds);
    if (outcome.main.failed > 0)
        streams.out << fmt::format("{} of {} failed and are left out\n", outcome.main.failed,
                                   trajectories_text(outcome.tried.front()));
    streams.out << fmt::format("results in {}\n", visible(folder));
}

void print_json(const Scenario& scenario, const RunOptions& options, const RunOutcome& outcome,
                const std::string& folder, const Streams& streams) {
    Json json = {{"version", build_information().version},
                 {"title", scenario.title},
                 {"seed", scenario.run.seed},
                 {"trajectories_requested", scenario.run.trajectories},
                 {"trajectories_completed", outcome.main.completed},
                 {"trajectories_failed", outcome.main.failed},
                 {"failures", failures_json(outcome.main.failures, replay_of(scenario, options))},
                 {"ending", name_of(outcome.main.ending)},
                 {"events", outcome.events},
                 {"seconds", outcome.seconds},
                 {"trajectories_per_second", static_cast<double>(outcome.trajectories) / outcome.seconds},
                 {"events_per_second", static_cast<double>(outcome.events) / outcome.seconds},
                 {"observables", observables_json(outcome.main.result)}};
    if (!outcome.comparisons.empty()) json["published"] = comparison_json(outcome.comparisons);
    json["results_directory"] = folder;
    json["warnings"] = warning_texts_json(scenario);
    streams.out << json_text(json);
}

RunExperiment experiment_of(const RunOptions& options, const std::optional<StoppingRule>& rule,
                            const Streams& streams) {
    RunExperiment experiment{.scenario = prepare(options, streams),
                             .settings = options.settings,
                             .keep = options.keep,
                             .compare_published = options.compare_published,
                             .threads = options.threads};
    if (rule) expect_category(*rule, experiment.scenario);
    if (rule)
        experiment.enough = [rule, grid = grid_of(experiment.scenario)](const CohortStatistics& statistics) {
            return is_known_well_enough(statistics, grid, *rule);
        };
    return experiment;
}

// What is said at the end of what was asked for and did not happen.
void say_what_is_not_known(const RunOutcome& outcome, const std::optional<StoppingRule>& rule,
                           const Streams& streams) {
    if (rule && outcome.main.ending != Ending::precision_reached)
        streams.err << fmt::format(
            "{}: not known to the half-width that was asked for after {} trajectories; the first look comes "
            "after {}, "
            "and a look after n asks for 1 - {}/n of it, so as not to trust an early one\n",
            rule->observable, outcome.main.completed, pilot_trajectories, pilot_trajectories);
}

RunObserver observer_of(const RunOptions& options, const Streams& streams) {
    return {.begins = [&](const Scenario& scenario,
                          const ComparisonGroup& group) { announce(scenario, group, options, streams); },
            .failed =
                [&](const Scenario& scenario, const ComparisonGroup& group, const CohortOutcome& outcome) {
                    const std::string label = group_label(group);
                    streams.err << (label.empty() ? "" : label + ": ")
                                << failures_text(outcome.completed, outcome.failed, outcome.failures,
                                                 replay_of(scenario, options, group));
                }};
}

ExitCode run(const RunOptions& options, const Streams& streams) {
    if (options.rare.condition)
        return run_rare({.scenario = scenario_request(options),
                         .rare = options.rare,
                         .output = options.output,
                         .resume = options.resume,
                         .threads = options.threads,
                         .quiet = options.quiet,
                         .json = options.json},
                        streams);
    expect_no_rare_moment(options.rare);
    std::optional<StoppingRule> rule;
    if (!options.until.empty()) rule = parse_stopping_rule(options.until);
    const RunExperiment experiment = experiment_of(options, rule, streams);
    const InterruptListener interrupt;
    const auto folder = open_result_folder(options.output, usual_folder(options.scenario));
    Resumption resumption(*folder, !options.output.empty(), options.resume, {experiment.scenario}, streams);
    const RunOutcome outcome =
        run_experiment(experiment, interrupt.request(),
                       options.quiet ? ProgressStyle::silent : progress_style_of(STDERR_FILENO), streams,
                       observer_of(options, streams), resumption.journal());
    const bool is_whole = !interrupt.request().requested();
    const ExperimentPlace place{
        .folder = *folder, .resumption = resumption, .interrupt = interrupt, .streams = streams};
    if (outcome.main.completed == 0) end_without_trajectories(place, is_whole, outcome.any_failed);
    if (rule && is_whole)
        expect_seen(
            place, {rule->observable},
            [&](const std::string& name) {
                return is_seen(outcome.main.result, grid_of(experiment.scenario), name);
            },
            "--until");
    return end_with_result(place,
                           {.is_whole = is_whole,
                            .is_failed = outcome.any_failed,
                            .held = complete_trajectories(outcome.main.completed)},
                           files_of(experiment, outcome), manifest_of(experiment, options, outcome),
                           [&](const std::string& where) {
                               if (options.json)
                                   print_json(experiment.scenario, options, outcome, where, streams);
                               else if (!options.quiet)
                                   print_text(experiment.scenario, outcome, where, streams);
                               if (is_whole) say_what_is_not_known(outcome, rule, streams);
                           });
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
  venturi run seed_cohort --rare 'share_dead > 85%'    how likely what hardly ever happens is
  venturi run seed_cohort --rare 'share_dead >= 1' --by '5 years' --set startups.founders.count=20
  venturi run seed_cohort --rare 'share_exited > 60%' --ever --trajectories 20000 --budget 1e9

The results appear whole or not at all. What comes into the way meanwhile (a full disk, a folder that may no
longer be written) loses nothing: they are then written beside it or into the folder for temporary files, the
message says where, and the exit code is 3. A trajectory that fails is left out, counted, and named with its
reason and the command that replays it; the results are of the others, and the exit code is 1.

--rare finds a small probability by splitting: histories that have come far are copied, and each copy goes on
with luck of its own. The condition is on an observable as it stands in one month, the last one or that of
--by; with --ever in any month up to it. --trajectories is how many histories there are at each level, in
replications that give the interval. What comes out is the probability with its 95% interval, the work in
events and what crude Monte Carlo would need; results in results/SCENARIO_rare: results.csv, levels.csv
(each replication's steps), levels.svg (how likely histories are to get past each level), experiment.nc,
manifest.json. Where it was never seen, the interval goes from 0 to what remains possible. --budget ends it
after a whole replication.)";

}  // namespace

void add_run_command(CommandLine& program, const Streams& streams, ExitCode& code) {
    auto options = std::make_shared<RunOptions>();
    const Command command = program.add_command("run", "Run a scenario's ensemble and write its results");
    command.option("SCENARIO", options->scenario, "a scenario file, or the name of a library scenario")
        .required();
    command.option("--trajectories", options->trajectories,
                   "how many histories to simulate (default: the scenario's)");
    command.option("--seed", options->seed, "the seed (default: the scenario's)");
    command
        .option("--threads", options->threads,
                "threads (default: one for each core); the results do not depend on it")
        .within(0, 1024);
    add_setting_options(command, options->settings, options->strict);
    command.option("--until", options->until,
                   "stop when the 95% confidence interval of an observable is narrow enough: "
                   "observable=half-width, absolute or in %; any observable, survival at the horizon's "
                   "age, pooled values by .mean or .median; looked at from 256 trajectories on; "
                   "--trajectories is then the most");
    add_resume_option(command, options->resume);
    command.option("--output", options->output, meaning_of_output("results/SCENARIO"));
    command.flag(
        "--keep-trajectories", options->keep.trajectories,
        "write trajectories.csv, a row for each trajectory, and give ensemble.nc a dimension trajectory");
    command.flag("--companies", options->keep.companies,
                 "write companies.csv, a row for each company of each trajectory, as it ends");
    command.flag("--compare-published", options->compare_published,
                 "print simulated figures beside the scenario's published ones");
    add_rare_options(command, options->rare);
    command.flag("--quiet", options->quiet, "no progress, no table");
    command.flag("--json", options->json, "print one JSON object instead of the table");
    command.notes(run_examples);
    command.action([options, &program, streams, &code] {
        options->resume.arguments = program.arguments();
        code = run(*options, streams);
    });
}

}  // namespace venturi
