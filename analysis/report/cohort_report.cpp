#include "analysis/report/cohort_report.hpp"

#include "analysis/report/build_information.hpp"
#include "analysis/report/caption.hpp"
#include "analysis/report/group_report.hpp"
#include "analysis/report/quantity_text.hpp"
#include "analysis/report/survival_picture.hpp"
#include "analysis/statistics/restricted_mean.hpp"

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

constexpr double not_known = std::numeric_limits<double>::quiet_NaN();
constexpr std::array<double, 7> quantiles = {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99};
constexpr std::array<std::string_view, 7> scalar_statistics = {
    "mean", "standard_error", "lower_95", "upper_95", "standard_deviation", "minimum", "maximum"};

std::array<double, 7> values_of(const Moments& moments, Dimension dimension, Counting counting) {
    const Finding mean = mean_finding(moments, dimension, counting);
    const bool any = moments.count() > 0;
    return {mean.value,
            moments.standard_error(),
            mean.interval.low,
            mean.interval.high,
            moments.standard_deviation(),
            any ? moments.minimum() : not_known,
            any ? moments.maximum() : not_known};
}

// What a distribution over categories counts may happen in none of the histories.
void add_rows(std::vector<SummaryRow>& rows, std::string_view name, std::optional<double> month,
              const Moments& moments, Dimension dimension, Counting counting) {
    const std::array<double, 7> values = values_of(moments, dimension, counting);
    for (std::size_t i = 0; i < values.size(); ++i)
        rows.push_back({std::string(name), month, std::string(scalar_statistics[i]), values[i],
                        std::string(udunits_of(dimension))});
    rows.push_back({std::string(name), month, "count", static_cast<double>(moments.count()), "1"});
}

// A share is bounded and has an interval of its own kind: no tail of it is heavy.
bool has_heavy_tail(const Moments& moments, Dimension dimension) {
    return dimension != Dimension::share && tail_of(moments).heavy;
}
bool has_heavy_tail(const PooledValues& values, Dimension dimension) {
    return dimension != Dimension::share && tail_of(values).heavy;
}

void add_pooled_rows(std::vector<SummaryRow>& rows, const CohortStatistics& statistics, std::size_t i) {
    const Observable& observable = statistics.observables->of(ObservableKind::pooled)[i];
    const PooledValues total = statistics.pooled[i].total();
    const Finding mean = pooled_mean(statistics.pooled[i], observable.dimension, statistics.trajectories);
    const Finding median = pooled_median(statistics.pooled[i], observable.dimension);
    const Tail tail = tail_of(total);
    const auto row = [&](std::string statistic, double value, std::string_view unit) {
        rows.push_back(
            {std::string(observable.name), std::nullopt, std::move(statistic), value, std::string(unit)});
    };
    const std::string_view unit = udunits_of(observable.dimension);
    row("count", static_cast<double>(total.moments.count()), "1");
    row("mean", mean.value, unit);
    row("mean_lower_95", mean.interval.low, unit);
    row("mean_upper_95", mean.interval.high, unit);
    for (const double q : quantiles)
        row(fmt::format("quantile_{:02.0f}", 100 * q), total.sketch.interpolated_quantile(q), unit);
    row("median_lower_95", median.interval.low, unit);
    row("median_upper_95", median.interval.high, unit);
    row("largest_share", tail.largest_share, "1");
    row("hill_index", tail.hill_index, "1");
    row("heavy_tailed", has_heavy_tail(total, observable.dimension) ? 1 : 0, "1");
}

constexpr const char* heavy_tail_mark = " *";

bool is_heavy_tailed(const CohortStatistics& statistics, std::string_view name) {
    const auto found = statistics.observables->find(name);
    if (!found || found->statistic == PooledStatistic::median) return false;
    const Dimension dimension = statistics.observables->at(*found).dimension;
    if (found->kind == ObservableKind::scalar)
        return has_heavy_tail(statistics.scalars[found->place], dimension);
    return found->kind == ObservableKind::pooled
           && has_heavy_tail(statistics.pooled[found->place].total(), dimension);
}

}  // namespace

