#include "agents/risk/prevention.hpp"
#include "sim/contract.hpp"
#include "sim/random/draws.hpp"
#include "tests/agents/sample.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

namespace {

using namespace venturi;
using namespace venturi::testing;

constexpr PreventionParameters usual{.preventable = 0.7, .scale = 60000, .half_life = 18};

/// Some targets, of which one is worth nothing and two are alike.
const std::array<PreventionTarget, 6> some = {PreventionTarget{9000, 3000}, PreventionTarget{1200, 1500},
                                              PreventionTarget{0, 500},     PreventionTarget{700, 6000},
                                              PreventionTarget{2500, 800},  PreventionTarget{1200, 1500}};

std::vector<double> spread(std::span<const PreventionTarget> targets, double budget) {
    std::vector<double> spending(targets.size());
    spread_prevention(targets, budget, spending);
    return spending;
}

double total(const std::vector<double>& spending) {
    return std::accumulate(spending.begin(), spending.end(), 0.0);
}

/// What the next dollar on it takes off, at x.
double next_dollar(const PreventionTarget& target, double x) {
    return target.first_dollar() * std::exp(-x / target.scale);
}

}  // namespace

TEST_CASE("Prevention takes off what can be prevented and no more") {
    CHECK(hazard_left(usual, 0) == 1);
    CHECK(hazard_left(usual, 60000) == Approx(0.3 + 0.7 * std::exp(-1)).epsilon(1e-15));
    CHECK(hazard_left(usual, 1e12) == Approx(0.3).epsilon(1e-15));
    PreventionParameters nothing = usual;
    nothing.preventable = 0;
    CHECK(hazard_left(nothing, 1e6) == 1);
    CHECK_THROWS_AS(hazard_left(usual, -1), ContractViolation);
}

TEST_CASE("A stock of prevention wears out by half in its half-life, and a flow keeps it up") {
    PreventionStock stock{.amount = 80000, .flow = 0, .since = 3};
    CHECK(stock.at(usual, 3) == 80000);
    CHECK(stock.at(usual, 21) == Approx(40000).epsilon(1e-14));
    CHECK(stock.at(usual, 39) == Approx(20000).epsilon(1e-14));
    stock.feed(usual, 21, 1000);
    CHECK(stock.at(usual, 21) == Approx(40000).epsilon(1e-14));
    // In the end the flow times its mean life, which a dollar's survival integrates to.
    CHECK(prevention_life(usual) == Approx(18 / std::log(2)).epsilon(1e-15));
    CHECK(stock.at(usual, 5000) == Approx(1000 * prevention_life(usual)).epsilon(1e-14));
    // A step by small steps, of the midpoint rule with an error of h².
    double by_steps = 40000;
    constexpr double h = 0.01;
    for (int i = 0; i < 1000; ++i) {
        const double middle = by_steps + h / 2 * (1000 - by_steps / prevention_life(usual));
        by_steps += h * (1000 - middle / prevention_life(usual));
    }
    CHECK(stock.at(usual, 31) == Approx(by_steps).epsilon(1e-8));
    // Fed anew without a change it is the same stock.
    PreventionStock twice = stock;
    twice.feed(usual, 25, 1000);
    CHECK(twice.at(usual, 31) == Approx(stock.at(usual, 31)).epsilon(1e-14));
    CHECK_THROWS_AS(stock.at(usual, 20), ContractViolation);
}

TEST_CASE("What is left of a hazard stays below the bound for thinning, and comes up to it") {
    for (const double flow : {0.0, 300.0, 9000.0}) {
        const PreventionStock stock{.amount = 30000, .flow = flow, .since = 0};
        const double bound = most_hazard_left(usual, stock, 2);
        double most = 0;
        for (double month = 2; month < 600; month += 0.5) {
            const double left = hazard_left(usual, stock.at(usual, month));
            REQUIRE(left <= bound * (1 + 1e-15));
            most = std::max(most, left);
        }
        // After 600 months the way left is 2^(−600 / 18) of what it was.
        CHECK(most == Approx(bound).epsilon(1e-9));
    }
}

