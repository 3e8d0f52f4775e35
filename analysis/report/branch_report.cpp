#include "analysis/report/branch_report.hpp"

#include "analysis/report/caption.hpp"
#include "analysis/report/csv_writer.hpp"
#include "analysis/report/known_number.hpp"
#include "analysis/report/line_plot.hpp"
#include "analysis/report/quantity_text.hpp"
#include "analysis/statistics/observables.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

/// The square of an outcome's unit, as UDUNITS writes it.
std::string squared_unit(Dimension dimension) {
    const std::string unit(udunits_of(dimension));
    return unit == "1" ? unit : fmt::format("({})^2", unit);
}

std::string settled_text(const SettledPart& share) {
    return interval_text({share.value, share.interval.low, share.interval.high}, Dimension::share);
}

/// Which months a table has room for: the first, the last, and some between.
std::vector<std::size_t> months_shown(std::size_t months) {
    constexpr std::size_t most = 6;
    std::vector<std::size_t> shown;
    const std::size_t count = std::min(months, most);
    for (std::size_t i = 0; i < count; ++i)
        shown.push_back(count < 2 ? 0 : (i * (months - 1) + (count - 1) / 2) / (count - 1));
    return shown;
}

}  // namespace

SettledResults settled_results(const BranchDesign& design, const BranchStatistics& statistics) {
    SettledResults results{.design = design, .splits = {}};
    for (const Grouped<SettledVariance>& pasts : statistics.settled)
        results.splits.push_back(split_of(pasts));
    return results;
}

TerminalTable settled_table(const SettledResults& results, std::size_t future) {
    const BranchDesign& design = results.design;
    TerminalTable table{.title = "settled part of the variance, " + design.futures[future].name,
                        .columns = {{"outcome", Alignment::left}},
                        .rows = {}};
    const std::vector<std::size_t> shown = months_shown(design.months.size());
    for (const std::size_t month : shown)
        table.columns.push_back({quantity_text(design.months[month], Dimension::duration)});
    for (std::size_t outcome = 0; outcome < design.outcomes.size(); ++outcome) {
        const bool is_known = std::ranges::any_of(shown, [&](std::size_t month) {
            return !std::isnan(results.at(month, future, outcome).share.value);
        });
        if (!is_known) continue;
        std::vector<TableCell> row{design.outcomes[outcome].name};
        for (const std::size_t month : shown)
            row.emplace_back(settled_text(results.at(month, future, outcome).share));
        table.rows.push_back(std::move(row));
    }
    return table;
}

std::string settled_csv(const SettledResults& results) {
    std::string text;
    CsvWriter<std::string> csv(text);
    for (const char* title : {"month", "variant", "observable", "unit", "mean", "settled_variance",
                              "settled_lower_95", "settled_upper_95", "luck_variance", "luck_lower_95",
                              "luck_upper_95", "settled_share", "share_lower_95", "share_upper_95"})
        csv.text(title);
    csv.text("pasts").text("continuations").end_row();
    const BranchDesign& design = results.design;
    for (std::size_t month = 0; month < design.months.size(); ++month)
        for (std::size_t future = 0; future < design.futures.size(); ++future)
            for (std::size_t outcome = 0; outcome < design.outcomes.size(); ++outcome) {
                const VarianceSplit& split = results.at(month, future, outcome);
                csv.number(design.months[month])
                    .text(design.futures[future].name)
                    .text(design.outcomes[outcome].name)
                    .text(udunits_of(design.outcomes[outcome].dimension))
                    .number(split.mean);
                for (const SettledPart& part : {split.settled, split.luck, split.share})
                    csv.number(part.value).number(part.interval.low).number(part.interval.high);
                csv.whole(static_cast<std::int64_t>(split.pasts))
                    .whole(static_cast<std::int64_t>(design.continuations))
                    .end_row();
            }
    return text;
}

