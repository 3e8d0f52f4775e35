// How much a vertex gains from joining others who aren't joined: Burt's measures of structural holes.
#pragma once

#include "agents/network/network.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <vector>

namespace venturi {

struct StructuralHoleOptions {
    bool weighted = false;              ///< by weights, which must be positive; or by edges alone
    const StopRequest* stop = nullptr;  ///< throws Stopped where it asks for that
};

// Both go by z(i, j), the strength of the tie between i and j in both directions together: in a directed
// network two edges that join the same vertices make a tie of twice the strength. O(edges^1.5).

/// Burt's constraint: Σ over neighbours j of (p(i, j) + Σ p(i, q) p(q, j))², with the sum over those q who
/// are joined to both and p(i, j) = z(i, j) / Σ z(i, ·): how far a vertex's ties are in the hands of few who
/// know each other (Burt, Structural Holes, 1992, eq. 2.4; contacts at one remove only, as is the use). NaN
/// without neighbours. Shape: vertices. Throws std::invalid_argument where a weight that counts is not
/// positive.
[[nodiscard]] std::vector<double> constraint(const Network& network,
                                             const StructuralHoleOptions& options = {});

/// The number of a vertex's neighbours less their redundancy, Σ over neighbours j of 1 − Σ p(i, q) m(j, q),
/// with m(j, q) = z(j, q) / max z(j, ·) (Burt 1992, eq. 2.2). By edges alone, the number of neighbours less
/// the mean number of them that each one is joined with (Borgatti, Connections 20, 35, 1997). NaN without
/// neighbours. Shape: vertices. Throws as `constraint`.
[[nodiscard]] std::vector<double> effective_size(const Network& network,
                                                 const StructuralHoleOptions& options = {});

}  // namespace venturi
