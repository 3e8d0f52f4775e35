#include "analysis/report/selection_picture.hpp"

#include "analysis/report/plot_scale.hpp"
#include "analysis/report/quantity_text.hpp"
#include "analysis/report/svg_text.hpp"
#include "analysis/report/text_width.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace venturi {

namespace {

constexpr double picture_width = 900;
constexpr double names_right = 300;
constexpr double bars_left = 312;
constexpr double bars_right = 660;
constexpr double means_right = 868;
constexpr double first_row = 118;
constexpr double row_height = 24;

constexpr std::string_view ink_of_text = "#24292f";
constexpr std::string_view ink_of_notes = "#57606a";

/// The end of a long name, where candidates mostly differ.
std::string short_name(const std::string& name) {
    constexpr std::size_t most = 38;
    if (display_width(name) <= most) return name;
    std::size_t at = 1;
    const auto is_inside = [&](std::size_t place) {
        return (static_cast<unsigned char>(name[place]) & 0xC0U) == 0x80U;
    };
    while (at < name.size() && (is_inside(at) || display_width(std::string_view(name).substr(at)) >= most))
        ++at;
    return "…" + name.substr(at);
}

std::string_view colour_of_row(const SelectionRow& row) {
    if (row.outcome == "best") return "#0072B2";
    if (row.outcome == "failed") return "#D55E00";
    return row.is_out ? "#b4bac2" : "#56B4E9";
}

std::string written(double x, double y, std::string_view anchor, int pixels, std::string_view colour,
                    std::string_view text) {
    return fmt::format(
        "<text x=\"{:.2f}\" y=\"{:.2f}\" text-anchor=\"{}\" font-size=\"{}\" fill=\"{}\">{}</text>\n", x, y,
        anchor, pixels, colour, escaped(text));
}

std::string row_svg(const SelectionResults& results, const SelectionRow& row, double y,
                    const PlotScale& scale) {
    const double end = scale.pixel(static_cast<double>(row.trajectories));
    std::string svg = written(names_right, y + 4.5, "end", 13, ink_of_text, short_name(row.name));
    svg += fmt::format(
        "<rect class=\"course\" x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"14\" rx=\"2\" "
        "fill=\"{}\"/>\n",
        bars_left, y - 7, std::max(end - bars_left, 1.5), colour_of_row(row));
    const std::string mean =
        std::isnan(row.mean.value)
            ? row.outcome
            : interval_text({row.mean.value, row.mean.interval.low, row.mean.interval.high},
                            results.observable.dimension);
    svg += written(means_right, y + 4.5, "end", 13, row.is_out ? ink_of_notes : ink_of_text, mean);
    return svg;
}

std::string legend_svg(double y) {
    struct Sample {
        std::string_view colour;
        std::string_view name;
        double width;
    };
    constexpr Sample samples[] = {{"#0072B2", "the best", 100},
                                  {"#56B4E9", "in the running at the end", 205},
                                  {"#b4bac2", "out", 65},
                                  {"#D55E00", "failed", 80}};
    std::string svg;
    double x = 84;
    for (const Sample& sample : samples) {
        svg +=
            fmt::format("<rect x=\"{:.2f}\" y=\"{:.2f}\" width=\"22\" height=\"14\" rx=\"2\" fill=\"{}\"/>\n",
                        x, y - 7, sample.colour);
        svg += written(x + 28, y + 4.5, "start", 13, ink_of_text, sample.name);
        x += sample.width + 16;
    }
    return svg;
}

std::string subtitle_of(const SelectionResults& results) {
    const SelectionStanding& standing = results.standing;
    return fmt::format("{} mean of {}, seed {}; {} {:.4g}%{}", results.least ? "Smallest" : "Largest",
                       results.observable.name, results.seed,
                       standing.is_reached() ? "decided with probability" : "not decided: probability",
                       100 * standing.probability,
                       standing.is_reached()
                           ? std::string()
                           : fmt::format(" of {:.4g}% asked for", 100 * results.rule.probability));
}

}  // namespace

std::string selection_svg(const SelectionResults& results, std::size_t most) {
    const std::size_t shown = std::min(most, results.rows.size());
    const std::size_t hidden = results.rows.size() - shown;
    const double bottom = first_row + row_height * static_cast<double>(shown + (hidden > 0 ? 1 : 0));
    const auto height = static_cast<int>(bottom + 66);
    double longest = 1;
    for (const SelectionRow& row : results.rows)
        longest = std::max(longest, static_cast<double>(row.trajectories));
    const PlotScale scale = fit_scale({.label = "", .dimension = Dimension::count, .low = 0, .high = longest},
                                      {0, longest}, bars_left, bars_right, 5);
    std::string svg = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" "
        "role=\"img\" aria-labelledby=\"title description\" font-family=\"system-ui, -apple-system, 'Segoe "
        "UI', 'DejaVu Sans', sans-serif\">\n"
        "<title id=\"title\">{2}</title>\n<desc id=\"description\">{3}</desc>\n"
        "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
        picture_width, height, escaped(results.title),
        escaped("how many trajectories each candidate lived before it was out; " + subtitle_of(results)));
    svg += fmt::format("<text x=\"84\" y=\"34\" font-size=\"19\" font-weight=\"600\" fill=\"{}\">{}</text>\n",
                       ink_of_text, escaped(results.title));
    svg += written(84, 57, "start", 14, ink_of_notes, subtitle_of(results));
    svg += legend_svg(82);
    for (const Tick& tick : scale.ticks) {
        const double x = scale.pixel(tick.value);
        svg += fmt::format(
            "<line x1=\"{0:.2f}\" y1=\"{1:.2f}\" x2=\"{0:.2f}\" y2=\"{2:.2f}\" stroke=\"#e3e6ea\"/>\n", x,
            first_row - 14, bottom - 6);
        svg += written(x, bottom + 14, "middle", 13, ink_of_notes, tick.label);
    }
    for (std::size_t i = 0; i < shown; ++i)
        svg += row_svg(results, results.rows[i], first_row + row_height * static_cast<double>(i), scale);
    if (hidden > 0)
        svg += written(names_right, bottom - row_height + 4.5, "end", 13, ink_of_notes,
                       fmt::format("and {} more, in results.csv", hidden));
    svg += written((bars_left + bars_right) / 2, bottom + 42, "middle", 14, ink_of_text,
                   "trajectories, the same luck for all");
    svg += written(means_right, bottom + 14, "end", 13, ink_of_notes, "mean [95%]");
    return svg + "</svg>\n";
}

}  // namespace venturi
