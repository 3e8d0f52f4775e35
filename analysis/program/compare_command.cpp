// venturi compare: variants of a scenario against it, every history under the same luck.
#include "analysis/experiments/comparison.hpp"
#include "analysis/program/command_line.hpp"
#include "analysis/program/compare_experiment.hpp"
#include "analysis/program/experiment_end.hpp"
#include "analysis/program/failure.hpp"
#include "analysis/program/interrupt.hpp"
#include "analysis/program/memory_guard.hpp"
#include "analysis/program/program.hpp"
#include "analysis/program/result_publication.hpp"
#include "analysis/program/resumption.hpp"
#include "analysis/program/scenario_request.hpp"
#include "analysis/report/build_information.hpp"
#include "analysis/report/failures.hpp"
#include "analysis/report/progress_bar.hpp"
#include "analysis/report/quantity_text.hpp"
#include "analysis/report/terminal.hpp"
#include "analysis/report/variant_report.hpp"
#include "analysis/statistics/memory_need.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/visible_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <unistd.h>
#include <utility>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

struct CompareCommand {
    std::string base;
    std::vector<std::string> files;
    std::vector<std::string> with;
    std::vector<std::string> settings;
    bool strict = false;
    std::optional<std::string> trajectories;
    std::optional<std::string> seed;
    int threads = 0;
    std::string output;
    ResumeRequest resume = {};
    bool by_group = false;
    bool without_controls = false;
    bool quiet = false;
    bool json = false;
};

std::string variant_name(const CompareDesign& design, const std::string& wanted) {
    std::string name = wanted;
    for (int number = 2; std::ranges::find(design.variants, name, &Variant::name) != design.variants.end();
         ++number)
        name = fmt::format("{} {}", wanted, number);
    return name;
}

void add_variant(CompareDesign& design, const CompareCommand& command, ScenarioRequest request,
                 const std::string& name, ToldWarnings& told, const Streams& streams) {
    if (command.trajectories)
        request.options.push_back({"--trajectories", "run.trajectories", *command.trajectories});
    if (command.seed) request.options.push_back({"--seed", "run.seed", *command.seed});
    Scenario loaded = load_scenario(request, streams, told);
    if (!design.variants.empty()) {
        const RunSettings& base = design.variants.front().scenario.run;
        const RunSettings& run = loaded.run;
        if (run.horizon != base.horizon || run.observe_every != base.observe_every)
            throw InputError(
                fmt::format("{}: observed every {} up to {}, where the base is every {} up to {}; histories "
                            "are compared at "
                            "the same months\n"
                            "  legal here: --set run.horizon=MONTHS and --set run.observe_every=MONTHS, "
                            "which hold for all",
                            name, quantity_text(run.observe_every, Dimension::duration),
                            quantity_text(run.horizon, Dimension::duration),
                            quantity_text(base.observe_every, Dimension::duration),
                            quantity_text(base.horizon, Dimension::duration)));
    }
    try {
        static_cast<void>(make_setup(loaded.world, loaded.interventions));
    } catch (const std::invalid_argument& error) {
        if (design.variants.empty())
            throw InputError(fmt::format("{}: there is no world of it: {}", request.name, error.what()));
        Replay replay{.scenario = request.name,
                      .seed = static_cast<std::uint64_t>(loaded.run.seed),
                      .settings = request.settings};
        replay.settings.insert(replay.settings.end(), request.with.begin(), request.with.end());
        design.impossible.push_back({name, error.what(), std::move(replay)});
        return;
    }
    design.variants.push_back({.name = variant_name(design, name), .scenario = std::move(loaded)});
    design.scenarios.push_back(request.name);
    design.settings.push_back(std::move(request.settings));
    design.settings.back().insert(design.settings.back().end(), request.with.begin(), request.with.end());
}

std::string stem_of(const std::string& scenario) {
    return std::filesystem::path(scenario).stem().string();
}

