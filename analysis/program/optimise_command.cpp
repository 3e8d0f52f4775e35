// venturi optimise: where the next dollar should go.
#include "analysis/program/command_line.hpp"
#include "analysis/program/decision_command.hpp"
#include "analysis/program/descent_options.hpp"
#include "analysis/program/forward_run_budget.hpp"
#include "analysis/program/optimise_experiment.hpp"
#include "analysis/program/program.hpp"
#include "analysis/program/result_publication.hpp"
#include "analysis/program/resumption.hpp"
#include "analysis/program/scenario_request.hpp"
#include "analysis/program/search_end.hpp"
#include "analysis/report/known_number.hpp"
#include "analysis/report/optimum_report.hpp"
#include "analysis/report/quantity_text.hpp"
#include "analysis/report/race_report.hpp"
#include "analysis/report/terminal.hpp"
#include "scenarios/problem.hpp"
#include "scenarios/quantity.hpp"
#include "scenarios/visible_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <optional>
#include <ostream>
#include <unistd.h>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

struct OptimiseCommand {
    ScenarioOptions from = {};
    std::string group;
    std::string objective = "log_proceeds";
    double aversion = 1;
    std::string who = "everyone";
    std::string method = "gradient";
    bool by_stage = false;
    std::string start = "scenario";
    std::string floor = "1%";
    std::shared_ptr<DescentOptions> descent = std::make_shared<DescentOptions>();
    double step_length = 1;
    std::string budget = "480";
    std::int64_t trajectories = 0;
    std::int64_t check = 400;
    std::int64_t flatness = 50;
    DecisionText decision = {};
    std::vector<std::string> robust = {};
    std::int64_t price = 100;
    std::int64_t sensitivity = 0;
    std::vector<std::string> uncertain;
    std::vector<std::string> given;  ///< options that stand on the command line
    ResumeRequest resume = {};
    std::string output;
    bool quiet = false;
    bool json = false;
};

double share_of_option(const std::string& option, const std::string& text, double most) {
    try {
        const double share = parse_quantity(text, Dimension::share);
        if (share >= 0 && share < most) return share;
    } catch (const std::exception& error) {
        throw InputError(fmt::format("{} '{}': {}", option, text, error.what()));
    }
    throw InputError(
        fmt::format("{} '{}': five shares have no room for that\n  legal here: from 0% to below {}", option,
                    text, quantity_text(most, Dimension::share)));
}

/// What a forward run takes, by a few that are lived first.
double seconds_of_run(const OptimiseExperiment& experiment, int threads) {
    const auto problem = problem_of(experiment);
    constexpr std::uint64_t tried = 8;
    const auto began = std::chrono::steady_clock::now();
    static_cast<void>(evaluate(*problem, {{.mix = experiment.start}},
                               {.trajectories = tried, .first = 1U << 30U, .threads = threads}));
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count() / tried;
}

void read_budget(OptimiseExperiment& experiment, const OptimiseCommand& command) {
    experiment.budget =
        budget_named(command.budget, [&] { return seconds_of_run(experiment, command.from.threads); });
    const std::uint64_t least = least_budget(search_options_of(experiment));
    if (experiment.budget < least)
        throw InputError(
            fmt::format("--budget '{}': {} forward runs are too few: the first step of this search takes "
                        "{}\n  legal here: {} and above",
                        command.budget, experiment.budget, least, least));
}

/// What is asked, but for the group, the start and the budget, which need the scenario's world.
OptimiseExperiment asked_by(const OptimiseCommand& command, const Streams& streams) {
    expect_one_of("--who", command.who, who_names());
    expect_one_of("--method", command.method, mix_search_method_names());
    if (command.who == "equilibrium" && command.method != "gradient")
        throw InputError(
            fmt::format("--method '{}': an equilibrium is followed by gradients\n  legal here: gradient",
                        command.method));
    const ChosenDescent descent = chosen_descent(*command.descent, command.method, command.who);
    OptimiseExperiment experiment{.scenario = load_scenario(command.from.request(), streams),
                                  .objective = command.objective,
                                  .aversion = command.aversion,
                                  .who = command.who,
                                  .method = command.method,
                                  .descent = descent.descent,
                                  .by_stage = command.by_stage,
                                  .start = {},
                                  .floor = share_of_option("--floor", command.floor, 0.2),
                                  .step = descent.step,
                                  .step_length = command.step_length,
                                  .trajectories = static_cast<std::uint32_t>(command.trajectories),
                                  .check = static_cast<std::uint64_t>(command.check),
                                  .flatness = static_cast<std::uint64_t>(command.flatness),
                                  .price = static_cast<std::uint64_t>(command.price),
                                  .sensitivity = static_cast<std::uint64_t>(command.sensitivity),
                                  .uncertain = command.uncertain};
    experiment.replay = {.scenario = command.from.scenario,
                         .seed = static_cast<std::uint64_t>(experiment.scenario.run.seed),
                         .settings = command.from.settings};
    experiment.group = command.group;
    return experiment;
}

