// What a dynamic fault tree does when a leaf fails or is repaired, as operations on a row of bytes: the
// Markov chain hashes such rows, a simulation and a startup's world keep them.
//
// What is done where tools differ (Junges et al. 2016 list the choices):
//
// - Moments. A leaf's failure and all it means for the gates above happen in one moment; gates notice it by
// rank
//   (gates_by_rank), each once. Dependencies come after: once the moment is over they are asked in their
//   order, and each dependent falls in a moment of its own, in its order, all at the same time on the clock;
//   what it triggers follows in the same way, until nothing more falls. So a dependent fails after its
//   trigger, never with it, and there is no nondeterminism: who comes first is the order in the tree.
// - Priority. Order is that of the current failures: a repair forgets the failure. Two inputs fail together
// only
//   in the same moment, when a leaf is under both, or at time zero; an inclusive gate takes that for in
//   order, an exclusive one not. A priority-and fails when all inputs have failed and none before its left
//   neighbour. A priority-or fails when its first input does and no other had failed; that verdict stands
//   until the first input is repaired.
// - Spares. A gate uses the first of its inputs that works and that no other working spare gate uses. Each
// claims
//   when it must, dormant or not (early claiming); of two that claim in one moment the one of lower rank,
//   then of lower number, comes first. Without repair a claim is for good. With repair a gate goes back as
//   soon as an earlier input is free again, and what it leaves is free for others.
// - Activation. Leaves and gates under no spare gate are active. A spare gate that is active makes the input
// it
//   uses active, down to the leaves (under a nested spare gate: the input used there); what is shared with an
//   active part is active. An input no longer used is dormant again. A dormant leaf ages `dormancy` times as
//   fast; when it is activated it goes on from the age it has.
// - Dependencies. While the trigger is failed, and the chance said yes, they hold: a dependent that could not
// fail
//   yet (a sequence forbade it) falls as soon as it may, and none is repaired before its trigger is. The
//   chance is taken once, when the trigger fails, one for all dependents, and again after the trigger's
//   repair. Of a dependent gate the output falls; its inputs do not.
// - Sequence and exclusion forbid failures: a leaf whose failure would at once, through the gates, break one
//   cannot fail, does not age meanwhile, and is not failed by a dependency. A sequence is broken where an
//   input fails while one to its left works (in one moment is in order), an exclusion where an input fails
//   while another is failed or fails with it. Leaves that fail at time zero are tried in their order, so that
//   one is dropped which an earlier one forbids.
// - Constraints have no output: as inputs of other gates they are ignored.
// - Repair makes a leaf as good as new. And, or and k-of-n work again when their inputs do. A repair never
//   fails a gate, but may let a dependency act that was forbidden to.
// - The top's failure stops nothing: what is done after it is up to the caller.
#pragma once

#include "agents/risk/dynamic_tree.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

namespace venturi {

/// Who says whether something of a given probability happens: a reference to a callable `bool(double)` that
/// outlives the call it is given to. A simulation draws, an enumeration (ChanceOutcomes) branches.
class ChanceReference {
  public:
    // A constraint keeps copies out, and what is called gets its own constness back.
    // NOLINTBEGIN(bugprone-forwarding-reference-overload,cppcoreguidelines-pro-type-const-cast)
    template <class Chance>
    requires(!std::is_same_v<std::remove_cvref_t<Chance>, ChanceReference>) explicit(false)
        ChanceReference(Chance&& chance)
        : chance_(const_cast<void*>(static_cast<const void*>(&chance))),
          happens_([](void* of, double probability) -> bool {
              return (*static_cast<std::remove_reference_t<Chance>*>(of))(probability);
          }) {}
    // NOLINTEND(bugprone-forwarding-reference-overload,cppcoreguidelines-pro-type-const-cast)

    [[nodiscard]] bool operator()(double probability) const { return happens_(chance_, probability); }

  private:
    void* chance_;
    bool (*happens_)(void*, double);
};

/// All outcomes of an operation that takes chances, one after another; chances of 0 and 1 don't branch:
///
///     ChanceOutcomes outcomes;
///     do {
///         copy = state;
///         semantics.fail(copy, leaf, outcomes);   // takes the chances of this outcome
///         use(copy, outcomes.probability());
///     } while (outcomes.next());
///
/// Probabilities of all outcomes sum to 1. Throws ContractViolation above 62 chances in one outcome.
class ChanceOutcomes {
  public:
    [[nodiscard]] bool operator()(double probability);
    /// Of the outcome just taken.
    [[nodiscard]] double probability() const { return probability_; }
    /// Turns to the next outcome; false where there is none, and the enumeration is as new.
    bool next();

