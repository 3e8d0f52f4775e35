// Worlds with a network, small enough to reckon with.
#pragma once

#include "agents/partnership/partner_events.hpp"
#include "tests/agents/worlds.hpp"

#include <cstdint>
#include <string>

namespace venturi::testing {

/// A group of partners that neither fail nor owe anything nor employ anybody, all alike.
[[nodiscard]] inline PartnerGroupParameters plain_partners(std::string name, PartnerGroupKind kind,
                                                           std::int64_t count) {
    PartnerGroupParameters group;
    group.name = std::move(name);
    group.kind = kind;
    group.count = count;
    group.spread = 0;
    group.appetite = 1e4;
    group.reliability = 1;
    group.assets = Constant{0};
    return group;
}

/// Startups that are modelled inside, with money for ever and nobody to sell to, and partners: nothing that
/// happens to trust, no projects, no credit, and nobody who moves along ties, unless a test switches it on.
[[nodiscard]] inline WorldParameters network_world(std::int64_t startups) {
    WorldParameters world = lone_organisation();
    world.startups[0].count = startups;
    world.partners.push_back(plain_partners("communities", PartnerGroupKind::community, 5));
    PartnershipParameters& partnership = world.partnership;
    partnership.trust = {.initial = 0.5,
                         .by_delivery = 0,
                         .by_fair_share = 0,
                         .lost_by_default = 0,
                         .lost_by_unfairness = 0,
                         .lost_by_incident = 0,
                         .lost_by_departure = 0,
                         .lost_by_failure_nearby = 0};
    partnership.couplings.projects = 0;
    partnership.couplings.obligations = 0;
    partnership.couplings.people = 0;
    partnership.ties.upkeep = 1;
    partnership.ties.most = 10000;
    return world;
}

/// All ties of a world, in the order of their making.
template <class Draws>
[[nodiscard]] std::vector<std::uint32_t> all_ties(const World<Draws>& world) {
    std::vector<std::uint32_t> records;
    const auto [first, last] = edges(world.graph);
    for (auto edge = first; edge != last; ++edge)
        if (world.graph[*edge].kind == Relation::Kind::cooperates) records.push_back(world.graph[*edge].tie);
    return records;
}

/// Mean trust of all ties; 0 where there are none.
template <class Draws>
[[nodiscard]] double mean_trust(const World<Draws>& world) {
    double sum = 0;
    const auto records = all_ties(world);
    for (const std::uint32_t record : records) sum += world.ties[record].trust;
    return records.empty() ? 0 : sum / static_cast<double>(records.size());
}

}  // namespace venturi::testing