TEST_CASE("A leaf's target is what its hazard, importance and cost make of it") {
    const PreventionTarget payment = one_payment(usual, 5000, 30000);
    // The fall of the loss rate by a payment on top of the stock.
    const double fall = 5000 * (hazard_left(usual, 30000) - hazard_left(usual, 42000));
    const std::array<double, 1> spending = {12000};
    CHECK(loss_prevented(std::array{payment}, spending) == Approx(fall).epsilon(1e-13));
    const PreventionTarget flow = steady_flow(usual, 5000);
    const std::array<double, 1> rate = {700};
    CHECK(loss_prevented(std::array{flow}, rate)
          == Approx(5000 * (1 - hazard_left(usual, 700 * prevention_life(usual)))).epsilon(1e-13));
}

TEST_CASE("A budget is spread such that the next dollar buys the same wherever one is spent") {
    for (const double budget : {0.0, 1.0, 500.0, 4000.0, 20000.0, 1e6}) {
        CAPTURE(budget);
        std::vector<double> spending(some.size());
        const double marginal = spread_prevention(some, budget, spending);
        CHECK(total(spending) == Approx(budget).epsilon(1e-13).margin(1e-11));
        double best = 0;
        for (std::size_t i = 0; i < some.size(); ++i) {
            CHECK(spending[i] >= 0);
            const double next = next_dollar(some[i], spending[i]);
            // To the rounding of x / c, of up to 80, in the exponent.
            if (spending[i] > 0)
                CHECK(next == Approx(marginal).epsilon(1e-13));
            else
                CHECK(next <= marginal * (1 + 1e-13));
            best = std::max(best, next);
        }
        CHECK(best == Approx(marginal).epsilon(1e-13));
        CHECK(spending[2] == 0);
        CHECK(spending[1] == spending[5]);
    }
    // Importance per dollar decides who comes first: the fifth, at 3.1, before the first, at 3.
    CHECK(spread(some, 20)[4] == Approx(20).epsilon(1e-13));
    CHECK(spread(some, 20)[0] == 0);
    // By hand: two targets, and 3 c ln 2 to spend. ln λ = (c ln 4 + c ln 2 − 3 c ln 2) / 2 c = 0.
    const std::array<PreventionTarget, 2> two = {PreventionTarget{40, 10}, PreventionTarget{20, 10}};
    std::vector<double> spending(2);
    CHECK(spread_prevention(two, 30 * std::log(2), spending) == Approx(1).epsilon(1e-14));
    CHECK(spending[0] == Approx(20 * std::log(2)).epsilon(1e-14));
    CHECK(spending[1] == Approx(10 * std::log(2)).epsilon(1e-14));
}

TEST_CASE("No other way to spread the budget prevents more") {
    // All ways in steps of a hundredth of the budget, over three targets.
    const std::array<PreventionTarget, 3> three = {some[0], some[3], some[4]};
    for (const double budget : {100.0, 3000.0, 15000.0}) {
        double best = 0;
        for (int i = 0; i <= 100; ++i)
            for (int j = 0; i + j <= 100; ++j) {
                const std::array<double, 3> spending = {budget * i / 100, budget * j / 100,
                                                        budget * (100 - i - j) / 100};
                best = std::max(best, loss_prevented(three, spending));
            }
        const double prevented = loss_prevented_by(three, budget);
        CHECK(prevented >= best * (1 - 1e-14));
        // The best is at most half a step away in each, where the loss is flat: curvature v / c², at most.
        double slack = 0;
        for (const PreventionTarget& target : three)
            slack += target.value / 2 * std::pow(budget / 100 / target.scale, 2);
        CHECK(prevented <= best + slack);
    }
    // Moving money from any to any other from the best makes it worse, by the second order in what is moved.
    const std::vector<double> best = spread(some, 8000);
    for (std::size_t i = 0; i < some.size(); ++i)
        for (std::size_t j = 0; j < some.size(); ++j) {
            std::vector<double> moved = best;
            const double step = std::min(best[i], 50.0);
            moved[i] -= step;
            moved[j] += step;
            if (i != j && step > 0) CHECK(loss_prevented(some, moved) < loss_prevented(some, best));
        }
}

