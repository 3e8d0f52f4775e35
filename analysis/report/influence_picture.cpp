#include "analysis/report/influence_picture.hpp"

#include "analysis/report/influence_layout.hpp"
#include "analysis/report/quantity_text.hpp"
#include "analysis/report/svg_text.hpp"
#include "analysis/report/text_width.hpp"
#include "sim/contract.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

namespace venturi {

namespace {

using namespace influence_layout;

// Blue and vermilion of Okabe and Ito, "Color universal design" (2008).
constexpr std::string_view positive_colour = "#0072B2";
constexpr std::string_view negative_colour = "#D55E00";
constexpr std::string_view unclear_colour = "#8c959f";
constexpr std::string_view text_colour = "#24292f";
constexpr std::string_view quiet_text_colour = "#57606a";

constexpr double legend_row_height = 22;
constexpr double character_width = 0.555;  // of DejaVu Sans, on the wide side, as a share of its size

double text_pixels(std::string_view text, double font_size) {
    return character_width * font_size * static_cast<double>(display_width(text));
}

void check_influence_picture(const InfluencePicture& picture) {
    std::size_t coordinates = 0;
    for (const InfluenceNode& node : picture.nodes)
        coordinates += std::size_t{node.x.has_value()} + std::size_t{node.y.has_value()};
    expects(coordinates == 0 || coordinates == 2 * picture.nodes.size(),
            "either all nodes of a picture have both coordinates or none has any");
    for (const InfluenceNode& node : picture.nodes) {
        expects(std::isfinite(node.x.value_or(0)) && std::isfinite(node.y.value_or(0)),
                "a node's coordinates are finite");
        const auto there = [&](const InfluenceNode& other) { return other.x == node.x && other.y == node.y; };
        expects(!node.x || std::count_if(picture.nodes.begin(), picture.nodes.end(), there) == 1,
                "no two nodes share a place");
    }
    for (const InfluenceArrow& arrow : picture.arrows) {
        expects(arrow.tail < picture.nodes.size() && arrow.head < picture.nodes.size(),
                "an arrow goes from a node to a node");
        expects(std::isfinite(arrow.strength) && std::isfinite(arrow.low) && std::isfinite(arrow.high)
                    && arrow.low <= arrow.high,
                "an arrow's strength is a number, and its interval goes from low to high");
    }
}

// ---- what arrows look like

double largest_strength(const std::vector<InfluenceArrow>& arrows) {
    double largest = 0;
    for (const InfluenceArrow& arrow : arrows) largest = std::max(largest, std::abs(arrow.strength));
    return largest;
}

double weight_of(const InfluenceArrow& arrow) {
    return std::abs(arrow.weight.value_or(arrow.strength));
}

// The weight of the thickest arrow; zero where none is significant.
double largest_significant_weight(const std::vector<InfluenceArrow>& arrows) {
    double largest = 0;
    for (const InfluenceArrow& arrow : arrows) {
        if (arrow.significant()) largest = std::max(largest, weight_of(arrow));
    }
    return largest;
}

struct Stroke {
    std::string_view colour;
    double width;
    bool dashed;
};

Stroke stroke_of(const InfluenceArrow& arrow, double heaviest) {
    if (!arrow.significant()) return {unclear_colour, 1.5, true};
    constexpr double thinnest = 2;
    constexpr double thickest = 8;
    const double width = heaviest > 0 ? thickest * weight_of(arrow) / heaviest : 0;
    return {arrow.low > 0 ? positive_colour : negative_colour, std::max(width, thinnest), false};
}

// Two decimals where the largest is between 0.2 and 2.
std::string strength_text(double strength, double largest) {
    return quantity_text(strength, Dimension::number, {largest, largest / 20});
}

std::string estimate_of(const InfluencePicture& picture, const InfluenceArrow& arrow) {
    if (picture.own_decimals) return influence_text(arrow.strength, arrow.low, arrow.high);
    const double largest = largest_strength(picture.arrows);
    return fmt::format("{} [{}, {}]", strength_text(arrow.strength, largest),
                       strength_text(arrow.low, largest), strength_text(arrow.high, largest));
}

std::string delay_of(const InfluenceArrow& arrow) {
    if (!(arrow.delay > 0)) return {};
    const double tenths = std::round(10 * arrow.delay) / 10;
    const double step = tenths >= 10 || tenths == std::round(tenths) ? 1 : 0.1;
    const std::string months = quantity_text(tenths, Dimension::duration, {tenths, step});
    return fmt::format("after {}", months == "1 months" ? "1 month" : months);
}

std::string sentence_of(const InfluencePicture& picture, const InfluenceArrow& arrow) {
    std::string text = fmt::format("{} to {}: {}", picture.nodes[arrow.tail].name,
                                   picture.nodes[arrow.head].name, estimate_of(picture, arrow));
    const std::string delay = delay_of(arrow);
    if (!delay.empty()) text += ", " + delay;
    if (!arrow.significant()) text += ", not distinguishable from zero";
    if (arrow.weight && !picture.weight_name.empty())
        text += fmt::format("; {} {}", quantity_text(*arrow.weight, Dimension::number), picture.weight_name);
    return text;
}

std::vector<std::string> lines_of(const InfluencePicture& picture, const InfluenceArrow& arrow) {
    std::vector<std::string> lines = {estimate_of(picture, arrow)};
    if (picture.own_decimals) {
        // Longer than with few decimals: in one line it would not fit between two nodes.
        const std::size_t blank = lines[0].find(' ');
        lines.push_back(lines[0].substr(blank + 1));
        lines[0].resize(blank);
    }
    if (std::string delay = delay_of(arrow); !delay.empty()) lines.push_back(std::move(delay));
    return lines;
}

std::vector<Label> labels_of(const InfluencePicture& picture) {
    const double heaviest = largest_significant_weight(picture.arrows);
    std::vector<Label> labels;
    for (const InfluenceArrow& arrow : picture.arrows)
        labels.push_back({lines_of(picture, arrow), stroke_of(arrow, heaviest).width});
    return labels;
}

// ---- SVG

std::string pair_of(const Point& point) {
    return fmt::format("{:.1f},{:.1f}", point.x, point.y);
}

// A line and a head whose tip is the curve's end; the line stops where the head is wide.
std::string arrow_svg(const Curve& curve, const Stroke& stroke) {
    const double head_length = 8 + 1.2 * stroke.width;
    const double half_width = 4 + 0.8 * stroke.width;
    const Point tip = curve.at(1);
    const double neck =
        boundary(1, 0, [&](double t) { return length(curve.at(t) - tip) < 0.9 * head_length; });
    const Curve line = curve.part(0, neck);
    const Point back = curve.at(neck) - tip;
    const double size = length(back);
    const Point direction = size > 0 ? (1 / size) * back : Point{-1, 0};
    const Point base = tip + head_length * direction;
    const Point aside = half_width * quarter_turn(direction);
    return fmt::format(
        "<path class=\"line\" d=\"M{} C{} {} {}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{:.2f}\"{}/>"
        "<polygon points=\"{} {} {}\" fill=\"{}\"/>",
        pair_of(line.control[0]), pair_of(line.control[1]), pair_of(line.control[2]),
        pair_of(line.control[3]), stroke.colour, stroke.width,
        stroke.dashed ? " stroke-dasharray=\"6 4\"" : "", pair_of(tip), pair_of(base + aside),
        pair_of(base - aside), stroke.colour);
}

std::string text_svg(const Point& at, std::string_view attributes, std::string_view text) {
    return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\"{}>{}</text>", at.x, at.y, attributes, escaped(text));
}

std::string node_svg(const InfluenceNode& node, const Box& box) {
    std::string svg = fmt::format(
        "<g class=\"node\"><title>{}</title><rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" "
        "height=\"{:.1f}\" rx=\"10\" fill=\"#f6f8fa\" stroke=\"{}\" stroke-width=\"1.5\"/>",
        escaped(node.name), box.centre.x - box.width / 2, box.centre.y - box.height / 2, box.width,
        box.height, quiet_text_colour);
    const std::vector<std::string> lines = wrapped(node.name);
    double y = box.centre.y + 4.5 - node_line_height * (static_cast<double>(lines.size()) - 1) / 2;
    for (const std::string& line : lines) {
        svg +=
            text_svg({box.centre.x, y},
                     fmt::format(" text-anchor=\"middle\" font-size=\"13\" fill=\"{}\"", text_colour), line);
        y += node_line_height;
    }
    return svg + "</g>\n";
}

std::string label_svg(const Label& label) {
    const auto line = [&](std::size_t number, std::string_view colour, std::string_view text) {
        const double y =
            label.box.centre.y - label.box.height / 2 + label_line_height * static_cast<double>(number) + 11;
        return text_svg({label.box.centre.x, y},
                        fmt::format(" text-anchor=\"middle\" font-size=\"12\" fill=\"{}\" stroke=\"white\" "
                                    "stroke-width=\"4\" stroke-linejoin=\"round\" paint-order=\"stroke\"",
                                    colour),
                        text);
    };
    std::string svg = "<g class=\"label\">";
    for (std::size_t number = 0; number < label.lines.size(); ++number)
        svg += line(number, number == 0 ? text_colour : quiet_text_colour, label.lines[number]);
    return svg + "</g>\n";
}

struct Legend {
    std::string svg;
    int rows = 0;
};

// From left to right, in as many rows as it takes.
Legend draw_legend(const InfluencePicture& picture, double top) {
    constexpr double sample_width = 46;
    constexpr double font_size = 13;
    const double heaviest = largest_significant_weight(picture.arrows);
    const auto sample = [](std::string_view colour, double width, bool dashed) {
        return arrow_svg(bowed_curve({0, 0}, {sample_width - 8, 0}, 0), {colour, width, dashed});
    };
    std::vector<std::pair<std::string, std::string>> entries = {
        {sample(positive_colour, 4, false), "positive"},
        {sample(negative_colour, 4, false), "negative"},
        {sample(unclear_colour, 1.5, true), "not distinguishable from zero"}};
    const bool by_strength = picture.weight_name.empty();
    const bool has_delays = std::ranges::any_of(
        picture.arrows, [](const InfluenceArrow& arrow) { return !delay_of(arrow).empty(); });
    entries.emplace_back(
        "", fmt::format("labels: strength [95% confidence interval]{}; width: {}",
                        has_delays ? ", delay" : "", by_strength ? "strength" : picture.weight_name));
    if (heaviest > 0)
        entries.back().second +=
            "; the thickest arrow is "
            + strength_text(heaviest, by_strength ? largest_strength(picture.arrows) : heaviest);
    Legend legend;
    double x = side_margin;
    for (const auto& [drawn, name] : entries) {
        const double text_at = drawn.empty() ? 0 : sample_width;
        const double width = text_at + text_pixels(name, font_size);
        if (legend.rows == 0 || x + width > narrowest_picture - side_margin) {
            x = side_margin;
            ++legend.rows;
        }
        legend.svg += fmt::format("<g class=\"legend\" transform=\"translate({:.1f} {:.1f})\">{}{}</g>\n", x,
                                  top + legend_row_height * (legend.rows - 0.5), drawn,
                                  text_svg({text_at, 4.5}, " font-size=\"13\" fill=\"#24292f\"", name));
        x += width + 20;
    }
    return legend;
}

std::string description_of(const InfluencePicture& picture) {
    std::string text =
        fmt::format("{} influences among {} quantities", picture.arrows.size(), picture.nodes.size());
    for (const InfluenceArrow& arrow : picture.arrows) text += "; " + sentence_of(picture, arrow);
    return text;
}

std::string opening_svg(const InfluencePicture& picture, const Scene& scene) {
    std::string svg = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
        "viewBox=\"0 0 {0:.0f} {1:.0f}\" role=\"img\" aria-labelledby=\"title description\" "
        "font-family=\"system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif\">\n"
        "<title id=\"title\">{2}</title>\n<desc id=\"description\">{3}</desc>\n"
        "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
        scene.width, scene.height, escaped(picture.title), escaped(description_of(picture)));
    svg +=
        text_svg({side_margin, 34}, " font-size=\"19\" font-weight=\"600\" fill=\"#24292f\"", picture.title)
        + '\n';
    if (!picture.subtitle.empty())
        svg += text_svg({side_margin, 57}, " font-size=\"14\" fill=\"#57606a\"", picture.subtitle) + '\n';
    return svg;
}

