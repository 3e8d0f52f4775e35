#include "analysis/optimiser/world_controls.hpp"
#include "analysis/optimiser/world_evaluation.hpp"
#include "analysis/optimiser/world_gradient.hpp"
#include "scenarios/scenario.hpp"
#include "sim/contract.hpp"
#include "sim/ensemble/moments.hpp"
#include "sim/random/stream.hpp"
#include "tests/agents/worlds.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

using namespace venturi;
using Catch::Matchers::Contains;

namespace {

Scenario library_scenario(const std::string& name, const std::vector<std::string>& settings) {
    const std::filesystem::path library =
        std::filesystem::path(VENTURI_SOURCE_FOLDER) / "scenarios" / "library";
    Scenario scenario = load_scenario(name, std::span(&library, 1));
    for (const std::string& setting : settings) apply_setting(scenario, setting);
    return scenario;
}

// Labs over three years, few enough to be lived often.
Scenario small_labs() {
    return library_scenario("foundation_model_lab", {"run.horizon=36 months", "startups.founders.count=10"});
}

// A company alone whose money never runs out: its budgets follow the mix and nothing else.
Scenario alone() {
    Scenario scenario;
    scenario.run.horizon = 12;
    scenario.world = venturi::testing::lone_organisation();
    return scenario;
}

WorldObjective data_budget() {
    return {.name = "data_budget",
            .meaning = "what is spent on data, in parts of all that the mix divides",
            .of_world = [](const LedgerWorld& world) {
                const auto& budgets = world.organisations[0].budgets;
                double sum = 0;
                for (const double budget : budgets.advantage) sum += budget;
                return budgets.of(Advantage::data) / sum;
            }};
}

double trace_of(const WorldGradient& gradient) {
    double trace = 0;
    for (const double error : gradient.standard_errors) trace += error * error;
    return trace;
}

}  // namespace

TEST_CASE("Where the objective is a share itself, the steps give what they must", "[world_gradient]") {
    const WorldProblem problem(alone(), {.group = 0, .objective = data_budget()});
    const MixRows at = problem.mix();
    const std::array<double, 5> shares = normalised(at[0]);
    for (const MixSteps steps : {MixSteps::flat, MixSteps::log_ratio}) {
        WorldGradientOptions options{.steps = steps, .length = 1e-3};
        options.run.trajectories = 3;
        const WorldGradient gradient = estimate(problem, at, options);
        REQUIRE(gradient.gradient.size() == 5);
        for (std::size_t i = 0; i < 5; ++i) {
            CAPTURE(i);
            // Of θ = softmax(z) the derivative of θ_1 in z_i is θ_1 (δ_i1 − θ_i).
            const double exact = shares[1] * ((i == 1 ? 1.0 : 0.0) - shares[i]);
            CHECK(gradient.gradient[i] == Approx(exact).epsilon(1e-5));
            CHECK(gradient.standard_errors[i] < 1e-12);
        }
        CHECK(gradient.forward_runs == 3 * 8);
        CHECK_FALSE(gradient.is_dead[0]);
    }
}

TEST_CASE("All directions at once, up or down at random, give the same gradient in the mean",
          "[world_gradient]") {
    const WorldProblem problem(alone(), {.group = 0, .objective = data_budget()});
    const MixRows at = problem.mix();
    const std::array<double, 5> shares = normalised(at[0]);
    WorldGradientOptions options{.estimator = WorldEstimator::simultaneous, .length = 1e-3};
    options.run.trajectories = 400;
    options.run.controls = false;
    const WorldGradient gradient = estimate(problem, at, options);
    CHECK(gradient.forward_runs == 2 * 400);
    for (std::size_t i = 0; i < 5; ++i) {
        CAPTURE(i);
        const double exact = shares[1] * ((i == 1 ? 1.0 : 0.0) - shares[i]);
        CHECK(std::abs(gradient.gradient[i] - exact) < 4 * gradient.standard_errors[i]);
        // The world has no luck here: the scatter is that of signs, Σ over other directions of their squares.
        CHECK(gradient.standard_errors[i] > 0);
    }
    CHECK(std::accumulate(gradient.gradient.begin(), gradient.gradient.end(), 0.0)
          == Approx(0).margin(1e-12));
    CHECK_THROWS_AS(
        estimate(problem, at,
                 {.estimator = WorldEstimator::simultaneous, .steps = MixSteps::flat, .length = 0.01}),
        ContractViolation);
}

