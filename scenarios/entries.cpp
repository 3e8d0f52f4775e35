#include "scenarios/sections.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace venturi {

void merge_entries(std::vector<NamedEntry>& entries, const DocumentNode& list, std::string_view section,
                   NameOf name_of, ProblemList& problems) {
    if (list.kind == DocumentNode::Kind::nothing) {
        entries.clear();
        return;
    }
    if (list.kind != DocumentNode::Kind::list) {
        problems.add({.position = list.position,
                      .message = fmt::format("'{}' needs a list, not {}", section, describe_kind(list)),
                      .legal = "entries that begin with '- '"});
        return;
    }
    const std::size_t inherited = entries.size();
    for (const DocumentNode& node : list.items) {
        NamedEntry entry{name_of(node, problems), &node};
        const auto same = std::find_if(entries.begin(), entries.end(), [&entry](const NamedEntry& other) {
            return other.name == entry.name;
        });
        if (same == entries.end()) {
            entries.push_back(std::move(entry));
        } else if (same - entries.begin() < static_cast<std::ptrdiff_t>(inherited)
                   && same->node->position.file != node.position.file) {
            *same = std::move(entry);
        } else if (!entry.name.empty()) {
            problems.add(
                {.position = node.position,
                 .message = fmt::format("{} is the name of two entries of '{}', the first in line {}",
                                        in_quotes(entry.name), section, same->node->position.line),
                 .value = entry.name,
                 .legal = "a name of its own for each entry"});
        }
    }
}

}  // namespace venturi
