#include "analysis/statistics/conditional_value_at_risk.hpp"
#include "sim/contract.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <numbers>
#include <random>
#include <vector>

using namespace venturi;

TEST_CASE("the worst part of a small sample is what it is by hand", "[conditional_value_at_risk]") {
    const std::vector<double> outcomes = {5, 1, 4, 2, 3, 6, 8, 7, 10, 9};
    const TailMean fifth = conditional_value_at_risk(outcomes, 0.2);
    CHECK(fifth.quantile == 2);
    CHECK(fifth.mean == Approx(1.5));
    // 2.5 outcomes: 1, 2 and half of 3.
    const TailMean quarter = conditional_value_at_risk(outcomes, 0.25);
    CHECK(quarter.quantile == 3);
    CHECK(quarter.mean == Approx((1 + 2 + 0.5 * 3) / 2.5));
    // All of them: the mean, with the standard error of a mean.
    const TailMean all = conditional_value_at_risk(outcomes, 1);
    CHECK(all.mean == Approx(5.5));
    CHECK(all.standard_error == Approx(std::sqrt(82.5 / 9 / 10)));
    CHECK(std::isnan(conditional_value_at_risk(outcomes, 0.1).standard_error));
    CHECK_THROWS_AS(conditional_value_at_risk(outcomes, 0), ContractViolation);
    CHECK_THROWS_AS(conditional_value_at_risk(std::vector<double>{}, 0.5), ContractViolation);
    CHECK_THROWS_AS(
        conditional_value_at_risk(std::vector<double>{std::numeric_limits<double>::quiet_NaN()}, 0.5),
        ContractViolation);
}

TEST_CASE("the interval holds a normal's conditional value at risk as often as it says",
          "[conditional_value_at_risk]") {
    // −φ(z) / 0.1 at the tenth: z = −1.2815515655446.
    const double z = -1.2815515655446004;
    const double exact = -std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi) / 0.1;
    std::mt19937_64 random(5);
    std::normal_distribution<double> normal;
    constexpr int repetitions = 400;
    int held = 0;
    double sum = 0;
    double squares = 0;
    for (int repetition = 0; repetition < repetitions; ++repetition) {
        std::vector<double> outcomes(1000);
        for (double& outcome : outcomes) outcome = normal(random);
        const TailMean tail = conditional_value_at_risk(outcomes, 0.1);
        held += tail.interval.contains(exact) ? 1 : 0;
        sum += tail.mean;
        squares += tail.mean * tail.mean;
    }
    CHECK(held / static_cast<double>(repetitions)
          == Approx(0.95).margin(3 * std::sqrt(0.95 * 0.05 / repetitions)));
    const double mean = sum / repetitions;
    const double error = std::sqrt((squares / repetitions - mean * mean) / repetitions);
    // It is biased upwards by some var / (n tail): less than 0.01 here.
    CHECK(mean == Approx(exact).margin(4 * error + 0.01));
}
