#include "scenarios/quantity.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <locale>
#include <random>
#include <regex>

using namespace venturi;
using Catch::Matchers::Contains;

namespace {

QuantityError error_of(const std::string& text, Dimension dimension, const Range& legal = {}) {
    try {
        static_cast<void>(parse_quantity(text, dimension, legal));
    } catch (const QuantityError& error) {
        return error;
    }
    FAIL("'" << text << "' was taken for a quantity");
    throw std::logic_error("unreachable");
}

struct Written {
    std::string text;
    Dimension dimension;
    double value;
};

constexpr std::array all_dimensions{Dimension::number,         Dimension::share,    Dimension::count,
                                    Dimension::money,          Dimension::duration, Dimension::rate,
                                    Dimension::money_per_month};

}  // namespace

TEST_CASE("quantities are read in the units of the simulator") {
    const auto written = GENERATE(values<Written>({
        {"0.3", Dimension::number, 0.3},
        {"-2", Dimension::number, -2},
        {"1e-3", Dimension::number, 1e-3},
        {"+.5", Dimension::number, 0.5},
        {"24%", Dimension::share, 0.24},
        {"0.24", Dimension::share, 0.24},
        {"1.07 %", Dimension::share, 0.0107},
        {"50", Dimension::count, 50},
        {"1,000", Dimension::count, 1000},
        {"$2.5M", Dimension::money, 2.5e6},
        {"$300k", Dimension::money, 3e5},
        {"$300K", Dimension::money, 3e5},
        {"2.5M USD", Dimension::money, 2.5e6},
        {"$1,200,000", Dimension::money, 1.2e6},
        {"$1.5B", Dimension::money, 1.5e9},
        {"$1.5m", Dimension::money, 1.5e6},
        {"$1.5 million", Dimension::money, 1.5e6},
        {"$1.5 M", Dimension::money, 1.5e6},
        {"1.5 million USD", Dimension::money, 1.5e6},
        {"$200 thousand", Dimension::money, 2e5},
        {"$1.2bn", Dimension::money, 1.2e9},
        {"$3 billion", Dimension::money, 3e9},
        {"$1.625m", Dimension::money, 1.625e6},
        {"$1.5m/year", Dimension::money_per_month, 125e3},
        {"2.146", Dimension::number, 2.146},
        {"0.500", Dimension::number, 0.5},
        {"2.0000", Dimension::number, 2},
        {"2.000e3", Dimension::number, 2000},
        {"1,200.000", Dimension::number, 1200},
        {"$2T", Dimension::money, 2e12},
        {"-$2M", Dimension::money, -2e6},
        {"$-2M", Dimension::money, -2e6},
        {"$120k/month", Dimension::money_per_month, 120e3},
        {"$1.2M/year", Dimension::money_per_month, 1e5},
        {"$1.2M per year", Dimension::money_per_month, 1e5},
        {"18 months", Dimension::duration, 18},
        {"1 month", Dimension::duration, 1},
        {"1.5 years", Dimension::duration, 18},
        {"2 quarters", Dimension::duration, 6},
        {"420 days", Dimension::duration, 420 / 30.4375},
        {"6 weeks", Dimension::duration, 42 / 30.4375},
        {"0.5/month", Dimension::rate, 0.5},
        {"3/year", Dimension::rate, 0.25},
        {"24%/year", Dimension::rate, 0.02},
        {"once every 18 months", Dimension::rate, 1.0 / 18},
        {"once every month", Dimension::rate, 1},
        {"every 2 years", Dimension::rate, 1.0 / 24},
        {"  0.5/month ", Dimension::rate, 0.5},
    }));
    CAPTURE(written.text);
    CHECK(parse_quantity(written.text, written.dimension) == written.value);
}

TEST_CASE("zero needs no unit, every other number of a dimension with units does") {
    for (const Dimension dimension :
         {Dimension::money, Dimension::money_per_month, Dimension::duration, Dimension::rate}) {
        CHECK(parse_quantity("0", dimension) == 0);
        CHECK(parse_quantity("0.0", dimension) == 0);
        const QuantityError error = error_of("18", dimension);
        CHECK_THAT(error.what(), Contains("'18' has no unit"));
        CHECK(error.legal() == how_to_write(dimension));
    }
    CHECK_THAT(error_of("18", Dimension::duration).legal(), Contains("18 months") && Contains("1.5 years"));
    CHECK_THAT(error_of("$18", Dimension::money_per_month).what(), Contains("has no unit of time"));
}

