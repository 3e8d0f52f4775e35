#include "agents/risk/simplification.hpp"

#include "sim/ensemble/stopped.hpp"

#include <algorithm>
#include <unordered_map>

namespace venturi {

namespace {

using CircuitKind = LogicCircuit::Kind;

std::vector<std::size_t> uses_of_nodes(const LogicCircuit& circuit, const std::vector<std::uint32_t>& order) {
    std::vector<std::size_t> uses(circuit.size(), 0);
    for (const std::uint32_t index : order)
        for (const Literal argument : circuit.node(index).arguments) ++uses[argument.node()];
    ++uses[circuit.top.node()];
    return uses;
}

/// A copy of what the top reaches, in which `rewrite(copy, index, copied)` makes the literals for gates;
/// `copied(literal)` is a literal of the copy.
template <class Rewrite>
LogicCircuit rewritten(const LogicCircuit& circuit, const std::vector<std::uint32_t>& order,
                       Rewrite&& rewrite) {
    LogicCircuit copy(circuit.event_count());
    std::vector<Literal> made(circuit.size());
    made[0] = Literal::always();
    const auto copied = [&](Literal literal) {
        return made[literal.node()].complemented_if(literal.complemented());
    };
    for (const std::uint32_t index : order)
        made[index] = circuit.is_leaf(index) ? Literal{index, false} : rewrite(copy, index, copied);
    copy.top = copied(circuit.top);
    return copy;
}

}  // namespace

LogicCircuit coalesced(const LogicCircuit& circuit) {
    const std::vector<std::uint32_t> order = bottom_up(circuit);
    const std::vector<std::size_t> uses = uses_of_nodes(circuit, order);
    // What becomes part of the gate above is not made: of a long chain, each gate would have all below it.
    std::vector<bool> absorbed(circuit.size(), false);
    const auto is_absorbed = [&](const LogicCircuit::Node& user, Literal argument) {
        const bool is_associative =
            user.kind == CircuitKind::conjunction || user.kind == CircuitKind::exclusive_or;
        return is_associative && !argument.complemented() && uses[argument.node()] == 1
               && circuit.node(argument.node()).kind == user.kind;
    };
    for (const std::uint32_t index : order)
        for (const Literal argument : circuit.node(index).arguments)
            if (is_absorbed(circuit.node(index), argument)) absorbed[argument.node()] = true;
    std::vector<Literal> open;
    return rewritten(circuit, order, [&](LogicCircuit& copy, std::uint32_t index, const auto& copied) {
        if (absorbed[index]) return Literal::never();  // nobody asks for it
        const LogicCircuit::Node& node = circuit.node(index);
        std::vector<Literal> arguments;
        open.assign(node.arguments.rbegin(), node.arguments.rend());
        while (!open.empty()) {
            const Literal argument = open.back();
            open.pop_back();
            if (absorbed[argument.node()]) {
                const auto& inner = circuit.node(argument.node()).arguments;
                open.insert(open.end(), inner.rbegin(), inner.rend());
                continue;
            }
            const Literal found = copied(argument);
            const LogicCircuit::Node& its = copy.node(found.node());
            // What was something else may have become alike.
            const bool is_associative =
                node.kind == CircuitKind::conjunction || node.kind == CircuitKind::exclusive_or;
            if (is_associative && its.kind == node.kind && !found.complemented()
                && uses[argument.node()] == 1)
                arguments.insert(arguments.end(), its.arguments.begin(), its.arguments.end());
            else
                arguments.push_back(found);
        }
        return copy.gate(node.kind, node.minimum, std::move(arguments));
    });
}

LogicCircuit grouped(const LogicCircuit& circuit) {
    const std::vector<std::uint32_t> order = bottom_up(circuit);
    const std::vector<std::size_t> uses = uses_of_nodes(circuit, order);
    const std::vector<bool> is_module = find_modules(circuit);
    // The sum of random numbers of the gates that have a literal: equal where the gates are. Were it equal by
    // chance the gates would be grouped in vain, and be right.
    std::vector<std::uint64_t> signature(2 * circuit.size(), 0);
    for (const std::uint32_t index : order) {
        const LogicCircuit::Node& node = circuit.node(index);
        std::uint64_t number = (index + 1) * 0x9E3779B97F4A7C15U;
        number = (number ^ number >> 30) * 0xBF58476D1CE4E5B9U;
        number = (number ^ number >> 27) * 0x94D049BB133111EBU;
        for (const Literal argument : node.arguments) signature[argument.code()] += number ^ number >> 31;
    }
    return rewritten(circuit, order, [&](LogicCircuit& copy, std::uint32_t index, const auto& copied) {
        const LogicCircuit::Node& node = circuit.node(index);
        std::vector<Literal> arguments;
        if (node.kind != CircuitKind::conjunction) {
            for (const Literal argument : node.arguments) arguments.push_back(copied(argument));
            return copy.gate(node.kind, node.minimum, std::move(arguments));
        }
        std::vector<std::vector<Literal>> groups;
        std::unordered_map<std::uint64_t, std::size_t> group_of;
        for (const Literal argument : node.arguments) {
            // What occurs here alone makes a module if it is one itself.
            if (uses[argument.node()] == 1 && !circuit.is_leaf(argument.node())
                && !is_module[argument.node()]) {
                arguments.push_back(copied(argument));
                continue;
            }
            const auto [it, is_new] = group_of.try_emplace(signature[argument.code()], groups.size());
            if (is_new) groups.emplace_back();
            groups[it->second].push_back(copied(argument));
        }
        for (std::vector<Literal>& group : groups) arguments.push_back(copy.conjunction(std::move(group)));
        return copy.conjunction(std::move(arguments));
    });
}

namespace {

/// Literals known to be true, by their place in the bottom-up order, with what follows from them.
class Context {
  public:
    Context() = default;
    explicit Context(std::size_t nodes) : words_((2 * nodes + 63) / 64, 0) {}

