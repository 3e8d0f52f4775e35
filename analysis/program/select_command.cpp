// venturi select: the best of several scenarios, with as few histories as it takes.
#include "analysis/program/command_line.hpp"
#include "analysis/program/experiment_end.hpp"
#include "analysis/program/failure.hpp"
#include "analysis/program/interrupt.hpp"
#include "analysis/program/memory_guard.hpp"
#include "analysis/program/option_value.hpp"
#include "analysis/program/program.hpp"
#include "analysis/program/result_publication.hpp"
#include "analysis/program/resumption.hpp"
#include "analysis/program/scenario_request.hpp"
#include "analysis/program/select_experiment.hpp"
#include "analysis/report/averaged_note.hpp"
#include "analysis/report/build_information.hpp"
#include "analysis/report/quantity_text.hpp"
#include "analysis/report/terminal.hpp"
#include "analysis/statistics/memory_need.hpp"
#include "scenarios/counted.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/visible_text.hpp"
#include "sim/ensemble/pipeline.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <unistd.h>
#include <unordered_map>
#include <utility>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

struct SelectCommand {
    std::vector<std::string> candidates;
    std::vector<std::string> with;
    std::string best;
    bool least = false;
    std::string probability = "95%";
    std::string indifference = "1%";
    std::string method = "kim_nelson";
    std::vector<std::string> settings;
    bool strict = false;
    std::optional<std::string> trajectories;
    std::optional<std::string> seed;
    int threads = 0;
    std::string output;
    ResumeRequest resume = {};
    bool quiet = false;
    bool json = false;
};

std::string candidate_name(const SelectDesign& design, const std::string& wanted) {
    std::string name = wanted;
    for (int number = 2;
         std::ranges::find(design.candidates, name, &Variant::name) != design.candidates.end(); ++number)
        name = fmt::format("{} {}", wanted, number);
    return name;
}

std::string name_of_file(const std::string& scenario) {
    return std::filesystem::path(scenario).stem().string();
}

void add_candidate(SelectDesign& design, const SelectCommand& command, ScenarioRequest request,
                   const std::string& name, std::optional<std::vector<std::string>> changes,
                   ToldWarnings& told, const Streams& streams) {
    if (command.trajectories)
        request.options.push_back({"--trajectories", "run.trajectories", *command.trajectories});
    if (command.seed) request.options.push_back({"--seed", "run.seed", *command.seed});
    Scenario loaded = load_scenario(request, streams, told);
    if (!design.candidates.empty()) {
        const RunSettings& base = design.candidates.front().scenario.run;
        if (loaded.run.horizon != base.horizon)
            throw InputError(
                fmt::format("{}: goes on until {}, where the first candidate ends at {}; candidates are held "
                            "against each other at the same month\n"
                            "  legal here: --set run.horizon=MONTHS, which holds for all",
                            name, quantity_text(loaded.run.horizon, Dimension::duration),
                            quantity_text(base.horizon, Dimension::duration)));
    }
    design.candidates.push_back({.name = candidate_name(design, name), .scenario = std::move(loaded)});
    design.scenarios.push_back(request.name);
    design.settings.push_back(std::move(request.settings));
    design.settings.back().insert(design.settings.back().end(), request.with.begin(), request.with.end());
    design.changes.push_back(std::move(changes));
}

/// "a.b=1; c.d=2" as two settings.
std::vector<std::string> settings_in(const std::string& text) {
    std::vector<std::string> settings;
    std::size_t from = 0;
    while (from <= text.size()) {
        const std::size_t to = std::min(text.find(';', from), text.size());
        const std::size_t first = std::min(text.find_first_not_of(' ', from), to);
        std::string setting = text.substr(first, to - first);
        setting.erase(setting.find_last_not_of(' ') + 1);
        if (!setting.empty()) settings.push_back(std::move(setting));
        from = to + 1;
    }
    return settings;
}

ScenarioRequest request_of(const SelectCommand& command, const std::string& scenario) {
    return {.name = scenario, .settings = command.settings, .options = {}, .strict = command.strict};
}

