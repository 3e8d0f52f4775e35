#include "agents/talent/offer.hpp"
#include "sim/random/dual.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <string>

using namespace venturi;

namespace {

double accepted(const Offer<>& offer) {
    return acceptance_probability(OfferWeights{}, offer);
}

/// The published share of offers accepted in technology, where the table is at hand.
double published_acceptance() {
    std::ifstream table(std::string(VENTURI_SOURCE_FOLDER) + "/../shared/data/talent.csv");
    const std::string begins = "offer acceptance,tech,";
    for (std::string line; std::getline(table, line);)
        if (line.rfind(begins, 0) == 0) return std::stod(line.substr(begins.size())) / 100;
    WARN("the table of published hiring figures is not here: 77% is taken as read");
    return 0.77;
}

}  // namespace

TEST_CASE("the reference offer is accepted as often as offers in technology are", "[talent]") {
    const double published = published_acceptance();
    // The default intercept is written to three decimals: half of the last, times p (1 − p).
    CHECK(std::abs(accepted({}) - published) < 0.0005 * published * (1 - published));
    const OfferWeights fitted = fitted_to(OfferWeights{}, Offer<>{}, published);
    CHECK(acceptance_probability(fitted, Offer<>{}) == Approx(published).epsilon(1e-14));
    // The intercept's plausible range spans what NACE (2025) found: 69% to 92%.
    CHECK(fitted_to(OfferWeights{}, Offer<>{}, 0.69).intercept == Approx(-0.5).margin(0.005));
    CHECK(fitted_to(OfferWeights{}, Offer<>{}, 0.92).intercept == Approx(1.15).margin(0.01));
}

TEST_CASE("an offer is accepted the more readily the better it is, in every respect", "[talent]") {
    for (const double base : {0.6, 1.0, 1.7}) {
        const Offer<> offer = {.pay = base, .brand = base - 1, .culture = 0.3 * base, .runway = 9 * base};
        const auto better = [&](auto member) {
            Offer<> changed = offer;
            changed.*member += 0.1;
            return accepted(changed) > accepted(offer);
        };
        CHECK(better(&Offer<>::pay));
        CHECK_FALSE(better(&Offer<>::market_pay));
        CHECK(better(&Offer<>::brand));
        CHECK(better(&Offer<>::culture));
        CHECK(better(&Offer<>::runway));
    }
    // Only the ratio of pay to the market's counts, and no runway beyond the cap.
    CHECK(accepted({.pay = 9000, .market_pay = 7500}) == Approx(accepted({.pay = 1.2})).epsilon(1e-14));
    CHECK(accepted({.runway = 60}) == accepted({.runway = 18}));
    // Nothing is certain, and nothing is out of range.
    CHECK(accepted({.pay = 1e-300}) >= 0);
    CHECK(accepted({.pay = 1e300}) <= 1);
}

TEST_CASE("the odds of acceptance change by the weights", "[talent]") {
    const OfferWeights weights;
    const auto log_odds = [&](const Offer<>& offer) {
        const double p = acceptance_probability(weights, offer);
        return std::log(p / (1 - p));
    };
    const double base = log_odds({});
    CHECK(log_odds({.pay = 1.1}) - base == Approx(weights.pay * std::log(1.1)).epsilon(1e-12));
    CHECK(log_odds({.brand = 0.5}) - base == Approx(0.5 * weights.brand).epsilon(1e-12));
    CHECK(log_odds({.culture = 0.75}) - base == Approx(0.25 * weights.culture).epsilon(1e-12));
    CHECK(log_odds({.runway = 0}) - base == Approx(-weights.runway).epsilon(1e-12));
}

TEST_CASE("acceptance has the derivatives that differences show", "[talent]") {
    using Number = Dual<5>;
    const Offer<> offer = {.pay = 1.1, .market_pay = 1.05, .brand = 0.2, .culture = 0.4, .runway = 9};
    const Offer<Number> moving = {.pay = Number::variable(offer.pay, 0),
                                  .market_pay = Number::variable(offer.market_pay, 1),
                                  .brand = Number::variable(offer.brand, 2),
                                  .culture = Number::variable(offer.culture, 3),
                                  .runway = Number::variable(offer.runway, 4)};
    const Number probability = acceptance_probability(OfferWeights{}, moving);
    CHECK(probability.value == Approx(accepted(offer)).epsilon(1e-15));
    double Offer<>::*const members[] = {&Offer<>::pay, &Offer<>::market_pay, &Offer<>::brand,
                                        &Offer<>::culture, &Offer<>::runway};
    // Central differences err by h² f‴ / 6 and by rounding, ε / h: near 1e-10 for h = 1e-5.
    constexpr double h = 1e-5;
    for (std::size_t i = 0; i < 5; ++i) {
        Offer<> up = offer;
        Offer<> down = offer;
        up.*members[i] += h;
        down.*members[i] -= h;
        CHECK(probability.derivative[i]
              == Approx((accepted(up) - accepted(down)) / (2 * h)).margin(1e-8).epsilon(0));
    }
    Offer<Number> long_runway = moving;
    long_runway.runway = Number::variable(30, 4);
    CHECK(acceptance_probability(OfferWeights{}, long_runway).derivative[4] == 0);
}
