// A value over two things, as a picture of coloured cells in SVG.
#pragma once

#include "analysis/report/line_plot.hpp"
#include "sim/parameter.hpp"

#include <string>
#include <vector>

namespace venturi {

/// A direction of a heat map: what it is, and the name of each column or row.
struct HeatMapAxis {
    std::string label;
    std::vector<std::string> names;
};

struct HeatMap {
    std::string title;
    std::string subtitle = {};
    HeatMapAxis x;
    HeatMapAxis y;                            ///< the first row is at the bottom
    std::string value_label;                  ///< what colours stand for
    Dimension dimension = Dimension::number;  ///< of the values
    std::vector<double> values = {};  ///< shape: rows × columns; a cell that is not finite is hatched
    std::vector<double> low = {};     ///< the same, ends of an interval; or empty
    std::vector<double> high = {};
    std::string interval_name = {};  ///< "95% intervals": the subtitle ends in it where any is written
};

/// A picture that stands alone, as `line_plot_svg`'s. Colours go along viridis (van der Walt and Smith,
/// 2015), which readers with any vision see as one order; each cell also says its value, and half the width
/// of its interval, where there is room. Throws ContractViolation where shapes differ or an axis is empty.
[[nodiscard]] std::string heat_map_svg(const HeatMap& map, const PictureSize& size = {});

}  // namespace venturi
