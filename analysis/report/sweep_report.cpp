#include "analysis/report/sweep_report.hpp"

#include "analysis/report/caption.hpp"
#include "analysis/report/csv_writer.hpp"
#include "analysis/report/design_axis.hpp"
#include "analysis/report/heat_map.hpp"
#include "analysis/report/line_plot.hpp"
#include "analysis/report/quantity_text.hpp"
#include "scenarios/quantity.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>
#include <variant>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_rows_shown = 40;
constexpr double unseen = std::numeric_limits<double>::quiet_NaN();

Json json_number(double value) {
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Counting counting_of(const TrajectoryObservable& observable) {
    if (observable.kind == TrajectoryObservable::Kind::scalar)
        return scalar_observables()[observable.index].counting;
    if (observable.kind == TrajectoryObservable::Kind::series)
        return series_observables()[observable.index].counting;
    return Counting::none;
}

Json json_value(const DesignColumn& column, double value) {
    return column.names.empty() ? Json(value) : Json(column.text(value));
}

void append_value(CsvWriter<std::string>& csv, const DesignColumn& column, double value) {
    if (column.names.empty())
        csv.number(value);
    else
        csv.text(column.text(value));
}

std::string observable_label(const TrajectoryObservable& observable) {
    const std::string_view unit = unit_of(observable.dimension);
    return unit == "1" || unit.empty() || observable.dimension == Dimension::money
               ? observable.name
               : fmt::format("{} ({})", observable.name, unit);
}

std::string plain_name(std::string path) {
    std::ranges::replace_if(
        path, [](char c) { return c == '.' || c == '/' || c == '-'; }, '_');
    return path;
}

constexpr const char* interval_name = "95% intervals";

/// Without what intervals there are.
std::string caption_of(const SweepResults& results) {
    return with_settings(fmt::format("Mean of {} in each point, the same luck in all, seed {}",
                                     trajectories_text(results.outcome.trajectories), results.base.run.seed),
                         results.replay.settings);
}

std::string why_nothing(const SweepResults& results, std::size_t observable) {
    if (results.outcome.completed == 0) return "Nothing is drawn: all histories of all points failed";
    return fmt::format("Nothing is drawn: no company of any history has {} by the horizon",
                       results.observables[observable].name);
}

bool is_known_anywhere(const SweepResults& results, std::size_t observable) {
    for (std::size_t point = 0; point < results.outcome.points.size(); ++point)
        if (std::isfinite(finding_at(results, point, observable).value)) return true;
    return false;
}

std::string title_of(const SweepResults& results, const TrajectoryObservable& observable) {
    return results.base.title.empty() ? observable.name
                                      : fmt::format("{}: {}", results.base.title, observable.name);
}

PlotAxis axis_of(const TrajectoryObservable& observable) {
    return {.label = observable_label(observable), .dimension = observable.dimension, .low = {}, .high = {}};
}

std::string response_svg(const SweepResults& results, std::size_t observable, std::size_t column,
                         bool joined) {
    const DesignColumn moved = results.design.columns()[column];
    LinePlot plot;
    plot.title = title_of(results, results.observables[observable]);
    plot.subtitle = caption_of(results);
    std::vector<double> values;
    for (std::size_t point = 0; point < results.outcome.points.size(); ++point)
        values.push_back(results.design.point(point)[column]);
    const DesignAxis axis(moved, values);
    plot.x = axis.plot();
    plot.y = axis_of(results.observables[observable]);
    plot.if_empty = why_nothing(results, observable);
    PlotLine line{.name = {}, .x = {}, .y = {}};
    std::vector<std::pair<double, std::size_t>> order;
    for (std::size_t point = 0; point < results.outcome.points.size(); ++point)
        order.emplace_back(axis.place(values[point]), point);
    std::ranges::sort(order);
    for (const auto& [x, point] : order) {
        const Finding finding = finding_at(results, point, observable);
        line.x.push_back(x);
        line.y.push_back(finding.value);
        line.low.push_back(finding.interval.low);
        line.high.push_back(finding.interval.high);
    }
    if (std::ranges::any_of(line.low, [](double end) { return std::isfinite(end); }))
        plot.subtitle += fmt::format("; {}", interval_name);
    if (!joined || !moved.names.empty()) {
        plot.points.push_back({.name = joined ? "" : "points of the design",
                               .x = line.x,
                               .y = line.y,
                               .low = line.low,
                               .high = line.high});
    } else {
        plot.points.push_back({.name = {}, .x = line.x, .y = line.y});
        plot.lines.push_back(std::move(line));
    }
    return line_plot_svg(plot);
}

std::vector<std::string> axis_labels(const DesignFactor& factor) {
    std::vector<std::string> names;
    for (const std::vector<double>& level : factor.levels) {
        const DesignColumn& column = factor.columns.front();
        names.push_back(column.names.empty() ? quantity_text(level.front(), column.dimension)
                                             : column.text(level.front()));
    }
    return names;
}

std::string heat_svg(const SweepResults& results, std::size_t observable) {
    const DesignFactor& first = results.design.factors[0];
    const DesignFactor& second = results.design.factors[1];
    HeatMap map{.title = title_of(results, results.observables[observable]),
                .subtitle = caption_of(results),
                .x = {first.path, axis_labels(first)},
                .y = {second.path, axis_labels(second)},
                .value_label = observable_label(results.observables[observable]),
                .dimension = results.observables[observable].dimension,
                .interval_name = interval_name};
    if (!is_known_anywhere(results, observable)) {
        LinePlot nothing{.title = map.title, .subtitle = map.subtitle, .x = {}, .y = {}};
        nothing.if_empty = why_nothing(results, observable);
        return line_plot_svg(nothing);
    }
    for (std::size_t row = 0; row < second.levels.size(); ++row)
        for (std::size_t column = 0; column < first.levels.size(); ++column) {
            const std::size_t point = column * second.levels.size() + row;
            const bool lived = point < results.outcome.points.size();
            const Finding finding = lived ? finding_at(results, point, observable)
                                          : Finding{.value = unseen, .interval = {unseen, unseen}};
            map.values.push_back(finding.value);
            map.low.push_back(finding.interval.low);
            map.high.push_back(finding.interval.high);
        }
    return heat_map_svg(map);
}

/// "parameter_finance_exits_offers"; no observable has such a name.
std::string parameter_name(const DesignColumn& column) {
    return "parameter_" + plain_name(column.path);
}

/// A parameter's values along an axis, of which there are none yet.
Variable coordinate_of(const DesignColumn& column, std::string name, std::string axis) {
    Variable variable{.name = std::move(name),
                      .axes = {std::move(axis)},
                      .unit = {},
                      .long_name = column.meaning,
                      .values = std::vector<std::string>{},
                      .attributes = {{"path", column.path}}};
    if (column.names.empty()) {
        variable.unit = std::string(udunits_of(column.dimension));
        variable.values = std::vector<double>{};
    }
    return variable;
}

void add_value(Variable& coordinate, const DesignColumn& column, double value) {
    if (column.names.empty())
        std::get<std::vector<double>>(coordinate.values).push_back(value);
    else
        std::get<std::vector<std::string>>(coordinate.values).push_back(column.text(value));
}

/// An axis for each factor of a grid, with its levels as coordinates: of a parameter under the axis' own
/// name, of a mix the shares along it. The names of the axes, the last one's levels changing fastest.
std::vector<std::string> add_edges(Dataset& dataset, const Design& design) {
    std::vector<std::string> names;
    for (const DesignFactor& factor : design.factors) {
        names.push_back("parameter_" + plain_name(factor.path));
        dataset.axes.push_back({names.back(), factor.levels.size()});
        for (std::size_t i = 0; i < factor.columns.size(); ++i) {
            const DesignColumn& column = factor.columns[i];
            dataset.variables.push_back(coordinate_of(column, parameter_name(column), names.back()));
            for (const std::vector<double>& level : factor.levels)
                add_value(dataset.variables.back(), column, level[i]);
        }
    }
    return names;
}

}  // namespace

