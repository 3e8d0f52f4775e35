#include "analysis/report/heat_map.hpp"

#include "analysis/report/plot_scale.hpp"
#include "analysis/report/quantity_text.hpp"
#include "analysis/report/svg_text.hpp"
#include "analysis/report/text_width.hpp"
#include "sim/contract.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>

namespace venturi {

namespace {

struct Rgb {
    double red;
    double green;
    double blue;
};

// Viridis at equal distances, dark to light.
constexpr std::array<Rgb, 9> viridis = {{{68, 1, 84},
                                         {71, 44, 122},
                                         {59, 81, 139},
                                         {44, 113, 142},
                                         {33, 144, 141},
                                         {39, 173, 129},
                                         {92, 200, 99},
                                         {170, 220, 50},
                                         {253, 231, 37}}};

Rgb shade_at(double part) {
    const double place = std::clamp(part, 0.0, 1.0) * (viridis.size() - 1);
    const auto below = std::min(static_cast<std::size_t>(place), viridis.size() - 2);
    const double weight = place - static_cast<double>(below);
    const auto mixed = [&](double Rgb::*channel) {
        return viridis[below].*channel * (1 - weight) + viridis[below + 1].*channel * weight;
    };
    return {mixed(&Rgb::red), mixed(&Rgb::green), mixed(&Rgb::blue)};
}

std::string hex_of(const Rgb& colour) {
    return fmt::format("#{:02x}{:02x}{:02x}", static_cast<int>(std::lround(colour.red)),
                       static_cast<int>(std::lround(colour.green)),
                       static_cast<int>(std::lround(colour.blue)));
}

std::string_view ink_on(const Rgb& colour) {
    return 0.299 * colour.red + 0.587 * colour.green + 0.114 * colour.blue > 140 ? "#24292f" : "#ffffff";
}

std::string words(double x, double y, std::string_view anchor, double points, std::string_view colour,
                  std::string_view more, std::string_view text) {
    return fmt::format(
        "<text x=\"{:.2f}\" y=\"{:.2f}\" text-anchor=\"{}\" font-size=\"{:g}\" fill=\"{}\"{}>{}</text>\n", x,
        y, anchor, points, colour, more, escaped(text));
}

/// Where the cells stand, in pixels.
struct CellFrame {
    double left;
    double top;
    double width;  // of a cell
    double height;
    std::size_t rows;

