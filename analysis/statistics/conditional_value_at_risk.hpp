// How bad the bad outcomes are.
#pragma once

#include "sim/ensemble/interval.hpp"

#include <span>

namespace venturi {

/// The mean of the worst part of a sample, with the quantile that bounds it.
struct TailMean {
    double quantile = 0;  ///< value at risk: the outcome that a part `tail` of the sample is at or below
    double mean = 0;      ///< conditional value at risk: the mean of that part
    double standard_error = 0;
    Interval interval = {};  ///< 95%, of the mean
};

/// Of the lowest part `tail` of outcomes (0.05: the worst twentieth), which are independent. Where n · tail
/// is not whole the outcome at the edge counts in part (Rockafellar and Uryasev, "Conditional value-at-risk
/// for general loss distributions", J. Banking & Finance 26, 2002). The standard error is that of Manistre
/// and Hancock, "Variance of the CTE estimator", North American Actuarial Journal 9 (2005):
///
///     √((Var(X | X ≤ q) + (1 − tail) (q − mean)²) / (n tail)),
///
/// with as many outcomes in the tail as there are, and the interval Student's t with one degree of freedom
/// less than these. With fewer than two of them error and ends are NaN. Throws ContractViolation unless 0 <
/// tail ≤ 1 and there is an outcome, none of them NaN.
[[nodiscard]] TailMean conditional_value_at_risk(std::span<const double> outcomes, double tail);

}  // namespace venturi
