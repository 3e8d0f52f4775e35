#include "agents/risk/expression.hpp"
#include "agents/risk/periodic_test.hpp"
#include "sim/contract.hpp"
#include "sim/infinity.hpp"

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/lognormal.hpp>
#include <boost/math/distributions/normal.hpp>
#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace {

using namespace venturi;

constexpr double rounding = 1e-14;

// A pool that is written from the inside out.
struct Pool {
    std::vector<Expression> nodes;
    std::vector<ExpressionIndex> parameters;

    ExpressionIndex number(double value) {
        nodes.push_back({.value = value});
        return static_cast<ExpressionIndex>(nodes.size() - 1);
    }
    ExpressionIndex make(Operation operation, std::vector<ExpressionIndex> arguments = {}) {
        nodes.push_back({.operation = operation, .arguments = std::move(arguments)});
        return static_cast<ExpressionIndex>(nodes.size() - 1);
    }
    ExpressionIndex of(Operation operation, const std::vector<double>& values) {
        std::vector<ExpressionIndex> arguments;
        for (const double value : values) arguments.push_back(number(value));
        return make(operation, arguments);
    }
    ExpressionIndex parameter(std::uint32_t index) {
        nodes.push_back({.operation = Operation::parameter, .reference = index});
        return static_cast<ExpressionIndex>(nodes.size() - 1);
    }
    [[nodiscard]] ExpressionEvaluator evaluator(ExpressionIndex root) const {
        const std::array wanted{root};
        return {nodes, parameters, wanted};
    }
    [[nodiscard]] double value(ExpressionIndex root, const ExpressionSetting& setting = {}) const {
        return evaluator(root).evaluate(setting)[root];
    }
    [[nodiscard]] double drawn(ExpressionIndex root, const DeviateDraws& draws) const {
        return evaluator(root).evaluate({}, draws)[root];
    }
};

double value_of(Operation operation, const std::vector<double>& arguments) {
    Pool pool;
    return pool.value(pool.of(operation, arguments));
}

// The largest distance between the distribution of drawn values and one in theory.
double distance(const std::function<double(double)>& distribution, std::vector<double> drawn) {
    std::sort(drawn.begin(), drawn.end());
    double largest = 0;
    const double count = static_cast<double>(drawn.size());
    for (std::size_t i = 0; i < drawn.size(); ++i) {
        const double expected = distribution(drawn[i]);
        largest = std::max({largest, expected - static_cast<double>(i) / count,
                            static_cast<double>(i + 1) / count - expected});
    }
    return largest;
}

std::vector<double> draws_of(Operation operation, const std::vector<double>& arguments,
                             std::uint32_t trials) {
    Pool pool;
    const ExpressionIndex root = pool.of(operation, arguments);
    const ExpressionEvaluator evaluator = pool.evaluator(root);
    std::vector<double> values;
    std::vector<double> drawn;
    for (std::uint32_t trial = 0; trial < trials; ++trial) {
        evaluator.evaluate({}, DeviateDraws{.seed = 2024, .trial = trial}, values);
        drawn.push_back(values[root]);
    }
    return drawn;
}

