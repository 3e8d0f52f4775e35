#include "sim/ensemble/moments.hpp"
#include "sim/infinity.hpp"
#include "sim/random/draws.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

using namespace venturi;

namespace {

// Two decision variables that every parameter of a draw depends on, each in a way of its own.
using Number = Dual<2>;
constexpr std::array<double, 2> decision = {0.4, 0.7};

Number parameter(double base, double by_first, double by_second) {
    Number number(base * std::exp(by_first * decision[0] + by_second * decision[1]));
    number.derivative = {by_first * number.value, by_second * number.value};
    return number;
}

// Makes each kind of draw once and notes what came of it.
template <class Draws>
std::vector<double> make_every_draw(Draws& draws, DrawSource& source) {
    using Any = typename Draws::Scalar;
    const std::array<Any, 3> rates = {Any(0.5), Any(0.0), Any(1.5)};
    std::vector<double> outcomes;
    outcomes.push_back(draws.unit_exponential(source));
    outcomes.push_back(draws.exponential(source, Any(2.0)));
    const Race unlimited = draws.race(source, rates, infinity);
    outcomes.push_back(static_cast<double>(unlimited.winner));
    outcomes.push_back(unlimited.wait);
    const Race limited = draws.race(source, rates, 0.3);
    outcomes.push_back(static_cast<double>(limited.winner));
    outcomes.push_back(limited.wait);
    outcomes.push_back(draws.bernoulli(source, Any(0.3)) ? 1 : 0);
    outcomes.push_back(static_cast<double>(draws.choice(source, rates)));
    outcomes.push_back(draws.uniform(source));
    outcomes.push_back(draws.normal(source, Any(1.0), 2));
    outcomes.push_back(draws.log_normal(source, Any(2.0), 0.5));
    outcomes.push_back(draws.sample(source, Gamma{0.5, 2}));
    draws.exposed(rates[0], 3);
    draws.rang(rates[2]);
    return outcomes;
}

ScoreDraws<2> score_draws(std::uint32_t trajectory) {
    return ScoreDraws<2>(FastVariates(6, trajectory));
}

// Compares the score with central differences of a log-likelihood, given as a function of a parameter's
// value.
template <class LogLikelihood>
void add_difference(std::array<double, 2>& expected, const Number& number, LogLikelihood&& log_likelihood) {
    const double h = 1e-5 * std::abs(number.value);
    const double slope = (log_likelihood(number.value + h) - log_likelihood(number.value - h)) / (2 * h);
    for (std::size_t i = 0; i < 2; ++i) expected[i] += slope * number.derivative[i];
}

void require_same(const std::array<double, 2>& score, const std::array<double, 2>& expected) {
    for (std::size_t i = 0; i < 2; ++i) REQUIRE(score[i] == Approx(expected[i]).epsilon(1e-6).margin(1e-7));
}

}  // namespace

TEST_CASE("whoever sums the score or keeps a record draws exactly what the plain policy draws", "[draws]") {
    PlainDraws plain(FastVariates(3, 9));
    ScoreDraws<4> score(FastVariates(3, 9));
    RecordingDraws<PlainDraws> recording{PlainDraws(FastVariates(3, 9))};
    DrawSource plain_source{.agent = 1, .purpose = 2};
    DrawSource score_source = plain_source;
    DrawSource recording_source = plain_source;
    for (int round = 0; round < 2000; ++round) {
        const std::vector<double> outcomes = make_every_draw(plain, plain_source);
        REQUIRE(make_every_draw(score, score_source) == outcomes);
        REQUIRE(make_every_draw(recording, recording_source) == outcomes);
    }
    REQUIRE(score_source.next == plain_source.next);
    REQUIRE(recording_source.next == plain_source.next);
    for (const double component : score.score()) REQUIRE(component == 0);  // nothing depended on a decision
    REQUIRE(recording.recorded().size() == 2000 * 10);
    REQUIRE(recording.recorded()[1].source.next == 1);
}

