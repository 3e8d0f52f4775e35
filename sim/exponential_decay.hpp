// What is left of something that decays at a constant rate, what is lost, and the integrals of both.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

namespace venturi {

/// e^{−rate t} and its relatives at one time t ≥ 0, each to a few units in the last place for every rate ≥ 0,
/// also where the plain formula cancels or divides nought by nought. `time` may be infinite.
///
/// They weigh the beginning and the end of whatever relaxes: x(t) = x(0) remaining + x(∞) lost.
struct ExponentialDecay {
    double remaining;              ///< e^{−rate t}
    double lost;                   ///< 1 − e^{−rate t}
    double integral_of_remaining;  ///< ∫₀ᵗ e^{−rate s} ds
    double integral_of_lost;       ///< ∫₀ᵗ (1 − e^{−rate s}) ds
};

namespace detail {

// Σ (−x)^k / (k + 2)! = (x − 1 + e^{−x}) / x² for 0 ≤ x < 1, where the first left-out term is below 1e-18.
[[nodiscard]] inline double relaxation_series(double x) {
    constexpr std::size_t terms = 18;
    static constexpr std::array<double, terms> coefficients = [] {
        std::array<double, terms> result{};
        double factorial = 2;
        for (std::size_t k = 0; k < terms; ++k) {
            result[k] = 1 / factorial;
            factorial *= static_cast<double>(k) + 3;
        }
        return result;
    }();
    double sum = 0;
    for (std::size_t k = terms; k-- > 0;) sum = coefficients[k] - x * sum;
    return sum;
}

}  // namespace detail

[[nodiscard]] inline ExponentialDecay exponential_decay(double rate, double time) {
    const double x = rate * time;
    // Also where 0 · ∞ is no number.
    if (!(x > 0)) return {.remaining = 1, .lost = 0, .integral_of_remaining = time, .integral_of_lost = 0};
    // One transcendental function, the one whose rounding is the smaller.
    if (x < 1) {
        const double lost = -std::expm1(-x);
        return {.remaining = 1 - lost,
                .lost = lost,
                .integral_of_remaining = lost / rate,
                .integral_of_lost = time * (x * detail::relaxation_series(x))};
    }
    const double remaining = std::exp(-x);
    const double lost = 1 - remaining;
    return {.remaining = remaining,
            .lost = lost,
            .integral_of_remaining = lost / rate,
            .integral_of_lost = time * (1 - lost / x)};
}

}  // namespace venturi