// The model of a periodically tested component by small steps in time, without a closed form of anything.
double stepped_unavailability(const PeriodicTest& test, double time, double step) {
    double available = 1;
    double failed = 0;
    double in_repair = 0;
    double restarted = 0;  // in this test
    double found = 0;      // waiting for the test to end
    bool testing = false;
    double test_end = 0;
    double next_test = test.first_test;
    const auto steps = static_cast<std::int64_t>(std::llround(time / step));
    for (std::int64_t i = 0; i < steps; ++i) {
        const double now = static_cast<double>(i) * step;
        if (testing && now >= test_end - step / 2) {
            failed += test.failed_restart * available;
            available = (1 - test.failed_restart) * available + restarted;
            in_repair += found;
            restarted = found = 0;
            testing = false;
        }
        if (!testing && now >= next_test - step / 2) {
            testing = true;
            test_end = next_test + test.duration;
            next_test += test.interval;
            const double lost = test.failure_at_test * available + failed;
            available *= 1 - test.failure_at_test;
            found = test.coverage * lost;
            failed = (1 - test.coverage) * lost;
            if (test.duration == 0) {
                --i;  // the test ends before time goes on
                continue;
            }
        }
        const double repaired = in_repair * -std::expm1(-test.repair_rate * step);
        const double well = repaired * (1 - test.failed_restart);
        in_repair -= repaired;
        failed += repaired - well;
        double& standing = testing ? restarted : available;
        const double failures = standing * -std::expm1(-test.failure_rate * step);
        standing += well - failures;
        failed += failures;
        if (testing) {
            const double in_test = available * -std::expm1(-test.failure_rate_in_test * step);
            available -= in_test;
            found += test.coverage * in_test;
            failed += (1 - test.coverage) * in_test;
        }
    }
    return 1 - restarted - (testing && !test.available_in_test ? 0 : available);
}

}  // namespace

TEST_CASE("Every operation of the exchange format has its value", "[risk]") {
    struct Case {
        Operation operation;
        std::vector<double> arguments;
        double value;
    };
    const std::vector<Case> cases = {
        {Operation::neg, {2}, -2},
        {Operation::add, {1, 2, 4}, 7},
        {Operation::sub, {10, 3, 2}, 5},
        {Operation::mul, {2, 3, 4}, 24},
        {Operation::div, {24, 2, 3}, 4},
        {Operation::abs, {-3}, 3},
        {Operation::acos, {0}, std::acos(0.0)},
        {Operation::asin, {1}, std::asin(1.0)},
        {Operation::atan, {1}, std::atan(1.0)},
        {Operation::cos, {1}, std::cos(1.0)},
        {Operation::sin, {1}, std::sin(1.0)},
        {Operation::tan, {1}, std::tan(1.0)},
        {Operation::cosh, {1}, std::cosh(1.0)},
        {Operation::sinh, {1}, std::sinh(1.0)},
        {Operation::tanh, {1}, std::tanh(1.0)},
        {Operation::exp, {1}, std::exp(1.0)},
        {Operation::log, {8}, std::log(8.0)},
        {Operation::log10, {1000}, 3},
        {Operation::mod, {7, 3}, 1},
        {Operation::pow, {2, 10}, 1024},
        {Operation::pow, {0, 2}, 0},
        {Operation::sqrt, {9}, 3},
        {Operation::ceil, {1.25}, 2},
        {Operation::floor, {1.75}, 1},
        {Operation::min, {3, 1, 2}, 1},
        {Operation::max, {3, 1, 4, 2}, 4},
        {Operation::mean, {1, 2, 6}, 3},
        {Operation::logical_and, {1, 1, 1}, 1},
        {Operation::logical_and, {1, 0, 1}, 0},
        {Operation::logical_or, {0, 0, 2}, 1},
        {Operation::logical_or, {0, 0}, 0},
        {Operation::logical_not, {0}, 1},
        {Operation::logical_not, {1}, 0},
        {Operation::equal, {1, 1}, 1},
        {Operation::equal, {1, 2}, 0},
        {Operation::different, {1, 2}, 1},
        {Operation::different, {2, 2}, 0},
        {Operation::less, {1, 2}, 1},
        {Operation::less, {2, 2}, 0},
        {Operation::greater, {2, 1}, 1},
        {Operation::greater, {2, 2}, 0},
        {Operation::at_most, {2, 2}, 1},
        {Operation::at_most, {3, 2}, 0},
        {Operation::at_least, {2, 2}, 1},
        {Operation::at_least, {1, 2}, 0},
        {Operation::if_then_else, {1, 42, -42}, 42},
        {Operation::if_then_else, {0, 42, -42}, -42},
        {Operation::choose, {0, 1, 1, 2, 1, 3, 4}, 2},
        {Operation::choose, {0, 1, 0, 2, 9}, 9},
        {Operation::choose, {7}, 7},
        {Operation::exponential, {1e-3, 100}, 1 - std::exp(-0.1)},
        {Operation::weibull, {10, 2, 5, 15}, 1 - std::exp(-1.0)},
        {Operation::weibull, {10, 2, 5, 4}, 0},
        {Operation::uniform_deviate, {2, 5}, 3.5},
        {Operation::normal_deviate, {0.5, 0.1}, 0.5},
        {Operation::lognormal_deviate, {2e-5, 3, 0.95}, 2e-5},
        {Operation::lognormal_deviate, {-10, 2}, std::exp(-8.0)},
        {Operation::gamma_deviate, {2, 3}, 6},
        {Operation::beta_deviate, {3, 9}, 0.25},
        // Bins from 0 to 2 and 2 to 6 with values 1 and 4: (2 · 1 + 4 · 4) / 6.
        {Operation::histogram, {0, 2, 1, 6, 4}, 3},
    };
    for (const Case& each : cases) {
        CAPTURE(rule_of(each.operation).name, each.arguments);
        CHECK(value_of(each.operation, each.arguments) == Approx(each.value).epsilon(rounding));
    }
}

