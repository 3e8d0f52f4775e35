#include "analysis/statistics/multiple_testing.hpp"

#include "sim/contract.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace venturi {

namespace {

/// The places of the p-values that are tests, the smallest first.
std::vector<std::size_t> ascending(std::span<const double> p_values) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < p_values.size(); ++i) {
        if (std::isnan(p_values[i])) continue;
        expects(p_values[i] >= 0 && p_values[i] <= 1, "a p-value is between 0 and 1");
        order.push_back(i);
    }
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return p_values[i]; });
    return order;
}

}  // namespace

std::vector<double> holm(std::span<const double> p_values) {
    const std::vector<std::size_t> order = ascending(p_values);
    std::vector<double> adjusted(p_values.begin(), p_values.end());
    double largest = 0;
    for (std::size_t rank = 0; rank < order.size(); ++rank) {
        const auto left = static_cast<double>(order.size() - rank);
        largest = std::max(largest, std::min(1.0, left * p_values[order[rank]]));
        adjusted[order[rank]] = largest;
    }
    return adjusted;
}

std::vector<double> benjamini_hochberg(std::span<const double> p_values) {
    const std::vector<std::size_t> order = ascending(p_values);
    std::vector<double> adjusted(p_values.begin(), p_values.end());
    double smallest = 1;
    for (std::size_t rank = order.size(); rank-- > 0;) {
        const double factor = static_cast<double>(order.size()) / static_cast<double>(rank + 1);
        smallest = std::min(smallest, factor * p_values[order[rank]]);
        adjusted[order[rank]] = smallest;
    }
    return adjusted;
}

}  // namespace venturi
