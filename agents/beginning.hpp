// How a world begins: who stands in it, and what is on the calendar at month 0.
#pragma once

#include "agents/environment/climate.hpp"
#include "agents/environment/environment_events.hpp"
#include "agents/finance/finance_events.hpp"
#include "agents/market/market_events.hpp"
#include "agents/partnership/partner_events.hpp"
#include "agents/startup/startup_events.hpp"
#include "agents/talent/talent_events.hpp"
#include "agents/technology/technology_events.hpp"
#include "agents/world.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace venturi {

template <class Draws>
void place_environment(World<Draws>& world) {
    world.graph.add({AgentKind::environment, 0});
    for (std::size_t purpose = 0; purpose < world.environment_sources.size(); ++purpose)
        world.environment_sources[purpose] = {agent_address(AgentKind::environment, 0, 0),
                                              static_cast<std::uint16_t>(purpose)};
}

template <class Draws>
void place_segments(World<Draws>& world) {
    const auto& parameters = world.parameters.market.segments;
    world.segments.resize(parameters.size());
    for (std::uint32_t i = 0; i < parameters.size(); ++i) {
        Segment<Draws>& segment = world.segments[i];
        const std::uint32_t address = agent_address(AgentKind::segment, 0, i);
        const auto source = [&](Purpose purpose) {
            return DrawSource{address, static_cast<std::uint16_t>(purpose)};
        };
        segment.vertex = static_cast<std::uint32_t>(world.graph.add({AgentKind::segment, i}));
        world.graph.connect(0, segment.vertex, {.kind = Relation::Kind::surrounds});
        segment.members.clear();
        segment.adoption_source = source(Purpose::adoption);
        segment.adopters_choice = source(Purpose::adopters_choice);
        segment.rivals_departure = source(Purpose::rivals_departure);
        segment.rivals_choice = source(Purpose::rivals_choice);
        segment.sales_cycle = source(Purpose::sales_cycle);
        segment.stress = {};
        segment.next_adoption = {};
        segment.next_rivals_loss = {};
    }
}

template <class Draws>
void place_inside(World<Draws>& world, std::uint32_t index) {
    Startup<Draws>& startup = world.startups[index];
    startup.organisation = static_cast<std::uint32_t>(world.organisations.size());
    Organisation<Draws>& inside = world.organisations.emplace_back();
    inside.startup = index;
    const std::size_t before = world.organisations.size() - 1;
    inside.risk.first_leaf = static_cast<std::uint32_t>(before * world.parameters.risk.leaves.size());
    inside.risk.first_byte = static_cast<std::uint32_t>(before * world.setup().risk.semantics.state_bytes());
    for (std::size_t i = 0; i < inside.sources.size(); ++i)
        inside.sources[i] = {startup.address,
                             static_cast<std::uint16_t>(Organisation<Draws>::first_source + i)};
}

template <class Draws>
void place_startups(World<Draws>& world) {
    std::size_t index = 0;
    for (const StartupGroupParameters& group : world.parameters.startups)
        index += static_cast<std::size_t>(group.count);
    world.startups.assign(index, Startup<Draws>());
    world.organisations.clear();
    world.own_mixes.clear();
    index = 0;
    for (std::uint32_t g = 0; g < world.parameters.startups.size(); ++g) {
        const std::uint32_t segment = world.setup().segment_of_group[g];
        for (std::uint32_t member = 0; member < world.parameters.startups[g].count; ++member, ++index) {
            Startup<Draws>& startup = world.startups[index];
            startup.address = agent_address(AgentKind::startup, g, member);
            startup.group = g;
            startup.typical_burn = std::max(mean(world.parameters.startups[g].burn), 1.0);
            startup.vertex = static_cast<std::uint32_t>(
                world.graph.add({AgentKind::startup, static_cast<std::uint32_t>(index)}));
            startup.segment = segment;
            startup.place = static_cast<std::uint32_t>(world.segments[segment].members.size());
            world.segments[segment].members.push_back(static_cast<std::uint32_t>(index));
            for (std::size_t purpose = 0; purpose < startup.sources.size(); ++purpose)
                startup.sources[purpose] = {startup.address, static_cast<std::uint16_t>(purpose)};
            world.graph.connect(startup.vertex, world.segments[segment].vertex,
                                {.kind = Relation::Kind::competes_in});
            world.graph.connect(0, startup.vertex, {.kind = Relation::Kind::surrounds});
            if (world.parameters.startups[g].inside == Inside::five_advantages)
                place_inside(world, static_cast<std::uint32_t>(index));
        }
    }
}

