// venturi gradient: which way an objective rises in the investment mix, by several estimators side by side.
#include "analysis/optimiser/world_gradient.hpp"
#include "analysis/program/command_line.hpp"
#include "analysis/program/failure.hpp"
#include "analysis/program/interrupt.hpp"
#include "analysis/program/optimise_experiment.hpp"
#include "analysis/program/program.hpp"
#include "analysis/program/scenario_request.hpp"
#include "analysis/report/build_information.hpp"
#include "analysis/report/known_number.hpp"
#include "analysis/report/mix_report.hpp"
#include "analysis/report/progress_bar.hpp"
#include "analysis/report/quantity_text.hpp"
#include "analysis/report/terminal.hpp"
#include "analysis/report/terminal_table.hpp"
#include "scenarios/problem.hpp"
#include "scenarios/visible_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <optional>
#include <ostream>
#include <unistd.h>
#include <utility>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

struct NamedEstimator {
    const char* name;
    const char* meaning;
    WorldEstimator estimator;
    MixSteps steps;
    double length;
    bool controls;
};

constexpr double flat_length = 0.04;

constexpr auto named_estimators = std::to_array<NamedEstimator>({
    {"log_ratio_steps_controls", "log-ratio steps, less explained luck: the optimiser's own",
     WorldEstimator::central_differences, MixSteps::log_ratio, 1, true},
    {"log_ratio_steps", "log-ratio steps", WorldEstimator::central_differences, MixSteps::log_ratio, 1,
     false},
    {"central_differences", "flat steps of 0.04", WorldEstimator::central_differences, MixSteps::flat,
     flat_length, false},
    {"central_differences_controls", "flat steps of 0.04, less explained luck",
     WorldEstimator::central_differences, MixSteps::flat, flat_length, true},
    {"company_exploration", "each company its own log-ratio step: its effect on itself",
     WorldEstimator::company_exploration, MixSteps::log_ratio, 1, false},
    {"company_exploration_controls", "the same, less explained luck", WorldEstimator::company_exploration,
     MixSteps::log_ratio, 1, true},
});

struct GradientCommand {
    std::string scenario;
    std::vector<std::string> estimators = {"log_ratio_steps_controls"};
    std::string group;
    std::string objective = "log_proceeds";
    double aversion = 1;
    std::string who = "everyone";
    bool by_stage = false;
    std::string at = "scenario";
    std::int64_t trajectories = 64;
    std::vector<std::string> settings;
    bool strict = false;
    std::optional<std::string> seed;
    int threads = 0;
    bool quiet = false;
    bool json = false;
};

struct Estimated {
    const NamedEstimator* how = nullptr;
    WorldGradient gradient = {};
    std::string why_not = {};  ///< it can't be had here
};

std::vector<const NamedEstimator*> chosen_estimators(const GradientCommand& command) {
    std::vector<std::string> legal{"all"};
    for (const NamedEstimator& each : named_estimators) legal.emplace_back(each.name);
    std::vector<const NamedEstimator*> chosen;
    for (const std::string& name : command.estimators) {
        if (std::ranges::find(legal, name) == legal.end()) {
            const std::string nearest = nearest_name(name, legal);
            throw InputError(fmt::format("--estimator '{}' is not known{}\n  legal here: {}", name,
                                         nearest.empty() ? "" : fmt::format(" — did you mean '{}'?", nearest),
                                         listed(legal)));
        }
        for (const NamedEstimator& each : named_estimators)
            if ((name == "all" || name == each.name) && std::ranges::find(chosen, &each) == chosen.end())
                chosen.push_back(&each);
    }
    return chosen;
}

OptimiseExperiment experiment_of(const GradientCommand& command, const Streams& streams) {
    ScenarioRequest request{
        .name = command.scenario, .settings = command.settings, .options = {}, .strict = command.strict};
    if (command.seed) request.options.push_back({"--seed", "run.seed", *command.seed});
    OptimiseExperiment experiment{.scenario = load_scenario(request, streams),
                                  .objective = command.objective,
                                  .aversion = command.aversion,
                                  .who = command.who,
                                  .method = "gradient",
                                  .by_stage = command.by_stage,
                                  .start = {}};
    experiment.replay.seed = static_cast<std::uint64_t>(experiment.scenario.run.seed);
    experiment.group =
        experiment.scenario.world.startups.empty()
            ? command.group
            : experiment.scenario.world.startups[group_with_mix(experiment.scenario, command.group)].name;
    return experiment;
}

