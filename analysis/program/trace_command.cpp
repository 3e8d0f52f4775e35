// venturi trace: one trajectory, told as the story of one company, or its network drawn at a month.
#include "agents/partnership/network_state.hpp"
#include "agents/world.hpp"
#include "analysis/experiments/network_snapshot.hpp"
#include "analysis/program/command_line.hpp"
#include "analysis/program/company.hpp"
#include "analysis/program/failure.hpp"
#include "analysis/program/memory_guard.hpp"
#include "analysis/program/option_value.hpp"
#include "analysis/program/output_file.hpp"
#include "analysis/program/program.hpp"
#include "analysis/program/scenario_request.hpp"
#include "analysis/report/busy_line.hpp"
#include "analysis/report/caption.hpp"
#include "analysis/report/csv_writer.hpp"
#include "analysis/report/network_picture.hpp"
#include "analysis/report/quantity_text.hpp"
#include "analysis/report/terminal.hpp"
#include "analysis/statistics/cooperation_network.hpp"
#include "analysis/statistics/observables.hpp"
#include "scenarios/problem.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/visible_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>
#include <ostream>
#include <unistd.h>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

struct TraceOptions {
    std::string scenario;
    std::int64_t trajectory = 0;
    std::optional<std::string> company;
    std::vector<std::string> settings;
    bool strict = false;
    std::optional<std::string> seed;
    std::string csv;
    bool json = false;
    bool detail = false;
    std::optional<std::string> graph;
    std::string graph_output;
    bool overwrite = false;
};

constexpr std::array kind_names = std::to_array<std::string_view>({"founded",
                                                                   "launched",
                                                                   "customers",
                                                                   "raise_begun",
                                                                   "raise_failed",
                                                                   "round_closed",
                                                                   "offer_declined",
                                                                   "acquired",
                                                                   "listed",
                                                                   "shut_down",
                                                                   "bankrupt",
                                                                   "climate",
                                                                   "intervention",
                                                                   "planned",
                                                                   "bottleneck",
                                                                   "tuned",
                                                                   "run_started",
                                                                   "run_finished",
                                                                   "run_failed",
                                                                   "adopted",
                                                                   "breakthrough",
                                                                   "hired",
                                                                   "left",
                                                                   "reviewed",
                                                                   "laid_off",
                                                                   "incident",
                                                                   "warning",
                                                                   "crisis",
                                                                   "repaired",
                                                                   "claim_paid",
                                                                   "insured",
                                                                   "bridged",
                                                                   "insurer_ruined",
                                                                   "tied",
                                                                   "tie_ended",
                                                                   "project_begun",
                                                                   "project_delivered",
                                                                   "project_broken_off",
                                                                   "partner_failed",
                                                                   "hit_by_failure"});
static_assert(kind_names.size() == static_cast<std::size_t>(Notice::Kind::hit_by_failure) + 1);

// The daily work inside a company: shown with --detail, and always in tables.
bool is_detail(Notice::Kind kind) {
    switch (kind) {
        case Notice::Kind::planned:
        case Notice::Kind::bottleneck:
        case Notice::Kind::tuned:
        case Notice::Kind::run_started:
        case Notice::Kind::run_finished:
        case Notice::Kind::hired:
        case Notice::Kind::left:
        case Notice::Kind::reviewed:
        case Notice::Kind::warning:
        case Notice::Kind::repaired:
        case Notice::Kind::insured:
        case Notice::Kind::tied:
        case Notice::Kind::tie_ended:
        case Notice::Kind::project_begun:
        case Notice::Kind::partner_failed:
            return true;
        default:
            return false;
    }
}

std::string_view role_of(double number) {
    constexpr std::array<std::string_view, roles> people = {"a researcher", "an engineer", "a data engineer",
                                                            "a business person"};
    return people[static_cast<std::size_t>(number)];
}

std::string_view kind_name(Notice::Kind kind) {
    return kind_names[static_cast<std::size_t>(kind)];
}

std::string accounts(double count) {
    return fmt::format("{:.0f} account{}", count, count == 1 ? "" : "s");
}
std::string dollars(double amount) {
    return quantity_text(amount, Dimension::money);
}
std::string per_month(double amount) {
    return quantity_text(amount, Dimension::money_per_month);
}

std::string round_name(const PlainWorld& world, std::size_t follow_on) {
    std::string name = world.parameters.finance.rounds[follow_on].name;
    std::ranges::replace(name, '_', ' ');
    // "series a" is written "series A".
    const bool ends_in_letter = name.size() > 1 && name[name.size() - 2] == ' ';
    if (ends_in_letter)
        name.back() = static_cast<char>(std::toupper(static_cast<unsigned char>(name.back())));
    return name;
}

