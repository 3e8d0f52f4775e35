#include "analysis/report/group_report.hpp"

#include "analysis/report/csv_writer.hpp"
#include "analysis/report/known_number.hpp"
#include "analysis/report/quantity_text.hpp"
#include "analysis/statistics/findings.hpp"
#include "analysis/statistics/restricted_mean.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

Finding mean_of(const GroupResults& results, std::size_t observable) {
    const Observable& what = group_observables()[observable].described();
    return mean_finding(results.means[observable], what.dimension, what.counting);
}

std::vector<Finding> survival_of(const GroupResults& results, const CohortStatistics& statistics) {
    return survival_findings(results.survival, statistics.trajectories);
}

class GroupRows {
  public:
    GroupRows(std::string& text, const std::string& group) : csv_(text), group_(group) {}

    void add(std::string_view observable, std::optional<double> month, const Finding& finding) {
        add(observable, month, "mean", finding.value, udunits_of(finding.dimension));
        add(observable, month, "lower_95", finding.interval.low, udunits_of(finding.dimension));
        add(observable, month, "upper_95", finding.interval.high, udunits_of(finding.dimension));
    }
    void add(std::string_view observable, std::optional<double> month, std::string_view statistic,
             double value, std::string_view unit) {
        csv_.text(group_);
        csv_.text(observable);
        if (month)
            csv_.number(*month);
        else
            csv_.text("");
        csv_.text(statistic);
        csv_.number(value);
        csv_.text(unit);
        csv_.end_row();
    }

  private:
    CsvWriter<std::string> csv_;
    const std::string& group_;
};

}  // namespace

std::string groups_csv(const CohortStatistics& statistics) {
    std::string text;
    if (statistics.groups.empty()) return text;
    CsvWriter<std::string> header(text);
    for (const char* name : {"group", "observable", "month", "statistic", "value", "unit"}) header.text(name);
    header.end_row();
    for (const GroupResults& results : statistics.groups) {
        GroupRows rows(text, results.group);
        for (std::size_t i = 0; i < results.means.size(); ++i) {
            const std::string_view name = group_observables()[i].name;
            rows.add(name, std::nullopt, mean_of(results, i));
            rows.add(name, std::nullopt, "standard_error", results.means[i].standard_error(),
                     udunits_of(group_observables()[i].described().dimension));
            rows.add(name, std::nullopt, "count", static_cast<double>(results.means[i].count()), "1");
        }
        rows.add(restricted_mean_observable, std::nullopt, restricted_mean_finding(results.survival));
        const std::vector<Finding> survival = survival_of(results, statistics);
        for (std::size_t month = 0; month < survival.size(); ++month)
            rows.add(survival_observable, static_cast<double>(month), survival[month]);
    }
    return text;
}

void add_group_arrays(Dataset& dataset, const CohortStatistics& statistics) {
    const std::vector<GroupResults>& groups = statistics.groups;
    if (groups.empty()) return;
    std::vector<std::string> names;
    for (const GroupResults& results : groups) names.push_back(results.group);
    dataset.axes.push_back({"group", groups.size()});
    dataset.variables.push_back({"group", {"group"}, "", "group of startups", std::move(names)});
    const auto add = [&](const std::string& name, const std::vector<std::string>& axes, Dimension dimension,
                         const std::string& meaning, const std::vector<Finding>& findings) {
        const auto variable = [&](const char* suffix, const char* what, const auto& number) {
            std::vector<double> values;
            values.reserve(findings.size());
            for (const Finding& finding : findings) values.push_back(number(finding));
            dataset.variables.push_back({name + "_by_group" + suffix, axes,
                                         std::string(udunits_of(dimension)), what + meaning,
                                         std::move(values)});
        };
        variable("", "mean over trajectories, by group: ", [](const Finding& each) { return each.value; });
        variable("_lower_95", "lower end of its 95% confidence interval: ", [](const Finding& each) {
            return each.interval.low;
        });
        variable("_upper_95", "upper end of its 95% confidence interval: ", [](const Finding& each) {
            return each.interval.high;
        });
    };
    for (std::size_t i = 0; i < group_observables().size(); ++i) {
        const Observable& observable = group_observables()[i].described();
        std::vector<Finding> findings;
        for (const GroupResults& results : groups) findings.push_back(mean_of(results, i));
        add(observable.name, {"group"}, observable.dimension, observable.meaning, findings);
    }
    std::vector<Finding> lifetimes;
    for (const GroupResults& results : groups) lifetimes.push_back(restricted_mean_finding(results.survival));
    add(std::string(restricted_mean_observable), {"group"}, Dimension::duration,
        "time alive up to the horizon, the area under the survival curve", lifetimes);
    std::vector<Finding> survival;
    for (const GroupResults& results : groups)
        for (const Finding& finding : survival_of(results, statistics)) survival.push_back(finding);
    add(std::string(survival_observable), {"group", "age"}, Dimension::share,
        "companies neither bankrupt nor shut down by that age", survival);
}

