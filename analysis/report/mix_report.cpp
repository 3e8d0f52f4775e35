#include "analysis/report/mix_report.hpp"

#include "analysis/report/caption.hpp"
#include "analysis/report/csv_writer.hpp"
#include "analysis/report/known_number.hpp"
#include "analysis/report/line_plot.hpp"
#include "analysis/report/quantity_text.hpp"
#include "scenarios/counted.hpp"
#include "scenarios/visible_text.hpp"
#include "sim/ensemble/critical_value.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

/// How near to the floor a share counts as held by it.
constexpr double near_floor = 1.02;

Dimension dimension_of(const MixResults& results) {
    return results.problem.question().objective.dimension;
}

std::string label(const std::vector<std::string>& rows, std::size_t row, std::size_t share) {
    return rows[row].empty() ? share_names()[share] : rows[row] + ": " + share_names()[share];
}

/// Calls each(row, share, share's number in all) for all shares of all rows.
template <class Each>
void for_each_share(std::size_t rows, Each each) {
    for (std::size_t number = 0; number < rows * share_names().size(); ++number)
        each(number / share_names().size(), number % share_names().size(), number);
}

double share_of(const MixRows& mix, std::size_t row, std::size_t share) {
    return normalised(mix[row])[share];
}

/// Whether no company came to the row's stage, so that nothing is known of it. Not of a mix for good.
bool is_never_reached(const MixResults& results, std::size_t row) {
    const std::vector<std::uint64_t>& companies_at = results.measured.companies_at;
    return results.found.mix.size() > 1 && row < companies_at.size() && companies_at[row] == 0;
}

bool is_at_floor(double share, double floor) {
    return floor > 0 && share <= floor * near_floor;
}

/// Of a share; multiples of it may leave the set that was searched.
Interval flat_range(const MixResults& results, std::size_t row, std::size_t share) {
    const double best = share_of(results.found.mix, row, share);
    std::vector<GainOfValue> tried;
    for (const FlatnessPoint& point : results.flatness)
        if (point.row == row && point.share == share)
            tried.push_back({point.value, point.loss.gain, point.loss.standard_error});
    Interval range = flat_range_around(best, std::move(tried));
    const double others = static_cast<double>(share_names().size() - 1);
    range.low = std::max(range.low, std::min(best, results.floor));
    range.high = std::min(range.high, std::max(best, 1 - others * results.floor));
    return range;
}

// Student's t; of a share within 0 and 1.
Estimate value_with_interval(const MixMeasurement& measured, Dimension dimension) {
    const double reach = measured.completed > 1
                             ? student_critical_value(0.95, static_cast<double>(measured.completed) - 1)
                                   * measured.standard_error
                             : std::numeric_limits<double>::quiet_NaN();
    Estimate estimate{measured.value, measured.value - reach, measured.value + reach};
    if (dimension == Dimension::share) {
        estimate.low = std::max(estimate.low, 0.0);
        estimate.high = std::min(estimate.high, 1.0);
    }
    return estimate;
}

std::string gain_text(const MixGain& gain, Dimension dimension) {
    return interval_with_units_text({gain.gain, gain.interval.low, gain.interval.high}, dimension);
}

std::string never_reached_text(const MixResults& results) {
    const std::vector<std::string> names = stages_never_reached(results);
    if (names.empty()) return "";
    return fmt::format(
        "no company came to {} in these: nothing is known of what is best there, and {} what the start has\n",
        fmt::join(names, ", "), names.size() == 1 ? "its row is" : "their rows are");
}

std::string caption(const MixResults& results) {
    return results.title + changed_settings_text(results.settings);
}

PlotLine flatness_line(const MixResults& results, std::size_t row, std::size_t share) {
    PlotLine line{
        .name = fmt::format("{} ({})", share_names()[share],
                            quantity_text(normalised(results.found.mix[row])[share], Dimension::share)),
        .x = {},
        .y = {},
        .band_name = "95% interval"};
    const auto add = [&](double x, const MixGain& loss) {
        line.x.push_back(x);
        line.y.push_back(loss.gain);
        line.low.push_back(loss.interval.low);
        line.high.push_back(loss.interval.high);
    };
    bool is_best_there = false;
    for (const FlatnessPoint& point : results.flatness) {
        if (point.row != row || point.share != share) continue;
        if (point.factor > 1 && !std::exchange(is_best_there, true)) add(1, {});
        add(point.factor, point.loss);
    }
    if (!is_best_there) add(1, {});
    return line;
}

}  // namespace

Interval flat_range_around(double best, std::vector<GainOfValue> tried) {
    std::ranges::sort(tried, {}, [&](const GainOfValue& each) { return std::abs(each.value - best); });
    Interval range{best, best};
    for (const bool upwards : {false, true})
        for (const GainOfValue& each : tried) {
            if ((each.value > best) != upwards) continue;
            if (each.gain < -each.standard_error) break;
            (upwards ? range.high : range.low) = each.value;
        }
    return range;
}

