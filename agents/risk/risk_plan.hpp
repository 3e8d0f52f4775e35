// The risk tree of a scenario, made ready to run: what all startups of a world share of it.
#pragma once

#include "agents/risk/dynamic_semantics.hpp"
#include "agents/risk/dynamic_tree.hpp"
#include "agents/risk/exact_probability.hpp"
#include "agents/risk/fault_tree.hpp"
#include "agents/risk/risk_parameters.hpp"

#include <cstddef>
#include <cstdint>

namespace venturi {

/// Leaves and gates in the order of the parameters; nodes are numbered as in DynamicTree.
struct RiskPlan {
    DynamicSemantics semantics;
    /// The tree as its owners assess it: order is left out, and a priority-and counts as an and, which is
    /// never less probable.
    SolvedFaultTree assessed;

    [[nodiscard]] std::size_t leaf_count() const { return semantics.tree().leaves.size(); }
    [[nodiscard]] std::size_t node_count() const { return semantics.tree().node_count(); }
};

/// The most nodes that a world's tree may have.
inline constexpr std::size_t most_risk_nodes = 512;

/// The tree that the parameters describe. Leaves are exponential with their rates, and repaired at one over
/// the mean of their repair. Throws std::invalid_argument, with a message for the user, where no gate or more
/// than one is the top (under itself), a gate has no input, needs more inputs than it has, or is under itself
/// by a detour, two nodes have the same name, or there are too many nodes. An empty tree (neither leaves nor
/// gates) is legal: nothing goes wrong.
[[nodiscard]] DynamicTree tree_of(const RiskParameters& risk);

/// The static counterpart of a tree: see RiskPlan::assessed. Each leaf has probability 0.
[[nodiscard]] FaultTree assessed_tree(const DynamicTree& tree);

/// Throws as tree_of does, and where the assessed tree is too large to be solved.
[[nodiscard]] RiskPlan make_risk_plan(const RiskParameters& risk);

}  // namespace venturi