// ---- DOT

// In a quoted string only the quote has to be escaped, but a label also reads \N, \n and HTML's entities.
std::string dot_string(std::string_view text) {
    std::string safe = "\"";
    for (const char c : printable(text)) {
        if (c == '"' || c == '\\') safe += '\\';
        safe += c;
        if (c == '&') safe += "amp;";
    }
    return safe + '"';
}

std::string quoted_lines(const std::vector<std::string>& lines) {
    std::string text = "\"";
    for (const std::string& line : lines) {
        if (text.size() > 1) text += "\\n";
        const std::string quoted = dot_string(line);
        text += quoted.substr(1, quoted.size() - 2);
    }
    return text + '"';
}

}  // namespace

std::string influence_text(double strength, double low, double high) {
    const double largest = std::max({std::abs(strength), std::abs(low), std::abs(high)});
    const double half_width = (high - low) / 2;
    // An infinite interval leaves the strength its own three digits.
    const double step =
        std::isfinite(half_width) ? std::max(half_width / 3, largest / 100) : std::abs(strength) / 100;
    const auto text = [&](double number) {
        return quantity_text(number, Dimension::number, {largest, step});
    };
    return fmt::format("{} [{}, {}]", text(strength), text(low), text(high));
}

std::string influence_svg(const InfluencePicture& picture) {
    check_influence_picture(picture);
    const double legend_top = picture.subtitle.empty() ? 46 : 68;
    const Legend legend = draw_legend(picture, legend_top);
    const Scene scene =
        laid_out(picture, labels_of(picture), legend_top + legend_row_height * legend.rows + 8);
    const double heaviest = largest_significant_weight(picture.arrows);
    std::string svg = opening_svg(picture, scene) + legend.svg;
    for (std::size_t i = 0; i < picture.arrows.size(); ++i) {
        const InfluenceArrow& arrow = picture.arrows[i];
        svg +=
            fmt::format("<g class=\"arrow\"><title>{}</title>{}</g>\n", escaped(sentence_of(picture, arrow)),
                        arrow_svg(scene.curves[i], stroke_of(arrow, heaviest)));
    }
    for (std::size_t i = 0; i < picture.nodes.size(); ++i) svg += node_svg(picture.nodes[i], scene.nodes[i]);
    for (const Label& label : scene.labels) svg += label_svg(label);
    return svg + "</svg>\n";
}

