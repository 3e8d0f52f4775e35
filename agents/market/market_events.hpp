// How accounts come, choose, and look around.
#pragma once

#include "agents/startup/startup_events.hpp"
#include "agents/world.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace venturi {

/// Utility of a startup's offer in the logit (McFadden 1974), but for the number of its accounts.
template <class Draws>
[[nodiscard]] double appeal_of(const World<Draws>& world, const Startup<Draws>& startup) {
    const SegmentParameters& segment = world.parameters.market.segments[startup.segment];
    const double price_factor = world.parameters.startups[startup.group].price_factor;
    const double brand = startup.has_inside()
                             ? world.parameters.standing.brand_pull * world.inside(startup).standing.brand
                             : 0.0;
    return segment.quality_weight * value_of(startup.quality) + brand
           + segment.spending_weight * std::log(reach(world, startup))
           - segment.price_weight * std::log(price_factor);
}

/// The pull of a startup's offer: e^utility, with a seed-stage startup of average quality and without
/// customers as 1.
template <class Draws>
[[nodiscard]] double pull_of(const World<Draws>& world, const Startup<Draws>& startup) {
    if (startup.status != Status::selling) return 0;
    return std::exp(startup.appeal
                    + world.parameters.market.segments[startup.segment].brand_weight
                          * std::log1p(startup.customers.accounts()));
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

template <class Draws>
void set_pull(World<Draws>& world, const Startup<Draws>& startup) {
    world.segments[startup.segment].pull.set(startup.place, pull_of(world, startup));
}

/// To be called whenever the number of a startup's accounts has changed.
template <class Draws>
void update_pull(World<Draws>& world, std::uint32_t index) {
    set_pull(world, world.startups[index]);
    schedule_rivals_loss(world, world.startups[index].segment);
}

/// To be called whenever what a startup offers has changed: quality, price, reach or brand.
template <class Draws>
void update_appeal(World<Draws>& world, std::uint32_t index) {
    world.startups[index].appeal = appeal_of(world, world.startups[index]);
    update_pull(world, index);
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

/// `reached` is the expected number of adopters now.
template <class Draws>
void draw_next_adopter(World<Draws>& world, std::uint32_t index, double reached) {
    Segment<Draws>& segment = world.segments[index];
    segment.next_adopter = reached + world.draws.unit_exponential(segment.adoption_source);
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

/// Whether a sale takes no time.
[[nodiscard]] inline bool is_immediate(const Distribution& sales_cycle) {
    const auto* months = std::get_if<Constant>(&sales_cycle);
    return months != nullptr && months->value == 0;
}

/// An account that is with the rivals has chosen a startup, and joins it when the sales cycle is over.
template <class Draws>
void agree(World<Draws>& world, std::uint32_t segment_index, std::uint32_t startup) {
    Segment<Draws>& segment = world.segments[segment_index];
    const Distribution& cycle = world.parameters.market.segments[segment_index].sales_cycle;
    const double months = std::max(world.draws.sample(segment.sales_cycle, cycle), 0.0);
    world.calendar.schedule(world.now() + months, {Happening::sale_closes, segment_index, startup});
}

/// A uniform number decides between the rivals and each startup, in proportion to their pull.
template <class Draws>
void choose_provider(World<Draws>& world, std::uint32_t segment_index, double u) {
    Segment<Draws>& segment = world.segments[segment_index];
    const double total = segment.pull.total();
    const double at = u * (total + segment.rivals_pull);
    const bool chosen = at < total;
    const bool immediate = is_immediate(world.parameters.market.segments[segment_index].sales_cycle);
    if (chosen && immediate) {
        join(world, segment.members[segment.pull.find(at)]);
        return;
    }
    if (chosen) agree(world, segment_index, segment.members[segment.pull.find(at)]);
    segment.rivals.join(world.draws, world.now());
    schedule_rivals_loss(world, segment_index);
}

/// The sales cycle is over: the account comes, unless the startup has ended.
template <class Draws>
void sale_closes(World<Draws>& world, std::uint32_t segment_index, std::uint32_t startup) {
    Segment<Draws>& segment = world.segments[segment_index];
    // It was counted with the rivals; where the last of those has moved meanwhile, it has too.
    if (!is_alive(world.startups[startup].status) || segment.rivals.accounts() == 0) return;
    segment.rivals.lose(world.draws, world.now());
    join(world, startup);
}

template <class Draws>
void account_adopts(World<Draws>& world, std::uint32_t index) {
    Segment<Draws>& segment = world.segments[index];
    ++segment.adopters;
    draw_next_adopter(world, index, segment.next_adopter);
    choose_provider(world, index, world.draws.uniform(segment.adopters_choice));
}

/// Those of the rivals' accounts that look around and choose a startup.
template <class Draws>
void rivals_lose_account(World<Draws>& world, std::uint32_t index) {
    Segment<Draws>& segment = world.segments[index];
    const double at = world.draws.uniform(segment.rivals_choice) * segment.pull.total();
    const std::uint32_t startup = segment.members[segment.pull.find(at)];
    if (is_immediate(world.parameters.market.segments[index].sales_cycle)) {
        segment.rivals.leave(world.draws, segment.rivals_departure, world.now());
        join(world, startup);
    } else {
        segment.rivals.stay(world.draws, segment.rivals_departure, world.now());
        schedule_rivals_loss(world, index);
        agree(world, index, startup);
    }
}

template <class Draws>
void account_looks_around(World<Draws>& world, std::uint32_t index) {
    Startup<Draws>& startup = world.startups[index];
    startup.customers.leave(world.draws, startup.source(Purpose::departure), world.now());
    schedule_departure(world, index);
    set_pull(world, startup);  // the choice below has the rivals' loss follow
    follow_revenue(world, index);
    choose_provider(world, startup.segment, world.draws.uniform(startup.source(Purpose::departures_choice)));
}

/// The accounts of a startup that ends go to the rivals.
template <class Draws>
void lose_all_accounts(World<Draws>& world, std::uint32_t index) {
    Startup<Draws>& startup = world.startups[index];
    Segment<Draws>& segment = world.segments[startup.segment];
    segment.rivals.join(world.draws, world.now(), startup.customers.disband(world.draws, world.now()));
    segment.pull.set(startup.place, 0);
    schedule_rivals_loss(world, startup.segment);
}

}  // namespace venturi
