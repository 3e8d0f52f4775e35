#include "analysis/report/variant_report.hpp"

#include "analysis/report/caption.hpp"
#include "analysis/report/csv_writer.hpp"
#include "analysis/report/known_number.hpp"
#include "analysis/report/line_plot.hpp"
#include "analysis/report/quantity_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 3> band_statistics = {"value", "lower_95", "upper_95"};

const std::string& name_of_variant(const VariantResults& results, std::size_t variant) {
    return results.variants[variant].name;
}

/// A share's difference is in percentage points.
std::string difference_text(const ObservableDifference& row) {
    if (row.dimension != Dimension::share)
        return interval_text({row.difference, row.interval.low, row.interval.high}, row.dimension);
    return interval_text({100 * row.difference, 100 * row.interval.low, 100 * row.interval.high},
                         Dimension::number)
           + " points";
}

std::string reduction_text(double reduction) {
    if (std::isnan(reduction)) return "–";
    if (std::isinf(reduction)) return "∞";
    return fmt::format("{:.3g}×", reduction);
}

double per_hundred(double share) {
    return 100 * share;
}

std::string hundredths_text(const Moments& share) {
    const Finding finding = mean_finding(share, Dimension::share, Counting::none);
    return interval_text(
        {per_hundred(finding.value), per_hundred(finding.interval.low), per_hundred(finding.interval.high)},
        Dimension::number);
}

void append_titles(CsvWriter<std::string>& csv) {
    for (const char* title :
         {"observable", "statistic", "unit", "base", "value", "difference", "lower_95", "upper_95",
          "standard_error", "variance_reduction", "p_value", "holm_p_value", "benjamini_hochberg_p_value"})
        csv.text(title);
    csv.end_row();
}

void append_row(CsvWriter<std::string>& csv, const ObservableDifference& row) {
    csv.text(row.observable).text(row.statistic).text(udunits_of(row.dimension));
    for (const double value :
         {row.base, row.changed, row.difference, row.interval.low, row.interval.high, row.standard_error,
          row.variance_reduction, row.p_value, row.holm_p_value, row.benjamini_hochberg_p_value})
        csv.number(value);
    csv.end_row();
}

/// Into what says whose it is.
void add_row(Json& json, const ObservableDifference& row) {
    json.update({{"observable", row.observable},
                 {"unit", udunits_of(row.dimension)},
                 {"base", number_or_infinity(row.base)},
                 {"value", number_or_infinity(row.changed)},
                 {"difference", number_or_infinity(row.difference)},
                 {"confidence_interval", ends_or_infinity(row.interval)},
                 {"variance_reduction", number_or_infinity(row.variance_reduction)},
                 {"p_value", number_or_infinity(row.p_value)},
                 {"holm_p_value", number_or_infinity(row.holm_p_value)},
                 {"benjamini_hochberg_p_value", number_or_infinity(row.benjamini_hochberg_p_value)},
                 {"significant", row.is_significant()}});
}

TerminalTable table_of(std::string title, const std::vector<ObservableDifference>& rows) {
    TerminalTable table{.title = std::move(title),
                        .columns = {{"observable", Alignment::left},
                                    {"base"},
                                    {"variant"},
                                    {"difference [95%]"},
                                    {"", Alignment::left},
                                    {"pairing saves"}},
                        .rows = {}};
    for (const ObservableDifference& row : rows) {
        const Emphasis emphasis = row.is_significant() ? Emphasis::strong : Emphasis::none;
        table.rows.push_back(
            {TableCell(row.observable, emphasis), TableCell(quantity_text(row.base, row.dimension)),
             TableCell(quantity_text(row.changed, row.dimension)), TableCell(difference_text(row), emphasis),
             TableCell(row.is_significant() ? "*" : ""), TableCell(reduction_text(row.variance_reduction))});
    }
    return table;
}

void append_band(std::vector<double>& values, double value, const Interval& interval) {
    values.insert(values.end(), {value, interval.low, interval.high});
}

