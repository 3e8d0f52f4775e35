#include "analysis/report/cohort_report.hpp"

#include "analysis/report/quantity_text.hpp"
#include "analysis/report/survival_picture.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <utility>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<double, 7> quantiles = {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99};
constexpr std::array<std::string_view, 7> scalar_statistics = {
    "mean", "standard_error", "lower_95", "upper_95", "standard_deviation", "minimum", "maximum"};

std::array<double, 7> values_of(const Moments& moments) {
    const Interval interval = moments.confidence_interval();
    return {moments.mean(),   moments.standard_error(),     interval.low,
            interval.high,    moments.standard_deviation(), moments.minimum(),
            moments.maximum()};
}

void add_rows(std::vector<SummaryRow>& rows, std::string_view name, std::optional<double> month,
              const Moments& moments, Dimension dimension) {
    const std::array<double, 7> values = values_of(moments);
    for (std::size_t i = 0; i < values.size(); ++i)
        rows.push_back({std::string(name), month, std::string(scalar_statistics[i]), values[i],
                        std::string(udunits_of(dimension))});
    rows.push_back({std::string(name), month, "count", static_cast<double>(moments.count()), "1"});
}

Estimate estimate_of(const Finding& finding) {
    return {finding.value, finding.interval.low, finding.interval.high};
}

}  // namespace

std::vector<SummaryRow> summary_rows(const CohortStatistics& statistics, const ObservationGrid& grid,
                                     const WorldParameters& world) {
    std::vector<SummaryRow> rows;
    for (std::size_t i = 0; i < statistics.scalars.size(); ++i)
        add_rows(rows, scalar_observables()[i].name, std::nullopt, statistics.scalars[i],
                 scalar_observables()[i].dimension);
    for (std::size_t i = 0; i < statistics.pooled.size(); ++i) {
        const PooledObservable& observable = pooled_observables()[i];
        const PooledValues total = statistics.pooled[i].total();
        const std::string name(observable.name);
        const std::string unit(udunits_of(observable.dimension));
        rows.push_back({name, std::nullopt, "count", static_cast<double>(total.moments.count()), "1"});
        rows.push_back({name, std::nullopt, "mean", total.moments.mean(), unit});
        for (const double q : quantiles)
            rows.push_back({name, std::nullopt, fmt::format("quantile_{:02.0f}", 100 * q),
                            total.sketch.interpolated_quantile(q), unit});
        const auto median = find_statistic(statistics, grid, name + ".median", std::nullopt);
        rows.push_back({name, std::nullopt, "median_lower_95", median->interval.low, unit});
        rows.push_back({name, std::nullopt, "median_upper_95", median->interval.high, unit});
    }
    const std::vector<Finding> survival = survival_findings(statistics);
    const std::vector<SurvivalPoint> curve = statistics.survival.total().curve();
    for (std::size_t edge = 0; edge < survival.size(); ++edge) {
        const std::string name(survival_observable);
        const auto month = static_cast<double>(edge);
        rows.push_back({name, month, "mean", survival[edge].value, "1"});
        rows.push_back({name, month, "lower_95", survival[edge].interval.low, "1"});
        rows.push_back({name, month, "upper_95", survival[edge].interval.high, "1"});
        rows.push_back({name, month, "at_risk", static_cast<double>(curve[edge].at_risk), "1"});
    }
    for (std::size_t i = 0; i < statistics.series.size(); ++i)
        for (std::size_t point = 0; has_observations(statistics.series[i]) && point < grid.points(); ++point)
            add_rows(rows, series_observables()[i].name, grid.month(point), statistics.series[i][point],
                     series_observables()[i].dimension);
    for (std::size_t i = 0; i < statistics.distributions.size(); ++i) {
        const DistributionObservable& observable = distribution_observables()[i];
        const auto categories = observable.categories(world);
        for (std::size_t category = 0; category < categories.size(); ++category)
            add_rows(rows, fmt::format("{}[{}]", observable.name, categories[category]), std::nullopt,
                     statistics.distributions[i][category], observable.dimension);
    }
    return rows;
}

