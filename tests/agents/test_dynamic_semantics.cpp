#include "agents/risk/dynamic_semantics.hpp"
#include "sim/contract.hpp"
#include "tests/agents/dynamic_run.hpp"
#include "tests/agents/dynamic_trees.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <map>
#include <vector>

namespace {

using namespace venturi;
using dynamic_trees::after;
using dynamic_trees::Run;
using dynamic_trees::Tree;

}  // namespace

TEST_CASE("In a chain of thousands of gates each notices what is below it and nothing else") {
    // So many that who is above whom is not kept, and is found when it is asked for.
    constexpr std::uint32_t length = 9'000;
    Tree tree;
    std::vector<std::uint32_t> leaves;
    for (std::uint32_t i = 0; i < length; ++i) leaves.push_back(tree.leaf(1.0, 1, i == 0 ? 1.0 : 0.0));
    std::vector<std::uint32_t> gates = {leaves[0]};
    for (std::uint32_t i = 1; i < length; ++i) gates.push_back(tree.any({gates.back(), leaves[i]}));
    Run run(*tree);
    run.fail(leaves[5000]);
    for (const std::uint32_t i : {1U, 4999U}) CHECK_FALSE(run.failed(gates[i]));
    for (const std::uint32_t i : {5000U, 5001U, length - 1}) CHECK(run.failed(gates[i]));
    run.fail(leaves[0]);
    for (const std::uint32_t i : {1U, 4999U, 5000U, length - 1}) CHECK(run.failed(gates[i]));
    run.repair(leaves[0]);
    CHECK_FALSE(run.failed(gates[4999]));
    CHECK(run.failed(gates[5000]));
}

TEST_CASE("And, or and k-of-n fail with their inputs, and work again with them") {
    Tree tree;
    const auto a = tree.leaf(1.0, 1, 1.0);
    const auto b = tree.leaf(1.0, 1, 1.0);
    const auto c = tree.leaf(1.0, 1, 1.0);
    const auto both = tree.all({a, b});
    const auto either = tree.any({a, b});
    const auto two = tree.at_least(2, {a, b, c});
    Run run(*tree);
    CHECK_FALSE((run.failed(both) || run.failed(either) || run.failed(two)));
    CHECK(run.fail(a));
    CHECK_FALSE(run.fail(a));
    CHECK((!run.failed(both) && run.failed(either) && !run.failed(two)));
    run.fail(b);
    CHECK((run.failed(both) && run.failed(either) && run.failed(two)));
    CHECK(run.repair(a));
    CHECK_FALSE(run.repair(a));
    CHECK((!run.failed(both) && run.failed(either) && !run.failed(two)));
    run.fail(c);
    CHECK(run.semantics.top_failed(run.state));
    run.repair(b);
    CHECK_FALSE((run.failed(either) || run.failed(two)));
}

TEST_CASE("A leaf ages at its rate while it works, and is repaired at its rate while it does not") {
    Tree tree;
    const auto a = tree.leaf(3.0, 1, 0.25);
    const auto weibull = tree.leaf(WeibullLife{1, 2});
    tree.any({a, weibull});
    Run run(*tree);
    CHECK(run.rate(a) == 3);
    CHECK(run.semantics.pace(run.state, weibull) == 1);
    CHECK(run.rate(weibull) == 0);
    CHECK(run.semantics.repair_rate(run.state, a) == 0);
    run.fail(a);
    CHECK(run.rate(a) == 0);
    CHECK(run.semantics.repair_rate(run.state, a) == 0.25);
    run.fail(weibull);
    CHECK(run.semantics.pace(run.state, weibull) == 0);
    CHECK(run.semantics.repair_rate(run.state, weibull) == 0);
}

