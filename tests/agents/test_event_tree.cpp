#include "agents/risk/event_sequences.hpp"
#include "agents/risk/risk_model.hpp"
#include "sim/contract.hpp"
#include "sim/ensemble/stopped.hpp"
#include "tests/agents/truth_table.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace venturi;
using Kind = Instruction::Kind;

constexpr double rounding = 1e-14;

// A model with one initiating event and its tree, made piece by piece.
struct TreeModel {
    RiskModel model;

    TreeModel() {
        EventTreeLayer& layer = model.event_trees;
        layer.functional_events = {"first", "second"};
        layer.states = {"works", "fails"};
        layer.sequences = {{.name = "good"}, {.name = "bad"}};
        layer.event_trees = {{.name = "tree", .functional_events = {0, 1}}};
        layer.initiating_events = {{.name = "start", .event_tree = 0}};
    }

    ExpressionIndex number(double value) { return add({.value = value}); }
    ExpressionIndex add(Expression expression) {
        model.expressions.push_back(std::move(expression));
        return static_cast<ExpressionIndex>(model.expressions.size() - 1);
    }
    FormulaArgument event(const std::string& name, double probability) {
        model.basic_events.push_back({.name = name, .probability = number(probability)});
        return {.kind = FormulaArgument::Kind::basic_event,
                .index = static_cast<std::uint32_t>(model.basic_events.size() - 1)};
    }
    FormulaArgument gate(Connective connective, std::vector<FormulaArgument> arguments) {
        model.gates.push_back({.connective = connective, .arguments = std::move(arguments)});
        return {.kind = FormulaArgument::Kind::gate,
                .index = static_cast<std::uint32_t>(model.gates.size() - 1)};
    }
    EventTree& tree() { return model.event_trees.event_trees.front(); }

    [[nodiscard]] SequenceSet sequences(std::uint32_t initiating_event = 0) const {
        return sequences_of(model, initiating_event, 1);
    }
    // Of a sequence; −1 where it is not reached.
    [[nodiscard]] double probability(std::uint32_t sequence, std::uint32_t initiating_event = 0) const {
        for (const ReachedSequence& each : sequences(initiating_event).sequences)
            if (each.sequence == sequence) return probability_of(each, truth_table::probability);
        return -1;
    }
};

Instruction collect(const FormulaArgument& formula) {
    return {.kind = Kind::collect_formula, .formula = formula};
}
Instruction collect(ExpressionIndex expression) {
    return {.kind = Kind::collect_expression, .expression = expression};
}
FormulaArgument negated(FormulaArgument argument) {
    argument.complemented = !argument.complemented;
    return argument;
}
Branch end_in(std::uint32_t sequence, std::vector<Instruction> instructions = {}) {
    return {.instructions = std::move(instructions),
            .end = Branch::End::sequence,
            .target = sequence,
            .paths = {}};
}
Branch go_to(std::uint32_t branch, std::vector<Instruction> instructions = {}) {
    return {
        .instructions = std::move(instructions), .end = Branch::End::branch, .target = branch, .paths = {}};
}
Branch fork(std::uint32_t functional_event, Branch works, Branch fails) {
    return {.end = Branch::End::fork,
            .target = functional_event,
            .paths = {{.state = 0, .branch = std::move(works)}, {.state = 1, .branch = std::move(fails)}}};
}

constexpr std::uint32_t good = 0;
constexpr std::uint32_t bad = 1;

}  // namespace

TEST_CASE("A sequence is as probable as the products along its paths", "[risk]") {
    TreeModel tree;
    const ExpressionIndex works = tree.number(0.9);
    const ExpressionIndex fails = tree.number(0.1);
    const ExpressionIndex again = tree.number(0.7);
    const ExpressionIndex not_again = tree.number(0.3);
    tree.tree().initial_state = fork(0, end_in(good, {collect(works)}),
                                     fork(1, end_in(good, {collect(fails), collect(again)}),
                                          end_in(bad, {collect(fails), collect(not_again)})));
    CHECK(tree.probability(good) == Approx(0.9 + 0.1 * 0.7).epsilon(rounding));
    CHECK(tree.probability(bad) == Approx(0.1 * 0.3).epsilon(rounding));
    const SequenceSet set = tree.sequences();
    REQUIRE(set.sequences.size() == 2);
    CHECK(set.sequences[0].paths == 2);
    CHECK(set.sequences[1].paths == 1);
    CHECK(set.flavours.size() == 1);
}

