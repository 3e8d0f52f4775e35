// Forgetting what can't matter for the top any more. A node is lost where it has failed for good and safe
// where it can never fail; otherwise it is open. It matters where the top's future depends on its failure,
// past or to come; what doesn't matter is settled, and so is, with its value, what matters and isn't open.
#include "agents/risk/dynamic_semantics.hpp"

#include <algorithm>

namespace venturi {

namespace {

void raise(std::span<std::uint8_t> state, std::uint32_t node, std::uint8_t flag) {
    state[node] = static_cast<std::uint8_t>(state[node] | flag);
}

// Never fails of itself once time zero is over.
bool is_idle(const LeafLife& life) {
    if (const auto* exponential = std::get_if<ExponentialLife>(&life)) return !(exponential->rate > 0);
    if (const auto* erlang = std::get_if<ErlangLife>(&life)) return !(erlang->rate > 0);
    return std::holds_alternative<NeverFails>(life) || std::holds_alternative<FailedAtStart>(life);
}

}  // namespace

void DynamicSemantics::judge_leaf(State state, std::uint32_t leaf) const {
    const DynamicLeaf& what = tree_.leaves[leaf];
    if ((state[leaf] & settled_bit) != 0)
        raise(state, leaf, failed(state, leaf) ? lost_bit : safe_bit);
    else if (failed(state, leaf))
        raise(state, leaf, what.repair_rate > 0 ? std::uint8_t{0} : lost_bit);
    else if (is_idle(what.life) && held_by_[leaf].empty())
        raise(state, leaf, safe_bit);
}

void DynamicSemantics::judge_gate(State state, std::uint32_t gate) const {
    if ((state[gate] & settled_bit) != 0) {
        raise(state, gate, failed(state, gate) ? lost_bit : safe_bit);
        return;
    }
    if (!repairable_ && failed(state, gate)) {  // without repair nothing works again
        raise(state, gate, lost_bit);
        return;
    }
    const auto inputs = inputs_[gate];
    const auto is_lost = [&](std::uint32_t node) { return (state[node] & lost_bit) != 0; };
    const auto is_safe = [&](std::uint32_t node) { return (state[node] & safe_bit) != 0; };
    const auto works = [&](std::uint32_t node) { return !failed(state, node); };
    const auto lost_count = std::count_if(inputs.begin(), inputs.end(), is_lost);
    const auto safe_count = std::count_if(inputs.begin(), inputs.end(), is_safe);
    const auto count = std::ssize(inputs);
    bool lost = false;
    bool safe = false;
    switch (tree_.gate(gate).connective) {
        case DynamicConnective::conjunction:
            lost = lost_count == count;
            safe = safe_count > 0;
            break;
        case DynamicConnective::disjunction:
            lost = lost_count > 0;
            safe = safe_count == count;
            break;
        case DynamicConnective::at_least:
            lost = lost_count >= tree_.gate(gate).minimum;
            safe = count - safe_count < tree_.gate(gate).minimum;
            break;
        case DynamicConnective::priority_and: {
            lost = lost_count == count && in_order(state, gate);
            // What works to the left of a loss can only fail after it.
            const auto first_working = std::find_if(inputs.begin(), inputs.end(), works);
            safe = safe_count > 0 || (lost_count == count && !in_order(state, gate))
                   || std::any_of(first_working, inputs.end(), is_lost);
            break;
        }
        case DynamicConnective::priority_or:
            lost = is_lost(inputs[0]) && in_order(state, gate);
            safe = is_safe(inputs[0]) || (is_lost(inputs[0]) && !in_order(state, gate))
                   || (works(inputs[0]) && lost_count > 0);
            break;
        case DynamicConnective::spare:
            lost = lost_count == count;
            break;
        default:
            break;
    }
    if (lost)
        raise(state, gate, lost_bit);
    else if (safe && held_by_[gate].empty())
        raise(state, gate, safe_bit);
}

// One round, down from the gates and then across; whether more came to matter across.
bool DynamicSemantics::spread_what_matters(State state) const {
    bool more = false;
    const auto mark = [&](std::uint32_t node) {
        if ((state[node] & matters_bit) != 0) return;
        raise(state, node, matters_bit);
        more = true;
    };
    const auto is_open = [&](std::uint32_t node) { return (state[node] & (lost_bit | safe_bit)) == 0; };
    const auto matters_and_is_open = [&](std::uint32_t node) {
        return (state[node] & matters_bit) != 0 && is_open(node);
    };
    const auto is_live = [&](std::uint32_t node) {  // itself, or something below
        return matters_and_is_open(node) || (state[node] & holds_bit) != 0;
    };
    for (auto gate = gate_order_.rbegin(); gate != gate_order_.rend(); ++gate)
        if (matters_and_is_open(*gate)) {
            const auto inputs = inputs_[*gate];
            std::for_each(inputs.begin(), inputs.end(), mark);
        }
    if (spares_.empty() && dependencies_.empty() && restrictions_.empty()) return false;
    more = false;
    for (const std::uint32_t gate : gate_order_) {
        const auto inputs = inputs_[gate];
        if (std::any_of(inputs.begin(), inputs.end(), is_live)) raise(state, gate, holds_bit);
    }
    // A spare gate's choice makes what is below it age, and takes it from others.
    for (const std::uint32_t gate : spares_) {
        if ((state[gate] & lost_bit) != 0) continue;
        if ((state[gate] & holds_bit) != 0) mark(gate);
        if ((state[gate] & matters_bit) == 0) continue;
        for (const std::uint32_t input : inputs_[gate])
            for (const Position& user : users_[input])
                if (tree_.gate(user.gate).connective == DynamicConnective::spare) mark(user.gate);
    }
    for (const std::uint32_t dependency : dependencies_) {
        const auto dependents = inputs_[dependency].subspan(1);
        if (std::any_of(dependents.begin(), dependents.end(), matters_and_is_open))
            mark(inputs_[dependency][0]);
    }
    for (const std::uint32_t restriction : restrictions_) {
        const auto inputs = inputs_[restriction];
        if (std::any_of(inputs.begin(), inputs.end(), is_live))
            std::for_each(inputs.begin(), inputs.end(), mark);
    }
    return more;
}

void DynamicSemantics::forget(State state, std::uint32_t node) const {
    const std::uint8_t flags = state[node];
    const bool matters = (flags & matters_bit) != 0;
    if (matters && (flags & (lost_bit | safe_bit)) == 0) {
        state[node] = flags & lasting_bits;
        return;
    }
    // Something below may still owe its activity to this gate.
    const bool holds = !tree_.is_leaf(node) && (flags & holds_bit) != 0;
    std::uint8_t settled = settled_bit;
    if (matters && (flags & lost_bit) != 0) settled |= failed_bit;
    if (holds) settled |= flags & active_bit;
    state[node] = settled;
    const bool is_spare = !tree_.is_leaf(node) && tree_.gate(node).connective == DynamicConnective::spare;
    if (is_spare && holds) return;
    for (std::uint32_t i = 0; i < memory_[node].count; ++i) state[memory_[node].first + i] = 0;
}

void DynamicSemantics::settle(State state) const {
    for (std::uint32_t leaf = 0; leaf < tree_.leaves.size(); ++leaf) judge_leaf(state, leaf);
    for (const std::uint32_t gate : gate_order_) judge_gate(state, gate);
    raise(state, tree_.top, matters_bit);
    while (spread_what_matters(state)) {
    }
    for (std::uint32_t leaf = 0; leaf < tree_.leaves.size(); ++leaf) forget(state, leaf);
    for (const std::uint32_t gate : gate_order_) forget(state, gate);
    for (const std::uint32_t dependency : dependencies_) {
        if (memory_[dependency].count == 0) continue;
        const auto dependents = inputs_[dependency].subspan(1);
        if (std::none_of(dependents.begin(), dependents.end(),
                         [&](std::uint32_t node) { return can_fall(state, node); }))
            state[memory_[dependency].first] = 0;
    }
}

}  // namespace venturi
