#include "analysis/statistics/published_comparison.hpp"

#include "scenarios/problem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace venturi {

namespace {

bool has_month(std::string_view observable) {
    const auto reference = built_in_observables()->find(observable);
    return reference
           && (reference->kind == ObservableKind::series || reference->kind == ObservableKind::survival);
}

}  // namespace

Agreement Comparison::agreement() const {
    const Interval& interval = simulated.interval;
    if (std::isnan(simulated.value) || (std::isnan(interval.low) && std::isnan(interval.high)))
        return Agreement::unknown;
    const double low = published.interval ? published.interval->first : published.value;
    const double high = published.interval ? published.interval->second : published.value;
    // An end that is not known rules nothing out.
    return high < interval.low || low > interval.high ? Agreement::differs : Agreement::agrees;
}

double Comparison::relative_difference() const {
    return published.value == 0 ? std::numeric_limits<double>::quiet_NaN()
                                : (simulated.value - published.value) / published.value;
}

std::vector<ComparisonGroup> comparison_groups(const Scenario& scenario) {
    std::vector<ComparisonGroup> groups = {{}};
    for (std::size_t i = 0; i < scenario.published.size(); ++i) {
        const auto& set = scenario.published[i].set;
        auto group =
            std::ranges::find_if(groups, [&](const ComparisonGroup& each) { return each.set == set; });
        if (group == groups.end()) group = groups.insert(groups.end(), {set, {}});
        group->figures.push_back(i);
    }
    return groups;
}

Scenario with_overrides(const Scenario& scenario, const ComparisonGroup& group) {
    Scenario changed = scenario;
    for (const auto& [path, value] : group.set) apply_setting(changed, fmt::format("{}={}", path, value));
    return changed;
}

void check_published(const Scenario& scenario) {
    const std::vector<std::string> names = observable_names();
    for (const Published& figure : scenario.published) {
        if (!built_in_observables()->find(figure.observable)) {
            const std::string nearest = nearest_name(figure.observable, names);
            throw std::invalid_argument("published." + figure.name + ": there is no observable '"
                                        + figure.observable + "'"
                                        + (nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
        }
        if (figure.observable == survival_observable && !figure.month)
            throw std::invalid_argument("published." + figure.name + ": survival needs a month, the age");
    }
}

void check_published_months(const Scenario& scenario) {
    std::string late;
    double latest = 0;
    for (const ComparisonGroup& group : comparison_groups(scenario)) {
        const double horizon = with_overrides(scenario, group).run.horizon;
        for (const std::size_t i : group.figures) {
            const Published& figure = scenario.published[i];
            if (!has_month(figure.observable) || !figure.month) continue;
            // Survival is known to the end of the last month that began.
            const double reach = figure.observable == survival_observable ? std::ceil(horizon) : horizon;
            if (*figure.month <= reach) continue;
            late += fmt::format("\n  published.{}: month {:g}, but the run ends at month {:g}", figure.name,
                                *figure.month, horizon);
            latest = std::max(latest, *figure.month);
        }
    }
    if (late.empty()) return;
    throw std::invalid_argument(fmt::format(
        "published figures are of a later month than the run reaches:{}\n  legal here: a horizon of "
        "{:g} months or more, or no comparison",
        late, latest));
}

std::vector<Comparison> compare(const Scenario& scenario, const ComparisonGroup& group,
                                const CohortStatistics& statistics, const ObservationGrid& grid) {
    std::vector<Comparison> comparisons;
    for (const std::size_t i : group.figures) {
        const Published& figure = scenario.published[i];
        const auto found = find_statistic(statistics, grid, figure.observable, figure.month);
        if (!found)
            throw std::invalid_argument("published." + figure.name + ": the run has no month so late");
        comparisons.push_back({figure, *found});
    }
    return comparisons;
}

}  // namespace venturi
