#include "analysis/statistics/conditional_value_at_risk.hpp"

#include "sim/contract.hpp"
#include "sim/ensemble/critical_value.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace venturi {

TailMean conditional_value_at_risk(std::span<const double> outcomes, double tail) {
    expects(tail > 0 && tail <= 1, "a tail is a part of the outcomes");
    expects(!outcomes.empty(), "there is an outcome");
    expects(std::ranges::none_of(outcomes, [](double x) { return std::isnan(x); }), "an outcome is a number");
    const double in_tail = tail * static_cast<double>(outcomes.size());
    const auto count = std::min(outcomes.size(), static_cast<std::size_t>(std::ceil(in_tail - 1e-9)));
    std::vector<double> worst(outcomes.begin(), outcomes.end());
    std::ranges::nth_element(worst, worst.begin() + static_cast<std::ptrdiff_t>(count - 1));
    worst.resize(count);
    const double edge = *std::ranges::max_element(worst);

    // All of the worst in full but for the one at the edge, which counts for what is left of the tail.
    double sum = 0;
    for (const double outcome : worst) sum += outcome;
    sum -= edge * (static_cast<double>(count) - in_tail);
    TailMean result{.quantile = edge, .mean = sum / in_tail};

    constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
    result.standard_error = unknown;
    result.interval = {unknown, unknown};
    if (count < 2) return result;
    double squares = 0;
    for (const double outcome : worst) squares += (outcome - result.mean) * (outcome - result.mean);
    const double variance = squares / static_cast<double>(count - 1);
    const double gap = edge - result.mean;
    result.standard_error = std::sqrt((variance + (1 - tail) * gap * gap) / in_tail);
    const double reach = student_critical_value(0.95, static_cast<double>(count - 1)) * result.standard_error;
    result.interval = {result.mean - reach, result.mean + reach};
    return result;
}

}  // namespace venturi
