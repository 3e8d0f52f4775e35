// What an ensemble of worlds has to say, as rows, arrays and tables.
#pragma once

#include "analysis/report/dataset.hpp"
#include "analysis/report/line_plot.hpp"
#include "analysis/report/terminal_table.hpp"
#include "analysis/statistics/cohort.hpp"
#include "analysis/statistics/published_comparison.hpp"

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

/// Simulated beside published, in the order of the scenario.
[[nodiscard]] TerminalTable comparison_table(const std::vector<Comparison>& comparisons);

/// Survival by age in years with its band, and published survival beside it where the scenario has any.
[[nodiscard]] std::string survival_picture_of(const CohortStatistics& statistics, const Scenario& scenario);

/// Scalars, pooled values and survival as JSON objects.
[[nodiscard]] nlohmann::ordered_json observables_json(const CohortStatistics& statistics);
[[nodiscard]] nlohmann::ordered_json comparison_json(const std::vector<Comparison>& comparisons);

}  // namespace venturi
