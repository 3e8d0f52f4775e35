// A dynamic fault tree: leaves that fail after a random time, and gates that look at the order of failures,
// hold spares, pass failures on, or forbid them. A value, made by a reader or by hand; what it means is said
// in dynamic_semantics.hpp.
//
// Dugan, Bavuso & Boyd, "Dynamic fault-tree models for fault-tolerant computer systems", IEEE Transactions on
// Reliability 41 (1992) 363; Junges, Guck, Katoen & Stoelinga, "Uncovering dynamic fault trees", DSN 2016.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace venturi {

// How long a leaf works. Times are in the unit the caller chose, rates in one over it; ages are of an active
// leaf.

/// P(T ≤ t) = 1 − exp(−rate t). rate ≥ 0; 0 never fails.
struct ExponentialLife {
    double rate = 0;
};

/// The sum of `phases` exponential times of the same rate: 1 − exp(−rate t) Σ_{k < phases} (rate t)^k / k!.
struct ErlangLife {
    double rate = 0;           ///< ≥ 0, of each phase
    std::uint32_t phases = 1;  ///< 1 to 255
};

/// P(T ≤ t) = 1 − exp(−(t / scale)^shape). The key `rate` of a leaf in Galileo's format is this scale, not
/// one over it, in the files and values of Volk, Junges & Katoen, IEEE Transactions on Industrial Informatics
/// 14 (2018) 370.
struct WeibullLife {
    double scale = 1;  ///< > 0
    double shape = 1;  ///< > 0
};

/// log T is normal.
struct LogNormalLife {
    double mean = 0;    ///< of log T
    double stddev = 1;  ///< of log T, > 0
};

/// Has failed at time zero with this probability, otherwise never fails of itself.
struct FailedAtStart {
    double probability = 0;  ///< in [0, 1]
};

/// Never fails of itself; a dependency can still fail it.
struct NeverFails {};

using LeafLife =
    std::variant<ExponentialLife, ErlangLife, WeibullLife, LogNormalLife, FailedAtStart, NeverFails>;

/// P(T ≤ age) for a leaf that is active from its start. age ≥ 0, infinity allowed.
[[nodiscard]] double failure_probability(const LeafLife& life, double age);
/// P(T > age), with the precision of its own that 1 − P(T ≤ age) lacks where it is small.
[[nodiscard]] double survival_probability(const LeafLife& life, double age);

/// Whether the life is a sum of exponential phases (or has no randomness after time zero), so that a Markov
/// chain can follow it.
[[nodiscard]] bool is_memoryless_in_phases(const LeafLife& life);

struct DynamicLeaf {
    std::string name = {};
    LeafLife life = NeverFails{};
    double dormancy = 1;     ///< in [0, 1]: ages so much slower while it is a dormant spare; 0 cold, 1 hot
    double repair_rate = 0;  ///< ≥ 0, of an exponential time to repair; 0: never repaired
};

enum class DynamicConnective : std::uint8_t {
    conjunction,   ///< and
    disjunction,   ///< or
    at_least,      ///< `minimum` of the inputs or more
    priority_and,  ///< all inputs, in their order
    priority_or,   ///< the first input, and none of the others before it
    spare,         ///< the first input, then the next that is free, until none is left
    dependency,    ///< constraint: the first input's failure fails all others, with `probability`
    sequence,      ///< constraint: inputs can fail in their order only
    exclusion,     ///< constraint: at most one of the inputs can fail
};

/// Whether the connective is a constraint: it has no output. As an input of another gate it is ignored.
[[nodiscard]] constexpr bool is_constraint(DynamicConnective connective) {
    return connective >= DynamicConnective::dependency;
}

/// Whether two inputs of a priority gate that fail at the same moment fail in order.
enum class Simultaneity : std::uint8_t {
    inclusive,  ///< they do: ≤
    exclusive,  ///< they don't: <
};

struct DynamicGate {
    std::string name = {};
    DynamicConnective connective = DynamicConnective::disjunction;
    std::uint32_t minimum = 0;                            ///< of at_least
    Simultaneity simultaneity = Simultaneity::inclusive;  ///< of priority_and and priority_or
    double probability = 1;                               ///< of dependency, in [0, 1]: one chance for all
    std::vector<std::uint32_t> inputs = {};               ///< nodes
};

/// Nodes are numbered: leaves first, in their order, then gates in theirs. Gates may stand in any order and
/// share inputs. What the top does not reach is allowed (a trigger of a dependency need not be under the
/// top).
struct DynamicTree {
    std::vector<DynamicLeaf> leaves = {};
    std::vector<DynamicGate> gates = {};
    std::uint32_t top = 0;  ///< a node

    [[nodiscard]] std::size_t node_count() const { return leaves.size() + gates.size(); }
    [[nodiscard]] bool is_leaf(std::uint32_t node) const { return node < leaves.size(); }
    [[nodiscard]] const DynamicGate& gate(std::uint32_t node) const { return gates[node - leaves.size()]; }
    [[nodiscard]] const std::string& name(std::uint32_t node) const {
        return is_leaf(node) ? leaves[node].name : gate(node).name;
    }
    /// The node of the gate with this position in `gates`.
    [[nodiscard]] std::uint32_t gate_node(std::size_t position) const {
        return static_cast<std::uint32_t>(leaves.size() + position);
    }
};

/// Does nothing if the tree is sound; throws ContractViolation (sim/contract.hpp) where a node is out of
/// range, the top is a constraint, a gate has no input that is a node with an output, `minimum` is 0 or more
/// than the inputs, a dependency has no dependent, an input of a constraint is a constraint, an input of a
/// spare stands there twice, a spare has more than 255 inputs, a number is out of its range, or gates form a
/// cycle (one that a dependency closes is none).
void expect_sound(const DynamicTree& tree);

/// The gates with an output, as nodes, each after its inputs: by rank (the longest way down to a leaf),
/// within a rank by number. The order in which gates notice a failure.
[[nodiscard]] std::vector<std::uint32_t> gates_by_rank(const DynamicTree& tree);

}  // namespace venturi
