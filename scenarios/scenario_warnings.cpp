#include "scenarios/scenario_warnings.hpp"

#include "scenarios/parameter_tree.hpp"
#include "scenarios/parameter_use.hpp"
#include "scenarios/quantity.hpp"
#include "scenarios/resolved.hpp"
#include "scenarios/sections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace venturi {
namespace {

using LeavesByPath = std::map<std::string, const Leaf*, std::less<>>;

// The number that is held against the plausible range; the mean of a distribution. Nothing where there is
// none.
std::optional<double> written_number(const Leaf& leaf, const WrittenParameter& written) {
    if (written.value) return written.value;
    if (const auto* number = std::get_if<double*>(&leaf.target)) return **number;
    if (const auto* whole = std::get_if<std::int64_t*>(&leaf.target)) return static_cast<double>(**whole);
    if (const auto* distribution = std::get_if<Distribution*>(&leaf.target)) return mean(**distribution);
    return std::nullopt;
}

ScenarioWarning unread_parameters(const Scenario& scenario, const LeavesByPath& leaves) {
    ScenarioWarning warning{.message = "nothing in this scenario reads what is set here", .places = {}};
    const ParameterUse use(scenario);
    for (const WrittenParameter& written : scenario.written) {
        if (!written.changes || !leaves.contains(written.path)) continue;
        if (const auto where = use.unread_at(written.path))
            warning.places.push_back(
                {.position = written.position,
                 .message = fmt::format("'{}' is set, and read only where {}", written.path, *where),
                 .value = written.path});
    }
    return warning;
}

ScenarioWarning implausible_among(const std::vector<WrittenParameter>& all, const LeavesByPath& leaves) {
    ScenarioWarning warning{.message = "these values are outside the range that is plausible", .places = {}};
    for (const WrittenParameter& written : all) {
        const auto found = leaves.find(written.path);
        if (found == leaves.end()) continue;
        const Leaf& leaf = *found->second;
        const Description& description = leaf.description;
        const std::optional<double> value = written_number(leaf, written);
        // A rate of 0 switches something off, which is no estimate of anything.
        const bool is_off = description.dimension == Dimension::rate && value == 0.0;
        if (!value || is_off || description.plausible.contains(*value)) continue;
        const bool is_drawn = std::holds_alternative<Distribution*>(leaf.target);
        const std::string text =
            std::isfinite(*value) ? print_quantity(*value, description.dimension) : "infinite";
        warning.places.push_back(
            {.position = written.position,
             .message = fmt::format("'{}'{} is {}: plausible {} {}", written.path,
                                    is_drawn ? " on average" : "", text, is_drawn ? "means are" : "is",
                                    print_range(description.plausible, description.dimension)),
             .value = text});
    }
    return warning;
}

ScenarioWarning dropped_settings(const Scenario& scenario) {
    ScenarioWarning warning{.message = "of what is given to a parameter the last counts", .places = {}};
    for (const WrittenParameter& written : scenario.written)
        if (!written.dropped.empty())
            warning.places.push_back({.position = written.position,
                                      .message = fmt::format("'{}' is {}, and not as said before: {}",
                                                             written.path, written.given, written.dropped),
                                      .value = written.given});
    return warning;
}

ScenarioWarning nobody_founded(const Scenario& scenario) {
    ScenarioWarning warning{.message = "nothing will happen", .places = {}};
    const auto& groups = scenario.world.startups;
    if (std::none_of(groups.begin(), groups.end(), [](const auto& group) { return group.count > 0; }))
        warning.places.push_back({.position = {.file = scenario.file.string()},
                                  .message = "no startup is ever founded: 'startups' has no group with a "
                                             "count above 0"});
    return warning;
}

ScenarioWarning late_interventions(const Scenario& scenario) {
    ScenarioWarning warning{.message = "these interventions come when all is over", .places = {}};
    for (const Intervention& intervention : scenario.interventions)
        if (intervention.at && *intervention.at > scenario.run.horizon)
            warning.places.push_back(
                {.position = {.file = scenario.file.string()},
                 .message = fmt::format("{} comes after {}, and a history ends after {}",
                                        in_quotes(intervention.name),
                                        print_quantity(*intervention.at, Dimension::duration),
                                        print_quantity(scenario.run.horizon, Dimension::duration)),
                 .value = intervention.name});
    return warning;
}

}  // namespace

ScenarioWarning implausible_values(const Scenario& scenario, const std::vector<WrittenParameter>& given) {
    Scenario read = scenario;
    const Group tree = settable_tree(read);
    LeavesByPath leaves;
    for (const LeafPath& leaf : leaves_of(tree)) leaves.emplace(leaf.path, leaf.leaf);
    return implausible_among(given, leaves);
}

std::vector<ScenarioWarning> warnings_of(const Scenario& scenario) {
    Scenario read = scenario;  // the tree points into what it could change
    const Group tree = settable_tree(read);
    LeavesByPath leaves;
    for (const LeafPath& leaf : leaves_of(tree)) leaves.emplace(leaf.path, leaf.leaf);
    std::vector<ScenarioWarning> warnings;
    for (const ScenarioWarning& warning :
         {unread_parameters(scenario, leaves), implausible_among(scenario.written, leaves),
          dropped_settings(scenario), nobody_founded(scenario), late_interventions(scenario)})
        if (!warning.places.empty()) warnings.push_back(warning);
    return warnings;
}

std::string to_text(const ScenarioWarning& warning) {
    std::string text = warning.message;
    for (const Problem& place : warning.places) text += "\n  " + to_text(place);
    return text;
}

std::vector<Problem> as_problems(const std::vector<ScenarioWarning>& warnings) {
    std::vector<Problem> problems;
    for (const ScenarioWarning& warning : warnings)
        problems.insert(problems.end(), warning.places.begin(), warning.places.end());
    return problems;
}

}  // namespace venturi
