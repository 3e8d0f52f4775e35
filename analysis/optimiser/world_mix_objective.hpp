// A world's investment mix as an objective of the optimiser: a decision is its shares, row by row.
#pragma once

#include "analysis/optimiser/problem.hpp"
#include "analysis/optimiser/world_estimators.hpp"
#include "analysis/optimiser/world_gradient.hpp"
#include "analysis/optimiser/world_problem.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace venturi {

/// How a world is asked.
struct WorldMixOptions {
    std::size_t rows = 1;    ///< 1: one mix for good; else one for each stage
    double floor = 0.01;     ///< no share is below
    double step_length = 1;  ///< of the estimators' log-ratio steps
    int threads = 0;
    const StopRequest* stop = nullptr;
    MixRows rest = {};  ///< of the others, where one company decides
    WorldJournal* journal = nullptr;
};

/// What became of histories that were lived on the way.
struct WorldMixTally {
    std::uint64_t failed = 0;
    std::string first_failure = {};
    std::uint64_t events = 0;
};

/// Those of the optimiser: of all companies together, and of each by itself.
inline constexpr const char* common_steps_estimator = "log_ratio_steps_controls";
inline constexpr const char* own_steps_estimator = "company_exploration_controls";

/// An Objective (problem.hpp) with estimators of its own, all of world_estimators.hpp. A history that fails
/// counts as the mean of the others of its batch, and is told of in the tally. Throws Stopped on a request,
/// std::runtime_error where all histories of a batch fail. The problem must outlive it.
class WorldMixObjective {
  public:
    WorldMixObjective(const WorldProblem& problem, WorldMixOptions options);

    [[nodiscard]] optimiser::FeasibleSet feasible_set() const;
    [[nodiscard]] optimiser::Outcomes outcomes(const optimiser::DenseMatrix& decisions,
                                               const optimiser::Repetitions& repetitions) const;
    [[nodiscard]] std::vector<optimiser::OwnGradient> gradients() const;
    [[nodiscard]] const WorldMixTally& tally() const { return *tally_; }
    /// The same, with the same tally, where the others have `rest`.
    [[nodiscard]] WorldMixObjective against(const MixRows& rest) const;

  private:
    [[nodiscard]] optimiser::OutcomeGradients estimate_by(const NamedWorldEstimator& estimator,
                                                          const optimiser::Vector& decision,
                                                          const optimiser::Repetitions& repetitions) const;
    /// A mix of its own for each repetition.
    [[nodiscard]] optimiser::DenseMatrix values_of_mixes(const optimiser::DenseMatrix& decisions,
                                                         const optimiser::Repetitions& repetitions) const;
    [[nodiscard]] WorldRun run_of(std::uint64_t seed, std::uint64_t first, std::uint64_t count) const;
    void note(std::uint64_t failed, const std::string& failure, std::uint64_t events, Ending ending) const;

    const WorldProblem* problem_;
    WorldMixOptions options_;
    std::shared_ptr<WorldMixTally> tally_ = std::make_shared<WorldMixTally>();
};

/// Shares as a decision, and back.
[[nodiscard]] optimiser::Vector decision_of(const MixRows& rows);
[[nodiscard]] MixRows rows_of(const optimiser::Vector& decision);

}  // namespace venturi