Estimated estimated(const WorldProblem& problem, const MixRows& at, const NamedEstimator& how,
                    const GradientCommand& command, const StopRequest& stop, const Streams& streams) {
    Estimated result{.how = &how};
    if (how.steps == MixSteps::flat && how.length > longest_flat_step(at)) {
        result.why_not = fmt::format("a share is nearer than {} to 0", how.length);
        return result;
    }
    if (how.estimator == WorldEstimator::company_exploration && !problem.question().objective.of_company) {
        result.why_not = "the objective is of the whole world, not of companies";
        return result;
    }
    ProgressBar bar(streams.err, command.quiet ? ProgressStyle::silent : progress_style_of(STDERR_FILENO),
                    columns_of(STDERR_FILENO), fmt::format("trajectories of {}", how.name));
    Progress last;
    result.gradient = estimate(problem, at,
                               {.estimator = how.estimator,
                                .steps = how.steps,
                                .length = how.length,
                                .run = {.trajectories = static_cast<std::uint64_t>(command.trajectories),
                                        .controls = how.controls,
                                        .threads = command.threads,
                                        .stop = &stop,
                                        .progress = [&](const Progress& progress) {
                                            last = progress;
                                            bar.update(progress);
                                        }}});
    bar.finish(last);
    return result;
}

std::string row_title(const std::vector<std::string>& rows, std::size_t component) {
    const std::string& row = rows[component / share_names().size()];
    const std::string& share = share_names()[component % share_names().size()];
    return row.empty() ? share : row + "." + share;
}

Json gradient_json(const std::vector<std::string>& rows, const Estimated& each) {
    Json json = {{"name", each.how->name}, {"meaning", each.how->meaning}};
    if (!each.why_not.empty()) {
        json["missing"] = each.why_not;
        return json;
    }
    const WorldGradient& gradient = each.gradient;
    json["gradient"] = Json::object();
    json["standard_errors"] = Json::object();
    json["confidence_intervals"] = Json::object();
    for (std::size_t i = 0; i < gradient.gradient.size(); ++i) {
        const std::string name = row_title(rows, i);
        json["gradient"][name] = number_or_null(gradient.gradient[i]);
        json["standard_errors"][name] = number_or_null(gradient.standard_errors[i]);
        json["confidence_intervals"][name] = ends_or_null(gradient.intervals[i]);
    }
    json["work_normalised_variance"] = number_or_null(gradient.work_normalised_variance);
    json["forward_runs"] = gradient.forward_runs;
    json["trajectories_completed"] = gradient.completed;
    json["trajectories_failed"] = gradient.failed;
    json["step_length"] = each.how->length;
    Json dead = Json::array();
    for (std::size_t row = 0; row < gradient.is_dead.size(); ++row)
        if (gradient.is_dead[row]) dead.push_back(rows[row].empty() ? "mix" : rows[row]);
    json["dead"] = std::move(dead);
    json["ending"] = name_of(gradient.ending);
    return json;
}

void print_text(const std::vector<std::string>& rows, const std::vector<Estimated>& all,
                const Streams& streams) {
    TerminalTable table{.title = "Gradient by log-ratios of shares, with 95% intervals",
                        .columns = {{"share", Alignment::left}},
                        .rows = {}};
    for (const Estimated& each : all)
        if (each.why_not.empty()) table.columns.push_back({each.how->name});
    const auto add = [&](const std::string& title, auto cell) {
        std::vector<TableCell> cells{title};
        for (const Estimated& each : all)
            if (each.why_not.empty()) cells.emplace_back(cell(each.gradient));
        table.rows.push_back(std::move(cells));
    };
    for (std::size_t i = 0; i < rows.size() * share_names().size(); ++i)
        add(row_title(rows, i), [&](const WorldGradient& gradient) {
            return fmt::format("{:.3g} [{:.3g}, {:.3g}]", gradient.gradient[i], gradient.intervals[i].low,
                               gradient.intervals[i].high);
        });
    add("work-normalised variance", [](const WorldGradient& gradient) {
        return fmt::format("{:.3g}", gradient.work_normalised_variance);
    });
    add("forward runs",
        [](const WorldGradient& gradient) { return fmt::format("{}", gradient.forward_runs); });
    streams.out << table_text(table, colour_of(STDOUT_FILENO));
    for (const Estimated& each : all) {
        if (!each.why_not.empty())
            streams.out << fmt::format("{} can't be had here: {}\n", each.how->name, each.why_not);
        for (std::size_t row = 0; row < each.gradient.is_dead.size(); ++row)
            if (each.gradient.is_dead[row])
                streams.out << fmt::format("{}: no step{} ever changed what a history came to\n",
                                           each.how->name,
                                           rows[row].empty() ? "" : " in the mix of " + rows[row]);
    }
    streams.out
        << "\na component is what the objective gains where a share grows by a factor e and all are divided "
           "by "
           "their sum;\nexploration sees a company's effect on itself, the others that of all companies "
           "together\n";
}

