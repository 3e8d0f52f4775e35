// venturi branch: one past, several futures.
#include "analysis/experiments/branching.hpp"
#include "tests/agents/worlds.hpp"
#include "tests/analysis/ask.hpp"
#include "tests/analysis/scratch_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

using namespace venturi;
using Catch::Matchers::Contains;

namespace {

Scenario small_seed_cohort(int trajectories = 40) {
    return load_with_settings("seed_cohort", {"run.trajectories=" + std::to_string(trajectories),
                                              "startups.founders.count=12", "run.horizon=60 months"});
}

BranchDesign design_of(Scenario scenario, double month, std::vector<std::string> texts) {
    BranchDesign design{.scenario = std::move(scenario),
                        .futures = {{.name = "as it was", .changes = {}}},
                        .months = {month},
                        .continuations = 0,
                        .outcomes = {}};
    for (const std::string& text : texts)
        design.futures.push_back({.name = "future " + std::to_string(design.futures.size()),
                                  .changes = read_branch(text, "b.yaml", design.scenario, month)});
    return design;
}

BranchStatistics branched(const BranchDesign& design, int threads = 0) {
    const BranchOutcome outcome = run_branches(design, threads, {});
    REQUIRE(outcome.failed == 0);
    return outcome.result;
}

/// Whether two cohorts saw the same up to a month, to the bit.
bool same_until(const CohortStatistics& one, const CohortStatistics& other, std::size_t month) {
    for (std::size_t i = 0; i < one.series.size(); ++i)
        for (std::size_t point = 0; point <= month; ++point)
            if (!(one.series[i][point] == other.series[i][point])) return false;
    return true;
}

std::string written_file(const ScratchFolder& scratch, const std::string& name, const std::string& text) {
    const std::filesystem::path path = scratch.path() / name;
    std::ofstream(path) << text;
    return path.string();
}

const std::string winter =
    "title: A winter\ninterventions:\n  - {name: winter, climate: cold, for: 24 months}\n";

}  // namespace

TEST_CASE("a future in which nothing changes is the history to the bit, and the past is that of all",
          "[branch]") {
    BranchDesign design = design_of(small_seed_cohort(24), 24, {winter});
    design.futures.push_back({.name = "the same", .changes = {}});
    const BranchStatistics one = branched(design, 1);
    CHECK(one == branched(design, 3));
    const CohortStatistics unbranched = run_cohort(design.scenario, {}).result;
    const auto& cohorts = one.futures.cohorts;
    CHECK(cohorts[0] == unbranched);
    CHECK(cohorts[2] == unbranched);
    CHECK(same_until(cohorts[1], unbranched, 23));
    CHECK_FALSE(cohorts[1] == unbranched);
    CHECK_FALSE(same_until(cohorts[1], unbranched, 25));
    // A branch between two points of the grid changes nothing of it either.
    design.months = {24.37};
    CHECK(branched(design).futures.cohorts[2] == unbranched);
}

TEST_CASE("a future with an intervention is the scenario that has it in that month", "[branch]") {
    const Scenario scenario = small_seed_cohort(20);
    // Between two points of the grid, of which one would see what has not yet happened in the other.
    const BranchDesign design = design_of(
        scenario, 24.5,
        {winter, "set: {finance.exits.shutdown: 0.05/month}\n",
         "interventions: [{name: later, at: 40 months, set: {finance.exits.shutdown: 0.05/month}}]\n"});
    const BranchStatistics branches = branched(design);
    for (std::size_t future = 1; future < design.futures.size(); ++future) {
        CAPTURE(future);
        Scenario with = scenario;
        with.interventions = design.futures[future].changes.begun;
        CHECK(branches.futures.cohorts[future] == run_cohort(with, {}).result);
    }
}

