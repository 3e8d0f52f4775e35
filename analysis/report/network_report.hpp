// A network's analysis as text, as JSON and as GraphML.
#pragma once

#include "analysis/experiments/network_analysis.hpp"
#include "analysis/report/terminal.hpp"

#include <cstddef>
#include <string>

namespace venturi {

/// Tables: of the summary; and of the vertices, by their first column, largest first, where vertices that tie
/// stand in the order of the file. Of the vertices the first `most_vertices` are shown.
[[nodiscard]] std::string network_text(const Network& network, const NetworkAnalysis& analysis, Colour colour,
                                       std::size_t most_vertices);

/// One JSON object, with an object for each vertex under its name: {"Medici": {"degree": 6}, ...}, in the
/// order of the file. Numbers are the shortest that read back the same; NaN is null, infinity "inf".
[[nodiscard]] std::string network_json(const Network& network, const NetworkAnalysis& analysis);

/// One JSON object of what the summary says of the network as a whole, with the power law of degrees as
/// `degree_exponent`, null where too few vertices have larger degrees.
[[nodiscard]] std::string network_summary_json(const NetworkSummary& summary);

/// The network in GraphML, with the columns of the analysis at the vertices.
[[nodiscard]] std::string network_graphml(const Network& network, const NetworkAnalysis& analysis);

}  // namespace venturi
