#include "analysis/report/influence_report.hpp"

#include "analysis/report/caption.hpp"
#include "analysis/report/csv_writer.hpp"
#include "analysis/report/quantity_text.hpp"
#include "scenarios/counted.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

struct Place {
    double column;
    double row;
};

// By node, so that no two arrows cross.
constexpr std::array<Place, loop_nodes> places = {{
    {0, 2.25},  // high-quality data
    {1, 2.25},  // pretrained model
    {2, 2.25},  // technology innovation
    {3, 2.25},  // application
    {4, 2.25},  // marketing
    {4, 4.1},   // customer feedback
    {1, 4.1},   // model optimisation on feedback
    {2, 3.25},  // model training
    {3, 3.25},  // optimisation of training
    {3, 1},     // business expansion
    {2, 1},     // talent development
    {1, 1},     // innovation culture
    {1, 0},     // company culture
    {2, 0},     // brand value
    {3, 0},     // strategy
    {4, 1},     // market positioning
}};

std::string node_name(LoopNode node) {
    return std::string(loop_node_names[static_cast<std::size_t>(node)]);
}
std::string_view unit_of(LoopNode node) {
    return loop_node_units[static_cast<std::size_t>(node)];
}

// NaN where it is not known: of fewer than two pairs.
Interval interval_of(const Moments& response) {
    constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
    return response.count() < 2 ? Interval{unknown, unknown} : response.confidence_interval();
}

std::string months_text(double months) {
    return fmt::format("{:g} month{}", months, months == 1 ? "" : "s");
}

TableCell response_cell(const Moments& response) {
    if (response.count() == 0) return {"–", Emphasis::faint};
    if (response.count() == 1)
        return {quantity_text(response.mean(), Dimension::number) + " [–]", Emphasis::faint};
    const Interval interval = interval_of(response);
    const std::string text = influence_text(response.mean(), interval.low, interval.high);
    return is_distinguishable(response) ? TableCell(text) : TableCell("· " + text, Emphasis::faint);
}

}  // namespace

TerminalTable influence_table(const InfluenceStatistics& statistics, const InfluenceOptions& options,
                              std::size_t drawn) {
    TerminalTable table{.title = "", .columns = {{"arrow", Alignment::left}}, .rows = {}};
    for (const double delay : options.delays) table.columns.push_back({"after " + months_text(delay)});
    table.columns.push_back({"standardised, " + months_text(options.delays[drawn])});
    for (std::size_t arrow = 0; arrow < loop_arrows.size(); ++arrow) {
        const auto [tail, head] = loop_arrows[arrow];
        auto& row = table.rows.emplace_back();
        row.emplace_back(fmt::format("{} → {}", node_name(tail), node_name(head)));
        for (std::size_t delay = 0; delay < options.delays.size(); ++delay)
            row.push_back(response_cell(statistics.response(arrow, delay)));
        const Moments& response = statistics.response(arrow, drawn);
        row.emplace_back(quantity_text(standardised(response.mean(), loop_arrows[arrow]), Dimension::number),
                         is_distinguishable(response) ? Emphasis::none : Emphasis::faint);
    }
    return table;
}

TerminalTable loop_table() {
    TerminalTable table{.title = "",
                        .columns = {{"node", Alignment::left}, {"push"}, {"measured in", Alignment::left}},
                        .rows = {}};
    for (std::size_t node = 0; node < loop_nodes; ++node)
        table.rows.push_back({TableCell(std::string(loop_node_names[node])),
                              TableCell(fmt::format("{:g}", loop_pushes[node])),
                              TableCell(std::string(loop_node_units[node]))});
    return table;
}

