#include "agents/risk/logic_circuit.hpp"

#include <algorithm>
#include <limits>

namespace venturi {

namespace {

constexpr std::size_t most_gates = std::size_t{1} << 24;
constexpr std::size_t most_arguments = std::size_t{1} << 26;

std::uint64_t scrambled(std::uint64_t x) {  // the finaliser of SplitMix64
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9U;
    x = (x ^ x >> 27) * 0x94D049BB133111EBU;
    return x ^ x >> 31;
}

std::uint64_t hash_of(const LogicCircuit::Node& node) {
    std::uint64_t hash = scrambled(std::uint64_t{node.minimum} << 8 | static_cast<std::uint64_t>(node.kind));
    for (const Literal argument : node.arguments)
        hash = scrambled(hash + 0x9E3779B97F4A7C15U + argument.code());
    return hash;
}

}  // namespace

Literal LogicCircuit::shared_gate(Node node) {
    const std::uint64_t hash = hash_of(node);
    const auto [begin, end] = gates_by_hash_.equal_range(hash);
    for (auto it = begin; it != end; ++it) {
        const Node& other = nodes_[it->second];
        if (other.kind == node.kind && other.minimum == node.minimum && other.arguments == node.arguments)
            return {it->second, false};
    }
    arguments_ += node.arguments.size();
    if (nodes_.size() - event_count_ > most_gates || arguments_ > most_arguments)
        throw TreeTooLarge("the tree has too many gates, or too many arguments of them");
    const auto index = static_cast<std::uint32_t>(nodes_.size());
    gates_by_hash_.emplace(hash, index);
    nodes_.push_back(std::move(node));
    return {index, false};
}

Literal LogicCircuit::conjunction(std::vector<Literal> arguments) {
    std::sort(arguments.begin(), arguments.end());
    arguments.erase(std::unique(arguments.begin(), arguments.end()), arguments.end());
    // A node's two literals are neighbours now, and the constants are first.
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (arguments[i] == Literal::never()) return Literal::never();
        if (i > 0 && arguments[i] == !arguments[i - 1]) return Literal::never();
    }
    if (!arguments.empty() && arguments.front() == Literal::always()) arguments.erase(arguments.begin());
    if (arguments.empty()) return Literal::always();
    if (arguments.size() == 1) return arguments.front();
    return shared_gate({Kind::conjunction, 0, std::move(arguments)});
}

Literal LogicCircuit::disjunction(std::vector<Literal> arguments) {
    for (Literal& argument : arguments) argument = !argument;
    return !conjunction(std::move(arguments));
}

Literal LogicCircuit::exclusive_or(std::vector<Literal> arguments) {
    bool complement = false;
    for (Literal& argument : arguments) {
        complement = complement != argument.complemented();
        argument = {argument.node(), false};
    }
    std::sort(arguments.begin(), arguments.end());
    std::vector<Literal> odd;  // pairs of the same cancel
    for (const Literal argument : arguments) {
        if (argument == Literal::always())
            complement = !complement;
        else if (!odd.empty() && odd.back() == argument)
            odd.pop_back();
        else
            odd.push_back(argument);
    }
    if (odd.empty()) return Literal::never().complemented_if(complement);
    if (odd.size() == 1) return odd.front().complemented_if(complement);
    return shared_gate({Kind::exclusive_or, 0, std::move(odd)}).complemented_if(complement);
}

Literal LogicCircuit::at_least(std::int64_t minimum, std::vector<Literal> arguments) {
    std::sort(arguments.begin(), arguments.end());
    const auto variable = std::find_if(arguments.begin(), arguments.end(),
                                       [](Literal argument) { return !argument.constant(); });
    minimum -= std::count(arguments.begin(), variable, Literal::always());
    arguments.erase(arguments.begin(), variable);
    const auto count = static_cast<std::int64_t>(arguments.size());
    if (minimum <= 0) return Literal::always();
    if (minimum > count) return Literal::never();
    const auto same_node = [](Literal a, Literal b) { return a.node() == b.node(); };
    if (std::adjacent_find(arguments.begin(), arguments.end(), same_node) != arguments.end())
        return count_repeated(minimum, arguments);
    if (minimum == 1) return disjunction(std::move(arguments));
    if (minimum == count) return conjunction(std::move(arguments));
    // Of "k or more of n" and "not n − k + 1 or more of the complements", the one whose first is not one.
    const bool complement = arguments.front().complemented();
    if (complement) {
        for (Literal& argument : arguments) argument = !argument;
        minimum = count - minimum + 1;
    }
    return shared_gate({Kind::at_least, static_cast<std::uint32_t>(minimum), std::move(arguments)})
        .complemented_if(complement);
}

