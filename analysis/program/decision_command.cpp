#include "analysis/program/decision_command.hpp"

#include "analysis/optimiser/world_places.hpp"
#include "analysis/program/forward_run_budget.hpp"
#include "analysis/program/objective_text.hpp"
#include "analysis/program/scenario_request.hpp"
#include "analysis/program/search_end.hpp"
#include "analysis/report/quantity_text.hpp"
#include "analysis/report/terminal.hpp"
#include "scenarios/counted.hpp"
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
        budget_named(command.budget, [&] { return seconds_of_decided_run(experiment, command.run.threads); });
    const std::uint64_t least = least_budget(experiment.question, search_options_of(experiment));
    if (experiment.asked.budget < least)
        throw InputError(
            fmt::format("--budget '{}': {} forward runs are too few: the first step of this search takes "
                        "{}\n  legal here: {} and above",
                        command.budget, experiment.asked.budget, least, least));
}

struct DecisionSearch {
    static constexpr const char* found = "decision";
    DecisionExperiment experiment;

    [[nodiscard]] const OptimiseExperiment& asked() const { return experiment.asked; }
    [[nodiscard]] std::vector<Scenario> scenarios() const {
        return scenarios_of(experiment.question.scenarios);
    }
    [[nodiscard]] std::string announcement() const {
        const WorldQuestion& question = experiment.question;
        return fmt::format("{} of {} for {}, {}, {}",
                           counted(numbers_of(question.decision, experiment.stages).size(), "number"),
                           question.group, question.aim.name(),
                           counted(question.constraints.size(), "constraint"),
                           counted(question.scenarios.size(), "scenario"));
    }
    [[nodiscard]] DecisionOutcome run(int threads, const StopRequest& stop, ProgressStyle style,
                                      const Streams& streams, const Journal* journal) const {
        return run_experiment(experiment, threads, stop, style, streams, journal);
    }
    [[nodiscard]] std::vector<std::string> warnings(const DecisionOutcome& outcome) const {
        return decision_warnings(results_of(experiment, outcome));
    }
    [[nodiscard]] static bool is_answered(const DecisionOutcome& outcome) {
        return outcome.found.aim_is_moved
               && std::ranges::all_of(outcome.measured.constraints, [](const MeasuredConstraint& constraint) {
                      return constraint.verdict == Verdict::met;
                  });
    }
    [[nodiscard]] ResultFiles files(const DecisionOutcome& outcome) const {
        return files_of(experiment, outcome);
    }
    [[nodiscard]] Manifest manifest(const DecisionOutcome& outcome) const {
        return search_manifest(experiment.asked, end_of(outcome),
                               outcome.found.forward_runs + outcome.measured.forward_runs, 1,
                               settings_json(experiment, outcome));
    }
    [[nodiscard]] Json json(const DecisionOutcome& outcome) const {
        return decision_json(results_of(experiment, outcome));
    }
    [[nodiscard]] std::string text(const DecisionOutcome& outcome) const {
        const DecisionResults results = results_of(experiment, outcome);
        const Colour colour = colour_of(STDOUT_FILENO);
        std::string text =
            table_text(decision_table(results), colour) + '\n' + visible_lines(aim_text(results));
        for (const TerminalTable& table : {constraint_table(results), scenario_table(results)})
            if (!table.rows.empty()) text += '\n' + table_text(table, colour);
        return text
               + fmt::format("\n{} forward runs of the search, {} of the measurement, {} around the best",
                             outcome.found.forward_runs, outcome.measured.forward_runs,
                             outcome.flatness.empty()
                                 ? 0
                                 : (outcome.flatness.size() + 1) * experiment.asked.flatness
                                       * experiment.question.scenarios.size());
    }
};

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
    SearchRun run = command.run;
    settle_budget(run.resume.arguments, experiment.asked.budget);
    return run_search(DecisionSearch{std::move(experiment)}, run, streams);
}

}  // namespace venturi