/// Over variant, group and statistic; NaN where a variant lacks the group or the observable.
void add_group_differences(Dataset& dataset, const VariantResults& results) {
    std::vector<std::string> groups;
    std::vector<ObservableDifference> observables;
    for (const auto& variant : results.groups)
        for (const GroupDifferences& group : variant) {
            if (std::ranges::find(groups, group.group) == groups.end()) groups.push_back(group.group);
            for (const ObservableDifference& row : group.rows)
                if (std::ranges::find(observables, row.observable, &ObservableDifference::observable)
                    == observables.end())
                    observables.push_back(row);
        }
    if (groups.empty()) return;
    dataset.axes.push_back({"group", groups.size()});
    dataset.variables.push_back({"group", {"group"}, "", "group of startups", groups});
    const std::size_t statistics = band_statistics.size();
    for (const ObservableDifference& observable : observables) {
        std::vector<double> values(results.variants.size() * groups.size() * statistics,
                                   std::numeric_limits<double>::quiet_NaN());
        for (std::size_t variant = 1; variant < results.variants.size(); ++variant)
            for (const GroupDifferences& group : results.groups[variant - 1]) {
                const auto row =
                    std::ranges::find(group.rows, observable.observable, &ObservableDifference::observable);
                if (row == group.rows.end()) continue;
                const auto at =
                    static_cast<std::size_t>(std::ranges::find(groups, group.group) - groups.begin());
                double* const place = values.data() + (variant * groups.size() + at) * statistics;
                place[0] = row->difference;
                place[1] = row->interval.low;
                place[2] = row->interval.high;
            }
        dataset.variables.push_back({observable.observable + "_difference_by_group",
                                     {"variant", "group", "statistic"},
                                     std::string(udunits_of(observable.dimension)),
                                     observable.statistic + " minus that of the base under the same luck",
                                     std::move(values)});
    }
}

Json fate_json(const Moments& share) {
    const Finding finding = mean_finding(share, Dimension::share, Counting::none);
    return {{"value", number_or_infinity(finding.value)},
            {"confidence_interval", ends_or_infinity(finding.interval)}};
}

}  // namespace

VariantResults results_of(const std::vector<Variant>& variants, const ComparisonStatistics& statistics,
                          std::span<const std::string> named) {
    VariantResults results{
        .variants = variants, .statistics = statistics, .differences = {}, .survival = {}, .groups = {}};
    for (std::size_t variant = 1; variant < variants.size(); ++variant) {
        results.differences.push_back(differences(statistics, variant, named));
        results.survival.push_back(survival_difference(statistics, variant));
        results.groups.push_back(group_differences(statistics, variant, named));
    }
    return results;
}

TerminalTable difference_table(const VariantResults& results, std::size_t variant) {
    return table_of(name_of_variant(results, variant) + " against " + name_of_variant(results, 0),
                    results.differences[variant - 1]);
}

TerminalTable group_difference_table(const VariantResults& results, std::size_t variant, std::size_t group) {
    const GroupDifferences& differences = results.groups[variant - 1].at(group);
    return table_of(fmt::format("{} against {}: {}", name_of_variant(results, variant),
                                name_of_variant(results, 0), differences.group),
                    differences.rows);
}

std::string fates_text(const VariantResults& results, std::size_t variant) {
    const Fates& fates = results.statistics.pairs[variant - 1].fates;
    if (fates.matched == 0) return "no company is in both, so none can be followed under the same luck\n";
    std::string text = fmt::format(
        "of 100 companies {} die that would have lived in {},\n"
        "and {} live that would have died, under the same luck\n",
        hundredths_text(fates.doomed), name_of_variant(results, 0), hundredths_text(fates.rescued));
    if (fates.alone > 0)
        text += fmt::format(
            "{} companies of all histories are in one of the two alone and are not counted there\n",
            fates.alone);
    return text;
}

std::string differences_csv(const VariantResults& results) {
    std::string text;
    CsvWriter<std::string> csv(text);
    append_titles(csv.text("variant"));
    for (std::size_t variant = 1; variant < results.variants.size(); ++variant)
        for (const ObservableDifference& row : results.differences[variant - 1])
            append_row(csv.text(name_of_variant(results, variant)), row);
    return text;
}

