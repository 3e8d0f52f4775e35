// What holds a network together: components, cores, and the vertices and edges without which it falls apart.
#pragma once

#include "agents/network/network.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace venturi {

/// A division of the vertices into components, numbered in the order of their first vertices.
struct Components {
    std::vector<std::uint32_t> of_vertex = {};  ///< the component of each vertex
    std::vector<std::size_t> sizes = {};        ///< the vertices of each component

    [[nodiscard]] std::size_t count() const { return sizes.size(); }
    /// The component with the most vertices, the first of them in a tie. Throws std::invalid_argument where
    /// there is none.
    [[nodiscard]] std::size_t largest() const;
};

/// Two vertices are in the same component where a path joins them; directions are ignored. O(vertices +
/// edges), as are the rest.
[[nodiscard]] Components weak_components(const Network& network);

/// Two vertices are in the same component where paths lead from each to the other, along the edges (Tarjan,
/// 1972). Of an undirected network, the weak components.
[[nodiscard]] Components strong_components(const Network& network);

/// The largest k for which a vertex is in the k-core, the largest subgraph in which each vertex has k
/// neighbours or more (Seidman, Social Networks 5, 269, 1983; Batagelj & Zaveršnik, 2003). Directions and
/// weights are ignored. Shape: vertices.
[[nodiscard]] std::vector<std::size_t> core_number(const Network& network);

/// The vertices without which the rest of their component falls apart, in increasing order (Hopcroft &
/// Tarjan, 1973). Directions are ignored.
[[nodiscard]] std::vector<std::uint32_t> articulation_points(const Network& network);

/// The edges without which their component falls apart, as indices into Network::edges in increasing order.
/// Directions are ignored: an edge with a counterpart in the other direction is no bridge.
[[nodiscard]] std::vector<std::uint32_t> bridges(const Network& network);

}  // namespace venturi
