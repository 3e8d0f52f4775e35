#include "agents/risk/dynamic_modules.hpp"

#include "sim/ensemble/stopped.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

namespace venturi {

namespace {

using Node = std::uint32_t;

constexpr Node no_number = std::numeric_limits<Node>::max();

// Nodes looked at to find clashes.
constexpr std::size_t most_looks = 4'000'000'000;

bool has_output(const DynamicTree& tree, Node node) {
    return tree.is_leaf(node) || !is_constraint(tree.gate(node).connective);
}

// Sets of nodes that have to do with each other: union by path halving.
class Coupling {
  public:
    explicit Coupling(std::size_t nodes) : parents_(nodes) {
        std::iota(parents_.begin(), parents_.end(), Node{0});
    }

    Node find(Node node) {
        while (parents_[node] != node) node = parents_[node] = parents_[parents_[node]];
        return node;
    }
    void join(Node one, Node two) { parents_[find(one)] = find(two); }

  private:
    std::vector<Node> parents_;
};

// The static gates at the top, and what they stand on. A gate whose order, or whose failure as such, matters
// to something is not static; where modules turn out to touch, the least static gate over both is made one,
// too.
class Frame {
  public:
    Frame(const DynamicTree& tree, const StopRequest* stop) : tree_(tree), order_(gates_by_rank(tree)) {
        const bool repairable = std::any_of(tree.leaves.begin(), tree.leaves.end(),
                                            [](const DynamicLeaf& leaf) { return leaf.repair_rate > 0; });
        may_join_.assign(tree.node_count(), 0);
        for (const Node gate : order_) {
            const DynamicConnective connective = tree.gate(gate).connective;
            may_join_[gate] = !repairable
                              && (connective == DynamicConnective::conjunction
                                  || connective == DynamicConnective::disjunction
                                  || connective == DynamicConnective::at_least);
        }
        for (const DynamicGate& gate : tree.gates)
            if (is_constraint(gate.connective))
                for (const Node input : gate.inputs) may_join_[input] = 0;
        // Where something is over the top, even the static gates may be dormant.
        for (const DynamicGate& gate : tree.gates)
            if (std::find(gate.inputs.begin(), gate.inputs.end(), tree.top) != gate.inputs.end())
                may_join_[tree.top] = 0;
        std::size_t looks = 0;
        while (std::optional<Node> clash = find_clash()) {
            stop_if_requested(stop);
            looks += tree.node_count();
            // Where clashes don't end, all is one module.
            if (looks > most_looks) std::fill(may_join_.begin(), may_join_.end(), std::uint8_t{0});
            may_join_[*clash] = 0;
        }
    }

    [[nodiscard]] bool is_joint(Node node) const { return joint_[node] != 0; }
    /// Tops of modules, in the order of nodes.
    [[nodiscard]] const std::vector<Node>& tops() const { return tops_; }
    [[nodiscard]] const std::vector<Node>& order() const { return order_; }
    [[nodiscard]] Node part(Node node) { return coupling_.find(node); }

  private:
    // Draws the frame with the gates that may join; a gate that may not after all, or nothing.
    std::optional<Node> find_clash() {
        mark_joints();
        couple();
        std::vector<Node> top_of(tree_.node_count(), no_number);
        for (const Node top : tops_) {
            Node& first = top_of[coupling_.find(top)];
            if (first != no_number) return least_gate_over(first, top);
            first = top;
        }
        return {};
    }

    void mark_joints() {
        joint_.assign(tree_.node_count(), 0);
        std::vector<std::uint8_t> is_top(tree_.node_count(), 0);
        (may_join_[tree_.top] != 0 ? joint_ : is_top)[tree_.top] = 1;
        for (auto gate = order_.rbegin(); gate != order_.rend(); ++gate) {
            if (joint_[*gate] == 0) continue;
            for (const Node input : tree_.gate(*gate).inputs)
                if (has_output(tree_, input)) (may_join_[input] != 0 ? joint_ : is_top)[input] = 1;
        }
        tops_.clear();
        for (Node node = 0; node < tree_.node_count(); ++node)
            if (is_top[node] != 0) tops_.push_back(node);
    }

    void couple() {
        coupling_ = Coupling(tree_.node_count());
        std::vector<std::uint8_t> inside(tree_.node_count(), 0);  // a module, by what stands over it
        for (const Node top : tops_) inside[top] = 1;
        for (std::size_t g = 0; g < tree_.gates.size(); ++g) {
            const Node node = tree_.gate_node(g);
            if (has_output(tree_, node) && joint_[node] == 0) inside[node] = 1;
            if (!has_output(tree_, node))
                for (const Node input : tree_.gates[g].inputs) inside[input] = 1;
        }
        for (auto gate = order_.rbegin(); gate != order_.rend(); ++gate)
            if (inside[*gate] != 0) join_inputs(*gate, inside);
        for (std::size_t g = 0; g < tree_.gates.size(); ++g)
            if (!has_output(tree_, tree_.gate_node(g))) join_inputs(tree_.gate_node(g), inside);
    }

    void join_inputs(Node gate, std::vector<std::uint8_t>& inside) {
        for (const Node input : tree_.gate(gate).inputs) {
            if (!has_output(tree_, input)) continue;
            inside[input] = 1;
            coupling_.join(gate, input);
        }
    }

