// Points drawn again with replacement, and intervals of what estimates were of them.
#include "analysis/statistics/bootstrap.hpp"
#include "sim/contract.hpp"
#include "sim/ensemble/moments.hpp"
#include "sim/random/distribution.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

using namespace venturi;

namespace {

std::vector<std::vector<std::size_t>> resamples_of(std::size_t points, std::size_t count,
                                                   std::uint64_t seed) {
    std::vector<std::vector<std::size_t>> all;
    for_each_resample(
        points, count, {.seed = seed, .trajectory = 0, .agent = 0, .purpose = 0},
        [&](std::span<const std::size_t> drawn) { all.emplace_back(drawn.begin(), drawn.end()); });
    return all;
}

}  // namespace

TEST_CASE("resamples are as large as what they are of, the same for the same address", "[bootstrap]") {
    const auto all = resamples_of(7, 30, 1);
    REQUIRE(all.size() == 30);
    for (const auto& drawn : all) {
        CHECK(drawn.size() == 7);
        for (const std::size_t point : drawn) CHECK(point < 7);
    }
    CHECK(resamples_of(7, 30, 1) == all);
    CHECK(resamples_of(7, 30, 2) != all);
    // Fewer are the first of more.
    const auto fewer = resamples_of(7, 10, 1);
    CHECK(std::vector(all.begin(), all.begin() + 10) == fewer);
    std::vector<double> counts(3);
    count_drawn(std::vector<std::size_t>{2, 0, 2}, counts);
    CHECK(counts == std::vector<double>{1, 0, 2});
    CHECK(resamples_of(0, 2, 1) == std::vector<std::vector<std::size_t>>{{}, {}});
}

TEST_CASE("each point is drawn as often as any other", "[bootstrap]") {
    constexpr std::size_t points = 10;
    constexpr std::size_t resamples = 2000;
    std::vector<double> times(points);
    std::vector<double> counts(points);
    Moments left_out;
    for_each_resample(points, resamples, {.seed = 4, .trajectory = 0, .agent = 0, .purpose = 0},
                      [&](std::span<const std::size_t> drawn) {
                          count_drawn(drawn, counts);
                          for (std::size_t i = 0; i < points; ++i) times[i] += counts[i];
                          left_out.add(counts[0] == 0 ? 1 : 0);
                      });
    const double error = std::sqrt(resamples * points * 0.1 * 0.9);
    for (const double each : times) CHECK(each == Approx(resamples).margin(4 * error));
    const double expected = std::pow(0.9, 10);
    CHECK(left_out.mean() == Approx(expected).margin(4 * std::sqrt(expected * (1 - expected) / resamples)));
}

TEST_CASE("the spread of a resampled mean is that of the points over the root of their number",
          "[bootstrap]") {
    Stream stream({.seed = 6, .trajectory = 0, .agent = 0, .purpose = 0});
    constexpr std::size_t points = 50;
    constexpr std::size_t resamples = 4000;
    std::vector<double> values(points);
    Moments of_values;
    for (double& value : values) of_values.add(value = sample(Exponential{}, stream));
    Moments of_means;
    std::vector<double> means;
    for_each_resample(points, resamples, {.seed = 7, .trajectory = 0, .agent = 0, .purpose = 0},
                      [&](std::span<const std::size_t> drawn) {
                          double sum = 0;
                          for (const std::size_t point : drawn) sum += values[point];
                          means.push_back(sum / points);
                          of_means.add(means.back());
                      });
    // Exactly, given the points: their variance with n below it, over n.
    const double variance = of_values.variance() * (points - 1) / points / points;
    CHECK(of_means.mean() == Approx(of_values.mean()).margin(4 * std::sqrt(variance / resamples)));
    CHECK(of_means.variance() == Approx(variance).epsilon(4 * std::sqrt(2.2 / resamples)));
    const Interval interval = percentile_interval(means, 0.025);
    CHECK(interval.half_width() == Approx(1.96 * std::sqrt(variance)).epsilon(0.06));
}

TEST_CASE("a percentile interval lies between order statistics", "[bootstrap]") {
    std::vector<double> values;
    for (int i = 100; i >= 0; --i) values.push_back(i);
    CHECK(percentile_interval(values, 0.05) == Interval{5, 95});
    CHECK(percentile_interval(values, 0) == Interval{0, 100});
    CHECK(percentile_interval({3}, 0.1) == Interval{3, 3});
    CHECK(std::isnan(percentile_interval({}, 0.1).low));
    values.push_back(std::numeric_limits<double>::quiet_NaN());
    CHECK(std::isnan(percentile_interval(values, 0.1).high));
    CHECK_THROWS_AS(percentile_interval({1, 2}, 0.5), ContractViolation);
}
