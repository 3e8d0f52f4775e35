// Other futures of the same past: a copy of a world goes on with chance of its own.
#pragma once

#include "agents/environment/environment_events.hpp"
#include "agents/market/market_events.hpp"
#include "agents/partnership/partner_events.hpp"
#include "agents/risk/risk_events.hpp"
#include "agents/startup/inside_events.hpp"
#include "agents/talent/talent_events.hpp"
#include "agents/world.hpp"

#include <cstdint>
#include <limits>

namespace venturi {

/// The seed with which a continuation of a trajectory draws. It is itself a draw, by nobody (an address that
/// no agent has), so that continuations of one trajectory, and those of others, share no draw; whenever it
/// begins, continuation k of a trajectory has the same seed.
[[nodiscard]] inline std::uint64_t seed_of_continuation(std::uint64_t seed, std::uint32_t trajectory,
                                                        std::uint64_t continuation) {
    constexpr std::uint32_t nobody = std::numeric_limits<std::uint32_t>::max();
    return word_at({.seed = seed, .trajectory = trajectory, .agent = nobody, .purpose = purpose_limit - 1},
                   continuation);
}

namespace detail {

template <class Draws>
void renew_environment(World<Draws>& world) {
    const auto renew = [&world](HazardClock<Draws>& clock, Purpose purpose, Happening what) {
        clock.renew(world.draws, world.environment_source(purpose), world.now());
        world.set_timer(world.environment_timers[static_cast<std::size_t>(what)], clock.rings_at(),
                        {what, 0});
    };
    renew(world.climate_clock, Purpose::climate_sojourn, Happening::climate_changes);
    renew(world.compute_price_clock, Purpose::compute_price, Happening::compute_price_falls);
    renew(world.frontier_clock, Purpose::frontier, Happening::frontier_advances);
}

template <class Draws>
void renew_markets(World<Draws>& world) {
    for (std::uint32_t i = 0; i < world.segments.size(); ++i) {
        Segment<Draws>& segment = world.segments[i];
        draw_next_adopter(world, i, segment.adoption.expected(world.now()));
        segment.rivals.renew(world.draws, segment.rivals_departure, world.now());
        schedule_rivals_loss(world, i);
    }
}

template <class Draws>
void renew_startup(World<Draws>& world, std::uint32_t index) {
    Startup<Draws>& startup = world.startups[index];
    const auto renew = [&](HazardClock<Draws>& clock, Purpose purpose, Timer timer, Happening what) {
        clock.renew(world.draws, startup.source(purpose), world.now());
        set_startup_timer(world, index, timer, what, clock.rings_at());
    };
    renew(startup.improvement, Purpose::improvement, Timer::improvement, Happening::improves);
    renew(startup.offer, Purpose::offer, Timer::offer, Happening::offer_arrives);
    renew(startup.listing, Purpose::listing, Timer::listing, Happening::lists);
    renew(startup.shutdown, Purpose::shutdown, Timer::shutdown, Happening::shuts_down);
    if (startup.status != Status::selling) return;
    startup.customers.renew(world.draws, startup.source(Purpose::departure), world.now());
    schedule_departure(world, index);
}

/// A precursor that has not shown is as far away as ever; the time between it and what it announces stays.
template <class Draws>
void renew_risks(World<Draws>& world, Organisation<Draws>& inside) {
    for (auto& leaf : leaves_of(world, inside)) {
        if (leaf.stage != LeafStage::precursor || !(leaf.bound > 0)) continue;
        const double shows =
            world.now() + world.draws.exponential(leaf.arrival, typename Draws::Scalar(leaf.bound));
        leaf.candidate += shows - leaf.next;
        leaf.next = shows;
    }
    schedule_risk(world, inside);
}

template <class Draws>
void renew_inside(World<Draws>& world, Organisation<Draws>& inside) {
    const auto renew = [&](auto& clock, Purpose purpose, InsideTimer timer, Happening what) {
        clock.renew(world.draws, inside.source(purpose), world.now());
        set_inside_timer(world, inside, timer, what, clock.rings_at());
    };
    renew(inside.run_failure, Purpose::run_failure, InsideTimer::run_failure, Happening::run_fails);
    renew(inside.breakthrough, Purpose::breakthrough, InsideTimer::breakthrough, Happening::breaks_through);
    renew(inside.application, Purpose::application, InsideTimer::application, Happening::candidate_applies);
    renew(inside.attrition, Purpose::attrition, InsideTimer::attrition, Happening::someone_leaves);
    renew(inside.batch, Purpose::batch, InsideTimer::batch, Happening::batch_arrives);
    renew_risks(world, inside);
}

template <class Draws>
void renew_network(World<Draws>& world) {
    // No wait has this rate, so that all that are under way are drawn anew.
    constexpr double none = -1;
    for (std::uint32_t index = 0; index < world.partners.size(); ++index) {
        Partner& partner = world.partners[index];
        for (Wait* wait : {&partner.meeting, &partner.proposal, &partner.staff}) wait->rate = none;
        if (partner.kind != PartnerKind::startup && partner.kind != PartnerKind::investor)
            await(world, partner.turn, partner.state, partner.turn.rate, {Happening::partner_turns, index});
        for_each_tie(world, index, [none](Tie& tie, std::uint32_t) { tie.ending.rate = none; });
    }
    update_network_rates(world);
}

}  // namespace detail

/// From now on the world draws from `draws`: one more future of its past. What has no memory is drawn anew,
/// whatever it drew before: every hazard that has not rung, adoptions, applications, incidents that have not
/// announced themselves, meetings and ends of ties. What has begun keeps the time that it was given: a raise,
/// a launch, a run, a repair, work at a station; so do the months in which startups will be founded. So the
/// law of what is to come is that of the world as it stands, whatever `draws` are.
template <DrawPolicy Draws>
void continue_with_other_luck(World<Draws>& world, const Draws& draws) {
    world.draws = draws;
    detail::renew_environment(world);
    detail::renew_markets(world);
    for (std::uint32_t i = 0; i < world.startups.size(); ++i)
        if (is_alive(world.startups[i].status)) detail::renew_startup(world, i);
    for (Organisation<Draws>& inside : world.organisations)
        if (is_alive(world.startups[inside.startup].status)) detail::renew_inside(world, inside);
    for (std::uint32_t i = 0; i < world.investors.size(); ++i) {
        Investor<Draws>& investor = world.investors[i];
        investor.next_fund.renew(world.draws, investor.fund_closing, world.now());
        world.set_timer(investor.closing, investor.next_fund.rings_at(), {Happening::closes_fund, i});
    }
    for (TalentPool<Draws>& pool : world.pools) {
        pool.entry.renew(world.draws, pool.entry_source, world.now());
        pool.exit.renew(world.draws, pool.exit_source, world.now());
        schedule_pool_entry(world, pool);
        schedule_pool_exit(world, pool);
    }
    if (has_network(world)) detail::renew_network(world);
}

}  // namespace venturi
