// Simulated figures beside published ones.
#pragma once

#include "analysis/statistics/cohort.hpp"
#include "scenarios/scenario.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace venturi {

/// A published figure and what the simulation says of it.
struct Comparison {
    Published published;
    Finding simulated;

    /// The published value, or a part of its interval, lies within the simulation's confidence interval.
    [[nodiscard]] bool agrees() const;
    /// Simulated minus published, over published; NaN where the published value is 0.
    [[nodiscard]] double relative_difference() const;
};

/// Figures that are measured under the same overrides, and so by one ensemble.
struct ComparisonGroup {
    std::vector<std::pair<std::string, std::string>> set;
    std::vector<std::size_t> figures;  ///< indices into the scenario's published figures
};

/// Groups the figures by their overrides, in order of appearance; the first group is the scenario as it is,
/// even if no figure needs it.
[[nodiscard]] std::vector<ComparisonGroup> comparison_groups(const Scenario& scenario);

/// The scenario under a group's overrides.
[[nodiscard]] Scenario with_overrides(const Scenario& scenario, const ComparisonGroup& group);

/// Throws std::invalid_argument, with a message for the user, where a figure names no observable or no month
/// of it.
void check_published(const Scenario& scenario);

/// Holds the figures of a group against an ensemble run under its overrides.
[[nodiscard]] std::vector<Comparison> compare(const Scenario& scenario, const ComparisonGroup& group,
                                              const CohortStatistics& statistics,
                                              const ObservationGrid& grid);

}  // namespace venturi
