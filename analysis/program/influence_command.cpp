// venturi influence: the loop, measured arrow by arrow.
#include "analysis/program/command_line.hpp"
#include "analysis/program/experiment_end.hpp"
#include "analysis/program/failure.hpp"
#include "analysis/program/influence_experiment.hpp"
#include "analysis/program/interrupt.hpp"
#include "analysis/program/memory_guard.hpp"
#include "analysis/program/option_value.hpp"
#include "analysis/program/program.hpp"
#include "analysis/program/result_publication.hpp"
#include "analysis/program/resumption.hpp"
#include "analysis/program/scenario_request.hpp"
#include "analysis/report/build_information.hpp"
#include "analysis/report/failures.hpp"
#include "analysis/report/influence_report.hpp"
#include "analysis/report/progress_bar.hpp"
#include "analysis/report/quantity_text.hpp"
#include "analysis/report/terminal.hpp"
#include "scenarios/quantity.hpp"
#include "scenarios/visible_text.hpp"
#include "sim/ensemble/pipeline.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
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

struct InfluenceCommand {
    std::string scenario;
    std::string trajectories = "400";
    std::optional<std::string> seed;
    int threads = 0;
    std::vector<std::string> settings;
    bool strict = false;
    std::string at = "36";
    std::string delays = "3,6,12";
    std::string draw_delay;
    std::string output;
    ResumeRequest resume = {};
    bool quiet = false;
    bool json = false;
};

std::vector<double> parse_delays(const std::string& text) {
    std::vector<double> delays;
    std::size_t begin = 0;
    while (begin <= text.size()) {
        const std::size_t comma = std::min(text.find(',', begin), text.size());
        delays.push_back(months_of("--delays", std::string_view(text).substr(begin, comma - begin)));
        begin = comma + 1;
    }
    const auto wrong = std::ranges::adjacent_find(delays, std::greater_equal<>());
    if (delays.front() <= 0 || wrong != delays.end() || delays.back() > 1200)
        throw InputError(fmt::format(
            "--delays {}: delays are above 0 months, each above the one before, and at most 1200\n"
            "  legal here: months with commas between, such as 3,6,12",
            text));
    return delays;
}

double parse_at(const std::string& text, const Scenario& scenario) {
    const double at = months_of("--at", text);
    if (at < 0 || at > scenario.run.horizon)
        throw InputError(
            fmt::format("--at {}: the push comes between month 0 and the scenario's horizon, "
                        "month {:g}; only the delays may go past that",
                        text, scenario.run.horizon));
    return at;
}

std::size_t parse_drawn(const std::string& text, const std::vector<double>& delays) {
    if (text.empty()) return delays.size() - 1;
    const double wanted = months_of("--draw-delay", text);
    const auto found = std::ranges::find(delays, wanted);
    if (found != delays.end()) return static_cast<std::size_t>(found - delays.begin());
    const double nearest =
        *std::ranges::min_element(delays, {}, [&](double delay) { return std::abs(delay - wanted); });
    throw InputError(
        fmt::format("--draw-delay {}: that is none of the delays — did you mean {:g}?\n"
                    "  legal here: {:g}",
                    text, nearest, fmt::join(delays, ", ")));
}

InfluenceExperiment prepare(const InfluenceCommand& command, const Streams& streams) {
    ScenarioRequest request{.name = command.scenario,
                            .settings = command.settings,
                            .options = {{"--trajectories", "run.trajectories", command.trajectories}},
                            .strict = command.strict};
    if (command.seed) request.options.push_back({"--seed", "run.seed", *command.seed});
    InfluenceExperiment experiment{.scenario = load_scenario(request, streams),
                                   .settings = command.settings,
                                   .options = {},
                                   .threads = command.threads};
    constexpr double worlds_a_thread = 3;  // at the push, pushed, and run on
    expect_memory(
        worlds_a_thread * resolve_threads(command.threads) * bytes_of_world(experiment.scenario.world),
        "fewer --threads, or fewer startups");
    if (!has_loop(experiment.scenario))
        throw InputError(fmt::format(
            "{}: no startups of the scenario are modelled inside, so there is no loop to measure\n"
            "  legal here: a scenario in which a group of startups has 'inside: five_advantages', such as "
            "foundation_model_lab",
            command.scenario));
    experiment.options.at = parse_at(command.at, experiment.scenario);
    experiment.options.delays = parse_delays(command.delays);
    experiment.drawn = parse_drawn(command.draw_delay, experiment.options.delays);
    return experiment;
}

