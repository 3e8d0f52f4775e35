// Rewriting a circuit into an equivalent one of which diagrams are small and modules many.
#pragma once

#include "agents/risk/logic_circuit.hpp"
#include "sim/ensemble/stop_request.hpp"

namespace venturi {

/// A conjunction inside a conjunction that is its only use becomes part of it (so does an or in an or, by De
/// Morgan), and an exclusive or in an exclusive or.
[[nodiscard]] LogicCircuit coalesced(const LogicCircuit& circuit);

/// Arguments that conjunctions have only together become a gate of their own, which is often a module.
[[nodiscard]] LogicCircuit grouped(const LogicCircuit& circuit);

/// Under a conjunction only what happens while the other arguments are true matters. Whatever is known on all
/// ways from the top to a gate (a literal beside the gate or beside one above it, and what follows) replaces
/// the literals by constants there. Of two arguments only the later in the bottom-up order is simplified
/// under the earlier, or each could be dropped in favour of the other.
///
/// The function of the top remains; those of gates change where they don't matter. Takes up to nodes² / 4
/// bytes: `circuit` is returned as it is where it has more than 8192 nodes.
[[nodiscard]] LogicCircuit simplified_in_context(const LogicCircuit& circuit,
                                                 const StopRequest* stop = nullptr);

/// All three, until nothing changes. Throws Stopped where `stop` asks for that.
[[nodiscard]] LogicCircuit simplified(LogicCircuit circuit, const StopRequest* stop = nullptr);

}  // namespace venturi
