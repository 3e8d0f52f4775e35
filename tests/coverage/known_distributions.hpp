// How often intervals hold what is known exactly.
#pragma once

#include <cstdint>

namespace venturi {

/// Prints a table of how often 95% intervals from 200 independent values hold the true number, with its
/// standard error over so many repetitions.
void cover_known_distributions(std::uint64_t repetitions);

}  // namespace venturi
