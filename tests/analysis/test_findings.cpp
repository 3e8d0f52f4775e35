// What an ensemble tells: intervals that hold, the same in tables, files and JSON, and when they are narrow
// enough.
#include "analysis/report/cohort_report.hpp"
#include "analysis/report/failures.hpp"
#include "analysis/statistics/findings.hpp"
#include "analysis/statistics/stopping.hpp"
#include "scenarios/scenario.hpp"
#include "sim/ensemble/share_interval.hpp"
#include "tests/agents/worlds.hpp"
#include "tests/analysis/ask.hpp"
#include "tests/analysis/scratch_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

using namespace venturi;
using Catch::Matchers::Contains;

namespace {

Scenario one_company(std::int64_t trajectories) {
    return load_with_settings("seed_cohort", {"startups.founders.count=1", "run.seed=1",
                                              "run.trajectories=" + std::to_string(trajectories)});
}

Finding found(const CohortOutcome& outcome, const Scenario& scenario, std::string_view name,
              std::optional<double> month = {}) {
    const auto finding = find_statistic(outcome.result, grid_of(scenario), name, month);
    REQUIRE(finding);
    return *finding;
}

void check_ends(const Interval& interval, double low, double high) {
    CHECK(interval.low == Approx(low).margin(0.0005));
    CHECK(interval.high == Approx(high).margin(0.0005));
}

// Statistics by observable, month and name.
std::map<std::string, double> values_of(const std::vector<SummaryRow>& rows) {
    std::map<std::string, double> values;
    for (const SummaryRow& row : rows)
        values[row.observable + "@" + (row.month ? std::to_string(*row.month) : "") + ":" + row.statistic] =
            row.value;
    return values;
}

double single(const Dataset& dataset, const std::string& name, std::size_t place = 0) {
    const auto variable = std::ranges::find(dataset.variables, name, &Variable::name);
    REQUIRE(variable != dataset.variables.end());
    return std::get<std::vector<double>>(variable->values).at(place);
}

bool same(double a, double b) {
    return a == b || (std::isnan(a) && std::isnan(b));
}

double number_of(const nlohmann::ordered_json& json) {
    return json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
}

}  // namespace

TEST_CASE("With one company a history the shares of 16 are binomial") {
    const Scenario scenario = one_company(16);
    const CohortOutcome outcome = run_cohort(scenario, {});
    CHECK(found(outcome, scenario, "share_listed").value == 0);
    check_ends(found(outcome, scenario, "share_listed").interval, 0, 0.2059);
    CHECK(found(outcome, scenario, "share_raised_round_4").value == Approx(3.0 / 16));
    check_ends(found(outcome, scenario, "share_raised_round_4").interval, 0.0405, 0.4565);
    CHECK(found(outcome, scenario, "share_shut_down").value == Approx(2.0 / 16));
    check_ends(found(outcome, scenario, "share_shut_down").interval, 0.0155, 0.3835);
}

TEST_CASE("Whatever the number of histories, no share's interval leaves 0 to 1 or has no width") {
    for (const std::int64_t trajectories : {2, 3, 16, 40}) {
        const Scenario scenario = load_with_settings(
            "seed_cohort", {"startups.founders.count=3", "run.seed=1", "run.horizon=60 months",
                            "run.trajectories=" + std::to_string(trajectories)});
        const CohortOutcome outcome = run_cohort(scenario, {});
        std::size_t judged = 0;
        const auto check = [&](std::string_view name, const Finding& finding) {
            if (finding.dimension != Dimension::share || std::isnan(finding.interval.low)) return;
            INFO(name << " of " << trajectories << ": " << finding.value << " [" << finding.interval.low
                      << ", " << finding.interval.high << "]");
            ++judged;
            CHECK(finding.interval.low >= 0);
            CHECK(finding.interval.high <= 1);
            CHECK(finding.interval.low < finding.interval.high);
            CHECK(finding.interval.contains(finding.value));
        };
        for (const auto& scalar : scalar_observables())
            check(scalar.name, found(outcome, scenario, scalar.name));
        for (const auto& pooled : pooled_observables())
            check(pooled.name, found(outcome, scenario, std::string(pooled.name) + ".mean"));
        for (const auto& series : series_observables())
            for (const double month : {0.0, 12.0, 60.0})
                check(series.name, found(outcome, scenario, series.name, month));
        for (const Finding& finding : survival_findings(outcome.result)) check("survival", finding);
        CHECK(judged > 60);
    }
}