TEST_CASE("at a branch interventions are switched off and on, and changed", "[branch]") {
    Scenario scenario;
    scenario.world = testing::quiet_world();
    const std::size_t leaf = testing::leaf_number(scenario.world, "environment.climate.normal.spending");
    scenario.interventions = {{.name = "saving", .at = 1.0, .when = {}, .settings = {{leaf, 0.5}}},
                              {.name = "splurge", .at = 6.0, .when = {}, .settings = {{leaf, 2.0}}}};
    const auto spending = [&](const std::string& text) {
        const BranchChanges changes = read_branch(text, "b.yaml", scenario, 4);
        // Written out in full they are the same.
        const BranchChanges again =
            read_branch(resolved_branch(changes, scenario).dump(), "b.yaml", scenario, 4);
        CHECK(resolved_branch(again, scenario) == resolved_branch(changes, scenario));
        World<PlainDraws> world(make_setup(scenario.world, scenario.interventions));
        world.run_until(4);
        world.change_course(make_setup(scenario.world, scenario_of_branch(scenario, changes).interventions),
                            changes.without);
        std::vector<double> seen;
        for (double month = 4; month < 9; ++month) {
            world.run_until(month);
            seen.push_back(world.parameters.environment.climate.normal.spending);
        }
        return seen;
    };
    const std::string set = "set: {environment.climate.normal.spending: ";
    CHECK(spending(set + "0.9}\n") == std::vector{0.9, 0.9, 2.0, 2.0, 2.0});
    CHECK(spending("interventions: [{name: saving, switch: off}]\n") == std::vector{1.0, 1.0, 2.0, 2.0, 2.0});
    CHECK(spending("interventions: [{name: splurge, switch: off}]\n")
          == std::vector{0.5, 0.5, 0.5, 0.5, 0.5});
    CHECK(spending("interventions: [{name: splurge, switch: on}]\n") == std::vector{2.0, 2.0, 2.0, 2.0, 2.0});
    CHECK(spending("interventions: [{name: saving, switch: off}, {name: splurge, switch: off}]\n")
          == std::vector{1.0, 1.0, 1.0, 1.0, 1.0});
    CHECK(spending("interventions: [{name: splurge, for: 1 month, at: 5 months, " + set + "3}}]\n")
          == std::vector{0.5, 3.0, 0.5, 0.5, 0.5});
    CHECK(spending("interventions: [{name: saving, for: 3 months, " + set + "0.4}}]\n")
          == std::vector{0.4, 0.4, 2.0, 2.0, 2.0});
    CHECK(spending("interventions: [{name: new, when: {measure: month, above: 4.5 months}, " + set + "3}}]\n")
              .at(2)
          == 3.0);
}

TEST_CASE("of one company that may be given up any day as much is settled as the law says", "[branch]") {
    // Given up at a constant hazard: dead by t with p(t) = 1 − e^{−ht}. Who is dead by t stays so; who lives
    // dies by the end T with q = p(T − t). So Var E[dead | t] = p + (1 − p) q² − p(T)².
    constexpr double hazard = 0.03;
    constexpr double horizon = 48;
    Scenario scenario;
    scenario.world = testing::lone_startup();
    scenario.world.startups[0].seed_round = Constant{1e12};
    scenario.world.finance.exits.shutdown = hazard;
    scenario.world.finance.exits.shutdown_quality_effect = 0;
    scenario.world.finance.exits.shutdown_revenue_effect = 0;
    scenario.run = {.trajectories = 1500, .seed = 3, .horizon = horizon, .observe_every = 12};
    BranchDesign design{.scenario = scenario,
                        .futures = {{.name = "as it was", .changes = {}}},
                        .months = {1, 12, 36},
                        .continuations = 4,
                        .outcomes = {*find_trajectory_observable("share_dead")}};
    const BranchStatistics statistics = branched(design);
    const auto dead_by = [](double month) { return 1 - std::exp(-hazard * month); };
    const double total = dead_by(horizon) * (1 - dead_by(horizon));
    for (std::size_t i = 0; i < design.months.size(); ++i) {
        CAPTURE(design.months[i]);
        const double p = dead_by(design.months[i]);
        const double q = dead_by(horizon - design.months[i]);
        const double settled = p + (1 - p) * q * q - dead_by(horizon) * dead_by(horizon);
        const VarianceSplit split = split_at(design, statistics, i, 0, 0);
        CHECK(split.pasts == 1500);
        // A 95% interval reaches two standard errors: twice as far is allowed.
        const auto near = [](const SettledPart& part, double exact) {
            return std::abs(part.value - exact) <= part.interval.high - part.interval.low;
        };
        CHECK(near(split.settled, settled));
        CHECK(near(split.luck, total - settled));
        CHECK(near(split.share, settled / total));
        CHECK(split.share.interval.high - split.share.interval.low < 0.25);
    }
}

