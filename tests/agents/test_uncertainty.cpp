#include "agents/risk/uncertainty.hpp"
#include "sim/contract.hpp"
#include "sim/random/stream.hpp"
#include "tests/agents/small_fault_trees.hpp"

#include <boost/math/special_functions/erf.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>

using namespace venturi;
using small_fault_trees::conjunction_of_groups;
using small_fault_trees::event;
using small_fault_trees::gate;

namespace {

constexpr double root_two = 1.41421356237309504880;
// 5 standard errors: one check in 1.7 million fails by chance.
constexpr double tolerance = 5;

double standard_normal(std::uint64_t seed, std::uint64_t trial, std::uint32_t parameter) {
    const double u = open_uniform(word_at({seed, 0, parameter, 0}, trial));
    return root_two * boost::math::erf_inv(2 * u - 1);
}
double normal_quantile(double probability) {
    return root_two * boost::math::erf_inv(2 * probability - 1);
}
double normal_density(double z) {
    return std::exp(-z * z / 2) / std::sqrt(2 * std::acos(-1.0));
}

// Of probability 0 ≤ level ≤ 1 in a sample of n, relative to the quantile of a log-normal with this spread.
double relative_error_of_quantile(double level, double spread, double n) {
    return std::sqrt(level * (1 - level) / n) * spread / normal_density(normal_quantile(level));
}

SolvedFaultTree solved(const FaultTree& tree) {
    return solve(tree).value();
}

}  // namespace

TEST_CASE("Values that are given are described as they are") {
    std::vector<double> values(20);
    std::iota(values.begin(), values.end(), 1);
    std::reverse(values.begin(), values.end());
    const TopUncertainty described = describe_uncertainty(values);
    CHECK(described.trials == 20);
    CHECK(described.mean == 10.5);
    // Σ (i − 10.5)² = 665, over 19.
    CHECK(described.standard_deviation == Approx(std::sqrt(35)).epsilon(1e-15));
    for (std::size_t i = 0; i < 20; ++i) CHECK(described.quantiles[i] == static_cast<double>(i + 1));
    CHECK(described.error_factor == Approx(std::exp(1.96 * std::sqrt(35))).epsilon(1e-14));
    CHECK(described.spread_factor == Approx(std::sqrt(19)).epsilon(1e-15));
    const double half_width = 1.959963984540054 * std::sqrt(35.0 / 20);
    CHECK(described.mean_interval.low == Approx(10.5 - half_width).epsilon(1e-14));
    CHECK(described.mean_interval.high == Approx(10.5 + half_width).epsilon(1e-14));
    // Of three values the lowest is all that 30% don't exceed.
    const TopUncertainty three = describe_uncertainty({3, 1, 2});
    CHECK(three.quantiles[5] == 1);
    CHECK(three.quantiles[6] == 2);
    CHECK(three.quantiles[12] == 2);
    CHECK(three.quantiles[13] == 3);
    CHECK_THROWS_AS(describe_uncertainty({1}), ContractViolation);
}

