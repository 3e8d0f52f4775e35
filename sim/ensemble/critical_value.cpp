#include "sim/ensemble/critical_value.hpp"

#include "sim/contract.hpp"

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace venturi {
namespace {

void expects_level(double level) {
    expects(level > 0 && level < 1, "a confidence level is between 0 and 1");
}

double normal_density(double x) {
    return std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi);
}

}  // namespace

double normal_critical_value(double level) {
    expects_level(level);
    return boost::math::quantile(boost::math::complement(boost::math::normal{}, (1 - level) / 2));
}

double student_critical_value(double level, double degrees_of_freedom) {
    expects_level(level);
    expects(degrees_of_freedom > 0, "Student's t needs more than 0 degrees of freedom");
    return boost::math::quantile(
        boost::math::complement(boost::math::students_t{degrees_of_freedom}, (1 - level) / 2));
}

double student_p_value(double t, double degrees_of_freedom) {
    expects(degrees_of_freedom > 0, "Student's t needs more than 0 degrees of freedom");
    if (std::isnan(t)) return t;
    if (std::isinf(t)) return 0;
    const boost::math::students_t distribution{degrees_of_freedom};
    return 2 * boost::math::cdf(boost::math::complement(distribution, std::abs(t)));
}

double equal_precision_critical_value(double level, double low, double high) {
    expects_level(level);
    expects(0 < low && low <= high && high < 1, "an equal precision band needs 0 < low <= high < 1");
    const double span = std::log(high / low * ((1 - low) / (1 - high)));
    const auto tail = [span](double e) { return normal_density(e) * (4 / e + (e - 1 / e) * span); };
    double below = 1.6;  // the approximate tail falls from here on
    double above = 40;
    for (int halving = 0; halving < 60; ++halving) {
        const double middle = (below + above) / 2;
        (tail(middle) > 1 - level ? below : above) = middle;
    }
    return std::max(above, normal_critical_value(level));
}

}  // namespace venturi
