// The lab and the seven applications of the library: each runs, and what comes of it lies where a reader
// would expect it. Bands are wide on purpose: they are there to catch a world that has gone wrong, not to fix
// one that is right.
#include "agents/technology/technology_events.hpp"
#include "analysis/statistics/cohort.hpp"
#include "analysis/statistics/findings.hpp"
#include "scenarios/scenario.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

using namespace venturi;

namespace {

constexpr std::array<std::string_view, 8> applications = {
    "foundation_model_lab", "customer_service",        "finance", "healthcare", "smart_city", "education",
    "smart_manufacturing",  "ecommerce_recommendation"};

Scenario library_scenario(std::string_view name) {
    const std::array folders = {std::filesystem::path(VENTURI_SOURCE_FOLDER) / "scenarios" / "library"};
    return load_scenario(std::string(name), folders);
}

double scalar(const CohortStatistics& statistics, std::string_view name) {
    for (std::size_t i = 0; i < statistics.scalars.size(); ++i)
        if (scalar_observables()[i].name == name) return statistics.scalars[i].mean();
    throw std::invalid_argument(std::string(name));
}

// What the insides of living startups look like at a month, pooled over trajectories.
struct Insides {
    std::vector<double> staff;
    std::vector<double> gaps;
    std::vector<double> quality_of_data;
    double runs = 0;
    double hires = 0;
    double startups = 0;
    double accounts_share = 0;
};

Insides insides_at(const Scenario& scenario, double month, std::uint32_t trajectories) {
    Insides found;
    World<PlainDraws> world(make_setup(scenario.world, scenario.interventions));
    for (std::uint32_t trajectory = 0; trajectory < trajectories; ++trajectory) {
        world.reset(PlainDraws(FastVariates(static_cast<std::uint64_t>(scenario.run.seed), trajectory)));
        world.run_until(month);
        double accounts = 0;
        double adopters = 0;
        for (const auto& segment : world.segments) adopters += static_cast<double>(segment.adopters);
        for (const auto& startup : world.startups) {
            accounts += startup.customers.accounts();
            if (!is_alive(startup.status)) continue;
            const auto& inside = world.inside(startup);
            found.staff.push_back(inside.workforce.headcount());
            found.gaps.push_back(product_gap(world, startup));
            found.quality_of_data.push_back(inside.data.stock().quality);
            found.runs += inside.technology.runs_finished;
            found.hires += static_cast<double>(inside.hiring.ledger().hired);
            ++found.startups;
        }
        found.accounts_share += accounts / adopters / trajectories;
    }
    return found;
}

double median(std::vector<double> values) {
    std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
    return values[values.size() / 2];
}

}  // namespace

TEST_CASE("Each application runs ten years, and its startups fare within sane bounds", "[long]") {
    for (const std::string_view name : applications) {
        CAPTURE(name);
        Scenario scenario = library_scenario(name);
        scenario.run.trajectories = 16;
        const CohortOutcome outcome = run_cohort(scenario, {});
        REQUIRE(outcome.completed == 16);
        const double dead = scalar(outcome.result, "share_dead");
        CHECK(dead > 0.2);
        CHECK(dead < 0.95);
        CHECK(scalar(outcome.result, "share_raised_round_2") > 0.1);
        CHECK(scalar(outcome.result, "share_raised_round_2") < 0.8);
        CHECK(scalar(outcome.result, "share_exited") > 0.05);
        CHECK(scalar(outcome.result, "share_unicorn") < 0.3);
        const auto survival = find_statistic(outcome.result, grid_of(scenario), "survival", 36);
        REQUIRE(survival);
        CHECK(survival->value > 0.15);
        CHECK(survival->value < 0.9);
    }
}

TEST_CASE("Inside the startups of each application people are hired, models trained, data cleaned") {
    for (const std::string_view name : applications) {
        CAPTURE(name);
        const Insides found = insides_at(library_scenario(name), 48, 12);
        REQUIRE(found.startups > 30);
        CHECK(median(found.staff) >= 3);
        CHECK(median(found.staff) <= 200);
        // Two or three runs a year, and some staff turned over and grown.
        CHECK(found.runs / found.startups > 2);
        CHECK(found.runs / found.startups < 20);
        CHECK(found.hires / found.startups > 1);
        CHECK(median(found.gaps) > -1.5);
        CHECK(median(found.gaps) < 2);
        CHECK(median(found.quality_of_data) > 0.3);
        CHECK(median(found.quality_of_data) <= 1);
        CHECK(found.accounts_share > 0.01);
        CHECK(found.accounts_share < 0.6);
    }
}

TEST_CASE("Applications differ: where sales take longer and rules are strict, revenue comes later") {
    const auto revenue_at = [](std::string_view name, double month) {
        const Scenario scenario = library_scenario(name);
        World<PlainDraws> world(make_setup(scenario.world, scenario.interventions));
        double sum = 0;
        for (std::uint32_t trajectory = 0; trajectory < 12; ++trajectory) {
            world.reset(PlainDraws(FastVariates(1, trajectory)));
            world.run_until(month);
            sum += world.measure(Measure::named("revenue"));
        }
        return sum;
    };
    // What has been earned after two years of what is earned after five.
    const auto early = [&](std::string_view name) { return revenue_at(name, 24) / revenue_at(name, 60); };
    CHECK(early("customer_service") > 2 * early("healthcare"));
    CHECK(early("ecommerce_recommendation") > 2 * early("smart_city"));
}
