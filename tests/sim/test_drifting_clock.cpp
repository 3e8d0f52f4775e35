#include "sim/drifting_clock.hpp"
#include "sim/hazard_clock.hpp"
#include "sim/relaxation.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

using namespace venturi;

namespace {

constexpr double never = std::numeric_limits<double>::infinity();

static_assert(std::is_trivially_copyable_v<DriftingClock<PlainDraws>>);

// Falling, rising, rising from nothing, falling to nothing, and hardly drifting.
const std::vector<DriftingHazard<double>> hazards = {
    {.level = 0.2, .swing = 1.3, .decay = 0.4},   {.level = 0.9, .swing = -0.8, .decay = 0.3},
    {.level = 0.5, .swing = -0.5, .decay = 0.05}, {.level = 0, .swing = 2, .decay = 0.7},
    {.level = 0.3, .swing = 1e-9, .decay = 1e-7}, {.level = 0.02, .swing = 5, .decay = 40}};

double hazard_by_definition(const DriftingHazard<double>& hazard, double elapsed) {
    return hazard.level + hazard.swing * std::exp(-hazard.decay * elapsed);
}

// ∫ by the classical Runge–Kutta method, which of a function of time alone is Simpson's rule.
double integral_by_steps(const DriftingHazard<double>& hazard, double elapsed, int steps) {
    const double h = elapsed / steps;
    double sum = 0;
    for (int i = 0; i < steps; ++i)
        sum += h / 6
               * (hazard_by_definition(hazard, i * h) + 4 * hazard_by_definition(hazard, (i + 0.5) * h)
                  + hazard_by_definition(hazard, (i + 1) * h));
    return sum;
}

/// √n times the Kolmogorov–Smirnov distance of numbers in [0, 1] from the uniform law. Above 1.95 with
/// probability 0.001 where that is the law (Kolmogorov 1933).
double distance_from_uniform(std::vector<double> sample) {
    std::sort(sample.begin(), sample.end());
    const auto n = static_cast<double>(sample.size());
    double distance = 0;
    for (std::size_t i = 0; i < sample.size(); ++i) {
        const auto rank = static_cast<double>(i);
        distance = std::max({distance, sample[i] - rank / n, (rank + 1) / n - sample[i]});
    }
    return std::sqrt(n) * distance;
}

}  // namespace

TEST_CASE("a drifting hazard's integral is that of small steps", "[drifting]") {
    for (const DriftingHazard<double>& hazard : hazards) {
        INFO("level " << hazard.level << ", swing " << hazard.swing << ", decay " << hazard.decay);
        for (const double elapsed : {0.01, 1.0, 7.0, 30.0}) {
            constexpr int steps = 20'000;
            // Simpson's error is below (decay h)⁴ / 2880 of the drifting part; sums of many terms round.
            const double slack =
                1e-13 + std::pow(hazard.decay * elapsed / steps, 4) / 2880 * std::abs(hazard.swing) * elapsed;
            CHECK(hazard.integral(elapsed)
                  == Approx(integral_by_steps(hazard, elapsed, steps)).epsilon(1e-12).margin(slack));
            CHECK(hazard.at(elapsed)
                  == Approx(hazard_by_definition(hazard, elapsed)).epsilon(1e-14).margin(1e-16));
        }
        CHECK(hazard.integral(0) == 0);
        CHECK(hazard.at(0) == hazard.beginning());
        CHECK(hazard.at(never) == hazard.level);
    }
}

TEST_CASE("a drifting hazard that is taken up half-way is the same hazard", "[drifting]") {
    constexpr double rounding = 4e-15;
    for (const DriftingHazard<double>& hazard : hazards) {
        const DriftingHazard<double> later = hazard.after(2.5);
        CHECK(later.at(4) == Approx(hazard.at(6.5)).epsilon(rounding));
        CHECK(hazard.integral(2.5) + later.integral(4) == Approx(hazard.integral(6.5)).epsilon(rounding));
    }
}

TEST_CASE("the time to reach a threshold is right to the last bits", "[drifting]") {
    std::vector<DriftingHazard<double>> many = hazards;
    for (const double level : {1e-6, 0.01, 1.0})
        for (const double beginning : {0.0, 1e-7, 0.009, 0.0100001, 3.0})
            for (const double decay : {1e-9, 0.02, 1.0, 1e5})
                many.push_back({level, beginning - level, decay});
    for (const DriftingHazard<double>& hazard : many) {
        INFO("level " << hazard.level << ", swing " << hazard.swing << ", decay " << hazard.decay);
        for (const double threshold : {1e-12, 1e-3, 0.1, 0.7, 1.0, 2.5, 40.0}) {
            const double elapsed = hazard.time_to_reach(threshold);
            if (elapsed == never) {
                REQUIRE(hazard.level == 0);
                REQUIRE(hazard.swing / hazard.decay <= threshold);
                continue;
            }
            // What is asked for is a few units in the last place of the threshold; the time is rounded
            // besides.
            REQUIRE(hazard.integral(elapsed)
                    == Approx(threshold).epsilon(8 * std::numeric_limits<double>::epsilon()).margin(0));
        }
    }
}