// The name of a leaf of the risk tree, as it reads in a sentence.
std::string leaf_name(const PlainWorld& world, double leaf) {
    std::string name = world.parameters.risk.leaves[static_cast<std::size_t>(leaf)].name;
    std::replace(name.begin(), name.end(), '_', ' ');
    return name;
}

// What a notice says, in words. `rounds_before` counts the rounds after the seed that had closed.
std::string sentence(const PlainWorld& world, const Notice& notice, std::size_t rounds_before) {
    switch (notice.kind) {
        case Notice::Kind::founded:
            return fmt::format("founded with a seed round of {}; plans to spend {}", dollars(notice.amount),
                               per_month(notice.detail));
        case Notice::Kind::launched:
            return fmt::format("launches its product at {} an account, with {} left",
                               per_month(notice.detail), dollars(notice.amount));
        case Notice::Kind::customers:
            return fmt::format("{}: revenue {}", accounts(notice.amount), per_month(notice.detail));
        case Notice::Kind::raise_begun:
            return std::isfinite(notice.detail)
                       ? fmt::format("begins to raise the {} round, with {} left for {}",
                                     round_name(world, rounds_before), dollars(notice.amount),
                                     quantity_text(notice.detail, Dimension::duration))
                       : fmt::format("begins to raise the {} round, not from need: cash {} and growing",
                                     round_name(world, rounds_before), dollars(notice.amount));
        case Notice::Kind::raise_failed:
            return notice.detail >= static_cast<double>(world.parameters.finance.raising.attempts)
                       ? fmt::format("fails to raise again and cuts back to live on its revenue; {} left",
                                     dollars(notice.amount))
                       : fmt::format("fails to raise, attempt {:.0f}, and cuts its spending; {} left",
                                     notice.detail, dollars(notice.amount));
        case Notice::Kind::round_closed:
            return fmt::format("closes the {} round: {} at {} post-money", round_name(world, rounds_before),
                               dollars(notice.amount), dollars(notice.detail));
        case Notice::Kind::offer_declined:
            return fmt::format("declines an offer of {}; the last round valued it at {}",
                               dollars(notice.amount), dollars(notice.detail));
        case Notice::Kind::acquired:
            return fmt::format("is acquired for {}; the founders get {}", dollars(notice.amount),
                               dollars(notice.detail));
        case Notice::Kind::listed:
            return fmt::format("is listed at {}; the founders' part is worth {}", dollars(notice.amount),
                               dollars(notice.detail));
        case Notice::Kind::shut_down:
            return fmt::format("is shut down by its founders, with {} in the bank and {}",
                               dollars(notice.amount), accounts(notice.detail));
        case Notice::Kind::bankrupt:
            return fmt::format("runs out of cash: bankrupt after raising {}, with {}", dollars(notice.amount),
                               accounts(notice.detail));
        case Notice::Kind::climate:
            return fmt::format("(the funding climate turns {})",
                               climate_names[static_cast<std::size_t>(notice.amount)]);
        case Notice::Kind::intervention:
            return fmt::format("(intervention{}: {})", notice.detail == 0 ? "" : " that has passed",
                               world.setup().interventions[static_cast<std::size_t>(notice.amount)].name);
        case Notice::Kind::planned:
            return fmt::format("plans the next months: a staff of {:.0f}, spending {}", notice.amount,
                               per_month(notice.detail));
        case Notice::Kind::bottleneck:
            return fmt::format("evaluates its model, {:.2f} behind the frontier: the bottleneck is {}",
                               notice.detail, bottleneck_names[static_cast<std::size_t>(notice.amount)]);
        case Notice::Kind::tuned:
            return fmt::format("tunes its training{}; learning rates are within a factor of {:.2f}",
                               notice.detail > 0 ? ", with a new architecture" : "", std::exp(notice.amount));
        case Notice::Kind::run_started:
            return fmt::format("starts a training run on {} of compute, {:.2g} FLOP", dollars(notice.amount),
                               notice.detail);
        case Notice::Kind::run_finished:
            return fmt::format("finishes the run at a loss of {:.4f}, {:.0f}% of what it could attain",
                               notice.amount, 100 * notice.detail);
        case Notice::Kind::run_failed:
            return fmt::format("loses a training run, and {} of compute", dollars(notice.amount));
        case Notice::Kind::adopted:
            return fmt::format(
                "brings a new model into its product, {:.2f} behind the frontier; quality {:.2f}",
                notice.detail, notice.amount);
        case Notice::Kind::breakthrough:
            return fmt::format("finds an architecture that needs {:.1f} times less compute", notice.amount);
        case Notice::Kind::hired:
            return fmt::format("hires {}{}", role_of(notice.amount),
                               notice.detail == 2   ? " from a university or an industry partner"
                               : notice.detail == 1 ? " from another startup"
                                                    : "");
        case Notice::Kind::left:
            return fmt::format("loses {}{}", role_of(notice.amount),
                               notice.detail == 3   ? " to a university or an industry partner"
                               : notice.detail == 2 ? " to another startup"
                                                    : "");
        case Notice::Kind::reviewed:
            return fmt::format("reviews its staff: {:.0f} promoted, {:.0f} let go", notice.amount,
                               notice.detail);
        case Notice::Kind::laid_off:
            return fmt::format("lays off {:.0f} of its staff", notice.amount);
        case Notice::Kind::incident:
            return fmt::format("suffers an incident, {}, which costs {}", leaf_name(world, notice.detail),
                               dollars(notice.amount));
        case Notice::Kind::warning:
            return fmt::format("is warned of {}", leaf_name(world, notice.detail));
        case Notice::Kind::crisis:
            return fmt::format("is in a crisis, which costs {} more", dollars(notice.amount));
        case Notice::Kind::repaired:
            return fmt::format("has put {} right after {}", leaf_name(world, notice.detail),
                               quantity_text(notice.amount, Dimension::duration));
        case Notice::Kind::claim_paid:
            return fmt::format("is paid {} by its insurer", dollars(notice.amount));
        case Notice::Kind::insured:
            return fmt::format("is insured for {}, with {:.0f}% of what is above the deductible covered",
                               per_month(notice.amount), 100 * notice.detail);
        case Notice::Kind::bridged:
            return fmt::format("is bridged by its investors with {}", dollars(notice.amount));
        case Notice::Kind::insurer_ruined:
            return fmt::format("(an insurer is ruined)");
        case Notice::Kind::tied:
            return fmt::format("begins to cooperate with {}{}",
                               partner_name(world, static_cast<std::uint32_t>(notice.amount)),
                               notice.detail > 0 ? ", whom a partner has brought along" : "");
        case Notice::Kind::tie_ended:
            return fmt::format("cooperates with {} no longer, after {}",
                               partner_name(world, static_cast<std::uint32_t>(notice.amount)),
                               quantity_text(notice.detail, Dimension::duration));
        case Notice::Kind::project_begun:
            return fmt::format("begins a joint project of {:.0f} worth {}", notice.detail,
                               dollars(notice.amount));
        case Notice::Kind::project_delivered:
            return fmt::format("delivers a joint project, and gets {} for its part", dollars(notice.amount));
        case Notice::Kind::project_broken_off:
            return fmt::format("breaks off a joint project; an advance of {} is paid back",
                               dollars(notice.amount));
        case Notice::Kind::partner_failed:
            return fmt::format("({} fails)", partner_name(world, static_cast<std::uint32_t>(notice.amount)));
        case Notice::Kind::hit_by_failure:
            return fmt::format("loses {} by the failure of {}", dollars(notice.amount),
                               partner_name(world, static_cast<std::uint32_t>(notice.detail)));
    }
    return {};
}

