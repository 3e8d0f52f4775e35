#include "agents/network/network.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace venturi {

namespace {

using Ends = std::pair<std::uint32_t, std::uint32_t>;

Ends ends_of(const Network& network, const NetworkEdge& edge) {
    if (network.directed || edge.source < edge.target) return {edge.source, edge.target};
    return {edge.target, edge.source};
}

std::string text_of(const Network& network, const NetworkEdge& edge) {
    return "the edge from " + name_of(network, edge.source) + " to " + name_of(network, edge.target);
}

}  // namespace

std::string name_of(const Network& network, std::size_t vertex) {
    return network.names.empty() ? std::to_string(vertex) : network.names.at(vertex);
}

void expect_sound(const Network& network) {
    if (!network.names.empty() && network.names.size() != network.vertices)
        throw std::invalid_argument("a network has a name for each vertex, or none");
    std::vector<Ends> all;
    all.reserve(network.edges.size());
    for (std::size_t i = 0; i < network.edges.size(); ++i) {
        const NetworkEdge& edge = network.edges[i];
        if (edge.source >= network.vertices || edge.target >= network.vertices)
            throw std::invalid_argument("edge " + std::to_string(i) + ": an end is no vertex");
        if (edge.source == edge.target)
            throw std::invalid_argument(text_of(network, edge) + " joins a vertex to itself");
        if (!std::isfinite(edge.weight))
            throw std::invalid_argument(text_of(network, edge) + " has a weight that is not finite");
        all.push_back(ends_of(network, edge));
    }
    std::sort(all.begin(), all.end());
    const auto twice = std::adjacent_find(all.begin(), all.end());
    if (twice != all.end())
        throw std::invalid_argument(text_of(network, {twice->first, twice->second}) + " is there twice");
}

NetworkGraph graph_of(const Network& network) {
    std::vector<Ends> arcs;
    std::vector<NetworkArc> carried;
    const std::size_t count = network.edges.size() * (network.directed ? 1 : 2);
    arcs.reserve(count);
    carried.reserve(count);
    for (std::size_t i = 0; i < network.edges.size(); ++i) {
        const NetworkEdge& edge = network.edges[i];
        const NetworkArc arc{edge.weight, static_cast<std::uint32_t>(i)};
        arcs.emplace_back(edge.source, edge.target);
        carried.push_back(arc);
        if (network.directed) continue;
        arcs.emplace_back(edge.target, edge.source);
        carried.push_back(arc);
    }
    return {boost::edges_are_unsorted_multi_pass, arcs.begin(), arcs.end(), carried.begin(),
            static_cast<std::uint32_t>(network.vertices)};
}

Network undirected(const Network& network) {
    if (!network.directed) return network;
    std::vector<std::pair<Ends, double>> all;
    all.reserve(network.edges.size());
    for (const NetworkEdge& edge : network.edges)
        all.push_back({std::minmax(edge.source, edge.target), edge.weight});
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& one, const auto& other) { return one.first < other.first; });
    Network made{.directed = false, .vertices = network.vertices, .edges = {}, .names = network.names};
    for (const auto& [ends, weight] : all) {
        const bool again = !made.edges.empty() && made.edges.back().source == ends.first
                           && made.edges.back().target == ends.second;
        if (again)
            made.edges.back().weight += weight;
        else
            made.edges.push_back({ends.first, ends.second, weight});
    }
    return made;
}

}  // namespace venturi
