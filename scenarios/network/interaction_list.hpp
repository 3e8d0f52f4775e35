// Reads a network from Cytoscape's simple interaction format (.sif), which no mark tells from other tables.
//
//     ann knows bob carl
#pragma once

#include "scenarios/network/network_draft.hpp"

namespace venturi {

/// Lines of a source, the kind of its interactions, and their targets, or of a vertex alone. Separated by
/// tabs where one stands in the file, and by blanks otherwise; kinds are passed over. Adds a problem for a
/// line of two names.
[[nodiscard]] NetworkDraft read_interaction_list(const SourceText& source, const NetworkOptions& options,
                                                 FileProblems& problems);

}  // namespace venturi
