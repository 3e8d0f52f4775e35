#include "analysis/report/discovery_report.hpp"

#include "analysis/report/caption.hpp"
#include "analysis/report/csv_writer.hpp"
#include "analysis/report/design_axis.hpp"
#include "analysis/report/line_plot.hpp"
#include "analysis/report/quantity_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

std::string side_text(const DesignColumn& column, const BoxSide& side, const BoxSide& whole) {
    if (!column.names.empty()) {
        std::string text;
        for (std::size_t name = 0; name < column.names.size(); ++name)
            if (side.allowed[name] && whole.allowed[name])
                text += (text.empty() ? "" : ", ") + column.names[name];
        return text;
    }
    const std::string low = quantity_text(side.range.low, column.dimension);
    const std::string high = quantity_text(side.range.high, column.dimension);
    if (side.range.low <= whole.range.low) return "at most " + high;
    if (side.range.high >= whole.range.high) return "at least " + low;
    return low + " to " + high;
}

std::string question_text(const SweptPoints& swept, const TreeNode::Question& question) {
    const DesignColumn& column = swept.columns[question.column];
    if (column.names.empty())
        return fmt::format("{} at most {}?", column.path, quantity_text(question.at_most, column.dimension));
    std::string names;
    for (std::size_t name = 0; name < column.names.size(); ++name)
        if (question.names[name]) names += (names.empty() ? "" : " or ") + column.names[name];
    return fmt::format("{} is {}?", column.path, names);
}

void append_tree(std::string& text, const SweptPoints& swept, const Discovery& discovery, Dimension dimension,
                 std::size_t number, const std::string& indent, const std::string& answer) {
    const TreeNode& node = discovery.tree[number];
    text +=
        fmt::format("{}{}{} in {} points", indent, answer, quantity_text(node.mean, dimension), node.points);
    if (!node.question) {
        text += '\n';
        return;
    }
    text += fmt::format("; {}\n", question_text(swept, *node.question));
    append_tree(text, swept, discovery, dimension, node.question->left, indent + "  ", "yes: ");
    append_tree(text, swept, discovery, dimension, node.question->right, indent + "  ", "no:  ");
}

/// The two parameters whose restriction is the most certain; one that isn't restricted where there is one.
std::array<std::size_t, 2> shown_columns(const Discovery& discovery) {
    std::vector<std::size_t> order(discovery.found.box.sides.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::stable_sort(order, {}, [&](std::size_t column) {
        const BoxSide& side = discovery.found.box.sides[column];
        return side.restricted ? side.p_value : 2.0;
    });
    return {order[0], order[1]};
}

Json interval_or_null(const Interval& interval) {
    const auto number = [](double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); };
    return {number(interval.low), number(interval.high)};
}

Json tree_json(const SweptPoints& swept, const Discovery& discovery, std::size_t number) {
    const TreeNode& node = discovery.tree[number];
    Json json = {{"points", node.points}, {"mean", node.mean}};
    if (!node.question) return json;
    json["question"] = question_text(swept, *node.question);
    json["yes"] = tree_json(swept, discovery, node.question->left);
    json["no"] = tree_json(swept, discovery, node.question->right);
    return json;
}

std::string range_or_dash(const Interval& interval) {
    if (!std::isfinite(interval.low)) return "–";
    return fmt::format("{} to {}", quantity_text(interval.low, Dimension::share),
                       quantity_text(interval.high, Dimension::share));
}

}  // namespace

std::string condition_text(const OutcomeCondition& condition) {
    return fmt::format("{} {} {}", condition.observable.name, condition.relation,
                       quantity_text(condition.threshold, condition.observable.dimension));
}

