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

// Histories of a scenario of the library over six years with the given share of the mix for an advantage and
// the others scaled down; of each, what `figure` makes of the world.
template <class Figure>
std::vector<double> figures_with_share(const char* name, double InvestmentMix::*advantage, double share,
                                       std::uint32_t trajectories, Figure&& figure) {
    const std::array folders = {std::filesystem::path(VENTURI_SOURCE_FOLDER) / "scenarios" / "library"};
    Scenario scenario = load_scenario(name, folders);
    InvestmentMix& mix = scenario.world.startups.at(0).mix;
    double others = 0;
    for (const double one : mix.shares()) others += one;
    others -= mix.*advantage;
    for (double* one : {&mix.technology, &mix.data, &mix.talent, &mix.partnership, &mix.risk})
        *one *= (1 - share) / others;
    mix.*advantage = share;
    World<PlainDraws> world(make_setup(scenario.world));
    std::vector<double> found;
    constexpr double horizon = 72;
    for (std::uint32_t trajectory = 0; trajectory < trajectories; ++trajectory) {
        world.reset(PlainDraws(FastVariates(2024, trajectory)));
        world.run_until(horizon);
        found.push_back(figure(world) / static_cast<double>(world.startups.size()));
    }
    return found;
}

double proceeds(const World<PlainDraws>& world) {
    double sum = 0;
    for (const auto& startup : world.startups) sum += startup.proceeds;
    return sum;
}

double not_dead(const World<PlainDraws>& world) {
    double count = 0;
    for (const auto& startup : world.startups) count += is_dead(startup.status) ? 0 : 1;
    return count;
}

// Standard errors by which the first is above the second, pair by pair.
double paired_z(const std::vector<double>& a, const std::vector<double>& b) {
    Sample difference;
    for (std::size_t i = 0; i < a.size(); ++i) difference.add(a[i] - b[i]);
    return difference.mean() / std::sqrt(difference.variance() / static_cast<double>(a.size()));
}

}  // namespace

TEST_CASE("A tenth of the mix for talent is worth more than none of it, and more than most of it", "[long]") {
    const auto with = [](double share) {
        return figures_with_share("foundation_model_lab", &InvestmentMix::talent, share, 100, proceeds);
    };
    const std::vector<double> some = with(0.1);
    CHECK(paired_z(some, with(0)) > 2.6);
    CHECK(paired_z(some, with(0.7)) > 2.6);
}

TEST_CASE(
    "With a tenth of the mix for risk fewer companies die in healthcare than with none, or with most of it",
    "[long]") {
    const auto with = [](double share) {
        return figures_with_share("healthcare", &InvestmentMix::risk, share, 300, not_dead);
    };
    const std::vector<double> some = with(0.1);
    CHECK(paired_z(some, with(0)) > 2.6);
    CHECK(paired_z(some, with(0.8)) > 2.6);
}
