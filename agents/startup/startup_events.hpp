// How a startup lives: founded, launched, improved, given up; and the quantities that follow from its state.
#pragma once

#include "agents/world.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace venturi {

/// Dollars per month that its accounts pay.
template <class Draws>
[[nodiscard]] double revenue(const World<Draws>& world, const Startup<Draws>& startup) {
    if (!is_alive(startup.status)) return 0;
    const SegmentParameters& segment = world.parameters.market.segments[startup.segment];
    return startup.customers.accounts() * segment.price
           * world.parameters.startups[startup.group].price_factor;
}

/// Discretionary spending as planned, dollars per month, at the present wages, price of compute and climate.
template <class Draws>
[[nodiscard]] double planned_spending(const World<Draws>& world, const Startup<Draws>& startup) {
    return (startup.people * world.wages + startup.compute * world.compute_price)
           * world.climate_effects().spending;
}

/// What a startup that is modelled inside spends at present, dollars per month: its people and whatever else
/// its budgets pay for. An unfilled opening saves money.
template <class Draws>
[[nodiscard]] double outlay(const Organisation<Draws>& inside) {
    const TrainingRun& run = inside.technology.run;
    const double compute = inside.technology.stage == TechnologyStage::training && run.duration > 0
                               ? run.cost / run.duration
                               : 0;
    return inside.payroll + inside.recruiting + inside.training + inside.campaigns + inside.tools
           + inside.purchases + run.data_money + compute + value_of(inside.budgets.of(Advantage::partnership))
           + inside.precautions + inside.risk.policy.premium;
}

/// Discretionary spending at present, dollars per month.
template <class Draws>
[[nodiscard]] double spending(const World<Draws>& world, const Startup<Draws>& startup) {
    return startup.has_inside() ? outlay(world.inside(startup)) : planned_spending(world, startup);
}

/// Quality relative to what customers expect by now.
template <class Draws>
[[nodiscard]] auto relative_quality(const World<Draws>& world, const Startup<Draws>& startup) {
    return startup.quality - world.frontier;
}

/// Spending that improves the product and finds customers, in units of a seed-stage startup's.
template <class Draws>
[[nodiscard]] double effort(const Startup<Draws>& startup) {
    return std::max((startup.people + startup.compute) / startup.typical_burn, 0.01);
}

/// What finds customers, in units of a seed-stage startup's: spending, or the reach of marketing and sales.
template <class Draws>
[[nodiscard]] double reach(const World<Draws>& world, const Startup<Draws>& startup) {
    return startup.has_inside() ? std::max(world.inside(startup).standing.reach, 0.01) : effort(startup);
}

/// The work of a role that is left when coordination and interviews have taken their part, in units of a
/// newcomer of middle level.
template <class Draws>
[[nodiscard]] double working(const World<Draws>& world, const Organisation<Draws>& inside, Role role) {
    const double staff = inside.workforce.productive_staff();
    const double busy = inside.hiring.interviewers_busy();
    const double free = staff > 0 ? std::max(1 - busy / staff, 0.0) : 0.0;
    return inside.workforce.work(world.parameters.talent.career, role) * inside.working_time * free;
}

/// Rate of improvements, per month.
template <class Draws>
[[nodiscard]] typename Draws::Scalar improvement_hazard(const World<Draws>& world,
                                                        const Startup<Draws>& startup) {
    const StartupGroupParameters& group = world.parameters.startups[startup.group];
    constexpr double team = 10;  // the unit of the parameter
    const double work =
        startup.has_inside() ? working(world, world.inside(startup), Role::engineer) / team : effort(startup);
    return group.improvements * std::pow(work, group.improvement_by_spending);
}

/// Rate at which the founders give up, per month.
template <class Draws>
[[nodiscard]] typename Draws::Scalar shutdown_hazard(const World<Draws>& world, const Startup<Draws>& startup,
                                                     double revenue) {
    using std::exp;
    const ExitParameters& exits = world.parameters.finance.exits;
    const double traction = std::log1p(revenue / world.parameters.finance.raising.expected_revenue);
    return exits.shutdown
           * exp(-exits.shutdown_quality_effect * relative_quality(world, startup)
                 - exits.shutdown_revenue_effect * traction);
}

