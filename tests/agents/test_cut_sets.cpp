#include "agents/risk/cut_set_counts.hpp"
#include "agents/risk/cut_set_listing.hpp"
#include "agents/risk/cut_sets.hpp"
#include "agents/risk/exact_probability.hpp"
#include "agents/risk/minimal_cut_sets.hpp"
#include "agents/risk/prime_implicants.hpp"
#include "sim/contract.hpp"
#include "tests/agents/small_fault_trees.hpp"

#include <catch2/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <random>
#include <set>
#include <utility>
#include <vector>

namespace {

using namespace venturi;
using namespace small_fault_trees;

SolvedFaultTree solved(const FaultTree& tree) {
    std::optional<SolvedFaultTree> result = solve(tree);
    REQUIRE(result);
    return std::move(*result);
}

CutSets cut_sets_of(const FaultTree& tree) {
    std::optional<CutSets> result = minimal_cut_sets(solved(tree));
    REQUIRE(result);
    return std::move(*result);
}

CutSets primes_of(const FaultTree& tree) {
    std::optional<CutSets> result = prime_implicants(solved(tree));
    REQUIRE(result);
    return std::move(*result);
}

/// A tree of one gate over its events, of one half.
FaultTree gate_over_events(Connective connective, std::uint32_t events, std::uint32_t minimum = 0) {
    FaultTree tree;
    tree.gates.push_back({.name = "top", .connective = connective, .minimum = minimum});
    for (std::uint32_t i = 0; i < events; ++i) {
        tree.basic_events.push_back({.name = {}, .probability = 0.5});
        tree.gates[0].arguments.push_back(event(i));
    }
    tree.top = gate(0);
    return tree;
}

void check_counts(const CutSets& sets, const std::set<LiteralSet>& expected) {
    CHECK(all_sets(sets) == expected);
    CHECK(set_count(sets) == SetCount(expected.size()));
    std::vector<std::size_t> by_order;
    for (const LiteralSet& set : expected) {
        if (set.size() >= by_order.size()) by_order.resize(set.size() + 1, 0);
        ++by_order[set.size()];
    }
    CHECK(set_count_by_order(sets) == std::vector<SetCount>(by_order.begin(), by_order.end()));
}

}  // namespace

TEST_CASE("Minimal cut sets of random trees are what trying every outcome finds") {
    std::mt19937_64 random(2);
    std::size_t found = 0;
    std::size_t parts = 0;
    for (int repetition = 0; repetition < 1200; ++repetition) {
        const bool coherent = repetition % 2 == 0;
        const std::uint32_t blocks = 1 + repetition / 2 % 3;
        const FaultTree tree = random_tree(random, blocks, 9 / blocks, 12 / blocks, coherent);
        const std::set<LiteralSet> expected = minimal_outcomes(truth_table(tree));
        if (expected.size() < 2 && repetition % 10 != 0) continue;  // a few of the trivial ones are enough
        CAPTURE(repetition);
        const CutSets sets = cut_sets_of(tree);
        check_counts(sets, expected);
        found += expected.size();
        parts += sets.parts().size() - 1;
        if (!coherent) continue;
        REQUIRE(written_without_negation(tree));
        const auto from_below = minimal_cut_sets_of_unsolved(tree);
        REQUIRE(from_below);
        check_counts(*from_below, expected);
        for (const std::uint32_t most : {0U, 1U, 2U, 3U}) {
            const auto small = minimal_cut_sets_of_unsolved(tree, most);
            REQUIRE(small);
            std::set<LiteralSet> small_ones;
            for (const LiteralSet& set : expected)
                if (set.size() <= most) small_ones.insert(set);
            check_counts(*small, small_ones);
        }
    }
    CHECK(found > 800);  // the trees are no trivial ones,
    CHECK(parts > 100);  // and modules were put together
}

TEST_CASE("Prime implicants of random trees are what trying every conjunction finds") {
    std::mt19937_64 random(3);
    std::size_t negated = 0;
    std::size_t parts = 0;
    for (int repetition = 0; repetition < 900; ++repetition) {
        const std::uint32_t blocks = 1 + repetition % 3;
        const FaultTree tree = random_tree(random, blocks, 7 / blocks, 12 / blocks, repetition % 5 == 0);
        const std::vector<bool> table = truth_table(tree);
        const std::set<LiteralSet> expected = prime_conjunctions(table);
        if (expected.size() < 2 && repetition % 10 != 0) continue;
        CAPTURE(repetition);
        const CutSets sets = primes_of(tree);
        check_counts(sets, expected);
        parts += sets.parts().size() - 1;
        // The minimal p-cuts are the minimal ones of their positive parts.
        std::vector<bool> covers(table.size(), false);
        for (const LiteralSet& set : expected) {
            std::size_t positive = 0;
            for (const EventLiteral& literal : set) {
                if (literal.negated)
                    ++negated;
                else
                    positive |= std::size_t{1} << literal.event;
            }
            covers[positive] = true;
        }
        CHECK(all_sets(cut_sets_of(tree)) == minimal_outcomes(covers));
    }
    CHECK(negated > 1000);
    CHECK(parts > 100);
}

