// The JSON Schema (draft 2020-12) of described parameters.
#include "scenarios/distribution_form.hpp"
#include "scenarios/documentation.hpp"
#include "scenarios/quantity.hpp"
#include "scenarios/resolved.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>

namespace venturi {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array all_dimensions{
    Dimension::number,          Dimension::share,    Dimension::count, Dimension::money,
    Dimension::money_per_month, Dimension::duration, Dimension::rate,
};

constexpr std::string_view identifier = "^[a-z][a-z0-9_]*$";

bool needs_unit(Dimension dimension) {
    return unit_of(dimension) != "1";
}

Json reference(std::string_view name) {
    return {{"$ref", fmt::format("#/$defs/{}", name)}};
}

std::string distribution_name(Dimension dimension) {
    return fmt::format("{}_distribution", name_of(dimension));
}

Json quantity_definition(Dimension dimension) {
    Json number = {{"const", 0}};
    if (!needs_unit(dimension)) number = {{"type", dimension == Dimension::count ? "integer" : "number"}};
    return {{"description", how_to_write(dimension)},
            {"anyOf", {number, {{"type", "string"}, {"pattern", pattern_of(dimension)}}}}};
}

Json form_schema(const DistributionForm& form, const Description& parameter) {
    if (form.name == "constant") return reference(name_of(parameter.dimension));
    Json properties = Json::object();
    Json required = Json::array();
    for (const DistributionField& field : form.fields) {
        properties[std::string(field.name)] = reference(name_of(dimension_of(field, parameter)));
        required.push_back(field.name);
    }
    return {{"type", "object"},
            {"description", form.meaning},
            {"properties", properties},
            {"required", required},
            {"additionalProperties", false}};
}

Json distribution_definition(Dimension dimension) {
    const Description parameter{.name = {}, .dimension = dimension, .meaning = {}};
    Json properties = Json::object();
    for (const DistributionForm& form : distribution_forms())
        properties[std::string(form.name)] = form_schema(form, parameter);
    return {{"description", fmt::format("{}; or a distribution that is drawn from", how_to_write(dimension))},
            {"anyOf",
             {reference(name_of(dimension)),
              {{"type", "object"},
               {"properties", properties},
               {"minProperties", 1},
               {"maxProperties", 1},
               {"additionalProperties", false}}}}};
}

// Holds for numbers alone: the keywords of JSON Schema say nothing about texts such as "$2.5M".
void add_limits(Json& schema, const Range& legal) {
    if (std::isfinite(legal.low)) schema[legal.low_open ? "exclusiveMinimum" : "minimum"] = legal.low;
    if (std::isfinite(legal.high)) schema[legal.high_open ? "exclusiveMaximum" : "maximum"] = legal.high;
}

struct TypeOfLeaf {
    const Description& description;

    Json operator()(const double*) const {
        Json schema = reference(name_of(description.dimension));
        if (!needs_unit(description.dimension)) add_limits(schema, description.legal);
        return schema;
    }
    Json operator()(const std::int64_t*) const {
        Json schema = reference(name_of(Dimension::count));
        add_limits(schema, description.legal);
        return schema;
    }
    Json operator()(const bool*) const { return {{"enum", {true, false, "yes", "no"}}}; }
    Json operator()(const ChoiceTarget& choice) const { return {{"enum", choice.names}}; }
    Json operator()(const ReferenceTarget&) const { return {{"type", "string"}, {"pattern", identifier}}; }
    Json operator()(const Distribution*) const {
        Json schema = reference(distribution_name(description.dimension));
        if (!needs_unit(description.dimension)) add_limits(schema, description.legal);
        return schema;
    }
};

Json leaf_schema(const Leaf& leaf) {
    const Description& description = leaf.description;
    Json schema = std::visit(TypeOfLeaf{description}, leaf.target);
    schema["description"] =
        fmt::format("{} (legal: {}; source: {})", description.meaning, legal_text(leaf), description.source);
    const Json value = resolved_leaf(leaf);
    if (value.is_string() && value.get_ref<const std::string&>().empty()) return schema;
    schema["default"] = value;
    schema["examples"] = Json::array({value});
    return schema;
}

Json collection_schema(const Collection& collection) {
    return {
        {"type", {"object", "null"}},
        {"description", collection.meaning},
        {"propertyNames", {{"pattern", identifier}}},
        {"additionalProperties", {{"anyOf", {group_schema(collection.sample().group), {{"type", "null"}}}}}}};
}

}  // namespace

Json group_schema(const Group& group) {
    Json properties = Json::object();
    for (const Member& member : group.members) {
        Json& schema = properties[std::string(member.name())];
        if (const auto* leaf = std::get_if<Leaf>(&member.value))
            schema = leaf_schema(*leaf);
        else if (const auto* inner = std::get_if<Group>(&member.value))
            schema = group_schema(*inner);
        else
            schema = collection_schema(std::get<Collection>(member.value));
    }
    Json schema = {{"type", {"object", "null"}}};
    if (!group.meaning.empty()) schema["description"] = group.meaning;
    schema["properties"] = std::move(properties);
    schema["additionalProperties"] = false;
    return schema;
}

Json quantity_definitions() {
    Json definitions = Json::object();
    for (const Dimension dimension : all_dimensions)
        definitions[std::string(name_of(dimension))] = quantity_definition(dimension);
    for (const Dimension dimension : all_dimensions)
        definitions[distribution_name(dimension)] = distribution_definition(dimension);
    return definitions;
}

}  // namespace venturi
