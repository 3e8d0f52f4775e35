// Results by group of startups, beside what the companies' own rows say.
#include "analysis/report/cohort_report.hpp"
#include "analysis/report/group_report.hpp"
#include "analysis/statistics/cohort.hpp"
#include "analysis/statistics/findings.hpp"
#include "analysis/statistics/restricted_mean.hpp"
#include "tests/analysis/ask.hpp"
#include "tests/analysis/scratch_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace venturi;
using Catch::Matchers::Contains;

namespace {

const std::vector<std::string> three_small_groups = {
    "startups.service.count=9", "startups.health.count=7", "startups.makers.count=5",
    "run.horizon=60 months",    "run.trajectories=6",
};

std::size_t place_of(std::string_view name) {
    const auto all = group_observables();
    const auto found = std::ranges::find(all, name, &GroupObservable::name);
    REQUIRE(found != all.end());
    return static_cast<std::size_t>(found - all.begin());
}

}  // namespace

TEST_CASE("what a group showed is what its companies' rows say") {
    const Scenario scenario = load_with_settings("ecosystem", three_small_groups);
    const CohortStatistics statistics =
        run_cohort(scenario, {.threads = 2, .keep = {.companies = true}}).result;
    REQUIRE(statistics.groups.size() == 3);
    for (std::size_t group = 0; group < 3; ++group) {
        const GroupResults& results = statistics.groups[group];
        CHECK(results.group == scenario.world.startups[group].name);
        std::map<std::uint64_t, std::pair<double, double>> dead_and_raised;
        std::map<std::uint64_t, double> founded;
        SurvivalCounts survival(60, 1);
        for (const CompanyRow& row : statistics.companies) {
            if (row.group != group) continue;
            founded[row.trajectory] += 1;
            dead_and_raised[row.trajectory].first += is_dead(row.status) ? 1 : 0;
            dead_and_raised[row.trajectory].second += row.raised;
            survival.add(row.ended - row.founded, is_dead(row.status) ? Observed::event : Observed::censored);
        }
        Moments dead;
        Moments raised;
        for (const auto& [trajectory, sums] : dead_and_raised) {
            dead.add(sums.first / founded[trajectory]);
            raised.add(sums.second / founded[trajectory]);
        }
        CHECK(results.means[place_of("share_dead")].count() == dead.count());
        CHECK(results.means[place_of("share_dead")].mean() == Approx(dead.mean()).epsilon(1e-12));
        CHECK(results.means[place_of("raised_per_company")].mean() == Approx(raised.mean()).epsilon(1e-12));
        CHECK(results.means[place_of("raised_per_company")].standard_error()
              == Approx(raised.standard_error()).epsilon(1e-10));
        CHECK(results.survival.total() == survival);
    }
}

TEST_CASE("what is defined by group is the observable of the same name, of one group as of all") {
    Scenario scenario = load_with_settings(
        "seed_cohort", {"startups.founders.count=15", "run.horizon=72 months", "run.trajectories=5"});
    CHECK(run_cohort(scenario, {}).result.groups.empty());
    CHECK(groups_csv(run_cohort(scenario, {}).result).empty());
    // A second group in which nobody is ever founded within the horizon.
    scenario.world.startups.push_back(scenario.world.startups.front());
    scenario.world.startups.back().name = "later";
    scenario.world.startups.back().founded = Constant{1000};
    const CohortStatistics statistics = run_cohort(scenario, {}).result;
    REQUIRE(statistics.groups.size() == 2);
    for (std::size_t i = 0; i < group_observables().size(); ++i) {
        INFO(group_observables()[i].name);
        const auto reference = built_in_observables()->find(group_observables()[i].name);
        REQUIRE(reference);
        const Moments& of_all = statistics.scalars[reference->place];
        CHECK(statistics.groups[0].means[i].mean() == Approx(of_all.mean()).epsilon(1e-12));
        CHECK(statistics.groups[0].means[i].standard_error()
              == Approx(of_all.standard_error()).epsilon(1e-9));
        CHECK(statistics.groups[1].means[i].count() == 0);
    }
    CHECK(statistics.groups[0].survival == statistics.survival);
}

TEST_CASE("a run of several groups tells of each, the same on any number of threads") {
    const ScratchFolder scratch;
    const auto command = [&](const std::string& name, const char* threads) {
        std::vector<std::string> words = {
            "run",     "ecosystem", "--threads", threads,
            "--quiet", "--json",    "--output",  (scratch.path() / name).string()};
        for (const std::string& setting : three_small_groups) words.insert(words.end(), {"--set", setting});
        return words;
    };
    const Answer one = ask(command("one", "1"));
    REQUIRE(one.code == ExitCode::success);
    REQUIRE(ask(command("two", "2")).code == ExitCode::success);
    const std::string rows = content_of(scratch.path() / "one" / "groups.csv");
    CHECK_THAT(rows, Catch::Matchers::StartsWith("group,observable,month,statistic,value,unit\n"));
    CHECK_THAT(rows, Contains("\nhealth,share_dead,,mean,") && Contains("\nmakers,survival,60,upper_95,")
                         && Contains("\nmakers,restricted_mean_survival,,mean,"));
    CHECK(rows == content_of(scratch.path() / "two" / "groups.csv"));
    CHECK(content_of(scratch.path() / "one" / "ensemble.nc")
          == content_of(scratch.path() / "two" / "ensemble.nc"));
    const auto json = nlohmann::json::parse(one.out);
    CHECK(json["observables"]["groups"].size() == 3);
    CHECK(json["observables"]["groups"]["service"]["scalars"]["share_alive"]["confidence_interval"].size()
          == 2);
    const Scenario scenario = load_with_settings("ecosystem", three_small_groups);
    const CohortStatistics statistics = run_cohort(scenario, {}).result;
    const Dataset dataset = cohort_dataset(statistics, grid_of(scenario), scenario);
    check(dataset);
    const auto survival = std::ranges::find(dataset.variables, "survival_by_group", &Variable::name);
    REQUIRE(survival != dataset.variables.end());
    CHECK(survival->axes == std::vector<std::string>{"group", "age"});
    const auto lifetimes =
        std::ranges::find(dataset.variables, "restricted_mean_survival_by_group", &Variable::name);
    REQUIRE(lifetimes != dataset.variables.end());
    CHECK(std::get<std::vector<double>>(lifetimes->values)[1]
          == restricted_mean(statistics.groups[1].survival.total()));
    CHECK(json["observables"]["groups"]["health"]["restricted_mean_survival"]["mean"].get<double>()
          == restricted_mean(statistics.groups[1].survival.total()));
    const std::string table = table_text(group_table(statistics), Colour::none);
    CHECK_THAT(table, Contains("survival to 5 years") && Contains("makers") && !Contains("nan"));
}
