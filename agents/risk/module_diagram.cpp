#include "agents/risk/module_diagram.hpp"

#include "agents/risk/variable_order.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace venturi {

namespace {

using CircuitKind = LogicCircuit::Kind;

// Steps after which orders are compared first, and by how much more the one ahead may take before all others
// get a second chance, with so many times the steps.
constexpr std::uint64_t first_comparison = std::uint64_t{1} << 16;
constexpr std::uint64_t lead = 64;
constexpr std::uint64_t growth = 4;

// Collecting is not worth its time below so many nodes.
constexpr std::size_t least_to_collect = std::size_t{1} << 22;

/// A module to be turned into a diagram.
struct Task {
    const ModularCircuit& circuit;
    const std::vector<std::uint32_t>& nodes;  // bottom up
    const std::vector<LeafValue>& leaf_values;

    [[nodiscard]] bool is_leaf(std::uint32_t index) const {
        return index != nodes.back() && circuit.is_leaf(index);
    }
    [[nodiscard]] const LogicCircuit::Node& gate(std::uint32_t index) const {
        return circuit.circuit.node(index);
    }
};

/// A diagram under one order, made gate by gate.
class Attempt {
  public:
    Attempt(const Task& task, std::vector<std::uint32_t> order, std::size_t bytes, const StopRequest* stop)
        : task_(task),
          order_(std::move(order)),
          diagram_(bytes),
          functions_(task.nodes.size()),
          uses_left_(task.nodes.size(), 0) {
        diagram_.stop_on(stop);
        for (std::uint32_t i = 0; i < order_.size(); ++i) functions_[place(order_[i])] = leaf(order_[i], i);
        for (const std::uint32_t index : task.nodes) {
            if (task.is_leaf(index)) continue;
            for (const Literal argument : task.gate(index).arguments) ++uses_left_[place(argument.node())];
        }
        ++uses_left_.back();
    }

    enum class Outcome : std::uint8_t { finished, paused, out_of_memory };

    /// Goes on until it has taken `steps` in all.
    [[nodiscard]] Outcome advance(std::uint64_t steps, std::size_t bytes) {
        diagram_.limit_steps(steps);
        diagram_.limit_bytes(bytes);
        bool collected = false;
        while (next_ < task_.nodes.size()) {
            const std::uint32_t index = task_.nodes[next_];
            if (task_.is_leaf(index)) {
                ++next_;
                continue;
            }
            try {
                functions_[next_] = function(task_.gate(index));
            } catch (const DiagramTooLarge&) {
                if (diagram_.steps() >= steps) return Outcome::paused;
                if (std::exchange(collected, true)) return Outcome::out_of_memory;
                collect();
                continue;
            }
            for (const Literal argument : task_.gate(index).arguments) --uses_left_[place(argument.node())];
            steps_at_gate_.push_back(diagram_.steps());
            ++next_;
            collected = false;
            if (diagram_.node_count() > collect_above_) {
                collect();
                collect_above_ = std::max(least_to_collect, 2 * diagram_.node_count());
            }
        }
        return Outcome::finished;
    }

    [[nodiscard]] const std::vector<std::uint32_t>& order() const { return order_; }
    [[nodiscard]] std::uint64_t steps() const { return diagram_.steps(); }
    [[nodiscard]] std::size_t bytes() const { return diagram_.bytes(); }

    /// How far it was after `steps`: gates done, and the steps left then, the more the better.
    [[nodiscard]] std::pair<std::size_t, std::uint64_t> progress(std::uint64_t steps) const {
        const auto end = std::upper_bound(steps_at_gate_.begin(), steps_at_gate_.end(), steps);
        const auto gates = static_cast<std::size_t>(end - steps_at_gate_.begin());
        return {gates, steps - (gates == 0 ? 0 : steps_at_gate_[gates - 1])};
    }

    [[nodiscard]] ModuleDiagram result() const;

  private:
    [[nodiscard]] std::uint32_t place(std::uint32_t index) const { return task_.circuit.place[index]; }

    [[nodiscard]] DiagramEdge leaf(std::uint32_t index, std::uint32_t variable) {
        switch (task_.leaf_values[index]) {
            case LeafValue::always:
                return DiagramEdge::always();
            case LeafValue::never:
                return DiagramEdge::never();
            case LeafValue::complement:
                return !diagram_.variable(variable);
            default:
                return diagram_.variable(variable);
        }
    }

    [[nodiscard]] DiagramEdge function(const LogicCircuit::Node& gate) {
        std::vector<DiagramEdge> arguments;
        for (const Literal argument : gate.arguments)
            arguments.push_back(functions_[place(argument.node())].complemented_if(argument.complemented()));
        // The deepest first: what is joined to them stands above and is not copied again.
        const auto depth = [&](DiagramEdge edge) { return diagram_.node(edge.node()).variable; };
        std::stable_sort(arguments.begin(), arguments.end(),
                         [&](DiagramEdge a, DiagramEdge b) { return depth(a) > depth(b); });
        if (gate.kind == CircuitKind::at_least) return at_least(gate.minimum, arguments);
        DiagramEdge result = arguments.front();
        for (std::size_t i = 1; i < arguments.size(); ++i) {
            result = gate.kind == CircuitKind::exclusive_or ? diagram_.exclusive_or(result, arguments[i])
                                                            : diagram_.conjunction(result, arguments[i]);
        }
        return result;
    }

