#include "agents/risk/dynamic_modules.hpp"
#include "agents/risk/dynamic_solution.hpp"
#include "sim/contract.hpp"
#include "sim/infinity.hpp"
#include "tests/agents/dynamic_trees.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace {

using namespace venturi;
using dynamic_trees::Tree;

DynamicSolution solved(const DynamicTree& tree) {
    ChainRefusal refusal = ChainRefusal::none;
    auto solution = DynamicSolution::solve(tree, {}, refusal);
    REQUIRE(solution);
    REQUIRE(refusal == ChainRefusal::none);
    return std::move(*solution);
}

double unreliability(const DynamicTree& tree, double time) {
    return solved(tree).unreliability(std::array{time}).value().front();
}

double mean_time(const DynamicTree& tree) {
    return solved(tree).mean_time_to_failure().value();
}

std::vector<std::string> module_tops(const DynamicTree& tree) {
    std::vector<std::string> names;
    for (const DynamicTree& module : split_into_modules(tree).modules)
        names.push_back(module.name(module.top));
    return names;
}

}  // namespace

TEST_CASE("A static tree is its leaves joined, whatever their lives") {
    Tree tree;
    const auto a = tree.leaf(WeibullLife{4, 4});
    tree.all({a, tree.leaf(WeibullLife{2, 1})});
    CHECK(solved(*tree).chain_count() == 0);
    // Published with the tool of Volk, Junges & Katoen (2018), whose key `rate` is the scale.
    CHECK(unreliability(*tree, 2) == Approx(0.0382982486).margin(0.5e-10));
    CHECK(unreliability(*tree, 2) == Approx((1 - std::exp(-1 / 16.0)) * (1 - std::exp(-1.0))).epsilon(1e-14));
}

TEST_CASE("Shared leaves under static gates are no obstacle") {
    // (a or b) and (a or c): a or (b and c).
    Tree tree;
    const auto a = tree.leaf(0.5);
    const auto b = tree.leaf(WeibullLife{1, 2});
    const auto c = tree.leaf(ErlangLife{3, 2});
    const auto left = tree.any({a, b});
    tree.all({left, tree.any({a, c})});
    const double pair =
        failure_probability(WeibullLife{1, 2}, 0.7) * failure_probability(ErlangLife{3, 2}, 0.7);
    const double alone = -std::expm1(-0.35);
    CHECK(unreliability(tree.top(left + 2), 0.7) == Approx(alone + (1 - alone) * pair).epsilon(1e-14));
}

TEST_CASE("A computer system of two halves, to its published digits") {
    // Two halves of the hypothetical example computer system (Dugan, Bavuso & Boyd 1992), in series:
    // processors with a shared cold spare, five memory units of which three must work, a redundant bus, an
    // interface. Published with the tool of Volk, Junges & Katoen (2018): 0.00021997582 at time 1.
    Tree tree;
    struct Half {
        std::vector<std::uint32_t> processors, memories, buses, interface;
    };
    std::array<Half, 2> halves;
    for (Half& half : halves) {
        for (int i = 0; i < 3; ++i) half.processors.push_back(tree.leaf(1e-4, 0));
        for (int i = 0; i < 5; ++i) half.memories.push_back(tree.leaf(6e-5));
        for (int i = 0; i < 2; ++i) half.buses.push_back(tree.leaf(1e-6));
        half.interface = {tree.leaf(5e-5), tree.leaf(6e-5)};
    }
    std::vector<std::uint32_t> systems;
    for (const Half& half : halves) {
        const auto one = tree.spare({half.processors[0], half.processors[2]});
        const auto two = tree.spare({half.processors[1], half.processors[2]});
        const auto processors = tree.all({one, two});
        const auto memories = tree.at_least(3, half.memories);
        const auto buses = tree.all(half.buses);
        const auto interface = tree.any(half.interface);
        systems.push_back(tree.any({processors, memories, buses, interface}));
    }
    tree.any(systems);
    const DynamicSolution solution = solved(*tree);
    CHECK(solution.chain_count() == 2);
    CHECK(solution.state_count() < 20);
    CHECK(unreliability(*tree, 1) == Approx(0.00021997582).margin(0.5e-11));
    // And the chain of the whole says the same.
    ChainRefusal refusal = ChainRefusal::none;
    const auto chain = DynamicChain::explore(DynamicSemantics(*tree), {}, refusal);
    REQUIRE(chain);
    CHECK(chain->size() > 10 * solution.state_count());
    CHECK(unreliability(*tree, 500)
          == Approx(chain->passage().probability(std::array{500.0}).value().front()).epsilon(1e-11));
    CHECK(mean_time(*tree) == Approx(chain->passage().mean().value()).epsilon(1e-10));
}

