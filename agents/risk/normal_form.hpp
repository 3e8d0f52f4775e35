// Fault trees in negation normal form: and and or over basic events and complements of basic events. Every
// gate that is needed complemented is there twice, so that all that is left is monotone in its literals.
#pragma once

#include "agents/risk/fault_tree.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace venturi {

struct NormalForm {
    /// A node comes after its arguments. An `all` without arguments is always true, an `any` never.
    struct Node {
        enum class Kind : std::uint8_t { literal, all, any };
        Kind kind = Kind::all;
        bool complemented = false;   ///< of a literal
        std::uint32_t variable = 0;  ///< of a literal
        std::uint32_t first = 0;     ///< arguments: from here
        std::uint32_t end = 0;       ///< to before here, in `arguments`
    };
    /// A basic event or a gate of the tree that stands for all below it.
    struct Variable {
        bool gate = false;
        std::uint32_t index = 0;
    };

    std::vector<Node> nodes = {};
    std::vector<std::uint32_t> arguments = {};  ///< indices of nodes
    std::vector<Variable> variables = {};
    std::uint32_t top = 0;

    [[nodiscard]] std::span<const std::uint32_t> arguments_of(const Node& node) const {
        return std::span(arguments).subspan(node.first, node.end - node.first);
    }
};

/// Whether an argument is needed as it is, complemented, or both.
enum class Polarity : std::uint8_t { none = 0, positive = 1, negative = 2, both = 3 };

/// The form of gate `root`. Gates below it for which `stands_alone(gate, polarity)` holds become variables.
/// Gates that count (at_least, between) take arguments × minimum nodes. The tree is sound.
/// Throws TreeTooLarge above 2^25 nodes or 2^26 arguments.
[[nodiscard]] NormalForm normal_form(const FaultTree& tree, std::uint32_t root,
                                     const std::function<bool(std::uint32_t, Polarity)>& stands_alone);

/// By gate, whether it is a module: reached from the top, and no gate outside has an argument inside, but the
/// gate itself. Dutuit and Rauzy, "A linear-time algorithm to find modules of fault trees", IEEE Transactions
/// on Reliability 45 (1996).
[[nodiscard]] std::vector<bool> find_modules(const FaultTree& tree);

/// A position for each variable, from a walk through the form from the top, depth first, in which arguments
/// with more literals below them (with multiplicity) come first, or those with fewer.
enum class ArgumentOrder : std::uint8_t { largest_first, smallest_first };
[[nodiscard]] std::vector<std::uint32_t> variable_positions(const NormalForm& form, ArgumentOrder order);

}  // namespace venturi
