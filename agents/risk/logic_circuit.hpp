// A fault tree as a circuit of conjunctions, thresholds and exclusive ors with complements on the arguments:
// the form in which trees are simplified and turned into diagrams. Alike gates are one gate.
#pragma once

#include "agents/risk/fault_tree.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace venturi {

/// A node of a circuit or its complement. Node 0 is the constant true.
class Literal {
  public:
    constexpr Literal() = default;  ///< false
    constexpr Literal(std::uint32_t node, bool complemented)
        : code_(node << 1 | static_cast<std::uint32_t>(complemented)) {}

    [[nodiscard]] static constexpr Literal always() { return {0, false}; }
    [[nodiscard]] static constexpr Literal never() { return {0, true}; }

    [[nodiscard]] constexpr std::uint32_t node() const { return code_ >> 1; }
    [[nodiscard]] constexpr bool complemented() const { return (code_ & 1) != 0; }
    [[nodiscard]] constexpr bool constant() const { return code_ <= 1; }
    [[nodiscard]] constexpr std::uint32_t code() const { return code_; }

    [[nodiscard]] constexpr Literal operator!() const { return {node(), !complemented()}; }
    [[nodiscard]] constexpr Literal complemented_if(bool complement) const {
        return {node(), complemented() != complement};
    }

    friend constexpr auto operator<=>(Literal, Literal) = default;

  private:
    std::uint32_t code_ = 1;
};

/// Nodes 1 to `event_count` are the basic events; gates come after their arguments.
class LogicCircuit {
  public:
    enum class Kind : std::uint8_t { leaf, conjunction, at_least, exclusive_or };

    struct Node {
        Kind kind = Kind::leaf;
        std::uint32_t minimum = 0;            ///< of at_least
        std::vector<Literal> arguments = {};  ///< in ascending order
    };

    explicit LogicCircuit(std::size_t event_count) : event_count_(event_count), nodes_(event_count + 1) {}

    [[nodiscard]] std::size_t event_count() const { return event_count_; }
    [[nodiscard]] std::size_t size() const { return nodes_.size(); }
    [[nodiscard]] const Node& node(std::uint32_t index) const { return nodes_[index]; }
    [[nodiscard]] bool is_leaf(std::uint32_t index) const { return index <= event_count_; }

    /// Functions of literals that this circuit has; constants, duplicates and complements among the arguments
    /// are resolved, and what is left is a gate only if there is none like it yet. Throw TreeTooLarge above
    /// 2^24 gates or 2^26 arguments of them.
    [[nodiscard]] Literal conjunction(std::vector<Literal> arguments);
    [[nodiscard]] Literal disjunction(std::vector<Literal> arguments);
    [[nodiscard]] Literal exclusive_or(std::vector<Literal> arguments);
    [[nodiscard]] Literal at_least(std::int64_t minimum, std::vector<Literal> arguments);

    /// A gate of `kind` (not leaf) and `minimum`, as it would be copied from another circuit.
    [[nodiscard]] Literal gate(Kind kind, std::uint32_t minimum, std::vector<Literal> arguments);

    Literal top = Literal::never();

  private:
    [[nodiscard]] Literal shared_gate(Node node);
    [[nodiscard]] Literal count_repeated(std::int64_t minimum, std::span<const Literal> arguments);

    std::size_t event_count_;
    std::vector<Node> nodes_;
    std::size_t arguments_ = 0;  // of all gates
    std::unordered_multimap<std::uint64_t, std::uint32_t> gates_by_hash_;
};

/// The circuit of `tree`, which must be sound; gates that the top doesn't reach are left out.
[[nodiscard]] LogicCircuit logic_circuit(const FaultTree& tree);

/// The nodes that the top reaches, itself the last, every one after its arguments.
[[nodiscard]] std::vector<std::uint32_t> bottom_up(const LogicCircuit& circuit);

/// For every node, whether it is a gate whose basic events are reached through it alone: Dutuit and Rauzy, "A
/// linear-time algorithm to find modules of fault trees", IEEE Transactions on Reliability 45 (1996). The
/// top, if it is a gate, is one.
[[nodiscard]] std::vector<bool> find_modules(const LogicCircuit& circuit);

/// A circuit taken apart at its modules. Of each module the nodes from its leaves (basic events and other
/// modules) up to itself; a node is in one module, but for modules, which are also a leaf of another.
struct ModularCircuit {
    explicit ModularCircuit(LogicCircuit circuit);

    LogicCircuit circuit;
    std::vector<bool> is_module;                      ///< by node
    std::vector<std::vector<std::uint32_t>> modules;  ///< bottom up, as are the nodes of each
    std::vector<std::uint32_t> place;                 ///< by node: where it is, as a leaf if it is a module

    /// Whether a node is a leaf of the module that has it in `place`.
    [[nodiscard]] bool is_leaf(std::uint32_t node) const { return circuit.is_leaf(node) || is_module[node]; }
};

/// Whether every basic event reaches the top with one polarity, uncomplemented: enough for the function to be
/// monotone, and not needed for it.
[[nodiscard]] bool evidently_monotone(const LogicCircuit& circuit);

}  // namespace venturi
