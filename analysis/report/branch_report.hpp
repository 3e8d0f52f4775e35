// What branches of histories have to say of luck: how much of an outcome was settled by when, as a table,
// files, a picture and JSON. Of differences between futures variant_report.hpp tells.
#pragma once

#include "analysis/experiments/branching.hpp"
#include "analysis/report/dataset.hpp"
#include "analysis/report/terminal_table.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace venturi {

/// A design that has run with continuations, and the splits that came out.
struct SettledResults {
    const BranchDesign& design;
    std::vector<VarianceSplit> splits;  ///< by month, future and outcome, the last fastest

    [[nodiscard]] const VarianceSplit& at(std::size_t month, std::size_t future, std::size_t outcome) const {
        return splits[(month * design.futures.size() + future) * design.outcomes.size() + outcome];
    }
};

/// Nothing is in it without continuations.
[[nodiscard]] SettledResults settled_results(const BranchDesign& design, const BranchStatistics& statistics);

/// The part of each outcome's variance that was settled, with its 95% interval: a row for each outcome, a
/// column for each month. Of more than six months some; outcomes that are always the same are left out.
[[nodiscard]] TerminalTable settled_table(const SettledResults& results, std::size_t future);

/// A row for each month, future and outcome.
[[nodiscard]] std::string settled_csv(const SettledResults& results);

/// Adds variables over branch_month, variant and statistic; the dataset has the last two.
void add_settled(Dataset& dataset, const SettledResults& results);

/// How much was decided when: of the first outcomes (at most `most_settled_lines`) the part of the variance
/// that was settled, by month, as it was; it ends at the horizon, where all is. The subtitle names what was
/// set
/// ("path=value" each).
inline constexpr std::size_t most_settled_lines = 5;
[[nodiscard]] std::string settled_svg(const SettledResults& results,
                                      const std::vector<std::string>& settings);

/// A list of objects.
[[nodiscard]] nlohmann::ordered_json settled_json(const SettledResults& results);

}  // namespace venturi