TEST_CASE("Whatever the branch that two paths share collects counts for each of them", "[risk]") {
    // Both states of the first event go on in a branch where the same factor is collected by the same
    // instruction.
    TreeModel tree;
    const ExpressionIndex half = tree.number(0.5);
    const ExpressionIndex rest = tree.number(0.25);
    tree.model.event_trees.rules = {{.name = "half", .instructions = {collect(half)}}};
    tree.tree().branches = {
        {.name = "on", .branch = fork(1, end_in(good, {collect(rest)}), end_in(bad, {collect(rest)}))}};
    const Instruction by_rule{.kind = Kind::rule, .target = 0};
    tree.tree().initial_state = fork(0, go_to(0, {by_rule}), go_to(0, {by_rule}));
    CHECK(tree.probability(good) == Approx(2 * 0.5 * 0.25).epsilon(rounding));
    CHECK(tree.probability(bad) == Approx(2 * 0.5 * 0.25).epsilon(rounding));
}

TEST_CASE("Formulas on a path hold together, and shared events are the same event", "[risk]") {
    TreeModel tree;
    const FormulaArgument a = tree.event("a", 0.3);
    const FormulaArgument b = tree.event("b", 0.2);
    const FormulaArgument both = tree.gate(Connective::conjunction, {a, b});
    tree.tree().initial_state = fork(0, end_in(good, {collect(negated(a))}),
                                     fork(1, end_in(good, {collect(a), collect(negated(both))}),
                                          end_in(bad, {collect(a), collect(both)})));
    // P(a and b) is 0.06, not P(a) P(a and b).
    CHECK(tree.probability(bad) == Approx(0.06).epsilon(rounding));
    CHECK(tree.probability(good) == Approx(0.94).epsilon(rounding));
    CHECK(tree.sequences().sequences[0].terms.size() == 1);
}

TEST_CASE("A tree that leaves success branches open counts nothing twice", "[risk]") {
    // Failure-only: paths a, and then b whether or not a. P(a or b), not P(a) + P(b).
    TreeModel tree;
    const FormulaArgument a = tree.event("a", 0.3);
    const FormulaArgument b = tree.event("b", 0.2);
    tree.tree().initial_state =
        fork(0, fork(1, end_in(good), end_in(bad, {collect(b)})), end_in(bad, {collect(a)}));
    CHECK(tree.probability(bad) == Approx(1 - 0.7 * 0.8).epsilon(rounding));
    CHECK(tree.probability(good) == 1);
    // The same after a frequency that was collected before the paths parted.
    tree.tree().initial_state.instructions = {collect(tree.number(0.01))};
    CHECK(tree.probability(bad) == Approx(0.01 * (1 - 0.7 * 0.8)).epsilon(rounding));
    CHECK(tree.probability(good) == Approx(0.01).epsilon(rounding));
}

TEST_CASE("What happens for certain makes its sequence certain", "[risk]") {
    TreeModel tree;
    const FormulaArgument a = tree.event("a", 0.3);
    tree.tree().initial_state = fork(0, end_in(bad), end_in(bad, {collect(a)}));
    CHECK(tree.probability(bad) == 1);
    CHECK(tree.probability(good) == -1);
}

TEST_CASE("A house event is set from there on, on its path alone", "[risk]") {
    TreeModel tree;
    const FormulaArgument a = tree.event("a", 0.3);
    tree.model.house_events = {{.name = "house", .happens = false}};
    const FormulaArgument house{.kind = FormulaArgument::Kind::house_event, .index = 0};
    const FormulaArgument with_house = tree.gate(Connective::disjunction, {a, house});
    const Instruction on{.kind = Kind::set_house_event, .target = 0, .happens = true};
    const Instruction off{.kind = Kind::set_house_event, .target = 0, .happens = false};
    tree.tree().initial_state =
        fork(0, end_in(good, {on, collect(with_house)}), end_in(bad, {collect(with_house)}));
    CHECK(tree.probability(good) == 1);
    CHECK(tree.probability(bad) == Approx(0.3).epsilon(rounding));
    // Set for one collection, and set back for the next: copies of one gate in two flavours.
    tree.tree().initial_state = end_in(good, {on, collect(with_house), off, collect(with_house)});
    CHECK(tree.probability(good) == Approx(0.3).epsilon(rounding));
}

