// Steps by values and slopes alone, and searches that take them, where the answer is known.
#include "analysis/optimiser/linearised_step.hpp"
#include "analysis/optimiser/optimise.hpp"
#include "analysis/optimiser/range_statistic.hpp"
#include "sim/random/draws.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>
#include <vector>

using namespace venturi;
using namespace venturi::optimiser;
using Catch::Matchers::Contains;

namespace {

LocalView view_of(Vector objectives, DenseMatrix slopes, Vector excesses = Vector(0),
                  DenseMatrix steepness = DenseMatrix(0, 0)) {
    return {std::move(objectives), std::move(slopes), std::move(excesses), std::move(steepness)};
}

Vector vector_of(std::vector<double> numbers) {
    return Eigen::Map<const Vector>(numbers.data(), static_cast<Index>(numbers.size()));
}

/// Bowls, −|x − centreₖ|² each, with noise on values and slopes, and straight constraints a·x ≤ b; in a box.
struct Bowls {
    DenseMatrix centres;                      // dimension × objectives
    DenseMatrix normals = DenseMatrix(0, 0);  // dimension × constraints
    Vector bounds = Vector(0);
    double reach = 10;
    double noise = 0;

    [[nodiscard]] Index dimension() const { return centres.rows(); }
    [[nodiscard]] FeasibleSet feasible_set() const {
        return FeasibleSet(
            {Box{Vector::Constant(dimension(), -reach), Vector::Constant(dimension(), reach)}});
    }
    [[nodiscard]] Index objectives() const { return centres.cols(); }
    [[nodiscard]] Index constraints() const { return normals.cols(); }
    [[nodiscard]] OutcomeGradients at(const Vector& x, const Repetitions& repetitions) const {
        const Index columns = objectives() + constraints();
        OutcomeGradients found{
            .outcomes = {DenseMatrix(Index{repetitions.count}, columns)},
            .gradients = std::vector<DenseMatrix>(static_cast<std::size_t>(columns),
                                                  DenseMatrix(Index{repetitions.count}, dimension())),
            .forward_runs = static_cast<double>(repetitions.count)};
        for (std::uint32_t r = 0; r < repetitions.count; ++r) {
            const InversionVariates variates(repetitions.seed, repetitions.first + r);
            DrawSource source;
            for (Index k = 0; k < columns; ++k) {
                const bool is_objective = k < objectives();
                const Index j = k - objectives();
                const Vector off = is_objective ? Vector(x - centres.col(k)) : x;
                found.outcomes.values(r, k) =
                    (is_objective ? -off.squaredNorm() : normals.col(j).dot(x) - bounds[j])
                    + noise * variates.standard_normal(source);
                for (Index i = 0; i < dimension(); ++i)
                    found.gradients[static_cast<std::size_t>(k)](r, i) =
                        (is_objective ? -2 * off[i] : normals(i, j))
                        + noise * variates.standard_normal(source);
            }
        }
        return found;
    }
    [[nodiscard]] Outcomes outcomes(const DenseMatrix& decisions, const Repetitions& repetitions) const {
        return at(decisions.col(0), repetitions).outcomes;
    }
    [[nodiscard]] std::vector<OwnGradient> gradients() const {
        return {
            {.name = "exact", .estimate = [self = *this](const Vector& x, const Repetitions& repetitions) {
                 return self.at(x, repetitions);
             }}};
    }
};

/// Two assets with independent normal returns: the mean of the worst twentieth of what a mix returns, where
/// that is to return 6% in the mean.
struct TailOfPortfolio {
    [[nodiscard]] FeasibleSet feasible_set() const { return FeasibleSet({simplex(2)}); }
    [[nodiscard]] Index constraints() const { return 1; }
    [[nodiscard]] OutcomeGradients at(const Vector& mix, const Repetitions& repetitions) const {
        DenseMatrix returns(Index{repetitions.count}, 2);
        std::vector<WeightedOutcome> outcomes;
        for (std::uint32_t r = 0; r < repetitions.count; ++r) {
            const InversionVariates variates(repetitions.seed, repetitions.first + r);
            DrawSource source;
            returns(r, 0) = 0.1 + 0.2 * variates.standard_normal(source);
            returns(r, 1) = 0.02 + 0.05 * variates.standard_normal(source);
            outcomes.push_back({returns.row(r).dot(mix), 1, r});
        }
        sort_outcomes(outcomes);
        const CutOff cut = cut_off_of({RangeStatistic::Kind::tail_mean, 0.05}, outcomes);
        OutcomeGradients found{.outcomes = {DenseMatrix(Index{repetitions.count}, 2)},
                               .gradients = std::vector<DenseMatrix>(2, DenseMatrix(returns)),
                               .forward_runs = static_cast<double>(repetitions.count)};
        for (Index r = 0; r < returns.rows(); ++r) {
            const double value = returns.row(r).dot(mix);
            found.outcomes.values.row(r) << cut(value), 0.06 - value;
            found.gradients[0].row(r) *= value < cut.high ? cut.scale : 0;
            found.gradients[1].row(r) *= -1;
        }
        return found;
    }
    [[nodiscard]] Outcomes outcomes(const DenseMatrix& decisions, const Repetitions& repetitions) const {
        return at(decisions.col(0), repetitions).outcomes;
    }
    [[nodiscard]] std::vector<OwnGradient> gradients() const {
        return {{.name = "cut_off",
                 .estimate = [self = *this](const Vector& mix, const Repetitions& repetitions) {
                     return self.at(mix, repetitions);
                 }}};
    }
};

OptimisationResult search(const Bowls& bowls, double budget, std::uint32_t repetitions = 1) {
    Problem problem(bowls);
    return optimise(problem,
                    {.method = LinearisedSteps{.estimator = "exact", .length = 1, .repetitions = repetitions},
                     .start = Vector::Constant(bowls.dimension(), -3),
                     .budget = budget,
                     .seed = 5});
}

}  // namespace

