// A clock whose rate moves with the state it depends on, exact between events.
#pragma once

#include "sim/random/draws.hpp"

#include <limits>

namespace venturi {

/// An event whose hazard is constant between the changes that `set_rate` tells it of. It rings when the
/// integrated hazard reaches a unit exponential threshold that is drawn once: so a change of rate costs no
/// draw, and two runs stay coupled whatever their rates do (Anderson, J. Chem. Phys. 127, 214107, 2007: the
/// modified next reaction method). A rate of 0 never rings.
template <class Draws>
class HazardClock {
  public:
    using Scalar = typename Draws::Scalar;

    /// Starts the clock at `now` with a fresh threshold.
    void start(Draws& draws, DrawSource& source, double now, const Scalar& rate) {
        left_ = draws.unit_exponential(source);
        rate_ = rate;
        since_ = now;
    }

    /// The rate is another from `now` on.
    void set_rate(Draws& draws, double now, const Scalar& rate) {
        left_ -= value_of(rate_) * (now - since_);
        draws.exposed(rate_, now - since_);
        if (left_ < 0) left_ = 0;  // rounding, where the change falls on the instant of the ring
        rate_ = rate;
        since_ = now;
    }

    /// What is left of the threshold is drawn afresh at `now`, before the ring: an exponential has no memory,
    /// so that the law of what is to come stays as it was.
    void renew(Draws& draws, DrawSource& source, double now) {
        set_rate(draws, now, rate_);
        left_ = draws.unit_exponential(source);
    }

    /// To be told when the clock has rung, before it is started again.
    void ring(Draws& draws, double now) {
        draws.exposed(rate_, now - since_);
        draws.rang(rate_);
        since_ = now;
    }

    [[nodiscard]] const Scalar& rate() const { return rate_; }

    /// When it rings if the rate stays as it is; infinity where it never does.
    [[nodiscard]] double rings_at() const {
        const double rate = value_of(rate_);
        return rate > 0 ? since_ + left_ / rate : std::numeric_limits<double>::infinity();
    }

  private:
    Scalar rate_{0};
    double left_ = 0;  // of the threshold, at `since_`
    double since_ = 0;
};

}  // namespace venturi