/// The first candidate with what one --with sets.
void add_changed_candidate(SelectDesign& design, const SelectCommand& command, const std::string& with,
                           ToldWarnings& told, const Streams& streams) {
    const std::vector<std::string> changes = settings_in(with);
    if (changes.empty())
        throw InputError(
            fmt::format("--with '{}': changes nothing\n  legal here: path=value, or several with "
                        "; between them",
                        with));
    ScenarioRequest request = request_of(command, command.candidates.front());
    request.with = changes;
    add_candidate(design, command, std::move(request), fmt::format("{}", fmt::join(changes, ", ")), changes,
                  told, streams);
}

/// All that decides what happens, and nothing else.
std::string course_of(const Scenario& scenario) {
    Json resolved = resolved_scenario(scenario);
    for (const char* other : {"title", "description", "run", "published"}) resolved.erase(other);
    return resolved.dump();
}

/// Candidates that are the same would be held against each other for ever, so the later one is left out, as
/// where a list of values has the base's own. Gives a warning for each.
std::vector<std::string> leave_out_repeated(SelectDesign& design) {
    std::unordered_multimap<std::size_t, std::size_t> seen;
    std::vector<std::string> warnings;
    SelectDesign kept = design;
    kept.candidates.clear();
    kept.scenarios.clear();
    kept.settings.clear();
    kept.changes.clear();
    for (std::size_t i = 0; i < design.candidates.size(); ++i) {
        const std::string course = course_of(design.candidates[i].scenario);
        const std::size_t hash = std::hash<std::string>()(course);
        const auto [first, last] = seen.equal_range(hash);
        const auto same = std::find_if(first, last, [&](const auto& other) {
            return course_of(kept.candidates[other.second].scenario) == course;
        });
        if (same != last) {
            warnings.push_back(fmt::format("'{}' is '{}' in every parameter, and is left out",
                                           design.candidates[i].name, kept.candidates[same->second].name));
            continue;
        }
        seen.emplace(hash, kept.candidates.size());
        kept.candidates.push_back(std::move(design.candidates[i]));
        kept.scenarios.push_back(std::move(design.scenarios[i]));
        kept.settings.push_back(std::move(design.settings[i]));
        kept.changes.push_back(std::move(design.changes[i]));
    }
    design = std::move(kept);
    return warnings;
}

void expect_a_choice(std::size_t candidates) {
    if (candidates < 2)
        throw InputError(
            "select: there is one candidate alone, which is the best\n"
            "  legal here: two or more scenarios, or --with path=value for each further one");
}

double probability_of_option(const SelectCommand& command, std::size_t candidates) {
    const double guess = 1 / static_cast<double>(candidates);
    const std::string legal = fmt::format("above {}, which is a guess among {}, and below 100%, such as 95%",
                                          quantity_text(guess, Dimension::share), candidates);
    return quantity_of_option(
        "--probability", command.probability, Dimension::share,
        {.least = std::nextafter(guess, 1.0), .most = std::nextafter(1.0, 0.0), .legal = legal});
}

void read_indifference(const SelectCommand& command, const TrajectoryObservable& observable,
                       SelectionRule& rule) {
    std::string text = command.indifference;
    rule.relative = text.ends_with('%');
    if (rule.relative) text.pop_back();
    // Half a company is a fine difference of means.
    const bool is_number = rule.relative || observable.dimension == Dimension::count;
    const double value = quantity_of_option(
        "--indifference", text, is_number ? Dimension::number : observable.dimension,
        {.least = std::numeric_limits<double>::min(),
         .legal = "a difference above 0 that is not worth finding, in the observable's unit, or as 1% of its "
                  "largest mean"});
    rule.indifference = rule.relative ? value / 100 : value;
}

SelectionMethod method_of_option(const std::string& text) {
    const std::vector<std::string> names = {"kim_nelson", "ocba"};
    if (text == names[0]) return SelectionMethod::kim_nelson;
    if (text == names[1]) return SelectionMethod::ocba;
    const std::string nearest = nearest_name(text, names);
    throw InputError(fmt::format("--method: there is no method '{}'{}\n  legal here: {}", text,
                                 nearest.empty() ? "" : fmt::format(" — did you mean '{}'?", nearest),
                                 listed(names)));
}

