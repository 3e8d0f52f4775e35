// What is optimised: the mean of what a simulation gives, as a function of a decision.
//
// Any class that has a feasible set and gives outcomes is an objective; what more it can do (gradients of its
// own, constraints, a goal) is found out and needs no base class:
//
//     struct Newsvendor {
//         FeasibleSet feasible_set() const;
//         Outcomes outcomes(const DenseMatrix& decisions, const Repetitions& repetitions) const;
//         // may have: Goal goal() const; Index constraints() const; std::vector<OwnGradient> gradients()
//         const; Index objectives() const, where the worst of several counts;
//     };
//     Problem problem{Newsvendor{}};
//
// Repetition n of a seed has the same luck whatever the decision: common random numbers.
#pragma once

#include "analysis/optimiser/feasible_set.hpp"

#include <concepts>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace venturi::optimiser {

/// Which luck: repetitions `first`, `first` + 1, ... of a seed.
struct Repetitions {
    std::uint64_t seed = 0;
    std::uint32_t first = 0;
    std::uint32_t count = 1;
};

/// What repetitions gave.
struct Outcomes {
    DenseMatrix values;  ///< repetitions × (objectives + constraints): the objective, or each of those of
                         ///< which the worst counts, then for each constraint what has a mean ≤ 0
    /// repetitions × controls, which have mean zero by construction whatever the decision; it may have no
    /// columns.
    DenseMatrix controls = {};
};

/// What an objective's own estimator gave: for each repetition an estimate of the gradient of its mean.
struct OutcomeGradients {
    Outcomes outcomes;
    /// For each column of `outcomes.values` one: repetitions × dimension, partial derivatives by the numbers
    /// of a decision.
    std::vector<DenseMatrix> gradients;
    double forward_runs = 0;  ///< what all of it cost, in runs of one repetition for its value alone
};

/// An estimator that an objective offers because of what it knows of itself.
struct OwnGradient {
    std::string name;
    bool unbiased = true;
    std::function<OutcomeGradients(const Vector& decision, const Repetitions& repetitions)> estimate;
    double forward_runs = 1;  ///< that a repetition costs, as far as that is known beforehand
};

enum class Goal : std::uint8_t { maximise, minimise };

/// See above. `decisions` has a column for each repetition, or one for all of them.
template <class T>
concept Objective = std::copy_constructible<T> && requires(const T& objective, const DenseMatrix& decisions,
                                                           const Repetitions& repetitions) {
    { objective.feasible_set() } -> std::convertible_to<FeasibleSet>;
    { objective.outcomes(decisions, repetitions) } -> std::convertible_to<Outcomes>;
};

/// An objective of any kind, and the count of what was asked of it.
class Problem {
  public:
    template <Objective T>
    explicit Problem(const T& objective)
        : set_(objective.feasible_set()),
          outcomes_([objective](const DenseMatrix& decisions, const Repetitions& repetitions) {
              return Outcomes(objective.outcomes(decisions, repetitions));
          }) {
        if constexpr (requires {
                          { objective.goal() } -> std::convertible_to<Goal>;
                      })
            goal_ = objective.goal();
        if constexpr (requires {
                          { objective.constraints() } -> std::convertible_to<Index>;
                      })
            constraints_ = objective.constraints();
        if constexpr (requires {
                          { objective.objectives() } -> std::convertible_to<Index>;
                      })
            objectives_ = objective.objectives();
        if constexpr (requires {
                          { objective.gradients() } -> std::convertible_to<std::vector<OwnGradient>>;
                      })
            gradients_ = objective.gradients();
    }

    [[nodiscard]] const FeasibleSet& set() const { return set_; }
    [[nodiscard]] Goal goal() const { return goal_; }
    /// +1 where more is better, −1 where less is.
    [[nodiscard]] double sign() const { return goal_ == Goal::maximise ? 1 : -1; }
    [[nodiscard]] Index constraints() const { return constraints_; }
    /// How many objectives there are, of which the worst mean counts; mostly 1.
    [[nodiscard]] Index objectives() const { return objectives_; }
    [[nodiscard]] const std::vector<OwnGradient>& own_gradients() const { return gradients_; }
    /// Runs of one repetition so far, or what has cost as much.
    [[nodiscard]] double forward_runs() const { return forward_runs_; }

    /// `decisions`: dimension × 1, or dimension × repetitions. Throws ContractViolation where shapes don't
    /// fit.
    [[nodiscard]] Outcomes outcomes(const DenseMatrix& decisions, const Repetitions& repetitions);

    /// Throws std::invalid_argument where there is no estimator of that name, and says which there are.
    [[nodiscard]] const OwnGradient& own_gradient(std::string_view name) const;
    [[nodiscard]] OutcomeGradients own_gradients(std::string_view name, const Vector& decision,
                                                 const Repetitions& repetitions);

  private:
    FeasibleSet set_;
    Goal goal_ = Goal::maximise;
    Index constraints_ = 0;
    Index objectives_ = 1;
    std::function<Outcomes(const DenseMatrix&, const Repetitions&)> outcomes_;
    std::vector<OwnGradient> gradients_;
    double forward_runs_ = 0;
};

}  // namespace venturi::optimiser
