#include "analysis/report/line_plot.hpp"

#include "analysis/report/plot_scale.hpp"
#include "analysis/report/svg_text.hpp"
#include "analysis/report/text_width.hpp"
#include "sim/contract.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <string_view>
#include <utility>

namespace venturi {

namespace {

// Okabe and Ito, "Color universal design" (2008), darkest first; lines take them from the front, points from
// the back, so that the two differ.
constexpr std::array<std::string_view, 6> colours = {"#0072B2", "#009E73", "#CC79A7",
                                                     "#56B4E9", "#E69F00", "#D55E00"};
constexpr double left_margin = 84;
constexpr double right_margin = 32;
constexpr double bottom_margin = 64;
constexpr double legend_row_height = 22;
constexpr int height_of_nothing = 118;   // of a panel with nothing in it but what it says
constexpr double character_width = 7.2;  // of a 13-pixel sans-serif, on the wide side

std::string_view line_colour(std::size_t number) {
    return colours[number % colours.size()];
}
std::string_view point_colour(std::size_t number) {
    return colours[colours.size() - 1 - number % colours.size()];
}

/// Where a picture's parts stand, in pixels.
struct Frame {
    PlotScale x;
    PlotScale y;

    [[nodiscard]] std::string point(double x_value, double y_value) const {
        return fmt::format("{:.2f},{:.2f}", x.pixel(x_value), y.pixel(y_value));
    }
};

/// One entry of the legend: a sample that starts at (0, 0), level with the middle of the text, and its name.
struct LegendEntry {
    std::string sample;
    std::string name;
};

void check_lengths(const LinePlot& plot) {
    const auto fits = [](const auto& series) {
        const auto count = series.x.size();
        const bool banded = series.low.size() == count && series.high.size() == count;
        return series.y.size() == count && (banded || (series.low.empty() && series.high.empty()));
    };
    for (const PlotLine& line : plot.lines)
        expects(fits(line), "a plotted line has as many y values as x values");
    for (const PlotPoints& points : plot.points)
        expects(fits(points), "plotted points have as many y values as x values");
}

void append(std::vector<double>& values, const std::vector<double>& more) {
    values.insert(values.end(), more.begin(), more.end());
}

template <class Series>
void collect(const std::vector<Series>& all, std::vector<double>& x, std::vector<double>& y) {
    for (const Series& series : all) {
        append(x, series.x);
        append(y, series.y);
        append(y, series.low);
        append(y, series.high);
    }
}

bool has_band(const PlotLine& line) {
    return !line.low.empty();
}

// The corners of a stepped line, so that it can be drawn as a straight one.
PlotLine with_steps_as_corners(const PlotLine& line) {
    if (line.shape == LineShape::straight) return line;
    PlotLine corners = line;
    corners.shape = LineShape::straight;
    const auto expand = [&](const std::vector<double>& values, std::size_t at_corner) {
        std::vector<double> expanded;
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (i > 0) expanded.push_back(values[i - at_corner]);
            expanded.push_back(values[i]);
        }
        return expanded;
    };
    corners.x = expand(line.x, 0);
    corners.y = expand(line.y, 1);
    corners.low = expand(line.low, 1);
    corners.high = expand(line.high, 1);
    return corners;
}

using Run = std::pair<std::size_t, std::size_t>;

// The stretches [first, last) without an interruption.
template <class IsDrawn>
std::vector<Run> runs(std::size_t count, IsDrawn is_drawn) {
    std::vector<Run> found;
    for (std::size_t i = 0; i < count; ++i) {
        if (!is_drawn(i)) continue;
        if (found.empty() || found.back().second != i) found.emplace_back(i, i);
        found.back().second = i + 1;
    }
    return found;
}

std::string polygon_of_band(const PlotLine& line, const Run& run, const Frame& frame) {
    std::string corners;
    for (std::size_t i = run.first; i < run.second; ++i)
        corners += frame.point(line.x[i], line.high[i]) + ' ';
    for (std::size_t i = run.second; i-- > run.first;) corners += frame.point(line.x[i], line.low[i]) + ' ';
    corners.pop_back();
    return corners;
}

std::string band_svg(const PlotLine& line, std::string_view colour, const Frame& frame) {
    if (!has_band(line)) return {};
    std::string svg;
    const auto drawn = [&](std::size_t i) {
        return std::isfinite(line.x[i]) && std::isfinite(line.low[i]) && std::isfinite(line.high[i]);
    };
    for (const Run& run : runs(line.x.size(), drawn)) {
        svg += fmt::format("<polygon class=\"band\" fill=\"{}\" fill-opacity=\"0.2\" points=\"{}\"/>\n",
                           colour, polygon_of_band(line, run, frame));
    }
    return svg;
}

std::string line_svg(const PlotLine& line, std::string_view colour, const Frame& frame) {
    std::string svg;
    const auto drawn = [&](std::size_t i) { return std::isfinite(line.x[i]) && std::isfinite(line.y[i]); };
    for (const Run& run : runs(line.x.size(), drawn)) {
        std::string corners;
        for (std::size_t i = run.first; i < run.second; ++i)
            corners += frame.point(line.x[i], line.y[i]) + ' ';
        corners.pop_back();
        svg += fmt::format(
            "<polyline class=\"line\" fill=\"none\" stroke=\"{}\" stroke-width=\"2.5\" "
            "stroke-linejoin=\"round\" points=\"{}\"/>\n",
            colour, corners);
    }
    return svg;
}

std::string marker_svg(double x, double y, std::string_view colour) {
    return fmt::format(
        "<circle class=\"point\" cx=\"{:.2f}\" cy=\"{:.2f}\" r=\"5\" fill=\"{}\" stroke=\"white\" "
        "stroke-width=\"1.5\"/>",
        x, y, colour);
}

std::string points_svg(const PlotPoints& points, std::string_view colour, const Frame& frame) {
    std::string svg;
    for (std::size_t i = 0; i < points.x.size(); ++i) {
        if (!std::isfinite(points.x[i]) || !std::isfinite(points.y[i])) continue;
        const double x = frame.x.pixel(points.x[i]);
        if (!points.low.empty() && std::isfinite(points.low[i]) && std::isfinite(points.high[i])) {
            svg += fmt::format(
                "<line class=\"interval\" x1=\"{0:.2f}\" x2=\"{0:.2f}\" y1=\"{1:.2f}\" y2=\"{2:.2f}\" "
                "stroke=\"{3}\" stroke-width=\"2\"/>\n",
                x, frame.y.pixel(points.low[i]), frame.y.pixel(points.high[i]), colour);
        }
        svg += marker_svg(x, frame.y.pixel(points.y[i]), colour) + '\n';
    }
    return svg;
}

std::string text_svg(double x, double y, std::string_view anchor, std::string_view attributes,
                     std::string_view text) {
    return fmt::format("<text x=\"{:.2f}\" y=\"{:.2f}\" text-anchor=\"{}\"{}>{}</text>\n", x, y, anchor,
                       attributes, escaped(text));
}

std::string rule_svg(double x1, double y1, double x2, double y2, std::string_view colour) {
    return fmt::format("<line x1=\"{:.2f}\" y1=\"{:.2f}\" x2=\"{:.2f}\" y2=\"{:.2f}\" stroke=\"{}\"/>\n", x1,
                       y1, x2, y2, colour);
}

std::size_t colour_number(const LinePlot& plot, std::size_t line) {
    return plot.lines[line].colour.value_or(line);
}

/// Whether there is anything to see: a stretch of a line, or a point.
bool is_empty(const LinePlot& plot) {
    const auto is_there = [](const auto& series, std::size_t i) {
        return std::isfinite(series.x[i]) && std::isfinite(series.y[i]);
    };
    for (const PlotLine& line : plot.lines)
        for (std::size_t i = 0; i + 1 < line.x.size(); ++i)
            if (is_there(line, i) && is_there(line, i + 1)) return false;
    for (const PlotPoints& points : plot.points)
        for (std::size_t i = 0; i < points.x.size(); ++i)
            if (is_there(points, i)) return false;
    return true;
}

/// What makes a name along the horizontal axis small enough for its place; numbers have room.
std::string name_size(const PlotAxis& axis, const Tick& tick, double length) {
    constexpr double usual = 13;
    constexpr double gap = 8;
    if (axis.names.empty()) return {};
    const double size =
        fitted_font_size(tick.label, length / static_cast<double>(axis.names.size()) - gap, usual);
    return size < usual ? fmt::format(" font-size=\"{:g}\"", size) : std::string();
}

/// Where a frame begins: names along the vertical axis may need more room than numbers.
double frame_left(const LinePlot& plot) {
    constexpr double usual_label = 44;
    double widest = 0;
    for (const std::string& name : plot.y.names)
        widest = std::max(widest, character_width * static_cast<double>(display_width(name)));
    return left_margin + std::max(widest - usual_label, 0.0);
}

std::string axes_svg(const LinePlot& plot, const Frame& frame) {
    constexpr std::string_view grid = "#e3e6ea";
    constexpr std::string_view zero = "#b4bac2";  // seen only where the axis goes below it
    constexpr std::string_view ink = "#57606a";
    const double left = frame.x.at_low;
    const double right = frame.x.at_high;
    const double bottom = frame.y.at_low;
    const double top = frame.y.at_high;
    std::string svg = "<g font-size=\"13\" fill=\"#57606a\">\n";
    for (const Tick& tick : frame.y.ticks) {
        const double y = frame.y.pixel(tick.value);
        svg += rule_svg(left, y, right, y, tick.value == 0 ? zero : grid);
        svg += text_svg(left - 10, y + 4.5, "end", "", tick.label);
    }
    for (const Tick& tick : frame.x.ticks) {
        const double x = frame.x.pixel(tick.value);
        svg += rule_svg(x, bottom, x, bottom + 6, ink);
        svg += text_svg(x, bottom + 22, "middle", name_size(plot.x, tick, right - left), tick.label);
    }
    svg += rule_svg(left, bottom, right, bottom, ink);
    svg += "</g>\n<g font-size=\"14\" fill=\"#24292f\">\n";
    svg += text_svg((left + right) / 2, bottom + 48, "middle", "", plot.x.label);
    const double middle = (top + bottom) / 2;
    svg += text_svg(22, middle, "middle", fmt::format(" transform=\"rotate(-90 22 {:.2f})\"", middle),
                    plot.y.label);
    return svg + "</g>\n";
}

std::vector<LegendEntry> legend_of(const LinePlot& plot) {
    std::vector<LegendEntry> entries;
    for (std::size_t i = 0; i < plot.lines.size(); ++i) {
        const std::string_view colour = line_colour(colour_number(plot, i));
        entries.push_back(
            {fmt::format("<line x1=\"0\" x2=\"26\" stroke=\"{}\" stroke-width=\"2.5\"/>", colour),
             plot.lines[i].name});
        entries.push_back(
            {fmt::format("<rect y=\"-7\" width=\"26\" height=\"14\" fill=\"{}\" fill-opacity=\"0.2\"/>",
                         colour),
             plot.lines[i].band_name});
    }
    for (std::size_t i = 0; i < plot.points.size(); ++i)
        entries.push_back({marker_svg(13, 0, point_colour(i)), plot.points[i].name});
    std::erase_if(entries, [](const LegendEntry& entry) { return entry.name.empty(); });
    return entries;
}

/// The legend's rows, drawn, and how many there are.
struct Legend {
    std::string svg;
    int rows = 0;
};

// From left to right, in as many rows as it takes.
Legend draw_legend(const LinePlot& plot, double left, double right, double top) {
    constexpr double sample_width = 34;
    constexpr double gap = 24;
    Legend legend;
    double x = left;
    for (const LegendEntry& entry : legend_of(plot)) {
        const double width = sample_width + character_width * static_cast<double>(display_width(entry.name));
        if (legend.rows == 0 || x + width > right) {
            x = left;
            ++legend.rows;
        }
        const double y = top + legend_row_height * (legend.rows - 0.5);
        legend.svg += fmt::format(
            "<g class=\"legend\" transform=\"translate({:.2f} {:.2f})\">{}"
            "<text x=\"{}\" y=\"4.5\" font-size=\"13\" fill=\"#24292f\">{}</text></g>\n",
            x, y, entry.sample, sample_width, escaped(entry.name));
        x += width + gap;
    }
    return legend;
}

std::string description_of(const LinePlot& plot) {
    if (is_empty(plot)) return plot.if_empty;
    std::string text = fmt::format("{} over {}", plot.y.label, plot.x.label);
    for (const PlotLine& line : plot.lines) text += fmt::format("; line: {}", line.name);
    for (const PlotPoints& points : plot.points) text += fmt::format("; points: {}", points.name);
    return text;
}

std::string series_svg(const LinePlot& plot, const Frame& frame, std::string_view clip) {
    std::string bands;
    std::string lines;
    for (std::size_t i = 0; i < plot.lines.size(); ++i) {
        const PlotLine corners = with_steps_as_corners(plot.lines[i]);
        const std::string_view colour = line_colour(colour_number(plot, i));
        bands += band_svg(corners, colour, frame);
        lines += line_svg(corners, colour, frame);
    }
    std::string markers;
    for (std::size_t i = 0; i < plot.points.size(); ++i)
        markers += points_svg(plot.points[i], point_colour(i), frame);
    // Curves are cut at the frame; points on its edge are drawn whole.
    return fmt::format("<g clip-path=\"url(#{})\">\n{}{}</g>\n{}", clip, bands, lines, markers);
}

std::string opening_svg(std::string_view title, std::string_view description, const PictureSize& size) {
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" "
        "role=\"img\" "
        "aria-labelledby=\"title description\" font-family=\"system-ui, -apple-system, 'Segoe UI', "
        "'DejaVu Sans', sans-serif\">\n"
        "<title id=\"title\">{2}</title>\n<desc id=\"description\">{3}</desc>\n"
        "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
        size.width, size.height, escaped(title), escaped(description));
}