TerminalTable group_table(const CohortStatistics& statistics) {
    constexpr std::size_t months_in_year = 12;
    constexpr std::array<std::pair<std::string_view, const char*>, 3> shown = {
        {{"share_exited", "sold or listed"}, {"share_dead", "dead"}, {"raised_per_company", "raised, each"}}};
    TerminalTable table{.title = "By group of startups", .columns = {{"group", Alignment::left}}, .rows = {}};
    if (statistics.groups.empty()) return table;
    const std::size_t months = statistics.survival.empty().cells();
    const std::size_t years = std::min<std::size_t>(5, months / months_in_year);
    if (years > 0)
        table.columns.push_back(
            {fmt::format("survival to {} year{}", years, years == 1 ? "" : "s"), Alignment::left});
    for (const auto& [name, label] : shown) table.columns.push_back({label, Alignment::left});
    const auto cell = [](const Finding& finding) {
        return TableCell(
            interval_text({finding.value, finding.interval.low, finding.interval.high}, finding.dimension));
    };
    for (const GroupResults& results : statistics.groups) {
        std::vector<TableCell> row = {TableCell(results.group)};
        if (years > 0) row.push_back(cell(survival_of(results, statistics)[years * months_in_year]));
        for (const auto& [name, label] : shown) {
            const auto all = group_observables();
            const auto found = std::ranges::find(all, name, &GroupObservable::name);
            row.push_back(cell(mean_of(results, static_cast<std::size_t>(found - all.begin()))));
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

Json groups_json(const CohortStatistics& statistics) {
    constexpr std::size_t months_in_year = 12;
    Json groups = Json::object();
    for (const GroupResults& results : statistics.groups) {
        Json& group = groups[results.group];
        for (std::size_t i = 0; i < results.means.size(); ++i) {
            const Finding mean = mean_of(results, i);
            group["scalars"][std::string(group_observables()[i].name)] = {
                {"mean", mean.value},
                {"standard_error", results.means[i].standard_error()},
                {"confidence_interval", ends_or_null(mean.interval)},
                {"unit", udunits_of(mean.dimension)}};
        }
        const Finding lifetime = restricted_mean_finding(results.survival);
        group[std::string(restricted_mean_observable)] = {
            {"mean", lifetime.value},
            {"confidence_interval", ends_or_null(lifetime.interval)},
            {"unit", udunits_of(lifetime.dimension)}};
        const std::vector<Finding> survival = survival_of(results, statistics);
        for (std::size_t month = 0; month < survival.size(); month += months_in_year)
            group["survival"].push_back({{"age_in_months", month},
                                         {"survival", survival[month].value},
                                         {"confidence_interval", ends_or_null(survival[month].interval)}});
    }
    return groups;
}

}  // namespace venturi
