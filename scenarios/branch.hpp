// A branch: what one future of a history changes at the month at which it leaves the past that it shares with
// others.
#pragma once

#include "scenarios/scenario.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace venturi {

/// What is different in a future. Interventions are told by the numbers that they have in the scenario.
struct BranchChanges {
    std::string title;  ///< of its file; may be empty
    /// Those of the scenario that are over from the branch on, or will not come.
    std::vector<std::uint32_t> without;
    /// Those that are new, also where they take the place of another; none begins before the branch.
    std::vector<Intervention> begun;
    /// What they set, where it stands.
    std::vector<WrittenParameter> written;

    [[nodiscard]] bool is_empty() const { return without.empty() && begun.empty(); }
};

/// Reads a future that branches off `scenario` at `month`:
///
///     title: A winter, and no help
///     set: {finance.raising.attempts: 3}     # from the branch on
///     interventions:
///       - {name: winter, climate: cold, for: 24 months}   # begins at the branch where it has no month
///       - {name: help, switch: off}                       # one of the scenario's ends, or will not come
///       - {name: reform, switch: on}                      # one of the scenario's begins now
///
/// An intervention with the name of one of the scenario's takes its place. Throws ScenarioError with every
/// problem that was found.
[[nodiscard]] BranchChanges load_branch(const std::filesystem::path& file, const Scenario& scenario,
                                        double month);
/// The same from text; `name` stands for the file in messages.
[[nodiscard]] BranchChanges read_branch(std::string_view text, const std::string& name,
                                        const Scenario& scenario, double month);

/// Reads `path=value` settings, and `interventions.NAME=off` or `=on`, of one future. Messages say `--with`.
[[nodiscard]] BranchChanges branch_of_settings(std::span<const std::string> settings,
                                               const Scenario& scenario, double month);

/// The changes as JSON that read_branch takes at the same month of the same scenario.
[[nodiscard]] nlohmann::ordered_json resolved_branch(const BranchChanges& changes, const Scenario& scenario);

/// The scenario of such a future, under its title: the interventions that are new are added behind those that
/// there were.
[[nodiscard]] Scenario scenario_of_branch(const Scenario& scenario, const BranchChanges& changes);

}  // namespace venturi
