#include "agents/insurer/policy.hpp"
#include "agents/insurer/surplus.hpp"
#include "agents/risk/severity.hpp"
#include "sim/contract.hpp"
#include "sim/ensemble/ensemble.hpp"
#include "sim/infinity.hpp"
#include "tests/agents/sample.hpp"

#include <boost/math/special_functions/bessel.hpp>
#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace {

using namespace venturi;
using namespace venturi::testing;

/// Half of the claims are exponential of rate 3, half of rate 7. With θ = 2/5, ψ(u) = (24 e^−u + e^−6u) / 35:
/// Gerber, An Introduction to Mathematical Risk Theory (1979), chapter 8.
struct TwoExponentials {
    [[nodiscard]] double mean() const { return 5.0 / 21; }
    [[nodiscard]] double survival(double x) const { return (std::exp(-3 * x) + std::exp(-7 * x)) / 2; }
    [[nodiscard]] double layer(double from, double width) const {
        const auto part = [&](double rate) {
            return -std::exp(-rate * from) * std::expm1(-rate * width) / rate;
        };
        return (part(3) + part(7)) / 2;
    }
};

/// The ensemble of `paths` on so many threads.
template <class Claim>
RuinTally simulate(const SurplusProcess& process, const Claim& claim, const SurplusEnd& end,
                   std::uint64_t seed, std::uint64_t paths, int threads = 1) {
    return run_ensemble(EnsembleOptions{.trajectories = paths, .threads = threads}, RuinTally{},
                        [&] { return RuinModel<Claim>(process, claim, end, seed); })
        .result;
}

double standard_errors(const Moments& moments, double expected) {
    return (moments.mean() - expected) / moments.standard_error();
}

}  // namespace

TEST_CASE("Exponential claims ruin an insurer with Cramér and Lundberg's probability") {
    CHECK(ruin_probability({1}, 0.2, 0) == Approx(0.83333333333333333333).epsilon(1e-15));
    CHECK(ruin_probability({1}, 0.2, 10) == Approx(0.15739633569796819872).epsilon(1e-14));
    CHECK(ruin_probability({1}, 0.2, 50) == Approx(0.00020030789701626184164).epsilon(1e-14));
    // Money has no scale, and premiums that do not exceed the claims end in ruin.
    CHECK(ruin_probability({7000}, 0.2, 70000) == Approx(0.15739633569796819872).epsilon(1e-14));
    CHECK(ruin_probability({1}, 0, 1e9) == 1);
    CHECK(ruin_probability({1}, -0.5, 10) == 1);
    CHECK(SurplusProcess{.reserve = 1, .premium_rate = 6, .claim_rate = 2}.loading(2.5) == Approx(0.2));
}

TEST_CASE("The enclosure of the ruin probability holds the closed form at every reserve") {
    for (const double loading : {0.05, 0.2, 1.0}) {
        const RuinCurve curve = ruin_curve(ExponentialClaim{2}, loading, 40, 400);
        for (std::size_t k = 0; k < curve.lower.size(); ++k) {
            const double exact = ruin_probability({2}, loading, static_cast<double>(k) * curve.step);
            // Rounding: some k additions, of which the errors of both sides are parts of 1e-16.
            REQUIRE(curve.lower[k] <= exact * (1 + 1e-13));
            REQUIRE(curve.upper[k] >= exact * (1 - 1e-13));
        }
        CHECK(curve.lower[0] == Approx(1 / (1 + loading)).epsilon(1e-14));
        CHECK(curve.upper[0] == Approx(1 / (1 + loading)).epsilon(1e-14));
    }
    const RuinCurve two = ruin_curve(TwoExponentials{}, 0.4, 3, 600);
    for (std::size_t k = 0; k < two.lower.size(); ++k) {
        const double u = static_cast<double>(k) * two.step;
        const double exact = (24 * std::exp(-u) + std::exp(-6 * u)) / 35;
        REQUIRE(two.lower[k] <= exact * (1 + 1e-13));
        REQUIRE(two.upper[k] >= exact * (1 - 1e-13));
    }
    CHECK(ruin_curve(ExponentialClaim{2}, -0.1, 40, 4).lower[4] == 1);
    CHECK(ruin_curve(ExponentialClaim{2}, 0.25, 0, 1).middle() == Approx(0.8).epsilon(1e-15));
}

