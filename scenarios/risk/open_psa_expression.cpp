#include "scenarios/counted.hpp"
#include "scenarios/risk/open_psa_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numbers>
#include <utility>

namespace venturi::open_psa {
namespace {

constexpr auto units = std::to_array<std::string_view>(
    {"bool", "int", "float", "hours", "hours-1", "years", "years-1", "fit", "demands"});

const std::vector<std::string>& expression_names() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all{"bool", "int", "pi"};
        for (const OperationRule& rule : operation_rules()) all.emplace_back(rule.name);
        return all;
    }();
    return names;
}

}  // namespace

ExpressionIndex Reader::add_expression(const Element& element, Expression expression) {
    model_.expressions.push_back(std::move(expression));
    source_.expressions.push_back(place_of(element));
    return static_cast<ExpressionIndex>(model_.expressions.size() - 1);
}

ExpressionIndex Reader::read_only_expression(const Element& element, std::size_t scope) {
    const std::vector<Element> parts = content(element);
    if (parts.size() == 1) return read_expression(parts.front(), scope);
    complain(element, fmt::format("'{}' holds {}", element.name(), counted(parts.size(), "expression")), {},
             "one expression");
    return add_expression(element, {});
}

ExpressionIndex Reader::read_expression(const Element& element, std::size_t scope) {
    const std::string_view name = element.name();
    if (name == "float" || name == "int" || name == "bool") return read_constant(element);
    if (name == "parameter") return read_parameter(element, scope);
    if (name == "test-initiating-event" || name == "test-functional-event") return read_test(element);
    if (name == "pi" || name == "system-mission-time") {
        if (!children(element).empty()) complain(element, fmt::format("'{}' takes no arguments", name));
        if (name == "pi") {
            check_attributes(element, {});
            return add_expression(element, {.value = std::numbers::pi});
        }
        check_attributes(element, {"unit"});
        const std::optional<std::string> unit = attribute(element, "unit");
        if (unit && *unit != "hours")
            complain(element, fmt::format("the mission time is not in {}", in_quotes(*unit)), *unit, "hours");
        return add_expression(element, {.operation = Operation::mission_time});
    }
    if (const OperationRule* rule = find_operation(name)) return read_operation(element, scope, *rule);
    if (name == "extern-function") {
        complain(element, "'extern-function' is not supported: it would run code that is not the model's");
    } else {
        complain(element, fmt::format("unknown expression {}", in_quotes(name)), std::string(name),
                 "an expression of the exchange format", hint_of(name, expression_names()));
    }
    return add_expression(element, {});
}

ExpressionIndex Reader::read_constant(const Element& element) {
    check_attributes(element, {"value"});
    const std::string text = required(element, "value");
    if (!children(element).empty()) complain(element, fmt::format("'{}' takes no arguments", element.name()));
    std::optional<double> value;
    std::string legal = "a number such as 1.5e-3";
    if (element.name() == "bool") {
        legal = "true or false";
        if (text == "true" || text == "false") value = text == "true" ? 1 : 0;
    } else if (element.name() == "int") {
        legal = "a whole number";
        if (const auto whole = whole_number_of(text)) value = static_cast<double>(*whole);
    } else {
        value = number_of(text);
    }
    if (!value && !text.empty())
        complain(element, fmt::format("{} is no {}", in_quotes(text), element.name()), text, legal);
    return add_expression(element, {.value = value.value_or(0)});
}

ExpressionIndex Reader::read_parameter(const Element& element, std::size_t scope) {
    check_attributes(element, {"name", "unit"});
    if (!children(element).empty()) complain(element, "a reference to a parameter holds nothing");
    const std::string name = required(element, "name");
    const std::optional<NamedElement> found = parameters_.find(scopes_, scope, name);
    if (!found) {
        if (!name.empty())
            complain(element, fmt::format("the parameter {} is not defined", in_quotes(name)), name, {},
                     nearest_of(name, parameters_.all_names()));
        return add_expression(element, {});
    }
    const ModelParameter& parameter = model_.parameters[found->index];
    const std::optional<std::string> unit = attribute(element, "unit");
    if (unit && *unit != parameter.unit)
        complain(element,
                 fmt::format("the parameter {} is not in {}", in_quotes(parameter.name), in_quotes(*unit)),
                 *unit, parameter.unit.empty() ? "no unit" : parameter.unit);
    uses_.parameters[found->index] = true;
    return add_expression(element, {.operation = Operation::parameter, .reference = found->index});
}

