#include "agents/risk/dynamic_chain.hpp"
#include "tests/agents/dynamic_trees.hpp"
#include "tests/agents/plain_dynamic_chain.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace venturi;
using dynamic_trees::Tree;

DynamicChain chain_of(const DynamicTree& tree, const ChainOptions& options = {}) {
    ChainRefusal refusal = ChainRefusal::none;
    auto chain = DynamicChain::explore(DynamicSemantics(tree), options, refusal);
    REQUIRE(chain);
    return std::move(*chain);
}

double unreliability(const DynamicTree& tree, double time) {
    return chain_of(tree).passage().probability(std::array{time})->front();
}

double mean_time(const DynamicTree& tree) {
    return chain_of(tree).passage().mean().value();
}

}  // namespace

TEST_CASE("The Markov chain agrees with distributions in closed form") {
    for (const double t : {1e-3, 0.3, 1.0, 7.0}) {
        CAPTURE(t);
        {
            // Cold spares of rates 1, 2, 3: hypoexponential, 1 − 3 e^−t + 3 e^−2t − e^−3t = (1 − e^−t)³.
            Tree tree;
            const auto a = tree.leaf(1.0, 0);
            const auto b = tree.leaf(2.0, 0);
            const auto c = tree.leaf(3.0, 0);
            tree.spare({a, b, c});
            CHECK(unreliability(*tree, t) == Approx(std::pow(-std::expm1(-t), 3)).epsilon(1e-12));
            CHECK(mean_time(*tree) == Approx(1 + 1 / 2.0 + 1 / 3.0).epsilon(1e-14));
        }
        {
            // A before B: ∫ a e^−as (e^−bs − e^−bt) ds up to t, at a = 2, b = 3.
            Tree tree;
            const auto a = tree.leaf(2.0);
            tree.in_order({a, tree.leaf(3.0)});
            const double by_hand = 2 / 5.0 * -std::expm1(-5 * t) - std::exp(-3 * t) * -std::expm1(-2 * t);
            CHECK(unreliability(*tree, t) == Approx(by_hand).margin(1e-15));
        }
        {
            // A before all others of total rate b: a / (a + b) (1 − e^−(a + b) t).
            Tree tree;
            const auto a = tree.leaf(2.0);
            const auto b = tree.leaf(1.0);
            const auto c = tree.leaf(0.5);
            tree.before({a, b, c});
            CHECK(unreliability(*tree, t) == Approx(2 / 3.5 * -std::expm1(-3.5 * t)).epsilon(1e-12));
        }
        {
            // An Erlang leaf is its phases.
            Tree tree;
            tree.any({tree.leaf(ErlangLife{3, 5})});
            CHECK(unreliability(tree.top(1), t)
                  == Approx(failure_probability(ErlangLife{3, 5}, t)).epsilon(1e-12));
        }
        {
            // Two leaves with repair, both must fail: 1 − (s1 e^{s2 t} − s2 e^{s1 t}) / (s1 − s2), with s the
            // zeros of s² + (3λ + μ) s + 2λ² (Trivedi, Probability and Statistics with Reliability, 2002, ch.
            // 8).
            Tree tree;
            const auto a = tree.leaf(1.0, 1, 4.0);
            tree.all({a, tree.leaf(1.0, 1, 4.0)});
            const double root = std::sqrt(49.0 - 8.0);
            const double s1 = (-7 + root) / 2;
            const double s2 = (-7 - root) / 2;
            const double works = (s1 * std::exp(s2 * t) - s2 * std::exp(s1 * t)) / (s1 - s2);
            CHECK(unreliability(*tree, t) == Approx(1 - works).margin(1e-14));
            CHECK(mean_time(*tree) == Approx(7 / 2.0).epsilon(1e-14));
        }
    }
}

TEST_CASE("A leaf that fails at the start with a probability mixes two trees") {
    Tree tree;
    const auto a = tree.leaf(FailedAtStart{0.4});
    const auto b = tree.leaf(2.0);
    const auto c = tree.leaf(3.0);
    const auto both = tree.all({b, c});
    tree.any({both, tree.all({a, b})});
    const double b_fails = -std::expm1(-2.0);
    const double c_fails = -std::expm1(-3.0);
    CHECK(unreliability(tree.top(both + 2), 1) == Approx(b_fails * (0.4 + 0.6 * c_fails)).epsilon(1e-13));
}

