// A network by itself: vertices with names, edges with weights. A value, made by a reader, by a generator, by
// hand, or from a world; what can be asked of it stands beside it in this folder.
#pragma once

#include <boost/graph/compressed_sparse_row_graph.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace venturi {

struct NetworkEdge {
    std::uint32_t source = 0;
    std::uint32_t target = 0;
    double weight = 1;

    friend bool operator==(const NetworkEdge&, const NetworkEdge&) = default;
};

/// A simple graph: no edge joins a vertex to itself, and no two edges join the same vertices (in the same
/// direction, where the network is directed). Vertices are numbered from 0; edges stand in any order.
struct Network {
    bool directed = false;
    std::size_t vertices = 0;
    std::vector<NetworkEdge> edges = {};
    std::vector<std::string> names = {};  ///< of the vertices; empty where they go by their numbers
};

/// The name of a vertex, or its number where the vertices have no names.
[[nodiscard]] std::string name_of(const Network& network, std::size_t vertex);

/// Does nothing if the network is sound; throws std::invalid_argument, with a message that names the edge,
/// where an end is no vertex, an edge is a self-loop or there twice, a weight is not finite, or there are
/// names but not one for each vertex. O(vertices + edges · log edges).
void expect_sound(const Network& network);

/// What an arc carries in the Boost graph of a network.
struct NetworkArc {
    double weight = 1;
    std::uint32_t edge = 0;  ///< index into Network::edges
};

/// A network as a graph on which Boost's algorithms run. An edge of an undirected network is there as two
/// arcs, one in each direction, both with the edge's index.
using NetworkGraph = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, NetworkArc,
                                                        boost::no_property, std::uint32_t, std::uint32_t>;

/// The graph of a sound network. Arcs of a vertex are in the order of `edges`.
[[nodiscard]] NetworkGraph graph_of(const Network& network);

/// The same edges without direction, where two that join the same vertices in both directions become one, of
/// the sum of their weights.
[[nodiscard]] Network undirected(const Network& network);

}  // namespace venturi
