#include "analysis/statistics/scrambled_sobol.hpp"
#include "analysis/statistics/sobol_indices.hpp"
#include "sim/contract.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <set>
#include <span>
#include <vector>

using namespace venturi;

namespace {

/// Ishigami and Homma (1990), a = 7, b = 0.1, inputs uniform in −π to π.
double ishigami(std::span<const double> u) {
    std::array<double, 3> x{};
    for (std::size_t i = 0; i < 3; ++i) x[i] = std::numbers::pi * (2 * u[i] - 1);
    return std::sin(x[0]) + 7 * std::pow(std::sin(x[1]), 2) + 0.1 * std::pow(x[2], 4) * std::sin(x[0]);
}

/// Sobol's g function.
double g_function(std::span<const double> u) {
    constexpr std::array<double, 8> a = {0, 1, 4.5, 9, 99, 99, 99, 99};
    double product = 1;
    for (std::size_t i = 0; i < a.size(); ++i) product *= (std::abs(4 * u[i] - 2) + a[i]) / (1 + a[i]);
    return product;
}

template <class Model>
SobolResponses responses_of(const SobolDesign& design, Model model) {
    SobolResponses responses;
    responses.mixed.resize(design.inputs);
    for (std::size_t point = 0; point < design.points; ++point) {
        const auto at = [&](const std::vector<double>& sample) {
            return model(std::span(sample).subspan(point * design.inputs, design.inputs));
        };
        responses.first.push_back(at(design.first));
        responses.second.push_back(at(design.second));
        for (std::size_t input = 0; input < design.inputs; ++input)
            responses.mixed[input].push_back(model(design.mixed(point, input)));
    }
    return responses;
}

}  // namespace

TEST_CASE("scrambled Sobol points fill every cell of a net once", "[sobol]") {
    constexpr std::size_t count = 256;
    const std::vector<double> points = ScrambledSobol(2, 5).points(count);
    REQUIRE(points.size() == 2 * count);
    // A (0, 8, 2)-net in base 2: one point in each box of area 2⁻⁸, whatever its shape.
    for (int wide = 0; wide <= 8; ++wide) {
        std::set<std::pair<int, int>> boxes;
        for (std::size_t i = 0; i < count; ++i)
            boxes.insert({static_cast<int>(std::ldexp(points[2 * i], wide)),
                          static_cast<int>(std::ldexp(points[2 * i + 1], 8 - wide))});
        CHECK(boxes.size() == count);
    }
    CHECK(points == ScrambledSobol(2, 5).points(count));
    CHECK(points != ScrambledSobol(2, 6).points(count));
    for (const double u : points) CHECK((u > 0 && u < 1));
    CHECK_THROWS_AS(ScrambledSobol(0, 1), ContractViolation);
}

TEST_CASE("an average over scrambled points is unbiased", "[sobol]") {
    // The mean of 200 averages of x² over 16 points each, from its own spread.
    double sum = 0;
    double squares = 0;
    constexpr int seeds = 200;
    for (int seed = 0; seed < seeds; ++seed) {
        double average = 0;
        for (const double u : ScrambledSobol(1, static_cast<std::uint64_t>(seed)).points(16))
            average += u * u / 16;
        sum += average;
        squares += average * average;
    }
    const double mean = sum / seeds;
    const double error = std::sqrt((squares / seeds - mean * mean) / seeds);
    CHECK(mean == Approx(1.0 / 3).margin(4 * error));
    CHECK(error < 1e-3);
}

TEST_CASE("Sobol indices of Ishigami's function are within 0.01 of the exact ones at 2^14 points",
          "[sobol]") {
    const auto indices = sobol_indices(responses_of(sobol_design(1U << 14, 3, 1), ishigami));
    // Exact: V = a²/8 + bπ⁴/5 + b²π⁸/18 + 1/2 = 13.8446.
    const std::array<double, 3> first = {0.31390519114781, 0.44241114479004, 0};
    const std::array<double, 3> total = {0.55758885520996, 0.44241114479004, 0.24368366406215};
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(indices[i].first == Approx(first[i]).margin(0.01));
        CHECK(indices[i].total == Approx(total[i]).margin(0.01));
        CHECK(indices[i].first_interval.contains(first[i]));
        CHECK(indices[i].total_interval.contains(total[i]));
    }
}

TEST_CASE("Sobol indices of the g function are within 0.01 of the exact ones at 2^14 points", "[sobol]") {
    const auto indices = sobol_indices(responses_of(sobol_design(1U << 14, 8, 1), g_function));
    const std::array<double, 8> first = {0.71619216887903, 0.17904804221976, 0.02367577417782,
                                         0.00716192168879, 7.16192e-5,       7.16192e-5,
                                         7.16192e-5,       7.16192e-5};
    const std::array<double, 8> total = {0.78714412665927, 0.24219819281824, 0.03431691015408,
                                         0.01046038706524, 1.04949e-4,       1.04949e-4,
                                         1.04949e-4,       1.04949e-4};
    for (std::size_t i = 0; i < 8; ++i) {
        CHECK(indices[i].first == Approx(first[i]).margin(0.01));
        CHECK(indices[i].total == Approx(total[i]).margin(0.01));
    }
}

TEST_CASE("bootstrap intervals of Sobol indices hold at least as often as they say", "[sobol]") {
    // x₁ + 2 x₂: parts 1/5 and 4/5, no interactions.
    const auto model = [](std::span<const double> u) { return u[0] + 2 * u[1]; };
    constexpr int repetitions = 60;
    int held = 0;
    for (int seed = 0; seed < repetitions; ++seed) {
        const auto indices =
            sobol_indices(responses_of(sobol_design(128, 2, static_cast<std::uint64_t>(seed)), model));
        held += indices[0].total_interval.contains(0.2) && indices[1].total_interval.contains(0.8) ? 1 : 0;
    }
    // Below 0.95 by no more than three binomial standard errors; above it is welcome.
    CHECK(held / static_cast<double>(repetitions) >= 0.95 - 3 * std::sqrt(0.95 * 0.05 / repetitions));
}

TEST_CASE("a result that does not vary has no parts", "[sobol]") {
    const auto indices =
        sobol_indices(responses_of(sobol_design(16, 2, 1), [](std::span<const double>) { return 3.0; }));
    CHECK(std::isnan(indices[0].first));
    CHECK(std::isnan(indices[0].total_interval.low));
    CHECK_THROWS_AS(sobol_indices({.first = {1}, .second = {1}, .mixed = {}}), ContractViolation);
}
