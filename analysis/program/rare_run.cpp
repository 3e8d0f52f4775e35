#include "analysis/program/rare_run.hpp"

#include "analysis/experiments/rare_event.hpp"
#include "analysis/program/command_line.hpp"
#include "analysis/program/experiment_end.hpp"
#include "analysis/program/failure.hpp"
#include "analysis/program/interrupt.hpp"
#include "analysis/program/memory_guard.hpp"
#include "analysis/program/option_value.hpp"
#include "analysis/program/rare_experiment.hpp"
#include "analysis/program/result_publication.hpp"
#include "analysis/report/build_information.hpp"
#include "analysis/report/rare_event_report.hpp"
#include "analysis/report/terminal.hpp"
#include "analysis/statistics/memory_need.hpp"
#include "scenarios/quantity.hpp"
#include "scenarios/visible_text.hpp"
#include "sim/ensemble/pipeline.hpp"
#include "sim/ensemble/stopped.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <ostream>
#include <unistd.h>
#include <utility>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

void expect_memory_for_copies(const RareEventDesign& design, int threads) {
    const double lists = design.method == SplittingMethod::adaptive ? 1 : 2;
    expect_memory(
        resolve_threads(threads) * (lists * design.copies + 1) * bytes_of_world(design.scenario.world),
        "fewer --trajectories, fewer --threads, or fewer startups");
}

RareEventDesign design_of_request(const RareRequest& request, const Streams& streams) {
    const RareOptions& rare = request.rare;
    // By itself: a condition that is refused must leave nothing half made.
    const RareCondition condition = parse_rare_condition(rare.condition.value());
    RareEventDesign design{.scenario = {}, .condition = condition};
    if (rare.method) design.method = parse_splitting_method(*rare.method);
    if (rare.budget)
        design.budget = static_cast<std::uint64_t>(
            quantity_of_option("--budget", *rare.budget, Dimension::count,
                               {.least = 1, .most = 0x1p62, .legal = "a number of events, such as 1e8"}));
    if (rare.ever) design.moment = RareMoment::ever;
    design.scenario = load_scenario(request.scenario, streams);
    design.by = design.scenario.run.horizon;
    if (rare.by)
        design.by = quantity_of_option(
            "--by", *rare.by, Dimension::duration,
            {.least = std::numeric_limits<double>::min(),
             .most = 1200,
             .legal = "a number of months above 0 and at most 1,200, such as 60 or '5 years'"});
    const auto histories = static_cast<std::uint64_t>(design.scenario.run.trajectories);
    if (histories < fewest_split_histories)
        throw InputError(fmt::format(
            "--rare: {} trajectories can't be divided into replications that tell of the error\n  legal "
            "here: --trajectories {} or more",
            histories, fewest_split_histories));
    const SplittingEffort effort = effort_of(histories);
    design.copies = effort.copies;
    design.replications = effort.replications;
    expect_memory_for_copies(design, request.threads);
    return design;
}

void announce(const RareEventDesign& design, const Streams& streams) {
    streams.err << fmt::format("{}: {}; {} replications of {} copies, seed {}\n",
                               visible(design.scenario.title), condition_text(design), design.replications,
                               design.copies, design.scenario.run.seed);
}

std::uint64_t histories_of(std::size_t replications, const RareEventDesign& design) {
    return replications * std::uint64_t{design.copies};
}

Manifest manifest_of(const RareRequest& request, const RareEventDesign& design,
                     const MultilevelEstimate& estimate) {
    Json settings = {{"command", "rare"},
                     {"scenario", std::filesystem::path(request.scenario.name).filename().string()},
                     {"set", request.scenario.settings}};
    settings.update(rare_settings_json(design, request.rare.condition.value()));
    if (request.rare.budget) settings["budget"] = design.budget;
    return {
        .build = build_information(),
        .seed = static_cast<std::uint64_t>(design.scenario.run.seed),
        .trajectories_requested = static_cast<std::uint64_t>(design.scenario.run.trajectories),
        .trajectories_completed = histories_of(estimate.replications.size(), design),
        .trajectories_failed = histories_of(estimate.failures.size(), design),
        .failures = rare_event_json(design, estimate).at("failures"),
        .ending = estimate.ending == MultilevelEnding::interrupted ? Ending::interrupted : Ending::finished,
        .settings = std::move(settings),
        .scenario = resolved_scenario(design.scenario),
        .files = {}};
}

void expect_something_whole(const RareEventDesign& design, const MultilevelEstimate& estimate,
                            const InterruptListener& interrupt) {
    if (!estimate.replications.empty()) return;
    const ExitCode code = interrupt.exit_code(ExitCode::failure);
    if (estimate.ending == MultilevelEnding::budget_spent)
        throw EarlyEnd(code, fmt::format("the budget of {} events was spent before a replication was whole; "
                                         "nothing was written: give a larger --budget or fewer "
                                         "--trajectories, which make smaller replications",
                                         design.budget));
    if (estimate.ending == MultilevelEnding::interrupted)
        throw EarlyEnd(code, "interrupted before a replication was whole; nothing was written");
    throw EarlyEnd(code, fmt::format("every replication failed; nothing was written: {}",
                                     estimate.failures.front().reason));
}

