// venturi gradient: which way an objective rises in the investment mix, by several estimators side by side.
#include "analysis/optimiser/world_estimators.hpp"
#include "analysis/optimiser/world_gradient.hpp"
#include "analysis/program/command_line.hpp"
#include "analysis/program/descent_options.hpp"
#include "analysis/program/failure.hpp"
#include "analysis/program/gradient_experiment.hpp"
#include "analysis/program/interrupt.hpp"
#include "analysis/program/optimise_experiment.hpp"
#include "analysis/program/program.hpp"
#include "analysis/program/result_publication.hpp"
#include "analysis/program/scenario_request.hpp"
#include "analysis/report/build_information.hpp"
#include "analysis/report/known_number.hpp"
#include "analysis/report/mix_report.hpp"
#include "analysis/report/progress_bar.hpp"
#include "analysis/report/quantity_text.hpp"
#include "analysis/report/terminal.hpp"
#include "analysis/report/terminal_table.hpp"
#include "scenarios/counted.hpp"
#include "scenarios/problem.hpp"
#include "scenarios/visible_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <memory>
#include <optional>
#include <ostream>
#include <unistd.h>
#include <utility>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

struct GradientCommand {
    ScenarioOptions from = {};
    std::vector<std::string> estimators = {"log_ratio_steps_controls"};
    std::string group;
    std::string objective = "log_proceeds";
    double aversion = 1;
    std::string who = "everyone";
    bool by_stage = false;
    std::string at = "scenario";
    std::int64_t trajectories = 64;
    std::int64_t reference = 0;
    std::string output;
    bool quiet = false;
    bool json = false;
};

std::vector<std::string> chosen_estimators(const GradientCommand& command) {
    const std::vector<std::string> names = gradient_estimator_names();
    std::vector<std::string> legal{"all"};
    std::ranges::copy_if(names, std::back_inserter(legal),
                         [](const std::string& name) { return find_estimator_of_no_world(name) == nullptr; });
    std::vector<std::string> chosen;
    for (const std::string& name : command.estimators) {
        if (const EstimatorOfNoWorld* const none = find_estimator_of_no_world(name))
            throw InputError(fmt::format("--estimator '{}': {}\n  legal here: {}", name, none->reason,
                                         fmt::join(legal, ", ")));
        expect_one_of("--estimator", name, legal);
        for (const std::string& each : names)
            if ((name == "all" || name == each) && std::ranges::find(chosen, each) == chosen.end())
                chosen.push_back(each);
    }
    return chosen;
}

GradientExperiment experiment_of(const GradientCommand& command, const Streams& streams) {
    expect_one_of("--who", command.who, {"everyone", "one"});
    std::vector<std::string> estimators = chosen_estimators(command);
    GradientExperiment experiment{.scenario = load_scenario(command.from.request(), streams),
                                  .objective = command.objective,
                                  .aversion = command.aversion,
                                  .who = command.who,
                                  .by_stage = command.by_stage,
                                  .estimators = std::move(estimators),
                                  .trajectories = static_cast<std::uint64_t>(command.trajectories),
                                  .reference = static_cast<std::uint64_t>(command.reference)};
    experiment.replay = {.scenario = command.from.scenario,
                         .seed = static_cast<std::uint64_t>(experiment.scenario.run.seed),
                         .settings = command.from.settings};
    experiment.group =
        experiment.scenario.world.startups.empty()
            ? command.group
            : experiment.scenario.world.startups[group_with_mix(experiment.scenario, command.group)].name;
    const auto problem = problem_of({.scenario = experiment.scenario,
                                     .group = experiment.group,
                                     .objective = experiment.objective,
                                     .aversion = experiment.aversion,
                                     .who = experiment.who,
                                     .method = "gradient"});
    experiment.at =
        mix_rows_named("--at", command.at, *problem, command.by_stage ? problem->stages().size() : 1);
    return experiment;
}

