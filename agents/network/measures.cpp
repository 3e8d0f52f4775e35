#include "agents/network/measures.hpp"

#include "agents/network/assortativity.hpp"
#include "agents/network/centrality.hpp"
#include "agents/network/clustering.hpp"
#include "agents/network/cohesion.hpp"
#include "agents/network/distances.hpp"
#include "agents/network/structural_holes.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

namespace venturi {

namespace {

template <class Number>
std::vector<double> as_doubles(const std::vector<Number>& numbers) {
    std::vector<double> result;
    result.reserve(numbers.size());
    for (const Number number : numbers) result.push_back(static_cast<double>(number));
    return result;
}

double largest_share(const Components& components) {
    if (components.count() == 0) return 0;
    return static_cast<double>(components.sizes[components.largest()])
           / static_cast<double>(components.of_vertex.size());
}

std::vector<double> marks_of(std::size_t size, const std::vector<std::uint32_t>& marked) {
    std::vector<double> result(size);
    for (const std::uint32_t i : marked) result[i] = 1;
    return result;
}

constexpr auto lengths = WeightRole::lengths;
constexpr auto as_strengths = WeightRole::strengths;
constexpr PathOptions in_steps(const StopRequest* stop) {
    return {.stop = stop};
}
constexpr PathOptions by_lengths(const StopRequest* stop) {
    return {.weight_is_length = true, .stop = stop};
}
constexpr auto all_pairs = MeasureCost::all_pairs;
constexpr auto near_linear = MeasureCost::near_linear;

constexpr std::array measures_of_vertices = {
    VertexMeasure{"degree", "edges at the vertex, those that leave and those that arrive together",
                  near_linear, [](const Network& network) { return as_doubles(degree(network)); }},
    VertexMeasure{"in_degree", "edges that arrive; without directions, all", near_linear,
                  [](const Network& network) { return as_doubles(degree(network, EdgeDirection::in)); }},
    VertexMeasure{"out_degree", "edges that leave; without directions, all", near_linear,
                  [](const Network& network) { return as_doubles(degree(network, EdgeDirection::out)); }},
    VertexMeasure{"strength", "sum of the weights of the edges at the vertex", near_linear,
                  [](const Network& network) { return strength(network); }},
    VertexMeasure{"betweenness", "share of the pairs of others whose shortest paths pass through, in [0, 1]",
                  all_pairs,
                  [](const Network& network, const StopRequest* stop) {
                      return betweenness(network, {.paths = in_steps(stop)});
                  },
                  lengths,
                  [](const Network& network, const StopRequest* stop) {
                      return betweenness(network, {.paths = by_lengths(stop)});
                  }},
    VertexMeasure{"betweenness_raw",
                  "number of the pairs of others whose shortest paths pass through, unordered if undirected",
                  all_pairs,
                  [](const Network& network, const StopRequest* stop) {
                      return betweenness(network, {.paths = in_steps(stop), .normalised = false});
                  },
                  lengths,
                  [](const Network& network, const StopRequest* stop) {
                      return betweenness(network, {.paths = by_lengths(stop), .normalised = false});
                  }},
    VertexMeasure{
        "closeness", "share of others reached over their mean distance from the vertex (Wasserman & Faust)",
        all_pairs,
        [](const Network& network, const StopRequest* stop) { return closeness(network, in_steps(stop)); },
        lengths,
        [](const Network& network, const StopRequest* stop) { return closeness(network, by_lengths(stop)); }},
    VertexMeasure{"harmonic", "sum of 1 / distance to the others, 0 for those not reached", all_pairs,
                  [](const Network& network, const StopRequest* stop) {
                      return harmonic_centrality(network, in_steps(stop));
                  },
                  lengths,
                  [](const Network& network, const StopRequest* stop) {
                      return harmonic_centrality(network, by_lengths(stop));
                  }},
    VertexMeasure{
        "eccentricity", "largest distance to a vertex that is reached", all_pairs,
        [](const Network& network, const StopRequest* stop) { return eccentricity(network, in_steps(stop)); },
        lengths,
        [](const Network& network, const StopRequest* stop) {
            return eccentricity(network, by_lengths(stop));
        }},
    VertexMeasure{"eigenvector",
                  "principal eigenvector of the adjacency matrix, by edges that arrive; length 1",
                  near_linear,
                  [](const Network& network, const StopRequest* stop) {
                      return eigenvector_centrality(network, {.stop = stop});
                  }},
    VertexMeasure{"eigenvector_weighted",
                  "principal eigenvector of the matrix of weights, by edges that arrive; length 1",
                  near_linear,
                  [](const Network& network, const StopRequest* stop) {
                      return eigenvector_centrality(network, {.weighted = true, .stop = stop});
                  }},
    VertexMeasure{
        "pagerank", "PageRank with damping 0.85, dead ends jumping anywhere; sums to 1", near_linear,
        [](const Network& network, const StopRequest* stop) { return page_rank(network, {.stop = stop}); }},
    VertexMeasure{"pagerank_weighted", "PageRank with edges followed in proportion to weights; sums to 1",
                  near_linear,
                  [](const Network& network, const StopRequest* stop) {
                      return page_rank(network, {.weighted = true, .stop = stop});
                  }},
    VertexMeasure{"clustering",
                  "share of the pairs of neighbours that are joined; 0 below two neighbours; "
                  "directions ignored",
                  near_linear,
                  [](const Network& network, const StopRequest* stop) {
                      return clustering_coefficient(network, stop);
                  }},
    VertexMeasure{
        "triangles", "triangles with the vertex in them; directions ignored", near_linear,
        [](const Network& network, const StopRequest* stop) { return as_doubles(triangles(network, stop)); }},
    VertexMeasure{"core_number", "largest k whose k-core holds the vertex; directions ignored", near_linear,
                  [](const Network& network) { return as_doubles(core_number(network)); }},
    VertexMeasure{
        "constraint", "Burt's constraint, ties in both directions added; NaN without neighbours", near_linear,
        [](const Network& network, const StopRequest* stop) { return constraint(network, {.stop = stop}); },
        as_strengths,
        [](const Network& network, const StopRequest* stop) {
            return constraint(network, {.weighted = true, .stop = stop});
        }},
    VertexMeasure{"effective_size", "neighbours less their redundancy (Burt); NaN without neighbours",
                  near_linear,
                  [](const Network& network, const StopRequest* stop) {
                      return effective_size(network, {.stop = stop});
                  },
                  as_strengths,
                  [](const Network& network, const StopRequest* stop) {
                      return effective_size(network, {.weighted = true, .stop = stop});
                  }},
    VertexMeasure{
        "articulation_point",
        "1 where the component falls apart without the vertex, else 0; directions "
        "ignored",
        near_linear,
        [](const Network& network) { return marks_of(network.vertices, articulation_points(network)); }},
    VertexMeasure{"component", "number of the weak component, by first vertices", near_linear,
                  [](const Network& network) { return as_doubles(weak_components(network).of_vertex); }},
    VertexMeasure{"strong_component", "number of the strong component, by first vertices", near_linear,
                  [](const Network& network) { return as_doubles(strong_components(network).of_vertex); }},
};

constexpr std::array measures_of_networks = {
    NetworkMeasure{"density", "share of the possible edges that are there; NaN below two vertices",
                   near_linear,
                   [](const Network& network) {
                       const auto n = static_cast<double>(network.vertices);
                       const auto m = static_cast<double>(network.edges.size());
                       return m * (network.directed ? 1 : 2) / (n * (n - 1));
                   }},
    NetworkMeasure{
        "components", "weak components", near_linear,
        [](const Network& network) { return static_cast<double>(weak_components(network).count()); }},
    NetworkMeasure{
        "strong_components", "strong components", near_linear,
        [](const Network& network) { return static_cast<double>(strong_components(network).count()); }},
    NetworkMeasure{"largest_component", "share of the vertices in the largest weak component", near_linear,
                   [](const Network& network) { return largest_share(weak_components(network)); }},
    NetworkMeasure{"bridges", "edges without which a component falls apart; directions ignored", near_linear,
                   [](const Network& network) { return static_cast<double>(bridges(network).size()); }},
    NetworkMeasure{"transitivity", "3 triangles / connected triples; directions ignored", near_linear,
                   [](const Network& network, const StopRequest* stop) {
                       return clustering_summary(network, stop).transitivity;
                   }},
    NetworkMeasure{"mean_clustering", "mean of the local clustering coefficients; directions ignored",
                   near_linear,
                   [](const Network& network, const StopRequest* stop) {
                       return clustering_summary(network, stop).mean_local;
                   }},
    NetworkMeasure{"degree_assortativity",
                   "correlation of the degrees at the ends of an edge, out and in where "
                   "directed",
                   near_linear, [](const Network& network) { return degree_assortativity(network); }},
    NetworkMeasure{"diameter", "largest distance of two vertices that a path joins", all_pairs,
                   [](const Network& network, const StopRequest* stop) {
                       return path_summary(network, in_steps(stop)).diameter;
                   },
                   lengths,
                   [](const Network& network, const StopRequest* stop) {
                       return path_summary(network, by_lengths(stop)).diameter;
                   }},
    NetworkMeasure{"mean_distance", "mean distance of two vertices that a path joins", all_pairs,
                   [](const Network& network, const StopRequest* stop) {
                       return path_summary(network, in_steps(stop)).mean_distance;
                   },
                   lengths,
                   [](const Network& network, const StopRequest* stop) {
                       return path_summary(network, by_lengths(stop)).mean_distance;
                   }},
    NetworkMeasure{"efficiency", "mean of 1 / distance over all pairs, 0 where no path joins them", all_pairs,
                   [](const Network& network, const StopRequest* stop) {
                       return path_summary(network, in_steps(stop)).efficiency;
                   },
                   lengths,
                   [](const Network& network, const StopRequest* stop) {
                       return path_summary(network, by_lengths(stop)).efficiency;
                   }},
};

VertexMeasure measure_named(std::string_view name) {
    const auto at = std::find_if(measures_of_vertices.begin(), measures_of_vertices.end(),
                                 [&](const VertexMeasure& measure) { return measure.name == name; });
    if (at != measures_of_vertices.end()) return *at;
    std::string message = "there is no measure \"" + std::string(name) + "\"; there are all";
    for (const VertexMeasure& measure : measures_of_vertices) message += ", " + std::string(measure.name);
    throw std::invalid_argument(message);
}

}  // namespace

std::span<const VertexMeasure> vertex_measures() {
    return measures_of_vertices;
}

std::span<const NetworkMeasure> network_measures() {
    return measures_of_networks;
}

std::vector<VertexMeasure> vertex_measures_named(std::string_view list) {
    if (list == "all") return {measures_of_vertices.begin(), measures_of_vertices.end()};
    std::vector<VertexMeasure> result;
    while (true) {
        const std::size_t comma = list.find(',');
        result.push_back(measure_named(list.substr(0, comma)));
        if (comma == std::string_view::npos) return result;
        list.remove_prefix(comma + 1);
    }
}

}  // namespace venturi