TEST_CASE("An Erlang leaf fails at the end of its last phase, and is as good as new after repair") {
    Tree tree;
    const auto a = tree.leaf(ErlangLife{2, 3}, 1, 1.0);
    const auto top = tree.any({a});
    Run run(*tree);
    ChanceOutcomes none;
    const std::vector<std::uint8_t> fresh = run.state;
    for (const std::uint32_t phase : {0U, 1U, 2U}) {
        CHECK(run.semantics.phase(run.state, a) == phase);
        CHECK(run.rate(a) == 2);
        CHECK_FALSE(run.failed(top));
        run.semantics.end_phase(run.state, a, none);
    }
    CHECK(run.failed(top));
    run.repair(a);
    CHECK(run.state == fresh);
    run.semantics.end_phase(run.state, a, none);
    run.fail(a);  // in whatever phase
    CHECK(run.failed(top));
}

TEST_CASE("A priority-and fails if its inputs do in their order") {
    Tree tree;
    const auto a = tree.leaf(1.0);
    const auto b = tree.leaf(1.0);
    const auto c = tree.leaf(1.0);
    const auto gate = tree.in_order({a, b, c});
    CHECK(after(*tree, {a, b, c}).failed(gate));
    for (const auto& wrong : {std::vector{a, c, b}, {b, a, c}, {b, c, a}, {c, a, b}, {c, b, a}})
        CHECK_FALSE(after(*tree, {wrong[0], wrong[1], wrong[2]}).failed(gate));
}

TEST_CASE("The order is that of current failures: a repair forgets one") {
    Tree tree;
    const auto a = tree.leaf(1.0, 1, 1.0);
    const auto b = tree.leaf(1.0, 1, 1.0);
    const auto gate = tree.in_order({a, b});
    Run run = after(*tree, {b, a});
    CHECK_FALSE(run.failed(gate));
    run.repair(b);
    run.fail(b);
    CHECK(run.failed(gate));
    run.repair(a);
    CHECK_FALSE(run.failed(gate));
    run.fail(a);
    CHECK_FALSE(run.failed(gate));
}

TEST_CASE("A priority-or fails if its first input is the first to fail, whatever follows") {
    Tree tree;
    const auto a = tree.leaf(1.0, 1, 1.0);
    const auto b = tree.leaf(1.0, 1, 1.0);
    const auto c = tree.leaf(1.0, 1, 1.0);
    const auto gate = tree.before({a, b, c});
    CHECK(after(*tree, {a}).failed(gate));
    CHECK(after(*tree, {a, b, c}).failed(gate));
    CHECK_FALSE(after(*tree, {c, a}).failed(gate));
    CHECK_FALSE(after(*tree, {b, c}).failed(gate));
    Run run = after(*tree, {c, a});
    run.repair(c);
    CHECK_FALSE(run.failed(gate));  // the verdict stands
    run.repair(a);
    run.fail(a);
    CHECK(run.failed(gate));
}

TEST_CASE("Together is in order for an inclusive gate, and not for an exclusive one") {
    for (const Simultaneity together : {Simultaneity::inclusive, Simultaneity::exclusive}) {
        Tree tree;
        const auto a = tree.leaf(1.0);
        const auto b = tree.leaf(1.0);
        const auto left = tree.any({a, b});
        const auto right = tree.any({a});
        const auto both = tree.in_order({left, right}, together);
        const auto first = tree.before({left, right}, together);
        const bool inclusive = together == Simultaneity::inclusive;
        CHECK(after(*tree, {a}).failed(both) == inclusive);
        CHECK(after(*tree, {a}).failed(first) == inclusive);
        CHECK(after(*tree, {b, a}).failed(both));  // one after the other
        CHECK(after(*tree, {b}).failed(first));
    }
}

TEST_CASE("What has failed at the start failed together") {
    for (const Simultaneity together : {Simultaneity::inclusive, Simultaneity::exclusive}) {
        Tree tree;
        const auto a = tree.leaf(FailedAtStart{0.5});
        const auto b = tree.leaf(FailedAtStart{0.5});
        const auto gate = tree.in_order({b, a}, together);
        CHECK(Run(*tree).failed(gate) == (together == Simultaneity::inclusive));
        CHECK_FALSE(Run(*tree, false).failed(a));
    }
}

