#include "analysis/problems/startup4.hpp"
#include "sim/ensemble/moments.hpp"
#include "tests/allocation_counter.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

using namespace venturi;
using venturi::problems::Startup4;
using venturi::problems::Startup4Model;

namespace {

constexpr std::size_t stages = 4;
constexpr std::size_t advantages = 5;
constexpr std::uint32_t trajectories = 1'000'000;

// The closed form at 0.2 everywhere: oracles/startup4.md.
constexpr double exact_value = 70.4057272036745;
constexpr std::array<std::array<double, advantages>, stages> exact_gradient = {
    {{34.80684157109132, 15.113903840672343, 22.876802381146298, 11.950046827592164, 7.218913094533271},
     {27.074150159520357, 23.217102257139423, 19.02681281869976, 20.561261400248817, 8.706413454204954},
     {20.30915599593965, 27.30401768118474, 15.739348177930008, 28.346889308341908, 10.52209269461344},
     {18.690241706993856, 26.914304654406592, 12.825427151573503, 32.18039058198665, 14.013608050268523}}};

template <std::size_t size>
Startup4Model<Dual<size>> model_in_duals() {
    typename Startup4Model<Dual<size>>::Mix mix;
    for (std::size_t s = 0; s < stages; ++s)
        for (std::size_t i = 0; i < advantages; ++i)
            mix[s][i] = Dual<size>::variable(0.2, size == advantages ? i : s * advantages + i);
    return Startup4Model<Dual<size>>(mix);
}

Startup4Model<double> plain_model(std::size_t moved_stage = 0, std::size_t moved_advantage = 0,
                                  double by = 0) {
    Startup4Model<double>::Mix mix;
    for (auto& row : mix) row.fill(0.2);
    mix[moved_stage][moved_advantage] += by;
    return Startup4Model<double>(mix);
}

// Means of value and gradient by the likelihood ratio, E[∇f + f·score].
template <std::size_t size>
struct GradientRun {
    Moments value;
    std::array<Moments, size> gradient;

    explicit GradientRun(std::uint64_t seed) {
        const auto model = model_in_duals<size>();
        Startup4<ScoreDraws<size>> startup;
        for (std::uint32_t trajectory = 0; trajectory < trajectories; ++trajectory) {
            ScoreDraws<size> draws(FastVariates(seed, trajectory));
            const Dual<size> payoff = startup.run(draws, model);
            value.add(payoff.value);
            for (std::size_t i = 0; i < size; ++i)
                gradient[i].add(payoff.derivative[i] + payoff.value * draws.score()[i]);
        }
    }
};

double standard_score(const Moments& moments, double exact) {
    return (moments.mean() - exact) / moments.standard_error();
}

}  // namespace

TEST_CASE("STARTUP-4 is worth its closed form", "[startup4][long]") {
    const Startup4Model<double> model = plain_model();
    Startup4<PlainDraws> startup;
    Moments value;
    for (std::uint32_t trajectory = 0; trajectory < trajectories; ++trajectory) {
        PlainDraws draws(FastVariates(41, trajectory));
        value.add(startup.run(draws, model));
    }
    REQUIRE(std::abs(standard_score(value, exact_value)) < 4);
    REQUIRE(value.standard_error() < 0.005 * exact_value);
}

TEST_CASE("STARTUP-4's gradient in a shared mix is the closed form's", "[startup4][long]") {
    const GradientRun<5> run(42);
    REQUIRE(std::abs(standard_score(run.value, exact_value)) < 4);
    for (std::size_t i = 0; i < advantages; ++i) {
        double exact = 0;
        for (std::size_t s = 0; s < stages; ++s) exact += exact_gradient[s][i];
        INFO("advantage " << i);
        REQUIRE(std::abs(standard_score(run.gradient[i], exact)) < 4);
        REQUIRE(run.gradient[i].standard_error() < 0.05 * exact);
    }
}

TEST_CASE("STARTUP-4's gradient in a mix for each stage is the closed form's", "[startup4][long]") {
    const GradientRun<20> run(43);
    for (std::size_t s = 0; s < stages; ++s) {
        for (std::size_t i = 0; i < advantages; ++i) {
            INFO("stage " << s << ", advantage " << i);
            REQUIRE(std::abs(standard_score(run.gradient[s * advantages + i], exact_gradient[s][i])) < 4);
        }
    }
}

TEST_CASE("STARTUP-4's rates, burn and exit have the derivatives of central differences", "[startup4]") {
    const auto duals = model_in_duals<20>();
    constexpr double h = 1e-5;
    for (std::size_t s = 0; s < stages; ++s) {
        for (std::size_t i = 0; i < advantages; ++i) {
            const Startup4Model<double> more = plain_model(s, i, h);
            const Startup4Model<double> less = plain_model(s, i, -h);
            const std::size_t variable = s * advantages + i;
            const auto slope = [](double above, double below) {
                return Approx((above - below) / (2 * h)).epsilon(1e-6).margin(1e-9);
            };
            REQUIRE(duals.exit_value.derivative[variable] == slope(more.exit_value, less.exit_value));
            for (std::size_t other = 0; other < stages; ++other) {
                const auto& stage = duals.stage[other];
                const auto& above = more.stage[other];
                const auto& below = less.stage[other];
                REQUIRE(stage.months_per_million.derivative[variable]
                        == slope(above.months_per_million, below.months_per_million));
                for (std::size_t k = 0; k < 2; ++k)
                    REQUIRE(stage.rates[k].derivative[variable] == slope(above.rates[k], below.rates[k]));
            }
        }
    }
}

TEST_CASE("the gradient's run draws and pays what the plain run does, and neither allocates", "[startup4]") {
    const Startup4Model<double> model = plain_model();
    const auto duals = model_in_duals<5>();
    Startup4<PlainDraws> plain;
    Startup4<ScoreDraws<5>> score;
    std::size_t different = 0;
    std::size_t before = 0;
    for (std::uint32_t trajectory = 0; trajectory < 10'000; ++trajectory) {
        if (trajectory == 1) before = testing::allocations();
        PlainDraws draws(FastVariates(44, trajectory));
        ScoreDraws<5> scored(FastVariates(44, trajectory));
        if (plain.run(draws, model) != score.run(scored, duals).value) ++different;
    }
    REQUIRE(testing::allocations() == before);
    REQUIRE(different == 0);
}
