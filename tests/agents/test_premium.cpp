#include "agents/insurer/premium.hpp"
#include "sim/contract.hpp"
#include "sim/infinity.hpp"
#include "sim/random/draws.hpp"
#include "tests/agents/sample.hpp"

#include <boost/math/quadrature/exp_sinh.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

namespace {

using namespace venturi;
using namespace venturi::testing;

/// Exponential claims of mean 1.
struct UnitExponential {
    [[nodiscard]] double mean() const { return 1; }
    [[nodiscard]] double survival(double x) const { return std::exp(-x); }
    [[nodiscard]] double layer(double from, double width) const {
        return -std::exp(-from) * std::expm1(-width);
    }
};

/// P(N = n) by the recursion that defines the class.
std::vector<double> probabilities(const ClaimCount& count, std::size_t size) {
    std::vector<double> p(size);
    p[0] = std::exp(count.log_generating_function(0));
    for (std::size_t n = 1; n < size; ++n) p[n] = p[n - 1] * (count.a() + count.b() / static_cast<double>(n));
    return p;
}

/// A Poisson process of losses against a policy, for `years` policies one after the other.
struct Account {
    double premiums = 0;
    double claims = 0;
    double refusals = 0;
};

/// An insured with that true rate of claims, in units of what is expected, who renews whenever that is
/// offered.
template <class Claim>
Account insure(PlainDraws draws, double true_rate, const Claim& claim, double limit_per_year, double loading,
               const UnderwritingParameters& underwriting, int years) {
    DrawSource waiting{.agent = 0, .purpose = 1};
    DrawSource claiming{.agent = 0, .purpose = 2};
    // What a claim costs is all that the deductible and the limit per claim leave of the loss.
    const PolicyTerms terms{.deductible = 0, .limit_per_claim = infinity, .limit_per_year = limit_per_year};
    Account account;
    InsuredRecord record = first_record(underwriting);
    for (int year = 0; year < years; ++year) {
        // More is expected of later years: the insured grows.
        const double expected = 0.5 + 0.25 * year;
        const double month = 12.0 * year;
        close_year(record, underwriting, month);
        if (!offers(record, month)) {
            ++account.refusals;
            continue;
        }
        const double price = premium(record.belief, expected, claim, limit_per_year, loading, 256);
        open_year(record, terms, price, expected, month);
        account.premiums += price;
        for (double t = draws.exponential(waiting, true_rate * expected / 12); t < 12;
             t += draws.exponential(waiting, true_rate * expected / 12))
            account.claims += record.year.settle(month + t, claim.sample(draws, claiming));
    }
    return account;
}

}  // namespace

TEST_CASE("The number of claims is Poisson, or Poisson with a rate that is gamma") {
    const ClaimCount poisson = ClaimCount::poisson(2.5);
    const ClaimCount mixed = ClaimCount::negative_binomial(1.7, 2.5);
    const std::vector<double> p = probabilities(poisson, 12);
    const std::vector<double> q = probabilities(mixed, 12);
    boost::math::quadrature::exp_sinh<double> integrator;
    for (std::size_t n = 0; n < p.size(); ++n) {
        const auto k = static_cast<double>(n);
        const auto law = [&](double rate) {
            return std::exp(k * std::log(rate) - rate - std::lgamma(k + 1));
        };
        CHECK(p[n] == Approx(law(2.5)).epsilon(1e-13));
        const double by_quadrature = integrator.integrate([&](double rate) {
            constexpr double beta = 1.7 / 2.5;
            return law(rate)
                   * std::exp(1.7 * std::log(beta) + 0.7 * std::log(rate) - beta * rate - std::lgamma(1.7));
        });
        CHECK(q[n] == Approx(by_quadrature).epsilon(1e-9));
    }
    CHECK(poisson.log_generating_function(1) == 0);
    CHECK(mixed.log_generating_function(1) == Approx(0).margin(1e-15));
    CHECK_THROWS_AS(ClaimCount::poisson(1e6), ContractViolation);
    CHECK_THROWS_AS(ClaimCount::negative_binomial(1e6, 1e6), ContractViolation);
}

