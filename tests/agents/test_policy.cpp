#include "agents/insurer/policy.hpp"
#include "sim/contract.hpp"
#include "sim/infinity.hpp"
#include "sim/random/draws.hpp"
#include "tests/agents/sample.hpp"

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace {

using namespace venturi;
using namespace venturi::testing;

constexpr PolicyTerms terms{.deductible = 20000, .limit_per_claim = 300000, .limit_per_year = 500000};

}  // namespace

TEST_CASE("A policy pays what exceeds the deductible, up to its limits") {
    CHECK(payment(terms, 0, 0) == 0);
    CHECK(payment(terms, 20000, 0) == 0);
    CHECK(payment(terms, 20001, 0) == 1);
    CHECK(payment(terms, 320000, 0) == 300000);
    CHECK(payment(terms, 1e12, 0) == 300000);
    CHECK(payment(terms, 1e12, 400000) == 100000);
    CHECK(payment(terms, 50000, 490000) == 10000);
    CHECK(payment(terms, 1e12, 500000) == 0);
    CHECK(payment(terms, 1e12, 600000) == 0);
    const PolicyTerms everything{.deductible = 0, .limit_per_claim = infinity, .limit_per_year = infinity};
    CHECK(payment(everything, 12345, 1e9) == 12345);
    CHECK_THROWS_AS(payment(terms, -1, 0), ContractViolation);
}

TEST_CASE("Over a year the insured bear what the policy leaves them, and no dollar is lost") {
    PolicyYear year{.terms = terms, .premium = 30000, .begins = 5, .ends = 17};
    CHECK(year.settle(4.999, 100000) == 0);
    CHECK(year.settle(5, 15000) == 0);
    CHECK(year.claims == 0);
    CHECK(year.settle(6, 120000) == 100000);
    CHECK(year.settle(7, 9e6) == 300000);
    CHECK(year.settle(8, 9e6) == 100000);
    CHECK(year.settle(9, 9e6) == 0);
    CHECK(year.claims == 4);
    CHECK(year.paid == terms.limit_per_year);
    CHECK(year.settle(17, 9e6) == 0);
    CHECK(year.claims == 4);
    CHECK_FALSE(PolicyYear{}.covers(0));
}

TEST_CASE("What a claim costs is the layer of a loss that exceeds the deductible") {
    const Severity severity(startup_data_breach);
    const ClaimPayment claim(severity, terms);
    CHECK(claim.claimed() == severity.survival(20000));
    CHECK(claim.mean() * claim.claimed() == Approx(severity.layer(20000, 300000)).epsilon(1e-14));
    CHECK(claim.survival(0) == 1);
    CHECK(claim.survival(299999) > 0.1);
    CHECK(claim.survival(300000) == 0);
    CHECK(claim.layer(0, infinity) == claim.mean());
    CHECK(claim.layer(300000, 1) == 0);
    // A layer is the integral of the survival; to the rounding of the quadrature.
    for (const double from : {0.0, 1000.0, 280000.0})
        for (const double width : {500.0, 15000.0, 1e6}) {
            const double end = std::min(from + width, 300000.0);
            const double integral = boost::math::quadrature::gauss_kronrod<double, 61>::integrate(
                [&](double x) { return claim.survival(x); }, from, end, 15, 1e-13);
            CHECK(claim.layer(from, width) == Approx(integral).epsilon(1e-11));
        }
    // A policy that nobody can claim on is not one.
    CHECK_THROWS_AS(ClaimPayment(severity, {.deductible = infinity}), ContractViolation);
}

TEST_CASE("Claims are drawn as incidents give them") {
    const Severity severity(startup_outage);
    const ClaimPayment claim(severity, terms);
    PlainDraws draws(FastVariates(1961, 0));
    DrawSource incident{.agent = 0, .purpose = 1};
    DrawSource claiming{.agent = 0, .purpose = 2};
    Sample of_incidents;
    Sample of_claims;
    Sample large;
    for (int i = 0; i < 40000; ++i) {
        of_incidents.add(payment(terms, severity.sample(draws, incident), 0));
        of_claims.add(claim.sample(draws, claiming));
        large.add(of_claims.values().back() > 100000 ? 1 : 0);
    }
    CHECK(std::abs(of_incidents.z_of_mean(severity.layer(20000, 300000))) < 4);
    CHECK(std::abs(of_claims.z_of_mean(claim.mean())) < 4);
    CHECK(std::abs(large.z_of_mean(claim.survival(100000))) < 4);
    CHECK(*std::min_element(of_claims.values().begin(), of_claims.values().end()) >= 0);
    CHECK(*std::max_element(of_claims.values().begin(), of_claims.values().end()) == 300000);
}

TEST_CASE("Several perils under one policy are their claims mixed") {
    const std::array<InsuredPeril, 3> perils = {InsuredPeril{0.2, Severity(startup_data_breach)},
                                                InsuredPeril{0.5, Severity(startup_outage)},
                                                InsuredPeril{0, Severity(startup_fraud)}};
    const MixedClaimPayment mixed(perils, terms);
    const ClaimPayment breach(perils[0].severity, terms);
    const ClaimPayment outage(perils[1].severity, terms);
    const double breaches = 0.2 * breach.claimed();
    const double outages = 0.5 * outage.claimed();
    CHECK(mixed.rate() == Approx(breaches + outages).epsilon(1e-14));
    CHECK(mixed.rate() * mixed.mean()
          == Approx(0.2 * perils[0].severity.layer(20000, 300000)
                    + 0.5 * perils[1].severity.layer(20000, 300000))
                 .epsilon(1e-14));
    CHECK(mixed.rate() * mixed.survival(5e4)
          == Approx(breaches * breach.survival(5e4) + outages * outage.survival(5e4)).epsilon(1e-14));
    CHECK(mixed.layer(1e4, 1e5) * mixed.rate()
          == Approx(breaches * breach.layer(1e4, 1e5) + outages * outage.layer(1e4, 1e5)).epsilon(1e-14));
    CHECK_THROWS_AS(MixedClaimPayment({}, terms), ContractViolation);
}