std::string clip_svg(const Frame& frame, std::string_view clip) {
    return fmt::format(
        "<clipPath id=\"{}\"><rect x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" "
        "height=\"{:.2f}\"/></clipPath>\n",
        clip, frame.x.at_low, frame.y.at_high - 2, frame.x.at_high - frame.x.at_low,
        frame.y.at_low - frame.y.at_high + 4);
}

// A plot between two heights of a picture, its title at the top; `clip` names what it is cut by.
std::string panel_svg(const LinePlot& plot, int width, double top, double bottom, std::string_view clip) {
    std::string svg = text_svg(left_margin, top + 34, "start",
                               " font-size=\"19\" font-weight=\"600\" fill=\"#24292f\"", plot.title);
    if (!plot.subtitle.empty())
        svg += text_svg(left_margin, top + 57, "start",
                        fmt::format(" font-size=\"{:g}\" fill=\"#57606a\"",
                                    fitted_font_size(plot.subtitle, width - left_margin - right_margin)),
                        plot.subtitle);
    if (is_empty(plot))
        return svg
               + text_svg(left_margin, top + (plot.subtitle.empty() ? 64 : 88), "start",
                          fmt::format(" class=\"nothing\" font-size=\"{:g}\" fill=\"#24292f\"",
                                      fitted_font_size(plot.if_empty, width - left_margin - right_margin)),
                          plot.if_empty);
    const double right = width - right_margin;
    const double legend_top = top + (plot.subtitle.empty() ? 46 : 68);
    const Legend legend = draw_legend(plot, left_margin, right, legend_top);
    const double frame_top = legend_top + legend_row_height * legend.rows + 14;
    std::vector<double> x_values;
    std::vector<double> y_values;
    collect(plot.lines, x_values, y_values);
    collect(plot.points, x_values, y_values);
    const Frame frame{fit_scale(plot.x, x_values, frame_left(plot), right, 10),
                      fit_scale(plot.y, y_values, bottom - bottom_margin, frame_top, 8)};
    return svg + clip_svg(frame, clip) + axes_svg(plot, frame) + series_svg(plot, frame, clip) + legend.svg;
}