TEST_CASE("The enclosure shrinks with the lattice, and its middle faster") {
    const double exact = ruin_probability({1}, 0.2, 10);
    std::array<RuinCurve, 3> curves;
    for (std::size_t i = 0; i < 3; ++i)
        curves[i] = ruin_curve(ExponentialClaim{1}, 0.2, 10, std::size_t{500} << i);
    for (std::size_t i = 0; i + 1 < 3; ++i) {
        const Interval wide = curves[i].at(std::size_t{500} << i);
        const Interval narrow = curves[i + 1].at(std::size_t{1000} << i);
        // Of first and of second order in h = 1/50 and less.
        CHECK(wide.half_width() / narrow.half_width() == Approx(2).epsilon(0.02));
        CHECK((curves[i].middle() - exact) / (curves[i + 1].middle() - exact) == Approx(4).epsilon(0.02));
    }
    CHECK(std::abs(curves[2].middle() / exact - 1) < 1e-5);
    // A probability of 1e-8 is known as well as one of 0.1: no term of the recursion is a difference.
    const RuinCurve far = ruin_curve(ExponentialClaim{1}, 1, 36, 3600);
    // Both ends err by the same factor e^±ε, to first order, so their middle by less than ε².
    const double width = far.at(3600).half_width() / far.middle();
    CHECK(width < 0.2);
    CHECK(far.middle() == Approx(ruin_probability({1}, 1, 36)).epsilon(width * width));
}

TEST_CASE("The adjustment coefficient is the root that is known, and bounds the ruin probability") {
    const auto exponential = [](double r) { return 1 / (1 - 2 * r); };
    const auto adjustment = adjustment_coefficient(exponential, 2, 0.2, 0.5);
    REQUIRE(adjustment);
    CHECK(*adjustment == Approx(0.2 / 1.2 / 2).epsilon(1e-13));
    // Of two exponentials, the slower one in ψ.
    const auto two =
        adjustment_coefficient([](double r) { return (3 / (3 - r) + 7 / (7 - r)) / 2; }, 5.0 / 21, 0.4, 3);
    REQUIRE(two);
    CHECK(*two == Approx(1).epsilon(1e-13));
    // Constant claims: e^R = 1 + (1 + θ) R.
    const auto constant = adjustment_coefficient([](double r) { return std::exp(r); }, 1, 0.3);
    REQUIRE(constant);
    CHECK(std::exp(*constant) == Approx(1 + 1.3 * *constant).epsilon(1e-13));
    // A gamma law of shape 2 and mean 1: (1 − R / 2)² (1 + (1 + θ) R) = 1, so with θ = 1 R² − 7/2 R + 2 = 0.
    const auto gamma = adjustment_coefficient([](double r) { return std::pow(1 - r / 2, -2); }, 1, 1, 2);
    REQUIRE(gamma);
    CHECK(*gamma == Approx((3.5 - std::sqrt(12.25 - 8)) / 2).epsilon(1e-13));
    const auto nearly_none = adjustment_coefficient(exponential, 2, 1e-6, 0.5);
    REQUIRE(nearly_none);
    // The function is computed as a difference of numbers near 1 here: R² of 1e-13 from parts of 1e-16.
    CHECK(*nearly_none == Approx(0.5e-6).epsilon(1e-2));
    // Moments that are finite up to a point, and still too small there.
    CHECK_FALSE(adjustment_coefficient([](double r) { return 1 + r + 0.1 * r * r; }, 1, 5, 1));

    const RuinCurve curve = ruin_curve(TwoExponentials{}, 0.4, 5, 500);
    for (std::size_t k = 0; k < curve.lower.size(); ++k)
        REQUIRE(curve.lower[k] < std::exp(-*two * static_cast<double>(k) * curve.step));
    // The bound is of the right order: ψ(u) e^(R u) tends to 24/35.
    CHECK(curve.at(500).low * std::exp(5) < 24.0 / 35);
    CHECK(curve.at(500).high * std::exp(5) > 24.0 / 35);
    CHECK(curve.middle() * std::exp(5) == Approx(24.0 / 35).epsilon(0.01));
}