template <class Draws>
void place_investors(World<Draws>& world) {
    std::size_t index = 0;
    for (const InvestorGroupParameters& group : world.parameters.investors)
        index += static_cast<std::size_t>(group.count);
    world.investors.assign(index, Investor<Draws>());
    index = 0;
    for (std::uint32_t g = 0; g < world.parameters.investors.size(); ++g) {
        for (std::uint32_t member = 0; member < world.parameters.investors[g].count; ++member, ++index) {
            Investor<Draws>& investor = world.investors[index];
            const std::uint32_t address = agent_address(AgentKind::investor, g, member);
            investor.group = g;
            investor.vertex = static_cast<std::uint32_t>(
                world.graph.add({AgentKind::investor, static_cast<std::uint32_t>(index)}));
            investor.fund_size = {address, static_cast<std::uint16_t>(Purpose::fund_size)};
            investor.fund_closing = {address, static_cast<std::uint16_t>(Purpose::fund_closing)};
            world.graph.connect(0, investor.vertex, {.kind = Relation::Kind::surrounds});
        }
    }
}

/// Insurers stand where there is anything to insure.
template <class Draws>
void place_insurers(World<Draws>& world) {
    world.insurers.clear();
    if (world.organisations.empty()) return;
    for (std::uint32_t g = 0; g < world.parameters.insurers.size(); ++g)
        for (std::int64_t member = 0; member < world.parameters.insurers[g].count; ++member) {
            const auto index = static_cast<std::uint32_t>(world.insurers.size());
            Insurer& insurer = world.insurers.emplace_back();
            insurer.group = g;
            insurer.vertex = static_cast<std::uint32_t>(world.graph.add({AgentKind::insurer, index}));
            insurer.surplus = CashAccount(world.parameters.insurers[g].surplus, 0);
            world.graph.connect(0, insurer.vertex, {.kind = Relation::Kind::surrounds});
        }
}

/// Room for the risk trees of all startups that are modelled inside; nothing has failed.
template <class Draws>
void place_risks(World<Draws>& world) {
    world.repairs.clear();
    world.risk_leaves.assign(world.organisations.size() * world.parameters.risk.leaves.size(), {});
    world.risk_states.assign(world.organisations.size() * world.setup().risk.semantics.state_bytes(), 0);
}

/// Pools stand where anyone hires, each joined to every startup that does.
template <class Draws>
void place_pools(World<Draws>& world) {
    world.batches.clear();
    world.candidates.clear();
    world.pools.resize(world.organisations.empty() ? 0 : roles);
    for (std::uint32_t i = 0; i < world.pools.size(); ++i) {
        TalentPool<Draws>& pool = world.pools[i];
        const std::uint32_t address = agent_address(AgentKind::talent_pool, 0, i);
        const auto source = [&](Purpose purpose) {
            return DrawSource{address, static_cast<std::uint16_t>(purpose)};
        };
        pool.vertex = static_cast<std::uint32_t>(world.graph.add({AgentKind::talent_pool, i}));
        pool.role = static_cast<Role>(i);
        pool.entry_source = source(Purpose::pool_entry);
        pool.exit_source = source(Purpose::pool_exit);
        pool.level_source = source(Purpose::pool_level);
        pool.next_entry = {};
        pool.next_exit = {};
        pool.employed.reset(world.organisations.size());
        world.graph.connect(0, pool.vertex, {.kind = Relation::Kind::surrounds});
        for (Organisation<Draws>& inside : world.organisations)
            inside.employs[i] = world.graph.connect(pool.vertex, world.startups[inside.startup].vertex,
                                                    {.kind = Relation::Kind::employs});
    }
}

