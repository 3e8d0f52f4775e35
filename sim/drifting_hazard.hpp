// A hazard that drifts exponentially from where it is to where it tends, as a rate does that is linear in a
// relaxing value.
#pragma once

#include "sim/contract.hpp"
#include "sim/exponential_decay.hpp"
#include "sim/random/dual.hpp"
#include "sim/relaxation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

namespace venturi {

/// hazard(s) = level + swing e^{−decay s}, s after it began, per unit of time. At least 0 throughout:
/// level ≥ 0, level + swing ≥ 0, decay ≥ 0.
template <Scalar Number = double>
struct DriftingHazard {
    Number level{0};   ///< where it tends
    Number swing{0};   ///< how far above that it begins
    double decay = 0;  ///< per unit of time; 0 and it stays at level + swing

    /// Where it begins.
    [[nodiscard]] Number beginning() const { return level + swing; }

    /// Whether it never changes, nor does its derivative.
    [[nodiscard]] bool is_constant() const {
        if (!(decay > 0)) return true;
        if constexpr (std::is_same_v<Number, double>)
            return swing == 0;
        else
            return swing.value == 0
                   && std::all_of(swing.derivative.begin(), swing.derivative.end(),
                                  [](double derivative) { return derivative == 0; });
    }

    /// The hazard at `elapsed`.
    [[nodiscard]] Number at(double elapsed) const {
        if (is_constant()) return beginning();
        const ExponentialDecay terms = exponential_decay(decay, elapsed);
        // A mean of both ends, weighted: it cannot fall below 0 by rounding.
        return beginning() * terms.remaining + level * terms.lost;
    }

    /// The hazard integrated over [0, elapsed]: a few units in the last place from exact, and never below 0.
    [[nodiscard]] Number integral(double elapsed) const {
        if (is_constant()) return beginning() * elapsed;
        return integral(elapsed, exponential_decay(decay, elapsed));
    }

    /// The same hazard as it goes on from `elapsed`.
    [[nodiscard]] DriftingHazard after(double elapsed) const {
        return {level, swing * exponential_decay(decay, elapsed).remaining, decay};
    }

    /// Elapsed time at which the integral reaches `threshold` ≥ 0, to a few units in the last place; infinity
    /// where it never does.
    [[nodiscard]] double time_to_reach(double threshold) const;

  private:
    [[nodiscard]] Number integral(double elapsed, const ExponentialDecay& terms) const {
        // The shorter sum cancels where the hazard rises from almost nothing.
        if (2 * value_of(beginning()) < value_of(level))
            return beginning() * terms.integral_of_remaining + level * terms.integral_of_lost;
        return level * elapsed + swing * terms.integral_of_remaining;
    }
    template <Scalar Other>
    friend struct DriftingHazard;
};

/// base (1 + gain x(t)) from `now` on. Throws ContractViolation where that is below 0 now or in the end by
/// more than rounding.
template <Scalar Number, Scalar Value>
[[nodiscard]] DriftingHazard<Number> drifting_hazard(const Number& base,
                                                     const std::type_identity_t<Number>& gain,
                                                     const Relaxation<Value>& x, double now) {
    DriftingHazard<Number> hazard{base * (1.0 + gain * x.target()), base * gain * (x.at(now) - x.target()),
                                  x.rate()};
    // What rounding took below 0 is put back, so that 1 − 1 may be written as it likes.
    const double rounding =
        1e-15
        * (value_of(base) + std::abs(value_of(base * gain * x.target())) + std::abs(value_of(hazard.swing)));
    expects(value_of(hazard.level) >= -rounding && value_of(hazard.beginning()) >= -rounding,
            "a hazard is at least 0");
    if (value_of(hazard.level) < 0) hazard.level = hazard.level - value_of(hazard.level);
    if (value_of(hazard.beginning()) < 0) hazard.swing = hazard.swing - value_of(hazard.beginning());
    return hazard;
}

template <Scalar Number>
double DriftingHazard<Number>::time_to_reach(double threshold) const {
    constexpr double never = std::numeric_limits<double>::infinity();
    // Plain numbers from here on: derivatives do not move the time at which a clock rings.
    const double start = value_of(beginning());
    const double end = value_of(level);
    if (start == end || !(decay > 0)) return start > 0 ? threshold / start : never;
    if (!(threshold > 0)) return 0;
    if (!(end > 0)) {
        // Falls to nothing: all that is ever left is start / decay.
        const double share = threshold * decay / start;
        return share < 1 ? -std::log1p(-share) / decay : never;
    }
    // Between the times that the highest and the lowest hazard would take; with the tangent at infinity,
    // and the parabola at 0, a good beginning.
    const double swing_value = start - end;
    const double by_asymptote = (threshold - swing_value / decay) / end;
    double low = threshold / std::max(start, end);
    double high = std::min(start, end) > 0 ? threshold / std::min(start, end) : never;
    double elapsed = low;
    if (swing_value > 0) {
        low = elapsed = std::max(low, by_asymptote);
    } else {
        high = std::min(high, by_asymptote);
        const double slope = -swing_value * decay;
        const double by_parabola = 2 * threshold / (start + std::sqrt(start * start + 2 * slope * threshold));
        low = elapsed = std::max(low, by_parabola);
    }
    // Newton's steps, kept inside the bracket.
    const DriftingHazard<double> plain{end, value_of(swing), decay};
    constexpr double accepted = 8 * std::numeric_limits<double>::epsilon();
    constexpr int most_steps = 100;
    for (int step = 0; step < most_steps; ++step) {
        const ExponentialDecay terms = exponential_decay(decay, elapsed);
        const double excess = plain.integral(elapsed, terms) - threshold;
        const double slope = start * terms.remaining + end * terms.lost;
        const double next = elapsed - excess / slope;
        if (std::abs(excess) <= accepted * threshold) return std::max(next, 0.0);
        (excess < 0 ? low : high) = elapsed;
        elapsed = next > low && next < high ? next : low + (high - low) / 2;
        if (!(elapsed > low && elapsed < high)) return elapsed;
    }
    return elapsed;
}

}  // namespace venturi