TEST_CASE("An expression of small probabilities keeps its digits", "[risk]") {
    // 1 − exp(−x) = x − x²/2 + ..., which subtraction would lose all of.
    CHECK(value_of(Operation::exponential, {1e-20, 1}) == Approx(1e-20).epsilon(rounding));
    CHECK(value_of(Operation::weibull, {1e10, 2, 0, 1}) == Approx(1e-20).epsilon(rounding));
    CHECK(value_of(Operation::glm, {0, 1e-20, 0.5, 1})
          == Approx(1e-20 * -std::expm1(-0.5) / 0.5).epsilon(rounding));
}

TEST_CASE("A repaired component is failed with the probability of its two-state Markov chain", "[risk]") {
    const double demand = 0.2;
    const double failure = 0.03;
    const double repair = 0.5;
    // p' = λ (1 − p) − μ p by the classical Runge–Kutta method: an error of order (0.53 · 0.01)^4 a unit of
    // time.
    double p = demand;
    const double step = 0.01;
    const auto slope = [&](double at) { return failure * (1 - at) - repair * at; };
    for (int i = 1; i <= 500; ++i) {
        const double a = slope(p);
        const double b = slope(p + step / 2 * a);
        const double c = slope(p + step / 2 * b);
        const double d = slope(p + step * c);
        p += step / 6 * (a + 2 * b + 2 * c + d);
        if (i % 100 == 0)
            CHECK(value_of(Operation::glm, {demand, failure, repair, i * step}) == Approx(p).margin(1e-9));
    }
    CHECK(value_of(Operation::glm, {demand, failure, repair, 1e6}) == Approx(failure / (failure + repair)));
    CHECK(value_of(Operation::glm, {demand, 0, 0, 7}) == demand);
    // Neither on demand nor repaired: the exponential law.
    CHECK(value_of(Operation::glm, {0, failure, 0, 7})
          == Approx(value_of(Operation::exponential, {failure, 7})).epsilon(rounding));
}

TEST_CASE("A periodically tested component follows its states step by step", "[risk]") {
    const PeriodicTest full{.failure_rate = 0.02,
                            .failure_rate_in_test = 0.05,
                            .repair_rate = 0.1,
                            .interval = 20,
                            .first_test = 10,
                            .failure_at_test = 0.04,
                            .duration = 3,
                            .available_in_test = true,
                            .coverage = 0.8,
                            .failed_restart = 0.07};
    PeriodicTest unavailable = full;
    unavailable.available_in_test = false;
    PeriodicTest instant{.failure_rate = 0.02, .repair_rate = 0.1, .interval = 20, .first_test = 10};
    // Steps of 2^-10 are wrong in the order of the events in one step: some 0.02 · 0.1 · 2^-10 an hour.
    const double step = 1.0 / 1024;
    for (const double time : {5.0, 9.5, 11.0, 12.5, 13.5, 25.0, 29.5, 30.5, 32.0, 55.0, 71.0, 72.5, 80.0}) {
        CAPTURE(time);
        const double error = 0.02 * 0.2 * step * time;
        CHECK(unavailability(full, time) == Approx(stepped_unavailability(full, time, step)).margin(error));
        CHECK(unavailability(unavailable, time)
              == Approx(stepped_unavailability(unavailable, time, step)).margin(error));
        CHECK(unavailability(instant, time)
              == Approx(stepped_unavailability(instant, time, step)).margin(error));
        const std::vector<double> eleven{0.02, 0.05, 0.1, 20, 10, 0.04, 3, 1, 0.8, 0.07, time};
        CHECK(value_of(Operation::periodic_test, eleven) == unavailability(full, time));
        CHECK(value_of(Operation::periodic_test, {0.02, 0.1, 20, 10, time}) == unavailability(instant, time));
    }
}

