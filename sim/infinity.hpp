// The number above all others, by its name.
#pragma once

#include <limits>

namespace venturi {

inline constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace venturi