  private:
    std::uint64_t path_ = 0;  // bit k: chance k does not happen in this outcome
    unsigned taken_ = 0;      // chances taken so far in this outcome
    double probability_ = 1;
};

namespace detail {

/// Rows of differing length, one after another.
class NodeRows {
  public:
    void start_row() { starts_.push_back(static_cast<std::uint32_t>(nodes_.size())); }
    void add(std::uint32_t node) { nodes_.push_back(node); }
    void add(std::span<const std::uint32_t> nodes) {
        nodes_.insert(nodes_.end(), nodes.begin(), nodes.end());
    }
    [[nodiscard]] std::size_t size() const { return nodes_.size(); }
    void finish() { start_row(); }
    [[nodiscard]] std::span<const std::uint32_t> operator[](std::size_t row) const {
        return std::span(nodes_).subspan(starts_[row], starts_[row + 1] - starts_[row]);
    }

  private:
    std::vector<std::uint32_t> starts_;
    std::vector<std::uint32_t> nodes_;
};

}  // namespace detail

/// A tree made ready to run. It never changes; its operations work on a state, are deterministic given the
/// chances, and allocate nothing (with two exceptions: `begin`, `fail`, `rate` and `pace` in trees with
/// sequences or exclusions and states above 2,048 bytes; and what fails or is repaired in trees of several
/// thousand gates above each other).
class DynamicSemantics {
  public:
    using State = std::span<std::uint8_t>;  ///< state_bytes() of them
    using ConstState = std::span<const std::uint8_t>;

    /// Throws ContractViolation as `expect_sound` does.
    explicit DynamicSemantics(DynamicTree tree);

    [[nodiscard]] const DynamicTree& tree() const { return tree_; }
    /// The same for all states of the tree. Equal bytes mean the same state, and no byte is a pointer or an
    /// address: states can be copied, hashed, compared and stored.
    [[nodiscard]] std::size_t state_bytes() const { return state_bytes_; }

    /// Time zero: all works but leaves that have failed at the start (and what that triggers).
    void begin(State state, ChanceReference chance) const;

    [[nodiscard]] bool failed(ConstState state, std::uint32_t node) const {
        return (state[node] & failed_bit) != 0;
    }
    [[nodiscard]] bool top_failed(ConstState state) const { return failed(state, tree_.top); }
    /// Not dormant. Of gates and leaves, failed or not.
    [[nodiscard]] bool active(ConstState state, std::uint32_t node) const {
        return (state[node] & active_bit) != 0;
    }
    /// Exponential phases that an Erlang leaf has passed; 0 for others.
    [[nodiscard]] std::uint32_t phase(ConstState state, std::uint32_t leaf) const;
    /// Position among its inputs of the one that a spare gate uses, or used last where it has failed.
    [[nodiscard]] std::uint32_t input_in_use(ConstState state, std::uint32_t spare_gate) const;

    /// How fast a leaf ages: 1 active, its dormancy while dormant, 0 where it has failed, is forbidden to
    /// fail, or is settled. A life that isn't exponential (Weibull, log-normal, or one that the world drives)
    /// runs on a clock of this speed.
    [[nodiscard]] double pace(ConstState state, std::uint32_t leaf) const;
    /// pace × rate of an exponential life or of a phase of an Erlang one; 0 for other lives.
    [[nodiscard]] double rate(ConstState state, std::uint32_t leaf) const;
    /// 0 where the leaf works, is settled, has no repair, or a dependency holds it down.
    [[nodiscard]] double repair_rate(ConstState state, std::uint32_t leaf) const;

    /// The exponential time of `rate` is over: the leaf passes a phase, and fails if it was the last.
    void end_phase(State state, std::uint32_t leaf, ChanceReference chance) const;
    /// The leaf fails, in whatever phase and at whatever pace. False, and nothing happens, where it has
    /// failed, is settled, or is forbidden to fail.
    bool fail(State state, std::uint32_t leaf, ChanceReference chance) const;
    /// The leaf is repaired, whatever its repair rate. False, and nothing happens, where it works, is
    /// settled, or a dependency holds it down.
    bool repair(State state, std::uint32_t leaf, ChanceReference chance) const;

    /// Forgets what can't matter for the top any more: two states that differ in it alone become the same.
    /// What is forgotten is settled: it keeps no order, phase or failure, its pace is 0. The top's future is
    /// the same in distribution. For who watches the top only; others' failures are no longer followed.
    void settle(State state) const;

    /// Where a node's own bytes stand in a state: one for the node, and what it must remember besides (an
    /// Erlang leaf's phase, a spare gate's input in use, a priority gate's order, a dependency's chance).
    struct NodeBytes {
        std::uint32_t first = 0;  ///< of what it remembers besides
        std::uint32_t count = 0;
    };
    [[nodiscard]] NodeBytes memory(std::uint32_t node) const { return memory_[node]; }

