#include "analysis/report/risk_tree_symbols.hpp"

#include "analysis/report/risk_tree_layout.hpp"
#include "analysis/report/risk_tree_text.hpp"
#include "analysis/report/svg_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace venturi::risk_tree_symbols {

namespace {

std::string path(std::string_view data, std::string_view fill, const Paint& paint) {
    return fmt::format("<path d=\"{}\" fill=\"{}\" stroke=\"{}\" stroke-width=\"1.5\"/>", data, fill,
                       paint.line);
}

std::string shape(std::string_view data, const Paint& paint) {
    return path(data, paint.fill, paint);
}

// A mark on a shape; the colour of text shows on whatever fills the shape.
std::string mark(std::string_view data, const Paint& paint) {
    return fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\"/>", data, paint.text);
}

std::string circle(double x, double radius, const Paint& paint) {
    return fmt::format("<circle cx=\"{:.1f}\" r=\"{:.1f}\" fill=\"{}\" stroke=\"{}\" stroke-width=\"1.5\"/>",
                       x, radius, paint.fill, paint.line);
}

// Centred, as large as the symbol has place for.
std::string inscription(std::string_view text, double width, const Paint& paint) {
    constexpr double largest_font = 10.5;
    const std::vector<std::string> lines = fitted_lines(text, width, largest_font * 0.7, 1);
    if (lines.empty()) return {};
    const double font = std::min(largest_font, largest_font * width / text_pixels(lines[0], largest_font));
    return fmt::format(
        "<text x=\"0\" y=\"{:.1f}\" text-anchor=\"middle\" font-size=\"{:.1f}\" fill=\"{}\">{}</text>",
        0.36 * font, font, paint.text, escaped(lines[0]));
}

// A legend's sample has no numbers of its own.
std::string votes_text(const RiskPictureNode& node) {
    return node.children.empty() ? "k/n" : fmt::format("{}/{}", node.minimum, node.children.size());
}

constexpr std::string_view dome = "M17,-14 V14 H-3 A14,14 0 0 1 -3,-14 Z";
constexpr std::string_view shield = "M17,-14 Q9,0 17,14 Q-6,14 -17,0 Q-6,-14 17,-14 Z";
constexpr std::string_view short_shield = "M12,-14 Q4,0 12,14 Q-7,14 -17,0 Q-7,-14 12,-14 Z";
constexpr std::string_view box = "M-17,-14 H17 V14 H-17 Z";
constexpr std::string_view hexagon = "M-17,0 L-10,-14 H10 L17,0 L10,14 H-10 Z";

}  // namespace

std::string symbol_svg(const RiskPictureNode& node, const Paint& paint) {
    switch (node.kind) {
        case RiskPictureKind::leaf:
            return circle(0, risk_tree_layout::leaf_radius, paint);
        case RiskPictureKind::conjunction:
            return shape(dome, paint);
        case RiskPictureKind::disjunction:
            return shape(shield, paint);
        case RiskPictureKind::at_least:
            return shape(hexagon, paint) + inscription(votes_text(node), 25, paint);
        case RiskPictureKind::negation:
            return shape("M17,-12 V12 L-9,0 Z", paint) + circle(-13, 4, paint);
        case RiskPictureKind::exclusive_or:
            return shape(short_shield, paint) + path("M17,-14 Q9,0 17,14", "none", paint);
        case RiskPictureKind::priority_and:
            return shape(dome, paint) + mark("M10,-14 V14", paint);
        case RiskPictureKind::priority_or:
            return shape(shield, paint) + mark("M7,-12.7 Q0,0 7,12.7", paint);
        case RiskPictureKind::spare:
            return shape(box, paint) + mark("M6,-14 V14 M6,-4.7 H17 M6,4.7 H17", paint);
        case RiskPictureKind::functional_dependency:
            return shape(box, paint) + mark("M17,-14 L5,-7 L17,0", paint);
        case RiskPictureKind::sequence:
            return shape(box, paint) + mark("M0,-9 V9 M-5,4 L0,9 L5,4", paint);
        case RiskPictureKind::mutual_exclusion:
            return shape(box, paint) + mark("M17,-8 H6 V8 H17 M-11,-6 L-1,6 M-11,6 L-1,-6", paint);
        case RiskPictureKind::other:
            return shape(box, paint) + inscription(node.kind_name, 30, paint);
    }
    return {};
}

std::string transfer_svg(double size, const Paint& paint) {
    return shape(fmt::format("M{0:.1f},{1:.1f} V{0:.1f} L{1:.1f},0 Z", size, -size), paint);
}

std::string failure_cross_svg() {
    constexpr std::string_view strokes = "M-4,-4 L4,4 M-4,4 L4,-4";
    return fmt::format(
        "<path class=\"cross\" d=\"{0}\" stroke=\"white\" stroke-width=\"5\"/>"
        "<path d=\"{0}\" stroke=\"#24292f\" stroke-width=\"2.2\"/>",
        strokes);
}

std::string kind_text(const RiskPictureNode& node) {
    switch (node.kind) {
        case RiskPictureKind::leaf:
            return "event";
        case RiskPictureKind::conjunction:
            return "and";
        case RiskPictureKind::disjunction:
            return "or";
        case RiskPictureKind::at_least:
            return "k of n or more";
        case RiskPictureKind::negation:
            return "not";
        case RiskPictureKind::exclusive_or:
            return "exclusive or";
        case RiskPictureKind::priority_and:
            return "priority and: in order from the top";
        case RiskPictureKind::priority_or:
            return "priority or: the uppermost before the others";
        case RiskPictureKind::spare:
            return "spare: the uppermost works first";
        case RiskPictureKind::functional_dependency:
            return "functional dependency: the uppermost triggers the others";
        case RiskPictureKind::sequence:
            return "sequence: only in order from the top";
        case RiskPictureKind::mutual_exclusion:
            return "mutual exclusion: one at most";
        case RiskPictureKind::other:
            return node.kind_name.empty() ? "other gate" : node.kind_name;
    }
    return {};
}

}  // namespace venturi::risk_tree_symbols
