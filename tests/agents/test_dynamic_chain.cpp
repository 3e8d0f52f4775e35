#include "agents/risk/dynamic_chain.hpp"
#include "agents/risk/dynamic_symmetry.hpp"
#include "tests/agents/dynamic_trees.hpp"
#include "tests/agents/plain_dynamic_chain.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace venturi;
using dynamic_trees::Tree;

constexpr double infinity = std::numeric_limits<double>::infinity();

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

// Ten digits were published; with the last one a half off.
void check_published(const DynamicTree& tree, double time, double published) {
    CHECK(unreliability(tree, time)
          == Approx(published).epsilon(0).margin(0.51e-10 * std::max(published, 0.1) * 10));
}

}  // namespace

// The trees and values of the next three cases are those published with the tool of Volk, Junges & Katoen,
// "Fast dynamic fault tree analysis by model checking techniques", IEEE Transactions on Industrial
// Informatics 14 (2018).

TEST_CASE("Order and dependency: published values") {
    {
        Tree tree;
        const auto b = tree.leaf(0.4);
        tree.in_order({b, tree.leaf(0.4)});
        check_published(*tree, 1, 0.05434443602);
        CHECK(mean_time(*tree) == infinity);
    }
    {
        Tree tree;
        const auto b = tree.leaf(0.4);
        const auto c = tree.leaf(0.2);
        const auto d = tree.leaf(0.2);
        tree.before({b, c, d});
        check_published(*tree, 1, 0.2753355179);
        CHECK(mean_time(*tree) == infinity);
    }
    {
        Tree tree;
        const auto b = tree.leaf(0.5);
        const auto c = tree.leaf(0.5);
        const auto d = tree.leaf(0.5);
        const auto e = tree.leaf(0.5);
        tree.depends({b, c, d});
        tree.all({b, c, d, e});
        CHECK(mean_time(*tree) == Approx(3).epsilon(1e-14));
    }
    {
        Tree tree;
        const auto c = tree.leaf(1.0, 0);
        const auto d = tree.leaf(1.0, 0.5);
        const auto e = tree.leaf(0.5);
        const auto b = tree.spare({c, d});
        tree.any({b, tree.depends({e, c, d})});
        check_published(tree.top(b + 2), 1, 0.601280086);
        CHECK(mean_time(*tree) == Approx(1).epsilon(1e-14));
    }
    for (const double chance : {0.2, 1.0}) {
        // Whether the trigger's failure comes before its dependent's decides the first gate.
        Tree tree;
        const auto s = tree.leaf(0.5);
        const auto ma = tree.leaf(0.5);
        const auto mb = tree.leaf(0.5);
        const auto a = tree.in_order({s, ma});
        const auto b = tree.all({ma, mb});
        tree.depends({ma, s}, chance);
        tree.any({a, b});
        check_published(*tree, 1, 0.2017690905);
        CHECK(mean_time(*tree) == Approx(8 / 3.0).epsilon(1e-14));
    }
    {
        Tree tree;
        const auto s = tree.leaf(0.5);
        const auto ma = tree.leaf(0.5);
        const auto mb = tree.leaf(0.5);
        const auto a = tree.in_order({s, ma});
        const auto b = tree.all({ma, mb});
        tree.depends({ma, s, mb}, 0.2);
        tree.any({a, b});
        CHECK(mean_time(*tree) == Approx(38 / 15.0).epsilon(1e-14));
    }
    {
        // A dependency that works through another, into a priority-and and a spare.
        Tree tree;
        const auto dummy = tree.leaf(FailedAtStart{0});
        const auto a = tree.leaf(1.0, 0);
        const auto c = tree.leaf(1.0, 0);
        const auto dummy2 = tree.leaf(FailedAtStart{0});
        const auto d = tree.leaf(2.0, 0);
        const auto e = tree.leaf(5.0, 0);
        const auto order = tree.in_order({c, dummy2});
        const auto spare = tree.spare({d, e});
        const auto g = tree.any({order, spare});
        tree.depends({g, dummy});
        tree.depends({d, dummy2});
        tree.any({dummy, a});
        CHECK(mean_time(*tree) == Approx(5 / 12.0).epsilon(1e-14));
    }
}

