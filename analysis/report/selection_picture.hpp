// Who left a selection when, as a picture.
#pragma once

#include "analysis/report/selection_report.hpp"

#include <string>

namespace venturi {

/// A bar for each design, as long as the trajectories that it lived, the best first, with its mean and
/// interval. Designs beyond `most` are counted in a last line. SVG in the manner of `line_plot_svg`.
[[nodiscard]] std::string selection_svg(const SelectionResults& results, std::size_t most = 40);

}  // namespace venturi
