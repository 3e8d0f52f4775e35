#include "analysis/report/quantity_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace venturi {

namespace {

constexpr int most_decimals = 6;
constexpr std::string_view unknown = "–";

/// How a number is written: times `factor`, between a sign-aware prefix and a suffix.
struct Notation {
    double factor = 1;
    std::string_view prefix;
    std::string suffix;
};

struct Magnitude {
    double unit;
    std::string_view letter;
};
constexpr std::array<Magnitude, 4> magnitudes = {{{1e12, "T"}, {1e9, "B"}, {1e6, "M"}, {1e3, "k"}}};

Notation money_notation(double largest, std::string_view suffix) {
    for (const Magnitude& magnitude : magnitudes) {
        if (largest >= magnitude.unit)
            return {1 / magnitude.unit, "$", fmt::format("{}{}", magnitude.letter, suffix)};
    }
    return {1, "$", std::string(suffix)};
}

Notation notation(Dimension dimension, double largest) {
    switch (dimension) {
        case Dimension::number:
        case Dimension::count:
            return {};
        case Dimension::share:
            return {100, "", "%"};
        case Dimension::money:
            return money_notation(largest, "");
        case Dimension::money_per_month:
            return money_notation(largest, "/month");
        case Dimension::duration:
            return {1, "", " months"};
        case Dimension::rate:
            return {1, "", "/month"};
    }
    return {};
}

int decimals_for(double step) {
    if (!(step > 0) || !std::isfinite(step)) return 0;
    return std::clamp(-static_cast<int>(std::floor(std::log10(step))), 0, most_decimals);
}

std::string with_thousands_separated(const std::string& digits) {
    constexpr std::size_t group = 3;
    std::string text = digits;
    for (std::size_t at = std::min(text.find('.'), text.size()); at > group;)
        text.insert(at -= group, 1, ',');
    return text;
}

// The digits without a sign; numbers too large or too small to read in full get an exponent.
std::string magnitude_text(double magnitude, int decimals) {
    if (std::isinf(magnitude)) return "∞";
    constexpr double largest_in_full = 1e15;
    if (magnitude >= largest_in_full) return fmt::format("{:.2e}", magnitude);
    return with_thousands_separated(fmt::format("{:.{}f}", magnitude, decimals));
}

bool shows_zero(std::string_view digits) {
    return digits.find_first_not_of("0.,") == std::string_view::npos;
}

std::string signed_text(double number, int decimals, std::string_view prefix) {
    if (std::isnan(number)) return std::string(unknown);
    const std::string digits = magnitude_text(std::abs(number), decimals);
    const std::string_view sign = number < 0 && !shows_zero(digits) ? "-" : "";
    return fmt::format("{}{}{}", sign, prefix, digits);
}

double rounded_to_three_digits(double value) {
    return std::isfinite(value) ? std::stod(fmt::format("{:.2e}", value)) : value;
}

bool is_whole(double value) {
    return std::isfinite(value) && value == std::nearbyint(value);
}

// Three digits of the number itself.
Resolution own_resolution(double value, Dimension dimension) {
    if (dimension == Dimension::count && is_whole(value)) return {std::abs(value), 1};
    return {std::abs(value), std::abs(value) / 100};
}

double finite_magnitude(double value) {
    return std::isfinite(value) ? std::abs(value) : 0;
}

// A third of the half-width still shows, or three digits of the number where there is none.
Resolution resolution_of(const Estimate& estimate, Dimension dimension) {
    const double half_width = (estimate.high - estimate.low) / 2;
    const double largest = std::max(
        {finite_magnitude(estimate.value), finite_magnitude(estimate.low), finite_magnitude(estimate.high)});
    if (half_width > 0 && std::isfinite(half_width)) return {largest, half_width / 3};
    const double reference = finite_magnitude(estimate.value) > 0 ? estimate.value : largest;
    return {largest, own_resolution(reference, dimension).step};
}

}  // namespace

std::string quantity_text(double value, Dimension dimension) {
    const bool whole_count = dimension == Dimension::count && is_whole(value);
    const double shown = whole_count ? value : rounded_to_three_digits(value);
    return quantity_text(shown, dimension, own_resolution(shown, dimension));
}

std::string quantity_text(double value, Dimension dimension, const Resolution& resolution) {
    if (std::isnan(value)) return std::string(unknown);
    const Notation written = notation(dimension, finite_magnitude(resolution.largest));
    const int decimals = decimals_for(resolution.step * written.factor);
    return signed_text(value * written.factor, decimals, written.prefix) + written.suffix;
}

std::string estimate_text(const Estimate& estimate, Dimension dimension) {
    if (std::isnan(estimate.low) && std::isnan(estimate.high))
        return quantity_text(estimate.value, dimension);
    const Resolution resolution = resolution_of(estimate, dimension);
    const Notation written = notation(dimension, resolution.largest);
    const int decimals = decimals_for(resolution.step * written.factor);
    return fmt::format("{} [{}, {}]", quantity_text(estimate.value, dimension, resolution),
                       signed_text(estimate.low * written.factor, decimals, ""),
                       signed_text(estimate.high * written.factor, decimals, ""));
}

std::string interval_text(const Estimate& estimate, Dimension dimension) {
    std::string text = estimate_text(estimate, dimension);
    if (std::isnan(estimate.low) && std::isnan(estimate.high)) text += fmt::format(" [{}]", unknown);
    return text;
}

std::string interval_with_units_text(const Estimate& estimate, Dimension dimension) {
    const bool is_money = dimension == Dimension::money || dimension == Dimension::money_per_month;
    if (!is_money || (std::isnan(estimate.low) && std::isnan(estimate.high)))
        return interval_text(estimate, dimension);
    const Resolution resolution = resolution_of(estimate, dimension);
    return fmt::format("{} [{}, {}]", quantity_text(estimate.value, dimension, resolution),
                       quantity_text(estimate.low, dimension, resolution),
                       quantity_text(estimate.high, dimension, resolution));
}

std::string trajectories_text(std::uint64_t count) {
    return fmt::format("{} trajector{}", count, count == 1 ? "y" : "ies");
}

}  // namespace venturi
