// Values of options that are quantities: a plain number, or one with a unit.
#pragma once

#include "sim/parameter.hpp"

#include <limits>
#include <string_view>

namespace venturi {

/// What an option takes.
struct OptionRange {
    double least = 0;
    double most = std::numeric_limits<double>::max();
    std::string_view legal;  ///< in words, with an example: "a number of months, such as 24"
};

/// A plain number in the simulator's units, or a quantity with a unit. Throws InputError, naming the option,
/// where it is neither or out of range.
[[nodiscard]] double quantity_of_option(std::string_view option, std::string_view text, Dimension dimension,
                                        const OptionRange& range);

/// A number of months, or a duration, of any sign.
[[nodiscard]] double months_of(std::string_view option, std::string_view text);

/// Whether a text is a number without a unit, or tries to be.
[[nodiscard]] bool is_plain_number(std::string_view text);

}  // namespace venturi
