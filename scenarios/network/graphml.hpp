// Reads a network from GraphML (Brandes et al., GraphML Progress Report, GD 2001;
// http://graphml.graphdrawing.org), as networkx, igraph, Gephi and yEd write it.
//
// One graph. The weight of an edge is its datum under a key for edges whose attr.name (or id, where it has
// none) is `weight`, in any case, or, where there is none of these, `amount`, whose default stands for what
// is missing; a key of this name that is declared for nodes alone, or not at all, serves with a warning;
// options may name another. Without such data each weight is 1. A vertex goes by its datum under a key for
// nodes named `name` or, where there is none of these, `label`, and by its id where it has no such datum; all
// go by their ids, with a warning, where two would have the same name. Several keys may have one of these
// names, as in the files of networkx, which has one for each type of number. Other data are passed over,
// those under keys that are not declared with one warning for all, and so are the types of keys: what a
// weight must be is a number.
//
// Edges have a direction or none as `edgedefault` says, or as they say themselves; where there are both,
// those without become two arcs each. Refused are networks that this simulator has no meaning for:
// hyperedges, ports, graphs within vertices or edges, several graphs. A graph without vertices, or with one
// and no edge, is a network like another.
#pragma once

#include "scenarios/network/network_reading.hpp"

#include <filesystem>
#include <string>

namespace venturi {

/// Reads a file. Throws ScenarioError with the problems that were found, each with its line and column: what
/// XmlDocument refuses; what is refused above; ids that are missing, there twice or, at an edge's end, of no
/// vertex; names with characters that no name may have; self-loops and edges that are there again, but where
/// options say what they mean; weights that only some edges have, that are no finite number or, of
/// obligations, negative; edges without direction where options ask for one.
[[nodiscard]] NetworkReading load_graphml(const std::filesystem::path& file,
                                          const NetworkOptions& options = {});

/// As load_graphml, from text; `name` stands for the file in messages.
[[nodiscard]] NetworkReading parse_graphml(std::string text, std::string name,
                                           const NetworkOptions& options = {});

}  // namespace venturi
