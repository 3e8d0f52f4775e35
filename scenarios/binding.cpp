#include "scenarios/binding.hpp"

#include "scenarios/distribution_form.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <utility>

namespace venturi {
namespace {

using Kind = DocumentNode::Kind;

std::string joined(std::string_view path, std::string_view name) {
    return path.empty() ? std::string(name) : fmt::format("{}.{}", path, name);
}

std::string in_place(std::string_view path) {
    return path.empty() ? std::string{} : fmt::format(" in '{}'", path);
}

void report_unknown(const DocumentNode::Key& key, std::string_view what, std::string_view path,
                    std::span<const std::string> legal, ProblemList& problems) {
    std::string message = fmt::format("unknown {} {}{}", what, in_quotes(key.text), in_place(path));
    const bool looks_like_thousands =
        key.text.size() == 3
        && std::all_of(key.text.begin(), key.text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (looks_like_thousands) message += " (within { }, a number with commas must stand in quotes)";
    problems.add({.position = key.position,
                  .message = std::move(message),
                  .value = key.text,
                  .legal = legal.empty() ? "nothing" : listed(legal),
                  .nearest = nearest_name(key.text, legal)});
}

std::string_view last_name(std::string_view path) {
    return path.substr(path.rfind('.') + 1);
}

// The names that follow `beginning` in the paths, each once.
std::vector<std::string> names_after(std::string_view beginning, std::span<const std::string> paths) {
    const std::string prefix = beginning.empty() ? std::string{} : fmt::format("{}.", beginning);
    std::vector<std::string> names;
    for (const std::string& path : paths) {
        if (!path.starts_with(prefix)) continue;
        std::string name = path.substr(prefix.size(), path.find('.', prefix.size()) - prefix.size());
        if (names.empty() || names.back() != name) names.push_back(std::move(name));
    }
    return names;
}

// A single value's text; a problem where the node is something else.
const std::string* text_of(const DocumentNode& node, std::string_view name, std::string_view legal,
                           ProblemList& problems) {
    if (node.kind == Kind::text) return &node.text;
    const std::string found =
        node.kind == Kind::nothing ? "has no value" : "needs one value, not " + describe_kind(node);
    problems.add({.position = node.position,
                  .message = fmt::format("'{}' {}", name, found),
                  .legal = std::string(legal)});
    return nullptr;
}

std::optional<bool> read_flag(const DocumentNode& node, std::string_view name, ProblemList& problems) {
    constexpr std::string_view legal = "yes or no";
    const std::string* const text = text_of(node, name, legal, problems);
    if (text == nullptr) return std::nullopt;
    if (*text == "yes" || *text == "true") return true;
    if (*text == "no" || *text == "false") return false;
    problems.add({.position = node.position,
                  .message = fmt::format("'{}': {} is neither yes nor no", name, in_quotes(*text)),
                  .value = *text,
                  .legal = std::string(legal)});
    return std::nullopt;
}

// Runs `parse` on the text of a node, and turns its error into a problem.
template <class Parse>
auto read_text(const DocumentNode& node, std::string_view name, std::string_view legal, const Parse& parse,
               ProblemList& problems) -> std::optional<decltype(parse(node.text))> {
    const std::string* const text = text_of(node, name, legal, problems);
    if (text == nullptr) return std::nullopt;
    try {
        return parse(*text);
    } catch (const QuantityError& error) {
        problems.add({.position = node.position,
                      .message = fmt::format("'{}': {}", name, error.what()),
                      .value = *text,
                      .legal = error.legal()});
        return std::nullopt;
    }
}

std::optional<std::int64_t> read_whole(const DocumentNode& node, std::string_view name, const Range& legal,
                                       ProblemList& problems) {
    return read_text(
        node, name, how_to_write(Dimension::count),
        [&legal](const std::string& text) { return parse_whole(text, legal); }, problems);
}

// Reads the forms of a distribution.
class DistributionReader {
  public:
    DistributionReader(const Leaf& leaf, std::string_view path, ProblemList& problems)
        : description_(leaf.description), path_(path), problems_(problems) {}

    [[nodiscard]] std::optional<Distribution> operator()(const DocumentNode& node) const {
        if (node.kind != Kind::map) return read_constant(node);
        if (node.keys.size() != 1) {
            problems_.add({.position = node.position,
                           .message = fmt::format("'{}' needs one value or one distribution", path_),
                           .legal = legal_forms()});
            return std::nullopt;
        }
        const DocumentNode::Key& key = node.keys.front();
        for (const DistributionForm& form : distribution_forms())
            if (form.name == key.text) return read_form(form, node.items.front());
        report_unknown(key, "distribution", path_, form_names(), problems_);
        return std::nullopt;
    }

  private:
    [[nodiscard]] std::optional<Distribution> read_constant(const DocumentNode& node) const {
        const auto value = read_quantity(node, path_, description_.dimension, description_.legal, problems_);
        return value ? std::optional<Distribution>(Constant{*value}) : std::nullopt;
    }

    static std::vector<std::string> form_names() {
        std::vector<std::string> names;
        for (const DistributionForm& form : distribution_forms()) names.emplace_back(form.name);
        return names;
    }

    [[nodiscard]] std::string legal_forms() const {
        return fmt::format("{}; or one of {}", how_to_write(description_.dimension), listed(form_names()));
    }

    [[nodiscard]] std::optional<Distribution> read_form(const DistributionForm& form,
                                                        const DocumentNode& body) const {
        if (form.name == "constant") return read_constant(body);
        const std::string place = joined(path_, form.name);
        std::vector<std::string> names;
        for (const DistributionField& field : form.fields) names.emplace_back(field.name);
        if (!check_keys(body, place, names, problems_)) return std::nullopt;
        std::vector<double> values;
        for (const DistributionField& field : form.fields) {
            const DocumentNode* const node = body.find(field.name);
            if (node == nullptr) {
                problems_.add({.position = body.position,
                               .message = fmt::format("'{}' is missing in '{}'", field.name, place),
                               .legal = listed(names)});
                continue;
            }
            const auto value =
                read_quantity(*node, joined(place, field.name), dimension_of(field, description_),
                              legal_range_of(field, description_), problems_);
            if (value) values.push_back(*value);
        }
        if (values.size() != form.fields.size()) return std::nullopt;
        const Distribution distribution = form.make(values);
        return is_ordered(distribution, place, body) ? std::optional(distribution) : std::nullopt;
    }

    [[nodiscard]] bool is_ordered(const Distribution& distribution, std::string_view place,
                                  const DocumentNode& body) const {
        std::string_view legal;
        if (const auto* uniform = std::get_if<Uniform>(&distribution);
            uniform && uniform->low >= uniform->high)
            legal = "low < high";
        if (const auto* triangular = std::get_if<Triangular>(&distribution);
            triangular
            && (triangular->low >= triangular->high || triangular->mode < triangular->low
                || triangular->mode > triangular->high))
            legal = "low < high, and mode between them";
        if (legal.empty()) return true;
        problems_.add({.position = body.position,
                       .message = fmt::format("the values of '{}' are out of order", place),
                       .legal = std::string(legal)});
        return false;
    }

    const Description& description_;
    std::string_view path_;
    ProblemList& problems_;
};

struct LeafReader {
    const Leaf& leaf;
    std::string_view path;
    const DocumentNode& node;
    ProblemList& problems;

    void operator()(double* target) const {
        assign(target,
               read_quantity(node, path, leaf.description.dimension, leaf.description.legal, problems));
    }
    void operator()(std::int64_t* target) const {
        assign(target, read_whole(node, path, leaf.description.legal, problems));
    }
    void operator()(bool* target) const { assign(target, read_flag(node, path, problems)); }
    void operator()(const ChoiceTarget& target) const {
        if (const auto index = read_choice(node, path, target.names, problems)) target.set(*index);
    }
    void operator()(Distribution* target) const {
        assign(target, DistributionReader(leaf, path, problems)(node));
    }

    // Whether the name exists can be told only when everything is read: see check_references.
    void operator()(const ReferenceTarget& target) const {
        const std::string legal = fmt::format("a name in {}", target.collection);
        if (const std::string* const text = text_of(node, path, legal, problems)) *target.name = *text;
    }

    template <class Value>
    static void assign(Value* target, const std::optional<Value>& value) {
        if (value) *target = *value;
    }
};

void read_members(Group& group, const std::string& path, const DocumentNode& map, ProblemList& problems,
                  std::span<const std::string> other_keys);

// Adds and removes elements as the keys of the map say. Where the map names all there are, its order holds;
// one that names a few leaves the others, and so their random draws, where they were.
void shape_collection(Collection& collection, const std::string& path, const DocumentNode& map,
                      ProblemList& problems) {
    std::vector<std::string> names = names_of(collection);
    for (std::size_t i = 0; i < map.keys.size(); ++i) {
        const DocumentNode::Key& key = map.keys[i];
        const auto found = std::find(names.begin(), names.end(), key.text);
        if (map.items[i].kind == Kind::nothing) {
            if (found == names.end()) {
                report_unknown(key, "name to remove", path, names, problems);
                continue;
            }
            collection.remove(static_cast<std::size_t>(found - names.begin()));
            names.erase(found);
        } else if (found == names.end() && is_identifier(key.text)) {
            collection.add(key.text);
            names.push_back(key.text);
        } else if (found == names.end()) {
            problems.add({.position = key.position,
                          .message = fmt::format("{} can't be a name{}", in_quotes(key.text), in_place(path)),
                          .value = key.text,
                          .legal = "lower-case letters, digits and underscores, a letter first"});
        }
    }
    const bool names_all = std::all_of(names.begin(), names.end(),
                                       [&map](const std::string& name) { return map.find(name) != nullptr; });
    if (names_all) {
        std::vector<std::string> order;
        for (const DocumentNode::Key& key : map.keys) order.push_back(key.text);
        collection.sort(order);
    }
    collection.elements = collection.rebuild();
}

struct MemberReader {
    std::string path;
    const DocumentNode& node;
    ProblemList& problems;

    void operator()(Leaf& leaf) const { read_leaf(leaf, path, node, problems); }
    void operator()(Group& group) const { read_members(group, path, node, problems, {}); }
    void operator()(Collection& collection) const {
        if (node.kind == Kind::nothing) return;
        if (node.kind != Kind::map) {
            problems.add(
                {.position = node.position,
                 .message = fmt::format("'{}' needs a map of names, not {}", path, describe_kind(node)),
                 .legal = "NAME: {parameter: value, ...}"});
            return;
        }
        shape_collection(collection, path, node, problems);
        for (Group& element : collection.elements)
            if (const DocumentNode* const body = node.find(element.name))
                read_members(element, joined(path, element.name), *body, problems, {});
    }
};

void read_members(Group& group, const std::string& path, const DocumentNode& map, ProblemList& problems,
                  std::span<const std::string> other_keys) {
    if (map.kind == Kind::nothing) return;
    std::vector<std::string> legal(other_keys.begin(), other_keys.end());
    std::map<std::string_view, Member*> by_name;
    for (Member& member : group.members) {
        legal.emplace_back(member.name());
        by_name.emplace(member.name(), &member);
    }
    if (map.kind != Kind::map) {
        problems.add(
            {.position = map.position,
             .message = fmt::format("'{}' needs a map of parameters, not {}", path, describe_kind(map)),
             .legal = listed(legal)});
        return;
    }
    for (std::size_t i = 0; i < map.keys.size(); ++i) {
        const DocumentNode::Key& key = map.keys[i];
        if (const auto found = by_name.find(key.text); found != by_name.end())
            std::visit(MemberReader{joined(path, key.text), map.items[i], problems}, found->second->value);
        else if (std::find(other_keys.begin(), other_keys.end(), key.text) == other_keys.end())
            report_unknown(key, path.empty() ? "key" : "parameter", path, legal, problems);
    }
}

}  // namespace

bool is_identifier(std::string_view text) {
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    const auto is_part = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; };
    constexpr std::size_t longest_name = 64;
    return !text.empty() && text.size() <= longest_name && is_letter(text.front())
           && std::all_of(text.begin(), text.end(), is_part);
}

std::optional<double> read_quantity(const DocumentNode& node, std::string_view name, Dimension dimension,
                                    const Range& legal, ProblemList& problems) {
    return read_text(
        node, name, how_to_write(dimension),
        [&](const std::string& text) { return parse_quantity(text, dimension, legal); }, problems);
}

std::optional<Quantity> read_any_quantity(const DocumentNode& node, std::string_view name,
                                          ProblemList& problems) {
    return read_text(
        node, name, "a quantity: 0.3, 24%, $2.5M, 18 months",
        [](const std::string& text) { return parse_any_quantity(text); }, problems);
}

std::optional<std::size_t> read_choice(const DocumentNode& node, std::string_view name,
                                       std::span<const std::string_view> names, ProblemList& problems) {
    const std::vector<std::string> legal(names.begin(), names.end());
    const std::string* const text = text_of(node, name, listed(legal), problems);
    if (text == nullptr) return std::nullopt;
    const auto found = std::find(legal.begin(), legal.end(), *text);
    if (found != legal.end()) return static_cast<std::size_t>(found - legal.begin());
    problems.add({.position = node.position,
                  .message = fmt::format("'{}' can't be {}", name, in_quotes(*text)),
                  .value = *text,
                  .legal = listed(legal),
                  .nearest = nearest_name(*text, legal)});
    return std::nullopt;
}

bool check_keys(const DocumentNode& map, std::string_view place, std::span<const std::string> legal,
                ProblemList& problems) {
    if (map.kind != Kind::map) {
        problems.add({.position = map.position,
                      .message = fmt::format("'{}' needs a map, not {}", place, describe_kind(map)),
                      .legal = listed(legal)});
        return false;
    }
    for (const DocumentNode::Key& key : map.keys)
        if (std::find(legal.begin(), legal.end(), key.text) == legal.end())
            report_unknown(key, "key", place, legal, problems);
    return true;
}

void read_group(Group& group, const DocumentNode& map, ProblemList& problems,
                std::span<const std::string> other_keys) {
    read_members(group, group.name, map, problems, other_keys);
}

void read_leaf(const Leaf& leaf, std::string_view path, const DocumentNode& node, ProblemList& problems) {
    std::visit(LeafReader{leaf, path, node, problems}, leaf.target);
}

const Leaf* find_leaf(const Group& root, std::string_view path, const SourcePosition& position,
                      ProblemList& problems) {
    const std::vector<LeafPath> leaves = leaves_of(root);
    std::vector<std::string> paths;
    for (const LeafPath& each : leaves) {
        if (each.path == path) return each.leaf;
        paths.push_back(each.path);
    }
    std::string nearest = nearest_name(path, paths);
    if (nearest.empty()) {
        // The right name in the wrong group, or in none.
        std::vector<std::string> last_names;
        last_names.reserve(paths.size());
        for (const std::string& each : paths) last_names.emplace_back(last_name(each));
        const std::string name = nearest_name(last_name(path), last_names);
        const auto found = std::find(last_names.begin(), last_names.end(), name);
        if (found != last_names.end()) nearest = paths[static_cast<std::size_t>(found - last_names.begin())];
    }
    // What may follow the longest beginning of the path that is legal.
    std::string_view beginning = path;
    std::vector<std::string> legal = names_after(beginning, paths);
    const bool is_group = !legal.empty();
    while (legal.empty()) {
        const std::size_t point = beginning.rfind('.');
        beginning = point == std::string_view::npos ? std::string_view{} : beginning.substr(0, point);
        legal = names_after(beginning, paths);
        if (beginning.empty()) break;
    }
    const std::string place = beginning.empty() ? std::string{} : fmt::format("in '{}': ", beginning);
    problems.add({.position = position,
                  .message = is_group ? fmt::format("{} is a group of parameters, not one", in_quotes(path))
                                      : fmt::format("unknown parameter {}", in_quotes(path)),
                  .value = std::string(path),
                  .legal = place + listed(legal),
                  .nearest = is_group ? std::string{} : nearest});
    return nullptr;
}

void check_references(const Group& root,
                      const std::function<SourcePosition(const std::string& path)>& position_of,
                      ProblemList& problems) {
    for (const auto& [path, leaf] : leaves_of(root)) {
        const auto* const reference = std::get_if<ReferenceTarget>(&leaf->target);
        if (reference == nullptr) continue;
        const Collection* const collection = find_collection(root, reference->collection);
        const std::vector<std::string> names =
            collection != nullptr ? names_of(*collection) : std::vector<std::string>{};
        if (std::find(names.begin(), names.end(), *reference->name) != names.end()) continue;
        const std::string found = reference->name->empty()
                                      ? std::string("is not said")
                                      : fmt::format("can't be {}: no such name in '{}'",
                                                    in_quotes(*reference->name), reference->collection);
        problems.add({.position = position_of(path),
                      .message = fmt::format("'{}' {}", path, found),
                      .value = *reference->name,
                      .legal = names.empty()
                                   ? fmt::format("nothing, until '{}' has a name", reference->collection)
                                   : listed(names),
                      .nearest = nearest_name(*reference->name, names)});
    }
}

std::optional<double> read_setting(const Leaf& leaf, std::string_view path, const DocumentNode& node,
                                   ProblemList& problems) {
    const bool at_start_only = leaf.description.takes == Takes::effect_at_start_only;
    const bool is_drawn = std::holds_alternative<Distribution*>(leaf.target);
    const bool is_name = std::holds_alternative<ReferenceTarget>(leaf.target);
    if (at_start_only || is_drawn || is_name) {
        problems.add(
            {.position = node.position,
             .message = fmt::format("an intervention can't set '{}': {}", path,
                                    at_start_only ? "it takes effect at the start of a trajectory only"
                                    : is_drawn    ? "it is a distribution"
                                                  : "it is a name"),
             .legal = "a number, flag or choice that is read while the world runs"});
        return std::nullopt;
    }
    if (std::holds_alternative<double*>(leaf.target))
        return read_quantity(node, path, leaf.description.dimension, leaf.description.legal, problems);
    const auto to_double = [](const auto& value) {
        return value ? std::optional(static_cast<double>(*value)) : std::nullopt;
    };
    if (const auto* choice = std::get_if<ChoiceTarget>(&leaf.target))
        return to_double(read_choice(node, path, choice->names, problems));
    if (std::holds_alternative<bool*>(leaf.target)) return to_double(read_flag(node, path, problems));
    return to_double(read_whole(node, path, leaf.description.legal, problems));
}

}  // namespace venturi
