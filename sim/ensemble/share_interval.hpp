// Confidence intervals of shares: within 0 and 1, and never without width.
#pragma once

#include "sim/ensemble/interval.hpp"
#include "sim/ensemble/jackknife.hpp"
#include "sim/ensemble/moments.hpp"

#include <span>

namespace venturi {

/// The interval of Clopper and Pearson, "The use of confidence or fiducial limits illustrated in the case of
/// the binomial", Biometrika 26 (1934), for the probability of which `successes` in `trials` independent
/// trials tell. Neither need be whole: an effective number of trials is welcome. Throws ContractViolation
/// unless 0 ≤ successes ≤ trials and trials > 0.
[[nodiscard]] Interval clopper_pearson_interval(double successes, double trials, double level = 0.95);

/// For the mean of shares of which `trials` independent ones were all found to be `share`: with probability
/// `level` no more than the part 1 − q, q = ((1 − level) / 2)^(1 / trials), of all are anything else, and
/// that part may be 0 or 1. With none or all it is Clopper and Pearson's: the upper bound of an event that
/// was never seen. Throws ContractViolation unless 0 ≤ share ≤ 1 and trials > 0.
[[nodiscard]] Interval unvaried_share_interval(double share, double trials, double level = 0.95);

/// Student's t on the scale log(p / (1 − p)), to which the standard error is carried by the derivative
/// 1 / (p (1 − p)). Throws ContractViolation unless 0 < share < 1 and standard_error > 0.
[[nodiscard]] Interval logit_interval(double share, double standard_error, double degrees_of_freedom,
                                      double level = 0.95);

/// The interval of the mean of independent estimates of one share that are about log-normal, with a few that
/// are 0 or nearly so among them, as products of many proportions are. `estimates` has two or more, from 0 to
/// 1, that are not all the same. A few of them hardly show the upper tail, so that their own standard error
/// is mostly too small: with v the variance of their n logarithms the mean of log-normals has the relative
/// variance λ = v / n + v² / (2 (n − 1)) (Cox's, in Zhou & Gao, "Confidence intervals for the log-normal
/// mean", Statistics in Medicine 16, 1997). A logarithm counts as two below that of the mean at least, for
/// what is smaller than that adds nothing to the mean and would to v. The variance is the larger of λ and the
/// sample's. Student's t on the scale log(p / (1 − p)), from the mean's place moved up by λ, since it mostly
/// lies too low. Where some are 0 the lower end is at least as far below the mean, in proportion, as Clopper
/// and Pearson's for the share of those that are not. The mean is always within. Throws ContractViolation
/// where `estimates` are not so.
[[nodiscard]] Interval product_share_interval(std::span<const double> estimates, double level = 0.95);

/// The interval of the mean of independent shares, one a trajectory. Where each of them is 0 or 1 (one
/// company a history) it is Clopper and Pearson's; where all are the same, `unvaried_share_interval`; else
/// `logit_interval`. NaN below two observations. What left 0 to 1 is no share: Student's t then.
[[nodiscard]] Interval share_interval(const Moments& shares, double level = 0.95);

/// The interval of a share that was pooled over trajectories, from its jackknife: `logit_interval`, or
/// `unvaried_share_interval` where leaving out a group changes nothing. `trials` independent ones stand
/// behind it: trajectories, or companies where there are fewer. NaN below two groups, and where the share is
/// NaN.
[[nodiscard]] Interval share_interval(const JackknifeEstimate& share, double trials, double level = 0.95);

}  // namespace venturi
