// Investors who bridge a company over an incident, or don't.
#pragma once

#include "agents/finance/finance_events.hpp"
#include "agents/world.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace venturi {

/// The investor who came last, with the money to bridge; nobody where that one has not enough.
template <class Draws>
[[nodiscard]] std::uint32_t bridging_investor(const World<Draws>& world, const Startup<Draws>& startup,
                                              double amount) {
    std::uint32_t found = Id<Investor<Draws>>::none;
    const auto [first, last] = in_edges(startup.vertex, world.graph);
    for (auto edge = first; edge != last; ++edge)
        if (world.graph[*edge].kind == Relation::Kind::stake)
            found = world.graph[source(*edge, world.graph)].index;
    if (found == Id<Investor<Draws>>::none || world.investors[found].available < amount)
        return Id<Investor<Draws>>::none;
    return found;
}

/// Probability that they do.
template <class Draws>
[[nodiscard]] typename Draws::Scalar bridge_probability(const World<Draws>& world,
                                                        const Startup<Draws>& startup) {
    using std::exp;
    const BridgeParameters& bridge = world.parameters.risk.bridge;
    const typename Draws::Scalar log_odds = bridge.odds + world.climate_effects().raise_odds
                                            + bridge.quality_effect * relative_quality(world, startup)
                                            - investors_doubt(world, startup);
    return 1.0 / (1.0 + exp(-log_odds));
}

/// After an incident that leaves little: the company asks the investor who came last for some months of burn,
/// at a price below the last round's.
template <class Draws>
void ask_for_bridge(World<Draws>& world, std::uint32_t index) {
    Startup<Draws>& startup = world.startups[index];
    const BridgeParameters& bridge = world.parameters.risk.bridge;
    const double now = world.now();
    const double burn = -startup.cash.flow();
    const double left = startup.cash.balance(now);
    if (!(burn > 0) || left >= bridge.runway * burn) return;
    RiskRegister& risk = world.inside(startup).risk;
    const bool willing = world.draws.bernoulli(risk.bridge, bridge_probability(world, startup));
    const double amount = bridge.months * burn + std::max(-left, 0.0);
    // A priced round needs a class of its own later.
    const std::size_t classes_left = CapTable::most_classes - startup.cap_table.classes().size();
    const std::size_t rounds_left = world.parameters.finance.rounds.size() - startup.follow_on_rounds();
    if (!willing || !(amount > 0) || classes_left <= rounds_left) return;
    const std::uint32_t who = bridging_investor(world, startup, amount);
    if (who == Id<Investor<Draws>>::none) return;
    const TermsParameters& terms = world.parameters.finance.terms;
    const double pre_money = (1 - bridge.discount) * startup.rounds.back().post_money();
    const PricedRound priced =
        startup.cap_table.raise(amount, pre_money, 0, {.preference = terms.preference});
    startup.bridged += amount;
    startup.cash.deposit(now, amount);
    Investor<Draws>& investor = world.investors[who];
    investor.available -= amount;
    investor.invested += amount;
    world.graph.connect(investor.vertex, startup.vertex,
                        {.kind = Relation::Kind::stake,
                         .since = now,
                         .shares = priced.new_shares,
                         .invested = amount,
                         .share_class = static_cast<std::uint8_t>(startup.cap_table.classes().size() - 1)});
    ++risk.tally.bridges;
    world.tell(Notice::Kind::bridged, index, amount, 0);
}

}  // namespace venturi
