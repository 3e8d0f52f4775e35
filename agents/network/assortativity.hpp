// Whether like is joined with like: by degree, by a number, by a group; and how well groups divide a network.
#pragma once

#include "agents/network/distances.hpp"
#include "agents/network/network.hpp"

#include <Eigen/Core>

#include <cstdint>
#include <span>

namespace venturi {

// Weights are ignored here but where an option says otherwise. An edge of an undirected network counts in
// both directions.

/// Pearson's correlation of a number at the source of an edge and that at its target, over edges (Newman,
/// "Mixing patterns in networks", Physical Review E 67, 026126, 2003, eq. 21), in [−1, 1]; NaN where either
/// doesn't vary. `values` are of the vertices. Throws std::invalid_argument where there aren't as many.
[[nodiscard]] double numeric_assortativity(const Network& network, std::span<const double> values);

struct DegreeAssortativityOptions {
    EdgeDirection at_source = EdgeDirection::out;  ///< which degree, of a directed network
    EdgeDirection at_target = EdgeDirection::in;
};

/// The same of degrees: positive where hubs are joined with hubs (Newman, Physical Review Letters 89, 208701,
/// 2002; directed, eq. 25 of 2003).
[[nodiscard]] double degree_assortativity(const Network& network,
                                          const DegreeAssortativityOptions& options = {});

/// Entry (i, j): the share of edges from group i to group j. Groups are numbered from 0; shape: as many rows
/// and columns as the largest number plus 1, so numbers should have no great gaps. Zero where there are no
/// edges.
[[nodiscard]] Eigen::MatrixXd mixing_matrix(const Network& network, std::span<const std::uint32_t> group);

/// (Σ e(i, i) − Σ a(i) b(i)) / (1 − Σ a(i) b(i)), for the mixing matrix e with row sums a and column sums b:
/// 1 where groups keep to themselves, 0 where chance rules (Newman 2003, eq. 2); NaN where all edges begin
/// and end in a single group, or there are none. `group` is of the vertices.
[[nodiscard]] double group_assortativity(const Network& network, std::span<const std::uint32_t> group);

struct ModularityOptions {
    bool weighted = false;  ///< by weights, which must not be negative
    double resolution = 1;  ///< γ
};

/// Σ over groups of L / m − γ · (K / 2m)², where of the m edges L are inside the group and K is the sum of
/// its degrees (Newman & Girvan, Physical Review E 69, 026113, 2004); directed, of L / m − γ · K(out) K(in) /
/// m² (Leicht & Newman, Physical Review Letters 100, 118703, 2008). NaN where there are no edges. `group` is
/// of the vertices; its numbers may have gaps. Throws std::invalid_argument where there aren't as many, or a
/// weight is negative.
[[nodiscard]] double modularity(const Network& network, std::span<const std::uint32_t> group,
                                const ModularityOptions& options = {});

}  // namespace venturi