namespace {

void add_distribution_arrays(Dataset& dataset, const CohortStatistics& statistics,
                             const WorldParameters& world) {
    for (std::size_t i = 0; i < statistics.distributions.size(); ++i) {
        const DistributionObservable& observable = distribution_observables()[i];
        std::vector<std::string> categories = observable.categories(world);
        if (categories.empty()) continue;
        std::vector<double> mean;
        std::vector<double> error;
        for (const Moments& moments : statistics.distributions[i]) {
            mean.push_back(moments.mean());
            error.push_back(moments.standard_error());
        }
        const std::string name(observable.name);
        const std::string axis = name + "_category";
        const std::string unit(udunits_of(observable.dimension));
        const std::string meaning(observable.meaning);
        dataset.axes.push_back({axis, categories.size()});
        dataset.variables.push_back(
            {axis, {axis}, "", std::string(observable.category), std::move(categories)});
        dataset.variables.push_back(
            {name, {axis}, unit, meaning + ", mean over trajectories", std::move(mean)});
        dataset.variables.push_back({name + "_standard_error",
                                     {axis},
                                     unit,
                                     meaning + ", standard error of the mean",
                                     std::move(error)});
    }
}

void add_scalar_arrays(Dataset& dataset, const CohortStatistics& statistics) {
    dataset.axes.push_back({"statistic", scalar_statistics.size()});
    dataset.variables.push_back(
        {"statistic",
         {"statistic"},
         "",
         "statistic of the trajectories",
         std::vector<std::string>(scalar_statistics.begin(), scalar_statistics.end())});
    for (std::size_t i = 0; i < statistics.scalars.size(); ++i) {
        const ScalarObservable& observable = scalar_observables()[i];
        const auto values = values_of(statistics.scalars[i]);
        dataset.variables.push_back({std::string(observable.name),
                                     {"statistic"},
                                     std::string(udunits_of(observable.dimension)),
                                     std::string(observable.meaning),
                                     std::vector<double>(values.begin(), values.end())});
    }
}

void add_pooled_arrays(Dataset& dataset, const CohortStatistics& statistics) {
    dataset.axes.push_back({"quantile", quantiles.size()});
    dataset.variables.push_back({"quantile",
                                 {"quantile"},
                                 "1",
                                 "part of the companies at or below",
                                 std::vector<double>(quantiles.begin(), quantiles.end())});
    for (std::size_t i = 0; i < statistics.pooled.size(); ++i) {
        const PooledObservable& observable = pooled_observables()[i];
        const PooledValues total = statistics.pooled[i].total();
        std::vector<double> values;
        values.reserve(quantiles.size());
        for (const double q : quantiles) values.push_back(total.sketch.interpolated_quantile(q));
        const std::string unit(udunits_of(observable.dimension));
        dataset.variables.push_back({std::string(observable.name) + "_quantiles",
                                     {"quantile"},
                                     unit,
                                     std::string(observable.meaning),
                                     std::move(values)});
        dataset.variables.push_back({std::string(observable.name) + "_mean",
                                     {},
                                     unit,
                                     "mean of: " + std::string(observable.meaning),
                                     std::vector<double>{total.moments.mean()}});
        dataset.variables.push_back(
            {std::string(observable.name) + "_count",
             {},
             "1",
             "companies with a value: " + std::string(observable.meaning),
             std::vector<std::int64_t>{static_cast<std::int64_t>(total.moments.count())}});
    }
}

void add_survival_arrays(Dataset& dataset, const CohortStatistics& statistics) {
    const std::vector<Finding> findings = survival_findings(statistics);
    const std::vector<SurvivalPoint> curve = statistics.survival.total().curve();
    std::vector<double> age;
    std::vector<double> survival;
    std::vector<double> low;
    std::vector<double> high;
    std::vector<std::int64_t> at_risk;
    for (std::size_t edge = 0; edge < findings.size(); ++edge) {
        age.push_back(curve[edge].age);
        survival.push_back(findings[edge].value);
        low.push_back(findings[edge].interval.low);
        high.push_back(findings[edge].interval.high);
        at_risk.push_back(static_cast<std::int64_t>(curve[edge].at_risk));
    }
    dataset.axes.push_back({"age", age.size()});
    dataset.variables.push_back({"age", {"age"}, "month", "age of a company", std::move(age)});
    dataset.variables.push_back(
        {"survival",
         {"age"},
         "1",
         "Kaplan-Meier estimate of the part of companies neither bankrupt nor shut down by that age",
         std::move(survival)});
    dataset.variables.push_back({"survival_lower_95",
                                 {"age"},
                                 "1",
                                 "lower end of its 95% confidence interval, jackknife over trajectories",
                                 std::move(low)});
    dataset.variables.push_back({"survival_upper_95",
                                 {"age"},
                                 "1",
                                 "upper end of its 95% confidence interval, jackknife over trajectories",
                                 std::move(high)});
    dataset.variables.push_back({"survival_at_risk",
                                 {"age"},
                                 "1",
                                 "companies observed up to the month that ends at that age",
                                 std::move(at_risk)});
}

void add_series_arrays(Dataset& dataset, const CohortStatistics& statistics, const ObservationGrid& grid) {
    std::vector<double> months;
    for (std::size_t point = 0; point < grid.points(); ++point) months.push_back(grid.month(point));
    dataset.axes.push_back({"month", months.size()});
    dataset.variables.push_back({"month", {"month"}, "month", "time since the start", std::move(months)});
    for (std::size_t i = 0; i < statistics.series.size(); ++i) {
        if (!has_observations(statistics.series[i])) continue;
        const SeriesObservable& observable = series_observables()[i];
        std::vector<double> mean;
        std::vector<double> error;
        std::vector<double> deviation;
        for (const Moments& moments : statistics.series[i]) {
            mean.push_back(moments.mean());
            error.push_back(moments.standard_error());
            deviation.push_back(moments.standard_deviation());
        }
        const std::string unit(udunits_of(observable.dimension));
        const std::string name(observable.name);
        const std::string meaning(observable.meaning);
        dataset.variables.push_back(
            {name, {"month"}, unit, meaning + ", mean over trajectories", std::move(mean)});
        dataset.variables.push_back({name + "_standard_error",
                                     {"month"},
                                     unit,
                                     meaning + ", standard error of the mean",
                                     std::move(error)});
        dataset.variables.push_back({name + "_standard_deviation",
                                     {"month"},
                                     unit,
                                     meaning + ", standard deviation over trajectories",
                                     std::move(deviation)});
    }
}

void add_valuation_arrays(Dataset& dataset, const CohortStatistics& statistics) {
    std::vector<double> low;
    std::vector<double> high;
    std::vector<std::int64_t> counts;
    for (std::size_t bin = 0; bin < statistics.valuations.bins(); ++bin) {
        low.push_back(statistics.valuations.edge(bin));
        high.push_back(statistics.valuations.edge(bin + 1));
        counts.push_back(static_cast<std::int64_t>(statistics.valuations.count(bin)));
    }
    dataset.axes.push_back({"valuation_bin", low.size()});
    dataset.variables.push_back(
        {"valuation_bin_low", {"valuation_bin"}, "USD", "lower edge of the bin", std::move(low)});
    dataset.variables.push_back(
        {"valuation_bin_high", {"valuation_bin"}, "USD", "upper edge of the bin", std::move(high)});
    dataset.variables.push_back({"valuation_count",
                                 {"valuation_bin"},
                                 "1",
                                 "companies whose highest valuation lies in the bin",
                                 std::move(counts)});
}

}  // namespace

