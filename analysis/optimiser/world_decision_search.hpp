// The best decision of a question: found on some luck, measured on luck that the search has never seen.
#pragma once

#include "analysis/optimiser/optimise.hpp"
#include "analysis/optimiser/world_decision_objective.hpp"
#include "analysis/optimiser/world_mix_search.hpp"
#include "analysis/optimiser/world_question.hpp"
#include "sim/ensemble/interval.hpp"
#include "sim/ensemble/progress.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace venturi {

struct DecisionSearchOptions {
    /// `gradient` takes linearised steps; searches without gradients know one scenario and no constraints.
    MixSearchMethod method = MixSearchMethod::gradient;
    DecisionRun run = {};
    optimiser::Vector start = {};    ///< a point of the feasible set
    std::uint64_t budget = 480;      ///< forward runs
    std::uint32_t trajectories = 0;  ///< for each step or point; 0: as suits the budget
    double step = 1;                 ///< length of the first update: see LinearisedSteps
    std::uint64_t seed = 0;
    std::uint64_t steps = std::numeric_limits<std::uint64_t>::max();  ///< at most
    std::function<void(const optimiser::Iteration&)> observer = {};
};

struct DecisionSearchResult {
    optimiser::Vector start;
    optimiser::Vector decision;
    std::vector<optimiser::Iteration> log = {};
    std::uint64_t forward_runs = 0;
    optimiser::Ending ending = optimiser::Ending::budget_spent;
    optimiser::Vector multipliers = {};  ///< of each constraint, in each scenario where the worst counts
    optimiser::Vector weights = {};      ///< of each scenario where the worst counts
    /// Whether anything ever moved the aim; by constraint, in any scenario.
    bool aim_is_moved = true;
    std::vector<bool> constraint_is_moved = {};
    WorldMixTally tally = {};
};

/// The least budget that a method can work with: one step, or its first points.
[[nodiscard]] std::uint64_t least_budget(const WorldQuestion& question, const DecisionSearchOptions& options);

/// The same bits for the same question and options on any number of threads. Throws std::invalid_argument
/// where the budget is too small, the method does not go with the question, or a decision makes no world;
/// std::runtime_error where every history fails.
[[nodiscard]] DecisionSearchResult search_decision(const WorldQuestion& question,
                                                   const DecisionSearchOptions& options);

/// A number with its error.
struct Measured {
    double value = 0;
    double standard_error = 0;
    Interval interval = {};  ///< 95%, Student's t
};

/// Whether a constraint is met, by the 95% interval of what is bounded: all of it on one side of the bound,
/// or not known.
enum class Verdict : std::uint8_t { met, not_met, not_known };

[[nodiscard]] Verdict verdict_of(const WorldConstraint& constraint, const Interval& interval);
/// "met", "not met", "not known".
[[nodiscard]] const char* name_of(Verdict verdict);

/// A constraint at the best decision.
struct MeasuredConstraint {
    Measured value;     ///< of what is bounded; of the worst scenario where the worst counts
    double excess = 0;  ///< of the value: above 0 where the bound is not kept by the estimate
    Verdict verdict = Verdict::not_known;
    bool binds = false;  ///< the search paid for it
    /// By how much the aim would rise were the bound one unit looser; NaN where it is not known.
    Measured price;
};

struct MeasuredScenario {
    Measured value;  ///< of the aim with the best decision
    Measured over_start;
    double weight = 0;  ///< in the worst, as the search had it; 1 / scenarios where the mean counts
};

/// On fresh luck: trajectories of which the search has seen none.
struct DecisionMeasurement {
    Measured value;  ///< of the aim, in the worst scenario or their mean
    Measured over_start;
    Measured over_equal_shares;  ///< with all else as at the start; NaN where no mix is moved
    std::vector<MeasuredConstraint> constraints;
    std::vector<MeasuredScenario> scenarios;
    /// By funding stage: how many companies that decide came to it with the best decision, in all scenarios.
    std::vector<std::uint64_t> companies_at = {};
    TailIndex tail;  ///< of what companies came to in the first scenario with the best decision
    std::uint64_t completed = 0;
    std::uint64_t failed = 0;
    std::string first_failure = {};
    std::uint64_t forward_runs = 0;
    Ending ending = Ending::finished;
};

/// Differences are paired; those of means are less their controls. Errors are the delete-a-group jackknife's
/// over 32 groups of trajectories. Prices are of gradients by `price_trajectories` repetitions of the
/// estimator, which cost as many times `forward_runs_of_repetition`, where constraints bind; unknown with
/// fewer than 8.
[[nodiscard]] DecisionMeasurement measure_decision(const WorldQuestion& question,
                                                   const DecisionSearchResult& found, const DecisionRun& run,
                                                   std::uint64_t trajectories,
                                                   std::uint32_t price_trajectories, std::uint64_t seed,
                                                   const std::function<void(const Progress&)>& progress = {});

/// What is gained by another value of one number of a decision.
struct DecisionFlatnessPoint {
    std::size_t number = 0;  ///< of the decision's
    double value = 0;
    double factor = 1;  ///< of a share, whose mix's others keep their ratios
    Measured gain;      ///< over the best decision: negative where it is worse
};

/// Along each number of the decision, the others as they are, on fresh luck: parameters at six steps over
/// their range, shares at multiples from 1/4 to 4. Paired differences without controls. Nothing where it is
/// stopped. Errors as above.
[[nodiscard]] std::vector<DecisionFlatnessPoint> measure_decision_flatness(
    const WorldQuestion& question, const optimiser::Vector& decision, const DecisionRun& run,
    std::uint64_t trajectories, std::uint64_t seed,
    const std::function<void(const Progress&)>& progress = {});

/// The heaviness of the tail of what companies come to by an objective with this mix, by that many fresh
/// trajectories.
[[nodiscard]] TailIndex measure_tail(const WorldProblem& problem, const MixRows& mix,
                                     std::uint64_t trajectories, std::uint64_t seed, int threads);

}  // namespace venturi
