#include "agents/risk/fault_tree.hpp"
#include "sim/contract.hpp"

#include <catch2/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

namespace {

using namespace venturi;
using Argument = FaultTreeArgument;

Argument gate(std::uint32_t index, bool complemented = false) {
    return {Argument::Kind::gate, complemented, index};
}
Argument event(std::uint32_t index, bool complemented = false) {
    return {Argument::Kind::basic_event, complemented, index};
}
Argument constant(std::uint32_t value, bool complemented = false) {
    return {Argument::Kind::constant, complemented, value};
}

/// One gate over `events` events.
FaultTree single_gate(Connective connective, std::uint32_t events, std::uint32_t minimum = 0,
                      std::uint32_t maximum = 0) {
    FaultTree tree;
    tree.gates.push_back({.connective = connective, .minimum = minimum, .maximum = maximum});
    for (std::uint32_t i = 0; i < events; ++i) {
        tree.gates[0].arguments.push_back(event(i));
        tree.basic_events.push_back({.probability = 0.5});
    }
    tree.top = gate(0);
    return tree;
}

/// Whether the tree is true for exactly the outcomes for which `expected(happened, how many)` is.
bool agrees(const FaultTree& tree, const std::function<bool(const std::vector<bool>&, int)>& expected) {
    const std::size_t events = tree.basic_events.size();
    for (std::size_t outcome = 0; outcome < std::size_t{1} << events; ++outcome) {
        std::vector<bool> happened;
        int count = 0;
        for (std::size_t i = 0; i < events; ++i) {
            happened.push_back((outcome >> i & 1) != 0);
            count += happened.back() ? 1 : 0;
        }
        if (evaluate(tree, happened) != expected(happened, count)) return false;
    }
    return true;
}

}  // namespace

TEST_CASE("Every connective is what its name says") {
    using Happened = std::vector<bool>;
    CHECK(agrees(single_gate(Connective::same, 1), [](const Happened& h, int) { return h[0]; }));
    CHECK(agrees(single_gate(Connective::negation, 1), [](const Happened& h, int) { return !h[0]; }));
    CHECK(agrees(single_gate(Connective::conjunction, 3), [](const Happened&, int n) { return n == 3; }));
    CHECK(agrees(single_gate(Connective::disjunction, 3), [](const Happened&, int n) { return n > 0; }));
    CHECK(agrees(single_gate(Connective::at_least, 5, 2), [](const Happened&, int n) { return n >= 2; }));
    CHECK(agrees(single_gate(Connective::between, 5, 2, 3),
                 [](const Happened&, int n) { return n == 2 || n == 3; }));
    CHECK(
        agrees(single_gate(Connective::exclusive_or, 4), [](const Happened&, int n) { return n % 2 == 1; }));
    CHECK(agrees(single_gate(Connective::not_and, 3), [](const Happened&, int n) { return n < 3; }));
    CHECK(agrees(single_gate(Connective::not_or, 3), [](const Happened&, int n) { return n == 0; }));
    CHECK(agrees(single_gate(Connective::implication, 2),
                 [](const Happened& h, int) { return !h[0] || h[1]; }));
    CHECK(
        agrees(single_gate(Connective::equivalence, 2), [](const Happened& h, int) { return h[0] == h[1]; }));
}

TEST_CASE("Complements and house events count with their complement taken") {
    FaultTree tree = single_gate(Connective::at_least, 1, 2);
    tree.gates[0].arguments = {event(0, true), constant(1), constant(0, true), constant(0),
                               constant(1, true)};
    CHECK(agrees(tree, [](const auto&, int) { return true; }));
    tree.gates[0].minimum = 3;
    CHECK(agrees(tree, [](const auto& h, int) { return !h[0]; }));
    tree.top.complemented = true;
    CHECK(agrees(tree, [](const auto& h, int) { return h[0]; }));
    tree.top = event(0, true);
    CHECK(agrees(tree, [](const auto& h, int) { return !h[0]; }));
    tree.top = constant(1, true);
    CHECK(agrees(tree, [](const auto&, int) { return false; }));
}