TEST_CASE("Ruin in finite time has its limits") {
    const ExponentialClaim claim{2};
    for (const double reserve : {0.0, 5.0, 30.0}) {
        const SurplusProcess process{.reserve = reserve, .premium_rate = 3, .claim_rate = 1.25};
        const double ever = ruin_probability(claim, 0.2, reserve);
        CHECK(ruin_probability_within(0, process, claim) == 0);
        // The first claim alone, in so short a time: others come with 1e-6 of its probability.
        CHECK(ruin_probability_within(1e-6, process, claim)
              == Approx(1.25e-6 * std::exp(-reserve / 2)).epsilon(1e-5).margin(2e-12));
        double before = 0;
        for (const double time : {1.0, 10.0, 100.0, 1000.0}) {
            const double within = ruin_probability_within(time, process, claim);
            CHECK(within > before);
            CHECK(within < ever);
            before = within;
        }
        // What is left shrinks with exp(−(1 − √β)² β-times): (1 − 0.9129)² · 1.5 · 3000 = 34.
        CHECK(ruin_probability_within(3000, process, claim) == Approx(ever).margin(1e-11));
    }
    // Without a loading too, where ruin is certain but takes its time.
    // From 0, with one claim of mean 1 and a premium of 1 a month, it has survived with the probability
    // e^(−2 t) (I_0(2 t) + I_1(2 t)), as a walk of steps up and down that is never below 0.
    for (const double time : {0.3, 5.0, 40.0}) {
        const double survives =
            std::exp(-2 * time)
            * (boost::math::cyl_bessel_i(0, 2 * time) + boost::math::cyl_bessel_i(1, 2 * time));
        CHECK(ruin_probability_within(time, {.reserve = 0, .premium_rate = 1, .claim_rate = 1}, {1})
              == Approx(1 - survives).epsilon(1e-11));
    }
    // (0.1 · 3 and 0.3 differ by rounding.)
    CHECK(ruin_probability_within(20, {.reserve = 4, .premium_rate = 0.3, .claim_rate = 0.1}, {3})
          == Approx(
                 ruin_probability_within(20, {.reserve = 4, .premium_rate = 0.1 * 3, .claim_rate = 0.1}, {3}))
                 .epsilon(1e-11));
    const SurplusProcess fair{.reserve = 4, .premium_rate = 2.5, .claim_rate = 1.25};
    SurplusProcess nearly = fair;
    nearly.premium_rate *= 1 + 1e-7;
    CHECK(ruin_probability_within(20, fair, claim)
          == Approx(ruin_probability_within(20, nearly, claim)).epsilon(1e-6));
}

TEST_CASE("Without a reserve, Takács and Asmussen agree") {
    const ExponentialClaim claim{2};
    const SurplusProcess process{.reserve = 0, .premium_rate = 3, .claim_rate = 1.25};
    for (const double time : {0.5, 4.0, 30.0}) {
        const double exact = ruin_probability_within(time, process, claim);
        const Interval enclosure = ruin_without_reserve_within(time, process, claim, 1000);
        CAPTURE(time, exact, enclosure.low, enclosure.high);
        CHECK(enclosure.contains(exact));
        // Second order in h, which is at most 0.045 mean claims here; the other end is of first.
        CHECK(enclosure.low == Approx(exact).epsilon(0.045 * 0.045));
        CHECK(enclosure.high == Approx(exact).epsilon(0.05));
    }
    // For ever is 1 / (1 + θ) for any claims. With ξ = 0.2 four moments are finite, and 5000 months of claims
    // that exceed their mean by a fifth, 20% with a standard error of 3.4%, are out of the question.
    const Severity heavy({.median = 1, .spread = 0.8, .tail_from = 0.9, .tail_shape = 0.2});
    const SurplusProcess many{.reserve = 0, .premium_rate = 1.2 * heavy.mean(), .claim_rate = 1};
    const Interval late = ruin_without_reserve_within(400, many, heavy, 2000);
    CHECK(late.low < 1 / 1.2);
    CHECK(late.high > 0.8);
}

TEST_CASE("Simulated surpluses are ruined as often as they should, by when they should, by as much",
          "[long]") {
    const ExponentialClaim claim{2};
    for (const double reserve : {0.0, 8.0}) {
        const SurplusProcess process{.reserve = reserve, .premium_rate = 3, .claim_rate = 1.25};
        const RuinTally within = simulate(process, claim, {.time = 12}, 1955, 20000);
        CHECK(std::abs(standard_errors(within.ruined, ruin_probability_within(12, process, claim))) < 4);
        CHECK(within.time.maximum() < 12);
        // A surplus that reaches 60 is ruined from there with ψ(60): nothing is left out.
        const double safe = ruin_probability(claim, 0.2, 60);
        const RuinTally ever = simulate(process, claim, {.surplus = 60}, 1903, 20000);
        const double expected = ruin_probability(claim, 0.2, reserve);
        // ψ(u) = P(ruin before 60) + P(60 before ruin) ψ(60).
        CHECK(std::abs(standard_errors(ever.ruined, (expected - safe) / (1 - safe))) < 4);
        // What an exponential claim exceeds the surplus by is exponential again.
        CHECK(std::abs(standard_errors(ever.deficit, 2)) < 4);
        CHECK(std::abs(ever.deficit.standard_deviation() - 2)
              < 4 * 2 * std::sqrt(2.0 / static_cast<double>(ever.deficit.count())));
    }
}

