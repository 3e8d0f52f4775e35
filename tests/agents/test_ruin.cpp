// Ruin probabilities in closed form: Asmussen and Albrecher, Ruin Probabilities, 2nd edition (2010), chapters
// I and IV.
#include "agents/finance/cash_account.hpp"
#include "sim/calendar.hpp"
#include "sim/random/draws.hpp"
#include "tests/agents/sample.hpp"
#include "tests/agents/worlds.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstdint>
#include <optional>

namespace {

using namespace venturi;
using namespace venturi::testing;

// Claims of mean 1 come once a month, and premiums carry a loading θ = 0.2.
constexpr double loading = 0.2;
constexpr double income = 1 + loading;
constexpr double adjustment = loading / (1 + loading);

/// ψ(u) = exp(−θ u / ((1 + θ) μ)) / (1 + θ) for exponential claims of mean μ = 1.
double ruin_probability(double reserve) {
    return std::exp(-adjustment * reserve) / (1 + loading);
}

/// An insurer's cash: premiums flow in, claims are withdrawn, and ruin is looked for where a claim falls.
/// Returns the deficit at ruin, or nothing where the reserve reaches `safe` first.
std::optional<double> deficit_at_ruin(PlainDraws draws, double reserve, double safe, double claim_rate,
                                      double claim_mean) {
    struct Claim {};
    DrawSource waiting{.agent = 0, .purpose = 1};
    DrawSource claiming{.agent = 0, .purpose = 2};
    CashAccount cash(reserve, 0);
    cash.set_flow(0, income);
    Calendar<Claim> calendar;
    calendar.schedule(draws.exponential(waiting, claim_rate), Claim{});
    while (calendar.step()) {
        if (cash.balance(calendar.now()) >= safe) return std::nullopt;
        cash.deposit(calendar.now(), -draws.exponential(claiming, 1 / claim_mean));
        if (cash.balance(calendar.now()) < 0) return -cash.balance(calendar.now());
        calendar.schedule(calendar.now() + draws.exponential(waiting, claim_rate), Claim{});
    }
    return std::nullopt;
}

}  // namespace

TEST_CASE(
    "A gambler with 3 who wins with probability 0.49 has 10 before nothing as often as the formula says") {
    constexpr double expected = 0.25922704975396919822;
    constexpr double odds = 0.51 / 0.49;
    CHECK((1 - std::pow(odds, 3)) / (1 - std::pow(odds, 10)) == Approx(expected).epsilon(1e-13));
    Sample wins;
    for (std::uint32_t i = 0; i < 100000; ++i) {
        PlainDraws draws(FastVariates(1657, i));
        DrawSource source{.agent = 0, .purpose = 1};
        CashAccount cash(3, 0);
        for (double round = 1; cash.balance(round) > 0 && cash.balance(round) < 10; ++round)
            cash.deposit(round, draws.bernoulli(source, 0.49) ? 1 : -1);
        wins.add(cash.balance(0) > 0 ? 1 : 0);
    }
    CHECK(std::abs(wins.z_of_mean(expected)) < 4);
}

TEST_CASE("An insurer with exponential claims is ruined with Cramer and Lundberg's probability", "[long]") {
    CHECK(ruin_probability(0) == Approx(0.83333333333333333333).epsilon(1e-14));
    CHECK(ruin_probability(10) == Approx(0.15739633569796819872).epsilon(1e-14));
    // Beyond 100 the probability of ruin is below 5e-8, a hundred-thousandth of the standard error here.
    constexpr double safe = 100;
    REQUIRE(ruin_probability(safe) < 5e-8);
    for (const double reserve : {0.0, 10.0}) {
        Sample ruins;
        for (std::uint32_t i = 0; i < 10000; ++i) {
            const PlainDraws draws(FastVariates(1903 + static_cast<std::uint64_t>(reserve), i));
            ruins.add(deficit_at_ruin(draws, reserve, safe, 1, 1) ? 1 : 0);
        }
        CHECK(std::abs(ruins.z_of_mean(ruin_probability(reserve))) < 4);
    }
}

TEST_CASE("Ruin far away is found by Siegmund's change of measure") {
    constexpr double expected = 0.00020030789701626184164;
    CHECK(ruin_probability(50) == Approx(expected).epsilon(1e-14));
    // Tilted by the adjustment coefficient R, claims have mean 1 / (1 − R) and rate 1 + premium R: ruin is
    // certain, and each is weighed with exp(−R (u + deficit)). Siegmund, Annals of Statistics 4, 673–684
    // (1976).
    constexpr double tilted_mean = 1 / (1 - adjustment);
    constexpr double tilted_rate = 1 + income * adjustment;
    Sample weights;
    for (std::uint32_t i = 0; i < 5000; ++i) {
        const PlainDraws draws(FastVariates(1976, i));
        const auto deficit = deficit_at_ruin(draws, 50, 1e9, tilted_rate, tilted_mean);
        REQUIRE(deficit);
        weights.add(std::exp(-adjustment * (50 + *deficit)));
    }
    CHECK(std::abs(weights.z_of_mean(expected)) < 4);
    CHECK(weights.mean() == Approx(expected).epsilon(0.02));
}

TEST_CASE("A company without revenue dies when its cash is spent") {
    World<PlainDraws> world(make_setup(lone_startup()));
    world.run_until(1000);
    CHECK(world.startups[0].status == Status::bankrupt);
    CHECK(world.startups[0].ended == Approx(1.2e6 / 6e4).epsilon(1e-9));
    CHECK(world.startups[0].cash.balance(world.startups[0].ended) == Approx(0).margin(1e-3));
    CHECK(world.tallies.bankruptcies == 1);

    // Whatever is raised and spent: a sampled seed round, burn and founding month, in many companies.
    WorldParameters parameters = lone_startup();
    parameters.startups[0].count = 200;
    parameters.startups[0].seed_round = LogNormal{1.2e6, 0.7};
    parameters.startups[0].burn = LogNormal{6e4, 0.4};
    parameters.startups[0].founded = Uniform{0, 36};
    World<PlainDraws> many(make_setup(parameters));
    many.reset(PlainDraws(FastVariates(11, 0)));
    many.run_until(1e4);
    for (const auto& startup : many.startups) {
        REQUIRE(startup.status == Status::bankrupt);
        const double runway = startup.raised() / (startup.people + startup.compute);
        REQUIRE(startup.ended == Approx(startup.founded + runway).epsilon(1e-9));
    }
}

TEST_CASE("Rising wages bring the end forward to where the money spent is the money raised") {
    WorldParameters parameters = lone_startup();
    parameters.environment.wage_rise = 0.1;
    parameters.startups[0].compute_share = 0.25;
    World<PlainDraws> world(make_setup(parameters));
    world.run_until(1000);
    // 12 months at $60,000 leave $480,000, spent at 15,000 + 45,000 · 1.1 = $64,500 a month.
    CHECK(world.startups[0].ended == Approx(12 + 480000.0 / 64500).epsilon(1e-9));
}
