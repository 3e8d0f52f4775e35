#include "scenarios/risk/open_psa_reader.hpp"

#include <fmt/format.h>

#include <utility>

namespace venturi::open_psa {

Reader::Reader(const std::vector<XmlDocument>& documents, const OpenPsaOptions& options)
    : options_(options), documents_(documents), includes_(documents, options.limits) {
    for (const XmlDocument& document : documents) source_.files.push_back(document.source());
}

void Reader::declare_all() {
    for (std::uint32_t file = 0; file < documents_.size(); ++file)
        if (!includes_.is_included(file)) declare_file(file);
}

void Reader::declare_file(std::uint32_t file) {
    const Element root{documents_[file].root(), file};
    if (root.name() != "opsa-mef") {
        // Whatever it is, none of it is shown.
        complain(root, "the document is not a risk model: its element is another", {}, "opsa-mef");
        problems_.throw_if_any();
    }
    check_attributes(root, {"name"});
    const std::optional<std::string> name = attribute(root, "name");
    if (name && model_.name.empty()) model_.name = *name;
    for (const Element& each : content(root)) declare_in_model(each);
}

void Reader::declare_in_model(const Element& element) {
    EventTreeLayer& layer = model_.event_trees;
    const std::string_view kind = element.name();
    if (kind == "define-fault-tree") {
        declare_container(element, 0);
    } else if (kind == "model-data") {
        check_attributes(element, {});
        for (const Element& each : content(element)) {
            const std::string_view inner = each.name();
            if (inner == "define-parameter")
                declare_parameter(each, 0);
            else if (inner == "define-basic-event" || inner == "define-house-event")
                declare_event(each, 0);
            else
                refuse_unknown(each, {"define-basic-event", "define-house-event", "define-parameter"});
        }
    } else if (kind == "define-CCF-group") {
        declare_group(element, 0);
    } else if (kind == "define-event-tree") {
        declare_event_tree(element);
    } else if (kind == "define-rule") {
        check_attributes(element, {"name"});
        const std::string name = defined_name(element);
        if (!declare_unique(element, rules_, name, layer.rules.size(), "rule")) return;
        rule_definitions_.push_back(
            {.element = element, .index = static_cast<std::uint32_t>(layer.rules.size())});
        layer.rules.push_back({.name = name});
    } else if (kind == "define-initiating-event") {
        check_attributes(element, {"name", "event-tree"});
        const std::string name = defined_name(element);
        const std::size_t count = layer.initiating_events.size();
        if (!declare_unique(element, initiating_events_, name, count, "initiating event")) return;
        initiating_definitions_.push_back({.element = element, .index = static_cast<std::uint32_t>(count)});
        layer.initiating_events.push_back({.name = name});
        source_.initiating_events.push_back(place_of(element));
    } else if (kind == "define-substitution") {
        check_attributes(element, {"name", "type"});
        if (const auto name = attribute(element, "name");
            name && !substitution_names_.try_emplace(*name, element).second)
            complain(element, fmt::format("the substitution {} is defined twice", in_quotes(*name)), *name);
        substitutions_.push_back(element);
    } else {
        refuse_unknown(element, {"define-fault-tree", "model-data", "define-CCF-group", "define-event-tree",
                                 "define-initiating-event", "define-rule", "define-substitution"});
    }
}

void Reader::declare_container(const Element& element, std::size_t parent) {
    const bool is_tree = element.name() == "define-fault-tree";
    if (is_tree)
        check_attributes(element, {"name"});
    else
        check_attributes(element, {"name", "role"});
    const std::string name = defined_name(element);
    Scope scope{.path = path_in(scopes_[parent], name),
                .parent = parent,
                .is_private = !is_tree && !is_public(element, parent)};
    const auto [before, is_new] = container_places_.try_emplace(scope.path, place_of(element));
    if (!is_new)
        complain(element,
                 fmt::format("the {} {} is defined twice, first at {}", is_tree ? "fault tree" : "component",
                             in_quotes(scope.path), to_text(source_.position(before->second))),
                 name);
    constexpr std::size_t longest_path = 2000;
    if (scope.path.size() > longest_path)
        return complain(element, fmt::format("a path of {} bytes leads to this component", scope.path.size()),
                        {}, "at most 2000 bytes");
    scopes_.push_back(std::move(scope));
    const std::size_t index = scopes_.size() - 1;
    for (const Element& each : content(element)) declare_in_container(each, index);
}

void Reader::declare_in_container(const Element& element, std::size_t scope) {
    const std::string_view kind = element.name();
    if (kind == "define-gate" || kind == "define-basic-event" || kind == "define-house-event")
        declare_event(element, scope);
    else if (kind == "define-parameter")
        declare_parameter(element, scope);
    else if (kind == "define-component")
        declare_container(element, scope);
    else if (kind == "define-CCF-group")
        declare_group(element, scope);
    else
        refuse_unknown(element, {"define-gate", "define-basic-event", "define-house-event",
                                 "define-parameter", "define-component", "define-CCF-group"});
}

bool Reader::is_public(const Element& element, std::size_t scope) {
    const std::optional<std::string> role = attribute(element, "role");
    if (!role) return !scopes_[scope].is_private;
    if (*role != "public" && *role != "private")
        complain(element, fmt::format("unknown role {}", in_quotes(*role)), *role, "public, private",
                 hint_of(*role, {"public", "private"}));
    if (*role == "private" && scope == 0)
        complain(element, "an element outside of all containers can't be private to one", *role);
    return *role != "private";
}

RiskModelSource::Place Reader::place_of(const NamedElement& element) const {
    switch (element.kind) {
        case ElementKind::gate:
            return place_of(gates_[element.index].element);
        case ElementKind::basic_event:
            return source_.basic_events[element.index];
        case ElementKind::house_event:
            return source_.house_events[element.index];
        case ElementKind::parameter:
            return source_.parameters[element.index];
        case ElementKind::common_cause_group:
            break;
    }
    return source_.common_cause_groups[element.index];
}

void Reader::report_twice(const Element& element, const std::string& name, const NamedElement& before) {
    complain(element,
             fmt::format("the name {} is defined twice, first as a {} at {}", in_quotes(name),
                         name_of(before.kind), to_text(source_.position(place_of(before)))),
             name);
}

void Reader::declare_event(const Element& element, std::size_t scope) {
    check_attributes(element, {"name", "role"});
    const std::string name = defined_name(element);
    const bool visible = is_public(element, scope);
    NamedElement named;
    std::vector<Definition>* definitions = &gates_;
    if (element.name() == "define-basic-event") {
        named.kind = ElementKind::basic_event;
        definitions = &basic_events_;
    } else if (element.name() == "define-house-event") {
        named.kind = ElementKind::house_event;
        definitions = &house_events_;
    }
    named.index = static_cast<std::uint32_t>(definitions->size());
    if (const auto before = events_.declare(scopes_[scope], name, visible, named))
        return report_twice(element, name, *before);
    definitions->push_back({.element = element, .scope = scope, .index = named.index});
    // A private name is not unique in the model; its path is.
    const std::string unique = visible ? name : path_in(scopes_[scope], name);
    if (named.kind == ElementKind::basic_event) {
        model_.basic_events.push_back({.name = unique});
        source_.basic_events.push_back(place_of(element));
    } else if (named.kind == ElementKind::house_event) {
        model_.house_events.push_back({.name = unique});
        source_.house_events.push_back(place_of(element));
    } else {
        gate_names_.push_back(unique);
    }
}

void Reader::declare_parameter(const Element& element, std::size_t scope) {
    check_attributes(element, {"name", "role", "unit"});
    const std::string name = defined_name(element);
    const bool visible = is_public(element, scope);
    const auto index = static_cast<std::uint32_t>(model_.parameters.size());
    if (const auto before =
            parameters_.declare(scopes_[scope], name, visible, {ElementKind::parameter, index}))
        return report_twice(element, name, *before);
    model_.parameters.push_back({.name = visible ? name : path_in(scopes_[scope], name)});
    if (const auto unit = attribute(element, "unit")) model_.parameters.back().unit = *unit;
    source_.parameters.push_back(place_of(element));
    parameter_definitions_.push_back({.element = element, .scope = scope, .index = index});
}

void Reader::declare_group(const Element& element, std::size_t scope) {
    check_attributes(element, {"name", "model"});
    const std::string name = defined_name(element);
    const bool visible = !scopes_[scope].is_private;
    const auto index = static_cast<std::uint32_t>(model_.common_cause_groups.size());
    if (const auto before =
            groups_.declare(scopes_[scope], name, visible, {ElementKind::common_cause_group, index}))
        return report_twice(element, name, *before);
    model_.common_cause_groups.push_back({.name = visible ? name : path_in(scopes_[scope], name)});
    source_.common_cause_groups.push_back(place_of(element));
    group_definitions_.push_back({.element = element, .scope = scope, .index = index});
}

// The members of a group are basic events of its container, whether or not they are defined as such.
void Reader::declare_members() {
    for (const Definition& group : group_definitions_) {
        for (const Element& list : children(group.element)) {
            if (list.name() != "members") continue;
            for (const Element& member : children(list)) {
                const std::optional<std::string> name = attribute(member, "name");
                if (!name || name->empty() || member.name() != "basic-event") continue;
                if (events_.find(scopes_, group.scope, *name)) continue;
                if (name->find('.') != std::string::npos) continue;
                const bool visible = !scopes_[group.scope].is_private;
                const auto index = static_cast<std::uint32_t>(model_.basic_events.size());
                if (events_.declare(scopes_[group.scope], *name, visible, {ElementKind::basic_event, index}))
                    continue;
                model_.basic_events.push_back(
                    {.name = visible ? *name : path_in(scopes_[group.scope], *name)});
                source_.basic_events.push_back(place_of(member));
            }
        }
    }
}

bool Reader::declare_unique(const Element& element, Index& index, const std::string& name, std::size_t count,
                            std::string_view what) {
    const bool is_new = index.try_emplace(name, static_cast<std::uint32_t>(count)).second;
    if (!is_new) complain(element, fmt::format("the {} {} is defined twice", what, in_quotes(name)), name);
    return is_new;
}

void Reader::declare_event_tree(const Element& element) {
    EventTreeLayer& layer = model_.event_trees;
    check_attributes(element, {"name"});
    const std::string name = defined_name(element);
    const bool is_new = declare_unique(element, event_trees_, name, layer.event_trees.size(), "event tree");
    EventTreeDefinition definition{.element = element, .functional_events = {}, .branches = {}};
    EventTree tree{.name = name};
    std::size_t initial_states = 0;
    for (const Element& each : content(element)) {
        if (each.name() == "define-functional-event") {
            check_attributes(each, {"name"});
            const std::string its_name = defined_name(each);
            for (const Element& inner : content(each)) refuse_unknown(inner, {"label", "attributes"});
            if (declare_unique(each, definition.functional_events, its_name, tree.functional_events.size(),
                               "functional event"))
                tree.functional_events.push_back(
                    intern(layer.functional_events, functional_events_, its_name));
        } else if (each.name() == "define-sequence") {
            check_attributes(each, {"name"});
            const std::string its_name = defined_name(each);
            const std::size_t count = layer.sequences.size();
            if (!declare_unique(each, sequences_, its_name, count, "sequence")) continue;
            sequence_definitions_.push_back({.element = each, .index = static_cast<std::uint32_t>(count)});
            layer.sequences.push_back({.name = its_name});
            source_.sequences.push_back(place_of(each));
        } else if (each.name() == "define-branch") {
            check_attributes(each, {"name"});
            const std::string its_name = defined_name(each);
            if (declare_unique(each, definition.branches, its_name, tree.branches.size(), "branch"))
                tree.branches.push_back({.name = its_name});
        } else if (each.name() == "initial-state") {
            check_attributes(each, {});
            if (++initial_states > 1) complain(each, "an event tree has two initial states");
        } else {
            refuse_unknown(each,
                           {"define-functional-event", "define-sequence", "define-branch", "initial-state"});
        }
    }
    if (initial_states == 0)
        complain(element, fmt::format("the event tree {} has no initial state", in_quotes(name)), name,
                 "initial-state");
    if (!is_new) return;
    layer.event_trees.push_back(std::move(tree));
    tree_definitions_.push_back(std::move(definition));
}

std::uint32_t Reader::intern(std::vector<std::string>& names, Index& index, const std::string& name) {
    const auto [place, is_new] = index.try_emplace(name, static_cast<std::uint32_t>(names.size()));
    if (is_new) names.push_back(name);
    return place->second;
}

}  // namespace venturi::open_psa
