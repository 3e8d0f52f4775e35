// Estimates of a gradient, each with its covariance and what it cost. Those here need outcomes alone; an
// objective may offer others of its own. All have the same shape: a row for each repetition, whose mean
// estimates the gradient, and whose scatter tells the error.
#pragma once

#include "analysis/optimiser/coordinates.hpp"
#include "analysis/optimiser/problem.hpp"

#include <concepts>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace venturi::optimiser {

/// (Y(y + h e) − Y(y − h e)) / 2h in each coordinate, with common random numbers; bias O(h²). In flat
/// coordinates a step is shorter where the set ends.
struct CentralDifferences {
    double step = 0.04;
    Coordinates coordinates = Coordinates::flat;
};

/// The same along one random direction of ±1 for each repetition, whatever the number of coordinates: Spall,
/// "Multivariate stochastic approximation using a simultaneous perturbation gradient approximation", IEEE
/// Transactions on Automatic Control 37(3), 1992.
struct SimultaneousPerturbation {
    double step = 0.04;
    Coordinates coordinates = Coordinates::flat;
};

/// Each repetition lives with a decision of its own, normal around the point: the gradient of the mean over
/// these decisions, by the likelihood ratio of the decision and symmetric pairs. Sehnke and others,
/// "Parameter-exploring policy gradients", Neural Networks 23(4), 2010. Unbiased for the objective smoothed
/// by `spread`.
struct ParameterExploration {
    double spread = 0.1;
    Coordinates coordinates = Coordinates::log_ratio;
};

/// The estimator that an objective offers under this name.
struct OwnEstimator {
    std::string name;
};

using GradientEstimator =
    std::variant<CentralDifferences, SimultaneousPerturbation, ParameterExploration, OwnEstimator>;

/// For each repetition an estimate of a gradient.
struct GradientRows {
    Coordinates coordinates = Coordinates::ambient;
    DenseMatrix rows;  ///< repetitions × coordinates
    /// Repetitions × controls of mean zero: none, one for all coordinates, or one for each.
    std::vector<DenseMatrix> controls;
    DenseMatrix values;  ///< repetitions × (1 + constraints): at the point, or the mean of those around it
    double forward_runs = 0;
};

/// What an estimator is: a pure function of problem, point and luck. `weights` (1 + constraints) say of which
/// sum of columns of the outcomes the gradient is.
template <class T>
concept Estimator = std::copyable<T> && requires(const T& estimator, Problem& problem, const Vector& point,
                                                 const Repetitions& repetitions, const Vector& weights) {
    { gradient_rows(estimator, problem, point, repetitions, weights) } -> std::same_as<GradientRows>;
};

[[nodiscard]] GradientRows gradient_rows(const CentralDifferences& estimator, Problem& problem,
                                         const Vector& point, const Repetitions& repetitions,
                                         const Vector& weights);
[[nodiscard]] GradientRows gradient_rows(const SimultaneousPerturbation& estimator, Problem& problem,
                                         const Vector& point, const Repetitions& repetitions,
                                         const Vector& weights);
[[nodiscard]] GradientRows gradient_rows(const ParameterExploration& estimator, Problem& problem,
                                         const Vector& point, const Repetitions& repetitions,
                                         const Vector& weights);
[[nodiscard]] GradientRows gradient_rows(const OwnEstimator& estimator, Problem& problem, const Vector& point,
                                         const Repetitions& repetitions, const Vector& weights);

static_assert(
    Estimator<
        CentralDifferences> && Estimator<SimultaneousPerturbation> && Estimator<ParameterExploration> && Estimator<OwnEstimator>);

/// A gradient, how sure it is, and what it cost.
struct GradientEstimate {
    Coordinates coordinates = Coordinates::ambient;
    Vector gradient;         ///< derivatives of the objective's mean by each coordinate
    DenseMatrix covariance;  ///< of `gradient`; NaN with fewer than two repetitions
    Vector values;           ///< means of the objective and of each constraint
    double value_error = 0;  ///< standard error of the first of them
    std::uint32_t repetitions = 0;
    double forward_runs = 0;

    [[nodiscard]] Vector standard_errors() const { return covariance.diagonal().cwiseSqrt(); }
    /// Trace of the covariance times forward runs: what does not depend on the number of repetitions.
    [[nodiscard]] double work_normalised_variance() const { return covariance.trace() * forward_runs; }
};

/// Mean and covariance of rows. Where there are controls each row is less its regression on them, with
/// coefficients fitted on the other of two halves (even and odd repetitions), so that no bias comes in; they
/// are left out where a half has fewer than twice as many repetitions as there are controls.
[[nodiscard]] GradientEstimate summarise(const GradientRows& rows);

/// The gradient of the objective's mean at `point` (or of the sum of columns that `weights` say), by this
/// estimator. Throws std::invalid_argument where a step or spread is not positive, or the problem has no such
/// estimator.
[[nodiscard]] GradientEstimate estimate_gradient(const GradientEstimator& estimator, Problem& problem,
                                                 const Vector& point, const Repetitions& repetitions);
[[nodiscard]] GradientEstimate estimate_gradient(const GradientEstimator& estimator, Problem& problem,
                                                 const Vector& point, const Repetitions& repetitions,
                                                 const Vector& weights);

/// Forward runs that one repetition of an estimator takes. Throws std::invalid_argument where the problem has
/// none of its name.
[[nodiscard]] double runs_per_repetition(const GradientEstimator& estimator, const Problem& problem);

/// The same gradient by other coordinates at the point where it was taken: along the feasible set, on which
/// alone it can be known in flat coordinates and log-ratios.
[[nodiscard]] GradientEstimate in_coordinates(const GradientEstimate& estimate, const FeasibleSet& set,
                                              const Vector& point, Coordinates kind);

}  // namespace venturi::optimiser
