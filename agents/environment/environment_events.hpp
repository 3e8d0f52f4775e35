// The common shocks: climate, price of compute, wages, frontier.
#pragma once

#include "agents/finance/finance_events.hpp"
#include "agents/market/market_events.hpp"
#include "agents/technology/technology_events.hpp"
#include "agents/world.hpp"

#include <algorithm>
#include <cstddef>

namespace venturi {

/// Calls `touch(index)` for every living startup among the targets of the environment's edges.
template <class Draws, class Touch>
void for_each_startup(World<Draws>& world, Touch&& touch) {
    constexpr std::size_t environment = 0;
    const auto [first, last] = out_edges(environment, world.graph);
    for (auto edge = first; edge != last; ++edge) {
        const AgentVertex agent = world.graph[target(*edge, world.graph)];
        if (agent.kind == AgentKind::startup && is_alive(world.startups[agent.index].status))
            touch(agent.index);
    }
}

template <class Draws>
void update_all_rivals(World<Draws>& world) {
    for (std::uint32_t i = 0; i < world.segments.size(); ++i) update_rivals(world, i);
}

/// To be called when anything at all may have changed.
template <class Draws>
void update_everyone(World<Draws>& world) {
    update_all_rivals(world);
    for_each_startup(world, [&](std::uint32_t index) { update_startup(world, index); });
}

/// Costs have moved: cash flows follow.
template <class Draws>
void update_all_cash_flows(World<Draws>& world) {
    for_each_startup(world, [&](std::uint32_t index) {
        update_cash_flow(world, index, revenue(world, world.startups[index]));
    });
}

/// Starts one of the environment's clocks afresh.
template <class Draws>
void start_environment_clock(World<Draws>& world, HazardClock<Draws>& clock, Purpose purpose, Happening what,
                             double rate) {
    clock.start(world.draws, world.environment_source(purpose), world.now(), rate);
    world.set_timer(world.environment_timers[static_cast<std::size_t>(what)], clock.rings_at(), {what, 0});
}

template <class Draws>
void update_environment_clock(World<Draws>& world, HazardClock<Draws>& clock, Happening what, double rate) {
    // Its rate is a plain number, of which no score hears: one that stays leaves the ring where it is, to the
    // bit.
    if (value_of(clock.rate()) == rate) return;
    clock.set_rate(world.draws, world.now(), rate);
    world.set_timer(world.environment_timers[static_cast<std::size_t>(what)], clock.rings_at(), {what, 0});
}

/// Shows everybody the climate that an intervention holds, or else the chain's own; to be called when one of
/// the two may have changed.
template <class Draws>
void show_climate(World<Draws>& world) {
    const Climate seen = world.held_climate.value_or(world.own_climate);
    if (seen == world.climate) return;
    world.climate = seen;
    world.tell(Notice::Kind::climate, 0, static_cast<double>(world.climate), 0);
    for_each_startup(world, [&](std::uint32_t index) {
        Startup<Draws>& startup = world.startups[index];
        follow_revenue(world, index);
        update_clock(world, index, startup.offer, Timer::offer, Happening::offer_arrives,
                     offer_hazard(world, startup));
    });
}

/// To be called whenever the chain or its rates have changed, where luck is summed up: what was expected of
/// it until now is taken off, at the rates that there were.
template <class Draws>
void settle_climate_luck(World<Draws>& world) {
    if (world.luck.empty()) return;
    world.climate_luck.take_off_drift(
        world.now(), expected_change(world.parameters.environment.climate, world.own_climate));
}

/// The chain takes a step, whether anybody sees it or not.
template <class Draws>
void climate_changes(World<Draws>& world) {
    const ClimateParameters& chain = world.parameters.environment.climate;
    const Climate left = world.own_climate;
    world.climate_clock.ring(world.draws, world.now());
    world.own_climate = next_climate(chain, world.own_climate,
                                     world.draws.uniform(world.environment_source(Purpose::climate_choice)));
    if (!world.luck.empty()) {
        const auto changes = [&](Climate climate) {
            return (world.own_climate == climate ? 1.0 : 0.0) - (left == climate ? 1.0 : 0.0);
        };
        world.climate_luck.changes(world.now(), {changes(Climate::cold), changes(Climate::warm)});
        settle_climate_luck(world);
    }
    start_environment_clock(world, world.climate_clock, Purpose::climate_sojourn, Happening::climate_changes,
                            exit_rate(chain, world.own_climate));
    show_climate(world);
}

template <class Draws>
void compute_price_falls(World<Draws>& world) {
    const EnvironmentParameters& environment = world.parameters.environment;
    world.compute_price_clock.ring(world.draws, world.now());
    // Cut after cut, it never gets to be nothing.
    constexpr double lowest_price = 1e-30;
    world.compute_price = std::max(world.compute_price * (1 - environment.compute_price_cut), lowest_price);
    start_environment_clock(world, world.compute_price_clock, Purpose::compute_price,
                            Happening::compute_price_falls, environment.compute_price_cuts);
    update_all_cash_flows(world);
}

/// The yearly wage round; the index at least halves, whatever is drawn.
template <class Draws>
void wages_rise(World<Draws>& world) {
    constexpr double year = 12;
    const EnvironmentParameters& environment = world.parameters.environment;
    const double rise = world.draws.normal(world.environment_source(Purpose::wages), environment.wage_rise,
                                           environment.wage_rise_spread);
    world.wages *= std::max(1 + rise, 0.5);
    world.set_timer(world.environment_timers[static_cast<std::size_t>(Happening::wages_rise)],
                    world.now() + year, {Happening::wages_rise, 0});
    update_all_cash_flows(world);
}

template <class Draws>
void frontier_advances(World<Draws>& world) {
    const EnvironmentParameters& environment = world.parameters.environment;
    world.frontier_clock.ring(world.draws, world.now());
    world.frontier += environment.frontier_step;
    release_frontier_model(world, world.parameters.technology.frontier.growth);
    start_environment_clock(world, world.frontier_clock, Purpose::frontier, Happening::frontier_advances,
                            environment.frontier_advances);
    update_all_rivals(world);
    for_each_startup(world, [&](std::uint32_t index) {
        Startup<Draws>& startup = world.startups[index];
        if (startup.has_inside()) {
            update_quality(world, index);
            update_appeal(world, index);
        }
        update_clock(world, index, startup.shutdown, Timer::shutdown, Happening::shuts_down,
                     shutdown_hazard(world, startup, revenue(world, startup)));
    });
}

}  // namespace venturi
