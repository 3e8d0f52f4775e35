// How flat the best decision is along each of its numbers, as a table and a picture.
#pragma once

#include "analysis/report/decision_report.hpp"

#include <string>

namespace venturi {

/// A row for each value that was tried of each number.
[[nodiscard]] std::string decision_flatness_csv(const DecisionResults& results);

/// What is gained by leaving the best decision along each number, with 95% bands: a panel for each parameter,
/// over its bounds, and for each share where one mix is decided, or for each mix where several are.
[[nodiscard]] std::string decision_flatness_svg(const DecisionResults& results);

}  // namespace venturi