TEST_CASE("One history has values and no intervals, in the table and in the files") {
    const Scenario scenario = one_company(1);
    const CohortOutcome outcome = run_cohort(scenario, {});
    for (const SummaryRow& row : summary_rows(outcome.result, grid_of(scenario), scenario.world)) {
        INFO(row.observable << " " << row.statistic);
        CHECK_FALSE(std::isinf(row.value));
        if (row.statistic.ends_with("er_95")) CHECK(std::isnan(row.value));
    }
    for (const Variable& variable : cohort_dataset(outcome.result, grid_of(scenario), scenario).variables)
        if (const auto* values = std::get_if<std::vector<double>>(&variable.values))
            CHECK(std::ranges::none_of(*values, [](double value) { return std::isinf(value); }));
    const std::string table = table_text(headline_table(outcome.result, grid_of(scenario)), Colour::none);
    CHECK_THAT(table, Contains("[–]"));
    CHECK_THAT(table, !Contains("∞") && !Contains("inf") && !Contains("nan"));
    CHECK_THAT(headline_note(outcome.result), Contains("one trajectory has no intervals"));
}

TEST_CASE("Kept trajectories are a dimension whose means are those of the run") {
    const Scenario scenario = load_with_settings(
        "seed_cohort", {"startups.founders.count=12", "run.horizon=60 months", "run.trajectories=7"});
    const CohortStatistics statistics = run_cohort(scenario, {.keep = {.trajectories = true}}).result;
    const Dataset dataset = cohort_dataset(statistics, grid_of(scenario), scenario);
    check(dataset);
    const auto values = [&](const std::string& name) {
        const auto found = std::ranges::find(dataset.variables, name, &Variable::name);
        REQUIRE(found != dataset.variables.end());
        CHECK(found->axes.front() == (name.ends_with("_by_trajectory") ? "trajectory" : found->axes.front()));
        return std::get<std::vector<double>>(found->values);
    };
    const std::vector<double> shares = values("share_alive_by_trajectory");
    REQUIRE(shares.size() == 7);
    const double mean = std::accumulate(shares.begin(), shares.end(), 0.0) / 7;
    CHECK(mean == Approx(values("share_alive").front()).epsilon(1e-12));
    for (const double survival : values("survival_by_trajectory"))
        CHECK((std::isnan(survival) || (survival >= 0 && survival <= 1)));

    const std::vector<double> living = values("living_by_trajectory");
    const std::vector<double> means = values("living");
    REQUIRE(living.size() == 7 * means.size());
    for (std::size_t month = 0; month < means.size(); ++month) {
        double sum = 0;
        for (std::size_t trajectory = 0; trajectory < 7; ++trajectory)
            sum += living[trajectory * means.size() + month];
        CHECK(sum / 7 == Approx(means[month]).epsilon(1e-12));
    }
    const auto without = cohort_dataset(run_cohort(scenario, {}).result, grid_of(scenario), scenario);
    CHECK(std::ranges::find(without.axes, "trajectory", &Axis::name) == without.axes.end());
}

