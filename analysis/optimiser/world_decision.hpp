// What is decided of a world: a group's investment mix, and parameters between bounds or mixes beside it.
#pragma once

#include "analysis/experiments/design.hpp"
#include "analysis/optimiser/feasible_set.hpp"
#include "analysis/optimiser/world_problem.hpp"
#include "scenarios/scenario.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace venturi {

/// A decision's numbers are the shares of the mix, row by row, and then the values of the factors.
struct WorldDecision {
    std::size_t rows = 1;  ///< of the group's mix: 1 for good, else one for each stage; 0: it is not moved
    double floor = 0.01;   ///< no share is below
    std::vector<DesignFactor> factors = {};  ///< parameters over a range, and mixes by their path

    [[nodiscard]] bool moves_mix() const { return rows > 0; }
};

/// A number of a decision.
struct DecidedNumber {
    std::string name;  ///< "technology", "series_a.technology", or a parameter's path
    Dimension dimension = Dimension::share;
    double low = 0;
    double high = 1;
    bool is_share = true;  ///< of a mix
    bool whole = false;    ///< worlds have the nearest whole number
};

/// Reads what moves beside the mix: `path=low..high`, or `path.mix=simplex` for another mix. Throws
/// ScenarioError, with `--over` as the place, where that is wrong, is no range, is read nowhere in the
/// scenario, or is drawn from a distribution by each agent.
[[nodiscard]] std::vector<DesignFactor> read_decided_factors(const Scenario& scenario,
                                                             const std::vector<std::string>& texts);

[[nodiscard]] optimiser::FeasibleSet feasible_set_of(const WorldDecision& decision);

/// All of them, in order; `stages` are the names of the mix's rows where there are several.
[[nodiscard]] std::vector<DecidedNumber> numbers_of(const WorldDecision& decision,
                                                    const std::vector<std::string>& stages);

/// Where a search begins: that mix (of no rows where none is moved) and the scenario's own values, each at
/// the nearest of its bounds.
[[nodiscard]] optimiser::Vector start_of(const WorldDecision& decision, const Scenario& scenario,
                                         const MixRows& mix);

/// A parameter whose value in the scenario lies beyond its bounds, so that a search starts at the nearer one.
struct MovedStart {
    std::string path;
    double own = 0;  ///< in the unit of the parameter, as `start`
    double start = 0;
};
[[nodiscard]] std::vector<MovedStart> starts_moved_to_bounds(const WorldDecision& decision,
                                                             const Scenario& scenario);

/// The mix's part; no rows where none is moved.
[[nodiscard]] MixRows mix_rows_in(const WorldDecision& decision, const optimiser::Vector& numbers);
/// The factors' part, as worlds have it: whole where a parameter is.
[[nodiscard]] std::vector<double> factor_values_in(const WorldDecision& decision,
                                                   const optimiser::Vector& numbers);
/// "path=value" of each of them, as `--set` takes it.
[[nodiscard]] std::vector<std::string> factor_settings_in(const WorldDecision& decision,
                                                          const optimiser::Vector& numbers);
/// A scenario with the factors' values; its mix is as it was.
[[nodiscard]] Scenario scenario_with(const Scenario& scenario, const WorldDecision& decision,
                                     const std::vector<double>& factor_values);

}  // namespace venturi
