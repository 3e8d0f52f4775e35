#pragma once

#include "agents/risk/cut_sets.hpp"
#include "agents/risk/exact_probability.hpp"

#include <optional>

namespace venturi {

/// The prime implicants; the same as the minimal cut sets, but slower to find, where the tree is coherent.
/// Nothing where the limits don't suffice. Coudert and Madre, "Implicit and incremental computation of primes
/// and essential primes of Boolean functions", 29th Design Automation Conference (1992): of "if x then f else
/// g" they are those of "f and g", x with the others of f, and not x with the others of g.
[[nodiscard]] std::optional<CutSets> prime_implicants(const SolvedFaultTree& tree,
                                                      const SetFamilyLimits& limits = {});

}  // namespace venturi
