// Reads a network from a list of edges, one a line.
//
//     source,target,weight
//     Medici,Ridolfi,3
//     "Strozzi, of Florence",Ridolfi,1.5
//
// The first two columns are the ends, the third, if there is one, is the weight; columns after the third are
// passed over with a warning. What separates them, comments and quotes are as delimited_text.hpp says.
// Vertices are whatever is named, in the order in which they are named first; numbers are names like others.
//
// The first line is a header where it has a third field and this doesn't begin as a number does (with a
// digit, a sign or a point, or as `inf` and `nan`); and, where it has two fields, only if these are, in any
// case, a pair that nobody takes for vertices: u,v; source,target; from,to; src,dst; debtor,creditor;
// node1,node2; vertex1,vertex2; i,j.
//
// All lines have a weight or none has. A file without an edge is refused, since it is most likely a mistake;
// a network of vertices without edges can be written in GraphML.
#pragma once

#include "scenarios/network/network_reading.hpp"

#include <filesystem>
#include <string>

namespace venturi {

/// Reads a file. Throws ScenarioError with the problems that were found, each with its line and column: what
/// is no text or too large, missing ends, weights that are missing, no finite number or, of obligations,
/// negative; self-loops; edges that are there again.
[[nodiscard]] NetworkReading load_edge_list(const std::filesystem::path& file,
                                            const NetworkOptions& options = {});

/// As load_edge_list, from text; `name` stands for the file in messages.
[[nodiscard]] NetworkReading parse_edge_list(std::string text, std::string name,
                                             const NetworkOptions& options = {});

}  // namespace venturi
