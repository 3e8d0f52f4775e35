// A mix of its own for a company: what an experiment changes about one, or about each in another way.
#pragma once

#include "agents/startup/startup_parameters.hpp"
#include "agents/world.hpp"
#include "sim/contract.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace venturi {

/// From the next planning on a company that is modelled inside spends by `rows` and not by the mix of its
/// group, whatever interventions make of that. Row s is for funding stage s, 0 that of the seed, and the last
/// one for all stages from there on: a single row is one mix for good. Between World::reset and the first
/// event it is the company's mix from its founding; the next reset forgets it. A company that is given
/// another one keeps the room of the first where that suffices. Throws ContractViolation where the company
/// has no inside, there is no row, or one has a share that is negative, infinite or NaN, or none above 0.
template <DrawPolicy Draws>
void give_own_mix(World<Draws>& world, std::uint32_t startup, std::span<const InvestmentMix> rows) {
    expects(startup < world.startups.size() && world.startups[startup].has_inside(),
            "a company with an inside is given a mix");
    expects(!rows.empty(), "a mix has a row");
    for (const InvestmentMix& row : rows) {
        double sum = 0;
        bool legal = true;
        for (const double share : row.shares()) {
            legal = legal && share >= 0 && share < std::numeric_limits<double>::infinity();
            sum += share;
        }
        expects(legal && sum > 0, "shares of a mix are finite, at least 0, and not all of them 0");
    }
    Organisation<Draws>& inside = world.inside(world.startups[startup]);
    if (rows.size() > inside.own_stages) {
        inside.own_mix = static_cast<std::uint32_t>(world.own_mixes.size());
        world.own_mixes.resize(world.own_mixes.size() + rows.size());
    }
    inside.own_stages = static_cast<std::uint32_t>(rows.size());
    std::ranges::copy(rows, world.own_mixes.begin() + inside.own_mix);
}

/// Gives each company of a group a mix of its own: `rows_of(number)` are the rows of the company of that
/// number in the group, from 0; the span must hold until the next call. Throws as give_own_mix does.
template <DrawPolicy Draws, class RowsOf>
void give_own_mixes(World<Draws>& world, std::uint32_t group, RowsOf&& rows_of) {
    std::uint32_t number = 0;
    for (std::uint32_t index = 0; index < world.startups.size(); ++index)
        if (world.startups[index].group == group) give_own_mix(world, index, rows_of(number++));
}

/// The mix of a group at each funding stage, as a scenario's parameters have it: one row where it is the same
/// at all stages.
[[nodiscard]] std::vector<InvestmentMix> mix_rows_of(const WorldParameters& parameters, std::uint32_t group);

}  // namespace venturi
