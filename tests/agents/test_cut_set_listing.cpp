#include "agents/risk/cut_set_listing.hpp"
#include "agents/risk/minimal_cut_sets.hpp"
#include "agents/risk/prime_implicants.hpp"
#include "sim/contract.hpp"
#include "tests/agents/small_fault_trees.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <set>
#include <utility>
#include <vector>

namespace {

using namespace venturi;
using namespace small_fault_trees;

double product(const LiteralSet& set, const std::vector<double>& probabilities) {
    double result = 1;
    for (const EventLiteral& literal : set)
        result *= literal.negated ? 1 - probabilities[literal.event] : probabilities[literal.event];
    return result;
}

/// Every set of the family, sorted as a listing is.
std::vector<ListedCutSet> sorted(const std::set<LiteralSet>& sets, const std::vector<double>& probabilities) {
    std::vector<ListedCutSet> result;
    for (const LiteralSet& set : sets)
        result.push_back({.probability = product(set, probabilities), .literals = set});
    std::sort(result.begin(), result.end(), [](const ListedCutSet& a, const ListedCutSet& b) {
        if (a.probability != b.probability) return a.probability > b.probability;
        if (a.literals.size() != b.literals.size()) return a.literals.size() < b.literals.size();
        return a.literals < b.literals;
    });
    return result;
}

bool same(const std::vector<ListedCutSet>& a, const std::vector<ListedCutSet>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
        return x.probability == y.probability && x.literals == y.literals;
    });
}

/// Probabilities with many ties, zeros and ones among them, or without.
std::vector<double> random_probabilities(std::mt19937_64& random, std::size_t events, bool ties) {
    std::vector<double> result;
    for (std::size_t i = 0; i < events; ++i) {
        const double u = std::ldexp(static_cast<double>(random() >> 11), -53);
        result.push_back(ties ? std::array{0.0, 0.01, 0.1, 0.1, 0.5, 1.0}[random() % 6] : u * u * u);
    }
    return result;
}

}  // namespace

TEST_CASE("A listing is the sorted family, cut off where asked") {
    std::mt19937_64 random(6);
    std::size_t compared = 0;
    std::size_t cut = 0;
    for (int repetition = 0; repetition < 1000; ++repetition) {
        const std::uint32_t blocks = 1 + repetition % 4;
        const bool coherent = repetition % 2 == 0;
        const bool ties = repetition % 3 == 0;
        const FaultTree tree =
            random_tree(random, blocks, coherent ? 12 / blocks : 9 / blocks, 15 / blocks, coherent);
        const auto solution = solve(tree);
        REQUIRE(solution);
        const auto sets = coherent ? minimal_cut_sets(*solution) : prime_implicants(*solution);
        REQUIRE(sets);
        const std::vector<double> probabilities =
            random_probabilities(random, tree.basic_events.size(), ties);
        const std::vector<ListedCutSet> expected = sorted(all_sets(*sets), probabilities);
        CAPTURE(repetition, expected.size());
        CHECK(same(list_cut_sets(*sets, probabilities), expected));
        compared += expected.size();
        if (expected.empty()) continue;

        // By number: of equally probable sets at the border any may be there.
        const std::size_t number = random() % expected.size();
        const auto first = list_cut_sets(*sets, probabilities, {.number = number});
        REQUIRE(first.size() == number);
        std::set<LiteralSet> distinct;
        for (std::size_t i = 0; i < number; ++i) {
            // Apart by less than the listing tells apart, 1e-9 of themselves.
            CHECK(first[i].probability == Approx(expected[i].probability).epsilon(1e-9));
            CHECK(first[i].probability == product(first[i].literals, probabilities));
            CHECK(std::any_of(expected.begin(), expected.end(),
                              [&](const auto& set) { return set.literals == first[i].literals; }));
            distinct.insert(first[i].literals);
        }
        CHECK(distinct.size() == number);
        if (!ties)
            CHECK(same(first, {expected.begin(), expected.begin() + static_cast<std::ptrdiff_t>(number)}));

        // By probability, of a set that is there (which is listed still) and a shade more, and by order.
        const double least = expected[random() % expected.size()].probability;
        for (const double at_least : {least, std::min(1.0, std::nextafter(least, 2))}) {
            std::vector<ListedCutSet> probable = expected;
            std::erase_if(probable, [&](const auto& set) { return set.probability < at_least; });
            CHECK(same(list_cut_sets(*sets, probabilities, {.least_probability = at_least}), probable));
        }
        for (std::uint32_t most = 0; most < 6; ++most) {
            std::vector<ListedCutSet> small = expected;
            std::erase_if(small, [&](const auto& set) { return set.literals.size() > most; });
            CHECK(same(list_cut_sets(*sets, probabilities, {.most_literals = most}), small));
            cut += expected.size() - small.size();
        }
    }
    CHECK(compared > 2000);
    CHECK(cut > 3000);
}

