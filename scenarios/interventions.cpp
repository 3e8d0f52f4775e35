#include "scenarios/binding.hpp"
#include "scenarios/quantity.hpp"
#include "scenarios/resolved.hpp"
#include "scenarios/sections.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace venturi {
namespace {

using Json = nlohmann::ordered_json;
using Kind = DocumentNode::Kind;

const std::array<std::string, 6> intervention_keys{"name", "at", "when", "for", "climate", "set"};
const std::array<std::string, 4> condition_keys{"measure", "group", "above", "below"};

// What a condition can watch, by every name that it knows.
std::vector<std::string> names_of_measures() {
    std::vector<std::string> names;
    for (const MeasureDescription& one : measures()) {
        names.emplace_back(one.name);
        if (!one.older_name.empty()) names.emplace_back(one.older_name);
    }
    return names;
}

std::optional<Measure> read_measure(const DocumentNode& node, ProblemList& problems) {
    const std::optional<Measure> found = node.kind == Kind::text ? Measure::find(node.text) : std::nullopt;
    if (!found)
        problems.add(
            {.position = node.position,
             .message = fmt::format("'measure' can't be {}",
                                    node.kind == Kind::text ? in_quotes(node.text) : describe_kind(node)),
             .value = node.text,
             .legal = "what 'venturi list measures' shows, such as share_dead, revenue or month",
             .nearest = nearest_name(node.text, names_of_measures())});
    return found;
}

// A level in the measure's dimension; a climate may be written by name.
std::optional<double> read_level(Measure measure, const DocumentNode& node, std::string_view name,
                                 ProblemList& problems) {
    const auto* const climate = std::find(climate_names.begin(), climate_names.end(), node.text);
    if (measure == Measure::find("climate") && climate != climate_names.end())
        return static_cast<double>(climate - climate_names.begin());
    const MeasureDescription& description = measure.description();
    return read_quantity(node, name, description.dimension, description.levels(), problems);
}

// The place of a group of startups among them.
std::optional<std::uint32_t> read_group_name(Measure measure, const DocumentNode& node, const Group& world,
                                             ProblemList& problems) {
    if (!measure.description().of_startups) {
        problems.add(
            {.position = node.position,
             .message = fmt::format("'{}' is of the world, and not of a group", measure.description().name),
             .legal = "with a group: those of 'venturi list measures' that say 'by group: yes'"});
        return std::nullopt;
    }
    const Collection* const groups = find_collection(world, "startups");
    const std::vector<std::string> names = groups != nullptr ? names_of(*groups) : std::vector<std::string>{};
    const std::vector<std::string_view> legal(names.begin(), names.end());
    const std::optional<std::size_t> found = read_choice(node, "group", legal, problems);
    return found ? std::optional(static_cast<std::uint32_t>(*found)) : std::nullopt;
}

std::optional<Condition> read_condition(const DocumentNode& node, const Group& world, ProblemList& problems) {
    if (!check_keys(node, "when", condition_keys, problems)) return std::nullopt;
    const DocumentNode* const measure = node.find("measure");
    const DocumentNode* const above = node.find("above");
    const DocumentNode* const below = node.find("below");
    if (measure == nullptr || (above == nullptr) == (below == nullptr)) {
        problems.add(
            {.position = node.position,
             .message = "'when' needs a measure, and the level above or below which it must be",
             .legal = "when: {measure: NAME, below: 50%}, or with above; and a group, if it is of one"});
        return std::nullopt;
    }
    const std::optional<Measure> which = read_measure(*measure, problems);
    if (!which) return std::nullopt;
    const std::optional<double> level = above != nullptr ? read_level(*which, *above, "above", problems)
                                                         : read_level(*which, *below, "below", problems);
    const DocumentNode* const group = node.find("group");
    const std::optional<std::uint32_t> of =
        group != nullptr ? read_group_name(*which, *group, world, problems) : std::nullopt;
    if (!level || (group != nullptr && !of)) return std::nullopt;
    return Condition{.measure = *which,
                     .crossing = above != nullptr ? Crossing::above : Crossing::below,
                     .level = *level,
                     .group = of};
}

// Reads the settings below a path; a map goes deeper.
void read_settings(const DocumentNode& map, const std::string& path, const Group& world,
                   std::vector<Setting>& settings, std::vector<WrittenParameter>& written,
                   ProblemList& problems) {
    if (map.kind != Kind::map || map.keys.empty()) {
        problems.add({.position = map.position,
                      .message = fmt::format("'set' needs a map of parameters, not {}", describe_kind(map)),
                      .legal = "set: {group.parameter: value}"});
        return;
    }
    const std::vector<LeafPath> leaves = leaves_of(world);
    for (std::size_t i = 0; i < map.keys.size(); ++i) {
        const std::string below = path.empty() ? map.keys[i].text : path + "." + map.keys[i].text;
        const bool is_leaf = std::any_of(leaves.begin(), leaves.end(),
                                         [&below](const LeafPath& leaf) { return leaf.path == below; });
        if (!is_leaf && map.items[i].kind == Kind::map) {
            read_settings(map.items[i], below, world, settings, written, problems);
            continue;
        }
        const Leaf* const leaf = find_leaf(world, below, map.keys[i].position, problems);
        if (leaf == nullptr) continue;
        if (const auto value = read_setting(*leaf, below, map.items[i], problems)) {
            settings.push_back({.parameter = leaf->index, .value = *value});
            written.push_back({.path = below, .position = map.items[i].position, .value = *value});
        }
    }
}

// `branch` is the month from which on it may begin, and does where it isn't said when; the start otherwise,
// where it must be said.
Intervention read_intervention(const NamedEntry& entry, const Group& world, std::optional<double> branch,
                               std::vector<WrittenParameter>& written, ProblemList& problems) {
    Intervention intervention{};
    intervention.name = entry.name;
    const DocumentNode& node = *entry.node;
    if (!check_keys(node, "interventions", intervention_keys, problems)) return intervention;
    const DocumentNode* const at = node.find("at");
    const DocumentNode* const when = node.find("when");
    const bool begins_at_once = branch && at == nullptr && when == nullptr;
    if (begins_at_once) intervention.at = branch;
    if (!begins_at_once && (at == nullptr) == (when == nullptr))
        problems.add(
            {.position = node.position,
             .message = fmt::format("intervention {} needs either 'at' or 'when'", in_quotes(entry.name)),
             .legal = "at: 24 months, or when: {measure: NAME, below: 50%}"});
    if (at != nullptr)
        intervention.at =
            read_quantity(*at, "at", Dimension::duration, at_least(branch.value_or(0)), problems);
    if (when != nullptr) intervention.when = read_condition(*when, world, problems);
    if (const DocumentNode* const lasts = node.find("for"))
        intervention.lasts = read_quantity(*lasts, "for", Dimension::duration, above(0), problems);
    const DocumentNode* const climate = node.find("climate");
    if (climate != nullptr)
        if (const auto held = read_choice(*climate, "climate", climate_names, problems))
            intervention.climate = static_cast<Climate>(*held);
    if (const DocumentNode* const set = node.find("set"))
        read_settings(*set, {}, world, intervention.settings, written, problems);
    else if (climate == nullptr)
        problems.add({.position = node.position,
                      .message = fmt::format("intervention {} sets nothing", in_quotes(entry.name)),
                      .legal = "set: {group.parameter: value}, or climate: cold"});
    return intervention;
}

const LeafPath& leaf_at(const std::vector<LeafPath>& leaves, std::size_t index) {
    return *std::find_if(leaves.begin(), leaves.end(),
                         [index](const LeafPath& leaf) { return leaf.leaf->index == index; });
}

}  // namespace

