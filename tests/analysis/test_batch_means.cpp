// The mean of a stationary series by batch means, where its variance is known: an autoregression.
#include "analysis/statistics/batch_means.hpp"
#include "sim/contract.hpp"
#include "sim/ensemble/critical_value.hpp"
#include "sim/ensemble/moments.hpp"
#include "sim/random/distribution.hpp"
#include "sim/random/stream.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

using namespace venturi;

namespace {

/// x' = coefficient · x + noise of variance 1, stationary from its start, about 3.
std::vector<double> autoregression(double coefficient, std::size_t length, std::uint32_t number) {
    Stream stream({.seed = 5, .trajectory = number, .agent = 0, .purpose = 0});
    std::vector<double> series;
    double x = sample(Normal{}, stream) / std::sqrt(1 - coefficient * coefficient);
    for (std::size_t i = 0; i < length; ++i) {
        series.push_back(3 + x);
        x = coefficient * x + sample(Normal{}, stream);
    }
    return series;
}

/// Of the mean of so many of its values.
double variance_of_mean(double coefficient, std::size_t length) {
    const auto n = static_cast<double>(length);
    const double variance = 1 / (1 - coefficient * coefficient);
    const double over_lags =
        (1 + coefficient) / (1 - coefficient)
        - 2 * coefficient * (1 - std::pow(coefficient, n)) / (n * (1 - coefficient) * (1 - coefficient));
    return variance / n * over_lags;
}

struct Repetitions {
    Moments means;
    Moments squared_errors;
    Moments held;
};

Repetitions repeated(double coefficient, std::size_t batches, std::size_t length, std::uint32_t count) {
    Repetitions all;
    for (std::uint32_t number = 0; number < count; ++number) {
        const BatchMeans found = batch_means(autoregression(coefficient, batches * length, number), batches);
        all.means.add(found.mean);
        all.squared_errors.add(found.standard_error * found.standard_error);
        all.held.add(found.interval.contains(3) ? 1 : 0);
    }
    return all;
}

}  // namespace

TEST_CASE("batches by hand", "[batch_means]") {
    // The first value fills no batch.
    const std::vector<double> series = {99, 1, 3, 4, 6, 2, 2};
    const BatchMeans found = batch_means(series, 3, 0.9);
    CHECK(found.batches == 3);
    CHECK(found.length == 2);
    CHECK(found.mean == Approx(3));
    CHECK(found.standard_error == Approx(std::sqrt((1.0 + 4 + 1) / 2 / 3)));
    CHECK(found.interval.high - 3 == Approx(student_critical_value(0.9, 2) * found.standard_error));
    CHECK(found.interval.low == Approx(6 - found.interval.high));
    CHECK(found.correlation == Approx((-1.0 * 2 + 2 * -1.0) / 6));
    // Single values are batches too: the interval of independent ones.
    Moments moments;
    for (const double value : series) moments.add(value);
    const BatchMeans single = batch_means(series, series.size());
    CHECK(single.mean == Approx(moments.mean()));
    CHECK(single.interval.low == Approx(moments.confidence_interval().low));
}

TEST_CASE("the variance of an autoregression's mean is found by batches", "[batch_means]") {
    constexpr std::size_t batches = 20;
    constexpr std::size_t length = 50;
    for (const double coefficient : {0.0, 0.5, 0.8, -0.5}) {
        CAPTURE(coefficient);
        const Repetitions all = repeated(coefficient, batches, length, 1000);
        const double of_mean = variance_of_mean(coefficient, batches * length);
        // Exactly, of dependent batches too: k (Var batch − Var mean) / (k − 1) is the mean of their
        // variance.
        const double expected = (variance_of_mean(coefficient, length) - of_mean) / (batches - 1);
        CHECK(all.means.mean() == Approx(3).margin(4 * std::sqrt(of_mean / 1000)));
        CHECK(all.squared_errors.mean() == Approx(expected).margin(4 * all.squared_errors.standard_error()));
        // What batches miss are the covariances between them.
        CHECK(expected / of_mean == Approx(1).margin(0.1));
    }
}

TEST_CASE(
    "the interval of batch means holds as often as it says where batches are long, and not where they are "
    "short",
    "[batch_means]") {
    constexpr std::uint32_t repetitions = 2000;
    const double error = std::sqrt(0.95 * 0.05 / repetitions);
    CHECK(repeated(0.5, 20, 200, repetitions).held.mean() == Approx(0.95).margin(4 * error));
    CHECK(repeated(0, 5, 20, repetitions).held.mean() == Approx(0.95).margin(4 * error));
    // Batches of one value take them for independent: the variance is of 1 / (1 − 0.8²), not 1 / (1 − 0.8)².
    const double reach = student_critical_value(0.95, 999) * std::sqrt(0.04 / 0.36);
    const double held = std::erf(reach / std::sqrt(2));
    CHECK(repeated(0.8, 1000, 1, repetitions).held.mean()
          == Approx(held).margin(4 * std::sqrt(held * (1 - held) / repetitions) + 0.01));
    // And it shows.
    CHECK(batch_means(autoregression(0.8, 1000, 1), 1000).correlation > 0.7);
    CHECK(std::abs(batch_means(autoregression(0.8, 40'000, 1), 100).correlation) < 4 / std::sqrt(100));
}

TEST_CASE("batches that can't be made are refused, and what is not known stays so", "[batch_means]") {
    const std::vector<double> series = {1, 2, 3};
    CHECK_THROWS_AS(batch_means(series, 1), ContractViolation);
    CHECK_THROWS_AS(batch_means(series, 4), ContractViolation);
    CHECK_THROWS_AS(batch_means(series, 2, 1), ContractViolation);
    const std::vector<double> gap = {1, std::numeric_limits<double>::quiet_NaN(), 3, 4};
    CHECK(std::isnan(batch_means(gap, 2).mean));
    CHECK(std::isnan(batch_means(gap, 2).interval.low));
}