Dataset cohort_dataset(const CohortStatistics& statistics, const ObservationGrid& grid,
                       const Scenario& scenario) {
    Dataset dataset;
    dataset.attributes.push_back({"title", scenario.title});
    dataset.attributes.push_back({"source", std::string("Venturi ") + VENTURI_VERSION});
    dataset.attributes.push_back({"seed", static_cast<std::int64_t>(scenario.run.seed)});
    dataset.attributes.push_back(
        {"trajectories", static_cast<std::int64_t>(statistics.series.front()[0].count())});
    add_series_arrays(dataset, statistics, grid);
    add_survival_arrays(dataset, statistics);
    add_scalar_arrays(dataset, statistics);
    add_pooled_arrays(dataset, statistics);
    add_valuation_arrays(dataset, statistics);
    add_distribution_arrays(dataset, statistics, scenario.world);
    return dataset;
}

TerminalTable headline_table(const CohortStatistics& statistics, const ObservationGrid& grid) {
    TerminalTable table{.title = "",
                        .columns = {{"", Alignment::left}, {"estimate [95% interval]", Alignment::left}},
                        .rows = {}};
    const auto section = [&](const char* title) {
        table.rows.push_back({TableCell(title, Emphasis::strong)});
    };
    const auto line = [&](const std::string& label, std::string_view observable,
                          std::optional<double> month = std::nullopt,
                          std::optional<Dimension> shown_as = std::nullopt) {
        const auto found = find_statistic(statistics, grid, observable, month);
        if (found && std::isfinite(found->value))
            table.rows.push_back(
                {"  " + label, estimate_text(estimate_of(*found), shown_as.value_or(found->dimension))});
    };
    section("Survival (sold or listed: censored)");
    for (const int years : {1, 2, 3, 5, 7, 10, 15, 20})
        if (12 * years <= grid.horizon)
            line(fmt::format("to age {} year{}", years, years == 1 ? "" : "s"), survival_observable,
                 12.0 * years);
    section("Rounds");
    line("raised a second round", "share_raised_round_2");
    line("raised a third round", "share_raised_round_3");
    line("raised a fourth round", "share_raised_round_4");
    line("median days, seed to second round", "days_round_1_to_2.median");
    line("median dilution, second round", "dilution_round_2.median");
    line("raised per company", "raised_per_company");
    section("Valuation");
    line("median pre-money, second round", "pre_money_round_2.median");
    line("median pre-money, fourth round", "pre_money_round_4.median");
    line("ever worth $1B or more", "share_unicorn");
    section("Ends");
    line("sold or listed", "share_exited");
    line("listed", "share_listed");
    line("bankrupt", "share_bankrupt");
    line("shut down", "share_shut_down");
    line("still independent", "share_alive");
    line("median proceeds of an exit", "exit_value.median");
    line("median age at exit", "months_to_exit.median");
    if (const auto ties = find_statistic(statistics, grid, "ties_per_startup", std::nullopt);
        ties && std::isfinite(ties->value)) {
        section("Network");
        line("ties of a startup", "ties_per_startup");
        line("clustering", "clustering");
        line("ties that last five years", "ties_lasting_5_years");
        line("where both ends live on", "ties_lasting_5_years_if_both_live");
        line("half of the ties last for", "median_tie_life");
        line("joint projects delivered", "projects_finished");
        line("failures at one instant, at most", "largest_cascade");
        line("part of failures caused at once by others", "share_brought_down");
        line("two-year retention of people", "two_year_retention");
    }
    return table;
}

