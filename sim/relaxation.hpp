// A value that relaxes to a target, in closed form between the changes it is told of.
#pragma once

#include "sim/contract.hpp"
#include "sim/exponential_decay.hpp"
#include "sim/random/dual.hpp"

#include <cmath>
#include <limits>

namespace venturi {

/// x(t) with dx/dt = rate (target − x): x(t) = target + (x₀ − target) e^{−rate (t − t₀)}, whose flow is
/// autonomous, so that it can go on from wherever it stands when the target or the rate changes.
///
/// The rate, per unit of time, is at least 0, at which x stands still. `Number` is double, or a dual number
/// where value and target depend on decisions. Times are not before the last change.
template <Scalar Number = double>
class Relaxation {
  public:
    Relaxation() = default;
    /// `value` at time `now`. Throws ContractViolation where the rate is negative.
    Relaxation(const Number& value, const Number& target, double rate, double now)
        : value_(value), target_(target), rate_(rate), since_(now) {
        expects(rate >= 0, "a value relaxes at a rate of at least 0");
    }

    /// The target and the rate are others from `now` on. Throws ContractViolation where the rate is negative.
    void relax_to(double now, const Number& target, double rate) {
        *this = Relaxation(at(now), target, rate, now);
    }
    /// The value is another at `now`, and relaxes on from there.
    void jump(double now, const Number& value) {
        value_ = value;
        since_ = now;
    }

    [[nodiscard]] const Number& target() const { return target_; }
    [[nodiscard]] double rate() const { return rate_; }
    /// When it was last told of a change.
    [[nodiscard]] double since() const { return since_; }

    /// x(time).
    [[nodiscard]] Number at(double time) const {
        const ExponentialDecay decay = exponential_decay(rate_, time - since_);
        // From whichever end is nearer, so that it begins and ends exactly where it should.
        if (decay.lost < 0.5) return value_ + (target_ - value_) * decay.lost;
        return target_ + (value_ - target_) * decay.remaining;
    }

    /// ∫ x dt over [from, to].
    [[nodiscard]] Number integral(double from, double to) const {
        const ExponentialDecay decay = exponential_decay(rate_, to - from);
        return at(from) * decay.integral_of_remaining + target_ * decay.integral_of_lost;
    }

    /// When x is at `level`, at the earliest; infinity where it never is. It comes near its target but never
    /// there.
    [[nodiscard]] double reaches(double level) const {
        const double value = value_of(value_);
        const double target = value_of(target_);
        if (level == value) return since_;
        const double passed = (value - level) / (level - target);  // e^{rate (t − t₀)} − 1
        return rate_ > 0 && passed > 0 && passed < std::numeric_limits<double>::infinity()
                   ? since_ + std::log1p(passed) / rate_
                   : std::numeric_limits<double>::infinity();
    }

  private:
    Number value_{0};  // at `since_`
    Number target_{0};
    double rate_ = 0;
    double since_ = 0;
};

}  // namespace venturi
