#include "analysis/report/plot_scale.hpp"

#include "analysis/report/quantity_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <iterator>
#include <string_view>

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

// "10⁻⁴"; 1 and its neighbours as they are usually written.
std::string power_label(int digit, int exponent, bool in_powers) {
    constexpr std::array<std::string_view, 10> raised = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    if (!in_powers || exponent == 0) return fmt::format("{:.6g}", digit * std::pow(10.0, exponent));
    std::string label = digit == 1 ? "10" : fmt::format("{}·10", digit);
    if (exponent < 0) label += "⁻";
    for (const char c : std::to_string(std::abs(exponent)))
        label += raised[static_cast<std::size_t>(c - '0')];
    return label;
}

PlotScale fit_logarithmic_scale(const PlotAxis& axis, std::vector<double> values, double at_low,
                                double at_high, int most_ticks) {
    std::erase_if(values, [](double value) { return !(value > 0); });
    const Extent data = values.empty() ? Extent{0.1, 1} : extent_of(values);
    constexpr double tolerance = 1e-9;  // an end at a power of ten stays there
    const auto first = static_cast<int>(std::floor(std::log10(axis.low.value_or(data.low)) + tolerance));
    const int last = std::max(
        first + 1, static_cast<int>(std::ceil(std::log10(axis.high.value_or(data.high)) - tolerance)));
    PlotScale scale{std::pow(10.0, first), std::pow(10.0, last), at_low, at_high, {}, true};
    const int decades = last - first;
    const int step = (decades + most_ticks - 1) / most_ticks;
    constexpr int usual_digits = 3;
    const bool in_powers = first < -usual_digits || last > usual_digits;
    const std::vector<int> digits = 3 * decades < most_ticks ? std::vector{1, 2, 5} : std::vector{1};
    // From the upper end down, where a probability of 1 is.
    for (int exponent = last; exponent >= first; exponent -= step)
        for (const int digit : digits)
            if (digit == 1 || exponent < last)
                scale.ticks.push_back(
                    {digit * std::pow(10.0, exponent), power_label(digit, exponent, in_powers)});
    return scale;
}

}  // namespace

double PlotScale::pixel(double value) const {
    if (!is_logarithmic) return at_low + (value - low) / (high - low) * (at_high - at_low);
    if (!(value > 0)) return at_low;
    return at_low + std::log10(value / low) / std::log10(high / low) * (at_high - at_low);
}

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
    if (!axis.names.empty()) {
        PlotScale scale{0.5, static_cast<double>(axis.names.size()) + 0.5, at_low, at_high, {}};
        for (std::size_t i = 0; i < axis.names.size(); ++i)
            scale.ticks.push_back({static_cast<double>(i + 1), axis.names[i]});
        return scale;
    }
    if (axis.is_logarithmic) return fit_logarithmic_scale(axis, values, at_low, at_high, most_ticks);
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