std::vector<SummaryRow> summary_rows(const CohortStatistics& statistics, const ObservationGrid& grid,
                                     const WorldParameters& world) {
    std::vector<SummaryRow> rows;
    for (std::size_t i = 0; i < statistics.scalars.size(); ++i) {
        const Observable& observable = statistics.observables->of(ObservableKind::scalar)[i];
        add_rows(rows, observable.name, std::nullopt, statistics.scalars[i], observable.dimension,
                 observable.counting);
        rows.push_back({std::string(observable.name), std::nullopt, "heavy_tailed",
                        has_heavy_tail(statistics.scalars[i], observable.dimension) ? 1.0 : 0.0, "1"});
    }
    for (std::size_t i = 0; i < statistics.pooled.size(); ++i) add_pooled_rows(rows, statistics, i);
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
            add_rows(rows, statistics.observables->of(ObservableKind::series)[i].name, grid.month(point),
                     statistics.series[i][point],
                     statistics.observables->of(ObservableKind::series)[i].dimension,
                     statistics.observables->of(ObservableKind::series)[i].counting);
    for (std::size_t i = 0; i < statistics.distributions.size(); ++i) {
        const Observable& observable = statistics.observables->of(ObservableKind::distribution)[i];
        const auto categories = observable.categories(world);
        for (std::size_t category = 0; category < categories.size(); ++category)
            add_rows(rows, fmt::format("{}[{}]", observable.name, categories[category]), std::nullopt,
                     statistics.distributions[i][category], observable.dimension, observable.counting);
    }
    return rows;
}