TEST_CASE("Of one objective without constraints the best step goes straight up, as far as it may") {
    const LinearisedStep step =
        best_step(view_of(vector_of({7}), vector_of({3, -4}), Vector(0), DenseMatrix(2, 0)), 0.5);
    CHECK(step.step[0] == Approx(0.3));
    CHECK(step.step[1] == Approx(-0.4));
    CHECK(step.weights[0] == 1);
    CHECK(step.meets_constraints);
}

TEST_CASE("A constraint turns the step along its edge, and its price is what the edge costs") {
    // max x + y where y ≤ 0.1 and the step is no longer than 1: y = 0.1, x = √(1 − 0.01).
    const DenseMatrix normal = vector_of({0, 2});
    const LinearisedStep step =
        best_step(view_of(vector_of({0}), vector_of({1, 1}), vector_of({-0.2}), normal), 1);
    CHECK(step.step[1] == Approx(0.1).epsilon(1e-6));
    CHECK(step.step[0] == Approx(std::sqrt(0.99)).epsilon(1e-6));
    // Of L = x + y − λ (2 y − 0.2) − μ/2 (x² + y²): 1 = μ x, and 1 − 2 λ = μ y.
    const double resistance = 1 / step.step[0];
    CHECK(step.prices[0] == Approx((1 - 0.1 * resistance) / 2).epsilon(1e-5));
}

TEST_CASE("A constraint that does not bind costs nothing") {
    const LinearisedStep step = best_step(
        view_of(vector_of({0}), vector_of({1, 1}), vector_of({-9}), DenseMatrix(vector_of({0, 2}))), 1);
    CHECK(step.prices[0] == 0);
    CHECK(step.step[0] == Approx(std::sqrt(0.5)));
}

TEST_CASE("Where constraints can't be met within reach the step makes the largest excess small") {
    const LinearisedStep step = best_step(
        view_of(vector_of({0}), vector_of({1, 1}), vector_of({10}), DenseMatrix(vector_of({0, 2}))), 1);
    CHECK_FALSE(step.meets_constraints);
    CHECK(step.step[1] == Approx(-1));
    CHECK(step.step[0] == Approx(0).margin(1e-9));
    CHECK(std::isnan(step.prices[0]));
    // One that nothing moves can't be met at all, and costs nothing.
    const LinearisedStep idle = best_step(
        view_of(vector_of({0}), vector_of({3, 4}), vector_of({1}), DenseMatrix(vector_of({0, 0}))), 1);
    CHECK_FALSE(idle.meets_constraints);
    CHECK(idle.step[0] == Approx(0.6));
    CHECK(idle.prices[0] == 0);
}

TEST_CASE("The least of two objectives is raised along both, to where one has overtaken the other") {
    DenseMatrix slopes(2, 2);
    slopes << 1, -0.5, 0, 1;  // x, and y − x / 2
    const LinearisedStep tied =
        best_step(view_of(vector_of({0, 0}), slopes, Vector(0), DenseMatrix(2, 0)), 1);
    // Both grow alike: x = y − x / 2 on the unit circle.
    const double x = 1 / std::hypot(1, 1.5);
    CHECK(tied.step[0] == Approx(x).epsilon(1e-6));
    CHECK(tied.step[1] == Approx(1.5 * x).epsilon(1e-6));
    CHECK(tied.weights.sum() == Approx(1));
    // Far below the other, only the lower one counts.
    const LinearisedStep lower =
        best_step(view_of(vector_of({0, 9}), slopes, Vector(0), DenseMatrix(2, 0)), 1);
    CHECK(lower.step[0] == Approx(1));
    CHECK(lower.weights[0] == Approx(1));
    // Straight against each other there is no step: both hold the least back.
    slopes << 1, -1, 0, 0;
    const LinearisedStep none =
        best_step(view_of(vector_of({0, 0}), slopes, Vector(0), DenseMatrix(2, 0)), 1);
    CHECK(none.step.norm() < 1e-5);
    CHECK(none.weights[0] == Approx(0.5).epsilon(1e-4));
}

