#include "tests/agents/worlds.hpp"

#include <catch2/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

using namespace venturi;
using namespace venturi::testing;

namespace {

std::vector<std::uint64_t> accounts_of_segments(const World<PlainDraws>& world) {
    std::vector<std::uint64_t> accounts;
    for (const auto& segment : world.segments) accounts.push_back(segment.rivals.accounts());
    for (const auto& startup : world.startups) accounts[startup.segment] += startup.customers.accounts();
    return accounts;
}

void require_accounts_kept(const World<PlainDraws>& world) {
    const std::vector<std::uint64_t> accounts = accounts_of_segments(world);
    for (std::size_t i = 0; i < world.segments.size(); ++i)
        REQUIRE(accounts[i] == world.segments[i].adopters);
}

void require_tallies_right(const World<PlainDraws>& world) {
    std::vector<std::uint64_t> by_status(status_names.size(), 0);
    std::uint64_t rounds = 0;
    for (const auto& startup : world.startups) {
        ++by_status[static_cast<std::size_t>(startup.status)];
        rounds += startup.follow_on_rounds();
    }
    const auto count = [&](Status status) { return by_status[static_cast<std::size_t>(status)]; };
    REQUIRE(world.tallies.founded == world.startups.size() - count(Status::unfounded));
    REQUIRE(world.tallies.bankruptcies == count(Status::bankrupt));
    REQUIRE(world.tallies.shutdowns == count(Status::shut_down));
    REQUIRE(world.tallies.acquisitions == count(Status::acquired));
    REQUIRE(world.tallies.listings == count(Status::listed));
    REQUIRE(world.tallies.alive() == count(Status::building) + count(Status::selling));
    REQUIRE(world.tallies.rounds == rounds);
}

}  // namespace

TEST_CASE("An account that has adopted is with a startup or with the rivals, at all times") {
    for (const auto& [name, setup] : all_worlds()) {
        CAPTURE(name);
        World<PlainDraws> world = world_of(setup, 2, 1);
        require_accounts_kept(world);
        while (world.step(100))
            if (world.delivered() % 7 == 0) require_accounts_kept(world);
        require_accounts_kept(world);
    }
}

TEST_CASE("Tallies count what the startups say, and who is alive has cash") {
    for (const auto& [name, setup] : all_worlds()) {
        CAPTURE(name);
        World<PlainDraws> world = world_of(setup, 2, 2);
        for (double month = 0; month <= 120; month += 5) {
            world.run_until(month);
            require_tallies_right(world);
            for (const auto& startup : world.startups) {
                if (is_alive(startup.status)) REQUIRE(startup.cash.balance(month) > -1e-3);
                if (!is_alive(startup.status)) REQUIRE(startup.customers.accounts() == 0);
                const std::size_t bridges =
                    startup.has_inside() ? world.inside(startup).risk.tally.bridges : 0;
                REQUIRE(startup.cap_table.classes().size() == startup.rounds.size() + bridges);
            }
        }
    }
}

TEST_CASE("Nothing is scheduled for a company that has ended") {
    for (const auto& setup : {eventful_setup(), advantages_setup()}) {
        World<PlainDraws> world = world_of(setup, 2, 3);
        std::vector<bool> ended(world.startups.size(), false);
        for (;;) {
            const auto next = world.calendar.peek();
            if (!next || next->time > 150) break;
            const bool of_startup = next->event->what >= Happening::is_founded
                                    && next->event->what <= Happening::runs_out_of_cash;
            if (of_startup) REQUIRE_FALSE(ended[next->event->who]);
            world.step(150);
            for (std::size_t i = 0; i < ended.size(); ++i)
                ended[i] = is_dead(world.startups[i].status) || has_exited(world.startups[i].status);
        }
        CHECK(world.tallies.bankruptcies + world.tallies.shutdowns > 5);
    }
}

TEST_CASE("What investors have and have invested is the money of the funds they closed") {
    for (const auto& [name, setup] : all_worlds()) {
        CAPTURE(name);
        World<PlainDraws> world = world_of(setup, 2, 4);
        std::vector<double> closed;
        for (const auto& investor : world.investors) closed.push_back(investor.last_fund);
        for (;;) {
            const auto next = world.calendar.peek();
            if (!next || next->time > 120) break;
            const Event event = *next->event;
            world.step(120);
            if (event.what == Happening::closes_fund)
                closed[event.who] += world.investors[event.who].last_fund;
        }
        for (std::size_t i = 0; i < closed.size(); ++i) {
            const auto& investor = world.investors[i];
            REQUIRE(investor.available >= 0);
            REQUIRE(investor.available + investor.invested == Approx(closed[i]).epsilon(1e-9));
        }
    }
}

