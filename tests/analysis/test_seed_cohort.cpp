// The seed cohort of the library beside the published figures it was fitted to.
#include "analysis/program/program.hpp"
#include "analysis/statistics/cohort.hpp"
#include "analysis/statistics/published_comparison.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace venturi {
namespace {

constexpr std::int64_t trajectories = 60;

std::vector<Comparison> compare_group(const Scenario& scenario, const ComparisonGroup& group) {
    Scenario changed = with_overrides(scenario, group);
    changed.run.trajectories = trajectories;
    const CohortOutcome outcome = run_cohort(changed, {});
    return compare(scenario, group, outcome.result, grid_of(changed));
}

double standard_error(const Finding& finding) {
    constexpr double student_95 = 2.0;  // with 31 degrees of freedom or more, to 2%
    return finding.interval.half_width() / student_95;
}

TEST_CASE("The seed cohort stays within a tenth of the figures it was fitted to", "[long]") {
    const Scenario scenario = load_with_settings("seed_cohort", {});
    std::size_t held = 0;
    for (const ComparisonGroup& group : comparison_groups(scenario)) {
        const bool is_fitted = std::ranges::any_of(group.figures, [&](std::size_t figure) {
            return scenario.published[figure].role == PublishedRole::calibration;
        });
        if (!is_fitted) continue;
        for (const Comparison& comparison : compare_group(scenario, group)) {
            const Published& figure = comparison.published;
            // The published share of unicorns is 12 of 1,119; see the next test.
            if (figure.role != PublishedRole::calibration || figure.observable == "share_unicorn") continue;
            INFO(figure.name << ": " << comparison.simulated.value << ", published " << figure.value);
            const double allowed = 0.1 * figure.value + 4 * standard_error(comparison.simulated);
            CHECK(std::abs(comparison.simulated.value - figure.value) <= allowed);
            ++held;
        }
    }
    CHECK(held >= 15);
}

TEST_CASE("Unicorns of the seed cohort are as rare as twelve in 1,119 allows", "[long]") {
    const Scenario scenario = load_with_settings("seed_cohort", {"run.trajectories=200"});
    const CohortOutcome outcome = run_cohort(scenario, {});
    const auto unicorns = find_statistic(outcome.result, grid_of(scenario), "share_unicorn", {});
    REQUIRE(unicorns);
    // Clopper and Pearson's interval for 12 of 1,119, at 95%.
    const double error = 4 * standard_error(*unicorns);
    CHECK(unicorns->value > 0.0055 - error);
    CHECK(unicorns->value < 0.0187 + error);
}

TEST_CASE("A figure that is measured under an override is run under it") {
    const Scenario scenario = load_with_settings("seed_cohort", {});
    const auto groups = comparison_groups(scenario);
    REQUIRE(groups.size() >= 3);
    CHECK(groups.front().set.empty());
    const auto cold = std::ranges::find_if(groups, [](const ComparisonGroup& group) {
        return !group.set.empty() && group.set.front().second == "cold";
    });
    REQUIRE(cold != groups.end());
    CHECK(with_overrides(scenario, *cold).world.environment.climate.initial == InitialClimate::cold);
    CHECK(scenario.world.environment.climate.initial == InitialClimate::stationary);
}

}  // namespace
}  // namespace venturi