Finding finding_at(const SweepResults& results, std::size_t point, std::size_t observable) {
    const PointResult& lived = results.outcome.points.at(point);
    const TrajectoryObservable& seen = results.observables.at(observable);
    if (lived.observables.empty() || lived.observables[observable].count() == 0)
        return {.value = unseen, .interval = {unseen, unseen}, .dimension = seen.dimension};
    return mean_finding(lived.observables[observable], seen.dimension, counting_of(seen));
}

std::string replay_at(const SweepResults& results, std::size_t point) {
    const PointResult& lived = results.outcome.points.at(point);
    if (!lived.first_failure) return {};
    Replay replay = results.replay;
    for (std::string& setting : results.design.settings(point)) replay.settings.push_back(std::move(setting));
    return replay_command(replay, lived.first_failure->trajectory);
}

TerminalTable sweep_table(const SweepResults& results) {
    TerminalTable table{.title = {}, .columns = {{"point"}}, .rows = {}};
    const std::vector<DesignColumn> columns = results.design.columns();
    for (const DesignColumn& column : columns) table.columns.push_back({column.path});
    for (const TrajectoryObservable& observable : results.observables)
        table.columns.push_back({observable.name + " [95%]"});
    const std::size_t shown = std::min(results.outcome.points.size(), most_rows_shown);
    for (std::size_t point = 0; point < shown; ++point) {
        std::vector<TableCell> row = {TableCell(fmt::format("{}", point))};
        for (std::size_t column = 0; column < columns.size(); ++column) {
            const double value = results.design.point(point)[column];
            row.emplace_back(columns[column].names.empty() ? quantity_text(value, columns[column].dimension)
                                                           : columns[column].text(value));
        }
        if (results.outcome.points[point].completed == 0) {
            row.emplace_back("failed", Emphasis::bad);
        } else {
            for (std::size_t each = 0; each < results.observables.size(); ++each) {
                const Finding finding = finding_at(results, point, each);
                row.emplace_back(interval_text({finding.value, finding.interval.low, finding.interval.high},
                                               finding.dimension));
            }
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

std::string design_csv(const SweepResults& results) {
    std::string text;
    CsvWriter<std::string> csv(text);
    const std::vector<DesignColumn> columns = results.design.columns();
    csv.text("point");
    for (const DesignColumn& column : columns) csv.text(column.path);
    for (const char* title : {"trajectories", "failed", "reason", "replay"}) csv.text(title);
    csv.end_row();
    for (std::size_t point = 0; point < results.design.points; ++point) {
        csv.whole(static_cast<std::int64_t>(point));
        for (std::size_t column = 0; column < columns.size(); ++column)
            append_value(csv, columns[column], results.design.point(point)[column]);
        if (point < results.outcome.points.size()) {
            const PointResult& lived = results.outcome.points[point];
            csv.whole(static_cast<std::int64_t>(lived.completed))
                .whole(static_cast<std::int64_t>(lived.failed))
                .text(lived.first_failure ? lived.first_failure->reason : "")
                .text(replay_at(results, point));
        } else {
            csv.whole(0).whole(0).text("interrupted before its first trajectories").text("");
        }
        csv.end_row();
    }
    return text;
}

std::string sweep_csv(const SweepResults& results) {
    std::string text;
    CsvWriter<std::string> csv(text);
    const std::vector<DesignColumn> columns = results.design.columns();
    csv.text("point");
    for (const DesignColumn& column : columns) csv.text(column.path);
    for (const char* title :
         {"observable", "unit", "mean", "lower_95", "upper_95", "standard_error", "trajectories", "failed"})
        csv.text(title);
    csv.end_row();
    for (std::size_t point = 0; point < results.outcome.points.size(); ++point)
        for (std::size_t each = 0; each < results.observables.size(); ++each) {
            const PointResult& lived = results.outcome.points[point];
            csv.whole(static_cast<std::int64_t>(point));
            for (std::size_t column = 0; column < columns.size(); ++column)
                append_value(csv, columns[column], results.design.point(point)[column]);
            const Finding finding = finding_at(results, point, each);
            const Moments& moments = lived.observables[each];
            csv.text(results.observables[each].name)
                .text(udunits_of(results.observables[each].dimension))
                .number(finding.value)
                .number(finding.interval.low)
                .number(finding.interval.high)
                .number(moments.count() < 2 ? unseen : moments.standard_error())
                .whole(static_cast<std::int64_t>(moments.count()))
                .whole(static_cast<std::int64_t>(lived.failed));
            csv.end_row();
        }
    return text;
}

Dataset sweep_dataset(const SweepResults& results) {
    constexpr std::array<std::string_view, 3> statistics = {"mean", "lower_95", "upper_95"};
    Dataset dataset;
    // A grid is a block with an edge for each parameter, in the order of its points. HDF5 knows 32 at most.
    const bool is_block = results.is_grid && results.design.factors.size() < 32;
    const std::vector<std::string> places =
        is_block ? add_edges(dataset, results.design) : std::vector<std::string>{"point"};
    const std::size_t points = is_block ? results.design.points : results.outcome.points.size();
    if (!is_block) {
        dataset.axes.push_back({"point", points});
        for (const DesignColumn& column : results.design.columns())
            dataset.variables.push_back(coordinate_of(column, parameter_name(column), "point"));
        for (std::size_t column = 0; column < results.design.column_count(); ++column)
            for (std::size_t point = 0; point < points; ++point)
                add_value(dataset.variables[column], results.design.columns()[column],
                          results.design.point(point)[column]);
    }
    dataset.axes.push_back({"statistic", statistics.size()});
    std::vector<std::int64_t> numbers(points);
    std::ranges::generate(numbers, [next = std::int64_t{0}]() mutable { return next++; });
    dataset.variables.push_back(
        {"point", places, "1", "number of the point in the design", std::move(numbers)});
    dataset.variables.push_back({"statistic",
                                 {"statistic"},
                                 "",
                                 "mean over trajectories and the ends of its 95% interval",
                                 std::vector<std::string>(statistics.begin(), statistics.end())});
    std::vector<std::int64_t> completed(points);
    std::vector<std::int64_t> failed(points);
    for (std::size_t point = 0; point < results.outcome.points.size(); ++point) {
        completed[point] = static_cast<std::int64_t>(results.outcome.points[point].completed);
        failed[point] = static_cast<std::int64_t>(results.outcome.points[point].failed);
    }
    dataset.variables.push_back(
        {"trajectories", places, "1", "trajectories that are complete", std::move(completed)});
    dataset.variables.push_back({"failed", places, "1", "trajectories that failed", std::move(failed)});
    std::vector<std::string> axes = places;
    axes.emplace_back("statistic");
    for (std::size_t each = 0; each < results.observables.size(); ++each) {
        std::vector<double> values(points * statistics.size(), unseen);
        for (std::size_t point = 0; point < results.outcome.points.size(); ++point) {
            const Finding finding = finding_at(results, point, each);
            values[point * statistics.size()] = finding.value;
            values[point * statistics.size() + 1] = finding.interval.low;
            values[point * statistics.size() + 2] = finding.interval.high;
        }
        dataset.variables.push_back({plain_name(results.observables[each].name), axes,
                                     std::string(udunits_of(results.observables[each].dimension)),
                                     std::string(results.observables[each].meaning), std::move(values)});
    }
    return dataset;
}

ResultFiles sweep_pictures(const SweepResults& results) {
    ResultFiles files;
    const Design& design = results.design;
    const bool plain = std::ranges::none_of(design.factors, &DesignFactor::is_mix);
    for (std::size_t each = 0; each < results.observables.size(); ++each) {
        const std::string name = plain_name(results.observables[each].name);
        if (results.is_grid && plain && design.factors.size() == 2) {
            files["heat_" + name + ".svg"] = heat_svg(results, each);
            continue;
        }
        if (results.is_grid && plain && design.factors.size() == 1) {
            files["response_" + name + ".svg"] = response_svg(results, each, 0, true);
            continue;
        }
        const std::vector<DesignColumn> columns = design.columns();
        for (std::size_t column = 0; column < columns.size() && files.size() < most_pictures_of_sweep;
             ++column)
            files[fmt::format("response_{}_{}.svg", name, plain_name(columns[column].path))] =
                response_svg(results, each, column, false);
    }
    return files;
}

std::size_t pictures_left_out(const SweepResults& results) {
    const bool plain = std::ranges::none_of(results.design.factors, &DesignFactor::is_mix);
    if (results.is_grid && plain && results.design.factors.size() <= 2) return 0;
    const std::size_t all = results.observables.size() * results.design.column_count();
    return all - std::min(all, most_pictures_of_sweep);
}

Json sweep_json(const SweepResults& results) {
    const std::vector<DesignColumn> columns = results.design.columns();
    Json list = Json::array();
    for (std::size_t point = 0; point < results.outcome.points.size(); ++point) {
        const PointResult& lived = results.outcome.points[point];
        Json parameters = Json::object();
        for (std::size_t column = 0; column < columns.size(); ++column)
            parameters[columns[column].path] =
                json_value(columns[column], results.design.point(point)[column]);
        Json observables = Json::object();
        for (std::size_t each = 0; each < results.observables.size(); ++each) {
            const Finding finding = finding_at(results, point, each);
            observables[results.observables[each].name] = {
                {"mean", json_number(finding.value)},
                {"confidence_interval",
                 {json_number(finding.interval.low), json_number(finding.interval.high)}},
                {"trajectories", lived.observables[each].count()}};
        }
        list.push_back({{"point", point},
                        {"parameters", std::move(parameters)},
                        {"trajectories", lived.completed},
                        {"failed", lived.failed},
                        {"reason", lived.first_failure ? Json(lived.first_failure->reason) : Json(nullptr)},
                        {"replay", lived.first_failure ? Json(replay_at(results, point)) : Json(nullptr)},
                        {"observables", std::move(observables)}});
    }
    return {{"points", std::move(list)}};
}

}  // namespace venturi
