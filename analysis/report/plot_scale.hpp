// From numbers to places on a picture: the ends of an axis, its ticks, its pixels.
#pragma once

#include "analysis/report/line_plot.hpp"

#include <string>
#include <vector>

namespace venturi {

struct Tick {
    double value = 0;
    std::string label;
};

/// A map from [low, high] to pixels, of the values or of their logarithms; `at_low` is right of or below
/// `at_high` where the axis runs that way.
struct PlotScale {
    double low = 0;
    double high = 1;
    double at_low = 0;
    double at_high = 1;
    std::vector<Tick> ticks;
    bool is_logarithmic = false;  ///< 0 < low then

    /// On a logarithmic scale `at_low` for what is not above 0.
    [[nodiscard]] double pixel(double value) const;
};

/// The smallest of 1, 2 and 5 times a power of ten that divides `span` into at most `most` parts; `span` > 0.
[[nodiscard]] double round_step(double span, int most);

/// A scale for the axis: with names a tick for each of them. Ends that the axis does not give are those of
/// the finite values, moved outwards to a tick. Those of a logarithmic axis are the powers of ten around its
/// positive values, and around its own ends.
[[nodiscard]] PlotScale fit_scale(const PlotAxis& axis, const std::vector<double>& values, double at_low,
                                  double at_high, int most_ticks);

}  // namespace venturi