Manifest manifest_of(const GradientExperiment& experiment, const GradientOutcome& outcome) {
    Json failures = Json::array();
    if (const std::string reason = outcome.first_failure(); !reason.empty())
        failures.push_back({{"reason", reason}});
    const std::uint64_t runs = outcome.forward_runs();
    return {.build = build_information(),
            .seed = experiment.replay.seed,
            .trajectories_requested = runs + outcome.failed(),
            .trajectories_completed = runs,
            .trajectories_failed = outcome.failed(),
            .failures = std::move(failures),
            .ending = outcome.interrupted ? Ending::interrupted : Ending::finished,
            .settings = settings_json(experiment, outcome),
            .scenario = resolved_scenario(experiment.scenario),
            .files = {}};
}

Json gradient_json(const std::vector<std::string>& rows, const EstimatedGradient& each) {
    Json json = {{"name", each.name}, {"meaning", each.meaning}};
    if (!each.why_not.empty()) {
        json["reason"] = each.why_not;
        return json;
    }
    const WorldGradient& gradient = each.gradient;
    const auto names = component_names(rows);
    json["gradient"] = Json::object();
    json["standard_errors"] = Json::object();
    json["confidence_intervals"] = Json::object();
    for (std::size_t i = 0; i < gradient.gradient.size(); ++i) {
        const std::string& name = names[i];
        json["gradient"][name] = number_or_null(gradient.gradient[i]);
        json["standard_errors"][name] = number_or_null(gradient.standard_errors[i]);
        json["confidence_intervals"][name] = ends_or_null(gradient.intervals[i]);
    }
    json["work_normalised_variance"] = number_or_null(gradient.work_normalised_variance);
    json["forward_runs"] = gradient.forward_runs;
    json["trajectories_completed"] = gradient.completed;
    json["trajectories_failed"] = gradient.failed;
    json["step_length"] = each.length > 0 ? Json(each.length) : Json(nullptr);
    if (each.bias) {
        json["bias"] = Json::object();
        json["bias_standard_errors"] = Json::object();
        for (std::size_t i = 0; i < each.bias->bias.size(); ++i) {
            json["bias"][names[i]] = number_or_null(each.bias->bias[i]);
            json["bias_standard_errors"][names[i]] = number_or_null(each.bias->standard_errors[i]);
        }
    }
    Json dead = Json::array();
    for (std::size_t row = 0; row < gradient.is_dead.size(); ++row)
        if (gradient.is_dead[row]) dead.push_back(rows[row].empty() ? "mix" : rows[row]);
    json["dead"] = std::move(dead);
    json["ending"] = name_of(gradient.ending);
    return json;
}

// What each costs, to compare them.
TerminalTable cost_table(const GradientOutcome& outcome) {
    TerminalTable table{.title = "Estimators",
                        .columns = {{"estimator", Alignment::left},
                                    {"work-normalised variance"},
                                    {"forward runs"},
                                    {"trajectories"}},
                        .rows = {}};
    for (const EstimatedGradient& each : outcome.all)
        if (each.why_not.empty())
            table.rows.push_back({each.name, fmt::format("{:.3g}", each.gradient.work_normalised_variance),
                                  fmt::format("{}", each.gradient.forward_runs),
                                  fmt::format("{}", each.gradient.completed)});
        else
            table.rows.push_back({each.name, "not offered", "–", "–"});
    return table;
}

TerminalTable gradient_table(const std::vector<std::string>& rows, const EstimatedGradient& each) {
    TerminalTable table{.title = fmt::format("Gradient by log-ratios of shares: {}", each.name),
                        .columns = {{"share", Alignment::left}, {"gradient"}, {"95% interval"}},
                        .rows = {}};
    if (each.bias) table.columns.push_back({"bias"});
    const auto names = component_names(rows);
    for (std::size_t i = 0; i < names.size(); ++i) {
        const Interval& interval = each.gradient.intervals[i];
        std::vector<TableCell> cells{names[i], fmt::format("{:.3g}", each.gradient.gradient[i]),
                                     fmt::format("[{:.3g}, {:.3g}]", interval.low, interval.high)};
        if (each.bias)
            cells.emplace_back(
                fmt::format("{:.2g} ± {:.2g}", each.bias->bias[i], each.bias->standard_errors[i]));
        table.rows.push_back(std::move(cells));
    }
    return table;
}

