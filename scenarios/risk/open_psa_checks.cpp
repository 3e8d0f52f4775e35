#include "scenarios/risk/open_psa_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>
#include <utility>

namespace venturi::open_psa {
namespace {

void add_targets(const std::vector<Instruction>& instructions, Instruction::Kind kind,
                 std::vector<std::uint32_t>& targets) {
    for (const Instruction& instruction : instructions) {
        if (instruction.kind == kind) targets.push_back(instruction.target);
        add_targets(instruction.inner, kind, targets);
    }
}

void add_ends(const Branch& branch, Branch::End kind, std::vector<std::uint32_t>& targets) {
    if (branch.end == kind) targets.push_back(branch.target);
    for (const ForkPath& path : branch.paths) add_ends(path.branch, kind, targets);
}

template <class Named>
std::string path_of(const std::vector<std::uint32_t>& cycle, const std::vector<Named>& named) {
    std::string path;
    for (const std::uint32_t each : cycle) path += named[each].name + " -> ";
    return path + named[cycle.front()].name;
}

}  // namespace

std::vector<std::uint32_t> cycle_in(const std::vector<std::vector<std::uint32_t>>& edges) {
    enum class State : std::uint8_t { untouched, open, done };
    std::vector<State> state(edges.size(), State::untouched);
    for (std::uint32_t root = 0; root < edges.size(); ++root) {
        if (state[root] != State::untouched) continue;
        std::vector<std::pair<std::uint32_t, std::size_t>> open{{root, 0}};
        state[root] = State::open;
        while (!open.empty()) {
            const std::uint32_t node = open.back().first;
            if (open.back().second == edges[node].size()) {
                state[node] = State::done;
                open.pop_back();
                continue;
            }
            const std::uint32_t next = edges[node][open.back().second++];
            if (state[next] == State::open) {
                std::vector<std::uint32_t> cycle;
                for (const auto& [each, edge] : open) cycle.push_back(each);
                cycle.erase(cycle.begin(), std::find(cycle.begin(), cycle.end(), next));
                std::rotate(cycle.begin(), std::min_element(cycle.begin(), cycle.end()), cycle.end());
                return cycle;
            }
            if (state[next] != State::untouched) continue;
            state[next] = State::open;
            open.push_back({next, 0});
        }
    }
    return {};
}

bool Reader::has_link(const std::vector<Instruction>& instructions) const {
    return std::any_of(instructions.begin(), instructions.end(), [this](const Instruction& each) {
        if (each.kind == Instruction::Kind::rule) return bool{rules_with_links_[each.target]};
        return each.kind == Instruction::Kind::link || has_link(each.inner);
    });
}

void Reader::check_rules() {
    const std::vector<InstructionRule>& rules = model_.event_trees.rules;
    std::vector<std::vector<std::uint32_t>> calls(rules.size());
    std::vector<std::vector<std::uint32_t>> callers(rules.size());
    for (std::uint32_t i = 0; i < rules.size(); ++i) {
        add_targets(rules[i].instructions, Instruction::Kind::rule, calls[i]);
        for (const std::uint32_t called : calls[i]) callers[called].push_back(i);
        if (rules[i].instructions.empty())
            complain(rule_definitions_[i].element, "a rule without an instruction");
    }
    const std::vector<std::uint32_t> cycle = cycle_in(calls);
    if (!cycle.empty())
        complain(rule_definitions_[cycle.front()].element, "rules call themselves: " + path_of(cycle, rules));
    // A rule links if it says so or calls one that does.
    rules_with_links_.assign(rules.size(), false);
    std::vector<std::uint32_t> open;
    for (std::uint32_t i = 0; i < rules.size(); ++i) {
        std::vector<std::uint32_t> links;
        add_targets(rules[i].instructions, Instruction::Kind::link, links);
        if (!links.empty()) open.push_back(i);
    }
    while (!open.empty()) {
        const std::uint32_t rule = open.back();
        open.pop_back();
        if (rules_with_links_[rule]) continue;
        rules_with_links_[rule] = true;
        open.insert(open.end(), callers[rule].begin(), callers[rule].end());
    }
}

void Reader::refuse_links(const std::vector<Instruction>& instructions, const Element& place) {
    if (has_link(instructions))
        complain(place,
                 "a link to an event tree on the way, where only a sequence can go on in another tree");
}

void Reader::refuse_links(const Branch& branch, const Element& place) {
    refuse_links(branch.instructions, place);
    for (const ForkPath& path : branch.paths) refuse_links(path.branch, place);
}

void Reader::check_branches(std::uint32_t tree) {
    const EventTree& event_tree = model_.event_trees.event_trees[tree];
    const Element& place = tree_definitions_[tree].element;
    std::vector<std::vector<std::uint32_t>> leads_to(event_tree.branches.size());
    for (std::size_t i = 0; i < event_tree.branches.size(); ++i) {
        add_ends(event_tree.branches[i].branch, Branch::End::branch, leads_to[i]);
        refuse_links(event_tree.branches[i].branch, place);
    }
    refuse_links(event_tree.initial_state, place);
    const std::vector<std::uint32_t> cycle = cycle_in(leads_to);
    if (!cycle.empty())
        return complain(place, "branches lead to themselves: " + path_of(cycle, event_tree.branches));
    check_order(tree, leads_to);
}

// Forks ask functional events in the order in which the tree defines them. Branches are looked at from the
// last to the first, so that what one leads to is known: the first event that it may ask.
void Reader::check_order(std::uint32_t tree, const std::vector<std::vector<std::uint32_t>>& leads_to) {
    const EventTree& event_tree = model_.event_trees.event_trees[tree];
    std::map<std::uint32_t, std::size_t> place_of_event;
    for (std::size_t i = 0; i < event_tree.functional_events.size(); ++i)
        place_of_event[event_tree.functional_events[i]] = i + 1;
    std::vector<std::size_t> first_asked(event_tree.branches.size(), no_fork);
    const auto check = [&](const Branch& branch, const std::string& name) {
        return check_order(branch, 0, place_of_event, first_asked, tree_definitions_[tree].element, name);
    };
    std::vector<std::size_t> open_calls(leads_to.size());
    std::vector<std::vector<std::uint32_t>> led_from(leads_to.size());
    std::vector<std::uint32_t> ready;
    for (std::uint32_t i = 0; i < leads_to.size(); ++i) {
        open_calls[i] = leads_to[i].size();
        for (const std::uint32_t next : leads_to[i]) led_from[next].push_back(i);
        if (leads_to[i].empty()) ready.push_back(i);
    }
    while (!ready.empty()) {
        const std::uint32_t i = ready.back();
        ready.pop_back();
        first_asked[i] = check(event_tree.branches[i].branch, event_tree.branches[i].name);
        for (const std::uint32_t before : led_from[i])
            if (--open_calls[before] == 0) ready.push_back(before);
    }
    static_cast<void>(check(event_tree.initial_state, event_tree.name));
}

std::size_t Reader::check_order(const Branch& branch, std::size_t asked,
                                const std::map<std::uint32_t, std::size_t>& place_of_event,
                                const std::vector<std::size_t>& first_asked, const Element& place,
                                const std::string& name) {
    if (branch.end == Branch::End::sequence) return no_fork;
    std::size_t here = no_fork;
    if (branch.end == Branch::End::branch) {
        here = first_asked[branch.target];
    } else {
        here = place_of_event.at(branch.target);
        for (const ForkPath& path : branch.paths)
            static_cast<void>(check_order(path.branch, here, place_of_event, first_asked, place, name));
    }
    if (here <= asked)
        complain(place,
                 fmt::format("{} asks a functional event after itself or one that is defined later",
                             in_quotes(name)),
                 name, "forks in the order in which the event tree defines its functional events");
    return here;
}

void Reader::check_links() {
    const EventTreeLayer& layer = model_.event_trees;
    std::vector<std::vector<std::uint32_t>> by_rule(layer.rules.size());
    // Nothing to find among rules that call themselves, which was said already.
    for (std::size_t i = 0; i < layer.rules.size(); ++i) {
        std::set<std::uint32_t> seen;
        std::vector<std::uint32_t> open{static_cast<std::uint32_t>(i)};
        while (!open.empty() && rules_with_links_[i]) {
            const std::uint32_t rule = open.back();
            open.pop_back();
            if (!seen.insert(rule).second) continue;
            add_targets(layer.rules[rule].instructions, Instruction::Kind::link, by_rule[i]);
            add_targets(layer.rules[rule].instructions, Instruction::Kind::rule, open);
        }
    }
    std::vector<std::vector<std::uint32_t>> links(layer.event_trees.size());
    for (std::size_t tree = 0; tree < layer.event_trees.size(); ++tree) {
        std::vector<std::uint32_t> ends;
        add_ends(layer.event_trees[tree].initial_state, Branch::End::sequence, ends);
        for (const NamedBranch& branch : layer.event_trees[tree].branches)
            add_ends(branch.branch, Branch::End::sequence, ends);
        for (const std::uint32_t sequence : std::set(ends.begin(), ends.end())) {
            const std::vector<Instruction>& instructions = layer.sequences[sequence].instructions;
            add_targets(instructions, Instruction::Kind::link, links[tree]);
            std::vector<std::uint32_t> rules;
            add_targets(instructions, Instruction::Kind::rule, rules);
            for (const std::uint32_t rule : rules)
                links[tree].insert(links[tree].end(), by_rule[rule].begin(), by_rule[rule].end());
        }
    }
    const std::vector<std::uint32_t> cycle = cycle_in(links);
    if (!cycle.empty())
        complain(tree_definitions_[cycle.front()].element,
                 "event trees link to themselves: " + path_of(cycle, layer.event_trees));
}

void Reader::check_all() {
    check_rules();
    for (std::uint32_t tree = 0; tree < tree_definitions_.size(); ++tree) check_branches(tree);
    check_links();
    check_values();
    if (options_.probabilities_required) require_probabilities();
    problems_.throw_if_any();
    warn_of_unused();
    warn_of_repeated_arguments();
}

void Reader::check_values() {
    const std::vector<ModelDefect> defects = defects_of(model_, options_.mission_time, false);
    for (const ModelDefect& defect : defects) problems_.add(source_.problem(defect));
    // Parameters that something uses were looked at with it: a condition may keep them from where they are
    // not defined.
    const bool is_cyclic = std::any_of(defects.begin(), defects.end(), [](const ModelDefect& defect) {
        return defect.element == ModelDefect::Element::parameter;
    });
    if (is_cyclic) return;
    std::vector<ExpressionIndex> parameters;
    for (const ModelParameter& parameter : model_.parameters) parameters.push_back(parameter.expression);
    const ExpressionEvaluator evaluator(model_.expressions, parameters, parameters);
    const std::vector<double> values = evaluator.evaluate({.mission_time = options_.mission_time});
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        if (uses_.parameters[i] || !std::isnan(values[parameters[i]])) continue;
        const ExpressionIndex culprit = evaluator.outside_domain(parameters[i], values);
        const OperationRule& rule = rule_of(model_.expressions[culprit].operation);
        problems_.add({.position = source_.position(source_.expressions[culprit]),
                       .message = fmt::format("the parameter {} depends on '{}' outside its domain",
                                              in_quotes(model_.parameters[i].name), rule.name),
                       .legal = std::string(rule.domain)});
    }
}

