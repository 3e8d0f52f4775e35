#include "scenarios/counted.hpp"
#include "scenarios/risk/open_psa_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace venturi::open_psa {
namespace {

struct ConnectiveRule {
    std::string_view name;
    Connective connective;
    std::size_t least;  // arguments
    std::size_t most = std::numeric_limits<std::size_t>::max();
};

constexpr auto connectives = std::to_array<ConnectiveRule>({
    {"and", Connective::conjunction, 2},
    {"or", Connective::disjunction, 2},
    {"not", Connective::negation, 1, 1},
    {"xor", Connective::exclusive_or, 2},
    {"iff", Connective::equivalence, 2},
    {"nand", Connective::not_and, 2},
    {"nor", Connective::not_or, 2},
    {"atleast", Connective::at_least, 2},
    {"cardinality", Connective::between, 2},
    {"imply", Connective::implication, 2, 2},
});

const std::vector<std::string>& formula_names() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all{"event", "gate", "basic-event", "house-event", "constant"};
        for (const ConnectiveRule& rule : connectives) all.emplace_back(rule.name);
        return all;
    }();
    return names;
}

const ConnectiveRule* find_connective(std::string_view name) {
    const auto* const found = std::find_if(connectives.begin(), connectives.end(),
                                           [name](const ConnectiveRule& rule) { return rule.name == name; });
    return found == connectives.end() ? nullptr : found;
}

std::optional<ElementKind> event_kind(std::string_view name) {
    for (const ElementKind kind : {ElementKind::gate, ElementKind::basic_event, ElementKind::house_event})
        if (name == name_of(kind)) return kind;
    return std::nullopt;
}

std::string number_in_words(const ConnectiveRule& rule) {
    return rule.least == rule.most ? std::to_string(rule.least) : std::to_string(rule.least) + " or more";
}

}  // namespace

bool Reader::read_boolean(const Element& element) {
    check_attributes(element, {"value"});
    if (!children(element).empty()) complain(element, fmt::format("'{}' takes no arguments", element.name()));
    const std::string value = required(element, "value");
    if (value != "true" && value != "false" && !value.empty())
        complain(element, fmt::format("{} is no constant", in_quotes(value)), value, "true, false");
    return value == "true";
}

std::optional<NamedElement> Reader::find_event(const Element& element, std::size_t scope,
                                               std::optional<ElementKind> kind) {
    const std::string name = required(element, "name");
    if (name.empty()) return std::nullopt;
    const std::optional<NamedElement> found = events_.find(scopes_, scope, name);
    if (!found) {
        complain(element,
                 fmt::format("the {} {} is not defined", kind ? name_of(*kind) : "event", in_quotes(name)),
                 name, {}, nearest_of(name, events_.all_names()));
    } else if (kind && *kind != found->kind) {
        complain(element,
                 fmt::format("{} is a {}, not a {}", in_quotes(name), name_of(found->kind), name_of(*kind)),
                 name);
        return std::nullopt;
    }
    return found;
}

std::optional<FormulaArgument> Reader::read_leaf(const Element& element, std::size_t scope) {
    const std::string_view name = element.name();
    if (name == "constant")
        return FormulaArgument{.kind = FormulaArgument::Kind::constant,
                               .index = read_boolean(element) ? 1U : 0U};
    std::optional<ElementKind> kind = event_kind(name);
    if (!kind && name != "event") return std::nullopt;
    if (kind) {
        check_attributes(element, {"name"});
    } else {
        check_attributes(element, {"name", "type"});
        if (const auto type = attribute(element, "type"); type && !(kind = event_kind(*type)))
            complain(element, fmt::format("unknown type {} of event", in_quotes(*type)), *type,
                     "gate, basic-event, house-event");
    }
    if (!children(element).empty()) complain(element, "a reference to an event holds nothing");
    const std::optional<NamedElement> found = find_event(element, scope, kind);
    if (!found) return FormulaArgument{};
    FormulaArgument argument{.index = found->index};
    switch (found->kind) {
        case ElementKind::gate:
            argument.kind = FormulaArgument::Kind::gate;
            break;
        case ElementKind::house_event:
            argument.kind = FormulaArgument::Kind::house_event;
            uses_.house_events[found->index] = true;
            break;
        default:
            argument.kind = FormulaArgument::Kind::basic_event;
            uses_.basic_events[found->index] = true;
            break;
    }
    return argument;
}

