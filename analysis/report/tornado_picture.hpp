// What a result depends on, the largest first, as a picture of bars in SVG.
#pragma once

#include "analysis/report/line_plot.hpp"
#include "sim/ensemble/interval.hpp"

#include <string>
#include <vector>

namespace venturi {

/// An input with the part of the variance that it brings alone, and with all its interactions. What is not
/// known is NaN and not drawn.
struct TornadoBar {
    std::string name;
    double first = 0;
    Interval first_interval = {};
    double total = 0;
    Interval total_interval = {};
};

struct TornadoPicture {
    std::string title;
    std::string subtitle = {};
    std::string axis;
    std::vector<TornadoBar> bars = {};
};

/// A picture that stands alone, as `line_plot_svg`'s: one row a bar, by total, the largest on top; 20 of them
/// at most, and a line that says how many are not shown. Its height goes with the bars.
[[nodiscard]] std::string tornado_svg(const TornadoPicture& picture, int width = 900);

}  // namespace venturi
