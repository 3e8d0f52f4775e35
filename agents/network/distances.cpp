#include "agents/network/distances.hpp"

#include "sim/ensemble/stopped.hpp"
#include "sim/on_threads.hpp"

#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_reduce.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

namespace venturi {

namespace {

constexpr double unreachable = std::numeric_limits<double>::infinity();
constexpr std::size_t sources_at_once = 64;
// Partial sums are made for so many pieces at most, whatever the number of threads, so that they are added
// in the same order always.
constexpr std::size_t pieces = 16;

std::vector<double> steps_from(const NetworkGraph& graph, std::uint32_t source) {
    std::vector<double> distance(num_vertices(graph), unreachable);
    std::vector<std::uint32_t> found = {source};
    distance[source] = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        const auto [first, last] = adjacent_vertices(found[i], graph);
        for (auto at = first; at != last; ++at) {
            if (distance[*at] != unreachable) continue;
            distance[*at] = distance[found[i]] + 1;
            found.push_back(*at);
        }
    }
    return distance;
}

std::vector<double> lengths_from(const NetworkGraph& graph, std::uint32_t source) {
    std::vector<double> distance(num_vertices(graph));
    boost::dijkstra_shortest_paths(graph, source,
                                   boost::weight_map(get(&NetworkArc::weight, graph))
                                       .distance_map(boost::make_iterator_property_map(
                                           distance.begin(), get(boost::vertex_index, graph)))
                                       .distance_inf(unreachable));
    return distance;
}

void add(Reach& reach, std::size_t count, double distance) {
    reach.reached += count;
    reach.farthest = std::max(reach.farthest, distance);
    reach.total += static_cast<double>(count) * distance;
    reach.reciprocal += static_cast<double>(count) / distance;
}

/// Breadth-first searches from up to 64 vertices at once: bit i of a word stands for the i-th of them.
class SearchesAtOnce {
  public:
    explicit SearchesAtOnce(const NetworkGraph& graph)
        : graph_(&graph),
          seen_(num_vertices(graph)),
          front_(num_vertices(graph)),
          next_(num_vertices(graph)) {}

    /// Adds to each vertex its distances from the sources `first` to `last`, the latter not included.
    void run(std::size_t first, std::size_t last, std::span<Reach> reached) {
        std::fill(seen_.begin(), seen_.end(), 0);
        active_.clear();
        for (std::size_t source = first; source < last; ++source) {
            seen_[source] = front_[source] = std::uint64_t{1} << (source - first);
            active_.push_back(static_cast<std::uint32_t>(source));
        }
        for (double distance = 1; !active_.empty(); ++distance) {
            spread();
            settle(distance, reached);
        }
    }

  private:
    void spread() {
        touched_.clear();
        for (const std::uint32_t vertex : active_) {
            const auto [first, last] = adjacent_vertices(vertex, *graph_);
            for (auto at = first; at != last; ++at) {
                if (next_[*at] == 0) touched_.push_back(*at);
                next_[*at] |= front_[vertex];
            }
        }
        for (const std::uint32_t vertex : active_) front_[vertex] = 0;
    }
    void settle(double distance, std::span<Reach> reached) {
        active_.clear();
        for (const std::uint32_t vertex : touched_) {
            const std::uint64_t fresh = std::exchange(next_[vertex], 0) & ~seen_[vertex];
            if (fresh == 0) continue;
            seen_[vertex] |= fresh;
            front_[vertex] = fresh;
            add(reached[vertex], static_cast<std::size_t>(std::popcount(fresh)), distance);
            active_.push_back(vertex);
        }
    }