std::string group_differences_csv(const VariantResults& results) {
    std::string text;
    if (std::ranges::all_of(results.groups, &std::vector<GroupDifferences>::empty)) return text;
    CsvWriter<std::string> csv(text);
    append_titles(csv.text("variant").text("group"));
    for (std::size_t variant = 1; variant < results.variants.size(); ++variant)
        for (const GroupDifferences& group : results.groups[variant - 1])
            for (const ObservableDifference& row : group.rows)
                append_row(csv.text(name_of_variant(results, variant)).text(group.group), row);
    return text;
}

std::string design_csv(const std::vector<Variant>& variants,
                       const std::vector<std::vector<std::string>>& settings) {
    std::string text;
    CsvWriter<std::string> csv(text);
    csv.text("variant").text("title").text("set").end_row();
    for (std::size_t i = 0; i < variants.size(); ++i)
        csv.text(variants[i].name)
            .text(variants[i].scenario.title)
            .text(fmt::format("{}", fmt::join(settings.at(i), " ")))
            .end_row();
    return text;
}

Dataset comparison_dataset(const VariantResults& results, const ObservationGrid& grid) {
    Dataset dataset;
    const std::size_t variants = results.variants.size();
    std::vector<std::string> names;
    for (const Variant& variant : results.variants) names.push_back(variant.name);
    dataset.axes = {{"variant", variants},
                    {"statistic", band_statistics.size()},
                    {"age", results.statistics.cohorts.front().survival.total().cells() + 1},
                    {"month", grid.points()}};
    dataset.variables.push_back({"variant", {"variant"}, "", "the base first", std::move(names)});
    dataset.variables.push_back({"statistic",
                                 {"statistic"},
                                 "",
                                 "value and the ends of its 95% interval",
                                 std::vector<std::string>(band_statistics.begin(), band_statistics.end())});
    std::vector<double> ages;
    for (std::size_t edge = 0; edge < dataset.axes[2].size; ++edge) ages.push_back(static_cast<double>(edge));
    dataset.variables.push_back({"age", {"age"}, "month", "age of a company", std::move(ages)});
    std::vector<double> months;
    for (std::size_t point = 0; point < grid.points(); ++point) months.push_back(grid.month(point));
    dataset.variables.push_back({"month", {"month"}, "month", "time since the start", std::move(months)});

    std::vector<double> survival;
    std::vector<double> change;
    constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
    for (std::size_t variant = 0; variant < variants; ++variant) {
        for (const Finding& finding : survival_findings(results.statistics.cohorts[variant]))
            append_band(survival, finding.value, finding.interval);
        for (std::size_t edge = 0; edge < dataset.axes[2].size; ++edge) {
            if (variant == 0)
                append_band(change, 0, {unknown, unknown});
            else
                append_band(change, results.survival[variant - 1].value[edge],
                            results.survival[variant - 1].interval[edge]);
        }
    }
    dataset.variables.push_back(
        {"survival",
         {"variant", "age", "statistic"},
         "1",
         "Kaplan-Meier estimate of the part of companies neither bankrupt nor shut down by "
         "that age, with pointwise intervals",
         std::move(survival)});
    dataset.variables.push_back(
        {"survival_difference",
         {"variant", "age", "statistic"},
         "1",
         "survival minus that of the base under the same luck, with a band that holds the "
         "whole curve",
         std::move(change)});
    for (std::size_t i = 0; i < results.statistics.cohorts.front().series.size(); ++i) {
        const Observable& observable =
            results.statistics.cohorts.front().observables->of(ObservableKind::series)[i];
        if (!has_observations(results.statistics.cohorts.front().series[i])) continue;
        std::vector<double> values;
        for (const CohortStatistics& cohort : results.statistics.cohorts)
            for (const Moments& moments : cohort.series[i]) {
                const Finding finding = mean_finding(moments, observable.dimension, observable.counting);
                append_band(values, finding.value, finding.interval);
            }
        dataset.variables.push_back({std::string(observable.name),
                                     {"variant", "month", "statistic"},
                                     std::string(udunits_of(observable.dimension)),
                                     std::string(observable.meaning) + ", mean over trajectories",
                                     std::move(values)});
    }
    add_group_differences(dataset, results);
    return dataset;
}

