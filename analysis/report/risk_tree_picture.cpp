#include "analysis/report/risk_tree_picture.hpp"

#include "analysis/report/risk_tree_layout.hpp"
#include "analysis/report/risk_tree_symbols.hpp"
#include "analysis/report/risk_tree_text.hpp"
#include "analysis/report/svg_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

namespace venturi {

namespace {

using namespace risk_tree_layout;
using namespace risk_tree_symbols;

// Blue and vermilion of Okabe and Ito, "Color universal design" (2008).
constexpr std::string_view important_colour = "#0072B2";
constexpr std::string_view failed_colour = "#D55E00";
constexpr std::string_view line_colour = "#8c959f";
constexpr std::string_view faint_colour = "#d0d7de";
constexpr std::string_view bar_colour = "#57606a";
constexpr std::string_view text_colour = "#24292f";
constexpr std::string_view quiet_text_colour = "#57606a";

constexpr double bar_height = 9;
constexpr double number_font = 11;
constexpr double scale_font = 9.5;
constexpr double heading_font = 12;
constexpr double legend_font = 12;
constexpr double legend_row_height = 34;
constexpr double legend_gap = 18;

// ---- small parts

struct TextStyle {
    double size;
    std::string_view colour = text_colour;
    std::string_view anchor = "start";
};

std::string text_svg(double x, double baseline, const TextStyle& style, std::string_view text) {
    const std::string anchor =
        style.anchor == "start" ? "" : fmt::format(" text-anchor=\"{}\"", style.anchor);
    return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\"{} font-size=\"{}\" fill=\"{}\">{}</text>", x,
                       baseline, anchor, style.size, style.colour, escaped(text));
}

// One line below the other, their middle at the height `centre`.
std::string lines_svg(double x, double centre, double line_height, const TextStyle& style,
                      const std::vector<std::string>& lines) {
    double baseline = centre + 0.36 * style.size - line_height * (static_cast<double>(lines.size()) - 1) / 2;
    std::string svg;
    for (const std::string& line : lines) {
        svg += text_svg(x, baseline, style, line);
        baseline += line_height;
    }
    return svg;
}

std::string box_svg(double x, double y, double width, double height, std::string_view fill) {
    return fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"/>", x,
                       y, width, height, fill);
}

std::string translated(double x, double y, std::string_view svg) {
    return fmt::format("<g transform=\"translate({:.1f} {:.1f})\">{}</g>", x, y, svg);
}

// White with a share of the colour of what is important, so faint that text stays legible on it.
std::string tint(double share) {
    constexpr double strongest = 0.36;
    const double amount = strongest * std::clamp(share, 0.0, 1.0);
    const auto mixed = [amount](int colour) { return std::lround(255 + amount * (colour - 255)); };
    return fmt::format("#{:02x}{:02x}{:02x}", mixed(0x00), mixed(0x72), mixed(0xB2));
}

// Three significant digits. What is not certain doesn't read as if it were.
std::string probability_text(double probability) {
    if (probability < 1 && probability >= 0.9995) return ">0.999";
    if (probability == 0 || probability >= 0.001) return fmt::format("{:.3g}", probability);
    std::string text = fmt::format("{:.2e}", probability);
    const std::size_t exponent = text.find("e-") + 2;
    return text.erase(exponent, text.find_first_not_of('0', exponent) - exponent);
}

// ---- scales

bool is_leaf(const RiskPictureNode& node) {
    return node.kind == RiskPictureKind::leaf;
}

/// From a probability to a share of a bar, in decades below one.
struct DecadeScale {
    int decades = 1;

    [[nodiscard]] double share(double probability) const {
        return probability > 0 ? std::max(0.0, 1 + std::log10(probability) / decades) : 0;
    }
};

// So that the least likely leaf still shows, twelve decades at most.
DecadeScale decade_scale(const RiskTreePicture& picture) {
    double lowest = 1;
    for (const RiskPictureNode& node : picture.nodes) {
        if (is_leaf(node) && node.probability.value_or(0) > 0) lowest = std::min(lowest, *node.probability);
    }
    // A leaf at a power of ten gets a decade more: a bar of no length would read as zero.
    return {std::clamp(1 + static_cast<int>(std::floor(-std::log10(lowest))), 1, 12)};
}

double largest_importance(const RiskTreePicture& picture) {
    double largest = 0;
    for (const RiskPictureNode& node : picture.nodes) {
        if (is_leaf(node)) largest = std::max(largest, node.importance.value_or(0));
    }
    return largest;
}