TEST_CASE("Gates may be shared, stand in any order, and be of no use") {
    // (a or b) and not (a and b), with gates before those that they are over, and one that nothing is over.
    FaultTree tree = single_gate(Connective::conjunction, 2);
    tree.gates[0].arguments = {gate(2), gate(1, true)};
    tree.gates.push_back({.connective = Connective::conjunction, .arguments = {event(0), event(1)}});
    tree.gates.push_back({.connective = Connective::disjunction, .arguments = {event(1), event(0)}});
    tree.gates.push_back({.connective = Connective::not_or, .arguments = {gate(0), gate(0), gate(2)}});
    CHECK_NOTHROW(expect_sound(tree));
    CHECK(agrees(tree, [](const auto&, int n) { return n == 1; }));
}

TEST_CASE("A tree a hundred thousand gates deep is no deeper than memory") {
    FaultTree tree = single_gate(Connective::same, 1);
    constexpr std::uint32_t depth = 100'000;
    for (std::uint32_t i = 1; i < depth; ++i) {
        tree.gates.push_back({.connective = Connective::disjunction, .arguments = {event(0), event(0)}});
        tree.gates[i - 1].arguments = {gate(i, true)};
    }
    CHECK_NOTHROW(expect_sound(tree));
    CHECK(agrees(tree, [](const auto& h, int) { return h[0] != ((depth - 1) % 2 == 1); }));
}

TEST_CASE("A tree that isn't sound is an error of the caller") {
    const auto broken = [](const std::function<void(FaultTree&)>& break_it,
                           FaultTree tree = single_gate(Connective::conjunction, 3)) {
        REQUIRE_NOTHROW(expect_sound(tree));
        break_it(tree);
        return tree;
    };
    using Tree = FaultTree;
    const std::vector<FaultTree> trees = {
        broken([](Tree& t) { t.top = gate(1); }),
        broken([](Tree& t) { t.top = event(3); }),
        broken([](Tree& t) { t.top = constant(2); }),
        broken([](Tree& t) { t.gates[0].arguments[1] = gate(7); }),
        broken([](Tree& t) { t.gates[0].arguments[2] = event(3); }),
        broken([](Tree& t) { t.gates[0].arguments.clear(); }),
        broken([](Tree& t) { t.gates[0].connective = Connective::same; }),
        broken([](Tree& t) { t.gates[0].connective = Connective::negation; }),
        broken([](Tree& t) { t.gates[0].connective = Connective::implication; }),
        broken([](Tree& t) { t.gates[0].connective = Connective::equivalence; }),
        broken([](Tree& t) { t.gates[0].minimum = 4; }, single_gate(Connective::at_least, 3, 3)),
        broken([](Tree& t) { t.gates[0].minimum = 3; }, single_gate(Connective::between, 3, 1, 2)),
        broken([](Tree& t) { t.gates[0].maximum = 4; }, single_gate(Connective::between, 3, 1, 3)),
        broken([](Tree& t) { t.basic_events[1].probability = -1e-300; }),
        broken([](Tree& t) { t.basic_events[1].probability = 1.0000000000000002; }),
        broken([](Tree& t) { t.basic_events[1].probability = std::numeric_limits<double>::quiet_NaN(); }),
        broken([](Tree& t) { t.gates[0].arguments[0] = gate(0); }),
        broken([](Tree& t) {  // a cycle that the top does not reach
            t.gates.push_back({.connective = Connective::same, .arguments = {gate(2)}});
            t.gates.push_back(
                {.connective = Connective::disjunction, .arguments = {event(0), gate(1, true)}});
        }),
    };
    for (std::size_t i = 0; i < trees.size(); ++i) {
        CAPTURE(i);
        CHECK_THROWS_AS(expect_sound(trees[i]), ContractViolation);
    }
    CHECK_THROWS_AS(evaluate(single_gate(Connective::conjunction, 3), {true, false}), ContractViolation);
}
