// A tree as a file says it: names with their places, before anything is known to fit together. Each reader
// makes a draft; what is checked and made of it is the same for all.
#pragma once

#include "agents/risk/dynamic_tree.hpp"
#include "agents/risk/fault_tree.hpp"
#include "scenarios/problem.hpp"
#include "scenarios/risk/tree_contents.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace venturi {

/// What a gate is over: an element by its name, or a formula that is written in place.
struct DraftArgument {
    std::string name = {};
    bool complemented = false;
    std::optional<std::size_t> formula = {};  ///< into `elements`; then there is no name
    SourcePosition position = {};
};

/// `connective` is one of the static ones, or of the dynamic ones that have no static form.
struct DraftGate {
    std::variant<Connective, DynamicConnective> connective = Connective::disjunction;
    std::int64_t minimum = 0;
    std::int64_t maximum = 0;
    Simultaneity simultaneity = Simultaneity::inclusive;
    double probability = 1;
    std::vector<DraftArgument> arguments = {};
};

/// A leaf, or a house event: one that is set.
struct DraftEvent {
    DynamicLeaf leaf = {};  ///< its name is the element's
    std::optional<bool> house = {};
};

struct DraftElement {
    std::string name = {};  ///< empty where it is a formula inside another
    SourcePosition position = {};
    std::variant<DraftGate, DraftEvent> content = DraftEvent{};
};

struct TreeDraft {
    std::optional<DraftArgument> top = {};
    std::vector<DraftElement> elements = {};
};

/// The name of a connective in words: "priority and".
[[nodiscard]] std::string words_for(const std::variant<Connective, DynamicConnective>& connective);

/// The nearest of the names; empty where none is near, or where there are too many to look through.
[[nodiscard]] std::string nearest_element(std::string_view written, const TreeDraft& draft);

/// Checks a draft and makes the models of it; both are sound (`expect_sound`). Adds to `problems`, and throws
/// ScenarioError with all of them where there are any: names that are defined twice or not at all, cycles
/// (named), wrong numbers of inputs, gates that don't go together, constraints where an output is needed.
[[nodiscard]] TreeContents assemble(const TreeDraft& draft, ProblemList& problems);

}  // namespace venturi
