// Reads a network from a table: a list of edges, one a line, or an adjacency matrix.
//
//     source,target,weight
//     Medici,Ridolfi,3
//     "Strozzi, of Florence",Ridolfi,1.5
//
// Columns go by the names in the first line, or in a comment above it as SNAP writes, where these are names
// of columns (column_names.hpp); otherwise the first two are the ends, and the third, if there is one, is the
// weight. A table may be understood in one way or is refused: what shows is weighed in edge_table.hpp, and
// said in NetworkReading::understood. What separates columns, comments and quotes are as delimited_text.hpp
// says. Vertices are whatever is named, in the order in which they are named first; numbers are names like
// others.
//
// Read for what they are: KONECT's lists, which begin with `% sym` or `% asym`; dictionaries of attributes as
// networkx.write_edgelist writes them behind the ends; adjacency matrices with the same names above and at
// the left, where 0 and an empty field are no edge, and a symmetric matrix is an undirected network.
//
// All lines have a weight or none has. A file without an edge is refused, since it is most likely a mistake;
// a network of vertices without edges can be written in GraphML.
#pragma once

#include "scenarios/network/network_reading.hpp"

#include <filesystem>
#include <string>

namespace venturi {

/// Reads a file. Throws ScenarioError with the problems that were found, each with its line and column: what
/// is no text or too large or of another format, missing ends, weights that are missing, no finite number or,
/// of obligations, negative; names with characters that no name may have; self-loops and edges that are there
/// again, but where options say what they mean.
[[nodiscard]] NetworkReading load_edge_list(const std::filesystem::path& file,
                                            const NetworkOptions& options = {});

/// As load_edge_list, from text; `name` stands for the file in messages.
[[nodiscard]] NetworkReading parse_edge_list(std::string text, std::string name,
                                             const NetworkOptions& options = {});

}  // namespace venturi