TerminalTable comparison_table(const std::vector<Comparison>& comparisons) {
    TerminalTable table{.title = "Simulated and published",
                        .columns = {{"figure", Alignment::left},
                                    {"simulated [95% interval]", Alignment::left},
                                    {"published", Alignment::right},
                                    {"difference", Alignment::right},
                                    {"role", Alignment::left},
                                    {"source", Alignment::left}},
                        .rows = {}};
    for (const Comparison& comparison : comparisons) {
        const Published& figure = comparison.published;
        const Dimension dimension = comparison.simulated.dimension;
        const double difference = comparison.relative_difference();
        table.rows.push_back(
            {figure.name, estimate_text(estimate_of(comparison.simulated), dimension),
             quantity_text(figure.value, dimension),
             TableCell(fmt::format("{:+.1f}%", 100 * difference),
                       comparison.agrees() || std::abs(difference) < 0.1 ? Emphasis::good : Emphasis::bad),
             std::string(published_role_names[static_cast<std::size_t>(figure.role)]), figure.source});
    }
    return table;
}

std::string survival_picture_of(const CohortStatistics& statistics, const Scenario& scenario) {
    SurvivalPicture picture;
    picture.title = scenario.title;
    picture.subtitle =
        fmt::format("Companies neither bankrupt nor shut down, by age; {} trajectories, seed {}",
                    statistics.series.front()[0].count(), scenario.run.seed);
    const std::vector<Finding> findings = survival_findings(statistics);
    for (std::size_t edge = 0; edge < findings.size(); ++edge) {
        picture.age.push_back(static_cast<double>(edge) / 12);
        picture.survival.push_back(findings[edge].value);
        picture.low.push_back(findings[edge].interval.low);
        picture.high.push_back(findings[edge].interval.high);
    }
    std::map<std::string, PublishedSurvival> published;
    for (const Published& figure : scenario.published) {
        if (figure.observable != survival_observable || !figure.month || *figure.month > scenario.run.horizon)
            continue;
        PublishedSurvival& points = published[figure.source];
        points.name = figure.source;
        points.age.push_back(*figure.month / 12);
        points.survival.push_back(figure.value);
    }
    for (auto& [source, points] : published) picture.published.push_back(std::move(points));
    return survival_svg(picture);
}

