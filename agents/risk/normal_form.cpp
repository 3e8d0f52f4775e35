#include "agents/risk/normal_form.hpp"

#include "agents/risk/bit_parallel_simulation.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace venturi {

namespace {

using ArgumentKind = FaultTreeArgument::Kind;
constexpr std::uint32_t no_node = ~std::uint32_t{0};
constexpr std::size_t most_nodes = std::size_t{1} << 25;
constexpr std::size_t most_arguments = std::size_t{1} << 26;

Polarity flipped(Polarity polarity) {
    const auto bits = static_cast<unsigned>(polarity);
    return static_cast<Polarity>((bits & 1) << 1 | bits >> 1);
}
Polarity joined(Polarity a, Polarity b) {
    return static_cast<Polarity>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
bool contains(Polarity polarity, bool complemented) {
    return (static_cast<unsigned>(polarity) >> static_cast<unsigned>(complemented) & 1) != 0;
}

// How the polarity in which a gate is needed becomes that of its argument `i`.
Polarity needed_of_argument(const FaultTreeGate& gate, std::size_t i, Polarity polarity) {
    switch (gate.connective) {
        case Connective::same:
        case Connective::conjunction:
        case Connective::disjunction:
        case Connective::at_least:
            return polarity;
        case Connective::negation:
        case Connective::not_and:
        case Connective::not_or:
            return flipped(polarity);
        case Connective::implication:
            return i == 0 ? flipped(polarity) : polarity;
        case Connective::between:
        case Connective::exclusive_or:
        case Connective::equivalence:
            return Polarity::both;
    }
    return Polarity::both;
}

// Nodes of one form, made from the leaves.
class FormBuilder {
  public:
    using Node = NormalForm::Node;

    explicit FormBuilder(const FaultTree& tree)
        : tree_(tree),
          event_literals_(tree.basic_events.size(), {no_node, no_node}),
          gate_nodes_(tree.gates.size(), {no_node, no_node}) {}

    void add_gate(std::uint32_t gate, bool complemented) {
        gate_nodes_[gate][complemented] = build(tree_.gates[gate], complemented);
    }
    void add_variable(std::uint32_t gate) { add_literals(gate_nodes_[gate], {true, gate}); }

    NormalForm finish(std::uint32_t root) && {
        form_.top = gate_nodes_[root][0];
        return std::move(form_);
    }

  private:
    std::uint32_t add(Node node, std::span<const std::uint32_t> arguments = {}) {
        if (arguments.size() == 1) return arguments.front();
        if (form_.nodes.size() >= most_nodes || form_.arguments.size() + arguments.size() > most_arguments)
            throw TreeTooLarge("the tree in normal form has too many gates");
        node.first = static_cast<std::uint32_t>(form_.arguments.size());
        form_.arguments.insert(form_.arguments.end(), arguments.begin(), arguments.end());
        node.end = static_cast<std::uint32_t>(form_.arguments.size());
        form_.nodes.push_back(node);
        return static_cast<std::uint32_t>(form_.nodes.size() - 1);
    }
    std::uint32_t all(std::span<const std::uint32_t> of) { return add({.kind = Node::Kind::all}, of); }
    std::uint32_t any(std::span<const std::uint32_t> of) { return add({.kind = Node::Kind::any}, of); }
    std::uint32_t both(std::uint32_t a, std::uint32_t b) { return all(std::array{a, b}); }
    std::uint32_t either(std::uint32_t a, std::uint32_t b) { return any(std::array{a, b}); }

    void add_literals(std::array<std::uint32_t, 2>& literals, NormalForm::Variable variable) {
        const auto index = static_cast<std::uint32_t>(form_.variables.size());
        form_.variables.push_back(variable);
        for (const bool complemented : {false, true})
            literals[complemented] =
                add({.kind = Node::Kind::literal, .complemented = complemented, .variable = index});
    }

    std::uint32_t node_of(const FaultTreeArgument& argument, bool complemented) {
        complemented = complemented != argument.complemented;
        if (argument.kind == ArgumentKind::constant)
            return (argument.index == 1) != complemented ? all({}) : any({});
        if (argument.kind == ArgumentKind::gate) return gate_nodes_[argument.index][complemented];
        auto& literals = event_literals_[argument.index];
        if (literals[0] == no_node) add_literals(literals, {false, argument.index});
        return literals[complemented];
    }
    std::vector<std::uint32_t> nodes_of(const FaultTreeGate& gate, bool complemented) {
        std::vector<std::uint32_t> nodes;
        for (const FaultTreeArgument& argument : gate.arguments)
            nodes.push_back(node_of(argument, complemented));
        return nodes;
    }

    // `minimum` or more of the nodes: with the last argument of which one, or none, is needed first.
    std::uint32_t at_least(std::size_t minimum, const std::vector<std::uint32_t>& nodes) {
        if (minimum == 0) return all({});
        if (minimum > nodes.size()) return any({});
        if (minimum == 1) return any(nodes);
        if (minimum == nodes.size()) return all(nodes);
        // enough[j]: j or more of the arguments from i on.
        std::vector<std::uint32_t> enough(minimum + 1, no_node);
        for (std::size_t i = nodes.size(); i-- > 0;) {
            const std::size_t left = nodes.size() - i;
            for (std::size_t j = std::min(minimum, left); j > 0 && j + i >= minimum; --j) {
                const std::uint32_t with = j == 1 ? nodes[i] : both(nodes[i], enough[j - 1]);
                enough[j] = j == left ? with : either(with, enough[j]);
            }
        }
        return enough[minimum];
    }

    std::uint32_t parity(const FaultTreeGate& gate, bool odd) {
        std::array<std::uint32_t, 2> so_far = {node_of(gate.arguments.front(), true),
                                               node_of(gate.arguments.front(), false)};
        for (std::size_t i = 1; i < gate.arguments.size(); ++i) {
            const std::uint32_t is = node_of(gate.arguments[i], false);
            const std::uint32_t is_not = node_of(gate.arguments[i], true);
            so_far = {either(both(so_far[0], is_not), both(so_far[1], is)),
                      either(both(so_far[1], is_not), both(so_far[0], is))};
        }
        return so_far[odd];
    }

    std::uint32_t build(const FaultTreeGate& gate, bool complemented) {
        const std::size_t size = gate.arguments.size();
        switch (gate.connective) {
            case Connective::same:
                return node_of(gate.arguments.front(), complemented);
            case Connective::negation:
                return node_of(gate.arguments.front(), !complemented);
            case Connective::conjunction:
            case Connective::not_or: {
                const bool negated = gate.connective == Connective::not_or;
                const auto nodes = nodes_of(gate, complemented != negated);
                return complemented ? any(nodes) : all(nodes);
            }
            case Connective::disjunction:
            case Connective::not_and: {
                const bool negated = gate.connective == Connective::not_and;
                const auto nodes = nodes_of(gate, complemented != negated);
                return complemented ? all(nodes) : any(nodes);
            }
            case Connective::implication: {
                const std::uint32_t a = node_of(gate.arguments[0], !complemented);
                const std::uint32_t b = node_of(gate.arguments[1], complemented);
                return complemented ? both(a, b) : either(a, b);
            }
            case Connective::exclusive_or:
                return parity(gate, !complemented);
            case Connective::equivalence:
                return parity(gate, complemented);
            case Connective::at_least:
                return complemented ? fewer_than(gate.minimum, gate)
                                    : at_least(gate.minimum, nodes_of(gate, false));
            case Connective::between: {
                if (complemented) {
                    const std::uint32_t fewer = fewer_than(gate.minimum, gate);
                    return either(fewer, at_least(gate.maximum + std::size_t{1}, nodes_of(gate, false)));
                }
                const std::uint32_t enough = at_least(gate.minimum, nodes_of(gate, false));
                return gate.maximum >= size ? enough : both(enough, fewer_than(gate.maximum + 1, gate));
            }
        }
        return no_node;
    }
    // That is, more than all but so many of the complements.
    std::uint32_t fewer_than(std::size_t number, const FaultTreeGate& gate) {
        if (number == 0) return any({});
        if (number > gate.arguments.size()) return all({});
        return at_least(gate.arguments.size() + 1 - number, nodes_of(gate, true));
    }

    const FaultTree& tree_;
    std::vector<std::array<std::uint32_t, 2>> event_literals_;
    std::vector<std::array<std::uint32_t, 2>> gate_nodes_;
    NormalForm form_;
};

}  // namespace

NormalForm normal_form(const FaultTree& tree, std::uint32_t root,
                       const std::function<bool(std::uint32_t, Polarity)>& stands_alone) {
    std::vector<Polarity> needed(tree.gates.size(), Polarity::none);
    const std::vector<std::uint32_t> order = gates_in_order(tree, root);
    needed[root] = Polarity::positive;
    std::vector<bool> variable(tree.gates.size());
    for (auto gate = order.rbegin(); gate != order.rend(); ++gate) {
        if (needed[*gate] == Polarity::none) continue;
        variable[*gate] = *gate != root && stands_alone(*gate, needed[*gate]);
        if (variable[*gate]) continue;
        const auto& arguments = tree.gates[*gate].arguments;
        for (std::size_t i = 0; i < arguments.size(); ++i) {
            if (arguments[i].kind != ArgumentKind::gate) continue;
            const Polarity polarity = needed_of_argument(tree.gates[*gate], i, needed[*gate]);
            Polarity& there = needed[arguments[i].index];
            there = joined(there, arguments[i].complemented ? flipped(polarity) : polarity);
        }
    }
    FormBuilder builder(tree);
    for (const std::uint32_t gate : order) {
        if (variable[gate]) {
            builder.add_variable(gate);
            continue;
        }
        for (const bool complemented : {false, true})
            if (contains(needed[gate], complemented)) builder.add_gate(gate, complemented);
    }
    return std::move(builder).finish(root);
}

std::vector<bool> find_modules(const FaultTree& tree) {
    std::vector<bool> modular(tree.gates.size());
    if (tree.top.kind != ArgumentKind::gate) return modular;
    // Dates of a walk: when a node is come upon first and last, and when a gate's arguments are all done.
    struct Dates {
        std::uint64_t first = 0;
        std::uint64_t done = 0;
        std::uint64_t last = 0;
    };
    std::vector<Dates> gates(tree.gates.size());
    std::vector<Dates> events(tree.basic_events.size());
    struct Visit {
        std::uint32_t gate;
        std::size_t next_argument;
    };
    std::uint64_t date = 1;
    gates[tree.top.index] = {date, 0, date};
    std::vector<Visit> path = {{tree.top.index, 0}};
    while (!path.empty()) {
        Visit& visit = path.back();
        const auto& arguments = tree.gates[visit.gate].arguments;
        ++date;
        if (visit.next_argument == arguments.size()) {
            gates[visit.gate].done = gates[visit.gate].last = date;
            path.pop_back();
            continue;
        }
        const FaultTreeArgument& argument = arguments[visit.next_argument++];
        if (argument.kind == ArgumentKind::constant) continue;
        const bool is_gate = argument.kind == ArgumentKind::gate;
        Dates& dates = is_gate ? gates[argument.index] : events[argument.index];
        dates.last = date;
        if (dates.first != 0) continue;
        dates.first = date;
        if (is_gate) path.push_back({argument.index, 0});
    }
    // A module's arguments are come upon between its own beginning and end, and never again.
    std::vector<Dates> span(tree.gates.size());
    for (const std::uint32_t gate : gates_in_order(tree)) {
        Dates& all = span[gate];
        all = {~std::uint64_t{0}, 0, 0};
        for (const FaultTreeArgument& argument : tree.gates[gate].arguments) {
            if (argument.kind == ArgumentKind::constant) continue;
            const bool is_gate = argument.kind == ArgumentKind::gate;
            const Dates& own = is_gate ? gates[argument.index] : events[argument.index];
            all.first = std::min(all.first, own.first);
            all.last = std::max(all.last, own.last);
            if (!is_gate) continue;
            all.first = std::min(all.first, span[argument.index].first);
            all.last = std::max(all.last, span[argument.index].last);
        }
        modular[gate] = all.first > gates[gate].first && all.last < gates[gate].done;
    }
    return modular;
}

std::vector<std::uint32_t> variable_positions(const NormalForm& form, ArgumentOrder order) {
    std::vector<double> literals(form.nodes.size());
    for (std::size_t n = 0; n < form.nodes.size(); ++n) {
        const NormalForm::Node& node = form.nodes[n];
        literals[n] = node.kind == NormalForm::Node::Kind::literal ? 1 : 0;
        for (const std::uint32_t argument : form.arguments_of(node)) literals[n] += literals[argument];
    }
    std::vector<std::uint32_t> position(form.variables.size(), no_node);
    std::vector<bool> seen(form.nodes.size());
    std::vector<std::uint32_t> open = {form.top};
    std::uint32_t next = 0;
    while (!open.empty()) {
        const std::uint32_t n = open.back();
        open.pop_back();
        if (seen[n]) continue;
        seen[n] = true;
        const NormalForm::Node& node = form.nodes[n];
        if (node.kind == NormalForm::Node::Kind::literal) {
            if (position[node.variable] == no_node) position[node.variable] = next++;
            continue;
        }
        const auto arguments = form.arguments_of(node);
        std::vector<std::uint32_t> sorted(arguments.begin(), arguments.end());
        std::stable_sort(sorted.begin(), sorted.end(), [&](std::uint32_t a, std::uint32_t b) {
            return order == ArgumentOrder::largest_first ? literals[a] > literals[b]
                                                         : literals[a] < literals[b];
        });
        open.insert(open.end(), sorted.rbegin(), sorted.rend());
    }
    // Variables that the top does not reach come last.
    for (std::uint32_t& place : position)
        if (place == no_node) place = next++;
    return position;
}

}  // namespace venturi
