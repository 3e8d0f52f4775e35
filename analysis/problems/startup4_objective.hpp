// STARTUP-4 and STARTUP-4B as objectives: one mix for all stages, or one for each.
#pragma once

#include "analysis/optimiser/problem.hpp"
#include "analysis/problems/startup4_path.hpp"

#include <vector>

namespace venturi::problems {

/// Discounted payoff in million dollars, to be made large; 5 numbers, or 20 stage by stage.
struct Startup4Objective {
    bool with_setback = false;  ///< STARTUP-4B
    bool by_stage = true;
    double floor = 0;  ///< least share

    [[nodiscard]] optimiser::FeasibleSet feasible_set() const;
    [[nodiscard]] optimiser::Outcomes outcomes(const optimiser::DenseMatrix& decisions,
                                               const optimiser::Repetitions& repetitions) const;
    /// likelihood_ratio, weak_derivative, one_step_survival; the first and the last with `_plain` for no
    /// controls.
    [[nodiscard]] std::vector<optimiser::OwnGradient> gradients() const;

    /// The mix of each stage that a decision means.
    [[nodiscard]] Startup4Mix mix(const optimiser::Vector& decision) const;
};

}  // namespace venturi::problems