void check_size(const PictureSize& size) {
    expects(size.width >= 300 && size.height >= 240,
            "a picture has room for its axes: at least 300 by 240 pixels");
}

}  // namespace

std::string line_plot_svg(const LinePlot& plot, const PictureSize& size) {
    check_size(size);
    check_lengths(plot);
    const int height = is_empty(plot) ? height_of_nothing : size.height;
    return opening_svg(plot.title, description_of(plot), {size.width, height})
           + panel_svg(plot, size.width, 0, height, "frame") + "</svg>\n";
}

std::string two_panels_svg(const LinePlot& upper, const LinePlot& lower, const PictureSize& size,
                           int lower_height) {
    return panels_svg({upper, lower}, size, lower_height);
}

std::string panels_svg(const std::vector<LinePlot>& panels, const PictureSize& size, int lower_height) {
    expects(!panels.empty(), "a picture has a panel");
    check_size(size);
    check_size({size.width, lower_height});
    constexpr int rows_within = 2;
    for (const LinePlot& panel : panels) check_lengths(panel);
    int height = is_empty(panels.front()) ? height_of_nothing : size.height;
    std::string description = description_of(panels.front());
    std::string drawn = panel_svg(panels.front(), size.width, 0, height, "frame");
    for (std::size_t i = 1; i < panels.size(); ++i) {
        const Legend legend = draw_legend(panels[i], left_margin, size.width - right_margin, 0);
        const int bottom = height
                           + (is_empty(panels[i]) ? height_of_nothing
                                                  : lower_height
                                                        + static_cast<int>(legend_row_height)
                                                              * std::max(0, legend.rows - rows_within));
        drawn += panel_svg(panels[i], size.width, height, bottom,
                           i == 1 ? "lower_frame" : fmt::format("lower_frame_{}", i));
        description += (i == 1 ? ". Beneath: " : "; then: ") + description_of(panels[i]);
        height = bottom;
    }
    return opening_svg(panels.front().title, description, {size.width, height}) + drawn + "</svg>\n";
}

void share_vertical_axis(std::vector<LinePlot>& plots) {
    double lowest = 0;
    double highest = 0;
    for (const LinePlot& plot : plots)
        for (const PlotLine& line : plot.lines) {
            for (const double low : line.low) lowest = std::fmin(lowest, low);
            for (const double high : line.high) highest = std::fmax(highest, high);
        }
    for (LinePlot& plot : plots) {
        plot.y.low = lowest;
        plot.y.high = highest;
    }
}

}  // namespace venturi
