// Simulated figures beside published ones.
#pragma once

#include "analysis/statistics/findings.hpp"
#include "scenarios/scenario.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace venturi {

/// What a simulation's interval says of a published figure.
enum class Agreement : std::uint8_t { agrees, differs, unknown };
inline constexpr std::array<std::string_view, 3> agreement_names = {"agrees", "differs", "unknown"};

/// A published figure and what the simulation says of it.
struct Comparison {
    Published published;
    Finding simulated;

    /// Agrees where the published value, or a part of its interval, lies within the simulation's confidence
    /// interval; unknown where that has no ends, or the simulation no value.
    [[nodiscard]] Agreement agreement() const;
    /// Simulated minus published, in the observable's unit.
    [[nodiscard]] double difference() const { return simulated.value - published.value; }
    /// The same over published; NaN where the published value is 0.
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

/// Throws std::invalid_argument, with a message that names them all, where figures are of a later month than
/// the runs that they are compared with reach.
void check_published_months(const Scenario& scenario);

/// Holds the figures of a group against an ensemble run under its overrides. Throws as
/// `check_published_months` does.
[[nodiscard]] std::vector<Comparison> compare(const Scenario& scenario, const ComparisonGroup& group,
                                              const CohortStatistics& statistics,
                                              const ObservationGrid& grid);

}  // namespace venturi