void print_text(const GradientExperiment& experiment, const GradientOutcome& outcome,
                const std::string& folder, const Streams& streams) {
    const auto rows = row_names(*outcome.problem, experiment.at.size());
    const auto colour = colour_of(STDOUT_FILENO);
    for (const EstimatedGradient& each : outcome.all)
        if (each.why_not.empty()) streams.out << table_text(gradient_table(rows, each), colour) << '\n';
    streams.out << table_text(cost_table(outcome), colour);
    for (const EstimatedGradient& each : outcome.all)
        if (!each.why_not.empty()) streams.out << fmt::format("{}: {}\n", each.name, each.why_not);
    streams.out
        << "\na component is what the objective gains where a share grows by a factor e and all are divided "
           "by "
           "their sum;\nexploration sees a company's effect on itself, the others that of all companies "
           "together\n";
    if (outcome.reference)
        streams.out << visible_lines(fmt::format(
            "a bias, ± its standard error, is against flat steps of {:.3g} less explained luck, over {} "
            "trajectories with luck of their own\n",
            outcome.reference_length, outcome.reference->completed));
    for (const std::string& warning : gradient_warnings(experiment, outcome))
        streams.err << "warning: " << visible(warning) << '\n';
    if (!folder.empty()) streams.out << "results in " << visible(folder) << '\n';
}

void print_json(const GradientExperiment& experiment, const GradientOutcome& outcome,
                const std::string& folder, const Streams& streams) {
    const auto rows = row_names(*outcome.problem, experiment.at.size());
    Json list = Json::array();
    for (const EstimatedGradient& each : outcome.all) list.push_back(gradient_json(rows, each));
    Json json = {{"version", build_information().version},
                 {"title", experiment.scenario.title},
                 {"seed", experiment.replay.seed},
                 {"group", experiment.group},
                 {"objective", experiment.objective},
                 {"who", experiment.who},
                 {"coordinates", "log_ratio"},
                 {"at", mix_json(*outcome.problem, experiment.at)},
                 {"estimators", std::move(list)},
                 {"ending", outcome.interrupted ? "interrupted" : "finished"}};
    if (outcome.reference)
        json["reference"] = {{"trajectories", outcome.reference->completed},
                             {"forward_runs", outcome.reference->forward_runs},
                             {"flat_step", outcome.reference_length}};
    json["assumptions_that_fail"] = gradient_warnings(experiment, outcome);
    if (!folder.empty()) json["results_directory"] = folder;
    json["warnings"] = warning_texts_json(experiment.scenario);
    streams.out << json_text(json);
}

ExitCode print_gradients(const GradientCommand& command, const Streams& streams) {
    const GradientExperiment experiment = experiment_of(command, streams);
    if (const std::string note = note_of_sum("--at", command.at); !note.empty())
        streams.err << "note: " << visible(note) << '\n';
    const InterruptListener interrupt;
    std::unique_ptr<ResultFolder> folder;
    if (!command.output.empty()) folder = open_result_folder(command.output, command.output);
    const GradientOutcome outcome =
        run_experiment(experiment, command.from.threads, interrupt.request(),
                       command.quiet ? ProgressStyle::silent : progress_style_of(STDERR_FILENO), streams);
    if (outcome.all.empty())
        throw EarlyEnd(interrupt.exit_code(ExitCode::failure),
                       "interrupted before an estimator was whole, or two trajectories of the first");
    for (const EstimatedGradient& each : outcome.all)
        if (each.gradient.failed > 0)
            streams.err << fmt::format("{}: {} failed, left out here; the first, {}\n", each.name,
                                       counted(each.gradient.failed, "trajectory"),
                                       visible(each.gradient.first_failure));
    ExitCode code = ExitCode::success;
    std::string place;
    if (folder) {
        const Publication publication =
            publish_result(*folder, files_of(experiment, outcome), manifest_of(experiment, outcome));
        code = say_where(publication, streams);
        place = publication.path.string();
    }
    if (outcome.failed() > 0) code = ExitCode::failure;
    if (command.json)
        print_json(experiment, outcome, place, streams);
    else if (!command.quiet)
        print_text(experiment, outcome, place, streams);
    return outcome.interrupted ? interrupt.exit_code(code) : code;
}

