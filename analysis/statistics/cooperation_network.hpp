// The network of a world as a value, and what is measured on it.
#pragma once

#include "agents/network/network.hpp"
#include "agents/partnership/partner.hpp"
#include "analysis/statistics/observables.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace venturi {

/// A partner's group and its number in it, from 1: `universities/3`.
[[nodiscard]] std::string partner_name(const PlainWorld& world, std::uint32_t index);

/// Everyone who may cooperate, as in World::partners, and the ties of the present month. Weights are trust.
[[nodiscard]] Network cooperation_network(const PlainWorld& world);

/// Ties of each living startup that is modelled inside.
[[nodiscard]] std::vector<std::uint64_t> ties_of_startups(const PlainWorld& world);

/// The tally with the ties that still are: their months so far.
[[nodiscard]] NetworkTally tally_with_present_ties(const PlainWorld& world);

/// Which ties count as over: all that are, or those alone that ended by themselves. Then one that was broken
/// because an end failed or was sold is censored.
enum class TiesOver : std::uint8_t { all, by_themselves };

/// Part of the ties that live for so many whole years, from deaths and exposure at each year of age: the
/// product of exp(−ended / months · 12), as for a hazard that is constant within a year of age. NaN where a
/// year has no exposure.
[[nodiscard]] double tie_survival(const NetworkTally& tally, std::size_t years, TiesOver which);

/// The age, in months, to which half of the ties live, by the same estimate; the hazard of the last year seen
/// is taken to go on. NaN where no tie has ended.
[[nodiscard]] double median_tie_life(const NetworkTally& tally, TiesOver which);

/// Observables of the network, NaN in a world that has none. Its series are measures of worlds.
[[nodiscard]] std::span<const Observable> network_observables();

}  // namespace venturi
