// The symbols of a risk tree's gates and leaves, lying on their side: the output is on the left.
#pragma once

#include "analysis/report/risk_tree_picture.hpp"

#include <string>
#include <string_view>

namespace venturi::risk_tree_symbols {

/// How a symbol is filled and drawn.
struct Paint {
    std::string_view fill = "white";
    std::string_view line = "#24292f";
    std::string_view text = "#24292f";
};

/// The symbol of a node, centred on (0, 0), in SVG: of a gate 34 pixels wide and 28 high, of a leaf a circle
/// of
/// 13. Shapes are those of the Fault Tree Handbook (Vesely et al., NUREG-0492, 1981, chapter IV) and, of
/// dynamic gates, of Dugan, Bavuso and Boyd (IEEE Trans. Reliability 41, 1992).
[[nodiscard]] std::string symbol_svg(const RiskPictureNode& node, const Paint& paint);

/// A triangle that stands for a node drawn elsewhere, centred on (0, 0): 2 `size` wide and high.
[[nodiscard]] std::string transfer_svg(double size, const Paint& paint);

/// The cross on the line of what has failed, centred on (0, 0): 10 pixels wide and high.
[[nodiscard]] std::string failure_cross_svg();

/// "and", "priority and (in order from the top)": what the symbol means, for a legend.
[[nodiscard]] std::string kind_text(const RiskPictureNode& node);

}  // namespace venturi::risk_tree_symbols
