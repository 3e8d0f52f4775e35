// How fast a server should be: problem MM1-1 of the library of simulation optimisation problems (SimOpt).
#pragma once

#include "analysis/optimiser/problem.hpp"

#include <cstdint>
#include <vector>

namespace venturi::problems {

/// Mean sojourn of customers of an M/M/1 queue that begins empty, after a warm-up, plus 0.1 μ² for the
/// server's rate μ. To be made small. A repetition is one run of the queue.
struct QueueSpeed {
    static constexpr double arrival_rate = 1.5;
    static constexpr double cost = 0.1;
    std::uint32_t warm_up = 50;     ///< customers
    std::uint32_t customers = 200;  ///< after them

    [[nodiscard]] optimiser::FeasibleSet feasible_set() const;
    [[nodiscard]] optimiser::Goal goal() const { return optimiser::Goal::minimise; }
    [[nodiscard]] optimiser::Outcomes outcomes(const optimiser::DenseMatrix& decisions,
                                               const optimiser::Repetitions& repetitions) const;
    /// "pathwise": Lindley's recursion, differentiated.
    [[nodiscard]] std::vector<optimiser::OwnGradient> gradients() const;
};

/// In the long run, 1 / (μ − λ) + 0.1 μ²: at the optimum within 5e-6 of that of 50 + 200 customers.
[[nodiscard]] double queue_speed_value(double rate);

}  // namespace venturi::problems