    const NetworkGraph* graph_;
    std::vector<std::uint64_t> seen_;
    std::vector<std::uint64_t> front_;
    std::vector<std::uint64_t> next_;
    std::vector<std::uint32_t> active_;   // vertices with a bit in `front_`
    std::vector<std::uint32_t> touched_;  // vertices with a bit in `next_`
};

std::vector<Reach> merged(std::vector<Reach> one, const std::vector<Reach>& other) {
    if (one.empty()) return other;
    for (std::size_t i = 0; i < other.size(); ++i) {
        one[i].reached += other[i].reached;
        one[i].farthest = std::max(one[i].farthest, other[i].farthest);
        one[i].total += other[i].total;
        one[i].reciprocal += other[i].reciprocal;
    }
    return one;
}

std::vector<Reach> reaches_in_steps(const Network& network, const StopRequest* stop) {
    // The searches tell a vertex how far it is from the sources, so they run against the edges.
    const NetworkGraph graph = graph_of(turned(network, EdgeDirection::in));
    const std::size_t blocks = (network.vertices + sources_at_once - 1) / sources_at_once;
    const tbb::blocked_range<std::size_t> all(0, blocks, std::max<std::size_t>(1, blocks / pieces));
    return tbb::parallel_deterministic_reduce(
        all, std::vector<Reach>{},
        [&](const tbb::blocked_range<std::size_t>& range, std::vector<Reach> sum) {
            sum.resize(network.vertices);
            SearchesAtOnce searches(graph);
            for (std::size_t block = range.begin(); block != range.end(); ++block) {
                stop_if_requested(stop);
                searches.run(block * sources_at_once,
                             std::min((block + 1) * sources_at_once, network.vertices), sum);
            }
            return sum;
        },
        merged);
}

std::vector<Reach> reaches_in_lengths(const Network& network, const StopRequest* stop) {
    const NetworkGraph graph = graph_of(network);
    std::vector<Reach> result(network.vertices);
    tbb::parallel_for(std::size_t{0}, network.vertices, [&](std::size_t source) {
        stop_if_requested(stop);
        const std::vector<double> distance = lengths_from(graph, static_cast<std::uint32_t>(source));
        for (std::size_t i = 0; i < distance.size(); ++i)
            if (i != source && distance[i] != unreachable) add(result[source], 1, distance[i]);
    });
    return result;
}

}  // namespace

Network turned(const Network& network, EdgeDirection direction) {
    if (!network.directed || direction == EdgeDirection::out) return network;
    if (direction == EdgeDirection::both) return undirected(network);
    Network result = network;
    for (NetworkEdge& edge : result.edges) std::swap(edge.source, edge.target);
    return result;
}

void expect_lengths(const Network& network) {
    for (const NetworkEdge& edge : network.edges)
        if (!(edge.weight > 0))
            throw std::invalid_argument("the edge from " + name_of(network, edge.source) + " to "
                                        + name_of(network, edge.target) + " has the length "
                                        + std::to_string(edge.weight) + "; a length must be positive");
}

Network lengths_from_strengths(const Network& network) {
    Network result = network;
    for (NetworkEdge& edge : result.edges) {
        const double length = 1 / edge.weight;
        if (!(edge.weight > 0) || !std::isfinite(length))
            throw std::invalid_argument("the edge from " + name_of(network, edge.source) + " to "
                                        + name_of(network, edge.target) + " has the strength "
                                        + std::to_string(edge.weight)
                                        + "; for a length, which is 1 / strength, it must be positive");
        edge.weight = length;
    }
    return result;
}

std::vector<double> distances_from(const Network& network, std::size_t source, const PathOptions& options) {
    if (source >= network.vertices)
        throw std::invalid_argument("vertex " + std::to_string(source) + " is no vertex of a network of "
                                    + std::to_string(network.vertices));
    if (options.weight_is_length) expect_lengths(network);
    const NetworkGraph graph = graph_of(turned(network, options.direction));
    const auto from = static_cast<std::uint32_t>(source);
    return options.weight_is_length ? lengths_from(graph, from) : steps_from(graph, from);
}

std::vector<Reach> reaches(const Network& network, const PathOptions& options) {
    if (options.weight_is_length) expect_lengths(network);
    if (network.vertices == 0) return {};
    const Network facing = turned(network, options.direction);
    return on_threads(options.threads, [&] {
        return options.weight_is_length ? reaches_in_lengths(facing, options.stop)
                                        : reaches_in_steps(facing, options.stop);
    });
}

std::vector<double> eccentricity(const Network& network, const PathOptions& options) {
    std::vector<double> result;
    result.reserve(network.vertices);
    for (const Reach& reach : reaches(network, options)) result.push_back(reach.farthest);
    return result;
}

PathSummary path_summary(const Network& network, const PathOptions& options) {
    PathSummary result;
    double total = 0;
    double reciprocal = 0;
    for (const Reach& reach : reaches(network, options)) {
        result.joined_pairs += reach.reached;
        result.diameter = std::max(result.diameter, reach.farthest);
        total += reach.total;
        reciprocal += reach.reciprocal;
    }
    const auto n = static_cast<double>(network.vertices);
    const double pairs = n * (n - 1);
    const auto joined = static_cast<double>(result.joined_pairs);
    result.joined_share = pairs > 0 ? joined / pairs : 1;
    result.mean_distance = joined > 0 ? total / joined : std::numeric_limits<double>::quiet_NaN();
    result.efficiency = pairs > 0 ? reciprocal / pairs : std::numeric_limits<double>::quiet_NaN();
    return result;
}

}  // namespace venturi
