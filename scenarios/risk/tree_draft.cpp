#include "scenarios/risk/tree_draft.hpp"

#include "scenarios/risk/resolved_draft.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace venturi {
namespace {

// Whether a dynamic tree has this gate too.
bool has_dynamic_form(const DraftGate& gate) {
    const auto* const connective = std::get_if<Connective>(&gate.connective);
    if (connective == nullptr) return true;
    return *connective == Connective::same || *connective == Connective::conjunction
           || *connective == Connective::disjunction || *connective == Connective::at_least;
}

// Which models can hold the tree.
struct Forms {
    bool fault_tree = true;
    bool dynamic_tree = true;
};

// Where a complement is taken; the file as a whole is never the place.
const SourcePosition* find_complement(const TreeDraft& draft) {
    if (draft.top && draft.top->complemented) return &draft.top->position;
    for (const DraftElement& element : draft.elements)
        if (const DraftGate* const gate = gate_of(element))
            for (const DraftArgument& argument : gate->arguments)
                if (argument.complemented) return &argument.position;
    return nullptr;
}

Forms choose_forms(const TreeDraft& draft, ProblemList& problems) {
    const DraftElement* dynamic = nullptr;    // a gate that has no static form
    const DraftElement* fixed = nullptr;      // a gate that has no dynamic form
    const DraftElement* no_answer = nullptr;  // an event without a closed unavailability
    bool timed = false;
    for (const DraftElement& element : draft.elements) {
        if (const DraftGate* const gate = gate_of(element)) {
            if (is_dynamic(*gate) && dynamic == nullptr) dynamic = &element;
            if (!has_dynamic_form(*gate) && fixed == nullptr) fixed = &element;
            continue;
        }
        const DraftEvent& event = std::get<DraftEvent>(element.content);
        if (event.house) continue;
        if (!has_unavailability(event.leaf) && no_answer == nullptr) no_answer = &element;
        timed =
            timed || !std::holds_alternative<FailedAtStart>(event.leaf.life) || event.leaf.repair_rate > 0;
    }
    const SourcePosition* const complement = find_complement(draft);
    const bool needs_static = fixed != nullptr || complement != nullptr;
    if (dynamic != nullptr && needs_static) {
        const std::string what = fixed != nullptr ? fmt::format(
                                     "'{}' of {}", words_for(gate_of(*fixed)->connective), called(*fixed))
                                                  : std::string("a complement");
        problems.add({.position = fixed != nullptr ? fixed->position : *complement,
                      .message = fmt::format("{} can't stand in a tree with '{}' ({}, line {})", what,
                                             words_for(gate_of(*dynamic)->connective), called(*dynamic),
                                             dynamic->position.line),
                      .legal = "and, or, at least k, and the dynamic gates"});
    }
    if (no_answer != nullptr && needs_static)
        problems.add(
            {.position = no_answer->position,
             .message = fmt::format("{} is repaired, in a tree with complements", called(*no_answer)),
             .legal = "there, an exponential life (a rate or a mean)"});
    return {.fault_tree = dynamic == nullptr && no_answer == nullptr,
            .dynamic_tree = !needs_static && (dynamic != nullptr || timed)};
}

FaultTree make_fault_tree(const ResolvedDraft& tree, std::vector<DynamicLeaf>& lives) {
    FaultTree result;
    std::vector<FaultTreeArgument> made(tree.size());
    std::uint32_t gates = 0;
    for (std::size_t i = 0; i < tree.size(); ++i) {
        const DraftElement& element = tree.element(i);
        if (gate_of(element) != nullptr) {
            made[i] = {.kind = FaultTreeArgument::Kind::gate, .index = gates++};
            continue;
        }
        const DraftEvent& event = std::get<DraftEvent>(element.content);
        if (event.house) {
            made[i] = {.kind = FaultTreeArgument::Kind::constant, .index = *event.house ? 1U : 0U};
            continue;
        }
        made[i] = {.kind = FaultTreeArgument::Kind::basic_event,
                   .index = static_cast<std::uint32_t>(result.basic_events.size())};
        const auto* const at_start = std::get_if<FailedAtStart>(&event.leaf.life);
        result.basic_events.push_back(
            {.name = element.name, .probability = at_start != nullptr ? at_start->probability : 0});
        lives.push_back(event.leaf);
        lives.back().name = element.name;
    }
    const auto argument_of = [&](std::size_t index, const DraftArgument& written) {
        FaultTreeArgument argument = made[index];
        argument.complemented = written.complemented;
        return argument;
    };
    for (std::size_t i = 0; i < tree.size(); ++i) {
        const DraftGate* const gate = gate_of(tree.element(i));
        if (gate == nullptr) continue;
        FaultTreeGate& into = result.gates.emplace_back();
        into.name = tree.element(i).name;
        into.connective = std::get<Connective>(gate->connective);
        into.minimum = static_cast<std::uint32_t>(gate->minimum);
        into.maximum = static_cast<std::uint32_t>(gate->maximum);
        for (std::size_t place = 0; place < gate->arguments.size(); ++place)
            into.arguments.push_back(argument_of(tree.arguments(i)[place], gate->arguments[place]));
    }
    result.top = argument_of(tree.top(), *tree.draft().top);
    return result;
}

DynamicConnective dynamic_form(const DraftGate& gate) {
    if (const auto* const dynamic = std::get_if<DynamicConnective>(&gate.connective)) return *dynamic;
    switch (std::get<Connective>(gate.connective)) {
        case Connective::conjunction:
            return DynamicConnective::conjunction;
        case Connective::at_least:
            return DynamicConnective::at_least;
        default:
            return DynamicConnective::disjunction;
    }
}

DynamicTree make_dynamic_tree(const ResolvedDraft& tree) {
    DynamicTree result;
    std::vector<std::uint32_t> nodes(tree.size());
    for (std::size_t i = 0; i < tree.size(); ++i) {
        const auto* const event = std::get_if<DraftEvent>(&tree.element(i).content);
        if (event == nullptr) continue;
        nodes[i] = static_cast<std::uint32_t>(result.leaves.size());
        DynamicLeaf& leaf = result.leaves.emplace_back(event->leaf);
        leaf.name = tree.element(i).name;
        if (event->house) leaf.life = FailedAtStart{*event->house ? 1.0 : 0.0};
    }
    std::uint32_t next = static_cast<std::uint32_t>(result.leaves.size());
    for (std::size_t i = 0; i < tree.size(); ++i)
        if (gate_of(tree.element(i)) != nullptr) nodes[i] = next++;
    for (std::size_t i = 0; i < tree.size(); ++i) {
        const DraftGate* const gate = gate_of(tree.element(i));
        if (gate == nullptr) continue;
        DynamicGate& into = result.gates.emplace_back();
        into.name = tree.element(i).name;
        into.connective = dynamic_form(*gate);
        if (into.connective == DynamicConnective::at_least)
            into.minimum = static_cast<std::uint32_t>(gate->minimum);
        into.simultaneity = gate->simultaneity;
        into.probability = gate->probability;
        for (const std::size_t place : tree.places_with_output(i))
            into.inputs.push_back(nodes[tree.arguments(i)[place]]);
    }
    result.top = nodes[tree.top()];
    return result;
}

// Which elements the top depends on: what is under it, and constraints that touch any of that, be it by a
// gate of their own over the same events, with all they are over.
std::vector<bool> needed_elements(const ResolvedDraft& tree) {
    std::vector<std::vector<std::size_t>> above(tree.size());
    for (std::size_t i = 0; i < tree.size(); ++i)
        for (const std::size_t argument : tree.arguments(i)) above[argument].push_back(i);
    std::vector<bool> needed(tree.size());
    std::vector<bool> touched(tree.size());
    std::vector<std::size_t> open{tree.top()};
    std::vector<std::size_t> upward;
    needed[tree.top()] = true;
    const auto need = [&](std::size_t element) {
        if (needed[element]) return;
        needed[element] = true;
        open.push_back(element);
    };
    const auto touch = [&](std::size_t element) {
        if (touched[element]) return;
        touched[element] = true;
        upward.push_back(element);
    };
    while (!open.empty()) {
        const std::size_t element = open.back();
        open.pop_back();
        for (const std::size_t argument : tree.arguments(element)) need(argument);
        touch(element);
        while (!upward.empty()) {
            const std::size_t below = upward.back();
            upward.pop_back();
            for (const std::size_t over : above[below]) {
                if (is_constraint(tree.element(over))) need(over);
                touch(over);
            }
        }
    }
    return needed;
}

std::vector<Problem> find_warnings(const ResolvedDraft& tree) {
    std::vector<Problem> warnings;
    const std::vector<bool> needed = needed_elements(tree);
    for (std::size_t i = 0; i < tree.size(); ++i) {
        const DraftElement& element = tree.element(i);
        if (!needed[i] && !element.name.empty())
            warnings.push_back(
                {.position = element.position,
                 .message = fmt::format("{} isn't used: the top event doesn't depend on it", called(element)),
                 .value = element.name});
        const DraftGate* const gate = gate_of(element);
        if (gate == nullptr || is_constraint(element)) continue;
        for (std::size_t place = 0; place < gate->arguments.size(); ++place) {
            const DraftElement& input = tree.element(tree.arguments(i)[place]);
            const DraftGate* const constraint = gate_of(input);
            // A dependency is often hung into the tree by an input, a sequence may be meant to have an
            // output.
            if (!is_constraint(input)
                || std::get<DynamicConnective>(constraint->connective) == DynamicConnective::dependency)
                continue;
            warnings.push_back(
                {.position = gate->arguments[place].position,
                 .message = fmt::format("{} is a constraint: as an input of {} it is ignored", called(input),
                                        called(element)),
                 .value = input.name,
                 .legal = "an 'and' over the same inputs, for what fails with the last of them"});
        }
    }
    return warnings;
}

}  // namespace

