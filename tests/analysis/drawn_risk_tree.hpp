// What a risk tree's picture shows, read back from its SVG.
#pragma once

#include "analysis/report/risk_tree_text.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace venturi::drawn_risk_tree {

struct Box {
    double left;
    double top;
    double right;
    double bottom;
};

inline bool overlap(const Box& a, const Box& b) {
    return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

inline std::string attribute(const std::string& tag, const std::string& name) {
    const std::size_t at = tag.find(' ' + name + "=\"");
    if (at == std::string::npos) return {};
    const std::size_t begin = at + name.size() + 3;
    return tag.substr(begin, tag.find('"', begin) - begin);
}

inline double number(const std::string& tag, const std::string& name) {
    return std::stod(attribute(tag, name));
}

inline std::string unescaped(std::string text) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> entities = {
        {{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&amp;", "&"}}};
    for (const auto& [entity, character] : entities) {
        for (std::size_t at = text.find(entity); at != std::string::npos; at = text.find(entity, at + 1))
            text.replace(at, entity.size(), character);
    }
    return text;
}

struct Text {
    std::string content;
    Box box;
};

/// An element of the picture that is a group of its own: a gate, leaf, transfer, part of the legend.
struct Group {
    std::string classes;
    std::string title;
    std::string svg;
    std::vector<Text> texts;
};

struct Drawn {
    double width = 0;
    double height = 0;
    std::vector<Text> texts;    ///< all
    std::vector<Group> groups;  ///< those with a class
    std::vector<std::string> edges;

    [[nodiscard]] std::vector<Group> of(const std::string& name) const {
        std::vector<Group> found;
        std::ranges::copy_if(groups, std::back_inserter(found),
                             [&](const Group& group) { return group.classes.starts_with(name); });
        return found;
    }
    [[nodiscard]] Group titled(const std::string& beginning) const {
        for (const Group& group : groups) {
            if (group.title.starts_with(beginning) && !group.classes.starts_with("transfer")) return group;
        }
        FAIL("nothing is titled " << beginning);
        return {};
    }
};

// Text stands from 0.76 of its size above its baseline to 0.24 below, in DejaVu Sans. Bold is up to 1.15 as
// wide.
inline Text text_of(const std::string& tag, std::string content, double x, double y) {
    const double size = number(tag, "font-size");
    const double weight = attribute(tag, "font-weight").empty() ? 1 : 1.15;
    const double width = text_pixels(content, weight * size);
    const std::string anchor = attribute(tag, "text-anchor");
    const double left = x + number(tag, "x") - (anchor == "middle" ? width / 2 : anchor == "end" ? width : 0);
    const double baseline = y + number(tag, "y");
    return {std::move(content), {left, baseline - 0.76 * size, left + width, baseline + 0.24 * size}};
}

// Walks through the elements, with the shifts of the groups around them.
inline Drawn read(const std::string& svg) {
    Drawn drawn;
    struct Open {
        double x;
        double y;
        std::size_t begin;
        std::ptrdiff_t group;
    };
    std::vector<Open> open = {{0, 0, 0, -1}};
    for (std::size_t at = svg.find('<'); at != std::string::npos; at = svg.find('<', at + 1)) {
        const std::size_t end = svg.find('>', at);
        const std::string tag = svg.substr(at, end - at);
        const auto content = [&] { return unescaped(svg.substr(end + 1, svg.find('<', end) - end - 1)); };
        if (tag.starts_with("<svg")) {
            drawn.width = number(tag, "width");
            drawn.height = number(tag, "height");
        } else if (tag == "</g") {
            if (open.back().group >= 0)
                drawn.groups[static_cast<std::size_t>(open.back().group)].svg =
                    svg.substr(open.back().begin, at - open.back().begin);
            open.pop_back();
        } else if (tag.starts_with("<g")) {
            Open group{open.back().x, open.back().y, at, -1};
            const std::string shift = attribute(tag, "transform");
            if (!shift.empty()) {
                const std::size_t begin = shift.find('(') + 1;
                group.x += std::stod(shift.substr(begin));
                group.y += std::stod(shift.substr(shift.find(' ', begin)));
            } else {
                group.group = static_cast<std::ptrdiff_t>(drawn.groups.size());
                drawn.groups.push_back(
                    {.classes = attribute(tag, "class"), .title = {}, .svg = {}, .texts = {}});
            }
            open.push_back(group);
        } else if (tag == "<title" && !drawn.groups.empty()) {
            drawn.groups.back().title = content();
        } else if (tag.starts_with("<text")) {
            drawn.texts.push_back(text_of(tag, content(), open.back().x, open.back().y));
            if (open.size() > 1) drawn.groups.back().texts.push_back(drawn.texts.back());
        } else if (attribute(tag, "class") == "edge") {
            drawn.edges.push_back(tag);
        }
    }
    return drawn;
}

// The rectangle around each straight part of a line of "Mx,y Hx Vy Hx", as thick as it is.
inline std::vector<Box> parts(const std::string& edge) {
    const std::string path = attribute(edge, "d");
    const double half = number(edge, "stroke-width") / 2;
    double x = std::stod(path.substr(1));
    double y = std::stod(path.substr(path.find(',') + 1));
    std::vector<Box> found;
    for (std::size_t at = path.find(' '); at != std::string::npos; at = path.find(' ', at + 1)) {
        const double to = std::stod(path.substr(at + 2));
        const double to_x = path[at + 1] == 'H' ? to : x;
        const double to_y = path[at + 1] == 'V' ? to : y;
        found.push_back({std::min(x, to_x) - half, std::min(y, to_y) - half, std::max(x, to_x) + half,
                         std::max(y, to_y) + half});
        x = to_x;
        y = to_y;
    }
    return found;
}

// Where a group's symbol stands: its first shift.
inline std::pair<double, double> symbol_of(const Group& group) {
    const std::size_t begin = group.svg.find("translate(") + 10;
    return {std::stod(group.svg.substr(begin)), std::stod(group.svg.substr(group.svg.find(' ', begin)))};
}

// Widths of the bars of a leaf's row: probability, importance.
inline std::vector<double> bars(const Group& leaf) {
    std::vector<double> widths;
    for (std::size_t at = leaf.svg.find("<rect"); at != std::string::npos;
         at = leaf.svg.find("<rect", at + 1))
        widths.push_back(number(leaf.svg.substr(at), "width"));
    return widths;
}

}  // namespace venturi::drawn_risk_tree
