// How accounts come, choose, and look around.
#pragma once

#include "agents/startup/startup_events.hpp"
#include "agents/world.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace venturi {

/// The pull of a startup's offer: e^utility in the logit (McFadden 1974), with a seed-stage startup of
/// average quality and without customers as 1.
template <class Draws>
[[nodiscard]] double pull_of(const World<Draws>& world, const Startup<Draws>& startup) {
    if (startup.status != Status::selling) return 0;
    const SegmentParameters& segment = world.parameters.market.segments[world.segment_of(startup)];
    const double price_factor = world.parameters.startups[startup.group].price_factor;
    const double brand = startup.has_inside()
                             ? world.parameters.standing.brand_pull * world.inside(startup).standing.brand
                             : 0.0;
    return std::exp(segment.quality_weight * value_of(startup.quality) + brand
                    + segment.brand_weight * std::log1p(startup.customers.accounts())
                    + segment.spending_weight * std::log(reach(world, startup))
                    - segment.price_weight * std::log(price_factor));
}

/// Rate at which one account of the rivals' moves to one of the startups, per month.
template <class Draws>
[[nodiscard]] typename Draws::Scalar rivals_churn(const World<Draws>& world, std::uint32_t index) {
    return world.parameters.market.segments[index].churn * world.segments[index].startups_share();
}

template <class Draws>
void schedule_rivals_loss(World<Draws>& world, std::uint32_t index) {
    Segment<Draws>& segment = world.segments[index];
    segment.rivals.set_churn(world.draws, world.now(), rivals_churn(world, index));
    world.set_timer(segment.next_rivals_loss, segment.rivals.next_departure(),
                    {Happening::rivals_lose_account, index});
}

/// To be called whenever what a startup offers, or its brand, has changed.
template <class Draws>
void update_pull(World<Draws>& world, std::uint32_t index) {
    const Startup<Draws>& startup = world.startups[index];
    const std::uint32_t segment = world.segment_of(startup);
    world.segments[segment].pull.set(startup.place, pull_of(world, startup));
    schedule_rivals_loss(world, segment);
}

/// To be called whenever the standard has moved. Rivals keep up with the frontier; startups have to work for
/// it.
template <class Draws>
void update_rivals(World<Draws>& world, std::uint32_t index) {
    const SegmentParameters& segment = world.parameters.market.segments[index];
    world.segments[index].rivals_pull = segment.rivals * std::exp(segment.quality_weight * world.frontier);
    schedule_rivals_loss(world, index);
}

/// Has the next account adopt when the expected number of adopters has grown by what was drawn.
template <class Draws>
void schedule_adoption(World<Draws>& world, std::uint32_t index) {
    Segment<Draws>& segment = world.segments[index];
    world.set_timer(segment.next_adoption,
                    std::max(segment.adoption.reaches(segment.next_adopter), world.now()),
                    {Happening::account_adopts, index});
}

template <class Draws>
void draw_next_adopter(World<Draws>& world, std::uint32_t index) {
    Segment<Draws>& segment = world.segments[index];
    segment.next_adopter =
        segment.adoption.expected(world.now()) + world.draws.unit_exponential(segment.adoption_source);
    schedule_adoption(world, index);
}

/// What follows from a change in the number of a startup's accounts, in finance/finance_events.hpp.
template <class Draws>
void follow_revenue(World<Draws>& world, std::uint32_t index);

template <class Draws>
void schedule_departure(World<Draws>& world, std::uint32_t index) {
    set_startup_timer(world, index, Timer::departure, Happening::account_looks_around,
                      world.startups[index].customers.next_departure());
}

/// An account that does not have to look further joins a startup.
template <class Draws>
void join(World<Draws>& world, std::uint32_t index) {
    Startup<Draws>& startup = world.startups[index];
    startup.customers.join(world.draws, world.now());
    schedule_departure(world, index);
    update_pull(world, index);
    follow_revenue(world, index);
    const std::uint32_t accounts = startup.customers.accounts();
    if (std::has_single_bit(accounts) && accounts > startup.accounts_told) {
        startup.accounts_told = accounts;
        world.tell(Notice::Kind::customers, index, accounts, revenue(world, startup));
    }
}

