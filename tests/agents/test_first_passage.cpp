#include "agents/risk/first_passage.hpp"
#include "agents/risk/return_cycles.hpp"
#include "sim/contract.hpp"
#include "sim/ensemble/stopped.hpp"
#include "sim/infinity.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <utility>
#include <vector>

namespace {

using namespace venturi;

// Rates by (from, to); the target is state `size`.
FirstPassage passage(std::uint32_t size,
                     const std::map<std::pair<std::uint32_t, std::uint32_t>, double>& rates,
                     std::vector<double> initial = {}) {
    RateMatrix matrix;
    for (std::uint32_t state = 0; state < size; ++state) {
        for (const auto& [edge, rate] : rates) {
            if (edge.first != state) continue;
            matrix.targets.push_back(edge.second);
            matrix.rates.push_back(rate);
        }
        matrix.starts.push_back(matrix.targets.size());
    }
    if (initial.empty()) {
        initial.assign(size, 0);
        initial[0] = 1;
    }
    return {matrix, initial};
}

// Two like units with repair: 2 working, 1 working, none (the target).
FirstPassage repaired_pair(double failure, double repair) {
    return passage(2, {{{0, 1}, 2 * failure}, {{1, 0}, repair}, {{1, 2}, failure}});
}

// Its distribution, by the zeros −a and −b of s² + (3λ + μ) s + 2λ² (Trivedi 2002, ch. 8): with a the
// smaller, and a b = 2λ², 1 − (b e^−at − a e^−bt) / (b − a).
double repaired_pair_probability(double failure, double repair, double time) {
    const double sum = 3 * failure + repair;
    const double root = std::sqrt(failure * failure + 6 * failure * repair + repair * repair);
    const double b = (sum + root) / 2;
    const double a = 2 * failure * failure / b;
    // By expm1, which leaves no difference of like numbers where a t is small.
    return (-b * std::expm1(-a * time) + a * std::expm1(-b * time)) / (b - a);
}

}  // namespace

TEST_CASE("A chain of exponential steps has an Erlang time, at all times and many at once") {
    const FirstPassage steps = passage(3, {{{0, 1}, 2.0}, {{1, 2}, 2.0}, {{2, 3}, 2.0}});
    const std::array times = {0.0, 1e-6, 0.5, 4.0, 60.0, infinity};
    const auto found = *steps.probability(times);
    CHECK(found[0] == 0);
    // x³ / 6 (1 − 3 x / 4) with x = 2e-6: relative precision where there is next to nothing.
    CHECK(found[1] == Approx(8e-18 / 6 * (1 - 1.5e-6)).epsilon(1e-11));
    CHECK(found[2] == Approx(1 - std::exp(-1.0) * 2.5).epsilon(1e-13));
    CHECK(found[3] == Approx(1 - std::exp(-8.0) * 41).epsilon(1e-13));
    CHECK(found[4] == 1);
    CHECK(found[5] == 1);
    CHECK(*steps.mean() == Approx(1.5).epsilon(1e-15));
    for (std::size_t i = 0; i < times.size(); ++i)
        CHECK(steps.probability(std::array{times[i]})->front() == Approx(found[i]).epsilon(1e-13));
}

TEST_CASE("A repaired pair fails by its closed form, however rare and however long that takes") {
    for (const double failure : {1.0, 1e-3, 1e-7}) {
        for (const double scaled : {1e-3, 1.0, 10.0}) {
            // Up to ten times the mean time to failure, 1 / (2 λ²): at λ = 1e-7, 5e14 repairs.
            const double time = scaled / (failure * failure);
            const double expected = repaired_pair_probability(failure, 1, time);
            CAPTURE(failure, time);
            CHECK(repaired_pair(failure, 1).probability(std::array{time})->front()
                  == Approx(expected).epsilon(1e-10));
        }
        const double expected = (3 * failure + 1) / (2 * failure * failure);
        CHECK(*repaired_pair(failure, 1).mean() == Approx(expected).epsilon(1e-14));
        // e^−50 is below rounding of 1, and so must the sums be.
        CHECK(repaired_pair(failure, 1).probability(std::array{50 * expected})->front() == 1);
    }
    // Where a matrix of such rates is singular to rounding.
    CHECK(*repaired_pair(1e-12, 1).mean() == Approx((3e-12 + 1) / 2e-24).epsilon(1e-14));
}

