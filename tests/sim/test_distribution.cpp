#include "sim/ensemble/moments.hpp"
#include "sim/infinity.hpp"
#include "sim/random/distribution.hpp"
#include "sim/random/draws.hpp"
#include "sim/random/ziggurat.hpp"

#include <boost/math/distributions/exponential.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/lognormal.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/pareto.hpp>
#include <boost/math/distributions/triangular.hpp>
#include <boost/math/distributions/uniform.hpp>
#include <boost/math/distributions/weibull.hpp>
#include <boost/random/exponential_distribution.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <random>
#include <string>
#include <variant>
#include <vector>

using namespace venturi;

namespace {

struct Case {
    std::string name;
    Distribution distribution;
    std::function<double(double)> below;  // the distribution function
};

template <class Law>
std::function<double(double)> distribution_function(const Law& law) {
    return [law](double x) { return boost::math::cdf(law, x); };
}

std::vector<Case> all_cases() {
    namespace laws = boost::math;
    return {
        {"uniform", Uniform{-1, 3}, distribution_function(laws::uniform(-1, 3))},
        {"triangular", Triangular{1, 2, 5}, distribution_function(laws::triangular(1, 2, 5))},
        {"triangular, mode at the low end", Triangular{0, 0, 2},
         distribution_function(laws::triangular(0, 0, 2))},
        {"triangular, mode at the high end", Triangular{0, 2, 2},
         distribution_function(laws::triangular(0, 2, 2))},
        {"normal", Normal{2, 3}, distribution_function(laws::normal(2, 3))},
        {"log-normal", LogNormal{2, 0.5}, distribution_function(laws::lognormal(std::log(2.0), 0.5))},
        {"exponential", Exponential{2.5}, distribution_function(laws::exponential(0.4))},
        {"gamma, shape below one", Gamma{0.5, 3}, distribution_function(laws::gamma_distribution<>(0.5, 6))},
        {"Erlang", Gamma{3, 1.5}, distribution_function(laws::gamma_distribution<>(3, 0.5))},
        {"Weibull", Weibull{1.7, 2}, distribution_function(laws::weibull(1.7, 2))},
        {"Weibull, falling hazard", Weibull{0.8, 2}, distribution_function(laws::weibull(0.8, 2))},
        {"Pareto", Pareto{5.5, 2}, distribution_function(laws::pareto(2, 5.5))},
    };
}

std::vector<double> draw(const Distribution& distribution, std::size_t count) {
    Stream stream({.seed = 2024, .trajectory = 1, .agent = 2, .purpose = 3});
    std::vector<double> values(count);
    for (double& value : values) value = sample(distribution, stream);
    return values;
}

std::vector<double> draw_by_inversion(const Distribution& distribution, std::size_t count, bool mirrored) {
    InversionDraws draws(InversionVariates(2025, 1, mirrored));
    DrawSource source{.agent = 1, .purpose = 2};
    std::vector<double> values(count);
    for (double& value : values) value = draws.sample(source, distribution);
    return values;
}

// √n times the greatest distance between the empirical and the true distribution function.
double kolmogorov_distance(std::vector<double> values, const std::function<double(double)>& below) {
    std::sort(values.begin(), values.end());
    const double n = static_cast<double>(values.size());
    double greatest = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double exact = below(values[i]);
        const double rank = static_cast<double>(i);
        greatest = std::max({greatest, exact - rank / n, (rank + 1) / n - exact});
    }
    return std::sqrt(n) * greatest;
}

// √(n/2) times the greatest distance between two empirical distribution functions of n values each.
double kolmogorov_distance(std::vector<double> first, std::vector<double> second) {
    std::sort(first.begin(), first.end());
    std::sort(second.begin(), second.end());
    const double n = static_cast<double>(first.size());
    double greatest = 0;
    std::size_t j = 0;
    for (std::size_t i = 0; i < first.size(); ++i) {
        while (j < second.size() && second[j] <= first[i]) ++j;
        greatest = std::max(greatest, std::abs(static_cast<double>(i + 1) - static_cast<double>(j)) / n);
    }
    return std::sqrt(n / 2) * greatest;
}

constexpr std::size_t sample_size = 100'000;
constexpr double critical = 2.2;  // exceeded with probability 1.3e-4 (Kolmogorov's law)

}  // namespace

TEST_CASE("What is left above a value is the distribution function's complement") {
    for (const Case& one : all_cases()) {
        CAPTURE(one.name);
        for (const double x : {0.1, 0.5, 1.0, 1.9, 2.0, 2.1, 3.5, 6.0}) {
            CAPTURE(x);
            const bool within = !std::holds_alternative<Pareto>(one.distribution) || x >= 2;
            const double below = within ? one.below(x) : 0.0;
            CHECK(probability_of_at_least(one.distribution, x) == Approx(1 - below).margin(1e-12));
        }
    }
    CHECK(probability_of_at_least(Constant{2}, 2) == 1);
    CHECK(probability_of_at_least(Constant{2}, 2.1) == 0);
    CHECK(probability_of_at_least(LogNormal{2, 0}, 2) == 1);
    CHECK(probability_of_at_least(Normal{2, 0}, 2.1) == 0);
    CHECK(probability_of_at_least(LogNormal{2, 0.5}, -1) == 1);
}

