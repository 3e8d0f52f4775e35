#include "agents/risk/fault_tree.hpp"

#include "sim/contract.hpp"

#include <algorithm>
#include <cstddef>

namespace venturi {

namespace {

using ArgumentKind = FaultTreeArgument::Kind;

void expect_sound_argument(const FaultTree& tree, const FaultTreeArgument& argument) {
    switch (argument.kind) {
        case ArgumentKind::gate:
            return expects(argument.index < tree.gates.size(),
                           "a fault tree has a gate that an argument names");
        case ArgumentKind::basic_event:
            return expects(argument.index < tree.basic_events.size(),
                           "a fault tree has a basic event that an argument names");
        case ArgumentKind::constant:
            return expects(argument.index <= 1, "a constant argument is 0 or 1");
    }
    expects(false, "an argument of a fault tree is a gate, a basic event or a constant");
}

void expect_sound_gate(const FaultTreeGate& gate) {
    const std::size_t count = gate.arguments.size();
    switch (gate.connective) {
        case Connective::same:
        case Connective::negation:
            return expects(count == 1, "a gate without a choice has one argument");
        case Connective::conjunction:
        case Connective::disjunction:
        case Connective::exclusive_or:
        case Connective::not_and:
        case Connective::not_or:
            return expects(count >= 1, "a gate has an argument");
        case Connective::implication:
        case Connective::equivalence:
            return expects(count == 2, "an implication or equivalence has two arguments");
        case Connective::at_least:
            expects(count >= 1, "a gate has an argument");
            return expects(gate.minimum <= count, "at least as many are asked for as there are arguments");
        case Connective::between:
            expects(count >= 1, "a gate has an argument");
            return expects(gate.minimum <= gate.maximum && gate.maximum <= count,
                           "between a minimum and a maximum up to the number of arguments");
    }
    expects(false, "a gate has one of the connectives");
}

/// Gates that `roots` reach, every one after those among its arguments. Throws where there is a cycle.
std::vector<std::uint32_t> gates_bottom_up(const FaultTree& tree, const std::vector<std::uint32_t>& roots) {
    enum class State : std::uint8_t { new_, on_path, done };
    std::vector<State> states(tree.gates.size(), State::new_);
    std::vector<std::uint32_t> order;
    std::vector<std::pair<std::uint32_t, std::size_t>> path;  // a gate and how many of its arguments are done
    for (const std::uint32_t root : roots) {
        if (states[root] != State::new_) continue;
        states[root] = State::on_path;
        path.emplace_back(root, 0);
        while (!path.empty()) {
            auto& [index, done] = path.back();
            const auto& arguments = tree.gates[index].arguments;
            while (done < arguments.size() && arguments[done].kind != ArgumentKind::gate) ++done;
            if (done == arguments.size()) {
                states[index] = State::done;
                order.push_back(index);
                path.pop_back();
                continue;
            }
            const std::uint32_t next = arguments[done++].index;
            expects(states[next] != State::on_path, "gates of a fault tree form no cycle");
            if (states[next] == State::done) continue;
            states[next] = State::on_path;
            path.emplace_back(next, 0);
        }
    }
    return order;
}

bool holds(const FaultTreeGate& gate, const std::vector<bool>& arguments) {
    const auto count = static_cast<std::size_t>(std::count(arguments.begin(), arguments.end(), true));
    switch (gate.connective) {
        case Connective::same:
            return arguments[0];
        case Connective::negation:
            return !arguments[0];
        case Connective::conjunction:
            return count == arguments.size();
        case Connective::disjunction:
            return count > 0;
        case Connective::at_least:
            return count >= gate.minimum;
        case Connective::between:
            return count >= gate.minimum && count <= gate.maximum;
        case Connective::exclusive_or:
            return count % 2 == 1;
        case Connective::not_and:
            return count < arguments.size();
        case Connective::not_or:
            return count == 0;
        case Connective::implication:
            return !arguments[0] || arguments[1];
        case Connective::equivalence:
            return arguments[0] == arguments[1];
    }
    return false;
}

}  // namespace

void expect_sound(const FaultTree& tree) {
    expect_sound_argument(tree, tree.top);
    std::vector<std::uint32_t> all(tree.gates.size());
    for (std::uint32_t i = 0; i < all.size(); ++i) {
        all[i] = i;
        expect_sound_gate(tree.gates[i]);
        for (const FaultTreeArgument& argument : tree.gates[i].arguments)
            expect_sound_argument(tree, argument);
    }
    for (const BasicEvent& event : tree.basic_events)
        expects(event.probability >= 0 && event.probability <= 1, "a probability is in [0, 1]");
    static_cast<void>(gates_bottom_up(tree, all));
}

bool evaluate(const FaultTree& tree, const std::vector<bool>& happened) {
    expects(happened.size() == tree.basic_events.size(), "every basic event has happened or not");
    std::vector<bool> gates(tree.gates.size(), false);
    const auto value = [&](const FaultTreeArgument& argument) {
        bool plain = argument.index != 0;
        if (argument.kind == ArgumentKind::gate) plain = gates[argument.index];
        if (argument.kind == ArgumentKind::basic_event) plain = happened[argument.index];
        return plain != argument.complemented;
    };
    if (tree.top.kind == ArgumentKind::gate) {
        std::vector<bool> arguments;
        for (const std::uint32_t index : gates_bottom_up(tree, {tree.top.index})) {
            arguments.clear();
            for (const FaultTreeArgument& argument : tree.gates[index].arguments)
                arguments.push_back(value(argument));
            gates[index] = holds(tree.gates[index], arguments);
        }
    }
    return value(tree.top);
}

}  // namespace venturi