TEST_CASE("a clock of rate zero never rings", "[draws]") {
    ScoreDraws<2> draws = score_draws(0);
    DrawSource source;
    REQUIRE(draws.exponential(source, 0.0) == infinity);
    const std::array<Number, 2> silent = {Number(0.0), Number(0.0)};
    const Race with_deadline = draws.race(source, silent, 5);
    REQUIRE(with_deadline.winner == Race::nobody);
    REQUIRE(with_deadline.wait == 5);
    const Race without = draws.race(source, silent, infinity);
    REQUIRE(without.winner == Race::nobody);
    REQUIRE(without.wait == infinity);
    for (const double component : draws.score()) REQUIRE(component == 0);
    const std::array<Number, 3> one_of_three = {Number(0.0), Number(2.0), Number(0.0)};
    for (int round = 0; round < 1000; ++round) {
        REQUIRE(draws.race(source, one_of_three, infinity).winner == 1);
        REQUIRE(draws.choice(source, one_of_three) == 1);
        REQUIRE(draws.bernoulli(source, 1.0));
        REQUIRE_FALSE(draws.bernoulli(source, 0.0));
    }
}

TEST_CASE("a race is won in proportion to the rates and lasts as long as the fastest clock", "[draws]") {
    PlainDraws draws(FastVariates(4, 4));
    DrawSource source;
    const std::array<double, 3> rates = {0.5, 1, 2.5};
    constexpr int count = 400'000;
    constexpr double deadline = 0.4;
    Moments waits;
    std::array<Moments, 3> wins;
    Moments censored;
    for (int n = 0; n < count; ++n) {
        const Race race = draws.race(source, rates, deadline);
        waits.add(race.wait);
        for (std::size_t i = 0; i < 3; ++i) wins[i].add(race.winner == i ? 1 : 0);
        censored.add(race.winner == Race::nobody ? 1 : 0);
    }
    const double survival = std::exp(-4 * deadline);
    REQUIRE(std::abs(waits.mean() - (1 - survival) / 4) < 4 * waits.standard_error());
    REQUIRE(std::abs(censored.mean() - survival) < 4 * censored.standard_error());
    for (std::size_t i = 0; i < 3; ++i)
        REQUIRE(std::abs(wins[i].mean() - (1 - survival) * rates[i] / 4) < 4 * wins[i].standard_error());
}

