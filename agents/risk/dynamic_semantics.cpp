#include "agents/risk/dynamic_semantics.hpp"

#include "sim/contract.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace venturi {

namespace {

// What a dependency remembers of its chance.
constexpr std::uint8_t not_taken = 0;
constexpr std::uint8_t said_yes = 1;
constexpr std::uint8_t said_no = 2;

constexpr std::uint8_t no_input = 255;

void set_bit(std::span<std::uint8_t> state, std::uint32_t first, std::size_t number, bool value) {
    std::uint8_t& byte = state[first + number / 8];
    const auto mask = static_cast<std::uint8_t>(1U << (number % 8));
    byte = static_cast<std::uint8_t>(value ? byte | mask : byte & ~mask);
}

void set_flag(std::span<std::uint8_t> state, std::uint32_t node, std::uint8_t flag, bool value) {
    state[node] = static_cast<std::uint8_t>(value ? state[node] | flag : state[node] & ~flag);
}

// A copy of a state to try things on; on the stack unless the tree is very large.
class TrialState {
  public:
    explicit TrialState(std::span<const std::uint8_t> state) : size_(state.size()) {
        if (size_ > small_.size()) large_.resize(size_);
        std::memcpy(bytes().data(), state.data(), size_);
    }

    std::span<std::uint8_t> bytes() {
        return size_ > small_.size() ? std::span(large_) : std::span(small_).first(size_);
    }

  private:
    std::size_t size_;
    std::array<std::uint8_t, 2048> small_;  // only the first size_ are ever read
    std::vector<std::uint8_t> large_;
};

}  // namespace

bool ChanceOutcomes::operator()(double probability) {
    if (probability <= 0) return false;
    if (probability >= 1) return true;
    expects(taken_ < 62, "one outcome has at most 62 chances");
    const bool happens = ((path_ >> taken_) & 1) == 0;
    ++taken_;
    probability_ *= happens ? probability : 1 - probability;
    return happens;
}

bool ChanceOutcomes::next() {
    unsigned chance = taken_;
    taken_ = 0;
    probability_ = 1;
    while (chance > 0) {
        --chance;
        const std::uint64_t mask = std::uint64_t{1} << chance;
        if ((path_ & mask) == 0) {
            path_ |= mask;
            return true;
        }
        path_ &= ~mask;
    }
    return false;
}

std::uint32_t DynamicSemantics::phase(ConstState state, std::uint32_t leaf) const {
    return memory_[leaf].count > 0 ? state[memory_[leaf].first] : 0;
}

std::uint32_t DynamicSemantics::input_in_use(ConstState state, std::uint32_t spare_gate) const {
    return state[memory_[spare_gate].first];
}

bool DynamicSemantics::claimed_by_rival(ConstState state, std::uint32_t spare_gate,
                                        std::uint32_t input) const {
    return std::any_of(users_[input].begin(), users_[input].end(), [&](const Position& user) {
        return user.gate != spare_gate && tree_.gate(user.gate).connective == DynamicConnective::spare
               && !failed(state, user.gate) && input_in_use(state, user.gate) == user.input;
    });
}

// Whether the spare gate has nothing left to use.
bool DynamicSemantics::choose_input(State state, std::uint32_t spare_gate, bool& moved) const {
    const auto inputs = inputs_[spare_gate];
    std::uint8_t& in_use = state[memory_[spare_gate].first];
    if (!repairable_ && in_use != no_input) {
        if (failed(state, spare_gate)) return true;
        if (!failed(state, inputs[in_use])) return false;
    }
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        if (failed(state, inputs[i]) || claimed_by_rival(state, spare_gate, inputs[i])) continue;
        moved = moved || in_use != i;
        in_use = static_cast<std::uint8_t>(i);
        return false;
    }
    return true;
}

