#include "agents/environment/climate.hpp"
#include "tests/agents/sample.hpp"
#include "tests/agents/worlds.hpp"

#include <Eigen/Dense>
#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <memory>

namespace {

using namespace venturi;
using namespace venturi::testing;

ClimateParameters chain_of(double cold_to_normal, double normal_to_cold, double normal_to_warm,
                           double warm_to_normal) {
    ClimateParameters chain;
    chain.cold_to_normal = cold_to_normal;
    chain.normal_to_cold = normal_to_cold;
    chain.normal_to_warm = normal_to_warm;
    chain.warm_to_normal = warm_to_normal;
    return chain;
}

/// The left null vector of the chain's generator, normalised to sum 1; unique where every climate can be
/// left.
std::array<double, 3> null_vector(const ClimateParameters& chain) {
    Eigen::Matrix3d generator;
    generator << -chain.cold_to_normal, chain.cold_to_normal, 0,                                   //
        chain.normal_to_cold, -chain.normal_to_cold - chain.normal_to_warm, chain.normal_to_warm,  //
        0, chain.warm_to_normal, -chain.warm_to_normal;
    const Eigen::FullPivLU<Eigen::Matrix3d> lu(generator.transpose());
    REQUIRE(lu.dimensionOfKernel() == 1);
    const Eigen::Vector3d kernel = lu.kernel().col(0);
    return {kernel[0] / kernel.sum(), kernel[1] / kernel.sum(), kernel[2] / kernel.sum()};
}

std::shared_ptr<const WorldSetup> world_with(const ClimateParameters& chain) {
    WorldParameters parameters = quiet_world();
    parameters.environment.climate = chain;
    return make_setup(std::move(parameters));
}

constexpr std::array<Climate, 3> climates = {Climate::cold, Climate::normal, Climate::warm};

}  // namespace

TEST_CASE("The climate's stationary law is the null vector of its generator") {
    for (const ClimateParameters& chain : {ClimateParameters{}, chain_of(0.5, 0.01, 0.3, 2),
                                           chain_of(1e-3, 4, 1e-4, 7), chain_of(0.2, 0.2, 0.2, 0.2)}) {
        const std::array<double, 3> law = stationary_law(chain);
        const std::array<double, 3> numerical = null_vector(chain);
        for (std::size_t i = 0; i < 3; ++i) CHECK(law[i] == Approx(numerical[i]).epsilon(1e-11));
    }
}

TEST_CASE("A climate that is never left, or never entered, is no special case") {
    CHECK(stationary_law(chain_of(0, 0.1, 0.1, 0.1)) == std::array<double, 3>{1, 0, 0});
    CHECK(stationary_law(chain_of(0.1, 0.1, 0.1, 0)) == std::array<double, 3>{0, 0, 1});
    CHECK(stationary_law(chain_of(0.1, 0, 0, 0.1)) == std::array<double, 3>{0, 1, 0});
    CHECK(stationary_law(chain_of(0, 0, 0, 0)) == std::array<double, 3>{0, 1, 0});
    // Two climates alone: cold is cut off.
    for (const double cold_to_normal : {0.0, 0.1}) {
        const std::array<double, 3> law = stationary_law(chain_of(cold_to_normal, 0, 0.1, 0.3));
        CHECK(law[0] == 0);
        CHECK(law[1] == Approx(0.75));
        CHECK(law[2] == Approx(0.25));
    }
    // From normal into one of two climates for good.
    const std::array<double, 3> law = stationary_law(chain_of(0, 0.1, 0.3, 0));
    CHECK(law[0] == Approx(0.25));
    CHECK(law[1] == 0);
    CHECK(law[2] == Approx(0.75));
}

TEST_CASE("Over a long time a world spends in each climate what the stationary law says") {
    const ClimateParameters chain = chain_of(1.0 / 6, 1.0 / 15, 1.0 / 10, 1.0 / 8);
    constexpr double horizon = 1200;
    World<PlainDraws> world(world_with(chain));
    std::array<Sample, 3> at_start;
    std::array<Sample, 3> shares;
    for (std::uint32_t i = 0; i < 500; ++i) {
        world.reset(PlainDraws(FastVariates(1906, i)));
        std::array<double, 3> months = {0, 0, 0};
        for (std::size_t c = 0; c < 3; ++c) at_start[c].add(world.climate == climates[c] ? 1.0 : 0.0);
        for (;;) {
            const Climate before = world.climate;
            const double since = world.now();
            const bool more = world.step(horizon);
            months[static_cast<std::size_t>(before)] += (more ? world.now() : horizon) - since;
            if (!more) break;
        }
        for (std::size_t c = 0; c < 3; ++c) shares[c].add(months[c] / horizon);
    }
    const std::array<double, 3> law = stationary_law(chain);
    for (std::size_t c = 0; c < 3; ++c) {
        CHECK(std::abs(shares[c].z_of_mean(law[c])) < 4);
        CHECK(std::abs(at_start[c].z_of_mean(law[c])) < 4);
    }
}

TEST_CASE("Sojourns in a climate are exponential, and what follows is drawn by the rates") {
    const ClimateParameters chain;
    for (const Climate climate : climates) {
        ClimateParameters begun = chain;
        begun.initial = static_cast<InitialClimate>(climate);
        World<PlainDraws> world(world_with(begun));
        Sample sojourns;
        Sample turns_cold;
        for (std::uint32_t i = 0; i < 2000; ++i) {
            world.reset(PlainDraws(FastVariates(1907, i)));
            REQUIRE(world.climate == climate);
            while (world.climate == climate) REQUIRE(world.step(1e5));
            sojourns.add(world.now());
            turns_cold.add(world.climate == Climate::cold ? 1.0 : 0.0);
            if (climate != Climate::normal) REQUIRE(world.climate == Climate::normal);
        }
        CHECK(distance_from_exponential(sojourns, exit_rate(chain, climate)) < 1.95);
        if (climate == Climate::normal)
            CHECK(std::abs(turns_cold.z_of_mean(chain.normal_to_cold / exit_rate(chain, climate))) < 4);
    }
}

TEST_CASE("A climate that nothing moves stays for ever") {
    for (const Climate climate : climates) {
        ClimateParameters chain = chain_of(0, 0, 0, 0);
        chain.initial = static_cast<InitialClimate>(climate);
        World<PlainDraws> world(world_with(chain));
        world.run_until(1200);
        CHECK(world.climate == climate);
    }
}

TEST_CASE("A climate that is set free in the middle of a history moves from then on at the new rate") {
    WorldParameters parameters = quiet_world();
    const std::size_t rate = leaf_number(parameters, "environment.climate.normal_to_warm");
    World<PlainDraws> world(
        make_setup(parameters, {{.name = "thaw", .at = 50.0, .when = {}, .settings = {{rate, 0.1}}}}));
    Sample waits;
    for (std::uint32_t i = 0; i < 2000; ++i) {
        world.reset(PlainDraws(FastVariates(1908, i)));
        while (world.climate == Climate::normal) REQUIRE(world.step(1e5));
        REQUIRE(world.climate == Climate::warm);
        waits.add(world.now() - 50);
    }
    CHECK(distance_from_exponential(waits, 0.1) < 1.95);
}
