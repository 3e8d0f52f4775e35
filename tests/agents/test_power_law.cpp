#include "agents/network/power_law.hpp"
#include "agents/network/random_networks.hpp"
#include "tests/agents/sample.hpp"

#include <boost/math/constants/constants.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/polygamma.hpp>
#include <boost/math/special_functions/zeta.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <vector>

using namespace venturi;
using Catch::Matchers::Contains;

namespace {

// 4 standard errors: one check in 16,000 fails by chance.
constexpr double tolerance = 4;
constexpr double pi = boost::math::constants::pi<double>();

StreamAddress address_of(std::uint32_t trajectory) {
    return {.seed = 23, .trajectory = trajectory, .agent = 0, .purpose = 6};
}

std::vector<std::uint64_t> sample_of(const PowerLaw& law, std::size_t count, std::uint32_t trajectory) {
    const PowerLawSampler sampler(law);
    Stream stream(address_of(trajectory));
    std::vector<std::uint64_t> sample(count);
    for (std::uint64_t& value : sample) value = sampler(unit_uniform(stream.next_word()));
    return sample;
}

// Values smallest + y, where y is geometric of that mean.
std::vector<std::uint64_t> exponential_sample(std::uint64_t smallest, double mean, std::size_t count,
                                              std::uint32_t trajectory) {
    Stream stream(address_of(trajectory));
    std::vector<std::uint64_t> sample(count);
    for (std::uint64_t& value : sample)
        value =
            smallest
            + static_cast<std::uint64_t>(std::log(open_uniform(stream.next_word())) / -std::log1p(1 / mean));
    return sample;
}

double log_likelihood(const std::vector<std::uint64_t>& sample, const PowerLaw& law) {
    double sum = 0;
    for (const std::uint64_t value : sample)
        if (value >= law.smallest)
            sum -= law.exponent * std::log(static_cast<double>(value))
                   + std::log(hurwitz_zeta(law.exponent, static_cast<double>(law.smallest)));
    return sum;
}

// At every whole number up to the largest value.
double distance_of(const std::vector<std::uint64_t>& sample, const PowerLaw& law) {
    std::vector<std::uint64_t> tail;
    for (const std::uint64_t value : sample)
        if (value >= law.smallest) tail.push_back(value);
    double distance = 0;
    for (std::uint64_t x = law.smallest; x <= *std::max_element(tail.begin(), tail.end()); ++x) {
        const auto up_to = std::count_if(tail.begin(), tail.end(), [x](std::uint64_t v) { return v <= x; });
        const double share = static_cast<double>(up_to) / static_cast<double>(tail.size());
        distance = std::max(distance, std::abs(share - (1 - tail_probability(law, x + 1))));
    }
    return distance;
}

// What the fit to a tail of a growing network's arrivals tends to: the exponent under which the expected
// logarithm is that under the exact law of Dorogovtsev, Mendes, Samukhin (2000), which is a power law only
// far out; `offset` is added to the arrivals.
double exponent_in_the_limit(double m, double attractiveness, std::uint64_t smallest, std::uint64_t offset) {
    const double a = attractiveness / m;
    double total = 0;
    double logarithm = 0;
    const auto terms = std::uint64_t{3'000'000};
    double share = boost::math::tgamma_ratio(static_cast<double>(smallest - offset) + attractiveness,
                                             static_cast<double>(smallest - offset) + attractiveness + 2 + a);
    for (std::uint64_t x = smallest; x < smallest + terms; ++x) {
        const auto q = static_cast<double>(x - offset);
        total += share;
        logarithm += share * std::log(static_cast<double>(x) / static_cast<double>(smallest));
        share *= (q + attractiveness) / (q + attractiveness + 2 + a);
    }
    const double mean = logarithm / total;
    double low = 1.01;
    double high = 20;
    while (high - low > 1e-9) {
        const double middle = (low + high) / 2;
        const auto q = static_cast<double>(smallest);
        const double step = 1e-5;
        const double expected =
            -(std::log(hurwitz_zeta(middle + step, q)) - std::log(hurwitz_zeta(middle - step, q)))
                / (2 * step)
            - std::log(q);
        (expected > mean ? low : high) = middle;
    }
    return low;
}

}  // namespace