void tell_failures(const MultilevelEstimate& estimate, const Streams& streams) {
    if (estimate.failures.empty()) return;
    streams.err << fmt::format("{} of {} replications failed and are left out:\n", estimate.failures.size(),
                               estimate.failures.size() + estimate.replications.size());
    for (const ReplicationFailure& failure : estimate.failures)
        streams.err << fmt::format("  replication {}: {}\n", failure.replication, visible(failure.reason));
}

void print_json(const RareEventDesign& design, const MultilevelEstimate& estimate, double seconds,
                const std::string& folder, const Streams& streams) {
    Json json = {{"version", build_information().version},
                 {"title", design.scenario.title},
                 {"seed", design.scenario.run.seed}};
    json.update(rare_event_json(design, estimate));
    json["seconds"] = seconds;
    json["results_directory"] = folder;
    json["warnings"] = warning_texts_json(design.scenario);
    streams.out << json_text(json);
}

void expect_values(const RareRequest& request, const RareEventDesign& design,
                   const InterruptListener& interrupt) try {
    if (has_values(design, &interrupt.request())) return;
    throw InputError(fmt::format(
        "--rare '{}': nothing and nobody in this scenario has the observable '{}' up to {}\n  legal here: an "
        "observable with a value there, as venturi run shows them",
        request.rare.condition.value(), design.condition.observable.name,
        print_quantity(design.by, Dimension::duration)));
} catch (const Stopped&) {
    throw EarlyEnd(interrupt.exit_code(ExitCode::failure),
                   "interrupted before a replication was whole; nothing was written");
}

}  // namespace

void add_rare_options(const Command& command, RareOptions& rare) {
    const CommandOption condition = command.option("--rare", rare.condition,
                                                   "the probability that a condition holds which hardly ever "
                                                   "does: 'OBSERVABLE < x', with <, <=, > or >=; "
                                                   "--trajectories are then the effort at each level");
    for (const char* senseless : {"--until", "--keep-trajectories", "--companies", "--compare-published"})
        condition.excludes(senseless);
    command.option("--by", rare.by, "with --rare: the month in which it is looked at (default: the horizon)")
        .needs(condition);
    command.flag("--ever", rare.ever, "with --rare: whether it holds in any month up to that one");
    command.option("--budget", rare.budget, "with --rare: stop once so many events have been simulated")
        .needs(condition);
    command.option("--method", rare.method, "with --rare: adaptive (the default) or fixed-effort splitting")
        .needs(condition);
}

void expect_no_rare_moment(const RareOptions& rare) {
    if (rare.ever)
        throw InputError("--ever: it says when a rare condition is looked at\n  legal here: with --rare");
}

ExitCode run_rare(const RareRequest& request, const Streams& streams) {
    const RareEventDesign design = design_of_request(request, streams);
    const InterruptListener interrupt;
    expect_values(request, design, interrupt);
    const auto folder = open_result_folder(request.output, usual_folder(request.scenario.name, "_rare"));
    Resumption resumption(*folder, !request.output.empty(), request.resume, {design.scenario}, streams);
    if (!request.quiet) announce(design, streams);
    const auto started = std::chrono::steady_clock::now();
    const MultilevelEstimate estimate =
        run_experiment(design, request.threads, interrupt.request(),
                       request.quiet ? ProgressStyle::silent : progress_style_of(STDERR_FILENO), streams,
                       resumption.journal());
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    tell_failures(estimate, streams);
    const bool is_whole = !interrupt.request().requested();
    if (estimate.replications.empty()) resumption.conclude(is_whole);
    expect_something_whole(design, estimate, interrupt);
    return end_with_result(
        {.folder = *folder, .resumption = resumption, .interrupt = interrupt, .streams = streams},
        {.is_whole = is_whole,
         .is_failed = !estimate.failures.empty(),
         .held = fmt::format("the {} replications that were whole", estimate.replications.size())},
        files_of(design, request.scenario.settings, estimate), manifest_of(request, design, estimate),
        [&](const std::string& where) {
            for (const std::string& note : rare_event_notes(design, estimate))
                streams.err << fmt::format("note: {}\n", note);
            if (request.json) {
                print_json(design, estimate, seconds, where, streams);
            } else if (!request.quiet) {
                streams.out << visible(design.scenario.title) << '\n'
                            << table_text(way_table(design, estimate), colour_of(STDOUT_FILENO)) << '\n'
                            << work_text(estimate)
                            << fmt::format("in {}; results in {}\n", elapsed_text(seconds), visible(where));
            }
        });
}

}  // namespace venturi
