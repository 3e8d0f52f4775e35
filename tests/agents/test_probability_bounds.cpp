#include "agents/risk/arithmetic_bounds.hpp"
#include "agents/risk/bit_parallel_simulation.hpp"
#include "agents/risk/exact_probability.hpp"
#include "agents/risk/normal_form.hpp"
#include "agents/risk/probability_bounds.hpp"
#include "agents/risk/truncated_diagram.hpp"
#include "sim/contract.hpp"
#include "tests/agents/small_fault_trees.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

using namespace venturi;
using namespace small_fault_trees;

namespace {

// By so much bounds are moved outwards for rounding, on each side.
constexpr double rounding = 1.1e-11;
// What the sum over a truth table of 2^12 outcomes may have lost: 4096 · 1.1e-16.
constexpr double table_error = 1e-12;

std::vector<double> give_probabilities(FaultTree& tree, std::mt19937_64& random) {
    std::vector<double> probabilities;
    for (auto& event : tree.basic_events) {
        // From rare to common.
        event.probability =
            std::pow(10, -static_cast<double>(random() % 5)) * static_cast<double>(random() % 1000) / 1000;
        probabilities.push_back(event.probability);
    }
    return probabilities;
}

bool never_a_variable(std::uint32_t, Polarity) {
    return false;
}

// Whether a form holds, with the value of each variable.
bool holds(const NormalForm& form, const std::vector<bool>& values) {
    std::vector<bool> node_holds;
    for (const NormalForm::Node& node : form.nodes) {
        const auto arguments = form.arguments_of(node);
        const auto holding =
            std::count_if(arguments.begin(), arguments.end(), [&](std::uint32_t a) { return node_holds[a]; });
        switch (node.kind) {
            case NormalForm::Node::Kind::literal:
                node_holds.push_back(values[node.variable] != node.complemented);
                break;
            case NormalForm::Node::Kind::all:
                node_holds.push_back(holding == static_cast<long>(arguments.size()));
                break;
            case NormalForm::Node::Kind::any:
                node_holds.push_back(holding > 0);
                break;
        }
    }
    return node_holds[form.top];
}

// Sets of three different events, any of which is enough.
FaultTree large_tree(std::uint32_t events, std::uint32_t sets, double p, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    FaultTree tree;
    tree.basic_events.assign(events, {.name = {}, .probability = p});
    tree.gates.push_back({.connective = Connective::disjunction});
    for (std::uint32_t i = 0; i < sets; ++i) {
        FaultTreeGate set{.connective = Connective::conjunction};
        while (set.arguments.size() < 3) {
            const FaultTreeArgument drawn = event(static_cast<std::uint32_t>(random() % events));
            if (std::find(set.arguments.begin(), set.arguments.end(), drawn) == set.arguments.end())
                set.arguments.push_back(drawn);
        }
        tree.gates[0].arguments.push_back(gate(static_cast<std::uint32_t>(tree.gates.size())));
        tree.gates.push_back(set);
    }
    tree.top = gate(0);
    return tree;
}

}  // namespace

TEST_CASE("A normal form holds where its tree does, whatever the connectives") {
    std::mt19937_64 random(1);
    for (int i = 0; i < 200; ++i) {
        FaultTree tree = random_tree(random, 2, 4, 6, false);
        tree.top.complemented = false;
        const NormalForm form = normal_form(tree, tree.top.index, never_a_variable);
        const std::vector<bool> table = truth_table(tree);
        for (std::size_t outcome = 0; outcome < table.size(); ++outcome) {
            std::vector<bool> values;
            for (const NormalForm::Variable& variable : form.variables)
                values.push_back((outcome >> variable.index & 1) != 0);
            REQUIRE(holds(form, values) == table[outcome]);
        }
        for (const ArgumentOrder order : {ArgumentOrder::largest_first, ArgumentOrder::smallest_first}) {
            std::vector<std::uint32_t> positions = variable_positions(form, order);
            std::sort(positions.begin(), positions.end());
            for (std::uint32_t v = 0; v < positions.size(); ++v) CHECK(positions[v] == v);
        }
    }
}