// Keeps, by pairs of inputs, whether they failed in the wrong order.
void DynamicSemantics::note_order(State state, std::uint32_t gate) const {
    const auto inputs = inputs_[gate];
    const std::uint32_t first = memory_[gate].first;
    const bool is_and = tree_.gate(gate).connective == DynamicConnective::priority_and;
    const bool together_is_wrong = tree_.gate(gate).simultaneity == Simultaneity::exclusive;
    for (std::size_t i = 1; i < inputs.size(); ++i) {
        const std::uint8_t earlier = state[is_and ? inputs[i - 1] : inputs[0]];
        const std::uint8_t later = state[inputs[i]];
        const bool later_failed = (later & failed_bit) != 0;
        if ((earlier & failed_bit) == 0 || (is_and && !later_failed))
            set_bit(state, first, i - 1, false);
        else if ((earlier & fresh_bit) != 0)
            set_bit(state, first, i - 1, later_failed && ((later & fresh_bit) == 0 || together_is_wrong));
    }
}

bool DynamicSemantics::in_order(ConstState state, std::uint32_t gate) const {
    const NodeBytes order = memory_[gate];
    return std::all_of(state.begin() + order.first, state.begin() + order.first + order.count,
                       [](std::uint8_t byte) { return byte == 0; });
}

// Lets a gate notice its inputs; whether its own failure changed.
bool DynamicSemantics::update(State state, std::uint32_t gate, bool& moved) const {
    if ((state[gate] & settled_bit) != 0) return false;
    const auto inputs = inputs_[gate];
    const auto has_failed = [&](std::uint32_t node) { return failed(state, node); };
    bool fails = false;
    switch (tree_.gate(gate).connective) {
        case DynamicConnective::conjunction:
            fails = std::all_of(inputs.begin(), inputs.end(), has_failed);
            break;
        case DynamicConnective::disjunction:
            fails = std::any_of(inputs.begin(), inputs.end(), has_failed);
            break;
        case DynamicConnective::at_least:
            fails = std::count_if(inputs.begin(), inputs.end(), has_failed) >= tree_.gate(gate).minimum;
            break;
        case DynamicConnective::priority_and:
            note_order(state, gate);
            fails = in_order(state, gate) && std::all_of(inputs.begin(), inputs.end(), has_failed);
            break;
        case DynamicConnective::priority_or:
            note_order(state, gate);
            fails = in_order(state, gate) && failed(state, inputs[0]);
            break;
        case DynamicConnective::spare:
            fails = choose_input(state, gate, moved);
            break;
        default:
            break;
    }
    fails = fails || (state[gate] & forced_bit) != 0;
    if (fails == failed(state, gate)) return false;
    set_flag(state, gate, failed_bit, fails);
    set_flag(state, gate, fresh_bit, fails);
    return true;
}

// All gates, again where something a gate of lower rank can use became free.
void DynamicSemantics::propagate_all(State state) const {
    bool again = true;
    while (again) {
        again = false;
        refresh_forced(state);
        for (const std::uint32_t gate : gate_order_) {
            bool moved = false;
            const bool changed = update(state, gate, moved);
            again = again || changed || moved;
        }
    }
    refresh_activity(state);
}

void DynamicSemantics::refresh_activity(State state) const {
    for (const std::uint32_t node : governed_) {
        const bool is_active =
            std::any_of(users_[node].begin(), users_[node].end(), [&](const Position& user) {
                return active(state, user.gate)
                       && (tree_.gate(user.gate).connective != DynamicConnective::spare
                           || input_in_use(state, user.gate) == user.input);
            });
        set_flag(state, node, active_bit, is_active);
    }
}

bool DynamicSemantics::holds_now(ConstState state, std::uint32_t dependency) const {
    return failed(state, inputs_[dependency][0])
           && (memory_[dependency].count == 0 || state[memory_[dependency].first] == said_yes);
}

bool DynamicSemantics::held_down(ConstState state, std::uint32_t node) const {
    const auto dependencies = held_by_[node];
    return std::any_of(dependencies.begin(), dependencies.end(),
                       [&](std::uint32_t dependency) { return holds_now(state, dependency); });
}

