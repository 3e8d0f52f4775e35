#include "agents/risk/exact_probability.hpp"

#include "agents/risk/simplification.hpp"
#include "sim/contract.hpp"
#include "sim/ensemble/stopped.hpp"

#include <algorithm>
#include <utility>

namespace venturi {

namespace {

constexpr std::size_t most_nodes = std::size_t{1} << 31;  // an edge has 32 bits

ProbabilityPair value(const std::vector<ProbabilityPair>& nodes, DiagramEdge edge) {
    const ProbabilityPair plain = nodes[edge.node()];
    return edge.complemented() ? ProbabilityPair{plain.fails_to, plain.happens} : plain;
}

}  // namespace

std::optional<SolvedFaultTree> solve(const FaultTree& tree, const SolveLimits& limits) try {
    const ModularCircuit modular(simplified(logic_circuit(tree), limits.stop));
    const LogicCircuit& circuit = modular.circuit;
    SolvedFaultTree solved;
    solved.basic_event_count_ = tree.basic_events.size();
    solved.coherent_ = evidently_monotone(circuit);
    solved.nodes_.emplace_back();

    SolveLimits left = limits;
    std::vector<LeafValue> leaf_values(circuit.size(), LeafValue::variable);
    std::vector<std::uint32_t> module_of(circuit.size(), 0);  // of solved modules, by node of the circuit
    for (std::size_t i = 0; i < modular.modules.size(); ++i) {
        stop_if_requested(limits.stop);
        const std::optional<ModuleDiagram> diagram = module_diagram(modular, i, leaf_values, left);
        if (!diagram) return std::nullopt;
        const std::uint32_t gate = modular.modules[i].back();
        const bool is_top = gate == circuit.top.node();
        if (diagram->root.constant() && !is_top) {
            leaf_values[gate] = diagram->root == DiagramEdge::always() ? LeafValue::always : LeafValue::never;
            continue;
        }
        const std::size_t bytes = diagram->nodes.size() * sizeof(DiagramNode);
        if (bytes > left.bytes || solved.nodes_.size() + diagram->nodes.size() > most_nodes)
            return std::nullopt;
        left.bytes -= bytes;

        // Numbers of nodes and variables move up to behind those of earlier modules; the constant stays.
        const auto first_variable = static_cast<std::uint32_t>(solved.variables_.size());
        const auto first_node = static_cast<std::uint32_t>(solved.nodes_.size());
        const auto moved = [&](DiagramEdge edge) {
            return edge.constant() ? edge : DiagramEdge(edge.node() + first_node - 1, edge.complemented());
        };
        using Variable = SolvedFaultTree::Variable;
        for (const std::uint32_t leaf : diagram->leaves) {
            solved.variables_.push_back(circuit.is_leaf(leaf)
                                            ? Variable{Variable::Kind::basic_event, leaf - 1}
                                            : Variable{Variable::Kind::module, module_of[leaf]});
        }
        for (std::size_t node = 1; node < diagram->nodes.size(); ++node) {
            const DiagramNode& from = diagram->nodes[node];
            solved.nodes_.push_back({from.variable + first_variable, moved(from.high), moved(from.low)});
        }
        const DiagramEdge root = moved(diagram->root);
        if (root.complemented()) leaf_values[gate] = LeafValue::complement;
        module_of[gate] = static_cast<std::uint32_t>(solved.modules_.size());
        solved.modules_.push_back({.root = is_top ? root.complemented_if(circuit.top.complemented())
                                                  : DiagramEdge(root.node(), false),
                                   .first_variable = first_variable,
                                   .end_variable = static_cast<std::uint32_t>(solved.variables_.size()),
                                   .first_node = first_node,
                                   .end_node = static_cast<std::uint32_t>(solved.nodes_.size())});
    }
    if (circuit.is_leaf(circuit.top.node())) solved.add_top_without_gates(circuit.top);
    return solved;
} catch (const TreeTooLarge&) {
    return std::nullopt;
}

void SolvedFaultTree::add_top_without_gates(Literal top) {
    DiagramEdge root = top.constant() ? DiagramEdge::always() : DiagramEdge(1, false);
    root = root.complemented_if(top.complemented());
    if (!top.constant()) {
        variables_.push_back({Variable::Kind::basic_event, top.node() - 1});
        nodes_.push_back({0, DiagramEdge::always(), DiagramEdge::never()});
    }
    modules_.push_back({.root = root,
                        .first_variable = 0,
                        .end_variable = static_cast<std::uint32_t>(variables_.size()),
                        .first_node = 1,
                        .end_node = static_cast<std::uint32_t>(nodes_.size())});
}

template <class PairOf>
ProbabilityPair SolvedFaultTree::swept(PairOf pair_of, EvaluationScratch& scratch) const {
    scratch.variables.resize(variables_.size());
    scratch.nodes.resize(nodes_.size());
    scratch.nodes[0] = {1, 0};
    for (const Module& module : modules_) {
        for (std::uint32_t i = module.first_variable; i < module.end_variable; ++i) {
            const Variable variable = variables_[i];
            if (variable.kind == Variable::Kind::module) {
                scratch.variables[i] = value(scratch.nodes, modules_[variable.index].root);
                continue;
            }
            scratch.variables[i] = pair_of(variable.index);
        }
        for (std::uint32_t i = module.first_node; i < module.end_node; ++i) {
            const DiagramNode& node = nodes_[i];
            const ProbabilityPair variable = scratch.variables[node.variable];
            const ProbabilityPair high = scratch.nodes[node.high.node()];
            const ProbabilityPair low = value(scratch.nodes, node.low);
            scratch.nodes[i] = {variable.happens * high.happens + variable.fails_to * low.happens,
                                variable.happens * high.fails_to + variable.fails_to * low.fails_to};
        }
    }
    return value(scratch.nodes, top());
}

ProbabilityPair SolvedFaultTree::probability_pair(std::span<const double> event_probabilities,
                                                  EvaluationScratch& scratch) const {
    expects(event_probabilities.size() == basic_event_count_, "every basic event has a probability");
    const auto pair_of = [&](std::uint32_t event) {
        const double p = event_probabilities[event];
        expects(p >= 0 && p <= 1, "a probability is in [0, 1]");
        return ProbabilityPair{p, 1 - p};
    };
    return swept(pair_of, scratch);
}

ProbabilityPair SolvedFaultTree::probability_pair(std::span<const ProbabilityPair> events,
                                                  EvaluationScratch& scratch) const {
    expects(events.size() == basic_event_count_, "every basic event has a probability");
    return swept([&](std::uint32_t event) { return events[event]; }, scratch);
}

double SolvedFaultTree::probability(std::span<const double> event_probabilities,
                                    EvaluationScratch& scratch) const {
    return probability_pair(event_probabilities, scratch).happens;
}

std::vector<double> event_probabilities(const FaultTree& tree) {
    std::vector<double> probabilities;
    probabilities.reserve(tree.basic_events.size());
    for (const BasicEvent& event : tree.basic_events) probabilities.push_back(event.probability);
    return probabilities;
}

}  // namespace venturi
