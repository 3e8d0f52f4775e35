#include "scenarios/branch.hpp"

#include "scenarios/binding.hpp"
#include "scenarios/document.hpp"
#include "scenarios/parameter_tree.hpp"
#include "scenarios/quantity.hpp"
#include "scenarios/sections.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace venturi {
namespace {

using Json = nlohmann::ordered_json;

const std::array<std::string, 3> branch_keys{"title", "set", "interventions"};
const std::array<std::string, 2> switch_keys{"name", "switch"};
constexpr std::array<std::string_view, 2> switch_names{"off", "on"};
constexpr std::string_view of_branch = "set at the branch";

std::vector<std::string> names_of_interventions(const Scenario& scenario) {
    std::vector<std::string> names;
    for (const Intervention& intervention : scenario.interventions) names.push_back(intervention.name);
    return names;
}

std::optional<std::uint32_t> number_of(const Scenario& scenario, const std::string& name) {
    const auto& all = scenario.interventions;
    const auto found = std::ranges::find(all, name, &Intervention::name);
    if (found == all.end()) return std::nullopt;
    return static_cast<std::uint32_t>(found - all.begin());
}

// Switches an intervention of the scenario: off, or on from the branch on.
void switch_intervention(const Scenario& scenario, double month, const std::string& name, bool on,
                         const SourcePosition& place, BranchChanges& changes, ProblemList& problems) {
    const std::optional<std::uint32_t> number = number_of(scenario, name);
    if (!number) {
        const std::vector<std::string> names = names_of_interventions(scenario);
        problems.add({.position = place,
                      .message = fmt::format("there is no intervention {} to switch {}", in_quotes(name),
                                             on ? "on" : "off"),
                      .value = name,
                      .legal = names.empty() ? "nothing: the scenario has no interventions" : listed(names),
                      .nearest = nearest_name(name, names)});
        return;
    }
    if (std::ranges::find(changes.without, *number) != changes.without.end()) {
        problems.add({.position = place,
                      .message = fmt::format("intervention {} is switched twice", in_quotes(name)),
                      .value = name,
                      .legal = "once: on or off"});
        return;
    }
    changes.without.push_back(*number);
    if (!on) return;
    Intervention begun = scenario.interventions[*number];
    begun.at = month;
    begun.when.reset();
    changes.begun.push_back(std::move(begun));
}

void read_entry(const NamedEntry& entry, const Scenario& scenario, const Group& world, double month,
                BranchChanges& changes, ProblemList& problems) {
    const DocumentNode* const switched =
        entry.node->kind == DocumentNode::Kind::map ? entry.node->find("switch") : nullptr;
    if (switched == nullptr) {
        changes.begun.push_back(read_branch_intervention(entry, world, month, changes.written, problems));
        if (const auto replaced = number_of(scenario, entry.name)) changes.without.push_back(*replaced);
        return;
    }
    if (!check_keys(*entry.node, "interventions", switch_keys, problems)) return;
    if (const auto which = read_choice(*switched, "switch", switch_names, problems))
        switch_intervention(scenario, month, entry.name, *which == 1, entry.node->position, changes,
                            problems);
}

BranchChanges changes_in(const DocumentNode& root, const Scenario& scenario, double month) {
    BranchChanges changes;
    ProblemList problems;
    if (!check_keys(root, "a branch", branch_keys, problems)) problems.throw_if_any();
    if (root.keys.empty())
        problems.add({.position = root.position,
                      .message = "this branch changes nothing",
                      .legal = listed(branch_keys)});
    Scenario read = scenario;  // the tree points into what it could change
    const Group world = parameter_tree(read.world);
    if (const DocumentNode* const title = root.find("title")) {
        if (title->kind == DocumentNode::Kind::text)
            changes.title = title->text;
        else
            problems.add({.position = title->position,
                          .message = fmt::format("'title' needs a text, not {}", describe_kind(*title)),
                          .legal = "a text"});
    }
    if (const DocumentNode* const set = root.find("set")) {
        Intervention settings{.name = std::string(of_branch), .at = month, .when = {}, .settings = {}};
        settings.settings = read_branch_settings(*set, world, changes.written, problems);
        changes.begun.push_back(std::move(settings));
    }
    std::vector<NamedEntry> entries;
    if (const DocumentNode* const list = root.find("interventions"))
        merge_entries(entries, *list, "interventions", name_of_intervention, problems);
    for (const NamedEntry& entry : entries) read_entry(entry, scenario, world, month, changes, problems);
    problems.throw_if_any();
    return changes;
}

}  // namespace

