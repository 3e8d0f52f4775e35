// Linearised steps: what is known around a point is a straight line for each objective and constraint, kept
// from step to step and mended by each new estimate.
#pragma once

#include "analysis/optimiser/optimise.hpp"

namespace venturi::optimiser {

/// Fills decision, log, multipliers (by the slopes of the second half of the steps), weights and ending of
/// `result`, which has the start. Throws std::invalid_argument where an option lies outside its range, the
/// problem has no such estimator, or the budget is too small for one step.
void linearised_search(Problem& problem, const OptimisationOptions& options, const LinearisedSteps& method,
                       OptimisationResult& result);

}  // namespace venturi::optimiser
