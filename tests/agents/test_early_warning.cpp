#include "agents/risk/early_warning.hpp"
#include "sim/contract.hpp"
#include "sim/infinity.hpp"
#include "sim/random/draws.hpp"
#include "tests/agents/sample.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace {

using namespace venturi;
using namespace venturi::testing;

double normal_below(double z) {
    return std::erfc(-z / std::sqrt(2.0)) / 2;
}

/// E[e^(−L / m)] by the midpoint rule in the quantile, with an error of the width at most, for it is
/// monotone.
template <class Quantile>
double missed_by_midpoints(Quantile quantile, double mean_delay) {
    constexpr int points = 200000;
    double sum = 0;
    for (int i = 0; i < points; ++i) sum += std::exp(-quantile((i + 0.5) / points) / mean_delay);
    return sum / points;
}

}  // namespace

TEST_CASE("An exponential lead beats an exponential delay as often as their means say") {
    CHECK(found_in_time(Exponential{3}, 1) == Approx(0.75).epsilon(1e-15));
    CHECK(found_in_time(Exponential{1}, 3) == Approx(0.25).epsilon(1e-15));
    CHECK(found_in_time(Exponential{1}, infinity) == 0);
    CHECK(found_in_time(Exponential{0}, 1) == 0);
    CHECK(found_in_time(Constant{2}, 4) == Approx(1 - std::exp(-0.5)).epsilon(1e-15));
    CHECK(found_in_time(Constant{-2}, 4) == 0);
    CHECK_THROWS_AS(found_in_time(Exponential{1}, 0), ContractViolation);
}

