// Culture at work: what it drifts to, and the clocks that follow it.
#pragma once

#include "agents/culture/culture.hpp"
#include "agents/data/data_events.hpp"
#include "agents/startup/inside_events.hpp"
#include "agents/technology/technology_events.hpp"
#include "agents/world.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace venturi {

/// In talent/talent_events.hpp.
template <class Draws>
[[nodiscard]] DriftingHazard<typename Draws::Scalar> attrition_hazard(const World<Draws>& world,
                                                                      const Organisation<Draws>& inside);

/// Every hazard that culture moves is told anew; to be called when a culture has jumped or drifts elsewhere,
/// or what else these hazards depend on has changed.
template <class Draws>
void update_culture_clocks(World<Draws>& world, Organisation<Draws>& inside) {
    update_inside_clock(world, inside, inside.breakthrough, InsideTimer::breakthrough,
                        Happening::breaks_through, breakthrough_hazard(world, inside));
    update_inside_clock(world, inside, inside.attrition, InsideTimer::attrition, Happening::someone_leaves,
                        attrition_hazard(world, inside));
}

/// What each culture drifts to from now on: built by spending for each head and by senior people, the
/// technology culture also by the company's own research; eroded by time.
template <class Draws>
void update_culture_drift(World<Draws>& world, Organisation<Draws>& inside) {
    using Scalar = typename Draws::Scalar;
    const CultureParameters& culture = world.parameters.culture;
    const double now = world.now();
    const double heads = std::max<double>(inside.workforce.headcount(), 1);
    const double by_seniors = culture.building_by_seniors * inside.workforce.seniors() / heads;
    for (std::size_t i = 0; i < advantages; ++i) {
        const auto advantage = static_cast<Advantage>(i);
        CultureDrift<Scalar> drift;
        drift.building = building_by_spending<Scalar>(culture.building, inside.budgets.of(advantage) / heads,
                                                      culture.of(advantage).spending_scale)
                         + by_seniors;
        if (advantage == Advantage::technology)
            drift.building =
                drift.building
                + culture.building_by_innovation * std::min(std::exp(-inside.technology.lag.at(now)), 2.0);
        drift.erosion = culture.erosion;
        inside.culture.drift(advantage, now, drift);
    }
    inside.culture.company.relax_to(now, inside.culture.mean(now), culture.company_adaptation);
}

template <class Draws>
void found_culture(World<Draws>& world, Organisation<Draws>& inside) {
    using Scalar = typename Draws::Scalar;
    for (std::size_t i = 0; i < advantages; ++i) {
        const Scalar value(world.parameters.culture.of(static_cast<Advantage>(i)).at_founding);
        inside.culture.intensities[i] = Relaxation<Scalar>(value, value, 0, world.now());
    }
    const double mean = inside.culture.mean(world.now());
    inside.culture.company = Relaxation<double>(mean, mean, 0, world.now());
}

}  // namespace venturi