    [[nodiscard]] bool is_known() const { return !words_.empty(); }
    [[nodiscard]] bool has(std::uint32_t literal) const {
        return (words_[literal / 64] >> literal % 64 & 1) != 0;
    }
    void add(std::uint32_t literal) { words_[literal / 64] |= std::uint64_t{1} << literal % 64; }
    void intersect(const Context& other) {
        for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
    }

  private:
    std::vector<std::uint64_t> words_;
};

/// Derives literals from others through the gates of a circuit.
class Inference {
  public:
    Inference(const LogicCircuit& circuit, const std::vector<std::uint32_t>& order)
        : circuit_(circuit), order_(order), place_(circuit.size(), 0), users_(order.size()) {
        for (std::uint32_t i = 0; i < order.size(); ++i) place_[order[i]] = i;
        for (std::uint32_t i = 0; i < order.size(); ++i) {
            if (node(i).kind != CircuitKind::conjunction) continue;
            for (const Literal argument : node(i).arguments) users_[place_[argument.node()]].push_back(i);
        }
    }

    [[nodiscard]] const LogicCircuit::Node& node(std::uint32_t place) const {
        return circuit_.node(order_[place]);
    }
    /// A literal by the place of its node.
    [[nodiscard]] std::uint32_t placed(Literal literal) const {
        return 2 * place_[literal.node()] + static_cast<std::uint32_t>(literal.complemented());
    }

    /// Adds `literal` and what follows; false if that is a contradiction.
    [[nodiscard]] bool assume(Context& context, std::uint32_t literal) {
        bool consistent = true;
        const auto add = [&](std::uint32_t known) {
            if (context.has(known)) return;
            if (context.has(known ^ 1)) consistent = false;
            context.add(known);
            new_.push_back(known);
        };
        add(literal);
        while (!new_.empty()) {
            const std::uint32_t known = new_.back();
            new_.pop_back();
            const std::uint32_t place = known / 2;
            if (node(place).kind == CircuitKind::conjunction) {
                if (known % 2 == 0)
                    for (const Literal argument : node(place).arguments) add(placed(argument));
                else
                    add_the_false_one(context, place, add);
            }
            for (const std::uint32_t user : users_[place]) {
                if (context.has(2 * user)) continue;
                if (context.has(2 * user + 1))
                    add_the_false_one(context, user, add);
                else
                    add_value(context, user, add);
            }
        }
        return consistent;
    }

