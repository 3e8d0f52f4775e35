// Bounds on the probability of a top event that always hold, for trees that are too large to be solved.
#pragma once

#include "agents/risk/fault_tree.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <cstddef>
#include <cstdint>

namespace venturi {

struct BoundOptions {
    /// Work: steps of the recursion that joins diagrams, in all; some 2e6 a second. Counted, so that
    /// bounds are the same on every machine.
    std::uint64_t steps = 30'000'000;
    std::size_t nodes = 4'000'000;  ///< of diagrams at any time, of 32 bytes each
    /// Satisfied where upper − lower is at most so much of the upper bound.
    double relative_gap = 1e-9;
    const StopRequest* stop = nullptr;  ///< throws Stopped where it asks for that
};

/// lower ≤ P(top) ≤ upper. Both are moved outwards by 1e-11 of themselves, for rounding: a tree that comes
/// out exact still has a gap of twice that.
struct ProbabilityBounds {
    double lower = 0;
    double upper = 1;
    std::uint64_t steps = 0;  ///< used
};

/// Module by module (normal_form.hpp): arithmetic bounds (arithmetic_bounds.hpp), and diagrams in which what
/// is rare is left out and accounted for (truncated_diagram.hpp), with ever smaller cut-offs until nothing is
/// left out, the gap is small enough, or the steps are used up. So a tree that is not too large comes out
/// exact.
///
/// What is left out counts for the top only where the rest of the tree lets it: a gate under an and matters
/// only where the and's other arguments may hold. Its diagram is made for these circumstances alone,
/// described by small diagrams that are true wherever they may hold.
///
/// A module that is only bounded itself is a variable of the module above it with a range of probabilities.
/// Where it occurs there in one polarity, the ends of the range give the ends of the result; where it occurs
/// in both it is not treated as a module.
///
/// Throws ContractViolation if the tree is not sound, TreeTooLarge as `normal_form`.
[[nodiscard]] ProbabilityBounds bound_probability(const FaultTree& tree, const BoundOptions& options = {});

}  // namespace venturi