// Where a node occurs more than once, or with its complement, it counts for several: a table of "this many
// more are needed of the nodes from here on".
Literal LogicCircuit::count_repeated(std::int64_t minimum, std::span<const Literal> arguments) {
    struct Weighted {
        Literal literal;
        std::size_t if_true = 0;
        std::size_t if_false = 0;
    };
    std::vector<Weighted> distinct;
    for (const Literal argument : arguments) {
        const Literal plain{argument.node(), false};
        if (distinct.empty() || distinct.back().literal != plain) distinct.push_back({plain});
        ++(argument.complemented() ? distinct.back().if_false : distinct.back().if_true);
    }
    const auto needed = static_cast<std::size_t>(minimum);
    std::vector<Literal> reached(needed + 1, Literal::never());  // index: how many more are needed
    reached[0] = Literal::always();
    for (std::size_t i = distinct.size(); i-- > 0;) {
        const auto [literal, if_true, if_false] = distinct[i];
        for (std::size_t k = needed; k > 0; --k) {
            const Literal happens = reached[k - std::min(k, if_true)];
            const Literal fails_to = reached[k - std::min(k, if_false)];
            reached[k] =
                happens == fails_to
                    ? happens
                    : disjunction({conjunction({literal, happens}), conjunction({!literal, fails_to})});
        }
    }
    return reached[needed];
}

Literal LogicCircuit::gate(Kind kind, std::uint32_t minimum, std::vector<Literal> arguments) {
    switch (kind) {
        case Kind::at_least:
            return at_least(minimum, std::move(arguments));
        case Kind::exclusive_or:
            return exclusive_or(std::move(arguments));
        default:
            return conjunction(std::move(arguments));
    }
}

namespace {

Literal literal_of_gate(LogicCircuit& circuit, const FaultTreeGate& gate, std::vector<Literal> arguments) {
    switch (gate.connective) {
        case Connective::same:
            return arguments.front();
        case Connective::negation:
            return !arguments.front();
        case Connective::conjunction:
            return circuit.conjunction(std::move(arguments));
        case Connective::disjunction:
            return circuit.disjunction(std::move(arguments));
        case Connective::at_least:
            return circuit.at_least(gate.minimum, std::move(arguments));
        case Connective::between: {
            const Literal more = circuit.at_least(std::int64_t{gate.maximum} + 1, arguments);
            return circuit.conjunction({circuit.at_least(gate.minimum, std::move(arguments)), !more});
        }
        case Connective::exclusive_or:
            return circuit.exclusive_or(std::move(arguments));
        case Connective::not_and:
            return !circuit.conjunction(std::move(arguments));
        case Connective::not_or:
            return !circuit.disjunction(std::move(arguments));
        case Connective::implication:
            return circuit.disjunction({!arguments[0], arguments[1]});
        case Connective::equivalence:
            return !circuit.exclusive_or(std::move(arguments));
    }
    return Literal::never();
}

}  // namespace

LogicCircuit logic_circuit(const FaultTree& tree) {
    using Argument = FaultTreeArgument;
    LogicCircuit circuit(tree.basic_events.size());
    std::vector<Literal> made(tree.gates.size());
    std::vector<bool> is_made(tree.gates.size(), false);
    const auto literal = [&](const Argument& argument) {
        switch (argument.kind) {
            case Argument::Kind::gate:
                return made[argument.index].complemented_if(argument.complemented);
            case Argument::Kind::basic_event:
                return Literal{argument.index + 1, argument.complemented};
            default:
                return Literal::never().complemented_if((argument.index != 0) != argument.complemented);
        }
    };
    std::vector<std::uint32_t> to_make;
    if (tree.top.kind == Argument::Kind::gate) to_make.push_back(tree.top.index);
    while (!to_make.empty()) {
        const std::uint32_t index = to_make.back();
        const FaultTreeGate& gate = tree.gates[index];
        const std::size_t waiting = to_make.size();
        if (!is_made[index]) {
            for (std::size_t i = gate.arguments.size(); i-- > 0;) {
                const Argument& argument = gate.arguments[i];
                if (argument.kind == Argument::Kind::gate && !is_made[argument.index])
                    to_make.push_back(argument.index);
            }
        }
        if (to_make.size() > waiting) continue;
        to_make.pop_back();
        if (is_made[index]) continue;
        std::vector<Literal> arguments;
        arguments.reserve(gate.arguments.size());
        for (const Argument& argument : gate.arguments) arguments.push_back(literal(argument));
        made[index] = literal_of_gate(circuit, gate, std::move(arguments));
        is_made[index] = true;
    }
    circuit.top = literal(tree.top);
    return circuit;
}

