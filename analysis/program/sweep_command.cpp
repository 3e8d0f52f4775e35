// venturi sweep: a scenario lived at every point of a design, under the same luck.
#include "analysis/program/chosen_observables.hpp"
#include "analysis/program/command_line.hpp"
#include "analysis/program/experiment_end.hpp"
#include "analysis/program/failure.hpp"
#include "analysis/program/interrupt.hpp"
#include "analysis/program/program.hpp"
#include "analysis/program/result_publication.hpp"
#include "analysis/program/resumption.hpp"
#include "analysis/program/scenario_request.hpp"
#include "analysis/program/sweep_experiment.hpp"
#include "analysis/report/averaged_note.hpp"
#include "analysis/report/build_information.hpp"
#include "analysis/report/quantity_text.hpp"
#include "analysis/report/sweep_report.hpp"
#include "analysis/report/terminal.hpp"
#include "scenarios/parameter_use.hpp"
#include "scenarios/problem.hpp"
#include "scenarios/scenario_warnings.hpp"
#include "scenarios/visible_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <ostream>
#include <span>
#include <unistd.h>
#include <utility>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t usual_points = 64;

struct SweepCommand {
    std::string scenario;
    std::vector<std::string> over;
    std::string design = "grid";
    std::int64_t points = 0;
    std::vector<std::string> observables;
    std::vector<std::string> settings;
    bool strict = false;
    std::optional<std::string> trajectories;
    std::optional<std::string> seed;
    int threads = 0;
    std::string output;
    ResumeRequest resume = {};
    bool quiet = false;
    bool json = false;
};

DesignKind kind_of(const std::string& name) {
    const auto found = std::ranges::find(design_kind_names, name);
    if (found == design_kind_names.end()) {
        const std::vector<std::string> legal(design_kind_names.begin(), design_kind_names.end());
        const std::string nearest = nearest_name(name, legal);
        throw InputError(fmt::format("--design '{}': there is no such design{}\n  legal here: {}", name,
                                     nearest.empty() ? "" : fmt::format(" — did you mean '{}'?", nearest),
                                     listed(legal)));
    }
    return static_cast<DesignKind>(found - design_kind_names.begin());
}

/// What is moved in vain: what nothing reads at either end of the design, and what overrides a --set; texts.
std::vector<std::string> vain_columns(const SweepExperiment& experiment) {
    std::vector<std::string> texts;
    const std::size_t last = experiment.design.points - 1;
    const ParameterUse at_base(experiment.base);
    const ParameterUse at_first(scenario_at(experiment.base, experiment.design, 0));
    const ParameterUse at_last(scenario_at(experiment.base, experiment.design, last));
    for (const DesignColumn& column : experiment.design.columns()) {
        if (std::ranges::any_of(experiment.replay.settings, [&](const std::string& setting) {
                return setting.starts_with(column.path + "=");
            }))
            texts.push_back(
                fmt::format("--over: '{}' has a --set too, which counts at no point", column.path));
        const auto unread = at_base.unread_at(column.path);
        if (unread && at_first.unread_at(column.path) && at_last.unread_at(column.path))
            texts.push_back(
                fmt::format("--over: '{}' is not read in this scenario, so that all points of it "
                            "are alike; it is read where {}",
                            column.path, *unread));
    }
    return texts;
}

/// Which ends of what is moved are not plausible. Shares of a mix and named choices have no such ends.
ScenarioWarning implausible_ends(const SweepExperiment& experiment) {
    std::vector<WrittenParameter> ends;
    for (const DesignFactor& factor : experiment.design.factors) {
        if (factor.is_mix() || !factor.columns.front().names.empty()) continue;
        Interval moved = factor.range;
        if (!factor.levels.empty()) {
            const auto [least, most] = std::ranges::minmax(factor.levels);
            moved = {least.front(), most.front()};
        }
        ends.push_back({.path = factor.path, .position = {.file = "--over"}, .value = moved.low});
        if (moved.high > moved.low)
            ends.push_back({.path = factor.path, .position = {.file = "--over"}, .value = moved.high});
    }
    return implausible_values(experiment.base, ends);
}