void announce(const InfluenceExperiment& experiment, const Streams& streams) {
    const RunSettings& run = experiment.scenario.run;
    streams.err << fmt::format(
        "{}: {}, seed {}; one company each is pushed at month {:g}, in {} "
        "places in turn\n",
        visible(experiment.scenario.title), trajectories_text(static_cast<std::uint64_t>(run.trajectories)),
        run.seed, experiment.options.at, loop_nodes);
    const double end = experiment.options.at + experiment.options.delays.back();
    if (end > run.horizon)
        streams.err << fmt::format("worlds run on to month {:g}, past the scenario's horizon of {:g}\n", end,
                                   run.horizon);
}

// Only what decides the numbers; not where they go or how many threads made them.
Json settings_json(const InfluenceExperiment& experiment, const InfluenceCommand& command) {
    return {{"command", "influence"},
            {"scenario", std::filesystem::path(command.scenario).filename().string()},
            {"set", command.settings},
            {"at", experiment.options.at},
            {"delays", experiment.options.delays},
            {"draw_delay", experiment.options.delays[experiment.drawn]}};
}

// The history that nothing was done to, up to the last look; a push is no part of a story.
Replay replay_of(const InfluenceExperiment& experiment, const InfluenceCommand& command) {
    Replay replay{.scenario = command.scenario,
                  .seed = static_cast<std::uint64_t>(experiment.scenario.run.seed),
                  .settings = command.settings};
    const double end = experiment.options.at + experiment.options.delays.back();
    if (end > experiment.scenario.run.horizon)
        replay.settings.push_back(fmt::format("run.horizon={} months", end));
    return replay;
}

Manifest manifest_of(const InfluenceExperiment& experiment, const InfluenceCommand& command,
                     const InfluenceOutcome& outcome) {
    const RunSettings& run = experiment.scenario.run;
    return {.build = build_information(),
            .seed = static_cast<std::uint64_t>(run.seed),
            .trajectories_requested = static_cast<std::uint64_t>(run.trajectories),
            .trajectories_completed = outcome.completed,
            .trajectories_failed = outcome.failed,
            .failures = failures_json(outcome.failures, replay_of(experiment, command)),
            .ending = outcome.ending,
            .settings = settings_json(experiment, command),
            .scenario = resolved_scenario(experiment.scenario),
            .files = {}};
}

void print_text(const InfluenceExperiment& experiment, const InfluenceOutcome& outcome, double seconds,
                const std::string& folder, const Streams& streams) {
    const Colour colour = colour_of(STDOUT_FILENO);
    streams.out << fmt::format("{}: units of head for each unit of tail, with 95% intervals\n",
                               visible(experiment.scenario.title))
                << table_text(influence_table(outcome.result, experiment.options, experiment.drawn), colour)
                << "\n· not distinguishable from 0\nstandardised: pushes of the head for each push of the "
                   "tail, as wide as "
                   "arrows are drawn; pushes are below\n\n"
                << table_text(loop_table(), colour);
    streams.out << fmt::format("\n{}, {:.3g} million events in {}", trajectories_text(outcome.completed),
                               1e-6 * static_cast<double>(outcome.events), elapsed_text(seconds));
    if (outcome.result.skipped > 0)
        streams.out << fmt::format("; in {} of them no company was left to push", outcome.result.skipped);
    if (outcome.failed > 0) streams.out << fmt::format("; {} failed and are left out", outcome.failed);
    streams.out << fmt::format("\nresults in {}\n", visible(folder));
}

void print_json(const InfluenceExperiment& experiment, const InfluenceCommand& command,
                const InfluenceOutcome& outcome, double seconds, const std::string& folder,
                const Streams& streams) {
    Json json = {{"version", build_information().version},
                 {"title", experiment.scenario.title},
                 {"seed", experiment.scenario.run.seed},
                 {"at_month", experiment.options.at},
                 {"trajectories_requested", experiment.scenario.run.trajectories},
                 {"trajectories_completed", outcome.completed},
                 {"trajectories_failed", outcome.failed},
                 {"failures", failures_json(outcome.failures, replay_of(experiment, command))},
                 {"trajectories_skipped", outcome.result.skipped},
                 {"ending", name_of(outcome.ending)},
                 {"events", outcome.events},
                 {"seconds", seconds}};
    json.update(influence_json(outcome.result, experiment.options));
    json["results_directory"] = folder;
    json["warnings"] = warning_texts_json(experiment.scenario);
    streams.out << json_text(json);
}

