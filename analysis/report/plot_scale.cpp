#include "analysis/report/plot_scale.hpp"

#include "analysis/report/quantity_text.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace venturi {

namespace {

struct Extent {
    double low;
    double high;
};

Extent extent_of(const std::vector<double>& values) {
    std::vector<double> finite;
    std::copy_if(values.begin(), values.end(), std::back_inserter(finite),
                 [](double value) { return std::isfinite(value); });
    if (finite.empty()) return {0, 1};
    const auto [low, high] = std::minmax_element(finite.begin(), finite.end());
    return {*low, *high};
}

// An axis needs length: one that has none, or whose ends are too close to tell apart, is widened.
Extent with_length(Extent extent) {
    const double magnitude = std::max(std::abs(extent.low), std::abs(extent.high));
    if (extent.high - extent.low > 1e-9 * magnitude) return extent;
    const double margin = magnitude > 0 ? magnitude / 10 : 1;
    return {extent.low - margin, extent.low + margin};
}

bool is_money(Dimension dimension) {
    return dimension == Dimension::money || dimension == Dimension::money_per_month;
}

// Labels without units: these stand in the axis label. Shares and money keep their short signs.
std::string tick_label(double value, Dimension dimension, const Resolution& resolution) {
    if (is_money(dimension)) return value == 0 ? "$0" : quantity_text(value, Dimension::money, resolution);
    return quantity_text(value, dimension == Dimension::share ? dimension : Dimension::number, resolution);
}

}  // namespace

double round_step(double span, int most) {
    const double smallest = span / most;
    const double power = std::pow(10.0, std::floor(std::log10(smallest)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= smallest * (1 - 1e-9)) return factor * power;
    }
    return 10 * power;
}

PlotScale fit_scale(const PlotAxis& axis, const std::vector<double>& values, double at_low, double at_high,
                    int most_ticks) {
    const Extent data = extent_of(values);
    const Extent ends = with_length({axis.low.value_or(data.low), axis.high.value_or(data.high)});
    const double step = round_step(ends.high - ends.low, most_ticks);
    constexpr double tolerance = 1e-6;  // in steps: an end on a tick stays there
    const double first = std::floor(ends.low / step + tolerance);
    const double last = std::ceil(ends.high / step - tolerance);
    PlotScale scale{axis.low.value_or(first * step), axis.high.value_or(last * step), at_low, at_high, {}};
    const Extent whole = with_length({scale.low, scale.high});
    scale.low = whole.low;
    scale.high = whole.high;
    const Resolution resolution{std::max(std::abs(scale.low), std::abs(scale.high)), step};
    const auto steps = static_cast<int>(last - first);
    for (int number = 0; number <= steps; ++number) {
        const double value = (first + number) * step;
        if (value < scale.low - tolerance * step || value > scale.high + tolerance * step) continue;
        scale.ticks.push_back({value, tick_label(value, axis.dimension, resolution)});
    }
    return scale;
}

}  // namespace venturi