TEST_CASE("A row of a stage that nobody comes to is dead, and its gradient 0", "[world_gradient]") {
    const WorldProblem problem(alone(), {.group = 0, .objective = data_budget()});
    const InvestmentMix mix = problem.mix()[0];
    WorldGradientOptions options;
    options.run.trajectories = 2;
    const WorldGradient gradient = estimate(problem, {mix, mix}, options);
    CHECK(gradient.forward_runs == 2 * 16);
    CHECK_FALSE(gradient.is_dead[0]);
    CHECK(gradient.is_dead[1]);
    for (std::size_t i = 5; i < 10; ++i) CHECK(gradient.gradient[i] == 0);
}

TEST_CASE("A likelihood ratio sees what the mix does to a hazard, at the cost of two runs",
          "[world_gradient]") {
    // Nothing hangs on the mix here but how many batches of data are bought: a Poisson number.
    Scenario scenario = alone();
    scenario.run.horizon = 2;
    WorldParameters& world = scenario.world;
    world.standing.planning_interval = 1e6;
    world.technology.tilt = 0;
    world.technology.breakthroughs = 0;
    for (RoleParameters* role :
         {&world.talent.researcher, &world.talent.engineer, &world.talent.data, &world.talent.business}) {
        role->applications = 0;
        role->turnover = 0;
    }
    const auto problem_of_world = [&](auto of_world) {
        return WorldProblem(scenario,
                            {.objective = {.name = "batches", .meaning = "of data", .of_world = of_world}});
    };
    const WorldProblem problem = problem_of_world([](const LedgerWorld& lived) {
        return static_cast<double>(lived.organisations[0].data.ledger().arrived);
    });
    const WorldProblem of_money = problem_of_world([&](const LedgerWorld& lived) {
        return lived.organisations[0].purchases / lived.parameters.data.batch_price * scenario.run.horizon;
    });
    const MixRows at = problem.mix();
    const std::array<double, 5> shares = normalised(at[0]);
    const double bought = evaluate(of_money, {{at}}, {.trajectories = 1}).values[0][0];
    REQUIRE(bought > 0.5);
    WorldGradientOptions options{.estimator = WorldEstimator::likelihood_ratio};
    options.run.trajectories = 3000;
    const WorldGradient gradient = estimate(problem, at, options);
    CHECK(gradient.forward_runs == 2 * 3000);
    CHECK_FALSE(gradient.is_dead[0]);
    for (std::size_t i = 0; i < 5; ++i) {
        CAPTURE(i);
        const double exact = bought * ((i == 1 ? 1.0 : 0.0) - shares[i]);
        CAPTURE(exact);
        CAPTURE(gradient.gradient[i]);
        CHECK(gradient.standard_errors[i] < 0.2 * std::abs(exact) + 0.1);
        CHECK(std::abs(gradient.gradient[i] - exact) < 4 * gradient.standard_errors[i]);
    }
    CHECK(std::accumulate(gradient.gradient.begin(), gradient.gradient.end(), 0.0) == Approx(0).margin(1e-9));
    options.run.controls = false;
    CHECK(gradient.work_normalised_variance < 0.7 * estimate(problem, at, options).work_normalised_variance);
    // What is spent moves no hazard: the score knows nothing of it, whatever steps see.
    const WorldGradient unseen =
        estimate(of_money, at, {.estimator = WorldEstimator::likelihood_ratio, .run = {.trajectories = 400}});
    for (std::size_t i = 0; i < 5; ++i)
        CHECK(std::abs(unseen.gradient[i]) <= 4 * unseen.standard_errors[i] + 1e-9);
    const WorldGradient seen = estimate(of_money, at, {.length = 1e-3, .run = {.trajectories = 2}});
    CHECK(seen.gradient[1] == Approx(bought * (1 - shares[1])).epsilon(1e-5));
}

