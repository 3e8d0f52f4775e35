// Numbers as people write them: $12.3M, 48.1%, 14.2 months.
#pragma once

#include "sim/parameter.hpp"

#include <cstdint>
#include <limits>
#include <string>

namespace venturi {

/// A number with its confidence interval; bounds that are NaN are not known and not shown.
struct Estimate {
    double value = 0;
    double low = std::numeric_limits<double>::quiet_NaN();
    double high = std::numeric_limits<double>::quiet_NaN();
};

/// Of which size the numbers are that are shown together, and which difference shall still be seen between
/// them.
struct Resolution {
    double largest = 0;
    double step = 0;
};

/// With three significant digits: "$12.3M", "48.1%", "14.2 months", "0.50/month", "12,345" (whole counts in
/// full). NaN is "–", infinity "∞".
[[nodiscard]] std::string quantity_text(double value, Dimension dimension);

/// With the unit prefix and the decimals that suit `resolution`: the same for all ticks of an axis.
[[nodiscard]] std::string quantity_text(double value, Dimension dimension, const Resolution& resolution);

/// "48.1% [46.9, 49.3]", "$12.3M [11.9, 12.8]": with so many decimals that the interval's half-width is
/// between 3 and 30 units of the last one, as far as there are decimals to leave out.
[[nodiscard]] std::string estimate_text(const Estimate& estimate, Dimension dimension);

/// The same where an interval is expected: "48.1% [–]" where neither end is known, "48.1% [–, 49.3]" where
/// one is.
[[nodiscard]] std::string interval_text(const Estimate& estimate, Dimension dimension);

/// The same, with the unit at each end where it is money: "$1.2M [-$0.3M, $2.7M]". For lines of text, which
/// are read one by one.
[[nodiscard]] std::string interval_with_units_text(const Estimate& estimate, Dimension dimension);

/// Why tables of one trajectory have no intervals; a line.
inline constexpr const char* one_trajectory_note =
    "one trajectory has no intervals: – stands for what is not known\n";

/// "1 trajectory", "400 trajectories".
[[nodiscard]] std::string trajectories_text(std::uint64_t count);

}  // namespace venturi