CompareDesign design_of(const CompareCommand& command, const Streams& streams) {
    if (command.files.empty() && command.with.empty())
        throw InputError(
            "compare: there is nothing to compare the base with\n"
            "  legal here: one or more scenarios after the first, or --with path=value");
    for (const std::string& setting : command.with)
        if (setting.starts_with("run.seed=") || setting.starts_with("run.trajectories="))
            throw InputError(fmt::format(
                "--with '{}': it is no part of the world: all variants have the same luck and as many "
                "trajectories\n  legal here: a parameter of the world; --seed and --trajectories hold "
                "for all variants",
                setting));
    CompareDesign design;
    if (command.without_controls) design.controls = Controls::without;
    ToldWarnings told;
    ScenarioRequest request{
        .name = command.base, .settings = command.settings, .options = {}, .strict = command.strict};
    add_variant(design, command, request, stem_of(command.base), told, streams);
    for (const std::string& file : command.files) {
        request.name = file;
        add_variant(design, command, request, stem_of(file), told, streams);
    }
    if (!command.with.empty()) {
        request.name = command.base;
        request.with = command.with;
        add_variant(design, command, request, fmt::format("{}", fmt::join(command.with, ", ")), told,
                    streams);
    }
    design.warnings = told.texts();
    if (design.variants.size() == 1) {
        const CompareDesign::Impossible& first = design.impossible.front();
        throw InputError(fmt::format("{}: there is no world of it: {}", first.name, first.reason));
    }
    for (const CompareDesign::Impossible& each : design.impossible)
        streams.err << fmt::format("{}: there is no world of it, and it is left out: {}\n  replay: {}\n",
                                   visible(each.name), visible(each.reason),
                                   visible(replay_command(each.replay, 0)));
    double bytes = 0;
    for (const Variant& variant : design.variants)
        bytes += memory_need(variant.scenario, command.threads, {}).total();
    expect_memory(bytes, "fewer variants, fewer --threads, or a longer run.observe_every");
    return design;
}

/// Throws where there is nothing to be told by group.
void expect_groups(const CompareDesign& design) {
    const auto& base = design.variants.front().scenario.world.startups;
    const auto shares_a_group = [&](const Variant& variant) {
        const auto& groups = variant.scenario.world.startups;
        return groups.size() > 1 && std::ranges::any_of(groups, [&](const StartupGroupParameters& group) {
                   return std::ranges::find(base, group.name, &StartupGroupParameters::name) != base.end();
               });
    };
    if (base.size() > 1
        && std::any_of(std::next(design.variants.begin()), design.variants.end(), shares_a_group))
        return;
    throw InputError(
        fmt::format("--by-group: {}\n  legal here: scenarios with several groups of startups, such as "
                    "ecosystem; without it all companies are told of together",
                    base.size() < 2 ? "the base has one group of startups alone"
                                    : "no variant has several groups of startups and one of the base's"));
}

void announce(const CompareDesign& design, const Streams& streams) {
    const Scenario& base = design.variants.front().scenario;
    streams.err << fmt::format("{}: {} of {}, seed {}, each in {} variants\n", visible(base.title),
                               trajectories_text(static_cast<std::uint64_t>(base.run.trajectories)),
                               quantity_text(base.run.horizon, Dimension::duration), base.run.seed,
                               design.variants.size());
}

/// The failures, each with the command that replays it in the variant that failed.
Json failures_of(const CompareDesign& design, const ComparisonOutcome& outcome) {
    Json list = Json::array();
    for (const TrajectoryFailure& failure : outcome.failures) {
        std::size_t culprit = 0;
        for (std::size_t i = 0; i < design.variants.size(); ++i)
            if (failure.reason.starts_with(design.variants[i].name + ": ")) culprit = i;
        const Replay replay{.scenario = design.scenarios[culprit],
                            .seed = static_cast<std::uint64_t>(design.variants.front().scenario.run.seed),
                            .settings = design.settings[culprit]};
        list.push_back(failures_json({failure}, replay).front());
    }
    return list;
}

void tell_failures(const CompareDesign& design, const ComparisonOutcome& outcome, const Streams& streams) {
    if (outcome.failed == 0) return;
    streams.err << fmt::format(
        "{} of {} trajectories failed in one of the variants and are left out in all:\n", outcome.failed,
        outcome.completed + outcome.failed);
    for (const Json& failure : failures_of(design, outcome))
        streams.err << fmt::format(
            "  trajectory {}: {}\n    {}\n", failure["trajectory"].get<std::uint64_t>(),
            visible(failure["reason"].get<std::string>()), visible(failure["replay"].get<std::string>()));
}