SweepExperiment experiment_of(const SweepCommand& command, std::vector<std::string>& warnings,
                              const Streams& streams) {
    const DesignKind kind = kind_of(command.design);
    if (kind == DesignKind::grid && command.points > 0)
        throw InputError(
            "--points: a grid has as many points as --over makes\n  legal here: --over path=a..b:n, or "
            "--design latin or sobol");
    ScenarioRequest request{
        .name = command.scenario, .settings = command.settings, .options = {}, .strict = command.strict};
    if (command.trajectories)
        request.options.push_back({"--trajectories", "run.trajectories", *command.trajectories});
    if (command.seed) request.options.push_back({"--seed", "run.seed", *command.seed});
    SweepExperiment experiment{
        .base = load_scenario(request, streams),
        .over = command.over,
        .kind = kind,
        .points = static_cast<std::size_t>(command.points > 0 ? command.points : usual_points),
        .observables = chosen_observables(command.observables)};
    experiment.replay = {.scenario = command.scenario,
                         .seed = static_cast<std::uint64_t>(experiment.base.run.seed),
                         .settings = command.settings};
    make_design(experiment, command.threads);
    for (const Json& each : warning_texts_json(experiment.base)) warnings.push_back(each.get<std::string>());
    if (const ScenarioWarning warning = implausible_ends(experiment); !warning.places.empty()) {
        if (command.strict) throw ScenarioError(as_problems({warning}));
        streams.err << "warning: " << visible_lines(to_text(warning)) << '\n';
        warnings.push_back(to_text(warning));
    }
    for (const std::string& text : vain_columns(experiment)) {
        if (command.strict) throw InputError(text);
        streams.err << "warning: " << visible(text) << '\n';
        warnings.push_back(text);
    }
    return experiment;
}

SweepResults results_of(const SweepExperiment& experiment, const DesignOutcome& outcome) {
    return {.base = experiment.base,
            .design = experiment.design,
            .is_grid = experiment.kind == DesignKind::grid,
            .observables = experiment.observables,
            .outcome = outcome,
            .replay = experiment.replay};
}

/// The first failure of each point, for the first twenty points that have one.
Json failures_of(const SweepResults& results) {
    Json list = Json::array();
    for (std::size_t point = 0; point < results.outcome.points.size(); ++point) {
        const PointResult& lived = results.outcome.points[point];
        if (!lived.first_failure || list.size() >= most_failures_told) continue;
        list.push_back({{"trajectory", lived.first_failure->trajectory},
                        {"point", point},
                        {"failed", lived.failed},
                        {"reason", lived.first_failure->reason},
                        {"replay", replay_at(results, point)}});
    }
    return list;
}

void tell_failures(const SweepResults& results, const Streams& streams) {
    if (results.outcome.failed == 0) return;
    streams.err << fmt::format("{} of {} histories failed and are left out of their points:\n",
                               results.outcome.failed, results.outcome.completed + results.outcome.failed);
    // Points that failed for one reason are told together, with the command that replays the first.
    struct Reason {
        std::string text;
        std::vector<std::size_t> points;
    };
    std::vector<Reason> reasons;
    for (std::size_t point = 0; point < results.outcome.points.size(); ++point) {
        const auto& failure = results.outcome.points[point].first_failure;
        if (!failure) continue;
        auto known = std::ranges::find(reasons, failure->reason, &Reason::text);
        if (known == reasons.end()) known = reasons.insert(known, {failure->reason, {}});
        known->points.push_back(point);
    }
    constexpr std::size_t most_reasons = 5;
    constexpr std::size_t most_points = 10;
    for (std::size_t i = 0; i < std::min(reasons.size(), most_reasons); ++i) {
        const Reason& reason = reasons[i];
        const std::span<const std::size_t> named =
            std::span(reason.points).first(std::min(reason.points.size(), most_points));
        const std::size_t more = reason.points.size() - named.size();
        streams.err << fmt::format("  {} {}{}: {}\n    {}\n", reason.points.size() == 1 ? "point" : "points",
                                   fmt::join(named, ", "), more > 0 ? fmt::format(" and {} more", more) : "",
                                   visible(reason.text), visible(replay_at(results, reason.points.front())));
    }
    if (reasons.size() > most_reasons)
        streams.err << fmt::format("  and {} reasons more, in design.csv\n", reasons.size() - most_reasons);
}