bool concerns_everyone(Notice::Kind kind) {
    return kind == Notice::Kind::climate || kind == Notice::Kind::intervention
           || kind == Notice::Kind::insurer_ruined || kind == Notice::Kind::partner_failed;
}

// What the company was told and what surrounded it while it lived.
std::vector<Notice> story_of(const PlainWorld& world, std::uint32_t index) {
    const auto& company = world.startups[index];
    const double end = is_alive(company.status) ? world.now() : company.ended;
    std::vector<Notice> story;
    for (const Notice& notice : world.notices)
        if (concerns_everyone(notice.kind) ? notice.time >= company.founded && notice.time <= end
                                           : notice.startup == index)
            story.push_back(notice);
    return story;
}

std::string closing_line(const PlainWorld& world, std::uint32_t index) {
    const auto& company = world.startups[index];
    if (company.status == Status::unfounded) return "not founded within the horizon";
    if (!is_alive(company.status)) return {};
    return fmt::format("independent at the end: {} in the bank, {}, revenue {}",
                       dollars(company.cash.balance(world.now())), accounts(company.customers.accounts()),
                       per_month(world.revenue_of(company)));
}

std::string as_text(const PlainWorld& world, std::uint32_t index, const std::vector<Notice>& story,
                    bool detail) {
    std::string text;
    std::size_t rounds = 0;
    for (const Notice& notice : story) {
        if (!detail && is_detail(notice.kind)) continue;
        text += fmt::format("{:>9}  {}\n", fmt::format("month {:.1f}", notice.time),
                            sentence(world, notice, rounds));
        if (notice.kind == Notice::Kind::round_closed) ++rounds;
    }
    if (const std::string end = closing_line(world, index); !end.empty())
        text += fmt::format("{:>9}  {}\n", fmt::format("month {:.1f}", world.now()), end);
    return text;
}

