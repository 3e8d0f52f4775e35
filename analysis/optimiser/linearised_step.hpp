// The best step of a given length, by values and slopes alone: of the least of several objectives, under
// constraints.
#pragma once

#include "analysis/optimiser/feasible_set.hpp"

namespace venturi::optimiser {

/// What is known around a point: straight lines.
struct LocalView {
    Vector objectives;      ///< values, to be made high; the least of them counts
    DenseMatrix slopes;     ///< dimension × objectives
    Vector excesses;        ///< of constraints: met where ≤ 0
    DenseMatrix steepness;  ///< of the excesses: dimension × constraints
};

struct LinearisedStep {
    Vector step;     ///< no longer than the radius
    Vector weights;  ///< of the objectives, with sum 1: how much each is what holds the least back
    Vector prices;  ///< of the constraints, ≥ 0: objective for one unit of excess; 0 where it does not bind
    /// Whether the lines can be met at all within the radius. Where they can't, the step makes the largest
    /// excess small, each in units of its own steepness, and prices are NaN.
    bool meets_constraints = true;
};

/// max over |s| ≤ radius of min_k (objectives_k + slopes_k·s), subject to excesses_j + steepness_j·s ≤ 0. The
/// linearisation of a minimax problem in a trust region: Madsen, "An algorithm for minimax solution of
/// overdetermined systems of non-linear equations", J. Inst. Maths Applics 16, 1975; its multipliers are
/// those of the problem itself where no step is worth taking. Solved through its dual, whose numbers are
/// non-negative, by descent in one of them or a pair at a time. Throws ContractViolation where shapes don't
/// fit, there is no objective, a number is not finite, or the radius is not positive.
[[nodiscard]] LinearisedStep best_step(const LocalView& view, double radius);

/// The prices ≥ 0 that explain a slope best: λ for which |slope − steepness λ| is least, where columns that
/// would come out negative are left out. Of a point where nothing is to be gained along any edge they are the
/// multipliers.
[[nodiscard]] Vector explaining_prices(const Vector& slope, const DenseMatrix& steepness);

}  // namespace venturi::optimiser
