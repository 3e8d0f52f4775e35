#include "agents/risk/tree_of_formulas.hpp"

#include "sim/contract.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <unordered_set>
#include <utility>

namespace venturi {
namespace {

// What a gate is over, in the given flavour.
std::span<const FormulaArgument> arguments_of(const RiskModel& model, const FormulaFlavour& flavour,
                                              std::uint32_t gate) {
    const auto set = flavour.gates.find(gate);
    if (set != flavour.gates.end()) return {&set->second, 1};
    return model.gates.at(gate).arguments;
}

bool is_gate(const FormulaArgument& argument) {
    return argument.kind == FormulaArgument::Kind::gate;
}

}  // namespace

std::vector<std::uint32_t> gate_cycle(const RiskModel& model, const FormulaFlavour& flavour) {
    enum class State : std::uint8_t { untouched, open, done };
    std::vector<State> state(model.gates.size(), State::untouched);
    std::vector<std::pair<std::uint32_t, std::size_t>> open;  // gate, and its next argument
    for (std::uint32_t root = 0; root < model.gates.size(); ++root) {
        if (state[root] != State::untouched) continue;
        open.assign(1, {root, 0});
        state[root] = State::open;
        while (!open.empty()) {
            const std::uint32_t gate = open.back().first;
            const std::span<const FormulaArgument> arguments = arguments_of(model, flavour, gate);
            if (open.back().second == arguments.size()) {
                state[gate] = State::done;
                open.pop_back();
                continue;
            }
            const FormulaArgument& argument = arguments[open.back().second++];
            if (!is_gate(argument)) continue;
            if (state.at(argument.index) == State::open) {
                const auto first = std::find_if(
                    open.begin(), open.end(), [&](const auto& each) { return each.first == argument.index; });
                std::vector<std::uint32_t> cycle;
                for (auto each = first; each != open.end(); ++each) cycle.push_back(each->first);
                const auto named = std::find_if(cycle.begin(), cycle.end(), [&](std::uint32_t each) {
                    return !model.gates[each].name.empty();
                });
                if (named != cycle.end()) std::rotate(cycle.begin(), named, cycle.end());
                return cycle;
            }
            if (state[argument.index] != State::untouched) continue;
            state[argument.index] = State::open;
            open.push_back({argument.index, 0});
        }
    }
    return {};
}

TreeOfFormulas::TreeOfFormulas(const RiskModel& model, const std::vector<IndependentEvent>& events)
    : model_(model),
      copies_(model.gates.size()),
      disjunctions_(model.basic_events.size()),
      events_of_(model.basic_events.size()) {
    for (std::uint32_t i = 0; i < events.size(); ++i) {
        tree_.basic_events.push_back({.name = events[i].name});
        for (const std::uint32_t basic_event : events[i].basic_events)
            events_of_.at(basic_event).push_back(i);
    }
}

void TreeOfFormulas::change_flavour(const FormulaFlavour& flavour, std::uint32_t number) {
    // 128 MiB of them; beyond, gates are copied again.
    constexpr std::size_t most_kept = std::size_t{1} << 24;
    const std::size_t gates = model_.gates.size();
    if (number != number_) {
        if ((kept_copies_.size() + 1) * gates > most_kept) kept_copies_.clear();
        kept_copies_[number_] = std::move(copies_);
    }
    const auto kept = number != number_ ? kept_copies_.find(number) : kept_copies_.end();
    copies_ = kept != kept_copies_.end() ? std::move(kept->second)
                                         : std::vector<std::optional<std::uint32_t>>(gates);
    flavour_ = flavour;
    number_ = number;
}

FaultTreeArgument TreeOfFormulas::add(const FormulaArgument& formula, const FormulaFlavour& flavour,
                                      std::uint32_t number) {
    if (number != number_ || flavour != flavour_) change_flavour(flavour, number);
    if (is_gate(formula)) copy_gates(formula.index);
    return *known(formula);
}

FaultTreeArgument TreeOfFormulas::join(Connective connective, std::vector<FaultTreeArgument> arguments) {
    tree_.gates.push_back({.connective = connective, .arguments = std::move(arguments)});
    return {.kind = FaultTreeArgument::Kind::gate,
            .index = static_cast<std::uint32_t>(tree_.gates.size() - 1)};
}

FaultTree TreeOfFormulas::finish(const FaultTreeArgument& top) && {
    tree_.top = top;
    return std::move(tree_);
}

FaultTree TreeOfFormulas::extract(const FaultTreeArgument& top, std::vector<std::uint32_t>& events) const {
    std::unordered_set<std::uint32_t> seen;
    std::vector<std::uint32_t> gates;
    std::vector<FaultTreeArgument> open{top};
    events.clear();
    while (!open.empty()) {
        const FaultTreeArgument argument = open.back();
        open.pop_back();
        if (argument.kind == FaultTreeArgument::Kind::basic_event) events.push_back(argument.index);
        if (argument.kind != FaultTreeArgument::Kind::gate || !seen.insert(argument.index).second) continue;
        gates.push_back(argument.index);
        const std::vector<FaultTreeArgument>& arguments = tree_.gates[argument.index].arguments;
        open.insert(open.end(), arguments.begin(), arguments.end());
    }
    for (std::vector<std::uint32_t>* each : {&gates, &events}) {
        std::sort(each->begin(), each->end());
        each->erase(std::unique(each->begin(), each->end()), each->end());
    }
    const auto renumber = [&](FaultTreeArgument argument) {
        if (argument.kind == FaultTreeArgument::Kind::constant) return argument;
        const auto& kept = argument.kind == FaultTreeArgument::Kind::gate ? gates : events;
        argument.index = static_cast<std::uint32_t>(std::lower_bound(kept.begin(), kept.end(), argument.index)
                                                    - kept.begin());
        return argument;
    };
    FaultTree result;
    for (const std::uint32_t event : events) result.basic_events.push_back(tree_.basic_events[event]);
    for (const std::uint32_t gate : gates) {
        result.gates.push_back(tree_.gates[gate]);
        for (FaultTreeArgument& argument : result.gates.back().arguments) argument = renumber(argument);
    }
    result.top = renumber(top);
    return result;
}

FaultTreeArgument TreeOfFormulas::leaf(const FormulaArgument& argument) {
    if (argument.kind == FormulaArgument::Kind::basic_event) return member(argument.index);
    bool value = argument.index != 0;
    if (argument.kind == FormulaArgument::Kind::house_event) {
        const auto set = flavour_.house_events.find(argument.index);
        value =
            set == flavour_.house_events.end() ? model_.house_events.at(argument.index).happens : set->second;
    }
    return {.kind = FaultTreeArgument::Kind::constant, .index = value ? 1U : 0U};
}

FaultTreeArgument TreeOfFormulas::member(std::uint32_t basic_event) {
    const std::vector<std::uint32_t>& events = events_of_.at(basic_event);
    expects(!events.empty(), "every basic event is among the independent events or in a group");
    if (events.size() == 1) return {.kind = FaultTreeArgument::Kind::basic_event, .index = events.front()};
    std::optional<std::uint32_t>& gate = disjunctions_[basic_event];
    if (!gate) {
        gate = static_cast<std::uint32_t>(tree_.gates.size());
        FaultTreeGate disjunction{.name = model_.basic_events[basic_event].name,
                                  .connective = Connective::disjunction};
        for (const std::uint32_t event : events)
            disjunction.arguments.push_back({.kind = FaultTreeArgument::Kind::basic_event, .index = event});
        tree_.gates.push_back(std::move(disjunction));
    }
    return {.kind = FaultTreeArgument::Kind::gate, .index = *gate};
}

std::optional<FaultTreeArgument> TreeOfFormulas::known(const FormulaArgument& argument) {
    FaultTreeArgument result;
    if (is_gate(argument)) {
        const std::optional<std::uint32_t> copy = copies_.at(argument.index);
        if (!copy) return std::nullopt;
        result = {.kind = FaultTreeArgument::Kind::gate, .index = *copy};
    } else {
        result = leaf(argument);
    }
    result.complemented = argument.complemented;
    return result;
}

void TreeOfFormulas::copy_gates(std::uint32_t root) {
    if (copies_.at(root)) return;
    std::vector<std::pair<std::uint32_t, std::size_t>> open{{root, 0}};
    while (!open.empty()) {
        const std::uint32_t gate = open.back().first;
        const std::span<const FormulaArgument> arguments = arguments_of(model_, flavour_, gate);
        if (open.back().second == arguments.size()) {
            if (!copies_[gate]) copy_gate(gate);
            open.pop_back();
            continue;
        }
        const FormulaArgument& argument = arguments[open.back().second++];
        if (!is_gate(argument) || copies_.at(argument.index)) continue;
        // Only a cycle is deeper than there are gates.
        expects(open.size() <= model_.gates.size(), "no gate depends on itself");
        open.push_back({argument.index, 0});
    }
}

void TreeOfFormulas::copy_gate(std::uint32_t gate) {
    const bool is_set = flavour_.gates.contains(gate);
    const ModelGate& original = model_.gates[gate];
    FaultTreeGate copy{.name = original.name,
                       .connective = is_set ? Connective::same : original.connective,
                       .minimum = is_set ? 0 : original.minimum,
                       .maximum = is_set ? 0 : original.maximum};
    const std::span<const FormulaArgument> arguments = arguments_of(model_, flavour_, gate);
    copy.arguments.reserve(arguments.size());
    for (const FormulaArgument& argument : arguments) copy.arguments.push_back(*known(argument));
    copies_[gate] = static_cast<std::uint32_t>(tree_.gates.size());
    tree_.gates.push_back(std::move(copy));
}

}  // namespace venturi