TEST_CASE("what is no quantity is refused with what is legal") {
    for (const Dimension dimension : all_dimensions) {
        for (const std::string text : {"",
                                       " ",
                                       "abc",
                                       "1..2",
                                       "--1",
                                       "1,00",
                                       "1000,000",
                                       "1,",
                                       ",1",
                                       "5 5",
                                       "1e",
                                       "e5",
                                       "0x10",
                                       "1_000",
                                       "NaN",
                                       ".nan",
                                       "-.inf",
                                       "inf",
                                       "Infinity",
                                       "$",
                                       "%",
                                       "/month",
                                       "months",
                                       "1e99999",
                                       "1e400",
                                       "5 potatoes",
                                       "\xE2\x82\xAC"
                                       "5",
                                       "1/0",
                                       "once every 0 months",
                                       "5;",
                                       "5\x01"}) {
            CAPTURE(text, static_cast<int>(dimension));
            CHECK_THROWS_AS(parse_quantity(text, dimension), QuantityError);
        }
        CHECK_THAT(error_of("nan", dimension).what(), Contains("is not a finite number"));
        CHECK_THROWS_AS(parse_quantity(std::string(100000, '9'), dimension), QuantityError);
    }
    CHECK_THAT(error_of("5 fortnights", Dimension::duration).what(), Contains("unknown unit 'fortnights'"));
    CHECK_THAT(error_of("$5x", Dimension::money).what(), Contains("unknown unit 'x'"));
    CHECK_THAT(error_of("50%", Dimension::number).what(), Contains("'%' after the number"));
    CHECK_THAT(error_of("18 months", Dimension::money).what(), Contains("unknown unit 'months'"));
    CHECK_THAT(error_of("2.5", Dimension::count).what(), Contains("is not whole"));
}

TEST_CASE("what is another number where the decimal sign is a comma is refused with both readings") {
    struct Ambiguous {
        std::string text;
        Dimension dimension;
        std::string said;
    };
    for (const Ambiguous& each :
         std::vector<Ambiguous>{{"2.000", Dimension::number, "'2.000' is ambiguous: 2 or 2,000"},
                                {"2.000", Dimension::count, "'2.000' is ambiguous: 2 or 2,000"},
                                {"2.500", Dimension::count, "'2.500' is ambiguous: 2.5 or 2,500"},
                                {"1.234", Dimension::count, "'1.234' is ambiguous: 1.234 or 1,234"},
                                {"$1.500", Dimension::money, "'$1.500' is ambiguous: 1.5 or 1,500"},
                                {"$1.234", Dimension::money, "'$1.234' is ambiguous: 1.234 or 1,234"},
                                {"$1.500/month", Dimension::money_per_month, "ambiguous: 1.5 or 1,500"},
                                {"1.250 months", Dimension::duration, "ambiguous: 1.25 or 1,250"},
                                {"-12.500%", Dimension::share, "ambiguous: 12.5 or 12,500"},
                                {"1,5", Dimension::number, "'1,5' is ambiguous: the decimal sign is a point"},
                                {"1,5 months", Dimension::duration, "the decimal sign is a point"},
                                {"$1,5m", Dimension::money, "the decimal sign is a point"},
                                {"0,500", Dimension::number, "the decimal sign is a point"},
                                {"once every 1,5 years", Dimension::rate, "the decimal sign is a point"}}) {
        CAPTURE(each.text);
        CHECK_THAT(error_of(each.text, each.dimension).what(), Contains(each.said));
    }
    CHECK(error_of("$1.500", Dimension::money).legal() == "1.5, or 1,500");
    CHECK(error_of("1,5", Dimension::number).legal() == "1.5");
    CHECK_THROWS_AS(parse_whole("2.000", {}), QuantityError);
    CHECK_THROWS_AS(parse_any_quantity("$1.500"), QuantityError);
    // What we print is never one of them.
    CHECK(print_quantity(1.234, Dimension::money) == "$1.2340");
    CHECK(print_quantity(-12.5, Dimension::money_per_month) == "-$12.5/month");
}

TEST_CASE("a quantity out of its range is refused with the range") {
    CHECK(error_of("1.2", Dimension::share, between(0, 1)).legal() == "between 0% and 100%");
    CHECK(error_of("120%", Dimension::share, between(0, 1)).what() == std::string("'120%' is out of range"));
    CHECK(error_of("-$2M", Dimension::money, at_least(0)).legal() == "at least $0");
    CHECK(error_of("0", Dimension::duration, above(0)).legal() == "above 0 months");
    CHECK(parse_quantity("100%", Dimension::share, between(0, 1)) == 1);
}

TEST_CASE("whole numbers are exact to 64 bits") {
    CHECK(parse_whole("1,000", {}) == 1000);
    CHECK(parse_whole("1e6", {}) == 1'000'000);
    CHECK(parse_whole("9007199254740993", {}) == 9007199254740993);
    CHECK(parse_whole("9223372036854775807", {}) == std::numeric_limits<std::int64_t>::max());
    CHECK_THROWS_AS(parse_whole("9223372036854775808", {}), QuantityError);
    CHECK_THROWS_AS(parse_whole("1e300", {}), QuantityError);
    CHECK_THROWS_AS(parse_whole("0", at_least(1)), QuantityError);
}

TEST_CASE("a quantity of unknown dimension is what its unit says") {
    CHECK(parse_any_quantity("0.3") == Quantity{0.3, Dimension::number});
    CHECK(parse_any_quantity("48%") == Quantity{0.48, Dimension::share});
    CHECK(parse_any_quantity("$13.1M") == Quantity{13.1e6, Dimension::money});
    CHECK(parse_any_quantity("$120k/month") == Quantity{120e3, Dimension::money_per_month});
    CHECK(parse_any_quantity("420 days") == Quantity{420 / 30.4375, Dimension::duration});
    CHECK(parse_any_quantity("24%/year") == Quantity{0.02, Dimension::rate});
    CHECK_THROWS_AS(parse_any_quantity("about half"), QuantityError);
}

