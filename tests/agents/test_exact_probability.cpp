#include "agents/risk/exact_probability.hpp"
#include "sim/contract.hpp"
#include "tests/agents/small_fault_trees.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <utility>
#include <vector>

namespace {

using namespace venturi;
using small_fault_trees::constant;
using small_fault_trees::event;
using small_fault_trees::gate;

constexpr double epsilon = std::numeric_limits<double>::epsilon();

SolvedFaultTree solved(const FaultTree& tree) {
    expect_sound(tree);
    std::optional<SolvedFaultTree> result = solve(tree);
    REQUIRE(result.has_value());
    return std::move(*result);
}

double probability(const FaultTree& tree) {
    EvaluationScratch scratch;
    return solved(tree).probability(event_probabilities(tree), scratch);
}

std::vector<double> random_probabilities(std::mt19937_64& random, std::size_t count) {
    std::vector<double> probabilities(count);
    for (double& p : probabilities) {
        p = static_cast<double>(random() >> 11) * 0x1p-53;
        // Small and large ones, too, and the ends.
        const auto kind = random() % 8;
        if (kind < 3) p = std::pow(p, 8);
        if (kind == 3) p = 1 - std::pow(p, 8);
        if (kind == 4 && random() % 4 == 0) p = std::round(p);
    }
    return probabilities;
}

/// The parts fit together as the header says.
void check_structure(const SolvedFaultTree& tree) {
    REQUIRE_FALSE(tree.modules().empty());
    std::vector<bool> event_seen(tree.basic_event_count(), false);
    std::vector<bool> module_seen(tree.modules().size(), false);
    std::uint32_t next_variable = 0;
    std::uint32_t next_node = 1;
    for (std::uint32_t m = 0; m < tree.modules().size(); ++m) {
        const SolvedFaultTree::Module& module = tree.modules()[m];
        REQUIRE(module.first_variable == next_variable);
        REQUIRE(module.first_node == next_node);
        next_variable = module.end_variable;
        next_node = module.end_node;
        for (std::uint32_t v = module.first_variable; v < module.end_variable; ++v) {
            const SolvedFaultTree::Variable variable = tree.variables()[v];
            const bool is_event = variable.kind == SolvedFaultTree::Variable::Kind::basic_event;
            if (!is_event) REQUIRE(variable.index < m);
            std::vector<bool>& seen = is_event ? event_seen : module_seen;
            REQUIRE_FALSE(seen[variable.index]);
            seen[variable.index] = true;
        }
        for (std::uint32_t i = module.first_node; i < module.end_node; ++i) {
            const DiagramNode& node = tree.nodes()[i];
            REQUIRE(node.variable >= module.first_variable);
            REQUIRE(node.variable < module.end_variable);
            REQUIRE_FALSE(node.high.complemented());
            for (const DiagramEdge child : {node.high, node.low}) {
                if (child.constant()) continue;
                REQUIRE(child.node() >= module.first_node);
                REQUIRE(child.node() < i);
                REQUIRE(tree.nodes()[child.node()].variable > node.variable);
            }
        }
        const bool is_top = m + 1 == tree.modules().size();
        if (!is_top) REQUIRE((!module.root.complemented() && !module.root.constant()));
        if (!module.root.constant()) REQUIRE(module.root.node() + 1 == module.end_node);
    }
    REQUIRE(next_variable == tree.variables().size());
    REQUIRE(next_node == tree.nodes().size());
}

void check_against_truth_table(const FaultTree& tree, std::mt19937_64& random) {
    const SolvedFaultTree answer = solved(tree);
    check_structure(answer);
    const std::vector<bool> table = small_fault_trees::truth_table(tree);
    std::vector<bool> complement = table;
    complement.flip();
    EvaluationScratch scratch;
    for (int repetition = 0; repetition < 3; ++repetition) {
        const auto probabilities = random_probabilities(random, tree.basic_events.size());
        const ProbabilityPair pair = answer.probability_pair(probabilities, scratch);
        // A product of n factors is off by n + 1 roundings, and a sum of 2^n of them by 2^n more at worst: an
        // eighth of that is seldom reached by chance, and the diagram's own 3 n are included.
        const double tolerance = (static_cast<double>(table.size()) / 8 + 50) * epsilon;
        CHECK(pair.happens
              == Approx(small_fault_trees::probability(table, probabilities)).epsilon(tolerance).margin(0));
        CHECK(pair.fails_to
              == Approx(small_fault_trees::probability(complement, probabilities))
                     .epsilon(tolerance)
                     .margin(0));
        CHECK(answer.probability(probabilities, scratch) == pair.happens);
    }
}

/// The middle bit of the product of two numbers of n bits: whatever the order of its variables, diagrams grow
/// exponentially. Bryant, IEEE Transactions on Computers 40 (1991).
FaultTree middle_bit_of_product(std::uint32_t n) {
    FaultTree tree;
    tree.basic_events.assign(std::size_t{2} * n, {.name = {}, .probability = 0.5});
    const auto add = [&](Connective connective, std::vector<FaultTreeArgument> arguments,
                         std::uint32_t minimum = 0) {
        tree.gates.push_back(
            {.connective = connective, .minimum = minimum, .arguments = std::move(arguments)});
        return gate(static_cast<std::uint32_t>(tree.gates.size() - 1));
    };
    std::vector<FaultTreeArgument> sum(std::size_t{2} * n, constant(false));
    for (std::uint32_t i = 0; i < n; ++i) {
        FaultTreeArgument carry = constant(false);
        for (std::uint32_t j = 0; j < n; ++j) {
            const auto bit = add(Connective::conjunction, {event(i), event(n + j)});
            const auto next = add(Connective::at_least, {bit, sum[i + j], carry}, 2);
            sum[i + j] = add(Connective::exclusive_or, {bit, sum[i + j], carry});
            carry = next;
        }
        sum[i + n] = carry;
    }
    tree.top = sum[n - 1];
    return tree;
}

}  // namespace

