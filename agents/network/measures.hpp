// All measures of a network by name, with what each means: a table for a command or a report.
#pragma once

#include "agents/network/network.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace venturi {

/// How the time that a measure takes grows with the network.
enum class MeasureCost {
    near_linear,  ///< seconds for a million edges
    all_pairs,    ///< vertices · edges
};

/// A number for each vertex. Weights are ignored but where the name says otherwise.
struct VertexMeasure {
    std::string_view name = {};
    std::string_view meaning = {};  ///< one line, with its convention
    MeasureCost cost = MeasureCost::near_linear;
    std::vector<double> (*of)(const Network&) = nullptr;  ///< shape: vertices
};

/// A number for the network as a whole.
struct NetworkMeasure {
    std::string_view name = {};
    std::string_view meaning = {};
    MeasureCost cost = MeasureCost::near_linear;
    double (*of)(const Network&) = nullptr;
};

[[nodiscard]] std::span<const VertexMeasure> vertex_measures();
[[nodiscard]] std::span<const NetworkMeasure> network_measures();

/// The measures of vertices that a list names, in its order: names with commas between them, or "all". Throws
/// std::invalid_argument, with a message that names the stranger and all that there are, where there is no
/// measure of a name.
[[nodiscard]] std::vector<VertexMeasure> vertex_measures_named(std::string_view list);

}  // namespace venturi
