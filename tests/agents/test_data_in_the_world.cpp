// The data flow of a world against Jackson's network, and what of it hangs on customers.
#include "agents/data/data_events.hpp"
#include "sim/jackson_network.hpp"
#include "tests/agents/sample.hpp"
#include "tests/agents/worlds.hpp"

#include <Eigen/Dense>
#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

using namespace venturi;
using namespace venturi::testing;

namespace {

/// Companies with three data people each who come with the founders, stay, and are all alike; which clean to
/// no avail, so that every batch is sent back whenever it is inspected; and which plan once.
WorldParameters data_companies(std::int64_t companies) {
    WorldParameters world = lone_organisation();
    StartupGroupParameters& group = world.startups[0];
    group.count = companies;
    group.mix = {.technology = 0, .data = 1, .talent = 0, .partnership = 0, .risk = 0};
    group.marketing_share = 0;
    group.burn = Constant{60000};
    world.standing.planning_interval = 1e6;
    world.culture.coordination = 0;
    world.culture.data.gain = 0;
    world.technology.compute_share = 0;
    world.talent.career.review_interval = 1e6;
    world.talent.career.junior_pay = world.talent.career.senior_pay = 1;
    world.talent.career.junior_skill = world.talent.career.senior_skill = 1;
    world.talent.founding_team = 1;
    world.talent.scarcity = 0;
    world.talent.data.looking = 10 * static_cast<double>(companies);
    world.talent.data.turnover = 0;
    world.talent.data.applications = 0;
    DataParameters& data = world.data;
    data.people_share = 0.6;    // $36,000 for three at $12,000
    data.purchase_share = 0.4;  // $24,000 for two batches at $12,000
    data.batch_price = 12000;
    data.scraped = 0.1;
    data.collection = Exponential{0.4};
    data.cleaning = Exponential{0.5};
    data.storage = Exponential{0.2};
    data.query = Exponential{0.3};
    data.removal = 0;
    data.inspection = 0.4;
    data.tolerated_noise = 0.01;
    data.most_passes = 254;
    return world;
}

/// Companies that sell to many, so that feedback comes; and raise, hire, train and fail as they do.
WorldParameters selling_companies(bool flywheel) {
    WorldParameters world = advantages_setup()->parameters;
    for (SegmentParameters& segment : world.market.segments) segment.privacy = 0.1;
    for (StartupGroupParameters& group : world.startups) group.launch = Constant{2};
    world.data.feedback_batches = 1;
    world.data.flywheel = flywheel;
    return world;
}

}  // namespace

TEST_CASE("Batches at companies whose staff stays go through an open Jackson network") {
    const WorldParameters parameters = data_companies(40);
    const double arrivals = 24000.0 / 12000 + 0.1 * 3;
    const double sent_back = parameters.data.inspection / 2;  // there are no tools
    JacksonNetworkOptions options;
    options.arrival_rates = Eigen::Vector4d(arrivals, 0, 0, 0);
    options.routing = Eigen::Matrix4d::Zero();
    options.routing(0, 1) = 1;
    options.routing(1, 1) = sent_back;
    options.routing(1, 2) = 1 - sent_back;
    options.routing(2, 3) = 1;
    options.servers = {QueueOptions::unlimited, 3, 1, 1};
    options.service_rates = Eigen::Vector4d(1 / 0.4, 1 / 0.5, 1 / 0.2, 1 / 0.3);
    const JacksonNetwork theory(options);

    World<PlainDraws> world = world_of(make_setup(parameters), 61, 0);
    world.run_until(40);
    std::vector<DataLedger> ledgers;
    for (auto& inside : world.organisations) {
        REQUIRE(inside.workforce.productive_of(Role::data) == 3);
        inside.data.restart_statistics(world.now());
        ledgers.push_back(inside.data.ledger());
    }
    constexpr double months = 400;
    world.run_until(40 + months);
    std::array<Sample, data_stages> present;
    std::array<Sample, data_stages> served;
    Sample stocked;
    for (std::size_t i = 0; i < world.organisations.size(); ++i) {
        const auto& inside = world.organisations[i];
        REQUIRE(inside.workforce.productive_of(Role::data) == 3);
        for (std::size_t stage = 0; stage < data_stages; ++stage) {
            const StationStatistics found =
                inside.data.station(static_cast<DataStage>(stage)).statistics(world.now());
            present[stage].add(found.present_integral / months);
            served[stage].add(static_cast<double>(found.served) / months);
        }
        const DataLedger& ledger = inside.data.ledger();
        REQUIRE(ledger.batches_discarded == 0);
        stocked.add(static_cast<double>(ledger.batches_stocked - ledgers[i].batches_stocked) / months);
    }
    for (std::size_t stage = 0; stage < data_stages; ++stage) {
        const auto i = static_cast<Eigen::Index>(stage);
        CAPTURE(data_stage_names[stage], present[stage].mean(), theory.mean_present()[i]);
        CHECK(std::abs(present[stage].z_of_mean(theory.mean_present()[i])) < 4);
        CHECK(std::abs(served[stage].z_of_mean(theory.throughputs()[i])) < 4);
    }
    CHECK(std::abs(stocked.z_of_mean(arrivals)) < 4);
}