TEST_CASE("Set gates, probabilities and parameters replace what the model says", "[risk]") {
    TreeModel tree;
    const FormulaArgument a = tree.event("a", 0.3);
    const FormulaArgument b = tree.event("b", 0.2);
    const FormulaArgument inner = tree.gate(Connective::same, {a});
    const FormulaArgument outer = tree.gate(Connective::disjunction, {inner, b});
    const auto probability_after = [&](const Instruction& instruction) {
        tree.tree().initial_state = end_in(bad, {instruction, collect(outer)});
        return tree.probability(bad);
    };
    CHECK(probability_after({.kind = Kind::set_gate, .formula = b, .target = inner.index})
          == Approx(0.2).epsilon(rounding));
    CHECK(probability_after({.kind = Kind::set_gate, .formula = negated(b), .target = inner.index}) == 1);
    CHECK(
        probability_after({.kind = Kind::set_basic_event, .expression = tree.number(0.6), .target = a.index})
        == Approx(1 - 0.4 * 0.8).epsilon(rounding));
    tree.model.parameters = {{.name = "p", .expression = tree.number(0.5)}};
    tree.model.basic_events[a.index].probability = tree.add({.operation = Operation::parameter});
    CHECK(probability_after({}) == Approx(1 - 0.5 * 0.8).epsilon(rounding));
    CHECK(probability_after({.kind = Kind::set_parameter, .expression = tree.number(0.9), .target = 0})
          == Approx(1 - 0.1 * 0.8).epsilon(rounding));
    // A gate that is set to be over itself.
    const Instruction around{.kind = Kind::set_gate, .formula = outer, .target = inner.index};
    CHECK_THROWS_AS(probability_after(around), RiskModelError);
}

TEST_CASE("An event has one probability on a path", "[risk]") {
    TreeModel tree;
    const FormulaArgument a = tree.event("a", 0.3);
    const FormulaArgument b = tree.event("b", 0.2);
    const Instruction set_a{.kind = Kind::set_basic_event, .expression = tree.number(0.6), .target = a.index};
    // What was collected before keeps its probability; what comes later has the new one.
    tree.tree().initial_state = end_in(bad, {collect(b), set_a, collect(a)});
    CHECK(tree.probability(bad) == Approx(0.2 * 0.6).epsilon(rounding));
    tree.tree().initial_state = end_in(bad, {collect(a), set_a, collect(b)});
    CHECK(tree.probability(bad) == Approx(0.2 * 0.3).epsilon(rounding));
    tree.tree().initial_state = end_in(bad, {collect(a), set_a, collect(a)});
    CHECK_THROWS_WITH(tree.sequences(),
                      "a path to the sequence 'bad' collects the basic event 'a' with two probabilities");
    // Different paths may differ, and then add up.
    tree.tree().initial_state =
        fork(0, end_in(bad, {collect(b), collect(a)}), end_in(bad, {set_a, collect(negated(b)), collect(a)}));
    CHECK(tree.probability(bad) == Approx(0.2 * 0.3 + 0.8 * 0.6).epsilon(rounding));
}

TEST_CASE("Conditions ask for the initiating event and the path so far", "[risk]") {
    TreeModel tree;
    tree.model.event_trees.initiating_events.push_back({.name = "other", .event_tree = 0});
    const ExpressionIndex by_other =
        tree.add({.operation = Operation::test_initiating_event, .reference = 1});
    const ExpressionIndex first_fails =
        tree.add({.operation = Operation::test_functional_event, .reference = 0, .state = 1});
    const ExpressionIndex half = tree.number(0.5);
    const ExpressionIndex tenth = tree.number(0.1);
    tree.model.event_trees.sequences[bad].instructions = {
        {.kind = Kind::condition, .expression = by_other, .inner = {collect(half), collect(tenth)}},
        {.kind = Kind::condition,
         .expression = first_fails,
         .inner = {{.kind = Kind::block, .inner = {collect(half), collect(half)}}}}};
    tree.tree().initial_state = fork(0, end_in(bad), end_in(bad));
    CHECK(tree.probability(bad, 0) == Approx(0.1 + 0.1 * 0.25).epsilon(rounding));
    CHECK(tree.probability(bad, 1) == Approx(0.5 + 0.5 * 0.25).epsilon(rounding));
    CHECK(tree.sequences().flavours.size() >= 2);
}

