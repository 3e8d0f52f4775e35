// The optimiser: any estimator with any update rule and any way to keep to the feasible set, on any problem;
// and searches without gradients to compare it with.
//
//     Problem problem{objective};
//     const OptimisationResult found = optimise(problem, {.method = GradientMethod{.estimator =
//     OwnEstimator{"likelihood_ratio"}},
//                                                          .budget = 500, .seed = 11});
//     const Gain gain = measure_gain(problem, found.decision, found.start, fresh_repetitions(11, 1000));
#pragma once

#include "analysis/optimiser/gradient_estimator.hpp"
#include "sim/ensemble/interval.hpp"
#include "sim/ensemble/stop_request.hpp"
#include "sim/update_rules.hpp"

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace venturi::optimiser {

/// How a step keeps to the feasible set.
enum class StepMap : std::uint8_t {
    log_ratio,   ///< steps in log-ratios: every point is feasible, and the floor is never reached
    mirror,      ///< steps in log x, then the projection in relative entropy: exponentiated gradients
    projection,  ///< steps in x, then the Euclidean projection
};

/// "log_ratio", "mirror", "projection"; throws std::invalid_argument where it is none of them.
[[nodiscard]] StepMap step_map_named(std::string_view name);

using Rule = std::variant<GradientDescent, HeavyBall, NormalisedMomentum, Adam, AdamW>;

/// "sgd", "momentum", "normalised", "adam", "adamw", with this learning rate; throws std::invalid_argument
/// where it is none of them.
[[nodiscard]] Rule rule_named(std::string_view name, double learning_rate);

/// The learning rate of step t = 0, 1, ... over the rule's own.
struct ConstantSchedule {};
/// (1 + t / delay)^−power.
struct PowerSchedule {
    double power = 0.5;
    double delay = 10;  ///< steps
};
/// Down to 0 over the budget as half a cosine.
struct CosineSchedule {};
using Schedule = std::variant<ConstantSchedule, PowerSchedule, CosineSchedule>;

/// The factor after a part `spent` of the budget in [0, 1].
[[nodiscard]] double factor_at(const Schedule& schedule, std::uint64_t step, double spent);

/// Which point of a descent is its answer: the last, or the mean of iterates with weights that grow like
/// t^power: Shamir and Zhang, "Stochastic gradient descent for non-smooth optimization", ICML 2013. 0 is the
/// plain mean.
struct LastIterate {};
struct PolynomialAverage {
    double power = 3;
};
using Averaging = std::variant<LastIterate, PolynomialAverage>;

/// Ascent (or descent) along estimated gradients.
struct GradientMethod {
    GradientEstimator estimator = CentralDifferences{.step = 1, .coordinates = Coordinates::log_ratio};
    Rule rule = Adam{.learning_rate = 0.1};
    StepMap map = StepMap::log_ratio;
    Schedule schedule = CosineSchedule{};
    Averaging averaging = LastIterate{};
    std::uint32_t repetitions = 1;  ///< for each gradient
    std::uint32_t restarts = 0;  ///< further descents from random points of the set, which share the budget
    /// Of constraints: how fast multipliers follow what is violated, and the weight of its square (augmented
    /// Lagrangian).
    double multiplier_rate = 1;
    double penalty = 1;
};

/// Nelder and Mead, "A simplex method for function minimization", Computer Journal 7(4), 1965, in log-ratios,
/// with the same repetitions at each point.
struct NelderMead {
    double size = 1;                ///< of the first simplex
    std::uint32_t repetitions = 8;  ///< for each point
};

/// Points at random of which the better half stays and gets twice the repetitions, until one is left:
/// sequential halving, Karnin, Koren and Somekh, ICML 2013.
struct RandomSearch {
    std::uint32_t points = 16;  ///< the start among them
};

/// A quadratic in log-ratios, fitted by least squares to points around the start, and its best point within
/// their reach; then again around that, with half the radius, as long as the budget lasts. Box and Wilson,
/// Journal of the Royal Statistical Society B 13(1), 1951.
struct ResponseSurface {
    double radius = 1;
    std::uint32_t rounds = 2;
};

/// Steps of given lengths, each the best by what is known around a point: for the worst of several
/// objectives, under constraints, where gradients are dear and few (linearised_step.hpp). Shares move in
/// log-ratios, numbers between finite bounds in quarters of their range, which they may reach.
struct LinearisedSteps {
    std::string estimator;  ///< one of the problem's own: it has the gradients of all columns at one cost
    double length = 1;      ///< of the first step; later ones fall as half a cosine over the budget
    /// The part of what was known before a step, moved along with it, in [0, 1); of values more, the
    /// shorter steps are.
    double memory = 0.5;
    std::uint32_t repetitions = 1;  ///< for each step
};

using Method = std::variant<GradientMethod, LinearisedSteps, NelderMead, RandomSearch, ResponseSurface>;

/// A step of an optimisation: the row of its log.
struct Iteration {
    std::uint64_t step = 0;     ///< of this descent
    std::uint32_t restart = 0;  ///< 0 for the descent from the start
    Vector decision;            ///< where values and gradient were taken
    double value = 0;           ///< the objective's mean there, by this step's repetitions
    double value_error = 0;     ///< its standard error; NaN with one repetition
    double gradient_norm = 0;   ///< NaN for methods without gradients
    double learning_rate = 0;
    Vector constraint_values;  ///< means
    Vector multipliers;
    double forward_runs = 0;  ///< so far
};

struct OptimisationOptions {
    Method method = GradientMethod{};
    Vector start = {};     ///< the set's centre where it is empty
    double budget = 1000;  ///< forward runs
    std::uint64_t seed = 1;
    std::uint64_t steps = std::numeric_limits<std::uint64_t>::max();  ///< of a descent, at most
    const StopRequest* stop = nullptr;  ///< looked at between steps; a step may end by throwing Stopped
    std::function<void(const Iteration&)> observer = nullptr;  ///< called after each step
};

enum class Ending : std::uint8_t {
    budget_spent,
    stopped,       ///< by the stop request: the answer is the best so far
    nothing_moves  ///< no repetition's gradient was anything but zero: no decision changes the objective
};

struct OptimisationResult {
    Vector decision;
    Vector start;
    std::vector<Iteration> log;
    Vector multipliers;  ///< for each constraint the price of its bound: objective for one unit more of it
    Vector weights;      ///< of several objectives how much each holds the worst back; of linearised steps
    /// Of linearised steps: whether any repetition's gradient was anything but zero, by objective and
    /// constraint.
    std::vector<bool> moved;
    double forward_runs = 0;
    Ending ending = Ending::budget_spent;
};

/// Throws std::invalid_argument, with what is legal, where the start lies outside the set, the budget is too
/// small for one step, or an option lies outside its range. The same problem, options and seed give the same
/// bits.
[[nodiscard]] OptimisationResult optimise(Problem& problem, const OptimisationOptions& options);

/// A difference of means under the same luck.
struct Gain {
    double mean =
        0;  ///< objective at the decision less that at the reference; negative is better for a minimum
    double standard_error = 0;
    Interval interval;  ///< 95%, Student's t
};

/// Luck that no optimisation with this seed has seen.
[[nodiscard]] Repetitions fresh_repetitions(std::uint64_t seed, std::uint32_t count);

/// By pairs of outcomes with common random numbers.
[[nodiscard]] Gain measure_gain(Problem& problem, const Vector& decision, const Vector& reference,
                                const Repetitions& repetitions);

}  // namespace venturi::optimiser
