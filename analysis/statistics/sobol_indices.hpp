// Which inputs a result's variance comes from.
#pragma once

#include "sim/ensemble/interval.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace venturi {

/// The inputs at which a model is asked for its Sobol indices: two samples of points, and for each input the
/// first sample with that input from the second. Points lie in the unit cube. Shapes: points × inputs.
struct SobolDesign {
    std::size_t points = 0;
    std::size_t inputs = 0;
    std::vector<double> first;
    std::vector<double> second;

    /// The model has to be asked so often.
    [[nodiscard]] std::size_t evaluations() const { return points * (inputs + 2); }
    /// Point `point` of the first sample with input `input` from the second.
    [[nodiscard]] std::vector<double> mixed(std::size_t point, std::size_t input) const;
};

/// From the first and the second half of the coordinates of scrambled Sobol points; `points` is best a power
/// of 2. Throws ContractViolation unless there is an input, at most 500, and a point.
[[nodiscard]] SobolDesign sobol_design(std::size_t points, std::size_t inputs, std::uint64_t seed);

/// What the model said. Shapes: points; and inputs × points.
struct SobolResponses {
    std::vector<double> first;
    std::vector<double> second;
    std::vector<std::vector<double>> mixed;
};

/// Parts of the result's variance, with 95% intervals.
struct SobolIndex {
    double first = 0;  ///< that the input alone brings
    Interval first_interval = {};
    double total = 0;  ///< that would be left if only the input were not known: with all its interactions
    Interval total_interval = {};
};

/// First-order indices by the estimator of Saltelli et al., "Variance based sensitivity analysis of model
/// output", Computer Physics Communications 181 (2010), table 2 (b), total ones by Jansen, Computer Physics
/// Communications 117 (1999), of responses less their mean; by input. Intervals are percentiles of 1,000
/// bootstrap samples of the points, the same each time. They are as wide as those of independent points would
/// be, which is wider than Sobol's need. A result that does not vary has no parts: NaN. Throws
/// ContractViolation unless shapes agree and there are two points.
[[nodiscard]] std::vector<SobolIndex> sobol_indices(const SobolResponses& responses);

}  // namespace venturi