TEST_CASE("The zeta function of Hurwitz has its known values") {
    CHECK(hurwitz_zeta(2, 1) == Approx(pi * pi / 6).epsilon(1e-14));
    CHECK(hurwitz_zeta(4, 1) == Approx(std::pow(pi, 4) / 90).epsilon(1e-14));
    CHECK(hurwitz_zeta(2, 0.5) == Approx(pi * pi / 2).epsilon(1e-14));
    for (const double s : {1.001, 1.1, 1.5, 2.0, 2.5, 3.3, 7.0, 20.0, 55.5, 300.0}) {
        INFO(s);
        CHECK(hurwitz_zeta(s, 1) == Approx(boost::math::zeta(s)).epsilon(2e-14));
        if (s < 100)
            CHECK(hurwitz_zeta(s, 0.5) == Approx((std::pow(2, s) - 1) * boost::math::zeta(s)).epsilon(2e-14));
    }
    // ζ(n + 1, q) = (−1)^(n + 1) ψ⁽ⁿ⁾(q) / n!
    for (const double q : {0.1, 1.0, 3.7, 12.0, 150.0, 1e5}) {
        double factorial = 1;
        for (int n = 1; n <= 6; ++n) {
            factorial *= n;
            const double sign = n % 2 == 1 ? 1 : -1;
            CHECK(hurwitz_zeta(n + 1, q)
                  == Approx(sign * boost::math::polygamma(n, q) / factorial).epsilon(1e-13));
        }
    }
}

TEST_CASE("The zeta function of Hurwitz loses its first term when its sum begins one later") {
    for (const double s : {1.01, 1.5, 2.5, 4.0, 12.0, 40.0})
        for (const double q : {0.2, 1.0, 4.5, 11.0, 30.0, 1000.0})
            CHECK(hurwitz_zeta(s, q) == Approx(std::pow(q, -s) + hurwitz_zeta(s, q + 1)).epsilon(2e-14));
    CHECK_THROWS_WITH(hurwitz_zeta(1, 1), Contains("s is 1"));
    CHECK_THROWS_WITH(hurwitz_zeta(2, 0), Contains("q is 0"));
    CHECK_THROWS_AS(hurwitz_zeta(std::numeric_limits<double>::quiet_NaN(), 1), std::invalid_argument);
}

TEST_CASE("A draw from a power law is the largest value whose tail exceeds the uniform") {
    for (const PowerLaw& law : {PowerLaw{2.5, 1}, PowerLaw{1.3, 4}, PowerLaw{6, 100}}) {
        const PowerLawSampler sampler(law);
        Stream stream(address_of(0));
        for (int draw = 0; draw < 300; ++draw) {
            // Small uniforms too, which give large values.
            const double u = std::pow(unit_uniform(stream.next_word()), draw % 2 == 0 ? 1 : 8);
            const std::uint64_t x = sampler(u);
            if (x == std::uint64_t{1} << 53) continue;
            CHECK(tail_probability(law, x) > u);
            CHECK(tail_probability(law, x + 1) <= u * (1 + 1e-12));
        }
        CHECK(sampler(0) == std::uint64_t{1} << 53);
        CHECK(sampler(1 - 0x1p-53) == law.smallest);
    }
    CHECK_THROWS_AS(PowerLawSampler({1, 1}), std::invalid_argument);
    CHECK_THROWS_AS(PowerLawSampler({2, 0}), std::invalid_argument);
}

TEST_CASE("Draws from a power law come as often as its probabilities say") {
    const PowerLaw law{2.5, 2};
    constexpr std::size_t count = 50000;
    std::vector<double> counted(20, 0.0);
    for (const std::uint64_t value : sample_of(law, count, 1))
        ++counted[std::min<std::size_t>(value - 2, 19)];
    double squares = 0;
    for (std::size_t i = 0; i < 20; ++i) {
        const auto x = static_cast<double>(i + 2);
        const double p = i < 19 ? std::pow(x, -2.5) / hurwitz_zeta(2.5, 2) : tail_probability(law, 21);
        squares += (counted[i] - count * p) * (counted[i] - count * p) / (count * p);
    }
    CHECK(boost::math::cdf(boost::math::complement(boost::math::chi_squared(19), squares)) > 6e-5);
}