std::vector<std::uint32_t> bottom_up(const LogicCircuit& circuit) {
    std::vector<std::uint32_t> order;
    std::vector<bool> seen(circuit.size(), false);
    std::vector<std::pair<std::uint32_t, std::size_t>> path;  // a node and how many of its arguments are done
    seen[circuit.top.node()] = true;
    path.emplace_back(circuit.top.node(), 0);
    while (!path.empty()) {
        auto& [index, done] = path.back();
        const auto& arguments = circuit.node(index).arguments;
        if (done == arguments.size()) {
            order.push_back(index);
            path.pop_back();
            continue;
        }
        const std::uint32_t next = arguments[done++].node();
        if (seen[next]) continue;
        seen[next] = true;
        path.emplace_back(next, 0);
    }
    return order;
}

std::vector<bool> find_modules(const LogicCircuit& circuit) {
    std::vector<bool> result(circuit.size(), false);
    const std::uint32_t root = circuit.top.node();
    if (circuit.is_leaf(root)) return result;
    // Times of the first and last visit of every node, and of leaving it, in a traversal that passes every
    // edge once. A gate is a module if all nodes under it are visited only between its first visit and
    // leaving it.
    struct Visits {
        std::uint64_t first = 0;
        std::uint64_t left = 0;
        std::uint64_t last = 0;
    };
    std::vector<Visits> visits(circuit.size());
    std::vector<std::pair<std::uint32_t, std::size_t>> path;
    std::vector<std::uint32_t> order;
    std::uint64_t time = 1;
    visits[root].first = visits[root].last = time;
    path.emplace_back(root, 0);
    while (!path.empty()) {
        auto& [index, done] = path.back();
        const auto& arguments = circuit.node(index).arguments;
        ++time;
        if (done == arguments.size()) {
            visits[index].left = visits[index].last = time;
            order.push_back(index);
            path.pop_back();
            continue;
        }
        const std::uint32_t next = arguments[done++].node();
        const bool is_new = visits[next].first == 0;
        visits[next].last = time;
        if (!is_new) continue;
        visits[next].first = time;
        path.emplace_back(next, 0);
    }
    struct Stretch {
        std::uint64_t first = std::numeric_limits<std::uint64_t>::max();
        std::uint64_t last = 0;
    };
    std::vector<Stretch> under(circuit.size());
    for (const std::uint32_t index : order) {
        Stretch& range = under[index];
        for (const Literal argument : circuit.node(index).arguments) {
            const std::uint32_t next = argument.node();
            range.first = std::min({range.first, visits[next].first, under[next].first});
            range.last = std::max({range.last, visits[next].last, under[next].last});
        }
        result[index] =
            !circuit.is_leaf(index) && range.first > visits[index].first && range.last < visits[index].left;
    }
    return result;
}

ModularCircuit::ModularCircuit(LogicCircuit whole)
    : circuit(std::move(whole)), is_module(find_modules(circuit)), place(circuit.size(), 0) {
    const std::vector<std::uint32_t> order = bottom_up(circuit);
    std::vector<std::uint32_t> owner(circuit.size(), circuit.top.node());
    std::vector<std::size_t> number(circuit.size(), 0);
    for (std::size_t i = order.size(); i-- > 0;) {
        const std::uint32_t module = is_module[order[i]] ? order[i] : owner[order[i]];
        for (const Literal argument : circuit.node(order[i]).arguments) owner[argument.node()] = module;
    }
    for (const std::uint32_t index : order) {
        if (is_module[index]) {
            number[index] = modules.size();
            modules.emplace_back();
        }
    }
    for (const std::uint32_t index : order) {
        if (is_module[index]) modules[number[index]].push_back(index);
        if (index == circuit.top.node()) break;
        std::vector<std::uint32_t>& nodes = modules[number[owner[index]]];
        place[index] = static_cast<std::uint32_t>(nodes.size());
        nodes.push_back(index);
    }
}

bool evidently_monotone(const LogicCircuit& circuit) {
    const std::vector<std::uint32_t> order = bottom_up(circuit);
    std::vector<bool> used_plain(circuit.size(), false);
    std::vector<bool> used_complemented(circuit.size(), false);
    const auto use = [&](Literal literal, bool complement) {
        (literal.complemented() != complement ? used_complemented : used_plain)[literal.node()] = true;
    };
    use(circuit.top, false);
    for (std::size_t i = order.size(); i-- > 0;) {
        const std::uint32_t index = order[i];
        const LogicCircuit::Node& node = circuit.node(index);
        if (circuit.is_leaf(index) && index != 0 && used_complemented[index]) return false;
        const bool both = node.kind == LogicCircuit::Kind::exclusive_or;
        for (const Literal argument : node.arguments) {
            if (used_plain[index] || both) use(argument, false);
            if (used_complemented[index] || both) use(argument, true);
        }
    }
    return true;
}

}  // namespace venturi