void add_settled(Dataset& dataset, const SettledResults& results) {
    const BranchDesign& design = results.design;
    if (results.splits.empty()) return;
    dataset.axes.push_back({"branch_month", design.months.size()});
    dataset.variables.push_back(
        {"branch_month", {"branch_month"}, "month", "month at which histories branch", design.months});
    struct Part {
        std::string_view name;
        std::string_view meaning;
        SettledPart VarianceSplit::*of;
    };
    for (std::size_t outcome = 0; outcome < design.outcomes.size(); ++outcome)
        for (const Part& part :
             {Part{"settled_variance_of_", "variance of the expectation, given the past, of ",
                   &VarianceSplit::settled},
              Part{"luck_variance_of_", "expectation of the variance, given the past, of ",
                   &VarianceSplit::luck},
              Part{"settled_share_of_", "part of the variance that was settled, of ",
                   &VarianceSplit::share}}) {
            std::vector<double> values;
            for (std::size_t month = 0; month < design.months.size(); ++month)
                for (std::size_t future = 0; future < design.futures.size(); ++future) {
                    const SettledPart& found = results.at(month, future, outcome).*part.of;
                    values.insert(values.end(), {found.value, found.interval.low, found.interval.high});
                }
            std::string name = design.outcomes[outcome].name;
            std::ranges::replace(name, '.', '_');
            dataset.variables.push_back(
                {std::string(part.name) + name,
                 {"branch_month", "variant", "statistic"},
                 part.of == &VarianceSplit::share ? "1" : squared_unit(design.outcomes[outcome].dimension),
                 std::string(part.meaning) + design.outcomes[outcome].name + " at the horizon",
                 std::move(values)});
        }
}

std::string settled_svg(const SettledResults& results, const std::vector<std::string>& settings) {
    const BranchDesign& design = results.design;
    LinePlot plot;
    plot.title = "How much was decided when: " + design.scenario.title;
    plot.subtitle = with_settings(
        fmt::format("Settled part of the variance between histories; {} pasts, {} futures of each, seed {}",
                    results.splits.empty() ? 0 : results.at(0, 0, 0).pasts, design.continuations,
                    design.scenario.run.seed),
        settings);
    plot.x = {.label = "time (years)",
              .dimension = Dimension::number,
              .low = 0,
              .high = design.scenario.run.horizon / 12};
    plot.y = {.label = "share of the variance settled", .dimension = Dimension::share, .low = 0, .high = 1};
    plot.if_empty = "Nothing is drawn: what is looked at was the same in all histories";
    for (std::size_t outcome = 0; outcome < std::min(design.outcomes.size(), most_settled_lines); ++outcome) {
        PlotLine line{.name = design.outcomes[outcome].name, .x = {}, .y = {}};
        const auto add = [&line](double month, const SettledPart& share) {
            line.x.push_back(month / 12);
            line.y.push_back(share.value);
            line.low.push_back(share.interval.low);
            line.high.push_back(share.interval.high);
        };
        for (std::size_t month = 0; month < design.months.size(); ++month)
            add(design.months[month], results.at(month, 0, outcome).share);
        // What never varied has no variance that could be settled.
        if (std::ranges::any_of(line.y, [](double share) { return std::isfinite(share); }))
            add(design.scenario.run.horizon, {1, {1, 1}});
        plot.lines.push_back(std::move(line));
    }
    return line_plot_svg(plot);
}

Json settled_json(const SettledResults& results) {
    Json list = Json::array();
    if (results.splits.empty()) return list;
    const BranchDesign& design = results.design;
    for (std::size_t month = 0; month < design.months.size(); ++month)
        for (std::size_t future = 0; future < design.futures.size(); ++future)
            for (std::size_t outcome = 0; outcome < design.outcomes.size(); ++outcome) {
                const VarianceSplit& split = results.at(month, future, outcome);
                list.push_back(
                    {{"month", design.months[month]},
                     {"variant", design.futures[future].name},
                     {"observable", design.outcomes[outcome].name},
                     {"unit", udunits_of(design.outcomes[outcome].dimension)},
                     {"mean", number_or_null(split.mean)},
                     {"settled_variance", number_or_null(split.settled.value)},
                     {"settled_variance_confidence_interval", ends_or_null(split.settled.interval)},
                     {"luck_variance", number_or_null(split.luck.value)},
                     {"luck_variance_confidence_interval", ends_or_null(split.luck.interval)},
                     {"settled_share", number_or_null(split.share.value)},
                     {"settled_share_confidence_interval", ends_or_null(split.share.interval)},
                     {"pasts", split.pasts},
                     {"continuations", design.continuations}});
            }
    return list;
}

}  // namespace venturi
