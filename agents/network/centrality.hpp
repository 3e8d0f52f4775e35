// How central each vertex is: by its edges, by the paths through it, by its distances, by its neighbours'
// centrality.
#pragma once

#include "agents/network/distances.hpp"
#include "agents/network/network.hpp"

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace venturi {

/// The same network with all weights 1, or as it is where `weighted`. Throws std::invalid_argument where
/// `weighted` and a weight is negative. What measures of strength go by.
[[nodiscard]] Network weighed(const Network& network, bool weighted);

/// The number of edges at each vertex. Of a directed network, those that leave (`out`), arrive (`in`), or
/// both together, where two edges that join the same vertices count as two. Shape: vertices.
[[nodiscard]] std::vector<std::size_t> degree(const Network& network,
                                              EdgeDirection direction = EdgeDirection::both);

/// The sum of the weights of the edges at each vertex, counted as in `degree`. Shape: vertices.
[[nodiscard]] std::vector<double> strength(const Network& network,
                                           EdgeDirection direction = EdgeDirection::both);

struct BetweennessOptions {
    PathOptions paths = {};
    /// Divides by the number of pairs of vertices that paths could lie between: of a vertex by (n − 1)(n −
    /// 2), of an edge by n (n − 1), by half of it where the network is undirected (or taken as such). Without
    /// it, the number of pairs as such, where an undirected pair counts once.
    bool normalised = true;
};

/// The share of shortest paths that pass through a vertex: Σ σ(s, t | v) / σ(s, t) over pairs of other
/// vertices s, t, where σ counts shortest paths; pairs without a path add nothing (Freeman, Sociometry 40,
/// 35, 1977). Shape: vertices. O(vertices · edges) on all cores (Brandes, "A faster algorithm for betweenness
/// centrality", 2001), with the same bits for any number of threads. Path counts are doubles: past 1e308
/// shortest paths between two vertices the result is not finite. Lengths of two paths are equal where they
/// differ by a 1e-12 of themselves.
/// Throws std::invalid_argument where a length is not positive.
[[nodiscard]] std::vector<double> betweenness(const Network& network, const BetweennessOptions& options = {});

/// The same of an edge, over all pairs of vertices (Girvan & Newman, PNAS 99, 7821, 2002). Shape: edges. Of a
/// directed network taken as undirected, the edges are those of `undirected(network)`.
[[nodiscard]] std::vector<double> edge_betweenness(const Network& network,
                                                   const BetweennessOptions& options = {});

struct PivotOptions {
    std::size_t pivots = 1000;  ///< sources of paths, at least 2; no more than all vertices are used
    std::uint64_t seed = 0;
    BetweennessOptions betweenness = {};
};

/// Betweenness by sampling. Shapes: vertices.
struct BetweennessEstimate {
    std::vector<double> values = {};  ///< unbiased
    /// Of each value, from the spread among its pivots, drawn without replacement: 0 where all vertices are
    /// pivots. Their squares are unbiased, but what lies behind a vertex may be seen by few sources: errors
    /// are skewed, beyond two of these more often than normal ones, and 0 is stated where no pivot sees it.
    std::vector<double> standard_errors = {};
    std::size_t pivots = 0;
};

/// From the paths that start at pivots alone, drawn uniformly without replacement and each standing for
/// vertices / pivots (Brandes & Pich, "Centrality estimation in large networks", International Journal of
/// Bifurcation and Chaos 17, 2303, 2007). O(pivots · edges). Throws std::invalid_argument where there are
/// fewer than two pivots.
[[nodiscard]] BetweennessEstimate estimate_betweenness(const Network& network,
                                                       const PivotOptions& options = {});

/// How near a vertex is to those that it reaches, by the formula of Wasserman & Faust (Social Network
/// Analysis, 1994, eq. 5.9) for networks that fall apart: r / (n − 1) · r / Σ d for the r vertices that it
/// reaches and their distances d; 0 where r = 0. In a connected network (n − 1) / Σ d. Distances go by the
/// path's direction, by default from the vertex outward (NetworkX: inward). Shape: vertices. O(vertices ·
/// edges), as `reaches`.
[[nodiscard]] std::vector<double> closeness(const Network& network, const PathOptions& options = {});

/// Σ 1 / d over all other vertices, 0 for those that aren't reached; not normalised (Marchiori & Latora,
/// 2000). Shape: vertices.
[[nodiscard]] std::vector<double> harmonic_centrality(const Network& network,
                                                      const PathOptions& options = {});

/// An iteration that did not come near enough to its limit.
class NoConvergence : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

struct EigenvectorOptions {
    bool weighted = false;              ///< by weights, which must not be negative; or by edges alone
    double tolerance = 1e-13;           ///< of the residual |A x − λ x| / λ
    std::size_t products = 20'000;      ///< of matrix and vector, at most, for each component
    const StopRequest* stop = nullptr;  ///< throws Stopped where it asks for that
};

/// An eigenvector of the largest eigenvalue λ, with no negative entry and length 1.
struct PrincipalEigenvector {
    std::vector<double> vector = {};  ///< shape: vertices
    double eigenvalue = 0;
    double residual = 0;       ///< |A x − λ x| / λ
    std::size_t products = 0;  ///< how many were made
};

/// The principal eigenvector x of the adjacency matrix: λ x(v) = Σ w(u, v) x(u) over the edges u → v that
/// arrive at v.
///
/// In an undirected network it is, in all cases, the vector of ones projected on the space of λ: where the
/// network falls apart, the component with the largest eigenvalue has it all and the others are zero;
/// components whose eigenvalues tie (to 1e-12) share it; without edges all entries are equal. Bipartite
/// networks, whose eigenvalues ±λ make plain power iteration oscillate, are no exception.
///
/// In a directed network, vertices that no cycle leads to have zero, and without any cycle (λ = 0) all have.
/// Where cycles of equal eigenvalue lead into each other the matrix is defective, and some 1e-8 is the best
/// that one can have.
///
/// Made component by component, by Lanczos' method with thick restarts (Wu & Simon, 2000); in directed
/// networks, by Arnoldi's with restarts. The error of x is near the residual · λ over the gap to the next
/// eigenvalue. Throws std::invalid_argument where a weight is negative, NoConvergence where the products
/// don't suffice.
[[nodiscard]] PrincipalEigenvector principal_eigenvector(const Network& network,
                                                         const EigenvectorOptions& options = {});

/// Eigenvector centrality (Bonacich, Journal of Mathematical Sociology 2, 113, 1972): the vector of
/// `principal_eigenvector`. Shape: vertices.
[[nodiscard]] std::vector<double> eigenvector_centrality(const Network& network,
                                                         const EigenvectorOptions& options = {});

struct PageRankOptions {
    double damping = 0.85;  ///< the probability of following an edge, in [0, 1)
    bool weighted = false;  ///< edges are followed in proportion to their weights, which must not be negative
    double tolerance = 1e-13;           ///< of the sum of all errors
    const StopRequest* stop = nullptr;  ///< throws Stopped where it asks for that
};

/// The share of time that a walker spends at each vertex who follows an edge with probability `damping`, in
/// its direction, and jumps to a vertex at random otherwise and wherever no edge leads on (Page, Brin,
/// Motwani & Winograd, 1999). Sums to 1. Shape: vertices. By power iteration, whose error shrinks by
/// `damping` with each pass over the edges. Throws std::invalid_argument where `damping` is not in [0, 1),
/// `tolerance` is not positive, or a weight is negative.
[[nodiscard]] std::vector<double> page_rank(const Network& network, const PageRankOptions& options = {});

}  // namespace venturi
