#include "analysis/experiments/design.hpp"
#include "analysis/experiments/design_run.hpp"
#include "tests/analysis/ask.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <vector>

using namespace venturi;

namespace {

Scenario tiny_cohort() {
    return load_with_settings("seed_cohort", {"run.trajectories=40", "startups.founders.count=6",
                                              "run.horizon=24 months", "run.observe_every=12 months"});
}

DesignFactor factor_of(const std::string& text) {
    return read_factor(tiny_cohort(), text);
}

Problem problem_with(const std::vector<std::string>& over) {
    try {
        (void)read_factors(tiny_cohort(), over);
    } catch (const ScenarioError& error) {
        return error.problems().front();
    }
    FAIL("nothing was wrong");
    return {};
}

std::vector<TrajectoryObservable> looked_at(const std::vector<std::string>& names) {
    std::vector<TrajectoryObservable> observables;
    for (const std::string& name : names) observables.push_back(find_trajectory_observable(name).value());
    return observables;
}

}  // namespace

TEST_CASE("values of a parameter are read as --set takes them", "[design]") {
    const DesignFactor attempts = factor_of("finance.raising.attempts=1..9:5");
    CHECK(attempts.levels == std::vector<std::vector<double>>{{1}, {3}, {5}, {7}, {9}});
    const DesignFactor offers = factor_of(" finance.exits.offers = 12%/year .. 24%/year : 3 ");
    REQUIRE(offers.levels.size() == 3);
    CHECK(offers.levels[0][0] == 0.01);
    CHECK(offers.levels[1][0] == Approx(0.015));
    CHECK(offers.levels[2][0] == 0.02);
    const DesignFactor climate = factor_of("environment.climate.initial=cold,warm");
    CHECK(climate.listed);
    CHECK(climate.columns[0].text(climate.levels[0][0]) == "cold");
    CHECK(climate.columns[0].text(climate.levels[1][0]) == "warm");
    const DesignFactor flywheel = factor_of("data.flywheel=yes,no");
    CHECK(flywheel.levels == std::vector<std::vector<double>>{{1}, {0}});
    CHECK(factor_of("finance.terms.participating=0,100%").levels
          == std::vector<std::vector<double>>{{0}, {1}});
    const DesignFactor money = factor_of("startups.founders.burn=$40k/month,$80k/month");
    CHECK(money.levels == std::vector<std::vector<double>>{{40e3}, {80e3}});
}

TEST_CASE("what can't be moved is told with what is legal", "[design]") {
    CHECK(problem_with({}).message.find("nothing to move") != std::string::npos);
    CHECK(problem_with({"finance.raising.attempts"}).legal.find("path=a..b:n") != std::string::npos);
    CHECK(problem_with({"finance.raising.attempts="}).message.find("no values") != std::string::npos);
    CHECK(problem_with({"finance.raising.atempts=1,2"}).nearest.find("attempts") != std::string::npos);
    CHECK(problem_with({"finance.raising.attempts=9..1:3"}).message.find("lower value") != std::string::npos);
    CHECK(problem_with({"finance.raising.attempts=1..9:0"}).message.find("0 values") != std::string::npos);
    CHECK(problem_with({"finance.raising.attempts=1..3:5"}).message.find("whole numbers")
          != std::string::npos);
    CHECK(problem_with({"finance.raising.attempts=1..9:-2"}).message.find("-2 values") != std::string::npos);
    CHECK(problem_with({"finance.raising.attempts=3,5,3"}).message.find("twice") != std::string::npos);
    CHECK(problem_with({"finance.raising.attempts=3,,5"}).message.find("empty value") != std::string::npos);
    CHECK(problem_with({"finance.raising.attempts=many"}).value == "many");
    CHECK(problem_with({"startups.founders.count=1,000,2"}).message.find("one number or two")
          != std::string::npos);
    CHECK(problem_with({"environment.climate.initial=cold..warm:3"}).message.find("no number")
          != std::string::npos);
    CHECK(problem_with({"environment.climate.initial=cold,worm"}).nearest == "warm");
    CHECK(problem_with({"startups.founders.burn={uniform: {low: 1, high: 2}}"}).value.find("uniform")
          != std::string::npos);
    CHECK(problem_with({"run.seed=1,2"}).message.find("same luck") != std::string::npos);
    CHECK(problem_with({"startups.founders.mix=even"}).message.find("is a mix") != std::string::npos);
    CHECK(problem_with({"startups.founders.mix=simplex", "startups.founders.mix.data=0.1,0.2"})
              .message.find("moved twice")
          != std::string::npos);
    CHECK(problem_with({"finance.raising.attempts=1,2", "finance.raising.attempts=3,4"})
              .message.find("moved twice")
          != std::string::npos);
}