TEST_CASE("A product of log-normal probabilities is log-normal, in all its quantiles") {
    // Two groups of one event: medians 1e-3 and 1e-4, independent.
    const SolvedFaultTree tree = solved(conjunction_of_groups(2, 1, 0.5));
    const std::array<double, 2> medians = {1e-3, 1e-4};
    const std::array<double, 2> spreads = {0.4, 0.3};
    const ProbabilitySampler sample = [&](std::uint64_t trial, std::span<double> p) {
        for (std::uint32_t i = 0; i < 2; ++i)
            p[i] = medians[i] * std::exp(spreads[i] * standard_normal(1, trial, i));
    };
    const TopUncertainty top = propagate_uncertainty(tree, sample, {.trials = 40'000});
    const auto n = static_cast<double>(top.trials);
    const double spread = 0.5;
    const double mean = 1e-7 * std::exp(spread * spread / 2);
    const double deviation = mean * std::sqrt(std::expm1(spread * spread));
    CHECK(std::abs(top.mean - mean) < tolerance * deviation / std::sqrt(n));
    CHECK(top.mean_interval.half_width()
          == Approx(1.959963984540054 * top.standard_deviation / std::sqrt(n)).epsilon(1e-12));
    // The sample variance of a log-normal varies by its kurtosis, e^4s² + 2 e^3s² + 3 e^2s² − 3.
    const double s2 = spread * spread;
    const double kurtosis = std::exp(4 * s2) + 2 * std::exp(3 * s2) + 3 * std::exp(2 * s2) - 3;
    CHECK(std::abs(top.standard_deviation / deviation - 1) < tolerance * std::sqrt((kurtosis - 1) / n) / 2);
    for (std::size_t i = 0; i < 19; ++i) {
        const double level = 0.05 * static_cast<double>(i + 1);
        const double quantile = 1e-7 * std::exp(spread * normal_quantile(level));
        CHECK(std::abs(top.quantiles[i] / quantile - 1)
              < tolerance * relative_error_of_quantile(level, spread, n));
    }
    CHECK(top.spread_factor
          == Approx(std::exp(1.6448536 * spread))
                 .epsilon(tolerance * relative_error_of_quantile(0.95, spread, n)));
    CHECK(std::is_sorted(top.quantiles.begin(), top.quantiles.end()));
}

TEST_CASE("Events that share a parameter rise and fall together") {
    // With one probability for both, the top has its square; drawn apart, the mean is the square of the mean.
    const SolvedFaultTree tree = solved(conjunction_of_groups(2, 1, 0.5));
    const double spread = 0.5;
    const auto mean_of = [&](bool shared) {
        return propagate_uncertainty(
            tree,
            [&](std::uint64_t trial, std::span<double> p) {
                for (std::uint32_t i = 0; i < 2; ++i)
                    p[i] = 1e-3 * std::exp(spread * standard_normal(2, trial, shared ? 0 : i));
            },
            {.trials = 40'000});
    };
    const TopUncertainty shared = mean_of(true);
    const TopUncertainty apart = mean_of(false);
    CHECK(std::abs(shared.mean - 1e-6 * std::exp(2 * spread * spread))
          < tolerance * shared.standard_deviation / std::sqrt(4e4));
    CHECK(std::abs(apart.mean - 1e-6 * std::exp(spread * spread))
          < tolerance * apart.standard_deviation / std::sqrt(4e4));
}

TEST_CASE("Parameters that are certain leave the top certain") {
    const SolvedFaultTree tree = solved(conjunction_of_groups(1, 2, 0.5));
    const TopUncertainty top = propagate_uncertainty(
        tree, [](std::uint64_t, std::span<double> p) { std::fill(p.begin(), p.end(), 0.1); },
        {.trials = 500});
    CHECK(top.mean == Approx(0.19).epsilon(1e-14));
    // A sum of 500 numbers of 0.19 is right to 500 · 1e-16 of itself.
    CHECK(top.standard_deviation < 1e-14);
    CHECK(top.spread_factor == 1);
    CHECK(top.quantiles[0] == top.quantiles[19]);
}

TEST_CASE("Neither threads nor the place where trials begin change what a trial is") {
    const SolvedFaultTree tree = solved(conjunction_of_groups(2, 2, 0.5));
    const ProbabilitySampler sample = [](std::uint64_t trial, std::span<double> p) {
        for (std::uint32_t i = 0; i < p.size(); ++i) p[i] = unit_uniform(word_at({3, 0, i, 0}, trial));
    };
    const TopUncertainty one = propagate_uncertainty(tree, sample, {.trials = 5000, .threads = 1});
    for (const int threads : {2, 3}) {
        const TopUncertainty many = propagate_uncertainty(tree, sample, {.trials = 5000, .threads = threads});
        CHECK(many.mean == one.mean);
        CHECK(many.standard_deviation == one.standard_deviation);
        CHECK(many.quantiles == one.quantiles);
    }
    const TopUncertainty first = propagate_uncertainty(tree, sample, {.trials = 2000});
    const TopUncertainty rest = propagate_uncertainty(tree, sample, {.trials = 3000, .first_trial = 2000});
    CHECK((2 * first.mean + 3 * rest.mean) / 5 == Approx(one.mean).epsilon(1e-13));
    CHECK(std::max(first.quantiles[19], rest.quantiles[19]) == one.quantiles[19]);
    CHECK_THROWS_AS(propagate_uncertainty(tree, sample, {.trials = 1}), ContractViolation);
}

TEST_CASE("What a sampler throws is passed on") {
    const SolvedFaultTree tree = solved(conjunction_of_groups(1, 1, 0.5));
    const ProbabilitySampler sample = [](std::uint64_t trial, std::span<double> p) {
        if (trial == 77) throw std::runtime_error("no such parameter");
        p[0] = 0.5;
    };
    CHECK_THROWS_AS(propagate_uncertainty(tree, sample, {.trials = 100}), std::runtime_error);
}

TEST_CASE("The small tree of the Open-PSA examples has the uncertainty that another program finds") {
    const std::string name =
        std::string(VENTURI_SOURCE_FOLDER) + "/../shared/oracles/open_psa_uncertainty.csv";
    std::ifstream file(name);
    if (!file) {
        WARN("not tried: " << name << " is absent");
        return;
    }
    std::string line;
    std::getline(file, line);
    std::getline(file, line);
    std::vector<std::string> cells;
    std::istringstream row(line);
    for (std::string cell; std::getline(row, cell, ',');) cells.push_back(cell);
    REQUIRE(cells.size() == 26);
    REQUIRE(cells[0] == "SmallTree");
    const auto number = [&](std::size_t i) { return std::stod(cells[i]); };

    // (e1 and e2) or (e3 and e4), exponential over a year; rates log-normal with means 2, 1 and 2 · 1e-5 an
    // hour, 95% quantiles three times the median; e4 has the rate of e2.
    FaultTree tree;
    tree.basic_events.assign(4, {.name = {}, .probability = 0.5});
    tree.gates = {{.connective = Connective::disjunction, .arguments = {gate(1), gate(2)}},
                  {.connective = Connective::conjunction, .arguments = {event(0), event(1)}},
                  {.connective = Connective::conjunction, .arguments = {event(2), event(3)}}};
    tree.top = gate(0);
    const double spread = std::log(3) / 1.6448536269514722;
    const std::array<double, 4> means = {2e-5, 1e-5, 2e-5, 1e-5};
    const ProbabilitySampler sample = [&](std::uint64_t trial, std::span<double> p) {
        for (std::uint32_t i = 0; i < 4; ++i) {
            const double normal = standard_normal(4, trial, i == 3 ? 1 : i);
            p[i] = -std::expm1(-means[i] * std::exp(spread * normal - spread * spread / 2) * 8760);
        }
    };
    const SolvedFaultTree small = solved(tree);
    EvaluationScratch scratch;
    std::array<double, 4> at_mean{};
    for (std::size_t i = 0; i < 4; ++i) at_mean[i] = -std::expm1(-means[i] * 8760);
    CHECK(small.probability(at_mean, scratch) == Approx(number(1)).epsilon(1e-12));

    const TopUncertainty top = propagate_uncertainty(small, sample, {.trials = 200'000});
    const auto n = static_cast<double>(top.trials);
    // The other's mean is of a million trials, as its interval says.
    const double other_n = 1e6;
    const double error = top.standard_deviation * std::sqrt(1 / n + 1 / other_n);
    CHECK(std::abs(top.mean - number(2)) < tolerance * error);
    // The kurtosis is some 20 here; a fifth of it would do.
    CHECK(std::abs(top.standard_deviation / number(3) - 1)
          < tolerance * std::sqrt(25 * (1 / n + 1 / other_n)) / 2);
    CHECK(top.error_factor == Approx(std::exp(1.96 * top.standard_deviation)).epsilon(1e-14));
    CHECK(number(5) == Approx(std::exp(1.96 * number(3))).epsilon(1e-9));
    // Standard errors of quantiles from the differences of neighbours, which give the density.
    for (std::size_t i = 1; i < 18; ++i) {
        const double level = 0.05 * static_cast<double>(i + 1);
        const double density = 0.1 / (top.quantiles[i + 1] - top.quantiles[i - 1]);
        const double quantile_error = std::sqrt(level * (1 - level) * (1 / n + 1 / other_n)) / density;
        CAPTURE(level);
        CHECK(std::abs(top.quantiles[i] - number(6 + i)) < tolerance * quantile_error);
    }
}
