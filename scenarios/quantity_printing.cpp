// A short text of a quantity that reads back to the same double.
#include "scenarios/quantity.hpp"
#include "sim/contract.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <optional>

namespace venturi {
namespace {

constexpr double days_per_month = 365.25 / 12;

// The shortest digits of a double: 0.d1d2d3... × 10^point.
struct Digits {
    bool negative = false;
    std::string digits;
    int point = 0;
};

Digits digits_of(double value) {
    std::array<char, 32> buffer{};
    const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::abs(value),
                                       std::chars_format::scientific);
    const std::string_view text(buffer.data(), static_cast<std::size_t>(written.ptr - buffer.data()));
    const std::size_t exponent_mark = text.find('e');
    Digits result;
    result.negative = value < 0;
    for (const char c : text.substr(0, exponent_mark))
        if (c != '.') result.digits += c;
    std::string_view exponent = text.substr(exponent_mark + 1);
    if (exponent.starts_with('+')) exponent.remove_prefix(1);
    std::from_chars(exponent.data(), exponent.data() + exponent.size(), result.point);
    ++result.point;
    return result;
}

// The number × 10^shift without its sign; exact, since only the point moves.
std::string decimal_text(const Digits& number, int shift = 0) {
    constexpr int longest_plain = 21;
    const int point = number.point + shift;
    const int count = static_cast<int>(number.digits.size());
    if (point > longest_plain || point < -6) {
        const std::string fraction = number.digits.substr(1);
        return fmt::format("{}{}{}e{}", number.digits[0], fraction.empty() ? "" : ".", fraction, point - 1);
    }
    if (point <= 0) return "0." + std::string(static_cast<std::size_t>(-point), '0') + number.digits;
    if (point >= count) return number.digits + std::string(static_cast<std::size_t>(point - count), '0');
    return number.digits.substr(0, static_cast<std::size_t>(point)) + "."
           + number.digits.substr(static_cast<std::size_t>(point));
}

std::string signed_text(double value, int shift = 0) {
    if (value == 0) return "0";
    const Digits digits = digits_of(value);
    return (digits.negative ? "-" : "") + decimal_text(digits, shift);
}

std::string money_text(double value) {
    if (value == 0) return "$0";
    const Digits digits = digits_of(value);
    std::string best = decimal_text(digits);
    // Three decimals of a dollar could be taken for thousands, four can't.
    const std::size_t point = best.find('.');
    if (point != std::string::npos && best.size() - point == 4) best += '0';
    for (const auto& [suffix, power] : {std::pair{'k', 3}, {'M', 6}, {'B', 9}, {'T', 12}}) {
        if (digits.point <= power || digits.point > power + 3) continue;
        std::string candidate = decimal_text(digits, -power) + suffix;
        if (candidate.size() <= best.size()) best = std::move(candidate);
    }
    return fmt::format("{}${}", digits.negative ? "-" : "", best);
}

// A number of at most six digits near `value` that makes a text which reads back to `exact`.
template <class Write>
std::optional<std::string> short_text(double value, double exact, Dimension dimension, const Write& write) {
    constexpr int most_digits = 6;
    if (!std::isfinite(value)) return std::nullopt;
    const std::string rounded = fmt::format("{:.{}e}", value, most_digits - 1);
    double short_value = 0;
    std::from_chars(rounded.data(), rounded.data() + rounded.size(), short_value);
    std::string text = write(short_value);
    if (parse_quantity(text, dimension) != exact) return std::nullopt;
    return text;
}

void prefer_shorter(std::string& best, std::optional<std::string> candidate) {
    if (candidate && candidate->size() < best.size()) best = *std::move(candidate);
}

// Whether the value reads well as it is; other units are tried for the rest: 13.798767967145791 months are
// 420 days.
bool has_few_digits(double value) {
    return value == 0 || digits_of(value).digits.size() <= 4;
}

std::string duration_text(double value) {
    const auto in = [](std::string_view unit) {
        return [unit](double count) {
            return fmt::format("{} {}{}", signed_text(count), unit, count == 1 ? "" : "s");
        };
    };
    std::string best = in("month")(value);
    if (has_few_digits(value)) return best;
    for (const auto& [unit, per_month] :
         {std::pair{"year", 1.0 / 12}, {"day", days_per_month}, {"week", days_per_month / 7}})
        prefer_shorter(best, short_text(value * per_month, value, Dimension::duration, in(unit)));
    return best;
}

// A text per time; `write` prints the amount.
template <class Write>
std::string per_time_text(double value, Dimension dimension, const Write& write) {
    const auto per = [&write](std::string_view unit) {
        return [unit, &write](double amount) { return fmt::format("{}/{}", write(amount), unit); };
    };
    std::string best = per("month")(value);
    if (has_few_digits(value)) return best;
    for (const auto& [unit, months] :
         {std::pair{"year", 12.0}, {"quarter", 3.0}, {"week", 7 / days_per_month}})
        prefer_shorter(best, short_text(value * months, value, dimension, per(unit)));
    return best;
}

}  // namespace

std::string print_quantity(double value, Dimension dimension) {
    expects(std::isfinite(value), "a quantity that is printed must be finite");
    switch (dimension) {
        case Dimension::share:
            return signed_text(value, 2) + "%";
        case Dimension::money:
            return money_text(value);
        case Dimension::money_per_month:
            return per_time_text(value, dimension, money_text);
        case Dimension::duration:
            return duration_text(value);
        case Dimension::rate:
            return per_time_text(value, dimension, [](double amount) { return signed_text(amount); });
        case Dimension::number:
        case Dimension::count:
            break;
    }
    return signed_text(value);
}

std::string print_range(const Range& range, Dimension dimension) {
    const bool has_low = std::isfinite(range.low);
    const bool has_high = std::isfinite(range.high);
    const auto text = [dimension](double end) { return print_quantity(end, dimension); };
    if (!has_low && !has_high) return dimension == Dimension::count ? "any whole number" : "any finite value";
    if (has_low && has_high && !range.low_open && !range.high_open)
        return fmt::format("between {} and {}", text(range.low), text(range.high));
    std::string result;
    if (has_low) result = fmt::format("{} {}", range.low_open ? "above" : "at least", text(range.low));
    if (has_low && has_high) result += " and ";
    if (has_high) result += fmt::format("{} {}", range.high_open ? "below" : "at most", text(range.high));
    return result;
}

}  // namespace venturi
