// Triangles: how often two neighbours of a vertex are neighbours of each other.
#pragma once

#include "agents/network/network.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace venturi {

/// Three vertices that are all joined. Edge i, an index into Network::edges, joins the vertices other than
/// vertex i.
struct Triangle {
    std::array<std::uint32_t, 3> vertices = {};
    std::array<std::uint32_t, 3> edges = {};
};

/// Calls `visit` once for each triangle of an undirected network, in an order that depends on the network
/// alone. O(edges^1.5) at worst, whatever the largest degree: each edge is looked at from its end of smaller
/// degree only (Schank & Wagner, "Finding, counting and listing all triangles in large graphs", 2005). Throws
/// std::invalid_argument where the network is directed; Stopped, as all here, where `stop` asks for that.
void each_triangle(const Network& network, const std::function<void(const Triangle&)>& visit,
                   const StopRequest* stop = nullptr);

// What follows ignores weights, and directions: a directed network counts as `undirected` makes it.

/// The triangles that a vertex is part of. Shape: vertices.
[[nodiscard]] std::vector<std::size_t> triangles(const Network& network, const StopRequest* stop = nullptr);

/// The local clustering coefficient, the share of the pairs of a vertex's neighbours that are joined: 2 t /
/// (k (k − 1)) for t triangles and degree k (Watts & Strogatz, Nature 393, 440, 1998); 0 where k < 2. Shape:
/// vertices.
[[nodiscard]] std::vector<double> clustering_coefficient(const Network& network,
                                                         const StopRequest* stop = nullptr);

/// Clustering in a few numbers.
struct ClusteringSummary {
    std::size_t triangles = 0;
    /// Paths of two edges: Σ k (k − 1) / 2.
    double connected_triples = 0;
    /// 3 · triangles / connected triples, the global clustering coefficient (Newman, Watts & Strogatz, 2002);
    /// 0 where there are no triples.
    double transitivity = 0;
    /// The mean of the local coefficients, the 0 of vertices with k < 2 among them (Watts & Strogatz, 1998);
    /// NaN where there are no vertices.
    double mean_local = 0;
};

[[nodiscard]] ClusteringSummary clustering_summary(const Network& network, const StopRequest* stop = nullptr);

}  // namespace venturi