FormulaArgument Reader::read_formula(const Element& element, std::size_t scope) {
    if (const std::optional<FormulaArgument> leaf = read_leaf(element, scope)) return *leaf;
    if (element.name() == "not") {
        check_attributes(element, {});
        const std::vector<Element> parts = children(element);
        if (parts.size() == 1) {
            FormulaArgument argument = read_formula(parts.front(), scope);
            argument.complemented = !argument.complemented;
            return argument;
        }
    }
    ModelGate gate;
    read_gate_formula(element, scope, gate);
    return add_formula_gate(element, std::move(gate));
}

FormulaArgument Reader::add_formula_gate(const Element& element, ModelGate gate) {
    model_.gates.push_back(std::move(gate));
    source_.gates.push_back(place_of(element));
    return {.kind = FormulaArgument::Kind::gate,
            .index = static_cast<std::uint32_t>(model_.gates.size() - 1)};
}

// Of more than two arguments "iff" is meant to associate, and is true where an even number are false.
void Reader::fold_equivalence(const Element& element, ModelGate& gate) {
    while (gate.arguments.size() > 2) {
        ModelGate first{.connective = Connective::equivalence,
                        .arguments = {gate.arguments[0], gate.arguments[1]}};
        gate.arguments.erase(gate.arguments.begin());
        gate.arguments.front() = add_formula_gate(element, std::move(first));
    }
}

void Reader::read_minima(const Element& element, ModelGate& gate, std::size_t arguments) {
    const auto number = [&](const char* name, std::uint32_t least) {
        const std::string text = required(element, name);
        const std::optional<std::int64_t> value = whole_number_of(text);
        if (value && *value >= least && *value <= static_cast<std::int64_t>(arguments))
            return static_cast<std::uint32_t>(*value);
        if (!text.empty())
            complain(element,
                     fmt::format("'{}' with {} {} of {} arguments", element.name(), name, in_quotes(text),
                                 arguments),
                     text, fmt::format("a whole number from {} to {}", least, arguments));
        return least;
    };
    if (gate.connective == Connective::at_least) {
        check_attributes(element, {"min"});
        gate.minimum = number("min", 1);
    } else if (gate.connective == Connective::between) {
        check_attributes(element, {"min", "max"});
        gate.minimum = number("min", 0);
        gate.maximum = number("max", 0);
        if (gate.minimum > gate.maximum)
            complain(element,
                     fmt::format("'cardinality' with min {} above max {}", gate.minimum, gate.maximum));
    } else {
        check_attributes(element, {});
    }
}

void Reader::read_gate_formula(const Element& element, std::size_t scope, ModelGate& gate) {
    if (const std::optional<FormulaArgument> leaf = read_leaf(element, scope)) {
        gate.arguments = {*leaf};
        return;
    }
    const ConnectiveRule* rule = find_connective(element.name());
    if (rule == nullptr) {
        complain(element, fmt::format("unknown connective {}", in_quotes(element.name())),
                 std::string(element.name()), listed(formula_names()),
                 hint_of(element.name(), formula_names()));
        gate.arguments = {FormulaArgument{}};
        return;
    }
    gate.connective = rule->connective;
    const std::vector<Element> parts = children(element);
    if (parts.size() < rule->least || parts.size() > rule->most)
        complain(element, fmt::format("'{}' with {}", rule->name, counted(parts.size(), "argument")), {},
                 number_in_words(*rule));
    read_minima(element, gate, parts.size());
    for (const Element& part : parts) gate.arguments.push_back(read_formula(part, scope));
    if (gate.connective == Connective::equivalence) fold_equivalence(element, gate);
}

void Reader::define_gate(const Definition& definition) {
    const std::vector<Element> parts = content(definition.element);
    // Formulas inside this one are added to the list of gates while it is read.
    ModelGate gate{.name = model_.gates[definition.index].name};
    if (parts.size() == 1)
        read_gate_formula(parts.front(), definition.scope, gate);
    else
        complain(definition.element,
                 fmt::format("the gate {} holds {}", in_quotes(gate.name), counted(parts.size(), "formula")),
                 gate.name, "one formula");
    model_.gates[definition.index] = std::move(gate);
}

void Reader::define_house_event(const Definition& definition) {
    const std::vector<Element> parts = content(definition.element);
    if (parts.empty()) return;
    if (parts.size() > 1 || parts.front().name() != "constant") {
        complain(definition.element, "a house event that is not a constant", {}, "<constant value=.../>");
        return;
    }
    model_.house_events[definition.index].happens = read_boolean(parts.front());
}

}  // namespace venturi::open_psa