std::string as_csv(const PlainWorld& world, std::uint32_t index, const std::vector<Notice>& story) {
    std::string text;
    CsvWriter<std::string> csv(text);
    for (const char* title : {"month", "company", "event", "amount", "detail", "text"}) csv.text(title);
    csv.end_row();
    std::size_t rounds = 0;
    for (const Notice& notice : story) {
        csv.number(notice.time)
            .text(company_name(world, index))
            .text(kind_name(notice.kind))
            .number(notice.amount)
            .number(notice.detail);
        csv.text(sentence(world, notice, rounds));
        csv.end_row();
        if (notice.kind == Notice::Kind::round_closed) ++rounds;
    }
    return text;
}

Json as_json(const PlainWorld& world, const TraceOptions& options, std::uint32_t index,
             const std::vector<Notice>& story) {
    const auto& company = world.startups[index];
    Json json = {{"trajectory", options.trajectory},
                 {"company", company_name(world, index)},
                 {"status", status_names[static_cast<std::size_t>(company.status)]},
                 {"events", Json::array()}};
    std::size_t rounds = 0;
    for (const Notice& notice : story) {
        json["events"].push_back({{"month", notice.time},
                                  {"event", kind_name(notice.kind)},
                                  {"amount", notice.amount},
                                  {"detail", notice.detail},
                                  {"text", sentence(world, notice, rounds)}});
        if (notice.kind == Notice::Kind::round_closed) ++rounds;
    }
    return json;
}

PlainWorld beginning_of(const Scenario& scenario, const TraceOptions& options) {
    PlainWorld world(make_setup(scenario.world, scenario.interventions));
    world.reset(PlainDraws(FastVariates(static_cast<std::uint64_t>(scenario.run.seed),
                                        static_cast<std::uint32_t>(options.trajectory))));
    return world;
}

// ---- the network at a month

BusyLine busy_line(const Scenario& scenario, const TraceOptions& options, const Streams& streams) {
    return {streams.err, progress_style_of(STDERR_FILENO),
            fmt::format("{}: trajectory {}", scenario.title, options.trajectory), columns_of(STDERR_FILENO)};
}

// What both files are called but for their extensions.
std::filesystem::path stem_of(const TraceOptions& options, double month) {
    const std::string name =
        fmt::format("{}_network_{:g}", std::filesystem::path(options.scenario).stem().string(), month);
    if (options.graph_output.empty()) return name;
    const std::filesystem::path output = options.graph_output;
    return std::filesystem::is_directory(output) || !output.has_filename() ? output / name : output;
}

ExitCode draw_network(const Scenario& scenario, const TraceOptions& options, const Streams& streams) {
    if (options.graph_output == "-")
        throw InputError(
            "--graph-output: -: two files are written, which are no stream\n  legal here: a folder, or a "
            "name to "
            "which .graphml and .svg are added");
    const double month = quantity_of_option(
        "--graph", *options.graph, Dimension::duration,
        {.most = scenario.run.horizon,
         .legal = fmt::format("a month from 0 to {:g}, where the scenario ends, such as 24 or '2 years'",
                              scenario.run.horizon)});
    PlainWorld world = beginning_of(scenario, options);
    if (!has_network(world))
        throw InputError(fmt::format(
            "--graph: {} has no network, since nobody in it cooperates\n  legal here: a scenario with "
            "`partners`, such as ecosystem",
            options.scenario));
    const std::string stem = stem_of(options, month).string();
    const OutputFile graphml_file("--graph", stem + ".graphml", options.overwrite);
    const OutputFile picture_file("--graph", stem + ".svg", options.overwrite);
    const NetworkSnapshot snapshot = [&] {
        const BusyLine busy = busy_line(scenario, options, streams);
        world.run_until(month);
        return snapshot_of(world);
    }();
    const std::string graphml = snapshot_graphml(snapshot);
    const std::string svg = network_svg(snapshot_picture(
        snapshot, fmt::format("{}, month {:g}", scenario.title, month),
        fmt::format("Who cooperates with whom; trajectory {}, seed {}", options.trajectory, scenario.run.seed)
            + changed_settings_text(options.settings)));
    const std::string content = fmt::format("{} vertices, {} ties, {} failed", snapshot.vertices.size(),
                                            snapshot.ties(), snapshot.failures());
    ExitCode code = graphml_file.write(graphml, streams);
    code = picture_file.write(svg, streams, code);
    for (const char* extension : {".graphml", ".svg"})
        streams.out << fmt::format("{}{}: {}\n", visible(stem), extension, content);
    return code;
}