TEST_CASE("Spares: published values") {
    {
        Tree tree;
        const auto i = tree.leaf(0.5, 0.3);
        tree.spare({i, tree.leaf(0.5, 0.3)});
        check_published(*tree, 1, 0.1118530638);
        CHECK(mean_time(*tree) == Approx(46 / 13.0).epsilon(1e-14));
    }
    for (const int gates : {2, 3}) {
        Tree tree;
        std::vector<std::uint32_t> primaries;
        for (int i = 0; i < gates; ++i) primaries.push_back(tree.leaf(0.5, 0.3));
        const auto shared = tree.leaf(0.5, 0.3);
        std::vector<std::uint32_t> spares;
        for (const auto primary : primaries) spares.push_back(tree.spare({primary, shared}));
        tree.any(spares);
        check_published(*tree, 1, gates == 2 ? 0.2905027469 : 0.4660673246);
        CHECK(mean_time(*tree) == Approx(gates == 2 ? 43 / 23.0 : 14 / 11.0).epsilon(1e-14));
    }
    {
        Tree tree;
        const auto i = tree.leaf(0.5, 0.3);
        const auto j = tree.leaf(0.5, 0.3);
        const auto k = tree.leaf(0.5, 0.3);
        const auto m = tree.leaf(0.5, 0.3);
        const auto b = tree.spare({i, j, k});
        tree.all({b, tree.spare({m, j})});
        check_published(*tree, 1, 0.01273070783);
        CHECK(mean_time(*tree) == Approx(18836 / 3887.0).epsilon(1e-14));
    }
    {
        Tree tree;  // nested
        const auto i = tree.leaf(0.5, 0.3);
        const auto j = tree.leaf(0.5, 0.3);
        const auto b = tree.spare({j, tree.leaf(0.5, 0.3)});
        tree.spare({i, b});
        CHECK(mean_time(*tree) == Approx(249 / 52.0).epsilon(1e-14));
    }
    {
        Tree tree;  // who has the shared spare, though one gate does not matter any more
        const auto a = tree.leaf(2.0);
        const auto b = tree.leaf(3.0);
        const auto c = tree.leaf(5.0, 0.5);
        const auto d = tree.leaf(7.0);
        const auto s1 = tree.spare({a, c});
        const auto s2 = tree.spare({b, c});
        const auto e = tree.any({d, s1});
        tree.all({e, s2});
        CHECK(mean_time(*tree) == Approx(78311 / 182700.0).epsilon(1e-14));
    }
    {
        Tree tree;  // a spare that is active because it is shared with an active part
        const auto a = tree.leaf(1.0, 0);
        const auto b = tree.leaf(1.0, 0);
        const auto c = tree.leaf(1.0, 0);
        const auto m = tree.all({a, b});
        tree.any({m, tree.spare({c, b})});
        CHECK(mean_time(tree.top(m + 2)) == Approx(7 / 6.0).epsilon(1e-14));
    }
}

TEST_CASE("Sequences and exclusions: published values") {
    {
        Tree tree;
        const auto b = tree.leaf(0.5);
        const auto c = tree.leaf(0.5);
        const auto d = tree.leaf(0.5);
        tree.sequence({b, c, d});
        tree.all({b, c, d});
        check_published(*tree, 1, 0.01438767797);
        CHECK(mean_time(*tree) == Approx(6).epsilon(1e-14));
    }
    {
        Tree tree;
        const auto b1 = tree.leaf(0.7);
        const auto b2 = tree.leaf(0.5);
        const auto b3 = tree.leaf(0.5);
        const auto b4 = tree.leaf(0.7);
        const auto t1 = tree.in_order({b1, b2});
        const auto t2 = tree.in_order({b3, b4});
        tree.sequence({b4, b3});
        tree.all({t1, t2});
        CHECK(unreliability(*tree, 1) == 0);
        CHECK(mean_time(*tree) == infinity);
    }
    {
        Tree tree;
        const auto a = tree.leaf(2.0);
        const auto b1 = tree.leaf(4.0);
        const auto b2 = tree.leaf(5.0);
        const auto c = tree.leaf(0.0);
        const auto b = tree.all({b1, b2});
        tree.sequence({c, b});
        tree.any({a, b});
        check_published(*tree, 1, 0.8646647168);
        CHECK(mean_time(*tree) == Approx(0.5).epsilon(1e-14));
    }
    {
        Tree tree;
        const auto a = tree.leaf(1.0);
        const auto b = tree.leaf(1.0);
        const auto c = tree.leaf(1.0);
        const auto d = tree.leaf(1.0);
        const auto o = tree.any({c, d});
        const auto p = tree.before({b, o});
        tree.exclusion({a, c});
        tree.any({p, a});
        check_published(*tree, 1, 0.5842978146);
        CHECK(*chain_of(*tree).passage().eventual_probability() == Approx(5 / 8.0).epsilon(1e-14));
    }
    {
        Tree tree;  // a dependent that waits for a sequence
        const auto a = tree.leaf(1.0);
        const auto b = tree.leaf(2.0);
        const auto c = tree.leaf(1.0);
        const auto e = tree.leaf(1.0);
        const auto t = tree.any({a, b});
        tree.sequence({e, b});
        tree.sequence({c, t});
        tree.depends({e, a}, 0.5);
        CHECK(mean_time(*tree) == Approx(11 / 8.0).epsilon(1e-14));
    }
}