OptimiseExperiment experiment_of(const OptimiseCommand& command, const Streams& streams) {
    OptimiseExperiment experiment = asked_by(command, streams);
    experiment.group =
        experiment.scenario.world.startups.empty()
            ? command.group
            : experiment.scenario.world.startups[group_with_mix(experiment.scenario, command.group)].name;
    if (experiment.sensitivity > 0 && uncertain_parameters(experiment.scenario, command.uncertain).empty())
        throw InputError(
            "--uncertain: the scenario reads none of these with a plausible range\n  legal here: finance.*, "
            "or "
            "what venturi list parameters shows");
    const auto problem = problem_of(experiment);
    experiment.start =
        mix_rows_named("--start", command.start, *problem, command.by_stage ? problem->stages().size() : 1);
    read_budget(experiment, command);
    return experiment;
}

std::string text_of(const OptimiseExperiment& experiment, const OptimiseOutcome& outcome) {
    const Colour colour = colour_of(STDOUT_FILENO);
    const MixResults results = results_of(experiment, outcome);
    const WorldProblem& problem = *outcome.problem;
    std::string text = table_text(mix_table(results), colour) + '\n' + visible_lines(gains_text(results));
    if (outcome.deviation) text += deviation_text(problem, *outcome.deviation);
    if (outcome.price) text += price_text(problem, *outcome.price);
    if (outcome.race)
        text += fmt::format("\n{}\n{}", table_text(race_table(problem, *outcome.race), colour),
                            race_text(problem, *outcome.race));
    if (outcome.sensitivity)
        text += fmt::format(
            "\n{}\n{} parameters with a plausible range were set to both ends, one at a time, in {} forward "
            "runs\n",
            table_text(sensitivity_table(problem, outcome.found.mix, *outcome.sensitivity), colour),
            outcome.sensitivity->screened, outcome.sensitivity->forward_runs);
    const std::uint64_t around = outcome.flatness.size() * experiment.flatness;
    return text
           + fmt::format(
               "{} forward runs of the search, {} of the measurement, {} of all else",
               outcome.found.forward_runs, outcome.measured.forward_runs,
               outcome.forward_runs() - outcome.found.forward_runs - outcome.measured.forward_runs + around);
}

Json json_of(const OptimiseExperiment& experiment, const OptimiseOutcome& outcome, const TailIndex& tail) {
    Json json = mix_results_json(results_of(experiment, outcome));
    if (!std::isnan(tail.index)) {
        json["tail_index"] = tail.index;
        json["tail_index_standard_error"] = number_or_null(tail.standard_error);
    }
    if (outcome.deviation) json["one_that_leaves"] = deviation_json(*outcome.problem, *outcome.deviation);
    if (outcome.race) json["race"] = race_json(*outcome.problem, *outcome.race);
    if (outcome.price) json["price_of_a_dollar"] = price_json(*outcome.price);
    if (outcome.sensitivity) json["sensitivity"] = sensitivity_json(*outcome.problem, *outcome.sensitivity);
    return json;
}

/// Of an objective whose few largest values may decide its mean: by fresh trajectories with the best mix.
TailIndex tail_of(const OptimiseExperiment& experiment, const OptimiseOutcome& outcome, int threads) {
    const WorldObjective& objective = outcome.problem->question().objective;
    const bool may_be_heavy =
        objective.of_company
        && (objective.dimension == Dimension::money || objective.name == "crra_proceeds");
    constexpr std::uint64_t enough = 100;
    if (!may_be_heavy || outcome.interrupted) return {.index = std::nan("")};
    return measure_tail(*outcome.problem, outcome.found.mix, std::min(experiment.check, enough),
                        experiment.replay.seed, threads);
}