TEST_CASE("Modules are what has nothing to do with each other") {
    const auto with = [](auto&& build) {
        Tree tree;
        const auto a = tree.leaf(1.0);
        const auto b = tree.leaf(1.0);
        const auto c = tree.leaf(1.0);
        const auto d = tree.leaf(1.0);
        build(tree, a, b, c, d);
        return *tree;
    };
    using Names = std::vector<std::string>;
    // gate 0 is dynamic
    CHECK(module_tops(with([](Tree& t, auto a, auto b, auto c, auto d) {
              const auto order = t.in_order({a, b});
              t.any({order, c, d});
          }))
          == Names{"leaf 2", "leaf 3", "gate 0"});
    // c has to do with it: the least gate over both is a module
    CHECK(module_tops(with([](Tree& t, auto a, auto b, auto c, auto d) {
              const auto order = t.in_order({a, b});
              const auto both = t.all({order, c});
              t.depends({c, a});
              t.any({both, d});
          }))
          == Names{"leaf 3", "gate 1"});
    // a stands under a static gate, too, that is not over gate 0
    CHECK(module_tops(with([](Tree& t, auto a, auto b, auto c, auto d) {
              const auto order = t.in_order({a, b});
              const auto pair = t.all({a, c});
              t.any({order, pair, d});
          }))
          == Names{"gate 2"});
    // an exclusion couples two leaves; a trigger is part of what it triggers
    CHECK(module_tops(with([](Tree& t, auto a, auto b, auto c, auto d) {
              const auto pair = t.all({a, b});
              t.exclusion({a, b});
              t.any({pair, c, d});
          }))
          == Names{"leaf 2", "leaf 3", "gate 0"});
    CHECK(module_tops(with([](Tree& t, auto a, auto b, auto c, auto d) {
              t.depends({d, a});
              t.all({a, t.any({b, c})});
          }))
          == Names{"leaf 0", "leaf 1", "leaf 2"});
    // a top that is dynamic is one module
    CHECK(module_tops(with([](Tree& t, auto a, auto b, auto c, auto d) {
              const auto any = t.any({a, b});
              t.in_order({any, t.all({c, d})});
          }))
          == Names{"gate 2"});
}

TEST_CASE("A static gate that a dependency fails is more than its inputs") {
    Tree tree;
    const auto x = tree.leaf(1.0);
    const auto y = tree.leaf(2.0);
    const auto trigger = tree.leaf(4.0);
    const auto gate = tree.any({x});
    tree.depends({trigger, gate});
    tree.any({gate, y});
    CHECK(unreliability(*tree, 0.3) == Approx(-std::expm1(-7 * 0.3)).epsilon(1e-13));
}

TEST_CASE("A tree whose top is a spare of something is dormant until it is used") {
    Tree tree;
    const auto primary = tree.leaf(1.0);
    const auto top = tree.any({tree.leaf(4.0, 0)});
    tree.spare({primary, top});
    CHECK(mean_time(tree.top(top)) == Approx(1 + 1 / 4.0).epsilon(1e-13));
}

TEST_CASE("With repair the tree is one module, for what failed first may work again") {
    Tree tree;
    const auto a = tree.leaf(1.0, 1, 2.0);
    tree.all({a, tree.leaf(1.0)});
    CHECK(module_tops(*tree).size() == 1);
    // States: both work (rates 1 and 1), b alone (2 back, 1 on), a alone (1 on); m0 = 1/2 + (mb + ma) / 2, ma
    // = 1, mb = 1/3 + 2/3 m0.
    CHECK(mean_time(*tree) == Approx(7 / 4.0).epsilon(1e-14));
}