TEST_CASE("A test that repairs at once makes the component new", "[risk]") {
    // The four-argument form: an exponential law that starts again at each test, and the limit of fast
    // repair.
    for (const double time : {3.0, 10.0, 10.5, 30.0, 31.0, 1e6 + 17}) {
        const double since = time <= 10 ? time : std::fmod(time - 10, 20);
        const double expected = -std::expm1(-0.02 * (since == 0 ? 20 : since));
        CAPTURE(time);
        CHECK(value_of(Operation::periodic_test, {0.02, 20, 10, time}) == Approx(expected).epsilon(1e-12));
        if (time > 30.5)
            CHECK(value_of(Operation::periodic_test, {0.02, 1e9, 20, 10, time})
                  == Approx(expected).epsilon(1e-9));
    }
    // Equal rates are no exception of the closed form.
    const double just_off = value_of(Operation::periodic_test, {0.1 + 1e-9, 0.1, 20, 10, 47});
    CHECK(value_of(Operation::periodic_test, {0.1, 0.1, 20, 10, 47}) == Approx(just_off).epsilon(1e-7));
    // After a million tests the state is the same as after ten thousand.
    CHECK(value_of(Operation::periodic_test, {0.1, 0.01, 20, 10, 20 * 1e4 + 15})
          == Approx(value_of(Operation::periodic_test, {0.1, 0.01, 20, 10, 20 * 1e6 + 15})).epsilon(1e-9));
}

TEST_CASE("Outside of its domain an expression has no value", "[risk]") {
    const std::vector<std::pair<Operation, std::vector<double>>> cases = {
        {Operation::div, {1, 0}},
        {Operation::mod, {1, 0}},
        {Operation::log, {0}},
        {Operation::log10, {-1}},
        {Operation::sqrt, {-1}},
        {Operation::acos, {1.5}},
        {Operation::asin, {-1.5}},
        {Operation::pow, {-8, 0.5}},
        {Operation::pow, {0, -1}},
        {Operation::exponential, {-1, 1}},
        {Operation::exponential, {1, -1}},
        {Operation::glm, {1.5, 1, 1, 1}},
        {Operation::glm, {0.5, -1, 1, 1}},
        {Operation::glm, {0.5, 1, -1, 1}},
        {Operation::glm, {0.5, 1, 1, -1}},
        {Operation::weibull, {0, 1, 0, 1}},
        {Operation::weibull, {1, 0, 0, 1}},
        {Operation::weibull, {1, 1, -1, 1}},
        {Operation::weibull, {1, 1, 0, -1}},
        {Operation::periodic_test, {-1, 20, 10, 5}},
        {Operation::periodic_test, {1, 0, 10, 5}},
        {Operation::periodic_test, {1, 20, -1, 5}},
        {Operation::periodic_test, {1, 20, 10, -5}},
        {Operation::periodic_test, {1, -1, 20, 10, 5}},
        {Operation::periodic_test, {1, 1, 1, 20, 10, 0, 21, 1, 1, 0, 5}},    // longer than the interval
        {Operation::periodic_test, {1, 1, 1, 20, 10, 1.5, 2, 1, 1, 0, 5}},   // γ
        {Operation::periodic_test, {1, 1, 1, 20, 10, 0, 2, 1, -0.1, 0, 5}},  // σ
        {Operation::periodic_test, {1, 1, 1, 20, 10, 0, 2, 1, 1, 1.1, 5}},   // ω
        {Operation::uniform_deviate, {2, 1}},
        {Operation::normal_deviate, {0, -1}},
        {Operation::lognormal_deviate, {0, 3, 0.95}},
        {Operation::lognormal_deviate, {1, 0.5, 0.95}},
        {Operation::lognormal_deviate, {1, 3, 0.4}},
        {Operation::lognormal_deviate, {1, 3, 1}},
        {Operation::lognormal_deviate, {0, -1}},
        {Operation::gamma_deviate, {0, 1}},
        {Operation::gamma_deviate, {1, 0}},
        {Operation::beta_deviate, {0, 1}},
        {Operation::beta_deviate, {1, -1}},
        {Operation::histogram, {0, 0, 1}},
        {Operation::histogram, {0, 2, 1, 1, 1}},
    };
    for (const auto& [operation, arguments] : cases) {
        CAPTURE(rule_of(operation).name, arguments);
        CHECK(std::isnan(value_of(operation, arguments)));
    }
}