TEST_CASE("Claims with a Pareto tail ruin an insurer within the enclosure, what policies pay too") {
    const Severity severity(startup_outage);
    const ClaimPayment payment(severity, {.deductible = 20000, .limit_per_claim = 300000});
    const auto check = [](const auto& claim, std::uint64_t seed) {
        const double mean = claim.mean();
        const double reserve = 4 * mean;
        const double safe = 12 * mean;
        constexpr double loading = 0.5;
        const RuinCurve curve = ruin_curve(claim, loading, safe, 3000);
        const Interval at_reserve = curve.at(1000);
        const Interval at_safe = curve.at(3000);
        const SurplusProcess process{
            .reserve = reserve, .premium_rate = (1 + loading) * mean * 0.8, .claim_rate = 0.8};
        CHECK(process.loading(mean) == Approx(loading));
        const RuinTally tally = simulate(process, claim, {.surplus = safe}, seed, 20000);
        // Between the least and the most that ruin before `safe` can be.
        const double error = 4 * tally.ruined.standard_error();
        const double least = (at_reserve.low - at_safe.high) / (1 - at_safe.high);
        const double most = (at_reserve.high - at_safe.low) / (1 - at_safe.low);
        CAPTURE(tally.ruined.mean(), error, least, most, at_safe.low, at_safe.high);
        CHECK(tally.ruined.mean() > least - error);
        CHECK(tally.ruined.mean() < most + error);
        CHECK(most - least < error);
    };
    check(severity, 1970);
    check(payment, 1971);
    // Without a reserve, for a time.
    const SurplusProcess none{.reserve = 0, .premium_rate = severity.mean(), .claim_rate = 0.8};
    const Interval within = ruin_without_reserve_within(6, none, severity, 1500);
    const RuinTally tally = simulate(none, severity, {.time = 6}, 1962, 20000);
    CHECK(tally.ruined.mean() > within.low - 4 * tally.ruined.standard_error());
    CHECK(tally.ruined.mean() < within.high + 4 * tally.ruined.standard_error());
    CHECK(within.high - within.low < 4 * tally.ruined.standard_error());
}

TEST_CASE("An insurer that pays the tail itself is ruined more often than one with a limit") {
    const Severity severity(startup_outage);
    const ClaimPayment limited(severity, {.deductible = 0, .limit_per_claim = 100000});
    const double reserve = 20 * severity.mean();
    // The same loading on what each pays: the tail, not the price, makes the difference.
    CHECK(ruin_curve(severity, 0.3, reserve, 1000).lower.back()
          > 2 * ruin_curve(limited, 0.3, reserve, 1000).upper.back());
}

TEST_CASE("An ensemble of surpluses is the same to the bit on any number of threads") {
    const SurplusProcess process{.reserve = 3, .premium_rate = 3, .claim_rate = 1.25};
    const RuinTally one = simulate(process, ExponentialClaim{2}, {.time = 30}, 11, 2000, 1);
    const RuinTally two = simulate(process, ExponentialClaim{2}, {.time = 30}, 11, 2000, 2);
    CHECK(one.ruined == two.ruined);
    CHECK(one.deficit == two.deficit);
    CHECK(one.time == two.time);
}

TEST_CASE("A surplus without claims only rises, and one at its end is there") {
    PlainDraws draws(FastVariates(1, 0));
    DrawSource waiting{.agent = 0, .purpose = 0};
    DrawSource claiming{.agent = 0, .purpose = 1};
    const SurplusProcess quiet{.reserve = 10, .premium_rate = 2, .claim_rate = 0};
    const auto run = [&](const SurplusEnd& end) {
        return simulate_surplus(quiet, ExponentialClaim{1}, end, draws, waiting, claiming);
    };
    CHECK(run({.time = 7}).surplus == 24);
    CHECK(run({.time = 7}).time == 7);
    CHECK(run({.time = 7, .surplus = 20}).time == 5);
    CHECK(run({.time = 7, .surplus = 20}).surplus == 20);
    CHECK(run({.surplus = 10}).time == 0);
    CHECK_FALSE(run({.surplus = 10}).ruined);
}
