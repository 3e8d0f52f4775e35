#include "agents/risk/dynamic_tree.hpp"
#include "sim/contract.hpp"
#include "sim/infinity.hpp"
#include "tests/agents/dynamic_trees.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

namespace {

using namespace venturi;
using dynamic_trees::Tree;

DynamicTree two_leaves() {
    Tree tree;
    const auto a = tree.leaf(1.0);
    const auto b = tree.leaf(2.0);
    tree.all({a, b});
    return *tree;
}

}  // namespace

TEST_CASE("A leaf's life has the distribution of its name") {
    CHECK(failure_probability(ExponentialLife{2}, 0.5) == Approx(1 - std::exp(-1.0)).epsilon(1e-15));
    // 1 − e^−x (1 + x + x²/2) at x = 3.2
    CHECK(failure_probability(ErlangLife{4, 3}, 0.8)
          == Approx(1 - std::exp(-3.2) * (1 + 3.2 + 3.2 * 3.2 / 2)).epsilon(1e-14));
    CHECK(failure_probability(WeibullLife{4, 4}, 2) == Approx(1 - std::exp(-1.0 / 16)).epsilon(1e-14));
    // Half fail by the median, and 97.5% by 1.96 standard deviations of the log above it (Φ(1.96) =
    // 0.9750021).
    CHECK(failure_probability(LogNormalLife{0.5, 0.3}, std::exp(0.5)) == Approx(0.5).epsilon(1e-14));
    CHECK(failure_probability(LogNormalLife{0.5, 0.3}, std::exp(0.5 + 1.96 * 0.3))
          == Approx(0.9750021).margin(5e-8));
    CHECK(failure_probability(FailedAtStart{0.3}, 0) == 0.3);
    CHECK(failure_probability(FailedAtStart{0.3}, infinity) == 0.3);
    CHECK(failure_probability(NeverFails{}, infinity) == 0);
}

TEST_CASE("Small failure probabilities have their relative precision") {
    // The first term beyond: x^n / n! (1 − x n / (n + 1) + ...), here x = 1e-6.
    CHECK(failure_probability(ErlangLife{1, 3}, 1e-6) == Approx(1e-18 / 6 * (1 - 0.75e-6)).epsilon(1e-12));
    CHECK(failure_probability(ExponentialLife{1e-20}, 1) == Approx(1e-20).epsilon(1e-15));
    CHECK(failure_probability(WeibullLife{1e5, 4}, 1) == Approx(1e-20).epsilon(1e-14));
}

TEST_CASE(
    "An Erlang leaf's probability is continuous where the sum changes sides, and one phase is exponential") {
    for (const std::uint32_t phases : {1U, 2U, 30U, 255U}) {
        const ErlangLife life{1, phases};
        const double mean = phases;
        const double below = failure_probability(life, mean * (1 - 1e-12));
        const double above = failure_probability(life, mean * (1 + 1e-12));
        // Over so short a time the density, at most 1 / sqrt(2π phases) of the mean, adds some 1e-12; each
        // sum has a rounding error of some phases · 1e-16.
        CHECK(above == Approx(below).margin(2e-12 * mean + 255e-16));
    }
    CHECK(failure_probability(ErlangLife{0.7, 1}, 3) == Approx(-std::expm1(-2.1)).epsilon(1e-14));
}

TEST_CASE(
    "Every life fails by no chance at once, later ever likelier, and at infinity as likely as it ever will") {
    const LeafLife lives[] = {ExponentialLife{2}, ErlangLife{3, 4}, WeibullLife{2, 0.5},
                              LogNormalLife{0.1, 2}, ExponentialLife{0}};
    for (const LeafLife& life : lives) {
        double last = failure_probability(life, 0);
        CHECK(last == 0);
        for (double age = 1e-3; age < 1e3; age *= 1.5) {
            const double now = failure_probability(life, age);
            CHECK(now >= last);
            CHECK(now <= 1);
            last = now;
        }
    }
    for (std::size_t i = 0; i < 4; ++i) CHECK(failure_probability(lives[i], infinity) == 1);
    CHECK(failure_probability(lives[4], infinity) == 0);
    CHECK_THROWS_AS(failure_probability(lives[0], -1), ContractViolation);
}

TEST_CASE("Survival has a relative precision of its own, where failure is all but certain") {
    CHECK(survival_probability(ExponentialLife{2}, 100) == Approx(std::exp(-200)).epsilon(1e-13));
    CHECK(survival_probability(WeibullLife{2, 3}, 10) == Approx(std::exp(-125)).epsilon(1e-13));
    // e^−x (1 + x + x² / 2) with x = 100.
    CHECK(survival_probability(ErlangLife{10, 3}, 10) == Approx(std::exp(-100) * 5101).epsilon(1e-12));
    CHECK(survival_probability(ErlangLife{10, 3}, 0.01) == Approx(1).epsilon(1e-3));
    // Normal tails: Φ(−10).
    CHECK(survival_probability(LogNormalLife{1, 2}, std::exp(21.0))
          == Approx(7.61985302416e-24).epsilon(1e-10));
    CHECK(survival_probability(FailedAtStart{0.25}, 3) == 0.75);
    CHECK(survival_probability(NeverFails{}, 3) == 1);
    for (const double age : {0.1, 1.0, 3.0})
        for (const LeafLife& life : {LeafLife{ExponentialLife{0.3}}, LeafLife{ErlangLife{1, 4}},
                                     LeafLife{WeibullLife{2, 0.7}}, LeafLife{LogNormalLife{0, 1}}})
            CHECK(survival_probability(life, age)
                  == Approx(1 - failure_probability(life, age)).epsilon(1e-13));
}

