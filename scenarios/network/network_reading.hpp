// What comes of reading a network from a file, whatever its format, and what a file may be at most.
#pragma once

#include "agents/network/network.hpp"
#include "scenarios/problem.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace venturi {

/// Larger files are refused, so that whatever is read stays within about 2 GB.
struct NetworkLimits {
    std::uintmax_t bytes = std::uintmax_t{256} << 20;
    std::size_t vertices = 5'000'000;
    std::size_t edges = 5'000'000;
    std::size_t xml_nodes = 20'000'000;  ///< elements, attributes and texts of a GraphML file
};

struct NetworkOptions {
    /// Edges of an edge list have a direction, from the first column to the second; GraphML says itself
    /// whether they have one, and is refused where it says that they have none.
    bool directed = false;
    /// Weights are amounts that the source of an edge owes to its target, so none is negative.
    bool obligations = false;
    NetworkLimits limits = {};
};

/// A sound network whose vertices all have names, no two the same.
///
/// A network need not be connected: nothing is made of its components here, and what a measure means over
/// several of them stands with the measure.
struct NetworkReading {
    Network network;
    bool weighted = false;  ///< the file gives weights; otherwise each edge has a weight of 1
    std::vector<Problem> warnings = {};
};

}  // namespace venturi