TEST_CASE("A lone leaf with repair fails first as one without") {
    Tree tree;
    const auto a = tree.leaf(0.5, 1, 2.0);
    CHECK(unreliability(tree.top(a), 3) == Approx(-std::expm1(-1.5)).epsilon(1e-14));
    CHECK(mean_time(tree.top(a)) == Approx(2).epsilon(1e-14));
}

TEST_CASE("Modules joined and the chain of the whole are the same") {
    dynamic_trees::Draws draws(5);
    int joined = 0;
    const std::array times = {0.2, 1.0, 4.0};
    for (int i = 0; i < 600; ++i) {
        const dynamic_trees::Ingredients with{.leaves = 4 + i % 4, .gates = 2 + i % 5, .repair = false};
        const DynamicTree tree =
            i % 3 > 0 ? dynamic_trees::random_tree(draws, with) : dynamic_trees::random_copies(draws, false);
        const DynamicSolution solution = solved(tree);
        if (split_into_modules(tree).modules.size() > 1) ++joined;
        ChainRefusal refusal = ChainRefusal::none;
        const auto chain = DynamicChain::explore(DynamicSemantics(tree), {}, refusal);
        REQUIRE(chain);
        CAPTURE(i, chain->size());
        const auto found = solution.unreliability(times).value();
        const auto expected = chain->passage().probability(times).value();
        for (std::size_t t = 0; t < times.size(); ++t)
            CHECK(found[t] == Approx(expected[t]).epsilon(1e-11).margin(1e-15));
        const double mean = chain->passage().mean().value();
        if (std::isinf(mean))
            CHECK(solution.mean_time_to_failure().value() == infinity);
        else
            CHECK(solution.mean_time_to_failure().value() == Approx(mean).epsilon(1e-9));
    }
    CHECK(joined > 100);
}

TEST_CASE("The mean is the integral of the reliability, on all scales") {
    {
        Tree tree;
        tree.any({tree.leaf(LogNormalLife{1, 1.5})});  // exp(mean + stddev² / 2)
        CHECK(mean_time(tree.top(1)) == Approx(std::exp(1 + 1.5 * 1.5 / 2)).epsilon(1e-9));
    }
    for (const double spread : {3.0, 8.0, 12.0}) {
        // Nearly all of the mean is beyond all but 1e-13 of the failures, and 1 − P(T ≤ t) is rounded to 0.
        Tree tree;
        tree.any({tree.leaf(LogNormalLife{2, spread})});
        CHECK(mean_time(tree.top(1)) == Approx(std::exp(2 + spread * spread / 2)).epsilon(1e-9));
    }
    {
        // One history in 1e14 goes on for 1e30: most of the mean.
        Tree tree;
        const auto broken = tree.leaf(FailedAtStart{1 - 1e-14});
        const auto fast = tree.leaf(1e6);
        const auto slow = tree.leaf(1e-30);
        const auto both = tree.all({broken, fast});
        tree.any({both, slow});
        CHECK(mean_time(*tree) == Approx((1 - (1 - 1e-14)) * 1e30).epsilon(1e-9));
    }
    for (const double shape : {0.5, 1.0, 3.0}) {
        // The first of n like Weibull lives is one of scale n^(−1 / shape); its mean Γ(1 + 1 / shape).
        Tree tree;
        const auto a = tree.leaf(WeibullLife{2, shape});
        const auto b = tree.leaf(WeibullLife{2, shape});
        tree.any({a, b, tree.leaf(WeibullLife{2, shape})});
        CHECK(mean_time(*tree)
              == Approx(2 * std::pow(3, -1 / shape) * std::tgamma(1 + 1 / shape)).epsilon(1e-9));
    }
    for (const double slow : {1.0, 1e-4, 1e-9}) {
        Tree tree;  // the later of two: 1 / a + 1 / b − 1 / (a + b)
        const auto a = tree.leaf(1e3);
        tree.all({a, tree.leaf(slow)});
        CHECK(mean_time(*tree) == Approx(1e-3 + 1 / slow - 1 / (1e3 + slow)).epsilon(1e-11));
    }
    {
        Tree tree;  // a fast leaf that half of the time isn't: two scales in one mean
        const auto broken = tree.leaf(FailedAtStart{0.5});
        const auto fast = tree.leaf(1e6);
        const auto slow = tree.leaf(1e-6);
        const auto both = tree.all({broken, fast});
        tree.any({both, slow});
        CHECK(mean_time(*tree) == Approx(0.5 / (1e6 + 1e-6) + 0.5 * 1e6).epsilon(1e-11));
    }
}