const std::vector<std::string>& share_names() {
    static const std::vector<std::string> names = {"technology", "data", "talent", "partnership", "risk"};
    return names;
}

std::vector<std::string> row_names(const WorldProblem& problem, std::size_t rows) {
    if (rows == 1) return {""};
    std::vector<std::string> names = problem.stages();
    names.resize(rows);
    return names;
}

std::vector<std::string> component_names(const std::vector<std::string>& rows) {
    std::vector<std::string> names;
    for (const std::string& row : rows)
        for (const std::string& share : share_names())
            names.push_back(row.empty() ? share : fmt::format("{}.{}", row, share));
    return names;
}

std::vector<std::string> stages_never_reached(const MixResults& results) {
    std::vector<std::string> names;
    const auto rows = row_names(results.problem, results.found.mix.size());
    for (std::size_t row = 0; row < rows.size(); ++row)
        if (is_never_reached(results, row)) names.push_back(rows[row]);
    return names;
}

std::vector<std::string> implausible_shares(const WorldProblem& problem, const MixRows& mix) {
    std::vector<std::string> warnings;
    const auto names = component_names(row_names(problem, mix.size()));
    const auto shares = shares_of_rows(mix);
    for (std::size_t i = 0; i < shares.size(); ++i)
        if (!plausible_share_of_mix.contains(shares[i]))
            warnings.push_back(fmt::format(
                "the best mix has {} of {}: shares from {} to {} are plausible, and the model was never held "
                "against others",
                quantity_text(shares[i], Dimension::share), names[i],
                quantity_text(plausible_share_of_mix.low, Dimension::share),
                quantity_text(plausible_share_of_mix.high, Dimension::share)));
    return warnings;
}

TerminalTable mix_table(const MixResults& results) {
    TerminalTable table{
        .title = "Investment mix", .columns = {{"share", Alignment::left}, {"start"}, {"best"}}, .rows = {}};
    if (!results.flatness.empty())
        table.columns.push_back({"as good within a standard error", Alignment::left});
    table.columns.push_back({"", Alignment::left});
    const auto rows = row_names(results.problem, results.found.mix.size());
    for_each_share(rows.size(), [&](std::size_t row, std::size_t share, std::size_t) {
        std::vector<TableCell> cells{
            label(rows, row, share),
            quantity_text(share_of(results.found.start, row, share), Dimension::share)};
        if (is_never_reached(results, row)) {
            cells.insert(cells.end(), results.flatness.empty() ? 1 : 2, TableCell("–"));
            cells.emplace_back("no company came this far");
            table.rows.push_back(std::move(cells));
            return;
        }
        const double best = share_of(results.found.mix, row, share);
        cells.emplace_back(quantity_text(best, Dimension::share), Emphasis::strong);
        if (!results.flatness.empty()) {
            const Interval range = flat_range(results, row, share);
            cells.emplace_back(fmt::format("{} to {}", quantity_text(range.low, Dimension::share),
                                           quantity_text(range.high, Dimension::share)));
        }
        if (is_at_floor(best, results.floor)) cells.emplace_back("held by the floor");
        table.rows.push_back(std::move(cells));
    });
    return table;
}

std::string gains_text(const MixResults& results) {
    const WorldObjective& objective = results.problem.question().objective;
    const MixMeasurement& measured = results.measured;
    return fmt::format(
               "{} ({}): {} with the best mix\n  over the start          {}\n  over equal shares       {}\n"
               "paired differences with 95% intervals, over {} that the search has never seen\n{}",
               objective.name, objective.meaning,
               interval_with_units_text(value_with_interval(measured, objective.dimension),
                                        objective.dimension),
               gain_text(measured.over_start, objective.dimension),
               gain_text(measured.over_equal_shares, objective.dimension),
               counted(measured.completed, "trajectory"),
               measured.over_start.gain > 0
                   ? ""
                   : "nothing better than the start was found: keep it, or give a larger --budget\n")
           + never_reached_text(results);
}

std::string path_csv(const MixResults& results) {
    std::string text;
    CsvWriter csv(text);
    csv.text("step").text("restart").text("forward_runs").text("value").text("standard_error");
    csv.text("gradient_norm").text("step_length");
    for (const std::string& name : component_names(row_names(results.problem, results.found.mix.size())))
        csv.text(name);
    csv.end_row();
    for (const optimiser::Iteration& step : results.found.log) {
        csv.whole(static_cast<std::int64_t>(step.step))
            .whole(std::int64_t{step.restart})
            .number(step.forward_runs);
        csv.number(step.value).number(step.value_error).number(step.gradient_norm).number(step.learning_rate);
        for (const double share : step.decision) csv.number(share);
        csv.end_row();
    }
    return text;
}