void expect_memory_of(const SelectDesign& design, int threads) {
    double world = 0;
    for (const Variant& candidate : design.candidates)
        world = std::max(world, bytes_of_world(candidate.scenario.world));
    const double values = static_cast<double>(design.candidates.size())
                          * static_cast<double>(design.rule.budget) * static_cast<double>(sizeof(double));
    expect_memory(world * resolve_threads(threads) + values,
                  "fewer candidates, fewer --trajectories or fewer --threads");
}

SelectDesign design_of(const SelectCommand& command, const Streams& streams) {
    SelectDesign design;
    ToldWarnings told;
    design.observable = observable_of_option("--best", command.best);
    design.least = command.least;
    expect_a_choice(command.candidates.size() + command.with.size());
    for (const std::string& file : command.candidates) {
        std::optional<std::vector<std::string>> changes;
        if (design.candidates.empty()) changes.emplace();
        add_candidate(design, command, request_of(command, file), name_of_file(file), std::move(changes),
                      told, streams);
    }
    for (const std::string& with : command.with) add_changed_candidate(design, command, with, told, streams);
    const std::vector<std::string> left_out = leave_out_repeated(design);
    for (const std::string& warning : left_out) streams.err << "warning: " << visible(warning) << '\n';
    design.warnings = left_out;
    design.warnings.insert(design.warnings.end(), told.texts().begin(), told.texts().end());
    expect_a_choice(design.candidates.size());
    design.rule.method = method_of_option(command.method);
    design.rule.probability = probability_of_option(command, design.candidates.size());
    read_indifference(command, design.observable, design.rule);
    design.rule.budget = static_cast<std::uint64_t>(design.candidates.front().scenario.run.trajectories);
    if (design.rule.budget < smallest_selection_budget)
        throw InputError(fmt::format(
            "--trajectories '{}': nothing is decided on so few\n  legal here: a whole number, {} or more",
            design.rule.budget, smallest_selection_budget));
    expect_memory_of(design, command.threads);
    return design;
}

void announce(const SelectDesign& design, const Streams& streams) {
    const Scenario& base = design.candidates.front().scenario;
    streams.err << fmt::format(
        "{}: the {} {} of {} candidates, {} trajectories of {} each at most, seed {}\n", visible(base.title),
        design.least ? "smallest" : "largest", design.observable.name, design.candidates.size(),
        design.rule.budget, quantity_text(base.run.horizon, Dimension::duration), base.run.seed);
}

Json failures_of(const SelectDesign& design, const SelectionOutcome& outcome) {
    Json list = Json::array();
    for (const SelectionFailure& failure : outcome.failures) {
        const Replay replay{.scenario = design.scenarios[failure.design],
                            .seed = static_cast<std::uint64_t>(design.candidates.front().scenario.run.seed),
                            .settings = design.settings[failure.design]};
        list.push_back({{"candidate", design.candidates[failure.design].name}});
        list.back().update(failures_json({{failure.trajectory, failure.reason}}, replay).front());
    }
    return list;
}

void tell_failures(const SelectDesign& design, const SelectionOutcome& outcome, const Streams& streams) {
    if (outcome.failures.empty()) return;
    streams.err << fmt::format("{} of {} candidates failed and are out:\n", outcome.failures.size(),
                               design.candidates.size());
    for (const Json& failure : failures_of(design, outcome))
        streams.err << fmt::format(
            "  {}, trajectory {}: {}\n    {}\n", visible(failure["candidate"].get<std::string>()),
            failure["trajectory"].get<std::uint64_t>(), visible(failure["reason"].get<std::string>()),
            visible(failure["replay"].get<std::string>()));
}

