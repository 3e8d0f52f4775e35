#include "analysis/report/decision_flatness_report.hpp"

#include "analysis/report/caption.hpp"
#include "analysis/report/csv_writer.hpp"
#include "analysis/report/line_plot.hpp"
#include "analysis/report/mix_report.hpp"
#include "analysis/report/quantity_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace venturi {

namespace {

/// A value of a number, or a multiple of a share, and what is gained by it.
struct GainAt {
    double x;
    Measured gain;
};

/// Where the best lies along a number.
double best_of(const DecisionResults& results, std::size_t number, const DecidedNumber& of) {
    const double best = results.found.decision[static_cast<optimiser::Index>(number)];
    return of.is_share ? 1 : of.whole ? std::round(best) : best;
}

/// The gains along a number, in order, the best itself among them.
PlotLine gains_along(const DecisionResults& results, std::size_t number, const DecidedNumber& of) {
    const double best = results.found.decision[static_cast<optimiser::Index>(number)];
    std::vector<GainAt> gains{{best_of(results, number, of), {}}};
    for (const DecisionFlatnessPoint& point : results.flatness)
        if (point.number == number) gains.push_back({of.is_share ? point.factor : point.value, point.gain});
    std::ranges::sort(gains, {}, &GainAt::x);
    PlotLine line{.name = fmt::format("{} ({})", of.name, quantity_text(best, of.dimension)),
                  .x = {},
                  .y = {},
                  .band_name = "95% interval"};
    if (of.whole) line.name = fmt::format("{} ({})", of.name, std::round(best));
    for (const GainAt& each : gains) {
        line.x.push_back(each.x);
        line.y.push_back(each.gain.value);
        line.low.push_back(each.gain.interval.low);
        line.high.push_back(each.gain.interval.high);
    }
    return line;
}

}  // namespace

std::string decision_flatness_csv(const DecisionResults& results) {
    std::string text;
    CsvWriter csv(text);
    csv.text("number").text("value").text("difference").text("standard_error").text("low").text("high");
    csv.end_row();
    const auto numbers = numbers_of(results.question.decision, results.stages);
    for (const DecisionFlatnessPoint& point : results.flatness) {
        csv.text(numbers[point.number].name).number(point.value).number(point.gain.value);
        csv.number(point.gain.standard_error).number(point.gain.interval.low);
        csv.number(point.gain.interval.high).end_row();
    }
    return text;
}

std::string decision_flatness_svg(const DecisionResults& results) {
    const auto numbers = numbers_of(results.question.decision, results.stages);
    const PlotAxis difference{.label = "difference from the best",
                              .dimension = results.question.aim.of.dimension};
    const PlotAxis multiples{.label = "the share, as a multiple of the best; the others keep their ratios",
                             .low = 0.1,
                             .high = 10,
                             .is_logarithmic = true};
    const std::size_t of_mix = share_names().size();
    const auto shares = static_cast<std::size_t>(std::ranges::count_if(numbers, &DecidedNumber::is_share));
    std::vector<LinePlot> panels;
    LinePlot mix{.title = "", .x = multiples, .y = difference};
    for (std::size_t number = 0, share = 0; number < numbers.size(); ++number) {
        const DecidedNumber& of = numbers[number];
        PlotLine line = gains_along(results, number, of);
        const bool is_drawn = line.x.size() > 1 && !is_of_stage_never_reached(results, number);
        if (!of.is_share) {
            if (!is_drawn) continue;
            panels.push_back(
                {.title = line.name,
                 .x = {.label = of.name, .dimension = of.dimension, .low = of.low, .high = of.high},
                 .y = difference,
                 .points = {{.name = "the best", .x = {best_of(results, number, of)}, .y = {0}}}});
            panels.back().lines.push_back(std::move(line));
            continue;
        }
        if (is_drawn) mix.lines.push_back(std::move(line));
        const bool is_last = ++share % of_mix == 0;
        if (mix.lines.empty() || (shares > of_mix && !is_last)) continue;
        mix.title = shares > of_mix ? fmt::format("Shares of {}", of.name.substr(0, of.name.rfind('.')))
                                    : mix.lines.front().name;
        panels.push_back(std::exchange(mix, {.title = "", .x = multiples, .y = difference}));
    }
    share_vertical_axis(panels);
    if (!panels.empty()) {
        panels.front().title = "How flat the optimum is: " + panels.front().title;
        panels.front().subtitle = results.title + changed_settings_text(results.settings);
    }
    constexpr PictureSize size{.height = 340};
    constexpr int lower_height = 280;
    return panels_svg(panels, size, lower_height);
}

}  // namespace venturi
