// Which way the world answers when one thing about it changes, over trajectories paired by common random
// numbers.
#include "tests/agents/sample.hpp"
#include "tests/agents/worlds.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <functional>
#include <vector>

using namespace venturi;
using namespace venturi::testing;

namespace {

constexpr double horizon = 60;
using Look = std::function<double(const World<PlainDraws>&)>;
using Change = std::function<void(WorldParameters&)>;

double rounds(const World<PlainDraws>& world) {
    return world.measure(Measure::named("rounds"));
}

/// Accounts that have chosen a startup, on a scale on which no single winner decides.
double custom(const World<PlainDraws>& world) {
    double sum = 0;
    for (const auto& startup : world.startups) sum += std::log1p(startup.customers.accounts());
    return sum;
}
double shutdowns(const World<PlainDraws>& world) {
    return world.measure(Measure::named("shutdowns"));
}
double acquisitions(const World<PlainDraws>& world) {
    return world.measure(Measure::named("acquisitions"));
}

/// Months that all startups together have lived.
double months_lived(const World<PlainDraws>& world) {
    double sum = 0;
    for (const auto& startup : world.startups)
        if (startup.status != Status::unfounded)
            sum += (is_alive(startup.status) ? world.now() : startup.ended) - startup.founded;
    return sum;
}

/// Standard errors by which each thing that is looked at is higher in the changed world, trajectory by
/// trajectory.
std::vector<double> z_of_change(const WorldParameters& base, const std::vector<Look>& looks,
                                const Change& change) {
    WorldParameters other = base;
    change(other);
    World<PlainDraws> plain(make_setup(base));
    World<PlainDraws> changed(make_setup(other));
    std::vector<Sample> differences(looks.size());
    for (std::uint32_t i = 0; i < 100; ++i) {
        const PlainDraws draws(FastVariates(1865, i));
        plain.reset(draws);
        changed.reset(draws);
        plain.run_until(horizon);
        changed.run_until(horizon);
        for (std::size_t k = 0; k < looks.size(); ++k)
            differences[k].add(looks[k](changed) - looks[k](plain));
    }
    std::vector<double> z;
    for (const Sample& sample : differences) z.push_back(sample.z_of_mean(0));
    return z;
}

double z_of_change(const WorldParameters& base, const Look& look, const Change& change) {
    return z_of_change(base, std::vector{look}, change)[0];
}

void hold_climate(WorldParameters& world, InitialClimate climate) {
    ClimateParameters& chain = world.environment.climate;
    chain.initial = climate;
    chain.cold_to_normal = chain.normal_to_cold = chain.normal_to_warm = chain.warm_to_normal = 0;
}

}  // namespace

TEST_CASE("More rounds are raised, and more companies are sold, in a warm climate than in a cold one",
          "[long]") {
    WorldParameters cold = cohort(40);
    hold_climate(cold, InitialClimate::cold);
    const auto warms = [](WorldParameters& world) { hold_climate(world, InitialClimate::warm); };
    for (const double z : z_of_change(cold, {rounds, acquisitions}, warms)) CHECK(z > 4);
}

TEST_CASE("A higher burn shortens lives", "[long]") {
    // The group's usual burn is the unit of what spending achieves, so this is more money for the same work.
    CHECK(z_of_change(cohort(40), months_lived,
                      [](WorldParameters& world) {
                          world.startups[0].burn = LogNormal{90000, 0.4};
                      })
          < -4);
}

TEST_CASE("Costs that rise shorten lives, and cheaper compute lengthens those of who buys it", "[long]") {
    CHECK(z_of_change(cohort(40), months_lived,
                      [](WorldParameters& world) { world.environment.wage_rise = 0.2; })
          < -4);
    WorldParameters heavy = cohort(40);
    heavy.startups[0].compute_share = 0.6;
    CHECK(z_of_change(heavy, months_lived,
                      [](WorldParameters& world) { world.environment.compute_price_cuts = 1; })
          > 4);
}

TEST_CASE("Better companies sell more, raise more and give up less", "[long]") {
    const auto better = [](WorldParameters& world) { world.startups[0].quality = Normal{1, 1}; };
    for (const double z : z_of_change(cohort(40), {custom, rounds}, better)) CHECK(z > 4);
    CHECK(z_of_change(cohort(40), shutdowns, better) < -4);
}

TEST_CASE("A faster frontier, stronger rivals or a smaller market leave less to startups", "[long]") {
    CHECK(z_of_change(cohort(40), custom,
                      [](WorldParameters& world) { world.environment.frontier_advances = 1; })
          < -4);
    CHECK(z_of_change(cohort(40), custom,
                      [](WorldParameters& world) { world.market.segments[0].rivals = 4000; })
          < -4);
    CHECK(z_of_change(cohort(40), custom, [](WorldParameters& world) { world.market.segments[0].size /= 4; })
          < -4);
}

TEST_CASE("What ends companies ends more of them where its rate is higher", "[long]") {
    CHECK(
        z_of_change(cohort(40), shutdowns, [](WorldParameters& world) { world.finance.exits.shutdown *= 3; })
        > 4);
    CHECK(
        z_of_change(cohort(40), acquisitions, [](WorldParameters& world) { world.finance.exits.offers *= 3; })
        > 4);
}

TEST_CASE("One investor with small funds leads fewer rounds than twenty with large ones", "[long]") {
    CHECK(z_of_change(cohort(40), rounds,
                      [](WorldParameters& world) {
                          world.investors[0].count = 1;
                          world.investors[0].fund_size = LogNormal{2e7, 0.8};
                      })
          < -4);
}

TEST_CASE("Giving up in a world where nothing else happens is a constant hazard") {
    WorldParameters parameters = lone_startup();
    parameters.startups[0].count = 500;
    parameters.startups[0].burn = Constant{0};
    parameters.startups[0].quality = Constant{0.5};
    parameters.finance.exits.shutdown = 0.05;
    World<PlainDraws> world(make_setup(parameters));
    Sample lives;
    for (std::uint32_t i = 0; i < 4; ++i) {
        world.reset(PlainDraws(FastVariates(1972, i)));
        world.run_until(1e4);
        for (const auto& startup : world.startups) {
            REQUIRE(startup.status == Status::shut_down);
            lives.add(startup.ended);
        }
    }
    const double rate = 0.05 * std::exp(-parameters.finance.exits.shutdown_quality_effect * 0.5);
    CHECK(distance_from_exponential(lives, rate) < 1.95);
}
