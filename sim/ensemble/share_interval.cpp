#include "sim/ensemble/share_interval.hpp"

#include "sim/contract.hpp"
#include "sim/ensemble/critical_value.hpp"

#include <boost/math/special_functions/beta.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace venturi {
namespace {

constexpr Interval unknown = {std::numeric_limits<double>::quiet_NaN(),
                              std::numeric_limits<double>::quiet_NaN()};

void expects_level(double level) {
    expects(level > 0 && level < 1, "a confidence level is between 0 and 1");
}

double from_logit(double value) {
    return value < 0 ? std::exp(value) / (1 + std::exp(value)) : 1 / (1 + std::exp(-value));
}

// Σ x (1 − x) is 0 for numbers between 0 and 1 only where each of them is the one or the other.
bool each_is_none_or_all(const Moments& shares) {
    const double n = static_cast<double>(shares.count());
    const double spread = shares.mean() * (1 - shares.mean());
    return std::abs(shares.variance() * (n - 1) / n - spread) <= 1e-9 * spread;
}

}  // namespace

Interval clopper_pearson_interval(double successes, double trials, double level) {
    expects_level(level);
    expects(trials > 0 && successes >= 0 && successes <= trials,
            "of a positive number of trials none to all succeed");
    const double failures = trials - successes;
    if (successes == 0 || failures == 0) return unvaried_share_interval(successes / trials, trials, level);
    const double tail = (1 - level) / 2;
    return {boost::math::ibeta_inv(successes, failures + 1, tail),
            boost::math::ibetac_inv(successes + 1, failures, tail)};
}

Interval unvaried_share_interval(double share, double trials, double level) {
    expects_level(level);
    expects(share >= 0 && share <= 1 && trials > 0, "a share is from 0 to 1, of a positive number of trials");
    const double as_seen = std::pow((1 - level) / 2, 1 / trials);
    return {share * as_seen, 1 - (1 - share) * as_seen};
}

Interval logit_interval(double share, double standard_error, double degrees_of_freedom, double level) {
    expects(share > 0 && share < 1 && standard_error > 0, "a share with an error is between 0 and 1");
    const double middle = std::log(share) - std::log1p(-share);
    const double reach =
        student_critical_value(level, degrees_of_freedom) * standard_error / (share * (1 - share));
    return {from_logit(middle - reach), from_logit(middle + reach)};
}

Interval product_share_interval(std::span<const double> estimates, double level) {
    expects_level(level);
    constexpr double least_logarithm = -2;  // of an estimate over the mean
    Moments plain;
    for (const double estimate : estimates) plain.add(estimate);
    const double share = plain.mean();
    expects(estimates.size() >= 2 && plain.minimum() >= 0 && plain.maximum() <= 1 && share < 1
                && plain.standard_error() > 0,
            "there are two estimates from 0 to 1 or more, and they differ");
    Moments logarithms;
    for (const double estimate : estimates)
        logarithms.add(std::max(std::log(estimate / share), least_logarithm));
    const auto n = static_cast<double>(estimates.size());
    const double v = logarithms.variance();
    const double of_log_normals = v / n + v * v / (2 * (n - 1));
    const double as_seen = std::pow(plain.standard_error() / share, 2);
    // From the scale of logarithms to that of log(p / (1 − p)), whose bend has the other sign above a half.
    const double complement = 1 - share;
    const double move = of_log_normals * (1 - 2 * share) / (complement * complement);
    const double reach =
        student_critical_value(level, n - 1) * std::sqrt(std::max(of_log_normals, as_seen)) / complement;
    const double middle = std::log(share) - std::log1p(-share);
    const auto above_zero =
        static_cast<double>(std::ranges::count_if(estimates, [](double estimate) { return estimate > 0; }));
    const double certain = clopper_pearson_interval(above_zero, n, level).low * n / above_zero;
    const double least = above_zero < n ? share * certain : share;
    return {std::min(from_logit(middle + move - reach), least),
            std::max(from_logit(middle + move + reach), share)};
}

Interval share_interval(const Moments& shares, double level) {
    if (shares.count() < 2 || std::isnan(shares.mean())) return unknown;
    if (shares.minimum() < 0 || shares.maximum() > 1) return shares.confidence_interval(level);
    const double n = static_cast<double>(shares.count());
    if (shares.minimum() == shares.maximum()) return unvaried_share_interval(shares.minimum(), n, level);
    if (each_is_none_or_all(shares)) return clopper_pearson_interval(std::round(shares.mean() * n), n, level);
    return logit_interval(shares.mean(), shares.standard_error(), n - 1, level);
}

Interval share_interval(const JackknifeEstimate& share, double trials, double level) {
    if (share.groups < 2 || std::isnan(share.value) || !(trials > 0)) return unknown;
    if (share.value < 0 || share.value > 1) return share.interval(level);
    // Leaving out a group of those that are all alike may move the share by rounding.
    constexpr double rounding = 1e-12;
    if (share.standard_error <= rounding * share.value || share.value == 0 || share.value == 1)
        return unvaried_share_interval(share.value, trials, level);
    if (std::isnan(share.standard_error)) return unknown;
    return logit_interval(share.value, share.standard_error, static_cast<double>(share.groups - 1), level);
}

}  // namespace venturi