TEST_CASE("continuations are the same on any number of threads, and leave the histories alone", "[branch]") {
    BranchDesign design = design_of(small_seed_cohort(12), 24, {winter});
    design.continuations = 2;
    design.outcomes = {*find_trajectory_observable("share_dead"), *find_trajectory_observable("survival")};
    const BranchStatistics one = branched(design, 1);
    CHECK(one == branched(design, 3));
    design.continuations = 0;
    CHECK(one.futures == branched(design).futures);
    REQUIRE(one.settled.size() == 4);
    CHECK_FALSE(one.settled[0] == one.settled[2]);
}

TEST_CASE("venturi branch writes a folder that can be made again, and prints JSON", "[branch][program]") {
    const ScratchFolder scratch;
    const std::string folder = (scratch.path() / "out").string();
    const std::string file = written_file(scratch, "winter.yaml", winter);
    const std::vector<std::string> command{"branch",
                                           "seed_cohort",
                                           "--at",
                                           "12 months",
                                           "--with",
                                           file,
                                           "--with",
                                           "finance.raising.attempts=4",
                                           "--continuations",
                                           "2",
                                           "--trajectories",
                                           "8",
                                           "--set",
                                           "run.horizon=30 months",
                                           "--json",
                                           "--quiet",
                                           "--output",
                                           folder,
                                           "--observables",
                                           "share_dead,months_to_death"};
    const Answer answer = ask(command);
    INFO(answer.err);
    REQUIRE(answer.code == ExitCode::success);
    const auto json = nlohmann::json::parse(answer.out);
    CHECK(json["at"] == nlohmann::json{12.0});
    // Two futures beside the history as it was, two observables each.
    REQUIRE(json["differences"].size() == 4);
    CHECK(json["differences"][0]["variant"] == "winter");
    CHECK(json["differences"][2]["variant"] == "finance.raising.attempts=4");
    CHECK(json["differences"][0]["observable"] == "share_dead");
    CHECK(json["differences"][1]["observable"] == "months_to_death.mean");
    REQUIRE(json["settled"].size() == 6);
    for (const auto& row : json["settled"])
        for (const char* key : {"month", "variant", "observable", "settled_variance", "luck_variance",
                                "settled_share", "settled_share_confidence_interval"})
            CHECK(row.contains(key));
    CHECK(names_in(folder)
          == std::vector<std::string>{"design.csv", "experiment.nc", "manifest.json", "results.csv",
                                      "settled.csv", "survival.svg"});
    // What was set for all stands in every row, and in the pictures.
    const std::string design = text_of(std::filesystem::path(folder) / "design.csv");
    CHECK_THAT(design, Contains("the unchanged future,Seed cohort,run.horizon=30 months\n")
                           && Contains(",run.horizon=30 months finance.raising.attempts=4\n"));
    CHECK_THAT(text_of(std::filesystem::path(folder) / "survival.svg"),
               Contains("; with run.horizon=30 months<"));
    // The file may be gone by then: the manifest has all.
    std::filesystem::remove(file);
    CHECK(ask({"reproduce", folder, "--quiet", "--json"}).code == ExitCode::success);
}

TEST_CASE("a curve of what was settled has a picture, and needs no other future", "[branch][program]") {
    const ScratchFolder scratch;
    const std::string folder = (scratch.path() / "out").string();
    const Answer answer =
        ask({"branch", "seed_cohort", "--at", "every 6 months", "--continuations", "2", "--trajectories", "6",
             "--set", "run.horizon=20 months", "--set", "startups.founders.count=10", "--output", folder});
    INFO(answer.err);
    REQUIRE(answer.code == ExitCode::success);
    CHECK_THAT(answer.out, Contains("settled part of the variance") && Contains("18.0 months"));
    CHECK(names_in(folder)
          == std::vector<std::string>{"design.csv", "experiment.nc", "manifest.json", "settled.csv",
                                      "settled.svg", "survival.svg"});
    CHECK_THAT(text_of(std::filesystem::path(folder) / "settled.svg"),
               Contains("How much was decided when")
                   && Contains("; with run.horizon=20 months, startups.founders.count=10<"));
    // There is no other future whose survival could differ.
    CHECK_THAT(text_of(std::filesystem::path(folder) / "survival.svg"),
               Contains(">Nothing is drawn: nothing was changed, so that there is no difference<"));
    CHECK(ask({"reproduce", folder, "--quiet"}).code == ExitCode::success);
}

