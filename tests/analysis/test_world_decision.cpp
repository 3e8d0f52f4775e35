// Decisions of a world whose best is known: a company alone whose budgets follow its mix and nothing else.
#include "analysis/optimiser/world_decision_search.hpp"
#include "scenarios/scenario.hpp"
#include "tests/agents/worlds.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace venturi;
using Catch::Matchers::Contains;

namespace {

Scenario alone() {
    Scenario scenario;
    scenario.run.horizon = 6;
    scenario.world = venturi::testing::lone_organisation();
    scenario.world.environment.wage_rise = 0.035;
    return scenario;
}

double part_of(const LedgerWorld& world, Advantage advantage) {
    const auto& budgets = world.organisations[0].budgets;
    double sum = 0;
    for (const double budget : budgets.advantage) sum += budget;
    return budgets.of(advantage) / sum;
}

WorldAim share_of(Advantage advantage) {
    return {.of = {.name = "share",
                   .meaning = "the part of all that the mix divides",
                   .dimension = Dimension::share,
                   .of_world = [advantage](const LedgerWorld& world) { return part_of(world, advantage); }}};
}

/// The nearer a number is to the rise of wages the better.
template <class Number>
WorldAim near_to_rise_of_wages(Number number) {
    return {.of = {.name = "nearness", .meaning = "how near", .of_world = [number](const LedgerWorld& world) {
                       const double off = number(world) - world.parameters.environment.wage_rise;
                       return -off * off;
                   }}};
}

WorldQuestion question_with(WorldAim aim) {
    const Scenario scenario = alone();
    return {
        .scenarios = {{"alone", scenario}}, .group = scenario.world.startups[0].name, .aim = std::move(aim)};
}

DecisionSearchOptions options_for(const WorldQuestion& question, std::uint64_t steps) {
    const MixRows equal = equal_shares(question.decision.rows);
    return {.run = {.step_length = 0.01, .threads = 1},
            .start = start_of(question.decision, question.scenarios.front().scenario,
                              question.decision.moves_mix() ? equal : MixRows{}),
            .budget = 2 * steps * forward_runs_of_repetition(question),
            .trajectories = 2,
            .seed = 1};
}

}  // namespace

TEST_CASE("A constraint on one share holds the other back, at a price of one for one") {
    WorldQuestion question = question_with(share_of(Advantage::data));
    question.constraints = {{.aim = share_of(Advantage::technology), .at_least = true, .bound = 0.3}};
    const DecisionSearchResult found = search_decision(question, options_for(question, 24));
    CHECK(found.decision[0] == Approx(0.3).margin(0.005));
    CHECK(found.decision[1] > 0.62);  // all but the others' floors, which are never reached
    CHECK(found.multipliers[0] == Approx(1).epsilon(0.05));
    const DecisionMeasurement measured = measure_decision(question, found, {.threads = 1}, 2, 8, 1);
    REQUIRE(measured.constraints.size() == 1);
    CHECK(measured.constraints[0].binds);
    CHECK(measured.constraints[0].value.value == Approx(found.decision[0]));
    CHECK(measured.constraints[0].excess == Approx(0.3 - found.decision[0]));
    CHECK(measured.constraints[0].price.value == Approx(1).epsilon(0.05));
    CHECK(measured.over_equal_shares.value == Approx(found.decision[1] - 0.2));
    CHECK(measured.value.standard_error == 0);
}

TEST_CASE("Constraints that no mix meets leave the least violation") {
    WorldQuestion question = question_with(share_of(Advantage::data));
    question.decision.floor = 0.1;
    question.constraints = {{.aim = share_of(Advantage::technology), .at_least = true, .bound = 0.9}};
    const DecisionSearchResult found = search_decision(question, options_for(question, 16));
    CHECK(std::isnan(found.multipliers[0]));
    CHECK(found.decision[0] > 0.57);  // of 0.6, above the others' floors
    // Two trajectories would leave it open, even of a share that never varies.
    const DecisionMeasurement measured = measure_decision(question, found, {.threads = 1}, 40, 0, 1);
    CHECK(measured.constraints[0].verdict == Verdict::not_met);
    CHECK(measured.constraints[0].excess == Approx(0.9 - found.decision[0]));
}

