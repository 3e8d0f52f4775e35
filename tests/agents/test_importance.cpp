#include "agents/risk/importance.hpp"
#include "sim/contract.hpp"
#include "sim/infinity.hpp"
#include "tests/agents/small_fault_trees.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <vector>

namespace {

using namespace venturi;
using small_fault_trees::constant;
using small_fault_trees::event;
using small_fault_trees::gate;

constexpr double epsilon = std::numeric_limits<double>::epsilon();

struct Answer {
    double top = 0;
    std::vector<Importance> events;
};

Answer answer(const FaultTree& tree, const std::vector<double>& probabilities) {
    const std::optional<SolvedFaultTree> solved = solve(tree);
    REQUIRE(solved.has_value());
    EvaluationScratch scratch;
    Answer result{.top = solved->probability(probabilities, scratch),
                  .events = std::vector<Importance>(tree.basic_events.size())};
    importance(*solved, probabilities, scratch, result.events);
    return result;
}

Answer answer(const FaultTree& tree) {
    return answer(tree, event_probabilities(tree));
}

void check_against_truth_table(const FaultTree& tree, std::mt19937_64& random) {
    const std::vector<bool> table = small_fault_trees::truth_table(tree);
    std::vector<double> probabilities;
    for (std::size_t i = 0; i < tree.basic_events.size(); ++i)
        probabilities.push_back(
            std::pow(static_cast<double>(random() >> 11) * 0x1p-53, 1.0 + static_cast<double>(i % 3)));
    const Answer found = answer(tree, probabilities);
    // Sums of 2^n positive products, each right to n roundings, and ratios of two of them.
    const double tolerance = (static_cast<double>(table.size()) / 4 + 100) * epsilon;
    const auto is = [&](double expected) { return Approx(expected).epsilon(tolerance).margin(0); };
    const double top = small_fault_trees::probability(table, probabilities);
    CHECK(found.top == is(top));
    for (std::size_t i = 0; i < probabilities.size(); ++i) {
        CAPTURE(i);
        const Importance& of = found.events[i];
        std::vector<double> given = probabilities;
        given[i] = 1;
        const double if_true = small_fault_trees::probability(table, given);
        given[i] = 0;
        const double if_false = small_fault_trees::probability(table, given);
        const double largest = std::max(if_true, if_false);
        CHECK(of.birnbaum == Approx(if_true - if_false).margin(tolerance * largest).epsilon(0));
        if (top == 0) {
            CHECK(std::isnan(of.diagnostic) == (probabilities[i] * if_true == 0));
            CHECK((if_true > 0 ? of.risk_achievement_worth == infinity
                               : std::isnan(of.risk_achievement_worth)));
            CHECK((if_false > 0 ? of.risk_reduction_worth == 0 : std::isnan(of.risk_reduction_worth)));
            continue;
        }
        CHECK(of.criticality
              == Approx(probabilities[i] * (if_true - if_false) / top)
                     .margin(tolerance * largest * probabilities[i] / top)
                     .epsilon(tolerance));
        CHECK(of.diagnostic == is(probabilities[i] * if_true / top));
        CHECK(of.risk_achievement_worth == is(if_true / top));
        CHECK(of.risk_reduction_worth == is(top / if_false));
    }
}

FaultTree with_events(const std::vector<double>& probabilities) {
    FaultTree tree;
    for (const double p : probabilities) tree.basic_events.push_back({.name = {}, .probability = p});
    tree.top = gate(0);
    return tree;
}

}  // namespace

TEST_CASE("Importance is what conditional probabilities of the truth table say") {
    std::mt19937_64 random(8);
    for (int i = 0; i < 300; ++i) {
        CAPTURE(i);
        const auto events = static_cast<std::uint32_t>(2 + i % 6);
        check_against_truth_table(small_fault_trees::random_tree(random, 1, events, 2 + events, i % 3 == 0),
                                  random);
    }
}