    [[nodiscard]] double x(std::size_t column) const { return left + width * static_cast<double>(column); }
    [[nodiscard]] double y(std::size_t row) const {
        return top + height * static_cast<double>(rows - 1 - row);
    }
};

constexpr double least_width = 58;
constexpr double least_height = 20;

/// Whether the interval of a cell is written into it.
bool is_banded(const HeatMap& map, const CellFrame& frame, std::size_t cell) {
    constexpr double least_banded_width = 96;
    return std::isfinite(map.values[cell]) && !map.low.empty() && std::isfinite(map.low[cell])
           && std::isfinite(map.high[cell]) && frame.height >= 2 * least_height
           && frame.width >= least_banded_width;
}

std::string subtitle_of_map(const HeatMap& map, const CellFrame& frame) {
    if (map.interval_name.empty()) return map.subtitle;
    for (std::size_t cell = 0; cell < map.values.size(); ++cell)
        if (is_banded(map, frame, cell))
            return map.subtitle + (map.subtitle.empty() ? "" : "; ") + map.interval_name;
    return map.subtitle;
}

std::string cell_svg(const HeatMap& map, const CellFrame& frame, const PlotScale& scale, std::size_t row,
                     std::size_t column) {
    const std::size_t cell = row * map.x.names.size() + column;
    const double value = map.values[cell];
    const double x = frame.x(column);
    const double y = frame.y(row);
    const auto rect = [&](std::string_view fill) {
        return fmt::format(
            "<rect class=\"cell\" x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\" fill=\"{}\" "
            "stroke=\"white\"/>\n",
            x, y, frame.width, frame.height, fill);
    };
    if (!std::isfinite(value)) return rect("url(#nothing)");
    const Rgb colour = shade_at((value - scale.low) / (scale.high - scale.low));
    std::string svg = rect(hex_of(colour));
    if (frame.width < least_width || frame.height < least_height) return svg;
    const bool banded = is_banded(map, frame, cell);
    const double middle = x + frame.width / 2;
    const double line = y + frame.height / 2 + (banded ? -2 : 4.5);
    svg += words(middle, line, "middle", 13, ink_on(colour), "", quantity_text(value, map.dimension));
    if (banded)
        svg += words(middle, line + 16, "middle", 11, ink_on(colour), " fill-opacity=\"0.85\"",
                     fmt::format("{} to {}", quantity_text(map.low[cell], map.dimension),
                                 quantity_text(map.high[cell], map.dimension)));
    return svg;
}

std::string bar_svg(const HeatMap& map, const PlotScale& scale, double x) {
    constexpr double width = 16;
    constexpr int parts = 64;
    const double height = (scale.at_low - scale.at_high) / parts;
    std::string svg;
    for (int part = 0; part < parts; ++part)
        svg += fmt::format(
            "<rect x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\" fill=\"{}\"/>\n", x,
            scale.at_low - height * (part + 1), width, height + 0.5, hex_of(shade_at((part + 0.5) / parts)));
    for (const Tick& tick : scale.ticks)
        svg += words(x + width + 6, scale.pixel(tick.value) + 4.5, "start", 12, "#57606a", "", tick.label);
    const double middle = (scale.at_low + scale.at_high) / 2;
    svg += words(x + 82, middle, "middle", 13, "#24292f",
                 fmt::format(" transform=\"rotate(-90 {:.2f} {:.2f})\"", x + 82, middle), map.value_label);
    return svg;
}

void check_shape(const HeatMap& map) {
    const std::size_t cells = map.x.names.size() * map.y.names.size();
    expects(cells > 0, "a heat map has a row and a column");
    expects(map.values.size() == cells, "a heat map has a value for each cell");
    expects((map.low.empty() && map.high.empty()) || (map.low.size() == cells && map.high.size() == cells),
            "a heat map has an interval for each cell, or none");
}

}  // namespace

std::string heat_map_svg(const HeatMap& map, const PictureSize& size) {
    check_shape(map);
    constexpr double most_name = 170;
    std::size_t longest = 0;
    for (const std::string& name : map.y.names) longest = std::max(longest, display_width(name));
    const double left = 56 + std::min(7.2 * static_cast<double>(longest), most_name);
    const double right = size.width - 120;
    const double top = map.subtitle.empty() ? 56 : 78;
    const double bottom = size.height - 64;
    const CellFrame frame{left, top, (right - left) / static_cast<double>(map.x.names.size()),
                          (bottom - top) / static_cast<double>(map.y.names.size()), map.y.names.size()};
    const PlotScale scale = fit_scale({.label = {}, .dimension = map.dimension, .low = {}, .high = {}},
                                      map.values, bottom, top, 6);

    std::string svg = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" "
        "role=\"img\" aria-labelledby=\"title description\" font-family=\"system-ui, -apple-system, 'Segoe "
        "UI', 'DejaVu Sans', sans-serif\">\n<title id=\"title\">{2}</title>\n<desc "
        "id=\"description\">{3}</desc>\n<defs><pattern id=\"nothing\" width=\"8\" height=\"8\" "
        "patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect width=\"8\" height=\"8\" "
        "fill=\"#f6f8fa\"/><line y2=\"8\" stroke=\"#b4bac2\" stroke-width=\"2\"/></pattern></defs>\n<rect "
        "width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
        size.width, size.height, escaped(map.title),
        escaped(fmt::format("{} over {} and {}", map.value_label, map.x.label, map.y.label)));
    svg += words(24, 34, "start", 19, "#24292f", " font-weight=\"600\"", map.title);
    const std::string subtitle = subtitle_of_map(map, frame);
    if (!subtitle.empty())
        svg += words(24, 57, "start", fitted_font_size(subtitle, size.width - 48), "#57606a", "", subtitle);
    for (std::size_t row = 0; row < map.y.names.size(); ++row)
        for (std::size_t column = 0; column < map.x.names.size(); ++column)
            svg += cell_svg(map, frame, scale, row, column);
    // Names that would run into each other are left out.
    std::size_t widest = 1;
    for (const std::string& name : map.x.names) widest = std::max(widest, display_width(name));
    const auto every = static_cast<std::size_t>(
        std::ceil((7.2 * static_cast<double>(widest) + 10) / std::max(frame.width, 1.0)));
    for (std::size_t column = 0; column < map.x.names.size(); column += every)
        svg += words(frame.x(column) + frame.width / 2, bottom + 20, "middle", 13, "#57606a", "",
                     map.x.names[column]);
    const auto every_row = static_cast<std::size_t>(std::ceil(16 / std::max(frame.height, 1.0)));
    for (std::size_t row = 0; row < map.y.names.size(); row += every_row)
        svg += words(left - 8, frame.y(row) + frame.height / 2 + 4.5, "end", 13, "#57606a", "",
                     map.y.names[row]);
    svg += words((left + right) / 2, bottom + 46, "middle", 14, "#24292f", "", map.x.label);
    const double middle = (top + bottom) / 2;
    svg += words(26, middle, "middle", 14, "#24292f",
                 fmt::format(" transform=\"rotate(-90 26 {:.2f})\"", middle), map.y.label);
    return svg + bar_svg(map, scale, right + 18) + "</svg>\n";
}

}  // namespace venturi
