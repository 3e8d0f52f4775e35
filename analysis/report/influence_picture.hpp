// A measured causal loop as a picture: what influences what, how strongly and after how long.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace venturi {

/// A quantity of the loop. `x` is its column and `y` its row on a grid, from the left and from the top, whole
/// or not; either all nodes of a picture have both or none has any.
struct InfluenceNode {
    std::string name;  ///< "high-quality data"
    std::optional<double> x = {};
    std::optional<double> y = {};
};

/// An influence of node `tail` on node `head`, which may be the same.
struct InfluenceArrow {
    std::size_t tail = 0;
    std::size_t head = 0;
    double strength = 0;  ///< negative where more of the one means less of the other
    double low = 0;       ///< of the strength's 95% confidence interval
    double high = 0;
    double delay = 0;                   ///< months; shown where it is above zero
    std::optional<double> weight = {};  ///< what its width shows, where that is not the strength

    /// Whether the interval excludes zero.
    [[nodiscard]] bool significant() const { return low > 0 || high < 0; }
};

struct InfluencePicture {
    std::string title;
    std::string subtitle = {};
    std::vector<InfluenceNode> nodes;
    std::vector<InfluenceArrow> arrows;
    std::string weight_name = {};  ///< of what widths show, for the legend; nothing where it is the strength
    bool own_decimals = false;     ///< as many for each strength as its interval asks for, which then stands
                                   ///< on a line of its own; else all have the same
};

/// "0.35 [0.31, 0.39]", with so many decimals that a third of the interval's half-width shows, and three
/// digits at most.
[[nodiscard]] std::string influence_text(double strength, double low, double high);

/// The picture in SVG, 1200 pixels wide (wider where the grid has more than six columns), standing alone as
/// `line_plot_svg` does. Arrows are blue where the influence is positive, vermilion where it is negative, as
/// thick as it is strong, and thin, grey and dashed where it can't be told from zero; each has its strength,
/// interval and delay beside it. Nodes without coordinates get cells of a grid where arrows are short and
/// cross little. Made for up to about twenty nodes. Throws ContractViolation where an arrow's end is no node,
/// a strength or interval is not a finite number, the interval is upside down, coordinates are incomplete, or
/// two nodes share a place.
[[nodiscard]] std::string influence_svg(const InfluencePicture& picture);

/// The same graph in the DOT language of Graphviz, in the same colours and widths; coordinates, where given,
/// are kept by its `neato`. Throws as `influence_svg` does.
[[nodiscard]] std::string influence_dot(const InfluencePicture& picture);

}  // namespace venturi