// Forces are lifted here, and laid on by run_dependencies.
void DynamicSemantics::refresh_forced(State state) const {
    for (const std::uint32_t gate : forced_gates_)
        if (!held_down(state, gate)) set_flag(state, gate, forced_bit, false);
}

void DynamicSemantics::run_moment(State state, std::uint32_t node) const {
    set_flag(state, node, failed_bit, true);
    set_flag(state, node, fresh_bit, true);
    bool moved = false;
    for_each_above(node, [&](std::uint32_t gate) { update(state, gate, moved); });
    if (moved) refresh_activity(state);
}

void DynamicSemantics::end_moment(State state, std::uint32_t node) const {
    set_flag(state, node, fresh_bit, false);
    for_each_above(node, [&](std::uint32_t gate) { set_flag(state, gate, fresh_bit, false); });
}

bool DynamicSemantics::breaks_constraint(ConstState state) const {
    const auto breaks = [&](std::uint32_t restriction) {
        const auto inputs = inputs_[restriction];
        const auto has_failed = [&](std::uint32_t node) { return failed(state, node); };
        if (tree_.gate(restriction).connective == DynamicConnective::exclusion)
            return std::count_if(inputs.begin(), inputs.end(), has_failed) > 1;
        const auto first_working = std::find_if_not(inputs.begin(), inputs.end(), has_failed);
        return std::any_of(first_working, inputs.end(),
                           [&](std::uint32_t node) { return (state[node] & fresh_bit) != 0; });
    };
    return std::any_of(restrictions_.begin(), restrictions_.end(), breaks);
}

// One moment in which a node fails; false, and nothing happens, where a constraint forbids it.
bool DynamicSemantics::strike(State state, std::uint32_t node) const {
    const auto moment = [&](State on) {
        if (tree_.is_leaf(node)) {
            if (memory_[node].count > 0) on[memory_[node].first] = 0;
        } else {
            set_flag(on, node, forced_bit, true);
        }
        run_moment(on, node);
    };
    if (is_constrained(node)) {
        TrialState trial(state);
        moment(trial.bytes());
        if (breaks_constraint(trial.bytes())) return false;
    }
    moment(state);
    end_moment(state, node);
    // A spare gate that is failed from outside leaves what it used to others.
    if (repairable_ && !tree_.is_leaf(node)) propagate_all(state);
    return true;
}

bool DynamicSemantics::forbidden(ConstState state, std::uint32_t leaf) const {
    if (!is_constrained(leaf)) return false;
    TrialState trial(state);
    run_moment(trial.bytes(), leaf);
    return breaks_constraint(trial.bytes());
}

// Whether a dependency could still make the node fall.
bool DynamicSemantics::can_fall(ConstState state, std::uint32_t node) const {
    return (state[node] & settled_bit) == 0 && (repairable_ || !failed(state, node));
}

void DynamicSemantics::run_dependencies(State state, ChanceReference chance) const {
    bool again = !dependencies_.empty();
    while (again) {
        again = false;
        for (const std::uint32_t dependency : dependencies_) {
            const auto dependents = inputs_[dependency].subspan(1);
            if (memory_[dependency].count > 0) {
                std::uint8_t& said = state[memory_[dependency].first];
                if (!failed(state, inputs_[dependency][0])) {
                    said = not_taken;
                } else if (said == not_taken
                           && std::any_of(dependents.begin(), dependents.end(),
                                          [&](std::uint32_t node) { return can_fall(state, node); })) {
                    said = chance(tree_.gate(dependency).probability) ? said_yes : said_no;
                }
            }
            if (!holds_now(state, dependency)) continue;
            for (const std::uint32_t node : dependents) {
                if ((state[node] & settled_bit) != 0) continue;
                if (!failed(state, node))
                    again = strike(state, node) || again;
                else if (!tree_.is_leaf(node))
                    set_flag(state, node, forced_bit, true);
            }
        }
    }
}

