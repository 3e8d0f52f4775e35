#include "analysis/report/network_report.hpp"

#include "analysis/report/graphml_writer.hpp"
#include "analysis/report/terminal_table.hpp"
#include "scenarios/counted.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>
#include <utility>

namespace venturi {

namespace {

std::string number(double value) {
    if (std::isnan(value)) return "—";
    // Counts in full: a million edges are 1000000.
    const bool is_count = std::trunc(value) == value && std::abs(value) < 1e15;
    return is_count ? fmt::format("{:.0f}", value) : fmt::format("{:.6g}", value);
}

std::string json_number(double value) {
    if (std::isnan(value)) return "null";
    if (std::isinf(value)) return value > 0 ? "\"inf\"" : "\"-inf\"";
    return fmt::format("{}", value);
}

std::string json_text(const std::string& text) {
    return nlohmann::json(text).dump();
}

std::string exponent_text(const DegreeExponent& exponent) {
    const PowerLawFit& fit = exponent.fit;
    const PowerLawComparison& comparison = exponent.comparison;
    return fmt::format(
        "of the {} degrees from {}, ± {:.2g}; an exponential law is {} likely there (p = {:.2g})",
        fit.tail_count, fit.law.smallest, fit.standard_error,
        comparison.log_likelihood_ratio > 0 ? "less" : "more", comparison.p_value);
}

std::string summary_text(const NetworkSummary& summary, Colour colour) {
    TerminalTable table{
        .title = {}, .columns = {{"network", Alignment::left}, {"value"}, {"", Alignment::left}}, .rows = {}};
    for (const NetworkValue& value : summary.values)
        table.rows.push_back({value.name, number(value.value), {value.meaning, Emphasis::faint}});
    const std::string none = fmt::format("fewer than {} vertices have larger degrees", least_degree_tail);
    table.rows.push_back({"degree_exponent",
                          summary.exponent ? number(summary.exponent->fit.law.exponent) : "—",
                          {summary.exponent ? exponent_text(*summary.exponent) : none, Emphasis::faint}});
    return table_text(table, colour);
}

// Largest first; NaN last.
std::vector<std::size_t> order_of(const std::vector<double>& values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto key = [&](std::size_t i) {
        return std::isnan(values[i]) ? std::pair(1, 0.0) : std::pair(0, -values[i]);
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t one, std::size_t other) { return key(one) < key(other); });
    return order;
}

std::string vertices_text(const Network& network, const NetworkAnalysis& analysis, Colour colour,
                          std::size_t most_vertices) {
    TerminalTable table{.title = {}, .columns = {{"vertex", Alignment::left}}, .rows = {}};
    for (const VertexColumn& column : analysis.columns) table.columns.push_back({column.name});
    std::vector<std::size_t> order = order_of(analysis.columns.front().values);
    order.resize(std::min(order.size(), most_vertices));
    for (const std::size_t vertex : order) {
        std::vector<TableCell> row = {name_of(network, vertex)};
        for (const VertexColumn& column : analysis.columns) row.emplace_back(number(column.values[vertex]));
        table.rows.push_back(std::move(row));
    }
    std::string text = table_text(table, colour);
    if (order.size() < network.vertices)
        text += fmt::format("and {} more\n", network.vertices - order.size());
    return text;
}

}  // namespace

std::string network_text(const Network& network, const NetworkAnalysis& analysis, Colour colour,
                         std::size_t most_vertices) {
    std::string text;
    const auto begin_part = [&] { text += text.empty() ? "" : "\n"; };
    if (analysis.summary) text += summary_text(*analysis.summary, colour);
    if (analysis.clearing) {
        begin_part();
        const ClearingTotals& totals = *analysis.clearing;
        text += fmt::format("{} of {} default, in {}; {} of {} owed are paid\n", totals.defaults,
                            network.vertices, counted(totals.rounds, "round"), number(totals.paid),
                            number(totals.owed));
    }
    if (analysis.debt_rank) {
        begin_part();
        text += fmt::format("debt rank: {}, the share of all that is lent whose lenders' equity is lost\n",
                            number(*analysis.debt_rank));
    }
    if (!analysis.columns.empty()) {
        begin_part();
        text += vertices_text(network, analysis, colour, most_vertices);
    }
    return text;
}

std::string network_json(const Network& network, const NetworkAnalysis& analysis) {
    std::string text = "{";
    for (std::size_t i = 0; i < network.vertices; ++i) {
        text += i == 0 ? "\n  " : ",\n  ";
        text += json_text(name_of(network, i)) + ": {";
        for (const VertexColumn& column : analysis.columns) {
            if (&column != &analysis.columns.front()) text += ", ";
            text += json_text(column.name) + ": " + json_number(column.values[i]);
        }
        text += '}';
    }
    return text + (network.vertices == 0 ? "}\n" : "\n}\n");
}

std::string network_summary_json(const NetworkSummary& summary) {
    std::string text = "{\n";
    for (const NetworkValue& value : summary.values)
        text += fmt::format("  {}: {},\n", json_text(value.name), json_number(value.value));
    if (!summary.exponent) return text + "  \"degree_exponent\": null\n}\n";
    const PowerLawFit& fit = summary.exponent->fit;
    return text
           + fmt::format(
               "  \"degree_exponent\": {{\"exponent\": {}, \"standard_error\": {}, "
               "\"smallest_degree\": {}, \"vertices\": {}, \"distance\": {}}}\n}}\n",
               json_number(fit.law.exponent), json_number(fit.standard_error), fit.law.smallest,
               fit.tail_count, json_number(fit.distance));
}

std::string network_graphml(const Network& network, const NetworkAnalysis& analysis) {
    std::vector<GraphmlColumn> columns;
    for (const VertexColumn& column : analysis.columns) columns.push_back({column.name, column.values});
    return graphml_text(network, columns);
}

}  // namespace venturi
