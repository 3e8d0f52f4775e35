// Worlds that the tests run, and what they need to compare them.
#pragma once

#include "agents/world.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace venturi::testing {

/// A world of one market segment, five rounds, one group of `startups` founded over three years, and 20
/// investors.
[[nodiscard]] WorldParameters cohort(std::int64_t startups);

/// A world in which nothing happens: no startups or investors, one segment without accounts, a climate,
/// prices and a frontier that stand still. A climate's effects are none. Tests switch on what they look at.
[[nodiscard]] WorldParameters quiet_world();

/// A quiet world with one startup that has no product, gets no offers, never gives up and raises for ever in
/// vain: $1.2M, spent at $60,000 a month.
[[nodiscard]] WorldParameters lone_startup();

/// Two segments, three groups of startups of which one pays for much compute, two kinds of investors, and
/// interventions at a time and on conditions.
[[nodiscard]] std::shared_ptr<const WorldSetup> eventful_setup();

struct NamedSetup {
    std::string name;
    std::shared_ptr<const WorldSetup> setup;
};

/// Every world in the repository: those above, and each scenario of the library.
[[nodiscard]] std::vector<NamedSetup> all_worlds();

/// The number, as SetByIndex counts, of the leaf at a path such as "market.segments.software.churn". Throws
/// std::invalid_argument where there is none.
[[nodiscard]] std::size_t leaf_number(const WorldParameters& parameters, std::string_view path);

/// A world of plain draws at month 0 of a trajectory.
[[nodiscard]] inline World<PlainDraws> world_of(std::shared_ptr<const WorldSetup> setup, std::uint64_t seed,
                                                std::uint32_t trajectory) {
    World<PlainDraws> world(std::move(setup));
    world.reset(PlainDraws(FastVariates(seed, trajectory)));
    return world;
}

/// FNV-1a over the bits of what it is fed.
class Digest {
  public:
    void add(std::uint64_t word) {
        for (int byte = 0; byte < 8; ++byte) {
            hash_ ^= word >> (8 * byte) & 0xff;
            hash_ *= 0x100000001b3;
        }
    }
    void add(double number) { add(std::bit_cast<std::uint64_t>(number)); }
    [[nodiscard]] std::uint64_t value() const { return hash_; }

  private:
    std::uint64_t hash_ = 0xcbf29ce484222325;
};

template <class Draws>
void digest_startup(const World<Draws>& world, const Startup<Draws>& startup, Digest& digest) {
    digest.add(static_cast<std::uint64_t>(startup.status));
    digest.add(startup.founded);
    digest.add(startup.ended);
    digest.add(startup.proceeds);
    digest.add(startup.highest_valuation);
    digest.add(value_of(startup.quality));
    digest.add(startup.people);
    digest.add(startup.compute);
    digest.add(startup.cash.balance(world.now()));
    digest.add(startup.cash.flow());
    digest.add(std::uint64_t{startup.customers.accounts()});
    digest.add(std::uint64_t{startup.raising} | std::uint64_t{startup.gave_up_raising} << 1
               | std::uint64_t{startup.failed_attempts} << 2);
    digest.add(startup.raises_not_before);
    for (const RoundRecord& round : startup.rounds) {
        digest.add(round.time);
        digest.add(round.pre_money);
        digest.add(round.amount);
        digest.add(static_cast<std::uint64_t>(round.climate));
    }
    digest.add(startup.cap_table.common());
    digest.add(startup.cap_table.pool());
    for (const PreferredClass& preferred : startup.cap_table.classes()) digest.add(preferred.shares);
    for (const HazardClock<Draws>* clock :
         {&startup.improvement, &startup.offer, &startup.listing, &startup.shutdown})
        digest.add(clock->rings_at());
    for (const DrawSource& source : startup.sources) digest.add(std::uint64_t{source.next});
}

/// A number that two worlds share where all their startups are the same to the bit.
template <class Draws>
[[nodiscard]] std::uint64_t digest_of_startups(const World<Draws>& world) {
    Digest digest;
    for (const Startup<Draws>& startup : world.startups) digest_startup(world, startup, digest);
    return digest.value();
}

/// A number that two worlds share where their states are the same to the bit.
template <class Draws>
[[nodiscard]] std::uint64_t digest_of(const World<Draws>& world) {
    Digest digest;
    digest.add(world.now());
    digest.add(world.delivered());
    digest.add(static_cast<std::uint64_t>(world.climate));
    for (const double index : {world.compute_price, world.wages, world.frontier}) digest.add(index);
    for (const DrawSource& source : world.environment_sources) digest.add(std::uint64_t{source.next});
    digest.add(digest_of_startups(world));
    for (const Segment<Draws>& segment : world.segments) {
        digest.add(segment.adopters);
        digest.add(segment.next_adopter);
        digest.add(segment.pull.total());
        digest.add(segment.rivals_pull);
        digest.add(std::uint64_t{segment.rivals.accounts()});
        digest.add(segment.rivals.next_departure());
    }
    for (const Investor<Draws>& investor : world.investors) {
        for (const double money :
             {investor.available, investor.last_fund, investor.invested, investor.returned})
            digest.add(money);
        digest.add(investor.next_fund.rings_at());
    }
    const auto [first, last] = edges(world.graph);
    for (auto edge = first; edge != last; ++edge) {
        const Relation& relation = world.graph[*edge];
        digest.add(std::uint64_t{source(*edge, world.graph)} << 32 | target(*edge, world.graph));
        digest.add(static_cast<std::uint64_t>(relation.kind));
        for (const double number : {relation.since, relation.shares, relation.invested, relation.returned})
            digest.add(number);
    }
    return digest.value();
}

}  // namespace venturi::testing