Manifest manifest_of(const SelectDesign& design, const SelectionOutcome& outcome) {
    const Scenario& base = design.candidates.front().scenario;
    const SelectionStanding& standing = outcome.selection.standing();
    return {.build = build_information(),
            .seed = static_cast<std::uint64_t>(base.run.seed),
            .trajectories_requested = design.rule.budget,
            .trajectories_completed = standing.lived,
            .trajectories_failed = 0,
            .failures = failures_of(design, outcome),
            .ending = outcome.interrupted     ? Ending::interrupted
                      : standing.is_reached() ? Ending::precision_reached
                                              : Ending::finished,
            .settings = settings_of(design),
            .reached = {{"looks", outcome.looks}},
            .scenario = resolved_scenario(base),
            .files = {}};
}

void print_text(const SelectionResults& results, const SelectionOutcome& outcome, double seconds,
                const std::string& folder, const Streams& streams) {
    constexpr std::size_t most = 30;
    streams.out << table_text(selection_table(results, most), colour_of(STDOUT_FILENO));
    if (results.rows.size() > most)
        streams.out << fmt::format("and {} more in results.csv\n", results.rows.size() - most);
    streams.out << '\n'
                << visible_lines(verdict_text(results)) << averaged_note({results.observable})
                << fmt::format("{:.3g} million events in {}\nresults in {}\n",
                               1e-6 * static_cast<double>(outcome.events), elapsed_text(seconds),
                               visible(folder));
}

void print_json(const SelectDesign& design, const SelectionResults& results, const SelectionOutcome& outcome,
                double seconds, const std::string& folder, const Streams& streams) {
    const Scenario& base = design.candidates.front().scenario;
    Json json = selection_json(results);
    json["version"] = build_information().version;
    json["title"] = base.title;
    json["seed"] = base.run.seed;
    json["trajectories_requested"] = design.rule.budget;
    json["interrupted"] = outcome.interrupted;
    json["failures"] = failures_of(design, outcome);
    json["events"] = outcome.events;
    json["seconds"] = seconds;
    json["results_directory"] = folder;
    json["warnings"] = design.warnings;
    streams.out << json_text(json);
}

/// Throws where there is nothing to be told of.
void expect_result(const SelectDesign& design, const SelectionOutcome& outcome,
                   const InterruptListener& interrupt) {
    const SelectionStanding& standing = outcome.selection.standing();
    if (outcome.looks == 0)
        throw EarlyEnd(interrupt.exit_code(ExitCode::failure),
                       "interrupted before the first look; nothing was written");
    if (standing.end == SelectionEnd::none_left)
        throw EarlyEnd(ExitCode::failure, "every candidate failed; nothing was written");
    if (standing.best) return;
    if (outcome.interrupted)
        throw EarlyEnd(interrupt.exit_code(ExitCode::failure),
                       "interrupted before there was anything to look at; nothing was written");
    throw InputError(
        fmt::format("--best '{}': no company of any candidate has it, in as many trajectories as were lived\n"
                    "  legal here: an observable that there is by {}",
                    design.observable.name,
                    quantity_text(design.candidates.front().scenario.run.horizon, Dimension::duration)));
}

ExitCode select_best(const SelectCommand& command, const Streams& streams) {
    const SelectDesign design = design_of(command, streams);
    const InterruptListener interrupt;
    const auto folder =
        open_result_folder(command.output, usual_folder(command.candidates.front(), "_select"));
    Resumption resumption(*folder, !command.output.empty(), command.resume, scenarios_of(design.candidates),
                          streams);
    if (!command.quiet) announce(design, streams);
    const auto started = std::chrono::steady_clock::now();
    const SelectionOutcome outcome =
        run_experiment(design, command.threads, interrupt.request(),
                       command.quiet ? ProgressStyle::silent : progress_style_of(STDERR_FILENO), streams,
                       resumption.journal());
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    tell_failures(design, outcome, streams);
    if (outcome.selection.standing().lived == 0) resumption.conclude(!outcome.interrupted);
    expect_result(design, outcome, interrupt);
    const SelectionResults results = results_of(design, outcome);
    return end_with_result(
        {.folder = *folder, .resumption = resumption, .interrupt = interrupt, .streams = streams},
        {.is_whole = !outcome.interrupted,
         .is_failed = !outcome.failures.empty(),
         .held = fmt::format("the look at {}", counted(results.standing.lived, "trajectory"))},
        files_of(design, results), manifest_of(design, outcome), [&](const std::string& where) {
            if (command.json)
                print_json(design, results, outcome, seconds, where, streams);
            else if (!command.quiet)
                print_text(results, outcome, seconds, where, streams);
        });
}

