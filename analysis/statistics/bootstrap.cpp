#include "analysis/statistics/bootstrap.hpp"

#include "sim/contract.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace venturi {

void count_drawn(std::span<const std::size_t> drawn, std::vector<double>& counts) {
    std::ranges::fill(counts, 0);
    for (const std::size_t point : drawn) counts[point] += 1;
}

Interval percentile_interval(std::vector<double> values, double tail) {
    expects(tail >= 0 && tail < 0.5, "a tail is less than half of the values");
    constexpr double not_known = std::numeric_limits<double>::quiet_NaN();
    if (values.empty() || std::ranges::any_of(values, [](double value) { return std::isnan(value); }))
        return {not_known, not_known};
    std::ranges::sort(values);
    const auto place = [&](double q) {
        return values[static_cast<std::size_t>(std::lround(q * static_cast<double>(values.size() - 1)))];
    };
    return {place(tail), place(1 - tail)};
}

}  // namespace venturi