TEST_CASE("A constraint is met or not where the whole interval says so, and else not known") {
    const WorldConstraint least{.aim = share_of(Advantage::data), .at_least = true, .bound = 0.62};
    CHECK(verdict_of(least, {0.63, 0.7}) == Verdict::met);
    CHECK(verdict_of(least, {0.62, 0.7}) == Verdict::met);
    CHECK(verdict_of(least, {0.55, 0.61}) == Verdict::not_met);
    CHECK(verdict_of(least, {0.57, 0.63}) == Verdict::not_known);
    const WorldConstraint most{.aim = share_of(Advantage::data), .at_least = false, .bound = 0.62};
    CHECK(verdict_of(most, {0.55, 0.61}) == Verdict::met);
    CHECK(verdict_of(most, {0.63, 0.7}) == Verdict::not_met);
    CHECK(verdict_of(most, {0.57, 0.63}) == Verdict::not_known);
    const double nan = std::nan("");
    CHECK(verdict_of(least, {nan, nan}) == Verdict::not_known);
    CHECK(std::string(name_of(Verdict::not_known)) == "not known");
}

TEST_CASE("The worst of two scenarios is best between what each of them would have") {
    WorldQuestion question = question_with(
        near_to_rise_of_wages([](const LedgerWorld& world) { return part_of(world, Advantage::data); }));
    question.scenarios.front().scenario.world.environment.wage_rise = 0.1;
    question.scenarios.push_back({"dear", question.scenarios.front().scenario});
    question.scenarios.back().scenario.world.environment.wage_rise = 0.5;
    const DecisionSearchResult found = search_decision(question, options_for(question, 32));
    CHECK(found.decision[1] == Approx(0.3).margin(0.015));
    CHECK(found.weights[0] == Approx(0.5).margin(0.1));
    // Their mean has its top at the same place, where one search finds it without weights.
    question.robust_by = RobustBy::mean;
    const DecisionSearchResult mean = search_decision(question, options_for(question, 16));
    CHECK(mean.decision[1] == Approx(0.3).margin(0.02));
    const DecisionMeasurement measured = measure_decision(question, mean, {.threads = 1}, 2, 0, 1);
    CHECK(measured.value.value == Approx(-0.04).margin(0.002));
    CHECK(measured.scenarios[0].weight == 0.5);
}

TEST_CASE("A parameter is found between its bounds, and on one where the best lies beyond") {
    for (const auto& [target, best] : {std::pair{0.05, 0.05}, {0.5, 0.2}}) {
        WorldQuestion question =
            question_with(near_to_rise_of_wages([target](const LedgerWorld&) { return target; }));
        question.decision = {.rows = 0,
                             .factors = read_decided_factors(question.scenarios.front().scenario,
                                                             {"environment.wage_rise=0%..20%"})};
        DecisionSearchOptions options = options_for(question, 16);
        CHECK(options.start[0] == 0.035);
        const DecisionSearchResult found = search_decision(question, options);
        CHECK(found.decision[0] == Approx(best).margin(0.005));
        CHECK(factor_settings_in(question.decision, found.decision)
                  .front()
                  .starts_with("environment.wage_rise="));
        if (target > best) CHECK(found.decision[0] == best);
    }
}

TEST_CASE("What nothing moves is told apart: the aim, and a constraint") {
    WorldQuestion question = question_with(share_of(Advantage::data));
    question.constraints = {
        {.aim = near_to_rise_of_wages([](const LedgerWorld&) { return 0.0; }), .bound = 1}};
    const DecisionSearchResult found = search_decision(question, options_for(question, 3));
    CHECK(found.aim_is_moved);
    CHECK_FALSE(found.constraint_is_moved[0]);
    std::swap(question.aim, question.constraints[0].aim);
    question.constraints[0].bound = 0.1;
    const DecisionSearchResult idle = search_decision(question, options_for(question, 3));
    CHECK_FALSE(idle.aim_is_moved);
    CHECK(idle.constraint_is_moved[0]);
    question.constraints.clear();
    const DecisionSearchResult nothing = search_decision(question, options_for(question, 3));
    CHECK(nothing.ending == optimiser::Ending::nothing_moves);
    CHECK(nothing.decision == nothing.start);
    DecisionSearchOptions poor = options_for(question, 1);
    poor.budget -= 1;
    CHECK_THROWS_WITH(search_decision(question, poor), Contains("too small for a step"));
}