std::string influence_csv(const InfluenceStatistics& statistics, const InfluenceOptions& options) {
    std::string text;
    CsvWriter<std::string> csv(text);
    for (const char* title : {"tail", "head", "tail_unit", "head_unit", "delay_months", "strength",
                              "lower_95", "upper_95", "pairs", "distinguishable", "standardised_strength"})
        csv.text(title);
    csv.end_row();
    for (std::size_t arrow = 0; arrow < loop_arrows.size(); ++arrow)
        for (std::size_t delay = 0; delay < options.delays.size(); ++delay) {
            const auto [tail, head] = loop_arrows[arrow];
            const Moments& response = statistics.response(arrow, delay);
            const Interval interval = interval_of(response);
            csv.text(node_name(tail)).text(node_name(head)).text(unit_of(tail)).text(unit_of(head));
            csv.number(options.delays[delay]).number(response.mean());
            csv.number(interval.low).number(interval.high);
            csv.whole(static_cast<std::int64_t>(response.count()));
            csv.text(is_distinguishable(response) ? "true" : "false");
            csv.number(standardised(response.mean(), loop_arrows[arrow]));
            csv.end_row();
        }
    return text;
}

InfluencePicture influence_picture_of(const InfluenceStatistics& statistics, const InfluenceOptions& options,
                                      std::size_t delay, const Scenario& scenario,
                                      const std::vector<std::string>& settings) {
    InfluencePicture picture;
    picture.title = fmt::format("{}: what moves what", scenario.title);
    for (std::size_t node = 0; node < loop_nodes; ++node)
        picture.nodes.push_back({std::string(loop_node_names[node]), places[node].column, places[node].row});
    std::uint64_t fewest = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t most = 0;
    for (std::size_t arrow = 0; arrow < loop_arrows.size(); ++arrow) {
        const Moments& response = statistics.response(arrow, delay);
        if (response.count() < 2) continue;
        const Interval interval = response.confidence_interval();
        const auto [tail, head] = loop_arrows[arrow];
        picture.arrows.push_back({.tail = static_cast<std::size_t>(tail),
                                  .head = static_cast<std::size_t>(head),
                                  .strength = response.mean(),
                                  .low = interval.low,
                                  .high = interval.high,
                                  .weight = standardised(response.mean(), loop_arrows[arrow])});
        fewest = std::min(fewest, response.count());
        most = std::max(most, response.count());
    }
    picture.weight_name = "pushes of the head for each push of the tail";
    picture.own_decimals = true;
    const std::size_t left_out = loop_arrows.size() - picture.arrows.size();
    picture.subtitle = fmt::format(
        "Tails pushed at month {:g}, heads seen {} later; units of head for each unit of tail; {} pairs of "
        "worlds, seed {}",
        options.at, months_text(options.delays[delay]),
        fewest >= most ? fmt::format("{}", most) : fmt::format("{} to {}", fewest, most), scenario.run.seed);
    if (left_out > 0)
        picture.subtitle += fmt::format("; {} could not be measured", counted(left_out, "arrow"));
    picture.subtitle += changed_settings_text(settings);
    return picture;
}

Json influence_json(const InfluenceStatistics& statistics, const InfluenceOptions& options) {
    Json json = {{"nodes", Json::array()}, {"arrows", Json::array()}};
    for (std::size_t node = 0; node < loop_nodes; ++node)
        json["nodes"].push_back(
            {{"name", loop_node_names[node]}, {"unit", loop_node_units[node]}, {"push", loop_pushes[node]}});
    for (std::size_t arrow = 0; arrow < loop_arrows.size(); ++arrow) {
        Json responses = Json::array();
        for (std::size_t delay = 0; delay < options.delays.size(); ++delay) {
            const Moments& response = statistics.response(arrow, delay);
            const Interval interval = interval_of(response);
            responses.push_back({{"delay_months", options.delays[delay]},
                                 {"strength", response.mean()},
                                 {"standardised_strength", standardised(response.mean(), loop_arrows[arrow])},
                                 {"confidence_interval", {interval.low, interval.high}},
                                 {"pairs", response.count()},
                                 {"distinguishable", is_distinguishable(response)}});
        }
        json["arrows"].push_back({{"tail", node_name(loop_arrows[arrow].tail)},
                                  {"head", node_name(loop_arrows[arrow].head)},
                                  {"responses", std::move(responses)}});
    }
    return json;
}

}  // namespace venturi
