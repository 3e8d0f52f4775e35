#include "scenarios/quantity.hpp"

#include "scenarios/problem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <system_error>
#include <utility>

namespace venturi {
namespace {

constexpr double days_per_month = 365.25 / 12;
constexpr std::size_t longest_text = 100;

struct Vocabulary {
    std::string_view name;
    std::string_view unit;
    std::string_view how;
};

constexpr std::array<Vocabulary, 7> vocabularies{{
    {"number", "1", "a number: 0.3, -2, 1e-3"},
    {"share", "1", "a share: 24% or 0.24"},
    {"count", "1", "a whole number: 50 or 1,000"},
    {"money", "USD", "an amount of money: $2.5M, $2.5 million, $300k, $1,200,000 or 2.5M USD"},
    {"money_per_month", "USD/month", "money per time: $120k/month or $1.4M/year"},
    {"duration", "months", "a duration: 18 months, 1.5 years, 420 days or 6 weeks"},
    {"rate", "1/month", "a rate: 0.5/month, 3/year, 24%/year or once every 18 months"},
}};

const Vocabulary& vocabulary(Dimension dimension) {
    return vocabularies.at(static_cast<std::size_t>(dimension));
}

struct TimeUnit {
    std::string_view singular;
    double count;   // this many of the unit ...
    double months;  // ... are this many months
};

// As a ratio, so that the factor of each unit is rounded once.
constexpr std::array<TimeUnit, 5> time_units{{
    {"month", 1, 1},
    {"year", 1, 12},
    {"quarter", 1, 3},
    {"week", days_per_month, 7},
    {"day", days_per_month, 1},
}};

// What may stand after an amount of money, a longer word before what it begins with.
struct Magnitude {
    std::string_view word;
    int power;
};

constexpr std::array<Magnitude, 14> magnitudes{{{"thousand", 3},
                                                {"k", 3},
                                                {"K", 3},
                                                {"million", 6},
                                                {"mn", 6},
                                                {"m", 6},
                                                {"M", 6},
                                                {"billion", 9},
                                                {"bn", 9},
                                                {"b", 9},
                                                {"B", 9},
                                                {"trillion", 12},
                                                {"tn", 12},
                                                {"T", 12}}};

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

bool take_front(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

bool take_back(std::string_view& text, std::string_view suffix) {
    if (!text.ends_with(suffix)) return false;
    text.remove_suffix(suffix.size());
    return true;
}

// Digits with one mark among them, such as 2.000 and 1,5, which some countries read as two thousand and one
// and a half: what it would be with the decimal point, and with the comma between thousands. Not everything
// that could be misread is refused, for 2.146 is a usual way to write a number; but nobody who means a
// decimal writes three of them with a zero last.
struct TwoReadings {
    std::string as_decimal;
    std::string as_thousands;  // empty where it can't be
};

std::optional<TwoReadings> two_readings(std::string_view text, bool every_three_digits) {
    const std::size_t first = text.find_first_of("0123456789");
    if (first == std::string_view::npos) return std::nullopt;
    const std::size_t end = std::min(text.find_first_not_of("0123456789.,", first), text.size());
    std::string_view number = text.substr(first, end - first);
    // A comma at the end is another mistake.
    const bool has_exponent = end < text.size() && (text[end] == 'e' || text[end] == 'E');
    const std::size_t mark = number.find_first_of(".,");
    if (has_exponent || mark == std::string_view::npos || mark + 1 == number.size()
        || number.find_first_of(".,", mark + 1) != std::string_view::npos)
        return std::nullopt;
    const std::string whole(number.substr(0, mark));
    std::string fraction(number.substr(mark + 1));
    const bool could_be_group =
        fraction.size() == 3 && whole.size() <= 3 && !whole.empty() && whole.front() != '0';
    const std::string thousands = could_be_group ? whole + "," + fraction : std::string{};
    if (number[mark] == ',' && could_be_group) return std::nullopt;  // as we write it
    if (number[mark] == '.' && !(could_be_group && (every_three_digits || fraction.back() == '0')))
        return std::nullopt;
    while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
    const std::string before = whole.empty() ? "0" : whole;
    return TwoReadings{fraction.empty() ? before : before + "." + fraction, thousands};
}

[[noreturn]] void fail(std::string_view text, std::string_view what, std::string_view legal) {
    throw QuantityError(fmt::format("{} {}", in_quotes(text), what), std::string(legal));
}

// A decimal as written, kept as text so that a shift of its point is exact.
struct Decimal {
    std::string mantissa;
    int exponent = 0;

    [[nodiscard]] std::optional<double> value(int shift = 0) const {
        const std::string text = fmt::format("{}e{}", mantissa, exponent + shift);
        double result = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), result);
        if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
        return result;
    }
};

// Digits at the front of `rest`, in groups of three where commas separate them; empty where the grouping is
// wrong.
std::string take_whole_part(std::string_view& rest) {
    std::string digits;
    std::size_t group = 0;
    bool grouped = false;
    while (!rest.empty()) {
        if (is_digit(rest.front())) {
            digits += rest.front();
            ++group;
        } else if (rest.front() == ',') {
            if (group == 0 || group > 3 || (grouped && group != 3)) return {};
            grouped = true;
            group = 0;
        } else {
            break;
        }
        rest.remove_prefix(1);
    }
    return grouped && group != 3 ? std::string{} : digits;
}

// The unsigned decimal at the front of `rest`.
std::optional<Decimal> take_decimal(std::string_view& rest) {
    std::string_view after = rest;
    const bool starts_with_point = after.starts_with('.');
    Decimal decimal{.mantissa = starts_with_point ? "0" : take_whole_part(after)};
    if (decimal.mantissa.empty()) return std::nullopt;
    if (after.starts_with('.')) {
        decimal.mantissa += '.';
        after.remove_prefix(1);
        std::size_t digits = 0;
        for (; !after.empty() && is_digit(after.front()); after.remove_prefix(1), ++digits)
            decimal.mantissa += after.front();
        if (digits == 0) return std::nullopt;
    }
    if (after.starts_with('e') || after.starts_with('E')) {
        std::string_view exponent = after.substr(1);
        take_front(exponent, "+");
        int written = 0;
        const auto [end, error] =
            std::from_chars(exponent.data(), exponent.data() + exponent.size(), written);
        if (error != std::errc{} || std::abs(written) > 9999) return std::nullopt;
        decimal.exponent = written;
        after = exponent.substr(static_cast<std::size_t>(end - exponent.data()));
    }
    rest = after;
    return decimal;
}

int take_sign(std::string_view& rest) {
    if (take_front(rest, "-")) return -1;
    take_front(rest, "+");
    return 1;
}

const TimeUnit* find_time_unit(std::string_view word) {
    for (const TimeUnit& unit : time_units)
        if (word == unit.singular
            || (word.ends_with('s') && word.substr(0, word.size() - 1) == unit.singular))
            return &unit;
    return nullptr;
}

// Reads one text; keeps the whole of it for messages.
class QuantityReader {
  public:
    QuantityReader(std::string_view text, std::string_view legal) : text_(trim(text)), legal_(legal) {
        if (text_.empty()) throw QuantityError("an empty value", std::string(legal));
        if (text_.size() > longest_text) reject("is too long for a quantity");
        reject_what_is_not_finite();
    }