std::string decade_text(int decade) {
    constexpr std::array<std::string_view, 10> digits = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    if (decade == 0) return "1";
    std::string text = "10⁻";
    for (const char digit : std::to_string(decade)) text += digits[static_cast<std::size_t>(digit - '0')];
    return text;
}

/// What the parts of a picture are drawn from.
struct Drawing {
    const RiskTreePicture& picture;
    const Layout& layout;
    DecadeScale decades;
    double largest_importance;

    [[nodiscard]] const RiskPictureNode& node(const Place& place) const { return picture.nodes[place.node]; }
    [[nodiscard]] double importance_share(const RiskPictureNode& node) const {
        return largest_importance > 0 ? node.importance.value_or(0) / largest_importance : 0;
    }
    // Where the symbol of a place is, and how far it reaches to either side.
    [[nodiscard]] double symbol_x(const Place& place) const {
        const bool gate = !place.transfer && !is_leaf(node(place));
        return gate ? layout.columns.gate_centre(place.depth) : layout.columns.leaf_x;
    }
    [[nodiscard]] double symbol_reach(const Place& place) const {
        const bool gate = !place.transfer && !is_leaf(node(place));
        return gate ? symbol_half_width : leaf_radius;
    }
};

Paint paint_of(const RiskPictureNode& node, std::string_view fill) {
    return node.failed ? Paint{failed_colour, text_colour, "white"} : Paint{fill, text_colour, text_colour};
}

// ---- the tree

// The line from a gate's symbol to a child's; the first, to a top, comes from the margin.
std::string edge_svg(const Drawing& drawing, const Place& place) {
    const bool failed = drawing.node(place).failed;
    const double end = drawing.symbol_x(place) - drawing.symbol_reach(place);
    std::string path;
    if (place.parent) {
        const Place& parent = drawing.layout.places[*place.parent];
        path = fmt::format("M{:.1f},{:.1f} H{:.1f} V{:.1f} H{:.1f}",
                           drawing.symbol_x(parent) + symbol_half_width, parent.y,
                           drawing.layout.columns.gate_x(place.depth), place.y, end);
    } else {
        // Only the top's comes all the way: from beside it, nothing goes further.
        const bool top = &place == &drawing.layout.places.front();
        const double begin = top ? drawing.layout.columns.gate_x(0) : end - 16;
        path = fmt::format("M{:.1f},{:.1f} H{:.1f}", begin, place.y, end);
    }
    return fmt::format("<path class=\"edge\" d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"/>\n",
                       path, failed ? failed_colour : line_colour, failed ? 2.6 : 1.2);
}

std::string edges_svg(const Drawing& drawing) {
    std::string svg;
    for (const bool failed : {false, true}) {  // what has failed lies above what has not
        for (const Place& place : drawing.layout.places) {
            if (drawing.node(place).failed == failed) svg += edge_svg(drawing, place);
        }
    }
    return svg;
}

std::string sentence_of(const RiskPictureNode& node) {
    std::string text =
        node.name.empty() ? kind_text(node) : fmt::format("{}: {}", node.name, kind_text(node));
    if (node.probability) text += ", probability " + probability_text(*node.probability);
    if (node.importance) text += ", importance " + probability_text(*node.importance);
    if (!node.note.empty()) text += ", " + node.note;
    return node.failed ? text + ", failed now" : text;
}

// A small triangle and a number, from `x` to the right: this is where transfers of that number refer to.
std::string reference_svg(double x, double y, std::uint32_t number, std::string_view colour) {
    return translated(x + 4, y, transfer_svg(3.5, {"white", colour, colour}))
           + text_svg(x + 11, y + 0.36 * reference_font, {reference_font, colour}, std::to_string(number));
}

std::string cross_svg(const Drawing& drawing, const Place& place) {
    constexpr double gap = 8;
    if (!drawing.node(place).failed) return {};
    return translated(drawing.symbol_x(place) - drawing.symbol_reach(place) - gap, place.y,
                      failure_cross_svg());
}

