// Many tests at once: p-values adjusted for how many there are.
#pragma once

#include <span>
#include <vector>

namespace venturi {

// A NaN among the p-values is no test: it stays NaN and is not counted. Shape: p-values. Throws
// ContractViolation where one is outside 0 to 1.

/// Holm, "A simple sequentially rejective multiple test procedure", Scand. J. Statist. 6 (1979): what is
/// below a level has, whatever depends on what, no false alarm at all with the probability 1 − that level.
[[nodiscard]] std::vector<double> holm(std::span<const double> p_values);

/// Benjamini and Hochberg, "Controlling the false discovery rate", J. Roy. Statist. Soc. B 57 (1995): of what
/// is below a level no larger part than that is a false alarm in the mean, for independent tests and for
/// those that tend to agree.
[[nodiscard]] std::vector<double> benjamini_hochberg(std::span<const double> p_values);

}  // namespace venturi
