// Points of a feasible set drawn at random.
#pragma once

#include "analysis/optimiser/feasible_set.hpp"

#include <cstdint>

namespace venturi::optimiser {

/// Shares uniform over their simplex above the lower bounds, brought within upper ones by projection; numbers
/// uniform between two finite bounds, else the set's centre plus or minus an exponential of mean 1. `number`
/// names the point.
[[nodiscard]] Vector random_point(const FeasibleSet& set, std::uint64_t seed, std::uint32_t number);

}  // namespace venturi::optimiser