TEST_CASE("Leads that are the same law by another name are beaten as often") {
    for (const double delay : {0.01, 0.3, 2.0, 1e4}) {
        CAPTURE(delay);
        const double exponential = found_in_time(Exponential{2}, delay);
        CHECK(found_in_time(Gamma{.shape = 1, .mean = 2}, delay) == Approx(exponential).epsilon(1e-14));
        CHECK(found_in_time(Weibull{.shape = 1, .scale = 2}, delay) == Approx(exponential).margin(1e-9));
        // An Erlang lead is exceeded if none of its stages is long enough: 1 − (1 − p)^k.
        CHECK(found_in_time(Gamma{.shape = 3, .mean = 6}, delay)
              == Approx(1 - std::pow(1 - exponential, 3)).epsilon(1e-13));
        // The sum of two uniform leads is triangular, and both parts are missed independently.
        const double half = found_in_time(Uniform{.low = 1, .high = 2}, delay);
        CHECK(found_in_time(Triangular{.low = 2, .mode = 3, .high = 4}, delay)
              == Approx(1 - (1 - half) * (1 - half)).margin(1e-9));
        CHECK(half
              == Approx(1 - delay * (std::exp(-1 / delay) - std::exp(-2 / delay)))
                     .epsilon(1e-11 * (1 + delay * delay)));
        const double uniform_by_quadrature = found_in_time(Triangular{.low = 1, .mode = 1, .high = 4}, delay);
        // Density 2 (4 − x) / 9 on [1, 4], integrated by parts.
        const double missed = 2.0 / 9
                              * (3 * delay * std::exp(-1 / delay)
                                 - delay * delay * (std::exp(-1 / delay) - std::exp(-4 / delay)));
        CHECK(uniform_by_quadrature == Approx(1 - missed).margin(1e-9 + 1e-15 * delay * delay));
        // Narrow laws are constant; the first correction is of the square of the width.
        const double constant = found_in_time(Constant{2}, delay);
        CHECK(found_in_time(LogNormal{.median = 2, .spread = 1e-5}, delay) == Approx(constant).margin(1e-9));
        CHECK(found_in_time(Normal{.mean = 2, .deviation = 1e-5}, delay) == Approx(constant).margin(1e-9));
        CHECK(found_in_time(Uniform{.low = 2 - 1e-5, .high = 2 + 1e-5}, delay)
              == Approx(constant).margin(1e-9));
        CHECK(found_in_time(Uniform{.low = 2, .high = 2}, delay) == constant);
        // A normal lead that is above 0: E[e^(−L / m); L > 0] = e^(−μ/m + s²/2m²) Φ(μ/s − s/m).
        const double missed_normal =
            std::exp(-1 / delay + 0.7 * 0.7 / (2 * delay * delay)) * normal_below(1 / 0.7 - 0.7 / delay);
        if (delay > 0.1)
            CHECK(found_in_time(Normal{.mean = 1, .deviation = 0.7}, delay)
                  == Approx(normal_below(1 / 0.7) - missed_normal).margin(1e-9));
    }
    // Rare checks: E[L] / m − E[L²] / 2 m², and the next term is 4e-13 of the first.
    CHECK(found_in_time(Uniform{.low = 1, .high = 2}, 1e6)
          == Approx(1.5e-6 - 7.0 / 3 / 2 * 1e-12).epsilon(1e-12));
    // Half of the leads of this one come too late whatever is done.
    CHECK(found_in_time(Uniform{.low = -1, .high = 1}, 0.5)
          == Approx(found_in_time(Uniform{.low = 0, .high = 1}, 0.5) / 2).epsilon(1e-14));
    // Heavy and light tails, by a rule that has nothing in common with the other.
    CHECK(found_in_time(LogNormal{.median = 1, .spread = 1.5}, 2)
          == Approx(1
                    - missed_by_midpoints(
                        [](double u) {
                            // Φ^−1 by bisection.
                            double low = -40;
                            double high = 40;
                            for (int i = 0; i < 40; ++i)
                                (normal_below((low + high) / 2) < u ? low : high) = (low + high) / 2;
                            return std::exp(1.5 * low);
                        },
                        2))
                 .margin(1.0 / 200000));
    CHECK(found_in_time(Pareto{.tail_index = 0.8, .minimum = 0.1}, 2)
          == Approx(1 - missed_by_midpoints([](double u) { return 0.1 * std::pow(1 - u, -1 / 0.8); }, 2))
                 .margin(1.0 / 200000));
    CHECK(
        found_in_time(Weibull{.shape = 0.6, .scale = 0.5}, 2)
        == Approx(1
                  - missed_by_midpoints([](double u) { return 0.5 * std::pow(-std::log1p(-u), 1 / 0.6); }, 2))
               .margin(1.0 / 200000));
}

TEST_CASE("Incidents are warned of, and cost, as often and as much as the formulae say") {
    const std::array<Distribution, 9> leads = {Constant{1},
                                               Uniform{.low = 0.5, .high = 2},
                                               Triangular{.low = 0, .mode = 0.5, .high = 3},
                                               Normal{.mean = 0.5, .deviation = 1},
                                               LogNormal{.median = 1, .spread = 1},
                                               Exponential{1.5},
                                               Gamma{.shape = 0.5, .mean = 1},
                                               Weibull{.shape = 2, .scale = 1},
                                               Pareto{.tail_index = 1.2, .minimum = 0.3}};
    for (std::size_t kind = 0; kind < leads.size(); ++kind) {
        const EarlyWarningParameters warning{
            .lead = leads[kind], .visible = 0.8, .checks = 2, .sensitivity = 0.4, .warned_cost = 0.3};
        PlainDraws draws(FastVariates(1954 + kind, 0));
        DrawSource source{.agent = 2, .purpose = 3};
        Sample warned;
        Sample cost;
        for (int i = 0; i < 10000; ++i) {
            const WarningOutcome outcome = draw_warning(warning, draws, source);
            warned.add(outcome.in_time() ? 1 : 0);
            cost.add(cost_factor(warning, outcome));
        }
        CAPTURE(kind);
        CHECK(source.next == 30000);
        CHECK(std::abs(warned.z_of_mean(warning_probability(warning))) < 4);
        CHECK(std::abs(cost.z_of_mean(expected_cost_factor(warning))) < 4);
    }
}

