// Problems of the community, and of textbooks, whose optimum is known; figures from oracles/closed_form.csv
// and oracles/san1_optimum.csv.
#include "analysis/optimiser/optimise.hpp"
#include "analysis/problems/activity_network.hpp"
#include "analysis/problems/newsvendor.hpp"
#include "analysis/problems/portfolio.hpp"
#include "analysis/problems/queue_speed.hpp"
#include "sim/ensemble/moments.hpp"

#include <Eigen/LU>
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <vector>

using namespace venturi;
using namespace venturi::optimiser;
using namespace venturi::problems;

namespace {

// Relative gaps to the optimum, each by an optimisation with a seed of its own.
template <class AnyObjective, class Value>
Moments relative_gaps(const AnyObjective& objective, const GradientMethod& method, const Vector& start,
                      double budget, std::uint64_t optimisations, double optimum, Value value) {
    Moments gaps;
    for (std::uint64_t seed = 1; seed <= optimisations; ++seed) {
        Problem problem{objective};
        const auto found =
            optimise(problem, {.method = method, .start = start, .budget = budget, .seed = seed});
        REQUIRE(found.forward_runs <= budget);
        gaps.add(std::abs(value(found.decision) / optimum - 1));
    }
    return gaps;
}

// The three assets of Rockafellar and Uryasev (2000), tables 1 and 2: S&P 500, long-term government bonds,
// small caps.
NormalReturns three_assets() {
    NormalReturns returns{Vector(3), DenseMatrix(3, 3)};
    returns.mean << 0.0101110, 0.0043532, 0.0137058;
    returns.covariance << 0.00324625, 0.00022983, 0.00420395, 0.00022983, 0.00049937, 0.00019247, 0.00420395,
        0.00019247, 0.00764097;
    return returns;
}

// The mix of least variance with a mean return: its conditions are linear.
Vector least_variance(const NormalReturns& returns, double mean) {
    DenseMatrix conditions = DenseMatrix::Zero(5, 5);
    conditions.topLeftCorner(3, 3) = returns.covariance;
    conditions.block(0, 3, 3, 1) = returns.mean;
    conditions.block(3, 0, 1, 3) = returns.mean.transpose();
    conditions.block(0, 4, 3, 1).setOnes();
    conditions.block(4, 0, 1, 3).setOnes();
    Vector right = Vector::Zero(5);
    right[3] = mean;
    right[4] = 1;
    return Vector(conditions.partialPivLu().solve(right)).head(3);
}

// Conditional value at risk of a normal loss: −mean + σ φ(z) / (1 − level).
double tail_risk(const NormalReturns& returns, const Vector& mix, double z, double level) {
    const double deviation = std::sqrt(mix.dot(returns.covariance * mix));
    const double density = std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
    return -returns.mean.dot(mix) + deviation * density / (1 - level);
}

constexpr double z95 = 1.6448536269514722;

GradientMethod pathwise(Rule rule, StepMap map, std::uint32_t repetitions) {
    return {.estimator = OwnEstimator{"pathwise"},
            .rule = rule,
            .map = map,
            .schedule = ConstantSchedule{},
            .averaging = PolynomialAverage{},
            .repetitions = repetitions};
}

}  // namespace

