// Reads lists of edges with a dictionary of attributes in Python's form behind the ends, as
// networkx.write_edgelist writes them.
//
//     0 1 {'weight': 1.0, 'kind': 'a'}
#pragma once

#include "scenarios/network/network_draft.hpp"

namespace venturi {

/// Whether each line, but for empty ones and comments, ends with a brace and has one within.
[[nodiscard]] bool is_list_with_dictionaries(const SourceText& source);

/// The weight is the attribute `weight`, or that which the options name; other attributes are passed over,
/// which the form says. Adds a problem, with line and column, for what doesn't fit.
[[nodiscard]] NetworkDraft read_list_with_dictionaries(const SourceText& source,
                                                       const NetworkOptions& options, FileProblems& problems);

}  // namespace venturi