TEST_CASE("The fitted exponent is the likeliest, and its standard error the curvature there") {
    for (const std::uint64_t smallest : {1, 6}) {
        const std::vector<std::uint64_t> sample = sample_of({2.2, 1}, 2000, 2);
        const PowerLawFit fit = fit_power_law(sample, smallest);
        CHECK(fit.law.smallest == smallest);
        CHECK(fit.tail_count
              == static_cast<std::size_t>(std::count_if(
                  sample.begin(), sample.end(), [&](std::uint64_t value) { return value >= smallest; })));
        const auto at = [&](double exponent) { return log_likelihood(sample, {exponent, smallest}); };
        const double best = at(fit.law.exponent);
        CHECK(fit.log_likelihood == Approx(best).epsilon(1e-12));
        const double step = 1e-3;
        const double above = at(fit.law.exponent + step);
        const double below = at(fit.law.exponent - step);
        // The slope vanishes: a difference over both sides is of third order in the step.
        CHECK(std::abs(above - below) / (2 * step) < 0.01 * std::sqrt(static_cast<double>(fit.tail_count)));
        CHECK(above < best);
        CHECK(below < best);
        const double curvature = (2 * best - above - below) / (step * step);
        CHECK(fit.standard_error == Approx(1 / std::sqrt(curvature)).epsilon(1e-4));
        CHECK(fit.distance == Approx(distance_of(sample, fit.law)).epsilon(1e-10));
    }
}

TEST_CASE("Two values have the exponent that can be worked out") {
    // With x = 10^6 and 10^6 · e in equal numbers the mean logarithm is 1/2, and the law is as good as
    // continuous, with exponent 1 + 1/(1/2).
    const std::vector<std::uint64_t> sample = {1'000'000, 2'718'282};
    const PowerLawFit fit = fit_power_law(sample, 1'000'000);
    CHECK(fit.law.exponent == Approx(3).epsilon(1e-5));
    CHECK(fit.standard_error == Approx(2 / std::sqrt(2.0)).epsilon(1e-5));
    // A single larger one in a thousand: P(X > 1) is near 2^−exponent.
    std::vector<std::uint64_t> steep(1000, 1);
    steep.back() = 2;
    const double exponent = fit_power_law(steep, 1).law.exponent;
    // The law's mean logarithm is the sample's.
    double mean = 0;
    for (double x = 2; x < 60; ++x) mean += std::log(x) * std::pow(x, -exponent);
    mean /= boost::math::zeta(exponent);
    CHECK(mean == Approx(std::log(2) / 1000).epsilon(1e-10));
}

TEST_CASE("The exponent of a power law is found again, as closely as its standard error says") {
    for (const std::uint64_t smallest : {1, 5, 40}) {
        const PowerLawFit fit = fit_power_law(sample_of({2.5, smallest}, 10000, 3), smallest);
        CHECK(std::abs(fit.law.exponent - 2.5) < tolerance * fit.standard_error);
        CHECK(fit.standard_error < 0.025);
    }
    constexpr std::uint32_t replications = 400;
    testing::Sample exponents;
    testing::Sample errors;
    for (std::uint32_t i = 0; i < replications; ++i) {
        const PowerLawFit fit = fit_power_law(sample_of({2.5, 3}, 1000, 100 + i), 3);
        exponents.add(fit.law.exponent);
        errors.add(fit.standard_error);
    }
    // The standard error of a deviation is 1/√(2 n) of itself; the bias of an exponent of 1000 values is of
    // the order of 1/1000.
    CHECK(std::sqrt(exponents.variance()) / errors.mean()
          == Approx(1).margin(tolerance / std::sqrt(2.0 * replications)));
    CHECK(std::abs(exponents.mean() - 2.5) < tolerance * errors.mean() / std::sqrt(replications) + 0.002);
}

