// Which lives of events can be computed with.
#pragma once

#include "agents/risk/dynamic_tree.hpp"

#include <string>

namespace venturi {

/// Sums of a file's rates, and what they are multiplied with, are numbers up to here.
constexpr double most_rate = 1e100;

/// Empty where a life's rates are at most `most_rate` and its mean is a number below 1e300; otherwise what
/// would be, in words. A rate of 0 has no mean and is legal.
[[nodiscard]] std::string limits_of(const LeafLife& life);

}  // namespace venturi
