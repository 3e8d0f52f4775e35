#include "sim/ensemble/quantile_interval.hpp"

#include "sim/contract.hpp"
#include "sim/ensemble/critical_value.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace venturi {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

// The delete-one jackknife of the part of all values that is at or below x, over the clusters that have any.
double variance_of_part(std::span<const QuantileSketch* const> clusters, double x, double values) {
    double up_to = 0;
    for (const QuantileSketch* cluster : clusters)
        up_to += cluster->count() > 0 ? cluster->count_up_to(x) : 0;
    double squares = 0;
    double used = 0;
    for (const QuantileSketch* cluster : clusters) {
        if (cluster->count() == 0) continue;
        ++used;
        const auto own = static_cast<double>(cluster->count());
        const double change = (cluster->count_up_to(x) - up_to / values * own) / (values - own);
        squares += change * change;
    }
    return (used - 1) / used * squares;
}

// Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
Interval wilson_interval(double share, double trials, double critical) {
    const double weight = critical * critical / trials;
    const double middle = (share + weight / 2) / (1 + weight);
    const double reach = critical / (1 + weight) * std::sqrt((share * (1 - share) + weight / 4) / trials);
    return {middle - reach, middle + reach};
}

// Between the two observations beside a rank: a sketch's bins may be far apart.
double value_at(const QuantileSketch& sketch, double rank) {
    const double below = std::floor(rank);
    const double low = sketch.interpolated_at(below);
    if (rank == below) return low;
    const double high = sketch.interpolated_at(below + 1);
    return low == high ? low : low + (rank - below) * (high - low);
}

}  // namespace

Interval quantile_interval(std::span<const QuantileSketch* const> clusters, double q, double level) {
    expects(q > 0 && q < 1, "a quantile with an interval is at a share between 0 and 1");
    QuantileSketch total;
    bool first = true;
    double used = 0;
    for (const QuantileSketch* cluster : clusters) {
        if (cluster->count() == 0) continue;
        ++used;
        if (first)
            total = *cluster;
        else
            total.merge(*cluster);
        first = false;
    }
    if (used < 2) return {unknown, unknown};
    const auto values = static_cast<double>(total.count());
    const double variance = variance_of_part(clusters, total.interpolated_quantile(q), values);
    const double effective = std::min(values, q * (1 - q) / variance);
    const Interval part = wilson_interval(q, effective, student_critical_value(level, used - 1));
    // The i-th smallest value, counted from 0, stands for the parts from i / n to (i + 1) / n.
    const double low = part.low * values - 0.5;
    const double high = part.high * values - 0.5;
    return {low >= 0 ? value_at(total, low) : unknown, high <= values - 1 ? value_at(total, high) : unknown};
}

}  // namespace venturi
