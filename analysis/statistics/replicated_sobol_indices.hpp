// Which inputs the variance of a stochastic model comes from, with the model's own noise taken out.
#pragma once

#include "sim/ensemble/interval.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace venturi {

/// What the model said at one base point: at the point of the first sample, at that of the second, and for
/// each input at the first with that input from the second. Every place is asked with the same replications
/// (the same luck), and each base point has luck of its own. NaN where there is no result. Shapes:
/// replications; inputs × replications.
struct ReplicatedResponses {
    std::span<const double> first;
    std::span<const double> second;
    std::vector<std::span<const double>> mixed;
};

/// What the indices need of a base point. All products are of different replications, whose luck is
/// independent: Σ_{r≠s} x_r y_s / (R (R − 1)) has the mean of f_x f_y, free of noise, whatever luck x and y
/// share.
struct ResponseProducts {
    struct Input {
        double change = 0;          ///< mean of mixed − first
        double by_second = 0;       ///< (mixed − first) · second
        double squared_change = 0;  ///< (mixed − first)²
        double by_mean = 0;         ///< (mixed − first) · (first + second) / 2
        bool known = false;
    };
    double first = 0;   ///< mean
    double second = 0;  ///< mean
    double first_squared = 0;
    double second_squared = 0;
    double mean_squared = 0;  ///< ((first + second) / 2)²
    double noise = 0;         ///< variance of one replication, mean of both samples'
    bool known = false;       ///< first and second are
    std::vector<Input> inputs = {};
};

/// Throws ContractViolation unless there are two replications of all.
[[nodiscard]] ResponseProducts response_products(const ReplicatedResponses& responses);

/// The parts of one input, with 95% intervals.
struct ReplicatedIndex {
    double first = 0;
    Interval first_interval = {};
    double total = 0;
    Interval total_interval = {};
    /// Where the indices lie whatever the results that are not known would have been, within the range of
    /// those that are. Points where nothing is missing.
    Interval first_bounds = {};
    Interval total_bounds = {};
    std::size_t missing = 0;  ///< base points
};

/// What a stochastic model's variance consists of.
struct ReplicatedIndices {
    double mean = 0;
    double input_variance = 0;  ///< of the model's expectation, as its inputs vary
    Interval input_variance_interval = {};
    double noise_variance = 0;  ///< of one replication, expected over the inputs
    std::size_t points = 0;     ///< base points that are known
    std::vector<ReplicatedIndex> inputs = {};

    /// The part of one replication's variance that inputs bring; NaN where that has none.
    [[nodiscard]] double share_of_inputs() const;
};

/// Sobol indices of the model's expectation, apart from its noise (Marrel, Iooss, Da Veiga and Ribatet,
/// Statistics and Computing 22, 2012, have the two as separate sources of variance): first ones by Saltelli
/// et al., Computer Physics Communications 181 (2010), table 2 (b), total ones by Jansen, Computer Physics
/// Communications 117 (1999), each with the products of `ResponseProducts` in place of squares. These are
/// Hoeffding's U-statistics (Ann. Math. Stat. 19, 1948), so that noise adds nothing to their expectation.
/// Intervals are Fieller's of a ratio with Student's t, from the pseudo-values of a jackknife over base
/// points: as wide as those of independent points would be, which is wider than Sobol's mostly need. Unknown
/// (NaN) where the inputs' variance can't be told from zero, that is where its own interval holds 0. Throws
/// ContractViolation unless shapes agree.
[[nodiscard]] ReplicatedIndices replicated_sobol_indices(std::span<const ResponseProducts> products,
                                                         std::size_t inputs);

}  // namespace venturi
