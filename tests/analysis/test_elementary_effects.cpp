#include "analysis/statistics/elementary_effects.hpp"
#include "sim/contract.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <set>
#include <span>
#include <vector>

using namespace venturi;

namespace {

using Model = std::function<double(std::span<const double> place, std::size_t replication)>;

std::vector<double> results_of(const ElementaryEffectDesign& design, std::size_t replications,
                               const Model& model) {
    std::vector<double> results;
    for (std::size_t path = 0; path < design.paths; ++path)
        for (std::size_t step = 0; step <= design.inputs(); ++step)
            for (std::size_t i = 0; i < replications; ++i)
                results.push_back(model(design.place(path, step), i));
    return results;
}

}  // namespace

TEST_CASE("each step of a path moves one input by two thirds, on the grid of four levels",
          "[elementary_effects]") {
    const ElementaryEffectDesign design = elementary_effect_design(30, {1, 2, 1}, 5);
    CHECK(design.width() == 4);
    const std::vector<std::size_t> begins = {0, 1, 3};
    for (std::size_t path = 0; path < 30; ++path) {
        std::set<std::size_t> moved;
        for (std::size_t step = 0; step < 3; ++step) {
            const std::size_t input = design.moved[path * 3 + step];
            moved.insert(input);
            const auto before = design.place(path, step);
            const auto after = design.place(path, step + 1);
            for (std::size_t i = 0; i < 4; ++i) {
                const bool of_input = i >= begins[input] && i < begins[input] + design.coordinates[input];
                CHECK(std::abs(after[i] - before[i]) == Approx(of_input ? elementary_step : 0).margin(1e-12));
                CHECK(3 * after[i] == Approx(std::round(3 * after[i])));
                CHECK((after[i] >= 0 && after[i] <= 1));
            }
            CHECK((after[begins[input]] > before[begins[input]]) == (design.signs[path * 3 + step] > 0));
        }
        CHECK(moved.size() == 3);
    }
    CHECK_THROWS_AS(elementary_effect_design(0, {1}, 1), ContractViolation);
}

TEST_CASE("effects of a linear model are its slopes", "[elementary_effects]") {
    const ElementaryEffectDesign design = elementary_effect_design(8, {1, 1, 1, 1}, 2);
    const auto effects = elementary_effects(
        design, results_of(design, 1, [](auto x, std::size_t) { return 5 + 3 * x[0] - 2 * x[1] + 0 * x[2]; }),
        1);
    CHECK(effects[0].mu == Approx(3));
    CHECK(effects[1].mu == Approx(-2));
    CHECK(effects[1].mu_star == Approx(2));
    CHECK(effects[0].sigma == Approx(0).margin(1e-12));
    CHECK(effects[0].effects == 8);
    CHECK(std::isnan(effects[0].noise));
    CHECK(effects[0].changes);
    CHECK(effects[2].mu_star == 0);
    CHECK_FALSE(effects[2].changes);
    CHECK_FALSE(effects[3].changes);
}

TEST_CASE("an interaction shows as spread, whose exact value is known", "[elementary_effects]") {
    // x₁ x₂: the effect of each is the other's level: mean 1/2, variance (0 + 1/9 + 4/9 + 1)/4 − 1/4 = 5/36.
    constexpr std::size_t paths = 4000;
    const ElementaryEffectDesign design = elementary_effect_design(paths, {1, 1}, 7);
    const auto effects =
        elementary_effects(design, results_of(design, 1, [](auto x, std::size_t) { return x[0] * x[1]; }), 1);
    const double error = std::sqrt(5.0 / 36 / paths);
    for (const ElementaryEffect& effect : effects) {
        CHECK(effect.mu == Approx(0.5).margin(4 * error));
        CHECK(effect.mu_star == Approx(effect.mu));
        // The fourth central moment is 0.0316, so the variance's standard error is 0.0017.
        CHECK(effect.sigma * effect.sigma == Approx(5.0 / 36).margin(4 * 0.0018));
    }
}

TEST_CASE("luck that all places share leaves effects as they are, and other luck is told as noise",
          "[elementary_effects]") {
    const ElementaryEffectDesign design = elementary_effect_design(20, {1, 1}, 3);
    const auto shared = elementary_effects(
        design,
        results_of(design, 3, [](auto x, std::size_t i) { return x[0] + 100 * static_cast<double>(i); }), 3);
    CHECK(shared[0].mu == Approx(1));
    CHECK(shared[0].noise == Approx(0).margin(1e-9));
    CHECK_FALSE(shared[1].changes);
    // Slopes 1 and 3 in two replications: the effect is 2 ± standard error 1.
    const auto apart = elementary_effects(
        design, results_of(design, 2, [](auto x, std::size_t i) { return (i == 0 ? 1 : 3) * x[0]; }), 2);
    CHECK(apart[0].mu == Approx(2));
    CHECK(apart[0].noise == Approx(1));
}

TEST_CASE("paths without a result have no effect there, and say so", "[elementary_effects]") {
    const ElementaryEffectDesign design = elementary_effect_design(2, {1}, 1);
    std::vector<double> results = results_of(design, 1, [](auto x, std::size_t) { return x[0]; });
    results[1] = std::nan("");
    const auto effects = elementary_effects(design, results, 1);
    CHECK(effects[0].effects == 1);
    CHECK(effects[0].changes);
    CHECK(effects[0].mu == Approx(1));
    CHECK(effects[0].missing == 1);
    results.pop_back();
    CHECK_THROWS_AS(elementary_effects(design, results, 1), ContractViolation);
}

TEST_CASE("bounds of an effect hold whatever in the range of what is known the missing results were",
          "[elementary_effects]") {
    constexpr std::size_t paths = 6;
    const ElementaryEffectDesign design = elementary_effect_design(paths, {1, 1, 1}, 4);
    const auto model = [](auto x, std::size_t) { return 3 * x[0] - x[1] * x[2]; };
    const std::vector<double> whole = results_of(design, 1, model);
    std::vector<double> some = whole;
    for (const std::size_t lost : {std::size_t{1}, std::size_t{9}, std::size_t{14}})
        some[lost] = std::nan("");
    const auto effects = elementary_effects(design, some, 1);
    double low = 1e300;
    double high = -1e300;
    for (const double each : some) {
        if (std::isnan(each)) continue;
        low = std::min(low, each);
        high = std::max(high, each);
    }
    std::size_t missing = 0;
    for (const ElementaryEffect& effect : effects) {
        CHECK(effect.effects + effect.missing == paths);
        missing += effect.missing;
        CHECK(effect.mu_star_bounds.low <= effect.mu_star);
        CHECK(effect.mu_star <= effect.mu_star_bounds.high);
    }
    // Each of them stands within a path, between two steps.
    CHECK(missing == 6);
    // Each of the lost results at either end: 8 ways to complete them.
    for (unsigned way = 0; way < 8; ++way) {
        std::vector<double> completed = some;
        unsigned bit = 0;
        for (double& each : completed)
            if (std::isnan(each)) each = (way >> bit++ & 1U) != 0 ? high : low;
        const auto of_all = elementary_effects(design, completed, 1);
        for (std::size_t input = 0; input < 3; ++input) {
            CHECK(of_all[input].missing == 0);
            CHECK(of_all[input].mu_star_bounds.low == of_all[input].mu_star);
            CHECK(of_all[input].mu_star >= effects[input].mu_star_bounds.low - 1e-12);
            CHECK(of_all[input].mu_star <= effects[input].mu_star_bounds.high + 1e-12);
        }
    }
}
