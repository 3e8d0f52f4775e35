// What became of each group of startups, as rows, arrays, a table and JSON.
#pragma once

#include "analysis/report/dataset.hpp"
#include "analysis/report/terminal_table.hpp"
#include "analysis/statistics/cohort.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace venturi {

// Of a scenario with one group of startups all of these are empty: what is pooled is the group's.

/// `group,observable,month,statistic,value,unit`, one number a line.
[[nodiscard]] std::string groups_csv(const CohortStatistics& statistics);

/// Adds the axis `group`, and over it the means with their intervals, and survival by age. The dataset has
/// the axis `age`.
void add_group_arrays(Dataset& dataset, const CohortStatistics& statistics);

/// A row a group: survival to five years or the last whole year before, how its companies ended, what they
/// raised.
[[nodiscard]] TerminalTable group_table(const CohortStatistics& statistics);

/// By group: the mean of each observable with its interval, and survival by age in years.
[[nodiscard]] nlohmann::ordered_json groups_json(const CohortStatistics& statistics);

}  // namespace venturi