TEST_CASE("The likeliest of 2^80 sets are listed") {
    FaultTree tree = conjunction_of_groups(80, 2, 0);
    // The first event of each pair is likelier, 0.9 against 0.9 e^(-d) with d = 1, 2, 4, ... 512 thousandths
    // for the first ten pairs and 10 for all others: the r-th set from 0 has exchanged the pairs that are
    // bits of r.
    std::vector<double> probabilities(160);
    for (std::size_t pair = 0; pair < 80; ++pair) {
        const double d = pair < 10 ? 0.001 * static_cast<double>(1 << pair) : 10;
        probabilities[2 * pair] = 0.9;
        probabilities[2 * pair + 1] = 0.9 * std::exp(-d);
    }
    const auto solution = solve(tree);
    REQUIRE(solution);
    for (const auto& sets : {minimal_cut_sets(*solution), minimal_cut_sets_of_unsolved(tree)}) {
        REQUIRE(sets);
        const auto listed = list_cut_sets(*sets, probabilities, {.number = 1024});
        REQUIRE(listed.size() == 1024);
        for (std::size_t rank = 0; rank < 1024; ++rank) {
            REQUIRE(listed[rank].literals.size() == 80);
            // 80 factors, each rounded, and as many products.
            CHECK(listed[rank].probability
                  == Approx(std::pow(0.9, 80) * std::exp(-0.001 * static_cast<double>(rank)))
                         .epsilon(160 * 2.3e-16));
            for (std::uint32_t pair = 0; pair < 80; ++pair) {
                const bool exchanged = pair < 10 && (rank >> pair & 1) != 0;
                CHECK(listed[rank].literals[pair] == EventLiteral{2 * pair + (exchanged ? 1 : 0), false});
            }
        }
        // The same again, and nothing where none has so few events.
        CHECK(same(listed, list_cut_sets(*sets, probabilities, {.number = 1024})));
        CHECK(list_cut_sets(*sets, probabilities, {.most_literals = 79}).empty());
    }
}

TEST_CASE("The order of a set is that of its parts together") {
    // Two modules, each of one event or three: sets of 2, 4, 4 and 6 events.
    FaultTree tree;
    tree.basic_events.assign(8, {.name = {}, .probability = 0.5});
    tree.gates.push_back({.connective = Connective::conjunction, .arguments = {gate(1), gate(2)}});
    for (const std::uint32_t first : {0U, 4U})
        tree.gates.push_back(
            {.connective = Connective::disjunction, .arguments = {event(first), gate(first == 0 ? 3 : 4)}});
    for (const std::uint32_t first : {1U, 5U})
        tree.gates.push_back({.connective = Connective::conjunction,
                              .arguments = {event(first), event(first + 1), event(first + 2)}});
    tree.top = gate(0);
    const auto solution = solve(tree);
    REQUIRE(solution);
    const auto sets = minimal_cut_sets(*solution);
    REQUIRE(sets);
    REQUIRE(sets->parts().size() > 2);
    const std::vector<double> halves(8, 0.5);
    for (const auto& [most, number] : {std::pair{1U, 0U}, {2U, 1U}, {3U, 1U}, {4U, 3U}, {5U, 3U}, {6U, 4U}})
        CHECK(list_cut_sets(*sets, halves, {.most_literals = most}).size() == number);
}

TEST_CASE("Only what can be is asked for") {
    const FaultTree tree = conjunction_of_groups(2, 2, 0.5);
    const auto sets = minimal_cut_sets_of_unsolved(tree);
    REQUIRE(sets);
    CHECK_THROWS_AS(list_cut_sets(*sets, std::vector<double>(3, 0.5)), ContractViolation);
    CHECK_THROWS_AS(list_cut_sets(*sets, std::vector<double>(4, 1.5)), ContractViolation);
    CHECK_THROWS_AS(list_cut_sets(*sets, std::vector<double>(4, 0.5), {.least_probability = -1}),
                    ContractViolation);
    CHECK(list_cut_sets(*sets, std::vector<double>(4, 0.5), {.number = 0}).empty());
}
