// The lists of a scenario file: the ties it gives, its interventions, and the published figures it is
// compared with. They refer to parameters and groups, so they are read when all parameters are in place.
#pragma once

#include "scenarios/document.hpp"
#include "scenarios/parameter_tree.hpp"
#include "scenarios/scenario.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace venturi {

/// An entry of a list, by name.
struct NamedEntry {
    std::string name;
    const DocumentNode* node = nullptr;
};

/// Gives the name of an entry; adds a problem where it has none.
using NameOf = std::string (*)(const DocumentNode&, ProblemList&);

/// Adds the entries of a file's list to those inherited from the files it extends: one with the name of an
/// inherited entry replaces it, and a list without a value drops all that were inherited. The list must
/// outlive the entries.
void merge_entries(std::vector<NamedEntry>& entries, const DocumentNode& list, std::string_view section,
                   NameOf name_of, ProblemList& problems);

[[nodiscard]] std::string name_of_intervention(const DocumentNode& entry, ProblemList& problems);
[[nodiscard]] std::string name_of_published(const DocumentNode& entry, ProblemList& problems);

/// Reads interventions whose paths lead into `world`; what they set is added to `written`.
[[nodiscard]] std::vector<Intervention> read_interventions(const std::vector<NamedEntry>& entries,
                                                           const Group& world,
                                                           std::vector<WrittenParameter>& written,
                                                           ProblemList& problems);

/// Reads published figures; each of their settings must be legal in `scenario`.
[[nodiscard]] std::vector<Published> read_published(const std::vector<NamedEntry>& entries,
                                                    const Scenario& scenario, ProblemList& problems);

/// Reads ties that a scenario gives to partners of its `world`.
[[nodiscard]] std::vector<GivenTie> read_given_ties(const DocumentNode& list, const WorldParameters& world,
                                                    ProblemList& problems);

[[nodiscard]] nlohmann::ordered_json resolved_given_ties(const std::vector<GivenTie>& ties);
[[nodiscard]] nlohmann::ordered_json given_ties_schema();

/// Reads a branch's `set`, a map of parameters, into settings.
[[nodiscard]] std::vector<Setting> read_branch_settings(const DocumentNode& map, const Group& world,
                                                        std::vector<WrittenParameter>& written,
                                                        ProblemList& problems);

/// Reads an intervention of a branch at `month`, at which it begins where the entry doesn't say when.
[[nodiscard]] Intervention read_branch_intervention(const NamedEntry& entry, const Group& world, double month,
                                                    std::vector<WrittenParameter>& written,
                                                    ProblemList& problems);

[[nodiscard]] nlohmann::ordered_json resolved_interventions(const std::vector<Intervention>& interventions,
                                                            const Group& world);
[[nodiscard]] nlohmann::ordered_json resolved_published(const std::vector<Published>& published);

[[nodiscard]] nlohmann::ordered_json interventions_schema();
[[nodiscard]] nlohmann::ordered_json published_schema();

/// All parameters that a setting may name: `run` and the groups of the world. Points into the scenario.
[[nodiscard]] Group settable_tree(Scenario& scenario);

}  // namespace venturi