TEST_CASE("The cardiac assist system, to its four published digits") {
    // Boudali, Crouzen & Stoelinga, "Dynamic fault tree analysis using input/output interactive Markov
    // chains", DSN 2007: 0.6579 at time 1.
    Tree tree;
    const auto cs = tree.leaf(0.2);
    const auto ss = tree.leaf(0.2);
    const auto p = tree.leaf(0.5);
    const auto b = tree.leaf(0.5, 0.5);
    const auto ms = tree.leaf(0.01);
    const auto ma = tree.leaf(1.0);
    const auto mb = tree.leaf(1.0, 0);
    const auto pa = tree.leaf(1.0);
    const auto pb = tree.leaf(1.0);
    const auto ps = tree.leaf(1.0, 0);
    const auto trigger = tree.any({cs, ss});
    tree.depends({trigger, p, b});
    const auto processors = tree.spare({p, b});
    const auto switched = tree.in_order({ms, ma});
    const auto motors = tree.any({switched, tree.spare({ma, mb})});
    const auto pump_a = tree.spare({pa, ps});
    const auto pump_b = tree.spare({pb, ps});
    const auto pumps = tree.all({pump_a, pump_b});
    tree.any({processors, motors, pumps});
    CHECK(unreliability(*tree, 1) == Approx(0.6579).margin(0.5e-4));
}

TEST_CASE("The cascaded priority-and, to its published digits and in closed form") {
    // The same paper: 0.00135668 at time 1. Three groups A, C, D of four leaves of rate 1; the top is A
    // before (C before D). Groups fail at independent times with distribution F = (1 − e^−t)^4, and the inner
    // gate when D does: A before D, and C before D, so P = ∫ F² dF = F(1)³ / 3.
    Tree tree;
    std::array<std::uint32_t, 12> leaves{};
    for (auto& leaf : leaves) leaf = tree.leaf(1.0);
    const auto group = [&](std::size_t first) {
        return tree.all({leaves[first], leaves[first + 1], leaves[first + 2], leaves[first + 3]});
    };
    const auto a = group(0);
    const auto c = group(4);
    const auto d = group(8);
    tree.in_order({a, tree.in_order({c, d})});
    const auto top = static_cast<std::uint32_t>(leaves.size() + 4);
    const double by_hand = std::pow(1 - std::exp(-1.0), 12) / 3;
    CHECK(by_hand == Approx(0.00135668).margin(0.5e-8));
    CHECK(unreliability(tree.top(top), 1) == Approx(by_hand).epsilon(1e-12));
    CHECK(*chain_of(*tree).passage().eventual_probability() == Approx(1 / 3.0).epsilon(1e-13));
}

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

