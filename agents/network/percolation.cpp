#include "agents/network/percolation.hpp"

#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/filtered_graph.hpp>
#include <boost/graph/properties.hpp>
#include <boost/graph/visitors.hpp>
#include <boost/math/tools/roots.hpp>
#include <boost/pending/disjoint_sets.hpp>
#include <boost/pending/queue.hpp>
#include <boost/property_map/property_map.hpp>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>

namespace venturi {

namespace {

void expect_transmissibility(double transmissibility) {
    if (transmissibility >= 0 && transmissibility <= 1) return;
    std::ostringstream message;
    message << "the transmissibility is " << transmissibility << "; a probability lies between 0 and 1";
    throw std::invalid_argument(message.str());
}

bool is_open(std::uint32_t edge, double transmissibility, const StreamAddress& address) {
    return unit_uniform(word_at(address, edge)) < transmissibility;
}

// For boost::filtered_graph, which wants a predicate that can be made from nothing.
struct OpenArcs {
    const NetworkGraph* graph = nullptr;
    double transmissibility = 0;
    StreamAddress address = {};

    bool operator()(const NetworkGraph::edge_descriptor& arc) const {
        return is_open((*graph)[arc].edge, transmissibility, address);
    }
};

}  // namespace

Percolation bond_percolation(const Network& network, double transmissibility, const StreamAddress& address) {
    expect_transmissibility(transmissibility);
    if (network.directed)
        throw std::invalid_argument(
            "a directed network does not fall into components that go both ways; take undirected(network)");
    std::vector<std::uint32_t> rank(network.vertices);
    std::vector<std::uint32_t> parent(network.vertices);
    const boost::typed_identity_property_map<std::uint32_t> index;
    boost::disjoint_sets sets(boost::make_iterator_property_map(rank.begin(), index),
                              boost::make_iterator_property_map(parent.begin(), index));
    for (std::uint32_t vertex = 0; vertex < network.vertices; ++vertex) sets.make_set(vertex);
    for (std::size_t edge = 0; edge < network.edges.size(); ++edge)
        if (is_open(static_cast<std::uint32_t>(edge), transmissibility, address))
            sets.union_set(network.edges[edge].source, network.edges[edge].target);

    constexpr std::uint32_t unnumbered = std::numeric_limits<std::uint32_t>::max();
    std::vector<std::uint32_t> number(network.vertices, unnumbered);  // of the set that a vertex stands for
    Percolation percolation;
    percolation.component.reserve(network.vertices);
    for (std::uint32_t vertex = 0; vertex < network.vertices; ++vertex) {
        std::uint32_t& component = number[sets.find_set(vertex)];
        if (component == unnumbered) {
            component = static_cast<std::uint32_t>(percolation.sizes.size());
            percolation.sizes.push_back(0);
        }
        percolation.component.push_back(component);
        percolation.largest = std::max(percolation.largest, ++percolation.sizes[component]);
    }
    return percolation;
}

Outbreak reed_frost_outbreak(const NetworkGraph& graph, std::span<const std::uint32_t> seeds,
                             double transmissibility, const StreamAddress& address) {
    expect_transmissibility(transmissibility);
    const std::size_t vertices = num_vertices(graph);
    Outbreak outbreak;
    outbreak.generation.assign(vertices, Outbreak::never);
    for (const std::uint32_t seed : seeds) {
        if (seed >= vertices)
            throw std::invalid_argument("seed " + std::to_string(seed) + " is no vertex; there are "
                                        + std::to_string(vertices));
        outbreak.generation[seed] = 0;
    }
    const boost::filtered_graph open(graph, OpenArcs{&graph, transmissibility, address});
    const auto index = get(boost::vertex_index, graph);
    const auto generation = boost::make_iterator_property_map(outbreak.generation.begin(), index);
    std::vector<boost::default_color_type> colours(vertices, boost::white_color);
    boost::queue<std::uint32_t> queue;
    boost::breadth_first_visit(
        open, seeds.begin(), seeds.end(), queue,
        boost::make_bfs_visitor(boost::record_distances(generation, boost::on_tree_edge())),
        boost::make_iterator_property_map(colours.begin(), index));
    outbreak.size = vertices
                    - static_cast<std::size_t>(
                        std::count(outbreak.generation.begin(), outbreak.generation.end(), Outbreak::never));
    return outbreak;
}

double final_size(double reproduction_number) {
    const double r = reproduction_number;
    if (!(r >= 0)) {
        std::ostringstream message;
        message << "the reproduction number is " << r << "; it is at least 0";
        throw std::invalid_argument(message.str());
    }
    if (r <= 1) return 0;
    if (std::isinf(r)) return 1;
    // From 1 − e^−x ≥ x − x²/2 follows z ≥ 2 (R − 1) / R²; the excess is concave and Newton's steps from 1
    // come down to the root without passing it. (By Lambert's W, the root near R = 1 would lose half its
    // digits.)
    const double least = 2 * (r - 1) / (r * r) * (1 - 1e-12);
    std::uintmax_t steps = 200;
    return boost::math::tools::newton_raphson_iterate(
        [r](double z) { return std::pair(-std::expm1(-r * z) - z, r * std::exp(-r * z) - 1); }, 1.0,
        std::min(least, 1.0), 1.0, std::numeric_limits<double>::digits, steps);
}

}  // namespace venturi
