#include "analysis/problems/startup4_objective.hpp"

#include <array>
#include <cstdint>
#include <span>

namespace venturi::problems {

using optimiser::DenseMatrix;
using optimiser::Index;
using optimiser::OutcomeGradients;
using optimiser::OwnGradient;
using optimiser::Repetitions;
using optimiser::Vector;

namespace {

// What a gradient costs in runs of the plain simulation (`startup4_payoff`), as tests/benchmarks measures it,
// rounded up.
constexpr double cost_of_likelihood_ratio = 1.9;
constexpr double cost_of_weak_derivative = 3.5;
constexpr double cost_of_one_step_survival = 3.1;
constexpr double cost_of_one_step_survival_with_setback = 3.4;

template <class Estimator>
OwnGradient own(const Startup4Objective& objective, const char* name, bool controlled, double cost) {
    const auto estimate = [objective, controlled, cost](const Vector& decision,
                                                        const Repetitions& repetitions) {
        const Startup4Rates rates = startup4_rates(objective.mix(decision), objective.with_setback);
        const Index count = repetitions.count;
        constexpr auto size = static_cast<Index>(Estimator::controls);
        OutcomeGradients found;
        found.outcomes.values.resize(count, 1);
        if (controlled) found.outcomes.controls.resize(count, size);
        found.gradients.assign(1, DenseMatrix(count, decision.size()));
        found.forward_runs = cost * repetitions.count;
        for (std::uint32_t r = 0; r < repetitions.count; ++r) {
            Startup4Controls<Estimator::controls> zeros;
            const Startup4Sensitivity sensitivity =
                Estimator::estimate(rates, repetitions.seed, repetitions.first + r, zeros);
            std::array<double, 20> gradient{};
            add_gradient(rates, sensitivity, gradient);
            found.outcomes.values(r, 0) = sensitivity.value;
            for (Index i = 0; i < decision.size(); ++i) {
                double sum = 0;
                for (std::size_t k = static_cast<std::size_t>(i); k < 20;
                     k += static_cast<std::size_t>(decision.size()))
                    sum += gradient[k];
                found.gradients[0](r, i) = sum;
            }
            if (controlled)
                for (Index i = 0; i < size; ++i)
                    found.outcomes.controls(r, i) = zeros[static_cast<std::size_t>(i)];
        }
        return found;
    };
    return {.name = name, .unbiased = true, .estimate = estimate, .forward_runs = cost};
}

}  // namespace

optimiser::FeasibleSet Startup4Objective::feasible_set() const {
    return optimiser::FeasibleSet(
        std::vector<optimiser::Block>(by_stage ? 4 : 1, optimiser::simplex(5, floor)));
}

Startup4Mix Startup4Objective::mix(const Vector& decision) const {
    Startup4Mix mix;
    for (std::size_t s = 0; s < 4; ++s)
        for (std::size_t i = 0; i < 5; ++i)
            mix[s][i] = decision[static_cast<Index>(by_stage ? 5 * s + i : i)];
    return mix;
}

optimiser::Outcomes Startup4Objective::outcomes(const DenseMatrix& decisions,
                                                const Repetitions& repetitions) const {
    optimiser::Outcomes outcomes{.values = DenseMatrix(Index{repetitions.count}, 1)};
    Startup4Rates rates = startup4_rates(mix(decisions.col(0)), with_setback);
    for (std::uint32_t r = 0; r < repetitions.count; ++r) {
        if (r > 0 && decisions.cols() > 1) rates = startup4_rates(mix(decisions.col(r)), with_setback);
        outcomes.values(r, 0) = startup4_payoff(rates, FastVariates(repetitions.seed, repetitions.first + r));
    }
    return outcomes;
}

std::vector<OwnGradient> Startup4Objective::gradients() const {
    const double survival = with_setback ? cost_of_one_step_survival_with_setback : cost_of_one_step_survival;
    return {own<LikelihoodRatio>(*this, "likelihood_ratio", true, cost_of_likelihood_ratio),
            own<LikelihoodRatio>(*this, "likelihood_ratio_plain", false, cost_of_likelihood_ratio),
            own<WeakDerivative>(*this, "weak_derivative", false, cost_of_weak_derivative),
            own<OneStepSurvival>(*this, "one_step_survival", true, survival),
            own<OneStepSurvival>(*this, "one_step_survival_plain", false, survival)};
}

}  // namespace venturi::problems
