// Reads a network from a matrix in coordinates of the Matrix Market (Boisvert, Pozo & Remington, NISTIR 5935,
// 1996), as the Network Repository has them.
//
//     %%MatrixMarket matrix coordinate pattern symmetric
//     3 3 2
//     2 1
//     3 2
#pragma once

#include "scenarios/network/network_draft.hpp"

#include <string_view>

namespace venturi {

/// Whether the text begins with the format's mark.
[[nodiscard]] bool is_matrix_market(std::string_view text);

/// Vertices go by their numbers from 1. Edges have a direction, from row to column, where the matrix is
/// general, and none where it is symmetric; they have weights where it holds numbers. Throws ScenarioError
/// where the matrix is dense, complex, skew or not square; adds a problem for each entry that doesn't fit.
[[nodiscard]] NetworkDraft read_matrix_market(const SourceText& source, const NetworkOptions& options,
                                              FileProblems& problems);

}  // namespace venturi
