#include "agents/risk/dynamic_chain.hpp"
#include "agents/risk/dynamic_symmetry.hpp"
#include "sim/ensemble/stopped.hpp"
#include "tests/agents/dynamic_trees.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
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

TEST_CASE("Copies as deep as a file may have them are found, and the search hears a stop") {
    constexpr std::uint32_t depth = 30'000;
    Tree tree;
    std::array<std::vector<std::uint32_t>, 2> leaves;
    for (auto& side : leaves)
        for (std::uint32_t i = 0; i < depth; ++i) side.push_back(tree.leaf(1.0 + i, 1, 0.1));
    std::vector<std::uint32_t> tops;
    for (const auto& side : leaves) {
        std::uint32_t below = side[0];
        for (std::uint32_t i = 1; i < depth; ++i) below = tree.all({below, side[i]});
        tops.push_back(below);
    }
    tree.any(tops);
    const DynamicSemantics semantics(*tree);
    const DynamicSymmetry symmetry(semantics);
    REQUIRE(symmetry.groups().size() == 1);
    CHECK(symmetry.groups().front() == tops);
    StopRequest stop;
    stop.request();
    CHECK_THROWS_AS(DynamicSymmetry(semantics, &stop), Stopped);
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
