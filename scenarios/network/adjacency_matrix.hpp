// Reads a network from an adjacency matrix with names.
//
//     ;A;B
//     A;0;4.3
//     B;1.4;0
#pragma once

#include "scenarios/network/edge_table.hpp"
#include "scenarios/network/network_draft.hpp"

namespace venturi {

/// Whether the rows behind the first are as many as its columns, and their first fields are its names: with a
/// corner before these, which may be empty, or without one, as R writes.
[[nodiscard]] bool is_adjacency_matrix(const TableSurvey& survey);

/// Whether the first row of what may be a matrix can be an edge too, with a weight where it has three fields,
/// so that it is one where no header is said to be there.
[[nodiscard]] bool is_first_row_an_edge(const TableSurvey& survey);

/// Edges go from the vertex of a row to that of a column. Fields that are empty or 0 are no edges; the
/// network is undirected where the matrix is symmetric and no option asks for a direction, and unweighted
/// where all edges weigh 1. Adds a problem for what is no weight. Throws ScenarioError where it may be a list
/// of edges as well, where options speak of columns' names or of no header, or where it is too large.
[[nodiscard]] NetworkDraft read_adjacency_matrix(const TableSurvey& survey, const TableForm& form,
                                                 const NetworkOptions& options, const SourceText& source,
                                                 FileProblems& problems);

}  // namespace venturi
