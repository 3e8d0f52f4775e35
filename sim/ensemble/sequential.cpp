#include "sim/ensemble/sequential.hpp"

#include "sim/contract.hpp"

#include <cmath>

namespace venturi {

namespace {

// The half-width that is allowed by now: what was asked for, less a part that vanishes with the count.
double allowed(double estimate, std::uint64_t count, const PrecisionTarget& target) {
    const double scale = target.relative ? std::abs(estimate) / (1 + target.half_width) : 1.0;
    return target.half_width * scale
           * (1 - static_cast<double>(pilot_trajectories) / static_cast<double>(count));
}

bool is_evidence_of_a_constant(double value, std::uint64_t count, const PrecisionTarget& target) {
    return count >= evidence_of_a_constant && (!target.relative || value != 0);
}

}  // namespace

bool reached(const Moments& moments, const PrecisionTarget& target) {
    expects(target.half_width > 0, "a precision target has a positive half-width");
    const std::uint64_t count = moments.count();
    if (count <= pilot_trajectories) return false;
    if (moments.minimum() == moments.maximum())
        return is_evidence_of_a_constant(moments.mean(), count, target);
    const double n = static_cast<double>(count);
    const double skewness = moments.skewness();
    return n >= 25 * skewness * skewness
           && moments.confidence_interval(target.level).half_width()
                  <= allowed(moments.mean(), count, target);
}

bool reached(double estimate, const Interval& interval, std::uint64_t count, const PrecisionTarget& target) {
    expects(target.half_width > 0, "a precision target has a positive half-width");
    if (count <= pilot_trajectories) return false;
    if (interval.low == interval.high) return is_evidence_of_a_constant(estimate, count, target);
    return interval.half_width() <= allowed(estimate, count, target);
}

}  // namespace venturi