TEST_CASE("a future of which there is no world is a reason, and the others go on", "[branch][program]") {
    const ScratchFolder scratch;
    const std::string folder = (scratch.path() / "out").string();
    const std::string impossible =
        written_file(scratch, "impossible.yaml", "set: {finance.rounds.series_a.lowest_dilution: 90%}\n");
    const std::vector<std::string> command{
        "branch", "seed_cohort",           "--at",           "12 months", "--with",   impossible,
        "--set",  "run.horizon=24 months", "--trajectories", "4",         "--output", folder};
    const Answer alone = ask(command);
    CHECK(alone.code == ExitCode::bad_input);
    CHECK_THAT(alone.err, Contains("impossible: there is no world of it: ") && Contains("lowest_dilution"));
    CHECK_FALSE(std::filesystem::exists(folder));
    const Answer beside = ask(with(command, {"--with", "finance.raising.attempts=4", "--json"}));
    INFO(beside.err);
    CHECK(beside.code == ExitCode::failure);
    CHECK_THAT(beside.err, Contains("impossible: there is no world of it, and it is left out: "));
    const auto json = nlohmann::json::parse(beside.out);
    REQUIRE(json["variants_failed"].size() == 1);
    CHECK(json["variants_failed"][0]["variant"] == "impossible");
    CHECK(json["trajectories_completed"] == 4);
    CHECK(json["differences"][0]["variant"] == "finance.raising.attempts=4");
    CHECK(ask({"reproduce", folder, "--quiet"}).code == ExitCode::success);
}

TEST_CASE("venturi branch says what it can't do, and writes nothing", "[branch][program]") {
    const ScratchFolder scratch;
    const std::string folder = (scratch.path() / "out").string();
    const auto refused = [&](std::vector<std::string> more, const std::string& why) {
        std::vector<std::string> arguments{"branch", "seed_cohort", "--output", folder};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const Answer answer = ask(std::move(arguments));
        INFO(answer.err);
        CHECK(answer.code == ExitCode::bad_input);
        CHECK(answer.err.find(why) != std::string::npos);
        CHECK_FALSE(std::filesystem::exists(folder));
    };
    const std::string file = written_file(scratch, "winter.yaml", winter);
    refused({"--with", file}, "--at");
    refused({"--at", "24 months"}, "nothing would be different");
    refused({"--at", "-2", "--with", file}, "there is nothing before the start");
    refused({"--at", "128 months", "--with", file}, "by then all is over");
    refused({"--at", "soon", "--with", file}, "--at");
    refused({"--at", "every 0.01 months", "--continuations", "2"}, "more than 1000 months");
    refused({"--at", "12", "--at", "24", "--with", file}, "branch off at one month");
    refused({"--at", "12", "--continuations", "1"}, "--continuations");
    refused({"--at", "12", "--with", "environment.climate.initial=cold"}, "takes effect at the start");
    refused({"--at", "12", "--with", "finance.raising.attemps=3"}, "did you mean 'finance.raising.attempts'");
    refused({"--at", "12", "--with", "finance.raising.attempts="}, "has no value");
    refused({"--at", "12", "--with", "interventions.winter=off"}, "the scenario has no interventions");
    refused({"--at", "12", "--with", file, "--observables", "share_daed"}, "did you mean 'share_dead'");
    refused({"--at", "12", "--with", (scratch.path() / "none.yaml").string()}, "none.yaml");
    const auto refused_file = [&](const std::string& text, const std::string& why) {
        refused({"--at", "12 months", "--with", written_file(scratch, "b.yaml", text)}, why);
    };
    refused_file("sett: {finance.raising.attempts: 3}\n", "did you mean 'set'");
    refused_file("set: {finance.raising.attempts: -3}\n", "finance.raising.attempts");
    refused_file("interventions: [{name: x, at: 6 months, climate: cold}]\n", "at least 12 months");
    refused_file("interventions: [{name: x}]\n", "sets nothing");
    refused_file("interventions: [{name: x, switch: of}]\n", "did you mean 'off'");
    refused({"--at", "12", "--with", file, "--strict", "--with", "finance.raising.attempts=10"}, "plausible");
}
