#include "analysis/program/option_value.hpp"

#include "analysis/program/program.hpp"
#include "scenarios/quantity.hpp"

#include <fmt/format.h>

#include <string>

namespace venturi {

bool is_plain_number(std::string_view text) {
    return text.find_first_not_of("0123456789.+-eE ") == std::string_view::npos;
}

double quantity_of_option(std::string_view option, std::string_view text, Dimension dimension,
                          const OptionRange& range) {
    std::string why = "that is out of range";
    try {
        const double value = is_plain_number(text) ? parse_number(text) : parse_quantity(text, dimension);
        if (value >= range.least && value <= range.most) return value;
    } catch (const QuantityError& error) {
        why = error.what();
    }
    throw InputError(fmt::format("{} '{}': {}\n  legal here: {}", option, text, why, range.legal));
}

double months_of(std::string_view option, std::string_view text) {
    return quantity_of_option(option, text, Dimension::duration,
                              {.least = std::numeric_limits<double>::lowest(),
                               .legal = "a number of months, such as 6, or a duration such as '2 years'"});
}

}  // namespace venturi