TEST_CASE("A dependent fails after its trigger, not with it") {
    // Junges et al. (2016): what a priority-and makes of it is where tools differ.
    Tree tree;
    const auto trigger = tree.leaf(1.0);
    const auto dependent = tree.leaf(1.0);
    const auto forward = tree.in_order({trigger, dependent}, Simultaneity::exclusive);
    const auto backward = tree.in_order({dependent, trigger}, Simultaneity::inclusive);
    tree.depends({trigger, dependent});
    const Run run = after(*tree, {trigger});
    CHECK(run.failed(dependent));
    CHECK(run.failed(forward));
    CHECK_FALSE(run.failed(backward));
    CHECK_FALSE(after(*tree, {dependent}).failed(trigger));
}

TEST_CASE("Dependents fall in their order, dependencies act in theirs") {
    Tree tree;
    const auto trigger = tree.leaf(1.0);
    const auto a = tree.leaf(1.0);
    const auto b = tree.leaf(1.0);
    const auto c = tree.leaf(1.0);
    tree.depends({trigger, b, a});
    tree.depends({b, c});
    const auto order = tree.in_order({trigger, b, a, c}, Simultaneity::exclusive);
    CHECK(after(*tree, {trigger}).failed(order));
    CHECK(after(*tree, {b}).failed(c));
    CHECK_FALSE(after(*tree, {b}).failed(a));
}

TEST_CASE("A dependency's chance is taken once for all dependents, and again after the trigger's repair") {
    Tree tree;
    const auto trigger = tree.leaf(1.0, 1, 1.0);
    const auto a = tree.leaf(1.0, 1, 1.0);
    const auto b = tree.leaf(1.0, 1, 1.0);
    const auto top = tree.all({a, b});
    tree.depends({trigger, a, b}, 0.25);
    const DynamicSemantics semantics(*tree);
    std::vector<std::uint8_t> start(semantics.state_bytes());
    ChanceOutcomes outcomes;
    semantics.begin(start, outcomes);
    const auto probability_of_top = [&](std::vector<std::uint8_t> state) {
        double sum = 0;
        double all = 0;
        do {
            std::vector<std::uint8_t> then = state;
            semantics.fail(then, trigger, outcomes);
            CHECK(semantics.failed(then, a) == semantics.failed(then, b));
            all += outcomes.probability();
            if (semantics.failed(then, top)) sum += outcomes.probability();
        } while (outcomes.next());
        CHECK(all == 1);
        return sum;
    };
    CHECK(probability_of_top(start) == 0.25);
    std::vector<std::uint8_t> again = start;
    const auto no = [](double) { return false; };
    semantics.fail(again, trigger, no);
    semantics.fail(again, a, no);
    semantics.repair(again, a, no);
    semantics.repair(again, trigger, no);
    CHECK(again == start);
    CHECK(probability_of_top(again) == 0.25);
}

TEST_CASE("A failed trigger holds its dependents down") {
    Tree tree;
    const auto trigger = tree.leaf(1.0, 1, 1.0);
    const auto dependent = tree.leaf(1.0, 1, 2.0);
    tree.any({dependent});
    tree.depends({trigger, dependent});
    Run run = after(*tree, {trigger});
    CHECK(run.semantics.repair_rate(run.state, dependent) == 0);
    CHECK_FALSE(run.repair(dependent));
    CHECK(run.repair(trigger));
    CHECK(run.failed(dependent));
    CHECK(run.semantics.repair_rate(run.state, dependent) == 2);
    CHECK(run.repair(dependent));
}

TEST_CASE("Of a dependent gate the output falls, and rises with the trigger's repair") {
    Tree tree;
    const auto trigger = tree.leaf(1.0, 1, 1.0);
    const auto a = tree.leaf(1.0);
    const auto b = tree.leaf(1.0);
    const auto gate = tree.all({a, b});
    const auto top = tree.any({gate});
    tree.depends({trigger, gate});
    Run run = after(*tree, {trigger});
    CHECK((run.failed(gate) && run.failed(top)));
    CHECK_FALSE((run.failed(a) || run.failed(b)));
    run.repair(trigger);
    CHECK_FALSE((run.failed(gate) || run.failed(top)));
    run.fail(a);
    run.fail(trigger);
    run.fail(b);
    run.repair(trigger);
    CHECK(run.failed(gate));  // by its own inputs
}

