// How an optimiser moves parameters against a gradient: pure rules, which know nothing of what is minimised
// or of where the gradient comes from. A rule is a struct of named options; what it remembers between steps
// is a value of its own, so that a descent can be copied, forked and resumed:
//
//     const AdamW rule{.learning_rate = 1e-3, .weight_decay = 0.01};
//     auto state = rule.initial_state(x);
//     for (...) rule.step(state, x, gradient_at(x));
//
// Options may change between steps: a schedule of learning rates is a rule made anew for each step.
#pragma once

#include "sim/contract.hpp"

#include <Eigen/Core>

#include <cmath>
#include <concepts>
#include <cstdint>
#include <type_traits>

namespace venturi {

/// A column of doubles that owns its coordinates: Eigen::VectorXd, Eigen::Vector3d. The same steps give the
/// same bits in either, for no rule sums over coordinates.
template <class T>
concept ParameterVector = std::derived_from<T, Eigen::PlainObjectBase<T>> && T::ColsAtCompileTime == 1
                          && std::same_as<typename T::Scalar, double>;

/// What every rule offers. `initial_state` throws ContractViolation where an option lies outside its range;
/// `step` changes state and parameters in place, allocates nothing, and throws ContractViolation where the
/// gradient has another number of coordinates.
template <class Rule, class Vector>
concept UpdateRule = ParameterVector<Vector> && std::copyable<Rule> && std::copyable<
    typename Rule::template State<Vector>> && requires(const Rule& rule,
                                                       typename Rule::template State<Vector>& state,
                                                       Vector& parameters, const Vector& gradient) {
    { rule.initial_state(gradient) } -> std::same_as<typename Rule::template State<Vector>>;
    { rule.step(state, parameters, gradient) } -> std::same_as<void>;
};

namespace detail {

inline void expect_learning_rate(double learning_rate) {
    expects(learning_rate > 0 && std::isfinite(learning_rate), "a learning rate is positive and finite");
}

inline void expect_decay(double decay) {
    expects(decay >= 0 && decay < 1, "the decay of a running average lies in [0, 1)");
}

template <class Vector>
void expect_same_size(const Vector& parameters, const Vector& gradient) {
    expects(parameters.size() == gradient.size(), "a gradient has as many coordinates as the parameters");
}

}  // namespace detail

/// Gradient descent, x ← x − η g; stochastic where g is an unbiased estimate of the gradient. With such a g
/// it converges almost surely only where learning rates fall so that Σ η = ∞ and Σ η² < ∞: Robbins and Monro,
/// Annals of Mathematical Statistics 22(3), 400–407 (1951).
struct GradientDescent {
    double learning_rate = 0.01;  ///< η > 0

    /// It remembers nothing.
    template <ParameterVector Vector>
    struct State {};

    template <ParameterVector Vector>
    [[nodiscard]] State<Vector> initial_state(const Vector& /*parameters*/) const {
        detail::expect_learning_rate(learning_rate);
        return {};
    }

    template <ParameterVector Vector>
    void step(State<Vector>& /*state*/, Vector& parameters,
              const std::type_identity_t<Vector>& gradient) const {
        detail::expect_same_size(parameters, gradient);
        parameters -= learning_rate * gradient;
    }
};

/// Gradient descent with momentum, v ← β v − η g, x ← x + v, begun at rest. As v is the last displacement,
/// this is the heavy ball x' = x − η g + β (x − x₋): Polyak, USSR Computational Mathematics and Mathematical
/// Physics 4(5), 1–17 (1964).
struct HeavyBall {
    double learning_rate = 0.01;  ///< η > 0
    double momentum = 0.9;        ///< β in [0, 1)

    template <ParameterVector Vector>
    struct State {
        Vector velocity;  ///< parameters now less parameters one step ago
    };

    template <ParameterVector Vector>
    [[nodiscard]] State<Vector> initial_state(const Vector& parameters) const {
        detail::expect_learning_rate(learning_rate);
        detail::expect_decay(momentum);
        return {Vector::Zero(parameters.size())};
    }

    template <ParameterVector Vector>
    void step(State<Vector>& state, Vector& parameters, const std::type_identity_t<Vector>& gradient) const {
        detail::expect_same_size(parameters, gradient);
        state.velocity = momentum * state.velocity - learning_rate * gradient;
        parameters += state.velocity;
    }
};

/// Steps of a given length, x ← x − η m / ‖m‖ with m ← β m + g: for gradients whose size says nothing of how
/// far to go. Where m is 0 it stays. Cutkosky and Mehta, "Momentum improves normalized SGD", ICML (2020),
/// arXiv:2002.03305.
struct NormalisedMomentum {
    double learning_rate = 1;  ///< η > 0: how far a step goes
    double momentum = 0.5;     ///< β in [0, 1)

    template <ParameterVector Vector>
    struct State {
        Vector direction;  ///< m
    };

    template <ParameterVector Vector>
    [[nodiscard]] State<Vector> initial_state(const Vector& parameters) const {
        detail::expect_learning_rate(learning_rate);
        detail::expect_decay(momentum);
        return {Vector::Zero(parameters.size())};
    }

