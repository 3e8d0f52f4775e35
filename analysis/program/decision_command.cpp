#include "analysis/program/decision_command.hpp"

#include "analysis/optimiser/world_places.hpp"
#include "analysis/program/failure.hpp"
#include "analysis/program/forward_run_budget.hpp"
#include "analysis/program/interrupt.hpp"
#include "analysis/program/objective_text.hpp"
#include "analysis/program/result_publication.hpp"
#include "analysis/program/scenario_request.hpp"
#include "analysis/program/search_end.hpp"
#include "analysis/report/build_information.hpp"
#include "analysis/report/quantity_text.hpp"
#include "analysis/report/terminal.hpp"
#include "scenarios/visible_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <ostream>
#include <unistd.h>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

/// Scenarios beside the one that was asked about: files or names of the library, with the same settings, or
/// that one with a parameter changed.
void load_robust(DecisionExperiment& experiment, const DecisionCommand& command, const Streams& streams) {
    ToldWarnings told;
    const OptimiseExperiment& asked = experiment.asked;
    for (const std::string& text : command.robust) {
        const bool is_setting =
            text.find('=') != std::string::npos && !std::filesystem::exists(std::filesystem::path(text));
        ScenarioRequest request{.name = is_setting ? asked.replay.scenario : text,
                                .settings = asked.replay.settings,
                                .options = {{"--seed", "run.seed", std::to_string(asked.replay.seed)}},
                                .strict = command.strict};
        if (is_setting) request.with = {text};
        request.with_option = "--robust";
        const std::string wanted = is_setting ? text : std::filesystem::path(text).stem().string();
        std::string name = wanted;
        const auto is_taken = [&] {
            return name == std::filesystem::path(asked.replay.scenario).stem().string()
                   || std::ranges::find(experiment.robust, name, &NamedScenario::name)
                          != experiment.robust.end();
        };
        for (int number = 2; is_taken(); ++number) name = fmt::format("{} {}", wanted, number);
        experiment.robust.push_back({name, load_scenario(request, streams, told)});
    }
}

/// What a forward run takes, by a few that are lived first.
double seconds_of_decided_run(const DecisionExperiment& experiment, int threads) {
    constexpr std::uint64_t tried = 8;
    const auto began = std::chrono::steady_clock::now();
    static_cast<void>(
        live_in_places(experiment.question, {{0, experiment.start}},
                       {.trajectories = tried, .first = 1U << 30U, .seed = 0, .threads = threads}));
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count() / tried;
}

void read_budget_of(DecisionExperiment& experiment, const DecisionCommand& command) {
    experiment.asked.budget =
        budget_named(command.budget, [&] { return seconds_of_decided_run(experiment, command.threads); });
    const std::uint64_t least = least_budget(experiment.question, search_options_of(experiment));
    if (experiment.asked.budget < least)
        throw InputError(
            fmt::format("--budget '{}': {} forward runs are too few: the first step of this search takes "
                        "{}\n  legal here: {} and above",
                        command.budget, experiment.asked.budget, least, least));
}

Manifest manifest_of(const DecisionExperiment& experiment, const DecisionOutcome& outcome) {
    const std::uint64_t runs = outcome.found.forward_runs + outcome.measured.forward_runs;
    return {.build = build_information(),
            .seed = experiment.asked.replay.seed,
            .trajectories_requested = std::max(runs, experiment.asked.budget + experiment.asked.check),
            .trajectories_completed = runs,
            .trajectories_failed = outcome.failed(),
            .failures = failures_json(end_of(outcome)),
            .ending = outcome.interrupted ? Ending::interrupted : Ending::finished,
            .settings = settings_json(experiment, outcome),
            .scenario = resolved_scenario(experiment.asked.scenario),
            .files = {}};
}

