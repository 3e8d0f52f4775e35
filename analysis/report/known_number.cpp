#include "analysis/report/known_number.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

namespace venturi {

nlohmann::ordered_json number_or_null(double value) {
    return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json();
}

nlohmann::ordered_json ends_or_null(const Interval& interval) {
    return nlohmann::ordered_json::array({number_or_null(interval.low), number_or_null(interval.high)});
}

nlohmann::ordered_json number_or_infinity(double value) {
    if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
    return number_or_null(value);
}

nlohmann::ordered_json ends_or_infinity(const Interval& interval) {
    return nlohmann::ordered_json::array(
        {number_or_infinity(interval.low), number_or_infinity(interval.high)});
}

}  // namespace venturi
