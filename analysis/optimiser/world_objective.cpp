#include "analysis/optimiser/world_objective.hpp"

#include "sim/contract.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace venturi {

namespace {

constexpr double million = 1e6;  // dollars

WorldObjective proceeds_objective() {
    return {.name = "proceeds",
            .meaning = "proceeds of a sale or listing by the horizon, the mean over companies",
            .dimension = Dimension::money,
            .of_company = [](const LedgerCompany& company) { return company.proceeds; }};
}

WorldObjective rounds_objective() {
    return {.name = "rounds",
            .meaning = "rounds after the seed, the mean over companies",
            .dimension = Dimension::number,
            .of_company = [](const LedgerCompany& company) {
                return static_cast<double>(company.follow_on_rounds());
            }};
}

WorldObjective raised_objective() {
    return {.name = "raised",
            .meaning = "money raised, seed included, the mean over companies",
            .dimension = Dimension::money,
            .of_company = [](const LedgerCompany& company) { return company.raised(); }};
}

constexpr std::array own_objectives = {log_proceeds_objective, proceeds_objective, survival_objective,
                                       rounds_objective, raised_objective};

}  // namespace

WorldObjective log_proceeds_objective() {
    return {
        .name = "log_proceeds",
        .meaning = "ln(1 + proceeds / $1M) by the horizon, the mean over companies",
        .dimension = Dimension::number,
        .of_company = [](const LedgerCompany& company) { return std::log1p(company.proceeds / million); }};
}

WorldObjective crra_proceeds_objective(double aversion) {
    expects(aversion >= 0 && std::isfinite(aversion), "relative risk aversion is finite and not below 0");
    if (aversion == 1) return log_proceeds_objective();
    return {.name = "crra_proceeds",
            .meaning = "utility of proceeds with constant relative risk aversion, the mean over companies",
            .dimension = Dimension::number,
            .of_company = [aversion](const LedgerCompany& company) {
                return std::expm1((1 - aversion) * std::log1p(company.proceeds / million)) / (1 - aversion);
            }};
}

WorldObjective survival_objective() {
    return {.name = "survival",
            .meaning = "share of companies that neither went bankrupt nor were shut down by the horizon",
            .dimension = Dimension::share,
            .of_company = [](const LedgerCompany& company) { return is_dead(company.status) ? 0.0 : 1.0; }};
}

std::optional<WorldObjective> find_world_objective(std::string_view name) {
    for (const auto make : own_objectives)
        if (WorldObjective objective = make(); objective.name == name) return objective;
    const std::optional<Measure> measure = Measure::find(name);
    if (!measure || measure->description().in_results == InResults::nowhere) return std::nullopt;
    const MeasureDescription& description = measure->description();
    return WorldObjective{
        .name = std::string(description.name),
        .meaning = std::string(description.meaning),
        .dimension = description.dimension,
        .of_world = [measure = *measure](const LedgerWorld& world) { return world.measure(measure); }};
}

std::vector<WorldObjective> objectives_of_companies() {
    std::vector<WorldObjective> objectives;
    for (const auto make : own_objectives) objectives.push_back(make());
    objectives.push_back(objectives.front());
    objectives.back().name = "crra_proceeds";
    objectives.back().meaning =
        "utility of proceeds with constant relative risk aversion (--aversion), the mean over companies";
    return objectives;
}

std::vector<std::string> world_objective_names() {
    std::vector<std::string> names;
    for (const auto make : own_objectives) names.push_back(make().name);
    for (const MeasureRecord<PlainDraws>& measure : measures())
        if (measure.in_results != InResults::nowhere && std::ranges::find(names, measure.name) == names.end())
            names.emplace_back(measure.name);
    return names;
}

}  // namespace venturi
