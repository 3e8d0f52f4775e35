#include "sim/ensemble/moments.hpp"
#include "sim/hazard_clock.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

using namespace venturi;

namespace {

// Rate 0.5 up to time 1, none up to 2, and 2 from then on.
constexpr std::array<double, 3> rates = {0.5, 0, 2};

double survival(double time) {
    if (time < 1) return std::exp(-0.5 * time);
    return std::exp(-0.5 - 2 * std::max(0.0, time - 2));
}

template <class Draws>
double ring_with_changes(Draws& draws, DrawSource& source,
                         const std::array<typename Draws::Scalar, 3>& rate) {
    HazardClock<Draws> clock;
    clock.start(draws, source, 0, rate[0]);
    for (const std::size_t change : {1U, 2U}) {
        const auto time = static_cast<double>(change);
        if (clock.rings_at() <= time) break;
        clock.set_rate(draws, time, rate[change]);
    }
    const double rings = clock.rings_at();
    clock.ring(draws, rings);
    return rings;
}

}  // namespace

TEST_CASE("a clock whose rate changes survives as its integrated hazard says", "[hazard]") {
    constexpr std::array<double, 5> times = {0.3, 0.9, 1.5, 2.2, 3};
    std::array<Moments, 5> survived;
    Moments rung_without_hazard;
    for (std::uint32_t trajectory = 0; trajectory < 200'000; ++trajectory) {
        PlainDraws draws(FastVariates(61, trajectory));
        DrawSource source;
        const double ring = ring_with_changes(draws, source, rates);
        for (std::size_t k = 0; k < times.size(); ++k) survived[k].add(ring > times[k] ? 1 : 0);
        rung_without_hazard.add(ring > 1 && ring < 2 ? 1 : 0);
        REQUIRE(source.next == 1);
    }
    for (std::size_t k = 0; k < times.size(); ++k)
        REQUIRE(std::abs(survived[k].mean() - survival(times[k])) < 4 * survived[k].standard_error());
    REQUIRE(rung_without_hazard.mean() == 0);
}

TEST_CASE("a change to the same rate changes nothing, and one clock at double rate rings in half the time",
          "[hazard]") {
    for (std::uint32_t trajectory = 0; trajectory < 1000; ++trajectory) {
        PlainDraws draws(FastVariates(62, trajectory));
        std::array<DrawSource, 3> sources;
        std::array<HazardClock<PlainDraws>, 3> clocks;
        clocks[0].start(draws, sources[0], 5, 0.3);
        clocks[1].start(draws, sources[1], 5, 0.3);
        clocks[2].start(draws, sources[2], 5, 0.6);
        const double rings = clocks[0].rings_at();
        clocks[1].set_rate(draws, 5 + 0.5 * (rings - 5), 0.3);
        REQUIRE(clocks[1].rings_at() == Approx(rings).epsilon(1e-13));
        REQUIRE(clocks[2].rings_at() - 5 == Approx((rings - 5) / 2).epsilon(1e-12));
        // Coupled still after a detour: what is left of the threshold does not depend on the way there.
        clocks[1].set_rate(draws, 5 + 0.5 * (rings - 5), 3);
        clocks[1].set_rate(draws, 5 + 0.6 * (rings - 5) * 0.9, 0);
        REQUIRE(clocks[1].rings_at() == std::numeric_limits<double>::infinity());
        REQUIRE(sources[1].next == 1);
    }
}

TEST_CASE("a change of rate at the instant of the ring does not push it into the past", "[hazard]") {
    for (std::uint32_t trajectory = 0; trajectory < 10'000; ++trajectory) {
        PlainDraws draws(FastVariates(63, trajectory));
        DrawSource source;
        HazardClock<PlainDraws> clock;
        clock.start(draws, source, 0.1, 0.7);
        const double rings = clock.rings_at();
        clock.set_rate(draws, rings, 1e-3);
        REQUIRE(clock.rings_at() >= rings);
        REQUIRE(clock.rings_at() < rings + 1e-9);
    }
}

TEST_CASE("a hazard clock's score is that of its likelihood", "[hazard]") {
    // Of a clock that rang at t: ln(rate at t) − ∫ rate; each rate with its own derivative.
    const auto rate_at = [](double shift) {
        return std::array<double, 3>{0.5 * std::exp(shift), 0.2 * std::exp(-2 * shift), 2 + shift};
    };
    const auto log_likelihood = [&](double time, double shift) {
        const auto rate = rate_at(shift);
        double integral = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            const auto from = static_cast<double>(k);
            const double to = k == 2 ? time : std::min(time, from + 1);
            integral += rate[k] * std::max(0.0, to - from);
        }
        return std::log(rate[time < 1 ? 0 : time < 2 ? 1 : 2]) - integral;
    };
    std::array<std::size_t, 3> rung_in{};
    for (std::uint32_t trajectory = 0; trajectory < 500; ++trajectory) {
        ScoreDraws<1> draws(FastVariates(64, trajectory));
        DrawSource source;
        std::array<Dual<1>, 3> rate = {0.5, 0.2, 2.0};
        rate[0].derivative = {0.5};
        rate[1].derivative = {-0.4};
        rate[2].derivative = {1.0};
        const double rings = ring_with_changes(draws, source, rate);
        ++rung_in[rings < 1 ? 0 : rings < 2 ? 1 : 2];
        constexpr double h = 1e-5;
        const double slope = (log_likelihood(rings, h) - log_likelihood(rings, -h)) / (2 * h);
        REQUIRE(draws.score()[0] == Approx(slope).epsilon(1e-6).margin(1e-6));
    }
    for (const std::size_t count : rung_in) REQUIRE(count > 10);
}
