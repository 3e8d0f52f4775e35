// Substitutions: delete terms and recovery rules. One without a source is the constraint that its hypothesis
// implies its target (Open-PSA Model Exchange Format, "Delete Terms, Recovery Rules, and Exchange Events"),
// and each top is joined with it. One with a source changes cut sets, which no formula does.
#include "scenarios/counted.hpp"
#include "scenarios/risk/open_psa_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace venturi::open_psa {

void Reader::define_substitutions() {
    for (const Element& each : substitutions_) define_substitution(each);
    const EventTreeLayer& layer = model_.event_trees;
    if (!substitutions_.empty() && (!layer.event_trees.empty() || !layer.initiating_events.empty()))
        complain(substitutions_.front(),
                 "substitutions in a model with event trees are not supported, here: they would hold in each "
                 "sequence",
                 {}, "the condition in the formulas that the event tree collects");
}

void Reader::define_substitution(const Element& element) {
    std::optional<FormulaArgument> hypothesis;
    std::optional<FormulaArgument> target;
    std::size_t hypotheses = 0;
    std::size_t targets = 0;
    bool has_source = false;
    for (const Element& part : content(element)) {
        if (part.name() == "hypothesis") {
            check_attributes(part, {});
            if (++hypotheses == 1) read_hypothesis(part, hypothesis);
        } else if (part.name() == "target") {
            check_attributes(part, {});
            if (++targets == 1) read_target(part, target);
        } else if (part.name() == "source") {
            check_attributes(part, {});
            has_source = has_source || !children(part).empty();
            if (has_source)
                complain(
                    part,
                    "a substitution with a source is not supported, here: it takes events out of cut sets, "
                    "which no Boolean formula does",
                    {}, "no source: then the hypothesis implies the target");
        } else {
            refuse_unknown(part, {"hypothesis", "source", "target"});
        }
    }
    if (hypotheses != 1 || targets != 1)
        complain(element,
                 fmt::format("a substitution with {} and {}", counted(hypotheses, "hypothesis part"),
                             counted(targets, "target")),
                 {}, "one hypothesis and one target");
    if (!hypothesis || !target || has_source) return;
    check_type(element, *target);
    ModelGate constraint{.connective = Connective::implication, .arguments = {*hypothesis, *target}};
    constraints_.push_back(add_formula_gate(element, std::move(constraint)));
}

void Reader::read_hypothesis(const Element& element, std::optional<FormulaArgument>& hypothesis) {
    const std::vector<Element> parts = children(element);
    if (parts.size() != 1)
        return complain(element, fmt::format("'hypothesis' holds {}", counted(parts.size(), "formula")), {},
                        "one formula");
    hypothesis = read_formula(parts.front(), 0);
    if (!is_over_basic_events(*hypothesis))
        complain(element, "a hypothesis over gates", {}, "a formula over basic events");
}

bool Reader::is_over_basic_events(const FormulaArgument& argument) const {
    if (argument.kind != FormulaArgument::Kind::gate) return true;
    const ModelGate& gate = model_.gates[argument.index];
    return gate.name.empty()
           && std::all_of(gate.arguments.begin(), gate.arguments.end(),
                          [this](const FormulaArgument& each) { return is_over_basic_events(each); });
}

void Reader::read_target(const Element& element, std::optional<FormulaArgument>& target) {
    const std::vector<Element> parts = children(element);
    if (parts.size() != 1)
        return complain(element, fmt::format("'target' holds {}", counted(parts.size(), "event")), {},
                        "one basic event, or a constant");
    target = read_leaf(parts.front(), 0);
    const bool is_legal = target
                          && (target->kind == FormulaArgument::Kind::constant
                              || target->kind == FormulaArgument::Kind::basic_event);
    if (!is_legal) {
        target.reset();
        return complain(parts.front(), "a target that is neither a basic event nor a constant", {},
                        "one basic event, or a constant");
    }
    if (target->kind == FormulaArgument::Kind::constant && target->index == 1)
        warn(place_of(parts.front()), "a substitution whose target is true has no effect");
}

void Reader::check_type(const Element& element, const FormulaArgument& target) {
    const std::optional<std::string> type = attribute(element, "type");
    if (!type) return;
    const std::vector<std::string> types{"delete-terms", "recovery-rule", "exchange-event"};
    if (std::find(types.begin(), types.end(), *type) == types.end())
        return complain(element, fmt::format("unknown type {} of substitution", in_quotes(*type)), *type,
                        listed(types), hint_of(*type, types));
    const bool is_constant = target.kind == FormulaArgument::Kind::constant;
    if (*type == "delete-terms" && (!is_constant || target.index != 0))
        complain(element, "delete terms whose target is not false", *type, "<constant value=\"false\"/>");
    else if (*type == "recovery-rule" && is_constant)
        complain(element, "a recovery rule whose target is a constant", *type, "a basic event");
    else if (*type == "exchange-event")
        complain(element, "an exchange of events without a source", *type, "delete-terms, recovery-rule");
}

// Each top becomes its formula and the constraints. Gates below need none: where the constraints hold, a gate
// joined with them is the gate.
void Reader::constrain_tops() {
    if (constraints_.empty()) return;
    for (const std::uint32_t top : top_gates(model_)) {
        ModelGate formula = model_.gates[top];
        formula.name.clear();
        model_.gates.push_back(std::move(formula));
        source_.gates.push_back(source_.gates[top]);
        ModelGate joined{.name = model_.gates[top].name, .connective = Connective::conjunction};
        joined.arguments = {{.kind = FormulaArgument::Kind::gate,
                             .index = static_cast<std::uint32_t>(model_.gates.size() - 1)}};
        joined.arguments.insert(joined.arguments.end(), constraints_.begin(), constraints_.end());
        model_.gates[top] = std::move(joined);
    }
    warn(place_of(substitutions_.front()), fmt::format("{}: what contradicts {} is taken out of each top",
                                                       counted(constraints_.size(), "substitution"),
                                                       constraints_.size() == 1 ? "it" : "one of them"));
}

}  // namespace venturi::open_psa
