#include "scenarios/binding.hpp"
#include "scenarios/quantity.hpp"
#include "scenarios/sections.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <map>
#include <utility>

namespace venturi {
namespace {

using Json = nlohmann::ordered_json;
using Kind = DocumentNode::Kind;

const std::array<std::string, 8> published_keys{"name",     "observable", "month", "value",
                                                "interval", "source",     "role",  "set"};

std::string text_under(const DocumentNode& node, std::string_view key) {
    const DocumentNode* const found = node.find(key);
    return found != nullptr ? found->text : std::string{};
}

std::string required_text(const DocumentNode& node, const std::string& key, ProblemList& problems) {
    std::string text = text_under(node, key);
    if (text.empty())
        problems.add({.position = node.position,
                      .message = fmt::format("a published figure needs '{}'", key),
                      .legal = listed(published_keys)});
    return text;
}

// A month is written as a bare number or as a duration.
std::optional<double> read_month(const DocumentNode& node, ProblemList& problems) {
    const std::optional<Quantity> month = read_any_quantity(node, "month", problems);
    if (!month) return std::nullopt;
    const bool is_time = month->dimension == Dimension::number || month->dimension == Dimension::duration;
    if (is_time && month->value >= 0) return month->value;
    problems.add({.position = node.position,
                  .message = fmt::format("'month': {} is not a time", in_quotes(node.text)),
                  .value = node.text,
                  .legal = "at least 0: 60, 60 months or 5 years"});
    return std::nullopt;
}

// An end of an interval is in the unit of the figure; in a bare 0 the unit goes without saying.
std::optional<std::pair<double, double>> read_interval(const DocumentNode& node, Dimension dimension,
                                                       ProblemList& problems) {
    if (node.kind != Kind::list || node.items.size() != 2) {
        problems.add({.position = node.position,
                      .message = "'interval' needs two values",
                      .legal = "interval: [low, high]"});
        return std::nullopt;
    }
    const auto low = read_quantity(node.items[0], "interval", dimension, {}, problems);
    const auto high = read_quantity(node.items[1], "interval", dimension, {}, problems);
    if (!low || !high) return std::nullopt;
    if (*low <= *high) return std::pair{*low, *high};
    problems.add({.position = node.position,
                  .message = "the values of 'interval' are out of order",
                  .legal = "interval: [low, high]"});
    return std::nullopt;
}

// YAML in one line; a text always in quotes, so that nothing in it is taken for YAML.
Json as_json(const DocumentNode& node) {
    Json result;
    if (node.kind == Kind::text) result = node.text;
    if (node.kind == Kind::list)
        for (const DocumentNode& item : node.items) result.push_back(as_json(item));
    for (std::size_t i = 0; i < node.keys.size(); ++i) result[node.keys[i].text] = as_json(node.items[i]);
    return result;
}

std::vector<std::pair<std::string, std::string>> read_overrides(const DocumentNode& map,
                                                                const Scenario& scenario,
                                                                ProblemList& problems) {
    std::vector<std::pair<std::string, std::string>> overrides;
    if (map.kind != Kind::map) {
        problems.add({.position = map.position,
                      .message = fmt::format("'set' needs a map of parameters, not {}", describe_kind(map)),
                      .legal = "set: {group.parameter: value}"});
        return overrides;
    }
    Scenario changed = scenario;
    const Group tree = settable_tree(changed);
    std::map<std::string, SourcePosition> written;
    for (std::size_t i = 0; i < map.keys.size(); ++i) {
        const DocumentNode::Key& key = map.keys[i];
        const DocumentNode& value = map.items[i];
        const Leaf* const leaf = find_leaf(tree, key.text, key.position, problems);
        if (leaf == nullptr) continue;
        read_leaf(*leaf, key.text, value, problems);
        written.emplace(key.text, value.position);
        overrides.emplace_back(key.text, value.kind == Kind::text ? value.text : as_json(value).dump());
    }
    const auto position_of = [&](const std::string& path) {
        const auto found = written.find(path);
        return found != written.end() ? found->second : map.position;
    };
    if (!written.empty()) check_references(tree, position_of, problems);
    return overrides;
}

Published read_figure(const NamedEntry& entry, const Scenario& scenario, ProblemList& problems) {
    const DocumentNode& node = *entry.node;
    Published figure{};
    figure.name = entry.name;
    if (!check_keys(node, "published", published_keys, problems)) return figure;
    figure.observable = required_text(node, "observable", problems);
    figure.source = required_text(node, "source", problems);
    if (const DocumentNode* const month = node.find("month")) figure.month = read_month(*month, problems);
    if (const DocumentNode* const role = node.find("role"))
        if (const auto index = read_choice(*role, "role", published_role_names, problems))
            figure.role = static_cast<PublishedRole>(*index);
    if (const DocumentNode* const value = node.find("value")) {
        if (const std::optional<Quantity> quantity = read_any_quantity(*value, "value", problems)) {
            figure.value = quantity->value;
            figure.dimension = quantity->dimension;
            if (const DocumentNode* const interval = node.find("interval"))
                figure.interval = read_interval(*interval, figure.dimension, problems);
        }
    } else {
        problems.add({.position = node.position,
                      .message = "a published figure needs 'value'",
                      .legal = listed(published_keys)});
    }
    if (const DocumentNode* const set = node.find("set"))
        figure.set = read_overrides(*set, scenario, problems);
    return figure;
}

}  // namespace

std::string name_of_published(const DocumentNode& entry, ProblemList&) {
    std::string name = text_under(entry, "name");
    if (!name.empty()) return name;
    name = text_under(entry, "observable");
    if (const std::string month = text_under(entry, "month"); !month.empty()) name += " at month " + month;
    return name;
}

std::vector<Published> read_published(const std::vector<NamedEntry>& entries, const Scenario& scenario,
                                      ProblemList& problems) {
    std::vector<Published> published;
    published.reserve(entries.size());
    for (const NamedEntry& entry : entries) published.push_back(read_figure(entry, scenario, problems));
    return published;
}

Json resolved_published(const std::vector<Published>& published) {
    Json list = Json::array();
    for (const Published& figure : published) {
        Json entry = {{"name", figure.name}, {"observable", figure.observable}};
        if (figure.month) entry["month"] = *figure.month;
        entry["value"] = print_quantity(figure.value, figure.dimension);
        if (figure.interval)
            entry["interval"] = {print_quantity(figure.interval->first, figure.dimension),
                                 print_quantity(figure.interval->second, figure.dimension)};
        entry["source"] = figure.source;
        entry["role"] = published_role_names[static_cast<std::size_t>(figure.role)];
        for (const auto& [path, value] : figure.set) {
            // A map or list is kept as it is, everything else as the text it was written as.
            const Json parsed = Json::parse(value, nullptr, false);
            entry["set"][path] = parsed.is_structured() ? parsed : Json(value);
        }
        list.push_back(std::move(entry));
    }
    return list;
}

Json published_schema() {
    const Json quantity = {{"type", {"string", "number"}}};
    const Json text = {{"type", "string"}, {"minLength", 1}};
    const Json entry = {
        {"type", "object"},
        {"properties",
         {{"name", text},
          {"observable", text},
          {"month", quantity},
          {"value", quantity},
          {"interval", {{"type", "array"}, {"items", quantity}, {"minItems", 2}, {"maxItems", 2}}},
          {"source", text},
          {"role", {{"enum", published_role_names}, {"default", published_role_names[1]}}},
          {"set",
           {{"type", "object"},
            {"description", "parameters that are other where this figure is measured"}}}}},
        {"required", {"observable", "value", "source"}},
        {"additionalProperties", false}};
    return {{"type", {"array", "null"}},
            {"description", "published figures that runs of the scenario are compared with"},
            {"items", entry}};
}

}  // namespace venturi
