// What comes of reading a network from a file, whatever its format, and what a file may be at most.
#pragma once

#include "agents/network/network.hpp"
#include "scenarios/problem.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace venturi {

/// Larger files are refused, so that whatever is read stays within about 2 GB.
struct NetworkLimits {
    std::uintmax_t bytes = std::uintmax_t{256} << 20;
    std::size_t vertices = 5'000'000;
    std::size_t edges = 5'000'000;
    std::size_t xml_nodes = 20'000'000;  ///< elements, attributes and texts of a GraphML file
};

/// What becomes of edges that join the same vertices (in the same direction, where they have one): of their
/// weights the sum, the largest, or the first in the file.
enum class ParallelEdges : std::uint8_t { refuse, sum, max, first };

/// What becomes of an edge from a vertex to itself.
enum class LoopEdges : std::uint8_t { refuse, drop };

/// Whether the first line of a table names its columns; `automatic`: where it shows.
enum class HeaderRow : std::uint8_t { automatic, yes, no };

struct NetworkOptions {
    /// Edges of a table have a direction, from the source to the target. Formats that say themselves whether
    /// edges have one are refused where they say that none has.
    bool directed = false;
    /// Weights are amounts that the source of an edge owes to its target, so none is negative, and several
    /// debts between the same two add up unless `parallel` says otherwise.
    bool obligations = false;
    std::optional<ParallelEdges> parallel = {};
    LoopEdges loops = LoopEdges::refuse;
    /// The column or attribute that holds the weights; `none` for none; empty: where it shows. A table
    /// without a header takes a column's number.
    std::string weight = {};
    HeaderRow header = HeaderRow::automatic;
    /// What lines of comment begin with in a table; `none` where there are none; empty: where it shows.
    std::string comment = {};
    bool with_places = false;  ///< says where each edge is written
    NetworkLimits limits = {};
};

/// Where an edge is written; counted from 1.
struct EdgePlace {
    int line = 0;
    int column = 0;
};

/// A sound network whose vertices all have names, no two the same, and all fit for terminals and XML.
///
/// A network need not be connected: nothing is made of its components here, and what a measure means over
/// several of them stands with the measure.
struct NetworkReading {
    Network network;
    bool weighted = false;  ///< the file gives weights; otherwise each edge has a weight of 1
    std::vector<Problem> warnings = {};
    /// The form of the file as it was understood, in a line: `header: source, target; 4 edges, unweighted,
    /// undirected`.
    std::string understood = {};
    std::vector<EdgePlace> places = {};  ///< of the edges, where they were asked for
};

}  // namespace venturi