TEST_CASE("Prime implicants of a coherent tree are its minimal cut sets") {
    std::mt19937_64 random(4);
    for (int repetition = 0; repetition < 50; ++repetition) {
        const FaultTree tree = random_tree(random, 3, 3, 4, true);
        CHECK(all_sets(primes_of(tree)) == all_sets(cut_sets_of(tree)));
    }
}

TEST_CASE("The textbook's consensus is found") {
    // a b + not a c has a third prime implicant, b c; without the negated literal it has b c no more.
    FaultTree tree = gate_over_events(Connective::conjunction, 3);
    tree.gates[0].arguments = {event(0), event(1)};
    tree.gates.push_back({.name = "without a",
                          .connective = Connective::conjunction,
                          .arguments = {event(0, true), event(2)}});
    tree.gates.push_back(
        {.name = "top", .connective = Connective::disjunction, .arguments = {gate(0), gate(1)}});
    tree.top = gate(2);
    CHECK(
        all_sets(primes_of(tree))
        == std::set<LiteralSet>{{{0, false}, {1, false}}, {{0, true}, {2, false}}, {{1, false}, {2, false}}});
    CHECK(all_sets(cut_sets_of(tree)) == std::set<LiteralSet>{{{0, false}, {1, false}}, {{2, false}}});
}

TEST_CASE("What always happens has the empty set, what never happens has none") {
    for (const bool value : {true, false}) {
        FaultTree tree = gate_over_events(Connective::disjunction, 1);
        tree.gates[0].arguments = {event(0), event(0, true)};
        tree.top.complemented = !value;
        for (const CutSets& sets : {cut_sets_of(tree), primes_of(tree)}) {
            CHECK(set_count(sets) == SetCount(value ? 1 : 0));
            CHECK(set_count_by_order(sets) == (value ? std::vector<SetCount>{1} : std::vector<SetCount>{}));
        }
        tree.top = constant(value);
        CHECK(set_count(*minimal_cut_sets_of_unsolved(tree)) == SetCount(value ? 1 : 0));
    }
}

TEST_CASE("Cut sets are counted that nobody could list") {
    const FaultTree pairs = conjunction_of_groups(80, 2, 0.01);
    std::vector<SetCount> expected(81, 0);
    expected[80] = SetCount(std::vector<std::uint64_t>{0, std::uint64_t{1} << 16});  // 2^80
    for (const CutSets& sets : {cut_sets_of(pairs), primes_of(pairs), *minimal_cut_sets_of_unsolved(pairs)}) {
        CHECK(decimal(*set_count(sets)) == "1208925819614629174706176");  // 2^80
        CHECK(set_count_by_order(sets) == expected);
        CHECK(sets.nodes().size() < 400);
    }
    CHECK(decimal(*set_count(cut_sets_of(conjunction_of_groups(80, 3, 0.01))))
          == "147808829414345923316083210206383297601");  // 3^80
    // Any 50 of 100 events: the binomial coefficient.
    const FaultTree half = gate_over_events(Connective::at_least, 100, 50);
    CHECK(decimal(*set_count(cut_sets_of(half))) == "100891344545564193334812497256");
    CHECK(decimal(*set_count(*minimal_cut_sets_of_unsolved(half))) == "100891344545564193334812497256");
    // An odd number of 40 events: every one with as many literals as there are events.
    CHECK(set_count_by_order(primes_of(gate_over_events(Connective::exclusive_or, 40)))->back()
          == SetCount(std::uint64_t{1} << 39));
}

