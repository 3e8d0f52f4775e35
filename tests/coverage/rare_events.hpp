// How often intervals of splitting hold what is known exactly.
#pragma once

#include <cstdint>

namespace venturi {

/// Prints a table of how often the 95% interval of rare events holds the exact probability, of so many
/// repetitions, beside Student's t on the scale log(p / (1 − p)) of the same replications.
void cover_rare_events(std::uint64_t repetitions);

}  // namespace venturi