void Reader::require_probabilities() {
    std::vector<bool> has_group(model_.basic_events.size());
    for (const CommonCauseGroup& group : model_.common_cause_groups)
        for (const std::uint32_t member : group.members) has_group[member] = true;
    for (std::size_t i = 0; i < has_group.size(); ++i) {
        const ModelEvent& event = model_.basic_events[i];
        if (has_group[i] && event.probability)
            warn(source_.basic_events[i],
                 fmt::format(
                     "the probability of {} makes no difference: that of its common cause group counts",
                     in_quotes(event.name)),
                 event.name);
        const bool is_known = has_group[i] || event.probability || uses_.set_basic_events[i];
        if (!uses_.basic_events[i] || is_known) continue;
        problems_.add({.position = source_.position(source_.basic_events[i]),
                       .message = fmt::format("the basic event {} has no probability", in_quotes(event.name)),
                       .value = event.name,
                       .legal = "an expression, or membership of a common cause group"});
    }
}

void Reader::warn_of_unused() {
    const auto warn_of = [this](bool is_used, const RiskModelSource::Place& place, std::string_view what,
                                const std::string& name) {
        if (!is_used) warn(place, fmt::format("the {} {} is never used", what, in_quotes(name)), name);
    };
    const EventTreeLayer& layer = model_.event_trees;
    for (std::size_t i = 0; i < model_.parameters.size(); ++i)
        warn_of(uses_.parameters[i], source_.parameters[i], "parameter", model_.parameters[i].name);
    for (std::size_t i = 0; i < model_.basic_events.size(); ++i)
        warn_of(uses_.basic_events[i], source_.basic_events[i], "basic event", model_.basic_events[i].name);
    for (std::size_t i = 0; i < model_.house_events.size(); ++i)
        warn_of(uses_.house_events[i], source_.house_events[i], "house event", model_.house_events[i].name);
    for (std::size_t i = 0; i < model_.common_cause_groups.size(); ++i) {
        const CommonCauseGroup& group = model_.common_cause_groups[i];
        const bool is_used = std::any_of(group.members.begin(), group.members.end(),
                                         [this](std::uint32_t member) { return uses_.basic_events[member]; });
        warn_of(is_used, source_.common_cause_groups[i], "common cause group", group.name);
    }
    for (std::size_t i = 0; i < layer.sequences.size(); ++i)
        warn_of(uses_.sequences[i], source_.sequences[i], "sequence", layer.sequences[i].name);
    for (std::size_t i = 0; i < layer.rules.size(); ++i)
        warn_of(uses_.rules[i], place_of(rule_definitions_[i].element), "rule", layer.rules[i].name);
    for (std::size_t i = 0; i < layer.initiating_events.size(); ++i)
        warn_of(layer.initiating_events[i].event_tree.has_value(), source_.initiating_events[i],
                "initiating event", layer.initiating_events[i].name);
    for (std::size_t i = 0; i < layer.event_trees.size(); ++i) {
        const EventTree& tree = layer.event_trees[i];
        const RiskModelSource::Place place = place_of(tree_definitions_[i].element);
        warn_of(uses_.event_trees[i], place, "event tree", tree.name);
        for (std::size_t j = 0; j < tree.branches.size(); ++j)
            warn_of(uses_.branches[i][j], place, "branch", tree.branches[j].name);
        for (std::size_t j = 0; j < tree.functional_events.size(); ++j)
            warn_of(uses_.functional_events[i][j], place, "functional event",
                    layer.functional_events[tree.functional_events[j]]);
    }
}

void Reader::warn_of_repeated_arguments() {
    const auto less = [](const FormulaArgument& left, const FormulaArgument& right) {
        return std::tuple(left.kind, left.index, left.complemented)
               < std::tuple(right.kind, right.index, right.complemented);
    };
    for (std::size_t i = 0; i < model_.gates.size(); ++i) {
        std::vector<FormulaArgument> arguments = model_.gates[i].arguments;
        std::sort(arguments.begin(), arguments.end(), less);
        if (std::adjacent_find(arguments.begin(), arguments.end()) != arguments.end())
            warn(source_.gates[i], "a formula has the same argument twice");
    }
}

}  // namespace venturi::open_psa
