#include "analysis/report/risk_tree_layout.hpp"

#include "analysis/report/risk_tree_text.hpp"
#include "sim/contract.hpp"

#include <algorithm>
#include <utility>

namespace venturi::risk_tree_layout {

namespace {

constexpr double widest_picture = 1400;
constexpr double row_padding = 10;
constexpr double transfer_row_height = 19;
constexpr double aside_height = 26;

bool is_leaf(const RiskTreePicture& picture, std::uint32_t node) {
    return picture.nodes[node].kind == RiskPictureKind::leaf;
}

bool is_share(const std::optional<double>& value) {
    return !value || (*value >= 0 && *value <= 1);
}

std::vector<std::uint32_t> parent_counts(const RiskTreePicture& picture) {
    std::vector<std::uint32_t> counts(picture.nodes.size());
    for (const RiskPictureNode& node : picture.nodes) {
        for (const std::uint32_t child : node.children) ++counts[child];
    }
    return counts;
}

// Kahn (1962): a graph without cycle can be taken apart from its roots.
bool has_cycle(const RiskTreePicture& picture) {
    std::vector<std::uint32_t> parents = parent_counts(picture);
    std::vector<std::uint32_t> free;
    for (std::uint32_t node = 0; node < picture.nodes.size(); ++node) {
        if (parents[node] == 0) free.push_back(node);
    }
    std::size_t taken = 0;
    while (!free.empty()) {
        const std::uint32_t node = free.back();
        free.pop_back();
        ++taken;
        for (const std::uint32_t child : picture.nodes[node].children) {
            if (--parents[child] == 0) free.push_back(child);
        }
    }
    return taken < picture.nodes.size();
}

// ---- which nodes stand where in the tree

// Places of the tree below `root`, read from the top; without recursion, since a tree can be any deep.
void add_tree(const RiskTreePicture& picture, std::uint32_t root, std::vector<bool>& drawn,
              std::vector<Place>& places) {
    std::vector<Place> waiting = {{.node = root}};
    while (!waiting.empty()) {
        Place place = std::move(waiting.back());
        waiting.pop_back();
        const std::size_t index = places.size();
        place.transfer = drawn[place.node];
        drawn[place.node] = true;
        if (place.parent) places[*place.parent].children.push_back(index);
        if (!place.transfer) {
            const std::vector<std::uint32_t>& children = picture.nodes[place.node].children;
            for (std::size_t i = children.size(); i-- > 0;)
                waiting.push_back({.node = children[i], .depth = place.depth + 1, .parent = index});
        }
        places.push_back(std::move(place));
    }
}

std::vector<Place> places_of(const RiskTreePicture& picture) {
    std::vector<Place> places;
    std::vector<bool> drawn(picture.nodes.size());
    add_tree(picture, picture.top, drawn, places);
    const std::vector<std::uint32_t> parents = parent_counts(picture);
    for (std::uint32_t node = 0; node < picture.nodes.size(); ++node) {
        if (!drawn[node] && parents[node] == 0) add_tree(picture, node, drawn, places);
    }
    return places;
}

std::vector<std::uint32_t> references_of(const RiskTreePicture& picture, const std::vector<Place>& places) {
    std::vector<bool> referred(picture.nodes.size());
    for (const Place& place : places) referred[place.node] = referred[place.node] || place.transfer;
    std::vector<std::uint32_t> reference(picture.nodes.size());
    std::uint32_t last = 0;
    for (const Place& place : places) {
        if (!place.transfer && referred[place.node]) reference[place.node] = ++last;
    }
    return reference;
}

// ---- columns

// Widths of the table's columns; all have a least one that is legible and one beyond which they look empty.
struct TableWidths {
    double name;
    double probability_bar;
    double importance_bar;
    double note;