/// A pool begins with as many people as it tends to, at the levels at which they enter.
template <class Draws>
void begin_pools(World<Draws>& world) {
    for (TalentPool<Draws>& pool : world.pools) {
        const RoleParameters& role = world.parameters.talent.of(pool.role);
        pool.usual = role.looking;
        pool.looking = {};
        const auto people = static_cast<std::uint32_t>(role.looking);
        for (std::uint32_t person = 0; person < people; ++person)
            ++pool.looking[static_cast<std::size_t>(
                entrants_level(world, world.draws.uniform(pool.level_source)))];
        pool.entered = people;  // those whom partners employ are added when these begin
        pool.left = 0;
        using Scalar = typename Draws::Scalar;
        pool.entry.start(world.draws, pool.entry_source, 0, Scalar(role.entry * pool.usual));
        pool.exit.start(world.draws, pool.exit_source, 0, Scalar(role.entry * people));
        schedule_pool_entry(world, pool);
        schedule_pool_exit(world, pool);
    }
}

template <class Draws>
void begin_environment(World<Draws>& world) {
    const EnvironmentParameters& environment = world.parameters.environment;
    const auto law = stationary_law(environment.climate);
    // Drawn whether needed or not, so that a fixed initial climate shifts no later draw.
    const std::size_t drawn = detail::choose<double>(
        law, law[0] + law[1] + law[2], world.draws.uniform(world.environment_source(Purpose::initial_state)));
    world.own_climate = environment.climate.initial == InitialClimate::stationary
                            ? static_cast<Climate>(drawn)
                            : static_cast<Climate>(environment.climate.initial);
    if (!world.luck.empty()) {
        const auto surprise = [&](Climate climate) {
            if (environment.climate.initial != InitialClimate::stationary) return 0.0;
            return (world.own_climate == climate ? 1.0 : 0.0) - law[static_cast<std::size_t>(climate)];
        };
        world.climate_luck = {};
        world.climate_luck.changes(0, {surprise(Climate::cold), surprise(Climate::warm)});
        settle_climate_luck(world);
    }
    world.held_climate.reset();
    world.climate = world.own_climate;
    world.environment_timers = {};
    start_environment_clock(world, world.climate_clock, Purpose::climate_sojourn, Happening::climate_changes,
                            exit_rate(environment.climate, world.own_climate));
    start_environment_clock(world, world.compute_price_clock, Purpose::compute_price,
                            Happening::compute_price_falls, environment.compute_price_cuts);
    start_environment_clock(world, world.frontier_clock, Purpose::frontier, Happening::frontier_advances,
                            environment.frontier_advances);
    release_frontier_model(world, 1);
    constexpr double year = 12;
    world.set_timer(world.environment_timers[static_cast<std::size_t>(Happening::wages_rise)], year,
                    {Happening::wages_rise, 0});
}

template <class Draws>
void begin_segments(World<Draws>& world) {
    for (std::uint32_t i = 0; i < world.segments.size(); ++i) {
        Segment<Draws>& segment = world.segments[i];
        const SegmentParameters& parameters = world.parameters.market.segments[i];
        const double adopted = std::floor(parameters.size * parameters.adopted_at_start);
        segment.adoption = BassFlow(parameters.size, parameters.innovation, parameters.imitation, adopted, 0);
        segment.adopters = static_cast<std::uint64_t>(adopted);
        segment.pull.reset(segment.members.size());
        segment.rivals_pull = 0;
        segment.rivals.start(world.draws, segment.rivals_departure, 0, static_cast<std::uint32_t>(adopted),
                             0.0);
        update_rivals(world, i);
        draw_next_adopter(world, i, segment.adoption.expected(0));
    }
}

template <class Draws>
void begin_agents(World<Draws>& world) {
    for (std::uint32_t i = 0; i < world.startups.size(); ++i) {
        Startup<Draws>& startup = world.startups[i];
        const double founded = world.draws.sample(startup.source(Purpose::initial_state),
                                                  world.parameters.startups[startup.group].founded);
        set_startup_timer(world, i, Timer::life, Happening::is_founded, std::max(founded, 0.0));
    }
    for (std::uint32_t i = 0; i < world.investors.size(); ++i) {
        // Every investor begins with a fund, as if one had closed just now.
        world.investors[i].next_fund.start(world.draws, world.investors[i].fund_closing, 0, 1.0);
        closes_fund(world, i);
    }
}

}  // namespace venturi