TEST_CASE("An initiating event collects what it stands for", "[risk]") {
    TreeModel tree;
    const FormulaArgument a = tree.event("a", 0.3);
    tree.model.event_trees.initiating_events.front().instructions = {collect(a)};
    tree.tree().initial_state = fork(0, end_in(good, {collect(negated(a))}), end_in(bad, {collect(a)}));
    CHECK(tree.probability(good) == 0);
    CHECK(tree.probability(bad) == Approx(0.3).epsilon(rounding));
    tree.model.event_trees.initiating_events.push_back({.name = "without a tree"});
    CHECK(tree.sequences(1).sequences.empty());
    CHECK_THROWS_AS(tree.sequences(2), ContractViolation);
}

TEST_CASE("A sequence that links goes on in another tree", "[risk]") {
    TreeModel tree;
    EventTreeLayer& layer = tree.model.event_trees;
    const FormulaArgument a = tree.event("a", 0.3);
    const FormulaArgument b = tree.event("b", 0.2);
    layer.sequences.push_back({.name = "on", .instructions = {{.kind = Kind::link, .target = 1}}});
    layer.event_trees.push_back({.name = "next", .functional_events = {1}});
    layer.event_trees[0].initial_state =
        fork(0, end_in(good, {collect(negated(a))}), end_in(2, {collect(a)}));
    layer.event_trees[1].initial_state =
        fork(1, end_in(good, {collect(negated(b))}), end_in(bad, {collect(b)}));
    CHECK(tree.probability(bad) == Approx(0.3 * 0.2).epsilon(rounding));
    CHECK(tree.probability(good) == Approx(0.7 + 0.3 * 0.8).epsilon(rounding));
    CHECK(tree.probability(2) == -1);
    layer.sequences[2].instructions.push_back({.kind = Kind::link, .target = 1});
    CHECK_THROWS_WITH(tree.sequences(), "the initiating event 'start': a sequence links to two event trees");
}

TEST_CASE("Trees without end are refused", "[risk]") {
    TreeModel tree;
    EventTreeLayer& layer = tree.model.event_trees;
    tree.tree().branches = {{.name = "self", .branch = go_to(0)}};
    tree.tree().initial_state = go_to(0);
    CHECK_THROWS_AS(tree.sequences(), RiskModelError);

    layer.sequences[good].instructions = {{.kind = Kind::link, .target = 0}};
    tree.tree().initial_state = end_in(good);
    CHECK_THROWS_AS(tree.sequences(), RiskModelError);

    layer.sequences[good].instructions = {{.kind = Kind::rule, .target = 0}};
    layer.rules = {{.name = "self", .instructions = {{.kind = Kind::rule, .target = 0}}}};
    CHECK_THROWS_AS(tree.sequences(), RiskModelError);
    // Each rule calls the next twice: 2^40 instructions that are only forty deep.
    layer.rules.clear();
    for (std::uint32_t i = 0; i < 40; ++i) {
        const Instruction next{.kind = Kind::rule, .target = std::min<std::uint32_t>(i + 1, 39)};
        layer.rules.push_back({.instructions = {next, next}});
    }
    layer.rules.back().instructions.clear();
    CHECK_THROWS_WITH(tree.sequences(), "the initiating event 'start': more than 1000000 instructions");
    // Thirty forks after each other, joined by branches: 2^30 paths.
    layer.sequences[good].instructions.clear();
    tree.tree().branches.clear();
    for (std::uint32_t i = 0; i < 30; ++i)
        tree.tree().branches.push_back(
            {.branch = i < 29 ? fork(i, go_to(i + 1), go_to(i + 1)) : end_in(good)});
    tree.tree().initial_state = go_to(0);
    CHECK_THROWS_WITH(tree.sequences(), "the initiating event 'start': more than 100000 paths");
}