TEST_CASE("A random tree means the same to a plain reading of it", "[long]") {
    dynamic_trees::Draws draws(7);
    int dynamic = 0;
    int infinite = 0;
    for (int i = 0; i < 300; ++i) {
        const dynamic_trees::Ingredients with{
            .leaves = 3 + i % 3, .gates = 2 + i % 5, .chances = false, .repair = false, .phases = false};
        DynamicTree tree = dynamic_trees::random_tree(draws, with);
        for (DynamicGate& gate : tree.gates)  // the plain reading has no dependent gates
            if (gate.connective == DynamicConnective::dependency)
                for (std::size_t k = 1; k < gate.inputs.size(); ++k)
                    if (!tree.is_leaf(gate.inputs[k])) gate.inputs[k] = 0;
        const dynamic_trees::PlainChain plain(tree);
        if (plain.size() > 250) continue;
        const DynamicChain chain = chain_of(tree);
        CAPTURE(i, plain.size(), chain.size());
        CHECK(chain.size() <= plain.size());
        for (const double time : {0.1, 1.0, 5.0}) {
            const double found = chain.passage().probability(std::array{time})->front();
            CHECK(found == Approx(plain.unreliability(time)).margin(1e-11));
            if (found > 0 && found < 1) ++dynamic;
        }
        const double mean = chain.passage().mean().value();
        const double expected = plain.mean_time_to_failure();
        if (std::isinf(expected)) {
            CHECK(std::isinf(mean));
            ++infinite;
        } else {
            CHECK(mean == Approx(expected).epsilon(1e-11));
        }
    }
    CHECK(dynamic > 300);  // the test is about something
    CHECK(infinite > 20);
}

TEST_CASE("Reductions change the size of the chain, not its solution", "[long]") {
    dynamic_trees::Draws draws(11);
    std::size_t smaller_by_settling = 0;
    std::size_t smaller_by_symmetry = 0;
    const std::array times = {0.2, 1.0, 4.0};
    for (int i = 0; i < 500; ++i) {
        const dynamic_trees::Ingredients with{.leaves = 3 + i % 4, .gates = 2 + i % 6, .repair = i % 2 == 0};
        const DynamicTree tree = i % 5 < 3 ? dynamic_trees::random_tree(draws, with)
                                           : dynamic_trees::random_copies(draws, i % 2 == 0);
        const DynamicChain reduced = chain_of(tree);
        const DynamicChain unsorted = chain_of(tree, {.symmetry = Reduction::unused});
        const DynamicChain unsettled = chain_of(tree, {.settling = Reduction::unused});
        if (unsettled.size() > 1000) continue;  // only slow
        CAPTURE(i, reduced.size(), unsorted.size(), unsettled.size());
        smaller_by_symmetry += reduced.size() < unsorted.size() ? 1U : 0U;
        smaller_by_settling += reduced.size() < unsettled.size() ? 1U : 0U;
        const auto expected = *reduced.passage().probability(times);
        for (const DynamicChain* other : {&unsorted, &unsettled}) {
            const auto found = *other->passage().probability(times);
            for (std::size_t t = 0; t < times.size(); ++t) {
                CHECK(found[t] == Approx(expected[t]).epsilon(1e-10).margin(1e-14));
                CHECK((found[t] >= 0 && found[t] <= 1));
                if (t > 0) CHECK(found[t] >= found[t - 1] * (1 - 1e-12));
            }
            const double mean = other->passage().mean().value();
            if (std::isinf(mean))
                CHECK(std::isinf(reduced.passage().mean().value()));
            else
                CHECK(reduced.passage().mean().value() == Approx(mean).epsilon(1e-10));
        }
    }
    CHECK(smaller_by_settling > 100);
    CHECK(smaller_by_symmetry > 50);
}

