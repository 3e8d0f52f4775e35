// Reads a network from Pajek's format (de Nooy, Mrvar & Batagelj, Exploratory Social Network Analysis with
// Pajek, 2005, appendix 3).
//
//     *Vertices 3
//     1 "Ann"
//     2 "Bob"
//     *Arcs
//     1 2 2.5
//     *Edges
//     2 3
#pragma once

#include "scenarios/network/network_draft.hpp"

#include <string_view>

namespace venturi {

/// Whether the first line that is no comment (%) is one of Pajek's, such as `*Vertices 3`.
[[nodiscard]] bool is_pajek(std::string_view text);

/// One network: *Vertices, then *Arcs (which have a direction), *Edges (which have none), *Arcslist and
/// *Edgeslist. A vertex goes by its label, or by its number where labels are not unique; an edge without a
/// weight weighs 1, as in Pajek. What describes drawings behind coordinates and weights is passed over. Adds
/// a problem for each line that doesn't fit or describes a vertex again. Throws ScenarioError where there are
/// several networks or relations, matrices, or other objects.
[[nodiscard]] NetworkDraft read_pajek(const SourceText& source, const NetworkOptions& options,
                                      FileProblems& problems);

}  // namespace venturi