TEST_CASE("A solved tree has the probability of its truth table") {
    std::mt19937_64 random(4);
    for (int i = 0; i < 600; ++i) {
        const bool coherent = i % 3 == 0;
        const auto events = static_cast<std::uint32_t>(2 + i % 7);
        CAPTURE(i);
        check_against_truth_table(small_fault_trees::random_tree(random, 1, events, 2 + events, coherent),
                                  random);
    }
}

TEST_CASE("So has a tree of blocks that are modules of one another") {
    std::mt19937_64 random(5);
    std::size_t modules = 0;
    for (int i = 0; i < 300; ++i) {
        CAPTURE(i);
        const FaultTree tree = small_fault_trees::random_tree(random, 3, 3, 3, i % 3 == 0);
        check_against_truth_table(tree, random);
        modules += solved(tree).modules().size();
    }
    CHECK(modules > 400);  // a third of the trees come to a constant or a single event
    check_against_truth_table(small_fault_trees::random_tree(random, 2, 7, 12, false), random);
}

TEST_CASE("Tiny probabilities and those next to one keep all their digits") {
    FaultTree tree = small_fault_trees::conjunction_of_groups(20, 2, 1e-12);
    // (1 − (1 − p)²)^20 with p = 1e-12, worked as (p (2 − p))^20 where nothing cancels.
    const double both = 1e-12 * (2 - 1e-12);
    CHECK(probability(tree) == Approx(std::pow(both, 20)).epsilon(100 * epsilon).margin(0));
    EvaluationScratch scratch;
    SECTION("the complement of what nearly always happens") {
        tree.top.complemented = true;
        const ProbabilityPair pair = solved(tree).probability_pair(event_probabilities(tree), scratch);
        CHECK(pair.happens == 1);
        CHECK(pair.fails_to == Approx(std::pow(both, 20)).epsilon(100 * epsilon).margin(0));
    }
    SECTION("an event that is tiny only because others are nearly sure to happen") {
        for (BasicEvent& e : tree.basic_events) e.probability = 1 - 0x1p-40;
        // P(no group fails) fails to be 1 − 20 · 2^-80 by less than 20² · 2^-160.
        const ProbabilityPair pair = solved(tree).probability_pair(event_probabilities(tree), scratch);
        CHECK(pair.fails_to == Approx(20 * 0x1p-80).epsilon(100 * epsilon).margin(0));
    }
    SECTION("through complements of shared events, which make no difference") {
        // The groups' conjunction with (e0 or not e1), which all but one in a trillion of outcomes satisfy: P
        // = P(all) − P(all, not e0, e1).
        tree.gates.push_back(
            {.connective = Connective::disjunction, .arguments = {event(0), event(1, true)}});
        tree.gates[0].arguments.push_back(gate(21));
        // Of the first group only e0 counts then.
        CHECK(probability(tree) == Approx(1e-12 * std::pow(both, 19)).epsilon(100 * epsilon).margin(0));
    }
}

