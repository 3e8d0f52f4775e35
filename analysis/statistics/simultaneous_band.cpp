#include "analysis/statistics/simultaneous_band.hpp"

#include "sim/contract.hpp"
#include "sim/ensemble/critical_value.hpp"
#include "sim/random/normal_quantile.hpp"
#include "sim/random/stream.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace venturi {

namespace {

constexpr std::size_t band_draws = 10'000;

double normal_draw(Stream& stream) {
    return standard_normal_quantile(open_uniform(stream.next_word()));
}

}  // namespace

CurveBand simultaneous_band(std::span<const double> curve, std::span<const std::vector<double>> without,
                            double level) {
    expects(level > 0 && level < 1, "a confidence level is between 0 and 1");
    constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
    const std::size_t groups = without.size();
    CurveBand band{.value = {curve.begin(), curve.end()},
                   .interval = std::vector<Interval>(curve.size(), {unknown, unknown}),
                   .critical_value = unknown};
    for (const std::vector<double>& each : without)
        expects(each.size() == curve.size(), "a curve without a group has the curve's length");
    if (groups < 2) return band;

    const double factor = std::sqrt(static_cast<double>(groups - 1) / static_cast<double>(groups));
    std::vector<double> errors(curve.size());
    std::vector<std::size_t> moving;
    for (std::size_t i = 0; i < curve.size(); ++i) {
        double squares = 0;
        for (const std::vector<double>& each : without)
            squares += (each[i] - curve[i]) * (each[i] - curve[i]);
        errors[i] = factor * std::sqrt(squares);
        if (errors[i] > 0) moving.push_back(i);
    }

    Stream stream(StreamAddress{.seed = 1, .trajectory = 0, .agent = 0, .purpose = 0});
    std::vector<double> largest(band_draws, 0);
    std::vector<double> weights(groups);
    for (double& most : largest) {
        for (double& weight : weights) weight = normal_draw(stream);
        double chi_squared = 0;
        for (std::size_t i = 0; i + 1 < groups; ++i) {
            const double normal = normal_draw(stream);
            chi_squared += normal * normal;
        }
        const double scale = std::sqrt(chi_squared / static_cast<double>(groups - 1));
        for (const std::size_t i : moving) {
            double sum = 0;
            for (std::size_t group = 0; group < groups; ++group)
                sum += weights[group] * (without[group][i] - curve[i]);
            most = std::max(most, std::abs(factor * sum / errors[i]) / scale);
        }
    }
    const auto place = static_cast<std::ptrdiff_t>(std::ceil(level * static_cast<double>(band_draws))) - 1;
    std::ranges::nth_element(largest, largest.begin() + place);
    // One curve's largest deviation is never below that of a single point.
    const double pointwise = student_critical_value(level, static_cast<double>(groups - 1));
    band.critical_value = std::max(largest[static_cast<std::size_t>(place)], pointwise);
    for (std::size_t i = 0; i < curve.size(); ++i)
        if (!std::isnan(errors[i]))
            band.interval[i] = {curve[i] - band.critical_value * errors[i],
                                curve[i] + band.critical_value * errors[i]};
    return band;
}

}  // namespace venturi
