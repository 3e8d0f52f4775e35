// The exact probability of a fault tree's top event, by binary decision diagrams of its modules. A tree is
// solved once, which may take long; the solved tree gives the probability for any probabilities of its basic
// events in one sweep over its nodes.
#pragma once

#include "agents/risk/decision_diagram.hpp"
#include "agents/risk/fault_tree.hpp"
#include "agents/risk/logic_circuit.hpp"
#include "agents/risk/module_diagram.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace venturi {

/// The probability of an event and of its complement: each has its full relative precision, however small,
/// which 1 − p has not.
struct ProbabilityPair {
    double happens = 0;
    double fails_to = 1;
};

/// Room for evaluations of a solved tree, kept by the caller so that later ones allocate nothing. One for
/// each thread.
struct EvaluationScratch {
    std::vector<ProbabilityPair> nodes;      ///< of the functions of nodes
    std::vector<ProbabilityPair> variables;  ///< of what variables stand for
    std::vector<ProbabilityPair> reach;      ///< used by `importance`, as are those below
    std::vector<ProbabilityPair> outside;
    std::vector<double> birnbaum;
    std::vector<double> passing;
    std::vector<std::uint32_t> variable_of_module;
};

/// A fault tree as diagrams, one for each of its modules (a module is a gate whose basic events occur nowhere
/// else: Dutuit and Rauzy, "A linear-time algorithm to find modules of fault trees", IEEE Transactions on
/// Reliability 45 (1996)). Immutable; copies share nothing. The variables of a module's diagram are basic
/// events and other modules, which are all independent of each other.
class SolvedFaultTree {
  public:
    /// What a variable of the diagrams stands for.
    struct Variable {
        enum class Kind : std::uint8_t { basic_event, module };
        Kind kind = Kind::basic_event;
        std::uint32_t index = 0;  ///< of the tree's basic_events, or of `modules()`

        friend bool operator==(const Variable&, const Variable&) = default;
    };

    /// A module owns a range of variables and a range of nodes; no other module's nodes lead into it. It is
    /// taken in the polarity in which it is true if all its variables are, but the last, which is the top.
    struct Module {
        DiagramEdge root = {};
        std::uint32_t first_variable = 0;
        std::uint32_t end_variable = 0;
        std::uint32_t first_node = 0;
        std::uint32_t end_node = 0;
    };

    /// A module comes after those that are variables of it; the last is the top. There is at least one.
    [[nodiscard]] std::span<const Module> modules() const { return modules_; }
    /// In the order of the diagrams, module by module; `DiagramNode::variable` is an index into this. Each
    /// basic event and each module occurs at most once.
    [[nodiscard]] std::span<const Variable> variables() const { return variables_; }
    /// Node 0 is the constant true and belongs to no module; every other comes after its children.
    [[nodiscard]] std::span<const DiagramNode> nodes() const { return nodes_; }
    [[nodiscard]] std::size_t basic_event_count() const { return basic_event_count_; }
    [[nodiscard]] DiagramEdge top() const { return modules_.back().root; }

    /// Whether the tree as it was simplified has no complement of a basic event. If so, the top is monotone;
    /// it may be so without.
    [[nodiscard]] bool coherent() const { return coherent_; }

    /// Of the top, with `event_probabilities[i]` that of basic event i. In a sum of positive products,
    /// without a difference anywhere, so that the result is right to some 2 · variables · 1e-16 of itself.
    /// O(nodes); allocates nothing with a scratch that has been used before.
    [[nodiscard]] double probability(std::span<const double> event_probabilities,
                                     EvaluationScratch& scratch) const;
    /// And of its complement. Leaves the pairs of all nodes and variables in `scratch`.
    [[nodiscard]] ProbabilityPair probability_pair(std::span<const double> event_probabilities,
                                                   EvaluationScratch& scratch) const;
    /// The same where the complements of the basic events are known to their own precision.
    [[nodiscard]] ProbabilityPair probability_pair(std::span<const ProbabilityPair> events,
                                                   EvaluationScratch& scratch) const;

  private:
    friend std::optional<SolvedFaultTree> solve(const FaultTree& tree, const SolveLimits& limits);

    void add_top_without_gates(Literal top);
    template <class PairOf>
    [[nodiscard]] ProbabilityPair swept(PairOf pair_of, EvaluationScratch& scratch) const;

    std::vector<Module> modules_;
    std::vector<Variable> variables_;
    std::vector<DiagramNode> nodes_;
    std::size_t basic_event_count_ = 0;
    bool coherent_ = false;
};

/// Solves `tree`, which must be sound (`expect_sound`); nothing where the limits don't suffice.
[[nodiscard]] std::optional<SolvedFaultTree> solve(const FaultTree& tree, const SolveLimits& limits = {});

/// The basic events' own probabilities.
[[nodiscard]] std::vector<double> event_probabilities(const FaultTree& tree);

}  // namespace venturi
