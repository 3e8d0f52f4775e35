// An observable as one number of one trajectory is what an ensemble of that trajectory alone finds.
#include "analysis/program/program.hpp"
#include "analysis/statistics/findings.hpp"
#include "analysis/statistics/trajectory_value.hpp"
#include "scenarios/scenario.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace venturi;

TEST_CASE("every observable is one number of a trajectory, that of an ensemble of one") {
    const Scenario scenario = load_with_settings("seed_cohort", {"run.trajectories=1"});
    const CohortOutcome alone = run_cohort(scenario, {});
    CohortModel model(make_setup(scenario.world, scenario.interventions), grid_of(scenario),
                      static_cast<std::uint64_t>(scenario.run.seed));
    model.live(0);
    std::size_t seen = 0;
    for (const std::string& name : observable_names()) {
        INFO(name);
        const auto observable = find_trajectory_observable(name);
        REQUIRE(observable);
        CHECK(observable->name == name);
        const auto finding = find_statistic(alone.result, grid_of(scenario), name, grid_of(scenario).horizon);
        if (!finding || std::isnan(finding->value)) continue;
        ++seen;
        CHECK(value_of(model, *observable) == finding->value);
    }
    CHECK(seen > 20);
    CHECK(find_trajectory_observable("highest_valuation")->kind == TrajectoryObservable::Kind::pooled_mean);
    CHECK_FALSE(find_trajectory_observable("survivall"));
    CHECK_FALSE(find_trajectory_observable("share_dead.mean"));
}