void DynamicSemantics::begin(State state, ChanceReference chance) const {
    expects(state.size() == state_bytes_, "a state has state_bytes() bytes");
    std::fill(state.begin(), state.end(), std::uint8_t{0});
    for (std::uint32_t node = 0; node < tree_.node_count(); ++node) state[node] = active_bit;
    for (const std::uint32_t gate : spares_) state[memory_[gate].first] = no_input;
    const auto run = [&](State on) {
        bool moved = false;
        for (const std::uint32_t gate : gate_order_) update(on, gate, moved);
    };
    for (std::uint32_t leaf = 0; leaf < tree_.leaves.size(); ++leaf) {
        const auto* start = std::get_if<FailedAtStart>(&tree_.leaves[leaf].life);
        if (start == nullptr || !chance(start->probability)) continue;
        set_flag(state, leaf, failed_bit | fresh_bit, true);
        if (!is_constrained(leaf)) continue;
        TrialState trial(state);
        run(trial.bytes());
        if (breaks_constraint(trial.bytes())) set_flag(state, leaf, failed_bit | fresh_bit, false);
    }
    run(state);
    for (std::uint32_t node = 0; node < tree_.node_count(); ++node) set_flag(state, node, fresh_bit, false);
    for (const std::uint32_t gate : spares_) {
        std::uint8_t& in_use = state[memory_[gate].first];
        if (in_use == no_input) in_use = 0;
    }
    refresh_activity(state);
    run_dependencies(state, chance);
}

double DynamicSemantics::pace(ConstState state, std::uint32_t leaf) const {
    if ((state[leaf] & (failed_bit | settled_bit)) != 0) return 0;
    const double pace = active(state, leaf) ? 1.0 : tree_.leaves[leaf].dormancy;
    return pace > 0 && !forbidden(state, leaf) ? pace : 0.0;
}

double DynamicSemantics::rate(ConstState state, std::uint32_t leaf) const {
    double rate = 0;
    if (const auto* exponential = std::get_if<ExponentialLife>(&tree_.leaves[leaf].life))
        rate = exponential->rate;
    else if (const auto* erlang = std::get_if<ErlangLife>(&tree_.leaves[leaf].life))
        rate = erlang->rate;
    return rate > 0 ? rate * pace(state, leaf) : 0.0;
}

double DynamicSemantics::repair_rate(ConstState state, std::uint32_t leaf) const {
    const double rate = tree_.leaves[leaf].repair_rate;
    if (!(rate > 0) || !failed(state, leaf) || (state[leaf] & settled_bit) != 0) return 0;
    return held_down(state, leaf) ? 0.0 : rate;
}

void DynamicSemantics::end_phase(State state, std::uint32_t leaf, ChanceReference chance) const {
    expects(leaf < tree_.leaves.size(), "a phase is of a leaf");
    const auto* erlang = std::get_if<ErlangLife>(&tree_.leaves[leaf].life);
    if (erlang != nullptr && phase(state, leaf) + 1 < erlang->phases)
        ++state[memory_[leaf].first];
    else
        fail(state, leaf, chance);
}

bool DynamicSemantics::fail(State state, std::uint32_t leaf, ChanceReference chance) const {
    expects(leaf < tree_.leaves.size(), "who fails by itself is a leaf");
    if ((state[leaf] & (failed_bit | settled_bit)) != 0 || !strike(state, leaf)) return false;
    run_dependencies(state, chance);
    return true;
}

bool DynamicSemantics::repair(State state, std::uint32_t leaf, ChanceReference chance) const {
    expects(leaf < tree_.leaves.size(), "who is repaired is a leaf");
    if (!failed(state, leaf) || (state[leaf] & settled_bit) != 0 || held_down(state, leaf)) return false;
    set_flag(state, leaf, failed_bit, false);
    propagate_all(state);
    run_dependencies(state, chance);
    return true;
}

std::uint32_t next_change(const DynamicSemantics& semantics, DynamicSemantics::ConstState before,
                          DynamicSemantics::ConstState after, std::uint32_t from) {
    const auto count = static_cast<std::uint32_t>(semantics.tree().node_count());
    while (from < count && semantics.failed(before, from) == semantics.failed(after, from)) ++from;
    return from;
}

}  // namespace venturi
