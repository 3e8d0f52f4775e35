// Searches that look at outcomes alone: what a gradient has to be better than.
#pragma once

#include "analysis/optimiser/optimise.hpp"

#include <vector>

namespace venturi::optimiser {

struct DirectSearchResult {
    Vector decision;
    bool moved = false;    ///< whether any two outcomes differed
    bool stopped = false;  ///< by the stop request
};

/// The best decision that each finds within the budget of `options`; a row of `log` for each point that was
/// looked at. Throws std::invalid_argument where the budget is too small.
[[nodiscard]] DirectSearchResult direct_search(const NelderMead& method, Problem& problem,
                                               const Vector& start, const OptimisationOptions& options,
                                               std::vector<Iteration>& log);
[[nodiscard]] DirectSearchResult direct_search(const RandomSearch& method, Problem& problem,
                                               const Vector& start, const OptimisationOptions& options,
                                               std::vector<Iteration>& log);
[[nodiscard]] DirectSearchResult direct_search(const ResponseSurface& method, Problem& problem,
                                               const Vector& start, const OptimisationOptions& options,
                                               std::vector<Iteration>& log);

}  // namespace venturi::optimiser
