// Reduced ordered binary decision diagrams with complement edges: Boolean functions as shared, canonical
// graphs. Bryant, "Graph-based algorithms for Boolean function manipulation", IEEE Transactions on Computers
// C-35 (1986); Brace, Rudell and Bryant, "Efficient implementation of a BDD package", 27th Design Automation
// Conference (1990).
#pragma once

#include "agents/risk/large_array.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <vector>

namespace venturi {

/// A Boolean function: a node of a diagram, or its complement. Node 0 is the constant true.
class DiagramEdge {
  public:
    constexpr DiagramEdge() = default;  ///< never
    constexpr DiagramEdge(std::uint32_t node, bool complemented)
        : code_(node << 1 | static_cast<std::uint32_t>(complemented)) {}

    [[nodiscard]] static constexpr DiagramEdge always() { return {0, false}; }
    [[nodiscard]] static constexpr DiagramEdge never() { return {0, true}; }

    [[nodiscard]] constexpr std::uint32_t node() const { return code_ >> 1; }
    [[nodiscard]] constexpr bool complemented() const { return (code_ & 1) != 0; }
    [[nodiscard]] constexpr bool constant() const { return code_ <= 1; }
    [[nodiscard]] constexpr std::uint32_t code() const { return code_; }  ///< 2 · node + complemented

    [[nodiscard]] constexpr DiagramEdge operator!() const { return from_code(code_ ^ 1); }
    /// Itself, or its complement where `complemented`.
    [[nodiscard]] constexpr DiagramEdge complemented_if(bool complemented) const {
        return from_code(code_ ^ static_cast<std::uint32_t>(complemented));
    }
    [[nodiscard]] static constexpr DiagramEdge from_code(std::uint32_t code) {
        DiagramEdge edge;
        edge.code_ = code;
        return edge;
    }

    friend constexpr bool operator==(DiagramEdge, DiagramEdge) = default;

  private:
    std::uint32_t code_ = 1;
};

/// "If the variable, then high, else low." The high edge is never complemented, so that a node is true where
/// all variables are: of a coherent (monotone) function the only complemented edges lead to the constant
/// false. Variables grow from a node to its children.
struct DiagramNode {
    std::uint32_t variable = 0;
    DiagramEdge high = {};
    DiagramEdge low = {};
};

/// Thrown where a diagram outgrows its bytes or steps; it is sound afterwards, and what has been made
/// remains.
class DiagramTooLarge : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// The diagrams of many functions over common variables, sharing their nodes. Two functions are equal if and
/// only if their edges are. Not for several threads at once.
class DecisionDiagram {
  public:
    explicit DecisionDiagram(std::size_t byte_limit);

    [[nodiscard]] DiagramEdge variable(std::uint32_t variable);
    [[nodiscard]] DiagramEdge conjunction(DiagramEdge f, DiagramEdge g);
    [[nodiscard]] DiagramEdge disjunction(DiagramEdge f, DiagramEdge g) { return !conjunction(!f, !g); }
    [[nodiscard]] DiagramEdge exclusive_or(DiagramEdge f, DiagramEdge g);

    /// Of a node that an edge leads to, not of node 0.
    [[nodiscard]] const DiagramNode& node(std::uint32_t index) const { return nodes_[index]; }
    /// Nodes in use, with garbage that has not been collected.
    [[nodiscard]] std::size_t node_count() const { return used_ - free_.size(); }
    [[nodiscard]] std::size_t bytes() const;

    /// Pairs of functions joined so far without an answer at hand: the measure of work.
    [[nodiscard]] std::uint64_t steps() const { return steps_; }
    /// Operations throw DiagramTooLarge when `steps` would exceed this. Repeated with a higher limit they
    /// soon are where they were.
    void limit_steps(std::uint64_t steps) {
        step_limit_ = steps;
        next_look_ = 0;
    }
    /// Operations throw Stopped where `stop` asks for that; it may be null.
    void stop_on(const StopRequest* stop) { stop_ = stop; }
    void limit_bytes(std::size_t bytes) { byte_limit_ = bytes; }

    /// Frees all nodes that `roots` don't reach. Edges to others become invalid.
    void collect_garbage(std::span<const DiagramEdge> roots);

  private:
    enum class Operation : std::uint8_t { conjunction, exclusive_or };

    // A result remembered until another takes its place. Conjunctions have their operands in ascending order,
    // exclusive ors in descending order; no operand is constant, so that 0 is free to mean an empty entry.
    struct Remembered {
        std::uint32_t f = 0;
        std::uint32_t g = 0;
        std::uint32_t result = 0;
    };

    // A pair whose cofactors are being joined, in place of a frame of recursion.
    struct Pending {
        std::uint32_t f = 0;
        std::uint32_t g = 0;
        std::uint32_t f_low = 0;
        std::uint32_t g_low = 0;
        std::uint32_t variable = 0;
        std::uint32_t complement = 0;  // 1 where the result is to be complemented
        std::uint32_t high = 0;
        bool high_is_known = false;
    };

    template <Operation operation>
    [[nodiscard]] bool answer(std::uint32_t& f, std::uint32_t& g, std::uint32_t& complement,
                              std::uint32_t& result) const;
    template <Operation operation>
    [[nodiscard]] std::uint32_t join(std::uint32_t f, std::uint32_t g);
    [[nodiscard]] std::uint32_t make(std::uint32_t variable, std::uint32_t high, std::uint32_t low);
    void look_up();
    void grow_nodes();
    void grow_table();
    void refill_table();

    std::size_t byte_limit_;
    std::uint64_t step_limit_ = UINT64_MAX;
    std::uint64_t steps_ = 0;
    std::uint64_t next_look_ = 0;  // at the limit, and at whether a stop is requested
    const StopRequest* stop_ = nullptr;
    LargeArray<DiagramNode> nodes_;
    std::uint32_t used_ = 1;           // of nodes_, free ones among them
    std::vector<std::uint32_t> free_;  // nodes to be used again
    LargeArray<std::uint64_t>
        table_;  // open addressing: upper half of the hash, index of the node; 0 is empty
    LargeArray<Remembered> remembered_;
    std::vector<Pending> pending_;
};

}  // namespace venturi
