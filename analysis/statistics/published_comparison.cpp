#include "analysis/statistics/published_comparison.hpp"

#include "scenarios/problem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace venturi {

bool Comparison::agrees() const {
    const double low = published.interval ? published.interval->first : published.value;
    const double high = published.interval ? published.interval->second : published.value;
    return low <= simulated.interval.high && high >= simulated.interval.low;
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
        const bool known = std::ranges::find(names, figure.observable) != names.end();
        if (!known) {
            const std::string nearest = nearest_name(figure.observable, names);
            throw std::invalid_argument("published." + figure.name + ": there is no observable '"
                                        + figure.observable + "'"
                                        + (nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
        }
        if (figure.observable == survival_observable && !figure.month)
            throw std::invalid_argument("published." + figure.name + ": survival needs a month, the age");
    }
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