TEST_CASE("A random tree means the same to a plain reading of it") {
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

TEST_CASE("Reductions change the size of the chain, not its solution") {
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

namespace {

// Triads of processors, each with a cold spare, all triads of network elements (Dugan, Bavuso & Boyd 1992:
// the fault-tolerant parallel processor), so that copies share triggers; or without those, spares in a pool.
DynamicTree parallel_processor(int triads) {
    Tree tree;
    std::vector<std::vector<std::uint32_t>> units(4);
    for (auto& row : units)
        for (int t = 0; t < triads; ++t) row.push_back(tree.leaf(0.11, 0));
    std::array<std::uint32_t, 4> networks{};
    for (auto& network : networks) network = tree.leaf(0.017);
    std::vector<std::uint32_t> down;
    for (std::size_t t = 0; t < static_cast<std::size_t>(triads); ++t) {
        std::vector<std::uint32_t> members;
        for (std::size_t m = 0; m < 3; ++m) members.push_back(tree.spare({units[m][t], units[3][t]}));
        down.push_back(tree.at_least(2, members));
    }
    for (std::size_t m = 0; m < 4; ++m) {
        std::vector<std::uint32_t> who = {networks[m]};
        who.insert(who.end(), units[m].begin(), units[m].end());
        tree.depends(who);
    }
    tree.any(down);
    return *tree;
}

DynamicTree pool_of_spares(int gates, int spares) {
    Tree tree;
    std::vector<std::uint32_t> primaries;
    std::vector<std::uint32_t> pool;
    for (int i = 0; i < gates; ++i) primaries.push_back(tree.leaf(1.0));
    for (int i = 0; i < spares; ++i) pool.push_back(tree.leaf(2.0 + i, 0.5));
    std::vector<std::uint32_t> units;
    for (const auto primary : primaries) {
        std::vector<std::uint32_t> inputs = {primary};
        inputs.insert(inputs.end(), pool.begin(), pool.end());
        units.push_back(tree.spare(inputs));
    }
    tree.at_least(static_cast<std::uint32_t>(gates - 1), units);
    return *tree;
}

}  // namespace

TEST_CASE("Copies are found where they can be exchanged, triggers and pools of spares included") {
    for (const DynamicTree& tree : {parallel_processor(3), pool_of_spares(4, 2)}) {
        const DynamicChain reduced = chain_of(tree);
        const DynamicChain whole = chain_of(tree, {.symmetry = Reduction::unused});
        CHECK(reduced.size() * 3 < whole.size());
        for (const double time : {0.1, 1.0, 10.0})
            CHECK(reduced.passage().probability(std::array{time})->front()
                  == Approx(whole.passage().probability(std::array{time})->front()).epsilon(1e-11));
        CHECK(reduced.passage().mean().value() == Approx(whole.passage().mean().value()).epsilon(1e-12));
    }
}

TEST_CASE("What can tell copies apart keeps them from being exchanged") {
    const auto group_count = [](const DynamicTree& tree) {
        return DynamicSymmetry(DynamicSemantics(tree)).groups().size();
    };
    const auto tree_with = [](auto&& change) {
        Tree tree;
        const auto a = tree.leaf(1.0);
        const auto b = tree.leaf(1.0);
        const auto c = tree.leaf(2.0);
        const auto d = tree.leaf(2.0);
        const auto left = tree.all({a, c});
        const auto right = tree.all({d, b});  // in another order
        const std::array nodes = {a, b, c, d};
        change(tree, nodes);
        tree.any({left, right});
        return *tree;
    };
    CHECK(group_count(tree_with([](auto&, auto&) {})) == 1);
    CHECK(group_count(tree_with([](auto& tree, auto& n) { tree.depends({n[0], n[2]}); })) == 0);
    CHECK(group_count(tree_with([](auto& tree, auto& n) {
              tree.depends({n[0], n[2]});
              tree.depends({n[1], n[3]});
          }))
          == 1);
    CHECK(group_count(tree_with([](auto& tree, auto& n) {
              tree.depends({n[0], n[2]}, 0.5);
              tree.depends({n[1], n[3]}, 0.4);
          }))
          == 0);
    CHECK(group_count(tree_with([](auto& tree, auto& n) { tree.exclusion({n[0], n[1]}); })) == 0);
    CHECK(group_count(tree_with([](auto& tree, auto& n) { tree.sequence({n[0], n[2]}); })) == 0);
    CHECK(group_count(tree_with([](auto& tree, auto& n) { tree.in_order({n[0], n[1]}); })) == 0);
    Tree ordered;
    const auto first = ordered.leaf(1.0);
    const auto second = ordered.leaf(1.0);
    const auto order = ordered.in_order({first, second});
    CHECK(group_count(*ordered) == 0);
    ordered.any({ordered.all({first, second}), order});
    CHECK(group_count(*ordered) == 0);
    // A dependency that lists another leaf between them.
    for (const bool between : {false, true}) {
        Tree tree;
        const auto a = tree.leaf(1.0);
        const auto b = tree.leaf(1.0);
        const auto other = tree.leaf(3.0);
        const auto trigger = tree.leaf(2.0);
        const auto both = tree.all({a, b});
        tree.depends({trigger, a, between ? other : b, between ? b : other});
        tree.in_order({both, other});
        CHECK(group_count(*tree) == (between ? 0U : 1U));
    }
    // Spare gates that would claim in another order.
    for (const bool crossed : {false, true}) {
        Tree tree;
        std::array<std::uint32_t, 6> leaves{};
        for (std::size_t i = 0; i < 6; ++i) leaves[i] = tree.leaf(1.0 + static_cast<double>(i % 3));
        const auto one = tree.spare({leaves[0], leaves[2]});
        const auto two = tree.spare({leaves[1], leaves[2]});
        const auto left = tree.all({one, two});
        const std::size_t early = crossed ? 4 : 3;
        const auto third = tree.spare({leaves[early], leaves[5]});
        const auto fourth = tree.spare({leaves[7 - early], leaves[5]});
        tree.any({left, tree.all({third, fourth})});
        CHECK(group_count(*tree) == (crossed ? 0U : 1U));
    }
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
