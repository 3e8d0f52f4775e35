#include "agents/risk/risk_plan.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace venturi {

namespace {

[[noreturn]] void refuse(const std::string& where, const std::string& why) {
    throw std::invalid_argument("risk." + where + ": " + why);
}

DynamicConnective connective_of(RiskGateKind kind) {
    switch (kind) {
        case RiskGateKind::any:
            return DynamicConnective::disjunction;
        case RiskGateKind::all:
            return DynamicConnective::conjunction;
        case RiskGateKind::at_least:
            return DynamicConnective::at_least;
        case RiskGateKind::in_order:
            return DynamicConnective::priority_and;
    }
    return DynamicConnective::disjunction;
}

std::uint32_t gate_named(const RiskParameters& risk, const std::string& name, const std::string& where) {
    const auto found = std::find_if(risk.gates.begin(), risk.gates.end(),
                                    [&](const RiskGateParameters& gate) { return gate.name == name; });
    if (found == risk.gates.end()) refuse(where + ".under", "there is no gate '" + name + "'");
    return static_cast<std::uint32_t>(found - risk.gates.begin());
}

void check_names(const RiskParameters& risk) {
    std::set<std::string> names;
    for (const RiskLeafParameters& leaf : risk.leaves) names.insert(leaf.name);
    for (const RiskGateParameters& gate : risk.gates)
        if (!names.insert(gate.name).second)
            refuse("gates." + gate.name, "there is a leaf or a gate of that name already");
}

std::uint32_t find_top(const RiskParameters& risk) {
    std::optional<std::uint32_t> top;
    for (std::uint32_t i = 0; i < risk.gates.size(); ++i) {
        if (risk.gates[i].under != risk.gates[i].name) continue;
        if (top)
            refuse("gates." + risk.gates[i].name,
                   "is under itself, as '" + risk.gates[*top].name + "' is: there can be one top only");
        top = i;
    }
    if (!top) refuse("gates", "no gate is the top: one must be under itself");
    return *top;
}

// From any gate the way up ends at the top.
void check_ways_up(const RiskParameters& risk, std::uint32_t top) {
    for (std::uint32_t i = 0; i < risk.gates.size(); ++i) {
        std::uint32_t at = i;
        for (std::size_t steps = 0; at != top; ++steps) {
            if (steps > risk.gates.size())
                refuse("gates." + risk.gates[i].name + ".under", "leads in a circle and never to the top");
            at = gate_named(risk, risk.gates[at].under, "gates." + risk.gates[at].name);
        }
    }
}

void check_gate(const RiskGateParameters& parameters, const DynamicGate& gate) {
    const std::string where = "gates." + parameters.name;
    if (gate.inputs.empty()) refuse(where, "no leaf and no gate is under it");
    if (parameters.kind == RiskGateKind::at_least
        && static_cast<std::size_t>(parameters.needs) > gate.inputs.size())
        refuse(where + ".needs", "there are only " + std::to_string(gate.inputs.size()) + " inputs");
}

Connective static_connective(DynamicConnective connective) {
    return connective == DynamicConnective::disjunction ? Connective::disjunction
           : connective == DynamicConnective::at_least  ? Connective::at_least
                                                        : Connective::conjunction;
}

}  // namespace

DynamicTree tree_of(const RiskParameters& risk) {
    DynamicTree tree;
    if (risk.leaves.empty() && risk.gates.empty()) {
        tree.leaves.push_back({.name = "nothing"});
        return tree;
    }
    if (risk.leaves.size() + risk.gates.size() > most_risk_nodes)
        refuse("leaves", "there can be at most " + std::to_string(most_risk_nodes) + " leaves and gates");
    check_names(risk);
    const std::uint32_t top = find_top(risk);
    check_ways_up(risk, top);
    for (const RiskLeafParameters& leaf : risk.leaves) {
        const double repair = mean(leaf.repair);
        tree.leaves.push_back({.name = leaf.name,
                               .life = ExponentialLife{leaf.rate},
                               .repair_rate = repair > 0 ? 1 / repair : 0});
    }
    for (const RiskGateParameters& gate : risk.gates)
        tree.gates.push_back({.name = gate.name,
                              .connective = connective_of(gate.kind),
                              .minimum = static_cast<std::uint32_t>(gate.needs)});
    for (std::uint32_t i = 0; i < risk.leaves.size(); ++i)
        tree.gates[gate_named(risk, risk.leaves[i].under, "leaves." + risk.leaves[i].name)].inputs.push_back(
            i);
    for (std::uint32_t i = 0; i < risk.gates.size(); ++i)
        if (i != top)
            tree.gates[gate_named(risk, risk.gates[i].under, "gates." + risk.gates[i].name)].inputs.push_back(
                tree.gate_node(i));
    for (std::size_t i = 0; i < risk.gates.size(); ++i) check_gate(risk.gates[i], tree.gates[i]);
    tree.top = tree.gate_node(top);
    return tree;
}

FaultTree assessed_tree(const DynamicTree& tree) {
    FaultTree assessed;
    const auto leaf_count = static_cast<std::uint32_t>(tree.leaves.size());
    for (const DynamicLeaf& leaf : tree.leaves) assessed.basic_events.push_back({.name = leaf.name});
    const auto argument = [&](std::uint32_t node) -> FaultTreeArgument {
        return tree.is_leaf(node)
                   ? FaultTreeArgument{FaultTreeArgument::Kind::basic_event, false, node}
                   : FaultTreeArgument{FaultTreeArgument::Kind::gate, false, node - leaf_count};
    };
    for (const DynamicGate& gate : tree.gates) {
        FaultTreeGate& to = assessed.gates.emplace_back();
        to.name = gate.name;
        to.connective = static_connective(gate.connective);
        to.minimum = gate.minimum;
        for (const std::uint32_t input : gate.inputs) to.arguments.push_back(argument(input));
    }
    assessed.top = argument(tree.top);
    return assessed;
}

RiskPlan make_risk_plan(const RiskParameters& risk) {
    DynamicTree tree = tree_of(risk);
    std::optional<SolvedFaultTree> solved = solve(assessed_tree(tree));
    if (!solved) refuse("gates", "the tree is too entangled to be assessed");
    return {.semantics = DynamicSemantics(std::move(tree)), .assessed = std::move(*solved)};
}

}  // namespace venturi
