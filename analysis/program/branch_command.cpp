// venturi branch: one shared past, several futures.
#include "analysis/program/branch_experiment.hpp"
#include "analysis/program/command_line.hpp"
#include "analysis/program/experiment_end.hpp"
#include "analysis/program/failure.hpp"
#include "analysis/program/interrupt.hpp"
#include "analysis/program/memory_guard.hpp"
#include "analysis/program/option_value.hpp"
#include "analysis/program/program.hpp"
#include "analysis/program/result_publication.hpp"
#include "analysis/program/resumption.hpp"
#include "analysis/program/scenario_request.hpp"
#include "analysis/report/branch_report.hpp"
#include "analysis/report/build_information.hpp"
#include "analysis/report/failures.hpp"
#include "analysis/report/quantity_text.hpp"
#include "analysis/report/terminal.hpp"
#include "analysis/report/variant_report.hpp"
#include "analysis/statistics/memory_need.hpp"
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
#include <stdexcept>
#include <unistd.h>
#include <utility>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* unchanged_future = "the unchanged future";
constexpr std::string_view every = "every ";

struct BranchCommand {
    std::string scenario;
    std::vector<std::string> at;
    std::vector<std::string> with;
    int continuations = 0;
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

double month_in(std::string_view text, double horizon) {
    const std::string legal =
        fmt::format("a time from the start on and before the horizon of {}, or every so many months",
                    quantity_text(horizon, Dimension::duration));
    const auto refused = [&](const std::string& why) {
        return InputError(fmt::format("--at {}: {}\n  legal here: {}", in_quotes(text), why, legal));
    };
    const double month = months_of("--at", text);
    if (month < 0) throw refused("there is nothing before the start");
    if (!(month < horizon)) throw refused("by then all is over");
    return month;
}

/// The months, each once, in order.
std::vector<double> branch_months(const BranchCommand& command, double horizon) {
    constexpr std::size_t most = 1000;
    std::vector<double> months;
    for (const std::string& text : command.at) {
        if (!text.starts_with(every)) {
            months.push_back(month_in(text, horizon));
            continue;
        }
        const double step = month_in(std::string_view(text).substr(every.size()), horizon);
        if (!(step > 0) || horizon / step > static_cast<double>(most))
            throw InputError(
                fmt::format("--at {}: that would be more than {} months\n  legal here: every {} "
                            "or more",
                            in_quotes(text), most, quantity_text(horizon / most, Dimension::duration)));
        for (double number = 1; number * step < horizon; ++number) months.push_back(number * step);
    }
    std::ranges::sort(months);
    months.erase(std::unique(months.begin(), months.end()), months.end());
    return months;
}

std::string name_of_future(const BranchExperiment& experiment, const std::string& wanted) {
    std::string name = wanted;
    const auto& futures = experiment.design.futures;
    for (int number = 2; std::ranges::find(futures, name, &Future::name) != futures.end(); ++number)
        name = fmt::format("{} {}", wanted, number);
    return name;
}

void add_future(BranchExperiment& experiment, const std::string& name, BranchChanges changes,
                std::vector<std::string> with) {
    experiment.design.futures.push_back(
        {.name = name_of_future(experiment, name), .changes = std::move(changes)});
    experiment.with.push_back(std::move(with));
}

/// Each file is a future; all that is set by a path is one more.
void add_futures(BranchExperiment& experiment, const BranchCommand& command) {
    const Scenario& scenario = experiment.design.scenario;
    add_future(experiment, unchanged_future, {}, {});
    if (command.with.empty()) return;
    const double month = experiment.design.months.front();
    std::vector<std::string> settings;
    for (const std::string& with : command.with) {
        std::error_code ignored;
        // A file may have an equals sign in its name.
        if (with.find('=') != std::string::npos && !std::filesystem::exists(with, ignored))
            settings.push_back(with);
        else
            add_future(experiment, std::filesystem::path(with).stem().string(),
                       load_branch(with, scenario, month), {std::filesystem::path(with).filename().string()});
    }
    if (!settings.empty())
        add_future(experiment, fmt::format("{}", fmt::join(settings, ", ")),
                   branch_of_settings(settings, scenario, month), settings);
}

/// Why there is no world of a future; nothing where there is one.
std::optional<std::string> why_impossible(const Scenario& scenario, const Future& future) {
    try {
        const Scenario branch = scenario_of_branch(scenario, future.changes);
        static_cast<void>(make_setup(branch.world, branch.interventions));
        return std::nullopt;
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
}

/// Futures of which there is no world go, with the reason; the others stay.
void leave_out_impossible(BranchExperiment& experiment, const Streams& streams) {
    BranchDesign& design = experiment.design;
    if (const auto why = why_impossible(design.scenario, design.futures.front()))
        throw InputError(fmt::format("{}: there is no world of it: {}", experiment.scenario, *why));
    for (std::size_t i = 1; i < design.futures.size();) {
        const auto why = why_impossible(design.scenario, design.futures[i]);
        if (!why) {
            ++i;
            continue;
        }
        experiment.impossible.push_back({design.futures[i].name, *why});
        const auto at = static_cast<std::ptrdiff_t>(i);
        design.futures.erase(design.futures.begin() + at);
        experiment.with.erase(experiment.with.begin() + at);
    }
    if (experiment.impossible.empty()) return;
    const BranchExperiment::Impossible& first = experiment.impossible.front();
    if (design.futures.size() == 1 && design.continuations == 0)
        throw InputError(fmt::format("{}: there is no world of it: {}", first.name, first.reason));
    for (const BranchExperiment::Impossible& each : experiment.impossible)
        streams.err << fmt::format("{}: there is no world of it, and it is left out: {}\n",
                                   visible(each.name), visible(each.reason));
}

/// What is odd about what the futures set; the scenario has said what is odd about itself.
void tell_warnings(const BranchExperiment& experiment, bool strict, const Streams& streams) {
    std::vector<Problem> problems;
    for (const Future& future : experiment.design.futures) {
        if (future.changes.is_empty()) continue;
        Scenario branch = scenario_of_branch(experiment.design.scenario, future.changes);
        branch.written = future.changes.written;
        for (const ScenarioWarning& warning : warnings_of(branch)) {
            if (warning.places.empty()) continue;
            const std::vector<Problem> places = as_problems({warning});
            problems.insert(problems.end(), places.begin(), places.end());
            if (!strict)
                streams.err << fmt::format("warning: {}: {}\n", visible(future.name),
                                           visible_lines(to_text(warning)));
        }
    }
    if (strict && !problems.empty()) throw ScenarioError(std::move(problems));
}

BranchExperiment experiment_of(const BranchCommand& command, const Streams& streams) {
    if (command.with.empty() && command.continuations == 0)
        throw InputError(
            "branch: nothing would be different\n"
            "  legal here: --with FILE or --with path=value for another future, or --continuations N for "
            "futures with other luck");
    ScenarioRequest request{
        .name = command.scenario, .settings = command.settings, .options = {}, .strict = command.strict};
    if (command.trajectories)
        request.options.push_back({"--trajectories", "run.trajectories", *command.trajectories});
    if (command.seed) request.options.push_back({"--seed", "run.seed", *command.seed});
    BranchExperiment experiment{.design = {.scenario = load_scenario(request, streams),
                                           .futures = {},
                                           .months = {},
                                           .continuations = static_cast<std::uint64_t>(command.continuations),
                                           .outcomes = {}},
                                .scenario = command.scenario,
                                .settings = command.settings,
                                .with = {},
                                .named = {}};
    BranchDesign& design = experiment.design;
    design.months = branch_months(command, design.scenario.run.horizon);
    if (!command.with.empty() && design.months.size() > 1)
        throw InputError(
            "--at: futures that --with changes branch off at one month\n"
            "  legal here: one --at, or --continuations without --with");
    design.outcomes = outcomes_named(command.observables);
    if (!command.observables.empty())
        for (const TrajectoryObservable& outcome : design.outcomes) experiment.named.push_back(outcome.name);
    add_futures(experiment, command);
    leave_out_impossible(experiment, streams);
    tell_warnings(experiment, command.strict, streams);
    expect_memory(static_cast<double>(design.futures.size() + 1)
                      * memory_need(design.scenario, command.threads, {}).total(),
                  "fewer futures, fewer --threads, or a longer run.observe_every");
    return experiment;
}

std::string months_text(const std::vector<double>& months) {
    if (months.size() == 1) return quantity_text(months.front(), Dimension::duration);
    return fmt::format("{} times from {} to {}", months.size(),
                       quantity_text(months.front(), Dimension::duration),
                       quantity_text(months.back(), Dimension::duration));
}

void announce_branches(const BranchExperiment& experiment, const Streams& streams) {
    const BranchDesign& design = experiment.design;
    const RunSettings& run = design.scenario.run;
    std::string text =
        fmt::format("{}: {} of {}, seed {}, which branch at {}", visible(design.scenario.title),
                    trajectories_text(static_cast<std::uint64_t>(run.trajectories)),
                    quantity_text(run.horizon, Dimension::duration), run.seed, months_text(design.months));
    if (design.futures.size() > 1) text += fmt::format(" into {} futures", design.futures.size());
    if (design.continuations > 0) text += fmt::format(", {} times with other luck", design.continuations);
    streams.err << text << '\n';
}

/// The failures. What is replayed is the past; a future can't be traced yet.
Json failures_of(const BranchExperiment& experiment, const BranchOutcome& outcome) {
    return failures_json(outcome.failures,
                         {.scenario = experiment.scenario,
                          .seed = static_cast<std::uint64_t>(experiment.design.scenario.run.seed),
                          .settings = experiment.settings});
}

void tell_failures(const BranchExperiment& experiment, const BranchOutcome& outcome, const Streams& streams) {
    if (outcome.failed == 0) return;
    streams.err << fmt::format(
        "{} of {} trajectories failed in one of the futures and are left out in all (what is replayed is the "
        "history as it was):\n",
        outcome.failed, outcome.completed + outcome.failed);
    for (const Json& failure : failures_of(experiment, outcome))
        streams.err << fmt::format(
            "  trajectory {}: {}\n    {}\n", failure["trajectory"].get<std::uint64_t>(),
            visible(failure["reason"].get<std::string>()), visible(failure["replay"].get<std::string>()));
}

Manifest manifest_of(const BranchExperiment& experiment, const BranchOutcome& outcome) {
    const Scenario& scenario = experiment.design.scenario;
    return {.build = build_information(),
            .seed = static_cast<std::uint64_t>(scenario.run.seed),
            .trajectories_requested = static_cast<std::uint64_t>(scenario.run.trajectories),
            .trajectories_completed = outcome.completed,
            .trajectories_failed = outcome.failed,
            .failures = failures_of(experiment, outcome),
            .ending = outcome.ending,
            .settings = settings_json(experiment),
            .scenario = resolved_scenario(scenario),
            .files = {}};
}

struct Told {
    double seconds = 0;
    std::string folder;
};

void print_text(const BranchExperiment& experiment, const BranchOutcome& outcome, const Told& told,
                const Streams& streams) {
    const Colour colour = colour_of(STDOUT_FILENO);
    const BranchDesign& design = experiment.design;
    const std::vector<Variant> variants = variants_of(design);
    const VariantResults results = results_of(variants, outcome.result.futures, experiment.named);
    for (std::size_t future = 1; future < variants.size(); ++future)
        streams.out << table_text(difference_table(results, future), colour)
                    << visible_lines(fates_text(results, future)) << '\n';
    if (outcome.completed == 1) streams.out << one_trajectory_note;
    if (variants.size() > 1)
        streams.out << "* differs, at 95% for all observables of a future together (Holm); intervals are of "
                       "one each\n"
                       "differences of shares are in percentage points\n\n";
    const SettledResults settled = settled_results(design, outcome.result);
    for (std::size_t future = 0; future < variants.size() && design.continuations > 0; ++future)
        streams.out << table_text(settled_table(settled, future), colour) << '\n';
    if (design.continuations > 0)
        streams.out << fmt::format(
            "of the variance of an outcome between histories so much was settled by then; the rest was luck\n"
            "that was still to come ({} futures of each of {} pasts)\n\n",
            design.continuations, outcome.completed);
    streams.out << fmt::format(
        "{}, {:.3g} million events in {}\nresults in {}\n", trajectories_text(outcome.completed),
        1e-6 * static_cast<double>(outcome.events), elapsed_text(told.seconds), visible(told.folder));
}

void print_json(const BranchExperiment& experiment, const BranchOutcome& outcome, const Told& told,
                const Streams& streams) {
    const Scenario& scenario = experiment.design.scenario;
    const std::vector<Variant> variants = variants_of(experiment.design);
    Json json = {{"version", build_information().version},
                 {"title", scenario.title},
                 {"seed", scenario.run.seed},
                 {"at", experiment.design.months},
                 {"continuations", experiment.design.continuations},
                 {"trajectories_requested", scenario.run.trajectories},
                 {"trajectories_completed", outcome.completed},
                 {"trajectories_failed", outcome.failed},
                 {"failures", failures_of(experiment, outcome)},
                 {"ending", name_of(outcome.ending)},
                 {"events", outcome.events},
                 {"seconds", told.seconds}};
    json.update(comparison_json(results_of(variants, outcome.result.futures, experiment.named)));
    json["settled"] = settled_json(settled_results(experiment.design, outcome.result));
    json["results_directory"] = told.folder;
    json["variants_failed"] = Json::array();
    for (const BranchExperiment::Impossible& each : experiment.impossible)
        json["variants_failed"].push_back({{"variant", each.name}, {"reason", each.reason}});
    json["warnings"] = warning_texts_json(scenario);
    streams.out << json_text(json);
}

ExitCode branch(const BranchCommand& command, const Streams& streams) {
    const BranchExperiment experiment = experiment_of(command, streams);
    const InterruptListener interrupt;
    const auto folder = open_result_folder(command.output, usual_folder(command.scenario, "_branch"));
    Resumption resumption(*folder, !command.output.empty(), command.resume,
                          scenarios_of(variants_of(experiment.design)), streams);
    if (!command.quiet) announce_branches(experiment, streams);
    const auto started = std::chrono::steady_clock::now();
    const BranchOutcome outcome =
        run_experiment(experiment, command.threads, interrupt.request(),
                       command.quiet ? ProgressStyle::silent : progress_style_of(STDERR_FILENO), streams,
                       resumption.journal());
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    tell_failures(experiment, outcome, streams);
    const ExperimentPlace place{
        .folder = *folder, .resumption = resumption, .interrupt = interrupt, .streams = streams};
    const bool is_whole = outcome.ending != Ending::interrupted;
    if (outcome.completed == 0) end_without_trajectories(place, is_whole, outcome.failed > 0);
    // Where nothing is changed there is no difference to look for.
    if (const std::vector<Variant> variants = variants_of(experiment.design);
        is_whole && variants.size() > 1) {
        const VariantResults results = results_of(variants, outcome.result.futures, experiment.named);
        expect_seen(place, experiment.named, [&](const std::string& name) {
            return std::ranges::any_of(
                results.differences, [&](const std::vector<ObservableDifference>& rows) {
                    return std::ranges::any_of(rows, [&](const ObservableDifference& row) {
                        return name == row.observable || name.starts_with(row.observable + ".");
                    });
                });
        });
    }
    return end_with_result(place,
                           {.is_whole = is_whole,
                            .is_failed = outcome.failed > 0 || !experiment.impossible.empty(),
                            .held = complete_trajectories(outcome.completed)},
                           files_of(experiment, outcome), manifest_of(experiment, outcome),
                           [&](const std::string& where) {
                               const Told told{.seconds = seconds, .folder = where};
                               if (command.json)
                                   print_json(experiment, outcome, told, streams);
                               else if (!command.quiet)
                                   print_text(experiment, outcome, told, streams);
                           });
}

constexpr const char* branch_notes = R"(
Every trajectory is lived once up to --at, and from there in each future: as it was, and once for each FILE. A file says
what its future changes, parameters and interventions (see scenarios/README.md):

  title: A winter, and no help
  set: {finance.raising.attempts: 3}                    # from the branch on
  interventions:
    - {name: winter, climate: cold, for: 24 months}     # begins at the branch, unless it says 'at' or 'when'
    - {name: help, switch: off}                         # one of the scenario's

All futures go on with the history's own luck, so that what differs is what the change did. With --continuations every
past goes on so many times with other luck instead, too, and the variance of each outcome at the horizon is split into what
was settled by then and what was still luck; with several months that is a curve, how much was decided when.

Files: design.csv, experiment.nc, survival.svg, manifest.json; with several futures results.csv (differences); with
--continuations settled.csv, and of several months settled.svg.

Examples:
  venturi branch seed_cohort --at "24 months" --with winter.yaml --with boom.yaml
  venturi branch seed_cohort --at "24 months" --with finance.raising.attempts=4 --trajectories 400
  venturi branch examples/funding_winter.yaml --at "36 months" --with interventions.winter=off
  venturi branch seed_cohort --at "every 12 months" --continuations 8 --observables share_dead,share_exited)";

}  // namespace

