#include "scenarios/risk/open_psa_reader.hpp"

#include "scenarios/risk/keyword_hint.hpp"
#include "scenarios/text_encoding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <system_error>
#include <utility>

namespace venturi {
namespace open_psa {
namespace {

// Reading goes on after a mistake to find others, but not for ever.
constexpr std::size_t most_problems = 1000;
// Looking for the nearest of many names is slow, and only so many problems are shown.
constexpr std::size_t most_suggestions = ProblemList::most_reported;

template <class Number>
std::optional<Number> parsed(std::string_view text) {
    if (text.starts_with('+') && text.size() > 1 && text[1] != '-') text.remove_prefix(1);
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// Whether a name with a prefix, such as scram:flavor, has its name space declared around it.
bool has_declared_prefix(pugi::xml_node node, std::string_view name) {
    const std::size_t colon = name.find(':');
    if (colon == std::string_view::npos) return false;
    const std::string declaration = "xmlns:" + std::string(name.substr(0, colon));
    for (; node; node = node.parent())
        if (node.attribute(declaration.c_str())) return true;
    return false;
}

std::vector<std::string> as_strings(std::initializer_list<std::string_view> names) {
    return {names.begin(), names.end()};
}

}  // namespace

std::optional<double> number_of(std::string_view text) {
    const std::optional<double> value = parsed<double>(text);
    return value && std::isfinite(*value) ? value : std::nullopt;
}

std::optional<std::int64_t> whole_number_of(std::string_view text) {
    return parsed<std::int64_t>(text);
}

RiskModelSource::Place Reader::place_of(const Element& element) const {
    return {.file = element.file, .byte = XmlDocument::byte_of(element.node)};
}

void Reader::complain(const Element& element, std::string message, std::string value, std::string legal,
                      std::string nearest) {
    problems_.add({.position = source_.position(place_of(element)),
                   .message = std::move(message),
                   .value = std::move(value),
                   .legal = std::move(legal),
                   .nearest = std::move(nearest)});
    if (++problem_count_ == most_problems) problems_.throw_if_any();
}

void Reader::warn(const RiskModelSource::Place& place, std::string message, std::string value) {
    warnings_.push_back(
        {.position = source_.position(place), .message = std::move(message), .value = std::move(value)});
}

std::string Reader::nearest_of(std::string_view written, const std::vector<std::string>& names) const {
    return problem_count_ < most_suggestions ? nearest_name(written, names) : std::string{};
}

std::string Reader::hint_of(std::string_view written, const std::vector<std::string>& words) const {
    return problem_count_ < most_suggestions ? keyword_hint(written, words) : std::string{};
}

void Reader::refuse_unknown(const Element& element, std::initializer_list<std::string_view> legal) {
    const std::string name(element.name());
    const std::vector<std::string> names = as_strings(legal);
    // A file that is included and has nothing of the format: none of it is shown.
    if (element.node.parent().type() == pugi::node_document)
        return complain(element, "the element of this file can't stand where it is included", {},
                        listed(names));
    static const std::set<std::string, std::less<>> not_supported = {
        "define-consequence", "define-consequence-group", "define-initiating-event-group",
        "extern-function",    "define-extern-function",   "define-extern-library",
        "consequence",        "consequence-group"};
    if (not_supported.contains(name))
        return complain(element, fmt::format("'{}' is not supported, here", name), name);
    if (name == "define-alignment" || name == "define-phase")
        return complain(
            element, fmt::format("'{}' is not supported, here: each phase is a model of its own", name), name,
            "a model for each phase, with the phase's house events set and its part of the mission "
            "time as the time asked for");
    complain(element,
             fmt::format("unknown element {} in '{}'", in_quotes(name), element.node.parent().name()), name,
             listed(names), hint_of(name, names));
}

std::vector<Element> Reader::children(const Element& element) {
    std::vector<Element> result;
    for (const pugi::xml_node child : element.node.children()) {
        if (const auto file = includes_.document_at(element.file, child)) {
            const Element root{documents_[*file].root(), *file};
            if (root.name() != "opsa-mef" || element.name() != "opsa-mef") {
                result.push_back(root);
                continue;
            }
            // A model within a model: what it defines is the model's.
            check_attributes(root, {"name"});
            const std::vector<Element> inner = content(root);
            result.insert(result.end(), inner.begin(), inner.end());
        } else if (child.type() == pugi::node_element)
            result.push_back({child, element.file});
        else if (!trimmed(child.value()).empty())
            complain(element, fmt::format("text in '{}', where only elements can stand", element.name()));
    }
    return result;
}

std::vector<Element> Reader::content(const Element& element) {
    std::vector<Element> result;
    std::size_t labels = 0;
    std::size_t lists = 0;
    for (const Element& child : children(element)) {
        if (child.name() == "label") {
            if (++labels > 1) complain(child, fmt::format("'{}' has two labels", element.name()));
            read_label(child);
        } else if (child.name() == "attributes") {
            if (++lists > 1) complain(child, fmt::format("'{}' has two lists of attributes", element.name()));
            read_free_attributes(child);
        } else {
            result.push_back(child);
        }
    }
    return result;
}

void Reader::read_label(const Element& element) {
    check_attributes(element, {});
    std::string entity;
    for (const pugi::xml_node part : element.node.children()) {
        if (part.type() == pugi::node_element) complain({part, element.file}, "an element inside a label");
        if (part.type() == pugi::node_pcdata) static_cast<void>(without_references(part.value(), entity));
    }
    if (!entity.empty()) complain(element, fmt::format("unknown entity {}", in_quotes(entity)), entity);
}

void Reader::read_free_attributes(const Element& element) {
    check_attributes(element, {});
    std::set<std::string> names;
    for (const Element& child : children(element)) {
        if (child.name() != "attribute") {
            refuse_unknown(child, {"attribute"});
            continue;
        }
        check_attributes(child, {"name", "value", "type"});
        const std::string name = required(child, "name");
        static_cast<void>(required(child, "value"));
        if (!name.empty() && !names.insert(name).second)
            complain(child, fmt::format("the attribute {} is given twice", in_quotes(name)), name);
    }
}

void Reader::check_attributes(const Element& element, std::initializer_list<std::string_view> legal) {
    for (pugi::xml_attribute each = element.node.first_attribute(); each; each = each.next_attribute()) {
        const std::string_view name = each.name();
        // Few enough, and nearly always one: no set is built.
        for (pugi::xml_attribute other = element.node.first_attribute(); other != each;
             other = other.next_attribute())
            if (name == other.name())
                return complain(element, fmt::format("the attribute {} is given twice", in_quotes(name)));
        if (std::find(legal.begin(), legal.end(), name) != legal.end()) continue;
        if (name == "xmlns" || name.starts_with("xmlns:") || has_declared_prefix(element.node, name))
            continue;
        const std::vector<std::string> names = as_strings(legal);
        return complain(element, fmt::format("unknown attribute {} of '{}'", in_quotes(name), element.name()),
                        std::string(name), names.empty() ? "no attribute" : listed(names),
                        hint_of(name, names));
    }
}

std::optional<std::string> Reader::attribute(const Element& element, const char* name) {
    const pugi::xml_attribute found = element.node.attribute(name);
    if (!found) return std::nullopt;
    const std::string_view raw = found.value();
    if (raw.find('<') != std::string_view::npos)
        complain(element, fmt::format("not well-formed XML: '<' in the attribute '{}'", name));
    std::string entity;
    const std::string value = without_references(raw, entity);
    if (const auto unfit = unfit_for_name(value))
        complain(element,
                 fmt::format("the attribute '{}' has {} (U+{:04X})", name, unfit->kind,
                             static_cast<std::uint32_t>(unfit->character)),
                 value, "characters that can be seen");
    if (!entity.empty())
        complain(element, fmt::format("unknown entity {}", in_quotes(entity)), entity,
                 "&amp; &lt; &gt; &quot; &apos; or the number of a character");
    return std::string(trimmed(value));
}

std::string Reader::required(const Element& element, const char* name) {
    const std::optional<std::string> value = attribute(element, name);
    if (!value)
        complain(element, fmt::format("'{}' has no attribute '{}'", element.name(), name));
    else if (value->empty())
        complain(element, fmt::format("the attribute '{}' of '{}' is empty", name, element.name()));
    return value.value_or(std::string{});
}

std::string Reader::defined_name(const Element& element) {
    std::string name = required(element, "name");
    // Paths are put together from names, again and again.
    constexpr std::size_t longest = 1000;
    if (name.size() > longest) {
        complain(element, fmt::format("a name of {} bytes", name.size()), {}, "at most 1000 bytes");
        name.resize(longest);
    }
    if (name.find('.') != std::string::npos)
        complain(element,
                 fmt::format("the name {} has a dot, which parts containers from what is in them",
                             in_quotes(name)),
                 name);
    return name;
}

void Reader::define_all() {
    declare_members();
    model_.gates.resize(gates_.size());
    for (const Definition& each : gates_) {
        model_.gates[each.index].name = gate_names_[each.index];
        source_.gates.push_back(place_of(each.element));
    }
    const EventTreeLayer& layer = model_.event_trees;
    uses_.parameters.resize(model_.parameters.size());
    uses_.basic_events.resize(model_.basic_events.size());
    uses_.set_basic_events.resize(model_.basic_events.size());
    uses_.house_events.resize(model_.house_events.size());
    uses_.sequences.resize(layer.sequences.size());
    uses_.rules.resize(layer.rules.size());
    uses_.event_trees.resize(layer.event_trees.size());
    for (const EventTree& tree : layer.event_trees) {
        uses_.functional_events.emplace_back(tree.functional_events.size());
        uses_.branches.emplace_back(tree.branches.size());
    }
    for (const Definition& each : parameter_definitions_) define_parameter(each);
    for (const Definition& each : gates_) define_gate(each);
    for (const Definition& each : house_events_) define_house_event(each);
    for (const Definition& each : basic_events_) define_basic_event(each);
    for (const Definition& each : group_definitions_) define_group(each);
    for (const Definition& each : rule_definitions_)
        model_.event_trees.rules[each.index].instructions = read_instructions(content(each.element));
    for (const Definition& each : sequence_definitions_)
        model_.event_trees.sequences[each.index].instructions = read_instructions(content(each.element));
    for (const Definition& each : initiating_definitions_) define_initiating_event(each);
    for (std::uint32_t tree = 0; tree < tree_definitions_.size(); ++tree) define_event_tree(tree);
    define_substitutions();
    problems_.throw_if_any();
    constrain_tops();
}

RiskModelReading Reader::take() && {
    std::stable_sort(warnings_.begin(), warnings_.end(), [](const Problem& left, const Problem& right) {
        return left.position < right.position;
    });
    return {.model = std::move(model_),
            .warnings = std::move(warnings_),
            .source = std::move(source_),
            .constraints = std::move(constraints_)};
}

}  // namespace open_psa
}  // namespace venturi
