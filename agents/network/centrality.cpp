#include "agents/network/centrality.hpp"

#include "agents/network/cohesion.hpp"
#include "sim/dense_systems.hpp"
#include "sim/ensemble/stopped.hpp"
#include "sim/on_threads.hpp"
#include "sim/random/stream.hpp"

#include <Eigen/Core>
#include <Eigen/SparseCore>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <tbb/blocked_range.h>
#include <tbb/parallel_reduce.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

namespace venturi {

namespace {

// ---------------------------------------------------------------------------------------- shortest paths

// Two lengths of which one is the sum of the same numbers in another order are equal.
constexpr double equal_lengths = 1e-12;

/// What Brandes' algorithm knows of a vertex, side by side as it is needed.
struct Passage {
    double paths = 0;                                                 // shortest ones from the source
    double share = 0;                                                 // (1 + dependency) / paths
    std::uint32_t steps = std::numeric_limits<std::uint32_t>::max();  // from the source
};

/// Vertices in the order of their distance in steps from a source, with the number of shortest paths.
class StepSearch {
  public:
    explicit StepSearch(const NetworkGraph& graph) : graph_(&graph), passages_(num_vertices(graph)) {}

    void run(std::uint32_t source) {
        for (const std::uint32_t vertex : order_) passages_[vertex] = {};
        order_.assign(1, source);
        passages_[source] = {.paths = 1, .steps = 0};
        for (std::size_t i = 0; i < order_.size(); ++i) {
            const Passage here = passages_[order_[i]];
            const auto [first, last] = adjacent_vertices(order_[i], *graph_);
            for (auto at = first; at != last; ++at) {
                Passage& there = passages_[*at];
                if (there.steps == Passage{}.steps) {
                    there.steps = here.steps + 1;
                    order_.push_back(*at);
                }
                if (there.steps == here.steps + 1) there.paths += here.paths;
            }
        }
    }
    /// The source, and all that it reaches.
    [[nodiscard]] const std::vector<std::uint32_t>& order() const { return order_; }
    [[nodiscard]] Passage& at(std::uint32_t vertex) { return passages_[vertex]; }
    /// Whether an arc between two vertices is on a shortest path from the source.
    template <class Arc>
    [[nodiscard]] bool on_shortest_path(std::uint32_t from, std::uint32_t to, const Arc& /*arc*/) const {
        return passages_[to].steps == passages_[from].steps + 1;
    }

  private:
    const NetworkGraph* graph_;
    std::vector<Passage> passages_;
    std::vector<std::uint32_t> order_;
};

/// The same by the lengths of edges.
class LengthSearch {
  public:
    explicit LengthSearch(const NetworkGraph& graph)
        : graph_(&graph),
          distance_(num_vertices(graph)),
          place_(num_vertices(graph)),
          passages_(num_vertices(graph)) {}

    void run(std::uint32_t source) {
        order_.clear();
        std::fill(place_.begin(), place_.end(), std::numeric_limits<std::size_t>::max());
        const auto distance =
            boost::make_iterator_property_map(distance_.begin(), get(boost::vertex_index, *graph_));
        boost::dijkstra_shortest_paths(*graph_, source,
                                       boost::weight_map(get(&NetworkArc::weight, *graph_))
                                           .distance_map(distance)
                                           .distance_inf(std::numeric_limits<double>::infinity())
                                           .visitor(Visitor{{}, this}));
        for (const std::uint32_t vertex : order_) passages_[vertex].paths = 0;
        passages_[source].paths = 1;
        for (const std::uint32_t vertex : order_) {
            const auto [first, last] = out_edges(vertex, *graph_);
            for (auto arc = first; arc != last; ++arc) {
                const std::uint32_t to = target(*arc, *graph_);
                if (on_shortest_path(vertex, to, *arc)) passages_[to].paths += passages_[vertex].paths;
            }
        }
    }
    [[nodiscard]] const std::vector<std::uint32_t>& order() const { return order_; }
    [[nodiscard]] Passage& at(std::uint32_t vertex) { return passages_[vertex]; }
    template <class Arc>
    [[nodiscard]] bool on_shortest_path(std::uint32_t from, std::uint32_t to, const Arc& arc) const {
        // An edge too short to be seen beside the distance leads no further back all the same.
        if (place_[from] >= place_[to]) return false;
        return distance_[from] + (*graph_)[arc].weight <= distance_[to] * (1 + equal_lengths);
    }

