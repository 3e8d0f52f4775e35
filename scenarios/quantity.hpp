// Quantities as a person writes them: $2.5M, 18 months, 24%/year. Read and printed in the units that the
// simulator counts in: US dollars, months (a twelfth of 365.25 days), events per month.
#pragma once

#include "sim/parameter.hpp"

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace venturi {

/// Thrown where a text is not a legal quantity. what() says what is wrong, legal() what would be right.
class QuantityError : public std::runtime_error {
  public:
    QuantityError(const std::string& message, std::string legal)
        : std::runtime_error(message), legal_(std::move(legal)) {}

    [[nodiscard]] const std::string& legal() const { return legal_; }

  private:
    std::string legal_;
};

/// A value with what it measures, in the simulator's units.
struct Quantity {
    double value = 0;
    Dimension dimension = Dimension::number;
    friend bool operator==(const Quantity&, const Quantity&) = default;
};

/// Reads a quantity of the given dimension, the same in every locale. Decimal shifts (%, k, M, B, T) are
/// exact: the result is the double nearest to what is written. Accepted, with the result in parentheses:
///
///   number           0.3, -2, 1e-3
///   share            24% or 0.24 (0.24)
///   count            50, 1,000 (1000); whole
///   money            $2.5M, $2.5 million, $300k, 2.5M USD, $1,200,000 (US dollars)
///   money_per_month  $120k/month, $1.4M/year, $5k per week (US dollars per month)
///   duration         18 months, 1.5 years, 420 days, 6 weeks, 2 quarters (months)
///   rate             0.5/month, 3/year, once every 18 months, 24%/year (events per month)
///
/// A percentage rate is a continuous rate, not a yearly probability: 24%/year is 0.24/12 = 0.02 per month,
/// and the share of exp(−0.24) is left after a year. Where a unit is needed, only 0 may go without. What
/// would be another number where commas are decimal signs is refused as ambiguous: 2.000, $1.500, 1,5. Throws
/// QuantityError.
[[nodiscard]] double parse_quantity(std::string_view text, Dimension dimension);

/// As above; throws QuantityError also where the value lies outside `legal`.
[[nodiscard]] double parse_quantity(std::string_view text, Dimension dimension, const Range& legal);

/// Reads a whole number, exact to 64 bits: 50, 1,000, 1e6. Throws QuantityError.
[[nodiscard]] std::int64_t parse_whole(std::string_view text, const Range& legal);

/// Reads a quantity of whatever dimension its unit says; a bare number is a `number`, a bare percentage a
/// `share`. Throws QuantityError.
[[nodiscard]] Quantity parse_any_quantity(std::string_view text);

/// A short text that parse_quantity reads back to the very same double. `value` must be finite.
[[nodiscard]] std::string print_quantity(double value, Dimension dimension);

/// What a range allows, in words: "at least $0", "between 0% and 100%", "above 0 months".
[[nodiscard]] std::string print_range(const Range& range, Dimension dimension);

/// The unit that values are counted in: "USD", "months", "1/month"; "1" where there is none.
[[nodiscard]] std::string_view unit_of(Dimension dimension);

/// How a person writes the dimension: "an amount of money: $2.5M, $300k, ...".
[[nodiscard]] std::string_view how_to_write(Dimension dimension);

/// The name of the dimension in snake_case, as in the schema: "money_per_month".
[[nodiscard]] std::string_view name_of(Dimension dimension);

/// A regular expression (ECMA-262) that the texts of the dimension match.
[[nodiscard]] std::string pattern_of(Dimension dimension);

/// One finite number written in decimal, without a unit; commas may separate thousands. Throws QuantityError.
[[nodiscard]] double parse_number(std::string_view text);

}  // namespace venturi
