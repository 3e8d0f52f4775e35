// A clock whose hazard drifts in closed form, exact between the changes it is told of.
#pragma once

#include "sim/contract.hpp"
#include "sim/drifting_hazard.hpp"
#include "sim/random/draws.hpp"

#include <limits>

namespace venturi {

/// A HazardClock for a hazard that moves of its own accord: level + swing e^{−decay (t − now)} from each
/// change on. It rings when the integrated hazard reaches a unit exponential threshold that is drawn once: so
/// a change costs no draw, and two runs stay coupled whatever their hazards do; where one hazard is the
/// larger throughout, its clock rings no later, but for rounding (Anderson, J. Chem. Phys. 127, 214107, 2007:
/// the modified next reaction method). A hazard that does not drift costs and does what HazardClock does, to
/// the bit.
///
/// Every function that takes a hazard throws ContractViolation where it is somewhere below 0.
template <class Draws>
class DriftingClock {
  public:
    using Scalar = typename Draws::Scalar;
    using Hazard = DriftingHazard<Scalar>;

    /// Starts the clock at `now` with a fresh threshold.
    void start(Draws& draws, DrawSource& source, double now, const Hazard& hazard) {
        left_ = draws.unit_exponential(source);
        go_on(now, hazard);
    }

    /// The hazard is another from `now` on, which is not after the ring.
    void set_hazard(Draws& draws, double now, const Hazard& hazard) {
        left_ -= spend(draws, now);
        if (left_ < 0) left_ = 0;  // rounding, where the change falls on the instant of the ring
        go_on(now, hazard);
    }

    /// What is left of the threshold is drawn afresh at `now`, before the ring, as HazardClock does it.
    void renew(Draws& draws, DrawSource& source, double now) {
        spend(draws, now);
        left_ = draws.unit_exponential(source);
        go_on(now, hazard_.after(now - since_));
    }

    /// To be told when the clock has rung, before it is started again.
    void ring(Draws& draws, double now) {
        spend(draws, now);
        hazard_ = hazard_.after(now - since_);
        since_ = now;
        draws.rang(hazard_.beginning());
    }

    /// The hazard at `now`, not before the last change.
    [[nodiscard]] Scalar hazard(double now) const { return hazard_.at(now - since_); }

    /// When it rings if it is told of no other change; infinity where it never does.
    [[nodiscard]] double rings_at() const { return rings_at_; }

  private:
    // Tells of the exposure since the last change, and gives the integrated hazard.
    double spend(Draws& draws, double now) const {
        const double elapsed = now - since_;
        if (hazard_.is_constant()) {
            draws.exposed(hazard_.beginning(), elapsed);
            return value_of(hazard_.beginning()) * elapsed;
        }
        const Scalar integral = hazard_.integral(elapsed);
        draws.exposed(integral, 1.0);
        return value_of(integral);
    }

    void go_on(double now, const Hazard& hazard) {
        expects(value_of(hazard.level) >= 0 && value_of(hazard.beginning()) >= 0 && hazard.decay >= 0,
                "a hazard is at least 0 throughout, and does not drift without bound");
        hazard_ = hazard;
        since_ = now;
        rings_at_ = now + hazard.time_to_reach(left_);
    }

    Hazard hazard_;
    double left_ = 0;  // of the threshold, at `since_`
    double since_ = 0;
    double rings_at_ = std::numeric_limits<double>::infinity();
};

}  // namespace venturi
