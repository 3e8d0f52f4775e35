// Nobody and nothing inside a startup is lost: people, candidates, batches, tokens.
#include "agents/startup/startup_events.hpp"
#include "agents/talent/people_flow.hpp"
#include "tests/agents/worlds.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

using namespace venturi;
using namespace venturi::testing;

namespace {

constexpr double horizon = 60;

void require_people_kept(const World<PlainDraws>& world) {
    for (const auto& pool : world.pools) {
        std::uint64_t staff = 0;
        for (std::uint32_t place = 0; place < world.organisations.size(); ++place) {
            const auto& inside = world.organisations[place];
            const std::uint32_t paid = inside.workforce.paid_of(pool.role);
            REQUIRE(world.graph[inside.employs[static_cast<std::size_t>(pool.role)]].people == paid);
            REQUIRE(pool.employed.weight(place) == inside.workforce.productive_of(pool.role));
            staff += paid;
        }
        for (const Partner& partner : world.partners) {
            const auto people = static_cast<std::uint64_t>(people_of(partner, pool.role));
            staff += people;
        }
        REQUIRE(pool.entered == pool.available() + staff + pool.left);
    }
}

void require_candidates_kept(const World<PlainDraws>& world) {
    std::size_t present = 0;
    for (const auto& inside : world.organisations) {
        const HiringLedger& ledger = inside.hiring.ledger();
        REQUIRE(ledger.applied == ledger.ended() + inside.hiring.present());
        // Who is in onboarding has been hired, and is paid.
        const std::uint32_t newcomers = inside.hiring.station(HiringStage::onboarding).present();
        REQUIRE(ledger.hired == ledger.productive + ledger.interrupted + newcomers);
        REQUIRE(inside.workforce.headcount() - inside.workforce.productive_staff() == newcomers);
        present += inside.hiring.present();
    }
    REQUIRE(world.candidates.in_use() == present);
}

std::uint64_t batches_in(const DataFlow& data) {
    std::uint64_t present = 0;
    for (std::size_t i = 0; i < data_stages; ++i)
        present += data.station(static_cast<DataStage>(i)).present();
    return present;
}

void require_data_kept(const World<PlainDraws>& world) {
    // Each of at most a million batches may lose a unit in the last place or two at each of its sums.
    constexpr double rounding = 1e-9;
    std::uint64_t present = 0;
    for (const auto& inside : world.organisations) {
        const DataLedger& ledger = inside.data.ledger();
        const DataFlow::InFlow in_flow = inside.data.in_flow(world.batches);
        REQUIRE(in_flow.batches == batches_in(inside.data));
        present += in_flow.batches;
        REQUIRE(ledger.arrived
                == ledger.batches_discarded + ledger.batches_abandoned + ledger.batches_stocked
                       + in_flow.batches);
        REQUIRE(ledger.collected
                == Approx(ledger.removed() + ledger.discarded + ledger.abandoned + ledger.stocked
                          + in_flow.tokens)
                       .epsilon(rounding));
        const DataStock& stock = inside.data.stock();
        REQUIRE(stock.tokens >= 0);
        REQUIRE(stock.tokens == Approx(ledger.stocked - ledger.destroyed).epsilon(rounding));
        REQUIRE(stock.quality >= 0);
        REQUIRE(stock.quality <= 1);
        REQUIRE(stock.age(world.now()) >= 0);
    }
    REQUIRE(world.batches.in_use() == present);
}

void require_nobody_left_behind(const World<PlainDraws>& world) {
    for (const auto& startup : world.startups) {
        if (!startup.has_inside() || is_alive(startup.status)) continue;
        const auto& inside = world.inside(startup);
        REQUIRE(inside.workforce.headcount() == 0);
        REQUIRE(inside.hiring.openings() == 0);
        REQUIRE(inside.hiring.present() == 0);
        REQUIRE(batches_in(inside.data) == 0);
    }
}

}  // namespace

TEST_CASE("Whoever has entered a pool looks for work, works somewhere, or has left the world") {
    for (const auto& [name, setup] : worlds_with_organisations()) {
        CAPTURE(name);
        World<PlainDraws> world = world_of(setup, 41, 0);
        require_people_kept(world);
        while (world.step(horizon))
            if (world.delivered() % 11 == 0) require_people_kept(world);
        require_people_kept(world);
    }
}

TEST_CASE("Every candidate is at a stage of some company's hiring, or has come to an end there") {
    for (const auto& [name, setup] : worlds_with_organisations()) {
        CAPTURE(name);
        World<PlainDraws> world = world_of(setup, 41, 1);
        while (world.step(horizon))
            if (world.delivered() % 11 == 0) require_candidates_kept(world);
        require_candidates_kept(world);
    }
}

TEST_CASE("Every token that came in is in stock, on its way, or accounted for, whatever incidents destroy") {
    for (const auto& [name, setup] : worlds_with_organisations()) {
        CAPTURE(name);
        World<PlainDraws> world = world_of(setup, 41, 2);
        while (world.step(horizon))
            if (world.delivered() % 23 == 0) require_data_kept(world);
        require_data_kept(world);
    }
}

TEST_CASE("Who works for a company that ends goes, and what it was doing stops") {
    std::uint64_t ended = 0;
    for (const auto& [name, setup] : worlds_with_organisations()) {
        CAPTURE(name);
        World<PlainDraws> world = world_of(setup, 41, 3);
        const auto ends = [&] { return world.tallies.founded - world.tallies.alive(); };
        std::uint64_t seen = 0;
        while (world.step(horizon)) {
            if (ends() == seen) continue;
            seen = ends();
            require_nobody_left_behind(world);
            require_people_kept(world);
            require_candidates_kept(world);
            require_data_kept(world);
        }
        // Neither does anything come to them afterwards.
        require_nobody_left_behind(world);
        ended += seen;
    }
    CHECK(ended > 30);
}

TEST_CASE("Incidents happen in the worlds that these tests run, and so does everything else inside") {
    std::vector<Notice> notices;
    for (std::uint32_t trajectory = 0; trajectory < 5; ++trajectory) {
        World<PlainDraws> world = world_of(advantages_setup(), 41, trajectory);
        world.keep_notices();
        world.run_until(horizon);
        notices.insert(notices.end(), world.notices.begin(), world.notices.end());
    }
    std::vector<Notice::Kind> told;
    told.reserve(notices.size());
    for (const Notice& notice : notices) told.push_back(notice.kind);
    for (const auto kind :
         {Notice::Kind::planned, Notice::Kind::bottleneck, Notice::Kind::tuned, Notice::Kind::run_started,
          Notice::Kind::run_finished, Notice::Kind::run_failed, Notice::Kind::adopted,
          Notice::Kind::breakthrough, Notice::Kind::hired, Notice::Kind::left, Notice::Kind::reviewed,
          Notice::Kind::laid_off, Notice::Kind::incident, Notice::Kind::warning, Notice::Kind::crisis,
          Notice::Kind::repaired, Notice::Kind::insured, Notice::Kind::claim_paid}) {
        CAPTURE(static_cast<int>(kind));
        CHECK(std::count(told.begin(), told.end(), kind) > 0);
    }
    const auto poached = [](const Notice& notice) {
        return notice.kind == Notice::Kind::hired && notice.detail == 1;
    };
    CHECK(std::any_of(notices.begin(), notices.end(), poached));
}