TEST_CASE("A stiff chain that never becomes steady is solved by squaring") {
    // A fast flicker beside a slow choice: quasi-steadiness comes at 1e9 ticks only.
    const double fast = 1e6;
    const FirstPassage chain = passage(
        4, {{{0, 1}, fast}, {{1, 0}, fast}, {{0, 2}, 2e-3}, {{2, 3}, fast}, {{3, 2}, fast}, {{2, 4}, 2e-4}});
    for (const double time : {100.0, 3000.0, 30000.0}) {
        // Half of the time in each state of a pair: rates 1e-3 and then 1e-4, up to their ratio to the
        // flicker.
        const double expected = 1 - (1e-3 * std::exp(-1e-4 * time) - 1e-4 * std::exp(-1e-3 * time)) / 9e-4;
        CHECK(chain.probability(std::array{time}, {.work = 1e7})->front() == Approx(expected).epsilon(1e-7));
    }
    CHECK(*chain.mean() == Approx(1e3 + 1e4).epsilon(1e-8));
}

TEST_CASE("A mixture that changes slowly is not taken for steady") {
    // Half are slow, half a hundred times slower; a third state sets the clock, and next to nothing is there.
    for (const double slow : {1e-6, 1e-9, 1e-15}) {
        const FirstPassage chain =
            passage(3, {{{0, 3}, slow}, {{1, 3}, slow / 100}, {{2, 3}, 1.0}}, {0.5, 0.5 - 1e-9, 1e-9});
        for (const double scaled : {0.1, 1.0, 10.0}) {
            const double time = scaled / slow;
            const double expected =
                0.5 * -std::expm1(-scaled) + (0.5 - 1e-9) * -std::expm1(-scaled / 100) + 1e-9;
            CAPTURE(slow, scaled);
            CHECK(chain.probability(std::array{time})->front() == Approx(expected).epsilon(1e-10));
        }
    }
}

TEST_CASE("A chain that may be lost reaches its target with the probability of that, and has no mean") {
    const FirstPassage chain = passage(3, {{{0, 1}, 1.0}, {{0, 2}, 3.0}, {{1, 3}, 2.0}});
    CHECK_FALSE(chain.is_certain());
    CHECK(*chain.mean() == infinity);
    CHECK(*chain.eventual_probability() == Approx(0.25).epsilon(1e-15));
    const auto found = *chain.probability(std::array{1.0, 50.0, infinity});
    // 1/4 ∫ 4 e^−4s (1 − e^−2(t − s)) ds
    CHECK(found[0]
          == Approx(0.25 * (-std::expm1(-4.0)) - 0.5 * (std::exp(-2.0) - std::exp(-4.0))).epsilon(1e-12));
    CHECK(found[1] == Approx(0.25).epsilon(1e-12));
    CHECK(found[2] == Approx(0.25).epsilon(1e-15));
}

TEST_CASE("A target that nothing leads to is never reached") {
    const FirstPassage chain = passage(2, {{{0, 1}, 1.0}, {{1, 0}, 1.0}});
    CHECK(*chain.probability(std::array{1.0, infinity}) == std::vector<double>{0, 0});
    CHECK(*chain.eventual_probability() == 0);
    CHECK(*chain.mean() == infinity);
}

TEST_CASE("What is at the target at time zero counts from there") {
    const FirstPassage chain = passage(1, {{{0, 1}, 1.0}}, {0.75});
    CHECK(chain.probability(std::array{0.0})->front() == 0.25);
    CHECK(chain.probability(std::array{1.0})->front()
          == Approx(0.25 - 0.75 * std::expm1(-1.0)).epsilon(1e-14));
    CHECK(*chain.mean() == Approx(0.75).epsilon(1e-15));
    const FirstPassage over = passage(1, {{{0, 1}, 1.0}}, {0.0});
    CHECK(over.probability(std::array{1.0})->front() == 1);
    CHECK(*over.mean() == 0);
}

TEST_CASE("Hopeless states that the chain is never in do not spoil its mean") {
    const FirstPassage chain = passage(2, {{{0, 2}, 4.0}});
    CHECK(chain.is_certain());
    CHECK(*chain.mean() == 0.25);
}