std::string mix_csv(const MixResults& results) {
    std::string text;
    CsvWriter csv(text);
    csv.text("stage").text("share").text("start").text("best").text("as_good_from").text("as_good_to");
    csv.text("at_floor").text("companies").end_row();
    const auto rows = row_names(results.problem, results.found.mix.size());
    const std::vector<std::uint64_t>& companies_at = results.measured.companies_at;
    for_each_share(rows.size(), [&](std::size_t row, std::size_t share, std::size_t) {
        const double best = share_of(results.found.mix, row, share);
        const bool is_known = !is_never_reached(results, row);
        csv.text(rows[row]).text(share_names()[share]).number(share_of(results.found.start, row, share));
        if (is_known)
            csv.number(best);
        else
            csv.missing();
        if (results.flatness.empty() || !is_known) {
            csv.missing().missing();
        } else {
            const Interval range = flat_range(results, row, share);
            csv.number(range.low).number(range.high);
        }
        csv.text(is_known && is_at_floor(best, results.floor) ? "true" : "false");
        if (row < companies_at.size())
            csv.whole(static_cast<std::int64_t>(companies_at[row]));
        else
            csv.missing();
        csv.end_row();
    });
    return text;
}

std::string flatness_csv(const MixResults& results) {
    std::string text;
    CsvWriter csv(text);
    csv.text("stage").text("share").text("factor").text("value").text("difference").text("standard_error");
    csv.text("low").text("high").end_row();
    const auto rows = row_names(results.problem, results.found.mix.size());
    for (const FlatnessPoint& point : results.flatness) {
        csv.text(rows[point.row]).text(share_names()[point.share]).number(point.factor).number(point.value);
        csv.number(point.loss.gain).number(point.loss.standard_error);
        csv.number(point.loss.interval.low).number(point.loss.interval.high).end_row();
    }
    return text;
}

LinePlot objective_on_the_way(const std::vector<optimiser::Iteration>& log, const PlotAxis& runs,
                              const PlotAxis& objective, double measured, const Interval& interval) {
    constexpr double normal = 1.96;
    LinePlot plot{
        .title = "The objective on the way",
        .subtitle = "means with 95% intervals of the worlds lived around each point; the best on fresh luck",
        .x = runs,
        .y = objective};
    PlotPoints seen{.name = "seen by the search", .x = {}, .y = {}};
    double before = 0;
    for (const optimiser::Iteration& step : log) {
        seen.x.push_back(before);
        seen.y.push_back(step.value);
        seen.low.push_back(step.value - normal * step.value_error);
        seen.high.push_back(step.value + normal * step.value_error);
        before = step.forward_runs;
    }
    plot.points = {std::move(seen),
                   {.name = "the best, measured",
                    .x = {runs.high.value_or(before)},
                    .y = {measured},
                    .low = {interval.low},
                    .high = {interval.high}}};
    return plot;
}

std::string path_svg(const MixResults& results) {
    const PlotAxis runs{
        .label = "forward runs", .low = 0, .high = static_cast<double>(results.found.forward_runs)};
    const auto rows = row_names(results.problem, results.found.mix.size());
    std::vector<LinePlot> panels;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        if (is_never_reached(results, row)) continue;
        LinePlot shares{.title = row == 0 ? "The way to the best mix" : "Stage " + rows[row],
                        .subtitle = row == 0 ? caption(results) : "",
                        .x = runs,
                        .y = {.label = "share of the mix", .dimension = Dimension::share, .low = 0}};
        if (row == 0 && rows.size() > 1) shares.subtitle += fmt::format("; stage {}", rows[row]);
        for (std::size_t share = 0; share < share_names().size(); ++share) {
            PlotLine line{.name = share_names()[share], .x = {}, .y = {}};
            double before = 0;
            for (const optimiser::Iteration& step : results.found.log) {
                line.x.push_back(before);
                line.y.push_back(
                    step.decision[static_cast<optimiser::Index>(row * share_names().size() + share)]);
                before = step.forward_runs;
            }
            line.x.push_back(static_cast<double>(results.found.forward_runs));
            line.y.push_back(normalised(results.found.mix[row])[share]);
            shares.lines.push_back(std::move(line));
        }
        panels.push_back(std::move(shares));
    }
    const MixMeasurement& measured = results.measured;
    const Estimate value = value_with_interval(measured, dimension_of(results));
    panels.push_back(objective_on_the_way(
        results.found.log, runs,
        {.label = results.problem.question().objective.name, .dimension = dimension_of(results)},
        measured.value, {value.low, value.high}));
    return panels_svg(panels);
}

