// DynamicSemantics made from a tree: who notices whom, and where each node keeps its bytes.
#include "agents/risk/dynamic_semantics.hpp"

#include <algorithm>
#include <utility>

namespace venturi {

namespace {

// In a chain of gates every one is above all before it: beyond so many numbers, 16 MiB, they are not kept.
constexpr std::size_t most_kept_above = std::size_t{1} << 22;

bool has_output(const DynamicTree& tree, std::uint32_t node) {
    return tree.is_leaf(node) || !is_constraint(tree.gate(node).connective);
}

// Bytes that a node remembers beside the one that all have.
std::uint32_t memory_size(const DynamicTree& tree, std::uint32_t node, std::size_t inputs) {
    if (tree.is_leaf(node)) return std::holds_alternative<ErlangLife>(tree.leaves[node].life) ? 1 : 0;
    const DynamicGate& gate = tree.gate(node);
    switch (gate.connective) {
        case DynamicConnective::spare:
            return 1;
        case DynamicConnective::dependency:
            return gate.probability < 1 ? 1 : 0;
        case DynamicConnective::priority_and:
        case DynamicConnective::priority_or:
            return static_cast<std::uint32_t>((inputs + 6) / 8);  // a bit for each input but one
        default:
            return 0;
    }
}

}  // namespace

DynamicSemantics::DynamicSemantics(DynamicTree tree) : tree_(std::move(tree)) {
    expect_sound(tree_);
    gate_order_ = gates_by_rank(tree_);
    repairable_ = std::any_of(tree_.leaves.begin(), tree_.leaves.end(),
                              [](const DynamicLeaf& leaf) { return leaf.repair_rate > 0; });
    link_gates();
    note_who_is_above();
    link_spares();
    link_constraints();
    lay_out_memory();
}

void DynamicSemantics::lay_out_memory() {
    auto next = static_cast<std::uint32_t>(tree_.node_count());
    for (std::uint32_t node = 0; node < tree_.node_count(); ++node) {
        const std::uint32_t size = memory_size(tree_, node, inputs_[node].size());
        memory_.push_back({next, size});
        next += size;
    }
    state_bytes_ = next;
}

void DynamicSemantics::link_gates() {
    users_.resize(tree_.node_count());
    for (std::uint32_t node = 0; node < tree_.node_count(); ++node) {
        inputs_.start_row();
        if (tree_.is_leaf(node)) continue;
        std::uint32_t position = 0;
        for (const std::uint32_t input : tree_.gate(node).inputs) {
            if (!has_output(tree_, input)) continue;
            inputs_.add(input);
            if (has_output(tree_, node)) users_[input].push_back({node, position});
            ++position;
        }
    }
    inputs_.finish();
}

void DynamicSemantics::note_who_is_above() {
    place_.assign(tree_.node_count(), 0);
    for (std::uint32_t i = 0; i < gate_order_.size(); ++i) place_[gate_order_[i]] = i;
    std::vector<bool> seen(gate_order_.size(), false);
    for (std::uint32_t node = 0; node < tree_.node_count(); ++node) {
        above_.start_row();
        above_.add(found_above(node, seen));
        if (above_.size() <= most_kept_above) continue;
        above_ = {};
        above_is_kept_ = false;
        return;
    }
    above_.finish();
}

// The gates on all ways up from a node, by rank. `seen` has a place for each gate, all false before and
// after.
std::vector<std::uint32_t> DynamicSemantics::found_above(std::uint32_t node, std::vector<bool>& seen) const {
    std::vector<std::uint32_t> places;
    std::vector<std::uint32_t> open = {node};
    while (!open.empty()) {
        const std::uint32_t below = open.back();
        open.pop_back();
        for (const Position& user : users_[below]) {
            const std::uint32_t place = place_[user.gate];
            if (seen[place]) continue;
            seen[place] = true;
            places.push_back(place);
            open.push_back(user.gate);
        }
    }
    std::sort(places.begin(), places.end());
    for (std::uint32_t& place : places) {
        seen[place] = false;
        place = gate_order_[place];
    }
    return places;
}

std::vector<std::uint32_t> DynamicSemantics::found_above(std::uint32_t node) const {
    std::vector<bool> seen(gate_order_.size(), false);
    return found_above(node, seen);
}

void DynamicSemantics::link_spares() {
    std::vector<std::uint8_t> governed(tree_.node_count(), 0);
    for (auto gate = gate_order_.rbegin(); gate != gate_order_.rend(); ++gate) {
        const bool is_spare = tree_.gate(*gate).connective == DynamicConnective::spare;
        for (const std::uint32_t input : inputs_[*gate])
            if (is_spare || governed[*gate] != 0) governed[input] = 1;
        if (governed[*gate] != 0) governed_.push_back(*gate);
    }
    for (std::uint32_t leaf = 0; leaf < tree_.leaves.size(); ++leaf)
        if (governed[leaf] != 0) governed_.push_back(leaf);
    std::copy_if(gate_order_.begin(), gate_order_.end(), std::back_inserter(spares_),
                 [&](std::uint32_t gate) { return tree_.gate(gate).connective == DynamicConnective::spare; });
}

void DynamicSemantics::link_constraints() {
    constrained_.assign(tree_.node_count(), 0);
    std::vector<std::vector<std::uint32_t>> held_by(tree_.node_count());
    for (std::size_t g = 0; g < tree_.gates.size(); ++g) {
        const std::uint32_t node = tree_.gate_node(g);
        switch (tree_.gates[g].connective) {
            case DynamicConnective::dependency:
                dependencies_.push_back(node);
                for (const std::uint32_t dependent : inputs_[node].subspan(1)) {
                    held_by[dependent].push_back(node);
                    if (!tree_.is_leaf(dependent)) forced_gates_.push_back(dependent);
                }
                break;
            case DynamicConnective::sequence:
            case DynamicConnective::exclusion:
                restrictions_.push_back(node);
                for (const std::uint32_t input : inputs_[node]) constrained_[input] = 1;
                break;
            default:
                break;
        }
    }
    for (auto gate = gate_order_.rbegin(); gate != gate_order_.rend(); ++gate)
        if (is_constrained(*gate))
            for (const std::uint32_t input : inputs_[*gate]) constrained_[input] = 1;
    for (const std::vector<std::uint32_t>& dependencies : held_by) {
        held_by_.start_row();
        for (const std::uint32_t dependency : dependencies) held_by_.add(dependency);
    }
    held_by_.finish();
}

}  // namespace venturi
