// The beginning of a startup and the work on its product.
#pragma once

#include "agents/finance/finance_events.hpp"
#include "agents/market/market_events.hpp"
#include "agents/startup/planning_events.hpp"
#include "agents/world.hpp"

#include <algorithm>

namespace venturi {

/// A startup enters with its seed round: it has a quality, cash, a plan to spend it, and a product to build.
template <class Draws>
void is_founded(World<Draws>& world, std::uint32_t index) {
    Startup<Draws>& startup = world.startups[index];
    const StartupGroupParameters& group = world.parameters.startups[startup.group];
    const TermsParameters& terms = world.parameters.finance.terms;
    const auto sample = [&](Purpose purpose, const Distribution& distribution) {
        return world.draws.sample(startup.source(purpose), distribution);
    };
    const double seed = std::max(sample(Purpose::seed_round, group.seed_round), 1.0);
    const double burn = std::max(sample(Purpose::burn, group.burn), 0.0);
    startup.status = Status::building;
    startup.founded = world.now();
    startup.quality = world.frontier + sample(Purpose::quality, group.quality);
    // Where the inside is modelled, the mix decides what is bought, and the plan follows wages.
    const double compute_share = startup.has_inside() ? 0 : group.compute_share;
    startup.people = burn * (1 - compute_share) / world.wages;
    startup.compute = burn * compute_share / world.compute_price;
    startup.cash = CashAccount(seed, world.now());
    const double pre_money = seed * (1 - terms.seed_dilution) / terms.seed_dilution;
    startup.cap_table.raise(seed, pre_money, terms.seed_pool, {.preference = terms.preference});
    startup.rounds.push_back({world.now(), pre_money, seed, world.climate});
    startup.highest_valuation = pre_money + seed;
    world.count(startup.group, &Tallies::founded);
    world.tell(Notice::Kind::founded, index, seed, burn);

    const double delay = startup.has_inside() ? 1 + market_of(world, startup).regulation / 2 : 1.0;
    set_startup_timer(world, index, Timer::launch, Happening::launches,
                      world.now() + delay * std::max(sample(Purpose::launch, group.launch), 0.0));
    if (startup.has_inside()) found_inside(world, index);
    start_clock(world, index, startup.improvement, Purpose::improvement, Timer::improvement,
                Happening::improves, improvement_hazard(world, startup));
    start_clock(world, index, startup.offer, Purpose::offer, Timer::offer, Happening::offer_arrives,
                offer_hazard(world, startup));
    start_clock(world, index, startup.shutdown, Purpose::shutdown, Timer::shutdown, Happening::shuts_down,
                shutdown_hazard(world, startup, 0));
    start_clock(world, index, startup.listing, Purpose::listing, Timer::listing, Happening::lists,
                listing_hazard(world, 0));
    update_cash_flow(world, index, 0);
}

/// The product can be bought from now on.
template <class Draws>
void launches(World<Draws>& world, std::uint32_t index) {
    Startup<Draws>& startup = world.startups[index];
    const SegmentParameters& segment = world.parameters.market.segments[startup.segment];
    startup.status = Status::selling;
    startup.customers.start(world.draws, startup.source(Purpose::departure), world.now(), 0, segment.churn);
    update_appeal(world, index);
    world.tell(Notice::Kind::launched, index, startup.cash.balance(world.now()),
               segment.price * world.parameters.startups[startup.group].price_factor);
}

template <class Draws>
void improves(World<Draws>& world, std::uint32_t index) {
    Startup<Draws>& startup = world.startups[index];
    tell_ring(world, index, LuckKind::improvement);
    startup.improvement.ring(world.draws, world.now());
    const double step = world.parameters.startups[startup.group].improvement_step;
    if (startup.has_inside()) {
        world.inside(startup).features = world.inside(startup).features + step;
        update_quality(world, index);
    } else {
        startup.quality = startup.quality + step;
    }
    start_clock(world, index, startup.improvement, Purpose::improvement, Timer::improvement,
                Happening::improves, improvement_hazard(world, startup));
    update_startup(world, index);
}

}  // namespace venturi