    /// `every_three_digits`: where three decimals are unheard of, as of dollars.
    void reject_two_readings(bool every_three_digits) const {
        const std::optional<TwoReadings> readings = two_readings(text_, every_three_digits);
        if (!readings) return;
        const std::string& decimal = readings->as_decimal;
        throw QuantityError(
            readings->as_thousands.empty()
                ? fmt::format("{} is ambiguous: the decimal sign is a point", in_quotes(text_))
                : fmt::format("{} is ambiguous: {} or {}", in_quotes(text_), decimal, readings->as_thousands),
            readings->as_thousands.empty() ? decimal
                                           : fmt::format("{}, or {}", decimal, readings->as_thousands));
    }

    [[nodiscard]] bool is_bare_zero() const {
        std::string_view rest = text_;
        take_sign(rest);
        const std::optional<Decimal> decimal = take_decimal(rest);
        return decimal && rest.empty() && decimal->value() == 0.0;
    }

    [[nodiscard]] double number() const { return plain(text_, 0); }

    [[nodiscard]] double share() const {
        std::string_view rest = text_;
        if (!take_back(rest, "%")) return number();
        return plain(trim(rest), -2);
    }

    [[nodiscard]] double money() const { return money(text_); }

    [[nodiscard]] double money_per_month() const {
        const auto [amount, unit] = split_per();
        return money(amount) * unit.count / unit.months;
    }

    [[nodiscard]] double duration() const {
        std::string_view rest = text_;
        const int sign = take_sign(rest);
        const Decimal decimal = decimal_of(rest);
        rest = trim(rest);
        if (rest.empty()) reject("has no unit");
        const TimeUnit* unit = find_time_unit(rest);
        if (unit == nullptr) reject(fmt::format("has an unknown unit '{}'", rest));
        return sign * value_of(decimal, 0) * unit->months / unit->count;
    }