TEST_CASE(
    "The marginal value is what one more dollar buys, and falls to the hurdle at the worthwhile budget") {
    for (const double budget : {300.0, 5000.0, 30000.0}) {
        std::vector<double> spending(some.size());
        const double marginal = spread_prevention(some, budget, spending);
        // A central difference: its error is λ h² / 6 C², with C > 800 here.
        constexpr double h = 0.5;
        CHECK(bought_by_more(some, budget - h, 2 * h) / (2 * h) == Approx(marginal).epsilon(1e-6));
        // What more buys is less than at the present rate, and more than at the rate then.
        const double then = spread_prevention(some, budget + 1000, spending);
        CHECK(bought_by_more(some, budget, 1000) < 1000 * marginal);
        CHECK(bought_by_more(some, budget, 1000) > 1000 * then);
    }
    for (const double hurdle : {0.01, 0.5, 1.0, 2.9}) {
        std::vector<double> spending(some.size());
        CHECK(spread_prevention(some, worthwhile_budget(some, hurdle), spending)
              == Approx(hurdle).epsilon(1e-13));
    }
    CHECK(worthwhile_budget(some, 4) == 0);
    // Beyond it the last dollars cost more than they take off.
    const double worthwhile = worthwhile_budget(some, 1);
    CHECK(bought_by_more(some, worthwhile - 500, 500) > 500);
    CHECK(bought_by_more(some, worthwhile, 500) < 500);
}

TEST_CASE("With nothing to prevent nothing is spent") {
    const std::array<PreventionTarget, 2> none = {PreventionTarget{0, 1}, PreventionTarget{0, 2}};
    std::vector<double> spending = {7, 7};
    CHECK(spread_prevention(none, 100, spending) == 0);
    CHECK(total(spending) == 0);
    CHECK(loss_prevented_by({}, 100) == 0);
    CHECK_THROWS_AS(spread(std::array{PreventionTarget{-1, 1}}, 5), ContractViolation);
    CHECK_THROWS_AS(spread(std::array{PreventionTarget{1, 0}}, 5), ContractViolation);
    CHECK_THROWS_AS(spread(some, -5), ContractViolation);
}

TEST_CASE("A startup that errs about its risks spreads its budget worse, by what the formula says") {
    constexpr double budget = 60000;
    constexpr double error = 0.5;
    double possible = 0;
    for (const PreventionTarget& target : some) possible += target.value;
    const std::array<PreventionTarget, 4> targets = {some[0], some[1], some[3], some[4]};
    const double left_at_best = possible - some[5].value - loss_prevented_by(targets, budget);
    Sample left;
    Sample saved;
    for (std::uint32_t i = 0; i < 20000; ++i) {
        PlainDraws draws(FastVariates(1738, i));
        const auto left_with = [&](double deviation) {
            DrawSource source{.agent = 5, .purpose = 6};
            std::array<PreventionTarget, 4> assessed{};
            assess_targets(targets, deviation, draws, source, assessed);
            REQUIRE(source.next == 4);
            std::vector<double> spending = spread(assessed, budget);
            // So large a budget that every target gets some of it: the condition of the formula.
            REQUIRE(*std::min_element(spending.begin(), spending.end()) > 0);
            return possible - some[5].value - loss_prevented(targets, spending);
        };
        const double here = left_with(error);
        REQUIRE(here >= left_at_best * (1 - 1e-12));
        left.add(here / left_at_best);
        saved.add(here - left_with(assessment_error(error, 0.6, 0.5)));
    }
    CHECK(misallocation_factor(targets, 0) == Approx(1).epsilon(1e-14));
    CHECK(misallocation_factor(targets, error) > 1.05);
    CHECK(std::abs(left.z_of_mean(misallocation_factor(targets, error))) < 4);
    // Risk culture reduces the error by 0.6 · 0.5, and so the loss, startup by startup and so in the mean.
    const double expected =
        left_at_best * (misallocation_factor(targets, error) - misallocation_factor(targets, 0.7 * error));
    CHECK(std::abs(saved.z_of_mean(expected)) < 4);
    CHECK(saved.z_of_mean(0) > 10);
}

TEST_CASE("A small budget that is spread by wrong estimates may be spent on the wrong leaf altogether") {
    Sample prevented;
    for (std::uint32_t i = 0; i < 2000; ++i) {
        PlainDraws draws(FastVariates(1739, i));
        DrawSource source{.agent = 5, .purpose = 6};
        std::array<PreventionTarget, 6> assessed{};
        assess_targets(some, 1.0, draws, source, assessed);
        prevented.add(loss_prevented(some, spread(assessed, 500)) - loss_prevented_by(some, 500));
        REQUIRE(prevented.values().back() <= 1e-9);
    }
    CHECK(prevented.z_of_mean(0) < -10);
    CHECK(assessment_error(0.8, 0.5, 0) == 0.8);
    CHECK(assessment_error(0.8, 0.5, 1) == 0.4);
}
