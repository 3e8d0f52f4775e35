#include "analysis/program/decision_experiment.hpp"

#include "analysis/program/objective_text.hpp"
#include "analysis/report/decision_flatness_report.hpp"
#include "analysis/report/quantity_text.hpp"
#include "analysis/report/terminal.hpp"
#include "scenarios/problem.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>
#include <set>
#include <stdexcept>
#include <unistd.h>
#include <utility>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;
using optimiser::Index;
using optimiser::Vector;

// What is measured after a stop, in a second or so.
constexpr std::uint64_t check_after_stop = 32;

bool has_inside(const Scenario& scenario) {
    return std::ranges::any_of(scenario.world.startups, [](const StartupGroupParameters& group) {
        return group.inside == Inside::five_advantages && group.count > 0;
    });
}

/// Of startups, by name: the one that was asked for, or the first.
std::string group_without_mix(const Scenario& scenario, const std::string& wanted) {
    std::vector<std::string> names;
    for (const StartupGroupParameters& group : scenario.world.startups)
        if (group.count > 0) names.push_back(group.name);
    if (names.empty()) throw InputError("no group of startups in this scenario has startups");
    if (wanted.empty()) return names.front();
    if (std::ranges::find(names, wanted) == names.end()) {
        const std::string nearest = nearest_name(wanted, names);
        throw InputError(
            fmt::format("--group '{}': there is no such group of startups{}\n  legal here: {}", wanted,
                        nearest.empty() ? "" : fmt::format(" — did you mean '{}'?", nearest), listed(names)));
    }
    return wanted;
}

void expect_methods_go_together(const DecisionExperiment& experiment) {
    const OptimiseExperiment& asked = experiment.asked;
    if (asked.who == "equilibrium")
        throw InputError(
            "--who 'equilibrium': each company follows the mean of its own objective by its mix alone\n  "
            "legal "
            "here: everyone or one, or an objective without constraints, --over, --robust or statistics");
    if (asked.who == "one" && !experiment.question.decision.moves_mix())
        throw InputError(
            "--who 'one': parameters are the same to all companies\n  legal here: everyone, where "
            "no mix is moved");
    if (asked.method != "gradient" && (!experiment.text.subject_to.empty() || !experiment.robust.empty()))
        throw InputError(
            fmt::format("--method '{}': it knows neither --subject-to nor --robust\n  legal here: gradient",
                        asked.method));
}

/// Worlds can be made at the start and at both ends of all ranges.
void expect_worlds(const DecisionExperiment& experiment) {
    const WorldQuestion& question = experiment.question;
    std::vector<double> start = factor_values_in(question.decision, experiment.start);
    std::vector<double> low = start;
    std::vector<double> high = start;
    std::size_t place = 0;
    for (const DesignFactor& factor : question.decision.factors)
        for (std::size_t i = 0; i < factor.columns.size(); ++i, ++place) {
            if (factor.is_mix()) continue;
            low[place] = factor.range.low;
            high[place] = factor.range.high;
        }
    for (std::size_t scenario = 0; scenario < question.scenarios.size(); ++scenario)
        for (const std::vector<double>& values : {start, low, high}) {
            try {
                static_cast<void>(problem_of(question, scenario, values));
            } catch (const std::invalid_argument& error) {
                const char* const where = values == start  ? "the start"
                                          : values == high ? "the upper bounds"
                                                           : "the lower bounds";
                if (question.decision.factors.empty() || values == start)
                    throw InputError(fmt::format("{}{}{}", scenario > 0 ? "--robust: " : "",
                                                 scenario > 0 ? question.scenarios[scenario].name + ": " : "",
                                                 error.what()));
                throw InputError(fmt::format("--over: there is no world at {}: {}", where, error.what()));
            }
        }
}

void expect_same_months(const WorldQuestion& question) {
    const RunSettings& base = question.scenarios.front().scenario.run;
    for (const NamedScenario& each : question.scenarios)
        if (each.scenario.run.horizon != base.horizon)
            throw InputError(fmt::format(
                "--robust '{}': it ends after {}, the scenario after {}; the same months are looked at\n  "
                "legal here: --set run.horizon=MONTHS, which holds for all",
                each.name, quantity_text(each.scenario.run.horizon, Dimension::duration),
                quantity_text(base.horizon, Dimension::duration)));
}

void read_factors_of(DecisionExperiment& experiment) {
    WorldQuestion& question = experiment.question;
    for (const NamedScenario& each : question.scenarios) {
        // In each of them: what one reads another need not.
        std::vector<DesignFactor> factors = read_decided_factors(each.scenario, experiment.text.over);
        if (&each == &question.scenarios.front()) question.decision.factors = std::move(factors);
    }
    for (const DesignFactor& factor : question.decision.factors)
        for (const DesignColumn& column : factor.columns)
            if (column.path.starts_with("startups.") && column.path.ends_with(".count"))
                throw InputError(
                    fmt::format("--over '{}': how many companies there are is nothing that they decide\n  "
                                "legal here: another "
                                "parameter; or --robust {}=10, to decide for fewer",
                                column.path, column.path));
    const std::string own = "startups." + question.group + ".mix";
    for (const DesignFactor& factor : question.decision.factors)
        for (const DesignColumn& column : factor.columns)
            if (question.decision.moves_mix() && column.path.starts_with(own))
                throw InputError(
                    fmt::format("--over '{}': the mix of '{}' is moved already\n  legal here: "
                                "another parameter, or --keep-mix",
                                column.path, question.group));
}