ExpressionIndex Reader::read_test(const Element& element) {
    // What is tested need not be anywhere: then the answer is no.
    if (!children(element).empty()) complain(element, fmt::format("'{}' takes no arguments", element.name()));
    if (element.name() == "test-initiating-event") {
        check_attributes(element, {"name"});
        const std::string name = required(element, "name");
        const auto found = initiating_events_.find(name);
        // One past the last is none that an event tree can be entered by.
        const auto nobody = static_cast<std::uint32_t>(model_.event_trees.initiating_events.size());
        if (found == initiating_events_.end() && !name.empty())
            warn(place_of(element), fmt::format("the initiating event {} is not defined", in_quotes(name)),
                 name);
        return add_expression(element,
                              {.operation = Operation::test_initiating_event,
                               .reference = found == initiating_events_.end() ? nobody : found->second});
    }
    check_attributes(element, {"name", "state"});
    const std::string name = required(element, "name");
    const std::string state = required(element, "state");
    if (!functional_events_.contains(name) && !name.empty())
        warn(place_of(element), fmt::format("the functional event {} is not defined", in_quotes(name)), name);
    EventTreeLayer& layer = model_.event_trees;
    return add_expression(element, {.operation = Operation::test_functional_event,
                                    .reference = intern(layer.functional_events, functional_events_, name),
                                    .state = intern(layer.states, states_, state)});
}

// The arguments in order: those inside of bins and cases stand for themselves.
std::vector<Element> Reader::parts_of_operation(const Element& element, const OperationRule& rule) {
    std::vector<Element> parts = children(element);
    const bool has_bins = rule.operation == Operation::histogram;
    if (!has_bins && rule.operation != Operation::choose) return parts;
    const std::string_view pair_name = has_bins ? "bin" : "case";
    std::vector<Element> result;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        // A histogram begins, and a switch ends, with an argument by itself.
        const bool is_single = has_bins ? i == 0 : i + 1 == parts.size();
        if (is_single) {
            result.push_back(parts[i]);
            continue;
        }
        const std::vector<Element> pair = children(parts[i]);
        if (parts[i].name() != pair_name || pair.size() != 2)
            complain(parts[i],
                     fmt::format("'{}' in '{}' with {}", parts[i].name(), rule.name,
                                 counted(pair.size(), "argument")),
                     {}, fmt::format("'{}' with 2 arguments", pair_name));
        check_attributes(parts[i], {});
        result.insert(result.end(), pair.begin(), pair.end());
    }
    return result;
}

ExpressionIndex Reader::read_operation(const Element& element, std::size_t scope, const OperationRule& rule) {
    check_attributes(element, {});
    const std::vector<Element> parts = parts_of_operation(element, rule);
    if (!rule.takes(parts.size())) {
        complain(element, fmt::format("'{}' with {}", rule.name, counted(parts.size(), "argument")), {},
                 rule.arguments_in_words());
        return add_expression(element, {});
    }
    Expression expression{.operation = rule.operation};
    for (const Element& part : parts) expression.arguments.push_back(read_expression(part, scope));
    return add_expression(element, std::move(expression));
}

void Reader::define_parameter(const Definition& definition) {
    ModelParameter& parameter = model_.parameters[definition.index];
    if (!parameter.unit.empty() && std::find(units.begin(), units.end(), parameter.unit) == units.end()) {
        const std::vector<std::string> names(units.begin(), units.end());
        complain(definition.element, fmt::format("unknown unit {}", in_quotes(parameter.unit)),
                 parameter.unit, listed(names), hint_of(parameter.unit, names));
    }
    parameter.expression = read_only_expression(definition.element, definition.scope);
}

void Reader::define_basic_event(const Definition& definition) {
    const std::vector<Element> parts = content(definition.element);
    if (parts.empty()) return;
    model_.basic_events[definition.index].probability =
        read_only_expression(definition.element, definition.scope);
}