TEST_CASE("Panjer's recursion gives the distribution that adding up convolutions gives") {
    const std::vector<double> claim = {0.1, 0.2, 0.4, 0, 0.25, 0.05, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    for (const ClaimCount& count : {ClaimCount::poisson(3), ClaimCount::negative_binomial(0.8, 3),
                                    ClaimCount::negative_binomial(40, 1), ClaimCount::poisson(0)}) {
        // 400 claims are more than the heaviest of these counts brings with probability 1e-20.
        const std::vector<double> number = probabilities(count, 400);
        std::vector<double> expected(claim.size());
        std::vector<double> power(claim.size());
        power[0] = 1;
        for (const double probability : number) {
            std::vector<double> next(claim.size());
            for (std::size_t k = 0; k < claim.size(); ++k) {
                expected[k] += probability * power[k];
                for (std::size_t j = 0; j <= k; ++j) next[k] += claim[j] * power[k - j];
            }
            power = next;
        }
        const std::vector<double> sum = compound_distribution(count, claim);
        for (std::size_t k = 0; k < claim.size(); ++k)
            CHECK(sum[k] == Approx(expected[k]).epsilon(1e-12).margin(1e-300));
    }
}

TEST_CASE("What a limit leaves of a year's claims is enclosed, the more tightly the finer the lattice") {
    // n exponential claims together have a gamma law: E[min(S, L)] = n P(n + 1, L) + L Q(n, L).
    const ClaimCount count = ClaimCount::negative_binomial(2, 3);
    const double limit = 4;
    const std::vector<double> number = probabilities(count, 300);
    double exact = 0;
    for (std::size_t n = 1; n < number.size(); ++n) {
        const auto k = static_cast<double>(n);
        exact +=
            number[n] * (k * boost::math::gamma_p(k + 1, limit) + limit * boost::math::gamma_q(k, limit));
    }
    std::array<Interval, 3> enclosures;
    for (std::size_t i = 0; i < 3; ++i) {
        enclosures[i] = limited_aggregate(count, UnitExponential{}, limit, std::size_t{64} << i);
        CHECK(enclosures[i].contains(exact));
    }
    for (std::size_t i = 0; i < 2; ++i) {
        // Second order below, first order above; the next order is a 64th of it at most.
        CHECK((exact - enclosures[i].low) / (exact - enclosures[i + 1].low) == Approx(4).epsilon(1.0 / 64));
        CHECK((enclosures[i].high - exact) / (enclosures[i + 1].high - exact) == Approx(2).epsilon(1.0 / 32));
    }
    CHECK(exact - enclosures[2].low < 1e-4 * exact);
    CHECK(limited_aggregate(count, UnitExponential{}, infinity).low == 3);
    CHECK(limited_aggregate(count, UnitExponential{}, 0).high == 0);
    // Where the limit is out of reach, at e^(−0.4 · 100) of the probability, the mean is kept, to the
    // rounding of a thousand terms.
    CHECK(limited_aggregate(count, UnitExponential{}, 100, 1000).low == Approx(3).epsilon(1e-12));
}

TEST_CASE("Credibility is Bayes's rule, as quadrature gives it") {
    boost::math::quadrature::exp_sinh<double> integrator;
    for (const ClaimBelief& prior : {ClaimBelief{1, 1}, ClaimBelief{3, 3}, ClaimBelief{0.5, 4}})
        for (const double claims : {0.0, 1.0, 6.0})
            for (const double exposure : {0.25, 1.0, 8.0}) {
                const auto weight = [&](double rate) {
                    return std::exp((prior.claims - 1 + claims) * std::log(rate)
                                    - (prior.exposure + exposure) * rate);
                };
                const double posterior = integrator.integrate([&](double rate) {
                    return rate * weight(rate);
                }) / integrator.integrate(weight);
                const ClaimBelief after = prior.after(claims, exposure);
                CHECK(after.rate() == Approx(posterior).epsilon(1e-8));
                const double z = prior.credibility(exposure);
                CHECK(after.rate() == Approx(z * claims / exposure + (1 - z) * prior.rate()).epsilon(1e-14));
            }
    // In two steps as in one.
    const ClaimBelief twice = ClaimBelief{2, 3}.after(1, 0.5).after(2, 1.5);
    CHECK(twice.claims == 5);
    CHECK(twice.exposure == 5);
}

TEST_CASE("Without loading, premiums are what claims come to, whatever is learnt and whoever is refused",
          "[long]") {
    // Rates are drawn from what the insurer believes at first. Then each year's premium is what is expected
    // of that year given all before, and the sum of income minus claims is a martingale.
    const ClaimPayment claim(Severity(startup_outage),
                             {.deductible = 10000, .limit_per_claim = 200000, .limit_per_year = infinity});
    for (const double limit_per_year : {infinity, 250000.0}) {
        const UnderwritingParameters underwriting{
            .loading = 0, .prior_weight = 2, .most_claims = 2, .refusal = 12};
        Sample result;
        Sample claims;
        double refusals = 0;
        double premiums = 0;
        double width = 0;
        constexpr int years = 4;
        for (std::uint32_t i = 0; i < 1500; ++i) {
            PlainDraws draws(FastVariates(1967, i));
            DrawSource prior{.agent = 0, .purpose = 0};
            const double true_rate = draws.sample(prior, Gamma{.shape = 2, .mean = 1});
            const Account account = insure(draws, true_rate, claim, limit_per_year, 0, underwriting, years);
            result.add(account.premiums - account.claims);
            claims.add(account.claims);
            refusals += account.refusals;
            premiums += account.premiums / 1500;
        }
        // What the lattice can be wrong by, in proportion.
        if (limit_per_year < infinity) {
            const Interval of_year =
                limited_aggregate(ClaimBelief{2, 2}.predicted(1), claim, limit_per_year, 256);
            width = 2 * (of_year.high - of_year.low) / of_year.low;
        }
        CAPTURE(limit_per_year, premiums, claims.mean(), refusals, width);
        CHECK(std::abs(result.mean()) < 4 * std::sqrt(result.variance() / 1500) + width * premiums);
        // It says something: the standard error is a few percent of the premiums, and it does happen.
        CHECK(std::sqrt(result.variance() / 1500) < 0.05 * premiums);
        CHECK(width < 0.03);
        CHECK(refusals > 100);
    }
}

TEST_CASE("The insured pay the loading") {
    const ClaimPayment claim(Severity(startup_outage),
                             {.deductible = 10000, .limit_per_claim = 200000, .limit_per_year = infinity});
    const ClaimBelief belief{2, 3};
    const double fair = premium(belief, 1.5, claim, infinity, 0);
    CHECK(fair == Approx(2.0 / 3 * 1.5 * claim.mean()).epsilon(1e-14));
    CHECK(premium(belief, 1.5, claim, infinity, 0.4) == Approx(1.4 * fair).epsilon(1e-14));
    const double limited = premium(belief, 1.5, claim, 200000, 0);
    CHECK(limited < fair);
    CHECK(premium(belief, 1.5, claim, 200000, 0.4) == Approx(1.4 * limited).epsilon(1e-14));
    // What is not known of the rate is averaged over: the limit bites where it is high. By the midpoint rule
    // in the cube root of the rate, after which the gamma density of shape 2 is smooth and flat at its ends.
    double averaged = 0;
    constexpr double h = 0.02;
    for (double y = h / 2; y < 2.6; y += h) {
        const double rate = y * y * y;
        const double density = 9 * rate * std::exp(-3 * rate);
        averaged += h * 3 * y * y * density
                    * limited_aggregate(ClaimCount::poisson(1.5 * rate), claim, 200000, 128).low;
    }
    // At 2.6 the rate is 17.6, and e^(−3 · 17.6) is 1e-23.
    CHECK(premium(belief, 1.5, claim, 200000, 0, 128) == Approx(averaged).epsilon(1e-9));
    // A lower deductible, a higher limit and a claim more make it dearer.
    const auto with = [&](double deductible, double limit, double claims) {
        const PolicyTerms terms{
            .deductible = deductible, .limit_per_claim = limit, .limit_per_year = infinity};
        const ClaimPayment payment(Severity(startup_outage), terms);
        // So many incidents a year, of which some are claims.
        return premium(ClaimBelief{2, 2}.after(claims, 1), payment.claimed(), payment, infinity, 0);
    };
    CHECK(with(5000, 2e5, 0) > with(10000, 2e5, 0));
    CHECK(with(10000, 3e5, 0) > with(10000, 2e5, 0));
    CHECK(with(10000, 2e5, 1) == Approx(1.5 * with(10000, 2e5, 0)).epsilon(1e-14));
}

TEST_CASE("A year that ends is learnt from, and too many claims end the offers for a time") {
    const UnderwritingParameters underwriting{
        .loading = 0.3, .prior_weight = 4, .most_claims = 1, .refusal = 6};
    const PolicyTerms terms{.deductible = 10, .limit_per_claim = 100, .limit_per_year = 150};
    InsuredRecord record = first_record(underwriting);
    CHECK(record.belief.rate() == 1);
    CHECK(offers(record, 0));
    close_year(record, underwriting, 0);
    CHECK(record.belief.exposure == 4);

    open_year(record, terms, 20, 0.8, 3);
    CHECK(record.year.ends == 15);
    CHECK_THROWS_AS(open_year(record, terms, 20, 0.8, 3), ContractViolation);
    CHECK(record.year.settle(4, 60) == 50);
    close_year(record, underwriting, 9);  // half the year
    CHECK(record.belief.claims == 5);
    CHECK(record.belief.exposure == Approx(4.4).epsilon(1e-14));
    CHECK(offers(record, 9));
    CHECK_FALSE(record.year.covers(9));

    open_year(record, terms, 20, 0.8, 9);
    CHECK(record.year.settle(10, 1000) == 100);
    CHECK(record.year.settle(11, 1000) == 50);
    close_year(record, underwriting, 30);  // it ended at 21
    CHECK(record.belief.claims == 7);
    CHECK(record.belief.exposure == Approx(5.2).epsilon(1e-14));
    CHECK_FALSE(offers(record, 26.9));
    CHECK_THROWS_AS(open_year(record, terms, 20, 0.8, 26.9), ContractViolation);
    CHECK(offers(record, 27));
}
