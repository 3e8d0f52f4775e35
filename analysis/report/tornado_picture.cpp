#include "analysis/report/tornado_picture.hpp"

#include "analysis/report/plot_scale.hpp"
#include "analysis/report/svg_text.hpp"
#include "analysis/report/text_width.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string_view>

namespace venturi {

namespace {

constexpr std::size_t most_bars = 20;
constexpr std::string_view total_colour = "#56B4E9";
constexpr std::string_view first_colour = "#0072B2";

std::string label_svg(double x, double y, std::string_view anchor, double points, std::string_view colour,
                      std::string_view more, std::string_view text) {
    return fmt::format(
        "<text x=\"{:.2f}\" y=\"{:.2f}\" text-anchor=\"{}\" font-size=\"{:g}\" fill=\"{}\"{}>{}</text>\n", x,
        y, anchor, points, colour, more, escaped(text));
}

/// A bar from zero, with the interval as a line through its end.
std::string bar_svg(const PlotScale& scale, double y, double height, double value, const Interval& interval,
                    std::string_view colour) {
    if (!std::isfinite(value)) return {};
    const auto inside = [&](double x) { return scale.pixel(std::clamp(x, scale.low, scale.high)); };
    const double zero = inside(0);
    const double end = inside(value);
    std::string svg = fmt::format(
        "<rect class=\"bar\" x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\" fill=\"{}\"/>\n",
        std::min(zero, end), y, std::abs(end - zero), height, colour);
    if (std::isfinite(interval.low) && std::isfinite(interval.high))
        svg += fmt::format(
            "<line class=\"interval\" x1=\"{:.2f}\" x2=\"{:.2f}\" y1=\"{:.2f}\" y2=\"{:.2f}\" "
            "stroke=\"#24292f\" stroke-width=\"1.5\"/>\n",
            inside(interval.low), inside(interval.high), y + height / 2, y + height / 2);
    return svg;
}

std::string legend_svg(double x, double y, std::string_view colour, std::string_view name) {
    return fmt::format("<rect x=\"{:.2f}\" y=\"{:.2f}\" width=\"18\" height=\"10\" fill=\"{}\"/>\n", x, y - 9,
                       colour)
           + label_svg(x + 24, y, "start", 13, "#24292f", "", name);
}

}  // namespace

std::string tornado_svg(const TornadoPicture& picture, int width) {
    std::vector<TornadoBar> bars = picture.bars;
    const auto size_of_bar = [](const TornadoBar& bar) {
        return std::isfinite(bar.total) ? bar.total : -1e300;
    };
    std::ranges::stable_sort(bars, [&](const TornadoBar& one, const TornadoBar& other) {
        return size_of_bar(one) > size_of_bar(other);
    });
    const std::size_t left_out = bars.size() > most_bars ? bars.size() - most_bars : 0;
    bars.resize(bars.size() - left_out);

    std::size_t longest = 4;
    std::vector<double> ends = {0};
    for (const TornadoBar& bar : bars) {
        longest = std::max(longest, display_width(bar.name));
        for (const double value : {bar.total, bar.first}) ends.push_back(value);
        // An interval that says nearly nothing would leave no room for the bars.
        for (const Interval& interval : {bar.first_interval, bar.total_interval})
            for (const double value : {interval.low, interval.high})
                if (std::isfinite(value)) ends.push_back(std::clamp(value, -0.5, 1.5));
    }
    constexpr double row = 34;
    const double left = std::min(24 + 7.2 * static_cast<double>(longest) + 10, width * 0.55);
    const double top = picture.subtitle.empty() ? 74 : 96;
    const double bottom = top + row * static_cast<double>(std::max<std::size_t>(bars.size(), 1));
    const double height = bottom + 64 + (left_out > 0 ? 20 : 0);
    const PlotScale scale = fit_scale({.label = {}, .dimension = Dimension::share, .low = {}, .high = {}},
                                      ends, left, width - 32.0, 8);

    std::string svg = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1:.0f}\" viewBox=\"0 0 {0} "
        "{1:.0f}\" role=\"img\" aria-labelledby=\"title description\" font-family=\"system-ui, "
        "-apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif\">\n<title id=\"title\">{2}</title>\n<desc "
        "id=\"description\">{3}</desc>\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
        width, height, escaped(picture.title), escaped(picture.axis));
    svg += label_svg(24, 34, "start", 19, "#24292f", " font-weight=\"600\"", picture.title);
    if (!picture.subtitle.empty())
        svg += label_svg(24, 57, "start", fitted_font_size(picture.subtitle, width - 48), "#57606a", "",
                         picture.subtitle);
    svg += legend_svg(left, top - 14, first_colour, "alone");
    svg += legend_svg(left + 90, top - 14, total_colour, "with its interactions");
    svg += fmt::format(
        "<line x1=\"{0:.2f}\" x2=\"{1:.2f}\" y1=\"{2:.2f}\" y2=\"{2:.2f}\" stroke=\"#24292f\" "
        "stroke-width=\"1.5\"/>\n",
        left + 262, left + 284, top - 18);
    svg += label_svg(left + 290, top - 14, "start", 13, "#24292f", "", "95% confidence");
    for (const Tick& tick : scale.ticks) {
        const double x = scale.pixel(tick.value);
        svg += fmt::format(
            "<line x1=\"{0:.2f}\" x2=\"{0:.2f}\" y1=\"{1:.2f}\" y2=\"{2:.2f}\" stroke=\"{3}\"/>\n", x, top,
            bottom, tick.value == 0 ? "#57606a" : "#e3e6ea");
        svg += label_svg(x, bottom + 20, "middle", 13, "#57606a", "", tick.label);
    }
    for (std::size_t i = 0; i < bars.size(); ++i) {
        const double y = top + row * static_cast<double>(i);
        svg += label_svg(left - 8, y + row / 2 + 4.5, "end", 13, "#24292f", "", bars[i].name);
        svg += bar_svg(scale, y + 5, 11, bars[i].first, bars[i].first_interval, first_colour);
        svg += bar_svg(scale, y + 18, 11, bars[i].total, bars[i].total_interval, total_colour);
    }
    svg += label_svg((left + width - 32) / 2, bottom + 46, "middle", 14, "#24292f", "", picture.axis);
    if (left_out > 0)
        svg += label_svg(24, height - 14, "start", 13, "#57606a", "",
                         fmt::format("and {} more, each with a smaller total", left_out));
    return svg + "</svg>\n";
}

}  // namespace venturi