    // The joint gate of least rank over both; if something outside touches what is below it, they clash next.
    [[nodiscard]] Node least_gate_over(Node one, Node two) const {
        std::vector<std::uint8_t> over_one(tree_.node_count(), 0);
        std::vector<std::uint8_t> over_two(tree_.node_count(), 0);
        over_one[one] = 1;
        over_two[two] = 1;
        for (const Node gate : order_) {
            if (joint_[gate] == 0) continue;
            for (const Node input : tree_.gate(gate).inputs) {
                over_one[gate] |= over_one[input];
                over_two[gate] |= over_two[input];
            }
            if (over_one[gate] != 0 && over_two[gate] != 0) return gate;
        }
        return tree_.top;
    }

    const DynamicTree& tree_;
    std::vector<Node> order_;
    std::vector<std::uint8_t> may_join_;
    std::vector<std::uint8_t> joint_;
    std::vector<Node> tops_;
    Coupling coupling_{0};
};

// What belongs to each part, by the node that stands for it; in the order of nodes.
class Parts {
  public:
    Parts(const DynamicTree& tree, Frame& frame) : leaves_(tree.node_count()), gates_(tree.node_count()) {
        for (Node leaf = 0; leaf < tree.leaves.size(); ++leaf)
            if (!frame.is_joint(leaf)) leaves_[frame.part(leaf)].push_back(leaf);
        for (std::size_t g = 0; g < tree.gates.size(); ++g)
            gates_[frame.part(tree.gate_node(g))].push_back(tree.gate_node(g));
    }

    [[nodiscard]] const std::vector<Node>& leaves(Node part) const { return leaves_[part]; }
    [[nodiscard]] const std::vector<Node>& gates(Node part) const { return gates_[part]; }

  private:
    std::vector<std::vector<Node>> leaves_;
    std::vector<std::vector<Node>> gates_;
};

// The part of the tree that belongs to `top`. `number` is as long as there are nodes.
DynamicTree extract(const DynamicTree& tree, const Parts& parts, Node part, Node top,
                    std::vector<Node>& number) {
    DynamicTree module;
    for (const Node leaf : parts.leaves(part)) {
        number[leaf] = static_cast<Node>(module.leaves.size());
        module.leaves.push_back(tree.leaves[leaf]);
    }
    for (const Node gate : parts.gates(part)) {
        number[gate] = static_cast<Node>(module.leaves.size() + module.gates.size());
        module.gates.push_back(tree.gate(gate));
    }
    for (DynamicGate& gate : module.gates) {
        std::vector<Node> inputs;
        for (const Node input : gate.inputs)
            if (has_output(tree, input)) inputs.push_back(number[input]);
        gate.inputs = std::move(inputs);
    }
    module.top = number[top];
    // What keeps the module's top active stands outside; inside, a spare gate may be over it.
    const bool is_used = std::any_of(module.gates.begin(), module.gates.end(), [&](const DynamicGate& gate) {
        return std::find(gate.inputs.begin(), gate.inputs.end(), module.top) != gate.inputs.end();
    });
    if (is_used && top != tree.top) {
        module.gates.push_back({.name = tree.name(top), .inputs = {module.top}});
        module.top = static_cast<Node>(module.node_count() - 1);
    }
    return module;
}

FaultTreeGate joint_gate(const DynamicGate& gate) {
    FaultTreeGate joint{.name = gate.name};
    switch (gate.connective) {
        case DynamicConnective::conjunction:
            joint.connective = Connective::conjunction;
            break;
        case DynamicConnective::disjunction:
            joint.connective = Connective::disjunction;
            break;
        default:
            joint.connective = Connective::at_least;
            joint.minimum = gate.minimum;
            break;
    }
    return joint;
}

}  // namespace

DynamicModules split_into_modules(const DynamicTree& tree, const StopRequest* stop) {
    Frame frame(tree, stop);
    const Parts parts(tree, frame);
    std::vector<Node> number(tree.node_count(), no_number);
    DynamicModules split;
    std::vector<FaultTreeArgument> argument(tree.node_count());
    for (const Node top : frame.tops()) {
        stop_if_requested(stop);
        argument[top] = {.kind = FaultTreeArgument::Kind::basic_event,
                         .index = static_cast<std::uint32_t>(split.modules.size())};
        split.modules.push_back(extract(tree, parts, frame.part(top), top, number));
        split.frame.basic_events.push_back({.name = tree.name(top)});
    }
    for (const Node gate : frame.order()) {
        if (!frame.is_joint(gate)) continue;
        FaultTreeGate joint = joint_gate(tree.gate(gate));
        for (const Node input : tree.gate(gate).inputs)
            if (has_output(tree, input)) joint.arguments.push_back(argument[input]);
        if (joint.arguments.size() == 1) joint.connective = Connective::same;
        argument[gate] = {.kind = FaultTreeArgument::Kind::gate,
                          .index = static_cast<std::uint32_t>(split.frame.gates.size())};
        split.frame.gates.push_back(std::move(joint));
    }
    split.frame.top = argument[tree.top];
    return split;
}

}  // namespace venturi