TEST_CASE("a grid has every combination once, the last parameter changing fastest", "[design]") {
    const Design design = grid_design(
        read_factors(tiny_cohort(), std::vector<std::string>{"finance.raising.attempts=1..3:3",
                                                             "environment.climate.initial=cold,warm"}));
    CHECK(design.points == 6);
    CHECK(design.settings(0)
          == std::vector<std::string>{"finance.raising.attempts=1", "environment.climate.initial=cold"});
    CHECK(design.settings(1)
          == std::vector<std::string>{"finance.raising.attempts=1", "environment.climate.initial=warm"});
    CHECK(design.settings(5)
          == std::vector<std::string>{"finance.raising.attempts=3", "environment.climate.initial=warm"});
    // Scheffé's {5, 4} simplex lattice has C(8, 4) = 70 points.
    const Design mixes = grid_design({factor_of("startups.founders.mix=simplex:4")});
    CHECK(mixes.points == 70);
    std::set<std::vector<double>> all;
    for (std::size_t point = 0; point < mixes.points; ++point) {
        const auto shares = mixes.point(point);
        all.insert(std::vector<double>(shares.begin(), shares.end()));
        CHECK(std::accumulate(shares.begin(), shares.end(), 0.0) == 1);
    }
    CHECK(all.size() == 70);
}

TEST_CASE("a Latin hypercube has one point in each part of each range", "[design]") {
    const std::vector<std::string> over = {"finance.terms.participating=0%..100%",
                                           "finance.exits.offers=0/month..1/month"};
    const Design design = latin_design(read_factors(tiny_cohort(), over), 50, 3);
    for (std::size_t column = 0; column < 2; ++column) {
        std::set<int> parts;
        for (std::size_t point = 0; point < 50; ++point)
            parts.insert(static_cast<int>(50 * design.point(point)[column]));
        CHECK(parts.size() == 50);
    }
    CHECK(design.values == latin_design(read_factors(tiny_cohort(), over), 50, 3).values);
    CHECK(design.values != latin_design(read_factors(tiny_cohort(), over), 50, 4).values);
}

TEST_CASE("mixes are uniform on the simplex", "[design]") {
    const Design design = scrambled_design({factor_of("startups.founders.mix=simplex")}, 4096, 1);
    CHECK(design.column_count() == 5);
    std::vector<double> sums(5);
    std::vector<double> squares(5);
    for (std::size_t point = 0; point < design.points; ++point) {
        double sum = 0;
        for (std::size_t i = 0; i < 5; ++i) {
            const double share = design.point(point)[i];
            CHECK(share >= 0);
            sum += share;
            sums[i] += share / 4096;
            squares[i] += share * share / 4096;
        }
        CHECK(sum == Approx(1).epsilon(1e-12));
    }
    // Dirichlet(1, 1, 1, 1, 1): mean 1/5, E[x²] = 2/30. Three standard errors of independent points, which
    // Sobol's are within: sd 0.163 and 0.104 over 64.
    for (std::size_t i = 0; i < 5; ++i) {
        CHECK(sums[i] == Approx(0.2).margin(3 * 0.163 / 64));
        CHECK(squares[i] == Approx(2.0 / 30).margin(3 * 0.104 / 64));
    }
}

TEST_CASE("the world of a point is that of its settings", "[design]") {
    const Scenario base = tiny_cohort();
    const Design design = latin_design(
        read_factors(base, std::vector<std::string>{"finance.raising.attempts=1..9", "data.flywheel=yes,no",
                                                    "finance.exits.offers=1%/year..30%/year",
                                                    "environment.climate.initial=cold,normal,warm,stationary",
                                                    "startups.founders.burn=$30k/month..$90k/month",
                                                    "startups.founders.mix=simplex"}),
        12, 1);
    for (std::size_t point = 0; point < design.points; ++point) {
        Scenario set = base;
        for (const std::string& setting : design.settings(point)) apply_setting(set, setting);
        CHECK(resolved_scenario(scenario_at(base, design, point)) == resolved_scenario(set));
    }
}

TEST_CASE("every point is the run that it would be alone, on any number of threads", "[design]") {
    const Scenario base = tiny_cohort();
    const Design design =
        grid_design(read_factors(base, std::vector<std::string>{"environment.climate.initial=cold,normal",
                                                                "finance.raising.attempts=1,5"}));
    const auto observables = looked_at({"share_dead", "rounds_per_company", "living"});
    const DesignOutcome one = run_design(base, design, observables, {.trajectories = 40, .threads = 1});
    const DesignOutcome three = run_design(base, design, observables, {.trajectories = 40, .threads = 3});
    REQUIRE(one.points.size() == 4);
    CHECK(one.points == three.points);
    CHECK(one.ending == Ending::finished);
    CHECK(one.completed == 160);
    for (std::size_t point = 0; point < 4; ++point) {
        const CohortOutcome alone = run_cohort(scenario_at(base, design, point), {});
        for (std::size_t i = 0; i < scalar_observables().size(); ++i)
            for (std::size_t each = 0; each < 2; ++each)
                if (scalar_observables()[i].name == observables[each].name)
                    CHECK(one.points[point].observables[each] == alone.result.scalars[i]);
        CHECK(one.points[point].events == alone.events);
    }
}

