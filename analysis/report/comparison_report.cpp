#include "analysis/report/comparison_report.hpp"

#include "analysis/report/csv_writer.hpp"
#include "analysis/report/quantity_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string_view>
#include <utility>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

std::string difference_text(const Comparison& comparison) {
    if (comparison.simulated.dimension == Dimension::share) {
        const double points = 100 * comparison.difference();
        return std::isnan(points) ? "–" : fmt::format("{:+.1f} points", points);
    }
    const double percent = 100 * comparison.relative_difference();
    return std::isnan(percent) ? "–" : fmt::format("{:+.1f}%", percent);
}

std::string published_text(const Published& figure, Dimension dimension) {
    if (!figure.interval) return quantity_text(figure.value, dimension);
    return interval_text({figure.value, figure.interval->first, figure.interval->second}, dimension);
}

std::string_view agreement_of(const Comparison& comparison) {
    return agreement_names[static_cast<std::size_t>(comparison.agreement())];
}

std::string_view role_of(const Comparison& comparison) {
    return published_role_names[static_cast<std::size_t>(comparison.published.role)];
}

Emphasis emphasis_of(Agreement agreement) {
    switch (agreement) {
        case Agreement::agrees:
            return Emphasis::good;
        case Agreement::differs:
            return Emphasis::bad;
        case Agreement::unknown:
            return Emphasis::faint;
    }
    return Emphasis::none;
}

}  // namespace

TerminalTable comparison_table(const std::vector<Comparison>& comparisons) {
    TerminalTable table{.title = "Simulated and published",
                        .columns = {{"figure", Alignment::left},
                                    {"simulated [95% interval]", Alignment::left},
                                    {"published [its interval]", Alignment::left},
                                    {"difference", Alignment::right},
                                    {"", Alignment::left},
                                    {"role", Alignment::left},
                                    {"source", Alignment::left}},
                        .rows = {}};
    for (const Comparison& comparison : comparisons) {
        const Published& figure = comparison.published;
        const Finding& simulated = comparison.simulated;
        const Emphasis emphasis = emphasis_of(comparison.agreement());
        table.rows.push_back(
            {figure.name,
             interval_text({simulated.value, simulated.interval.low, simulated.interval.high},
                           simulated.dimension),
             published_text(figure, simulated.dimension), TableCell(difference_text(comparison), emphasis),
             TableCell(std::string(agreement_of(comparison)), emphasis), std::string(role_of(comparison)),
             figure.source});
    }
    return table;
}

std::string comparison_legend(const std::vector<Comparison>& comparisons) {
    const auto agreeing = std::ranges::count(comparisons, Agreement::agrees, &Comparison::agreement);
    return fmt::format(
        "agrees (green): the published figure, or a part of its own interval, lies within the simulated 95% "
        "interval\ndiffers (red): it does not; {} of {} agree\ndifferences of percentages are in percentage "
        "points, others in % of the published figure\n",
        agreeing, comparisons.size());
}

std::string comparison_csv(const std::vector<Comparison>& comparisons) {
    std::string text;
    CsvWriter<std::string> csv(text);
    for (const char* title :
         {"figure", "observable", "simulated", "lower_95", "upper_95", "published", "published_lower",
          "published_upper", "role", "source", "difference", "relative_difference", "agreement"})
        csv.text(title);
    csv.end_row();
    for (const Comparison& comparison : comparisons) {
        const auto bounds = comparison.published.interval.value_or(std::pair{unknown, unknown});
        csv.text(comparison.published.name)
            .text(comparison.published.observable)
            .number(comparison.simulated.value)
            .number(comparison.simulated.interval.low)
            .number(comparison.simulated.interval.high)
            .number(comparison.published.value)
            .number(bounds.first)
            .number(bounds.second)
            .text(role_of(comparison))
            .text(comparison.published.source)
            .number(comparison.difference())
            .number(comparison.relative_difference())
            .text(agreement_of(comparison));
        csv.end_row();
    }
    return text;
}

nlohmann::ordered_json comparison_json(const std::vector<Comparison>& comparisons) {
    nlohmann::ordered_json json = nlohmann::ordered_json::array();
    for (const Comparison& comparison : comparisons)
        json.push_back(
            {{"figure", comparison.published.name},
             {"observable", comparison.published.observable},
             {"simulated", comparison.simulated.value},
             {"confidence_interval", {comparison.simulated.interval.low, comparison.simulated.interval.high}},
             {"published", comparison.published.value},
             {"published_interval",
              comparison.published.interval
                  ? Json{comparison.published.interval->first, comparison.published.interval->second}
                  : Json(nullptr)},
             {"difference", comparison.difference()},
             {"relative_difference", comparison.relative_difference()},
             {"unit", udunits_of(comparison.simulated.dimension)},
             {"agreement", agreement_of(comparison)},
             {"role", role_of(comparison)},
             {"source", comparison.published.source}});
    return json;
}

}  // namespace venturi
