// Names in the exchange format: containers, public and private elements, and references by name or path.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace venturi::open_psa {

/// What a name stands for.
enum class ElementKind : std::uint8_t { gate, basic_event, house_event, parameter, common_cause_group };

[[nodiscard]] std::string_view name_of(ElementKind kind);  ///< as in the format: "basic-event"

struct NamedElement {
    ElementKind kind = ElementKind::gate;
    std::uint32_t index = 0;
};

/// A container: the model itself, a fault tree, or a component in one.
struct Scope {
    std::string path = {};    ///< "tree.component", empty for the model
    std::size_t parent = 0;   ///< of the model: itself
    bool is_private = false;  ///< what is declared in it is private unless it says otherwise
};

/// One name space (events, parameters or groups), over all containers of a model.
class NameSpace {
  public:
    /// Declares `name` in a container. Returns what bore the name before, and changes nothing then.
    std::optional<NamedElement> declare(const Scope& scope, const std::string& name, bool is_public,
                                        NamedElement element);

    /// What a reference in a container means: the path or name from there, from the containers around it, or
    /// a public name. `scopes` are all containers.
    [[nodiscard]] std::optional<NamedElement> find(const std::vector<Scope>& scopes, std::size_t scope,
                                                   std::string_view reference) const;

    /// All names and paths, for suggestions.
    [[nodiscard]] std::vector<std::string> all_names() const;

  private:
    std::unordered_map<std::string, NamedElement> by_path_;
    std::unordered_map<std::string, NamedElement> by_public_name_;
};

/// "path.name", or the name alone in the model itself.
[[nodiscard]] std::string path_in(const Scope& scope, std::string_view name);

}  // namespace venturi::open_psa