TEST_CASE("Other programs read the netCDF file's axes and units as they are meant") {
    const Scenario scenario = load_with_settings(
        "seed_cohort", {"startups.founders.count=5", "run.horizon=60 months", "run.trajectories=3"});
    const Dataset dataset = cohort_dataset(run_cohort(scenario, {}).result, grid_of(scenario), scenario);
    REQUIRE(dataset.axes.size() >= 5);
    // Without coordinates of its own an axis holds zeros for whoever reads the file as HDF5.
    for (const Axis& axis : dataset.axes) {
        INFO(axis.name);
        const auto has_its_name = [&](const Variable& variable) { return variable.name == axis.name; };
        const auto found = std::ranges::find_if(dataset.variables, has_its_name);
        REQUIRE(found != dataset.variables.end());
        CHECK(found->axes == std::vector{axis.name});
    }
    // xarray takes these for spans of time and rounds them to nanoseconds.
    for (const Variable& variable : dataset.variables) {
        INFO(variable.name << " in " << variable.unit);
        for (const std::string_view unit : {"day", "hour", "minute", "second"}) {
            CHECK(variable.unit != unit);
            CHECK(variable.unit != std::string(unit) + "s");
        }
        CHECK(variable.unit.find("since") == std::string::npos);
    }
}

TEST_CASE("An interval is the same in the CSV, in netCDF and in JSON") {
    const Scenario scenario = load_with_settings(
        "seed_cohort", {"startups.founders.count=5", "run.horizon=60 months", "run.trajectories=12"});
    const CohortOutcome outcome = run_cohort(scenario, {});
    const auto rows = values_of(summary_rows(outcome.result, grid_of(scenario), scenario.world));
    const Dataset dataset = cohort_dataset(outcome.result, grid_of(scenario), scenario);
    const auto json = observables_json(outcome.result);
    for (const auto& scalar : scalar_observables()) {
        const std::string name(scalar.name);
        const Interval interval = found(outcome, scenario, name).interval;
        INFO(name);
        CHECK(same(rows.at(name + "@:lower_95"), interval.low));
        CHECK(same(rows.at(name + "@:upper_95"), interval.high));
        CHECK(same(single(dataset, name, 2), interval.low));
        CHECK(same(single(dataset, name, 3), interval.high));
        CHECK(same(number_of(json["scalars"][name]["confidence_interval"][0]), interval.low));
        CHECK(same(number_of(json["scalars"][name]["confidence_interval"][1]), interval.high));
    }
    for (const auto& pooled : pooled_observables())
        for (const std::string statistic : {"mean", "median"}) {
            const std::string name(pooled.name);
            const Interval interval = found(outcome, scenario, name + "." + statistic).interval;
            INFO(name << " " << statistic);
            CHECK(same(rows.at(name + "@:" + statistic + "_lower_95"), interval.low));
            CHECK(same(rows.at(name + "@:" + statistic + "_upper_95"), interval.high));
            CHECK(same(single(dataset, name + "_" + statistic + "_lower_95"), interval.low));
            CHECK(same(single(dataset, name + "_" + statistic + "_upper_95"), interval.high));
            CHECK(same(number_of(json["pooled"][name][statistic + "_confidence_interval"][0]), interval.low));
            CHECK(
                same(number_of(json["pooled"][name][statistic + "_confidence_interval"][1]), interval.high));
        }
    const std::vector<Finding> survival = survival_findings(outcome.result);
    for (const std::size_t age : {12, 36, 60}) {
        const std::string at = "survival@" + std::to_string(static_cast<double>(age));
        CHECK(same(rows.at(at + ":lower_95"), survival[age].interval.low));
        CHECK(same(single(dataset, "survival_upper_95", age), survival[age].interval.high));
        CHECK(same(number_of(json["survival"][age / 12]["confidence_interval"][0]),
                   survival[age].interval.low));
    }
    const Interval cold = found(outcome, scenario, "climate_cold", 24).interval;
    CHECK(rows.at("climate_cold@" + std::to_string(24.0) + ":upper_95") == cold.high);
    CHECK(single(dataset, "climate_cold_upper_95", 24) == cold.high);
}

