// Where the parts of a risk tree's picture stand: gates in columns by depth, leaves in rows. Lengths are in
// pixels.
#pragma once

#include "analysis/report/risk_tree_picture.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace venturi::risk_tree_layout {

inline constexpr double side_margin = 24;
inline constexpr double symbol_half_width = 17;
inline constexpr double symbol_half_height = 14;
inline constexpr double leaf_radius = 6.5;

/// Sizes of text.
inline constexpr double gate_font = 10.5;
inline constexpr double gate_probability_font = 10;
inline constexpr double name_font = 12;
inline constexpr double note_font = 11;
inline constexpr double transfer_font = 11;
inline constexpr double reference_font = 10;

/// From one line of text to the next.
inline constexpr double gate_line_height = 12;
inline constexpr double leaf_line_height = 14;

/// One occurrence of a node in the tree.
struct Place {
    std::uint32_t node = 0;
    std::uint32_t depth = 0;                 ///< gates above it
    std::optional<std::size_t> parent = {};  ///< index of a place
    std::vector<std::size_t> children = {};  ///< indices of places; none of a transfer
    bool transfer = false;                   ///< the node stands elsewhere with what is below it
    std::vector<std::string> name_lines = {};
    std::vector<std::string> note_lines = {};
    double y = 0;    ///< of its symbol and the line that leads to it
    double top = 0;  ///< of the strip that holds it with all below it, and nothing else right of its parent
    double height = 0;  ///< of that strip
};

/// Where columns begin, from the left; `width` of what is beside a `*_x` is the next field.
struct Columns {
    std::uint32_t gates = 0;  ///< columns of gates
    double gate_width = 0;
    double leaf_x = 0;  ///< centre of the leaves' symbols
    double name_x = 0;
    double name_width = 0;
    double probability_right = 0;  ///< end of the number
    double probability_bar_x = 0;
    double probability_bar_width = 0;  ///< zero where no leaf has a probability: there is no such column
    double importance_right = 0;
    double importance_bar_x = 0;
    double importance_bar_width = 0;  ///< the same of importance
    double note_x = 0;
    double note_width = 0;  ///< zero where no leaf has a note
    double right = 0;       ///< end of the table
    double width = 0;       ///< of the picture

    /// Left edge of the column of gates of this depth, where the line between it and its siblings stands.
    [[nodiscard]] double gate_x(std::uint32_t depth) const { return side_margin + gate_width * depth; }
    /// Centre of the symbol of a gate of this depth.
    [[nodiscard]] double gate_centre(std::uint32_t depth) const { return gate_x(depth) + gate_width / 2; }
};

/// A tree in its places. `places` are in the order in which one reads: a parent before its children, a
/// child's whole strip before the next child.
struct Layout {
    Columns columns;
    std::vector<Place> places;
    std::vector<std::uint32_t> reference;  ///< by node: what its transfers are numbered; zero without any
    std::optional<double> aside_y = {};    ///< of the line above the trees that the top does not reach
    double bottom = 0;
};

/// Throws ContractViolation as `risk_tree_svg` does.
void check(const RiskTreePicture& picture);

/// Everything in its place, from zero downwards, for a picture that is sound.
[[nodiscard]] Layout laid_out(const RiskTreePicture& picture);

/// The same, further down.
[[nodiscard]] Layout moved_down(Layout layout, double distance);

}  // namespace venturi::risk_tree_layout