TEST_CASE("a clock whose hazard falls to nothing may never ring", "[drifting]") {
    // All it will ever have is 2 / 0.7.
    const DriftingHazard<double> fading{.level = 0, .swing = 2, .decay = 0.7};
    CHECK(fading.time_to_reach(2 / 0.7 * (1 + 1e-15)) == never);
    CHECK(fading.time_to_reach(2 / 0.7 * (1 - 1e-15)) > 40);
    CHECK(fading.time_to_reach(2 / 0.7 * (1 - 1e-15)) < 60);
    CHECK(DriftingHazard<double>{}.time_to_reach(1) == never);
    std::uint32_t silent = 0;
    constexpr std::uint32_t clocks = 100'000;
    const DriftingHazard<double> faint{.level = 0, .swing = 0.5, .decay = 1};
    for (std::uint32_t trajectory = 0; trajectory < clocks; ++trajectory) {
        PlainDraws draws(FastVariates(71, trajectory));
        DrawSource source;
        DriftingClock<PlainDraws> clock;
        clock.start(draws, source, 3, faint);
        if (clock.rings_at() == never) ++silent;
    }
    const double expected = std::exp(-0.5);
    CHECK(std::abs(silent / double{clocks} - expected)
          < 4 * std::sqrt(expected * (1 - expected) / double{clocks}));
}

TEST_CASE("drifting clocks ring as their survival function says", "[drifting]") {
    for (const DriftingHazard<double>& hazard : hazards) {
        INFO("level " << hazard.level << ", swing " << hazard.swing << ", decay " << hazard.decay);
        std::vector<double> died;
        for (std::uint32_t trajectory = 0; trajectory < 20'000; ++trajectory) {
            PlainDraws draws(FastVariates(72, trajectory));
            DrawSource source;
            DriftingClock<PlainDraws> clock;
            clock.start(draws, source, 1.5, hazard);
            REQUIRE(source.next == 1);
            // Those who never ring make up the rest, and are spread over it.
            const double elapsed = clock.rings_at() - 1.5;
            const double rung =
                elapsed == never
                    ? -std::expm1(-hazard.swing / hazard.decay)
                    : -std::expm1(-hazard.level * elapsed
                                  + hazard.swing * std::expm1(-hazard.decay * elapsed) / hazard.decay);
            died.push_back(elapsed == never ? rung + (1 - rung) * draws.uniform(source) : rung);
        }
        CHECK(distance_from_uniform(died) < 1.95);
    }
}

TEST_CASE("drifting clocks whose hazard changes midway ring as their survival function says", "[drifting]") {
    // Falling up to 1, rising from nothing up to 2.5, and constant from then on.
    const std::array<DriftingHazard<double>, 3> laws = {DriftingHazard<double>{0.1, 0.6, 1.2},
                                                        DriftingHazard<double>{0.4, -0.4, 0.8},
                                                        DriftingHazard<double>{0.7, 0, 0}};
    constexpr std::array<double, 2> changes = {1, 2.5};
    const auto integrated = [&](double time) {
        double sum = 0;
        const auto of_law = [](const DriftingHazard<double>& law, double elapsed) {
            const double drift = law.decay > 0 ? -std::expm1(-law.decay * elapsed) / law.decay : elapsed;
            return law.level * elapsed + law.swing * drift;
        };
        sum += of_law(laws[0], std::min(time, changes[0]));
        if (time > changes[0]) sum += of_law(laws[1], std::min(time, changes[1]) - changes[0]);
        if (time > changes[1]) sum += of_law(laws[2], time - changes[1]);
        return sum;
    };
    std::vector<double> died;
    std::array<std::size_t, 3> rung_under{};
    for (std::uint32_t trajectory = 0; trajectory < 50'000; ++trajectory) {
        PlainDraws draws(FastVariates(73, trajectory));
        DrawSource source;
        DriftingClock<PlainDraws> clock;
        clock.start(draws, source, 0, laws[0]);
        std::size_t law = 0;
        while (law < 2 && clock.rings_at() > changes[law]) {
            clock.set_hazard(draws, changes[law], laws[law + 1]);
            ++law;
            REQUIRE(clock.hazard(changes[law - 1]) == laws[law].beginning());
        }
        ++rung_under[law];
        died.push_back(-std::expm1(-integrated(clock.rings_at())));
        REQUIRE(source.next == 1);
    }
    CHECK(distance_from_uniform(died) < 1.95);
    for (const std::size_t count : rung_under) CHECK(count > 1000);
}