std::string words_for(const std::variant<Connective, DynamicConnective>& connective) {
    constexpr std::array<std::string_view, 11> of_static = {
        "same", "not", "and", "or", "at least", "between", "xor", "nand", "nor", "imply", "iff"};
    constexpr std::array<std::string_view, 9> of_dynamic = {"and",
                                                            "or",
                                                            "at least",
                                                            "priority and",
                                                            "priority or",
                                                            "spare",
                                                            "functional dependency",
                                                            "sequence",
                                                            "mutual exclusion"};
    if (const auto* const fixed = std::get_if<Connective>(&connective))
        return std::string(of_static.at(static_cast<std::size_t>(*fixed)));
    return std::string(of_dynamic.at(static_cast<std::size_t>(std::get<DynamicConnective>(connective))));
}

std::string nearest_element(std::string_view written, const TreeDraft& draft) {
    constexpr std::size_t longest_name = 64;
    constexpr std::size_t most_names = 5000;
    const std::size_t reach = std::max<std::size_t>(1, written.size() / 3);
    std::vector<std::string> names;
    if (written.size() > longest_name || draft.elements.size() > most_names) return {};
    for (const DraftElement& element : draft.elements)
        if (!element.name.empty() && element.name.size() + reach >= written.size()
            && element.name.size() <= written.size() + reach)
            names.push_back(element.name);
    return nearest_name(written, names);
}

TreeContents assemble(const TreeDraft& draft, ProblemList& problems) {
    const ResolvedDraft tree(draft, problems);
    problems.throw_if_any();
    check_gates(tree, problems);
    const Forms forms = choose_forms(draft, problems);
    problems.throw_if_any();
    TreeContents contents;
    if (forms.fault_tree) contents.fault_tree = make_fault_tree(tree, contents.event_lives);
    if (forms.dynamic_tree) contents.dynamic_tree = make_dynamic_tree(tree);
    contents.warnings = find_warnings(tree);
    return contents;
}

}  // namespace venturi