    template <ParameterVector Vector>
    void step(State<Vector>& state, Vector& parameters, const std::type_identity_t<Vector>& gradient) const {
        detail::expect_same_size(parameters, gradient);
        state.direction = momentum * state.direction + gradient;
        const double length = state.direction.norm();
        if (length > 0) parameters -= learning_rate / length * state.direction;
    }
};

/// Where Adam adds the epsilon that keeps it from dividing by zero. With m and v the running averages of step
/// t:
enum class EpsilonPlacement : std::uint8_t {
    /// m / (1 − β₁ᵗ) over √(v / (1 − β₂ᵗ)) + ε: Kingma and Ba (2015), algorithm 1; what PyTorch does.
    after_correction,
    /// √(1 − β₂ᵗ) / (1 − β₁ᵗ) m over √v + ε: the faster order of their section 2; what ensmallen does.
    /// The same as the other with an ε that is larger by 1 / √(1 − β₂ᵗ), thirtyfold at the first step.
    before_correction,
};

/// What Adam and AdamW remember.
template <ParameterVector Vector>
struct GradientMoments {
    Vector first;             ///< running average of gradients, biased towards 0
    Vector second;            ///< running average of their squares, biased towards 0
    std::uint64_t steps = 0;  ///< taken so far
};

/// Adam: m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², both without their bias towards 0, and
/// x ← x − η m̂ / (√v̂ + ε). Kingma and Ba, "Adam: a method for stochastic optimization", ICLR (2015),
/// arXiv:1412.6980, algorithm 1.
struct Adam {
    double learning_rate = 1e-3;  ///< η > 0: about how far a coordinate moves in a step
    double first_decay = 0.9;     ///< β₁ in [0, 1)
    double second_decay = 0.999;  ///< β₂ in [0, 1)
    double epsilon = 1e-8;        ///< ε > 0
    EpsilonPlacement epsilon_placement = EpsilonPlacement::after_correction;

    template <ParameterVector Vector>
    using State = GradientMoments<Vector>;

    template <ParameterVector Vector>
    [[nodiscard]] State<Vector> initial_state(const Vector& parameters) const {
        detail::expect_learning_rate(learning_rate);
        detail::expect_decay(first_decay);
        detail::expect_decay(second_decay);
        expects(epsilon > 0, "Adam's epsilon is positive");
        return {Vector::Zero(parameters.size()), Vector::Zero(parameters.size())};
    }

    template <ParameterVector Vector>
    void step(State<Vector>& state, Vector& parameters, const std::type_identity_t<Vector>& gradient) const {
        detail::expect_same_size(parameters, gradient);
        ++state.steps;
        state.first = first_decay * state.first + (1 - first_decay) * gradient;
        state.second.array() =
            second_decay * state.second.array() + (1 - second_decay) * gradient.array().square();
        // Powers rather than running products, whose rounding errors would add up over the steps.
        const auto steps = static_cast<double>(state.steps);
        const double first_weight = 1 - std::pow(first_decay, steps);
        const double second_weight = 1 - std::pow(second_decay, steps);
        const auto first = state.first.array();
        const auto second = state.second.array();
        if (epsilon_placement == EpsilonPlacement::after_correction) {
            parameters.array() -=
                learning_rate * (first / first_weight) / ((second / second_weight).sqrt() + epsilon);
        } else {
            const double rate = learning_rate * std::sqrt(second_weight) / first_weight;
            parameters.array() -= rate * first / (second.sqrt() + epsilon);
        }
    }
};

/// Adam with decoupled weight decay: first x ← x (1 − η λ), then Adam's step, whose gradient was taken before
/// the decay and does not know of it. Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR
/// (2019), arXiv:1711.05101, algorithm 2, with λ multiplied by the learning rate, as PyTorch has it.
struct AdamW {
    double learning_rate = 1e-3;  ///< η > 0
    double first_decay = 0.9;     ///< β₁ in [0, 1)
    double second_decay = 0.999;  ///< β₂ in [0, 1)
    double epsilon = 1e-8;        ///< ε > 0
    double weight_decay = 0.01;   ///< λ ≥ 0; at 0 this is Adam to the bit
    EpsilonPlacement epsilon_placement = EpsilonPlacement::after_correction;

    template <ParameterVector Vector>
    using State = GradientMoments<Vector>;

    template <ParameterVector Vector>
    [[nodiscard]] State<Vector> initial_state(const Vector& parameters) const {
        expects(weight_decay >= 0 && std::isfinite(weight_decay), "weight decay is not negative");
        return adam().initial_state(parameters);
    }

    template <ParameterVector Vector>
    void step(State<Vector>& state, Vector& parameters, const std::type_identity_t<Vector>& gradient) const {
        detail::expect_same_size(parameters, gradient);
        parameters *= 1 - learning_rate * weight_decay;
        adam().step(state, parameters, gradient);
    }

  private:
    [[nodiscard]] Adam adam() const {
        return {learning_rate, first_decay, second_decay, epsilon, epsilon_placement};
    }
};

static_assert(
    UpdateRule<
        GradientDescent,
        Eigen::
            VectorXd> && UpdateRule<HeavyBall, Eigen::VectorXd> && UpdateRule<NormalisedMomentum, Eigen::VectorXd> && UpdateRule<Adam, Eigen::VectorXd> && UpdateRule<AdamW, Eigen::Vector3d>);

}  // namespace venturi
