// Dynamic fault trees of one gate over leaves, for tests.
#pragma once

#include "agents/risk/dynamic_tree.hpp"

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

namespace one_gate_trees {

using namespace venturi;

inline DynamicLeaf exponential(double rate, double dormancy = 1, double repair_rate = 0) {
    return {.life = ExponentialLife{rate}, .dormancy = dormancy, .repair_rate = repair_rate};
}

/// Nodes 0, 1, ... to count − 1.
inline std::vector<std::uint32_t> first_nodes(std::size_t count) {
    std::vector<std::uint32_t> nodes(count);
    std::iota(nodes.begin(), nodes.end(), 0U);
    return nodes;
}

/// One gate over all leaves, in their order.
inline DynamicTree tree_of(DynamicConnective connective, std::vector<DynamicLeaf> leaves,
                           std::uint32_t minimum = 0) {
    DynamicTree tree{.leaves = std::move(leaves)};
    tree.gates.push_back(
        {.connective = connective, .minimum = minimum, .inputs = first_nodes(tree.leaves.size())});
    tree.top = tree.gate_node(0);
    return tree;
}

inline DynamicTree alike(std::size_t count, const DynamicLeaf& leaf, DynamicConnective connective,
                         std::uint32_t minimum = 0) {
    return tree_of(connective, std::vector<DynamicLeaf>(count, leaf), minimum);
}

}  // namespace one_gate_trees