TEST_CASE("The smallest value of the tail is the one whose fit is nearest") {
    // 900 values spread evenly over 1 to 9, and a tail from 10 on.
    std::vector<std::uint64_t> sample = sample_of({2.5, 10}, 2000, 4);
    for (std::uint64_t i = 0; i < 900; ++i) sample.push_back(1 + i % 9);
    const PowerLawFit best = fit_power_law(sample);
    for (std::uint64_t smallest = 1; smallest < 200; ++smallest) {
        if (std::find(sample.begin(), sample.end(), smallest) == sample.end()) continue;
        const PowerLawFit fit = fit_power_law(sample, smallest);
        if (fit.tail_count < 10) continue;
        CHECK(fit.distance >= best.distance);
        if (smallest < best.law.smallest) CHECK(fit.distance > best.distance);
        if (smallest != best.law.smallest) continue;
        CHECK(fit.law.exponent == best.law.exponent);
        CHECK(fit.distance == best.distance);
    }
    // The true beginning is not always the nearest, but a value below it is far off.
    CHECK(best.law.smallest >= 10);
    CHECK(best.law.smallest < 20);
    CHECK(std::abs(best.law.exponent - 2.5) < tolerance * best.standard_error);
    // Values of 0, of vertices without edges, are in no tail.
    std::vector<std::uint64_t> with_zeros = sample;
    with_zeros.insert(with_zeros.end(), 500, 0);
    CHECK(fit_power_law(with_zeros).law.exponent == best.law.exponent);
    std::reverse(with_zeros.begin(), with_zeros.end());
    CHECK(fit_power_law(with_zeros).distance == best.distance);
}

TEST_CASE("A power law passes the test of its fit, and other laws don't") {
    const PowerLawTestOptions options{.trials = 100};
    // Nine tenths lie below the tail and are no power law: without them a trial's tail would be ten times as
    // large as the sample's, and three times nearer to its fit.
    std::vector<std::uint64_t> sample = sample_of({2.5, 5}, 200, 5);
    for (std::uint64_t i = 0; i < 1800; ++i) sample.push_back(i % 5);
    const PowerLawFit fit = fit_power_law(sample);
    const PowerLawTest passed = test_power_law(sample, fit, address_of(7), options);
    CHECK(passed.trials == 100);
    CHECK(passed.p_value > 0.1);
    CHECK(passed.standard_error
          == Approx(std::sqrt(passed.p_value * (1 - passed.p_value) / 100)).epsilon(1e-12));
    CHECK(test_power_law(sample, fit, address_of(7), options).p_value == passed.p_value);

    const std::vector<std::uint64_t> other = exponential_sample(1, 5, 1000, 6);
    // The whole of it: a tail of a few values of an exponential law may well pass.
    const PowerLawTestOptions whole{.trials = 100, .fit = {.least_tail = 600}};
    const PowerLawFit far = fit_power_law(other, whole.fit);
    CHECK(test_power_law(other, far, address_of(8), whole).p_value == 0);
}

TEST_CASE("Of samples from a power law as many fail the test as it says") {
    // 60 samples, of which each fails at 0.2 with probability near 0.2.
    constexpr std::uint32_t samples = 60;
    double failed = 0;
    for (std::uint32_t i = 0; i < samples; ++i) {
        const std::vector<std::uint64_t> sample = sample_of({2.5, 1}, 120, 1000 + i);
        const PowerLawTestOptions options{.trials = 50, .fit = {.least_tail = 60}};
        const PowerLawTest test =
            test_power_law(sample, fit_power_law(sample, options.fit), address_of(2000 + 50 * i), options);
        failed += test.p_value < 0.2 ? 1 : 0;
    }
    CHECK(std::abs(failed / samples - 0.2) < tolerance * std::sqrt(0.2 * 0.8 / samples));
}

TEST_CASE("The likelier of a power law and an exponential one is the one that was drawn from") {
    const std::vector<std::uint64_t> power = sample_of({3.5, 2}, 5000, 8);
    const PowerLawComparison for_power = compare_with_exponential(power, fit_power_law(power, 2));
    CHECK(for_power.log_likelihood_ratio > 0);
    CHECK(for_power.p_value < 0.01);
    const std::vector<std::uint64_t> exponential = exponential_sample(2, 8, 2000, 9);
    const PowerLawComparison against = compare_with_exponential(exponential, fit_power_law(exponential, 2));
    CHECK(against.log_likelihood_ratio < 0);
    CHECK(against.p_value < 0.001);
    CHECK(std::erfc(std::abs(against.standardised) / std::sqrt(2.0)) == Approx(against.p_value));
}