TEST_CASE("A spare gate beside the top matters where it wakes what the top depends on") {
    // When p fails, its gate uses and wakes d and e; when e fails, it has nothing left, and d stays awake.
    // Then d can fail before q does, and K may change its spare meanwhile.
    Tree tree;
    const auto p = tree.leaf(1.0);
    const auto q = tree.leaf(1.0);
    const auto r = tree.leaf(1.0);
    const auto d = tree.leaf(2.0, 0);
    const auto e = tree.leaf(1.0, 0);
    const auto f = tree.leaf(2.0, 0);
    const auto s = tree.leaf(1.0, 0);
    const auto waking = tree.any({d, e});
    const auto pair = tree.any({d, f});
    tree.spare({p, waking});
    const auto h = tree.spare({q, pair});
    const auto k = tree.spare({r, s});
    tree.all({h, k});
    const dynamic_trees::PlainChain plain(*tree);
    const DynamicChain unsettled = chain_of(*tree, {.settling = Reduction::unused});
    const DynamicChain settled = chain_of(*tree);
    CHECK(settled.size() < unsettled.size());
    CHECK(settled.passage().mean().value() == Approx(plain.mean_time_to_failure()).epsilon(1e-12));
    CHECK(settled.passage().mean().value() == Approx(unsettled.passage().mean().value()).epsilon(1e-13));
}

TEST_CASE(
    "The exact solution lies within four standard errors of a simulation, repair and chances included") {
    dynamic_trees::Draws draws(3);
    constexpr int trials = 4000;
    constexpr double horizon = 1.5;
    int interesting = 0;
    for (int i = 0; i < 25; ++i) {
        const DynamicTree tree = dynamic_trees::random_tree(draws, {.leaves = 6, .gates = 6});
        const DynamicSemantics semantics(tree);
        const auto leaves = static_cast<std::uint32_t>(tree.leaves.size());
        std::vector<std::uint8_t> state(semantics.state_bytes());
        std::uniform_real_distribution<double> uniform;
        const auto chance = [&](double probability) { return uniform(draws) < probability; };
        int failures = 0;
        for (int trial = 0; trial < trials; ++trial) {
            semantics.begin(state, chance);
            double time = 0;
            while (!semantics.top_failed(state)) {
                std::vector<double> rates;
                for (std::uint32_t leaf = 0; leaf < leaves; ++leaf) {
                    rates.push_back(semantics.rate(state, leaf));
                    rates.push_back(semantics.repair_rate(state, leaf));
                }
                double total = 0;
                for (const double rate : rates) total += rate;
                if (total == 0) break;
                time -= std::log1p(-uniform(draws)) / total;
                if (time > horizon) break;
                std::discrete_distribution<std::uint32_t> which(rates.begin(), rates.end());
                const std::uint32_t event = which(draws);
                if (event % 2 == 0)
                    semantics.end_phase(state, event / 2, chance);
                else
                    (void)semantics.repair(state, event / 2, chance);
            }
            failures += semantics.top_failed(state) ? 1 : 0;
        }
        const double expected = unreliability(tree, horizon);
        const double error = std::sqrt(expected * (1 - expected) / trials);
        CAPTURE(i, expected);
        CHECK(std::abs(static_cast<double>(failures) / trials - expected) <= 4 * error + 1e-14);
        if (expected > 0.01 && expected < 0.99) ++interesting;
    }
    CHECK(interesting > 12);
}

TEST_CASE("What a chain cannot follow is refused, and said why") {
    ChainRefusal refusal = ChainRefusal::none;
    {
        Tree tree;
        const auto a = tree.leaf(WeibullLife{1, 2});
        tree.in_order({a, tree.leaf(1.0)});
        CHECK_FALSE(DynamicChain::explore(DynamicSemantics(*tree), {}, refusal));
        CHECK(refusal == ChainRefusal::not_memoryless);
    }
    {
        Tree tree;
        std::vector<std::uint32_t> leaves;
        for (int i = 0; i < 20; ++i) leaves.push_back(tree.leaf(1.0 + i));
        tree.all(leaves);
        CHECK_FALSE(DynamicChain::explore(DynamicSemantics(*tree), {.states = 1000}, refusal));
        CHECK(refusal == ChainRefusal::too_large);
        CHECK_FALSE(DynamicChain::explore(DynamicSemantics(*tree), {.bytes = 100'000}, refusal));
        CHECK(refusal == ChainRefusal::too_large);
    }
    {
        Tree tree;
        std::vector<std::uint32_t> leaves;
        for (int i = 0; i < 30; ++i) leaves.push_back(tree.leaf(FailedAtStart{0.5}));
        tree.all(leaves);
        CHECK_FALSE(DynamicChain::explore(DynamicSemantics(*tree), {}, refusal));
        CHECK(refusal == ChainRefusal::too_large);
    }
    CHECK(std::string(describe(ChainRefusal::not_memoryless)) != describe(ChainRefusal::too_large));
}
