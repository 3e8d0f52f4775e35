#include "sim/contract.hpp"
#include "sim/ensemble/sequential.hpp"
#include "sim/random/distribution.hpp"

#include <catch2/catch.hpp>

#include <cmath>

namespace {

using namespace venturi;

/// The sample at which a run towards `target` stops.
Moments run_to(const PrecisionTarget& target, const Distribution& distribution, std::uint32_t replication) {
    Stream stream(StreamAddress{.seed = 1965, .trajectory = replication, .agent = 0, .purpose = 4});
    Moments moments;
    std::uint64_t look = next_look(0);
    for (;;) {
        while (moments.count() < look) moments.add(sample(distribution, stream));
        if (reached(moments, target)) return moments;
        look = next_look(look);
    }
}

Moments constant_sample(double value, std::uint64_t size) {
    Moments moments;
    for (std::uint64_t i = 0; i < size; ++i) moments.add(value);
    return moments;
}

}  // namespace

TEST_CASE("An interval that was waited for covers at its level", "[sequential][long]") {
    constexpr int replications = 4000;
    const double standard_error = std::sqrt(0.95 * 0.05 / replications);
    for (const bool relative : {false, true}) {
        for (const Distribution& distribution : {Distribution{Normal{1, 1}}, Distribution{Exponential{1}}}) {
            const PrecisionTarget target{.half_width = 0.06, .relative = relative};
            int covered = 0;
            int precise = 0;
            Moments sizes;
            for (std::uint32_t replication = 0; replication < replications; ++replication) {
                const Moments moments = run_to(target, distribution, replication);
                const Interval interval = moments.confidence_interval(target.level);
                covered += interval.contains(1);
                precise += interval.half_width() <= 0.06 * (relative ? moments.mean() : 1);
                sizes.add(static_cast<double>(moments.count()));
            }
            CHECK(precise == replications);
            CHECK(static_cast<double>(covered) / replications == Approx(0.95).margin(4 * standard_error));
            // (1.96 / 0.06)² = 1067 observations at least; the guards and the spacing of looks cost some
            // more.
            CHECK(sizes.mean() > 1067);
            CHECK(sizes.mean() < 2 * 1067);
        }
    }
}

TEST_CASE("Looks are spaced by a tenth, at whole blocks, from the pilot on", "[sequential]") {
    CHECK(next_look(0) == pilot_trajectories);
    CHECK(next_look(17) == pilot_trajectories);
    std::uint64_t look = 0;
    for (int i = 0; i < 200; ++i) {
        const std::uint64_t next = next_look(look);
        CHECK(next > look);
        CHECK(next % trajectories_per_block == 0);
        CHECK(static_cast<double>(next) <= std::max<double>(
                  pilot_trajectories, 1.1 * static_cast<double>(look) + trajectories_per_block));
        look = next;
    }
    CHECK(look > 1'000'000'000);
}

TEST_CASE("A run is not stopped by a sample that cannot tell", "[sequential]") {
    const PrecisionTarget target{.half_width = 0.5};
    CHECK_FALSE(reached(Moments{}, target));
    CHECK_FALSE(reached(constant_sample(1, pilot_trajectories), target));
    SECTION("one without variation, until there is much of it") {
        CHECK_FALSE(reached(constant_sample(1, evidence_of_a_constant - 1), target));
        CHECK(reached(constant_sample(1, evidence_of_a_constant), target));
    }
    SECTION("one that has seen a rare event fewer than 25 times") {
        Moments moments = constant_sample(0, 20'000);
        for (int event = 1; event <= 24; ++event) {
            moments.add(1);
            CHECK_FALSE(reached(moments, target));
        }
        moments.add(1);
        moments.add(1);
        CHECK(reached(moments, target));
    }
    SECTION("a mean of zero, relatively") {
        const PrecisionTarget relative{.half_width = 0.5, .relative = true};
        CHECK_FALSE(reached(constant_sample(0, 2 * evidence_of_a_constant), relative));
    }
    SECTION("one with a NaN") {
        Moments moments = run_to(target, Normal{0, 1}, 0);
        REQUIRE(reached(moments, target));
        moments.add(std::nan(""));
        CHECK_FALSE(reached(moments, target));
    }
    CHECK_THROWS_AS(reached(Moments{}, PrecisionTarget{.half_width = 0}), ContractViolation);
    CHECK_THROWS_AS(reached(Moments{}, PrecisionTarget{.half_width = std::nan("")}), ContractViolation);
}
