#include "sim/ensemble/sequential.hpp"

#include "sim/contract.hpp"

#include <cmath>

namespace venturi {

bool reached(const Moments& moments, const PrecisionTarget& target) {
    expects(target.half_width > 0, "a precision target has a positive half-width");
    const std::uint64_t count = moments.count();
    if (count <= pilot_trajectories) return false;
    if (moments.minimum() == moments.maximum()) {
        return count >= evidence_of_a_constant && (!target.relative || moments.mean() != 0);
    }
    const double n = static_cast<double>(count);
    const double skewness = moments.skewness();
    const double scale = target.relative ? std::abs(moments.mean()) / (1 + target.half_width) : 1.0;
    const double allowed = target.half_width * scale * (1 - static_cast<double>(pilot_trajectories) / n);
    return n >= 25 * skewness * skewness && moments.confidence_interval(target.level).half_width() <= allowed;
}

}  // namespace venturi
