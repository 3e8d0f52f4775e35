#include "agents/risk/variable_order.hpp"

#include <algorithm>
#include <utility>

namespace venturi {

namespace {

struct Measures {
    double leaves = 0;  // under a node, as often as they occur
    double weight = 0;  // that reaches it from the top
    double uses = 0;
};

/// What to sort arguments by: the least first.
std::pair<double, double> rank(OrderingRule rule, const Measures& of, bool is_leaf) {
    switch (rule) {
        case OrderingRule::smaller_first:
            return is_leaf ? std::pair{1.0, -of.uses} : std::pair{0.0, of.leaves};
        case OrderingRule::larger_first:
            return {-of.leaves, 0.0};
        case OrderingRule::weightiest_first:
            return {-of.weight, 0.0};
    }
    return {};
}

}  // namespace

std::vector<std::uint32_t> variable_order(const ModularCircuit& circuit, std::size_t module,
                                          OrderingRule rule) {
    const std::vector<std::uint32_t>& nodes = circuit.modules[module];
    const std::uint32_t root = nodes.back();
    const auto place = [&](std::uint32_t index) {
        return index == root ? nodes.size() - 1 : std::size_t{circuit.place[index]};
    };
    const auto is_leaf = [&](std::uint32_t index) { return index != root && circuit.is_leaf(index); };
    const auto arguments = [&](std::uint32_t index) -> const std::vector<Literal>& {
        return circuit.circuit.node(index).arguments;
    };

    std::vector<Measures> measures(nodes.size());
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (is_leaf(nodes[i])) {
            measures[i].leaves = 1;
            continue;
        }
        for (const Literal argument : arguments(nodes[i])) {
            Measures& of = measures[place(argument.node())];
            measures[i].leaves += of.leaves;
            ++of.uses;
        }
    }
    measures.back().weight = 1;
    for (std::size_t i = nodes.size(); i-- > 0;) {
        if (is_leaf(nodes[i])) continue;
        const double share = measures[i].weight / static_cast<double>(arguments(nodes[i]).size());
        for (const Literal argument : arguments(nodes[i])) measures[place(argument.node())].weight += share;
    }

    std::vector<std::uint32_t> order;
    std::vector<bool> seen(nodes.size(), false);
    std::vector<std::uint32_t> to_visit = {root};
    std::vector<std::pair<std::pair<double, double>, std::uint32_t>> next;
    while (!to_visit.empty()) {
        const std::uint32_t index = to_visit.back();
        to_visit.pop_back();
        if (seen[place(index)]) continue;
        seen[place(index)] = true;
        if (is_leaf(index)) {
            order.push_back(index);
            continue;
        }
        next.clear();
        for (const Literal argument : arguments(index)) {
            const std::uint32_t node = argument.node();
            next.emplace_back(rank(rule, measures[place(node)], is_leaf(node)), node);
        }
        std::stable_sort(next.begin(), next.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
        for (std::size_t i = next.size(); i-- > 0;) to_visit.push_back(next[i].second);
    }
    return order;
}

}  // namespace venturi
