// Bass diffusion: the expected number of adopters as a closed-form flow, and adoptions as points of the
// Poisson process whose intensity it is.
#pragma once

#include <cmath>
#include <limits>

namespace venturi {

/// Expected adopters A(t) of a segment of size m, with dA/dt = (p + q A / m)(m − A): Bass, Management Science
/// 15(5), 215–227 (1969), eq. 9 in closed form. Months; p and q per month.
///
/// The flow is autonomous, so it can go on from wherever it stands when p, q or m change. Adoptions are the
/// points at which A has grown by a unit exponential each: a Poisson process of intensity dA/dt drawn by
/// inversion.
class BassFlow {
  public:
    BassFlow() = default;
    /// `adopters` at time `now`; no more than `size` of them count.
    BassFlow(double size, double innovation, double imitation, double adopters, double now)
        : size_(size),
          innovation_(innovation),
          imitation_(imitation),
          adopters_(std::fmin(adopters, size)),
          since_(now) {}

    /// The same flow under other parameters from `now` on.
    [[nodiscard]] BassFlow changed(double size, double innovation, double imitation, double now) const {
        return {size, innovation, imitation, expected(now), now};
    }

    /// A(time), for a time not before the flow began.
    [[nodiscard]] double expected(double time) const {
        if (!(size_ > 0)) return 0;
        const double f = adopters_ / size_;
        const double p = innovation_;
        const double q = imitation_;
        const double decay = std::exp(-(p + q) * (time - since_));
        // From (p + q f) / (1 − f), which grows like e^{(p+q)t}; written so that f = 1 and p + q = 0 are
        // fine.
        const double numerator = (p + q * f) - p * (1 - f) * decay;
        const double denominator = (p + q * f) + q * (1 - f) * decay;
        return denominator > 0 ? size_ * numerator / denominator : adopters_;
    }

    /// dA/dt at `time`: adoptions per month.
    [[nodiscard]] double rate(double time) const {
        if (!(size_ > 0)) return 0;
        const double adopters = expected(time);
        return (innovation_ + imitation_ * adopters / size_) * (size_ - adopters);
    }

    /// When A reaches `level` (above the present value); infinity where it never does.
    [[nodiscard]] double reaches(double level) const {
        constexpr double never = std::numeric_limits<double>::infinity();
        const double p = innovation_;
        const double q = imitation_;
        if (!(level < size_) || !(p + q > 0)) return never;
        const double f = adopters_ / size_;
        const double g = level / size_;
        const double ratio = (p + q * g) * (1 - f) / ((p + q * f) * (1 - g));
        return p + q * f > 0 ? since_ + std::log(ratio) / (p + q) : never;
    }

  private:
    double size_ = 0;
    double innovation_ = 0;
    double imitation_ = 0;
    double adopters_ = 0;  // at `since_`
    double since_ = 0;
};

}  // namespace venturi