  private:
    struct Visitor : boost::default_dijkstra_visitor {
        LengthSearch* search;
        Visitor(boost::default_dijkstra_visitor base, LengthSearch* of)
            : boost::default_dijkstra_visitor(base), search(of) {}
        void examine_vertex(std::uint32_t vertex, const NetworkGraph&) {
            search->place_[vertex] = search->order_.size();
            search->order_.push_back(vertex);
        }
    };

    const NetworkGraph* graph_;
    std::vector<double> distance_;
    std::vector<std::size_t> place_;  // in `order_`
    std::vector<Passage> passages_;
    std::vector<std::uint32_t> order_;
};

/// Sums over sources of what Brandes calls a source's dependency; only those asked for have a shape.
struct Dependencies {
    std::vector<double> vertices = {};
    std::vector<double> squares = {};
    std::vector<double> edges = {};
};

void add(std::vector<double>& one, const std::vector<double>& other) {
    for (std::size_t i = 0; i < one.size(); ++i) one[i] += other[i];
}

struct Asked {
    bool squares = false;
    bool edges = false;
};

// Brandes' accumulation, with successors in place of predecessors, so that the graph's own arcs do. Boost's
// brandes_betweenness_centrality takes all sources, on one core.
template <class Search>
Dependencies dependencies(const NetworkGraph& graph, std::size_t edges,
                          std::span<const std::uint32_t> sources, Asked asked, const StopRequest* stop) {
    const std::size_t n = num_vertices(graph);
    Dependencies sum{.vertices = std::vector<double>(n)};
    if (asked.squares) sum.squares.resize(n);
    if (asked.edges) sum.edges.resize(edges);
    Search search(graph);
    for (const std::uint32_t source : sources) {
        stop_if_requested(stop);
        search.run(source);
        for (auto at = search.order().rbegin(); at != search.order().rend(); ++at) {
            const std::uint32_t vertex = *at;
            Passage& here = search.at(vertex);
            double onward = 0;
            const auto [first, last] = out_edges(vertex, graph);
            for (auto arc = first; arc != last; ++arc) {
                const std::uint32_t to = target(*arc, graph);
                if (!search.on_shortest_path(vertex, to, *arc)) continue;
                const double through = search.at(to).share;
                onward += through;
                if (asked.edges) sum.edges[graph[*arc].edge] += here.paths * through;
            }
            const double dependency = here.paths * onward;
            here.share = (1 + dependency) / here.paths;
            if (vertex == source) continue;
            sum.vertices[vertex] += dependency;
            if (asked.squares) sum.squares[vertex] += dependency * dependency;
        }
    }
    return sum;
}

Dependencies all_dependencies(const Network& facing, std::span<const std::uint32_t> sources,
                              const PathOptions& options, Asked asked) {
    // So many partial sums at most, whatever the number of threads, so that they are added in one order.
    constexpr std::size_t pieces = 16;
    if (sources.empty())
        return {.vertices = {}, .squares = {}, .edges = std::vector<double>(facing.edges.size())};
    const NetworkGraph graph = graph_of(facing);
    const auto run = options.weight_is_length ? dependencies<LengthSearch> : dependencies<StepSearch>;
    const tbb::blocked_range<std::size_t> all(0, sources.size(),
                                              std::max<std::size_t>(1, sources.size() / pieces));
    return on_threads(options.threads, [&] {
        return tbb::parallel_deterministic_reduce(
            all, Dependencies{},
            [&](const tbb::blocked_range<std::size_t>& range, const Dependencies&) {
                return run(graph, facing.edges.size(), sources.subspan(range.begin(), range.size()), asked,
                           options.stop);
            },
            [](Dependencies one, const Dependencies& other) {
                add(one.vertices, other.vertices);
                add(one.squares, other.squares);
                add(one.edges, other.edges);
                return one;
            });
    });
}

std::vector<std::uint32_t> all_vertices(const Network& network) {
    std::vector<std::uint32_t> result(network.vertices);
    std::iota(result.begin(), result.end(), 0U);
    return result;
}

/// What a sum over ordered pairs is multiplied with, where `pairs` of these are possible.
double scale_of(const Network& facing, double pairs, bool normalised) {
    // Normalised, the two orders of an undirected pair cancel out.
    if (normalised) return pairs > 0 ? 1 / pairs : 0;
    return facing.directed ? 1 : 0.5;
}

double vertex_scale(const Network& facing, bool normalised) {
    const auto n = static_cast<double>(facing.vertices);
    return scale_of(facing, (n - 1) * (n - 2), normalised);
}

// ---------------------------------------------------------------------------------- principal eigenvector

using SparseMatrix = Eigen::SparseMatrix<double, Eigen::RowMajor>;

struct EigenPair {
    Eigen::VectorXd vector = {};
    double value = 0;
    double residual = 0;
    std::size_t products = 0;
};

/// The eigenvalue of the largest real part, and real eigenvectors to go on with, its own in front.
struct RitzVectors {
    Eigen::VectorXd values = {};
    Eigen::MatrixXd vectors = {};  // one a column, of length 1
};

/// The eigenvector of the eigenvalue of the largest real part, of length 1. The exponential of a matrix has
/// it in front by that much more the more often it is squared (scaling and squaring: Moler & Van Loan, SIAM
/// Review 45, 2003, section 3), until nothing is left of the others; a Schur form of a matrix of 40 rows
/// would cost as much and take the compiler ten times as long.
Eigen::VectorXd rightmost_vector(const Eigen::MatrixXd& small) {
    const double length = small.norm();
    Eigen::MatrixXd power = Eigen::MatrixXd::Identity(small.rows(), small.rows());
    if (length > 0) {
        Eigen::MatrixXd term = power;
        for (int order = 1; order <= 20; ++order) {
            term = product(term, small) / (order * length);
            power += term;
        }
    }
    power /= power.norm();
    for (int squaring = 0; squaring < 60; ++squaring) {
        Eigen::MatrixXd square = product(power, power);
        const double size = square.norm();
        // A defective eigenvalue: what follows would be rounding.
        if (size < 1e-8) break;
        square /= size;
        const double moved = (square - power).norm();
        power = std::move(square);
        if (moved <= 1e-15) break;
    }
    Eigen::Index longest = 0;
    power.colwise().squaredNorm().maxCoeff(&longest);
    return power.col(longest).normalized();
}

RitzVectors ritz_vectors(const Eigen::MatrixXd& small, bool symmetric, Eigen::Index keep) {
    if (symmetric) {
        const SymmetricEigenpairs pairs = symmetric_eigenpairs((small + small.transpose()) / 2);
        // They come in increasing order.
        const Eigen::Index kept = std::min(keep, small.rows());
        return {.values = pairs.values.tail(kept).reverse(),
                .vectors = pairs.vectors.rightCols(kept).rowwise().reverse()};
    }
    const Eigen::VectorXd vector = rightmost_vector(small);
    return {.values = Eigen::VectorXd::Constant(1, vector.dot(small * vector)), .vectors = vector};
}

/// Extends an orthonormal basis of `made` vectors to one of up to `size`, in which `small` is the matrix.
struct Krylov {
    Eigen::MatrixXd basis = {};  // one column more than `size`: the last is where the residual points
    Eigen::MatrixXd small = {};
    Eigen::Index made = 0;
    double beyond = 0;  // length of the last product outside of the basis; 0 where the space is invariant
};

void extend(Krylov& krylov, const SparseMatrix& matrix, Eigen::Index size, const StopRequest* stop) {
    for (Eigen::Index j = krylov.made; j < size; ++j) {
        stop_if_requested(stop);
        Eigen::VectorXd product = matrix * krylov.basis.col(j);
        const double length = product.norm();
        // Twice is enough (Kahan & Parlett).
        for (int pass = 0; pass < 2; ++pass) {
            const Eigen::VectorXd inside = krylov.basis.leftCols(j + 1).transpose() * product;
            product.noalias() -= krylov.basis.leftCols(j + 1) * inside;
            krylov.small.col(j).head(j + 1) += inside;
        }
        krylov.beyond = product.norm();
        krylov.made = j + 1;
        if (krylov.beyond <= 1e-14 * length || j + 1 == matrix.rows()) {
            krylov.beyond = 0;
            return;
        }
        krylov.basis.col(j + 1) = product / krylov.beyond;
        if (j + 1 < size) krylov.small(j + 1, j) = krylov.beyond;
    }
}

EigenPair principal_pair(const SparseMatrix& matrix, bool symmetric, const EigenvectorOptions& options) {
    const Eigen::Index n = matrix.rows();
    const Eigen::Index size = std::min<Eigen::Index>(n, 40);
    const Eigen::Index keep = std::min<Eigen::Index>(symmetric ? 10 : 1, std::max<Eigen::Index>(1, size / 2));
    EigenPair pair{.vector = Eigen::VectorXd::Constant(n, 1 / std::sqrt(static_cast<double>(n)))};
    while (true) {
        Krylov krylov{.basis = Eigen::MatrixXd::Zero(n, size + 1),
                      .small = Eigen::MatrixXd::Zero(size, size)};
        krylov.basis.col(0) = pair.vector;
        while (true) {
            const Eigen::Index before = krylov.made;
            extend(krylov, matrix, size, options.stop);
            pair.products += static_cast<std::size_t>(krylov.made - before);
            const Eigen::Index made = krylov.made;
            const RitzVectors ritz = ritz_vectors(krylov.small.topLeftCorner(made, made), symmetric, keep);
            const Eigen::Index kept = ritz.values.size();
            const Eigen::MatrixXd restart = product(krylov.basis.leftCols(made), ritz.vectors);
            const Eigen::RowVectorXd left = krylov.beyond * ritz.vectors.row(made - 1);
            pair.value = ritz.values[0];
            pair.vector = restart.col(0);
            if (std::abs(left[0]) <= options.tolerance / 2 * pair.value || pair.products >= options.products
                || krylov.beyond == 0)
                break;
            const Eigen::VectorXd onward = krylov.basis.col(made);
            krylov.basis.leftCols(kept) = restart;
            krylov.basis.col(kept) = onward;
            krylov.small.setZero();
            krylov.small.diagonal().head(kept) = ritz.values;
            krylov.small.row(kept).head(kept) = left;
            krylov.made = kept;
        }
        pair.vector.normalize();
        if (pair.vector.sum() < 0) pair.vector = -pair.vector;
        // Perron and Frobenius: what is below zero is rounding.
        pair.vector = pair.vector.cwiseMax(0).normalized();
        const double residual = (matrix * pair.vector - pair.value * pair.vector).norm();
        pair.residual = pair.value > 0 ? residual / pair.value : 0;
        if (pair.residual <= options.tolerance) return pair;
        if (pair.products >= options.products)
            throw NoConvergence("the principal eigenvector has a residual of "
                                + std::to_string(pair.residual / options.tolerance)
                                + " times the tolerance after " + std::to_string(pair.products)
                                + " products");
    }
}

struct Part {
    std::vector<std::uint32_t> vertices = {};
    std::vector<std::uint32_t> edges = {};
    double bound = 0;  // on its eigenvalue: the largest sum of weights that arrive at a vertex
};

/// The weak components. In a directed network only those with a cycle: the others have no eigenvalue but 0.
std::vector<Part> parts_of(const Network& network) {
    const Components weak = weak_components(network);
    std::vector<Part> parts(weak.count());
    for (std::uint32_t i = 0; i < network.vertices; ++i) parts[weak.of_vertex[i]].vertices.push_back(i);
    for (std::uint32_t i = 0; i < network.edges.size(); ++i)
        parts[weak.of_vertex[network.edges[i].source]].edges.push_back(i);
    const std::vector<double> arriving = strength(network, EdgeDirection::in);
    for (Part& part : parts)
        for (const std::uint32_t vertex : part.vertices) part.bound = std::max(part.bound, arriving[vertex]);
    if (network.directed) {
        const Components strong = strong_components(network);
        std::erase_if(parts, [&](const Part& part) {
            return std::none_of(part.vertices.begin(), part.vertices.end(), [&](std::uint32_t vertex) {
                return strong.sizes[strong.of_vertex[vertex]] > 1;
            });
        });
    }
    std::stable_sort(parts.begin(), parts.end(),
                     [](const Part& one, const Part& other) { return one.bound > other.bound; });
    return parts;
}

/// Row v has the edges that arrive at v. `number` gives the vertices of the part their rows.
SparseMatrix matrix_of(const Network& network, const Part& part, const std::vector<std::uint32_t>& number) {
    std::vector<Eigen::Triplet<double>> entries;
    entries.reserve(2 * part.edges.size());
    for (const std::uint32_t i : part.edges) {
        const NetworkEdge& edge = network.edges[i];
        const auto from = static_cast<int>(number[edge.source]);
        const auto to = static_cast<int>(number[edge.target]);
        entries.emplace_back(to, from, edge.weight);
        if (!network.directed) entries.emplace_back(from, to, edge.weight);
    }
    const auto n = static_cast<Eigen::Index>(part.vertices.size());
    SparseMatrix matrix(n, n);
    matrix.setFromTriplets(entries.begin(), entries.end());
    return matrix;
}

}  // namespace

Network weighed(const Network& network, bool weighted) {
    Network result = network;
    for (NetworkEdge& edge : result.edges) {
        if (!weighted) edge.weight = 1;
        if (edge.weight < 0)
            throw std::invalid_argument("the edge from " + name_of(network, edge.source) + " to "
                                        + name_of(network, edge.target) + " has the weight "
                                        + std::to_string(edge.weight) + "; a strength must not be negative");
    }
    return result;
}

std::vector<std::size_t> degree(const Network& network, EdgeDirection direction) {
    std::vector<std::size_t> result(network.vertices);
    for (const NetworkEdge& edge : network.edges) {
        if (!network.directed || direction != EdgeDirection::in) ++result[edge.source];
        if (!network.directed || direction != EdgeDirection::out) ++result[edge.target];
    }
    return result;
}

std::vector<double> strength(const Network& network, EdgeDirection direction) {
    std::vector<double> result(network.vertices);
    for (const NetworkEdge& edge : network.edges) {
        if (!network.directed || direction != EdgeDirection::in) result[edge.source] += edge.weight;
        if (!network.directed || direction != EdgeDirection::out) result[edge.target] += edge.weight;
    }
    return result;
}

std::vector<double> betweenness(const Network& network, const BetweennessOptions& options) {
    if (options.paths.weight_is_length) expect_lengths(network);
    const Network facing = turned(network, options.paths.direction);
    Dependencies sum = all_dependencies(facing, all_vertices(facing), options.paths, {});
    const double scale = vertex_scale(facing, options.normalised);
    for (double& value : sum.vertices) value *= scale;
    return std::move(sum.vertices);
}

std::vector<double> edge_betweenness(const Network& network, const BetweennessOptions& options) {
    if (options.paths.weight_is_length) expect_lengths(network);
    const Network facing = turned(network, options.paths.direction);
    Dependencies sum = all_dependencies(facing, all_vertices(facing), options.paths, {.edges = true});
    const auto n = static_cast<double>(facing.vertices);
    const double scale = scale_of(facing, n * (n - 1), options.normalised);
    for (double& value : sum.edges) value *= scale;
    return std::move(sum.edges);
}

BetweennessEstimate estimate_betweenness(const Network& network, const PivotOptions& options) {
    if (options.pivots < 2)
        throw std::invalid_argument("betweenness is estimated from two pivots at least, not from "
                                    + std::to_string(options.pivots));
    if (options.betweenness.paths.weight_is_length) expect_lengths(network);
    const Network facing = turned(network, options.betweenness.paths.direction);
    BetweennessEstimate result{.pivots = std::min(options.pivots, facing.vertices)};
    // The first pivots of a random order of all vertices (Fisher & Yates).
    std::vector<std::uint32_t> sources = all_vertices(facing);
    for (std::size_t i = 0; i < result.pivots; ++i) {
        const double u = unit_uniform(word_at({.seed = options.seed}, i));
        std::swap(sources[i],
                  sources[i + static_cast<std::size_t>(u * static_cast<double>(sources.size() - i))]);
    }
    sources.resize(result.pivots);
    Dependencies sum = all_dependencies(facing, sources, options.betweenness.paths, {.squares = true});
    const auto n = static_cast<double>(facing.vertices);
    const auto k = static_cast<double>(result.pivots);
    const double scale = vertex_scale(facing, options.betweenness.normalised) * n;
    result.values = std::move(sum.vertices);
    result.standard_errors = std::move(sum.squares);
    for (std::size_t i = 0; i < result.values.size(); ++i) {
        const double mean = result.values[i] / k;
        const double variance =
            k > 1 ? std::max(0.0, result.standard_errors[i] - k * mean * mean) / (k - 1) : 0;
        result.values[i] = scale * mean;
        result.standard_errors[i] = scale * std::sqrt(variance / k * (1 - k / n));
    }
    return result;
}

std::vector<double> closeness(const Network& network, const PathOptions& options) {
    std::vector<double> result;
    result.reserve(network.vertices);
    const auto others = static_cast<double>(network.vertices) - 1;
    for (const Reach& reach : reaches(network, options)) {
        const auto reached = static_cast<double>(reach.reached);
        result.push_back(reach.reached == 0 ? 0 : reached / others * (reached / reach.total));
    }
    return result;
}

std::vector<double> harmonic_centrality(const Network& network, const PathOptions& options) {
    std::vector<double> result;
    result.reserve(network.vertices);
    for (const Reach& reach : reaches(network, options)) result.push_back(reach.reciprocal);
    return result;
}

PrincipalEigenvector principal_eigenvector(const Network& network, const EigenvectorOptions& options) {
    constexpr double tie = 1e-12;
    Network strengths = weighed(network, options.weighted);
    std::erase_if(strengths.edges, [](const NetworkEdge& edge) { return edge.weight == 0; });
    PrincipalEigenvector result{.vector = std::vector<double>(network.vertices)};
    std::vector<std::uint32_t> number(network.vertices);
    std::vector<std::pair<const Part*, EigenPair>> found;
    const std::vector<Part> parts = parts_of(strengths);
    for (const Part& part : parts) {
        if (part.bound < result.eigenvalue * (1 - tie)) break;
        for (std::uint32_t i = 0; i < part.vertices.size(); ++i) number[part.vertices[i]] = i;
        EigenPair pair = principal_pair(matrix_of(strengths, part, number), !network.directed, options);
        result.products += pair.products;
        if (pair.value < result.eigenvalue * (1 - tie)) continue;
        result.eigenvalue = std::max(result.eigenvalue, pair.value);
        found.emplace_back(&part, std::move(pair));
    }
    double square = 0;
    for (const auto& [part, pair] : found) {
        if (pair.value < result.eigenvalue * (1 - tie)) continue;
        result.residual = std::max(result.residual, pair.residual);
        const double share = pair.vector.sum();
        square += share * share;
        for (std::size_t i = 0; i < part->vertices.size(); ++i)
            result.vector[part->vertices[i]] = share * pair.vector[static_cast<Eigen::Index>(i)];
    }
    if (square > 0)
        for (double& value : result.vector) value /= std::sqrt(square);
    return result;
}

std::vector<double> eigenvector_centrality(const Network& network, const EigenvectorOptions& options) {
    return principal_eigenvector(network, options).vector;
}

// Not Boost's page_rank: it loses the rank of vertices without an edge that leads on, knows no weights, and
// stops after a number of passes rather than at a tolerance.
std::vector<double> page_rank(const Network& network, const PageRankOptions& options) {
    if (!(options.damping >= 0 && options.damping < 1))
        throw std::invalid_argument("the damping of a page rank is in [0, 1), not "
                                    + std::to_string(options.damping));
    if (!(options.tolerance > 0))
        throw std::invalid_argument("the tolerance of a page rank is positive, not "
                                    + std::to_string(options.tolerance));
    if (network.vertices == 0) return {};
    const Network strengths = weighed(network, options.weighted);
    const std::vector<double> leaving = strength(strengths, EdgeDirection::out);
    const NetworkGraph arriving = graph_of(turned(strengths, EdgeDirection::in));
    const std::size_t n = network.vertices;
    const double even = 1 / static_cast<double>(n);
    std::vector<double> rank(n, even);
    std::vector<double> flow(n);
    // A pass multiplies the distance from the answer by the damping at most, and no distance exceeds 2.
    const double passes =
        options.damping == 0 ? 1 : std::ceil(std::log(options.tolerance / 2) / std::log(options.damping));
    for (double pass = 0; pass < passes; ++pass) {
        stop_if_requested(options.stop);
        double stranded = 0;
        for (std::size_t i = 0; i < n; ++i) {
            flow[i] = leaving[i] > 0 ? options.damping * rank[i] / leaving[i] : 0;
            if (leaving[i] == 0) stranded += rank[i];
        }
        const double jump = (1 - options.damping + options.damping * stranded) * even;
        double change = 0;
        double sum = 0;
        for (std::uint32_t i = 0; i < n; ++i) {
            double next = jump;
            const auto [first, last] = out_edges(i, arriving);
            for (auto arc = first; arc != last; ++arc)
                next += arriving[*arc].weight * flow[target(*arc, arriving)];
            change += std::abs(next - rank[i]);
            rank[i] = next;
            sum += next;
        }
        for (double& value : rank) value /= sum;
        if (change * options.damping <= options.tolerance / 2 * (1 - options.damping)) break;
    }
    return rank;
}

}  // namespace venturi