TEST_CASE("Without uncertainty a drawn sequence is the sequence, and otherwise its mean is near", "[risk]") {
    TreeModel tree;
    const FormulaArgument a = tree.event("a", 0.3);
    const FormulaArgument b = tree.event("b", 0.2);
    const ExpressionIndex frequency = tree.number(0.5);
    tree.tree().initial_state = fork(0, end_in(good, {collect(negated(a)), collect(frequency)}),
                                     end_in(bad, {collect(a), collect(b)}));
    const auto drawn = [&](std::uint32_t sequence, const DeviateDraws& draws) {
        const SequenceSet set = tree.sequences();
        return probability_of(SequenceSampler(tree.model, set, 1).sample(set.sequences[sequence], draws),
                              truth_table::probability);
    };
    for (std::uint32_t trial = 0; trial < 5; ++trial) {
        CHECK(drawn(good, {.seed = 1, .trial = trial}) == tree.probability(good));
        CHECK(drawn(bad, {.seed = 1, .trial = trial}) == tree.probability(bad));
    }
    // a uniform on [0.2, 0.4] and the factor on [0.4, 0.6], independent: E = 0.7 · 0.5.
    const ExpressionIndex low = tree.number(0.2);
    const ExpressionIndex high = tree.number(0.4);
    const ExpressionIndex higher = tree.number(0.6);
    tree.model.basic_events[a.index].probability =
        tree.add({.operation = Operation::uniform_deviate, .arguments = {low, high}});
    const ExpressionIndex uncertain =
        tree.add({.operation = Operation::uniform_deviate, .arguments = {high, higher}});
    tree.tree().initial_state.paths[0].branch.instructions[1].expression = uncertain;
    const SequenceSet set = tree.sequences();
    const SequenceSampler sampler(tree.model, set, 1);
    double sum = 0;
    double squares = 0;
    constexpr std::uint32_t trials = 2000;
    for (std::uint32_t trial = 0; trial < trials; ++trial) {
        const double p = probability_of(sampler.sample(set.sequences[good], {.seed = 4, .trial = trial}),
                                        truth_table::probability);
        sum += p;
        squares += p * p;
    }
    const double mean = sum / trials;
    const double error = std::sqrt((squares / trials - mean * mean) / trials);
    CHECK(error > 0);
    CHECK(mean == Approx(0.7 * 0.5).margin(4 * error));
    CHECK(tree.probability(good) == Approx(0.7 * 0.5).epsilon(rounding));
}

TEST_CASE("Top gates are those that no gate refers to, and gates form no cycle", "[risk]") {
    TreeModel tree;
    RiskModel& model = tree.model;
    const FormulaArgument a = tree.event("a", 0.3);
    const FormulaArgument lower = tree.gate(Connective::same, {a});
    const FormulaArgument inner = tree.gate(Connective::negation, {lower});
    static_cast<void>(tree.gate(Connective::conjunction, {inner, a}));
    static_cast<void>(tree.gate(Connective::disjunction, {inner, a}));
    model.gates[0].name = "lower";
    model.gates[2].name = "one";
    model.gates[3].name = "two";
    CHECK(top_gates(model) == std::vector<std::uint32_t>{2, 3});
    CHECK(find_gate(model, "two") == 3);
    CHECK_FALSE(find_gate(model, "three"));
    CHECK_FALSE(find_gate(model, ""));
    CHECK(defects_of(model, 1).empty());
    CHECK(truth_table::probability(fault_tree_of(model, 2, 1)) == 0);
    CHECK(truth_table::probability(fault_tree_of(model, 3, 1)) == 1);
    CHECK(fault_tree_of(model, 0, 1).gates.size() == 1);
    model.gates[0].arguments = {{.kind = FormulaArgument::Kind::gate, .index = 2}};
    REQUIRE(defects_of(model, 1).size() == 1);
    CHECK(defects_of(model, 1).front().message == "gates depend on themselves: lower -> one -> lower");
    CHECK_THROWS_AS(fault_tree_of(model, 2), RiskModelError);
}

TEST_CASE("The walk through an event tree hears a stop", "[risk]") {
    TreeModel tree;
    const FormulaArgument a = tree.event("a", 0.3);
    tree.tree().initial_state = end_in(0, {collect(a)});
    CHECK(tree.probability(0) == Approx(0.3).epsilon(rounding));
    StopRequest stop;
    CHECK(sequences_of(tree.model, 0, 1, &stop).sequences.size() == 1);
    stop.request();
    CHECK_THROWS_AS(sequences_of(tree.model, 0, 1, &stop), Stopped);
}

TEST_CASE("A chain of a hundred thousand gates is a tree like any other", "[risk]") {
    TreeModel tree;
    RiskModel& model = tree.model;
    const FormulaArgument a = tree.event("a", 0.3);
    constexpr std::uint32_t length = 100'000;
    for (std::uint32_t i = 1; i < length; ++i)
        model.gates.push_back({.name = "g" + std::to_string(i),
                               .arguments = {{.kind = FormulaArgument::Kind::gate, .index = i}}});
    static_cast<void>(tree.gate(Connective::same, {a}));
    const FaultTree whole = fault_tree_of(model, 0, 1);
    CHECK(whole.gates.size() == length);
    CHECK(reached_events(whole) == std::vector<bool>{true});
    model.gates.back().arguments = {{.kind = FormulaArgument::Kind::gate, .index = 0}};
    CHECK(defects_of(model, 1).size() == 1);
}