void add_branch_command(CommandLine& program, const Streams& streams, ExitCode& code) {
    auto options = std::make_shared<BranchCommand>();
    const Command command =
        program.add_command("branch", "One past, several futures; how much was decided when");
    command.option("SCENARIO", options->scenario, "a scenario file, or the name of a library scenario")
        .required();
    command
        .option("--at", options->at,
                "when histories branch: a time since the start, \"24 months\"; several, or \"every 12 "
                "months\", with --continuations")
        .one_value_each()
        .required();
    command
        .option(
            "--with", options->with,
            "a future: a file with what it changes; or path=value, interventions.NAME=off or on, of which "
            "several make one future together")
        .one_value_each();
    command
        .option("--continuations", options->continuations,
                "how many futures with other luck each past has, 2 or more")
        .within(2, 1'000'000);
    command
        .option("--observables", options->observables,
                "the outcomes that are looked at, with commas between (default: all)")
        .separated_by(',');
    command.option("--trajectories", options->trajectories, "how many histories (default: the scenario's)");
    command.option("--seed", options->seed, "the seed (default: the scenario's)");
    command
        .option("--threads", options->threads,
                "threads (default: one for each core); the results do not depend on it")
        .within(0, 1024);
    add_setting_options(command, options->settings, options->strict);
    add_resume_option(command, options->resume);
    command.option("--output", options->output, meaning_of_output("results/SCENARIO_branch"));
    command.flag("--quiet", options->quiet, "no progress, no table");
    command.flag("--json", options->json, "print the result as JSON");
    command.notes(branch_notes);
    command.action([options, &program, streams, &code] {
        options->resume.arguments = program.arguments();
        code = branch(*options, streams);
    });
}

}  // namespace venturi