  private:
    // A conjunction is false, and all its arguments but one are true.
    template <class Add>
    void add_the_false_one(const Context& context, std::uint32_t place, const Add& add) const {
        std::uint32_t open = 0;
        std::size_t count = 0;
        for (const Literal argument : node(place).arguments) {
            if (context.has(placed(argument))) continue;
            open = placed(argument);
            if (++count > 1) return;
        }
        if (count == 1) add(open ^ 1);
    }

    template <class Add>
    void add_value(const Context& context, std::uint32_t place, const Add& add) const {
        bool all = true;
        for (const Literal argument : node(place).arguments) {
            if (context.has(placed(argument) ^ 1)) return add(2 * place + 1);
            all = all && context.has(placed(argument));
        }
        if (all) add(2 * place);
    }

    const LogicCircuit& circuit_;
    const std::vector<std::uint32_t>& order_;
    std::vector<std::uint32_t> place_;
    std::vector<std::vector<std::uint32_t>> users_;  // conjunctions that have a node as an argument
    std::vector<std::uint32_t> new_;
};

constexpr std::size_t most_nodes_with_contexts = 8192;

}  // namespace

LogicCircuit simplified_in_context(const LogicCircuit& circuit, const StopRequest* stop) {
    const std::vector<std::uint32_t> order = bottom_up(circuit);
    if (order.size() < 2 || order.size() > most_nodes_with_contexts) return circuit;
    Inference inference(circuit, order);
    // What is known wherever the value of a node matters. From the top down, a node after all its uses; nodes
    // that no use matters of stay without.
    std::vector<Context> contexts(order.size());
    std::vector<std::vector<Literal>> arguments(circuit.size());
    contexts.back() = Context(order.size());
    for (std::size_t i = order.size(); i-- > 0;) {
        if (i % 64 == 0) stop_if_requested(stop);
        const Context here = std::move(contexts[i]);
        const LogicCircuit::Node& node = circuit.node(order[i]);
        if (!here.is_known() || circuit.is_leaf(order[i])) continue;
        std::vector<Literal> earlier_first = node.arguments;
        std::sort(earlier_first.begin(), earlier_first.end(),
                  [&](Literal a, Literal b) { return inference.placed(a) < inference.placed(b); });
        Context beside = here;
        std::vector<Literal>& kept = arguments[order[i]];
        for (const Literal argument : earlier_first) {
            const std::uint32_t literal = inference.placed(argument);
            if (here.has(literal) || here.has(literal ^ 1)) {
                kept.push_back(here.has(literal) ? Literal::always() : Literal::never());
                continue;
            }
            if (node.kind == CircuitKind::conjunction && beside.has(literal))
                continue;  // the earlier ones imply it
            kept.push_back(argument);
            Context& below = contexts[literal / 2];
            if (below.is_known())
                below.intersect(beside);
            else
                below = beside;
            if (node.kind == CircuitKind::conjunction && !beside.has(literal)
                && !inference.assume(beside, literal)) {
                kept = {Literal::never()};
                break;
            }
        }
    }
    return rewritten(circuit, order, [&](LogicCircuit& copy, std::uint32_t index, const auto& copied) {
        const LogicCircuit::Node& node = circuit.node(index);
        std::vector<Literal> copies;
        copies.reserve(arguments[index].size());
        for (const Literal argument : arguments[index]) copies.push_back(copied(argument));
        return copy.gate(node.kind, node.minimum, std::move(copies));
    });
}

LogicCircuit simplified(LogicCircuit circuit, const StopRequest* stop) {
    const auto extent = [](const LogicCircuit& of) {
        std::size_t nodes = 0;
        std::size_t arguments = 0;
        for (const std::uint32_t index : bottom_up(of)) {
            ++nodes;
            arguments += of.node(index).arguments.size();
        }
        return std::pair{nodes, arguments};
    };
    constexpr int most_rounds = 20;
    auto before = extent(circuit);
    for (int round = 0; round < most_rounds; ++round) {
        stop_if_requested(stop);
        circuit = simplified_in_context(grouped(coalesced(circuit)), stop);
        const auto after = extent(circuit);
        if (after == before) break;
        before = after;
    }
    return grouped(coalesced(circuit));
}

}  // namespace venturi
