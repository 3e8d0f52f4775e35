// venturi risk: fault trees and event trees from a file, or the risk tree of one startup in its world.
#include "analysis/experiments/risk_file.hpp"
#include "analysis/experiments/startup_risk.hpp"
#include "analysis/program/command_line.hpp"
#include "analysis/program/company.hpp"
#include "analysis/program/failure.hpp"
#include "analysis/program/interrupt.hpp"
#include "analysis/program/memory_guard.hpp"
#include "analysis/program/option_value.hpp"
#include "analysis/program/output_file.hpp"
#include "analysis/program/program.hpp"
#include "analysis/program/scenario_request.hpp"
#include "analysis/report/activity_display.hpp"
#include "analysis/report/risk_file_report.hpp"
#include "analysis/report/startup_risk_report.hpp"
#include "analysis/report/terminal.hpp"
#include "scenarios/library.hpp"
#include "scenarios/quantity.hpp"
#include "scenarios/scenario.hpp"
#include "sim/machine_memory.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace venturi {

namespace {

struct RiskCommand {
    std::vector<std::string> inputs;
    std::string time;
    std::string top;
    std::uint64_t simulate = 0;
    std::uint64_t uncertainty = 0;
    std::size_t list = 0;
    double least_probability = 0;
    std::uint32_t most_events = 0;
    bool prime_implicants = false;
    bool no_cut_sets = false;
    bool no_importance = false;
    std::uint64_t seed = 1;
    int threads = 0;
    std::string svg;
    bool overwrite = false;
    bool json = false;
    // of a startup in its world
    std::string startup;
    std::string month = "24";
    std::string more = "$100k";
    std::int64_t trajectory = 0;
    std::vector<std::string> settings;
    bool strict = false;
};

// A number in the file's own unit, or a duration with a unit for our own files, which are in months.
std::optional<double> mission_time(const RiskCommand& command, RiskFormat format) {
    if (command.time.empty()) return std::nullopt;
    std::string ambiguity;
    try {
        const bool plain = command.time.find_first_not_of("0123456789.+-eE ") == std::string::npos;
        const double time = plain || format != RiskFormat::yaml
                                ? parse_number(command.time)
                                : parse_quantity(command.time, Dimension::duration);
        if (time >= 0 && std::isfinite(time)) return time;
    } catch (const QuantityError& error) {
        const std::string_view why = error.what();
        if (why.find("ambiguous") != std::string_view::npos) ambiguity = fmt::format("{}; ", why);
    }
    throw InputError(
        fmt::format("--time '{}': {}the mission time is {}\n  legal here: a number of at least 0{}",
                    command.time, ambiguity,
                    format == RiskFormat::open_psa  ? "in hours"
                    : format == RiskFormat::galileo ? "in the unit of the file's rates"
                                                    : "in months, or a duration such as '2 years'",
                    format == RiskFormat::yaml ? ", or one with a unit: days, months, years" : ""));
}

RiskFileRequest request_of(const RiskCommand& command, const StopRequest& stop, TreeActivity& activity,
                           std::optional<double> time) {
    RiskFileRequest request{.time = time};
    if (!command.top.empty()) request.top = command.top;
    StaticTreeRequest& tree = request.fault_tree;
    tree.cut_sets = !command.no_cut_sets;
    tree.prime_implicants = command.prime_implicants;
    tree.listing.number = command.list;
    tree.listing.least_probability = command.least_probability;
    if (command.most_events > 0) tree.listing.most_literals = command.most_events;
    tree.importance = !command.no_importance;
    tree.uncertainty_trials = command.uncertainty;
    tree.simulated_trials = command.simulate;
    tree.seed = command.seed;
    tree.threads = command.threads;
    tree.memory = tree_memory(usable_memory());
    tree.stop = &stop;
    tree.activity = &activity;
    request.dynamic_tree = {.simulated_trajectories = command.simulate,
                            .seed = command.seed,
                            .threads = command.threads,
                            .memory = tree.memory,
                            .stop = &stop,
                            .activity = &activity};
    return request;
}

// Of a tree that is dynamic alone there are no cut sets: whoever asks for them is told.
void say_what_is_not_had(const RiskCommand& command, const RiskFileAnalysis& analysis, std::ostream& err) {
    if (!analysis.tops.empty() || !analysis.dynamic_tree) return;
    std::string unused;
    for (const auto& [option, given] : {std::pair{"--list", command.list > 0},
                                        {"--least-probability", command.least_probability > 0},
                                        {"--most-events", command.most_events > 0},
                                        {"--prime-implicants", command.prime_implicants},
                                        {"--uncertainty", command.uncertainty > 0}})
        if (given) unused += (unused.empty() ? "" : ", ") + std::string(option);
    if (!unused.empty())
        err << fmt::format(
            "warning: {}: cut sets, importance and uncertainty are those of static trees, and this one "
            "is dynamic\n",
            unused);
}

ExitCode analyse_files(const RiskCommand& command, const Streams& streams) {
    std::vector<std::filesystem::path> files(command.inputs.begin(), command.inputs.end());
    std::error_code ignored;
    if (!std::filesystem::exists(files.front(), ignored)
        && find_in_library(command.inputs.front(), library_folders()))
        throw InputError(
            fmt::format("{}: a scenario of the library, not a file of trees\n  legal here: a file of trees, "
                        "or --startup, such as --startup founders/3, for a startup's tree in that scenario",
                        in_quotes(command.inputs.front())));
    const auto time = mission_time(command, format_of(files.front()));
    const OutputFile svg("--svg", command.svg, command.overwrite);
    if (svg.is_standard_output() && command.json)
        throw InputError("--svg: a picture and --json can't both be printed");
    const RiskFile file = read_risk_file(files, time);
    if (!command.json)
        for (const Problem& problem : file.warnings()) streams.err << "warning: " << to_text(problem) << '\n';
    const InterruptListener interrupt;
    TreeActivity activity;
    const RiskFileAnalysis analysis = [&] {
        const ActivityDisplay display(activity, streams.err, is_capable_terminal(STDERR_FILENO),
                                      columns_of(STDERR_FILENO));
        return analyse(file, request_of(command, interrupt.request(), activity, time));
    }();
    say_what_is_not_had(command, analysis, streams.err);
    if (svg.is_asked_for() && analysis.tops.empty() && !analysis.dynamic_tree)
        throw InputError("--svg: the file has no tree to draw");
    const ExitCode code =
        svg.write(svg.is_asked_for() ? risk_tree_svg(risk_file_picture(file, analysis)) : "", streams);
    if (command.json)
        streams.out << json_text(risk_file_json(file, analysis));
    else if (!svg.is_standard_output())
        streams.out << risk_file_text(file, analysis, colour_of(STDOUT_FILENO));
    return interrupt.exit_code(code);
}

ExitCode look_at_startup(const RiskCommand& command, bool has_seed, const Streams& streams) {
    if (command.inputs.size() != 1) throw InputError("--startup: give one scenario");
    ScenarioRequest wanted{
        .name = command.inputs.front(), .settings = command.settings, .strict = command.strict};
    if (has_seed) wanted.options.push_back({"--seed", "run.seed", std::to_string(command.seed)});
    const Scenario scenario = load_scenario(wanted, streams);
    expect_memory(bytes_of_world(scenario.world), "fewer startups");
    const double month = quantity_of_option("--month", command.month, Dimension::duration,
                                            {.legal = "a number of months, such as 24"});
    const double more =
        quantity_of_option("--more", command.more, Dimension::money, {.legal = "an amount, such as $100k"});
    const OutputFile svg("--svg", command.svg, command.overwrite);
    if (svg.is_standard_output() && command.json)
        throw InputError("--svg: a picture and --json can't both be printed");
    if (month > scenario.run.horizon)
        throw InputError(
            fmt::format("--month {:g}: the scenario ends at month {:g}", month, scenario.run.horizon));
    TreeActivity activity;
    activity.begin("simulating the startup's history");
    std::optional<ActivityDisplay> display(std::in_place, activity, streams.err,
                                           is_capable_terminal(STDERR_FILENO), columns_of(STDERR_FILENO));
    World<PlainDraws> world(make_setup(scenario.world, scenario.interventions));
    world.reset(PlainDraws(FastVariates(static_cast<std::uint64_t>(scenario.run.seed),
                                        static_cast<std::uint32_t>(command.trajectory))));
    world.run_until(month);
    const std::uint32_t index = find_company(world, "--startup", command.startup);
    const auto& startup = world.startups[index];
    if (!startup.has_inside())
        throw InputError(
            fmt::format("{} is an outline and has no risk tree\n  legal here: a startup of a group with "
                        "'inside: five_advantages'",
                        command.startup));
    if (!is_alive(startup.status))
        throw InputError(fmt::format(
            "{} is {} at month {:g}; try another --month, --trajectory or --startup", command.startup,
            startup.status == Status::unfounded ? "not founded yet"
                                                : status_names[static_cast<std::size_t>(startup.status)],
            month));
    const StartupRiskSubject subject{.company = command.startup,
                                     .month = month,
                                     .more = more,
                                     .seed = static_cast<std::uint64_t>(scenario.run.seed),
                                     .trajectory = static_cast<std::uint64_t>(command.trajectory),
                                     .settings = command.settings};
    activity.begin("the startup's risks");
    const StartupRisk risk = look_at_risk(world, index, more);
    display.reset();
    const ExitCode code = svg.write(
        svg.is_asked_for() ? risk_tree_svg(startup_risk_picture(world, subject, risk)) : "", streams);
    if (command.json) {
        nlohmann::ordered_json json = startup_risk_json(world, subject, risk);
        json["warnings"] = warning_texts_json(scenario);
        streams.out << json_text(json);
    } else if (!svg.is_standard_output()) {
        streams.out << startup_risk_text(world, subject, risk, colour_of(STDOUT_FILENO));
    }
    return code;
}

// What can be asked of files of trees, and what of a startup, where it says nothing of the other.
constexpr std::array of_files = std::to_array<std::string_view>(
    {"--time", "--top", "--simulate", "--uncertainty", "--list", "--least-probability", "--most-events",
     "--prime-implicants", "--no-cut-sets", "--no-importance"});
constexpr std::array of_startups =
    std::to_array<std::string_view>({"--month", "--more", "--trajectory", "--set", "--strict"});

void expect_options(bool of_startup, const std::vector<std::string>& given) {
    const std::span<const std::string_view> wrong = of_startup
                                                        ? std::span<const std::string_view>(of_files)
                                                        : std::span<const std::string_view>(of_startups);
    for (const std::string& option : given)
        if (std::ranges::find(wrong, option) != wrong.end())
            throw InputError(
                fmt::format("{}: {}", option,
                            of_startup ? "is asked of files of trees, not of a startup's tree (--startup)"
                                       : "is asked of a startup's tree, with --startup"));
}

ExitCode risk(const RiskCommand& command, const std::vector<std::string>& given, const Streams& streams) {
    expect_options(!command.startup.empty(), given);
    return command.startup.empty()
               ? analyse_files(command, streams)
               : look_at_startup(command, std::ranges::find(given, "--seed") != given.end(), streams);
}

constexpr const char* risk_examples = R"(
A FILE is in the Open-PSA exchange format (XML; several make one model), Galileo's (.dft), or our own YAML.

Examples:
  venturi risk pumps.yaml                            probability, cut sets, what matters most
  venturi risk plant.xml --list 20 --svg plant.svg   the 20 likeliest cut sets, and a picture
  venturi risk plant.xml --uncertainty 100000        what uncertain parameters do
  venturi risk plant.xml events.xml --json           fault trees and event trees together
  venturi risk system.dft --time 100                 a dynamic tree: mean time to failure, unreliability
  venturi risk system.dft --time 100 --simulate 100000
  venturi risk healthcare --startup founders/3 --month 24 --svg tree.svg
                                                     a startup's tree, and what $100k more would buy

What --startup shows is one history of the scenario, that of --trajectory under the scenario's seed.

Work has bounds, and says where it reached one: a diagram 512 MiB and 100 million steps, cut sets 512 MiB and 400
million, a Markov chain a million states and 512 MiB, simulated histories that --simulate did not ask for 10
million events in all, those that it did 10 thousand million. Where a quarter of the memory is less than 512 MiB,
it is the bound. Ctrl-C stops and shows what has been found.)";

}  // namespace