ExitCode trace(const TraceOptions& options, const Streams& streams) {
    ScenarioRequest request{.name = options.scenario, .settings = options.settings, .strict = options.strict};
    if (options.seed) request.options.push_back({"--seed", "run.seed", *options.seed});
    const Scenario scenario = load_scenario(request, streams);
    expect_memory(bytes_of_world(scenario.world), "fewer startups");
    if (options.graph) return draw_network(scenario, options, streams);
    const OutputFile csv("--csv", options.csv, options.overwrite);
    if (csv.is_standard_output() && options.json)
        throw InputError("--csv: a table and --json can't both be printed");
    PlainWorld world = beginning_of(scenario, options);
    world.keep_notices();
    {
        const BusyLine busy = busy_line(scenario, options, streams);
        world.run_until(scenario.run.horizon);
    }
    // The one that went furthest has the most to tell.
    const std::uint32_t index =
        options.company ? find_company(world, "--company", *options.company) : furthest_company(world);
    const std::vector<Notice> story = story_of(world, index);
    if (options.json) {
        Json json = as_json(world, options, index, story);
        json["warnings"] = warning_texts_json(scenario);
        streams.out << json_text(json);
    } else if (!csv.is_standard_output()) {
        streams.out << fmt::format("{}, trajectory {}: the story of {}{}\n\n", visible(scenario.title),
                                   options.trajectory, company_name(world, index),
                                   visible(changed_settings_text(options.settings)))
                    << as_text(world, index, story, options.detail);
    }
    // Last, so that a file that can't be written doesn't take the story with it.
    return csv.write(csv.is_asked_for() ? as_csv(world, index, story) : "", streams);
}

constexpr const char* trace_examples = R"(
Examples:
  venturi trace seed_cohort --trajectory 7                     the company that went furthest
  venturi trace seed_cohort --trajectory 7 --company founders/3
  venturi trace seed_cohort --trajectory 7 --csv story.csv     the same as a table
  venturi trace foundation_model_lab --detail                  with its training runs and its hires
  venturi trace ecosystem --graph 36                           who is tied to whom: GraphML and a picture
  venturi trace ecosystem --graph "5 years" --graph-output figures/five_years)";

}  // namespace

void add_trace_command(CommandLine& program, const Streams& streams, ExitCode& code) {
    auto options = std::make_shared<TraceOptions>();
    const Command command =
        program.add_command("trace", "Tell one company's story, event by event, or draw its world's network");
    command.option("SCENARIO", options->scenario, "a scenario file, or the name of a library scenario")
        .required();
    command.option("--trajectory", options->trajectory, "which history, counted from 0")
        .within(std::int64_t{0}, std::int64_t{4294967295});
    command.option("--company", options->company,
                   "group/number, such as founders/3 (default: the one that went furthest)");
    command.option("--seed", options->seed, "the seed (default: the scenario's)");
    add_setting_options(command, options->settings, options->strict);
    command.option("--csv", options->csv, "write the story as CSV to this file too; - prints it instead");
    command.flag("--detail", options->detail,
                 "tell of the daily work too: planning, training runs, hiring; tables always do");
    command.flag("--json", options->json, "print one JSON object");
    const CommandOption graph = command.option(
        "--graph", options->graph,
        "write the network at this month, or after a duration, as GraphML and SVG instead of a story");
    for (const char* of_stories : {"--company", "--csv", "--detail", "--json"}) graph.excludes(of_stories);
    command
        .option("--graph-output", options->graph_output,
                "the files' name without its extension, or a folder (default: "
                "<scenario>_network_<month>)")
        .needs(graph);
    add_overwrite_option(command, options->overwrite);
    command.notes(trace_examples);
    command.action([options, streams, &code] { code = trace(*options, streams); });
}

}  // namespace venturi