std::string influence_dot(const InfluencePicture& picture) {
    check_influence_picture(picture);
    const double heaviest = largest_significant_weight(picture.arrows);
    std::vector<std::string> titles = {picture.title};
    if (!picture.subtitle.empty()) titles.push_back(picture.subtitle);
    std::string dot = fmt::format(
        "digraph influences {{\n"
        "  graph [charset=\"UTF-8\", rankdir=LR, labelloc=t, fontname=\"sans-serif\", label={}];\n"
        "  node [shape=box, style=\"rounded,filled\", fillcolor=\"#f6f8fa\", color=\"{}\", "
        "fontname=\"sans-serif\"];\n"
        "  edge [fontname=\"sans-serif\", fontsize=11];\n",
        quoted_lines(titles), quiet_text_colour);
    for (std::size_t i = 0; i < picture.nodes.size(); ++i) {
        const InfluenceNode& node = picture.nodes[i];
        dot += fmt::format("  n{} [label={}", i, dot_string(node.name));
        // In inches, upwards; the exclamation mark fixes the node there.
        if (node.x && node.y) dot += fmt::format(", pos=\"{:.2f},{:.2f}!\"", 3 * *node.x, -1.5 * *node.y);
        dot += "];\n";
    }
    for (const InfluenceArrow& arrow : picture.arrows) {
        const Stroke stroke = stroke_of(arrow, heaviest);
        dot += fmt::format("  n{} -> n{} [label={}, color=\"{}\", penwidth={:.2f}, style={}];\n", arrow.tail,
                           arrow.head, quoted_lines(lines_of(picture, arrow)), stroke.colour, stroke.width,
                           stroke.dashed ? "dashed" : "solid");
    }
    return dot + "}\n";
}

}  // namespace venturi
