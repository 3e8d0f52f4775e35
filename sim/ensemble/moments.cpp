#include "sim/ensemble/moments.hpp"

#include "sim/ensemble/critical_value.hpp"
#include "sim/infinity.hpp"

#include <algorithm>
#include <cmath>

namespace venturi {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

}  // namespace

void Moments::merge(const Moments& other) {
    if (other.count_ == 0) return;
    if (count_ == 0) {
        *this = other;
        return;
    }
    const double a = static_cast<double>(count_);
    const double b = static_cast<double>(other.count_);
    const double n = a + b;
    const double delta = other.mean_ - mean_;
    const double share = delta / n;
    const double share_squared = share * share;
    const double product = delta * share * a * b;  // n delta² (a / n)(b / n)

    fourth_ += other.fourth_ + product * share_squared * (a * a - a * b + b * b)
               + 6 * share_squared * (a * a * other.second_ + b * b * second_)
               + 4 * share * (a * other.third_ - b * third_);
    third_ += other.third_ + product * share * (a - b) + 3 * share * (a * other.second_ - b * second_);
    second_ += other.second_ + product;
    mean_ += share * b;
    count_ += other.count_;
    minimum_ = std::min(minimum_, other.minimum_);
    maximum_ = std::max(maximum_, other.maximum_);
}

double Moments::variance() const {
    return count_ < 2 ? undefined : second_ / static_cast<double>(count_ - 1);
}

double Moments::standard_deviation() const {
    return std::sqrt(variance());
}

double Moments::standard_error() const {
    return std::sqrt(variance() / static_cast<double>(count_));
}

double Moments::skewness() const {
    if (!(second_ > 0)) return undefined;
    return std::sqrt(static_cast<double>(count_) / second_) * (third_ / second_);
}

double Moments::excess_kurtosis() const {
    if (!(second_ > 0)) return undefined;
    return static_cast<double>(count_) * (fourth_ / second_) / second_ - 3;
}

Interval Moments::confidence_interval(double level) const {
    if (count_ < 2) return {-infinity, infinity};
    const double reach = student_critical_value(level, static_cast<double>(count_ - 1)) * standard_error();
    return {mean_ - reach, mean_ + reach};
}

}  // namespace venturi
