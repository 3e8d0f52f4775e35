#include "analysis/statistics/settled_variance.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace venturi {

namespace {

constexpr double unknown_end = std::numeric_limits<double>::quiet_NaN();

SettledPart bounded_part(const JackknifeEstimate& estimate, double low, double high) {
    const bool known = std::isfinite(estimate.standard_error) && estimate.groups > 1;
    if (!known) return {estimate.value, {unknown_end, unknown_end}};
    const Interval interval = estimate.interval();
    // All of it where nothing can be: that is no knowledge, and certainly no certainty.
    if (interval.high < low || interval.low > high) return {estimate.value, {unknown_end, unknown_end}};
    return {estimate.value, {std::clamp(interval.low, low, high), std::clamp(interval.high, low, high)}};
}

}  // namespace

void SettledVariance::add(std::span<const double> outcomes) {
    Moments past;
    for (const double outcome : outcomes)
        if (!std::isnan(outcome)) past.add(outcome);
    if (past.count() < 2) return;
    means_.add(past.mean());
    within_.add(past.variance());
    within_of_means_.add(past.variance() / static_cast<double>(past.count()));
}

void SettledVariance::merge(const SettledVariance& other) {
    means_.merge(other.means_);
    within_.merge(other.within_);
    within_of_means_.merge(other.within_of_means_);
}

double SettledVariance::settled_share() const {
    const double total = settled() + luck();
    return total > 0 ? settled() / total : unknown_end;
}

VarianceSplit split_of(const Grouped<SettledVariance>& pasts) {
    const SettledVariance all = pasts.total();
    const std::vector<JackknifeEstimate> parts = pasts.jackknife_each([](const SettledVariance& some) {
        return std::vector<double>{some.settled(), some.luck(), some.settled_share()};
    });
    constexpr double endless = std::numeric_limits<double>::infinity();
    VarianceSplit split{.pasts = all.pasts(),
                        .mean = all.mean(),
                        .settled = bounded_part(parts[0], 0, endless),
                        .luck = bounded_part(parts[1], 0, endless),
                        .share = bounded_part(parts[2], 0, 1)};
    split.share.value = std::clamp(split.share.value, 0.0, 1.0);  // leaves NaN as it is
    return split;
}

}  // namespace venturi
