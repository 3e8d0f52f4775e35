// What is to be had from an investment mix: one number of a history, made of its companies or of the world.
#pragma once

#include "agents/luck.hpp"
#include "agents/measure.hpp"
#include "agents/world.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace venturi {

using LedgerWorld = World<LedgerDraws>;
using LedgerCompany = Startup<LedgerDraws>;

/// Exactly one of the functions is set.
struct WorldObjective {
    std::string name;
    std::string meaning;
    Dimension dimension = Dimension::number;
    /// Its mean over the companies of the group that decides, of those that were founded, is the objective.
    std::function<double(const LedgerCompany&)> of_company = {};
    /// Of the whole world at the horizon; NaN where there is nothing to look at.
    std::function<double(const LedgerWorld&)> of_world = {};
};

/// ln(1 + proceeds / $1M): `log_proceeds`.
[[nodiscard]] WorldObjective log_proceeds_objective();

/// Constant relative risk aversion: ((1 + proceeds / $1M)^(1 − aversion) − 1) / (1 − aversion); of aversion 1
/// it is `log_proceeds`, of 0 the proceeds in millions. Throws ContractViolation unless 0 ≤ aversion < ∞.
[[nodiscard]] WorldObjective crra_proceeds_objective(double aversion);

/// 1 for a company that has not gone bankrupt or been shut down by the horizon, be it sold or not:
/// `survival`.
[[nodiscard]] WorldObjective survival_objective();

/// `log_proceeds`, `proceeds`, `survival`, `rounds`, `raised`, or a scalar or series of results that is a
/// measure of the world (agents/measure_table.hpp), at the horizon; nothing where the name is nobody's.
[[nodiscard]] std::optional<WorldObjective> find_world_objective(std::string_view name);

/// Those that are of companies: the first five, and `crra_proceeds`, with an aversion of 1.
[[nodiscard]] std::vector<WorldObjective> objectives_of_companies();

/// All of these names.
[[nodiscard]] std::vector<std::string> world_objective_names();

}  // namespace venturi
