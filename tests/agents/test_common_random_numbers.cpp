// Common random numbers between worlds: what one agent draws depends on nobody else's being there.
#include "tests/agents/worlds.hpp"

#include <catch2/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <tuple>

using namespace venturi;
using namespace venturi::testing;

namespace {

constexpr double horizon = 100;

/// Startups that meet nowhere: nobody buys, and money is not scarce.
WorldParameters strangers() {
    WorldParameters parameters = cohort(40);
    parameters.market.segments[0].size = 0;
    parameters.finance.exits.offers = 0.05;
    for (RoundParameters& round : parameters.finance.rounds) round.success_odds = 4;
    parameters.investors[0].fund_size = Constant{1e14};
    parameters.investors[0].largest_cheque = 1;
    return parameters;
}

/// For each startup, by the address of its draws, a digest of all that became of it.
std::map<std::uint32_t, std::uint64_t> fates(const WorldParameters& parameters, std::uint32_t trajectory) {
    World<PlainDraws> world = world_of(make_setup(parameters), 17, trajectory);
    world.run_until(horizon);
    std::map<std::uint32_t, std::uint64_t> found;
    for (const auto& startup : world.startups) {
        Digest digest;
        digest_startup(world, startup, digest);
        found[startup.address] = digest.value();
    }
    return found;
}

void require_contains(const std::map<std::uint32_t, std::uint64_t>& larger,
                      const std::map<std::uint32_t, std::uint64_t>& smaller) {
    for (const auto& [address, fate] : smaller) REQUIRE(larger.at(address) == fate);
}

}  // namespace

TEST_CASE("One startup more in a group changes nothing for the others where they do not meet") {
    const WorldParameters parameters = strangers();
    WorldParameters more = parameters;
    ++more.startups[0].count;
    WorldParameters another_group = parameters;
    another_group.startups.push_back(parameters.startups[0]);
    another_group.startups[1].name = "others";
    for (std::uint32_t trajectory = 0; trajectory < 5; ++trajectory) {
        const auto plain = fates(parameters, trajectory);
        REQUIRE(plain.size() == 40);
        const auto with_one_more = fates(more, trajectory);
        REQUIRE(with_one_more.size() == 41);
        require_contains(with_one_more, plain);
        const auto with_a_group = fates(another_group, trajectory);
        REQUIRE(with_a_group.size() == 80);
        require_contains(with_a_group, plain);
    }
}

TEST_CASE("One group of investors more changes nothing for startups that find money anyway") {
    const WorldParameters parameters = strangers();
    WorldParameters more = parameters;
    more.investors.push_back(parameters.investors[0]);
    more.investors[1].name = "others";
    for (std::uint32_t trajectory = 0; trajectory < 5; ++trajectory)
        REQUIRE(fates(more, trajectory) == fates(parameters, trajectory));
}

TEST_CASE("Startups that meet in a market keep their own draws even where their fates change") {
    WorldParameters parameters = cohort(40);
    WorldParameters more = parameters;
    more.startups[0].count += 10;
    World<PlainDraws> plain = world_of(make_setup(parameters), 17, 1);
    World<PlainDraws> crowded = world_of(make_setup(more), 17, 1);
    plain.run_until(40);
    crowded.run_until(40);
    bool any_changed = false;
    for (std::size_t i = 0; i < plain.startups.size(); ++i) {
        const auto& one = plain.startups[i];
        const auto& other = crowded.startups[i];
        REQUIRE(one.address == other.address);
        REQUIRE(one.founded == other.founded);
        REQUIRE(one.rounds[0].amount == other.rounds[0].amount);
        any_changed = any_changed || one.customers.accounts() != other.customers.accounts();
    }
    CHECK(any_changed);
    CHECK(plain.climate == crowded.climate);
    CHECK(plain.wages == crowded.wages);
    CHECK(plain.compute_price == crowded.compute_price);
    CHECK(plain.segments[0].adopters == crowded.segments[0].adopters);
    CHECK(plain.segments[0].next_adopter == crowded.segments[0].next_adopter);
}