std::string discovered_box_csv(const SweptPoints& swept, const Discovery& discovery) {
    std::string text;
    CsvWriter<std::string> csv(text);
    for (const char* title :
         {"parameter", "restricted", "low", "high", "values", "p_value", "restricted_in_resamples",
          "low_lower_90", "low_upper_90", "high_lower_90", "high_upper_90"})
        csv.text(title);
    csv.end_row();
    const Box& whole = discovery.found.trajectory.front();
    for (std::size_t column = 0; column < swept.columns.size(); ++column) {
        const BoxSide& side = discovery.found.box.sides[column];
        const bool named = !swept.columns[column].names.empty();
        csv.text(swept.columns[column].path).text(side.restricted ? "yes" : "no");
        if (named)
            csv.missing().missing().text(side_text(swept.columns[column], side, whole.sides[column]));
        else
            csv.number(side.range.low).number(side.range.high).missing();
        csv.number(side.p_value).number(discovery.stability.restricted[column]);
        for (const Interval& ends : {discovery.stability.low[column], discovery.stability.high[column]}) {
            if (named)
                csv.missing().missing();
            else
                csv.number(ends.low).number(ends.high);
        }
        csv.end_row();
    }
    return text;
}

std::string peeling_csv(const Discovery& discovery) {
    std::string text;
    CsvWriter<std::string> csv(text);
    for (const char* title : {"step", "points", "coverage", "density", "restricted"}) csv.text(title);
    csv.end_row();
    for (std::size_t step = 0; step < discovery.found.trajectory.size(); ++step) {
        const Box& box = discovery.found.trajectory[step];
        csv.whole(static_cast<std::int64_t>(step))
            .whole(static_cast<std::int64_t>(box.points))
            .number(box.coverage())
            .number(box.density())
            .whole(std::ranges::count(box.sides, true, &BoxSide::restricted));
        csv.end_row();
    }
    return text;
}

std::string tree_lines(const SweptPoints& swept, const Discovery& discovery,
                       const OutcomeCondition& condition) {
    std::string text =
        fmt::format("mean {}, by a tree that explains {} of its variance between points:\n",
                    condition.observable.name, quantity_text(discovery.explained, Dimension::share));
    append_tree(text, swept, discovery, condition.observable.dimension, 0, "  ", "");
    return text;
}

std::string discovered_box_svg(const SweptPoints& swept, const Discovery& discovery,
                               const OutcomeCondition& condition) {
    const auto [across, up] = shown_columns(discovery);
    const DesignAxis horizontal(swept.columns[across], swept.data.columns[across].values);
    const DesignAxis vertical(swept.columns[up], swept.data.columns[up].values);
    LinePlot plot;
    plot.title = fmt::format("{}: where {}", swept.scenario, condition_text(condition));
    plot.subtitle = with_settings(
        fmt::format("{} of the cases are in the box (coverage), {} of the points in it are cases (density)",
                    quantity_text(discovery.found.box.coverage(), Dimension::share),
                    quantity_text(discovery.found.box.density(), Dimension::share)),
        swept.settings);
    plot.x = horizontal.plot();
    plot.y = vertical.plot();
    PlotPoints cases{.name = condition_text(condition), .x = {}, .y = {}};
    PlotPoints others{.name = "not so", .x = {}, .y = {}};
    for (std::size_t point = 0; point < swept.data.points(); ++point) {
        PlotPoints& kind = swept.data.happened[point] ? cases : others;
        kind.x.push_back(horizontal.place(swept.data.columns[across].values[point]));
        kind.y.push_back(vertical.place(swept.data.columns[up].values[point]));
    }
    // The empty kind between them has the colour that is too near to the first.
    plot.points = {std::move(cases), {.name = {}, .x = {}, .y = {}}, std::move(others)};
    const auto ends = [&](std::size_t column, const DesignAxis& axis) {
        const BoxSide& side = discovery.found.box.sides[column];
        if (swept.columns[column].names.empty()) return side.range;
        Interval allowed = {1e300, -1e300};
        for (std::size_t name = 0; name < side.allowed.size(); ++name) {
            const double place = axis.place(static_cast<double>(name));
            if (!side.allowed[name] || std::isnan(place)) continue;
            allowed.low = std::min(allowed.low, place - 0.2);
            allowed.high = std::max(allowed.high, place + 0.2);
        }
        return allowed;
    };
    const Interval x = ends(across, horizontal);
    const Interval y = ends(up, vertical);
    plot.lines.push_back({.name = "the box",
                          .x = {x.low, x.high, x.high, x.low, x.low},
                          .y = {y.low, y.low, y.high, y.high, y.low}});
    return line_plot_svg(plot);
}