void print_json(const DecisionExperiment& experiment, const DecisionOutcome& outcome, double seconds,
                const std::string& folder, const Streams& streams) {
    Json json = heading_json(experiment.asked, end_of(outcome), seconds);
    json.update(decision_json(results_of(experiment, outcome)));
    json["results_directory"] = folder;
    json["warnings"] = warning_texts_json(experiment.asked.scenario);
    streams.out << json_text(json);
}

void print_text(const DecisionExperiment& experiment, const DecisionOutcome& outcome, double seconds,
                const std::string& folder, const Streams& streams) {
    const DecisionResults results = results_of(experiment, outcome);
    const Colour colour = colour_of(STDOUT_FILENO);
    streams.out << table_text(decision_table(results), colour) << '\n' << visible_lines(aim_text(results));
    for (const TerminalTable& table : {constraint_table(results), scenario_table(results)})
        if (!table.rows.empty()) streams.out << '\n' << table_text(table, colour);
    streams.out << fmt::format(
        "\n{} forward runs of the search, {} of the measurement, in {}\nresults in {}\n",
        outcome.found.forward_runs, outcome.measured.forward_runs, elapsed_text(seconds), visible(folder));
}

void announce(const DecisionExperiment& experiment, const Streams& streams) {
    const WorldQuestion& question = experiment.question;
    streams.err << fmt::format(
        "{}: {} numbers of {} for {}, {} constraints, {} scenarios, {} forward runs, seed {}\n",
        visible(experiment.asked.scenario.title), numbers_of(question.decision, experiment.stages).size(),
        visible(question.group), question.aim.name(), question.constraints.size(), question.scenarios.size(),
        experiment.asked.budget, experiment.asked.replay.seed);
}

}  // namespace

bool asks_for_decision(const std::string& objective, const DecisionText& text,
                       const std::vector<std::string>& robust) {
    return !text.asks_nothing() || !robust.empty() || objective.find(' ') != std::string::npos;
}

ExitCode optimise_decision(DecisionExperiment experiment, const DecisionCommand& command,
                           const Streams& streams) {
    load_robust(experiment, command, streams);
    make_question(experiment, command.start);
    read_budget_of(experiment, command);
    const InterruptListener interrupt;
    const auto folder =
        open_result_folder(command.output, usual_folder(experiment.asked.replay.scenario, "_optimise"));
    if (!command.quiet) announce(experiment, streams);
    const auto started = std::chrono::steady_clock::now();
    const DecisionOutcome outcome =
        run_experiment(experiment, command.threads, interrupt.request(),
                       command.quiet ? ProgressStyle::silent : progress_style_of(STDERR_FILENO), streams);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    if (outcome.interrupted && outcome.measured.completed == 0)
        throw EarlyEnd(interrupt.exit_code(ExitCode::failure),
                       "interrupted before a step was whole and measured; nothing was written");
    tell_failures(end_of(outcome), streams);
    if (outcome.measured.completed == 0)
        throw EarlyEnd(ExitCode::failure, "every history failed; nothing was written");
    for (const std::string& warning : decision_warnings(results_of(experiment, outcome)))
        streams.err << "warning: " << visible(warning) << '\n';
    const Publication publication =
        publish_result(*folder, files_of(experiment, outcome), manifest_of(experiment, outcome));
    ExitCode code = say_where(publication, streams);
    const bool is_met = std::ranges::all_of(outcome.measured.constraints, &MeasuredConstraint::is_met);
    if (outcome.failed() > 0 || !outcome.found.aim_is_moved || !is_met) code = ExitCode::failure;
    if (command.json)
        print_json(experiment, outcome, seconds, publication.path.string(), streams);
    else if (!command.quiet)
        print_text(experiment, outcome, seconds, publication.path.string(), streams);
    if (!outcome.interrupted) return code;
    streams.err << fmt::format("interrupted: the decision is the best after {} of {} forward runs\n",
                               outcome.found.forward_runs, experiment.asked.budget);
    return interrupt.exit_code(code);
}

}  // namespace venturi