namespace {

// Mean, standard error and interval at each place of an axis.
void add_mean_arrays(Dataset& dataset, const Series<Moments>& values, const std::string& name,
                     const std::string& axis, const std::string& meaning, Dimension dimension,
                     Counting counting) {
    std::vector<double> mean;
    std::vector<double> error;
    std::vector<double> low;
    std::vector<double> high;
    for (const Moments& moments : values) {
        const Finding finding = mean_finding(moments, dimension, counting);
        mean.push_back(finding.value);
        error.push_back(moments.standard_error());
        low.push_back(finding.interval.low);
        high.push_back(finding.interval.high);
    }
    const std::string unit(udunits_of(dimension));
    const auto add = [&](const char* suffix, const char* what, std::vector<double> numbers) {
        dataset.variables.push_back({name + suffix, {axis}, unit, meaning + ", " + what, std::move(numbers)});
    };
    add("", "mean over trajectories", std::move(mean));
    add("_standard_error", "standard error of the mean", std::move(error));
    add("_lower_95", "lower end of the mean's 95% confidence interval", std::move(low));
    add("_upper_95", "upper end of the mean's 95% confidence interval", std::move(high));
}

void add_distribution_arrays(Dataset& dataset, const CohortStatistics& statistics,
                             const WorldParameters& world) {
    for (std::size_t i = 0; i < statistics.distributions.size(); ++i) {
        const Observable& observable = statistics.observables->of(ObservableKind::distribution)[i];
        std::vector<std::string> categories = observable.categories(world);
        if (categories.empty()) continue;
        const std::string name(observable.name);
        const std::string axis = name + "_category";
        dataset.axes.push_back({axis, categories.size()});
        dataset.variables.push_back(
            {axis, {axis}, "", std::string(observable.category), std::move(categories)});
        add_mean_arrays(dataset, statistics.distributions[i], name, axis, std::string(observable.meaning),
                        observable.dimension, observable.counting);
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
        const Observable& observable = statistics.observables->of(ObservableKind::scalar)[i];
        const auto values = values_of(statistics.scalars[i], observable.dimension, observable.counting);
        const bool heavy = has_heavy_tail(statistics.scalars[i], observable.dimension);
        dataset.variables.push_back({std::string(observable.name),
                                     {"statistic"},
                                     std::string(udunits_of(observable.dimension)),
                                     std::string(observable.meaning),
                                     std::vector<double>(values.begin(), values.end()),
                                     {{"heavy_tailed", std::int64_t{heavy}}}});
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
        const Observable& observable = statistics.observables->of(ObservableKind::pooled)[i];
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
        const std::string name(observable.name);
        const std::string meaning(observable.meaning);
        const Finding mean = pooled_mean(statistics.pooled[i], observable.dimension, statistics.trajectories);
        const Finding median = pooled_median(statistics.pooled[i], observable.dimension);
        const Tail tail = tail_of(total);
        const auto add = [&](const std::string& variable, const std::string& what, double value,
                             std::vector<Attribute> attributes = {}) {
            dataset.variables.push_back(
                {variable, {}, unit, what + meaning, std::vector<double>{value}, std::move(attributes)});
        };
        add(name + "_mean", "mean of: ", mean.value,
            {{"heavy_tailed", std::int64_t{has_heavy_tail(total, observable.dimension)}},
             {"largest_share", tail.largest_share},
             {"hill_index", tail.hill_index}});
        add(name + "_mean_lower_95", "lower end of the mean's 95% confidence interval: ", mean.interval.low);
        add(name + "_mean_upper_95", "upper end of the mean's 95% confidence interval: ", mean.interval.high);
        add(name + "_median_lower_95",
            "lower end of the median's 95% confidence interval: ", median.interval.low);
        add(name + "_median_upper_95",
            "upper end of the median's 95% confidence interval: ", median.interval.high);
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
        const Observable& observable = statistics.observables->of(ObservableKind::series)[i];
        std::vector<double> deviation;
        for (const Moments& moments : statistics.series[i]) deviation.push_back(moments.standard_deviation());
        const std::string name(observable.name);
        const std::string meaning(observable.meaning);
        add_mean_arrays(dataset, statistics.series[i], name, "month", meaning, observable.dimension,
                        observable.counting);
        dataset.variables.push_back({name + "_standard_deviation",
                                     {"month"},
                                     std::string(udunits_of(observable.dimension)),
                                     meaning + ", standard deviation over trajectories",
                                     std::move(deviation)});
    }
}

// A dimension more, where trajectories were kept: what each of them showed.
void add_trajectory_arrays(Dataset& dataset, const CohortStatistics& statistics, std::size_t points) {
    const std::size_t count = statistics.rows.size();
    const auto of_each = [&](const auto& value) {
        std::vector<std::invoke_result_t<decltype(value), const TrajectoryRow&>> values;
        values.reserve(count);
        for (const TrajectoryRow& row : statistics.rows) values.push_back(value(row));
        return values;
    };
    dataset.axes.push_back({"trajectory", count});
    dataset.variables.push_back(
        {"trajectory", {"trajectory"}, "1", "number of the trajectory", of_each([](const TrajectoryRow& row) {
             return static_cast<std::int64_t>(row.trajectory);
         })});
    const auto scalars = statistics.observables->of(ObservableKind::scalar);
    for (std::size_t i = 0; i < scalars.size(); ++i)
        dataset.variables.push_back({std::string(scalars[i].name) + "_by_trajectory",
                                     {"trajectory"},
                                     std::string(udunits_of(scalars[i].dimension)),
                                     std::string(scalars[i].meaning),
                                     of_each([i](const TrajectoryRow& row) { return row.values[i]; })});
    dataset.variables.push_back({"survival_by_trajectory",
                                 {"trajectory"},
                                 "1",
                                 "Kaplan-Meier estimate of its own companies' survival to the horizon",
                                 of_each([](const TrajectoryRow& row) { return row.survival; })});
    const auto series = statistics.observables->of(ObservableKind::series);
    for (std::size_t i = 0; i < series.size(); ++i) {
        if (!has_observations(statistics.series[i])) continue;
        std::vector<double> values;
        values.reserve(count * points);
        for (const TrajectoryRow& row : statistics.rows)
            for (std::size_t point = 0; point < points; ++point)
                values.push_back(row.series[point * series.size() + i]);
        dataset.variables.push_back({std::string(series[i].name) + "_by_trajectory",
                                     {"trajectory", "month"},
                                     std::string(udunits_of(series[i].dimension)),
                                     std::string(series[i].meaning),
                                     std::move(values)});
    }
}

void add_valuation_arrays(Dataset& dataset, const CohortStatistics& statistics) {
    std::vector<std::int64_t> numbers;
    std::vector<double> low;
    std::vector<double> high;
    std::vector<std::int64_t> counts;
    for (std::size_t bin = 0; bin < statistics.valuations.bins(); ++bin) {
        numbers.push_back(static_cast<std::int64_t>(bin));
        low.push_back(statistics.valuations.edge(bin));
        high.push_back(statistics.valuations.edge(bin + 1));
        counts.push_back(static_cast<std::int64_t>(statistics.valuations.count(bin)));
    }
    dataset.axes.push_back({"valuation_bin", numbers.size()});
    dataset.variables.push_back({"valuation_bin",
                                 {"valuation_bin"},
                                 "1",
                                 "number of the bin, from 0 for the lowest valuations",
                                 std::move(numbers)});
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
    dataset.attributes.push_back({"source", std::string("Venturi ") + build_information().version});
    dataset.attributes.push_back({"seed", static_cast<std::int64_t>(scenario.run.seed)});
    dataset.attributes.push_back({"trajectories", static_cast<std::int64_t>(statistics.trajectories)});
    add_series_arrays(dataset, statistics, grid);
    add_survival_arrays(dataset, statistics);
    add_scalar_arrays(dataset, statistics);
    add_pooled_arrays(dataset, statistics);
    add_valuation_arrays(dataset, statistics);
    add_distribution_arrays(dataset, statistics, scenario.world);
    add_group_arrays(dataset, statistics);
    if (statistics.keeps.trajectories) add_trajectory_arrays(dataset, statistics, grid.points());
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
        if (!found || !std::isfinite(found->value)) return;
        const char* mark = is_heavy_tailed(statistics, observable) ? heavy_tail_mark : "";
        table.rows.push_back(
            {"  " + label, interval_text({found->value, found->interval.low, found->interval.high},
                                         shown_as.value_or(found->dimension))
                               + mark});
    };
    section("Survival (sold or listed: censored)");
    for (const int years : {1, 2, 3, 5, 7, 10, 15, 20})
        if (12 * years <= grid.horizon)
            line(fmt::format("to age {} year{}", years, years == 1 ? "" : "s"), survival_observable,
                 12.0 * years);
    line("mean time alive, up to the horizon", restricted_mean_observable);
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
    line("mean proceeds of an exit", "exit_value.mean");
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

std::string headline_note(const CohortStatistics& statistics) {
    const ObservableReference exits = statistics.observables->find("exit_value").value();
    const PooledValues values = statistics.pooled[exits.place].total();
    std::string note;
    if (statistics.trajectories < 2) note += one_trajectory_note;
    const bool heavy = has_heavy_tail(values, statistics.observables->at(exits).dimension);
    if (!heavy && !is_heavy_tailed(statistics, "raised_per_company")) return note;
    note += "* heavy-tailed: a few large values decide this mean, and its interval is mostly too short";
    if (heavy) {
        const Tail tail = tail_of(values);
        note += fmt::format("; the largest exit is {} of the proceeds of all {}",
                            quantity_text(tail.largest_share, Dimension::share), values.moments.count());
        if (std::isfinite(tail.hill_index))
            note += fmt::format(", and the tail's index (Hill) {:.2g}: at 2 or below there is no variance",
                                tail.hill_index);
    }
    return note + '\n';
}

std::string survival_picture_of(const CohortStatistics& statistics, const Scenario& scenario,
                                const std::vector<std::string>& settings) {
    SurvivalPicture picture;
    picture.title = scenario.title;
    picture.subtitle = fmt::format("Companies neither bankrupt nor shut down, by age; {}, seed {}{}",
                                   trajectories_text(statistics.trajectories), scenario.run.seed,
                                   changed_settings_text(settings));
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
        const Observable& observable = statistics.observables->of(ObservableKind::scalar)[i];
        const Finding mean = mean_finding(statistics.scalars[i], observable.dimension, observable.counting);
        json["scalars"][std::string(observable.name)] = {
            {"mean", mean.value},
            {"standard_error", statistics.scalars[i].standard_error()},
            {"confidence_interval", {mean.interval.low, mean.interval.high}},
            {"heavy_tailed", has_heavy_tail(statistics.scalars[i], observable.dimension)},
            {"unit", udunits_of(observable.dimension)}};
    }
    for (std::size_t i = 0; i < statistics.pooled.size(); ++i) {
        const Observable& observable = statistics.observables->of(ObservableKind::pooled)[i];
        const PooledValues total = statistics.pooled[i].total();
        const Finding mean = pooled_mean(statistics.pooled[i], observable.dimension, statistics.trajectories);
        const Finding median = pooled_median(statistics.pooled[i], observable.dimension);
        const Tail tail = tail_of(total);
        json["pooled"][std::string(observable.name)] = {
            {"count", total.moments.count()},
            {"mean", mean.value},
            {"mean_confidence_interval", {mean.interval.low, mean.interval.high}},
            {"median", median.value},
            {"median_confidence_interval", {median.interval.low, median.interval.high}},
            {"heavy_tailed", has_heavy_tail(total, observable.dimension)},
            {"largest_share", tail.largest_share},
            {"hill_index", tail.hill_index},
            {"unit", udunits_of(observable.dimension)}};
    }
    const std::vector<Finding> survival = survival_findings(statistics);
    for (std::size_t month = 0; month < survival.size(); month += 12)
        json["survival"].push_back(
            {{"age_in_months", month},
             {"survival", survival[month].value},
             {"confidence_interval", {survival[month].interval.low, survival[month].interval.high}}});
    const Finding lifetime = restricted_mean_finding(statistics.survival);
    json[std::string(restricted_mean_observable)] = {
        {"mean", lifetime.value},
        {"confidence_interval", {lifetime.interval.low, lifetime.interval.high}},
        {"unit", udunits_of(lifetime.dimension)}};
    if (!statistics.groups.empty()) json["groups"] = groups_json(statistics);
    return json;
}

}  // namespace venturi
