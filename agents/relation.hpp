// What stands at the vertices and edges of a world's graph.
#pragma once

#include "agents/event.hpp"
#include "agents/graph.hpp"

#include <cstdint>

namespace venturi {

/// What stands at a vertex: the agent's kind, and its index among its kind.
struct AgentVertex {
    AgentKind kind = AgentKind::environment;
    std::uint32_t index = 0;
};

/// What a relation is. Environment → anyone: surrounds; startup → segment: competes_in; investor → startup:
/// stake; talent pool → startup: employs; insurer → startup: insures; startup → partner: cooperates.
struct Relation {
    enum class Kind : std::uint8_t { surrounds, competes_in, stake, employs, insures, cooperates };
    Kind kind = Kind::surrounds;
    double since = 0;
    double shares = 0;             ///< of a stake
    double invested = 0;           ///< of a stake, dollars; of insures: premiums of settled policies
    double returned = 0;           ///< of a stake, dollars; of insures: claims paid
    std::uint32_t people = 0;      ///< of employs: how many of the pool's role work there
    std::uint8_t share_class = 0;  ///< of a stake: the preferred class it was bought in
    std::uint32_t tie = 0;         ///< of cooperates: the record of the tie
};

using WorldGraph = RelationGraph<AgentVertex, Relation>;

using RelationEdge = WorldGraph::edge_descriptor;

}  // namespace venturi