void add_risk_command(CommandLine& program, const Streams& streams, ExitCode& code) {
    auto options = std::make_shared<RiskCommand>();
    const Command command =
        program.add_command("risk", "Analyse fault trees, or look at a startup's own risk tree");
    command.option("FILE", options->inputs, "files of trees; with --startup a scenario").required();
    command.option(
        "--time", options->time,
        "mission time: hours (Open-PSA, default 8760), months or a duration (YAML), the file's unit "
        "(Galileo)");
    command.option("--top", options->top, "the gate to analyse (Open-PSA; default: all that no gate uses)");
    command
        .option("--simulate", options->simulate,
                "simulate exactly so many trials or histories beside the exact value; intervals have 99%")
        .within(std::uint64_t{1}, std::uint64_t{4000000000});
    command.option("--uncertainty", options->uncertainty, "trials over uncertain parameters (Open-PSA)")
        .within(std::uint64_t{2}, std::uint64_t{100000000});
    command.option("--list", options->list, "list so many of the likeliest cut sets")
        .within(std::uint64_t{0}, std::uint64_t{10000000});
    command.option("--least-probability", options->least_probability, "list only cut sets at least so likely")
        .within(0.0, 1.0);
    command.option("--most-events", options->most_events, "list only cut sets of at most so many events");
    command.flag("--prime-implicants", options->prime_implicants,
                 "prime implicants instead of minimal cut sets, where the tree isn't coherent");
    command.flag("--no-cut-sets", options->no_cut_sets, "leave cut sets out");
    command.flag("--no-importance", options->no_importance, "leave the importance of events out");
    command.option(
        "--seed", options->seed,
        "seed of simulation and uncertainty (default: 1); with --startup of the scenario (default: its own)");
    command.option("--threads", options->threads, "threads (default: one for each core)").within(0, 1024);
    command.option("--svg", options->svg, "draw the tree into this file; - prints the picture instead");
    add_overwrite_option(command, options->overwrite);
    command.flag("--json", options->json, "print one JSON object");
    command.option("--startup", options->startup, "group/number, such as founders/3: look at its own tree");
    command.option("--month", options->month, "at which month (default: 24)");
    command.option("--more", options->more, "money to ask about (default: $100k)");
    command.option("--trajectory", options->trajectory, "which history, counted from 0")
        .within(std::int64_t{0}, std::int64_t{4294967295});
    add_setting_options(command, options->settings, options->strict);
    command.notes(risk_examples);
    command.action([options, command, streams, &code] { code = risk(*options, command.given(), streams); });
}

}  // namespace venturi