TEST_CASE("Linearised steps end at the best point under a constraint, with its price") {
    // The top of the bowl at (1, 2) lies beyond x + y ≤ 1: the best is (0, 1), and the price 2.
    Bowls bowls{.centres = vector_of({1, 2}), .normals = vector_of({1, 1}), .bounds = vector_of({1})};
    const OptimisationResult exact = search(bowls, 40);
    CHECK(exact.decision[0] == Approx(0).margin(0.02));
    CHECK(exact.decision[1] == Approx(1).margin(0.02));
    CHECK(exact.multipliers[0] == Approx(2).margin(0.2));
    CHECK(exact.ending == Ending::budget_spent);
    // The same with noise as large as a third of the slopes.
    bowls.noise = 1;
    const OptimisationResult noisy = search(bowls, 40 * 16, 16);
    // Errors of a step's means are 1 / √16; the last ten steps or so are remembered, with halves of each.
    CHECK(noisy.decision.sum() == Approx(1).margin(4 * 0.25 / std::sqrt(3)));
    CHECK((noisy.decision - vector_of({0, 1})).norm() < 0.6);
}

TEST_CASE("The worst of two bowls is best between them, where each counts as it must") {
    // −|x|² and −|x − (2, 0)|² + nothing: best at (1, 0), both with weight ½.
    DenseMatrix centres(2, 2);
    centres << 0, 2, 0, 0;
    const OptimisationResult found = search({.centres = centres}, 40);
    CHECK(found.decision[0] == Approx(1).margin(0.02));
    CHECK(found.decision[1] == Approx(0).margin(0.02));
    CHECK(found.weights[0] == Approx(0.5).margin(0.05));
    CHECK(found.log.back().value == Approx(-1).margin(0.05));
}

TEST_CASE("A search ends on a bound of its box where the best point lies beyond it") {
    const OptimisationResult found = search({.centres = vector_of({50, 2}), .reach = 4}, 30);
    CHECK(found.decision[0] == 4);
    CHECK(found.decision[1] == Approx(2).margin(0.05));
}

TEST_CASE("Where no point meets the constraints the least violation is what is found") {
    // x ≥ 12 in a box that ends at 10.
    const OptimisationResult found =
        search({.centres = vector_of({0, 0}), .normals = vector_of({-1, 0}), .bounds = vector_of({-12})}, 30);
    CHECK(found.decision[0] == 10);
    CHECK(std::isnan(found.multipliers[0]));
    CHECK(found.moved == std::vector<bool>{true, true});
}

TEST_CASE("The least tail risk of a portfolio, and the price of its return, by outcomes that are cut off") {
    TailOfPortfolio portfolio;
    Problem problem(portfolio);
    const OptimisationResult found = optimise(
        problem, {.method = LinearisedSteps{.estimator = "cut_off", .length = 0.5, .repetitions = 4000},
                  .start = vector_of({0.8, 0.2}),
                  .budget = 80'000,
                  .seed = 3});
    // The return is a straight line in the mix, and half of each is where it is enough. Over a dozen seeds
    // the answer's deviation was 0.01: that of a return's mean over three steps, by its slope.
    CHECK(found.decision[0] == Approx(0.5).margin(0.04));
    // Of a normal return the mean of the worst twentieth is its mean less 2.0627 deviations.
    const auto worst = [](double part) {
        const double deviation = std::hypot(0.2 * part, 0.05 * (1 - part));
        return 0.02 + 0.08 * part - 2.0627128 * deviation;
    };
    const double price = (worst(0.4999) - worst(0.5001)) / (0.08 * 0.0002);
    CHECK(found.multipliers[0] == Approx(price).epsilon(0.05));
}

TEST_CASE("What linearised steps can't do is refused in words") {
    Bowls bowls{.centres = vector_of({0, 0})};
    CHECK_THROWS_WITH(search(bowls, 0.5), Contains("too small for a step"));
    DenseMatrix centres(2, 2);
    centres << 0, 2, 0, 0;
    Problem two(Bowls{.centres = centres});
    CHECK_THROWS_WITH(optimise(two, {.method = NelderMead{}, .budget = 100}), Contains("worst of several"));
    Problem problem(bowls);
    CHECK_THROWS_AS(optimise(problem, {.method = LinearisedSteps{.estimator = "exact", .length = 0}}),
                    std::invalid_argument);
    CHECK_THROWS_WITH(optimise(problem, {.method = LinearisedSteps{.estimator = "luck"}}),
                      Contains("there is no estimator 'luck'"));
}
