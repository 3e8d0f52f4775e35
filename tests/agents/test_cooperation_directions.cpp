// The five ways of cooperating: what each does, over trajectories paired by common random numbers.
#include "scenarios/scenario.hpp"
#include "tests/agents/network_worlds.hpp"
#include "tests/agents/sample.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

using namespace venturi;
using namespace venturi::testing;

namespace {

constexpr double horizon = 48;
constexpr std::uint32_t trajectories = 40;

enum Observable : std::size_t { ties_formed, lag, trust, projects, observables };
using Observed = std::array<double, observables>;

/// Ten companies of the library's customer service with money for all their lives, among universities and
/// industry partners.
WorldParameters cooperating() {
    const std::filesystem::path library =
        std::filesystem::path(VENTURI_SOURCE_FOLDER) / "scenarios" / "library";
    WorldParameters world =
        load_scenario((library / "customer_service.yaml").string(), std::span(&library, 1)).world;
    world.startups[0].count = 10;
    world.startups[0].seed_round = Constant{1e9};
    world.startups[0].founded = Constant{0};
    world.startups[0].mix.partnership = 0.2;
    world.finance.rounds.clear();
    world.finance.exits.shutdown = 0;
    world.finance.exits.offers = 0;
    world.finance.exits.listing = 0;
    world.partners.push_back(plain_partners("universities", PartnerGroupKind::university, 5));
    world.partners.push_back(plain_partners("industry", PartnerGroupKind::industry, 10));
    world.partners[0].knowledge = 0.95;
    world.partners[1].assets = Constant{1e8};
    for (PartnerGroupParameters& group : world.partners) group.reliability = 0.85;
    world.partnership.ties.rivalry = 0;
    world.partnership.projects.proposals = 2;
    return world;
}

Observed observe(World<PlainDraws>& world, std::uint32_t trajectory) {
    world.reset(PlainDraws(FastVariates(1988, trajectory)));
    world.run_until(horizon);
    Observed seen{};
    seen[ties_formed] = static_cast<double>(world.network.formed);
    for (const auto& inside : world.organisations)
        seen[lag] += inside.technology.lag.at(horizon) / static_cast<double>(world.organisations.size());
    seen[trust] = mean_trust(world);
    seen[projects] = static_cast<double>(world.network.projects_begun);
    return seen;
}

/// z of the difference in an observable between all cooperating at 0.9 of a way and all at 0.1.
double z(double CooperationStyle::*way, Observable what) {
    const auto run = [&](double value) {
        WorldParameters parameters = cooperating();
        parameters.startups[0].cooperation.*way = value;
        for (PartnerGroupParameters& group : parameters.partners) group.cooperation.*way = value;
        World<PlainDraws> world(make_setup(parameters));
        std::vector<Observed> seen;
        for (std::uint32_t i = 0; i < trajectories; ++i) seen.push_back(observe(world, i));
        return seen;
    };
    const auto high = run(0.9);
    const auto low = run(0.1);
    Sample differences;
    for (std::uint32_t i = 0; i < trajectories; ++i) differences.add(high[i][what] - low[i][what]);
    return differences.z_of_mean(0);
}

}  // namespace

TEST_CASE("Open culture brings more ties", "[long]") {
    CHECK(z(&CooperationStyle::openness, ties_formed) > 4);
}

TEST_CASE("Sharing culture lets knowledge spill over: companies lag less", "[long]") {
    CHECK(z(&CooperationStyle::sharing, lag) < -4);
}

TEST_CASE("Transparency builds trust", "[long]") {
    CHECK(z(&CooperationStyle::transparency, trust) > 4);
}

TEST_CASE("Joint innovation begins more projects", "[long]") {
    CHECK(z(&CooperationStyle::joint_innovation, projects) > 4);
}

TEST_CASE("Fair sharing of benefit and risk builds trust", "[long]") {
    CHECK(z(&CooperationStyle::fairness, trust) > 4);
}
