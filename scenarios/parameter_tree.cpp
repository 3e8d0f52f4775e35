#include "scenarios/parameter_tree.hpp"

#include "agents/world_parameters.hpp"

namespace venturi {
namespace {

struct LeafCollector {
    std::vector<LeafPath>& leaves;
    std::string path;

    [[nodiscard]] std::string below(std::string_view name) const {
        return path.empty() ? std::string(name) : path + "." + std::string(name);
    }
    void operator()(const Leaf& leaf) const { leaves.push_back({below(leaf.description.name), &leaf}); }
    void operator()(const Group& group) const { collect(group, below(group.name)); }
    void operator()(const Collection& collection) const {
        const LeafCollector inner{leaves, below(collection.name)};
        for (const Group& element : collection.elements) inner(element);
    }
    void collect(const Group& group, std::string group_path) const {
        const LeafCollector inner{leaves, std::move(group_path)};
        for (const Member& member : group.members) std::visit(inner, member.value);
    }
};

}  // namespace

template Group parameter_tree(WorldParameters& parameters, std::string name, std::string_view meaning);

std::string_view Member::name() const {
    if (const auto* leaf = std::get_if<Leaf>(&value)) return leaf->description.name;
    if (const auto* group = std::get_if<Group>(&value)) return group->name;
    return std::get<Collection>(value).name;
}

std::string_view Member::meaning() const {
    if (const auto* leaf = std::get_if<Leaf>(&value)) return leaf->description.meaning;
    if (const auto* group = std::get_if<Group>(&value)) return group->meaning;
    return std::get<Collection>(value).meaning;
}

std::vector<LeafPath> leaves_of(const Group& root) {
    std::vector<LeafPath> leaves;
    LeafCollector{leaves, {}}.collect(root, {});
    return leaves;
}

const Collection* find_collection(const Group& root, std::string_view path) {
    const std::string_view first = path.substr(0, path.find('.'));
    for (const Member& member : root.members) {
        if (member.name() != first) continue;
        const auto* const group = std::get_if<Group>(&member.value);
        if (first.size() == path.size()) return std::get_if<Collection>(&member.value);
        return group == nullptr ? nullptr : find_collection(*group, path.substr(first.size() + 1));
    }
    return nullptr;
}

std::vector<std::string> names_of(const Collection& collection) {
    std::vector<std::string> names;
    for (const Group& element : collection.elements) names.push_back(element.name);
    return names;
}

std::vector<std::string> names_of(const Group& group) {
    std::vector<std::string> names;
    for (const Member& member : group.members) names.emplace_back(member.name());
    return names;
}

}  // namespace venturi