TEST_CASE("Stakes are the rounds that investors led, and what they return are the proceeds") {
    std::size_t exits = 0;
    for (std::uint32_t trajectory = 0; trajectory < 20; ++trajectory) {
        World<PlainDraws> world = world_of(make_setup(cohort(60)), 3, trajectory);
        world.run_until(150);
        std::vector<double> invested(world.investors.size(), 0.0);
        std::vector<double> returned(world.investors.size(), 0.0);
        for (const auto& startup : world.startups) {
            const bool exited = has_exited(startup.status);
            exits += exited ? 1 : 0;
            CapTable::Payout payout;
            if (exited)
                payout = startup.status == Status::listed
                             ? startup.cap_table.distribute_converted(startup.proceeds)
                             : startup.cap_table.distribute(startup.proceeds, Seniority::stacked);
            // The seed round's investors are outside the model.
            double paid = exited ? payout.common + payout.pool + payout.preferred[0] : 0.0;
            std::size_t stakes = 0;
            const auto [first, last] = in_edges(startup.vertex, world.graph);
            for (auto edge = first; edge != last; ++edge) {
                const Relation& stake = world.graph[*edge];
                if (stake.kind != Relation::Kind::stake) continue;
                const RoundRecord& round = startup.rounds.at(stake.share_class);
                REQUIRE(stake.invested == round.amount);
                REQUIRE(stake.since == round.time);
                REQUIRE(stake.shares == startup.cap_table.classes().at(stake.share_class).shares);
                const std::uint32_t investor = world.graph[source(*edge, world.graph)].index;
                invested[investor] += stake.invested;
                returned[investor] += stake.returned;
                paid += stake.returned;
                ++stakes;
            }
            REQUIRE(stakes == startup.follow_on_rounds());
            REQUIRE(paid == Approx(startup.proceeds).epsilon(1e-9));
        }
        for (std::size_t i = 0; i < invested.size(); ++i) {
            REQUIRE(world.investors[i].invested == Approx(invested[i]).epsilon(1e-9));
            REQUIRE(world.investors[i].returned == Approx(returned[i]).epsilon(1e-9));
        }
    }
    CHECK(exits > 100);
}

TEST_CASE("A company's cash is what it raised and earned less what it spent") {
    // No customers, so nothing is earned; spending is constant between the rounds.
    WorldParameters parameters = lone_startup();
    parameters.finance.raising.duration = Constant{4};
    parameters.finance.raising.runway_trigger = 9;
    for (RoundParameters& round : parameters.finance.rounds) round.success_odds = 20;
    parameters.investors.resize(1);
    parameters.investors[0].name = "funds";
    parameters.investors[0].fund_size = Constant{1e10};
    World<PlainDraws> world(make_setup(parameters));
    world.reset(PlainDraws(FastVariates(6, 0)));
    const auto& startup = world.startups[0];
    double spent = 0;
    double since = 0;
    double flow = startup.cash.flow();
    while (startup.follow_on_rounds() < 3) {
        REQUIRE(world.step(1000));
        spent -= flow * (world.now() - since);
        since = world.now();
        flow = startup.cash.flow();
    }
    CHECK(startup.cash.balance(world.now()) == Approx(startup.raised() - spent).epsilon(1e-9));
    // Raised 9 months before the end of the seed money, closed 4 months later.
    CHECK(startup.rounds[1].time == Approx(20 - 9 + 4).epsilon(1e-12));
}

TEST_CASE("A round that plans to spend less than before leaves spending as it is") {
    WorldParameters parameters = lone_startup();
    parameters.finance.raising.duration = Constant{4};
    for (RoundParameters& round : parameters.finance.rounds) {
        round.success_odds = 20;
        round.burn_growth = 0.2;
        round.median_pre_money = 1e6;
    }
    parameters.investors.resize(1);
    parameters.investors[0].fund_size = Constant{1e10};
    World<PlainDraws> world(make_setup(parameters));
    world.reset(PlainDraws(FastVariates(6, 1)));
    while (world.startups[0].follow_on_rounds() == 0) REQUIRE(world.step(1000));
    CHECK(world.startups[0].cash.flow() == Approx(-6e4).epsilon(1e-12));
}
