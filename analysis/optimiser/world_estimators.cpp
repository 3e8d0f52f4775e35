#include "analysis/optimiser/world_estimators.hpp"

#include <algorithm>
#include <array>

namespace venturi {

namespace {

// Long enough to be seen, and short enough for its bias to be lost in the noise.
constexpr double flat_length = 0.04;

constexpr auto estimators = std::to_array<NamedWorldEstimator>({
    {"log_ratio_steps_controls", "log-ratio steps, less explained luck: the optimiser's own",
     WorldEstimator::central_differences, MixSteps::log_ratio, 1, true},
    {"log_ratio_steps", "log-ratio steps", WorldEstimator::central_differences, MixSteps::log_ratio, 1,
     false},
    {"central_differences", "flat steps of 0.04", WorldEstimator::central_differences, MixSteps::flat,
     flat_length, false},
    {"central_differences_controls", "flat steps of 0.04, less explained luck",
     WorldEstimator::central_differences, MixSteps::flat, flat_length, true},
    {"company_exploration", "each company its own log-ratio step: its effect on itself",
     WorldEstimator::company_exploration, MixSteps::log_ratio, 1, false},
    {"company_exploration_controls", "the same, less explained luck", WorldEstimator::company_exploration,
     MixSteps::log_ratio, 1, true},
    {"spsa", "all log-ratios at once, up or down at random", WorldEstimator::simultaneous,
     MixSteps::log_ratio, 1, false},
    {"spsa_controls", "the same, less explained luck", WorldEstimator::simultaneous, MixSteps::log_ratio, 1,
     true},
});

}  // namespace

std::span<const NamedWorldEstimator> named_world_estimators() {
    return estimators;
}

const NamedWorldEstimator* find_world_estimator(std::string_view name) {
    const auto* const found = std::ranges::find(estimators, name, &NamedWorldEstimator::name);
    return found == estimators.end() ? nullptr : found;
}

double step_length_at(const NamedWorldEstimator& estimator, const MixRows& mix, double log_ratio_length) {
    if (estimator.steps == MixSteps::log_ratio) return log_ratio_length;
    // Not quite to where a share is 0.
    return std::min(estimator.length, 0.999 * longest_flat_step(mix));
}

}  // namespace venturi
