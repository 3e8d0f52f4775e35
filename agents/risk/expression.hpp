// Numbers of a risk model that depend on others: rates, the mission time, arithmetic, and random deviates
// that stand for what is not known. The operations are those of the stochastic layer of the Open-PSA Model
// Exchange Format (open-psa.github.io/mef, version 3; Epstein and Rauzy, version 2.0d, 2007), under their
// names there.
#pragma once

#include "sim/random/draws.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace venturi {

/// Of an expression in its pool.
using ExpressionIndex = std::uint32_t;

enum class Operation : std::uint8_t {
    constant,               ///< `value`
    parameter,              ///< the parameter `reference`
    mission_time,           ///< in hours
    test_initiating_event,  ///< 1 if the event tree was entered by the initiating event `reference`, or 0
    test_functional_event,  ///< 1 if the functional event `reference` is in the state `state`, or 0
    neg,
    add,
    sub,  ///< the first, less all others
    mul,
    div,  ///< the first, by all others
    abs,
    acos,
    asin,
    atan,
    cos,
    sin,
    tan,
    cosh,
    sinh,
    tanh,
    exp,
    log,
    log10,
    mod,  ///< the remainder of the first by the second, with the sign of the first
    pow,
    sqrt,
    ceil,
    floor,
    min,
    max,
    mean,
    logical_and,  ///< numbers other than 0 count as true; the answer is 0 or 1
    logical_or,
    logical_not,
    equal,
    different,
    less,
    greater,
    at_most,
    at_least,
    if_then_else,  ///< condition, value if true, value if not
    choose,        ///< condition, value, condition, value, ..., value if none holds ("switch")
    exponential,   ///< λ, t: 1 − exp(−λ t)
    glm,      ///< γ, λ, μ, t: fails on demand and in time, is repaired; see `repairable_unavailability`
    weibull,  ///< scale α, shape β, shift t0, t: 1 − exp(−((t − t0) / α)^β), and 0 until t0
    periodic_test,  ///< periodic_test.hpp: λ, τ, θ, t; λ, μ, τ, θ, t; or λ, λ*, μ, τ, θ, γ, π, x, σ, ω, t
    uniform_deviate,    ///< least, greatest
    normal_deviate,     ///< mean, standard deviation
    lognormal_deviate,  ///< mean, error factor and its confidence level; or μ and σ of the logarithm
    gamma_deviate,      ///< shape, scale
    beta_deviate,       ///< α, β
    histogram,          ///< lower bound, then of each bin its upper bound and value
};

/// What an operation is called and takes.
struct OperationRule {
    static constexpr std::uint32_t any_number = std::numeric_limits<std::uint32_t>::max();

    Operation operation;
    std::string_view name;    ///< of the element in the exchange format
    std::uint32_t least = 0;  ///< arguments
    std::uint32_t most = 0;
    std::string_view domain = {};  ///< what arguments must be, in words; empty where all numbers will do

    /// Whether `count` arguments are a legal number: between, odd for choose and histogram, 4, 5 or 11 for
    /// periodic_test.
    [[nodiscard]] bool takes(std::size_t count) const;
    /// In words: "2", "2 or more", "4, 5 or 11".
    [[nodiscard]] std::string arguments_in_words() const;
};

[[nodiscard]] const OperationRule& rule_of(Operation operation);
/// By the name in the exchange format; null where there is none such.
[[nodiscard]] const OperationRule* find_operation(std::string_view name);
/// All of them, in the order of `Operation`.
[[nodiscard]] std::span<const OperationRule> operation_rules();

/// One operation; a node of a graph that is kept in a vector, in which arguments come before what is made of
/// them.
struct Expression {
    Operation operation = Operation::constant;
    double value = 0;
    std::uint32_t reference = 0;
    std::uint32_t state = 0;
    std::vector<ExpressionIndex> arguments = {};
};

/// Whether an operation is a random deviate: its value is its mean where nothing is drawn.
[[nodiscard]] bool is_deviate(Operation operation);

/// Where and when expressions are evaluated.
struct ExpressionSetting {
    static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

    double mission_time = 0;                ///< hours, ≥ 0
    std::uint32_t initiating_event = none;  ///< by which the event tree was entered
    /// The states of functional events on the path so far: (functional event, state).
    std::vector<std::pair<std::uint32_t, std::uint32_t>> functional_states = {};
};

/// Draws of random deviates: those of one trial are the same whoever computes it, in any order. Deviate i of
/// the pool is agent i, and the number of the draw is the trial.
struct DeviateDraws {
    std::uint64_t seed = 0;
    std::uint32_t trial = 0;
};

/// Evaluates some expressions of a pool, and what they depend on, together: the order is found once, and each
/// trial is one pass along it.
class ExpressionEvaluator {
  public:
    /// `parameters[i]` is the expression of parameter i, and `wanted` are those to evaluate. Throws
    /// ContractViolation where an index is out of range, an argument does not come before its expression, a
    /// number of arguments is wrong, or parameters depend on themselves.
    ExpressionEvaluator(std::span<const Expression> pool, std::span<const ExpressionIndex> parameters,
                        std::span<const ExpressionIndex> wanted);

    /// Values of all expressions at the means of their deviates, or as they are drawn. Shape: as the pool,
    /// and 0 for expressions that nothing wanted depends on. Not a number where an expression is outside its
    /// domain (a negative rate, a logarithm of 0) or depends on one that is, except through a branch not
    /// taken.
    void evaluate(const ExpressionSetting& setting, const std::optional<DeviateDraws>& draws,
                  std::vector<double>& values) const;
    [[nodiscard]] std::vector<double> evaluate(const ExpressionSetting& setting,
                                               const std::optional<DeviateDraws>& draws = {}) const;

    /// Where the value of `expression` is not a number: the expression that is outside its domain.
    [[nodiscard]] ExpressionIndex outside_domain(ExpressionIndex expression,
                                                 std::span<const double> values) const;

    /// Whether any expression wanted depends on a deviate.
    [[nodiscard]] bool is_uncertain() const { return is_uncertain_; }

  private:
    struct Step {
        Operation operation = Operation::constant;
        ExpressionIndex target = 0;
        std::uint32_t reference = 0;
        std::uint32_t state = 0;
        std::uint32_t first = 0;  // of its arguments in arguments_
        std::uint32_t count = 0;
        double value = 0;
    };

    [[nodiscard]] double value_at(const Step& step, const ExpressionSetting& setting,
                                  const DeviateDraws* draws, std::span<const double> arguments) const;

    std::size_t pool_size_ = 0;
    std::vector<Step> steps_;                 // in an order of evaluation
    std::vector<ExpressionIndex> arguments_;  // of a parameter: its expression
    bool is_uncertain_ = false;
};

/// Parameters that depend on themselves through others, in the order of the cycle (the first is the least);
/// empty where there is none. Indices of `parameters` and arguments must be legal.
[[nodiscard]] std::vector<std::uint32_t> parameter_cycle(std::span<const Expression> pool,
                                                         std::span<const ExpressionIndex> parameters);

/// P(failed at t) of a component that fails on demand with probability γ, in time at rate λ, and is repaired
/// at rate μ: λ/(λ+μ) − (λ − γ(λ+μ))/(λ+μ) exp(−(λ+μ)t); γ where both rates are 0.
[[nodiscard]] double repairable_unavailability(double demand_failure, double failure_rate, double repair_rate,
                                               double time);

}  // namespace venturi