std::string flatness_svg(const MixResults& results) {
    const auto rows = row_names(results.problem, results.found.mix.size());
    const PlotAxis multiples{.label = "the share, as a multiple of the best; the others keep their ratios",
                             .low = 0.1,
                             .high = 10,
                             .is_logarithmic = true};
    std::vector<LinePlot> panels;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        if (is_never_reached(results, row)) continue;
        LinePlot plot{.title = rows.size() == 1 ? "" : "Stage " + rows[row],
                      .x = multiples,
                      .y = {.label = "difference from the best", .dimension = dimension_of(results)}};
        for (std::size_t share = 0; share < share_names().size(); ++share) {
            PlotLine line = flatness_line(results, row, share);
            if (line.x.size() < 2) continue;
            // A panel for each share where there is one mix, one for each stage where there are several.
            if (rows.size() == 1) plot.title = line.name;
            plot.lines.push_back(std::move(line));
            if (rows.size() == 1)
                panels.push_back(std::exchange(plot, {.title = "", .x = plot.x, .y = plot.y}));
        }
        if (rows.size() > 1) panels.push_back(std::move(plot));
    }
    share_vertical_axis(panels);
    if (!panels.empty()) {
        panels.front().title = "How flat the optimum is: " + panels.front().title;
        panels.front().subtitle = caption(results);
    }
    constexpr PictureSize size{.height = 340};
    constexpr int lower_height = 280;
    return panels_svg(panels, size, lower_height);
}

std::string best_scenario_yaml(const MixResults& results, const std::string& base) {
    const auto row_text = [&](const InvestmentMix& mix) {
        std::string text;
        const auto shares = normalised(mix);
        for (std::size_t share = 0; share < share_names().size(); ++share)
            text += fmt::format("{}{}: {}", share == 0 ? "" : ", ", share_names()[share], shares[share]);
        return "{" + text + "}";
    };
    std::string text =
        fmt::format("# The best mix for {} that was found from {} forward runs.\n{}extends: {}\n",
                    results.problem.question().objective.name, results.found.forward_runs,
                    settings_comment(results.settings), Json(base).dump());
    text += fmt::format("startups:\n  {}:\n", Json(results.group).dump());
    if (results.found.mix.size() == 1)
        return text + fmt::format("    mix: {}\n", row_text(results.found.mix.front()));
    text += "    mix_by_stage:\n";
    const auto rows = row_names(results.problem, results.found.mix.size());
    for (std::size_t row = 0; row < rows.size(); ++row)
        text += fmt::format("      {}: {}\n", rows[row], row_text(results.found.mix[row]));
    return text;
}

Json mix_json(const WorldProblem& problem, const MixRows& rows) {
    const auto row_json = [](const InvestmentMix& mix) {
        Json json = Json::object();
        const auto shares = normalised(mix);
        for (std::size_t share = 0; share < share_names().size(); ++share)
            json[share_names()[share]] = shares[share];
        return json;
    };
    if (rows.size() == 1) return row_json(rows.front());
    Json json = Json::object();
    const auto names = row_names(problem, rows.size());
    for (std::size_t row = 0; row < rows.size(); ++row) json[names[row]] = row_json(rows[row]);
    return json;
}

Json mix_results_json(const MixResults& results) {
    const MixMeasurement& measured = results.measured;
    Json json = {
        {"objective", results.problem.question().objective.name},
        {"mix", mix_json(results.problem, results.found.mix)},
        {"start", mix_json(results.problem, results.found.start)},
        {"value", number_or_null(measured.value)},
        {"standard_error", number_or_null(measured.standard_error)},
        {"gain", number_or_null(measured.over_start.gain)},
        {"gain_confidence_interval", ends_or_null(measured.over_start.interval)},
        {"gain_over_equal_shares", number_or_null(measured.over_equal_shares.gain)},
        {"gain_over_equal_shares_confidence_interval", ends_or_null(measured.over_equal_shares.interval)},
        {"forward_runs", results.found.forward_runs},
        {"forward_runs_of_measurement", measured.forward_runs}};
    Json bound = Json::array();
    const auto rows = row_names(results.problem, results.found.mix.size());
    const auto names = component_names(rows);
    for_each_share(rows.size(), [&](std::size_t row, std::size_t share, std::size_t number) {
        if (!is_never_reached(results, row)
            && is_at_floor(share_of(results.found.mix, row, share), results.floor))
            bound.push_back(names[number]);
    });
    json["at_floor"] = std::move(bound);
    if (rows.size() > 1) json["stages_never_reached"] = stages_never_reached(results);
    if (results.flatness.empty()) return json;
    Json flat = Json::object();
    for_each_share(rows.size(), [&](std::size_t row, std::size_t share, std::size_t number) {
        if (is_never_reached(results, row)) return;
        const Interval range = flat_range(results, row, share);
        flat[names[number]] = {range.low, range.high};
    });
    json["as_good_within_a_standard_error"] = std::move(flat);
    return json;
}

}  // namespace venturi