nlohmann::ordered_json observables_json(const CohortStatistics& statistics) {
    Json json;
    for (std::size_t i = 0; i < statistics.scalars.size(); ++i) {
        const Interval interval = statistics.scalars[i].confidence_interval();
        json["scalars"][std::string(scalar_observables()[i].name)] = {
            {"mean", statistics.scalars[i].mean()},
            {"standard_error", statistics.scalars[i].standard_error()},
            {"confidence_interval", {interval.low, interval.high}},
            {"unit", udunits_of(scalar_observables()[i].dimension)}};
    }
    for (std::size_t i = 0; i < statistics.pooled.size(); ++i) {
        const PooledValues total = statistics.pooled[i].total();
        json["pooled"][std::string(pooled_observables()[i].name)] = {
            {"count", total.moments.count()},
            {"mean", total.moments.mean()},
            {"median", total.sketch.interpolated_quantile(0.5)},
            {"unit", udunits_of(pooled_observables()[i].dimension)}};
    }
    const std::vector<Finding> survival = survival_findings(statistics);
    for (std::size_t month = 0; month < survival.size(); month += 12)
        json["survival"].push_back(
            {{"age_in_months", month},
             {"survival", survival[month].value},
             {"confidence_interval", {survival[month].interval.low, survival[month].interval.high}}});
    return json;
}

nlohmann::ordered_json comparison_json(const std::vector<Comparison>& comparisons) {
    Json json = Json::array();
    for (const Comparison& comparison : comparisons)
        json.push_back(
            {{"figure", comparison.published.name},
             {"observable", comparison.published.observable},
             {"simulated", comparison.simulated.value},
             {"confidence_interval", {comparison.simulated.interval.low, comparison.simulated.interval.high}},
             {"published", comparison.published.value},
             {"relative_difference", comparison.relative_difference()},
             {"role", published_role_names[static_cast<std::size_t>(comparison.published.role)]},
             {"source", comparison.published.source}});
    return json;
}

}  // namespace venturi
