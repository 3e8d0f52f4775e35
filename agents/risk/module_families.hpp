// From families of a solved tree's modules to its cut sets.
#pragma once

#include "agents/risk/cut_sets.hpp"
#include "agents/risk/exact_probability.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace venturi {

/// A variable of a solved tree, or its complement.
struct SignedVariable {
    std::uint32_t variable = 0;  ///< index into SolvedFaultTree::variables()
    bool negated = false;
};

/// A function's two halves by its top variable.
struct DiagramHalves {
    std::uint32_t variable = 0;
    DiagramEdge high = {};
    DiagramEdge low = {};
};

[[nodiscard]] inline DiagramHalves diagram_halves(const DiagramNode& node, bool complemented) {
    return complemented ? DiagramHalves{node.variable, !node.high, !node.low}
                        : DiagramHalves{node.variable, node.high, node.low};
}

[[nodiscard]] inline bool is_module(const SolvedFaultTree& tree, std::uint32_t variable) {
    return tree.variables()[variable].kind == SolvedFaultTree::Variable::Kind::module;
}

/// How deep a recursion over the functions of a module goes.
[[nodiscard]] inline std::size_t most_variables_of_a_module(const SolvedFaultTree& tree) {
    std::size_t most = 0;
    for (const SolvedFaultTree::Module& module : tree.modules())
        most = std::max<std::size_t>(most, module.end_variable - module.first_variable);
    return most;
}

/// The top's cut sets: `family_of(edge)` makes the family of a function in `table`, of which
/// `meaning(variable)` gives the SignedVariable that a variable of it stands for. Asks for a module's family,
/// or its complement's, only where another needs it.
template <class FamilyOf, class Meaning>
[[nodiscard]] CutSets assemble_modules(const SolvedFaultTree& tree, const SetFamilyTable& table,
                                       FamilyOf family_of, Meaning meaning) {
    struct Needed {
        bool needed = false;
        SetFamily family = {};
        std::uint32_t part = 0;
    };
    // [0] is a module, [1] its complement.
    std::vector<std::array<Needed, 2>> modules(tree.modules().size());
    modules.back()[0].needed = true;
    for (std::size_t i = modules.size(); i-- > 0;)
        for (const std::size_t sign : {0U, 1U}) {
            Needed& here = modules[i][sign];
            if (!here.needed) continue;
            const DiagramEdge root = tree.modules()[i].root;
            here.family = family_of(sign == 1 ? !root : root);
            for (const std::uint32_t variable : table.variables_below(here.family))
                if (const SignedVariable stands_for = meaning(variable); is_module(tree, stands_for.variable))
                    modules[tree.variables()[stands_for.variable].index][stands_for.negated ? 1 : 0].needed =
                        true;
        }
    CutSetsAssembly assembly(table);
    for (auto& signs : modules)  // those that are variables of others come before these
        for (Needed& here : signs)
            if (here.needed)
                here.part = assembly.add(here.family, [&](std::uint32_t variable) -> CutSets::Variable {
                    const SignedVariable stands_for = meaning(variable);
                    const std::uint32_t index = tree.variables()[stands_for.variable].index;
                    if (is_module(tree, stands_for.variable))
                        return {.kind = CutSets::Variable::Kind::part,
                                .part = modules[index][stands_for.negated ? 1 : 0].part};
                    return {.literal = {.event = index, .negated = stands_for.negated}};
                });
    return std::move(assembly).finish(tree.basic_event_count());
}

}  // namespace venturi
