// A pool of people of one role who look for work, shared by all startups of a world.
#pragma once

#include "agents/market/weight_tree.hpp"
#include "agents/talent/role.hpp"
#include "sim/calendar.hpp"
#include "sim/hazard_clock.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace venturi {

/// People enter a pool from outside and leave it for outside at rates that hold it near `usual`; a hire takes
/// one out, whoever leaves a startup may come back. Those whom startups employ stand on the pool's edges to
/// them.
template <class Draws>
struct TalentPool {
    std::uint32_t vertex = 0;
    Role role = Role::researcher;
    double usual = 0;  ///< where the number of those looking tends to
    std::array<std::uint32_t, levels> looking{};
    std::uint64_t entered = 0;  ///< from outside, those there at the start included
    std::uint64_t left = 0;     ///< for outside, from the pool or from a startup
    WeightTree employed;        ///< people of the role by startup
    WeightTree at_partners;     ///< people of the role by partner, where there is a network

    HazardClock<Draws> entry;
    HazardClock<Draws> exit;
    DrawSource entry_source;
    DrawSource exit_source;
    DrawSource level_source;
    EventHandle next_entry;
    EventHandle next_exit;

    [[nodiscard]] std::uint32_t available() const { return looking[0] + looking[1] + looking[2]; }

    /// The level at which the point u of [0, 1) falls among those looking; the last one that has somebody.
    [[nodiscard]] Level level_at(double u) const {
        double at = u * available();
        for (std::size_t level = 0; level + 1 < levels; ++level) {
            if (at < looking[level]) return static_cast<Level>(level);
            at -= looking[level];
        }
        std::size_t last = levels - 1;
        while (last > 0 && looking[last] == 0) --last;
        return static_cast<Level>(last);
    }

    /// Market pay relative to that of a pool at its usual size: (usual / looking)^elasticity.
    [[nodiscard]] double scarcity(double elasticity) const {
        const double there = available() > 0 ? available() : 1.0;
        return usual > 0 ? std::pow(usual / there, elasticity) : 1.0;
    }
};

}  // namespace venturi
