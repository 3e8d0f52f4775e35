// The cultures of one startup: five intensities in [0, 1], and that of the company as a whole.
#pragma once

#include "agents/culture/culture_parameters.hpp"
#include "sim/relaxation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace venturi {

/// What moves one culture between events: dc/dt = building · (1 − c) − erosion · c, which relaxes to
/// building / (building + erosion) at the rate building + erosion.
template <Scalar Number>
struct CultureDrift {
    Number building{0};
    double erosion = 0;

    [[nodiscard]] Number target() const {
        return value_of(building) + erosion > 0 ? building / (building + erosion) : Number(0.0);
    }
    [[nodiscard]] double pace() const { return value_of(building) + erosion; }
};

/// Pace at which spending `per_head` dollars a month builds a culture: half of the fastest at `scale`, and
/// never more than the fastest.
template <Scalar Number>
[[nodiscard]] Number building_by_spending(double fastest, const Number& per_head, double scale) {
    return fastest * per_head / (per_head + scale);
}

/// 1 + gain · c: what a culture of intensity c multiplies what it helps by. Monotone, between 1 and 1 + gain.
template <Scalar Number>
[[nodiscard]] Number lift(double gain, const Number& intensity) {
    return 1.0 + gain * intensity;
}

/// 1 − gain · c: what it multiplies what it acts against by. Monotone, between 1 − gain and 1.
template <Scalar Number>
[[nodiscard]] Number shelter(double gain, const Number& intensity) {
    return 1.0 - gain * intensity;
}

/// See the top of the file. Between events every intensity moves in closed form.
template <Scalar Number>
struct Culture {
    std::array<Relaxation<Number>, advantages> intensities;
    Relaxation<double> company;  ///< follows the mean of the five

    [[nodiscard]] const Relaxation<Number>& of(Advantage advantage) const {
        return intensities[static_cast<std::size_t>(advantage)];
    }
    [[nodiscard]] Relaxation<Number>& of(Advantage advantage) {
        return intensities[static_cast<std::size_t>(advantage)];
    }
    [[nodiscard]] Number intensity(Advantage advantage, double now) const { return of(advantage).at(now); }

    /// Mean of the five intensities.
    [[nodiscard]] double mean(double now) const {
        double sum = 0;
        for (const Relaxation<Number>& one : intensities) sum += value_of(one.at(now));
        return sum / static_cast<double>(advantages);
    }

    void drift(Advantage advantage, double now, const CultureDrift<Number>& drift) {
        of(advantage).relax_to(now, drift.target(), drift.pace());
    }
    /// One culture moves at once by `step`, and stays in [0, 1].
    void jump(Advantage advantage, double now, double step) {
        Relaxation<Number>& one = of(advantage);
        const Number value = one.at(now);
        one.jump(now, value + (std::clamp(value_of(value) + step, 0.0, 1.0) - value_of(value)));
    }
    /// `newcomers` of a given intensity join `headcount` people: each culture becomes the mean.
    void dilute(double now, double headcount, double newcomers, double newcomer) {
        const double kept = headcount / (headcount + newcomers);
        for (Relaxation<Number>& one : intensities) one.jump(now, one.at(now) * kept + newcomer * (1 - kept));
    }
    /// A share of one culture is lost.
    void erode(Advantage advantage, double now, double share) {
        of(advantage).jump(now, of(advantage).at(now) * (1 - share));
    }

    /// Working time that is left when everyone has taken part in what culture asks for: see
    /// `CultureParameters::coordination`.
    [[nodiscard]] double working_time(double coordination, double headcount, double now) const {
        return 1 / (1 + coordination * mean(now) * static_cast<double>(advantages) * std::log1p(headcount));
    }
};

}  // namespace venturi
