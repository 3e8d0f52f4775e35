// An advantage can be overdone: what a company fetches has its best share of the mix inside, not at an end.
#include "scenarios/scenario.hpp"
#include "tests/agents/sample.hpp"
#include "tests/agents/worlds.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <vector>

using namespace venturi;
using namespace venturi::testing;

namespace {

// Proceeds for each company, by trajectory, with the given share for talent and the others scaled down.
std::vector<double> proceeds_with_talent_share(double share) {
    const std::array folders = {std::filesystem::path(VENTURI_SOURCE_FOLDER) / "scenarios" / "library"};
    Scenario scenario = load_scenario("foundation_model_lab", folders);
    InvestmentMix& mix = scenario.world.startups.at(0).mix;
    const double others = mix.technology + mix.data + mix.partnership + mix.risk;
    for (double* other : {&mix.technology, &mix.data, &mix.partnership, &mix.risk})
        *other *= (1 - share) / others;
    mix.talent = share;
    World<PlainDraws> world(make_setup(scenario.world));
    std::vector<double> found;
    constexpr double horizon = 72;
    constexpr std::uint32_t trajectories = 100;
    for (std::uint32_t trajectory = 0; trajectory < trajectories; ++trajectory) {
        world.reset(PlainDraws(FastVariates(2024, trajectory)));
        world.run_until(horizon);
        double sum = 0;
        for (const auto& startup : world.startups) sum += startup.proceeds;
        found.push_back(sum / static_cast<double>(world.startups.size()));
    }
    return found;
}

// Standard errors by which the first is above the second, pair by pair.
double paired_z(const std::vector<double>& a, const std::vector<double>& b) {
    Sample difference;
    for (std::size_t i = 0; i < a.size(); ++i) difference.add(a[i] - b[i]);
    return difference.mean() / std::sqrt(difference.variance() / static_cast<double>(a.size()));
}

}  // namespace

TEST_CASE("A tenth of the mix for talent is worth more than none of it, and more than most of it") {
    const std::vector<double> some = proceeds_with_talent_share(0.1);
    CHECK(paired_z(some, proceeds_with_talent_share(0)) > 2.6);
    CHECK(paired_z(some, proceeds_with_talent_share(0.7)) > 2.6);
}
