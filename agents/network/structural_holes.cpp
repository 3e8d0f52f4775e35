#include "agents/network/structural_holes.hpp"

#include "agents/network/centrality.hpp"
#include "agents/network/clustering.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <stdexcept>
#include <string>

namespace venturi {

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// Ties between vertices, with what they add up to at each.
struct Ties {
    Network network = {};           // undirected; the weight of an edge is the strength of the tie
    std::vector<double> sum = {};   // of the ties of a vertex
    std::vector<double> most = {};  // the strongest of them
};

Ties ties_of(const Network& network, const StructuralHoleOptions& options) {
    Ties ties{.network = undirected(weighed(network, options.weighted))};
    for (const NetworkEdge& edge : ties.network.edges)
        if (!(edge.weight > 0))
            throw std::invalid_argument("the tie of " + name_of(network, edge.source) + " and "
                                        + name_of(network, edge.target)
                                        + " has the weight 0; a tie's strength must be positive");
    ties.sum = strength(ties.network);
    ties.most.resize(network.vertices);
    for (const NetworkEdge& edge : ties.network.edges)
        for (const std::uint32_t end : {edge.source, edge.target})
            ties.most[end] = std::max(ties.most[end], edge.weight);
    return ties;
}

/// A triangle seen from one of its vertices, `of`, as a way to a second one, `to`, by the third, `by`.
struct Detour {
    std::uint32_t of = 0;
    std::uint32_t to = 0;
    std::uint32_t by = 0;
    std::uint32_t edge_of_to = 0;
    std::uint32_t edge_of_by = 0;
    std::uint32_t edge_by_to = 0;
};

template <class Visit>
void each_detour(const Network& network, const StopRequest* stop, const Visit& visit) {
    constexpr std::array<std::array<std::size_t, 3>, 6> orders = {
        {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}};
    each_triangle(
        network,
        [&](const Triangle& triangle) {
            for (const auto& [of, to, by] : orders)
                visit(Detour{.of = triangle.vertices[of],
                             .to = triangle.vertices[to],
                             .by = triangle.vertices[by],
                             .edge_of_to = triangle.edges[by],
                             .edge_of_by = triangle.edges[to],
                             .edge_by_to = triangle.edges[of]});
        },
        stop);
}

}  // namespace

std::vector<double> constraint(const Network& network, const StructuralHoleOptions& options) {
    const Ties ties = ties_of(network, options);
    const std::vector<NetworkEdge>& edges = ties.network.edges;
    const auto proportion = [&](std::size_t edge, std::uint32_t of) {
        return edges[edge].weight / ties.sum[of];
    };
    // What an end of an edge has invested in the other: by the source at 2 · edge, by the target behind it.
    std::vector<double> invested(2 * edges.size());
    for (std::size_t i = 0; i < edges.size(); ++i) {
        invested[2 * i] = proportion(i, edges[i].source);
        invested[2 * i + 1] = proportion(i, edges[i].target);
    }
    each_detour(ties.network, options.stop, [&](const Detour& detour) {
        const std::size_t end = edges[detour.edge_of_to].source == detour.of ? 0 : 1;
        invested[2 * std::size_t{detour.edge_of_to} + end] +=
            proportion(detour.edge_of_by, detour.of) * proportion(detour.edge_by_to, detour.by);
    });
    std::vector<double> result(network.vertices);
    for (std::size_t i = 0; i < edges.size(); ++i) {
        result[edges[i].source] += invested[2 * i] * invested[2 * i];
        result[edges[i].target] += invested[2 * i + 1] * invested[2 * i + 1];
    }
    for (std::size_t i = 0; i < result.size(); ++i)
        if (ties.sum[i] == 0) result[i] = not_a_number;
    return result;
}

std::vector<double> effective_size(const Network& network, const StructuralHoleOptions& options) {
    const Ties ties = ties_of(network, options);
    const std::vector<NetworkEdge>& edges = ties.network.edges;
    std::vector<double> redundancy(network.vertices);
    each_detour(ties.network, options.stop, [&](const Detour& detour) {
        redundancy[detour.of] += edges[detour.edge_of_by].weight / ties.sum[detour.of]
                                 * (edges[detour.edge_by_to].weight / ties.most[detour.to]);
    });
    std::vector<double> result(network.vertices, not_a_number);
    const std::vector<std::size_t> neighbours = degree(ties.network);
    for (std::size_t i = 0; i < result.size(); ++i)
        if (neighbours[i] > 0) result[i] = static_cast<double>(neighbours[i]) - redundancy[i];
    return result;
}

}  // namespace venturi