std::string name_of_intervention(const DocumentNode& entry, ProblemList& problems) {
    const DocumentNode* const name = entry.find("name");
    if (name != nullptr && name->kind == Kind::text && !name->text.empty()) return name->text;
    if (entry.kind != Kind::map) return {};  // which is another problem
    problems.add({.position = name != nullptr ? name->position : entry.position,
                  .message = "an intervention needs a name",
                  .legal = "- name: a short text"});
    return {};
}

std::vector<Intervention> read_interventions(const std::vector<NamedEntry>& entries, const Group& world,
                                             std::vector<WrittenParameter>& written, ProblemList& problems) {
    std::vector<Intervention> interventions;
    interventions.reserve(entries.size());
    for (const NamedEntry& entry : entries)
        interventions.push_back(read_intervention(entry, world, std::nullopt, written, problems));
    return interventions;
}

std::vector<Setting> read_branch_settings(const DocumentNode& map, const Group& world,
                                          std::vector<WrittenParameter>& written, ProblemList& problems) {
    std::vector<Setting> settings;
    read_settings(map, {}, world, settings, written, problems);
    return settings;
}

Intervention read_branch_intervention(const NamedEntry& entry, const Group& world, double month,
                                      std::vector<WrittenParameter>& written, ProblemList& problems) {
    return read_intervention(entry, world, month, written, problems);
}

