// A risk tree as a picture: what must fail for its top event to happen, how likely that is and what matters
// most.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace venturi {

/// What a node of the picture is: a leaf, or how a gate joins its children.
enum class RiskPictureKind : std::uint8_t {
    leaf,
    conjunction,            ///< and
    disjunction,            ///< or
    at_least,               ///< `minimum` of the children or more
    negation,               ///< not: one child
    exclusive_or,           ///< an odd number of the children
    priority_and,           ///< all, in the order of the children
    priority_or,            ///< the first child, and none of the others before it
    spare,                  ///< the first child works, the others stand by in their order
    functional_dependency,  ///< the first child triggers the others
    sequence,               ///< children can only happen in their order
    mutual_exclusion,       ///< one of the children at most can happen
    other,                  ///< what `kind_name` says
};

/// A leaf or gate; its children are indices of nodes.
struct RiskPictureNode {
    std::string name = {};  ///< may be empty for a gate: nothing is written beside its symbol
    RiskPictureKind kind = RiskPictureKind::leaf;
    std::uint32_t minimum = 0;   ///< of at_least
    std::string kind_name = {};  ///< of other, "NAND": up to five characters stand in the symbol
    std::vector<std::uint32_t> children = {};
    std::optional<double> probability = {};  ///< in [0, 1]
    std::optional<double> importance = {};   ///< in [0, 1]
    bool failed = false;                     ///< now
    std::string note = {};                   ///< of a leaf: "rate 0.3 a year, repair 12 days"
};

/// The headings of the leaves' columns.
struct RiskPictureHeadings {
    std::string name = "event";
    std::string probability = "probability";
    std::string importance = "importance";
    std::string note = "rate and repair";
};

struct RiskTreePicture {
    std::string title = {};
    std::string subtitle = {};
    std::vector<RiskPictureNode> nodes = {};
    std::uint32_t top = 0;
    RiskPictureHeadings headings = {};
};

/// The picture in SVG, standing alone as `line_plot_svg` does. The top event is on the left, gates go to the
/// right in the symbols of fault trees, leaves stand in rows of a table. A node under several gates is drawn
/// where the tree, read from the top, first reaches it; at its other places a triangle with the same number
/// refers to it. A column that no leaf has anything for is left out. Nodes that the top does not reach stand
/// below. What has failed is filled vermilion and its line thick with a cross; rows are the bluer, the more
/// important their leaf. At most 1,400 pixels wide up to ten levels of gates, 76 more for each further level.
/// Throws ContractViolation where an index is no node, there is a cycle, a leaf has children, a gate has none
/// (a negation: not one), `minimum` is not from one to the number of children, or a probability or importance
/// is outside [0, 1].
[[nodiscard]] std::string risk_tree_svg(const RiskTreePicture& picture);

}  // namespace venturi
