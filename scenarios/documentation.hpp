// What is said of each parameter, for people and for editors: the table in the documentation, the commented
// template that `venturi new` writes, and the JSON Schema.
#pragma once

#include "scenarios/parameter_tree.hpp"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace venturi {

/// A line of the parameter table; every field is text for people.
struct ParameterRow {
    std::string path;  ///< elements of collections stand as NAME: `startups.NAME.count`
    std::string unit;
    std::string default_value;
    std::string legal;
    std::string plausible;  ///< empty where all of the legal range is
    std::string meaning;
    std::string source;
    Takes takes = Takes::effect_any_time;
};

/// One row for each parameter below `root`, in the order of description.
[[nodiscard]] std::vector<ParameterRow> parameter_table(const Group& root);

/// What a leaf may be, in words: a range, the names of a choice, "yes or no".
[[nodiscard]] std::string legal_text(const Leaf& leaf);

/// Where the value of the parameter at a path comes from; nothing for where its description says.
using CitationOf = std::function<std::optional<std::string>(const std::string& path)>;

/// Every parameter below `root` as commented YAML with its present value, meaning and source. A collection
/// without elements shows one in comments.
[[nodiscard]] std::string commented_yaml(const Group& root, const CitationOf& citation_of = {});

/// The schema of a map that read_group takes (JSON Schema draft 2020-12). It refers to `#/$defs/`, which
/// quantity_definitions() fills.
[[nodiscard]] nlohmann::ordered_json group_schema(const Group& group);

/// The schemas of quantities by dimension and of distributions, by the names that group_schema refers to.
[[nodiscard]] nlohmann::ordered_json quantity_definitions();

}  // namespace venturi