// Only what decides the numbers; not where they go or how many threads made them.
Json settings_json(const CompareDesign& design) {
    Json variants = Json::array();
    for (std::size_t i = 0; i < design.variants.size(); ++i)
        variants.push_back({{"name", design.variants[i].name},
                            {"scenario", std::filesystem::path(design.scenarios[i]).filename().string()},
                            {"set", design.settings[i]},
                            {"resolved", resolved_scenario(design.variants[i].scenario)}});
    return {{"command", "compare"},
            {"controls", design.controls == Controls::with},
            {"variants", std::move(variants)}};
}

Manifest manifest_of(const CompareDesign& design, const ComparisonOutcome& outcome) {
    const Scenario& base = design.variants.front().scenario;
    return {.build = build_information(),
            .seed = static_cast<std::uint64_t>(base.run.seed),
            .trajectories_requested = static_cast<std::uint64_t>(base.run.trajectories),
            .trajectories_completed = outcome.completed,
            .trajectories_failed = outcome.failed,
            .failures = failures_of(design, outcome),
            .ending = outcome.ending,
            .settings = settings_json(design),
            .scenario = resolved_scenario(base),
            .files = {}};
}

bool has_controls(const VariantResults& results) {
    return std::ranges::any_of(results.differences, [](const auto& rows) {
        return std::ranges::any_of(rows, &ObservableDifference::has_controls);
    });
}

void print_text(const CompareDesign& design, const VariantResults& results, bool by_group,
                const ComparisonOutcome& outcome, double seconds, const std::string& folder,
                const Streams& streams) {
    const Colour colour = colour_of(STDOUT_FILENO);
    for (std::size_t variant = 1; variant < design.variants.size(); ++variant) {
        streams.out << table_text(difference_table(results, variant), colour)
                    << visible_lines(fates_text(results, variant)) << '\n';
        for (std::size_t group = 0; by_group && group < results.groups[variant - 1].size(); ++group)
            streams.out << table_text(group_difference_table(results, variant, group), colour) << '\n';
    }
    if (by_group)
        streams.out
            << "log_rank: deaths of a company of the variant, expected if both had the same hazard, and "
               "seen\n";
    if (outcome.completed == 1) streams.out << one_trajectory_note;
    streams.out << fmt::format(
        "* differs, at 95% for all observables of a variant together (Holm); intervals are of one each\n"
        "differences of shares are in percentage points\n"
        "pairing saves: how many times fewer trajectories the same luck needs than luck apart\n{}\n"
        "{} in {} variants, {:.3g} million events in {}\nresults in {}\n",
        has_controls(results) ? "differences are less what is known to be luck (controls)\n" : "",
        trajectories_text(outcome.completed), design.variants.size(),
        1e-6 * static_cast<double>(outcome.events), elapsed_text(seconds), visible(folder));
}

void print_json(const CompareDesign& design, const VariantResults& results, const ComparisonOutcome& outcome,
                double seconds, const std::string& folder, const Streams& streams) {
    const Scenario& base = design.variants.front().scenario;
    Json json = {{"version", build_information().version},
                 {"title", base.title},
                 {"seed", base.run.seed},
                 {"trajectories_requested", base.run.trajectories},
                 {"trajectories_completed", outcome.completed},
                 {"trajectories_failed", outcome.failed},
                 {"failures", failures_of(design, outcome)},
                 {"ending", name_of(outcome.ending)},
                 {"events", outcome.events},
                 {"seconds", seconds}};
    json.update(comparison_json(results));
    json["results_directory"] = folder;
    json["variants_failed"] = Json::array();
    for (const CompareDesign::Impossible& each : design.impossible)
        json["variants_failed"].push_back(
            {{"variant", each.name}, {"reason", each.reason}, {"replay", replay_command(each.replay, 0)}});
    json["warnings"] = design.warnings;
    streams.out << json_text(json);
}