struct MixOutcome : OptimiseOutcome {
    TailIndex tail = {.index = std::nan("")};
};

struct MixSearch {
    static constexpr const char* found = "mix";
    OptimiseExperiment experiment;

    [[nodiscard]] const OptimiseExperiment& asked() const { return experiment; }
    [[nodiscard]] std::vector<Scenario> scenarios() const { return {experiment.scenario}; }
    [[nodiscard]] std::string announcement() const {
        return fmt::format("the mix of {} for {}", experiment.group, experiment.objective);
    }
    [[nodiscard]] MixOutcome run(int threads, const StopRequest& stop, ProgressStyle style,
                                 const Streams& streams, const Journal* journal) const {
        MixOutcome outcome{run_experiment(experiment, threads, stop, style, streams, journal)};
        if (outcome.measured.completed > 0) outcome.tail = tail_of(experiment, outcome, threads);
        return outcome;
    }
    [[nodiscard]] std::vector<std::string> warnings(const MixOutcome& outcome) const {
        std::vector<std::string> warnings;
        if (!is_answered(outcome))
            warnings.push_back(
                fmt::format("no step in the mix ever changed '{}' in a history: there is nothing to optimise",
                            experiment.objective));
        if (std::string heavy = tail_warning(experiment.objective, outcome.tail); !heavy.empty())
            warnings.push_back(std::move(heavy));
        // Of stages that no company came to nothing is said.
        MixRows known = outcome.found.mix;
        for (std::size_t row = 1; row < known.size() && row < outcome.measured.companies_at.size(); ++row)
            if (outcome.measured.companies_at[row] == 0) known[row] = equal_shares(1).front();
        std::ranges::move(implausible_shares(*outcome.problem, known), std::back_inserter(warnings));
        return warnings;
    }
    [[nodiscard]] static bool is_answered(const MixOutcome& outcome) {
        return outcome.found.ending != optimiser::Ending::nothing_moves;
    }
    [[nodiscard]] ResultFiles files(const MixOutcome& outcome) const { return files_of(experiment, outcome); }
    [[nodiscard]] Manifest manifest(const MixOutcome& outcome) const {
        constexpr std::uint64_t worlds_compared = 3;  // the start, equal shares and the best mix
        return search_manifest(experiment, end_of(outcome), outcome.forward_runs(), worlds_compared,
                               settings_json(experiment, outcome));
    }
    [[nodiscard]] Json json(const MixOutcome& outcome) const {
        return json_of(experiment, outcome, outcome.tail);
    }
    [[nodiscard]] std::string text(const MixOutcome& outcome) const { return text_of(experiment, outcome); }
};

bool is_given(const OptimiseCommand& command, std::string_view option) {
    return std::ranges::find(command.given, option) != command.given.end();
}

/// Throws InputError where an option is without effect on a search for a statistic, under constraints, over
/// other parameters or in several scenarios.
void expect_options_of_decision(const OptimiseCommand& command) {
    const auto refuse = [](std::string_view option) {
        throw InputError(
            fmt::format("{} is without effect where a statistic, a constraint, --over, --keep-mix or "
                        "--robust is asked for\n"
                        "  legal here: a mean of companies or of the world as the only objective",
                        option));
    };
    for (const char* option : {"--uncertain", "--estimator", "--rule", "--map"})
        if (is_given(command, option)) refuse(option);
    if (is_given(command, "--price") && command.price > 0) refuse("--price");
    if (command.sensitivity > 0) refuse("--sensitivity");
    if (command.who == "compare") refuse("--who compare");
    if (command.method == "spsa") refuse("--method spsa");
}

/// Throws InputError where an option says how something is done that isn't.
void expect_reason_for_options(const OptimiseCommand& command) {
    if (is_given(command, "--uncertain") && command.sensitivity == 0)
        throw InputError("--uncertain is without effect\n  legal here: with --sensitivity 5");
    if (is_given(command, "--robust-by") && command.robust.empty())
        throw InputError("--robust-by is without effect\n  legal here: with --robust FILE");
    if (is_given(command, "--aversion") && command.objective.find("crra_proceeds") == std::string::npos)
        throw InputError("--aversion is without effect\n  legal here: with --objective crra_proceeds");
}

