// What conditions watch and what results have is one thing under one name.
#include "agents/measure.hpp"
#include "analysis/statistics/cohort.hpp"
#include "analysis/statistics/findings.hpp"
#include "analysis/statistics/observables.hpp"
#include "scenarios/problem.hpp"
#include "tests/analysis/ask.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <string>
#include <string_view>

namespace venturi {
namespace {

using Catch::Matchers::Contains;

std::string with_condition(std::string_view measure) {
    return "extends: seed_cohort\ninterventions: [{name: x, climate: cold, when: {measure: "
           + std::string(measure) + ", above: 0}}]\n";
}

Scenario watching(std::string_view measure) {
    return read_scenario(with_condition(measure), "a.yaml", library_folders());
}

TEST_CASE(
    "an observable that conditions watch has the measure's unit and meaning, and its number at the "
    "horizon") {
    for (const char* name : {"ecosystem", "seed_cohort"}) {
        const Scenario scenario = load_with_settings(name, {"run.trajectories=1", "run.horizon=40 months"});
        World<PlainDraws> world(make_setup(scenario.world, scenario.interventions));
        world.reset(PlainDraws(FastVariates(static_cast<std::uint64_t>(scenario.run.seed), 0)));
        world.run_until(40);
        const CohortOutcome outcome = run_cohort(scenario, {});
        REQUIRE(outcome.completed == 1);
        std::size_t shared = 0;
        for (const MeasureDescription& one : measures()) {
            INFO(name << ' ' << one.name);
            const auto found = built_in_observables()->find(one.name);
            CHECK(found.has_value() == (one.in_results != InResults::nowhere));
            if (!found) continue;
            ++shared;
            const Observable& observable = built_in_observables()->at(*found);
            CHECK(found->kind
                  == (one.in_results == InResults::at_horizon ? ObservableKind::scalar
                                                              : ObservableKind::series));
            CHECK(observable.name == one.name);
            CHECK(observable.meaning == one.meaning);
            CHECK(observable.dimension == one.dimension);
            CHECK(observable.counting == one.counting);
            const double measured = world.measure(Measure::named(one.name));
            const auto told = find_statistic(outcome.result, grid_of(scenario), one.name, {});
            REQUIRE(told);
            CHECK((told->value == measured || (std::isnan(told->value) && std::isnan(measured))));
        }
        CHECK(shared > 60);
    }
}

TEST_CASE("no two observables and measures mean different things under one name") {
    for (const ObservableKind kind : {ObservableKind::scalar, ObservableKind::series, ObservableKind::pooled,
                                      ObservableKind::distribution})
        for (const Observable& observable : built_in_observables()->of(kind))
            if (const auto measure = Measure::find(observable.name)) {
                INFO(observable.name);
                CHECK(measure->description().in_results != InResults::nowhere);
                CHECK(measure->description().name == observable.name);
            }
}

TEST_CASE("a scenario's condition may name every measure, an older name too, and nothing else") {
    for (const MeasureDescription& one : measures()) {
        if (one.name == "climate") continue;
        INFO(one.name);
        Scenario scenario;
        const std::string level = one.dimension == Dimension::share             ? "20%"
                                  : one.dimension == Dimension::money           ? "$1M"
                                  : one.dimension == Dimension::money_per_month ? "$1M/month"
                                  : one.dimension == Dimension::duration        ? "2 years"
                                                                                : "3";
        const std::string text =
            "extends: seed_cohort\ninterventions: [{name: x, climate: cold, when: {measure: "
            + std::string(one.name) + ", above: " + level + "}}]\n";
        REQUIRE_NOTHROW(scenario = read_scenario(text, "a.yaml", library_folders()));
        CHECK(scenario.interventions.at(0).when->measure == Measure::named(one.name));
    }
    CHECK(watching("alive").interventions.at(0).when->measure == Measure::named("living"));
    CHECK(watching("alive_share").interventions.at(0).when->measure == Measure::named("share_alive"));
    CHECK_THROWS_WITH(watching("share_ded"),
                      Contains("did you mean 'share_dead'?") && Contains("venturi list measures"));
    CHECK_THROWS_WITH(watching("alive_shar"), Contains("did you mean 'alive_share'?"));
    CHECK_THROWS_WITH(watching("exit_value"), Contains("'measure' can't be 'exit_value'"));
    CHECK_THROWS_WITH(watching("[deaths]"), Contains("'measure' can't be a list"));
}

TEST_CASE("venturi explain tells of each measure, once, and of its older name", "[long]") {
    for (const MeasureDescription& one : measures()) {
        const Answer answer = ask({"explain", "--json", std::string(one.name)});
        INFO(one.name << answer.err);
        REQUIRE(answer.code == ExitCode::success);
        CHECK_THAT(answer.out, Contains("when: {measure: " + std::string(one.name)));
        CHECK_THAT(answer.out, Contains("\"unit\"") && Contains("\"by group\""));
    }
    for (const auto& [older, name] :
         {std::pair{"alive", "living (observable)"}, {"alive_share", "share_alive (observable)"}}) {
        const Answer answer = ask({"explain", older});
        CHECK(answer.code == ExitCode::success);
        CHECK_THAT(answer.out, Contains(name) && Contains("older name:"));
    }
    CHECK_THAT(ask({"explain", "bankruptcies"}).out, Contains("bankruptcies (measure)"));
}

}  // namespace
}  // namespace venturi