TEST_CASE("A spare gate goes through its inputs, and what it does not use is dormant") {
    Tree tree;
    const auto primary = tree.leaf(1.0, 0.5);
    const auto cold = tree.leaf(2.0, 0);
    const auto warm = tree.leaf(4.0, 0.25);
    const auto gate = tree.spare({primary, cold, warm});
    Run run(*tree);
    CHECK((run.rate(primary) == 1 && run.rate(cold) == 0 && run.rate(warm) == 1));
    CHECK((run.active(primary) && !run.active(cold)));
    run.fail(primary);
    CHECK(run.uses(gate) == 1);
    CHECK((run.rate(cold) == 2 && run.rate(warm) == 1));
    run.fail(warm);  // while it waits
    CHECK_FALSE(run.failed(gate));
    run.fail(cold);
    CHECK(run.failed(gate));
}

TEST_CASE("A shared spare is of use to one gate, to the first that needs it") {
    Tree tree;
    const auto a = tree.leaf(1.0);
    const auto b = tree.leaf(1.0);
    const auto shared = tree.leaf(1.0, 0);
    const auto one = tree.spare({a, shared});
    const auto two = tree.spare({b, shared});
    Run run = after(*tree, {b});
    CHECK((!run.failed(two) && run.active(shared)));
    run.fail(a);
    CHECK((run.failed(one) && !run.failed(two)));
    run.fail(shared);
    CHECK(run.failed(two));
}

TEST_CASE("Of two gates that need a spare in one moment the one of lower rank, then number, has it") {
    {
        Tree tree;
        const auto a = tree.leaf(1.0);
        const auto shared = tree.leaf(1.0);
        const auto a_one = tree.any({a});
        const auto a_two = tree.any({a});
        const auto second = tree.spare({a_two, shared});
        const auto first = tree.spare({a_one, shared});
        const Run run = after(*tree, {a});
        CHECK((!run.failed(second) && run.failed(first)));
    }
    {
        Tree tree;
        const auto a = tree.leaf(1.0);
        const auto shared = tree.leaf(1.0);
        const auto over = tree.any({a});
        const auto high = tree.spare({over, shared});
        const auto low = tree.spare({a, shared});
        const Run run = after(*tree, {a});
        CHECK((run.failed(high) && !run.failed(low)));
    }
}

TEST_CASE("A dormant spare gate claims, early") {
    Tree tree;
    const auto primary = tree.leaf(1.0);
    const auto inner_primary = tree.leaf(1.0, 0.5);
    const auto inner_spare = tree.leaf(1.0, 0.5);
    const auto other_primary = tree.leaf(1.0);
    const auto inner = tree.spare({inner_primary, inner_spare});
    const auto outer = tree.spare({primary, inner});
    const auto other = tree.spare({other_primary, inner_spare});
    Run run = after(*tree, {inner_primary});
    CHECK(run.uses(inner) == 1);
    CHECK_FALSE(run.active(inner_spare));
    run.fail(other_primary);
    CHECK(run.failed(other));  // it is taken
    run.fail(primary);
    CHECK((run.uses(outer) == 1 && run.active(inner_spare) && !run.failed(outer)));
}

TEST_CASE("A spare can be a subtree: all of it is activated, of a nested spare gate what that uses") {
    Tree tree;
    const auto primary = tree.leaf(1.0);
    const auto a = tree.leaf(1.0, 0);
    const auto b = tree.leaf(1.0, 0);
    const auto c = tree.leaf(1.0, 0);
    const auto nested = tree.spare({b, c});
    const auto subtree = tree.any({a, nested});
    const auto gate = tree.spare({primary, subtree});
    Run run(*tree);
    CHECK_FALSE((run.active(a) || run.active(b) || run.active(c)));
    run.fail(primary);
    CHECK((run.active(a) && run.active(b) && !run.active(c)));
    run.fail(b);
    CHECK((run.active(c) && !run.active(b) && !run.failed(gate)));
    run.fail(a);
    CHECK(run.failed(gate));
}