TEST_CASE("Without the flywheel no batch is made by customers, and with it some are") {
    for (const bool flywheel : {false, true}) {
        World<PlainDraws> world = world_of(make_setup(selling_companies(flywheel)), 62, 0);
        double feedback = 0;
        std::uint64_t accounts = 0;
        while (world.step(40)) {
            feedback = 0;
            for (const auto& inside : world.organisations) feedback += inside.feedback_stocked;
            for (const auto& startup : world.startups) accounts += startup.customers.accounts();
            for (const auto& inside : world.organisations)
                REQUIRE((flywheel || batch_rates(world, world.startups[inside.startup])[2] == 0));
        }
        REQUIRE(accounts > 1000);
        CHECK((feedback > 10) == flywheel);
        // Models are optimised on it, and on nothing else.
        double optimised = 0;
        for (const auto& inside : world.organisations) {
            optimised += inside.technology.optimised;
            REQUIRE((inside.technology.optimised == 0 || inside.feedback_stocked > 0));
        }
        CHECK((optimised > 0) == flywheel);
    }
}

TEST_CASE("Where nobody buys, the flywheel changes nothing at all") {
    WorldParameters parameters = lone_organisation();
    World<PlainDraws> with = world_of(make_setup(parameters), 63, 0);
    parameters.data.flywheel = false;
    World<PlainDraws> without = world_of(make_setup(parameters), 63, 0);
    with.run_until(60);
    without.run_until(60);
    CHECK(with.organisations[0].data.ledger().arrived > 10);
    CHECK(digest_of(with) == digest_of(without));
}

TEST_CASE("Batches that are bought are the data budget's, whoever else is a customer") {
    // Purchases are a Poisson stream of the budget over the price, thinned from the clock of all sources.
    WorldParameters parameters = lone_organisation();
    parameters.standing.planning_interval = 1e6;
    parameters.technology.tilt = 0;
    parameters.data.scraped = 0;
    World<PlainDraws> world(make_setup(parameters));
    Sample bought;
    double expected = 0;
    constexpr double months = 30;
    for (std::uint32_t i = 0; i < 200; ++i) {
        world.reset(PlainDraws(FastVariates(64, i)));
        world.run_until(months);
        const auto& inside = world.organisations[0];
        expected = inside.purchases / parameters.data.batch_price * months;
        bought.add(static_cast<double>(inside.data.ledger().arrived));
    }
    CHECK(std::abs(bought.z_of_mean(expected)) < 4);
    CHECK(std::abs(bought.z_of_variance(expected, fourth_moment_of_poisson(expected))) < 4);
}
