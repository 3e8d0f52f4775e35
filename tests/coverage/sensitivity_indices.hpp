// How often intervals of sensitivity indices hold what is known exactly.
#pragma once

#include <cstdint>

namespace venturi {

/// Prints a table of how often 95% intervals of first and total indices hold the exact values, of so many
/// repetitions, by the number of base points, with noise and without.
void cover_sensitivity_indices(std::uint64_t repetitions);

}  // namespace venturi
