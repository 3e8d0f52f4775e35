// The network of a world as a value, its observables, and the distributions that a run reports.
#include "analysis/report/cohort_report.hpp"
#include "analysis/statistics/cohort.hpp"
#include "analysis/statistics/cooperation_network.hpp"
#include "analysis/statistics/distributions.hpp"
#include "tests/agents/network_worlds.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <numeric>
#include <span>
#include <string>
#include <vector>

using namespace venturi;
using namespace venturi::testing;

namespace {

Scenario small_ecosystem() {
    const std::filesystem::path library =
        std::filesystem::path(VENTURI_SOURCE_FOLDER) / "scenarios" / "library";
    Scenario scenario = load_scenario((library / "ecosystem.yaml").string(), std::span(&library, 1));
    for (StartupGroupParameters& group : scenario.world.startups) group.count = 8;
    scenario.run.trajectories = 6;
    scenario.run.horizon = 48;
    scenario.run.observe_every = 12;
    return scenario;
}

const Finding& found(const std::vector<std::optional<Finding>>& findings, std::size_t i) {
    REQUIRE(findings[i]);
    return *findings[i];
}

}  // namespace

TEST_CASE("Ties that end at one rate whatever their age survive exponentially") {
    NetworkTally tally;
    for (std::size_t age = 0; age < NetworkTally::years; ++age) {
        tally.tie_months[age] = 1000;
        tally.ended_at_age[age] = 10;
        tally.broken_at_age[age] = 20;
    }
    CHECK(tie_survival(tally, 5, TiesOver::by_themselves) == Approx(std::exp(-0.01 * 60)).epsilon(1e-12));
    CHECK(tie_survival(tally, 5, TiesOver::all) == Approx(std::exp(-0.03 * 60)).epsilon(1e-12));
    CHECK(median_tie_life(tally, TiesOver::all) == Approx(std::log(2.0) / 0.03).epsilon(1e-12));
    // Beyond what is seen the last hazard goes on.
    for (std::size_t age = 1; age < NetworkTally::years; ++age) tally.tie_months[age] = 0;
    CHECK(median_tie_life(tally, TiesOver::by_themselves) == Approx(std::log(2.0) / 0.01).epsilon(1e-12));
    CHECK(std::isnan(tie_survival(tally, 2, TiesOver::all)));
    CHECK(std::isnan(median_tie_life(NetworkTally{}, TiesOver::all)));
}

TEST_CASE("A tie's months fall into the years of its age, and its end into the last of them") {
    NetworkTally tally;
    note_lifetime(tally, 30, TieEnd::by_itself);
    note_lifetime(tally, 12, TieEnd::broken);
    note_lifetime(tally, 5, TieEnd::not_yet);
    CHECK(tally.tie_months[0] == 12 + 12 + 5);
    CHECK(tally.tie_months[1] == 12);
    CHECK(tally.tie_months[2] == 6);
    CHECK(tally.ended_at_age[2] == 1);
    CHECK(tally.broken_at_age[0] == 1);
    CHECK(std::accumulate(tally.ended_at_age.begin(), tally.ended_at_age.end(), 0U) == 1);
}

TEST_CASE("The network of a world has its partners and its ties, with trust as weights") {
    const Scenario scenario = small_ecosystem();
    World<PlainDraws> world = world_of(make_setup(scenario.world), 70, 0);
    world.run_until(36);
    const Network network = cooperation_network(world);
    expect_sound(network);
    CHECK(network.vertices == world.partners.size());
    CHECK(network.edges.size() == world.ties.in_use());
    REQUIRE(network.edges.size() > 30);
    CHECK(network.names[0] == "service/1");
    CHECK(network.names.back() == "communities/5");
    double sum = 0;
    for (const NetworkEdge& edge : network.edges) sum += edge.weight;
    CHECK(sum / static_cast<double>(network.edges.size())
          == Approx(world.measure(Measure::named("tie_trust"))).epsilon(1e-12));
    const auto ties = ties_of_startups(world);
    CHECK(world.measure(Measure::named("mean_ties"))
          == Approx(static_cast<double>(std::accumulate(ties.begin(), ties.end(), std::uint64_t{0}))
                    / static_cast<double>(ties.size()))
                 .epsilon(1e-12));
    std::vector<double> by_ties(41);
    distribution_observables()[0].fill(world, by_ties);
    CHECK(std::accumulate(by_ties.begin(), by_ties.end(), 0.0) == static_cast<double>(ties.size()));
}

TEST_CASE("A run of a world with partners reports its distributions, and one without has none") {
    const Scenario scenario = small_ecosystem();
    const CohortOutcome outcome = run_cohort(scenario, {.threads = 2});
    const auto rows = summary_rows(outcome.result, grid_of(scenario), scenario.world);
    const auto has = [&](const std::string& observable) {
        return std::any_of(rows.begin(), rows.end(), [&](const SummaryRow& row) {
            return row.observable == observable && row.statistic == "mean" && std::isfinite(row.value);
        });
    };
    CHECK(has("startups_by_ties[0]"));
    CHECK(has("startups_by_ties[40 or more]"));
    CHECK(has("cascades_by_size[1]"));
    CHECK(has("people_moved[service -> industry]"));
    CHECK(has("ties_broken_by_age[0]"));
    const Dataset dataset = cohort_dataset(outcome.result, grid_of(scenario), scenario);
    check(dataset);
    CHECK(std::any_of(dataset.variables.begin(), dataset.variables.end(),
                      [](const Variable& variable) { return variable.name == "people_moved"; }));
    std::vector<std::optional<Finding>> findings;
    for (const char* name : {"ties_per_startup", "two_year_retention"})
        findings.push_back(find_statistic(outcome.result, grid_of(scenario), name, std::nullopt));
    CHECK(found(findings, 0).value > 0.5);
    CHECK(found(findings, 1).value > 0.3);
    CHECK(found(findings, 1).value < 1);

    Scenario without = scenario;
    without.world.partners.clear();
    const CohortOutcome alone = run_cohort(without, {.threads = 2});
    const auto fewer = summary_rows(alone.result, grid_of(without), without.world);
    CHECK(std::none_of(fewer.begin(), fewer.end(),
                       [](const SummaryRow& row) { return row.observable.starts_with("startups_by_ties"); }));
    const auto ties = find_statistic(alone.result, grid_of(without), "ties_per_startup", std::nullopt);
    REQUIRE(ties);
    CHECK(!std::isfinite(ties->value));
}