TEST_CASE("quantities are printed as a person writes them") {
    CHECK(print_quantity(2.5e6, Dimension::money) == "$2.5M");
    CHECK(print_quantity(300e3, Dimension::money) == "$300k");
    CHECK(print_quantity(-1.5e9, Dimension::money) == "-$1.5B");
    CHECK(print_quantity(1234567, Dimension::money) == "$1234567");
    CHECK(print_quantity(0, Dimension::money) == "$0");
    CHECK(print_quantity(120e3, Dimension::money_per_month) == "$120k/month");
    CHECK(print_quantity(18, Dimension::duration) == "18 months");
    CHECK(print_quantity(1, Dimension::duration) == "1 month");
    CHECK(print_quantity(420 / 30.4375, Dimension::duration) == "420 days");
    CHECK(print_quantity(1.0 / 24, Dimension::rate) == "0.5/year");
    CHECK(print_quantity(0.5, Dimension::rate) == "0.5/month");
    CHECK(print_quantity(0.0107, Dimension::share) == "1.07%");
    CHECK(print_quantity(0.3, Dimension::number) == "0.3");
    CHECK(print_quantity(1000, Dimension::count) == "1000");
    CHECK(print_range({.low = 0, .high = 1, .low_open = true, .high_open = true}, Dimension::share)
          == "above 0% and below 100%");
    CHECK(print_range(at_least(0), Dimension::rate) == "at least 0/month");
    CHECK(print_range({}, Dimension::number) == "any finite value");
}

TEST_CASE("what is printed reads back to the same bits and matches the pattern") {
    std::mt19937_64 engine(20240607);
    std::uniform_real_distribution<double> exponent(-12, 12);
    std::uniform_int_distribution<std::uint64_t> bits;
    for (const Dimension dimension : all_dimensions) {
        const std::regex pattern(pattern_of(dimension), std::regex::ECMAScript);
        for (int i = 0; i < 3000; ++i) {
            double value = std::pow(10, exponent(engine));
            if (i % 3 == 1) value = std::round(value * 100) / 100;
            if (i % 3 == 2) {
                const std::uint64_t word = bits(engine);
                std::memcpy(&value, &word, sizeof value);
                if (!std::isfinite(value) || std::abs(value) > 1e300 || std::abs(value) < 1e-290) continue;
            }
            if (i % 2 == 1) value = -value;
            if (dimension == Dimension::count) value = std::round(value);
            const std::string text = print_quantity(value, dimension);
            CAPTURE(text, value, static_cast<int>(dimension));
            REQUIRE(parse_quantity(text, dimension) == value);
            REQUIRE(std::regex_match(text, pattern));
        }
        CHECK_FALSE(std::regex_match("5 potatoes", pattern));
        CHECK_FALSE(std::regex_match("", pattern));
        CHECK(std::regex_match("18", pattern) == (unit_of(dimension) == "1"));
    }
}

TEST_CASE("every text that can be read matches the pattern of its dimension") {
    for (const Written& written : std::vector<Written>{{"once every 18 months", Dimension::rate, 0},
                                                       {"every month", Dimension::rate, 0},
                                                       {"24%/year", Dimension::rate, 0},
                                                       {"$1.2M per year", Dimension::money_per_month, 0},
                                                       {"2.5M USD", Dimension::money, 0},
                                                       {"$1,200,000", Dimension::money, 0},
                                                       {"$1.5 million", Dimension::money, 0},
                                                       {"$1.5m", Dimension::money, 0},
                                                       {"$1.2bn/year", Dimension::money_per_month, 0},
                                                       {"-$2M", Dimension::money, 0},
                                                       {"$-2M", Dimension::money, 0},
                                                       {"0", Dimension::duration, 0},
                                                       {".5 years", Dimension::duration, 0}}) {
        CAPTURE(written.text);
        CHECK_NOTHROW(parse_quantity(written.text, written.dimension));
        CHECK(std::regex_match(written.text, std::regex(pattern_of(written.dimension))));
    }
}

TEST_CASE("reading and printing do not depend on the locale") {
    struct CommaForPoint : std::numpunct<char> {
        [[nodiscard]] char do_decimal_point() const override { return ','; }
        [[nodiscard]] char do_thousands_sep() const override { return '.'; }
        [[nodiscard]] std::string do_grouping() const override { return "\3"; }
    };
    const std::locale before = std::locale::global(std::locale(std::locale::classic(), new CommaForPoint));
    CHECK(parse_quantity("$2.5M", Dimension::money) == 2.5e6);
    CHECK(parse_quantity("1,000", Dimension::count) == 1000);
    CHECK(print_quantity(1234567.5, Dimension::money) == "$1234567.5");
    CHECK(print_quantity(420 / 30.4375, Dimension::duration) == "420 days");
    std::locale::global(before);
}