    [[nodiscard]] double rate() const {
        if (std::string_view rest = text_; take_front(rest, "once every ") || take_front(rest, "every "))
            return rate_of_interval(trim(rest));
        auto [amount, unit] = split_per();
        const bool percent = take_back(amount, "%");
        return plain(trim(amount), percent ? -2 : 0) * unit.count / unit.months;
    }

    [[noreturn]] void reject(std::string_view what) const { fail(text_, what, legal_); }

  private:
    void reject_what_is_not_finite() const {
        std::string_view word = text_;
        take_sign(word);
        take_front(word, ".");
        for (const std::string_view name : {"nan", "NaN", "NAN", "inf", "Inf", "INF", "infinity", "Infinity"})
            if (word == name) reject("is not a finite number");
    }

    [[nodiscard]] Decimal decimal_of(std::string_view& rest) const {
        std::optional<Decimal> decimal = take_decimal(rest);
        if (!decimal) reject("is not a number that can be read");
        return *std::move(decimal);
    }

    [[nodiscard]] double value_of(const Decimal& decimal, int shift) const {
        const std::optional<double> value = decimal.value(shift);
        if (!value) reject("is too large or too small to be held");
        return *value;
    }

    [[nodiscard]] double plain(std::string_view rest, int shift) const {
        const int sign = take_sign(rest);
        const Decimal decimal = decimal_of(rest);
        if (!rest.empty()) reject(fmt::format("has '{}' after the number", trim(rest)));
        return sign * value_of(decimal, shift);
    }

    // What makes another word of a magnitude before it: "18 months" are no millions.
    [[nodiscard]] static bool continues_a_word(std::string_view rest) {
        const bool is_letter = !rest.empty()
                               && std::string_view("USD").find(rest.front()) == std::string_view::npos
                               && ((rest.front() | 0x20) >= 'a' && (rest.front() | 0x20) <= 'z');
        return is_letter;
    }

    [[nodiscard]] double money(std::string_view rest) const {
        rest = trim(rest);
        int sign = take_sign(rest);
        bool has_unit = take_front(rest, "$");
        if (has_unit && rest.starts_with('-')) sign *= take_sign(rest);
        const Decimal decimal = decimal_of(rest);
        int shift = 0;
        rest = trim(rest);
        for (const auto& [word, power] : magnitudes)
            if (std::string_view after = rest; take_front(after, word) && !continues_a_word(after)) {
                rest = after;
                shift = power;
                break;
            }
        rest = trim(rest);
        has_unit = take_front(rest, "USD") || has_unit;
        if (!rest.empty()) reject(fmt::format("has an unknown unit '{}'", rest));
        if (!has_unit) reject("has no unit");
        return sign * value_of(decimal, shift);
    }

    // The parts of "amount/unit" or "amount per unit".
    [[nodiscard]] std::pair<std::string_view, TimeUnit> split_per() const {
        std::size_t end = text_.find('/');
        std::size_t width = 1;
        if (end == std::string_view::npos) {
            end = text_.find(" per ");
            width = 5;
        }
        if (end == std::string_view::npos) reject("has no unit of time");
        const std::string_view word = trim(text_.substr(end + width));
        const TimeUnit* unit = find_time_unit(word);
        if (unit == nullptr) reject(fmt::format("has an unknown unit of time '{}'", word));
        return {trim(text_.substr(0, end)), *unit};
    }

    // Once every "18 months" or "month".
    [[nodiscard]] double rate_of_interval(std::string_view interval) const {
        Decimal decimal{.mantissa = "1"};
        if (find_time_unit(interval) == nullptr) decimal = decimal_of(interval);
        const TimeUnit* unit = find_time_unit(trim(interval));
        if (unit == nullptr) reject("has no unit of time");
        const double every = value_of(decimal, 0);
        if (every <= 0) reject("asks for an event at every instant");
        return unit->count / (every * unit->months);
    }

