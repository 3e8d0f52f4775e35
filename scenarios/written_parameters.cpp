#include "scenarios/written_parameters.hpp"

#include "scenarios/resolved.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace venturi {
namespace {

class WrittenCollector {
  public:
    void collect(const DocumentNode& node, const Group& group, const Group& before, const std::string& path) {
        for (std::size_t i = 0; i < group.members.size(); ++i) {
            const Member& member = group.members[i];
            const DocumentNode* const below = node.find(member.name());
            if (below == nullptr || below->kind == DocumentNode::Kind::nothing) continue;
            // A struct has the same members wherever it stands.
            const Member& was = before.members[i];
            std::string name =
                path.empty() ? std::string(member.name()) : path + "." + std::string(member.name());
            if (const auto* leaf = std::get_if<Leaf>(&member.value))
                written.push_back({.path = std::move(name),
                                   .position = below->position,
                                   .changes = leaf_text(*leaf) != leaf_text(std::get<Leaf>(was.value))});
            else if (const auto* inner = std::get_if<Group>(&member.value))
                collect(*below, *inner, std::get<Group>(was.value), name);
            else
                collect(*below, std::get<Collection>(member.value), std::get<Collection>(was.value), name);
        }
    }

    std::vector<WrittenParameter> written;

  private:
    void collect(const DocumentNode& node, const Collection& collection, const Collection& before,
                 const std::string& path) {
        const Collection::Sample standard = collection.sample();
        for (const Group& element : collection.elements) {
            const DocumentNode* const below = node.find(element.name);
            if (below == nullptr) continue;
            const auto was = std::find_if(before.elements.begin(), before.elements.end(),
                                          [&](const Group& other) { return other.name == element.name; });
            collect(*below, element, was != before.elements.end() ? *was : standard.group,
                    path + "." + element.name);
        }
    }
};

}  // namespace

std::vector<WrittenParameter> written_in(const DocumentNode& document, const Group& tree,
                                         const Group& before) {
    WrittenCollector collector;
    collector.collect(document, tree, before, {});
    return std::move(collector.written);
}

}  // namespace venturi