ExitCode compare(const CompareCommand& command, const Streams& streams) {
    const CompareDesign design = design_of(command, streams);
    if (command.by_group) expect_groups(design);
    const InterruptListener interrupt;
    const auto folder = open_result_folder(command.output, usual_folder(command.base, "_compare"));
    Resumption resumption(*folder, !command.output.empty(), command.resume, scenarios_of(design.variants),
                          streams);
    if (!command.quiet) announce(design, streams);
    const auto started = std::chrono::steady_clock::now();
    const ComparisonOutcome outcome =
        run_experiment(design, command.threads, interrupt.request(),
                       command.quiet ? ProgressStyle::silent : progress_style_of(STDERR_FILENO), streams,
                       resumption.journal());
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    tell_failures(design, outcome, streams);
    const ExperimentPlace place{
        .folder = *folder, .resumption = resumption, .interrupt = interrupt, .streams = streams};
    const bool is_whole = outcome.ending != Ending::interrupted;
    if (outcome.completed == 0) end_without_trajectories(place, is_whole, outcome.failed > 0);
    const VariantResults results = results_of(design.variants, outcome.result);
    return end_with_result(
        place,
        {.is_whole = is_whole,
         .is_failed = outcome.failed > 0 || !design.impossible.empty(),
         .held = complete_trajectories(outcome.completed)},
        files_of(design, results), manifest_of(design, outcome), [&](const std::string& where) {
            if (command.json)
                print_json(design, results, outcome, seconds, where, streams);
            else if (!command.quiet)
                print_text(design, results, command.by_group, outcome, seconds, where, streams);
        });
}

constexpr const char* compare_notes = R"(
Every trajectory is lived once in each variant with the same random numbers, company by company, so that what
differs is what the change did and not luck: intervals of differences are those of pairs. A trajectory that fails
in one variant is left out in all, counted and named, and the exit code is 1, as it is where a variant has no world at all. All variants have the base's seed,
number of trajectories and horizon. Several --with make one variant together; for several variants give files.

From shares of companies, rounds, money raised and proceeds is taken off what is known to be luck: by how much what
came of raises, offers, listings and shutdowns differs from what was to be expected of them at the time, times
coefficients from other trajectories. That has mean 0, so that it moves no estimate but by chance, and makes intervals
shorter; so a difference is not to the last digit that of the two columns before it. Where other trajectories say that
it makes nothing shorter, and below 24 trajectories, nothing is taken off. --no-controls leaves it away.

Files: design.csv, results.csv (a row for each variant and observable), groups.csv (the same by group of startups,
where there are several), experiment.nc (over variant, month and statistic), survival.svg, manifest.json.

Of groups there are restricted mean survival time and the log-rank test too: how many deaths of a company are
expected if both sides had the same hazard, and how many are seen; its interval knows that companies share worlds.

Examples:
  venturi compare seed_cohort --with environment.climate.initial=cold
  venturi compare seed_cohort my_policy.yaml my_other_policy.yaml --trajectories 2000
  venturi compare customer_service --with finance.raising.attempts=5 --set run.horizon="72 months"
  venturi compare ecosystem --with environment.climate.initial=cold --by-group
  venturi compare seed_cohort --with environment.climate.initial=cold --json --quiet | jq '.differences[0]')";

}  // namespace

void add_compare_command(CommandLine& program, const Streams& streams, ExitCode& code) {
    auto options = std::make_shared<CompareCommand>();
    const Command command =
        program.add_command("compare", "What a change does: variants of a scenario under the same luck");
    command.option("BASE", options->base, "a scenario file, or the name of a library scenario").required();
    command.option("VARIANT", options->files, "other scenarios, to be held against the base");
    command
        .option("--with", options->with,
                "set a parameter in a variant of the base: path=value; several make one variant together")
        .one_value_each();
    command.option("--trajectories", options->trajectories,
                   "how many histories, each lived in every variant (default: the base's)");
    command.option("--seed", options->seed, "the seed (default: the base's)");
    command
        .option("--threads", options->threads,
                "threads (default: one for each core); the results do not depend on it")
        .within(0, 1024);
    add_setting_options(command, options->settings, options->strict);
    add_resume_option(command, options->resume);
    command.option("--output", options->output, meaning_of_output("results/BASE_compare"));
    command.flag("--by-group", options->by_group,
                 "print a table for each group of startups too, where there are several");
    command.flag("--no-controls", options->without_controls,
                 "differences as they are, without taking off what is known to be luck");
    command.flag("--quiet", options->quiet, "no progress, no table");
    command.flag("--json", options->json, "print the result as JSON");
    command.notes(compare_notes);
    command.action([options, &program, streams, &code] {
        options->resume.arguments = program.arguments();
        code = compare(*options, streams);
    });
}

}  // namespace venturi