TEST_CASE("A comparison of laws is the sum over the values, by hand") {
    // 1, 1, 2, 4: the geometric law on 1, 2, ... of mean 2 has ratio 1/2.
    const std::vector<std::uint64_t> sample = {4, 1, 2, 1};
    const PowerLawFit fit = fit_power_law(sample, 1);
    const double a = fit.law.exponent;
    std::vector<double> difference;
    for (const double x : {1.0, 1.0, 2.0, 4.0})
        difference.push_back(-a * std::log(x) - std::log(boost::math::zeta(a)) - x * std::log(0.5));
    double sum = 0;
    for (const double one : difference) sum += one;
    double variance = 0;
    for (const double one : difference) variance += (one - sum / 4) * (one - sum / 4) / 4;
    const PowerLawComparison comparison = compare_with_exponential(sample, fit);
    CHECK(comparison.log_likelihood_ratio == Approx(sum).epsilon(1e-12));
    CHECK(comparison.standardised == Approx(sum / std::sqrt(4 * variance)).epsilon(1e-12));
}

TEST_CASE("The degrees of Barabasi and Albert's network have exponent 3, far out") {
    const Network network = preferential_attachment(
        {.vertices = 100'000, .edges_per_newcomer = 3, .initial_attractiveness = 3}, address_of(10));
    std::vector<std::uint64_t> degrees = arrivals(network);
    for (std::uint64_t& degree : degrees) degree += 3;
    // k (k + 1) (k + 2) is nearly (k + 1)³: the fit to a tail has its exponent below 3, by some 3/smallest.
    for (const std::uint64_t smallest : {10, 30}) {
        const double limit = exponent_in_the_limit(3, 3, smallest, 3);
        CHECK(std::abs(limit - 3) < 3.0 / static_cast<double>(smallest));
        const PowerLawFit fit = fit_power_law(degrees, smallest);
        CHECK(std::abs(fit.law.exponent - limit) < tolerance * fit.standard_error);
    }
}

TEST_CASE("The less attractive newcomers are, the heavier the tail of arrivals") {
    const Network network = preferential_attachment(
        {.vertices = 100'000, .edges_per_newcomer = 2, .initial_attractiveness = 1}, address_of(11));
    const double limit = exponent_in_the_limit(2, 1, 40, 0);
    CHECK(std::abs(limit - 2.5) < 3.0 / 40);
    const PowerLawFit fit = fit_power_law(arrivals(network), 40);
    CHECK(std::abs(fit.law.exponent - limit) < tolerance * fit.standard_error);
}

TEST_CASE("A sample that no power law can be fitted to is refused") {
    const std::vector<std::uint64_t> alike(50, 7);
    CHECK_THROWS_WITH(fit_power_law(alike, 7), Contains("two different values are at least 7"));
    CHECK_THROWS_AS(fit_power_law(alike), std::invalid_argument);
    CHECK_THROWS_AS(fit_power_law(std::vector<std::uint64_t>{}), std::invalid_argument);
    const std::vector<std::uint64_t> few = {1, 2, 3, 4};
    CHECK_THROWS_WITH(fit_power_law(few), Contains("tail of 10"));
    CHECK(fit_power_law(few, {.least_tail = 2}).tail_count >= 2);
    CHECK_THROWS_AS(fit_power_law(few, {.least_tail = 1}), std::invalid_argument);
    CHECK_THROWS_AS(fit_power_law(few, std::uint64_t{0}), std::invalid_argument);
    CHECK_THROWS_AS(fit_power_law(few, std::uint64_t{4}), std::invalid_argument);
    const PowerLawFit fit = fit_power_law(few, std::uint64_t{1});
    CHECK_THROWS_AS(test_power_law(few, fit, address_of(0), {.trials = 0}), std::invalid_argument);
    CHECK_THROWS_AS(compare_with_exponential(alike, {.law = {2, 7}}), std::invalid_argument);
    CHECK_THROWS_AS(tail_probability({0.5, 1}, 2), std::invalid_argument);
}
