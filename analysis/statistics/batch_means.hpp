// The mean of one long stationary series, with an interval, though its values depend on each other.
#pragma once

#include "sim/ensemble/interval.hpp"

#include <cstddef>
#include <span>

namespace venturi {

/// What batches of a series say of its mean.
struct BatchMeans {
    double mean = 0;            ///< of the values that are in batches
    double standard_error = 0;  ///< of the mean, from the variance between batches
    Interval interval = {};     ///< Student's t, batches − 1 degrees of freedom
    /// Correlation of neighbouring batch means. Far above 0, where independent ones are within about
    /// 2 / √batches, batches are too short and the interval is too narrow.
    double correlation = 0;
    std::size_t batches = 0;
    std::size_t length = 0;  ///< values in a batch
};

/// The series is cut into batches of equal length, whose means are nearly independent and normal where
/// batches are long against the time over which values depend on each other (Law and Kelton, Simulation
/// Modeling and Analysis, 3rd ed., 2000, section 9.5.3). More batches than 10 to 30 hardly help (Schmeiser,
/// "Batch size effects in the analysis of simulation output", Operations Research 30, 1982). The series
/// should be stationary: what it starts with is to be left out before. Values at its beginning that fill no
/// batch are left out. NaN among the others makes all NaN. Throws ContractViolation unless 2 ≤ batches ≤
/// values and 0 < level < 1.
[[nodiscard]] BatchMeans batch_means(std::span<const double> series, std::size_t batches = 20,
                                     double level = 0.95);

}  // namespace venturi