void expect_rows_of_all(const DecisionExperiment& experiment) {
    if (experiment.question.decision.rows < 2) return;
    for (std::size_t i = 0; i < experiment.question.scenarios.size(); ++i)
        if (problem_of(experiment.question, i,
                       factor_values_in(experiment.question.decision, experiment.start))
                .stages()
            != experiment.stages)
            throw InputError(
                fmt::format("--robust '{}': its funding stages are others\n  legal here: "
                            "scenarios with the same rounds, or without --by-stage",
                            experiment.question.scenarios[i].name));
}

}  // namespace

void make_question(DecisionExperiment& experiment, const std::string& start) {
    OptimiseExperiment& asked = experiment.asked;
    if (experiment.text.robust_by != "worst" && experiment.text.robust_by != "mean")
        throw InputError(fmt::format("--robust-by '{}' is not known\n  legal here: worst, mean",
                                     experiment.text.robust_by));
    WorldQuestion& question = experiment.question;
    question.aim = aim_named("--objective", asked.objective, asked.aversion);
    for (const std::string& text : experiment.text.subject_to)
        question.constraints.push_back(constraint_named("--subject-to", text, asked.aversion));
    question.scenarios = {{std::filesystem::path(asked.replay.scenario).stem().string(), asked.scenario}};
    for (const NamedScenario& each : experiment.robust) question.scenarios.push_back(each);
    question.robust_by = experiment.text.robust_by == "mean" ? RobustBy::mean : RobustBy::worst;
    question.who = asked.who == "one" ? WhoDecides::one : WhoDecides::everyone;
    const bool moves_mix =
        !experiment.text.keeps_mix && (experiment.text.over.empty() || has_inside(asked.scenario));
    if (!moves_mix && experiment.text.over.empty())
        throw InputError(
            "--keep-mix: nothing is left to be decided\n  legal here: with --over path=low..high");
    question.group = moves_mix
                         ? asked.scenario.world.startups[group_with_mix(asked.scenario, asked.group)].name
                         : group_without_mix(asked.scenario, asked.group);
    asked.group = question.group;
    question.decision = {.rows = moves_mix ? std::size_t{1} : 0, .floor = asked.floor, .factors = {}};
    expect_same_months(question);
    if (moves_mix) {
        try {
            const WorldProblem base = problem_of(question, 0, {});
            if (asked.by_stage) experiment.stages = base.stages();
            question.decision.rows = asked.by_stage ? experiment.stages.size() : 1;
            if (asked.start.empty())
                asked.start = mix_rows_named("--start", start, base, question.decision.rows);
        } catch (const std::invalid_argument& error) {
            throw InputError(error.what());
        }
    }
    expect_methods_go_together(experiment);
    read_factors_of(experiment);
    experiment.start = start_of(question.decision, asked.scenario, moves_mix ? asked.start : MixRows{});
    expect_worlds(experiment);
    expect_rows_of_all(experiment);
}

DecisionSearchOptions search_options_of(const DecisionExperiment& experiment) {
    const OptimiseExperiment& asked = experiment.asked;
    return {.method = mix_search_method_named(asked.method),
            .run = {.step_length = asked.step_length},
            .start = experiment.start,
            .budget = asked.budget,
            .trajectories = asked.trajectories,
            .step = asked.step,
            .seed = asked.replay.seed,
            .steps = asked.steps};
}

DecisionOutcome run_experiment(const DecisionExperiment& experiment, int threads, const StopRequest& stop,
                               ProgressStyle style, const Streams& streams, const Journal* journal) {
    DecisionOutcome outcome;
    DecisionSearchOptions search = search_options_of(experiment);
    search.run.threads = threads;
    search.run.stop = &stop;
    std::optional<WorldJournal> kept;
    if (journal != nullptr) search.run.journal = &kept.emplace(*journal);
    {
        ProgressBar bar(streams.err, style, columns_of(STDERR_FILENO), "forward runs");
        Progress last;
        ProgressReporter reporter(experiment.asked.budget, [&](const Progress& progress) {
            last = progress;
            bar.update(progress);
        });
        search.observer = [&](const optimiser::Iteration& step) {
            reporter.update(static_cast<std::uint64_t>(step.forward_runs), 0);
        };
        try {
            outcome.found = search_decision(experiment.question, search);
        } catch (const std::invalid_argument& error) {
            throw InputError(fmt::format("--budget: {}", error.what()));
        }
        reporter.finish(outcome.found.forward_runs, 0);
        bar.finish(last);
    }
    outcome.interrupted = outcome.found.ending == optimiser::Ending::stopped;
    if (outcome.interrupted && outcome.found.log.empty()) return outcome;
    DecisionRun run = search.run;
    std::uint64_t check = experiment.asked.check;
    auto prices = static_cast<std::uint32_t>(experiment.asked.flatness);
    if (outcome.interrupted) {
        run.stop = nullptr;
        run.journal = nullptr;  // of a decision that is not the last
        check = std::min(check, check_after_stop);
        prices = 0;
    }
    ProgressBar bar(streams.err, style, columns_of(STDERR_FILENO), "fresh trajectories");
    Progress last;
    outcome.measured = measure_decision(experiment.question, outcome.found, run, check, prices, search.seed,
                                        [&](const Progress& progress) {
                                            last = progress;
                                            bar.update(progress);
                                        });
    bar.finish(last);
    if (outcome.measured.ending == Ending::interrupted) outcome.interrupted = true;
    outcome.has_prices = !outcome.interrupted && prices > 0 && !experiment.question.constraints.empty();
    if (!outcome.interrupted && experiment.has_flatness && experiment.asked.flatness > 0) {
        ProgressBar around(streams.err, style, columns_of(STDERR_FILENO),
                           "trajectories around the best decision");
        outcome.flatness =
            measure_decision_flatness(experiment.question, outcome.found.decision, run,
                                      experiment.asked.flatness, search.seed, [&](const Progress& progress) {
                                          last = progress;
                                          around.update(progress);
                                      });
        around.finish(last);
    }
    if (stop.requested()) outcome.interrupted = true;
    return outcome;
}