TEST_CASE("An activity network takes the time of its Markov chain") {
    CHECK(activity_network_value(Vector::Constant(13, 1)) == Approx(6.566019232253087 + 13).epsilon(1e-12));
    CHECK(activity_network_value(Vector::Constant(13, 8)) == Approx(54.153153858024695).epsilon(1e-12));
    CHECK(activity_network_value(Vector::Constant(13, 10)) == Approx(66.96019232253084).epsilon(1e-12));
    const Vector best =
        (Vector(13) << 1.0349927336705023, 1.9217678898731465, 1.7329802864765917, 1.143231498094999,
         2.060128017985317, 1.5468447163098764, 1.3196289853756888, 1.5083663499237026, 1.581273252427772,
         1.5684002851112462, 1.2237274937410687, 1.5083663499237028, 1.276232107947592)
            .finished();
    CHECK(activity_network_value(best) == Approx(18.04927056907852).epsilon(1e-12));
    // What is simulated has the same mean, and its gradient at 1.
    Problem problem{ActivityNetwork{}};
    const GradientEstimate estimate = estimate_gradient(
        OwnEstimator{"pathwise"}, problem, Vector::Constant(13, 1), {.seed = 1, .count = 40'000});
    const Vector gradient =
        (Vector(13) << 0.9725977977109057, 0.15796038323045272, 0.2790356725823047, 0.8673009612911519,
         0.1263549369855965, 0.33582366576646094, 0.6692885914191102, 0.4689200262827933, 0.4490877720711163,
         0.44300017521862134, 0.6419512088477366, 0.4689200262827933, 0.6857780145640431)
            .finished();
    const Vector z = (estimate.gradient.array() + 1 - gradient.array()) / estimate.standard_errors().array();
    CHECK(z.cwiseAbs().maxCoeff() < 4);
    CHECK(std::abs(estimate.values[0] - 19.566019232253087) < 4 * estimate.value_error);
}

TEST_CASE("The activity network is made within 0.02% of its best in 10,000 repetitions", "[long]") {
    GradientMethod method = pathwise(Adam{.learning_rate = 0.2}, StepMap::log_ratio, 20);
    method.schedule = CosineSchedule{};
    const Moments gaps = relative_gaps(ActivityNetwork{}, method, Vector::Constant(13, 8), 10'000, 20,
                                       18.04927056907852, activity_network_value);
    INFO("mean gap " << gaps.mean() << ", largest " << gaps.maximum());
    CHECK(gaps.mean() < 0.0002);
}

TEST_CASE("The newsvendor's profit is its closed form, and is within 0.1% of its best in 1,000 repetitions") {
    const double best = 0.18778957330314562581;
    CHECK(newsvendor_profit(best) == Approx(0.46394307290227358709).epsilon(1e-13));
    CHECK(newsvendor_profit(0.1) == Approx(0.34985823921557668938).epsilon(1e-13));
    Problem problem{Newsvendor{}};
    const GradientEstimate estimate = estimate_gradient(
        OwnEstimator{"pathwise"}, problem, Vector::Constant(1, 0.1), {.seed = 1, .count = 100'000});
    CHECK(std::abs(estimate.gradient[0] - 2.5563557626983646008) < 4 * estimate.standard_errors()[0]);
    const Outcomes outcomes = problem.outcomes(Vector::Constant(1, best), {.seed = 2, .count = 100'000});
    Moments profit;
    for (const double each : outcomes.values.col(0)) profit.add(each);
    CHECK(std::abs(profit.mean() - 0.46394307290227358709) < 4 * profit.standard_error());
    CHECK(profit.variance() == Approx(0.14834564043822729426).epsilon(0.05));

    GradientMethod method = pathwise(GradientDescent{.learning_rate = 0.03}, StepMap::projection, 5);
    method.schedule = PowerSchedule{.power = 0.7, .delay = 2};
    method.averaging = PolynomialAverage{.power = 0};
    const Moments gaps =
        relative_gaps(Newsvendor{}, method, Vector::Zero(1), 1000, 200, 0.46394307290227358709,
                      [](const Vector& decision) { return newsvendor_profit(decision[0]); });
    // The sample median of 1,000 demands, from which to order, has a mean gap of 0.059%.
    INFO("mean gap " << gaps.mean() << ", largest " << gaps.maximum());
    CHECK(gaps.mean() < 0.001);
}

TEST_CASE("A queue's server is within 0.03% of its best speed's cost in 1,000 repetitions", "[long]") {
    Problem problem{QueueSpeed{}};
    const GradientEstimate estimate = estimate_gradient(OwnEstimator{"pathwise"}, problem,
                                                        Vector::Constant(1, 3), {.seed = 1, .count = 20'000});
    CHECK(std::abs(estimate.values[0] - 1.5666648522827775899) < 4 * estimate.value_error);
    CHECK(std::abs(estimate.gradient[0] - 0.155570353009793287) < 4 * estimate.standard_errors()[0]);
    CHECK(queue_speed_value(2.8293557629793835827) == Approx(1.5527694811575798684).epsilon(1e-13));

    const Moments gaps =
        relative_gaps(QueueSpeed{}, pathwise(GradientDescent{.learning_rate = 0.3}, StepMap::projection, 10),
                      Vector::Constant(1, 5), 1000, 20, 1.5527694811575798684,
                      [](const Vector& decision) { return queue_speed_value(decision[0]); });
    INFO("mean gap " << gaps.mean() << ", largest " << gaps.maximum());
    CHECK(gaps.mean() < 0.0003);
}

TEST_CASE("Kelly's bet, and a horse race, are found through the same interface") {
    Problem bet{KellyBet{}};
    const auto part =
        optimise(bet, {.method = pathwise(GradientDescent{.learning_rate = 0.1}, StepMap::projection, 200),
                       .start = Vector::Constant(1, 0.5),
                       .budget = 100'000});
    const double f = part.decision[0];
    CHECK(0.6 * std::log(1 + f) + 0.4 * std::log(1 - f) == Approx(0.020135513550688873421).margin(1e-4));
    CHECK(f == Approx(0.2).margin(0.015));  // four standard errors of as many bets

    const Vector probabilities = (Vector(5) << 0.35, 0.25, 0.2, 0.15, 0.05).finished();
    const Vector odds = (Vector(5) << 2, 4, 6, 8, 10).finished();
    // As many races leave the empirical shares a divergence of 4 / 2n.
    for (const StepMap map : {StepMap::log_ratio, StepMap::mirror}) {
        Problem race{HorseRace{probabilities, odds}};
        const auto mix = optimise(
            race, {.method = pathwise(GradientDescent{.learning_rate = map == StepMap::mirror ? 0.02 : 0.1},
                                      map, 200),
                   .budget = 200'000});
        CHECK((mix.decision - probabilities).cwiseAbs().maxCoeff() < 0.01);
        const double doubling = probabilities.dot(Vector((mix.decision.array() * odds.array()).log()));
        CHECK(doubling == Approx(-0.095681044528669478916).margin(2e-4));
    }
}

TEST_CASE("Markowitz's portfolios are found through the same interface") {
    NormalReturns two{Vector(2), DenseMatrix(2, 2)};
    two.mean << 0.08, 0.13;
    two.covariance << 0.04, 0.015, 0.015, 0.09;  // deviations 0.2 and 0.3, correlation 0.25
    Problem least{LeastVariance{two}};
    const auto mix =
        optimise(least, {.method = pathwise(GradientDescent{.learning_rate = 1}, StepMap::projection, 100),
                         .budget = 50'000});
    CHECK(std::sqrt(mix.decision.dot(two.covariance * mix.decision))
          == Approx(0.18371173070873835736).epsilon(1e-3));
    CHECK(mix.decision[0] == Approx(0.75).margin(0.02));

    Problem utility{MeanVariance{two, 0.03}};
    const auto holdings =
        optimise(utility, {.method = pathwise(GradientDescent{.learning_rate = 1}, StepMap::projection, 200),
                           .budget = 200'000});
    CHECK(holdings.decision[0] / holdings.decision.sum() == Approx(0.48).margin(0.02));
    const Vector excess = two.mean.array() - 0.03;
    CHECK(excess.dot(holdings.decision) / std::sqrt(holdings.decision.dot(two.covariance * holdings.decision))
          == Approx(0.37515428924742515962).epsilon(1e-3));
}

TEST_CASE(
    "The least tail risk with a mean return is Rockafellar and Uryasev's, and its price the frontier's slope",
    "[long]") {
    const NormalReturns returns = three_assets();
    const Vector exact = least_variance(returns, 0.011);
    CHECK(
        (exact - (Vector(3) << 0.4520113113249835, 0.11557318158041083, 0.4324155070946056).finished()).norm()
        < 1e-4);
    const double least = tail_risk(returns, exact, z95, 0.95);
    CHECK(least == Approx(0.11590778895299843).epsilon(1e-5));
    const double slope = (tail_risk(returns, least_variance(returns, 0.0111), z95, 0.95)
                          - tail_risk(returns, least_variance(returns, 0.0109), z95, 0.95))
                         / 0.0002;

    Problem problem{
        TailRisk{.returns = returns, .level = 0.95, .aim = TailRisk::Aim::least_risk, .bound = 0.011}};
    GradientMethod method = pathwise(Adam{.learning_rate = 0.02}, StepMap::projection, 500);
    method.schedule = CosineSchedule{};
    method.multiplier_rate = 200;
    method.penalty = 2000;
    const auto found = optimise(problem, {.method = method, .budget = 1'000'000});
    const Vector mix = found.decision.head(3);
    INFO("mix " << mix.transpose() << ", price " << found.multipliers.transpose() << " of " << slope);
    CHECK(returns.mean.dot(mix) > 0.011 - 1e-4);
    CHECK(tail_risk(returns, mix, z95, 0.95) < 1.01 * least);
    CHECK(found.multipliers[0] == Approx(slope).epsilon(0.02));

    // And the other way round: the highest return with that tail risk, whose price is the reciprocal.
    Problem dual{
        TailRisk{.returns = returns, .level = 0.95, .aim = TailRisk::Aim::highest_return, .bound = least}};
    method.multiplier_rate = 0.02;
    method.penalty = 0.2;
    const auto highest = optimise(dual, {.method = method, .budget = 1'000'000});
    const Vector other = highest.decision.head(3);
    INFO("mix " << other.transpose() << ", price " << highest.multipliers.transpose() << " of " << 1 / slope);
    CHECK(tail_risk(returns, other, z95, 0.95) < 1.01 * least);
    CHECK(returns.mean.dot(other) > 0.011 - 1e-4);
    CHECK(highest.multipliers[0] == Approx(1 / slope).epsilon(0.02));
}
