// Reads a network from GML (Himsolt, GML: A portable Graph File Format, 1997), as networkx, igraph and Gephi
// write it.
//
//     graph [
//       directed 0
//       node [ id 1 label "Ann" ]
//       node [ id 2 label "Bob" ]
//       edge [ source 1 target 2 value 2.5 ]
//     ]
#pragma once

#include "scenarios/network/network_draft.hpp"

#include <string_view>

namespace venturi {

/// Whether the first words of a text that are no comment are `graph [`, or keys with values before these.
[[nodiscard]] bool is_gml(std::string_view text);

/// One graph. A vertex goes by its label, or by its id where labels are not unique. The weight of an edge is
/// its `weight` or, where no edge has one, its `value`, or what the options name; other keys are passed over.
/// Throws ScenarioError where the text is no GML, or holds several graphs; adds problems as
/// parse_graphml, and for keys that are read and there twice.
[[nodiscard]] NetworkDraft read_gml(const SourceText& source, const NetworkOptions& options,
                                    FileProblems& problems);

}  // namespace venturi
