// How far apart the vertices of a network are: distances from one vertex, and what they come to for all.
#pragma once

#include "agents/network/network.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace venturi {

/// Which way edges are followed. Of an undirected network all three are the same.
enum class EdgeDirection : std::uint8_t {
    out,   ///< from source to target
    in,    ///< from target to source
    both,  ///< either way; two edges that join the same vertices in both directions count as one
};

/// What a path is, for everything that goes by shortest paths.
struct PathOptions {
    EdgeDirection direction = EdgeDirection::out;
    /// Weights are strengths, and paths ignore them: an edge is one step. Where this is true the weight is
    /// the edge's length instead, and must be positive.
    bool weight_is_length = false;
    int threads = 0;                    ///< 0: one for each core; the same bits for any number
    const StopRequest* stop = nullptr;  ///< whatever goes by all pairs throws Stopped where it asks for that
};

/// The same vertices and edges, turned so that what was `direction` is the way from source to target.
[[nodiscard]] Network turned(const Network& network, EdgeDirection direction);

/// Does nothing if all weights are positive, so that they can be lengths; else throws std::invalid_argument,
/// with a message that names the edge.
void expect_lengths(const Network& network);

/// The same network with the length 1 / w of each edge for its strength w, so that strong ties make near
/// neighbours (Newman, Physical Review E 64, 016132, 2001). Throws std::invalid_argument, with a message that
/// names the edge, where a strength is not positive or too small for its length to be finite.
[[nodiscard]] Network lengths_from_strengths(const Network& network);

/// The distance from `source` to each vertex: steps, or the sum of lengths; infinity where there is no path.
/// Shape: vertices. Throws std::invalid_argument where `source` is no vertex or a length is not positive.
[[nodiscard]] std::vector<double> distances_from(const Network& network, std::size_t source,
                                                 const PathOptions& options = {});

/// The distances between a vertex and the vertices that it reaches, itself not among them.
struct Reach {
    std::size_t reached = 0;  ///< how many
    double farthest = 0;      ///< the largest distance: the eccentricity
    double total = 0;         ///< the sum of the distances
    double reciprocal = 0;    ///< the sum of 1 / distance

    friend bool operator==(const Reach&, const Reach&) = default;
};

/// Of every vertex. Shape: vertices. O(vertices · edges): in steps by breadth-first searches of 64 sources at
/// once (Then et al., "The more the merrier: efficient multi-source graph traversal", PVLDB 8(4), 2014), in
/// lengths by Dijkstra's algorithm. Throws std::invalid_argument where a length is not positive.
[[nodiscard]] std::vector<Reach> reaches(const Network& network, const PathOptions& options = {});

/// The largest distance from a vertex to those that it reaches; 0 where it reaches none. In a network that
/// falls apart this says nothing of the parts that aren't reached. Shape: vertices.
[[nodiscard]] std::vector<double> eccentricity(const Network& network, const PathOptions& options = {});

/// The distances of a network in a few numbers. A pair is ordered: (a, b) and (b, a) are two.
struct PathSummary {
    std::size_t joined_pairs = 0;  ///< pairs of different vertices with a path from the first to the second
    double joined_share = 0;       ///< of all pairs; 1 where the network is (strongly) connected
    double diameter = 0;           ///< the largest distance of a joined pair; 0 where there is none
    double mean_distance = 0;      ///< over joined pairs; NaN where there is none
    /// The mean of 1 / distance over all pairs, 0 where there is no path (Latora & Marchiori, Physical Review
    /// Letters 87, 198701, 2001); NaN where there are fewer than two vertices.
    double efficiency = 0;
};

/// O(vertices · edges), as `reaches`.
[[nodiscard]] PathSummary path_summary(const Network& network, const PathOptions& options = {});

}  // namespace venturi