TEST_CASE("A module that is always or never true vanishes") {
    // Every outcome of a and b, which only a diagram sees to be all; the top is (that, and c) or d.
    FaultTree tree;
    for (const double p : {0.3, 0.6, 0.25, 0.125})
        tree.basic_events.push_back({.name = {}, .probability = p});
    const auto add = [&](Connective connective, std::vector<FaultTreeArgument> arguments) {
        tree.gates.push_back({.connective = connective, .arguments = std::move(arguments)});
        return gate(static_cast<std::uint32_t>(tree.gates.size() - 1));
    };
    const auto one = add(Connective::exclusive_or, {event(0), event(1)});
    const auto two = add(Connective::equivalence, {event(0), event(1)});
    const auto neither = add(Connective::not_or, {event(0), event(1)});
    const auto both = add(Connective::conjunction, {event(0), event(1)});
    const auto any = add(Connective::disjunction, {one, neither, both});
    const auto none = add(Connective::conjunction, {one, two});
    tree.top = add(Connective::disjunction, {add(Connective::conjunction, {any, event(2)}), event(3), none});
    CHECK(probability(tree) == Approx(1 - 0.75 * 0.875).epsilon(4 * epsilon));
    tree.top = none;
    CHECK(probability(tree) == 0);
    tree.top = any;
    CHECK(probability(tree) == 1);
    CHECK(solved(tree).top() == DiagramEdge::always());
    tree.top = event(2, true);
    CHECK(probability(tree) == 0.75);
    tree.top = constant(true);
    CHECK(probability(tree) == 1);
    check_structure(solved(tree));
}

TEST_CASE("What is asked twice on the way down is asked once") {
    // A guard e0 beside every gate and inside it, as failures of one mission phase are modelled: without the
    // repetitions each pair of events is a module, and so is what they are joined to.
    FaultTree tree;
    tree.basic_events.assign(9, {.name = {}, .probability = 0.25});
    tree.gates.push_back({.connective = Connective::conjunction, .arguments = {event(0), gate(1)}});
    tree.gates.push_back({.connective = Connective::disjunction});
    for (std::uint32_t i = 0; i < 4; ++i) {
        tree.gates[1].arguments.push_back(gate(2 + i));
        tree.gates.push_back({.connective = Connective::conjunction,
                              .arguments = {event(2 * i + 1), event(0), event(2 * i + 2)}});
    }
    tree.top = gate(0);
    const double pair_fails_to = 1 - 0.25 * 0.25;
    CHECK(probability(tree) == Approx(0.25 * (1 - std::pow(pair_fails_to, 4))).epsilon(20 * epsilon));
    const SolvedFaultTree answer = solved(tree);
    CHECK(answer.modules().size() == 4 + 2);
    CHECK(answer.variables().size() == 9 + 5);
}

