// Networks drawn at random: what a measured network is compared with, and what a model runs on where none was
// measured. Each is a law with few parameters whose exact properties are known.
//
// Draws are those of one address (sim/random/stream.hpp): same options and address, same network. All edges
// have weight 1, and what is made is sound and has no names. What happens on a network later must draw from
// another address (another purpose, say), or it would depend on how the network came about.
#pragma once

#include "agents/network/network.hpp"
#include "sim/random/stream.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace venturi {

struct PreferentialAttachmentOptions {
    std::size_t vertices = 0;            ///< more than edges_per_newcomer
    std::size_t edges_per_newcomer = 1;  ///< m, at least 1
    /// A > 0, in edges: how likely a vertex is to be chosen before anyone has chosen it. The smaller, the
    /// more the rich get richer.
    double initial_attractiveness = 1;
    bool directed = false;  ///< edges from the newcomer to those it chose; else the same without direction
};

/// Growth with preferential attachment. Vertices come one by one, in the order of their numbers; each joins m
/// distinct earlier ones (all of them, while there are fewer), chosen one after another without replacement
/// with probability in proportion to in-degree + A, where the in-degree counts the later vertices that chose
/// it. An edge's source is the newcomer, with direction or without, so that `arrivals` finds the in-degrees.
/// m (m − 1) / 2 + (vertices − m) m edges.
///
/// With a = A/m the share of vertices of in-degree q tends to
///     P(q) = (1 + a) Γ(A + 1 + a) / Γ(A) · Γ(q + A) / Γ(q + A + 2 + a),
/// a power law of exponent 2 + A/m far out; the whole degree is q + m. A = m is the model of Barabási and
/// Albert, "Emergence of scaling in random networks", Science 286 (1999), exponent 3.
/// Source: Dorogovtsev, Mendes, Samukhin, "Structure of growing networks with preferential linking", Physical
/// Review Letters 85 (2000), equations 9 and 10. O(edges) on average. Throws std::invalid_argument on
/// parameters out of range.
[[nodiscard]] Network preferential_attachment(const PreferentialAttachmentOptions& options,
                                              const StreamAddress& address);

/// How many edges have a vertex as their target; shape: one number a vertex. In a network grown by
/// `preferential_attachment`, how often a vertex was chosen.
[[nodiscard]] std::vector<std::uint64_t> arrivals(const Network& network);

struct IndependentEdgesOptions {
    std::size_t vertices = 0;
    double probability = 0;  ///< of each edge, in [0, 1]
};

/// Every pair of vertices is joined with the same probability, independently: the G(n, p) of Gilbert (1959),
/// called after Erdős and Rényi. Edges are sorted by their larger end. O(vertices + edges), by skipping the
/// pairs that are not joined (Batagelj and Brandes, "Efficient generation of large random networks", Physical
/// Review E 71 (2005), algorithm 1). Throws std::invalid_argument on parameters out of range.
[[nodiscard]] Network independent_edges(const IndependentEdgesOptions& options, const StreamAddress& address);

struct FixedEdgeCountOptions {
    std::size_t vertices = 0;
    std::size_t edges = 0;  ///< at most vertices (vertices − 1) / 2
};

/// So many edges, every set of them as likely as any other: G(n, m), Erdős and Rényi, "On random graphs"
/// (1959). Edges are sorted by their larger end. O(vertices + edges · log edges). Throws
/// std::invalid_argument on parameters out of range.
[[nodiscard]] Network fixed_edge_count(const FixedEdgeCountOptions& options, const StreamAddress& address);

struct SmallWorldOptions {
    std::size_t vertices = 0;
    std::size_t degree = 2;  ///< even, at least 2, less than `vertices`
    double rewiring = 0;     ///< probability in [0, 1] that an edge of the ring is rewired
};

/// A ring where each vertex is joined with the degree/2 nearest on either side, some of whose edges are then
/// rewired: each, in turn, keeps its source and moves its target to a vertex chosen uniformly among those
/// that the source isn't joined with at that moment (it stays where there are none). vertices · degree / 2
/// edges, of which each vertex is the source of degree/2.
///
/// Clustering 3 (degree − 2) / (4 (degree − 1)) without rewiring, near (1 − rewiring)³ times that with it
/// (Barrat and Weigt, "On the properties of small-world network models", European Physical Journal B 13
/// (2000)). Source: Watts and Strogatz, "Collective dynamics of small-world networks", Nature 393 (1998).
/// O(edges) on average, unless nearly all pairs are joined. Throws std::invalid_argument on parameters out of
/// range.
[[nodiscard]] Network small_world(const SmallWorldOptions& options, const StreamAddress& address);

struct PlantedCommunitiesOptions {
    std::vector<std::size_t> sizes = {};  ///< vertices of each community; a size may be 0
    double inside = 0;                    ///< probability of an edge in a community, in [0, 1]
    double between = 0;                   ///< probability of an edge between two communities, in [0, 1]
};

/// Every pair of vertices is joined independently, with a probability that depends on whether they belong to
/// the same community: the planted partition of Condon and Karp, "Algorithms for graph partitioning on the
/// planted partition model", Random Structures and Algorithms 18 (2001). Vertices are numbered community by
/// community (`planted_community`); edges inside come before edges between. O(vertices + edges). Throws
/// std::invalid_argument on parameters out of range.
[[nodiscard]] Network planted_communities(const PlantedCommunitiesOptions& options,
                                          const StreamAddress& address);

/// The community of each vertex: `sizes[0]` times 0, `sizes[1]` times 1, and so on.
[[nodiscard]] std::vector<std::uint32_t> planted_community(std::span<const std::size_t> sizes);

}  // namespace venturi