TEST_CASE("A walk against the drift is left after the mean time of its birth and death rates") {
    // Birth rate λ up to n, death rate μ: E = Σ_{i < n} Σ_{j ≤ i} (μ / λ)^j / λ.
    for (const std::uint32_t n : {10U, 60U}) {
        std::map<std::pair<std::uint32_t, std::uint32_t>, double> rates;
        double expected = 0;
        for (std::uint32_t i = 0; i < n; ++i) {
            rates[{i, i + 1}] = 1;
            if (i > 0) rates[{i, i - 1}] = 3;
            for (std::uint32_t j = 0; j <= i; ++j) expected += std::pow(3.0, j);
        }
        // Up to 3^60 = 4e28: no cancellation.
        CHECK(*passage(n, rates).mean() == Approx(expected).epsilon(1e-13));
    }
}

TEST_CASE("A chain too entangled to eliminate is stepped to the same mean", "[long]") {
    // All of 500 states lead to each other: eliminating them costs some 4 n³ / 3 = 1.7e8, a step n².
    const std::uint32_t n = 500;
    RateMatrix matrix;
    for (std::uint32_t i = 0; i < n; ++i) {
        for (std::uint32_t j = 0; j < n; ++j) {
            if (i == j) continue;
            matrix.targets.push_back(j);
            matrix.rates.push_back(1.0 / n);
        }
        if (i % 2 == 0) {
            matrix.targets.push_back(n);
            matrix.rates.push_back(0.01);
        }
        matrix.starts.push_back(matrix.targets.size());
    }
    std::vector<double> initial(n, 1.0 / n);
    // Two kinds of states, k = n / 2 of each: x is the mean time from one that can leave, y from one that
    // can't. Each leads to its k − 1 likes and to the k others at rate 1 / n:
    //     ((n − 1) / n + 0.01) x = 1 + ((k − 1) x + k y) / n,   (n − 1) / n y = 1 + (k x + (k − 1) y) / n.
    const double k = n / 2.0;
    const double a = (n - 1.0) / n + 0.01 - (k - 1) / n;
    const double b = (n - 1.0) / n - (k - 1) / n;
    const double c = k / n;
    const double determinant = a * b - c * c;
    const double expected = ((b + c) + (a + c)) / determinant / 2;
    const FirstPassage chain(matrix, initial);
    CHECK(*chain.mean() == Approx(expected).epsilon(1e-12));
    CHECK(*chain.mean({.work = 1e8}) == Approx(expected).epsilon(1e-9));
}

namespace {

// Nine units that must fail in their order, each repaired: which have failed, and for each but the first,
// whether it failed before its neighbour to the left and both are down. The chain of a priority-and.
FirstPassage nine_in_order(double failure, double repair) {
    constexpr std::uint32_t units = 9;
    constexpr std::uint32_t all = (1U << units) - 1;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> numbers = {{{0, 0}, 0}};
    std::vector<std::pair<std::uint32_t, std::uint32_t>> states = {{0, 0}};
    RateMatrix matrix;
    for (std::uint32_t i = 0; i < states.size(); ++i) {
        const auto [failed, wrong] = states[i];
        for (std::uint32_t unit = 0; unit < units; ++unit) {
            const std::uint32_t bit = 1U << unit;
            const bool repairs = (failed & bit) != 0;
            // The pair with the left neighbour is in order again; that with the right one is wrong where the
            // right one is down already.
            std::uint32_t then = wrong & ~(bit | bit << 1);
            if (!repairs) then |= failed & bit << 1;
            const std::pair state{failed ^ bit, then};
            matrix.rates.push_back(repairs ? repair : failure);
            if (state == std::pair{all, 0U}) {
                matrix.targets.push_back(std::numeric_limits<std::uint32_t>::max());
                continue;
            }
            const auto [found, is_new] =
                numbers.try_emplace(state, static_cast<std::uint32_t>(states.size()));
            if (is_new) states.push_back(state);
            matrix.targets.push_back(found->second);
        }
        matrix.starts.push_back(matrix.targets.size());
    }
    for (std::uint32_t& target : matrix.targets) target = std::min(target, matrix.size());
    std::vector<double> initial(states.size(), 0.0);
    initial[0] = 1;
    return {matrix, initial};
}

}  // namespace

TEST_CASE("Nine repaired units fail in their order after 20 million units of time", "[long]") {
    const FirstPassage chain = nine_in_order(0.5, 0.4);
    CHECK(chain.matrix().size() == 4180);  // the 19th number of Fibonacci, less the target
    CHECK(chain.probability(std::array{1.0})->front() == Approx(1.92498855e-10).epsilon(1e-8));
    // Too entangled to be eliminated, and its loss is too slow to be waited for: by its cycles.
    CHECK(*chain.mean() == Approx(20'314'780.45).epsilon(1e-9));
}

