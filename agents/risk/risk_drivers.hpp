// What the state of a startup and of its surroundings does to the hazards of its leaves.
#pragma once

#include "agents/partnership/network_state.hpp"
#include "agents/risk/contagion_events.hpp"
#include "agents/risk/prevention.hpp"
#include "agents/risk/risk_parameters.hpp"
#include "agents/risk/risk_register.hpp"
#include "agents/startup/inside_events.hpp"
#include "agents/technology/technology_events.hpp"
#include "agents/world.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace venturi {

/// Accounts for each engineer's work, in units of the normal load.
template <class Draws>
[[nodiscard]] double load_of(const World<Draws>& world, const Startup<Draws>& startup) {
    const double engineers = std::max(working(world, world.inside(startup), Role::engineer), 1.0);
    return startup.customers.accounts() / engineers / world.parameters.risk.normal_load;
}

/// Accounts on a scale on which the usual number is 1 and any number is below 2.
template <class Draws>
[[nodiscard]] double exposure_of(const World<Draws>& world, const Startup<Draws>& startup) {
    const double accounts = startup.customers.accounts();
    return 2 * accounts / (accounts + world.parameters.risk.usual_accounts);
}

/// The factor by which the driver of a leaf multiplies its rate, at present; not yet bounded by `most`.
template <class Draws>
[[nodiscard]] typename Draws::Scalar driver_factor(const World<Draws>& world, const Startup<Draws>& startup,
                                                   RiskDriver driver) {
    using Scalar = typename Draws::Scalar;
    using std::exp;
    using std::log;
    const Organisation<Draws>& inside = world.inside(startup);
    const CultureParameters& culture = world.parameters.culture;
    const double now = world.now();
    switch (driver) {
        case RiskDriver::nothing:
            return Scalar(1.0);
        case RiskDriver::data_governance:
            return shelter(culture.data.gain, inside.culture.intensity(Advantage::data, now));
        case RiskDriver::compliance:
            return market_of(world, startup).regulation
                   * shelter(culture.data.gain, inside.culture.intensity(Advantage::data, now));
        case RiskDriver::key_people: {
            const double effect = world.parameters.talent.career.pay_effect;
            return money_worry(world, startup) * exp(-effect * log(inside.pay_premium * inside.raises))
                   * shelter(culture.talent.gain, inside.culture.intensity(Advantage::talent, now));
        }
        case RiskDriver::obsolescence:
            return Scalar(std::exp(product_gap(world, startup) - market_of(world, startup).tolerated_gap));
        case RiskDriver::partners:
            return (1 + stress_of(world, startup))
                   * (2.0 - inside.culture.intensity(Advantage::partnership, now)
                      - trust_around(world, inside));
        case RiskDriver::load:
            return Scalar(load_of(world, startup));
        case RiskDriver::complaints:
            return exposure_of(world, startup) * exp(-Scalar(relative_quality(world, startup)));
        case RiskDriver::exposure:
            return Scalar(exposure_of(world, startup));
        case RiskDriver::competition: {
            const Segment<Draws>& segment = world.segments[startup.segment];
            const double adopted = static_cast<double>(segment.adopters) / market_of(world, startup).size;
            return (0.5 + adopted) * exp(-Scalar(relative_quality(world, startup)));
        }
        case RiskDriver::capital: {
            const double climate = 1 - static_cast<double>(world.climate);  // cold 1, normal 0, warm −1
            return Scalar(money_worry(world, startup) * (1 + stress_of(world, startup))
                          * std::exp(world.parameters.risk.contagion.climate_effect * climate));
        }
    }
    return Scalar(1.0);
}

/// What prevention can do about a leaf.
[[nodiscard]] inline PreventionParameters prevention_of(const RiskParameters& risk,
                                                        const RiskLeafParameters& leaf) {
    return {.preventable = leaf.preventable,
            .scale = risk.management.prevention_scale,
            .half_life = risk.management.prevention_half_life};
}

/// The hazard of a leaf that works, per month, at present.
template <class Draws>
[[nodiscard]] typename Draws::Scalar leaf_hazard(const World<Draws>& world, const Startup<Draws>& startup,
                                                 std::uint32_t leaf) {
    using Scalar = typename Draws::Scalar;
    const RiskLeafParameters& parameters = world.parameters.risk.leaves[leaf];
    const RiskLeafState<Scalar>& state = world.risk_leaves[world.inside(startup).risk.first_leaf + leaf];
    const Scalar factor = driver_factor(world, startup, parameters.driver);
    const Scalar bounded = value_of(factor) < parameters.most ? factor : Scalar(parameters.most);
    const PreventionParameters prevention = prevention_of(world.parameters.risk, parameters);
    return parameters.rate * hazard_left(prevention, state.prevention.at(prevention, world.now())) * bounded;
}

/// The hazard of a leaf that works, per month, at present, if nothing had been spent on prevention.
template <class Draws>
[[nodiscard]] typename Draws::Scalar unprevented_hazard(const World<Draws>& world,
                                                        const Startup<Draws>& startup, std::uint32_t leaf) {
    using Scalar = typename Draws::Scalar;
    const RiskLeafParameters& parameters = world.parameters.risk.leaves[leaf];
    const Scalar factor = driver_factor(world, startup, parameters.driver);
    return parameters.rate * (value_of(factor) < parameters.most ? factor : Scalar(parameters.most));
}

}  // namespace venturi
