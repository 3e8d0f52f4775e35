// What holds the inside of a startup together: its timers, and what must follow when anything about it has
// changed.
#pragma once

#include "agents/finance/finance_events.hpp"
#include "agents/startup/startup_events.hpp"
#include "agents/world.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace venturi {

/// Has a timer of an organisation go off at `time`; infinity for never. Its events carry the startup's index.
template <class Draws>
void set_inside_timer(World<Draws>& world, Organisation<Draws>& inside, InsideTimer timer, Happening what,
                      double time) {
    world.set_timer(inside.handle(timer), time, {what, inside.startup});
}

/// Starts a clock of an organisation afresh; `rate` is a number, or a drifting hazard.
template <class Draws, class Clock, class Rate>
void start_inside_clock(World<Draws>& world, Organisation<Draws>& inside, Clock& clock, Purpose purpose,
                        InsideTimer timer, Happening what, const Rate& rate) {
    clock.start(world.draws, inside.source(purpose), world.now(), rate);
    set_inside_timer(world, inside, timer, what, clock.rings_at());
}

template <class Draws>
void update_inside_clock(World<Draws>& world, Organisation<Draws>& inside, HazardClock<Draws>& clock,
                         InsideTimer timer, Happening what, const typename Draws::Scalar& rate) {
    if (rate == clock.rate()) return;
    clock.set_rate(world.draws, world.now(), rate);
    set_inside_timer(world, inside, timer, what, clock.rings_at());
}
template <class Draws>
void update_inside_clock(World<Draws>& world, Organisation<Draws>& inside, DriftingClock<Draws>& clock,
                         InsideTimer timer, Happening what,
                         const DriftingHazard<typename Draws::Scalar>& hazard) {
    clock.set_hazard(world.draws, world.now(), hazard);
    set_inside_timer(world, inside, timer, what, clock.rings_at());
}

/// The segment in which a startup that is modelled inside competes.
template <class Draws>
[[nodiscard]] const SegmentParameters& market_of(const World<Draws>& world, const Startup<Draws>& startup) {
    return world.parameters.market.segments[startup.segment];
}

/// Worry about money: 1 where the runway is long, up to 1 + `runway_effect` where it is gone.
template <class Draws>
[[nodiscard]] double money_worry(const World<Draws>& world, const Startup<Draws>& startup) {
    const CareerParameters& career = world.parameters.talent.career;
    const double runway = startup.cash.runway(world.now());
    return 1 + career.runway_effect * std::max(1 - runway / career.worrying_runway, 0.0);
}

/// Payroll follows the staff; dollars per month.
template <class Draws>
void update_payroll(World<Draws>& world, Organisation<Draws>& inside) {
    double sum = 0;
    for (std::size_t role = 0; role < roles; ++role)
        sum += inside.workforce.pay_units(world.parameters.talent.career, static_cast<Role>(role))
               * inside.market_pay[role];
    inside.payroll = sum * value_of(inside.pay_premium) * inside.raises;
}

/// Part of the junk that one pass of cleaning removes: people first, of what they leave tools a part (`tools`
/// of what tools can), and of what those leave culture a part.
template <class Draws>
[[nodiscard]] double removed_junk(const World<Draws>& world, const Organisation<Draws>& inside,
                                  double tools) {
    const DataParameters& data = world.parameters.data;
    const double culture = value_of(inside.culture.intensity(Advantage::data, world.now()));
    return 1
           - (1 - data.removal) * (1 - data.removal_by_tools * tools)
                 * shelter(world.parameters.culture.data.gain, culture);
}

/// What stations can do follows the staff, the budgets, and the data culture.
template <class Draws>
void update_capacity(World<Draws>& world, Organisation<Draws>& inside) {
    const DataParameters& data = world.parameters.data;
    const HiringParameters& hiring = world.parameters.talent.hiring;
    Capacity& capacity = inside.capacity;
    const std::uint32_t people = inside.workforce.productive_of(Role::data);
    capacity.cleaners = std::max(people, 1U);
    capacity.cleaning_pace = people > 0
                                 ? std::max(working(world, inside, Role::data) / people, hiring.founders_pace)
                                 : hiring.founders_pace;
    const double tools = inside.tools / (inside.tools + data.tools_scale);
    capacity.removal = removed_junk(world, inside, tools);
    capacity.inspection = data.inspection * (1 + tools) / 2;
    const double recruiters = inside.recruiting / (hiring.recruiter_pay * world.wages);
    capacity.recruiters = static_cast<std::uint32_t>(std::max(std::floor(recruiters), 1.0));
    capacity.recruiting_pace = std::max(recruiters / capacity.recruiters, hiring.founders_pace);
    capacity.interviewers = static_cast<std::uint32_t>(
        std::max(std::floor(hiring.interviewer_share * inside.workforce.productive_staff()), 1.0));
}

/// Quality of the product: its features, and what the model in it adds or takes.
template <class Draws>
void update_quality(World<Draws>& world, std::uint32_t index) {
    Startup<Draws>& startup = world.startups[index];
    const Organisation<Draws>& inside = world.inside(startup);
    startup.quality = inside.features + model_quality(world, startup);
}

}  // namespace venturi
