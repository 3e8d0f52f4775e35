#include "scenarios/resolved.hpp"

#include "scenarios/distribution_form.hpp"
#include "scenarios/quantity.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace venturi {
namespace {

using Json = nlohmann::ordered_json;

// A number where the dimension needs no unit, else text with one.
Json quantity_json(double value, Dimension dimension) {
    if (dimension == Dimension::count && std::abs(value) < 0x1p53) return static_cast<std::int64_t>(value);
    if (dimension == Dimension::number) return value;
    return print_quantity(value, dimension);
}

Json distribution_json(const Distribution& distribution, const Description& description) {
    const DistributionForm& form = distribution_forms()[distribution.index()];
    const std::vector<double> values = values_of(distribution);
    if (std::holds_alternative<Constant>(distribution))
        return quantity_json(values.front(), description.dimension);
    Json body = Json::object();
    for (std::size_t i = 0; i < values.size(); ++i)
        body[std::string(form.fields[i].name)] =
            quantity_json(values[i], dimension_of(form.fields[i], description));
    Json result = Json::object();
    result[std::string(form.name)] = std::move(body);
    return result;
}

struct LeafWriter {
    const Description& description;

    Json operator()(const double* value) const { return quantity_json(*value, description.dimension); }
    Json operator()(const std::int64_t* value) const { return *value; }
    Json operator()(const bool* value) const { return *value; }
    Json operator()(const ChoiceTarget& choice) const { return std::string(choice.names[choice.get()]); }
    Json operator()(const ReferenceTarget& reference) const { return *reference.name; }
    Json operator()(const Distribution* value) const { return distribution_json(*value, description); }
};

// JSON without the quotes that YAML can do without. The texts are quantities and names of ours, none with a
// character that YAML takes for its own.
std::string plain_yaml(const Json& value) {
    if (value.is_string() && value.get<std::string>().empty()) return "''";
    if (value.is_string()) return value.get<std::string>();
    if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
    if (value.is_number_float()) return print_quantity(value.get<double>(), Dimension::number);
    if (!value.is_object()) return value.dump();
    std::string text;
    for (const auto& [key, item] : value.items())
        text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", key, plain_yaml(item));
    return "{" + text + "}";
}

const Group* find_group(const std::vector<Group>& groups, std::string_view name) {
    const auto found =
        std::find_if(groups.begin(), groups.end(), [name](const Group& group) { return group.name == name; });
    return found == groups.end() ? nullptr : &*found;
}

Json collection_json(const Collection& collection, const Collection& defaults) {
    Json result = Json::object();
    const Collection::Sample sample = collection.sample();
    for (const Group& removed : defaults.elements)
        if (find_group(collection.elements, removed.name) == nullptr) result[removed.name] = nullptr;
    for (const Group& element : collection.elements) {
        const Group* const inherited = find_group(defaults.elements, element.name);
        result[element.name] = resolved_group(element, inherited != nullptr ? *inherited : sample.group);
    }
    return result;
}

}  // namespace

Json resolved_leaf(const Leaf& leaf) {
    return std::visit(LeafWriter{leaf.description}, leaf.target);
}

Json resolved_group(const Group& group, const Group& defaults) {
    Json result = Json::object();
    for (std::size_t i = 0; i < group.members.size(); ++i) {
        const Member& member = group.members[i];
        const Member& standard = defaults.members[i];
        Json& value = result[std::string(member.name())];
        if (const auto* leaf = std::get_if<Leaf>(&member.value))
            value = resolved_leaf(*leaf);
        else if (const auto* inner = std::get_if<Group>(&member.value))
            value = resolved_group(*inner, std::get<Group>(standard.value));
        else
            value = collection_json(std::get<Collection>(member.value), std::get<Collection>(standard.value));
    }
    return result;
}

std::string leaf_text(const Leaf& leaf) {
    return plain_yaml(resolved_leaf(leaf));
}

std::string setting_text(const Leaf& leaf, double value) {
    if (const auto* choice = std::get_if<ChoiceTarget>(&leaf.target))
        return std::string(choice->names[static_cast<std::size_t>(value)]);
    if (std::holds_alternative<bool*>(leaf.target)) return value != 0 ? "yes" : "no";
    return print_quantity(value, leaf.description.dimension);
}

}  // namespace venturi