ExitCode influence(const InfluenceCommand& command, const Streams& streams) {
    const InfluenceExperiment experiment = prepare(command, streams);
    const InterruptListener interrupt;
    const auto folder = open_result_folder(command.output, usual_folder(command.scenario, "_influence"));
    Resumption resumption(*folder, !command.output.empty(), command.resume, {experiment.scenario}, streams);
    if (!command.quiet) announce(experiment, streams);
    const auto started = std::chrono::steady_clock::now();
    const InfluenceOutcome outcome =
        run_experiment(experiment, interrupt.request(),
                       command.quiet ? ProgressStyle::silent : progress_style_of(STDERR_FILENO), streams,
                       resumption.journal());
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    if (outcome.failed > 0)
        streams.err << failures_text(outcome.completed, outcome.failed, outcome.failures,
                                     replay_of(experiment, command));
    const ExperimentPlace place{
        .folder = *folder, .resumption = resumption, .interrupt = interrupt, .streams = streams};
    const bool is_whole = outcome.ending != Ending::interrupted;
    if (outcome.completed == 0) end_without_trajectories(place, is_whole, outcome.failed > 0);
    if (outcome.result.skipped == outcome.completed)
        throw InputError(fmt::format(
            "--at {}: in none of the {} trajectories was a company that is modelled inside alive then",
            command.at, outcome.completed));
    return end_with_result(place,
                           {.is_whole = is_whole,
                            .is_failed = outcome.failed > 0,
                            .held = complete_trajectories(outcome.completed)},
                           files_of(experiment, outcome), manifest_of(experiment, command, outcome),
                           [&](const std::string& where) {
                               if (command.json)
                                   print_json(experiment, command, outcome, seconds, where, streams);
                               else if (!command.quiet)
                                   print_text(experiment, outcome, seconds, where, streams);
                           });
}

constexpr const char* influence_notes = R"(
In each trajectory one company that is modelled inside is pushed: one node of its loop is moved, and nothing
else. The world goes on with the same random numbers as without the push. A strength is the change of the
arrow's head after the delay for each unit by which its tail was moved: the whole effect through all paths
within that time, on companies that are alive in both worlds by then. With 19 arrows and three delays, some
three of the 57 intervals miss by chance: each does so once in twenty times. Delays may run past the
scenario's horizon. A trajectory that fails is left out, counted and named, and the exit code is 1.

Examples:
  venturi influence foundation_model_lab
  venturi influence customer_service --trajectories 2000 --at 48 --delays 1,3,6,12,24
  venturi influence customer_service --draw-delay 3         draw the loop after 3 months, not after the last
  venturi influence healthcare --set data.flywheel=false    what is left of it without the data flywheel
  venturi influence foundation_model_lab --json --quiet | jq '.arrows[] | {tail, head, responses}')";

}  // namespace

void add_influence_command(CommandLine& program, const Streams& streams, ExitCode& code) {
    auto options = std::make_shared<InfluenceCommand>();
    const Command command =
        program.add_command("influence", "Measure and draw how a startup's advantages feed each other");
    command.option("SCENARIO", options->scenario, "a scenario file, or the name of a library scenario")
        .required();
    command.option("--trajectories", options->trajectories,
                   "how many histories to simulate, each 17 times from the push on (default: 400)");
    command.option("--at", options->at, "the month of the push (default: 36)");
    command.option("--delays", options->delays,
                   "months from the push to each look, with commas between (default: 3,6,12)");
    command.option("--draw-delay", options->draw_delay,
                   "the delay whose strengths are drawn (default: the last)");
    command.option("--seed", options->seed, "the seed (default: the scenario's)");
    command
        .option("--threads", options->threads,
                "threads (default: one for each core); the results do not depend on it")
        .within(0, 1024);
    add_setting_options(command, options->settings, options->strict);
    add_resume_option(command, options->resume);
    command.option("--output", options->output, meaning_of_output("results/SCENARIO_influence"));
    command.flag("--quiet", options->quiet, "no progress, no table");
    command.flag("--json", options->json, "print one JSON object instead of the table");
    command.notes(influence_notes);
    command.action([options, &program, streams, &code] {
        options->resume.arguments = program.arguments();
        code = influence(*options, streams);
    });
}

}  // namespace venturi