    [[nodiscard]] DiagramEdge at_least(std::uint32_t minimum, const std::vector<DiagramEdge>& arguments) {
        std::vector<DiagramEdge> reached(minimum + 1,
                                         DiagramEdge::never());  // index: how many happen at least
        reached[0] = DiagramEdge::always();
        for (const DiagramEdge argument : arguments) {
            for (std::uint32_t k = minimum; k > 0; --k)
                reached[k] = diagram_.disjunction(diagram_.conjunction(argument, reached[k - 1]), reached[k]);
        }
        return reached[minimum];
    }

    void collect() {
        std::vector<DiagramEdge> roots;
        for (std::size_t i = 0; i < functions_.size(); ++i) {
            const bool is_made = i < next_ || task_.is_leaf(task_.nodes[i]);
            if (is_made && uses_left_[i] > 0) roots.push_back(functions_[i]);
        }
        diagram_.collect_garbage(roots);
    }

    const Task& task_;
    std::vector<std::uint32_t> order_;
    DecisionDiagram diagram_;
    std::vector<DiagramEdge> functions_;    // by place
    std::vector<std::uint32_t> uses_left_;  // by place
    std::vector<std::uint64_t> steps_at_gate_;
    std::size_t next_ = 0;
    std::size_t collect_above_ = least_to_collect;
};

ModuleDiagram Attempt::result() const {
    ModuleDiagram result{.leaves = order_, .nodes = {DiagramNode{}}};
    std::vector<std::uint32_t> renumbered;  // by node of the diagram; 0 where it has no number yet
    const auto number = [&](DiagramEdge edge) {
        return edge.node() < renumbered.size() ? renumbered[edge.node()] : 0;
    };
    const auto copied = [&](DiagramEdge edge) { return DiagramEdge(number(edge), edge.complemented()); };
    const auto is_open = [&](DiagramEdge edge) { return !edge.constant() && number(edge) == 0; };
    std::vector<std::uint32_t> to_copy;
    const DiagramEdge root = functions_.back();
    if (!root.constant()) to_copy.push_back(root.node());
    while (!to_copy.empty()) {
        const std::uint32_t index = to_copy.back();
        const DiagramNode& node = diagram_.node(index);
        if (is_open(node.high)) {
            to_copy.push_back(node.high.node());
        } else if (is_open(node.low)) {
            to_copy.push_back(node.low.node());
        } else {
            to_copy.pop_back();
            if (index >= renumbered.size()) renumbered.resize(2 * std::size_t{index} + 1, 0);
            renumbered[index] = static_cast<std::uint32_t>(result.nodes.size());
            result.nodes.push_back({node.variable, copied(node.high), copied(node.low)});
        }
    }
    result.root = copied(root);
    return result;
}

/// The attempts at one module, with their common limits.
class EngineRace {
  public:
    EngineRace(const Task& task, std::size_t module, SolveLimits& limits)
        : task_(task), module_(module), limits_(limits) {}

    [[nodiscard]] std::optional<ModuleDiagram> winner() {
        for (std::uint64_t steps = first_comparison;; steps *= growth) {
            for (std::size_t i = 0; i < ordering_rules.size(); ++i) {
                if (steps == first_comparison) begin(i);
                if (attempts_[i] != nullptr && advance(i, steps)) return attempts_[i]->result();
            }
            const std::size_t leader = ahead(steps);
            if (leader == attempts_.size() || limits_.steps == 0) return std::nullopt;
            if (advance(leader, lead * steps)) return attempts_[leader]->result();
        }
    }

  private:
    void begin(std::size_t i) {
        std::vector<std::uint32_t> order = variable_order(task_.circuit, module_, ordering_rules[i]);
        const auto has_it = [&](const auto& attempt) {
            return attempt != nullptr && attempt->order() == order;
        };
        if (std::any_of(attempts_.begin(), attempts_.end(), has_it)) return;
        try {
            attempts_[i] = std::make_unique<Attempt>(task_, std::move(order), bytes_for(i), limits_.stop);
        } catch (const DiagramTooLarge&) {  // its variables alone
        }
    }

    [[nodiscard]] std::size_t bytes_for(std::size_t i) const {
        std::size_t others = 0;
        for (std::size_t j = 0; j < attempts_.size(); ++j)
            if (j != i && attempts_[j] != nullptr) others += attempts_[j]->bytes();
        return limits_.bytes - std::min(others, limits_.bytes);
    }

    /// Whether it has finished. Gives it up if it runs out of memory.
    bool advance(std::size_t i, std::uint64_t steps) {
        Attempt& attempt = *attempts_[i];
        const std::uint64_t before = attempt.steps();
        if (steps <= before) return false;
        const Attempt::Outcome outcome =
            attempt.advance(std::min(steps, before + limits_.steps), bytes_for(i));
        limits_.steps -= attempt.steps() - before;
        if (outcome == Attempt::Outcome::out_of_memory) attempts_[i] = nullptr;
        return outcome == Attempt::Outcome::finished;
    }

    [[nodiscard]] std::size_t ahead(std::uint64_t steps) const {
        std::size_t leader = attempts_.size();
        for (std::size_t i = 0; i < attempts_.size(); ++i) {
            if (attempts_[i] == nullptr) continue;
            if (leader == attempts_.size()
                || attempts_[leader]->progress(steps) < attempts_[i]->progress(steps))
                leader = i;
        }
        return leader;
    }

    const Task& task_;
    std::size_t module_;
    SolveLimits& limits_;
    std::array<std::unique_ptr<Attempt>, ordering_rules.size()> attempts_;  // none where it was given up
};

}  // namespace

std::optional<ModuleDiagram> module_diagram(const ModularCircuit& circuit, std::size_t module,
                                            const std::vector<LeafValue>& leaf_values, SolveLimits& limits) {
    const Task task{circuit, circuit.modules[module], leaf_values};
    return EngineRace(task, module, limits).winner();
}

}  // namespace venturi
