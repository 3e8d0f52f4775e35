#include "analysis/report/selection_picture.hpp"

#include "analysis/report/caption.hpp"
#include "analysis/report/plot_scale.hpp"
#include "analysis/report/quantity_text.hpp"
#include "analysis/report/svg_text.hpp"
#include "analysis/report/text_width.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

namespace venturi {

namespace {

constexpr double first_row = 118;
constexpr double row_height = 24;
constexpr double line_height = 16;       // of a name's further lines
constexpr double character_width = 7.2;  // of a 13-pixel sans-serif, on the wide side

constexpr std::string_view ink_of_text = "#24292f";
constexpr std::string_view ink_of_notes = "#57606a";

/// A name in lines: it breaks where one setting ends and the next begins.
std::vector<std::string> lines_of_name(const std::string& name) {
    constexpr std::size_t most = 38;
    constexpr std::string_view separator = ", ";
    std::vector<std::string> lines;
    std::size_t from = 0;
    while (from < name.size()) {
        const std::size_t found = name.find(separator, from);
        const std::size_t to = found == std::string::npos ? name.size() : found + separator.size();
        const std::string part = name.substr(from, to - from);
        if (lines.empty() || display_width(lines.back() + part) > most)
            lines.push_back(part);
        else
            lines.back() += part;
        from = to;
    }
    for (std::string& line : lines) line.erase(line.find_last_not_of(' ') + 1);
    return lines;
}

/// Where a picture's columns stand: as far to the right as the longest line of a name takes.
struct Columns {
    double names_right;
    double bars_left;
    double bars_right;
    double means_right;
    double width;

    explicit Columns(double longest_line)
        : names_right(std::max(300.0, 24 + character_width * longest_line)),
          bars_left(names_right + 12),
          bars_right(names_right + 360),
          means_right(names_right + 568),
          width(names_right + 600) {}
};

std::string_view colour_of_row(const SelectionRow& row) {
    if (row.outcome == "best") return "#0072B2";
    if (row.outcome == "failed") return "#D55E00";
    return row.is_out ? "#b4bac2" : "#56B4E9";
}

std::string written(double x, double y, std::string_view anchor, double pixels, std::string_view colour,
                    std::string_view text) {
    return fmt::format(
        "<text x=\"{:.2f}\" y=\"{:.2f}\" text-anchor=\"{}\" font-size=\"{:g}\" fill=\"{}\">{}</text>\n", x, y,
        anchor, pixels, colour, escaped(text));
}

/// `y` is the middle of the row's first line.
std::string row_svg(const SelectionResults& results, const SelectionRow& row, double y, const Columns& at,
                    const PlotScale& scale) {
    const double end = scale.pixel(static_cast<double>(row.trajectories));
    std::string svg;
    double line_y = y + 4.5;
    for (const std::string& line : lines_of_name(row.name)) {
        svg += written(at.names_right, line_y, "end", 13, ink_of_text, line);
        line_y += line_height;
    }
    svg += fmt::format(
        "<rect class=\"course\" x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"14\" rx=\"2\" "
        "fill=\"{}\"/>\n",
        at.bars_left, y - 7, std::max(end - at.bars_left, 1.5), colour_of_row(row));
    const std::string mean =
        std::isnan(row.mean.value)
            ? row.outcome
            : interval_text({row.mean.value, row.mean.interval.low, row.mean.interval.high},
                            results.observable.dimension);
    svg += written(at.means_right, y + 4.5, "end", 13, row.is_out ? ink_of_notes : ink_of_text, mean);
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
    return with_settings(
        fmt::format("{} mean of {}, seed {}; {} {:.4g}%{}", results.least ? "Smallest" : "Largest",
                    results.observable.name, results.seed,
                    standing.is_reached() ? "decided with probability" : "not decided: probability",
                    100 * standing.probability,
                    standing.is_reached()
                        ? std::string()
                        : fmt::format(" of {:.4g}% asked for", 100 * results.rule.probability)),
        results.settings);
}

}  // namespace

std::string selection_svg(const SelectionResults& results, std::size_t most) {
    const std::size_t shown = std::min(most, results.rows.size());
    const std::size_t hidden = results.rows.size() - shown;
    std::size_t longest_line = 1;
    std::vector<double> rows;
    double bottom = first_row;
    for (std::size_t i = 0; i < shown; ++i) {
        const std::vector<std::string> lines = lines_of_name(results.rows[i].name);
        for (const std::string& line : lines) longest_line = std::max(longest_line, display_width(line));
        rows.push_back(bottom);
        bottom += row_height + line_height * (std::max(static_cast<double>(lines.size()), 1.0) - 1);
    }
    if (hidden > 0) bottom += row_height;
    const Columns at(static_cast<double>(longest_line));
    const auto height = static_cast<int>(bottom + 66);
    double longest = 1;
    for (const SelectionRow& row : results.rows)
        longest = std::max(longest, static_cast<double>(row.trajectories));
    const PlotScale scale = fit_scale({.label = "", .dimension = Dimension::count, .low = 0, .high = longest},
                                      {0, longest}, at.bars_left, at.bars_right, 5);
    std::string svg = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:g}\" height=\"{1}\" viewBox=\"0 0 {0:g} {1}\" "
        "role=\"img\" aria-labelledby=\"title description\" font-family=\"system-ui, -apple-system, 'Segoe "
        "UI', 'DejaVu Sans', sans-serif\">\n"
        "<title id=\"title\">{2}</title>\n<desc id=\"description\">{3}</desc>\n"
        "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
        at.width, height, escaped(results.title),
        escaped("how many trajectories each candidate lived before it was out; " + subtitle_of(results)));
    svg += fmt::format("<text x=\"84\" y=\"34\" font-size=\"19\" font-weight=\"600\" fill=\"{}\">{}</text>\n",
                       ink_of_text, escaped(results.title));
    const std::string subtitle = subtitle_of(results);
    svg += written(84, 57, "start", fitted_font_size(subtitle, at.width - 116), ink_of_notes, subtitle);
    svg += legend_svg(82);
    for (const Tick& tick : scale.ticks) {
        const double x = scale.pixel(tick.value);
        svg += fmt::format(
            "<line x1=\"{0:.2f}\" y1=\"{1:.2f}\" x2=\"{0:.2f}\" y2=\"{2:.2f}\" stroke=\"#e3e6ea\"/>\n", x,
            first_row - 14, bottom - 6);
        svg += written(x, bottom + 14, "middle", 13, ink_of_notes, tick.label);
    }
    for (std::size_t i = 0; i < shown; ++i) svg += row_svg(results, results.rows[i], rows[i], at, scale);
    if (hidden > 0)
        svg += written(at.names_right, bottom - row_height + 4.5, "end", 13, ink_of_notes,
                       fmt::format("and {} more, in results.csv", hidden));
    svg += written((at.bars_left + at.bars_right) / 2, bottom + 42, "middle", 14, ink_of_text,
                   "trajectories, the same luck for all");
    svg += written(at.means_right, bottom + 14, "end", 13, ink_of_notes, "mean [95%]");
    return svg + "</svg>\n";
}

}  // namespace venturi