ExitCode optimise_scenario(const OptimiseCommand& command, const Streams& streams) {
    expect_reason_for_options(command);
    if (const std::string note = note_of_sum("--start", command.start); !note.empty())
        streams.err << "note: " << visible(note) << '\n';
    SearchRun run{.threads = command.from.threads,
                  .output = command.output,
                  .quiet = command.quiet,
                  .json = command.json,
                  .resume = command.resume};
    if (!asks_for_decision(command.objective, command.decision, command.robust)) {
        const MixSearch search{experiment_of(command, streams)};
        settle_budget(run.resume.arguments, search.experiment.budget);
        return run_search(search, run, streams);
    }
    expect_options_of_decision(command);
    return optimise_decision({.asked = asked_by(command, streams), .text = command.decision},
                             {.start = command.start,
                              .budget = command.budget,
                              .robust = command.robust,
                              .strict = command.from.strict,
                              .run = run},
                             streams);
}

constexpr const char* optimise_notes = R"(
The mix is moved in log-ratios of its shares, along gradients that are estimated by steps of --step-length in
every direction with the same luck on both sides, less (from 24 trajectories a gradient on) what is explained by each company's luck at its raises,
offers, exits and shutdowns. What the best mix brings over the start and over equal shares is measured on
trajectories that the search has never seen, as paired differences.

--who everyone: all companies of the group share the mix. --who one: one company decides, the others keep the
scenario's. --who equilibrium: each company answers what the others do, and goes a part of the way to its answer,
until none gains by leaving the others' mix; what a company gains that leaves it for the best answer that was found is
measured and printed. --who compare: everyone's mix, and beside it those of one alone and of the equilibrium, what each
is worth where all have it, and what everyone's has over the equilibrium's: the cost of the race. It takes three
searches of the budget each, and some 17 forward runs for each trajectory of --check.
--by-stage: a mix for each funding stage. --method compares with searches that look at outcomes alone.

--price measures what a dollar more at the start is worth at the best mix, by seed rounds a fifth smaller and larger.
--sensitivity 5 sets each parameter that the scenario reads, or that --uncertain names, to both ends of its plausible
range, and looks for the best mix again where the five stand there that move the objective most. It takes 4 forward runs
for each parameter (a library scenario reads some 460), 16 for each of the 40 that seem to matter most, and for each end
of the five a fifth of the budget and three for every four of --check.

Objectives: log_proceeds (the mean of log(1 + proceeds/$1M) over companies), crra_proceeds with --aversion,
proceeds, survival, rounds, raised (each of a company, and its mean over companies: `venturi list objectives`), or any
other measure of the world at the horizon (`venturi list measures`). Few
companies bring most of the proceeds: their mean is hardly known from a thousand histories; prefer log_proceeds,
"median of raised" or "quantile 90% of proceeds" (of all companies of all histories), or "cvar 5% of raised", the
mean of the worst twentieth.

--subject-to: what has to be kept, by any such statistic: "survival >= 60%", "share_dead <= 30%". Whether a
constraint is met, not met or not known at 95% is said by its interval on fresh histories; its price is what the objective would gain were the bound
looser. --over finance.raising.attempts=1..9: parameters of the scenario that are decided beside the mix, or with
--keep-mix in its place; a bound that holds one is told of. --robust winter.yaml environment.climate.initial=cold:
the decision lives in these scenarios and in the one that was asked about, under the same luck, and the worst of
them counts, or with --robust-by mean all alike; constraints hold in the worst, or in the mean.

Files: mix.csv, path.csv, path.svg, flatness.csv, flatness.svg, price.csv, race.csv of --who compare, sensitivity.csv,
best.yaml (a scenario with the best mix), manifest.json;
with a statistic, constraints, --over or --robust decision.csv, constraints.csv and scenarios.csv instead of mix.csv.

Examples:
  venturi optimise foundation_model_lab
  venturi optimise customer_service --set run.horizon="72 months" --start equal --budget 96 --json
  venturi optimise foundation_model_lab --objective survival --budget "2 min" --by-stage
  venturi optimise customer_service --who one --method random_search --budget 960
  venturi optimise customer_service --objective "quantile 90% of proceeds" --subject-to "survival >= 60%"
  venturi optimise seed_cohort --objective survival --over finance.raising.attempts=1..9
  venturi optimise foundation_model_lab --robust environment.climate.initial=cold --robust-by worst
  venturi optimise customer_service --who compare --set run.horizon="72 months"
  venturi optimise foundation_model_lab --estimator spsa --rule adam --map mirror

