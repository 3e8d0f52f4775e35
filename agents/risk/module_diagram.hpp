// The decision diagram of one module of a circuit, found by a race of variable orders.
#pragma once

#include "agents/risk/decision_diagram.hpp"
#include "agents/risk/logic_circuit.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace venturi {

/// What solving may use before it gives up. The limits count work, not seconds, so that a tree is solved
/// or refused alike on every machine.
struct SolveLimits {
    std::size_t bytes = std::size_t{512} << 20;  ///< memory of the diagrams while they are built
    std::uint64_t steps = 100'000'000;           ///< of joining diagrams; some 3 to 10 million take a second
    const StopRequest* stop = nullptr;           ///< solving throws Stopped where it asks for that
};

/// A diagram without what it took to make it.
struct ModuleDiagram {
    std::vector<std::uint32_t> leaves;  ///< nodes of the circuit: what variable 0, 1, ... of the diagram is
    std::vector<DiagramNode> nodes;     ///< each after its children; index 0 is the constant true
    DiagramEdge root = {};
};

/// What a node of a circuit is to the module that it is a leaf of.
enum class LeafValue : std::uint8_t { variable, complement, always, never };

/// Of module number `module`. `leaf_values` is by node of the circuit. Takes what it uses from `limits`;
/// nothing where they don't suffice.
///
/// Orders by different rules start together, are compared after as many steps by how many gates they have
/// done, and the one ahead goes on alone, to be compared again only when it has taken much longer.
[[nodiscard]] std::optional<ModuleDiagram> module_diagram(const ModularCircuit& circuit, std::size_t module,
                                                          const std::vector<LeafValue>& leaf_values,
                                                          SolveLimits& limits);

}  // namespace venturi