std::string gate_svg(const Drawing& drawing, const Place& place) {
    const RiskPictureNode& node = drawing.node(place);
    const double x = drawing.symbol_x(place);
    const std::string fill = tint(drawing.importance_share(node));
    std::string svg =
        translated(x, place.y, symbol_svg(node, paint_of(node, fill))) + cross_svg(drawing, place);
    const double lines = static_cast<double>(place.name_lines.size());
    svg += lines_svg(x, place.y - symbol_half_height - 3 - gate_line_height * lines / 2, gate_line_height,
                     {gate_font, text_colour, "middle"}, place.name_lines);
    const double below = place.y + symbol_half_height + 3 + gate_line_height / 2;
    const std::string number = node.probability ? probability_text(*node.probability) : "";
    const std::uint32_t reference = drawing.layout.reference[place.node];
    const double number_width = text_pixels(number, gate_probability_font);
    const double reference_width =
        reference > 0 ? 11 + text_pixels(std::to_string(reference), reference_font) : 0;
    const double gap = node.probability && reference > 0 ? 6 : 0;
    const double left = x - (number_width + gap + reference_width) / 2;
    if (node.probability)
        svg += lines_svg(left, below, gate_line_height, {gate_probability_font, quiet_text_colour}, {number});
    if (reference > 0) svg += reference_svg(left + number_width + gap, below, reference, text_colour);
    return svg;
}

std::string transfer_row_svg(const Drawing& drawing, const Place& place) {
    const Columns& columns = drawing.layout.columns;
    const RiskPictureNode& node = drawing.node(place);
    const Paint paint = paint_of(node, "white");
    const std::uint32_t reference = drawing.layout.reference[place.node];
    const double number_width = 11 + text_pixels(std::to_string(reference), reference_font);
    return translated(columns.leaf_x, place.y, transfer_svg(leaf_radius, paint)) + cross_svg(drawing, place)
           + lines_svg(columns.name_x, place.y, leaf_line_height, {transfer_font, quiet_text_colour},
                       place.name_lines)
           + reference_svg(columns.name_x + columns.name_width - number_width, place.y, reference,
                           quiet_text_colour);
}

// ---- the table

// A number and the bar behind it.
std::string measure_svg(double number_right, double bar_x, double bar_length, double y, double value,
                        std::string_view colour) {
    return lines_svg(number_right, y, leaf_line_height, {number_font, text_colour, "end"},
                     {probability_text(value)})
           + box_svg(bar_x, y - bar_height / 2, bar_length, bar_height, colour);
}

std::string leaf_row_svg(const Drawing& drawing, const Place& place) {
    const Columns& columns = drawing.layout.columns;
    const RiskPictureNode& node = drawing.node(place);
    const std::uint32_t reference = drawing.layout.reference[place.node];
    std::string svg = translated(columns.leaf_x, place.y, symbol_svg(node, paint_of(node, "white")))
                      + cross_svg(drawing, place);
    svg += lines_svg(columns.name_x, place.y, leaf_line_height, {name_font}, place.name_lines);
    if (reference > 0) {
        const double width = 11 + text_pixels(std::to_string(reference), reference_font);
        svg += reference_svg(columns.name_x + columns.name_width - width, place.y, reference, text_colour);
    }
    if (node.probability)
        svg += measure_svg(columns.probability_right, columns.probability_bar_x,
                           drawing.decades.share(*node.probability) * columns.probability_bar_width, place.y,
                           *node.probability, node.failed ? failed_colour : bar_colour);
    if (node.importance)
        svg += measure_svg(columns.importance_right, columns.importance_bar_x,
                           drawing.importance_share(node) * columns.importance_bar_width, place.y,
                           *node.importance, important_colour);
    svg += lines_svg(columns.note_x, place.y, leaf_line_height, {note_font}, place.note_lines);
    return svg;
}

// The row's ground, below everything else.
std::string ground_svg(const Drawing& drawing, const Place& place) {
    const Columns& columns = drawing.layout.columns;
    const double left = columns.name_x - 4;
    const double right = columns.right + 4;
    std::string svg = box_svg(left, place.top + 0.5, right - left, place.height - 1,
                              tint(drawing.importance_share(drawing.node(place))));
    return svg + box_svg(left, place.top + place.height - 0.5, right - left, 1, "#eaeef2") + '\n';
}

std::string scales_svg(const Drawing& drawing, double top) {
    const Columns& columns = drawing.layout.columns;
    const double width = columns.probability_bar_width;
    const int decades = drawing.decades.decades;
    constexpr double label_width = 36;
    const int step = width > 0 ? static_cast<int>(std::ceil(decades * label_width / width)) : 1;
    std::string svg;
    for (int decade = 0; width > 0 && decade <= decades; ++decade) {
        const double x = columns.probability_bar_x + width * (1 - static_cast<double>(decade) / decades);
        svg += box_svg(x - 0.25, top, 0.5, drawing.layout.bottom - top, faint_colour);
        if (decade % step == 0)
            svg += text_svg(x, top - 4, {scale_font, quiet_text_colour, "middle"}, decade_text(decade));
    }
    if (drawing.largest_importance > 0) {
        const double end = columns.importance_bar_x + columns.importance_bar_width;
        svg += text_svg(columns.importance_bar_x, top - 4, {scale_font, quiet_text_colour, "middle"}, "0");
        svg += text_svg(end, top - 4, {scale_font, quiet_text_colour, "middle"},
                        probability_text(drawing.largest_importance));
    }
    return svg + '\n';
}