TEST_CASE("With repair a spare gate goes back, and the spare is free again") {
    Tree tree;
    const auto a = tree.leaf(1.0, 1, 1.0);
    const auto b = tree.leaf(1.0, 1, 1.0);
    const auto shared = tree.leaf(1.0, 0, 1.0);
    const auto one = tree.spare({a, shared});
    const auto two = tree.spare({b, shared});
    Run run = after(*tree, {b, a});
    CHECK((run.failed(one) && run.uses(two) == 1));
    run.repair(b);  // two goes back, one has the spare
    CHECK((!run.failed(one) && run.uses(one) == 1 && run.uses(two) == 0 && run.active(shared)));
    run.repair(a);
    CHECK((run.uses(one) == 0 && !run.active(shared)));
}

TEST_CASE("A repaired spare goes to the first gate that waits for it, not to the one that used it last") {
    Tree tree;
    const auto a = tree.leaf(1.0, 1, 1.0);
    const auto b = tree.leaf(1.0, 1, 1.0);
    const auto shared = tree.leaf(1.0, 0, 1.0);
    const auto one = tree.spare({a, shared});
    const auto two = tree.spare({b, shared});
    Run run = after(*tree, {b, a, shared});
    CHECK((run.failed(one) && run.failed(two)));
    run.repair(shared);
    CHECK((!run.failed(one) && run.failed(two)));
}

TEST_CASE("With repair a spare gate that a dependency fails leaves its spare to who waits for it") {
    Tree tree;
    const auto a = tree.leaf(1.0, 1, 1.0);
    const auto b = tree.leaf(1.0, 1, 1.0);
    const auto shared = tree.leaf(1.0, 0, 1.0);
    const auto trigger = tree.leaf(1.0, 1, 1.0);
    const auto one = tree.spare({a, shared});
    const auto two = tree.spare({b, shared});
    tree.depends({trigger, two});
    Run run = after(*tree, {b, a});
    CHECK((run.failed(one) && !run.failed(two)));
    run.fail(trigger);
    CHECK((!run.failed(one) && run.failed(two)));
}

TEST_CASE("A sequence lets its inputs fail in their order only") {
    Tree tree;
    const auto a = tree.leaf(1.0, 1, 1.0);
    const auto b = tree.leaf(2.0);
    const auto c = tree.leaf(3.0);
    tree.sequence({a, b, c});
    tree.all({a, b, c});
    Run run(*tree);
    CHECK((run.rate(a) == 1 && run.rate(b) == 0 && run.rate(c) == 0));
    CHECK_FALSE(run.fail(b));
    CHECK_FALSE(run.failed(b));
    run.fail(a);
    CHECK((run.rate(b) == 2 && run.rate(c) == 0));
    run.fail(b);
    run.repair(a);  // forbids c, and undoes nothing
    CHECK((run.failed(b) && run.rate(c) == 0));
    run.fail(a);
    CHECK(run.rate(c) == 3);
}

TEST_CASE("A sequence of gates forbids the leaf that would complete one") {
    Tree tree;
    const auto a = tree.leaf(1.0);
    const auto b = tree.leaf(1.0);
    const auto c = tree.leaf(1.0);
    const auto pair = tree.all({b, c});
    tree.sequence({a, pair});
    tree.any({pair});
    Run run(*tree);
    CHECK((run.rate(b) == 1 && run.rate(c) == 1));
    run.fail(b);
    CHECK(run.rate(c) == 0);
    run.fail(a);
    CHECK(run.rate(c) == 1);
}