TEST_CASE("Sums over cycles are those of elimination") {
    // A repaired pair as a group of two states; without work there are none.
    const StateGroup pair{
        .starts = {0, 1, 2}, .targets = {1, 0}, .rates = {2e-6, 1}, .leaves = {0, 1e-6}, .gains = {1, 1}};
    double work = 1e6;
    const auto sums = sums_by_cycles(pair, work, nullptr);
    REQUIRE(sums);
    CHECK((*sums)[0] == Approx((3e-6 + 1) / 2e-12).epsilon(1e-12));
    CHECK((*sums)[1] == Approx((3e-6 + 1) / 2e-12 - 1 / 2e-6).epsilon(1e-12));
    CHECK(work < 1e6);
    double little = 10;
    CHECK_FALSE(sums_by_cycles(pair, little, nullptr));
    StopRequest stop;
    stop.request();
    CHECK_THROWS_AS(sums_by_cycles(pair, work, &stop), Stopped);
}

TEST_CASE("Rates of any size are solved") {
    // First one that takes no time to speak of, then one of 0.4.
    for (const double fast : {1e30, 1e300, 1e308}) {
        CAPTURE(fast);
        const FirstPassage chain = passage(2, {{{0, 1}, fast}, {{1, 2}, 0.4}});
        CHECK(chain.probability(std::array{1.0})->front() == Approx(-std::expm1(-0.4)).epsilon(1e-12));
        CHECK(*chain.mean() == Approx(2.5).epsilon(1e-12));
        // The slow one first, or never.
        const FirstPassage race = passage(2, {{{0, 1}, 0.4}, {{0, 2}, fast}, {{1, 2}, fast}});
        CHECK(race.probability(std::array{1.0})->front() == 1);
    }
    // Two of the largest, whose sum is no double.
    const FirstPassage sum = passage(2, {{{0, 1}, 1.7e308}, {{0, 2}, 1.7e308}, {{1, 2}, 0.4}});
    CHECK(sum.probability(std::array{1.0})->front() == Approx(1 - 0.5 * std::exp(-0.4)).epsilon(1e-12));
    CHECK(*sum.mean() == Approx(1.25).epsilon(1e-12));
    // What the fast clock's rounding hides is not taken for steady: half are lost to a slow way.
    const FirstPassage hidden = passage(3, {{{0, 1}, 1e25}, {{1, 3}, 1e-3}, {{1, 2}, 1e-3}, {{2, 3}, 1e-9}});
    CHECK(hidden.probability(std::array{1e5})->front()
          == Approx(0.5 + 0.5 * -std::expm1(-1e-4)).epsilon(1e-5));
}

TEST_CASE("What takes too long is refused") {
    const FirstPassage chain = repaired_pair(1e-3, 1);
    CHECK_FALSE(chain.probability(std::array{1e3}, {.work = 10}));
    CHECK_FALSE(chain.mean({.work = 1}));
}

TEST_CASE("A chain that is none is a contract violation") {
    const auto with = [](std::vector<std::size_t> starts, std::vector<std::uint32_t> targets,
                         std::vector<double> rates, std::vector<double> initial) {
        return FirstPassage({std::move(starts), std::move(targets), std::move(rates)}, std::move(initial));
    };
    CHECK_NOTHROW(with({0, 1}, {1}, {1.0}, {1.0}));
    CHECK_THROWS_AS(with({0, 1}, {1}, {1.0}, {}), ContractViolation);
    CHECK_THROWS_AS(with({0, 1}, {0}, {1.0}, {1.0}), ContractViolation);
    CHECK_THROWS_AS(with({0, 1}, {2}, {1.0}, {1.0}), ContractViolation);
    CHECK_THROWS_AS(with({0, 1}, {1}, {0.0}, {1.0}), ContractViolation);
    CHECK_THROWS_AS(with({0, 1}, {1}, {1.0}, {1.5}), ContractViolation);
    CHECK_THROWS_AS(with({0, 2}, {1}, {1.0}, {1.0}), ContractViolation);
    CHECK_THROWS_AS(with({0, 1}, {1}, {1.0}, {1.0}).probability(std::array{-1.0}), ContractViolation);
}