// The lines of a heading stand on the height `bottom`.
std::string heading_svg(double x, double width, double bottom, std::string_view anchor,
                        std::string_view text) {
    const std::vector<std::string> lines = fitted_lines(text, width, heading_font, 2);
    const double height = leaf_line_height * static_cast<double>(lines.size());
    return lines_svg(x, bottom - height / 2, leaf_line_height, {heading_font, text_colour, anchor}, lines);
}

std::string headings_svg(const Drawing& drawing, double bottom) {
    const Columns& columns = drawing.layout.columns;
    const RiskPictureHeadings& headings = drawing.picture.headings;
    const double probability_left = columns.probability_right - 58;
    const double probability_end = columns.probability_bar_x + columns.probability_bar_width;
    const double importance_left = columns.importance_right - 44;
    const double importance_end = columns.importance_bar_x + columns.importance_bar_width;
    std::string svg = "<g class=\"headings\">";
    svg += heading_svg(columns.name_x, columns.name_width, bottom, "start", headings.name);
    if (columns.probability_bar_width > 0)
        svg += heading_svg(probability_left, probability_end - probability_left, bottom, "start",
                           headings.probability);
    if (columns.importance_bar_width > 0)
        svg += heading_svg(importance_left, importance_end - importance_left, bottom, "start",
                           headings.importance);
    if (columns.note_width > 0)
        svg += heading_svg(columns.note_x, columns.note_width, bottom, "start", headings.note);
    return svg + "</g>\n";
}

// ---- title and legend

struct LegendEntry {
    std::string sample;  ///< centred on (0, 0)
    double sample_width;
    std::string name;
};

std::vector<LegendEntry> legend_entries(const RiskTreePicture& picture, bool transfers, double largest) {
    std::vector<const RiskPictureNode*> samples;
    for (const RiskPictureNode& node : picture.nodes) {
        const auto same = [&](const RiskPictureNode* known) { return kind_text(*known) == kind_text(node); };
        if (!is_leaf(node) && std::ranges::none_of(samples, same)) samples.push_back(&node);
    }
    std::ranges::stable_sort(samples, {}, &RiskPictureNode::kind);
    std::vector<LegendEntry> entries;
    for (const RiskPictureNode* node : samples) {
        const std::string sample = symbol_svg({.kind = node->kind, .kind_name = node->kind_name}, {});
        entries.push_back({sample, 2 * symbol_half_width, kind_text(*node)});
    }
    if (transfers) {
        entries.push_back({transfer_svg(leaf_radius, {}), 2 * leaf_radius,
                           "drawn elsewhere, where the same number stands"});
    }
    if (std::ranges::any_of(picture.nodes, [](const RiskPictureNode& node) { return node.failed; })) {
        const std::string sample =
            fmt::format("<path d=\"M-20,0 H8\" stroke=\"{}\" stroke-width=\"2.6\"/>", failed_colour)
            + translated(13.5, 0, symbol_svg({}, {failed_colour, text_colour, "white"}))
            + translated(-3, 0, failure_cross_svg());
        entries.push_back({sample, 40, "failed now"});
    }
    if (largest > 0) {
        std::string sample;
        for (int step = 0; step < 5; ++step)
            sample += box_svg(-30 + 12 * step, -7, 12, 14, tint(0.25 * step));
        sample +=
            fmt::format("<rect x=\"-30\" y=\"-7\" width=\"60\" height=\"14\" fill=\"none\" stroke=\"{}\"/>",
                        faint_colour);
        entries.push_back({sample, 60, fmt::format("importance, from 0 to {}", probability_text(largest))});
    }
    return entries;
}

struct TextBlock {
    std::string svg;
    double height = 0;
};