TEST_CASE("There is a likelihood ratio of one mix that all share, and of no other", "[world_gradient]") {
    const WorldProblem problem(small_labs(), {.objective = survival_objective()});
    CHECK(why_no_likelihood_ratio(problem, 1).empty());
    CHECK_THAT(why_no_likelihood_ratio(problem, 2), Contains("all stages"));
    CHECK_THAT(why_no_likelihood_ratio(problem.decided_by(WhoDecides::one), 1), Contains("one company"));
    MixRows at = problem.mix();
    at.push_back(at.front());
    CHECK_THROWS_AS(estimate(problem, at, {.estimator = WorldEstimator::likelihood_ratio}),
                    ContractViolation);
}

TEST_CASE("Gradients and gains are the same on any number of threads", "[world_gradient]") {
    const WorldProblem problem(small_labs(), {});
    const MixRows at = problem.mix();
    MixRows other = at;
    other[0].risk += 0.1;
    for (const WorldEstimator estimator :
         {WorldEstimator::central_differences, WorldEstimator::company_exploration,
          WorldEstimator::simultaneous, WorldEstimator::likelihood_ratio}) {
        WorldGradientOptions options{.estimator = estimator};
        options.run.trajectories = 12;
        options.run.threads = 1;
        const WorldGradient one = estimate(problem, at, options);
        options.run.threads = 3;
        const WorldGradient three = estimate(problem, at, options);
        CHECK(one.gradient == three.gradient);
        CHECK(one.covariance == three.covariance);
        CHECK(one.events == three.events);
    }
    const std::vector<WorldTrial> trials = {{at}, {other}};
    const WorldEvaluation one = evaluate(problem, trials, {.trajectories = 12, .threads = 1});
    const WorldEvaluation three = evaluate(problem, trials, {.trajectories = 12, .threads = 3});
    CHECK(one.values == three.values);
    CHECK(one.differences == three.differences);
    CHECK(one.forward_runs == 24);
    // Each trajectory is what it is, whichever are lived with it.
    const WorldEvaluation later = evaluate(problem, trials, {.trajectories = 4, .first = 8});
    for (std::size_t t = 0; t < 4; ++t) CHECK(later.values[1][t] == one.values[1][t + 8]);
}

TEST_CASE("Over itself a mix gains nothing, and luck is another with another seed", "[world_gradient]") {
    const WorldProblem problem(small_labs(), {.objective = survival_objective()});
    const MixRows at = problem.mix();
    const WorldEvaluation same = evaluate(problem, {{at}, {at}}, {.trajectories = 10});
    CHECK(same.gains[1].mean == 0);
    CHECK(same.gains[1].standard_error == 0);
    CHECK(same.values[0] == same.values[1]);
    for (const double value : same.values[0]) CHECK((value >= 0 && value <= 1));
    const WorldEvaluation fresh = evaluate(problem, {{at}}, {.trajectories = 10, .seed = 99});
    CHECK(fresh.values[0] != same.values[0]);
    // Shares are divided by their sum.
    MixRows doubled = at;
    for (double* share : {&doubled[0].technology, &doubled[0].data, &doubled[0].talent,
                          &doubled[0].partnership, &doubled[0].risk})
        *share *= 2;
    CHECK(evaluate(problem, {{doubled}}, {.trajectories = 10}).values[0] == same.values[0]);
}