TEST_CASE("The chain rule carries importance through modules") {
    std::mt19937_64 random(9);
    for (int i = 0; i < 200; ++i) {
        CAPTURE(i);
        check_against_truth_table(small_fault_trees::random_tree(random, 3, 3, 3, i % 3 == 0), random);
    }
}

TEST_CASE("Importance by hand: two trains of a valve and a pump") {
    // Open-PSA's TwoTrain. A train fails with 1 − 0.5 · 0.3 = 0.85, the system with 0.85²; a valve matters
    // where its pump works and the other train fails.
    FaultTree tree = with_events({0.5, 0.7, 0.5, 0.7});
    tree.gates = {{.connective = Connective::conjunction, .arguments = {gate(1), gate(2)}},
                  {.connective = Connective::disjunction, .arguments = {event(0), event(1)}},
                  {.connective = Connective::disjunction, .arguments = {event(2), event(3)}}};
    const Answer found = answer(tree);
    const auto is = [](double expected) { return Approx(expected).epsilon(20 * epsilon); };
    CHECK(found.top == is(0.7225));
    for (const std::size_t valve : {0U, 2U}) {
        CHECK(found.events[valve].birnbaum == is(0.3 * 0.85));
        CHECK(found.events[valve].criticality == is(0.5 * 0.255 / 0.7225));
        CHECK(found.events[valve].diagnostic == is(0.5 * 0.85 / 0.7225));
        CHECK(found.events[valve].risk_achievement_worth == is(0.85 / 0.7225));
        CHECK(found.events[valve].risk_reduction_worth == is(0.7225 / (0.7 * 0.85)));
        CHECK(found.events[valve + 1].birnbaum == is(0.5 * 0.85));
        CHECK(found.events[valve + 1].risk_reduction_worth == is(0.7225 / (0.5 * 0.85)));
    }
}

TEST_CASE("Without an event that every failure needs, the risk is nothing") {
    // Open-PSA's Theatre: the mains fail, and the generator or its relay.
    FaultTree tree = with_events({0.03, 0.02, 0.05, 0.5});
    tree.gates = {{.connective = Connective::conjunction, .arguments = {event(0), gate(1)}},
                  {.connective = Connective::disjunction, .arguments = {event(1), event(2)}}};
    const Answer found = answer(tree);
    CHECK(found.top == Approx(0.03 * 0.069).epsilon(20 * epsilon));
    CHECK(found.events[0].birnbaum == Approx(0.069).epsilon(20 * epsilon));
    CHECK(found.events[0].criticality == Approx(1).epsilon(20 * epsilon));
    CHECK(found.events[0].diagnostic == Approx(1).epsilon(20 * epsilon));
    CHECK(found.events[0].risk_achievement_worth == Approx(1 / 0.03).epsilon(20 * epsilon));
    CHECK(found.events[0].risk_reduction_worth == infinity);
    // An event that isn't in the tree changes nothing.
    CHECK(found.events[3].birnbaum == 0);
    CHECK(found.events[3].criticality == 0);
    CHECK(found.events[3].diagnostic == 0.5);
    CHECK(found.events[3].risk_achievement_worth == 1);
    CHECK(found.events[3].risk_reduction_worth == 1);
}

TEST_CASE("Ratios to a top that can't happen are infinite or no numbers, never zero") {
    // Both of two events, the first of which never happens: with it the top would be half as likely as not.
    FaultTree tree = with_events({0, 0.5});
    tree.gates = {{.connective = Connective::conjunction, .arguments = {event(0), event(1)}}};
    const Answer found = answer(tree);
    CHECK(found.top == 0);
    CHECK(found.events[0].birnbaum == 0.5);
    CHECK(found.events[0].risk_achievement_worth == infinity);
    CHECK(std::isnan(found.events[0].risk_reduction_worth));
    CHECK(std::isnan(found.events[0].criticality));
    CHECK(found.events[1].birnbaum == 0);
    CHECK(std::isnan(found.events[1].risk_achievement_worth));
    CHECK(std::isnan(found.events[1].diagnostic));
}

