// The standard normal's quantile, out of line: the library behind it is slow to compile, and draws are
// included everywhere.
#pragma once

namespace venturi {

/// The value below which a standard normal is with this probability, in (0, 1).
[[nodiscard]] double standard_normal_quantile(double probability);

}  // namespace venturi