TEST_CASE("a point whose world can't be is a row, and the others go on", "[design]") {
    Scenario base = tiny_cohort();
    for (const char* share : {"technology", "talent", "partnership", "risk"})
        apply_setting(base, fmt::format("startups.founders.mix.{}=0", share));
    const Design design =
        grid_design(read_factors(base, std::vector<std::string>{"startups.founders.mix.data=0,50%,100%"}));
    const DesignOutcome outcome =
        run_design(base, design, looked_at({"share_dead"}), {.trajectories = 40, .threads = 2});
    REQUIRE(outcome.points.size() == 3);
    CHECK(outcome.points[0].failed == 40);
    REQUIRE(outcome.points[0].first_failure);
    CHECK(outcome.points[0].first_failure->reason.find("no share is above 0") != std::string::npos);
    CHECK(outcome.points[1].completed == 40);
    CHECK(outcome.points[2].completed == 40);
    CHECK(outcome.failed == 40);
}

TEST_CASE("what a stop leaves of the first block are the first points, the same as without it", "[design]") {
    const Scenario base = tiny_cohort();
    std::vector<std::string> over = {"finance.raising.attempts=1..9:9",
                                     "finance.exits.offers=0/month..1/month:90"};
    const Design design = grid_design(read_factors(base, over));
    const auto observables = looked_at({"share_dead"});
    StopRequest stop;
    const DesignOutcome stopped = run_design(
        base, design, observables,
        {.trajectories = 40, .threads = 2, .stop = &stop, .progress = [&](const Progress& progress) {
             if (progress.completed > 100) stop.request();
         }});
    CHECK(stopped.ending == Ending::interrupted);
    REQUIRE(!stopped.points.empty());
    CHECK(stopped.trajectories == 32);
    for (std::size_t point = 0; point < std::min<std::size_t>(stopped.points.size(), 5); ++point) {
        CHECK(stopped.points[point].completed == 32);
        Scenario alone = scenario_at(base, design, point);
        alone.run.trajectories = 32;
        CHECK(stopped.points[point].events == run_cohort(alone, {}).events);
    }
    StopRequest at_once;
    at_once.request();
    CHECK(run_design(base, design, observables, {.trajectories = 40, .threads = 2, .stop = &at_once})
              .points.empty());
}

TEST_CASE("what a stop leaves later are all points with fewer trajectories, and it goes on to the same bits",
          "[design]") {
    const Scenario base = tiny_cohort();
    const Design design =
        grid_design(read_factors(base, std::vector<std::string>{"finance.raising.attempts=1..5:5"}));
    const auto observables = looked_at({"share_dead", "rounds_per_company"});
    constexpr std::uint64_t trajectories = 100;  // three blocks and a part of one
    const DesignOutcome whole =
        run_design(base, design, observables, {.trajectories = trajectories, .threads = 2});
    REQUIRE(whole.trajectories == trajectories);
    CHECK(whole.completed == 5 * trajectories);

    // Where the eighth block is kept, in the second round: seven may be folded then, or fewer.
    JournalPieces pieces;
    std::mutex mutex;
    StopRequest stop;
    const Journal journal{.find =
                              [&](const std::string& name) {
                                  const std::lock_guard lock(mutex);
                                  const auto place = pieces.find(name);
                                  return place == pieces.end() ? std::nullopt : std::optional(place->second);
                              },
                          .keep =
                              [&](JournalPieces together) {
                                  const std::lock_guard lock(mutex);
                                  pieces.merge(together);
                                  if (pieces.size() == 8) stop.request();
                              }};
    const DesignOutcome stopped =
        run_design(base, design, observables,
                   {.trajectories = trajectories, .threads = 1, .stop = &stop, .journal = &journal});
    CHECK(stopped.ending == Ending::interrupted);
    REQUIRE(stopped.points.size() == 5);
    CHECK(stopped.trajectories == 32);
    CHECK(stopped.completed == 5 * 32);
    CHECK(stopped.points == run_design(base, design, observables, {.trajectories = 32, .threads = 2}).points);

    std::uint64_t earlier = 0;
    const DesignOutcome resumed =
        run_design(base, design, observables,
                   {.trajectories = trajectories,
                    .threads = 3,
                    .progress = [&](const Progress& progress) { earlier = progress.earlier; },
                    .journal = &journal});
    CHECK(resumed.points == whole.points);
    // What was found is no work of this run, and does not make it look faster than it is.
    CHECK(earlier == 8 * 32);
}