TerminalTable discovered_box_table(const SweptPoints& swept, const Discovery& discovery) {
    TerminalTable table{.title = {},
                        .columns = {{"parameter", Alignment::left},
                                    {"in the box", Alignment::left},
                                    {"chance"},
                                    {"in resamples"}},
                        .rows = {}};
    const Box& whole = discovery.found.trajectory.front();
    for (std::size_t column = 0; column < swept.columns.size(); ++column) {
        const BoxSide& side = discovery.found.box.sides[column];
        if (!side.restricted) continue;
        table.rows.push_back(
            {TableCell(swept.columns[column].path),
             TableCell(side_text(swept.columns[column], side, whole.sides[column]), Emphasis::strong),
             TableCell(side.p_value < 0.001 ? "below 0.1%" : quantity_text(side.p_value, Dimension::share)),
             TableCell(quantity_text(discovery.stability.restricted[column], Dimension::share))});
    }
    return table;
}

std::string firmness_text(const SweptPoints& swept, const Discovery& discovery) {
    const Box& box = discovery.found.box;
    return fmt::format(
        "coverage {}, density {} (of all points {}); at points that a resample lacks, 90% of {} resamples: "
        "coverage {}, density {}\n",
        quantity_text(box.coverage(), Dimension::share), quantity_text(box.density(), Dimension::share),
        quantity_text(static_cast<double>(box.all_hits) / static_cast<double>(swept.data.points()),
                      Dimension::share),
        discovery.stability.resamples, range_or_dash(discovery.stability.coverage),
        range_or_dash(discovery.stability.density));
}

Json discovery_json(const SweptPoints& swept, const Discovery& discovery, const OutcomeCondition& condition) {
    const Box& box = discovery.found.box;
    Json sides = Json::array();
    for (std::size_t column = 0; column < swept.columns.size(); ++column) {
        const BoxSide& side = box.sides[column];
        if (!side.restricted) continue;
        Json json = {{"parameter", swept.columns[column].path}};
        if (swept.columns[column].names.empty()) {
            json["low"] = side.range.low;
            json["high"] = side.range.high;
            json["low_interval_90"] = interval_or_null(discovery.stability.low[column]);
            json["high_interval_90"] = interval_or_null(discovery.stability.high[column]);
        } else {
            Json values = Json::array();
            for (std::size_t name = 0; name < side.allowed.size(); ++name)
                if (side.allowed[name]) values.push_back(swept.columns[column].names[name]);
            json["values"] = std::move(values);
        }
        json["p_value"] = side.p_value;
        json["restricted_in_resamples"] = discovery.stability.restricted[column];
        sides.push_back(std::move(json));
    }
    return {
        {"where", condition_text(condition)},
        {"points", swept.data.points()},
        {"points_without_result", swept.without},
        {"cases", box.all_hits},
        {"box", std::move(sides)},
        {"coverage", box.coverage()},
        {"density", box.density()},
        {"density_of_all", static_cast<double>(box.all_hits) / static_cast<double>(swept.data.points())},
        {"points_in_box", box.points},
        {"resamples", discovery.stability.resamples},
        {"coverage_out_of_resample_90", interval_or_null(discovery.stability.coverage)},
        {"density_out_of_resample_90", interval_or_null(discovery.stability.density)},
        {"tree", tree_json(swept, discovery, 0)},
        {"tree_explains", std::isfinite(discovery.explained) ? Json(discovery.explained) : Json(nullptr)}};
}

}  // namespace venturi
