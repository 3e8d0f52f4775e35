// What companies gain that leave the others' mix, and the same mix in several worlds.
#include "analysis/optimiser/world_race.hpp"
#include "analysis/optimiser/world_variants.hpp"
#include "scenarios/scenario.hpp"
#include "tests/agents/worlds.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

using namespace venturi;

namespace {

Scenario small_labs() {
    const std::filesystem::path library =
        std::filesystem::path(VENTURI_SOURCE_FOLDER) / "scenarios" / "library";
    Scenario scenario = load_scenario("foundation_model_lab", std::span(&library, 1));
    for (const char* setting : {"run.horizon=36 months", "startups.founders.count=10"})
        apply_setting(scenario, setting);
    return scenario;
}

/// What is in hand after a year, in millions of dollars.
WorldObjective cash_in_hand() {
    return {.name = "cash",
            .meaning = "what is in hand, in millions",
            .of_company = [](const LedgerCompany& company) { return company.cash.balance(12) / 1e6; }};
}

}  // namespace

TEST_CASE("A company that leaves for the others' own mix gains nothing, to the bit") {
    const WorldProblem problem(small_labs(), {});
    const MixRows usual = problem.mix();
    const Deviation none = measure_deviation(problem, usual, usual, {}, 6, 3);
    CHECK(none.gain.gain == 0);
    CHECK(none.gain.standard_error == 0);
    CHECK(none.completed == 6);
    CHECK(none.forward_runs == 6 * (1 + leavers_of_trajectory));
}

TEST_CASE("What one that leaves gains is the same on any number of threads, and as seen one by one") {
    const WorldProblem problem(small_labs(), {.objective = cash_in_hand()});
    const MixRows usual = problem.mix();
    MixRows other = usual;
    other[0].technology = 0.1;
    const Deviation one = measure_deviation(problem, usual, other, {.threads = 1}, 10, 3);
    const Deviation three = measure_deviation(problem, usual, other, {.threads = 3}, 10, 3);
    CHECK(one.gain.gain == three.gain.gain);
    CHECK(one.gain.standard_error == three.gain.standard_error);
    CHECK(one.gain.standard_error > 0);
    // Of one company that decides against the rest the same is seen, with other companies' luck.
    const WorldProblem alone = problem.decided_by(WhoDecides::one);
    const WorldEvaluation seen =
        evaluate(alone, {{usual, usual}, {other, usual}},
                 {.trajectories = 40, .first = first_measured_trajectory, .seed = 3});
    CHECK(std::abs(seen.gains[1].mean - one.gain.gain)
          < 4 * std::hypot(seen.gains[1].standard_error, one.gain.standard_error));
}

TEST_CASE("An equilibrium's search is the same on any number of threads, and keeps to budget and floor") {
    const WorldProblem problem(small_labs(), {});
    MixSearchOptions options{
        .method = MixSearchMethod::equilibrium, .start = problem.mix(), .budget = 48, .seed = 5};
    options.world.threads = 1;
    const MixSearchResult one = search_mix(problem, options);
    options.world.threads = 3;
    const MixSearchResult three = search_mix(problem, options);
    CHECK(shares_of_rows(one.mix) == shares_of_rows(three.mix));
    CHECK(shares_of_rows(one.answer) == shares_of_rows(three.answer));
    CHECK(one.forward_runs <= 48);
    CHECK(one.forward_runs >= 40);
    CHECK(one.log.size() == 2);  // rounds of 18 forward runs, and a quarter for the answer
    for (const MixRows* rows : {&one.mix, &one.answer})
        for (const double share : shares_of_rows(*rows)) CHECK(share >= 0.01 - 1e-12);
    CHECK(shares_of_rows(one.mix) != shares_of_rows(one.start));
}

TEST_CASE("One company's answer to a mix of the others is looked for among them") {
    const WorldProblem problem(small_labs(), {});
    MixRows others = problem.mix();
    others[0].technology = 0.05;
    const MixSearchOptions options{.start = others, .budget = 64, .seed = 5};
    const MixSearchResult answer = search_answer(problem, others, options);
    CHECK(answer.forward_runs <= 64);
    CHECK(answer.log.size() == 1);
    CHECK(shares_of_rows(answer.mix) != shares_of_rows(others));
    CHECK(shares_of_rows(answer.start) == shares_of_rows(others));
    // Against others that are elsewhere it is another.
    const MixSearchResult elsewhere = search_answer(problem, problem.mix(), options);
    CHECK(shares_of_rows(elsewhere.mix) != shares_of_rows(answer.mix));
}

TEST_CASE("Where a dollar more at the start is a dollar more at the end, its price is 1") {
    // A company alone whose spending follows its parameters and not its cash.
    Scenario scenario;
    scenario.run.horizon = 12;
    scenario.world = venturi::testing::lone_organisation();
    const WorldProblem problem(scenario, {.group = 0, .objective = cash_in_hand()});
    const ShadowPrice price = measure_shadow_price(scenario, problem, problem.mix(), {}, 3, 1);
    CHECK(price.of_million.gain == Approx(1).epsilon(1e-9));
    CHECK(price.of_million.standard_error < 1e-9);
    CHECK(price.more_money == Approx(0.4 * mean(scenario.world.startups[0].seed_round)));
    CHECK(price.forward_runs == 6);
}

TEST_CASE("A distribution that is scaled has the mean and the variance of what it is of, scaled") {
    const std::vector<Distribution> all = {Constant{3},    Uniform{1, 4},     Triangular{1, 2, 5},
                                           Normal{2, 0.5}, LogNormal{2, 0.6}, Exponential{3},
                                           Gamma{2, 3},    Weibull{1.5, 2},   Pareto{3, 2}};
    for (const Distribution& each : all) {
        CAPTURE(each.index());
        CHECK(mean(scaled(each, 1.7)) == Approx(1.7 * mean(each)));
        CHECK(variance(scaled(each, 1.7)) == Approx(1.7 * 1.7 * variance(each)));
    }
}

TEST_CASE("The same mix in the same world differs by nothing, in another one by what that brings") {
    const Scenario scenario = small_labs();
    Scenario poorer = scenario;
    poorer.world.startups[0].seed_round = scaled(scenario.world.startups[0].seed_round, 0.5);
    const WorldProblem usual(scenario, {});
    const WorldProblem changed(poorer, {});
    const MixRows mix = usual.mix();
    const std::vector<VariantTrial> trials = {{&usual, mix}, {&usual, mix}, {&changed, mix}};
    const std::vector<VariantPair> pairs = {{.changed = 1, .base = 0}, {.changed = 2, .base = 0}};
    const VariantEvaluation one = evaluate_variants(trials, pairs, {.trajectories = 8, .threads = 1});
    CHECK(one.gains[0].gain == 0);
    CHECK(one.values[0] == one.values[1]);
    CHECK(one.values[0] != one.values[2]);
    CHECK(one.forward_runs == 24);
    const VariantEvaluation three = evaluate_variants(trials, pairs, {.trajectories = 8, .threads = 3});
    CHECK(three.values == one.values);
    CHECK(three.gains[1].gain == one.gains[1].gain);
    // What a mix has alone it has here.
    CHECK(evaluate(usual, {{mix}}, {.trajectories = 8}).values[0] == one.values[0]);
}