TEST_CASE("What is undefined is passed on, and found again", "[risk]") {
    Pool pool;
    const ExpressionIndex root_of_minus_one = pool.of(Operation::sqrt, {-1});
    pool.parameters = {root_of_minus_one};
    const ExpressionIndex one = pool.number(1);
    const ExpressionIndex by_parameter = pool.parameter(0);
    const ExpressionIndex larger = pool.make(Operation::greater, {by_parameter, one});
    const ExpressionIndex product = pool.make(Operation::mul, {one, larger, pool.number(0)});
    const ExpressionEvaluator evaluator = pool.evaluator(product);
    const std::vector<double> values = evaluator.evaluate({});
    CHECK(std::isnan(values[product]));
    CHECK(evaluator.outside_domain(product, values) == root_of_minus_one);

    // A branch that is not taken does no harm; a condition that has no value does.
    const ExpressionIndex zero = pool.number(0);
    CHECK(pool.value(pool.make(Operation::if_then_else, {one, one, by_parameter})) == 1);
    CHECK(pool.value(pool.make(Operation::if_then_else, {zero, by_parameter, one})) == 1);
    CHECK(pool.value(pool.make(Operation::choose, {zero, by_parameter, one, one, by_parameter})) == 1);
    const ExpressionIndex undecided = pool.make(Operation::if_then_else, {by_parameter, one, one});
    CHECK(std::isnan(pool.value(undecided)));

    // The undefined condition, not the undefined value that another one rules out.
    const ExpressionIndex log_of_zero = pool.of(Operation::log, {0});
    const ExpressionIndex choice = pool.make(Operation::choose, {zero, log_of_zero, by_parameter, one, one});
    const ExpressionEvaluator chooser = pool.evaluator(choice);
    CHECK(chooser.outside_domain(choice, chooser.evaluate({})) == root_of_minus_one);
}

TEST_CASE("Expressions see the mission time, the initiating event and the states of the path", "[risk]") {
    Pool pool;
    const ExpressionIndex time = pool.make(Operation::mission_time);
    pool.nodes.push_back({.operation = Operation::test_initiating_event, .reference = 3});
    const ExpressionIndex by_third = static_cast<ExpressionIndex>(pool.nodes.size() - 1);
    pool.nodes.push_back({.operation = Operation::test_functional_event, .reference = 1, .state = 2});
    const ExpressionIndex in_state = static_cast<ExpressionIndex>(pool.nodes.size() - 1);
    const ExpressionSetting setting{
        .mission_time = 24, .initiating_event = 3, .functional_states = {{0, 2}, {1, 2}}};
    CHECK(pool.value(time, setting) == 24);
    CHECK(pool.value(by_third, setting) == 1);
    CHECK(pool.value(in_state, setting) == 1);
    CHECK(pool.value(by_third, {.mission_time = 24, .initiating_event = 2}) == 0);
    CHECK(pool.value(in_state, {.mission_time = 24, .functional_states = {{1, 1}, {2, 2}}}) == 0);
    CHECK(pool.value(by_third) == 0);
}