/// An account has chosen a startup: it joins when the sales cycle is over, and stays with the rivals until
/// then.
template <class Draws>
void agree(World<Draws>& world, std::uint32_t segment_index, std::uint32_t startup) {
    const Distribution& cycle = world.parameters.market.segments[segment_index].sales_cycle;
    if (const auto* months = std::get_if<Constant>(&cycle); months != nullptr && months->value == 0) {
        join(world, startup);
        return;
    }
    Segment<Draws>& segment = world.segments[segment_index];
    segment.rivals.join(world.draws, world.now());
    schedule_rivals_loss(world, segment_index);
    const double months = std::max(world.draws.sample(segment.sales_cycle, cycle), 0.0);
    world.calendar.schedule(world.now() + months, {Happening::sale_closes, segment_index, startup});
}

/// A uniform number decides between the rivals and each startup, in proportion to their pull.
template <class Draws>
void choose_provider(World<Draws>& world, std::uint32_t segment_index, double u) {
    Segment<Draws>& segment = world.segments[segment_index];
    const double total = segment.pull.total();
    const double at = u * (total + segment.rivals_pull);
    if (at < total) {
        agree(world, segment_index, segment.members[segment.pull.find(at)]);
    } else {
        segment.rivals.join(world.draws, world.now());
        schedule_rivals_loss(world, segment_index);
    }
}

/// The sales cycle is over: the account comes, unless the startup has ended.
template <class Draws>
void sale_closes(World<Draws>& world, std::uint32_t segment_index, std::uint32_t startup) {
    Segment<Draws>& segment = world.segments[segment_index];
    // It was counted with the rivals; where the last of those has moved meanwhile, it has too.
    if (!is_alive(world.startups[startup].status) || segment.rivals.accounts() == 0) return;
    segment.rivals.lose(world.draws, world.now());
    schedule_rivals_loss(world, segment_index);
    join(world, startup);
}

template <class Draws>
void account_adopts(World<Draws>& world, std::uint32_t index) {
    Segment<Draws>& segment = world.segments[index];
    ++segment.adopters;
    draw_next_adopter(world, index);
    choose_provider(world, index, world.draws.uniform(segment.adopters_choice));
}

/// Those of the rivals' accounts that look around and choose a startup.
template <class Draws>
void rivals_lose_account(World<Draws>& world, std::uint32_t index) {
    Segment<Draws>& segment = world.segments[index];
    segment.rivals.leave(world.draws, segment.rivals_departure, world.now());
    schedule_rivals_loss(world, index);
    const double at = world.draws.uniform(segment.rivals_choice) * segment.pull.total();
    agree(world, index, segment.members[segment.pull.find(at)]);
}

template <class Draws>
void account_looks_around(World<Draws>& world, std::uint32_t index) {
    Startup<Draws>& startup = world.startups[index];
    startup.customers.leave(world.draws, startup.source(Purpose::departure), world.now());
    schedule_departure(world, index);
    update_pull(world, index);
    follow_revenue(world, index);
    choose_provider(world, world.segment_of(startup),
                    world.draws.uniform(startup.source(Purpose::departures_choice)));
}

/// The accounts of a startup that ends go to the rivals.
template <class Draws>
void lose_all_accounts(World<Draws>& world, std::uint32_t index) {
    Startup<Draws>& startup = world.startups[index];
    Segment<Draws>& segment = world.segments[world.segment_of(startup)];
    segment.rivals.join(world.draws, world.now(), startup.customers.disband(world.draws, world.now()));
    segment.pull.set(startup.place, 0);
    schedule_rivals_loss(world, world.segment_of(startup));
}

}  // namespace venturi