TEST_CASE(
    "Events that were never seen have an upper bound, and survival before the first death a lower one") {
    const Moments none = [] {
        Moments moments;
        for (int i = 0; i < 50; ++i) moments.add(0);
        return moments;
    }();
    const Finding events = mean_finding(none, Dimension::number, Counting::events);
    CHECK(events.interval.low == 0);
    CHECK(std::exp(-50 * events.interval.high) == Approx(0.025));
    CHECK(mean_finding(none, Dimension::number, Counting::none).interval == Interval{0, 0});
    CHECK(mean_finding(none, Dimension::share, Counting::none).interval == clopper_pearson_interval(0, 50));

    const Scenario scenario = one_company(40);
    const CohortOutcome outcome = run_cohort(scenario, {});
    const std::vector<Finding> survival = survival_findings(outcome.result);
    CHECK(std::isnan(survival[0].interval.low));  // by definition 1
    REQUIRE(survival[1].value == 1);
    CHECK(survival[1].interval == clopper_pearson_interval(40, 40));
}

TEST_CASE("A heavy tail is warned of, and a light one is not") {
    PooledValues heavy;
    PooledValues light;
    Stream stream(StreamAddress{.seed = 56, .trajectory = 0, .agent = 0, .purpose = 5});
    for (int i = 0; i < 2000; ++i) {
        const double u = 1 - unit_uniform(stream.next_word());
        heavy.add(std::pow(u, -1 / 1.5));
        light.add(-std::log(u));
    }
    CHECK(tail_of(heavy).heavy);
    CHECK(tail_of(heavy).hill_index == Approx(1.5).epsilon(4 / std::sqrt(100.0)));
    CHECK(tail_of(heavy).largest_share > 0.01);
    CHECK_FALSE(tail_of(light).heavy);
    CHECK(tail_of(light).hill_index > 2);
    CHECK(tail_of(light).largest_share < 0.01);
    CHECK_FALSE(tail_of(PooledValues{}).heavy);

    const Scenario scenario = load_with_settings(
        "seed_cohort", {"startups.founders.count=10", "run.horizon=48 months", "run.trajectories=20"});
    const CohortOutcome outcome = run_cohort(scenario, {});
    CHECK_THAT(headline_note(outcome.result), Contains("* heavy-tailed") && Contains("largest exit"));
    CHECK_THAT(table_text(headline_table(outcome.result, grid_of(scenario)), Colour::none),
               Contains("] *\n"));
    const auto json = observables_json(outcome.result);
    CHECK(json["pooled"]["exit_value"]["heavy_tailed"] == true);
    CHECK(json["pooled"]["dilution_round_2"]["heavy_tailed"] == false);
}

TEST_CASE("Any observable can be waited for: scalars, series, survival, medians and means of pooled values") {
    const Scenario scenario = load_with_settings(
        "seed_cohort", {"startups.founders.count=10", "run.horizon=24 months", "run.trajectories=640"});
    const CohortOutcome outcome = run_cohort(scenario, {});
    const ObservationGrid grid = grid_of(scenario);
    std::vector<std::string> names = observable_names();
    names.emplace_back("founders_share");
    for (const std::string& name : names) {
        INFO(name);
        CHECK(is_observable(name));
        CHECK_NOTHROW(is_known_well_enough(outcome.result, grid, {name, {.half_width = 1e-9}}));
    }
    CHECK_FALSE(is_observable("exit_value.mode"));
    for (const char* name : {"survival", "share_dead", "living", "founders_share.mean", "founders_share",
                             "days_round_1_to_2.median"}) {
        INFO(name);
        CHECK(is_known_well_enough(outcome.result, grid, {name, {.half_width = 0.3, .relative = true}}));
        CHECK_FALSE(
            is_known_well_enough(outcome.result, grid, {name, {.half_width = 1e-4, .relative = true}}));
    }
    // Values of a heavy tail are not known well from so few.
    CHECK_FALSE(is_known_well_enough(outcome.result, grid, {"exit_value.mean", {.half_width = 1e12}}));
    CHECK(is_known_well_enough(outcome.result, grid, {"exit_value.median", {.half_width = 1e12}}));

    const ScratchFolder scratch;
    const Answer answer =
        ask({"run", "seed_cohort", "--trajectories", "3000", "--set", "run.horizon=12 months", "--quiet",
             "--json", "--until", "survival=2%", "--output", (scratch.path() / "result").string()});
    REQUIRE(answer.code == ExitCode::success);
    const auto json = nlohmann::json::parse(answer.out);
    CHECK(json["ending"] == "precision_reached");
    const auto& end = json["observables"]["survival"][1];
    CHECK(end["confidence_interval"][1].get<double>() - end["confidence_interval"][0].get<double>()
          <= 2 * 0.02 * end["survival"].get<double>());
}