TEST_CASE("every distribution has its distribution function", "[random][long]") {
    for (const Case& one : all_cases()) {
        INFO(one.name);
        REQUIRE(kolmogorov_distance(draw(one.distribution, sample_size), one.below) < critical);
        REQUIRE(kolmogorov_distance(draw_by_inversion(one.distribution, sample_size, false), one.below)
                < critical);
        REQUIRE(kolmogorov_distance(draw_by_inversion(one.distribution, sample_size, true), one.below)
                < critical);
    }
}

TEST_CASE("every distribution has the mean and the variance it states", "[random]") {
    for (const Case& one : all_cases()) {
        INFO(one.name);
        const double expected_mean = mean(one.distribution);
        const double expected_variance = variance(one.distribution);
        Moments values;
        Moments squares;
        for (const double value : draw(one.distribution, sample_size)) {
            values.add(value);
            squares.add((value - expected_mean) * (value - expected_mean));
        }
        REQUIRE(std::abs(values.mean() - expected_mean) < 4 * values.standard_error());
        REQUIRE(std::abs(squares.mean() - expected_variance) < 4 * squares.standard_error());
        REQUIRE(squares.standard_error() < 0.1 * expected_variance);
    }
}

TEST_CASE("a constant is constant, and a Pareto's moments may be infinite", "[random]") {
    for (const double value : draw(Constant{3.5}, 10)) REQUIRE(value == 3.5);
    REQUIRE(mean(Constant{3.5}) == 3.5);
    REQUIRE(variance(Constant{3.5}) == 0);
    REQUIRE(mean(Pareto{1, 2}) == infinity);
    REQUIRE(mean(Pareto{1.5, 2}) == Approx(6));
    REQUIRE(variance(Pareto{2, 2}) == infinity);
}

TEST_CASE("a change of scale or location keeps two runs coupled", "[random]") {
    const std::vector<double> exponential = draw(Exponential{1}, 1000);
    const std::vector<double> slower = draw(Exponential{3}, 1000);
    const std::vector<double> normal = draw(Normal{0, 1}, 1000);
    const std::vector<double> moved = draw(Normal{5, 2}, 1000);
    const std::vector<double> gamma = draw(Gamma{0.7, 1}, 1000);
    const std::vector<double> larger = draw(Gamma{0.7, 4}, 1000);
    for (std::size_t n = 0; n < 1000; ++n) {
        REQUIRE(slower[n] == Approx(3 * exponential[n]).epsilon(1e-14));
        REQUIRE(moved[n] == Approx(5 + 2 * normal[n]).epsilon(1e-14));
        REQUIRE(larger[n] == Approx(4 * gamma[n]).epsilon(1e-14));
    }
}

TEST_CASE("the ziggurat's exponential is Boost's in law", "[random]") {
    std::vector<double> ours(sample_size);
    Stream stream({.seed = 31});
    for (double& value : ours) value = sample_unit_exponential(stream);
    std::vector<double> theirs(sample_size);
    std::mt19937_64 engine(32);
    boost::random::exponential_distribution<double> exponential;
    for (double& value : theirs) value = exponential(engine);
    REQUIRE(kolmogorov_distance(ours, theirs) < critical);
}

TEST_CASE("the ziggurat's layers have equal areas and its tail is exponential", "[random]") {
    const detail::ExponentialLayers& layers = detail::exponential_layers;
    const double area =
        layers.edge[1] * std::exp(-layers.edge[1]) + std::exp(-layers.edge[1]);  // base and tail
    for (std::size_t i = 1; i < detail::ExponentialLayers::count; ++i) {
        REQUIRE(layers.edge[i] * (layers.density[i + 1] - layers.density[i]) == Approx(area).epsilon(1e-10));
        REQUIRE(layers.density[i] == Approx(std::exp(-layers.edge[i])).epsilon(1e-12));
    }
    // Of 20 million, so many lie beyond 7.7 (the tail) and beyond 12.
    Stream stream({.seed = 33});
    constexpr double count = 2e7;
    double beyond_tail = 0;
    double beyond_twelve = 0;
    for (int n = 0; n < 20'000'000; ++n) {
        const double value = sample_unit_exponential(stream);
        beyond_tail += value > layers.edge[1] ? 1 : 0;
        beyond_twelve += value > 12 ? 1 : 0;
    }
    const double expected_tail = count * std::exp(-layers.edge[1]);
    const double expected_twelve = count * std::exp(-12.0);
    REQUIRE(std::abs(beyond_tail - expected_tail) < 4 * std::sqrt(expected_tail));
    REQUIRE(std::abs(beyond_twelve - expected_twelve) < 4 * std::sqrt(expected_twelve));
}
