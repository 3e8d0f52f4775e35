#include "agents/risk/risk_model.hpp"

#include "agents/risk/event_probabilities.hpp"
#include "agents/risk/tree_of_formulas.hpp"
#include "sim/contract.hpp"

#include <algorithm>
#include <set>

namespace venturi {
namespace {

std::string quoted(const std::string& name) {
    return "'" + name + "'";
}

ModelDefect group_defect(std::uint32_t index, const CommonCauseGroup& group, const std::string& what) {
    return {.element = ModelDefect::Element::common_cause_group,
            .index = index,
            .message = "the common cause group " + quoted(group.name) + " " + what};
}

// What is wrong with the groups' members and numbers of factors.
std::vector<ModelDefect> defects_of_groups(const RiskModel& model) {
    std::vector<ModelDefect> found;
    std::vector<std::uint32_t> group_of(model.basic_events.size(), IndependentEvent::no_group);
    std::size_t events = 0;
    for (std::uint32_t i = 0; i < model.common_cause_groups.size(); ++i) {
        const CommonCauseGroup& group = model.common_cause_groups[i];
        const std::size_t members = group.members.size();
        for (const std::uint32_t member : group.members) {
            const std::string name = quoted(model.basic_events.at(member).name);
            if (group_of[member] == i)
                found.push_back(group_defect(i, group, "has the member " + name + " twice"));
            else if (group_of[member] != IndependentEvent::no_group)
                found.push_back(group_defect(i, group,
                                             "has the member " + name + " of the group "
                                                 + quoted(model.common_cause_groups[group_of[member]].name)));
            group_of[member] = i;
        }
        if (members < 2)
            found.push_back(group_defect(i, group, "has fewer than two members"));
        else if (highest_level(group.model, members, group.factors.size()) > members)
            found.push_back(group_defect(i, group, "has more factors than its model and members can use"));
        else if (group.factors.empty())
            found.push_back(group_defect(i, group, "has no factor"));
        else if (const std::size_t sets = number_of_sets(group.model, members, group.factors.size());
                 sets > most_common_cause_events)
            found.push_back(
                group_defect(i, group, "makes more than 65536 sets of members that fail together"));
        else if (events <= most_common_cause_events_of_model
                 && (events += sets) > most_common_cause_events_of_model)
            found.push_back(group_defect(
                i, group,
                "makes, with those before it, more than 1048576 sets of members that fail together"));
    }
    return found;
}

// "[PumpOne PumpTwo]", or, of long names, by their places in the group: "[Pumps 1 2]".
std::string name_of_set(const RiskModel& model, const CommonCauseGroup& group,
                        const std::vector<std::uint32_t>& places) {
    constexpr std::size_t longest = 200;
    std::string name;
    for (const std::uint32_t place : places) {
        name += (name.empty() ? "[" : " ") + model.basic_events[group.members[place]].name;
        if (name.size() > longest) break;
    }
    if (name.size() > longest) {
        name = "[" + group.name;
        for (const std::uint32_t place : places) name += " " + std::to_string(place + 1);
    }
    return name + "]";
}

ModelDefect defect_of_cycle(const RiskModel& model, const std::vector<std::uint32_t>& parameters) {
    std::string path;
    for (const std::uint32_t parameter : parameters) path += model.parameters[parameter].name + " -> ";
    return {
        .element = ModelDefect::Element::parameter,
        .index = parameters.front(),
        .message = "parameters depend on themselves: " + path + model.parameters[parameters.front()].name};
}

ModelDefect defect_of_gate_cycle(const RiskModel& model, const std::vector<std::uint32_t>& gates) {
    std::string path;
    for (const std::uint32_t gate : gates)
        if (!model.gates[gate].name.empty()) path += model.gates[gate].name + " -> ";
    return {.element = ModelDefect::Element::gate,
            .index = gates.front(),
            .message = "gates depend on themselves: " + path + model.gates[gates.front()].name};
}

}  // namespace

std::vector<ModelDefect> defects_of(const RiskModel& model, double mission_time,
                                    bool probabilities_required) {
    std::vector<ModelDefect> found = defects_of_groups(model);
    std::vector<ExpressionIndex> parameters;
    for (const ModelParameter& parameter : model.parameters) parameters.push_back(parameter.expression);
    const std::vector<std::uint32_t> cycle = parameter_cycle(model.expressions, parameters);
    if (!cycle.empty()) found.push_back(defect_of_cycle(model, cycle));
    const std::vector<std::uint32_t> gates = gate_cycle(model);
    if (!gates.empty()) found.push_back(defect_of_gate_cycle(model, gates));
    if (!found.empty()) return found;
    return EventProbabilities(model, mission_time).defects(probabilities_required);
}

std::vector<std::uint32_t> top_gates(const RiskModel& model) {
    std::vector<bool> is_referred_to(model.gates.size(), false);
    for (const ModelGate& gate : model.gates)
        for (const FormulaArgument& argument : gate.arguments)
            if (argument.kind == FormulaArgument::Kind::gate) is_referred_to[argument.index] = true;
    std::vector<std::uint32_t> tops;
    for (std::uint32_t i = 0; i < model.gates.size(); ++i)
        if (!is_referred_to[i] && !model.gates[i].name.empty()) tops.push_back(i);
    return tops;
}

std::optional<std::uint32_t> find_gate(const RiskModel& model, const std::string& name) {
    if (name.empty()) return std::nullopt;
    const auto found = std::find_if(model.gates.begin(), model.gates.end(),
                                    [&](const ModelGate& gate) { return gate.name == name; });
    if (found == model.gates.end()) return std::nullopt;
    return static_cast<std::uint32_t>(found - model.gates.begin());
}

std::vector<IndependentEvent> independent_events(const RiskModel& model) {
    if (std::vector<ModelDefect> found = defects_of_groups(model); !found.empty())
        throw RiskModelError(std::move(found.front()));
    std::vector<bool> is_member(model.basic_events.size(), false);
    for (const CommonCauseGroup& group : model.common_cause_groups)
        for (const std::uint32_t member : group.members) is_member[member] = true;
    std::vector<IndependentEvent> events;
    for (std::uint32_t i = 0; i < model.basic_events.size(); ++i)
        if (!is_member[i]) events.push_back({.name = model.basic_events[i].name, .basic_events = {i}});
    for (std::uint32_t g = 0; g < model.common_cause_groups.size(); ++g) {
        const CommonCauseGroup& group = model.common_cause_groups[g];
        for (std::vector<std::uint32_t>& set :
             sets_failing_together(group.model, group.members.size(), group.factors.size())) {
            std::string name = name_of_set(model, group, set);
            for (std::uint32_t& member : set) member = group.members[member];
            events.push_back({.name = std::move(name), .group = g, .basic_events = std::move(set)});
        }
    }
    return events;
}

FaultTree fault_tree_of(const RiskModel& model, std::uint32_t top_gate) {
    expects(top_gate < model.gates.size(), "the top is a gate of the model");
    if (const std::vector<std::uint32_t> cycle = gate_cycle(model); !cycle.empty())
        throw RiskModelError(defect_of_gate_cycle(model, cycle));
    const std::vector<IndependentEvent> events = independent_events(model);
    TreeOfFormulas tree(model, events);
    const FaultTreeArgument top =
        tree.add({.kind = FormulaArgument::Kind::gate, .index = top_gate}, FormulaFlavour{});
    return std::move(tree).finish(top);
}

FaultTree fault_tree_of(const RiskModel& model, std::uint32_t top_gate, double mission_time) {
    FaultTree tree = fault_tree_of(model, top_gate);
    const std::vector<double> probabilities =
        EventProbabilities(model, mission_time).at_mean(reached_events(tree));
    for (std::size_t i = 0; i < probabilities.size(); ++i)
        tree.basic_events[i].probability = probabilities[i];
    return tree;
}

std::vector<bool> reached_events(const FaultTree& tree) {
    std::vector<bool> events(tree.basic_events.size(), false);
    std::vector<bool> gates(tree.gates.size(), false);
    std::vector<FaultTreeArgument> open{tree.top};
    while (!open.empty()) {
        const FaultTreeArgument argument = open.back();
        open.pop_back();
        if (argument.kind == FaultTreeArgument::Kind::basic_event) events.at(argument.index) = true;
        if (argument.kind != FaultTreeArgument::Kind::gate || gates.at(argument.index)) continue;
        gates[argument.index] = true;
        const std::vector<FaultTreeArgument>& arguments = tree.gates[argument.index].arguments;
        open.insert(open.end(), arguments.begin(), arguments.end());
    }
    return events;
}

}  // namespace venturi