TEST_CASE("the antithetic partner draws 1 − u for u", "[draws]") {
    InversionDraws draws(InversionVariates(8, 2, false));
    InversionDraws mirrored(InversionVariates(8, 2, true));
    DrawSource source{.agent = 3, .purpose = 1};
    DrawSource mirrored_source = source;
    Moments of_uniform;
    Moments of_exponential_of_uniform;
    for (int n = 0; n < 200'000; ++n) {
        const double u = draws.uniform(source);
        const double v = mirrored.uniform(mirrored_source);
        if (v != 1 - u) FAIL("the partner of " << u << " is " << v);
        of_uniform.add((u + v) / 2);
        of_exponential_of_uniform.add((std::exp(u) + std::exp(v)) / 2);
    }
    REQUIRE(of_uniform.mean() == 0.5);
    REQUIRE(of_uniform.variance() == 0);
    // E[exp(U)] = e − 1; variance of the mean of a pair: oracles/sensitivity_vr.csv, "VR exp(U)".
    constexpr double exact_variance = 0.0039124969496254179779;
    REQUIRE(std::abs(of_exponential_of_uniform.mean() - (std::exp(1.0) - 1))
            < 4 * of_exponential_of_uniform.standard_error());
    const double error =
        exact_variance * std::sqrt((of_exponential_of_uniform.excess_kurtosis() + 2) / 200'000);
    REQUIRE(std::abs(of_exponential_of_uniform.variance() - exact_variance) < 4 * error);
}

TEST_CASE("by inversion every variate falls as its mirror image rises", "[draws]") {
    InversionDraws draws(InversionVariates(8, 3, false));
    InversionDraws mirrored(InversionVariates(8, 3, true));
    DrawSource source;
    DrawSource mirrored_source;
    for (int n = 0; n < 10'000; ++n) {
        const double normal = draws.normal(source, 1, 2);
        REQUIRE(mirrored.normal(mirrored_source, 1, 2) - 1 == Approx(1 - normal).margin(1e-9));
        const double wait = draws.exponential(source, 2);
        const double partner = mirrored.exponential(mirrored_source, 2);
        REQUIRE(std::exp(-2 * wait) + std::exp(-2 * partner) == Approx(1).epsilon(1e-12));
    }
}

TEST_CASE("the score is the derivative of the log-likelihood of what was drawn", "[draws]") {
    const Number rate = parameter(0.8, 0.5, -1.2);
    const Number other_rate = parameter(1.1, -0.3, 0.4);
    const Number probability = parameter(0.2, 0.6, 0.3);
    const Number centre = parameter(1.5, 1.0, -0.5);
    for (std::uint32_t trajectory = 0; trajectory < 200; ++trajectory) {
        DrawSource source;
        std::array<double, 2> expected{};
        const auto clock_density = [](double wait) {
            return [wait](double r) { return std::log(r) - r * wait; };
        };

        ScoreDraws<2> draws = score_draws(trajectory);
        add_difference(expected, rate, clock_density(draws.exponential(source, rate)));
        require_same(draws.score(), expected);

        // Several draws add up, so `expected` goes on.
        const std::array<Number, 2> rates = {rate, other_rate};
        for (const double deadline : {infinity, 0.4}) {
            const Race race = draws.race(source, rates, deadline);
            for (std::size_t i = 0; i < 2; ++i)
                add_difference(expected, rates[i], [&](double r) {
                    return (race.winner == i ? std::log(r) : 0) - r * race.wait;
                });
            require_same(draws.score(), expected);
        }

        const bool happens = draws.bernoulli(source, probability);
        add_difference(expected, probability, [&](double p) { return std::log(happens ? p : 1 - p); });
        require_same(draws.score(), expected);

        const std::array<Number, 3> weights = {rate, centre, other_rate};
        const std::size_t chosen = draws.choice(source, weights);
        for (std::size_t i = 0; i < 3; ++i)
            add_difference(expected, weights[i], [&](double w) {
                double total = w;
                for (std::size_t j = 0; j < 3; ++j) total += j == i ? 0 : weights[j].value;
                return std::log((chosen == i ? w : weights[chosen].value) / total);
            });
        require_same(draws.score(), expected);

        const double normal = draws.normal(source, centre, 0.7);
        add_difference(expected, centre,
                       [&](double m) { return -(normal - m) * (normal - m) / (2 * 0.7 * 0.7); });
        require_same(draws.score(), expected);

        const double log_normal = draws.log_normal(source, centre, 0.6);
        add_difference(expected, centre, [&](double m) {
            const double z = std::log(log_normal / m) / 0.6;
            return -z * z / 2;
        });
        require_same(draws.score(), expected);

        draws.exposed(rate, 0.9);
        draws.rang(other_rate);
        add_difference(expected, rate, [](double r) { return -r * 0.9; });
        add_difference(expected, other_rate, [](double r) { return std::log(r); });
        require_same(draws.score(), expected);

        draws.uniform(source);
        draws.unit_exponential(source);
        draws.sample(source, Exponential{2});
        require_same(draws.score(), expected);
    }
}

TEST_CASE("the score's mean is zero", "[draws]") {
    const std::array<Number, 2> rates = {parameter(0.8, 0.5, -1.2), parameter(1.1, -0.3, 0.4)};
    const Number probability = parameter(0.2, 0.6, 0.3);
    std::array<Moments, 2> scores;
    for (std::uint32_t trajectory = 0; trajectory < 100'000; ++trajectory) {
        ScoreDraws<2> draws = score_draws(trajectory);
        DrawSource source;
        if (draws.race(source, rates, 1.5).winner == 0) draws.bernoulli(source, probability);
        draws.choice(source, rates);
        draws.log_normal(source, probability, 0.5);
        for (std::size_t i = 0; i < 2; ++i) scores[i].add(draws.score()[i]);
    }
    for (const Moments& score : scores) REQUIRE(std::abs(score.mean()) < 4 * score.standard_error());
}
