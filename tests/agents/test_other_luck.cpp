// Other futures of one past: the law of what is to come is kept, and the past is.
#include "agents/other_luck.hpp"
#include "sim/ensemble/moments.hpp"
#include "tests/agents/worlds.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstdint>
#include <set>

using namespace venturi;
using namespace venturi::testing;

namespace {

PlainDraws luck_of_continuation(std::uint64_t seed, std::uint32_t trajectory, std::uint64_t continuation) {
    return PlainDraws(FastVariates(seed_of_continuation(seed, trajectory, continuation), trajectory));
}

}  // namespace

TEST_CASE("Every continuation of every trajectory has a seed of its own, the same whenever it is asked") {
    std::set<std::uint64_t> seeds{5};
    for (std::uint32_t trajectory = 0; trajectory < 50; ++trajectory)
        for (std::uint64_t continuation = 0; continuation < 50; ++continuation)
            seeds.insert(seed_of_continuation(5, trajectory, continuation));
    CHECK(seeds.size() == 2501);
    CHECK(seed_of_continuation(5, 3, 2) == seed_of_continuation(5, 3, 2));
    CHECK(seed_of_continuation(6, 3, 2) != seed_of_continuation(5, 3, 2));
}

TEST_CASE("A world goes on otherwise with other luck, the same with the same, and its past stays") {
    for (const auto& [name, setup] : all_worlds()) {
        CAPTURE(name);
        World<PlainDraws> trunk = world_of(setup, 5, 3);
        trunk.run_until(20);
        const std::uint64_t past = digest_of(trunk);
        const auto continued = [&](std::uint64_t continuation) {
            World<PlainDraws> branch = trunk;
            continue_with_other_luck(branch, luck_of_continuation(5, 3, continuation));
            REQUIRE(branch.now() == 20);
            REQUIRE(branch.tallies.alive() == trunk.tallies.alive());
            branch.run_until(60);
            return digest_of(branch);
        };
        const std::uint64_t first = continued(0);
        CHECK(continued(0) == first);
        CHECK(continued(1) != first);
        CHECK(digest_of(trunk) == past);
    }
}

TEST_CASE("The wait for what has no memory is as long as ever, whenever luck changes") {
    // One startup that is given up at 0.05 a month, and nothing else happens: P(dead by t) is known.
    WorldParameters parameters = lone_startup();
    constexpr double hazard = 0.05;
    parameters.startups[0].seed_round = Constant{1e12};
    parameters.finance.exits.shutdown = hazard;
    parameters.finance.exits.shutdown_quality_effect = 0;
    parameters.finance.exits.shutdown_revenue_effect = 0;
    const auto setup = make_setup(parameters);
    // Of a trajectory that lives at month 10, whatever its own luck has in store.
    Moments dead;
    Moments dead_in_one_trajectory;
    for (std::uint32_t trajectory = 0; trajectory < 400; ++trajectory) {
        World<PlainDraws> trunk = world_of(setup, 9, trajectory);
        trunk.run_until(10);
        if (trunk.tallies.alive() == 0) continue;
        const bool is_first = dead_in_one_trajectory.count() == 0;
        for (std::uint64_t k = 0; k < (is_first ? 1000 : 4); ++k) {
            World<PlainDraws> branch = trunk;
            continue_with_other_luck(branch, luck_of_continuation(9, trajectory, k));
            branch.run_until(15);
            // Again and again: the law is the same.
            continue_with_other_luck(branch, luck_of_continuation(10, trajectory, k));
            branch.run_until(22);
            (is_first ? dead_in_one_trajectory : dead).add(branch.tallies.alive() == 0 ? 1 : 0);
        }
    }
    const double expected = 1 - std::exp(-hazard * 12);
    const auto error = [expected](std::uint64_t count) {
        return std::sqrt(expected * (1 - expected) / static_cast<double>(count));
    };
    REQUIRE(dead_in_one_trajectory.count() == 1000);
    REQUIRE(dead.count() > 800);
    // Four standard errors.
    CHECK(dead_in_one_trajectory.mean() == Approx(expected).margin(4 * error(1000)));
    CHECK(dead.mean() == Approx(expected).margin(4 * error(dead.count())));
}
