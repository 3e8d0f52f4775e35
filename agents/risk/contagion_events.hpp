// Trouble that spreads: a failure along the edges of the graph to those who share an investor, and to the
// market in which it happened.
#pragma once

#include "agents/risk/risk_register.hpp"
#include "agents/world.hpp"

#include <algorithm>
#include <cstdint>

namespace venturi {

/// Stress of a startup from failures nearby and in its market; 0 where nothing has failed lately.
template <class Draws>
[[nodiscard]] double stress_of(const World<Draws>& world, const Startup<Draws>& startup) {
    return world.inside(startup).risk.stress.at(world.now())
           + world.segments[startup.segment].stress.at(world.now());
}

/// Adds `by` to a stress that fades in `fades` months to a third.
inline void add_stress(Relaxation<double>& stress, double now, double by, double fades) {
    stress = Relaxation<double>(stress.at(now) + by, 0, 1 / fades, now);
}

/// Stress that one failure or crisis puts on a market segment: in a large one it is one of many.
template <class Draws>
[[nodiscard]] double stress_on_market(const World<Draws>& world, std::uint32_t segment) {
    constexpr double few = 20;
    const auto startups = static_cast<double>(world.segments[segment].members.size());
    return world.parameters.risk.contagion.by_market * few / std::max(startups, few);
}

/// To be called when a startup has failed, before its stakes are forgotten. Work is in proportion to the
/// stakes of its investors.
template <class Draws>
void spread_failure(World<Draws>& world, std::uint32_t index) {
    const ContagionParameters& contagion = world.parameters.risk.contagion;
    const Startup<Draws>& failed = world.startups[index];
    const double now = world.now();
    add_stress(world.segments[failed.segment].stress, now, stress_on_market(world, failed.segment),
               contagion.fades);
    const auto [first, last] = in_edges(failed.vertex, world.graph);
    for (auto stake = first; stake != last; ++stake) {
        if (world.graph[*stake].kind != Relation::Kind::stake) continue;
        const auto [begin, end] = out_edges(source(*stake, world.graph), world.graph);
        for (auto other = begin; other != end; ++other) {
            if (world.graph[*other].kind != Relation::Kind::stake) continue;
            const std::uint32_t neighbour = world.graph[target(*other, world.graph)].index;
            const Startup<Draws>& startup = world.startups[neighbour];
            if (neighbour == index || !is_alive(startup.status) || !startup.has_inside()) continue;
            add_stress(world.inside(startup).risk.stress, now, contagion.by_investors, contagion.fades);
        }
    }
}

}  // namespace venturi
