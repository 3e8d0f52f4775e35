#include "agents/risk/dynamic_semantics.hpp"
#include "tests/agents/dynamic_run.hpp"
#include "tests/agents/dynamic_trees.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace {

using namespace venturi;
using dynamic_trees::after;
using dynamic_trees::Run;
using dynamic_trees::Tree;

}  // namespace

TEST_CASE("Settling makes states the same that differ in what can't matter") {
    Tree tree;
    const auto a = tree.leaf(1.0);
    const auto b = tree.leaf(1.0);
    const auto c = tree.leaf(1.0);
    const auto either = tree.any({a, b});
    const auto order = tree.in_order({a, c});
    tree.all({either, order});
    const auto settled = [&](std::initializer_list<std::uint32_t> failures) {
        Run run = after(*tree, failures);
        run.semantics.settle(run.state);
        return run;
    };
    // Once a has failed, b doesn't matter.
    CHECK(settled({a}).rate(b) == 0);
    CHECK(settled({a}).rate(c) == 1);
    CHECK(settled({a, b}).state == settled({a}).state);
    // Once c has failed before a, nothing does.
    CHECK(settled({c}).state == settled({c, b}).state);
    CHECK((settled({c}).rate(a) == 0 && settled({c}).rate(b) == 0));
    CHECK(settled({b}).rate(a) == 1);
}

TEST_CASE("A settled leaf does nothing any more") {
    Tree tree;
    const auto a = tree.leaf(1.0, 1, 0);
    const auto unused = tree.leaf(1.0, 1, 1.0);
    tree.any({a});
    Run run(*tree);
    run.semantics.settle(run.state);
    CHECK(run.rate(unused) == 0);
    CHECK(run.semantics.repair_rate(run.state, unused) == 0);
    CHECK_FALSE(run.fail(unused));
    CHECK_FALSE(run.repair(unused));
    CHECK(run.rate(a) == 1);
}

namespace {

void require_rules_kept(const DynamicSemantics& semantics, const std::vector<std::uint8_t>& state) {
    const DynamicTree& tree = semantics.tree();
    // Between operations nothing temporary is left.
    for (std::uint32_t node = 0; node < tree.node_count(); ++node) REQUIRE(state[node] < 16);
    // A spare gate that works uses what works, and has it for itself.
    std::vector<std::uint32_t> used;
    for (const std::uint32_t gate : gates_by_rank(tree)) {
        if (tree.gate(gate).connective != DynamicConnective::spare || semantics.failed(state, gate)) continue;
        used.push_back(tree.gate(gate).inputs[semantics.input_in_use(state, gate)]);
        REQUIRE_FALSE(semantics.failed(state, used.back()));
    }
    std::sort(used.begin(), used.end());
    REQUIRE(std::adjacent_find(used.begin(), used.end()) == used.end());
}

// A random leaf fails, or is repaired where it has failed.
void run_event(dynamic_trees::Draws& draws, const DynamicSemantics& semantics,
               std::vector<std::uint8_t>& state) {
    const DynamicTree& tree = semantics.tree();
    const auto coin = [&](double) { return draws() % 2 == 0; };
    const auto leaf = static_cast<std::uint32_t>(draws() % tree.leaves.size());
    const std::vector<std::uint8_t> before = state;
    std::vector<std::uint8_t> settled = state;
    semantics.settle(settled);
    REQUIRE(semantics.top_failed(settled) == semantics.top_failed(state));
    std::vector<std::uint8_t> twice = settled;
    semantics.settle(twice);
    REQUIRE(twice == settled);
    if (semantics.failed(state, leaf)) {
        (void)semantics.repair(state, leaf, coin);
        // A repair fails nothing but what a dependency was waiting to.
        if (std::any_of(tree.gates.begin(), tree.gates.end(), [](const DynamicGate& gate) {
                return gate.connective == DynamicConnective::dependency;
            }))
            return;
        for (std::uint32_t node = 0; node < tree.node_count(); ++node)
            REQUIRE((semantics.failed(before, node) || !semantics.failed(state, node)));
        return;
    }
    const bool may_fail = semantics.pace(state, leaf) > 0;
    const bool matters = semantics.pace(settled, leaf) > 0;
    const bool fails = semantics.fail(state, leaf, coin);
    REQUIRE((fails || !may_fail));
    REQUIRE(semantics.failed(state, leaf) == fails);
    REQUIRE((fails || state == before));
    if (semantics.rate(before, leaf) > 0 && !matters)
        REQUIRE(semantics.top_failed(state) == semantics.top_failed(before));
}

}  // namespace

TEST_CASE("Random trees run through random histories, and keep their rules") {
    dynamic_trees::Draws draws(20240611);
    for (int i = 0; i < 1500; ++i) {
        const dynamic_trees::Ingredients with{.leaves = 3 + i % 6, .gates = 1 + i % 9, .repair = i % 2 == 0};
        const DynamicSemantics semantics(dynamic_trees::random_tree(draws, with));
        std::vector<std::uint8_t> state(semantics.state_bytes());
        semantics.begin(state, [&](double) { return draws() % 2 == 0; });
        CAPTURE(i);
        for (int event = 0; event < 30; ++event) {
            require_rules_kept(semantics, state);
            run_event(draws, semantics, state);
        }
    }
}