TEST_CASE("Controls whose coefficients are other observations' leave the mean where it is",
          "[world_gradient]") {
    // y = 0.3 + 2 a − b + noise, of controls a and b that are all but 0 in a third of the rows.
    Stream stream({.seed = 5, .trajectory = 0, .agent = 0, .purpose = 0});
    const auto normal = [&stream] { return sample(Normal{0, 1}, stream); };
    constexpr std::size_t rows = 4000;
    SplitControls fit(3);
    std::vector<std::array<double, 3>> controls;
    std::vector<double> values;
    for (std::size_t i = 0; i < rows; ++i) {
        const bool has_any = i % 3 != 0;
        controls.push_back({has_any ? normal() : 0.0, has_any ? 5 * normal() : 0.0, 0.0});
        values.push_back(0.3 + 2 * controls[i][0] - controls[i][1] + 0.5 * normal());
        fit.add(SplitControls::fold_of(i), values[i], controls[i]);
    }
    Moments plain;
    Moments controlled;
    for (std::size_t i = 0; i < rows; ++i) {
        const std::vector<double> coefficients = fit.coefficients(SplitControls::fold_of(i));
        CHECK(coefficients[2] == 0);
        plain.add(values[i]);
        controlled.add(
            values[i]
            - std::inner_product(controls[i].begin(), controls[i].end(), coefficients.begin(), 0.0));
    }
    CHECK(std::abs(controlled.mean() - 0.3) < 4 * controlled.standard_error());
    CHECK(controlled.variance() == Approx(0.25).epsilon(0.1));
    CHECK(plain.variance() > 15);
    CHECK(SplitControls(3).coefficients(0) == std::vector<double>(3, 0.0));
}

TEST_CASE("A control that few rows have is left out", "[world_gradient]") {
    // y = 2 a in every row; b is there in a few, as small as it is large where it would be taken off.
    const auto of_rows_with_b = [](std::size_t count) {
        SplitControls fit(2);
        for (std::size_t i = 0; i < 800; ++i) {
            const double a = i % 2 == 0 ? 1 : -1;
            const bool has_b = i % SplitControls::folds == 1 && i / SplitControls::folds < count;
            fit.add(SplitControls::fold_of(i), 2 * a, std::vector<double>{a, has_b ? 1e-9 : 0.0});
        }
        return fit.coefficients(0);
    };
    const std::vector<double> few = of_rows_with_b(SplitControls::least_rows - 1);
    CHECK(few[0] == Approx(2).epsilon(0.05));
    CHECK(few[1] == 0);
    CHECK(std::abs(of_rows_with_b(SplitControls::least_rows)[1]) > 1e6);
}

TEST_CASE("On the full world long steps with controls see the gradient that short ones do, with less work",
          "[world_gradient][long]") {
    for (const WorldObjective& objective : {log_proceeds_objective(), survival_objective()}) {
        CAPTURE(objective.name);
        const WorldProblem problem(library_scenario("foundation_model_lab", {"run.horizon=72 months"}),
                                   {.objective = objective});
        const MixRows at = problem.mix();
        WorldGradientOptions flat{.steps = MixSteps::flat, .length = 0.04};
        flat.run.trajectories = 40;
        flat.run.controls = false;
        const WorldGradient reference = estimate(problem, at, flat);
        WorldGradientOptions controlled = flat;
        controlled.run.controls = true;
        const WorldGradient less_luck = estimate(problem, at, controlled);
        WorldGradientOptions longer{};
        longer.run.trajectories = 40;
        const WorldGradient gradient = estimate(problem, at, longer);
        CHECK(less_luck.work_normalised_variance < 0.9 * reference.work_normalised_variance);
        CHECK(gradient.work_normalised_variance < 0.15 * reference.work_normalised_variance);
        for (std::size_t i = 0; i < 5; ++i) {
            CAPTURE(i);
            const double error = std::hypot(reference.standard_errors[i], gradient.standard_errors[i]);
            CHECK(std::abs(reference.gradient[i] - gradient.gradient[i]) < 4 * error);
            // The same runs with and without controls: what they take off has mean zero.
            CHECK(std::abs(reference.gradient[i] - less_luck.gradient[i]) < 4 * reference.standard_errors[i]);
        }
        CHECK(trace_of(gradient) < trace_of(reference));
    }
}

