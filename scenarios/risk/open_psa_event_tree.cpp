#include "scenarios/counted.hpp"
#include "scenarios/risk/open_psa_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace venturi::open_psa {
namespace {

bool is_end(std::string_view name) {
    return name == "fork" || name == "sequence" || name == "branch";
}

std::vector<std::string> names_in(const Index& index) {
    std::vector<std::string> names;
    for (const auto& [name, number] : index) names.push_back(name);
    // Hash tables have no order of their own, and a message has to be the same every time.
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace

std::uint32_t Reader::find_indexed(const Element& element, const Index& index, std::string_view what,
                                   const std::string& name) {
    const auto found = index.find(name);
    if (found != index.end()) return found->second;
    if (!name.empty())
        complain(element, fmt::format("the {} {} is not defined", what, in_quotes(name)), name, {},
                 nearest_of(name, names_in(index)));
    return no_index;
}

void Reader::define_initiating_event(const Definition& definition) {
    const Element& element = definition.element;
    InitiatingEvent event{.name = model_.event_trees.initiating_events[definition.index].name};
    if (const auto tree = attribute(element, "event-tree")) {
        const std::uint32_t found = find_indexed(element, event_trees_, "event tree", *tree);
        if (found != no_index) {
            event.event_tree = found;
            uses_.event_trees[found] = true;
        }
    }
    const std::vector<Element> parts = content(element);
    if (parts.size() > 1) complain(element, "an initiating event that collects more than one element");
    for (const Element& part : parts) {
        if (part.name() == "basic-event" || part.name() == "gate") {
            event.instructions.push_back(
                {.kind = Instruction::Kind::collect_formula, .formula = read_formula(part, 0)});
        } else if (part.name() == "parameter") {
            event.instructions.push_back(
                {.kind = Instruction::Kind::collect_expression, .expression = read_expression(part, 0)});
        } else {
            refuse_unknown(part, {"basic-event", "gate", "parameter"});
        }
    }
    model_.event_trees.initiating_events[definition.index] = std::move(event);
}

void Reader::define_event_tree(std::uint32_t tree) {
    const EventTreeDefinition& definition = tree_definitions_[tree];
    for (const Element& each : content(definition.element)) {
        if (each.name() == "define-branch") {
            const std::optional<std::string> name = attribute(each, "name");
            const auto found = definition.branches.find(name.value_or(std::string{}));
            Branch branch = read_branch(tree, content(each), each);
            if (found != definition.branches.end())
                model_.event_trees.event_trees[tree].branches[found->second].branch = std::move(branch);
        } else if (each.name() == "initial-state") {
            model_.event_trees.event_trees[tree].initial_state = read_branch(tree, children(each), each);
        }
    }
}

Branch Reader::read_branch(std::uint32_t tree, const std::vector<Element>& parts, const Element& owner) {
    Branch branch;
    const bool has_end = !parts.empty() && is_end(parts.back().name());
    if (!has_end) {
        complain(owner, fmt::format("'{}' does not end in a fork, a sequence or a branch", owner.name()), {},
                 "fork, sequence, branch");
        return branch;
    }
    std::vector<Element> instructions;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
        if (is_end(parts[i].name()))
            complain(parts[i], fmt::format("'{}' before the end of '{}'", parts[i].name(), owner.name()));
        else
            instructions.push_back(parts[i]);
    }
    branch.instructions = read_instructions(instructions);
    if (parts.back().name() == "fork")
        read_fork(tree, parts.back(), branch);
    else
        read_end(tree, parts.back(), branch);
    return branch;
}

void Reader::read_fork(std::uint32_t tree, const Element& element, Branch& branch) {
    check_attributes(element, {"functional-event"});
    branch.end = Branch::End::fork;
    const std::uint32_t place =
        find_indexed(element, tree_definitions_[tree].functional_events, "functional event of this tree",
                     required(element, "functional-event"));
    EventTreeLayer& layer = model_.event_trees;
    if (place != no_index) {
        uses_.functional_events[tree][place] = true;
        branch.target = layer.event_trees[tree].functional_events[place];
    }
    std::set<std::uint32_t> states;
    for (const Element& each : children(element)) {
        if (each.name() != "path") {
            refuse_unknown(each, {"path"});
            continue;
        }
        check_attributes(each, {"state"});
        const std::string state = required(each, "state");
        const std::uint32_t index = intern(layer.states, states_, state);
        if (!states.insert(index).second)
            complain(each, fmt::format("the fork has two paths for the state {}", in_quotes(state)), state);
        branch.paths.push_back({.state = index, .branch = read_branch(tree, children(each), each)});
    }
    if (branch.paths.empty()) complain(element, "a fork without a path", {}, "path");
}

void Reader::read_end(std::uint32_t tree, const Element& element, Branch& branch) {
    check_attributes(element, {"name"});
    if (!children(element).empty())
        complain(element, fmt::format("a reference to a {} holds nothing", element.name()));
    const std::string name = required(element, "name");
    if (element.name() == "branch") {
        const std::uint32_t found =
            find_indexed(element, tree_definitions_[tree].branches, "branch of this tree", name);
        branch.end = Branch::End::branch;
        if (found == no_index) return;
        uses_.branches[tree][found] = true;
        branch.target = found;
        return;
    }
    const std::uint32_t found = find_indexed(element, sequences_, "sequence", name);
    branch.end = Branch::End::sequence;
    if (found == no_index) return;
    uses_.sequences[found] = true;
    branch.target = found;
}

std::vector<Instruction> Reader::read_instructions(const std::vector<Element>& parts) {
    std::vector<Instruction> instructions;
    for (const Element& part : parts) instructions.push_back(read_instruction(part));
    return instructions;
}

Instruction Reader::read_instruction(const Element& element) {
    const std::string_view name = element.name();
    Instruction instruction;
    if (name == "collect-formula") {
        check_attributes(element, {});
        instruction.kind = Instruction::Kind::collect_formula;
        const std::vector<Element> parts = children(element);
        if (parts.size() == 1)
            instruction.formula = read_formula(parts.front(), 0);
        else
            complain(element, fmt::format("'{}' holds {}", name, counted(parts.size(), "formula")), {},
                     "one formula");
    } else if (name == "collect-expression") {
        check_attributes(element, {});
        instruction.kind = Instruction::Kind::collect_expression;
        instruction.expression = read_only_expression(element, 0);
    } else if (name == "if") {
        check_attributes(element, {});
        read_condition(element, instruction);
    } else if (name == "block") {
        check_attributes(element, {});
        instruction.inner = read_instructions(children(element));
    } else if (name == "rule" || name == "event-tree") {
        check_attributes(element, {"name"});
        if (!children(element).empty())
            complain(element, fmt::format("a reference to a {} holds nothing", name));
        const bool is_rule = name == "rule";
        const std::uint32_t found = find_indexed(element, is_rule ? rules_ : event_trees_,
                                                 is_rule ? "rule" : "event tree", required(element, "name"));
        if (found == no_index) return instruction;
        instruction.kind = is_rule ? Instruction::Kind::rule : Instruction::Kind::link;
        instruction.target = found;
        (is_rule ? uses_.rules : uses_.event_trees)[found] = true;
    } else if (name.starts_with("set-")) {
        read_setting(element, instruction);
    } else {
        refuse_unknown(element, {"collect-formula", "collect-expression", "if", "block", "rule", "event-tree",
                                 "set-house-event", "set-gate", "set-basic-event", "set-parameter"});
    }
    return instruction;
}

void Reader::read_condition(const Element& element, Instruction& instruction) {
    const std::vector<Element> parts = children(element);
    if (parts.size() < 2 || parts.size() > 3)
        return complain(element, fmt::format("'if' with {}", counted(parts.size(), "part")), {},
                        "a condition, an instruction, and another for when it does not hold, or none");
    instruction.kind = Instruction::Kind::condition;
    instruction.expression = read_expression(parts.front(), 0);
    instruction.inner = read_instructions({parts.begin() + 1, parts.end()});
}

void Reader::read_setting(const Element& element, Instruction& instruction) {
    const std::string_view what = element.name().substr(std::string_view("set-").size());
    check_attributes(element, {"name", "direction"});
    const std::optional<std::string> direction = attribute(element, "direction");
    if (direction && *direction != "forward")
        complain(element, fmt::format("an instruction that acts {} is not supported", in_quotes(*direction)),
                 *direction, "forward");
    const std::vector<Element> parts = children(element);
    if (parts.size() != 1)
        return complain(element, fmt::format("'{}' to {}", element.name(), counted(parts.size(), "value")),
                        {}, "one value");
    const Element& value = parts.front();
    std::optional<NamedElement> target;
    if (what == "parameter") {
        const std::string name = required(element, "name");
        target = parameters_.find(scopes_, 0, name);
        if (!target && !name.empty())
            complain(element, fmt::format("the parameter {} is not defined", in_quotes(name)), name, {},
                     nearest_of(name, parameters_.all_names()));
        instruction.kind = Instruction::Kind::set_parameter;
        instruction.expression = read_expression(value, 0);
    } else if (what == "basic-event") {
        target = find_event(element, 0, ElementKind::basic_event);
        if (target) uses_.set_basic_events[target->index] = true;
        instruction.kind = Instruction::Kind::set_basic_event;
        instruction.expression = read_expression(value, 0);
    } else if (what == "gate") {
        target = find_event(element, 0, ElementKind::gate);
        instruction.kind = Instruction::Kind::set_gate;
        instruction.formula = read_formula(value, 0);
    } else if (what == "house-event") {
        target = find_event(element, 0, ElementKind::house_event);
        instruction.kind = Instruction::Kind::set_house_event;
        if (value.name() == "constant" || value.name() == "bool")
            instruction.happens = read_boolean(value);
        else
            refuse_unknown(value, {"constant"});
    } else {
        return refuse_unknown(element, {"set-house-event", "set-gate", "set-basic-event", "set-parameter"});
    }
    if (target) instruction.target = target->index;
}

}  // namespace venturi::open_psa