TEST_CASE("Random deviates have the distributions they are named for", "[risk]") {
    // Kolmogorov–Smirnov: the distance exceeds 1.95 / √n with probability 0.001 (2 exp(−2 · 1.95²)).
    constexpr std::uint32_t trials = 4000;
    const double critical = 1.95 / std::sqrt(double{trials});
    const auto check = [&](Operation operation, const std::vector<double>& arguments, auto&& distribution) {
        CAPTURE(rule_of(operation).name);
        CHECK(distance(distribution, draws_of(operation, arguments, trials)) < critical);
    };
    check(Operation::uniform_deviate, {2, 5}, [](double x) { return (x - 2) / 3; });
    const boost::math::normal normal(0.5, 0.1);
    check(Operation::normal_deviate, {0.5, 0.1}, [&](double x) { return boost::math::cdf(normal, x); });
    // An error factor of 3 at 95% is a spread of ln 3 / 1.645, and the mean exp(σ²/2) times the median.
    const double spread = std::log(3.0) / boost::math::quantile(boost::math::normal(), 0.95);
    const boost::math::lognormal by_factor(std::log(2e-5) - spread * spread / 2, spread);
    check(Operation::lognormal_deviate, {2e-5, 3, 0.95},
          [&](double x) { return boost::math::cdf(by_factor, x); });
    const boost::math::lognormal by_logarithm(-10, 0.7);
    check(Operation::lognormal_deviate, {-10, 0.7},
          [&](double x) { return boost::math::cdf(by_logarithm, x); });
    const boost::math::gamma_distribution<> gamma(0.7, 3);
    check(Operation::gamma_deviate, {0.7, 3}, [&](double x) { return boost::math::cdf(gamma, x); });
    const boost::math::beta_distribution<> beta(3, 40);
    check(Operation::beta_deviate, {3, 40}, [&](double x) { return boost::math::cdf(beta, x); });
}

TEST_CASE("A histogram draws a bin by its width, and then what is in it", "[risk]") {
    constexpr std::uint32_t trials = 10'000;
    const std::vector<double> drawn = draws_of(Operation::histogram, {100, 170, 1, 200, 2, 280, 3}, trials);
    std::array<double, 4> count{};
    for (const double value : drawn) count.at(static_cast<std::size_t>(value)) += 1;
    const std::array<double, 4> share{0, 70.0 / 180, 30.0 / 180, 80.0 / 180};
    for (std::size_t i = 1; i < 4; ++i) {
        const double deviation = std::sqrt(share.at(i) * (1 - share.at(i)) * trials);
        CHECK(count.at(i) == Approx(share.at(i) * trials).margin(4 * deviation));
    }
    // A bin that is itself uncertain: the mean of uniform(0, 1) in both is 1/2, and every draw lies between.
    Pool pool;
    const ExpressionIndex inner = pool.of(Operation::uniform_deviate, {0, 1});
    const ExpressionIndex outer =
        pool.make(Operation::histogram, {pool.number(0), pool.number(1), inner, pool.number(3), inner});
    CHECK(pool.value(outer) == Approx(0.5).epsilon(rounding));
    CHECK(pool.drawn(outer, {.seed = 7, .trial = 3}) == pool.drawn(inner, {.seed = 7, .trial = 3}));
}

