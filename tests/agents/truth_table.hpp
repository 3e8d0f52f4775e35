// The probability of a small fault tree by what it means: the sum over all combinations of its basic events.
// Shares no code with what is tested.
#pragma once

#include "agents/risk/fault_tree.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <vector>

namespace venturi::truth_table {

[[nodiscard]] inline bool holds(const FaultTreeGate& gate, const std::vector<bool>& arguments) {
    std::size_t count = 0;
    for (const bool argument : arguments) count += argument ? 1 : 0;
    const std::size_t all = arguments.size();
    switch (gate.connective) {
        case Connective::same:
            return count == 1;
        case Connective::negation:
        case Connective::not_or:
            return count == 0;
        case Connective::conjunction:
            return count == all;
        case Connective::disjunction:
            return count > 0;
        case Connective::at_least:
            return count >= gate.minimum;
        case Connective::between:
            return count >= gate.minimum && count <= gate.maximum;
        case Connective::exclusive_or:
            return count % 2 == 1;
        case Connective::not_and:
            return count < all;
        case Connective::implication:
            return !arguments.at(0) || arguments.at(1);
        case Connective::equivalence:
            return count == 0 || count == all;
    }
    return false;
}

/// Whether the top of the tree happens; recursive, for small trees.
[[nodiscard]] inline bool happens(const FaultTree& tree, const FaultTreeArgument& argument,
                                  const std::vector<bool>& events) {
    bool value = argument.index == 1;
    if (argument.kind == FaultTreeArgument::Kind::basic_event) value = events.at(argument.index);
    if (argument.kind == FaultTreeArgument::Kind::gate) {
        const FaultTreeGate& gate = tree.gates.at(argument.index);
        std::vector<bool> arguments;
        for (const FaultTreeArgument& each : gate.arguments) arguments.push_back(happens(tree, each, events));
        value = holds(gate, arguments);
    }
    return value != argument.complemented;
}

/// P(top), of at most 20 basic events.
[[nodiscard]] inline double probability(const FaultTree& tree) {
    const std::size_t count = tree.basic_events.size();
    if (count > 20) throw std::invalid_argument("too many basic events for a truth table");
    double sum = 0;
    for (std::uint32_t row = 0; row < (std::uint32_t{1} << count); ++row) {
        std::vector<bool> events(count);
        double weight = 1;
        for (std::size_t i = 0; i < count; ++i) {
            events[i] = (row >> i & 1U) != 0;
            const double p = tree.basic_events[i].probability;
            weight *= events[i] ? p : 1 - p;
        }
        if (weight > 0 && happens(tree, tree.top, events)) sum += weight;
    }
    return sum;
}

}  // namespace venturi::truth_table
