#include "analysis/optimiser/optimise.hpp"
#include "analysis/problems/startup4_exact.hpp"
#include "analysis/problems/startup4_objective.hpp"
#include "sim/infinity.hpp"
#include "sim/random/draws.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

using namespace venturi;
using namespace venturi::optimiser;
using namespace venturi::problems;

namespace {

template <class Number>
Number value_of_mix(const Vector& decision) {
    typename Startup4Model<Number>::Mix mix;
    for (std::size_t s = 0; s < 4; ++s) {
        for (std::size_t i = 0; i < 5; ++i) {
            const std::size_t at = decision.size() == 5 ? i : 5 * s + i;
            const double share = decision[static_cast<Index>(at)];
            if constexpr (std::same_as<Number, double>)
                mix[s][i] = share;
            else
                mix[s][i] = Number::variable(share, at);
        }
    }
    return startup4_value(Startup4Model<Number>(mix));
}

double exact_value(const Vector& decision) {
    return value_of_mix<double>(decision);
}

/// STARTUP-4 without luck: its closed form, with its gradient.
struct ExactStartup4 {
    Index dimension = 20;

    [[nodiscard]] FeasibleSet feasible_set() const {
        return FeasibleSet(std::vector<Block>(dimension == 5 ? 1 : 4, simplex(5)));
    }
    [[nodiscard]] Outcomes outcomes(const DenseMatrix& decisions, const Repetitions& repetitions) const {
        Outcomes outcomes{.values = DenseMatrix(Index{repetitions.count}, 1)};
        for (Index r = 0; r < outcomes.values.rows(); ++r)
            outcomes.values(r, 0) = exact_value(decisions.col(decisions.cols() == 1 ? 0 : r));
        return outcomes;
    }
    [[nodiscard]] std::vector<OwnGradient> gradients() const {
        return {{.name = "exact",
                 .unbiased = true,
                 .estimate = [](const Vector& decision, const Repetitions& repetitions) {
                     const Dual<20> value = value_of_mix<Dual<20>>(decision);
                     const Vector gradient =
                         Eigen::Map<const Vector>(value.derivative.data(), decision.size());
                     return OutcomeGradients{
                         .outcomes = {DenseMatrix::Constant(repetitions.count, 1, value.value)},
                         .gradients = {gradient.transpose().replicate(repetitions.count, 1)},
                         .forward_runs = static_cast<double>(repetitions.count)};
                 }}};
    }
};

// The best mix of each stage is worth this: by ascent along the exact gradient, see the first test.
constexpr double best_by_stage = 82.2713765799339;
constexpr double best_shared = 76.77165264502096;  // oracles/startup4.md

/// A quadratic with its mean's top at `top`, on a slope that is another each time.
struct NoisyBowl {
    Vector top;
    double noise = 0;
    double bound = 5;

    [[nodiscard]] FeasibleSet feasible_set() const {
        return FeasibleSet({Box{Vector::Constant(top.size(), -bound), Vector::Constant(top.size(), bound)}});
    }
    [[nodiscard]] Outcomes outcomes(const DenseMatrix& decisions, const Repetitions& repetitions) const {
        Outcomes outcomes{.values = DenseMatrix(Index{repetitions.count}, 1)};
        for (std::uint32_t r = 0; r < repetitions.count; ++r) {
            const Vector x = decisions.col(decisions.cols() == 1 ? 0 : Index{r});
            const InversionVariates variates(repetitions.seed, repetitions.first + r);
            DrawSource source;
            Vector slope(x.size());
            for (double& each : slope) each = noise * variates.standard_normal(source);
            outcomes.values(r, 0) = slope.dot(x) - (x - top).squaredNorm();
        }
        return outcomes;
    }
};

/// What it gives does not depend on the mix at all, nor do two mixes share their luck.
struct Indifferent {
    bool common_luck = false;

