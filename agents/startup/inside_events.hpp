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
    return world.parameters.market.segments[world.segment_of(startup)];
}

/// Payroll follows the staff; dollars per month.
template <class Draws>
void update_payroll(World<Draws>& world, Organisation<Draws>& inside) {
    double sum = 0;
    for (std::size_t role = 0; role < roles; ++role)
        sum += inside.workforce.pay_units(world.parameters.talent.career, static_cast<Role>(role))
               * inside.market_pay[role];
    inside.payroll = sum * value_of(inside.pay_premium);
}

/// Quality of the product: its features, and what the model in it adds or takes.
template <class Draws>
void update_quality(World<Draws>& world, std::uint32_t index) {
    Startup<Draws>& startup = world.startups[index];
    const Organisation<Draws>& inside = world.inside(startup);
    startup.quality = inside.features + model_quality(world, startup);
}

}  // namespace venturi