TEST_CASE("A trial is the same whoever computes it, and deviates are independent", "[risk]") {
    Pool pool;
    const ExpressionIndex first = pool.of(Operation::lognormal_deviate, {1e-3, 3, 0.95});
    const ExpressionIndex second = pool.of(Operation::lognormal_deviate, {1e-3, 3, 0.95});
    const std::array both{first, second};
    const ExpressionEvaluator together(pool.nodes, pool.parameters, both);
    const ExpressionEvaluator alone = pool.evaluator(second);
    double product = 0;
    constexpr std::uint32_t trials = 2000;
    for (std::uint32_t trial = trials; trial-- > 0;) {
        const DeviateDraws draws{.seed = 11, .trial = trial};
        const std::vector<double> values = together.evaluate({}, draws);
        CHECK(alone.evaluate({}, draws)[second] == values[second]);
        CHECK(values[first] != values[second]);
        product += (std::log(values[first] / 1e-3)) * std::log(values[second] / 1e-3);
    }
    // ln(x / mean) has mean −σ²/2; the correlation of independent ones is within 4 / √n of 0.
    const double spread = std::log(3.0) / boost::math::quantile(boost::math::normal(), 0.95);
    const double mean = -spread * spread / 2;
    const double covariance = product / trials - mean * mean;
    CHECK(std::abs(covariance)
          < 4 * (spread * spread + 2 * std::abs(mean) * spread) / std::sqrt(double{trials}));
    CHECK(together.evaluate({}, DeviateDraws{.seed = 11, .trial = 1})[first]
          != together.evaluate({}, DeviateDraws{.seed = 12, .trial = 1})[first]);
    CHECK(together.is_uncertain());
    CHECK_FALSE(pool.evaluator(pool.number(1)).is_uncertain());
}

TEST_CASE("One deviate drawn through two parameters is one value", "[risk]") {
    Pool pool;
    const ExpressionIndex rate = pool.of(Operation::uniform_deviate, {0, 1});
    pool.parameters = {rate, rate};
    pool.parameters[1] = pool.parameter(0);
    const ExpressionIndex difference = pool.make(Operation::sub, {pool.parameter(0), pool.parameter(1)});
    for (std::uint32_t trial = 0; trial < 20; ++trial)
        CHECK(pool.drawn(difference, {.seed = 5, .trial = trial}) == 0);
}

TEST_CASE("Parameters that depend on themselves are found and named in order", "[risk]") {
    Pool pool;
    const ExpressionIndex two = pool.parameter(2);
    const ExpressionIndex one = pool.parameter(1);
    const ExpressionIndex sum = pool.make(Operation::add, {one, pool.number(1)});
    pool.parameters = {two, two, sum};  // 0 -> 2, 1 -> 2, 2 -> 1
    CHECK(parameter_cycle(pool.nodes, pool.parameters) == std::vector<std::uint32_t>{1, 2});
    CHECK_THROWS_AS(pool.evaluator(one), ContractViolation);
    pool.parameters = {two, two, pool.number(1)};
    CHECK(parameter_cycle(pool.nodes, pool.parameters).empty());
}

TEST_CASE("A chain of a hundred thousand parameters is no deeper than one", "[risk]") {
    Pool pool;
    constexpr std::uint32_t length = 100'000;
    for (std::uint32_t i = 1; i < length; ++i) pool.parameters.push_back(pool.parameter(i));
    pool.parameters.push_back(pool.number(0.25));
    CHECK(pool.value(pool.parameters.front()) == 0.25);
}

TEST_CASE("Operations say what they take", "[risk]") {
    for (const OperationRule& rule : operation_rules()) {
        CHECK(find_operation(rule.name) == &rule);
        CHECK(rule.takes(rule.least));
        if (rule.most != OperationRule::any_number) CHECK_FALSE(rule.takes(rule.most + 1));
        if (rule.least > 0) CHECK_FALSE(rule.takes(rule.least - 1));
    }
    CHECK_FALSE(rule_of(Operation::periodic_test).takes(7));
    CHECK_FALSE(rule_of(Operation::histogram).takes(4));
    CHECK_FALSE(rule_of(Operation::choose).takes(2));
    CHECK(find_operation("frobnicate") == nullptr);
    Pool pool;
    CHECK_THROWS_AS(pool.evaluator(pool.of(Operation::neg, {1, 2})), ContractViolation);
    CHECK_THROWS_AS(pool.evaluator(1000), ContractViolation);
    pool = {};
    CHECK_THROWS_AS(pool.evaluator(pool.parameter(0)), ContractViolation);
    CHECK_THROWS_AS(pool.value(pool.number(1), {.mission_time = infinity}), ContractViolation);
}