BranchChanges load_branch(const std::filesystem::path& file, const Scenario& scenario, double month) {
    return changes_in(load_document(file), scenario, month);
}

BranchChanges read_branch(std::string_view text, const std::string& name, const Scenario& scenario,
                          double month) {
    return changes_in(parse_document(text, name), scenario, month);
}

BranchChanges branch_of_settings(std::span<const std::string> settings, const Scenario& scenario,
                                 double month) {
    constexpr std::string_view section = "interventions.";
    BranchChanges changes;
    ProblemList problems;
    Scenario read = scenario;  // the tree points into what it could change
    const Group world = parameter_tree(read.world);
    Intervention all{.name = std::string(of_branch), .at = month, .when = {}, .settings = {}};
    for (const std::string& setting : settings) {
        const SourcePosition place{.file = "--with", .line = 1, .column = 1};
        const std::size_t equals = setting.find('=');
        if (equals == std::string::npos || equals == 0) {
            problems.add({.position = place,
                          .message = fmt::format("{} is no setting", in_quotes(setting)),
                          .value = setting,
                          .legal = "path=value, such as finance.raising.attempts=3"});
            continue;
        }
        const std::string path = setting.substr(0, equals);
        if (setting.find_first_not_of(" \t\r\n", equals + 1) == std::string::npos) {
            problems.add({.position = place,
                          .message = fmt::format("{} has no value", in_quotes(path)),
                          .legal = "path=value, such as finance.raising.attempts=3"});
            continue;
        }
        const DocumentNode value =
            parse_document(setting.substr(equals + 1), "--with", {}, static_cast<int>(equals) + 2);
        if (path.starts_with(section)) {
            const std::string name = path.substr(section.size());
            if (const auto which = read_choice(value, path, switch_names, problems))
                switch_intervention(scenario, month, name, *which == 1, place, changes, problems);
            continue;
        }
        const Leaf* const leaf = find_leaf(world, path, place, problems);
        if (leaf == nullptr) continue;
        if (const auto number = read_setting(*leaf, path, value, problems)) {
            all.settings.push_back({.parameter = leaf->index, .value = *number});
            changes.written.push_back({.path = path, .position = place, .value = *number});
        }
    }
    problems.throw_if_any();
    if (!all.settings.empty()) changes.begun.push_back(std::move(all));
    return changes;
}

Json resolved_branch(const BranchChanges& changes, const Scenario& scenario) {
    Scenario read = scenario;
    Json list = resolved_interventions(changes.begun, parameter_tree(read.world));
    for (const std::uint32_t number : changes.without) {
        const std::string& name = scenario.interventions.at(number).name;
        const bool replaced =
            std::ranges::find(changes.begun, name, &Intervention::name) != changes.begun.end();
        if (!replaced) list.push_back({{"name", name}, {"switch", "off"}});
    }
    Json json = Json::object();
    if (!changes.title.empty()) json["title"] = changes.title;
    json["interventions"] = std::move(list);
    return json;
}

Scenario scenario_of_branch(const Scenario& scenario, const BranchChanges& changes) {
    Scenario future = scenario;
    if (!changes.title.empty()) future.title = changes.title;
    future.interventions.insert(future.interventions.end(), changes.begun.begin(), changes.begun.end());
    future.written.insert(future.written.end(), changes.written.begin(), changes.written.end());
    return future;
}

}  // namespace venturi