TEST_CASE("Events that only occur together are a module") {
    // a b c or a b d or c d, where a b is one.
    FaultTree tree;
    tree.basic_events.assign(4, {.name = {}, .probability = 0.25});
    tree.gates.push_back({.connective = Connective::disjunction, .arguments = {gate(1), gate(2), gate(3)}});
    tree.gates.push_back(
        {.connective = Connective::conjunction, .arguments = {event(0), event(1), event(2)}});
    tree.gates.push_back(
        {.connective = Connective::conjunction, .arguments = {event(0), event(3), event(1)}});
    tree.gates.push_back({.connective = Connective::conjunction, .arguments = {event(2), event(3)}});
    tree.top = gate(0);
    const SolvedFaultTree answer = solved(tree);
    REQUIRE(answer.modules().size() == 2);
    CHECK(answer.modules()[0].end_variable == 2);
    CHECK(answer.modules()[1].end_variable == 5);
}

TEST_CASE("k of n is the tail of a binomial distribution's generalisation") {
    constexpr std::uint32_t n = 300;
    FaultTree tree;
    tree.gates.push_back({.connective = Connective::at_least});
    for (std::uint32_t i = 0; i < n; ++i) {
        tree.basic_events.push_back({.name = {}, .probability = 1.0 / (i + 2)});
        tree.gates[0].arguments.push_back(event(i));
    }
    tree.top = gate(0);
    // How many happen, one event after the other.
    std::vector<double> count(n + 2, 0);
    count[0] = 1;
    for (const BasicEvent& e : tree.basic_events)
        for (std::size_t k = n + 1; k-- > 0;)
            count[k] = count[k] * (1 - e.probability) + (k > 0 ? count[k - 1] * e.probability : 0);
    for (const std::uint32_t k : {1U, 3U, 20U, 150U, 300U}) {
        tree.gates[0].minimum = k;
        double tail = 0;
        for (std::size_t i = n + 1; i >= k; --i) tail += count[i];
        // Both are sums of positive products of at most 300 factors.
        CHECK(probability(tree) == Approx(tail).epsilon(3 * n * epsilon).margin(0));
    }
}

TEST_CASE("Repeated arguments count as often as they are repeated") {
    std::mt19937_64 random(6);
    FaultTree tree;
    tree.basic_events.assign(9, {.name = {}, .probability = 0.5});
    tree.gates.push_back({.connective = Connective::at_least});
    tree.top = gate(0);
    for (int i = 0; i < 40; ++i)
        tree.gates[0].arguments.push_back(event(static_cast<std::uint32_t>(random() % 9), random() % 3 == 0));
    for (const std::uint32_t k : {1U, 10U, 17U, 20U, 23U, 30U, 40U}) {
        tree.gates[0].minimum = k;
        check_against_truth_table(tree, random);
    }
}

TEST_CASE("Deep and wide trees are solved") {
    SECTION("a ladder of and and or, fifty thousand rungs high") {
        FaultTree tree;
        constexpr std::uint32_t rungs = 50'000;
        double expected = 0.5;  // from the bottom: p_i · below, or 1 − (1 − p_i)(1 − below)
        for (std::uint32_t i = 0; i <= rungs; ++i)
            tree.basic_events.push_back({.name = {}, .probability = i == rungs ? 0.5 : 0.1 + 0.1 * (i % 7)});
        for (std::uint32_t i = 0; i < rungs; ++i) {
            tree.gates.push_back(
                {.connective = i % 2 == 0 ? Connective::conjunction : Connective::disjunction,
                 .arguments = {event(i), i + 1 < rungs ? gate(i + 1) : event(rungs)}});
        }
        for (std::uint32_t i = rungs; i-- > 0;) {
            const double p = tree.basic_events[i].probability;
            expected = i % 2 == 0 ? p * expected : p + (1 - p) * expected;
        }
        tree.top = gate(0);
        CHECK(probability(tree) == Approx(expected).epsilon(100 * epsilon));
    }
    SECTION("an or of a hundred thousand") {
        FaultTree tree;
        constexpr std::uint32_t width = 100'000;
        tree.gates.push_back({.connective = Connective::disjunction});
        for (std::uint32_t i = 0; i < width; ++i) {
            tree.basic_events.push_back({.name = {}, .probability = 1e-6});
            tree.gates[0].arguments.push_back(event(i));
        }
        tree.top = gate(0);
        CHECK(probability(tree) == Approx(-std::expm1(width * std::log1p(-1e-6))).epsilon(width * epsilon));
    }
}

