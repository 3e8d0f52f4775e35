#include "agents/other_luck.hpp"
#include "sim/drifting_clock.hpp"
#include "sim/ensemble/moments.hpp"
#include "sim/hazard_clock.hpp"
#include "tests/agents/worlds.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

using namespace venturi;
using namespace venturi::testing;

namespace {

constexpr std::uint64_t other_seed = 77;

PlainDraws luck_number(std::uint32_t trajectory) {
    return PlainDraws(FastVariates(other_seed, trajectory));
}

// What a history comes to, of all rooms: whoever renews a clock wrongly moves one of these.
std::vector<double> outcome_of(const World<PlainDraws>& world) {
    std::vector<double> outcome = {
        static_cast<double>(world.tallies.founded),           static_cast<double>(world.tallies.bankruptcies),
        static_cast<double>(world.tallies.shutdowns),         static_cast<double>(world.tallies.acquisitions),
        static_cast<double>(world.tallies.listings),          static_cast<double>(world.tallies.rounds),
        std::log1p(world.measure(Measure::named("revenue"))), std::log(world.compute_price),
        world.climate == Climate::cold ? 1.0 : 0.0,           static_cast<double>(world.climate),
        std::log(static_cast<double>(world.delivered()))};
    double adopters = 0;
    for (const auto& segment : world.segments) adopters += static_cast<double>(segment.adopters);
    double money = 0;
    for (const auto& investor : world.investors) money += investor.available;
    double runs = 0;
    double breakthroughs = 0;
    double incidents = 0;
    double warnings = 0;
    double departures = 0;
    double batches = 0;
    double applied = 0;
    for (const auto& inside : world.organisations) {
        runs += inside.technology.runs_finished;
        breakthroughs += inside.technology.breakthroughs;
        incidents += inside.risk.tally.incidents;
        warnings += inside.risk.tally.warnings;
        departures += inside.staff.departures;
        batches += static_cast<double>(inside.data.ledger().arrived);
        applied += static_cast<double>(inside.hiring.ledger().applied);
    }
    double entered = 0;
    double left = 0;
    for (const auto& pool : world.pools) {
        entered += static_cast<double>(pool.entered);
        left += static_cast<double>(pool.left);
    }
    for (const double sum : {adopters, money, runs, breakthroughs, incidents, warnings, departures, batches,
                             applied, entered, left, static_cast<double>(world.ties.in_use())})
        outcome.push_back(sum);
    return outcome;
}

}  // namespace

TEST_CASE("A copied world with other luck has the same past, and a future of its own that its luck decides") {
    for (const auto& [name, setup] : all_worlds()) {
        CAPTURE(name);
        World<PlainDraws> trunk = world_of(setup, 5, 3);
        trunk.run_until(18);
        const std::uint64_t then = digest_of(trunk);
        World<PlainDraws> one = trunk;
        World<PlainDraws> two = trunk;
        World<PlainDraws> other = trunk;
        continue_with_other_luck(one, luck_number(1));
        continue_with_other_luck(two, luck_number(1));
        continue_with_other_luck(other, luck_number(2));
        CHECK(one.tallies.founded == trunk.tallies.founded);
        CHECK(one.tallies.rounds == trunk.tallies.rounds);
        CHECK(one.measure(Measure::named("revenue")) == trunk.measure(Measure::named("revenue")));
        for (std::size_t i = 0; i < trunk.startups.size(); ++i) {
            CHECK(one.startups[i].status == trunk.startups[i].status);
            CHECK(one.startups[i].cash.balance(18) == trunk.startups[i].cash.balance(18));
        }
        for (World<PlainDraws>* world : {&one, &two, &other}) world->run_until(60);
        CHECK(digest_of(one) == digest_of(two));
        CHECK(digest_of(trunk) == then);
        trunk.run_until(60);
        if (trunk.delivered() > 50) {
            CHECK(digest_of(one) != digest_of(other));
            CHECK(digest_of(one) != digest_of(trunk));
        }
    }
}

TEST_CASE("A world whose luck is renewed every month has the same law as one that is left alone", "[long]") {
    const auto compare_laws = [](const std::string& name, const std::shared_ptr<const WorldSetup>& setup,
                                 std::uint32_t trajectories) {
        constexpr double end = 48;
        World<PlainDraws> world(setup);
        std::vector<Moments> plain;
        std::vector<Moments> renewed;
        for (std::uint32_t trajectory = 0; trajectory < trajectories; ++trajectory)
            for (const bool renews : {false, true}) {
                // Other trajectories, so that both samples are independent.
                world.reset(PlainDraws(FastVariates(renews ? 21 : 20, trajectory)));
                for (std::uint32_t month = 1; month <= end; ++month) {
                    world.run_until(month);
                    if (renews) continue_with_other_luck(world, luck_number(trajectory * 64 + month));
                }
                std::vector<Moments>& into = renews ? renewed : plain;
                const std::vector<double> outcome = outcome_of(world);
                into.resize(outcome.size());
                for (std::size_t i = 0; i < outcome.size(); ++i) into[i].add(outcome[i]);
            }
        for (std::size_t i = 0; i < plain.size(); ++i) {
            CAPTURE(name, i, plain[i].mean(), renewed[i].mean());
            const double error = std::hypot(plain[i].standard_error(), renewed[i].standard_error());
            CHECK(std::abs(plain[i].mean() - renewed[i].mean()) <= 4 * error);
        }
    };
    compare_laws("cohort", make_setup(cohort(20)), 400);
    compare_laws("advantages", advantages_setup(), 120);
}

TEST_CASE("A clock that is renewed before it rings is as likely to ring at any time as it was") {
    PlainDraws draws = luck_number(9);
    DrawSource source{.agent = 1, .purpose = 1};
    const DriftingHazard<double> drifting{.level = 0.5, .swing = 1.5, .decay = 2};
    Moments constant_rings;
    Moments drifting_rings;
    Moments drifting_alone;
    constexpr int repetitions = 20'000;
    for (int i = 0; i < repetitions; ++i) {
        HazardClock<PlainDraws> clock;
        clock.start(draws, source, 0, 2.0);
        DriftingClock<PlainDraws> drifter;
        drifter.start(draws, source, 0, drifting);
        DriftingClock<PlainDraws> alone;
        alone.start(draws, source, 0, drifting);
        for (double now = 0.1; now < 20; now += 0.1) {
            if (clock.rings_at() > now) clock.renew(draws, source, now);
            if (drifter.rings_at() > now) drifter.renew(draws, source, now);
        }
        constant_rings.add(clock.rings_at());
        drifting_rings.add(drifter.rings_at());
        drifting_alone.add(alone.rings_at());
    }
    CHECK(std::abs(constant_rings.mean() - 0.5) < 4 * constant_rings.standard_error());
    CHECK(constant_rings.standard_deviation() == Approx(0.5).epsilon(0.05));
    CHECK(std::abs(drifting_rings.mean() - drifting_alone.mean())
          < 4 * std::hypot(drifting_rings.standard_error(), drifting_alone.standard_error()));
}
