// Dynamic fault trees whose values others have published.
#include "agents/risk/dynamic_chain.hpp"
#include "sim/infinity.hpp"
#include "tests/agents/dynamic_trees.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
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
