// Fault trees that are small enough to try everything, and what trying everything finds.
#pragma once

#include "agents/risk/cut_sets.hpp"
#include "agents/risk/fault_tree.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <set>
#include <span>
#include <utility>
#include <vector>

namespace small_fault_trees {

using venturi::CutSets;
using venturi::EventLiteral;
using venturi::FaultTree;
using venturi::FaultTreeArgument;

inline FaultTreeArgument gate(std::uint32_t index, bool complemented = false) {
    return {FaultTreeArgument::Kind::gate, complemented, index};
}
inline FaultTreeArgument event(std::uint32_t index, bool complemented = false) {
    return {FaultTreeArgument::Kind::basic_event, complemented, index};
}
inline FaultTreeArgument constant(bool value) {
    return {FaultTreeArgument::Kind::constant, false, value ? 1U : 0U};
}

/// A tree of `blocks` blocks of `events` events and `gates` gates each. A block's gates take its events,
/// gates of it that come later, and the first gate of the next block, which so becomes a module. Coherent
/// ones are and, or, at-least. Few arguments are constants. Events have probability one half.
inline FaultTree random_tree(std::mt19937_64& random, std::uint32_t blocks, std::uint32_t events,
                             std::uint32_t gates, bool coherent) {
    using venturi::Connective;
    const auto below = [&](std::size_t n) { return static_cast<std::uint32_t>(random() % n); };
    FaultTree tree;
    tree.basic_events.assign(std::size_t{blocks} * events, {.name = {}, .probability = 0.5});
    for (std::uint32_t i = 0; i < blocks * gates; ++i) {
        venturi::FaultTreeGate made;
        // Gates of one argument are rare, or most trees would come to nothing.
        made.connective =
            coherent
                ? std::array{Connective::conjunction, Connective::disjunction, Connective::at_least}[below(3)]
            : below(5) == 0 ? static_cast<Connective>(below(11))
                            : std::array{Connective::conjunction, Connective::disjunction,
                                         Connective::exclusive_or, Connective::at_least}[below(4)];
        if (i > 0 && below(10) == 0) made.connective = Connective::same;
        std::uint32_t arguments = 2 + below(4);
        if (made.connective == Connective::same || made.connective == Connective::negation) arguments = 1;
        if (made.connective == Connective::implication || made.connective == Connective::equivalence)
            arguments = 2;
        const std::uint32_t block = i / gates;
        const std::uint32_t later = (block + 1) * gates - i - 1;
        for (std::uint32_t k = 0; k < arguments; ++k) {
            const bool complemented = !coherent && below(4) == 0;
            if (below(100) == 0)
                made.arguments.push_back(constant(below(2) == 0));
            else if (block + 1 < blocks && below(4) == 0)
                made.arguments.push_back(gate((block + 1) * gates, complemented));
            else if (later > 0 && below(2) == 0)
                made.arguments.push_back(gate(i + 1 + below(later), complemented));
            else
                made.arguments.push_back(event(block * events + below(events), complemented));
        }
        made.minimum = 1 + below(arguments);
        made.maximum = made.minimum + below(arguments - made.minimum + 1);
        tree.gates.push_back(std::move(made));
    }
    tree.top = gate(0, !coherent && below(4) == 0);
    return tree;
}

inline std::vector<bool> bits(std::uint64_t word, std::size_t count) {
    std::vector<bool> result(count);
    for (std::size_t i = 0; i < count; ++i) result[i] = (word >> i & 1) != 0;
    return result;
}

/// Whether the top happens, for each of the 2^events outcomes; bit i of an outcome is event i.
inline std::vector<bool> truth_table(const FaultTree& tree) {
    std::vector<bool> table;
    for (std::uint64_t outcome = 0; outcome < std::uint64_t{1} << tree.basic_events.size(); ++outcome)
        table.push_back(evaluate(tree, bits(outcome, tree.basic_events.size())));
    return table;
}

inline double probability(const std::vector<bool>& truth_table, std::span<const double> probabilities) {
    double sum = 0;
    for (std::size_t outcome = 0; outcome < truth_table.size(); ++outcome) {
        if (!truth_table[outcome]) continue;
        double product = 1;
        for (std::size_t i = 0; i < probabilities.size(); ++i)
            product *= (outcome >> i & 1) != 0 ? probabilities[i] : 1 - probabilities[i];
        sum += product;
    }
    return sum;
}

using LiteralSet = std::vector<EventLiteral>;  // by event

/// The outcomes that bring the top about while none that is part of them does.
inline std::set<LiteralSet> minimal_outcomes(const std::vector<bool>& truth_table) {
    std::set<LiteralSet> result;
    for (std::size_t outcome = 0; outcome < truth_table.size(); ++outcome) {
        bool minimal = truth_table[outcome];
        for (std::size_t part = 0; part < outcome && minimal; ++part)
            minimal = (part & outcome) != part || !truth_table[part];
        if (!minimal) continue;
        LiteralSet set;
        for (std::uint32_t i = 0; outcome >> i != 0; ++i)
            if ((outcome >> i & 1) != 0) set.push_back({.event = i});
        result.insert(set);
    }
    return result;
}

/// Of all 3^events conjunctions of literals those that imply the top, and don't with a literal less.
inline std::set<LiteralSet> prime_conjunctions(const std::vector<bool>& truth_table) {
    std::uint32_t events = 0;
    while (std::size_t{1} << events < truth_table.size()) ++events;
    const auto implies = [&](std::size_t care, std::size_t value) {
        for (std::size_t outcome = 0; outcome < truth_table.size(); ++outcome)
            if ((outcome & care) == value && !truth_table[outcome]) return false;
        return true;
    };
    std::set<LiteralSet> result;
    for (std::size_t care = 0; care < truth_table.size(); ++care)
        for (std::size_t value = 0; value <= care; ++value) {
            if ((value & ~care) != 0 || !implies(care, value)) continue;
            bool prime = true;
            LiteralSet set;
            for (std::uint32_t i = 0; i < events; ++i) {
                const std::size_t bit = std::size_t{1} << i;
                if ((care & bit) == 0) continue;
                prime = prime && !implies(care & ~bit, value & ~bit);
                set.push_back({.event = i, .negated = (value & bit) == 0});
            }
            if (prime) result.insert(set);
        }
    return result;
}

/// All sets, by following every path.
inline std::set<LiteralSet> all_sets(const CutSets& sets, std::uint32_t node) {
    if (node == 0) return {};
    if (node == 1) return {{}};
    const CutSets::Node& split = sets.nodes()[node];
    const CutSets::Variable& variable = sets.variables()[split.variable];
    std::set<LiteralSet> result = all_sets(sets, split.without);
    std::set<LiteralSet> variable_sets = {{variable.literal}};
    if (variable.kind == CutSets::Variable::Kind::part)
        variable_sets = all_sets(sets, sets.parts()[variable.part]);
    for (const LiteralSet& rest : all_sets(sets, split.with))
        for (const LiteralSet& first : variable_sets) {
            LiteralSet joined = first;
            joined.insert(joined.end(), rest.begin(), rest.end());
            std::sort(joined.begin(), joined.end());
            result.insert(joined);
        }
    return result;
}

inline std::set<LiteralSet> all_sets(const CutSets& sets) {
    return all_sets(sets, sets.root());
}

/// A conjunction of `groups` disjunctions of `size` events each, of that probability: size^groups cut sets.
inline FaultTree conjunction_of_groups(std::uint32_t groups, std::uint32_t size, double probability) {
    FaultTree tree;
    tree.gates.push_back({.name = "all", .connective = venturi::Connective::conjunction});
    for (std::uint32_t i = 0; i < groups; ++i) {
        tree.gates.push_back({.name = "any", .connective = venturi::Connective::disjunction});
        for (std::uint32_t k = 0; k < size; ++k) {
            tree.gates.back().arguments.push_back(event(i * size + k));
            tree.basic_events.push_back({.name = {}, .probability = probability});
        }
        tree.gates[0].arguments.push_back(gate(i + 1));
    }
    tree.top = gate(0);
    return tree;
}

}  // namespace small_fault_trees