/// Rate of acquisition offers, per month.
template <class Draws>
[[nodiscard]] typename Draws::Scalar offer_hazard(const World<Draws>& world, const Startup<Draws>& startup) {
    const ExitParameters& exits = world.parameters.finance.exits;
    return exits.offers * std::exp(exits.offers_by_round * static_cast<double>(startup.follow_on_rounds()))
           * world.climate_effects().exit_rate;
}

/// Rate of listing, per month.
template <class Draws>
[[nodiscard]] typename Draws::Scalar listing_hazard(const World<Draws>& world, double revenue) {
    const ExitParameters& exits = world.parameters.finance.exits;
    const bool can_be = revenue >= exits.listing_revenue && world.climate != Climate::cold;
    return can_be ? exits.listing * world.climate_effects().exit_rate : 0.0;
}

/// Has a startup's timer go off at `time`; infinity for never.
template <class Draws>
void set_startup_timer(World<Draws>& world, std::uint32_t index, Timer timer, Happening what, double time) {
    world.set_timer(world.startups[index].handle(timer), time, {what, index});
}

namespace detail {

// To an observer of luck, in finance/luck_events.hpp.
template <class Draws>
void settle_luck(World<Draws>& world, std::uint32_t index);
template <class Draws>
void tell_ring(World<Draws>& world, std::uint32_t index, LuckKind clock);
template <class Draws>
void tell_acquisition(World<Draws>& world, std::uint32_t index, bool is_taken);
template <class Draws>
void tell_raise(World<Draws>& world, std::uint32_t index, bool willing, double noise);
template <class Draws>
void tell_incident(World<Draws>& world, std::uint32_t index, double probability, bool happens);

// To a world that sums it up, there too.
template <class Draws>
void settle_sums(World<Draws>& world, std::uint32_t index);
template <class Draws>
void sum_ring(World<Draws>& world, std::uint32_t index, LuckKind clock);
template <class Draws>
void sum_acquisition(World<Draws>& world, std::uint32_t index, bool is_taken);
template <class Draws>
void sum_raise(World<Draws>& world, std::uint32_t index, bool willing);

}  // namespace detail

/// Where luck is observed or summed up, tells of the startup's clocks up to now; else nothing. To be called
/// before a rate changes, or the state.
template <class Draws>
void settle_luck(World<Draws>& world, std::uint32_t index) {
    if constexpr (ObservesLuck<Draws>) detail::settle_luck(world, index);
    if (!world.luck.empty()) detail::settle_sums(world, index);
}
/// The same, and that one of the clocks has rung; before anything follows from that.
template <class Draws>
void tell_ring(World<Draws>& world, std::uint32_t index, LuckKind clock) {
    if constexpr (ObservesLuck<Draws>) detail::tell_ring(world, index, clock);
    if (!world.luck.empty()) detail::sum_ring(world, index, clock);
}

/// Tells a hazard clock of a startup its rate, and moves the event.
template <class Draws>
void update_clock(World<Draws>& world, std::uint32_t index, HazardClock<Draws>& clock, Timer timer,
                  Happening what, const typename Draws::Scalar& rate) {
    if (rate == clock.rate()) return;
    settle_luck(world, index);
    clock.set_rate(world.draws, world.now(), rate);
    set_startup_timer(world, index, timer, what, clock.rings_at());
}

/// Starts a hazard clock of a startup afresh.
template <class Draws>
void start_clock(World<Draws>& world, std::uint32_t index, HazardClock<Draws>& clock, Purpose purpose,
                 Timer timer, Happening what, const typename Draws::Scalar& rate) {
    settle_luck(world, index);
    clock.start(world.draws, world.startups[index].source(purpose), world.now(), rate);
    set_startup_timer(world, index, timer, what, clock.rings_at());
}

}  // namespace venturi