namespace {

/// What was drawn for whom, for what, and as which of its draws.
using DrawsByName = std::map<std::tuple<std::uint32_t, std::uint16_t, std::uint32_t>, double>;

DrawsByName draws_of(const WorldParameters& parameters, double month) {
    World<RecordingDraws<PlainDraws>> world(make_setup(parameters));
    world.reset(RecordingDraws<PlainDraws>(PlainDraws(FastVariates(18, 0))));
    world.run_until(month);
    DrawsByName found;
    for (const RecordedDraw& draw : world.draws.recorded())
        found[{draw.source.agent, draw.source.purpose, draw.source.next}] = draw.value;
    return found;
}

/// When each company's first evaluation was over, by address.
std::map<std::uint32_t, double> first_evaluations(const WorldParameters& parameters) {
    World<PlainDraws> world = world_of(make_setup(parameters), 18, 0);
    world.keep_notices();
    world.run_until(20);
    std::map<std::uint32_t, double> found;
    for (const Notice& notice : world.notices)
        if (notice.kind == Notice::Kind::bottleneck)
            found.emplace(world.startups[notice.startup].address, notice.time);
    return found;
}

}  // namespace

TEST_CASE("What a company inside draws is its own, whoever joins its group and whatever others invest in") {
    const WorldParameters parameters = advantages_setup()->parameters;
    WorldParameters crowded = parameters;
    ++crowded.startups[0].count;
    WorldParameters elsewhere = parameters;
    elsewhere.startups[1].mix = {
        .technology = 0.1, .data = 0.1, .talent = 0.6, .partnership = 0.1, .risk = 0.1};
    const DrawsByName plain = draws_of(parameters, 20);
    const auto evaluated = first_evaluations(parameters);
    REQUIRE(evaluated.size() >= 10);
    // Laws of these draws hang on nothing that others can change.
    const std::set<Purpose> own = {
        Purpose::seed_round,      Purpose::burn,      Purpose::quality, Purpose::launch,
        Purpose::technology_time, Purpose::attrition, Purpose::batch,   Purpose::risk_leaves};
    for (const WorldParameters& changed : {crowded, elsewhere}) {
        std::size_t shared = 0;
        for (const auto& [name, value] : draws_of(changed, 20)) {
            const auto found = plain.find(name);
            if (found == plain.end() || !own.contains(static_cast<Purpose>(std::get<1>(name)))) continue;
            REQUIRE(found->second == value);
            ++shared;
        }
        CHECK(shared > 200);
        // So the first evaluation, which nobody has a hand in, is over at the same instant.
        const auto evaluated_now = first_evaluations(changed);
        for (const auto& [address, month] : evaluated) REQUIRE(evaluated_now.at(address) == month);
    }
}

TEST_CASE("Who enters the talent pools, and when, is the same whoever hires") {
    WorldParameters parameters = advantages_setup()->parameters;
    World<PlainDraws> plain = world_of(make_setup(parameters), 18, 1);
    parameters.startups[0].count += 5;
    parameters.startups[1].mix.talent = 0.9;
    World<PlainDraws> crowded = world_of(make_setup(parameters), 18, 1);
    bool any_hired = false;
    for (int month = 0; month < 60; ++month) {
        plain.run_until(month);
        crowded.run_until(month);
        for (std::size_t role = 0; role < roles; ++role) {
            any_hired = any_hired || plain.pools[role].available() != crowded.pools[role].available();
            REQUIRE(plain.pools[role].entered == crowded.pools[role].entered);
            REQUIRE(plain.pools[role].entry.rings_at() == crowded.pools[role].entry.rings_at());
        }
    }
    CHECK(any_hired);
}

TEST_CASE("The climate of a trajectory is the same whatever the companies do") {
    WorldParameters parameters = cohort(10);
    parameters.finance.exits.shutdown = 1;
    World<PlainDraws> doomed = world_of(make_setup(parameters), 17, 2);
    World<PlainDraws> plain = world_of(make_setup(cohort(10)), 17, 2);
    for (double month = 0; month < 200; month += 1) {
        doomed.run_until(month);
        plain.run_until(month);
        REQUIRE(doomed.climate == plain.climate);
        REQUIRE(doomed.frontier == plain.frontier);
    }
}
