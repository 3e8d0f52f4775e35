// Distributions over named categories that are observed of a world: how many ties startups have, at what age
// ties end, how many fail at once, who moves where.
#pragma once

#include "analysis/statistics/observable.hpp"

#include <span>

namespace venturi {

[[nodiscard]] std::span<const Observable> distribution_observables();

}  // namespace venturi
