#include "scenarios/risk/open_psa_names.hpp"

#include <algorithm>

namespace venturi::open_psa {

std::string_view name_of(ElementKind kind) {
    switch (kind) {
        case ElementKind::gate:
            return "gate";
        case ElementKind::basic_event:
            return "basic-event";
        case ElementKind::house_event:
            return "house-event";
        case ElementKind::parameter:
            return "parameter";
        case ElementKind::common_cause_group:
            break;
    }
    return "CCF-group";
}

std::string path_in(const Scope& scope, std::string_view name) {
    if (scope.path.empty()) return std::string(name);
    return (scope.path + ".").append(name);
}

std::optional<NamedElement> NameSpace::declare(const Scope& scope, const std::string& name, bool is_public,
                                               NamedElement element) {
    // Nothing is entered before all of it is known to be free: of what is refused no index may stay behind.
    if (is_public)
        if (const auto before = by_public_name_.find(name); before != by_public_name_.end())
            return before->second;
    const auto [before, is_new] = by_path_.try_emplace(path_in(scope, name), element);
    if (!is_new) return before->second;
    if (is_public) by_public_name_.emplace(name, element);
    return std::nullopt;
}

std::optional<NamedElement> NameSpace::find(const std::vector<Scope>& scopes, std::size_t scope,
                                            std::string_view reference) const {
    while (true) {
        const auto found = by_path_.find(path_in(scopes[scope], reference));
        if (found != by_path_.end()) return found->second;
        if (scope == 0) break;
        scope = scopes[scope].parent;
    }
    const auto found = by_public_name_.find(std::string(reference));
    if (found == by_public_name_.end()) return std::nullopt;
    return found->second;
}

std::vector<std::string> NameSpace::all_names() const {
    std::vector<std::string> names;
    for (const auto& [name, element] : by_public_name_) names.push_back(name);
    for (const auto& [path, element] : by_path_) names.push_back(path);
    // Hash tables have no order of their own, and a message has to be the same every time.
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

}  // namespace venturi::open_psa