Manifest manifest_of(const SweepExperiment& experiment, const SweepResults& results) {
    Json observables = Json::array();
    for (const TrajectoryObservable& observable : experiment.observables)
        observables.push_back(observable.name);
    return {.build = build_information(),
            .seed = static_cast<std::uint64_t>(experiment.base.run.seed),
            .trajectories_requested =
                experiment.design.points * static_cast<std::uint64_t>(experiment.base.run.trajectories),
            .trajectories_completed = results.outcome.completed,
            .trajectories_failed = results.outcome.failed,
            .failures = failures_of(results),
            .ending = results.outcome.ending,
            .settings = {{"command", "sweep"},
                         {"scenario", experiment.replay.scenario},
                         {"set", experiment.replay.settings},
                         {"over", experiment.over},
                         {"design", design_kind_names[static_cast<std::size_t>(experiment.kind)]},
                         {"points", experiment.design.points},
                         {"trajectories_per_point", experiment.base.run.trajectories},
                         {"observables", std::move(observables)}},
            .reached = {{"whole_points", results.outcome.points.size()},
                        {"whole_trajectories", results.outcome.trajectories}},
            .scenario = resolved_scenario(experiment.base),
            .files = {}};
}

void print_json(const SweepResults& results, const std::vector<std::string>& warnings, double seconds,
                const std::string& folder, const Streams& streams) {
    Json json = {{"version", build_information().version},
                 {"title", results.base.title},
                 {"seed", results.base.run.seed},
                 {"trajectories_per_point", results.base.run.trajectories},
                 {"points_requested", results.design.points},
                 {"points_completed", results.outcome.points.size()},
                 {"trajectories_per_completed_point", results.outcome.trajectories},
                 {"trajectories_completed", results.outcome.completed},
                 {"trajectories_failed", results.outcome.failed},
                 {"failures", failures_of(results)},
                 {"ending", name_of(results.outcome.ending)},
                 {"events", results.outcome.events},
                 {"seconds", seconds}};
    json.update(sweep_json(results));
    json["results_directory"] = folder;
    json["warnings"] = warnings;
    streams.out << json_text(json);
}

void print_text(const SweepResults& results, double seconds, const std::string& folder,
                const Streams& streams) {
    const TerminalTable table = sweep_table(results);
    streams.out << table_text(table, colour_of(STDOUT_FILENO));
    if (table.rows.size() < results.outcome.points.size())
        streams.out << fmt::format("and {} points more, in results.csv\n",
                                   results.outcome.points.size() - table.rows.size());
    if (results.outcome.trajectories == 1) streams.out << '\n' << one_trajectory_note;
    streams.out << fmt::format(
        "\nmeans of {} with 95% intervals of each alone; the same luck in all points\n{}{} "
        "points, {:.3g} million events in {}\nresults in {}\n",
        trajectories_text(results.outcome.trajectories), averaged_note(results.observables),
        results.outcome.points.size(), 1e-6 * static_cast<double>(results.outcome.events),
        elapsed_text(seconds), visible(folder));
}

ExitCode sweep(const SweepCommand& command, const Streams& streams) {
    std::vector<std::string> warnings;
    const SweepExperiment experiment = experiment_of(command, warnings, streams);
    const InterruptListener interrupt;
    const auto folder = open_result_folder(command.output, usual_folder(command.scenario, "_sweep"));
    Resumption resumption(*folder, !command.output.empty(), command.resume, {experiment.base}, streams);
    if (!command.quiet)
        streams.err << fmt::format(
            "{}: {} of {} in each of {} points, seed {}\n", visible(experiment.base.title),
            trajectories_text(static_cast<std::uint64_t>(experiment.base.run.trajectories)),
            quantity_text(experiment.base.run.horizon, Dimension::duration), experiment.design.points,
            experiment.base.run.seed);
    const auto started = std::chrono::steady_clock::now();
    const DesignOutcome outcome =
        run_experiment(experiment, command.threads, interrupt.request(),
                       command.quiet ? ProgressStyle::silent : progress_style_of(STDERR_FILENO), streams,
                       resumption.journal());
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    const SweepResults results = results_of(experiment, outcome);
    tell_failures(results, streams);
    const ExperimentPlace place{
        .folder = *folder, .resumption = resumption, .interrupt = interrupt, .streams = streams};
    const bool is_whole = outcome.ending != Ending::interrupted;
    if (outcome.points.empty())
        end_without_result(place, is_whole, "interrupted before a point had its first trajectories");
    if (is_whole && outcome.completed > 0)
        expect_seen(place, command.observables, [&](const std::string& name) {
            const auto at = static_cast<std::size_t>(
                std::ranges::find(experiment.observables, name, &TrajectoryObservable::name)
                - experiment.observables.begin());
            return std::ranges::any_of(outcome.points, [&](const PointResult& point) {
                return at >= point.observables.size() || point.observables[at].count() > 0;
            });
        });
    if (const std::size_t undrawn = pictures_left_out(results); undrawn > 0 && !command.quiet)
        streams.err << fmt::format("{} pictures are drawn, {} more are not; results.csv has all\n",
                                   most_pictures_of_sweep, undrawn);
    const std::string held =
        outcome.points.size() == experiment.design.points
            ? fmt::format("the {} of {} trajectories that all {} points have", outcome.trajectories,
                          experiment.base.run.trajectories, outcome.points.size())
            : fmt::format("the {} of {} points that had their first {} trajectories", outcome.points.size(),
                          experiment.design.points, outcome.trajectories);
    return end_with_result(place, {.is_whole = is_whole, .is_failed = outcome.failed > 0, .held = held},
                           files_of(experiment, outcome), manifest_of(experiment, results),
                           [&](const std::string& where) {
                               if (command.json)
                                   print_json(results, warnings, seconds, where, streams);
                               else if (!command.quiet)
                                   print_text(results, seconds, where, streams);
                           });
}