    [[nodiscard]] double sum() const { return name + probability_bar + importance_bar + note; }
};
constexpr TableWidths narrowest = {164, 68, 48, 120};
constexpr TableWidths widest = {280, 140, 110, 260};

// What stands between: the leaves' symbols, the numbers and gaps.
constexpr double stub = 20;
constexpr double symbol_gap = 14;
constexpr double probability_number = 70;
constexpr double importance_number = 58;
constexpr double bar_gap = 7;
constexpr double note_gap = 16;

Columns layout_columns(const RiskTreePicture& picture, const std::vector<Place>& places) {
    constexpr double narrowest_gate = 76;
    constexpr double widest_gate = 150;
    Columns columns;
    for (const Place& place : places) {
        if (!place.transfer && !is_leaf(picture, place.node))
            columns.gates = std::max(columns.gates, place.depth + 1);
    }
    const auto any_leaf = [&](auto has) {
        return std::ranges::any_of(picture.nodes, [&](const RiskPictureNode& node) {
            return node.kind == RiskPictureKind::leaf && has(node);
        });
    };
    const bool noted = any_leaf([](const RiskPictureNode& node) { return !node.note.empty(); });
    const bool probable = any_leaf([](const RiskPictureNode& node) { return node.probability.has_value(); });
    const bool important = any_leaf([](const RiskPictureNode& node) { return node.importance.has_value(); });
    TableWidths low = narrowest;
    TableWidths high = widest;
    if (!noted) low.note = high.note = 0;
    if (!probable) low.probability_bar = high.probability_bar = 0;
    if (!important) low.importance_bar = high.importance_bar = 0;
    // Of each column what stands before its bar or its text.
    const double probability_space = probable ? probability_number + bar_gap : 0;
    const double importance_space = important ? importance_number + bar_gap : 0;
    const double fixed =
        2 * side_margin + stub + symbol_gap + probability_space + importance_space + (noted ? note_gap : 0);
    // What is left above the least widths goes to gates and table alike.
    const double wanted = (widest_gate - narrowest_gate) * columns.gates + high.sum() - low.sum();
    const double left = widest_picture - fixed - low.sum() - narrowest_gate * columns.gates;
    const double share = std::clamp(left / wanted, 0.0, 1.0);
    const auto between = [share](double from, double to) { return from + share * (to - from); };
    columns.gate_width = between(narrowest_gate, widest_gate);
    columns.leaf_x = columns.gate_x(columns.gates) + stub;
    columns.name_x = columns.leaf_x + symbol_gap;
    columns.name_width = between(low.name, high.name);
    columns.probability_bar_x = columns.name_x + columns.name_width + probability_space;
    columns.probability_right = columns.probability_bar_x - bar_gap;
    columns.probability_bar_width = between(low.probability_bar, high.probability_bar);
    columns.importance_bar_x = columns.probability_bar_x + columns.probability_bar_width + importance_space;
    columns.importance_right = columns.importance_bar_x - bar_gap;
    columns.importance_bar_width = between(low.importance_bar, high.importance_bar);
    columns.note_x = columns.importance_bar_x + columns.importance_bar_width + (noted ? note_gap : 0);
    columns.note_width = between(low.note, high.note);
    columns.right = columns.note_x + columns.note_width;
    columns.width = columns.right + side_margin;
    return columns;
}

// ---- text and rows

void put_text(const RiskTreePicture& picture, const Columns& columns, bool referred, Place& place) {
    constexpr double padding = 8;           // between a gate's name and the lines beside its column
    constexpr double reference_width = 36;  // of a triangle with its number, behind a leaf's name
    const RiskPictureNode& node = picture.nodes[place.node];
    const double beside = columns.name_width - (referred ? reference_width : 0);
    if (place.transfer) {
        place.name_lines = fitted_lines(node.name, beside, transfer_font, 1);
    } else if (is_leaf(picture, place.node)) {
        place.name_lines = fitted_lines(node.name, beside, name_font, 2);
        place.note_lines = fitted_lines(node.note, columns.note_width, note_font, 2);
    } else {
        const std::size_t lines = columns.gate_width < 110 ? 4 : 3;
        place.name_lines = fitted_lines(node.name, columns.gate_width - padding, gate_font, lines);
    }
}

struct Extent {
    double above = 0;
    double below = 0;
};

// How far the symbol with its text reaches from the line that leads to it.
Extent extent_of(const RiskTreePicture& picture, bool referred, const Place& place) {
    const auto lines = [](const std::vector<std::string>& text) { return static_cast<double>(text.size()); };
    if (place.transfer) return {transfer_row_height / 2, transfer_row_height / 2};
    if (is_leaf(picture, place.node)) {
        const double most_lines = std::max({1.0, lines(place.name_lines), lines(place.note_lines)});
        const double height = row_padding + leaf_line_height * most_lines;
        return {height / 2, height / 2};
    }
    constexpr double gap = 5;
    const bool subscribed = picture.nodes[place.node].probability || referred;
    return {symbol_half_height + gap + gate_line_height * lines(place.name_lines),
            symbol_half_height + gap + (subscribed ? gate_line_height : 0)};
}

// A strip is as high as its children's, or as its own symbol wants, which stands midway between the first and
// the last child's; y and top are counted from the strip's own top, later from the picture's.
void put_strip(std::vector<Place>& places, Place& place, const Extent& extent) {
    double children = 0;
    for (const std::size_t child : place.children) children += places[child].height;
    if (place.children.empty()) {
        place.y = extent.above;
        place.height = extent.above + extent.below;
        return;
    }
    const Place& first = places[place.children.front()];
    const Place& last = places[place.children.back()];
    const double middle = (first.y + children - last.height + last.y) / 2;
    const double slack_above = std::max(0.0, extent.above - middle);
    const double slack_below = std::max(0.0, extent.below - (children - middle));
    place.y = slack_above + middle;
    place.height = slack_above + children + slack_below;
    double top = slack_above;
    for (const std::size_t child : place.children) {
        places[child].top = top;
        top += places[child].height;
    }
}

}  // namespace

void check(const RiskTreePicture& picture) {
    expects(picture.top < picture.nodes.size(), "the top of a risk tree is one of its nodes");
    for (const RiskPictureNode& node : picture.nodes) {
        const std::size_t count = node.children.size();
        const bool leaf = node.kind == RiskPictureKind::leaf;
        expects(leaf == node.children.empty(), "gates of a risk tree have children, and leaves have none");
        expects(node.kind != RiskPictureKind::negation || count == 1, "a negation has one child");
        expects(node.kind != RiskPictureKind::at_least || (node.minimum > 0 && node.minimum <= count),
                "a gate asks for one of its children at least, and for all at most");
        expects(is_share(node.probability) && is_share(node.importance),
                "probabilities and importances are in [0, 1]");
        for (const std::uint32_t child : node.children)
            expects(child < picture.nodes.size(), "the children in a risk tree are nodes of it");
    }
    expects(!has_cycle(picture), "no node of a risk tree is below itself");
}

Layout laid_out(const RiskTreePicture& picture) {
    Layout layout;
    layout.places = places_of(picture);
    layout.columns = layout_columns(picture, layout.places);
    layout.reference = references_of(picture, layout.places);
    // Children stand behind their parents.
    for (std::size_t i = layout.places.size(); i-- > 0;) {
        Place& place = layout.places[i];
        const bool referred = layout.reference[place.node] > 0;
        put_text(picture, layout.columns, referred, place);
        put_strip(layout.places, place, extent_of(picture, referred, place));
    }
    for (Place& place : layout.places) {
        if (place.parent) {
            place.top += layout.places[*place.parent].top;
        } else {
            if (&place != &layout.places.front() && !layout.aside_y) {
                layout.aside_y = layout.bottom + aside_height - 8;
                layout.bottom += aside_height;
            }
            place.top = layout.bottom;
            layout.bottom += place.height;
        }
        place.y += place.top;
    }
    return layout;
}

Layout moved_down(Layout layout, double distance) {
    for (Place& place : layout.places) {
        place.top += distance;
        place.y += distance;
    }
    if (layout.aside_y) *layout.aside_y += distance;
    layout.bottom += distance;
    return layout;
}

}  // namespace venturi::risk_tree_layout