void Reader::define_group(const Definition& definition) {
    constexpr auto models = std::to_array<std::pair<std::string_view, CommonCauseModel>>(
        {{"beta-factor", CommonCauseModel::beta_factor},
         {"MGL", CommonCauseModel::multiple_greek_letter},
         {"alpha-factor", CommonCauseModel::alpha_factor},
         {"phi-factor", CommonCauseModel::phi_factor}});
    const Element& element = definition.element;
    CommonCauseGroup& group = model_.common_cause_groups[definition.index];
    const std::string written = required(element, "model");
    const auto* const model =
        std::find_if(models.begin(), models.end(), [&](const auto& each) { return each.first == written; });
    if (model != models.end()) {
        group.model = model->second;
    } else if (!written.empty()) {
        const std::vector<std::string> names{"beta-factor", "MGL", "alpha-factor", "phi-factor"};
        complain(element, fmt::format("unknown model {} of common cause", in_quotes(written)), written,
                 listed(names), hint_of(written, names));
    }
    std::size_t members = 0;
    std::size_t distributions = 0;
    std::vector<Element> factors;
    for (const Element& part : content(element)) {
        if (part.name() == "members") {
            ++members;
            check_attributes(part, {});
            for (const Element& member : children(part)) {
                if (member.name() != "basic-event") {
                    refuse_unknown(member, {"basic-event"});
                    continue;
                }
                if (const auto found = find_event(member, definition.scope, ElementKind::basic_event))
                    group.members.push_back(found->index);
            }
        } else if (part.name() == "distribution") {
            ++distributions;
            check_attributes(part, {});
            group.distribution = read_only_expression(part, definition.scope);
        } else if (part.name() == "factors") {
            check_attributes(part, {});
            const std::vector<Element> inner = children(part);
            factors.insert(factors.end(), inner.begin(), inner.end());
        } else if (part.name() == "factor") {
            factors.push_back(part);
        } else {
            refuse_unknown(part, {"members", "distribution", "factors", "factor"});
        }
    }
    if (members != 1)
        complain(element, fmt::format("a common cause group with {} lists of members", members), {}, "one");
    if (distributions != 1)
        complain(element, fmt::format("a common cause group with {} distributions", distributions), {},
                 "one");
    // Without members there is no level to speak of; that they are too few is said later.
    if (model != models.end() && group.members.size() > 1) read_factors(definition, factors);
}

void Reader::read_factors(const Definition& definition, const std::vector<Element>& factors) {
    CommonCauseGroup& group = model_.common_cause_groups[definition.index];
    const std::size_t first = first_level(group.model, group.members.size());
    std::map<std::int64_t, ExpressionIndex> by_level;
    auto next = static_cast<std::int64_t>(first);  // level of a factor that does not say
    for (const Element& factor : factors) {
        if (factor.name() != "factor") {
            refuse_unknown(factor, {"factor"});
            continue;
        }
        check_attributes(factor, {"level"});
        const std::optional<std::string> written = attribute(factor, "level");
        const std::optional<std::int64_t> level = written ? whole_number_of(*written) : next;
        if (!level || *level < static_cast<std::int64_t>(first)
            || *level > static_cast<std::int64_t>(group.members.size())) {
            complain(
                factor,
                fmt::format("a factor of level {}", written ? in_quotes(*written) : std::to_string(next)),
                written.value_or(std::string{}),
                first == group.members.size()
                    ? fmt::format("level {}", first)
                    : fmt::format("levels {} to {} in this model, of {} members", first, group.members.size(),
                                  group.members.size()));
            continue;
        }
        if (!by_level.try_emplace(*level, read_only_expression(factor, definition.scope)).second)
            complain(factor, fmt::format("two factors of level {}", *level));
        next = *level + 1;
    }
    auto expected = static_cast<std::int64_t>(first);
    for (const auto& [level, expression] : by_level) {
        if (level != expected)
            return complain(
                definition.element,
                fmt::format("the common cause group {} has no factor of level {}, but one of level {}",
                            in_quotes(group.name), expected, level));
        group.factors.push_back(expression);
        ++expected;
    }
}

}  // namespace venturi::open_psa