TEST_CASE("A tree that outgrows its limits is refused, and solved where they suffice") {
    constexpr std::uint32_t n = 11;
    const FaultTree tree = middle_bit_of_product(n);
    CHECK_FALSE(solve(tree, {.steps = 20'000}).has_value());
    CHECK_FALSE(solve(tree, {.bytes = 1'000'000}).has_value());
    CHECK_FALSE(solve(tree, {.bytes = 1'000}).has_value());
    const SolvedFaultTree answer = solved(tree);
    EvaluationScratch scratch;
    // All outcomes are as likely: P · 4^n is how many pairs have the bit.
    std::uint64_t pairs = 0;
    for (std::uint64_t a = 0; a >> n == 0; ++a)
        for (std::uint64_t b = 0; b >> n == 0; ++b) pairs += a * b >> (n - 1) & 1;
    CHECK(answer.probability(event_probabilities(tree), scratch)
          == std::ldexp(static_cast<double>(pairs), -2 * static_cast<int>(n)));
    CHECK_FALSE(solve(middle_bit_of_product(16), {.bytes = std::size_t{16} << 20}).has_value());
}

TEST_CASE("A tree is solved alike every time") {
    const FaultTree tree = middle_bit_of_product(10);
    const SolvedFaultTree first = solved(tree);
    const SolvedFaultTree second = solved(tree);
    REQUIRE(first.nodes().size() == second.nodes().size());
    CHECK(first.nodes().size() > 1000);
    for (std::size_t i = 0; i < first.nodes().size(); ++i) {
        REQUIRE(first.nodes()[i].variable == second.nodes()[i].variable);
        REQUIRE(first.nodes()[i].high == second.nodes()[i].high);
        REQUIRE(first.nodes()[i].low == second.nodes()[i].low);
    }
}

TEST_CASE("A tree without complements is coherent, also where they cancel") {
    FaultTree tree = small_fault_trees::conjunction_of_groups(3, 3, 0.5);
    CHECK(solved(tree).coherent());
    tree.gates[0].connective = Connective::not_and;
    CHECK_FALSE(solved(tree).coherent());
    tree.top.complemented = true;
    CHECK(solved(tree).coherent());
    tree.gates[1].connective = Connective::exclusive_or;
    CHECK_FALSE(solved(tree).coherent());
}

TEST_CASE("Evaluations after the first need no more memory") {
    std::mt19937_64 random(7);
    const FaultTree tree = small_fault_trees::random_tree(random, 3, 5, 5, false);
    const SolvedFaultTree answer = solved(tree);
    EvaluationScratch scratch;
    const double first = answer.probability(event_probabilities(tree), scratch);
    const auto* nodes = scratch.nodes.data();
    const auto* variables = scratch.variables.data();
    CHECK(answer.probability(event_probabilities(tree), scratch) == first);
    CHECK(scratch.nodes.data() == nodes);
    CHECK(scratch.variables.data() == variables);
}

TEST_CASE("Impossible probabilities are errors of the caller") {
    const FaultTree tree = small_fault_trees::conjunction_of_groups(2, 2, 0.5);
    const SolvedFaultTree answer = solved(tree);
    EvaluationScratch scratch;
    const auto evaluated = [&](const std::vector<double>& probabilities) {
        return answer.probability(probabilities, scratch);
    };
    CHECK_THROWS_AS(evaluated({0.5, 0.5, 0.5}), ContractViolation);
    CHECK_THROWS_AS(evaluated({0.5, 0.5, 0.5, -0.1}), ContractViolation);
    CHECK_THROWS_AS(evaluated({0.5, 1.5, 0.5, 0.5}), ContractViolation);
    CHECK_THROWS_AS(evaluated({0.5, std::nan(""), 0.5, 0.5}), ContractViolation);
}