constexpr const char* sweep_notes = R"(
What --over takes, each parameter once:
  path=a..b:n         n values from a to b, both included (--design grid)
  path=a..b           the range (--design latin or sobol)
  path=a,b,c          these values, or names of choices
  path.mix=simplex    all mixes of investments, uniformly; simplex:4 is the grid of mixes in quarters

Designs: grid, every combination; latin, a Latin hypercube; sobol, scrambled Sobol points, best a power of 2 of
them. The trajectories of all points have the same luck, so that what differs between points is what the
parameters do. A value is the mean over histories of what each of them has, of medians and survival too; run and compare
pool the companies of all histories, which says something else of these. A history that fails is left out of its point, counted and named with the command that replays
it, and the exit code is 1. Points live 32 trajectories each in turn, then the next 32: Ctrl-C keeps all points
with as many as every one has, or, before they have any, the first points with their 32.

Files: design.csv (a row for each point), results.csv (for each point and observable), experiment.nc (of a grid
with a dimension for each parameter, else along points), pictures (of one parameter a response curve, of two a
heat map, else each observable against each parameter), manifest.json.

Examples:
  venturi sweep seed_cohort --over finance.raising.attempts=1..5:5
  venturi sweep seed_cohort --over environment.climate.initial=cold,normal,warm --observables share_dead,survival
  venturi sweep seed_cohort --over finance.exits.offers=0.01/month..0.1/month:5 --over finance.raising.attempts=1..5:5
  venturi sweep foundation_model_lab --over startups.founders.mix=simplex --design sobol --points 128 --json --quiet)";

}  // namespace

void add_sweep_command(CommandLine& program, const Streams& streams, ExitCode& code) {
    auto options = std::make_shared<SweepCommand>();
    const Command command =
        program.add_command("sweep", "What parameters do: a scenario at every point of a design");
    command.option("SCENARIO", options->scenario, "a scenario file, or the name of a library scenario")
        .required();
    command.option("--over", options->over, "a parameter and its values: path=a..b:n, path=a,b,c; see below")
        .one_value_each();
    command.option("--design", options->design, "grid (default), latin or sobol");
    command.option("--points", options->points, "how many points, of latin and sobol (default: 64)")
        .within(std::int64_t{1}, std::int64_t{100'000'000});
    command
        .option("--observables", options->observables,
                "what is looked at, with commas between (default: share_dead and other headlines)")
        .separated_by(',');
    command.option("--trajectories", options->trajectories,
                   "how many histories in each point (default: the scenario's)");
    command.option("--seed", options->seed, "the seed (default: the scenario's)");
    command
        .option("--threads", options->threads,
                "threads (default: one for each core); the results do not depend on it")
        .within(0, 1024);
    add_setting_options(command, options->settings, options->strict);
    add_resume_option(command, options->resume);
    command.option("--output", options->output, meaning_of_output("results/SCENARIO_sweep"));
    command.flag("--quiet", options->quiet, "no progress, no table");
    command.flag("--json", options->json, "print the result as JSON");
    command.notes(sweep_notes);
    command.action([options, &program, streams, &code] {
        options->resume.arguments = program.arguments();
        code = sweep(*options, streams);
    });
}

}  // namespace venturi