  private:
    // A node's byte; the upper four bits are clear between operations.
    static constexpr std::uint8_t failed_bit = 1;
    static constexpr std::uint8_t active_bit = 2;
    static constexpr std::uint8_t settled_bit = 4;
    static constexpr std::uint8_t forced_bit = 8;  // a gate failed by a dependency
    static constexpr std::uint8_t fresh_bit = 16;  // fails in the present moment
    // While settling:
    static constexpr std::uint8_t holds_bit = 16;    // something undecided that matters is below
    static constexpr std::uint8_t matters_bit = 32;  // its failure, past or future, matters
    static constexpr std::uint8_t lost_bit = 64;     // has failed for good
    static constexpr std::uint8_t safe_bit = 128;    // can never fail
    static constexpr std::uint8_t lasting_bits = failed_bit | active_bit | settled_bit | forced_bit;

    struct Position {
        std::uint32_t gate = 0;
        std::uint32_t input = 0;
    };

    // Compilation (dynamic_compilation.cpp).
    void lay_out_memory();
    void link_gates();
    void note_who_is_above();
    [[nodiscard]] std::vector<std::uint32_t> found_above(std::uint32_t node, std::vector<bool>& seen) const;
    [[nodiscard]] std::vector<std::uint32_t> found_above(std::uint32_t node) const;
    void link_spares();
    void link_constraints();

    // Running a moment.
    [[nodiscard]] bool is_constrained(std::uint32_t node) const { return constrained_[node] != 0; }
    [[nodiscard]] bool claimed_by_rival(ConstState state, std::uint32_t spare_gate,
                                        std::uint32_t input) const;
    bool choose_input(State state, std::uint32_t spare_gate, bool& moved) const;
    void note_order(State state, std::uint32_t gate) const;
    [[nodiscard]] bool in_order(ConstState state, std::uint32_t gate) const;
    bool update(State state, std::uint32_t gate, bool& moved) const;
    template <class Act>
    void for_each_above(std::uint32_t node, Act&& act) const {
        if (above_is_kept_)
            for (const std::uint32_t gate : above_[node]) act(gate);
        else
            for (const std::uint32_t gate : found_above(node)) act(gate);
    }
    void propagate_all(State state) const;
    void refresh_activity(State state) const;
    void refresh_forced(State state) const;
    void run_moment(State state, std::uint32_t node) const;
    [[nodiscard]] bool breaks_constraint(ConstState state) const;
    void end_moment(State state, std::uint32_t node) const;
    bool strike(State state, std::uint32_t node) const;
    void run_dependencies(State state, ChanceReference chance) const;
    [[nodiscard]] bool forbidden(ConstState state, std::uint32_t leaf) const;
    [[nodiscard]] bool holds_now(ConstState state, std::uint32_t dependency) const;
    [[nodiscard]] bool held_down(ConstState state, std::uint32_t node) const;
    [[nodiscard]] bool can_fall(ConstState state, std::uint32_t node) const;

    // Settling (dynamic_settling.cpp).
    void judge_leaf(State state, std::uint32_t leaf) const;
    void judge_gate(State state, std::uint32_t gate) const;
    bool spread_what_matters(State state) const;
    void forget(State state, std::uint32_t node) const;

    DynamicTree tree_;
    std::size_t state_bytes_ = 0;
    bool repairable_ = false;
    std::vector<NodeBytes> memory_;          // by node
    detail::NodeRows inputs_;                // by node: with an output
    std::vector<std::uint32_t> gate_order_;  // by rank
    std::vector<std::uint32_t> place_;       // of gates in that order, by node
    detail::NodeRows above_;                 // by node: gates that can notice it, by rank
    bool above_is_kept_ = true;              // otherwise it would be too large, and is found when asked for
    std::vector<std::uint32_t> governed_;    // nodes under a spare gate, each after what is above it
    std::vector<std::vector<Position>> users_;  // by node: gates it is an input of
    std::vector<std::uint32_t> spares_;         // spare gates, by rank
    std::vector<std::uint32_t> dependencies_;
    detail::NodeRows held_by_;  // by node: dependencies it is a dependent of
    std::vector<std::uint32_t> forced_gates_;
    std::vector<std::uint32_t> restrictions_;  // sequences and exclusions
    std::vector<std::uint8_t> constrained_;    // by node: it is or is under an input of a restriction
};

/// The first node ≥ `from` that failed or was repaired between two states of the same tree; the number of
/// nodes where there is none.
[[nodiscard]] std::uint32_t next_change(const DynamicSemantics& semantics,
                                        DynamicSemantics::ConstState before,
                                        DynamicSemantics::ConstState after, std::uint32_t from);

}  // namespace venturi
