// What an ensemble of worlds has to say, as rows, arrays and tables.
#pragma once

#include "analysis/report/dataset.hpp"
#include "analysis/report/line_plot.hpp"
#include "analysis/report/terminal_table.hpp"
#include "analysis/statistics/cohort.hpp"
#include "analysis/statistics/findings.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace venturi {

/// All statistics of all observables, tidy: scalars, pooled values, survival by age, series by month.
[[nodiscard]] std::vector<SummaryRow> summary_rows(const CohortStatistics& statistics,
                                                   const ObservationGrid& grid, const WorldParameters& world);

/// The same as arrays over month, age, statistic, quantile and valuation, for netCDF.
[[nodiscard]] Dataset cohort_dataset(const CohortStatistics& statistics, const ObservationGrid& grid,
                                     const Scenario& scenario);

/// What a person wants to see first: survival, rounds, valuations, exits, each with its 95% interval.
[[nodiscard]] TerminalTable headline_table(const CohortStatistics& statistics, const ObservationGrid& grid);

/// What has to be said of that table, in lines: what an asterisk means, and where there are no intervals.
/// None where there is nothing.
[[nodiscard]] std::string headline_note(const CohortStatistics& statistics);

/// Survival by age in years with its band, and published survival beside it where the scenario has any. The
/// caption tells of `settings` that were changed, "path=value" each.
[[nodiscard]] std::string survival_picture_of(const CohortStatistics& statistics, const Scenario& scenario,
                                              const std::vector<std::string>& settings = {});

/// Scalars, pooled values, survival and, where there are several, groups of startups as JSON objects.
[[nodiscard]] nlohmann::ordered_json observables_json(const CohortStatistics& statistics);

}  // namespace venturi