TEST_CASE("a change to the hazard as it is changes nothing, and a larger hazard rings no later",
          "[drifting]") {
    for (const DriftingHazard<double>& hazard : hazards) {
        DriftingHazard<double> more_level = hazard;
        more_level.level += 0.1;
        DriftingHazard<double> more_swing = hazard;
        more_swing.swing += 0.05;
        for (std::uint32_t trajectory = 0; trajectory < 1000; ++trajectory) {
            PlainDraws draws(FastVariates(74, trajectory));
            std::array<DrawSource, 4> sources;
            std::array<DriftingClock<PlainDraws>, 4> clocks;
            clocks[0].start(draws, sources[0], 5, hazard);
            clocks[1].start(draws, sources[1], 5, hazard);
            clocks[2].start(draws, sources[2], 5, more_level);
            clocks[3].start(draws, sources[3], 5, more_swing);
            const double rings = clocks[0].rings_at();
            const double until = rings == never ? 10 : rings - 5;
            for (const double part : {0.2, 0.5, 0.7})
                clocks[1].set_hazard(draws, 5 + part * until, hazard.after(part * until));
            // Rounding of the integral, some 1e-15 of the threshold, shifts the ring by that over the hazard.
            if (rings != never) {
                const double shift = 1e-14 * hazard.integral(until) / hazard.at(until);
                REQUIRE(clocks[1].rings_at() == Approx(rings).epsilon(1e-14).margin(shift));
            }
            REQUIRE(clocks[2].rings_at() <= rings);
            REQUIRE(clocks[3].rings_at() <= rings);
            REQUIRE(sources[1].next == 1);
        }
    }
}

TEST_CASE("a clock that does not drift rings with a hazard clock, to the bit", "[drifting]") {
    using Draws = ScoreDraws<1>;
    for (std::uint32_t trajectory = 0; trajectory < 2000; ++trajectory) {
        Draws drifting_draws(FastVariates(75, trajectory));
        Draws constant_draws(FastVariates(75, trajectory));
        DrawSource drifting_source;
        DrawSource constant_source;
        DriftingClock<Draws> drifting;
        HazardClock<Draws> constant;
        const auto agree = [&] {
            REQUIRE(drifting.rings_at() == constant.rings_at());
            REQUIRE(drifting_draws.score() == constant_draws.score());
        };
        Dual<1> rate = 0.3;
        rate.derivative = {0.7};
        drifting.start(drifting_draws, drifting_source, 0.1, {.level = rate, .decay = 0.2});
        constant.start(constant_draws, constant_source, 0.1, rate);
        agree();
        const double first = 0.1 + 0.3 * (constant.rings_at() - 0.1);
        drifting.set_hazard(drifting_draws, first, {.level = rate, .swing = 2 * rate, .decay = 0});
        constant.set_rate(constant_draws, first, rate + 2 * rate);
        agree();
        const double second = first + 0.7 * (constant.rings_at() - first);
        drifting.set_hazard(drifting_draws, second, {});
        constant.set_rate(constant_draws, second, 0);
        REQUIRE(drifting.rings_at() == never);
        agree();
        drifting.set_hazard(drifting_draws, second + 1, {.level = rate});
        constant.set_rate(constant_draws, second + 1, rate);
        agree();
        const double rings = constant.rings_at();
        drifting.ring(drifting_draws, rings);
        constant.ring(constant_draws, rings);
        REQUIRE(drifting_draws.score() == constant_draws.score());
    }
}

TEST_CASE("a change at the instant of the ring does not push a drifting clock into the past", "[drifting]") {
    for (std::uint32_t trajectory = 0; trajectory < 5000; ++trajectory) {
        PlainDraws draws(FastVariates(76, trajectory));
        DrawSource source;
        DriftingClock<PlainDraws> clock;
        clock.start(draws, source, 0.1, {.level = 0.3, .swing = 0.6, .decay = 0.5});
        const double rings = clock.rings_at();
        clock.set_hazard(draws, rings, {.level = 1e-3, .swing = -5e-4, .decay = 0.1});
        REQUIRE(clock.rings_at() >= rings);
        // A few 1e-15 of a threshold that is below 40, at a hazard of 5e-4.
        REQUIRE(clock.rings_at() < rings + 1e-9);
    }
}

