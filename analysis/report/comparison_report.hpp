// Simulated figures beside published ones, as a table, a file and JSON.
#pragma once

#include "analysis/report/terminal_table.hpp"
#include "analysis/statistics/published_comparison.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace venturi {

/// In the order given. A difference of shares is in percentage points, any other in percent of the published
/// figure. Green says that they agree, red that they differ; a column says the same in words.
[[nodiscard]] TerminalTable comparison_table(const std::vector<Comparison>& comparisons);

/// What the colours and differences of the table mean, and how many figures agree; lines.
[[nodiscard]] std::string comparison_legend(const std::vector<Comparison>& comparisons);

/// A row each: figure, observable, simulated, lower_95, upper_95, published, role, source, difference (in the
/// observable's unit), relative_difference, agreement.
[[nodiscard]] std::string comparison_csv(const std::vector<Comparison>& comparisons);

/// The same as an array of objects.
[[nodiscard]] nlohmann::ordered_json comparison_json(const std::vector<Comparison>& comparisons);

}  // namespace venturi