TEST_CASE("What is left without an event keeps its digits, however little it is") {
    // e, or thirty others all together, shared through a second gate so that neither is a module of its own:
    // without e the top has probability 1e-90, and differences from 0.5 have nothing left of that.
    FaultTree tree = with_events(std::vector<double>(31, 1e-3));
    tree.basic_events[0].probability = 0.5;
    tree.gates = {{.connective = Connective::disjunction, .arguments = {event(0), gate(1), gate(2)}},
                  {.connective = Connective::conjunction},
                  {.connective = Connective::conjunction, .arguments = {event(0), event(1), event(2, true)}}};
    for (std::uint32_t i = 1; i <= 30; ++i) tree.gates[1].arguments.push_back(event(i));
    const Answer found = answer(tree);
    CHECK(found.events[0].risk_reduction_worth == Approx(0.5 / 1e-90).epsilon(200 * epsilon));
    // Birnbaum of each of the others: the others all happen, and e does not.
    for (std::size_t i = 1; i <= 30; ++i)
        CHECK(found.events[i].birnbaum == Approx(0.5 * 1e-87).epsilon(200 * epsilon).margin(0));
}

TEST_CASE("Birnbaum importance is the slope of the top's probability") {
    // The top is linear in each probability, so that any two points give the slope; here without a truth
    // table, on 45 events in three blocks.
    std::mt19937_64 random(10);
    int depended_on = 0;
    for (int i = 0; i < 20; ++i) {
        const FaultTree tree = small_fault_trees::random_tree(random, 3, 15, 20, false);
        const std::optional<SolvedFaultTree> solved = solve(tree);
        REQUIRE(solved.has_value());
        EvaluationScratch scratch;
        std::vector<double> probabilities(45);
        for (double& p : probabilities) p = static_cast<double>(random() >> 11) * 0x1p-53;
        const Answer found = answer(tree, probabilities);
        for (std::size_t e = 0; e < probabilities.size(); ++e) {
            std::vector<double> changed = probabilities;
            changed[e] = 1;
            const double if_true = solved->probability(changed, scratch);
            changed[e] = 0;
            const double if_false = solved->probability(changed, scratch);
            // Three evaluations of up to 45 variables, each right to 3 roundings per variable.
            const double tolerance = 3 * 3 * 45 * epsilon;
            CHECK(found.events[e].birnbaum == Approx(if_true - if_false).margin(tolerance).epsilon(0));
            if (found.top > 0)
                CHECK(found.events[e].risk_achievement_worth
                      == Approx(if_true / found.top).epsilon(tolerance).margin(0));
            depended_on += if_true != if_false ? 1 : 0;
        }
    }
    CHECK(depended_on > 100);
}

TEST_CASE("Importance needs no more memory after the first time") {
    std::mt19937_64 random(11);
    const FaultTree tree = small_fault_trees::random_tree(random, 3, 5, 5, false);
    const std::optional<SolvedFaultTree> solved = solve(tree);
    REQUIRE(solved.has_value());
    EvaluationScratch scratch;
    std::vector<Importance> result(tree.basic_events.size());
    importance(*solved, event_probabilities(tree), scratch, result);
    const auto* reach = scratch.reach.data();
    const auto* passing = scratch.passing.data();
    const double before = result[0].birnbaum;
    importance(*solved, event_probabilities(tree), scratch, result);
    CHECK(scratch.reach.data() == reach);
    CHECK(scratch.passing.data() == passing);
    CHECK(result[0].birnbaum == before);
}

TEST_CASE("Room for another number of events is an error of the caller") {
    const FaultTree tree = small_fault_trees::conjunction_of_groups(2, 2, 0.5);
    const std::optional<SolvedFaultTree> solved = solve(tree);
    EvaluationScratch scratch;
    std::vector<Importance> result(3);
    CHECK_THROWS_AS(importance(*solved, event_probabilities(tree), scratch, result), ContractViolation);
}
