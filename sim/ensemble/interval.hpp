// A range of values, as a confidence interval gives it.
#pragma once

namespace venturi {

/// All values from `low` to `high`, both inclusive. Infinite ends say that nothing is known on that side.
struct Interval {
    double low = 0;
    double high = 0;

    [[nodiscard]] constexpr double half_width() const { return (high - low) / 2; }
    [[nodiscard]] constexpr bool contains(double value) const { return low <= value && value <= high; }

    friend bool operator==(const Interval&, const Interval&) = default;
};

}  // namespace venturi