TEST_CASE("A top that may never fail has an infinite mean, however unlikely that is") {
    const auto mean_with = [](double chance) {
        Tree tree;
        const auto a = tree.leaf(FailedAtStart{chance});
        const auto b = tree.leaf(1.0);
        tree.all({a, b});
        return mean_time(*tree);
    };
    CHECK(mean_with(1.0) == Approx(1).epsilon(1e-12));
    CHECK(mean_with(1 - 1e-16) == infinity);
    CHECK(mean_with(0.0) == infinity);
    Tree many;  // 1e-640 is no number
    std::vector<std::uint32_t> leaves;
    for (int i = 0; i < 40; ++i) leaves.push_back(many.leaf(FailedAtStart{1 - 1e-16}));
    many.any(leaves);
    CHECK(mean_time(*many) == infinity);
    Tree tree;  // a chain that may not reach its end, beside a leaf that will
    const auto a = tree.leaf(1.0);
    const auto b = tree.leaf(1.0);
    const auto c = tree.leaf(1.0);
    const auto order = tree.in_order({a, b});
    tree.all({order, c});
    CHECK(mean_time(*tree) == infinity);
    CHECK(unreliability(*tree, infinity) == Approx(0.5).epsilon(1e-14));
    tree.any({order, c});
    CHECK(std::isfinite(mean_time(*tree)));
}

TEST_CASE("A life that is not made of phases may stand beside a dynamic gate, not under it") {
    const auto with = [](bool inside) {
        Tree tree;
        const auto a = tree.leaf(1.0);
        const auto b = tree.leaf(2.0);
        const auto odd = tree.leaf(WeibullLife{1, 2});
        const auto order = tree.in_order({a, inside ? odd : b});
        tree.any({order, inside ? b : odd});
        return *tree;
    };
    ChainRefusal refusal = ChainRefusal::none;
    CHECK_FALSE(DynamicSolution::solve(with(true), {}, refusal));
    CHECK(refusal == ChainRefusal::not_memoryless);
    const double order = 1 / 3.0 * -std::expm1(-3.0) - std::exp(-2.0) * -std::expm1(-1.0);
    const double odd = -std::expm1(-1.0);
    CHECK(unreliability(with(false), 1) == Approx(order + odd - order * odd).epsilon(1e-12));
}

TEST_CASE("Rare tops have their relative precision") {
    Tree tree;
    std::vector<std::uint32_t> orders;
    const auto a = tree.leaf(1e-6);
    const auto b = tree.leaf(1e-6);
    const auto c = tree.leaf(1e-6);
    const auto d = tree.leaf(1e-6);
    const auto left = tree.in_order({a, b});
    const auto right = tree.spare({c, d});
    tree.all({left, right});
    // (x² / 2 (1 − x))(x² / 2 (1 − 2/3 x ...)): both inner events to first order of x = 1e-6; d is hot, so
    // that the spare is an and: x² (1 − x).
    const double x = 1e-6;
    CHECK(unreliability(*tree, 1) == Approx(x * x / 2 * (1 - x) * x * x * (1 - x)).epsilon(1e-11));
}

TEST_CASE("An unsound tree is a contract violation, a large one is refused") {
    ChainRefusal refusal = ChainRefusal::none;
    DynamicTree unsound;
    CHECK_THROWS_AS(DynamicSolution::solve(unsound, {}, refusal), ContractViolation);
    Tree tree;
    std::vector<std::uint32_t> leaves;
    for (int i = 0; i < 14; ++i) leaves.push_back(tree.leaf(1.0 + i));
    tree.in_order(leaves);
    CHECK_FALSE(DynamicSolution::solve(*tree, {.states = 10}, refusal));
    CHECK(refusal == ChainRefusal::too_large);
}
