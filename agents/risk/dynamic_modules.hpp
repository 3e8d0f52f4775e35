// The parts of a dynamic fault tree that know nothing of each other, and the static tree that joins them.
#pragma once

#include "agents/risk/dynamic_tree.hpp"
#include "agents/risk/fault_tree.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <vector>

namespace venturi {

/// Basic event i of `frame` is that the top of `modules[i]` fails; a module is a leaf of its own, or a tree
/// with all that its gates, dependencies and constraints touch. Modules are independent of each other, and
/// fail for good. Probabilities of the basic events are left 0.
struct DynamicModules {
    FaultTree frame = {};
    std::vector<DynamicTree> modules = {};
};

/// The smallest modules; a tree whose top depends on the order of things, or that has a leaf with repair
/// (what was failed need not be so later), is one module. Nodes keep their order, so that a module does alone
/// what it does in the tree. The tree is sound. Throws Stopped where `stop` asks for that.
[[nodiscard]] DynamicModules split_into_modules(const DynamicTree& tree, const StopRequest* stop = nullptr);

}  // namespace venturi
