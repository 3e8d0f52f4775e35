#include "agents/network/cohesion.hpp"

#include <boost/graph/biconnected_components.hpp>
#include <boost/graph/connected_components.hpp>
#include <boost/graph/core_numbers.hpp>
#include <boost/graph/strong_components.hpp>
#include <boost/property_map/function_property_map.hpp>

#include <algorithm>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <unordered_map>
#include <utility>

namespace venturi {

namespace {

template <class T>
auto map_of(std::vector<T>& values, const NetworkGraph& graph) {
    return boost::make_iterator_property_map(values.begin(), get(boost::vertex_index, graph));
}

Components renumbered(std::vector<std::uint32_t> of_vertex) {
    constexpr auto none = std::numeric_limits<std::uint32_t>::max();
    Components result{.of_vertex = std::move(of_vertex)};
    std::vector<std::uint32_t> number(result.of_vertex.size(), none);
    for (std::uint32_t& component : result.of_vertex) {
        if (number[component] == none) {
            number[component] = static_cast<std::uint32_t>(result.sizes.size());
            result.sizes.push_back(0);
        }
        component = number[component];
        ++result.sizes[component];
    }
    return result;
}

struct Biconnected {
    std::vector<std::size_t> of_edge = {};  // the biconnected component of each edge
    std::vector<std::uint32_t> articulation = {};
};

// Boost's algorithm is for undirected graphs. On ours, with an arc in each direction, it is right as well:
// the second arc that it meets of an edge leads forward or to the parent, and is passed over.
Biconnected biconnected(const Network& simple) {
    const NetworkGraph graph = graph_of(simple);
    Biconnected result{.of_edge = std::vector<std::size_t>(simple.edges.size())};
    using Arc = boost::graph_traits<NetworkGraph>::edge_descriptor;
    const auto component = boost::make_function_property_map<Arc>(
        [&](const Arc& arc) -> std::size_t& { return result.of_edge[graph[arc].edge]; });
    boost::biconnected_components(graph, component, std::back_inserter(result.articulation));
    std::sort(result.articulation.begin(), result.articulation.end());
    return result;
}

// Marks of the edges that share their biconnected component with no other.
std::vector<bool> alone(const std::vector<std::size_t>& component_of_edge) {
    std::unordered_map<std::size_t, std::size_t> size;
    for (const std::size_t component : component_of_edge) ++size[component];
    std::vector<bool> result(component_of_edge.size());
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = size[component_of_edge[i]] == 1;
    return result;
}

}  // namespace

std::size_t Components::largest() const {
    if (sizes.empty()) throw std::invalid_argument("a network without vertices has no largest component");
    return static_cast<std::size_t>(std::max_element(sizes.begin(), sizes.end()) - sizes.begin());
}

Components weak_components(const Network& network) {
    const NetworkGraph graph = graph_of(undirected(network));
    std::vector<std::uint32_t> of_vertex(network.vertices);
    boost::connected_components(graph, map_of(of_vertex, graph));
    return renumbered(std::move(of_vertex));
}

Components strong_components(const Network& network) {
    if (!network.directed) return weak_components(network);
    const NetworkGraph graph = graph_of(network);
    std::vector<std::uint32_t> of_vertex(network.vertices);
    boost::strong_components(graph, map_of(of_vertex, graph));
    return renumbered(std::move(of_vertex));
}

std::vector<std::size_t> core_number(const Network& network) {
    const NetworkGraph graph = graph_of(undirected(network));
    std::vector<std::size_t> result(network.vertices);
    boost::core_numbers(graph, map_of(result, graph));
    return result;
}

std::vector<std::uint32_t> articulation_points(const Network& network) {
    return biconnected(undirected(network)).articulation;
}

std::vector<std::uint32_t> bridges(const Network& network) {
    const Network simple = undirected(network);
    const std::vector<bool> is_bridge = alone(biconnected(simple).of_edge);
    std::vector<std::uint32_t> result;
    if (!network.directed) {
        for (std::uint32_t i = 0; i < is_bridge.size(); ++i)
            if (is_bridge[i]) result.push_back(i);
        return result;
    }
    std::vector<std::pair<std::uint32_t, std::uint32_t>> ends;
    for (std::size_t i = 0; i < is_bridge.size(); ++i)
        if (is_bridge[i]) ends.emplace_back(simple.edges[i].source, simple.edges[i].target);
    std::unordered_map<std::uint64_t, std::uint32_t> edges_between;
    const auto key = [](std::uint32_t a, std::uint32_t b) {
        return std::uint64_t{std::min(a, b)} << 32 | std::max(a, b);
    };
    for (const NetworkEdge& edge : network.edges) ++edges_between[key(edge.source, edge.target)];
    std::sort(ends.begin(), ends.end());
    for (std::uint32_t i = 0; i < network.edges.size(); ++i) {
        const NetworkEdge& edge = network.edges[i];
        const std::pair<std::uint32_t, std::uint32_t> pair = std::minmax(edge.source, edge.target);
        if (std::binary_search(ends.begin(), ends.end(), pair)
            && edges_between[key(pair.first, pair.second)] == 1)
            result.push_back(i);
    }
    return result;
}

}  // namespace venturi