TEST_CASE("Checks one by one find a precursor as late as the delay says") {
    // The mechanism behind the formula: checks at a rate, each of which sees what is there with a
    // probability.
    const EarlyWarningParameters warning{
        .lead = Exponential{1}, .visible = 1, .checks = 3, .sensitivity = 0.25, .warned_cost = 0.5};
    CHECK(mean_detection_delay(warning) == Approx(4.0 / 3).epsilon(1e-15));
    PlainDraws draws(FastVariates(1837, 0));
    DrawSource source{.agent = 0, .purpose = 0};
    Sample delays;
    Sample found;
    for (int i = 0; i < 20000; ++i) {
        double delay = 0;
        do delay += draws.exponential(source, warning.checks);
        while (!draws.bernoulli(source, warning.sensitivity));
        delays.add(delay);
        found.add(delay < draws.exponential(source, 1) ? 1 : 0);
    }
    CHECK(distance_from_exponential(delays, 0.75) < 1.95);
    CHECK(std::abs(found.z_of_mean(warning_probability(warning))) < 4);
}

TEST_CASE("More checks, better ones and longer leads make incidents cheaper") {
    const EarlyWarningParameters usual;
    const double cost = expected_cost_factor(usual);
    CHECK(cost == Approx(1 - 0.6 * (1.0 / 3) * 0.28).epsilon(1e-14));
    const auto with = [&](auto change) {
        EarlyWarningParameters changed = usual;
        change(changed);
        return expected_cost_factor(changed);
    };
    CHECK(with([](auto& w) { w.checks *= 2; }) < cost);
    CHECK(with([](auto& w) { w.sensitivity *= 2; }) == with([](auto& w) { w.checks *= 2; }));
    CHECK(with([](auto& w) { w.lead = Exponential{2}; }) < cost);
    CHECK(with([](auto& w) { w.visible = 1; }) < cost);
    CHECK(with([](auto& w) { w.checks = 0; }) == 1);
    CHECK(with([](auto& w) { w.sensitivity = 0; }) == 1);
    // Never more than what visible incidents save.
    CHECK(with([](auto& w) { w.checks = 1e12; }) == Approx(1 - 0.6 * 0.28).epsilon(1e-11));
}

TEST_CASE("Under shared draws a company that checks more is warned of all that the other is, and earlier") {
    EarlyWarningParameters rare;
    EarlyWarningParameters often = rare;
    often.checks = 5 * rare.checks;
    PlainDraws draws(FastVariates(8, 0));
    DrawSource one{.agent = 1, .purpose = 1};
    DrawSource other = one;
    int more = 0;
    for (int i = 0; i < 2000; ++i) {
        const WarningOutcome a = draw_warning(rare, draws, one);
        const WarningOutcome b = draw_warning(often, draws, other);
        REQUIRE(a.lead == b.lead);
        REQUIRE((a.delay == infinity) == (b.delay == infinity));
        if (a.delay < infinity) REQUIRE(b.delay == Approx(a.delay / 5).epsilon(1e-14));
        REQUIRE((b.in_time() || !a.in_time()));
        more += b.in_time() && !a.in_time();
    }
    CHECK(more > 200);
}

TEST_CASE("Where checks are never made the draws are made all the same") {
    EarlyWarningParameters blind;
    blind.checks = 0;
    ScoreDraws<2> draws(FastVariates(3, 0));
    DrawSource source{.agent = 1, .purpose = 1};
    const WarningOutcome outcome = draw_warning(blind, draws, source);
    CHECK(source.next == 3);
    CHECK(outcome.delay == infinity);
    CHECK_FALSE(outcome.in_time());
    // The rate is not a decision variable here, and leaves no score.
    CHECK(draws.score() == std::array<double, 2>{0, 0});
}