Json resolved_interventions(const std::vector<Intervention>& interventions, const Group& world) {
    const std::vector<LeafPath> leaves = leaves_of(world);
    const Collection* const groups = find_collection(world, "startups");
    Json list = Json::array();
    for (const Intervention& intervention : interventions) {
        Json entry = {{"name", intervention.name}};
        if (intervention.at) entry["at"] = print_quantity(*intervention.at, Dimension::duration);
        if (intervention.when) {
            const Condition& when = *intervention.when;
            entry["when"]["measure"] = when.measure.description().name;
            if (when.group) entry["when"]["group"] = names_of(*groups).at(*when.group);
            entry["when"][when.crossing == Crossing::above ? "above" : "below"] =
                print_quantity(when.level, when.measure.description().dimension);
        }
        if (intervention.lasts) entry["for"] = print_quantity(*intervention.lasts, Dimension::duration);
        if (intervention.climate)
            entry["climate"] = climate_names[static_cast<std::size_t>(*intervention.climate)];
        for (const Setting& setting : intervention.settings) {
            const LeafPath& parameter = leaf_at(leaves, setting.parameter);
            entry["set"][parameter.path] = setting_text(*parameter.leaf, setting.value);
        }
        list.push_back(std::move(entry));
    }
    return list;
}

Json interventions_schema() {
    const Json level = {{"type", {"string", "number"}}};
    const Json condition = {
        {"type", "object"},
        {"description", "takes effect once, when the measure first lies above or below the level"},
        {"properties",
         {{"measure", {{"enum", names_of_measures()}}},
          {"group",
           {{"type", "string"},
            {"description", "the group of startups that is measured; all of them where it is not given"}}},
          {"above", level},
          {"below", level}}},
        {"required", Json::array({"measure"})},
        {"oneOf",
         Json::array({{{"required", Json::array({"above"})}}, {{"required", Json::array({"below"})}}})},
        {"additionalProperties", false}};
    const Json entry = {
        {"type", "object"},
        {"properties",
         {{"name", {{"type", "string"}, {"minLength", 1}}},
          {"at", {{"$ref", "#/$defs/duration"}, {"description", "the time at which it takes effect"}}},
          {"when", condition},
          {"for",
           {{"$ref", "#/$defs/duration"},
            {"description",
             "the time after which what it sets is again what it would be without it; for good where it is "
             "not given"}}},
          {"climate",
           {{"enum", climate_names},
            {"description",
             "the climate that is seen while it is in force; the climate's own chain goes on behind it"}}},
          {"set",
           {{"type", "object"},
            {"description", "the parameters that change, by path, and their new values"},
            {"minProperties", 1},
            {"examples", Json::array({{{"group.parameter", "0.5/month"}}})}}}}},
        {"required", Json::array({"name"})},
        {"anyOf",
         Json::array({{{"required", Json::array({"set"})}}, {{"required", Json::array({"climate"})}}})},
        {"oneOf", Json::array({{{"required", Json::array({"at"})}}, {{"required", Json::array({"when"})}}})},
        {"additionalProperties", false}};
    return {{"type", {"array", "null"}},
            {"description", "what happens to the world at a time or under a condition"},
            {"items", entry}};
}

}  // namespace venturi