// From left to right, in as many rows as it takes.
TextBlock legend_block(const std::vector<LegendEntry>& entries, double top, double width) {
    TextBlock block;
    double x = side_margin;
    for (const LegendEntry& entry : entries) {
        const double most = width - 2 * side_margin - entry.sample_width - 7;
        const std::vector<std::string> lines =
            fitted_lines(entry.name, std::min(most, 420.0), legend_font, 1);
        const std::string name = lines.empty() ? "" : lines[0];
        const double needed = entry.sample_width + 7 + text_pixels(name, legend_font);
        if (block.height == 0 || x + needed > width - side_margin) {
            x = side_margin;
            block.height += legend_row_height;
        }
        const double y = top + block.height - legend_row_height / 2;
        block.svg += "<g class=\"legend\">" + translated(x + entry.sample_width / 2, y, entry.sample)
                     + text_svg(x + entry.sample_width + 7, y + 0.36 * legend_font, {legend_font}, name)
                     + "</g>\n";
        x += needed + legend_gap;
    }
    return block;
}

TextBlock title_block(const RiskTreePicture& picture, double width) {
    constexpr double title_font = 19;
    constexpr double subtitle_font = 14;
    constexpr double bold = 1.15;  // how much wider than regular
    TextBlock block;
    block.height = 12;
    for (const std::string& line :
         fitted_lines(picture.title, width - 2 * side_margin, bold * title_font, 2)) {
        block.height += 24;
        block.svg += fmt::format(
            "<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"{}\" font-weight=\"600\" fill=\"{}\">{}</text>\n",
            side_margin, block.height - 2, title_font, text_colour, escaped(line));
    }
    for (const std::string& line :
         fitted_lines(picture.subtitle, width - 2 * side_margin, subtitle_font, 2)) {
        block.height += 20;
        block.svg += text_svg(side_margin, block.height, {subtitle_font, quiet_text_colour}, line) + '\n';
    }
    block.height += 8;
    return block;
}

std::string description_of(const RiskTreePicture& picture) {
    const auto leaves = std::ranges::count_if(picture.nodes, is_leaf);
    std::string text = fmt::format("{} events and {} gates; on top {}", leaves,
                                   static_cast<std::ptrdiff_t>(picture.nodes.size()) - leaves,
                                   sentence_of(picture.nodes[picture.top]));
    for (const RiskPictureNode& node : picture.nodes) {
        if (node.failed && is_leaf(node)) text += "; " + sentence_of(node);
    }
    return text;
}

std::string opening_svg(const RiskTreePicture& picture, double width, double height) {
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
        "viewBox=\"0 0 {0:.0f} {1:.0f}\" role=\"img\" aria-labelledby=\"title description\" "
        "font-family=\"system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif\">\n"
        "<title id=\"title\">{2}</title>\n<desc id=\"description\">{3}</desc>\n"
        "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
        std::ceil(width), std::ceil(height), escaped(picture.title), escaped(description_of(picture)));
}

std::string places_svg(const Drawing& drawing) {
    std::string svg;
    for (const Place& place : drawing.layout.places) {
        const RiskPictureNode& node = drawing.node(place);
        const bool leaf = is_leaf(node);
        const std::string_view name = place.transfer ? "transfer" : leaf ? "leaf" : "gate";
        const std::string drawn = place.transfer ? transfer_row_svg(drawing, place)
                                  : leaf         ? leaf_row_svg(drawing, place)
                                                 : gate_svg(drawing, place);
        svg += fmt::format("<g class=\"{}{}\"><title>{}</title>{}</g>\n", name, node.failed ? " failed" : "",
                           escaped(sentence_of(node)), drawn);
    }
    return svg;
}

}  // namespace

std::string risk_tree_svg(const RiskTreePicture& picture) {
    check(picture);
    Layout layout = laid_out(picture);
    const double width = layout.columns.width;
    const TextBlock title = title_block(picture, width);
    const bool transfers =
        std::ranges::any_of(layout.places, [](const Place& place) { return place.transfer; });
    const double largest = largest_importance(picture);
    const TextBlock legend = legend_block(legend_entries(picture, transfers, largest), title.height, width);
    constexpr double headings_height = 50;
    constexpr double scale_height = 14;
    const double top = title.height + legend.height + headings_height;
    layout = moved_down(std::move(layout), top);
    const Drawing drawing{picture, layout, decade_scale(picture), largest};
    std::string svg = opening_svg(picture, width, layout.bottom + side_margin) + title.svg + legend.svg;
    for (const Place& place : layout.places) {
        if (!place.transfer && is_leaf(drawing.node(place))) svg += ground_svg(drawing, place);
    }
    svg += scales_svg(drawing, top) + headings_svg(drawing, top - scale_height - 2);
    if (layout.aside_y) {
        svg +=
            text_svg(side_margin, *layout.aside_y, {legend_font, quiet_text_colour}, "Beside the top event:")
            + '\n';
    }
    return svg + edges_svg(drawing) + places_svg(drawing) + "</svg>\n";
}

}  // namespace venturi