TEST_CASE("An exclusion lets one of its inputs fail") {
    Tree tree;
    const auto a = tree.leaf(1.0, 1, 1.0);
    const auto b = tree.leaf(1.0);
    const auto both = tree.any({a, b});
    const auto also = tree.any({b});
    tree.exclusion({a, b});
    tree.exclusion({both, also});  // which b would fail together
    Run run(*tree);
    CHECK((run.rate(a) == 1 && run.rate(b) == 0));
    run.fail(a);
    CHECK(run.rate(b) == 0);
    CHECK_FALSE(run.fail(b));
}

TEST_CASE("A dependent that may not fail yet falls as soon as it may") {
    Tree tree;
    const auto first = tree.leaf(1.0);
    const auto dependent = tree.leaf(1.0);
    const auto trigger = tree.leaf(1.0);
    tree.sequence({first, dependent});
    tree.depends({trigger, dependent});
    tree.any({dependent});
    Run run = after(*tree, {trigger});
    CHECK_FALSE(run.failed(dependent));
    run.fail(first);
    CHECK(run.failed(dependent));
}

TEST_CASE("At the start, too, what a constraint forbids does not fail") {
    Tree tree;
    const auto a = tree.leaf(FailedAtStart{1});
    const auto b = tree.leaf(FailedAtStart{1});
    const auto top = tree.all({a, b});
    tree.exclusion({a, b});
    const Run run(*tree);
    CHECK((run.failed(a) && !run.failed(b) && !run.failed(top)));
}

TEST_CASE("A constraint has no output: as an input it is ignored") {
    Tree tree;
    const auto a = tree.leaf(1.0);
    const auto b = tree.leaf(1.0);
    const auto dependency = tree.depends({a, b});
    const auto all = tree.all({a, b, dependency});
    const auto any = tree.any({b, dependency});
    CHECK(after(*tree, {a}).failed(all));
    CHECK_FALSE(after(*tree, {}).failed(any));
}

TEST_CASE("All outcomes of chances are taken, each with its probability") {
    ChanceOutcomes outcomes;
    std::map<std::vector<bool>, double> found;
    do {
        std::vector<bool> taken = {outcomes(0.25)};
        CHECK(outcomes(1.0));
        CHECK_FALSE(outcomes(0.0));
        if (taken[0]) taken.push_back(outcomes(0.5));  // how many there are may depend on what happened
        found[taken] += outcomes.probability();
    } while (outcomes.next());
    CHECK(found
          == std::map<std::vector<bool>, double>{
              {{true, true}, 0.125}, {{true, false}, 0.125}, {{false}, 0.75}});
}

TEST_CASE("More chances than an enumeration can hold are a contract violation") {
    ChanceOutcomes outcomes;
    for (int i = 0; i < 62; ++i) (void)outcomes(0.5);
    CHECK_THROWS_AS(outcomes(0.5), ContractViolation);
}

TEST_CASE("Changes between two states are the nodes that failed or were repaired") {
    Tree tree;
    const auto a = tree.leaf(1.0, 1, 1.0);
    const auto b = tree.leaf(1.0);
    const auto top = tree.any({a, b});
    Run run(*tree);
    const auto start = run.state;
    run.fail(b);
    CHECK(next_change(run.semantics, start, run.state, 0) == b);
    CHECK(next_change(run.semantics, start, run.state, b + 1) == top);
    CHECK(next_change(run.semantics, start, run.state, top + 1) == 3);
}

TEST_CASE("A tree too large for the stack is tried out all the same") {
    Tree tree;
    std::vector<std::uint32_t> leaves;
    for (int i = 0; i < 3000; ++i) leaves.push_back(tree.leaf(1.0));
    const auto last = tree.all(leaves);
    tree.sequence({leaves.front(), last});
    Run run(tree.top(last));
    for (std::size_t i = 1; i < leaves.size(); ++i) run.fail(leaves[i]);
    CHECK_FALSE(run.failed(last));
    CHECK(run.fail(leaves.front()));
    CHECK(run.failed(last));
}