TEST_CASE("a drifting clock's score is that of its likelihood", "[drifting]") {
    // Rates of a culture that is invested in: level, swing and what follows a change depend on one decision.
    using Number = Dual<1>;
    const auto laws = [](const auto& decision) {
        using Scalar = std::decay_t<decltype(decision)>;
        return std::array<DriftingHazard<Scalar>, 2>{
            DriftingHazard<Scalar>{0.2 + 0.1 * decision, 0.5 - 0.3 * decision, 0.4},
            DriftingHazard<Scalar>{0.6 - 0.2 * decision, -0.5 + 0.4 * decision, 0.9}};
    };
    constexpr double change = 1.2;
    const auto log_likelihood = [&](double time, double decision) {
        const auto law = laws(decision);
        if (time <= change) return std::log(hazard_by_definition(law[0], time)) - law[0].integral(time);
        return std::log(hazard_by_definition(law[1], time - change)) - law[0].integral(change)
               - law[1].integral(time - change);
    };
    std::array<std::size_t, 2> rung_under{};
    for (std::uint32_t trajectory = 0; trajectory < 500; ++trajectory) {
        ScoreDraws<1> draws(FastVariates(77, trajectory));
        DrawSource source;
        DriftingClock<ScoreDraws<1>> clock;
        const auto law = laws(Number::variable(0.5, 0));
        clock.start(draws, source, 0, law[0]);
        const bool changes = clock.rings_at() > change;
        if (changes) clock.set_hazard(draws, change, law[1]);
        const double rings = clock.rings_at();
        clock.ring(draws, rings);
        ++rung_under[changes ? 1 : 0];
        // Central differences: error of order h² from truncation, and of 1e-16 / h from rounding.
        constexpr double h = 1e-5;
        const double slope = (log_likelihood(rings, 0.5 + h) - log_likelihood(rings, 0.5 - h)) / (2 * h);
        REQUIRE(draws.score()[0] == Approx(slope).epsilon(1e-8).margin(1e-8));
    }
    for (const std::size_t count : rung_under) CHECK(count > 50);
    // A swing that is nothing now, but would be something, counts.
    ScoreDraws<1> draws(FastVariates(78, 0));
    DrawSource source;
    DriftingClock<ScoreDraws<1>> clock;
    Number swing = 0;
    swing.derivative = {1};
    clock.start(draws, source, 0, {.level = 0.5, .swing = swing, .decay = 2});
    clock.set_hazard(draws, 1, {.level = 0.5});
    CHECK(draws.score()[0] == Approx(std::expm1(-2.0) / 2).epsilon(1e-15));
}

TEST_CASE("a rate that is linear in a relaxing culture drifts with it", "[drifting]") {
    const Relaxation culture(0.1, 0.8, 0.05, 2);
    for (const double gain : {2.0, -1.2, 0.0}) {
        const DriftingHazard<double> hazard = drifting_hazard(0.04, gain, culture, 6);
        for (const double time : {6.0, 9.0, 60.0})
            CHECK(hazard.at(time - 6) == Approx(0.04 * (1 + gain * culture.at(time))).epsilon(1e-14));
        CHECK(hazard.integral(30) == Approx(0.04 * (30 + gain * culture.integral(6, 36))).epsilon(1e-13));
    }
    CHECK(drifting_hazard(0.04, 2.0, Relaxation(0.3, 0.3, 0.1, 0), 1).is_constant());
    // At the border of what is possible, however 1 − 1 is rounded, and beyond it.
    for (const double full : {0.3, 0.7, 0.9}) {
        for (const double start : {0.0, 0.1, 0.2}) {
            const auto down = drifting_hazard(1.7, -1 / full, Relaxation(start, full, 0.1, 0), 0);
            CHECK(down.level >= 0);
            CHECK(down.level < 1e-15);
            CHECK(down.beginning() > 0.5);
            const auto up = drifting_hazard(1.7, -1 / full, Relaxation(full, start, 0.1, 0), 0);
            CHECK(up.beginning() >= 0);
            CHECK(up.beginning() < 1e-15);
            CHECK(up.level > 0.5);
        }
    }
    CHECK_THROWS_AS(drifting_hazard(1.0, -2.0, Relaxation(0.1, 0.8, 0.05, 0), 0), ContractViolation);
    PlainDraws draws;
    DrawSource source;
    DriftingClock<PlainDraws> clock;
    CHECK_THROWS_AS(clock.start(draws, source, 0, {.level = -0.1}), ContractViolation);
    CHECK_THROWS_AS(clock.start(draws, source, 0, {.level = 0.1, .swing = -0.2, .decay = 1}),
                    ContractViolation);
    CHECK_THROWS_AS(clock.start(draws, source, 0, {.level = 0.1, .swing = 0.2, .decay = -1}),
                    ContractViolation);
}
