// Gradients of a world's objective in the investment mix, from histories that share their luck.
//
// The mix acts through whole people, whole accounts and thresholds, so that a history's objective is a step
// function of it: nothing can be differentiated along a history, and small steps see noise alone. What works
// are long steps with the same luck on both sides, less martingale controls: what a company's luck was at its
// raises, offers, exits and shutdowns (agents/luck.hpp), which has mean zero whatever the mix.
#pragma once

#include "analysis/optimiser/world_evaluation.hpp"
#include "analysis/optimiser/world_problem.hpp"
#include "sim/ensemble/ending.hpp"
#include "sim/ensemble/interval.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace venturi {

enum class WorldEstimator : std::uint8_t {
    /// Two worlds for each free direction of the mix: all companies step together. Of `WhoDecides::one` only
    /// the company that decides does.
    central_differences,
    /// Parameter exploration: two worlds in all. Each company steps in a direction and with a sign of its
    /// own, both the other way in the second world. It sees each company's own effect on itself, whoever
    /// decides; what others' mixes do to a company averages out. Where one company decides and the rest is
    /// given another mix, one company in eight steps around the first mix at a time, and the others have
    /// theirs: that one company is alone is so only nearly.
    company_exploration,
    /// Simultaneous perturbation (see gradient_estimator.hpp): two worlds in all. All companies together step
    /// in
    /// all directions at once, up or down at random in each trajectory, and the other way in the second
    /// world. Of
    /// `WhoDecides::one` only the company that decides does.
    simultaneous,
    /// Likelihood ratio: the objective times the score of all that was drawn, less the score times a
    /// coefficient from other trajectories. Each history is lived twice: once for what it comes to, once by
    /// the same luck for its score. It sees what the mix does to hazards and probabilities, and nothing of
    /// what it does to whole people, machines and money: see `why_no_likelihood_ratio`.
    likelihood_ratio,
};

enum class MixSteps : std::uint8_t {
    flat,       ///< shares move by `length` along an orthonormal basis of the simplex
    log_ratio,  ///< logarithms of shares do
};

struct WorldGradientOptions {
    WorldEstimator estimator = WorldEstimator::central_differences;
    MixSteps steps = MixSteps::log_ratio;
    double length = 1;
    WorldRun run = {};
    MixRows rest = {};  ///< of the others, where one company decides; the scenario's where not given
    /// Trajectories that were asked for, where a run that was stopped is made again: whether controls are
    /// taken off depends on these. 0: those of `run`.
    std::uint64_t asked = 0;
};

/// The gradient in log-ratio coordinates: of shares θ = softmax(z) in each row, ∂J/∂z, whose components sum
/// to 0 in a row; ∂J/∂z_i = θ_i (∂J/∂θ_i − Σ_j θ_j ∂J/∂θ_j).
struct WorldGradient {
    std::size_t rows = 1;
    std::vector<double> gradient = {};         ///< shape: rows × 5
    std::vector<double> standard_errors = {};  ///< the same
    std::vector<Interval> intervals = {};      ///< the same; 95%, Student's t
    std::vector<double> covariance = {};       ///< of the estimate; shape: (rows × 5)²
    std::vector<double> of_trajectories = {};  ///< whose mean it is; shape: completed × rows × 5
    std::vector<double> values = {};  ///< of the objective, by trajectory: the mean of all ends of steps
    /// By row: no step in it ever changed what a history came to. No company lives by it, or steps are too
    /// short to be seen.
    std::vector<bool> is_dead = {};
    double work_normalised_variance = 0;  ///< trace of one trajectory's covariance × forward runs for it
    std::uint64_t completed = 0;          ///< trajectories; the gradient is their mean
    std::uint64_t failed = 0;
    std::string first_failure = {};
    std::uint64_t forward_runs = 0;
    std::uint64_t events = 0;
    Ending ending = Ending::finished;
};

/// How many worlds one trajectory of the estimator lives.
[[nodiscard]] std::uint64_t forward_runs_of_trajectory(WorldEstimator estimator, std::size_t rows);

/// The longest flat step that leaves every share at `mix` at 0 or above.
[[nodiscard]] double longest_flat_step(const MixRows& mix);

/// Why the world has no score for such a question; empty where it has one: it is that of one mix for all
/// stages, which all companies that are modelled inside share.
[[nodiscard]] std::string why_no_likelihood_ratio(const WorldProblem& problem, std::size_t rows);

/// Estimates the gradient at a mix. Steps of finite length see it with a bias of the order of their square.
/// A share of 0 stays 0 in log-ratio steps, and its component is 0. Throws ContractViolation where the mix is
/// none, there is no likelihood ratio and one is asked for, the length is not above 0, or a flat step is
/// longer than `longest_flat_step`; std::bad_alloc.
[[nodiscard]] WorldGradient estimate(const WorldProblem& problem, const MixRows& at,
                                     const WorldGradientOptions& options);

}  // namespace venturi