std::string survival_of_variants_svg(const VariantResults& results,
                                     const std::vector<std::string>& settings) {
    const std::string& base_name = name_of_variant(results, 0);
    const Scenario& base = results.variants.front().scenario;
    const PlotAxis age = {.label = "age (years)", .dimension = Dimension::number, .low = 0, .high = {}};
    LinePlot plot;
    plot.title = base.title;
    plot.subtitle = with_settings(
        fmt::format("Companies neither bankrupt nor shut down; {}, each in all variants, seed {}; "
                    "95% bands",
                    trajectories_text(results.statistics.cohorts.front().trajectories), base.run.seed),
        settings);
    plot.x = age;
    plot.y = {.label = "share surviving", .dimension = Dimension::share, .low = 0, .high = 1};
    LinePlot change;
    change.title = fmt::format("Difference from {}", base_name);
    change.subtitle =
        "Under the same luck, in percentage points; a 95% simultaneous band holds all of its curve";
    change.x = age;
    change.y = {.label = "percentage points"};
    plot.if_empty = "Nothing is drawn: no company was founded, so that none could survive";
    change.if_empty = results.variants.size() < 2
                          ? "Nothing is drawn: nothing was changed, so that there is no difference"
                          : "Nothing is drawn: survival is not known in both worlds";
    const auto add = [](PlotLine& line, std::size_t edge, double value, const Interval& interval) {
        line.x.push_back(static_cast<double>(edge) / 12);
        line.y.push_back(value);
        line.low.push_back(interval.low);
        line.high.push_back(interval.high);
    };
    for (std::size_t variant = 0; variant < results.variants.size(); ++variant) {
        const std::string& name = name_of_variant(results, variant);
        PlotLine line{.name = name, .x = {}, .y = {}, .shape = LineShape::steps};
        const std::vector<Finding> findings = survival_findings(results.statistics.cohorts[variant]);
        for (std::size_t edge = 0; edge < findings.size(); ++edge)
            add(line, edge, findings[edge].value, findings[edge].interval);
        plot.lines.push_back(std::move(line));
        if (variant == 0) continue;
        PlotLine difference{.name = fmt::format("{} − {}", name, base_name),
                            .x = {},
                            .y = {},
                            .band_name = "95% simultaneous band",
                            .shape = LineShape::steps,
                            .colour = variant};
        const CurveBand& band = results.survival[variant - 1];
        for (std::size_t edge = 0; edge < band.value.size(); ++edge)
            add(difference, edge, per_hundred(band.value[edge]),
                {per_hundred(band.interval[edge].low), per_hundred(band.interval[edge].high)});
        change.lines.push_back(std::move(difference));
    }
    return two_panels_svg(plot, change);
}

Json comparison_json(const VariantResults& results) {
    Json json = {{"differences", Json::array()}, {"fates", Json::array()}};
    for (std::size_t variant = 1; variant < results.variants.size(); ++variant) {
        for (const ObservableDifference& row : results.differences[variant - 1]) {
            json["differences"].push_back({{"variant", name_of_variant(results, variant)}});
            add_row(json["differences"].back(), row);
        }
        for (const GroupDifferences& group : results.groups[variant - 1])
            for (const ObservableDifference& row : group.rows) {
                json["groups"].push_back(
                    {{"variant", name_of_variant(results, variant)}, {"group", group.group}});
                add_row(json["groups"].back(), row);
            }
        const Fates& fates = results.statistics.pairs[variant - 1].fates;
        json["fates"].push_back({{"variant", name_of_variant(results, variant)},
                                 {"die_that_would_have_lived", fate_json(fates.doomed)},
                                 {"live_that_would_have_died", fate_json(fates.rescued)},
                                 {"companies_matched", fates.matched},
                                 {"companies_alone", fates.alone}});
    }
    return json;
}

}  // namespace venturi