ExitCode print_gradients(const GradientCommand& command, const Streams& streams) {
    if (command.who != "everyone" && command.who != "one")
        throw InputError(fmt::format("--who '{}' is not known\n  legal here: everyone, one", command.who));
    const auto estimators = chosen_estimators(command);
    const OptimiseExperiment experiment = experiment_of(command, streams);
    const auto problem = problem_of(experiment);
    const MixRows at =
        mix_rows_named("--at", command.at, *problem, command.by_stage ? problem->stages().size() : 1);
    const InterruptListener interrupt;
    std::vector<Estimated> all;
    bool interrupted = false;
    std::uint64_t failed = 0;
    for (const NamedEstimator* how : estimators) {
        all.push_back(estimated(*problem, at, *how, command, interrupt.request(), streams));
        failed += all.back().gradient.failed;
        if (all.back().gradient.failed > 0)
            streams.err << fmt::format("{}: {} trajectories failed and are left out; the first, {}\n",
                                       how->name, all.back().gradient.failed,
                                       visible(all.back().gradient.first_failure));
        interrupted = all.back().gradient.ending == Ending::interrupted;
        if (interrupted) break;
    }
    if (interrupted && all.back().gradient.completed == 0) all.pop_back();
    if (all.empty())
        throw EarlyEnd(interrupt.exit_code(ExitCode::failure), "interrupted before a trajectory was whole");
    const auto rows = row_names(*problem, at.size());
    if (command.json) {
        Json list = Json::array();
        for (const Estimated& each : all) list.push_back(gradient_json(rows, each));
        streams.out << json_text({{"version", build_information().version},
                                  {"title", experiment.scenario.title},
                                  {"seed", experiment.replay.seed},
                                  {"group", experiment.group},
                                  {"objective", experiment.objective},
                                  {"who", experiment.who},
                                  {"coordinates", "log_ratio"},
                                  {"at", mix_json(*problem, at)},
                                  {"estimators", std::move(list)},
                                  {"ending", interrupted ? "interrupted" : "finished"},
                                  {"warnings", warning_texts_json(experiment.scenario)}});
    } else if (!command.quiet) {
        print_text(rows, all, streams);
    }
    const ExitCode code = failed > 0 ? ExitCode::failure : ExitCode::success;
    return interrupted ? interrupt.exit_code(code) : code;
}

constexpr const char* gradient_notes = R"(
The gradient of an objective in the investment mix, by log-ratios of its shares: what is gained where a share grows by a
factor e and all are divided by their sum. Small steps see noise alone, since the mix acts through whole people and
thresholds; steps of length 1 with the same luck on both sides see more, and with what is explained by each company's
luck at raises, offers, exits and shutdowns taken off, most. The work-normalised variance (trace of a trajectory's
covariance times its forward runs) says which estimator is the cheapest; steps of finite length have a bias of the
order of their square, which flat steps of 0.04, short ones, have not.

Examples:
  venturi gradient foundation_model_lab
  venturi gradient customer_service --estimator all --trajectories 100 --set run.horizon="72 months"
  venturi gradient customer_service --objective survival --at equal --json
  venturi gradient foundation_model_lab --by-stage --estimator log_ratio_steps_controls,company_exploration)";

}  // namespace

void add_gradient_command(CommandLine& program, const Streams& streams, ExitCode& code) {
    auto options = std::make_shared<GradientCommand>();
    const Command command = program.add_command(
        "gradient", "Which way an objective rises in the investment mix, by several estimators");
    command.option("SCENARIO", options->scenario, "a scenario file, or the name of a library scenario")
        .required();
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
    command.option("--seed", options->seed, "the seed (default: the scenario's)");
    command
        .option("--threads", options->threads,
                "threads (default: one for each core); the results do not depend on it")
        .within(0, 1024);
    add_setting_options(command, options->settings, options->strict);
    command.flag("--quiet", options->quiet, "no progress, no table");
    command.flag("--json", options->json, "print the estimates as JSON");
    command.notes(gradient_notes);
    command.action([options, streams, &code] { code = print_gradients(*options, streams); });
}

}  // namespace venturi
