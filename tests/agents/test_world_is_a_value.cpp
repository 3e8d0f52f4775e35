#include "tests/agents/worlds.hpp"
#include "tests/allocation_counter.hpp"

#include <catch2/catch.hpp>

#include <cstddef>
#include <cstdint>

using namespace venturi;
using namespace venturi::testing;

namespace {
constexpr double horizon = 72;
}

TEST_CASE("A world that is copied in the middle of its history goes on as the original does") {
    for (const auto& [name, setup] : all_worlds()) {
        CAPTURE(name);
        World<PlainDraws> trunk = world_of(setup, 5, 3);
        for (const double month : {0.0, 7.5, 24.0, 60.0}) {
            trunk.run_until(month);
            World<PlainDraws> branch = trunk;
            REQUIRE(digest_of(branch) == digest_of(trunk));
            World<PlainDraws> again = branch;
            branch.run_until(horizon);
            again.run_until(horizon);
            REQUIRE(digest_of(branch) == digest_of(again));
            World<PlainDraws> uninterrupted = world_of(setup, 5, 3);
            uninterrupted.run_until(horizon);
            REQUIRE(digest_of(branch) == digest_of(uninterrupted));
        }
    }
}

TEST_CASE("A branch that something is changed in leaves its trunk as it was") {
    for (const auto& [name, setup] : all_worlds()) {
        if (setup->parameters.startups.empty()) continue;
        CAPTURE(name);
        World<PlainDraws> trunk = world_of(setup, 5, 4);
        trunk.run_until(1);
        const std::uint64_t then = digest_of(trunk);
        World<PlainDraws> branch = trunk;
        branch.set_parameter({leaf_number(setup->parameters, "finance.exits.shutdown"), 2.0});
        branch.run_until(horizon);
        REQUIRE(digest_of(trunk) == then);
        World<PlainDraws> untouched = world_of(setup, 5, 4);
        untouched.run_until(horizon);
        trunk.run_until(horizon);
        REQUIRE(digest_of(trunk) == digest_of(untouched));
        REQUIRE(digest_of_startups(branch) != digest_of_startups(trunk));
    }
}

TEST_CASE("Two histories that differ by an intervention are the same up to its month") {
    for (const auto& [name, setup] : all_worlds()) {
        if (setup->parameters.startups.empty()) continue;
        CAPTURE(name);
        std::vector<Intervention> interventions = setup->interventions;
        interventions.push_back(
            {.name = "despair",
             .at = 24.0,
             .when = {},
             .settings = {{leaf_number(setup->parameters, "finance.exits.shutdown"), 2.0}}});
        const auto changed_setup = make_setup(setup->parameters, std::move(interventions));
        World<PlainDraws> plain = world_of(setup, 5, 3);
        World<PlainDraws> changed = world_of(changed_setup, 5, 3);
        for (double month = 1; month < 24; month += 1) {
            plain.run_until(month);
            changed.run_until(month);
            REQUIRE(digest_of(plain) == digest_of(changed));
            REQUIRE(plain.calendar.pending() + 1 == changed.calendar.pending());
        }
        const bool anyone_alive = plain.tallies.alive() > 0;
        plain.run_until(horizon);
        changed.run_until(horizon);
        REQUIRE((digest_of_startups(plain) != digest_of_startups(changed)) == anyone_alive);
    }
}

TEST_CASE(
    "A trajectory is the same whatever was run in the world before, and however often it is looked at") {
    for (const auto& [name, setup] : all_worlds()) {
        CAPTURE(name);
        World<PlainDraws> fresh = world_of(setup, 9, 12);
        fresh.run_until(horizon);
        World<PlainDraws> used = world_of(setup, 9, 2);
        used.run_until(100);
        used.set_parameter({leaf_number(setup->parameters, "finance.exits.shutdown"), 1.0});
        used.run_until(110);
        used.reset(PlainDraws(FastVariates(9, 12)));
        for (double month = 0.25; month <= horizon; month += 0.25) used.run_until(month);
        REQUIRE(digest_of(used) == digest_of(fresh));
        World<PlainDraws> other = world_of(setup, 9, 13);
        other.run_until(horizon);
        if (fresh.delivered() > 20) CHECK(digest_of(other) != digest_of(fresh));
    }
}

TEST_CASE("A warmed-up trajectory allocates nothing", "[long]") {
    for (const auto& [name, setup] : all_worlds()) {
        CAPTURE(name);
        World<PlainDraws> world(setup);
        const auto run = [&](std::uint32_t trajectory) {
            world.reset(PlainDraws(FastVariates(4, trajectory)));
            world.run_until(horizon);
        };
        constexpr std::uint32_t trajectories = 12;
        for (std::uint32_t i = 0; i < trajectories; ++i) run(i);
        // Whatever they need has been seen: no trajectory of these is larger than the largest of them.
        const std::size_t before = allocations();
        for (std::uint32_t i = trajectories; i-- > 0;) run(i);
        CHECK(allocations() == before);
    }
}