TEST_CASE("Counts beyond 128 bits are exact, too") {
    CHECK(decimal(*set_count(cut_sets_of(conjunction_of_groups(127, 2, 0.01))))
          == "170141183460469231731687303715884105728");  // 2^127
    CHECK(decimal(*set_count(cut_sets_of(conjunction_of_groups(128, 2, 0.01))))
          == "340282366920938463463374607431768211456");  // 2^128
    CHECK(decimal(*set_count(cut_sets_of(conjunction_of_groups(250, 3, 0.01))))
          == "190683748116796615589766511371277507701260426349148337437043654910886245033973163156381027646240890"
             "976422037778530726249");  // 3^250
    const CutSets triples = cut_sets_of(conjunction_of_groups(200, 3, 0.01));
    const auto by_order = *set_count_by_order(triples);
    CHECK(by_order.size() == 201);
    CHECK(by_order.back() == *set_count(triples));
    CHECK(
        decimal(by_order.back())
        == "26561398887587476933878132203577962682923345265339449597457496173909249090130218299438469904400"
           "1");
    // Two of 127 pairs, of which either is enough: 2^127 + 2^127 sets, or 2^126 + 2^127.
    for (const std::uint32_t pairs : {126U, 127U}) {
        FaultTree either = conjunction_of_groups(254, 2, 0.01);
        FaultTreeGate first = either.gates[0];
        FaultTreeGate second = first;
        first.arguments.resize(pairs);
        second.arguments.erase(second.arguments.begin(), second.arguments.begin() + 127);
        either.gates[0] = {
            .name = "either", .connective = Connective::disjunction, .arguments = {gate(255), gate(256)}};
        either.gates.push_back(first);
        either.gates.push_back(second);
        CHECK(decimal(*set_count(cut_sets_of(either)))
              == (pairs == 126 ? "255211775190703847597530955573826158592"
                               : "340282366920938463463374607431768211456"));
    }
    CHECK(decimal(0) == "0");
    // What takes longer than allowed is not counted.
    CHECK_FALSE(set_count_by_order(triples, {.steps = 1000}));
}

TEST_CASE("A chain of gates is counted by order in time for its square") {
    // e0, or e1 and (e2, or e3 and (...)): one cut set of each order.
    constexpr std::uint32_t length = 8001;
    FaultTree tree;
    for (std::uint32_t i = 0; i < length; ++i) {
        tree.basic_events.push_back({.name = {}, .probability = 0.5});
        FaultTreeGate link{.connective = i % 2 == 0 ? Connective::disjunction : Connective::conjunction,
                           .arguments = {event(i)}};
        if (i + 1 < length) link.arguments.push_back(gate(i + 1));
        tree.gates.push_back(link);
    }
    tree.top = gate(0);
    const CutSets sets = cut_sets_of(tree);
    const auto by_order = *set_count_by_order(sets, {.steps = std::uint64_t{length} * length});
    CHECK(decimal(*set_count(sets)) == "4001");
    REQUIRE(by_order.size() == 4002);
    CHECK(by_order.front() == SetCount(0));
    CHECK(std::all_of(by_order.begin() + 1, by_order.end(),
                      [](const SetCount& n) { return n == SetCount(1); }));
}

TEST_CASE("What takes more than the limits is refused") {
    // A family of 100^2 nodes, for a set needs a node for each number of events so far and of those in it.
    const FaultTree tree = gate_over_events(Connective::at_least, 200, 100);
    const SolvedFaultTree solution = solved(tree);
    const std::size_t nodes = minimal_cut_sets(solution)->nodes().size();
    CHECK(nodes > 10'000);
    const SetFamilyLimits little_memory{.bytes = nodes * sizeof(CutSets::Node), .steps = 3'000'000};
    const SetFamilyLimits few_steps{.steps = nodes};
    const SetFamilyLimits those_steps{.steps = little_memory.steps};
    CHECK(minimal_cut_sets(solution, those_steps));
    CHECK(prime_implicants(solution, those_steps));
    CHECK(minimal_cut_sets_of_unsolved(tree, 200, those_steps));
    for (const SetFamilyLimits& limits : {little_memory, few_steps}) {
        CHECK_FALSE(minimal_cut_sets(solution, limits));
        CHECK_FALSE(prime_implicants(solution, limits));
        CHECK_FALSE(minimal_cut_sets_of_unsolved(tree, 200, limits));
    }
}

TEST_CASE("Without solving, a tree must be written without negation") {
    FaultTree tree = gate_over_events(Connective::conjunction, 3);
    CHECK(written_without_negation(tree));
    for (const Connective connective :
         {Connective::not_and, Connective::not_or, Connective::exclusive_or, Connective::between}) {
        tree.gates[0].connective = connective;
        CHECK_FALSE(written_without_negation(tree));
        CHECK_THROWS_AS(minimal_cut_sets_of_unsolved(tree), ContractViolation);
    }
    tree.gates[0].connective = Connective::disjunction;
    tree.gates[0].arguments[1].complemented = true;
    CHECK_FALSE(written_without_negation(tree));
    // A gate that the top doesn't reach changes nothing.
    tree.top = event(0);
    CHECK(written_without_negation(tree));
    CHECK(set_count(*minimal_cut_sets_of_unsolved(tree)) == SetCount(1));
    CHECK(set_count(*minimal_cut_sets_of_unsolved(tree, 1)) == SetCount(1));
    CHECK(set_count(*minimal_cut_sets_of_unsolved(tree, 0)) == SetCount(0));
}
