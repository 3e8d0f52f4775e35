// The estimators of a world's gradient by name: the rows of `venturi gradient --estimator all`, and what
// `venturi optimise --estimator` takes.
#pragma once

#include "analysis/optimiser/world_gradient.hpp"

#include <span>
#include <string_view>

namespace venturi {

struct NamedWorldEstimator {
    std::string_view name;
    std::string_view meaning;
    WorldEstimator estimator = WorldEstimator::central_differences;
    MixSteps steps = MixSteps::log_ratio;
    double length = 1;  ///< of a step, where no other is asked for
    bool controls = true;
};

/// Those that a search may follow: the one with the least work-normalised variance first, as measured
/// (analysis/README.md).
[[nodiscard]] std::span<const NamedWorldEstimator> named_world_estimators();

/// One whose gradient is told of and not followed: it sees a part of what the mix does, and with far more
/// noise.
inline constexpr const char* likelihood_ratio_estimator = "likelihood_ratio";

/// An estimator of problems with known answers that no world offers, and why.
struct EstimatorOfNoWorld {
    std::string_view name;
    std::string_view meaning;
    std::string_view reason;
};
[[nodiscard]] std::span<const EstimatorOfNoWorld> estimators_of_no_world();
[[nodiscard]] const EstimatorOfNoWorld* find_estimator_of_no_world(std::string_view name);

/// Of those above and the likelihood ratio. Nothing where the name is nobody's.
[[nodiscard]] const NamedWorldEstimator* find_world_estimator(std::string_view name);

/// The steps that are taken at a mix: flat ones no longer than the shares allow.
[[nodiscard]] double step_length_at(const NamedWorldEstimator& estimator, const MixRows& mix,
                                    double log_ratio_length);

}  // namespace venturi