TEST_CASE("Modules are the gates whose events and gates occur nowhere else") {
    // The top over a module, a gate that shares an event with another, and these two's module.
    FaultTree tree;
    tree.basic_events.assign(6, {.name = {}, .probability = 0.1});
    tree.gates = {
        {.connective = Connective::disjunction, .arguments = {gate(1), gate(2), gate(1)}},
        {.connective = Connective::conjunction, .arguments = {event(0), event(1)}},
        {.connective = Connective::conjunction, .arguments = {gate(3), gate(4)}},
        {.connective = Connective::disjunction, .arguments = {event(2), event(3)}},
        {.connective = Connective::disjunction, .arguments = {event(3), event(4)}},
        {.connective = Connective::disjunction, .arguments = {event(5), event(5)}},
    };
    tree.top = gate(0);
    CHECK(find_modules(tree) == std::vector<bool>{true, true, true, false, false, false});
}

TEST_CASE("What a truncated diagram loses and adds is no more than it says") {
    std::mt19937_64 random(2);
    constexpr std::uint32_t variables = 8;
    int truncated = 0;
    for (int i = 0; i < 300; ++i) {
        std::vector<double> p;
        for (std::uint32_t v = 0; v < variables; ++v)
            p.push_back(static_cast<double>(random() % 999 + 1) / 3000);
        TruncatedDiagrams diagrams(p, 100'000);
        diagrams.allow(100'000);
        // A function as its edge and its truth table.
        struct Function {
            DiagramEdge edge;
            std::array<bool, 1 << variables> table;
        };
        const auto random_function = [&] {
            Function made{DiagramEdge::never(), {}};
            for (int k = 0; k < 5; ++k) {
                std::uint64_t set = random();
                DiagramEdge product = DiagramEdge::always();
                for (std::uint32_t v = 0; v < variables; ++v)
                    if ((set >> v & 1) != 0) {
                        const DiagramEdge literal = diagrams.variable(v);
                        product =
                            diagrams.conjunction(product, (set >> (8 + v) & 3) == 0 ? !literal : literal, 0)
                                .edge;
                    }
                made.edge = diagrams.disjunction(made.edge, product, 0).edge;
                for (std::size_t x = 0; x < made.table.size(); ++x) {
                    bool all = true;
                    for (std::uint32_t v = 0; v < variables; ++v)
                        if ((set >> v & 1) != 0)
                            all = all && ((x >> v & 1) != 0) != ((set >> (8 + v) & 3) == 0);
                    made.table[x] = made.table[x] || all;
                }
            }
            return made;
        };
        const auto measure = [&](auto&& where) {
            double sum = 0;
            for (std::size_t x = 0; x < 1 << variables; ++x) {
                if (!where(x)) continue;
                double product = 1;
                for (std::uint32_t v = 0; v < variables; ++v) product *= (x >> v & 1) != 0 ? p[v] : 1 - p[v];
                sum += product;
            }
            return sum;
        };
        const Function f = random_function();
        const Function g = random_function();
        CHECK(diagrams.probability(f.edge)
              == Approx(measure([&](std::size_t x) { return f.table[x]; })).epsilon(1e-12));
        for (const bool both : {true, false}) {
            const auto truth = [&](std::size_t x) {
                return both ? f.table[x] && g.table[x] : f.table[x] || g.table[x];
            };
            const double cut_off = std::pow(10, -1 - static_cast<double>(random() % 5));
            const TruncatedFunction joined = both ? diagrams.conjunction(f.edge, g.edge, cut_off)
                                                  : diagrams.disjunction(f.edge, g.edge, cut_off);
            // Its own truth, by the probability of what it has in common with each outcome.
            const auto value = [&](std::size_t x) {
                DiagramEdge outcome = joined.edge;
                for (std::uint32_t v = 0; v < variables; ++v) {
                    const DiagramEdge literal = diagrams.variable(v);
                    outcome = diagrams.conjunction(outcome, (x >> v & 1) != 0 ? literal : !literal, 0).edge;
                }
                return outcome != DiagramEdge::never();
            };
            std::array<bool, 1 << variables> table;
            for (std::size_t x = 0; x < table.size(); ++x) table[x] = value(x);
            const double lost = measure([&](std::size_t x) { return truth(x) && !table[x]; });
            const double added = measure([&](std::size_t x) { return !truth(x) && table[x]; });
            CHECK(lost <= joined.lost * (1 + 1e-12) + 1e-16);
            CHECK(added <= joined.added * (1 + 1e-12) + 1e-16);
            if (lost + added > 0) ++truncated;
        }
        REQUIRE_FALSE(diagrams.exhausted());
        // Nothing changes a function where its table is swept.
        DiagramEdge kept = f.edge;
        const std::array roots = {&kept};
        diagrams.collect(roots);
        CHECK(diagrams.probability(kept)
              == Approx(measure([&](std::size_t x) { return f.table[x]; })).epsilon(1e-12));
        // The literals that f implies are those without which it is impossible.
        std::vector<std::uint32_t> implied;
        for (std::uint32_t v = 0; v < variables; ++v)
            for (const DiagramEdge literal : {diagrams.variable(v), !diagrams.variable(v)})
                if (kept != DiagramEdge::never()
                    && diagrams.conjunction(kept, !literal, 0).edge == DiagramEdge::never())
                    implied.push_back(literal.code());
        std::sort(implied.begin(), implied.end());
        std::vector<std::uint32_t> found;
        for (const DiagramEdge literal : diagrams.implied_literals(kept)) found.push_back(literal.code());
        CHECK(found == implied);
    }
    CHECK(truncated > 50);
}

TEST_CASE("Small trees come out exact") {
    std::mt19937_64 random(3);
    for (int i = 0; i < 300; ++i) {
        FaultTree tree = random_tree(random, 2, 5, 6, i % 2 == 0);
        const std::vector<double> probabilities = give_probabilities(tree, random);
        const double truth = probability(truth_table(tree), probabilities);
        const ProbabilityBounds bounds = bound_probability(tree, {.relative_gap = 0});
        CAPTURE(i, truth, bounds.lower, bounds.upper);
        CHECK(bounds.lower <= truth * (1 + table_error));
        CHECK(truth * (1 - table_error) <= bounds.upper);
        CHECK(bounds.upper - bounds.lower <= 2 * rounding * truth);
    }
}

TEST_CASE("Bounds hold with any amount of work, and without any", "[long]") {
    std::mt19937_64 random(4);
    double widest = 0;
    for (int i = 0; i < 400; ++i) {
        FaultTree tree = random_tree(random, 3, 4, 7, i % 2 == 0);
        const std::vector<double> probabilities = give_probabilities(tree, random);
        const double truth = probability(truth_table(tree), probabilities);
        for (const std::uint64_t steps : {0U, 30U, 100U, 300U, 1000U}) {
            const ProbabilityBounds bounds = bound_probability(tree, {.steps = steps, .nodes = 10'000});
            CAPTURE(i, steps, truth, bounds.lower, bounds.upper);
            CHECK(bounds.lower <= truth * (1 + table_error));
            CHECK(truth * (1 - table_error) <= bounds.upper);
            CHECK(bounds.upper <= 1);
            widest = std::max(widest, bounds.upper - bounds.lower);
        }
    }
    // So it is not for being exact.
    CHECK(widest > 0.1);
}

TEST_CASE("Arithmetic bounds are Fréchet's, or tighter where arguments are associated or independent") {
    FaultTree tree;
    tree.basic_events.assign(3, {.name = {}, .probability = 0});
    // Two arguments that share event 0.
    const auto bounds_of = [&](Connective connective, bool opposed, bool shared, std::array<double, 3> p) {
        tree.gates = {
            {.connective = connective, .arguments = {gate(1), gate(2)}},
            {.connective = Connective::conjunction, .arguments = {event(0), event(1)}},
            {.connective = Connective::conjunction, .arguments = {event(shared ? 0 : 1, opposed), event(2)}}};
        if (!shared) tree.gates[1].arguments = {event(0)};
        tree.top = gate(0);
        const NormalForm form = normal_form(tree, 0, never_a_variable);
        std::vector<double> probabilities;
        for (const NormalForm::Variable& variable : form.variables)
            probabilities.push_back(p[variable.index]);
        return arithmetic_bounds(form, probabilities);
    };
    // Arguments of probability 0.45 and 0.4 that grow with event 0.
    const std::array<double, 3> p = {0.5, 0.9, 0.8};
    CHECK(bounds_of(Connective::conjunction, false, true, p).low == Approx(0.45 * 0.4));
    CHECK(bounds_of(Connective::conjunction, false, true, p).high == Approx(0.4));
    CHECK(bounds_of(Connective::disjunction, false, true, p).low == Approx(0.45));
    CHECK(bounds_of(Connective::disjunction, false, true, p).high == Approx(1 - 0.55 * 0.6));
    // One grows and the other falls: nothing but Fréchet's. In truth they exclude each other.
    CHECK(bounds_of(Connective::conjunction, true, true, p).low == 0);
    CHECK(bounds_of(Connective::conjunction, true, true, p).high == Approx(0.4));
    CHECK(bounds_of(Connective::disjunction, true, true, p).high == Approx(0.85));
    // Independent arguments, of 0.5 and 0.72.
    CHECK(bounds_of(Connective::conjunction, false, false, p).low == Approx(0.36).epsilon(1e-14));
    CHECK(bounds_of(Connective::conjunction, false, false, p).high == Approx(0.36).epsilon(1e-14));
    CHECK(bounds_of(Connective::disjunction, false, false, p).low == Approx(0.86).epsilon(1e-14));
    CHECK(bounds_of(Connective::disjunction, false, false, p).high == Approx(0.86).epsilon(1e-14));
}

TEST_CASE("Twenty of forty is the binomial distribution's tail") {
    FaultTree tree;
    FaultTreeGate count{.connective = Connective::at_least, .minimum = 20};
    for (std::uint32_t i = 0; i < 40; ++i) {
        tree.basic_events.push_back({.name = {}, .probability = 0.1});
        count.arguments.push_back(event(i));
    }
    tree.gates = {count};
    tree.top = gate(0);
    double truth = 0;
    for (int k = 20; k <= 40; ++k)
        truth += std::exp(std::lgamma(41.0) - std::lgamma(k + 1.0) - std::lgamma(41.0 - k)) * std::pow(0.1, k)
                 * std::pow(0.9, 40 - k);
    const ProbabilityBounds bounds = bound_probability(tree);
    CHECK(bounds.lower == Approx(truth).epsilon(1e-10));
    CHECK(bounds.upper == Approx(truth).epsilon(1e-10));
}

TEST_CASE("The smallest probabilities keep their digits, and so do the smallest complements") {
    FaultTree tree = conjunction_of_groups(10, 2, 1e-25);
    const double truth = std::pow(2e-25, 10);
    CHECK(bound_probability(tree).lower == Approx(truth).epsilon(1e-10));
    CHECK(bound_probability(tree).upper == Approx(truth).epsilon(1e-10));
    // The complement of a module that nearly always happens, under another gate.
    tree.gates.push_back({.connective = Connective::not_and, .arguments = {gate(12), event(0)}});
    tree.gates.push_back({.connective = Connective::not_or, .arguments = {event(20), event(21)}});
    tree.basic_events.resize(22, {.name = {}, .probability = 1e-17});
    tree.basic_events[0].probability = 1;
    tree.top = gate(11);
    CHECK(bound_probability(tree).lower == Approx(2e-17).epsilon(1e-10));
    CHECK(bound_probability(tree).upper == Approx(2e-17).epsilon(1e-10));
}

TEST_CASE("A top that is no gate, or is complemented, has bounds as well") {
    FaultTree tree;
    tree.basic_events = {{.name = "e", .probability = 1e-3}};
    tree.top = event(0, true);
    CHECK(bound_probability(tree).lower == Approx(0.999).epsilon(1e-10));
    CHECK(bound_probability(tree).upper == Approx(0.999).epsilon(1e-10));
    tree.top = constant(true);
    CHECK(bound_probability(tree).lower == Approx(1).epsilon(1e-10));
    tree.top = constant(false);
    CHECK(bound_probability(tree).upper == 0);
    tree.basic_events[0].probability = 2;
    CHECK_THROWS_AS(bound_probability(tree), ContractViolation);
}

TEST_CASE("Bounds from work that does not suffice hold what the solved tree says") {
    std::mt19937_64 random(7);
    for (int i = 0; i < 4; ++i) {
        // Both of two functions of the same events, each of which needs one event besides; so that each
        // matters where the other may hold.
        FaultTree tree;
        constexpr std::uint32_t events = 38;
        tree.basic_events.assign(events + 2, {.name = {}, .probability = 0.02});
        tree.gates = {{.connective = Connective::conjunction, .arguments = {gate(1), gate(2)}}};
        tree.gates.resize(3);
        for (const std::uint32_t half : {1U, 2U}) {
            tree.gates[half].connective = Connective::disjunction;
            for (int k = 0; k < 38; ++k) {
                FaultTreeGate set{.connective = Connective::conjunction,
                                  .arguments = {event(events + half - 1)}};
                for (int j = 0; j < 3; ++j)
                    set.arguments.push_back(event(static_cast<std::uint32_t>(random() % events),
                                                  i % 2 == 1 && random() % 6 == 0));
                tree.gates[half].arguments.push_back(gate(static_cast<std::uint32_t>(tree.gates.size())));
                tree.gates.push_back(set);
            }
        }
        tree.top = gate(0);
        const SolvedFaultTree solved = solve(tree).value();
        EvaluationScratch scratch;
        const double truth = solved.probability(event_probabilities(tree), scratch);
        double widest = 0;
        for (const std::uint64_t steps : {50'000U, 200'000U}) {
            const ProbabilityBounds bounds = bound_probability(tree, {.steps = steps});
            CAPTURE(i, steps, truth, bounds.lower, bounds.upper);
            CHECK(bounds.lower <= truth);
            CHECK(truth <= bounds.upper);
            widest = std::max(widest, bounds.upper / bounds.lower);
        }
        CHECK(widest > 1 + 1e-9);
    }
}

TEST_CASE("In a tree too large to be solved with the work allowed, bounds hold the simulation's interval") {
    const FaultTree tree = large_tree(120, 400, 0.01, 5);
    const ProbabilityBounds little = bound_probability(tree, {.steps = 20'000});
    const ProbabilityBounds more = bound_probability(tree, {.steps = 400'000});
    // One in a million to fail by chance.
    const Interval simulated = simulate(tree, {.trials = 4'000'000, .seed = 1, .level = 1 - 1e-6}).interval;
    CAPTURE(little.lower, little.upper, more.lower, more.upper, simulated.low, simulated.high);
    CHECK(more.lower > 0);
    CHECK(more.upper - more.lower > 1e-9 * more.upper);
    // Both contain the truth, so they must meet; and more work does not make bounds worse here.
    CHECK(more.lower < simulated.high);
    CHECK(more.upper > simulated.low);
    CHECK(little.lower < simulated.high);
    CHECK(little.upper > simulated.low);
    CHECK(more.upper - more.lower < little.upper - little.lower);
    CHECK(more.upper < 1.5 * more.lower);
    // Of sets of three events of 1%, all have the same probability; bounds lie where the sum of sets says
    // they must.
    CHECK(more.upper < 400e-6);
    CHECK(more.steps <= 404'000);
    // Steps are counted, so that another run does the same.
    CHECK(bound_probability(tree, {.steps = 400'000}).upper == more.upper);
}