DecisionResults results_of(const DecisionExperiment& experiment, const DecisionOutcome& outcome) {
    DecisionResults results{.question = experiment.question,
                            .found = outcome.found,
                            .measured = outcome.measured,
                            .flatness = outcome.flatness,
                            .stages = experiment.stages,
                            .title = experiment.asked.scenario.title,
                            .settings = experiment.asked.replay.settings};
    for (const WorldConstraint& constraint : experiment.question.constraints)
        results.constraints.push_back(text_of(constraint));
    return results;
}

ResultFiles files_of(const DecisionExperiment& experiment, const DecisionOutcome& outcome) {
    const DecisionResults results = results_of(experiment, outcome);
    ResultFiles files{{"decision.csv", decision_csv(results)},
                      {"path.csv", decision_path_csv(results)},
                      {"path.svg", decision_path_svg(results)},
                      {"best.yaml", best_decision_yaml(results, experiment.asked.replay.scenario)}};
    if (!results.constraints.empty()) files["constraints.csv"] = constraints_csv(results);
    if (!outcome.flatness.empty()) {
        files["flatness.csv"] = decision_flatness_csv(results);
        files["flatness.svg"] = decision_flatness_svg(results);
    }
    if (experiment.question.scenarios.size() > 1) files["scenarios.csv"] = scenarios_csv(results);
    return files;
}

Json settings_json(const DecisionExperiment& experiment, const DecisionOutcome& outcome) {
    const OptimiseExperiment& asked = experiment.asked;
    Json robust = Json::array();
    for (const NamedScenario& each : experiment.robust)
        robust.push_back({{"name", each.name}, {"resolved", resolved_scenario(each.scenario)}});
    Json settings = search_settings_json(asked);
    settings.update({{"start", std::vector<double>(experiment.start.begin(), experiment.start.end())},
                     {"check", outcome.measured.completed + outcome.measured.failed},
                     {"flatness", outcome.has_prices || !outcome.flatness.empty() ? asked.flatness : 0},
                     {"has_flatness", !outcome.flatness.empty()},
                     {"steps", outcome.found.log.size()},
                     {"decision",
                      {{"subject_to", experiment.text.subject_to},
                       {"over", experiment.text.over},
                       {"keep_mix", experiment.text.keeps_mix},
                       {"robust_by", experiment.text.robust_by},
                       {"robust", std::move(robust)}}}});
    return settings;
}

bool is_decision(const Manifest& manifest) {
    return manifest.settings.contains("decision");
}

DecisionExperiment decision_experiment_of(const Manifest& manifest, Scenario scenario,
                                          const std::string& file) {
    const Json& decision = manifest.settings.at("decision");
    DecisionExperiment experiment{.asked = searched_experiment_of(manifest, std::move(scenario), file),
                                  .text = {.subject_to = texts_in(decision, "subject_to"),
                                           .over = texts_in(decision, "over"),
                                           .robust_by = text_in(decision, "robust_by"),
                                           .keeps_mix = flag_in(decision, "keep_mix")}};
    for (const Json& each : decision.at("robust"))
        experiment.robust.push_back(
            {text_in(each, "name"), read_scenario(each.at("resolved").dump(), file, library_folders())});
    if (experiment.asked.who != "everyone" && experiment.asked.who != "one") throw contradiction_in(file);
    experiment.has_flatness = manifest.settings.value("has_flatness", false);
    make_question(experiment, "equal");
    // To the bit as it was.
    const auto numbers = numbers_in(manifest.settings, "start");
    experiment.start = Eigen::Map<const Vector>(numbers.data(), static_cast<Index>(numbers.size()));
    if (!feasible_set_of(experiment.question.decision).contains(experiment.start))
        throw contradiction_in(file);
    return experiment;
}

}  // namespace venturi
