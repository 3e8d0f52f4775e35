// What the luck of the climate, which all companies share, may have to do with the difference of two worlds.
#pragma once

#include "agents/environment/environment_parameters.hpp"
#include "agents/intervention.hpp"
#include "agents/luck.hpp"

#include <array>
#include <vector>

namespace venturi {

/// What a piece of the climate's luck counts, by half-year, of becoming cold and of becoming warm.
using ClimateWeights = std::array<ClimateLuck::Change, ClimateLuck::periods>;

/// By how many months more of a warm climate, or fewer of a cold one, are to be expected in all of what is
/// seen up to the horizon, where the chain has turned. What interventions hold at given months is known and
/// counts nothing; those that wait for a condition, and rates that they change, are left out of account. So
/// it is a guess, but made before there is any luck: luck weighted by it keeps the mean 0.
[[nodiscard]] ClimateWeights climate_weights(const ClimateParameters& chain,
                                             const std::vector<Intervention>& interventions, double horizon);

/// Luck weighted.
[[nodiscard]] double weighted_luck(const ClimateLuck& luck, const ClimateWeights& weights);

}  // namespace venturi
