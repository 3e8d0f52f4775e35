// A band that holds a whole curve, from the curve without each group of trajectories.
#pragma once

#include "sim/ensemble/interval.hpp"

#include <span>
#include <vector>

namespace venturi {

/// A curve with a band that holds all of it with the probability asked for.
struct CurveBand {
    std::vector<double> value;
    std::vector<Interval> interval;  ///< NaN ends where the jackknife has no error
    double critical_value = 0;       ///< standard errors that the band reaches to each side
};

/// The sup-t band: Montiel Olea and Plagborg-Møller, "Simultaneous confidence bands", J. Appl. Econometrics
/// 34 (2019). The critical value is the quantile, over 10,000 draws of normal weights of the groups'
/// jackknife deviations divided by a χ of as many degrees of freedom as the jackknife has, of the largest
/// deviation in standard errors; the draws are the same each time. `without` holds the curve without each
/// group. A point without an error (all groups agree) has an interval of its value alone and plays no part.
/// Needs two groups, else all ends are NaN. Throws ContractViolation unless lengths agree and 0 < level < 1.
[[nodiscard]] CurveBand simultaneous_band(std::span<const double> curve,
                                          std::span<const std::vector<double>> without, double level = 0.95);

}  // namespace venturi