TEST_CASE("One company moves alone, and the others keep their mix", "[world_gradient]") {
    // Money follows whatever the others take: customers, people, rounds.
    const WorldObjective cash = {
        .name = "cash",
        .meaning = "what is in hand, or was at the end",
        .of_company = [](const LedgerCompany& company) { return company.cash.balance(36) / 1e6; }};
    const WorldProblem problem(small_labs(), {.objective = cash, .who = WhoDecides::one});
    const MixRows at = problem.mix();
    MixRows other = at;
    other[0].technology = 0.1;
    // Whatever the rest has, it is the rest's: a company that does as they do lives in their world.
    const WorldEvaluation evaluation =
        evaluate(problem, {{at}, {other}, {at, at}, {other, other}}, {.trajectories = 12});
    CHECK(evaluation.values[0] == evaluation.values[2]);
    CHECK(evaluation.values[1] != evaluation.values[3]);
    const WorldProblem together(small_labs(), {.objective = cash});
    const WorldEvaluation all = evaluate(together, {{at}}, {.trajectories = 12});
    // Number t modulo ten decides in trajectory t: of all the values these are single companies'.
    Moments one;
    for (const double value : evaluation.values[0]) one.add(value);
    Moments everyone;
    for (const double value : all.values[0]) everyone.add(value);
    CHECK(one.variance() > everyone.variance());
    WorldGradientOptions options{.estimator = WorldEstimator::company_exploration};
    options.run.trajectories = 4;
    const WorldGradient explored = estimate(problem, at, options);
    CHECK(explored.forward_runs == 8);
    CHECK(explored.gradient.size() == 5);
    CHECK(std::accumulate(explored.gradient.begin(), explored.gradient.end(), 0.0)
          == Approx(0).margin(1e-12));
}

TEST_CASE("Objectives are found by name", "[world_gradient]") {
    for (const std::string& name : world_objective_names()) {
        CAPTURE(name);
        const auto objective = find_world_objective(name);
        REQUIRE(objective);
        CHECK(objective->name == name);
        CHECK((objective->of_company != nullptr) != (objective->of_world != nullptr));
    }
    CHECK_FALSE(find_world_objective("proceed"));
    LedgerCompany company;
    company.proceeds = 3e6;
    CHECK(log_proceeds_objective().of_company(company) == Approx(std::log(4.0)));
    CHECK(crra_proceeds_objective(0).of_company(company) == Approx(3));
    CHECK(crra_proceeds_objective(2).of_company(company) == Approx(1 - 1.0 / 4));
    CHECK(crra_proceeds_objective(1).of_company(company) == Approx(std::log(4.0)));
    CHECK_THROWS_AS(crra_proceeds_objective(-1), ContractViolation);
    company.status = Status::acquired;
    CHECK(survival_objective().of_company(company) == 1);
    company.status = Status::bankrupt;
    CHECK(survival_objective().of_company(company) == 0);
}

TEST_CASE("Problems that are none are refused with a reason", "[world_gradient]") {
    const auto refusal = [](const Scenario& scenario, const MixQuestion& question) {
        try {
            const WorldProblem problem(scenario, question);
        } catch (const std::invalid_argument& error) {
            return std::string(error.what());
        }
        return std::string("none");
    };
    CHECK_THAT(refusal(library_scenario("seed_cohort", {}), {}), Contains("inside: five_advantages"));
    CHECK_THAT(refusal(small_labs(), {.group = 7}), Contains("no such group"));
    CHECK_THAT(refusal(library_scenario("foundation_model_lab", {"startups.founders.count=0"}), {}),
               Contains("no startups"));
    CHECK_THAT(
        refusal(small_labs(), {.objective = *find_world_objective("failures"), .who = WhoDecides::one}),
        Contains("whole world"));
    const WorldProblem problem(small_labs(), {});
    const MixRows at = problem.mix();
    CHECK_THROWS_AS(evaluate(problem, {}, {}), ContractViolation);
    CHECK_THROWS_AS(evaluate(problem, {{MixRows{}}}, {}), ContractViolation);
    CHECK_THROWS_AS(estimate(problem, at, {.steps = MixSteps::flat, .length = 1.01 * longest_flat_step(at)}),
                    ContractViolation);
    CHECK_THROWS_AS(estimate(problem, at, {.length = 0}), ContractViolation);
    StopRequest stop;
    stop.request();
    WorldRun stopped{.trajectories = 4};
    stopped.stop = &stop;
    const WorldEvaluation none = evaluate(problem, {{at}}, stopped);
    CHECK(none.ending == Ending::interrupted);
    CHECK(none.completed == 0);
    CHECK(none.values[0].empty());
}