A search that is interrupted gives the best so far, and goes on with --resume DIR as though it had never been stopped.

Exit code 1, with the result in its place, where the answer is none: nothing that is decided ever moved the objective
("ending": "nothing_moves"), a constraint is not met or not known to be met at 95%, or a history failed.)";

}  // namespace

void add_optimise_command(CommandLine& program, const Streams& streams, ExitCode& code) {
    auto options = std::make_shared<OptimiseCommand>();
    const Command command = program.add_command(
        "optimise", "Where the next dollar should go: the best investment mix of a scenario");
    add_scenario_argument(command, options->from);
    command.option("--group", options->group, "whose mix (default: the first group with an inside)");
    command.option(
        "--objective", options->objective,
        "what is to be had: its mean, or a statistic such as \"quantile 10% of proceeds\" (default: "
        "log_proceeds)");
    command
        .option("--subject-to", options->decision.subject_to,
                "a constraint, such as \"survival >= 60%\"; as often as there are")
        .one_value_each();
    command
        .option("--over", options->decision.over,
                "a parameter that is decided too, path=low..high, or another mix, path.mix=simplex; as often "
                "as there are")
        .one_value_each();
    command.flag("--keep-mix", options->decision.keeps_mix, "only what --over names is decided");
    command.option("--robust", options->robust,
                   "scenarios or shocks (files, or path=value) beside the scenario itself");
    command.option("--robust-by", options->decision.robust_by,
                   "which of these counts: their worst, or their mean (default: worst)");
    command.option("--aversion", options->aversion, "relative risk aversion of crra_proceeds (default: 1)")
        .within(0.0, 100.0);
    command.option("--who", options->who,
                   "who decides: everyone, one, equilibrium, or compare, which takes three times the budget "
                   "(default: everyone)");
    command.option("--method", options->method,
                   "gradient, spsa, nelder_mead, random_search or response_surface (default: gradient)");
    command.flag("--by-stage", options->by_stage, "a mix for each funding stage");
    command.option("--start", options->start,
                   "scenario, equal, or shares: technology=40%,data=20%,... (default: scenario)");
    command.option("--floor", options->floor, "no share is below (default: 1%)");
    command.option("--budget", options->budget, "forward runs, or a time such as \"2 min\" (default: 480)");
    add_descent_options(command, options->descent);
    command
        .option("--step-length", options->step_length, "steps of the estimator, in log-ratios (default: 1)")
        .within(1e-3, 10.0);
    command
        .option("--trajectories", options->trajectories,
                "for each gradient or point (default: as suits the budget)")
        .within(std::int64_t{1}, std::int64_t{1'000'000});
    command.option("--check", options->check, "fresh trajectories that measure the result (default: 400)")
        .within(std::int64_t{2}, std::int64_t{1'000'000});
    command
        .option("--flatness", options->flatness,
                "trajectories that measure how flat the optimum is, and what constraints cost; 0: not at all "
                "(default: 50)")
        .within(std::int64_t{0}, std::int64_t{1'000'000});
    command
        .option("--price", options->price,
                "trajectories that measure what a dollar more is worth, two forward runs each; 0: not at all "
                "(default: 100)")
        .within(std::int64_t{0}, std::int64_t{1'000'000});
    command
        .option("--sensitivity", options->sensitivity,
                "how the best mix moves with so many of the most effective uncertain parameters; 5 of a "
                "library scenario's take some 6,500 forward runs (default: 0)")
        .within(std::int64_t{0}, std::int64_t{100});
    command
        .option("--uncertain", options->uncertain,
                "which parameters are, paths with * for any text (default: all that the scenario reads)")
        .separated_by(',');
    add_scenario_options(command, options->from);
    add_resume_option(command, options->resume);
    command.option("--output", options->output, meaning_of_output("results/SCENARIO_optimise"));
    command.flag("--quiet", options->quiet, "no progress, no table");
    command.flag("--json", options->json, "print the result as JSON");
    command.notes(std::string(optimise_notes) + '\n' + descent_notes);
    command.action([options, command, &program, streams, &code] {
        options->given = command.given();
        options->resume.arguments = program.arguments();
        code = optimise_scenario(*options, streams);
    });
}

}  // namespace venturi