constexpr const char* select_notes = R"(
Candidates live the same histories with the same random numbers, a block of 32 at a time. At each look those go
that are behind another one by more than luck can explain (Kim and Nelson 2001), and it ends with the one that is
left: with the probability asked for no other candidate is better by the indifference or more. Above 16
candidates the first look screens them. A budget that is spent before that is said so, with the probability that
was reached; the exit code is 0 then, and "reached" in the JSON is false. --method ocba gives further trajectories
to those that are hard to tell from the best (Chen et al. 2000), and ends at the probability as it is estimated:
often sooner, and without a guarantee.

All have the first candidate's seed, horizon and budget. A candidate of which a trajectory fails is out, with the
reason and the command that shows it, and the exit code is 1. An indifference in percent is a part of the largest
mean at the first look (1% of a share of 60% is 0.6 points); anything else is in the observable's unit. Of medians,
other values of companies, and survival it is the mean over histories of what each of them has that counts; run and
compare pool the companies of all histories, which says something else of these.

Files: design.csv, results.csv (a row for each candidate), selection.svg (who was out when), experiment.nc,
manifest.json.

Examples:
  venturi select seed_cohort my_policy.yaml my_other_policy.yaml --best share_exited
  venturi select seed_cohort --with finance.raising.attempts=3 --with finance.raising.attempts=4 --best share_alive
  venturi select seed_cohort --with "finance.raising.attempts=3; environment.climate.initial=cold" --best share_dead --least
  venturi select seed_cohort my_policy.yaml --best share_dead --least --indifference 0.005 --trajectories 20000
  venturi select seed_cohort my_policy.yaml --best share_alive --probability 99% --json --quiet | jq '.best, .probability')";

}  // namespace

void add_select_command(CommandLine& program, const Streams& streams, ExitCode& code) {
    auto options = std::make_shared<SelectCommand>();
    const Command command =
        program.add_command("select", "The best of several scenarios, with a stated probability");
    command.option("CANDIDATE", options->candidates, "scenario files, or names of library scenarios")
        .required();
    command
        .option("--with", options->with,
                "a further candidate, the first one with path=value, or with several that have ; between "
                "them; may be given several times")
        .one_value_each();
    command
        .option("--best", options->best,
                "the observable whose mean is to be largest: venturi list observables")
        .required();
    command.flag("--least", options->least, "the smallest mean is best");
    command.option("--probability", options->probability,
                   "that the best is found, or one that is as good within the indifference (default: 95%)");
    command.option("--indifference", options->indifference,
                   "a difference that is not worth finding, in the observable's unit or in percent of the "
                   "largest mean (default: 1%)");
    command.option("--method", options->method,
                   "kim_nelson, which guarantees the probability, or ocba, which estimates it (default: "
                   "kim_nelson)");
    command.option("--trajectories", options->trajectories,
                   "the budget: how many histories each candidate lives at most (default: the first one's)");
    command.option("--seed", options->seed, "the seed of all (default: the first one's)");
    command
        .option("--threads", options->threads,
                "threads (default: one for each core); the results do not depend on it")
        .within(0, 1024);
    add_setting_options(command, options->settings, options->strict);
    add_resume_option(command, options->resume);
    command.option("--output", options->output, meaning_of_output("results/FIRST_select"));
    command.flag("--quiet", options->quiet, "no progress, no table");
    command.flag("--json", options->json, "print the result as JSON");
    command.notes(select_notes);
    command.action([options, &program, streams, &code] {
        options->resume.arguments = program.arguments();
        code = select_best(*options, streams);
    });
}

}  // namespace venturi
