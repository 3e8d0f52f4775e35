// A question about decisions as an objective of the optimiser: values and gradients of its aim in each
// scenario and of its constraints, from histories that share their luck.
#pragma once

#include "analysis/optimiser/problem.hpp"
#include "analysis/optimiser/world_mix_objective.hpp"
#include "analysis/optimiser/world_places.hpp"
#include "analysis/optimiser/world_question.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace venturi {

/// How its worlds are lived.
struct DecisionRun {
    /// Of central differences: in logarithms of shares, and in quarters of a parameter's range.
    double step_length = 1;
    int threads = 0;
    const StopRequest* stop = nullptr;
    WorldJournal* journal = nullptr;  ///< of what was lived already, where there is one
};

/// The name of its estimator: central differences with martingale controls.
inline constexpr const char* decision_estimator = "central_differences";

/// An Objective (problem.hpp). Where the worst of several scenarios counts there is an objective for each,
/// and each constraint in each scenario; else one, and constraints, of the mean over scenarios. Statistics
/// that are no means count through cut-offs (range_statistic.hpp), whose ends are those of all worlds around
/// the point. A history that fails counts as the mean of the others of its batch. Throws Stopped on a
/// request, std::runtime_error where all histories of a batch fail. The question must outlive it.
class WorldDecisionObjective {
  public:
    WorldDecisionObjective(const WorldQuestion& question, DecisionRun run);

    [[nodiscard]] optimiser::FeasibleSet feasible_set() const { return set_; }
    [[nodiscard]] optimiser::Index objectives() const;
    [[nodiscard]] optimiser::Index constraints() const;
    [[nodiscard]] optimiser::Outcomes outcomes(const optimiser::DenseMatrix& decisions,
                                               const optimiser::Repetitions& repetitions) const;
    [[nodiscard]] std::vector<optimiser::OwnGradient> gradients() const;
    [[nodiscard]] const WorldMixTally& tally() const { return *tally_; }

    /// The estimator. Values are those at the point where there are constraints or the worst of several
    /// counts, from that history and four more for each repetition, else means of the ends of its steps.
    [[nodiscard]] optimiser::OutcomeGradients estimate(const optimiser::Vector& decision,
                                                       const optimiser::Repetitions& repetitions) const;

  private:
    [[nodiscard]] LivedPlaces live(const std::vector<WorldPlace>& places,
                                   const optimiser::Repetitions& repetitions) const;

    const WorldQuestion* question_;
    DecisionRun run_;
    optimiser::FeasibleSet set_;
    std::shared_ptr<WorldMixTally> tally_ = std::make_shared<WorldMixTally>();
};

/// Forward runs of one repetition of the estimator.
[[nodiscard]] std::uint64_t forward_runs_of_repetition(const WorldQuestion& question);

/// What companies, or the world, came to by an aim, sorted: each trajectory with weight 1.
[[nodiscard]] std::vector<WeightedOutcome> outcomes_of(const LivedPlaces& lived, std::size_t aim,
                                                       const std::vector<std::size_t>& places);

/// The mean over companies that decide and were founded.
template <class Transform>
[[nodiscard]] double mean_of_values(const std::vector<double>& values, Transform transform) {
    double sum = 0;
    double count = 0;
    for (const double value : values) {
        if (value != value) continue;
        sum += transform(value);
        count += 1;
    }
    return sum / count;
}

}  // namespace venturi
