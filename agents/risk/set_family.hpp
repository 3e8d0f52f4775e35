// Families of sets as zero-suppressed decision diagrams: a graph of a few thousand nodes can hold 1e20 sets.
// Minato, "Zero-suppressed BDDs for set manipulation in combinatorial problems", 30th Design Automation
// Conference (1993); the operations that keep only minimal sets: Rauzy, "New algorithms for fault trees
// analysis", Reliability Engineering and System Safety 40 (1993).
#pragma once

#include "sim/ensemble/stop_request.hpp"

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace venturi {

/// A family of sets: a node of a SetFamilyTable. Equal families of a table are equal nodes.
class SetFamily {
  public:
    constexpr SetFamily() = default;
    explicit constexpr SetFamily(std::uint32_t node) : node_(node) {}

    [[nodiscard]] static constexpr SetFamily none() { return SetFamily(0); }       ///< {}: no set at all
    [[nodiscard]] static constexpr SetFamily empty_set() { return SetFamily(1); }  ///< {∅}

    [[nodiscard]] constexpr std::uint32_t node() const { return node_; }
    [[nodiscard]] constexpr bool constant() const { return node_ <= 1; }

    friend constexpr bool operator==(SetFamily, SetFamily) = default;

  private:
    std::uint32_t node_ = 0;
};

/// What a SetFamilyTable may use. The limits count work, not seconds, so that the same families are found or
/// refused on every machine.
struct SetFamilyLimits {
    std::size_t bytes = std::size_t{512} << 20;  ///< memory of nodes and caches
    std::uint64_t steps = 400'000'000;           ///< of the recursions, some 1e7 a second
    const StopRequest* stop = nullptr;           ///< operations throw Stopped where it asks for that
};

/// Thrown by operations of a SetFamilyTable that need more than its limits. The table keeps the families it
/// has.
class SetFamilyLimitReached : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// The nodes that families of sets of variables (numbers below 2^32 − 1) are made of. A node stands for the
/// sets of `with`, its variable added to each, and the sets of `without`; variables grow from a node to its
/// children. Operations remember their results.
class SetFamilyTable {
  public:
    explicit SetFamilyTable(const SetFamilyLimits& limits = {});

    /// {S + variable: S in with} and the sets of `without`; all their variables are above `variable`.
    [[nodiscard]] SetFamily node(std::uint32_t variable, SetFamily with, SetFamily without);

    /// Of a family that isn't constant.
    [[nodiscard]] std::uint32_t variable(SetFamily family) const { return nodes_[family.node()].variable; }
    [[nodiscard]] SetFamily with(SetFamily family) const { return SetFamily(nodes_[family.node()].with); }
    [[nodiscard]] SetFamily without(SetFamily family) const {
        return SetFamily(nodes_[family.node()].without);
    }

    /// The sets of `family` that `removed` doesn't hold.
    [[nodiscard]] SetFamily difference(SetFamily family, SetFamily removed);

    /// The sets of `family` that include none of `other` (a set includes itself). Rauzy (1993).
    [[nodiscard]] SetFamily without_supersets(SetFamily family, SetFamily other);

    /// The sets of `family` that include no other of it.
    [[nodiscard]] SetFamily minimal(SetFamily family);

    /// The sets of `family` of at most so many variables.
    [[nodiscard]] SetFamily up_to_order(SetFamily family, std::uint32_t most);

    /// The minimal ones of the sets of both families, each of which holds minimal sets only: "or".
    [[nodiscard]] SetFamily minimal_union(SetFamily first, SetFamily second);

    /// The minimal ones of the unions of a set of `first` and one of `second`, each of which holds minimal
    /// sets only: "and".
    [[nodiscard]] SetFamily minimal_product(SetFamily first, SetFamily second);

    /// Those that occur in a set of `family`, growing.
    [[nodiscard]] std::vector<std::uint32_t> variables_below(SetFamily family) const;

    /// Nodes ever made, of all families and intermediate results, with the two constants.
    [[nodiscard]] std::size_t size() const { return nodes_.size(); }
    [[nodiscard]] std::size_t bytes() const;
    [[nodiscard]] std::uint64_t steps() const { return steps_; }

  private:
    enum class Operation : std::uint32_t {
        none,
        difference,
        without_supersets,
        minimal,
        up_to_order,
        unite,
        multiply
    };

    struct Node {
        std::uint32_t variable;
        std::uint32_t with;
        std::uint32_t without;
        std::uint32_t next;  // node of the same bucket; 0 ends the list
    };

    struct Remembered {
        std::uint32_t first = 0;
        std::uint32_t second = 0;
        std::uint32_t result = 0;
        Operation operation = Operation::none;
    };

    void count_step() {
        if (++steps_ >= next_look_) [[unlikely]]
            look_up();
    }
    void look_up();
    void grow_nodes();
    void grow_remembered();
    [[nodiscard]] Remembered& slot(Operation operation, SetFamily first, SetFamily second);
    [[nodiscard]] bool recall(Operation operation, SetFamily first, SetFamily second, SetFamily& result);
    SetFamily remember(Operation operation, SetFamily first, SetFamily second, SetFamily result);

    SetFamilyLimits limits_;
    std::uint64_t steps_ = 0;
    std::uint64_t next_look_ = 0;  // at the limits, and at whether a stop is requested
    std::size_t lost_ = 0;         // results since remembered_ grew
    std::vector<Node> nodes_;
    std::vector<std::uint32_t> buckets_;  // a power of two of them
    std::vector<Remembered> remembered_;  // the same
};

}  // namespace venturi
