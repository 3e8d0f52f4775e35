// Minimal cut sets: of a solved tree all of them, of any coherent tree those of few events.
#pragma once

#include "agents/risk/cut_sets.hpp"
#include "agents/risk/exact_probability.hpp"
#include "agents/risk/fault_tree.hpp"

#include <cstdint>
#include <limits>
#include <optional>

namespace venturi {

/// The minimal cut sets, of a tree that isn't coherent the minimal p-cuts. No literal is negated. Nothing
/// where the limits don't suffice. Rauzy, "New algorithms for fault trees analysis", Reliability Engineering
/// and System Safety 40 (1993): of "if x then f else g" they are those of g, and x with those of f that
/// include none of g.
[[nodiscard]] std::optional<CutSets> minimal_cut_sets(const SolvedFaultTree& tree,
                                                      const SetFamilyLimits& limits = {});

/// Whether the gates that the top reaches are all and, or, at-least or the same, and nothing is complemented.
[[nodiscard]] bool written_without_negation(const FaultTree& tree);

/// The minimal cut sets of at most so many events, from the basic events up and without solving the tree,
/// which must be sound and written without negation. Slower than by solving where that succeeds; of trees
/// that are too large it still gives the likeliest sets, whose union is a lower bound of the top event.
/// Nothing where the limits don't suffice.
[[nodiscard]] std::optional<CutSets> minimal_cut_sets_of_unsolved(
    const FaultTree& tree, std::uint32_t most_events = std::numeric_limits<std::uint32_t>::max(),
    const SetFamilyLimits& limits = {});

}  // namespace venturi
