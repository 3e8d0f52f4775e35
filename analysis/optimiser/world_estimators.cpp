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

constexpr NamedWorldEstimator likelihood_ratio = {likelihood_ratio_estimator,
                                                  "the objective times the score of all that was drawn: what "
                                                  "the mix does to hazards and probabilities alone",
                                                  WorldEstimator::likelihood_ratio,
                                                  MixSteps::log_ratio,
                                                  0,
                                                  true};

constexpr auto of_no_world = std::to_array<EstimatorOfNoWorld>({
    {"weak_derivative",
     "a phantom world for each draw that hangs on the mix, and the difference that it makes",
     "not offered by this world, because the laws of its draws have no weak derivative beside them: a "
     "phantom "
     "would branch off at each of the thousands of draws of a history whose hazard the mix moves, and what "
     "it "
     "does to whole people would still be missing"},
    {"one_step_survival", "rates and thresholds smoothed one step at a time, with a reverse sweep",
     "not offered by this world, because it needs each step's rates and payoffs as smooth functions of the "
     "mix; here the mix acts through rounded staff, whole accounts and thresholds"},
});

}  // namespace

std::span<const NamedWorldEstimator> named_world_estimators() {
    return estimators;
}

std::span<const EstimatorOfNoWorld> estimators_of_no_world() {
    return of_no_world;
}

const EstimatorOfNoWorld* find_estimator_of_no_world(std::string_view name) {
    const auto* const found = std::ranges::find(of_no_world, name, &EstimatorOfNoWorld::name);
    return found == of_no_world.end() ? nullptr : found;
}

const NamedWorldEstimator* find_world_estimator(std::string_view name) {
    if (name == likelihood_ratio.name) return &likelihood_ratio;
    const auto* const found = std::ranges::find(estimators, name, &NamedWorldEstimator::name);
    return found == estimators.end() ? nullptr : found;
}

double step_length_at(const NamedWorldEstimator& estimator, const MixRows& mix, double log_ratio_length) {
    if (estimator.steps == MixSteps::log_ratio) return log_ratio_length;
    // Not quite to where a share is 0.
    return std::min(estimator.length, 0.999 * longest_flat_step(mix));
}

}  // namespace venturi
