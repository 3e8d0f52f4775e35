#include "analysis/report/company_table.hpp"
#include "analysis/statistics/cohort.hpp"
#include "tests/analysis/ask.hpp"
#include "tests/analysis/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

using namespace venturi;

namespace {

CohortStatistics kept(const std::string& name, std::vector<std::string> settings) {
    settings.insert(settings.end(), {"run.trajectories=12", "run.horizon=48 months"});
    return run_cohort(load_with_settings(name, settings), {.keep = {.companies = true}}).result;
}

}  // namespace

TEST_CASE("rows of companies count what the ensemble counts", "[companies]") {
    const CohortStatistics statistics = kept("seed_cohort", {});
    REQUIRE(statistics.companies.size() == statistics.survival.total().count());
    std::uint64_t deaths = 0;
    SurvivalCounts survival(48, 1);
    double raised = 0;
    for (const CompanyRow& row : statistics.companies) {
        CHECK(row.ended >= row.founded);
        CHECK(row.ended <= 48);
        deaths += is_dead(row.status) ? 1 : 0;
        raised += row.raised;
        survival.add(row.ended - row.founded, is_dead(row.status) ? Observed::event : Observed::censored);
        CHECK((row.proceeds > 0) == has_exited(row.status));
        CHECK_FALSE(row.headcount.has_value());
    }
    CHECK(survival == statistics.survival.total());
    const auto failures = std::ranges::find(scalar_observables(), "failures", &Observable::name);
    const Moments& counted =
        statistics.scalars[static_cast<std::size_t>(failures - scalar_observables().begin())];
    CHECK(static_cast<double>(deaths) == Approx(counted.mean() * 12));
    CHECK(raised > 0);
    std::set<std::pair<std::uint64_t, std::uint32_t>> names;
    for (const CompanyRow& row : statistics.companies) names.insert({row.trajectory, row.number});
    CHECK(names.size() == statistics.companies.size());
}

TEST_CASE("companies that are modelled inside have people", "[companies]") {
    const CohortStatistics statistics = kept("customer_service", {});
    CHECK(std::ranges::any_of(statistics.companies,
                              [](const CompanyRow& row) { return row.headcount.value_or(0) > 0; }));
}

TEST_CASE("venturi run --companies writes a row for each company, the same again", "[companies][program]") {
    const ScratchFolder scratch;
    const std::string folder = (scratch.path() / "out").string();
    REQUIRE(
        ask({"run", "seed_cohort", "--trajectories", "3", "--companies", "--quiet", "--output", folder}).code
        == ExitCode::success);
    std::istringstream lines(content_of(folder + "/companies.csv"));
    std::string line;
    std::getline(lines, line);
    CHECK(line
          == "trajectory,company,group,founded,status,ended,age,dead,rounds,raised,revenue,headcount,"
             "highest_valuation,proceeds,founders_share");
    int rows = 0;
    while (std::getline(lines, line)) {
        CHECK(std::ranges::count(line, ',') == 14);
        ++rows;
    }
    CHECK(rows == 300);
    CHECK(ask({"reproduce", folder, "--quiet"}).code == ExitCode::success);
}