    std::string_view text_;
    std::string_view legal_;
};

double parse_unchecked(const QuantityReader& reader, Dimension dimension) {
    if (reader.is_bare_zero()) return 0;
    switch (dimension) {
        case Dimension::share:
            return reader.share();
        case Dimension::money:
            return reader.money();
        case Dimension::money_per_month:
            return reader.money_per_month();
        case Dimension::duration:
            return reader.duration();
        case Dimension::rate:
            return reader.rate();
        case Dimension::number:
        case Dimension::count:
            break;
    }
    return reader.number();
}

// Whether three digits after a point can hardly be decimals: whole numbers, and dollars that no letter makes
// thousands of.
bool is_ever_thousands(std::string_view text, Dimension dimension) {
    const bool money = dimension == Dimension::money || dimension == Dimension::money_per_month;
    if (!money) return dimension == Dimension::count;
    const std::size_t mark = text.find('.');
    if (mark == std::string_view::npos) return false;
    const std::size_t after = text.find_first_not_of("0123456789", mark + 1);
    if (after == std::string_view::npos) return true;
    const std::string_view rest = trim(text.substr(after));
    return std::none_of(magnitudes.begin(), magnitudes.end(),
                        [rest](const Magnitude& magnitude) { return rest.starts_with(magnitude.word); });
}

// What its unit says a text measures.
Dimension dimension_of(std::string_view text) {
    const bool money = text.find('$') != std::string_view::npos || text.find("USD") != std::string_view::npos;
    const bool per = text.find('/') != std::string_view::npos || text.find(" per ") != std::string_view::npos;
    if (money) return per ? Dimension::money_per_month : Dimension::money;
    if (per || text.starts_with("once ") || text.starts_with("every ")) return Dimension::rate;
    if (text.ends_with('%')) return Dimension::share;
    const std::size_t word = text.find_last_not_of("abcdefghijklmnopqrstuvwxyz");
    const bool has_word = word != std::string_view::npos && word + 1 < text.size();
    return has_word && find_time_unit(text.substr(word + 1)) != nullptr ? Dimension::duration
                                                                        : Dimension::number;
}

}  // namespace

double parse_number(std::string_view text) {
    return parse_quantity(text, Dimension::number);
}

double parse_quantity(std::string_view text, Dimension dimension) {
    const QuantityReader reader(text, how_to_write(dimension));
    reader.reject_two_readings(is_ever_thousands(text, dimension));
    const double value = parse_unchecked(reader, dimension);
    if (!std::isfinite(value)) reader.reject("is too large or too small to be held");
    if (dimension == Dimension::count && value != std::trunc(value)) reader.reject("is not whole");
    return value + 0.0;  // no negative zero
}

double parse_quantity(std::string_view text, Dimension dimension, const Range& legal) {
    const double value = parse_quantity(text, dimension);
    if (!legal.contains(value)) fail(trim(text), "is out of range", print_range(legal, dimension));
    return value;
}

std::int64_t parse_whole(std::string_view text, const Range& legal) {
    constexpr double exact = 0x1p53;
    const double nearest = parse_quantity(text, Dimension::count, legal);
    if (std::abs(nearest) < exact) return static_cast<std::int64_t>(nearest);
    std::int64_t value = 0;
    const std::string_view digits = trim(text);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size())
        fail(digits, "is too large for a whole number", "at most 9223372036854775807, written in digits");
    return value;
}

Quantity parse_any_quantity(std::string_view text) {
    const Dimension dimension = dimension_of(trim(text));
    return {parse_quantity(text, dimension), dimension};
}

std::string_view unit_of(Dimension dimension) {
    return vocabulary(dimension).unit;
}
std::string_view how_to_write(Dimension dimension) {
    return vocabulary(dimension).how;
}
std::string_view name_of(Dimension dimension) {
    return vocabulary(dimension).name;
}

std::string pattern_of(Dimension dimension) {
    const std::string sign = R"([-+]?)";
    const std::string digits =
        R"((([1-9][0-9]{0,2}(,[0-9]{3})+|[0-9]+)(\.[0-9]+)?|\.[0-9]+)([eE][-+]?[0-9]+)?)";
    const std::string magnitude = R"(( ?(k|K|thousand|mn?|M|million|bn?|B|billion|tn|T|trillion))?)";
    const std::string word = R"((day|week|month|quarter|year)s?)";
    const std::string per = R"( ?(/| per ) ?)" + word;
    const std::string money =
        fmt::format(R"(({0}\${0}{1}{2}( ?USD)?|{0}{1}{2} ?USD))", sign, digits, magnitude);
    switch (dimension) {
        case Dimension::share:
            return fmt::format("^{}{}( ?%)?$", sign, digits);
        case Dimension::money:
            return fmt::format("^({}|0)$", money);
        case Dimension::money_per_month:
            return fmt::format("^({}{}|0)$", money, per);
        case Dimension::duration:
            return fmt::format("^({}{} ?{}|0)$", sign, digits, word);
        case Dimension::rate:
            return fmt::format("^({}{}( ?%)?{}|(once )?every ({} ?)?{}|0)$", sign, digits, per, digits, word);
        case Dimension::number:
        case Dimension::count:
            break;
    }
    return fmt::format("^{}{}$", sign, digits);
}

}  // namespace venturi
