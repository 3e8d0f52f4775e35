// Writes a network with what is known of its vertices and edges as GraphML, for networkx, igraph and Gephi.
#pragma once

#include "agents/network/network.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace venturi {

/// One thing that is known of all vertices, or of all edges, in their order. Numbers may be NaN where
/// nothing is known of one.
struct GraphmlColumn {
    std::string name;  ///< the attr.name
    std::variant<std::vector<double>, std::vector<std::int64_t>, std::vector<std::string>> values;
};

/// The text of a GraphML document. Vertices have their names as ids where all of these are name tokens of
/// XML and different, and otherwise n0, n1, ... with the names as `label`, where Gephi looks for them;
/// edges have their `weight`. Numbers are the shortest that read back the same; NaN is left out. What
/// parse_graphml reads back is the network itself. Throws std::invalid_argument where a column hasn't a value
/// for each vertex or edge, or a name is there twice or has a meaning of its own: `name` and `label` of
/// vertices, `weight` of edges.
[[nodiscard]] std::string graphml_text(const Network& network,
                                       std::span<const GraphmlColumn> of_vertices = {},
                                       std::span<const GraphmlColumn> of_edges = {});

}  // namespace venturi
