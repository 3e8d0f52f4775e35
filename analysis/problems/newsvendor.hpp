// The newsvendor with continuous demand: problem CNTNEWS-1 of the library of simulation optimisation problems
// (SimOpt).
#pragma once

#include "analysis/optimiser/problem.hpp"

#include <vector>

namespace venturi::problems {

/// Profit of q papers bought at 5, sold at 9 as far as demand goes, and returned at 1; demand has the Burr
/// XII distribution P(D > x) = (1 + x²)^−20. To be made large.
struct Newsvendor {
    static constexpr double cost = 5;
    static constexpr double price = 9;
    static constexpr double salvage = 1;

    [[nodiscard]] optimiser::FeasibleSet feasible_set() const;
    [[nodiscard]] optimiser::Outcomes outcomes(const optimiser::DenseMatrix& decisions,
                                               const optimiser::Repetitions& repetitions) const;
    /// "pathwise": price or salvage, less cost.
    [[nodiscard]] std::vector<optimiser::OwnGradient> gradients() const;
};

/// Expected profit, by numerical integration to 14 digits.
[[nodiscard]] double newsvendor_profit(double bought);

}  // namespace venturi::problems
