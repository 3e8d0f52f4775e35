#include "agents/network/clustering.hpp"

#include "sim/ensemble/stopped.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace venturi {

namespace {

constexpr std::uint32_t no_edge = std::numeric_limits<std::uint32_t>::max();

std::vector<std::size_t> degrees_of(const Network& network) {
    std::vector<std::size_t> degree(network.vertices);
    for (const NetworkEdge& edge : network.edges) {
        ++degree[edge.source];
        ++degree[edge.target];
    }
    return degree;
}

std::vector<std::size_t> triangles_of(const Network& undirected_network, const StopRequest* stop) {
    std::vector<std::size_t> count(undirected_network.vertices);
    each_triangle(
        undirected_network,
        [&](const Triangle& triangle) {
            for (const std::uint32_t vertex : triangle.vertices) ++count[vertex];
        },
        stop);
    return count;
}

double pairs_of(std::size_t degree) {
    const auto k = static_cast<double>(degree);
    return k * (k - 1) / 2;
}

double local_coefficient(std::size_t triangles, std::size_t degree) {
    return degree < 2 ? 0 : static_cast<double>(triangles) / pairs_of(degree);
}

}  // namespace

// Not Boost's clustering_coefficient: it looks up an edge for each pair of neighbours, which takes forever at
// a hub, and gives no list.
void each_triangle(const Network& network, const std::function<void(const Triangle&)>& visit,
                   const StopRequest* stop) {
    if (network.directed)
        throw std::invalid_argument("triangles are listed of an undirected network; make it one first");
    const std::vector<std::size_t> degree = degrees_of(network);
    // Every edge as an arc from its end of smaller degree (of smaller number, if equal): no vertex has more
    // than √(2 · edges) of those.
    Network upward{.directed = true, .vertices = network.vertices, .edges = network.edges};
    for (NetworkEdge& edge : upward.edges)
        if (std::pair(degree[edge.source], edge.source) > std::pair(degree[edge.target], edge.target))
            std::swap(edge.source, edge.target);
    const NetworkGraph graph = graph_of(upward);
    std::vector<std::uint32_t> edge_to(network.vertices, no_edge);
    const auto arcs_of = [&](std::uint32_t vertex) { return out_edges(vertex, graph); };
    for (std::uint32_t a = 0; a < network.vertices; ++a) {
        stop_if_requested(stop);
        const auto [first, last] = arcs_of(a);
        for (auto ab = first; ab != last; ++ab) edge_to[target(*ab, graph)] = graph[*ab].edge;
        for (auto ab = first; ab != last; ++ab) {
            const std::uint32_t b = target(*ab, graph);
            const auto [first_of_b, last_of_b] = arcs_of(b);
            for (auto bc = first_of_b; bc != last_of_b; ++bc) {
                const std::uint32_t c = target(*bc, graph);
                if (edge_to[c] != no_edge)
                    visit({.vertices = {a, b, c}, .edges = {graph[*bc].edge, edge_to[c], graph[*ab].edge}});
            }
        }
        for (auto ab = first; ab != last; ++ab) edge_to[target(*ab, graph)] = no_edge;
    }
}

std::vector<std::size_t> triangles(const Network& network, const StopRequest* stop) {
    return triangles_of(undirected(network), stop);
}

std::vector<double> clustering_coefficient(const Network& network, const StopRequest* stop) {
    const Network simple = undirected(network);
    const std::vector<std::size_t> degree = degrees_of(simple);
    const std::vector<std::size_t> count = triangles_of(simple, stop);
    std::vector<double> result(simple.vertices);
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = local_coefficient(count[i], degree[i]);
    return result;
}

ClusteringSummary clustering_summary(const Network& network, const StopRequest* stop) {
    const Network simple = undirected(network);
    const std::vector<std::size_t> degree = degrees_of(simple);
    const std::vector<std::size_t> count = triangles_of(simple, stop);
    ClusteringSummary result;
    for (std::size_t i = 0; i < count.size(); ++i) {
        result.triangles += count[i];
        result.connected_triples += pairs_of(degree[i]);
        result.mean_local += local_coefficient(count[i], degree[i]);
    }
    // Summed over vertices, a triangle counts thrice.
    if (result.connected_triples > 0)
        result.transitivity = static_cast<double>(result.triangles) / result.connected_triples;
    result.triangles /= 3;
    result.mean_local /= static_cast<double>(simple.vertices);
    return result;
}

}  // namespace venturi
