// Observables are described once: built-in ones and one's own are found, folded and reported alike.
#include "analysis/program/program.hpp"
#include "analysis/report/cohort_report.hpp"
#include "analysis/statistics/findings.hpp"
#include "analysis/statistics/stopping.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

using namespace venturi;
using Catch::Matchers::Contains;

namespace {

double doubled_living(const PlainWorld& world) {
    double living = 0;
    for (const auto& company : world.startups) living += is_alive(company.status) ? 2 : 0;
    return living;
}

void death_ages(const PlainWorld& world, PooledValues& values) {
    for (const auto& company : world.startups)
        if (is_dead(company.status)) values.add(company.ended - company.founded);
}

std::shared_ptr<const ObservableSet> with_own() {
    return observables_with(
        {series_observable("doubled_living", Dimension::number, "twice the living", doubled_living),
         scalar_observable("doubled_at_end", Dimension::number, "the same, at the end", doubled_living),
         pooled_observable("death_age", Dimension::duration, "age at death", death_ages),
         distribution_observable(
             "by_status", Dimension::number, "companies by status", "status",
             [](const WorldParameters&) {
                 return std::vector<std::string>{"alive", "dead"};
             },
             [](const PlainWorld& world, std::span<double> into) {
                 for (const auto& company : world.startups) {
                     into[0] += is_alive(company.status) ? 1 : 0;
                     into[1] += is_dead(company.status) ? 1 : 0;
                 }
             })});
}

}  // namespace

TEST_CASE("observables of one's own are folded and reported as the built-in ones are") {
    const Scenario scenario =
        load_with_settings("seed_cohort", {"run.trajectories=300", "startups.founders.count=6"});
    const ObservationGrid grid = grid_of(scenario);
    CohortOptions options;
    options.observables = with_own();
    const CohortOutcome outcome = run_cohort(scenario, options);
    const auto value = [&](std::string_view name, std::optional<double> month = {}) {
        const auto finding = find_statistic(outcome.result, grid, name, month);
        REQUIRE(finding);
        return finding->value;
    };
    CHECK(value("doubled_living") == Approx(2 * value("living")));
    CHECK(value("doubled_living", 24) == Approx(2 * value("living", 24)));
    CHECK(value("doubled_at_end") == value("doubled_living"));
    CHECK(value("death_age") == value("months_to_death.mean"));
    CHECK(value("death_age.median") == value("months_to_death.median"));
    CHECK(value("by_status[dead]") == Approx(value("deaths")));
    CHECK_FALSE(find_statistic(outcome.result, grid, "by_status[asleep]", {}));
    CHECK_FALSE(find_statistic(outcome.result, grid, "by_status", {}));
    // In the files and the JSON too, and whatever the number of threads.
    const auto rows = summary_rows(outcome.result, grid, scenario.world);
    for (const char* name : {"doubled_living", "doubled_at_end", "death_age", "by_status[alive]"})
        CHECK(std::ranges::find(rows, name, &SummaryRow::observable) != rows.end());
    CHECK(observables_json(outcome.result)["scalars"].contains("doubled_at_end"));
    options.threads = 3;
    CHECK(run_cohort(scenario, options).result == outcome.result);
    // Those that were there before are as they were.
    const CohortOutcome plain = run_cohort(scenario, {});
    CHECK(find_statistic(plain.result, grid, "living", {})->value == value("living"));
    CHECK_FALSE(find_statistic(plain.result, grid, "doubled_living", {}));
    // And a run can wait for one.
    const StoppingRule rule{.observable = "doubled_at_end", .target = {.half_width = 1e9, .relative = false}};
    CHECK(is_known_well_enough(outcome.result, grid, rule));
}

TEST_CASE("a name leads to one observable and one of its numbers, or to none") {
    const ObservableSet& all = *built_in_observables();
    for (const std::string& name : all.names()) {
        INFO(name);
        const auto found = all.find(name);
        REQUIRE(found);
        CHECK(name.starts_with(all.at(*found).name));
    }
    CHECK(all.find("exit_value")->statistic == PooledStatistic::mean);
    CHECK(all.find("exit_value.median")->statistic == PooledStatistic::median);
    CHECK(all.find("people_moved[a -> b]")->category == "a -> b");
    CHECK(all.find("survival")->kind == ObservableKind::survival);
    CHECK(all.find("restricted_mean_survival")->kind == ObservableKind::restricted_mean);
    CHECK(all.at(*all.find("restricted_mean_survival")).dimension == Dimension::duration);
    for (const char* name :
         {"", ".mean", "share_dead.mean", "survival.median", "restricted_mean_survival.mean",
          "exit_value.mode", "people_moved", "people_moved[]", "share_dead[x]", "living[", "Living"}) {
        INFO(name);
        CHECK_FALSE(all.find(name));
    }
}

TEST_CASE("observables that can't be are refused") {
    const auto measure = [](const PlainWorld&) { return 0.0; };
    CHECK_THROWS_WITH(observables_with({scalar_observable("living", Dimension::number, "", measure)}),
                      Contains("two observables 'living'"));
    for (const char* name : {"", "My own", "a.b", "a[b]", "é"})
        CHECK_THROWS_WITH(observables_with({scalar_observable(name, Dimension::number, "", measure)}),
                          Contains("legal are a-z, 0-9 and _"));
    CHECK_THROWS_WITH(observables_with({scalar_observable("mine", Dimension::number, "", nullptr)}),
                      Contains("lacks the function"));
}