constexpr const char* gradient_notes = R"(
The gradient of an objective in the investment mix, by log-ratios of its shares: what is gained where a share grows by a
factor e and all are divided by their sum. Small steps see noise alone, since the mix acts through whole people and
thresholds; steps of length 1 with the same luck on both sides see more, and with what is explained by each company's
luck at raises, offers, exits and shutdowns taken off, most. The work-normalised variance (trace of a trajectory's
covariance times its forward runs) says which estimator is the cheapest; steps of finite length have a bias of the
order of their square, which flat steps of 0.04, short ones, have not.

spsa moves all log-ratios at once at random, parameter_exploration gives each trajectory a mix of its own, normal around
the point, and goes by the likelihood ratio of that draw: what the former have to be better than. likelihood_ratio goes by
the world's own luck: the objective times the score of all that was drawn, less a coefficient from other trajectories
times the score. It sees what the mix does to hazards and probabilities, and nothing of what it does through whole
people, machines and money, so that it is biased whatever the number of trajectories; and with some thousand times the
variance. A search does not follow it. It is there for one mix that all companies with an inside share. weak_derivative
and one_step_survival are not offered by this world: the laws of its draws have no weak derivative beside them, and its
steps are no smooth functions of the mix (rounded staff, whole accounts, thresholds); with --estimator all they are rows
with this reason and no numbers. --reference measures each estimator's distance from flat steps on luck of its own, with its error. Warned of
are dead paths, shares of 0, components that a few trajectories decide, and biases of more than three standard errors.

Examples:
  venturi gradient foundation_model_lab
  venturi gradient customer_service --estimator all --trajectories 100 --set run.horizon="72 months"
  venturi gradient customer_service --objective survival --at equal --json
  venturi gradient customer_service --estimator all --reference 400 --output results/gradient
  venturi gradient foundation_model_lab --by-stage --estimator log_ratio_steps_controls,company_exploration)";

}  // namespace

void add_gradient_command(CommandLine& program, const Streams& streams, ExitCode& code) {
    auto options = std::make_shared<GradientCommand>();
    const Command command = program.add_command(
        "gradient", "Which way an objective rises in the investment mix, by several estimators");
    add_scenario_argument(command, options->from);
    command
        .option("--estimator", options->estimators,
                "all, or names with commas between (default: log_ratio_steps_controls)")
        .separated_by(',');
    command.option("--objective", options->objective, "see venturi optimise (default: log_proceeds)");
    command.option("--aversion", options->aversion, "relative risk aversion of crra_proceeds (default: 1)")
        .within(0.0, 100.0);
    command.option("--group", options->group, "whose mix (default: the first group with an inside)");
    command.option("--who", options->who, "who decides: everyone or one (default: everyone)");
    command.flag("--by-stage", options->by_stage, "a mix for each funding stage");
    command.option("--at", options->at,
                   "scenario, equal, or shares: technology=40%,data=20%,... (default: scenario)");
    command.option("--trajectories", options->trajectories, "trajectories of each estimator (default: 64)")
        .within(std::int64_t{2}, std::int64_t{10'000'000});
    command
        .option(
            "--reference", options->reference,
            "trajectories of flat central differences that biases are measured by, eight forward runs each; "
            "0: they are not (default: 0)")
        .within(std::int64_t{0}, std::int64_t{10'000'000});
    add_scenario_options(command, options->from);
    command.option("--output", options->output,
                   "a folder for gradient.csv, estimators.csv and manifest.json (default: none)");
    command.flag("--quiet", options->quiet, "no progress, no table");
    command.flag("--json", options->json, "print the estimates as JSON");
    command.notes(gradient_notes);
    command.action([options, streams, &code] { code = print_gradients(*options, streams); });
}

}  // namespace venturi