    [[nodiscard]] FeasibleSet feasible_set() const { return FeasibleSet({simplex(5)}); }
    [[nodiscard]] Outcomes outcomes(const DenseMatrix& decisions, const Repetitions& repetitions) const {
        Outcomes outcomes{.values = DenseMatrix(Index{repetitions.count}, 1)};
        for (std::uint32_t r = 0; r < repetitions.count; ++r) {
            // Another agent's draws for each mix: rounding tells mixes apart.
            const double share = decisions(0, decisions.cols() == 1 ? 0 : Index{r});
            const auto agent = common_luck ? 0U : static_cast<std::uint32_t>(std::lround(share * 1e9));
            const InversionVariates variates(repetitions.seed, repetitions.first + r);
            DrawSource source{.agent = agent, .purpose = 0, .next = 0};
            outcomes.values(r, 0) = std::exp(0.5 * variates.standard_normal(source));
        }
        return outcomes;
    }
};

/// −(x² − 4)² + x: a lower hill near −2 and the higher one near 2.
struct TwoHills {
    [[nodiscard]] FeasibleSet feasible_set() const {
        return FeasibleSet({Box{Vector::Constant(1, -4), Vector::Constant(1, 4)}});
    }
    [[nodiscard]] Outcomes outcomes(const DenseMatrix& decisions, const Repetitions& repetitions) const {
        Outcomes outcomes{.values = DenseMatrix(Index{repetitions.count}, 1)};
        for (Index r = 0; r < outcomes.values.rows(); ++r) {
            const double x = decisions(0, decisions.cols() == 1 ? 0 : r);
            outcomes.values(r, 0) = x - (x * x - 4) * (x * x - 4);
        }
        return outcomes;
    }
};

double median_gap(const std::vector<double>& values, double best) {
    std::vector<double> gaps;
    for (const double value : values) gaps.push_back(1 - value / best);
    std::nth_element(gaps.begin(), gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2), gaps.end());
    return gaps[gaps.size() / 2];
}

}  // namespace

