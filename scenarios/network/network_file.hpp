// Reads a network from a file in whatever format it is.
#pragma once

#include "scenarios/network/network_reading.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace venturi {

enum class NetworkFormat : std::uint8_t { table, graphml, gml, pajek, matrix_market, interactions };

/// By what marks a text: GraphML where its first sign that is no white space is `<`; GML where it begins with
/// `graph [`, Pajek's with `*Vertices`, the Matrix Market's with `%%MatrixMarket`. By the name of its file:
/// GraphML where it is empty and the name ends with .graphml or .xml, interactions where it ends with .sif. A
/// table (edge_list.hpp) otherwise.
[[nodiscard]] NetworkFormat network_format_of(std::string_view text, std::string_view name);

/// Reads a file, of UTF-8 or UTF-16, in whatever format it is. Throws ScenarioError.
[[nodiscard]] NetworkReading load_network(const std::filesystem::path& file,
                                          const NetworkOptions& options = {});

/// As load_network, from the bytes of a file; `name` stands for it in messages.
[[nodiscard]] NetworkReading parse_network(std::string bytes, std::string name,
                                           const NetworkOptions& options = {});

/// What vertices have besides their edges. Shapes: the network's vertices.
struct VertexAssets {
    std::vector<double> assets;
    std::vector<double> senior_debt;
};

/// Reads `name,assets` or `name,assets,senior debt` of vertices from a file of rows as delimited_text.hpp
/// says, whose first row is a header where its second field doesn't begin as a number does. Vertices that
/// aren't named have neither. Throws ScenarioError with all problems: names of no vertex or there twice,
/// what is no finite number or is negative.
[[nodiscard]] VertexAssets load_vertex_assets(const std::filesystem::path& file, const Network& network,
                                              const NetworkLimits& limits = {});

/// As load_vertex_assets, from text; `name` stands for the file in messages.
[[nodiscard]] VertexAssets parse_vertex_assets(std::string text, std::string name, const Network& network);

/// Assets as on a command line: `vertex=assets,vertex=assets`. Errors as of load_vertex_assets.
[[nodiscard]] VertexAssets vertex_assets_of(std::string text, std::string name, const Network& network);

}  // namespace venturi
