// companies.csv: a row for each company of each trajectory.
#pragma once

#include "agents/world_parameters.hpp"
#include "analysis/statistics/company_rows.hpp"

#include <span>
#include <string>

namespace venturi {

/// Columns trajectory, company (group/number), group, founded, status, ended, age (months from founding to
/// its end or the horizon), dead (1 where it is bankrupt or shut down, 0 where that is not seen), rounds,
/// raised, revenue, headcount, highest_valuation, proceeds, founders_share. In R: Surv(age, dead).
[[nodiscard]] std::string companies_csv(std::span<const CompanyRow> rows, const WorldParameters& world);

}  // namespace venturi