TEST_CASE("Ascent along STARTUP-4's exact gradient ends where no mix is better") {
    Problem shared{ExactStartup4{.dimension = 5}};
    const auto found =
        optimise(shared, {.method = GradientMethod{.estimator = OwnEstimator{"exact"},
                                                   .rule = GradientDescent{.learning_rate = 0.02},
                                                   .map = StepMap::mirror,
                                                   .schedule = ConstantSchedule{}},
                          .budget = 3000});
    CHECK(exact_value(found.decision) == Approx(best_shared).epsilon(1e-12));
    Problem by_stage{ExactStartup4{}};
    const auto best =
        optimise(by_stage, {.method = GradientMethod{.estimator = OwnEstimator{"exact"},
                                                     .rule = GradientDescent{.learning_rate = 0.02},
                                                     .map = StepMap::mirror,
                                                     .schedule = ConstantSchedule{}},
                            .budget = 10'000});
    CHECK(exact_value(best.decision) == Approx(best_by_stage).epsilon(1e-11));
    // The conditions of Karush, Kuhn and Tucker in each stage: shares have the same derivative, or are 0 and
    // have a lower one.
    const Dual<20> value = value_of_mix<Dual<20>>(best.decision);
    for (Index s = 0; s < 4; ++s) {
        const Vector shares = best.decision.segment(5 * s, 5);
        const Vector slopes = Eigen::Map<const Vector>(value.derivative.data(), 20).segment(5 * s, 5);
        const double price = shares.dot(slopes);
        for (Index i = 0; i < 5; ++i) {
            CHECK(slopes[i] < price + 1e-4);
            if (shares[i] > 1e-3) CHECK(slopes[i] == Approx(price).epsilon(1e-5));
        }
    }
}

TEST_CASE(
    "One-step survival finds STARTUP-4's best mix of each stage within 1% in 100 runs and 0.1% in 500") {
    // The median of 21 seeds, from equal shares; the cost of a gradient is what the benchmark measures.
    struct Target {
        double budget;
        double gap;
    };
    for (const Target& target : {Target{100, 0.01}, Target{500, 0.001}}) {
        std::vector<double> values;
        for (std::uint64_t seed = 1; seed <= 21; ++seed) {
            Problem problem{Startup4Objective{}};
            const auto found =
                optimise(problem, {.method = GradientMethod{.estimator = OwnEstimator{"one_step_survival"},
                                                            .rule = GradientDescent{.learning_rate = 0.05},
                                                            .map = StepMap::mirror},
                                   .budget = target.budget,
                                   .seed = seed});
            REQUIRE(found.forward_runs <= target.budget);
            values.push_back(exact_value(found.decision));
        }
        CHECK(median_gap(values, best_by_stage) < target.gap);
        CHECK(*std::max_element(values.begin(), values.end()) <= best_by_stage * (1 + 1e-12));
    }
}

TEST_CASE("Any estimator goes with any update rule and any map") {
    const std::vector<GradientEstimator> estimators = {
        OwnEstimator{"exact"},
        CentralDifferences{.step = 0.01, .coordinates = Coordinates::flat},
        CentralDifferences{.step = 0.05, .coordinates = Coordinates::log_ratio},
        SimultaneousPerturbation{.step = 0.01, .coordinates = Coordinates::flat},
        ParameterExploration{.spread = 0.05, .coordinates = Coordinates::log_ratio},
    };
    struct Rate {
        StepMap map;
        double plain;
        double adaptive;
    };
    for (const Rate& rate : {Rate{StepMap::log_ratio, 0.02, 0.1}, Rate{StepMap::mirror, 0.005, 0.1},
                             Rate{StepMap::projection, 0.001, 0.01}}) {
        for (const std::string name : {"sgd", "momentum", "adam", "adamw"}) {
            const double learning_rate = name == "sgd"        ? rate.plain
                                         : name == "momentum" ? rate.plain / 10
                                                              : rate.adaptive;
            Rule rule = rule_named(name, learning_rate);
            if (auto* decaying = std::get_if<AdamW>(&rule)) decaying->weight_decay = 0;
            for (const GradientEstimator& estimator : estimators) {
                INFO(name << ", map " << static_cast<int>(rate.map) << ", estimator " << estimator.index());
                Problem problem{ExactStartup4{.dimension = 5}};
                // Directions at random take several to make a gradient.
                const std::uint32_t repetitions =
                    std::holds_alternative<SimultaneousPerturbation>(estimator)
                            || std::holds_alternative<ParameterExploration>(estimator)
                        ? 10
                        : 1;
                const auto found = optimise(
                    problem, {.method = GradientMethod{.estimator = estimator,
                                                       .rule = rule,
                                                       .map = rate.map,
                                                       .repetitions = repetitions},
                              .budget = 200 * repetitions * runs_per_repetition(estimator, problem)});
                CHECK(found.log.size() == 200);
                CHECK(problem.set().contains(found.decision));
                // Equal shares are worth 8% less.
                CHECK(exact_value(found.decision) > 0.997 * best_shared);
            }
        }
    }
}

TEST_CASE("The same seed gives the same bits, another seed another descent") {
    const auto run = [](std::uint64_t seed) {
        Problem problem{Startup4Objective{.with_setback = true}};
        return optimise(problem, {.method = GradientMethod{.estimator = OwnEstimator{"likelihood_ratio"},
                                                           .repetitions = 50},
                                  .budget = 1000,
                                  .seed = seed})
            .decision;
    };
    CHECK(run(1) == run(1));
    CHECK(run(1) != run(2));
}

TEST_CASE("A log has a row for each step, with what it cost and how sure its value is") {
    Problem problem{Startup4Objective{.by_stage = false}};
    std::vector<double> told;
    const auto found = optimise(
        problem,
        {.method = GradientMethod{.estimator = SimultaneousPerturbation{.step = 0.04}, .repetitions = 40},
         .budget = 1000,
         .observer = [&](const Iteration& iteration) { told.push_back(iteration.forward_runs); }});
    REQUIRE(found.log.size() == 12);  // of 80 runs each
    REQUIRE(told.size() == found.log.size());
    for (std::size_t i = 0; i < found.log.size(); ++i) {
        CHECK(found.log[i].step == i);
        CHECK(found.log[i].forward_runs == 80.0 * static_cast<double>(i + 1));
        CHECK(told[i] == found.log[i].forward_runs);
        CHECK(std::abs(found.log[i].value - 73) < 30);
        CHECK(found.log[i].value_error > 1);
        CHECK(found.log[i].value_error < 20);
        CHECK(found.log[i].gradient_norm > 0);
    }
    CHECK(found.forward_runs == 960);
    CHECK(problem.forward_runs() == 960);
    CHECK(found.ending == Ending::budget_spent);
}

TEST_CASE("The mean of iterates is nearer to the top than the last of them under noise") {
    const Vector top = Vector::Constant(3, 0.5);
    double last = 0;
    double mean = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        for (const bool averaged : {false, true}) {
            Problem problem{NoisyBowl{.top = top, .noise = 1}};
            GradientMethod method{
                .estimator = ParameterExploration{.spread = 0.5, .coordinates = Coordinates::ambient},
                .rule = GradientDescent{.learning_rate = 0.1},
                .map = StepMap::projection,
                .schedule = ConstantSchedule{}};
            if (averaged) method.averaging = PolynomialAverage{};
            const auto found = optimise(problem, {.method = method, .budget = 1000, .seed = seed});
            (averaged ? mean : last) += (found.decision - top).squaredNorm();
        }
    }
    CHECK(mean < 0.3 * last);
}

TEST_CASE("Restarts find the higher of two hills") {
    for (const std::uint32_t restarts : {0U, 6U}) {
        Problem problem{TwoHills{}};
        const auto found =
            optimise(problem, {.method = GradientMethod{.estimator = CentralDifferences{.step = 0.01},
                                                        .rule = Adam{.learning_rate = 0.1},
                                                        .map = StepMap::projection,
                                                        .restarts = restarts},
                               .start = Vector::Constant(1, -2.5),
                               .budget = 2000});
        CHECK(found.decision[0] == Approx(restarts == 0 ? -1.97 : 2.03).margin(0.02));
        CHECK(found.forward_runs <= 2000);
    }
}

TEST_CASE("A descent that is asked to stop gives what it has") {
    Problem problem{ExactStartup4{.dimension = 5}};
    StopRequest stop;
    const auto found = optimise(problem, {.method = GradientMethod{.estimator = OwnEstimator{"exact"}},
                                          .budget = 1000,
                                          .stop = &stop,
                                          .observer = [&](const Iteration& iteration) {
                                              if (iteration.step == 9) stop.request();
                                          }});
    CHECK(found.ending == Ending::stopped);
    CHECK(found.log.size() == 10);
    CHECK(exact_value(found.decision) > exact_value(found.start));
}

TEST_CASE("What can't be optimised is refused in words") {
    Problem problem{ExactStartup4{.dimension = 5}};
    const auto asks = [&](const OptimisationOptions& options) { return optimise(problem, options); };
    CHECK_THROWS_WITH(asks({.budget = 7}), Catch::Contains("too small") && Catch::Contains("8"));
    CHECK_THROWS_WITH(asks({.start = Vector::Constant(5, 0.3)}), Catch::Contains("outside"));
    CHECK_THROWS_WITH(asks({.start = Vector::Constant(4, 0.25)}), Catch::Contains("outside"));
    CHECK_THROWS_WITH(asks({.method = GradientMethod{.repetitions = 0}}), Catch::Contains("at least one"));
    CHECK_THROWS_WITH(asks({.method = NelderMead{}, .budget = 10}), Catch::Contains("too small"));
    CHECK_THROWS_WITH(asks({.method = RandomSearch{}, .budget = 10}), Catch::Contains("too small"));
    CHECK_THROWS_WITH(asks({.method = ResponseSurface{}, .budget = 10}), Catch::Contains("too small"));
    Problem startup{Startup4Objective{}};
    const OptimisationOptions survival{
        .method = GradientMethod{.estimator = OwnEstimator{"one_step_survival"}}, .budget = 3};
    CHECK_THROWS_WITH(optimise(startup, survival), Catch::Contains("takes 3.1"));
    CHECK_THROWS_WITH(rule_named("rmsprop", 1), Catch::Contains("sgd, momentum, normalised, adam and adamw"));
    CHECK_THROWS_WITH(step_map_named("linear"), Catch::Contains("log_ratio, mirror and projection"));
}

TEST_CASE("An objective that no mix moves is said to be one") {
    const std::vector<Method> methods = {GradientMethod{}, NelderMead{}, RandomSearch{}, ResponseSurface{}};
    for (const Method& method : methods) {
        Problem problem{Indifferent{.common_luck = true}};
        const auto found = optimise(problem, {.method = method, .budget = 1000});
        CHECK(found.ending == Ending::nothing_moves);
        const Gain gain =
            measure_gain(problem, found.decision, Vector(problem.set().centre()), fresh_repetitions(1, 100));
        CHECK(gain.mean == 0);
        CHECK(gain.interval.contains(0));
    }
}

TEST_CASE("An optimiser does not fool itself: where the mix is ignored 95% of reported gains cover zero") {
    constexpr int seeds = 1000;
    const std::vector<Method> methods = {
        RandomSearch{.points = 8},
        GradientMethod{
            .estimator = SimultaneousPerturbation{.step = 1, .coordinates = Coordinates::log_ratio},
            .rule = Adam{.learning_rate = 0.3}},
    };
    for (const Method& method : methods) {
        int covered = 0;
        double seen_gain = 0;
        for (int seed = 1; seed <= seeds; ++seed) {
            Problem problem{Indifferent{}};
            const auto number = static_cast<std::uint64_t>(seed);
            const auto found = optimise(problem, {.method = method, .budget = 80, .seed = number});
            const Gain gain =
                measure_gain(problem, found.decision, found.start, fresh_repetitions(number, 100));
            covered += gain.interval.contains(0);
            double best = -infinity;
            for (const Iteration& iteration : found.log) best = std::max(best, iteration.value);
            seen_gain += (best - found.log.front().value) / seeds;
        }
        // Four standard errors of a share of 1,000.
        CHECK(std::abs(covered - 0.95 * seeds) < 4 * std::sqrt(0.95 * 0.05 * seeds));
        // By what it has seen while it searched there would always be a gain.
        CHECK(seen_gain > 0.1);
    }
}

TEST_CASE("Nelder and Mead, and a quadratic surface, find the top of a bowl; random search comes nearer") {
    const Vector top = (Vector(3) << 0.7, -0.4, 0.2).finished();
    Problem bowl{NoisyBowl{.top = top, .bound = infinity}};
    const auto nelder_mead = optimise(bowl, {.method = NelderMead{.repetitions = 1}, .budget = 300});
    CHECK((nelder_mead.decision - top).norm() < 1e-4);
    const auto surface = optimise(bowl, {.method = ResponseSurface{.radius = 1, .rounds = 1}, .budget = 100});
    CHECK((surface.decision - top).norm() < 1e-9);
    Problem bounded{NoisyBowl{.top = top, .noise = 1}};
    const auto random = optimise(bounded, {.method = RandomSearch{.points = 64}, .budget = 5000});
    CHECK((random.decision - top).norm() < 2);
    CHECK(nelder_mead.forward_runs <= 300);
    CHECK(surface.forward_runs <= 100);
    CHECK(random.forward_runs <= 5000);
}