TEST_CASE("A history that fails is left out, told of, and the same on any number of threads") {
    Scenario scenario =
        load_with_settings("seed_cohort", {"startups.founders.count=1", "startups.founders.founded=0 months",
                                           "run.horizon=12 months", "run.trajectories=200"});
    // More money than there are numbers wherever the normal variate is above 0.87, in 19.2% of the histories:
    // a scenario's reader lets nobody ask for this.
    scenario.world.startups[0].seed_round = LogNormal{1e6, 800};
    const CohortOutcome one = run_cohort(scenario, {.threads = 1});
    const CohortOutcome three = run_cohort(scenario, {.threads = 3});
    CHECK(std::abs(static_cast<double>(one.failed) - 38.4) < 4 * std::sqrt(200 * 0.192 * 0.808));
    CHECK(one.completed + one.failed == 200);
    CHECK(one.result.trajectories == one.completed);
    CHECK(one.result.series[0][0].count() == one.completed);
    CHECK(three.result.survival == one.result.survival);
    CHECK(three.result.series[1] == one.result.series[1]);
    CHECK(three.result.scalars[0] == one.result.scalars[0]);
    CHECK(three.failures == one.failures);
    REQUIRE_FALSE(one.failures.empty());

    // The others are what they would have been without it.
    scenario.run.trajectories = static_cast<std::int64_t>(one.failures[0].trajectory);
    CHECK(run_cohort(scenario, {}).failed == 0);

    // Where nobody can be funded there are no results, and the run soon ends.
    scenario.run.trajectories = 100'000;
    scenario.world.startups[0].seed_round = Constant{std::numeric_limits<double>::infinity()};
    const CohortOutcome none = run_cohort(scenario, {});
    CHECK(none.completed == 0);
    CHECK(none.failed == failures_in_vain);
    CHECK(none.ending == Ending::failed);
}

TEST_CASE("Failures are told with the command that replays each, as a shell reads it") {
    const Replay replay{.scenario = "my world's.yaml", .seed = 7, .settings = {"a.b=2 months", "c=1"}};
    CHECK(replay_command(replay, 55)
          == "venturi trace 'my world'\\''s.yaml' --seed 7 --set 'a.b=2 months' --set c=1 --trajectory 55");
    std::vector<TrajectoryFailure> failures;
    for (std::uint64_t i = 0; i < 8; ++i) failures.push_back({10 * i, "out of compute"});
    const std::string text = failures_text(92, 8, failures, replay);
    CHECK_THAT(text, Contains("8 of 100 trajectories failed; the results are of the others\n"));
    CHECK_THAT(text, Contains("  trajectory 40: out of compute\n    replay: venturi trace "));
    CHECK_THAT(text, !Contains("trajectory 50:") && Contains("  and 3 more\n"));
    CHECK_THAT(failures_text(0, 8, failures, replay), !Contains("others"));
    const auto json = failures_json(failures, replay);
    REQUIRE(json.size() == 8);
    CHECK(json[7]["trajectory"] == 70);
    CHECK(json[7]["reason"] == "out of compute");
    CHECK(json[7]["replay"] == replay_command(replay, 70));
}