TEST_CASE("A Markov chain can follow lives made of exponential phases, and no others") {
    CHECK(is_memoryless_in_phases(ExponentialLife{1}));
    CHECK(is_memoryless_in_phases(ErlangLife{1, 2}));
    CHECK(is_memoryless_in_phases(FailedAtStart{0.5}));
    CHECK(is_memoryless_in_phases(NeverFails{}));
    CHECK_FALSE(is_memoryless_in_phases(WeibullLife{1, 2}));
    CHECK_FALSE(is_memoryless_in_phases(LogNormalLife{0, 1}));
}

TEST_CASE("Nodes are leaves, then gates, and gates are ranked after their inputs") {
    Tree tree;
    const auto a = tree.leaf(1.0);
    const auto b = tree.leaf(1.0);
    const auto high = tree.any({a, 4});  // over a gate that stands after it
    const auto constraint = tree.sequence({a, b});
    const auto low = tree.all({a, b});
    const DynamicTree& made = tree.top(high);
    REQUIRE_NOTHROW(expect_sound(made));
    CHECK(made.node_count() == 5);
    CHECK(made.is_leaf(b));
    CHECK_FALSE(made.is_leaf(high));
    CHECK(made.name(low) == "gate 2");
    CHECK(is_constraint(made.gate(constraint).connective));
    CHECK(gates_by_rank(made) == std::vector<std::uint32_t>{low, high});
}

TEST_CASE("An unsound tree is refused") {
    REQUIRE_NOTHROW(expect_sound(two_leaves()));
    const auto is_refused = [](auto&& spoil) {
        DynamicTree tree = two_leaves();
        spoil(tree);
        CHECK_THROWS_AS(expect_sound(tree), ContractViolation);
    };
    is_refused([](DynamicTree& t) { t.top = 3; });
    is_refused([](DynamicTree& t) { t.gates[0].inputs = {0, 3}; });
    is_refused([](DynamicTree& t) { t.gates[0].inputs = {}; });
    is_refused([](DynamicTree& t) { t.gates[0].inputs = {0, 2}; });                           // a cycle
    is_refused([](DynamicTree& t) { t.gates[0].connective = DynamicConnective::sequence; });  // as the top
    is_refused([](DynamicTree& t) {
        t.gates[0].connective = DynamicConnective::at_least;
        t.gates[0].minimum = 3;
    });
    is_refused([](DynamicTree& t) { t.gates[0].connective = DynamicConnective::at_least; });
    is_refused([](DynamicTree& t) {
        t.gates[0].connective = DynamicConnective::spare;
        t.gates[0].inputs = {0, 0};
    });
    is_refused([](DynamicTree& t) {
        t.gates.push_back({.connective = DynamicConnective::dependency, .inputs = {0}});
    });
    is_refused([](DynamicTree& t) {
        t.gates.push_back(
            {.connective = DynamicConnective::dependency, .probability = 1.5, .inputs = {0, 1}});
    });
    is_refused([](DynamicTree& t) {
        t.gates.push_back({.connective = DynamicConnective::exclusion, .inputs = {0, 1}});
        t.gates.push_back({.connective = DynamicConnective::sequence, .inputs = {0, 3}});
    });
    is_refused([](DynamicTree& t) { t.leaves[0].life = ExponentialLife{-1}; });
    is_refused([](DynamicTree& t) { t.leaves[0].life = ExponentialLife{infinity}; });
    is_refused([](DynamicTree& t) { t.leaves[0].life = ErlangLife{1, 0}; });
    is_refused([](DynamicTree& t) { t.leaves[0].life = ErlangLife{1, 256}; });
    is_refused([](DynamicTree& t) { t.leaves[0].life = WeibullLife{0, 1}; });
    is_refused([](DynamicTree& t) { t.leaves[0].life = WeibullLife{1, 0}; });
    is_refused([](DynamicTree& t) { t.leaves[0].life = LogNormalLife{0, 0}; });
    is_refused([](DynamicTree& t) { t.leaves[0].life = FailedAtStart{1.1}; });
    is_refused([](DynamicTree& t) { t.leaves[0].dormancy = 1.1; });
    is_refused([](DynamicTree& t) { t.leaves[0].repair_rate = -1; });
    is_refused([](DynamicTree& t) { t.leaves[0].repair_rate = std::nan(""); });
}

TEST_CASE("A cycle that a dependency closes is none") {
    DynamicTree tree = two_leaves();
    tree.gates.push_back({.connective = DynamicConnective::dependency, .inputs = {2, 0}});
    CHECK_NOTHROW(expect_sound(tree));
}
