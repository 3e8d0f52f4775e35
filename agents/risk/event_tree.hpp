// Event trees: what can follow an initiating event. Each fork asks one functional event for its state, each
// path collects formulas and probabilities on its way, and the paths that end alike are a sequence. Data
// only; event_sequences.hpp walks the paths.
#pragma once

#include "agents/risk/expression.hpp"
#include "agents/risk/formula.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace venturi {

/// One thing to do on a path. What is set holds from there to the end of the path.
struct Instruction {
    enum class Kind : std::uint8_t {
        collect_formula,     ///< the path is taken only if `formula` holds as well
        collect_expression,  ///< the path's probability is multiplied by `expression`
        set_house_event,     ///< house event `target` to `happens`
        set_gate,            ///< gate `target` to `formula`
        set_basic_event,     ///< the probability of basic event `target` to `expression`
        set_parameter,       ///< parameter `target` to `expression`
        condition,           ///< inner[0] if `expression` is not 0, inner[1] (if there is one) otherwise
        block,               ///< all of `inner`, in order
        rule,                ///< those of rule `target`
        link,                ///< of a sequence: go on in event tree `target` instead of ending here
    };

    Kind kind = Kind::block;
    FormulaArgument formula = {};
    ExpressionIndex expression = 0;
    std::uint32_t target = 0;
    bool happens = false;
    std::vector<Instruction> inner = {};
};

struct ForkPath;

/// A way on: instructions, and then a fork or an end.
struct Branch {
    enum class End : std::uint8_t {
        fork,      ///< asks functional event `target`; one of `paths` follows
        sequence,  ///< ends in sequence `target`
        branch,    ///< goes on in branch `target` of the same event tree
    };

    std::vector<Instruction> instructions = {};
    End end = End::sequence;
    std::uint32_t target = 0;
    std::vector<ForkPath> paths;  // without = {}, which asks what ForkPath is before it is known
};

struct ForkPath {
    std::uint32_t state = 0;  ///< of the functional event; all different in a fork
    Branch branch = {};
};

struct NamedBranch {
    std::string name = {};
    Branch branch = {};
};

struct EventTree {
    std::string name = {};
    std::vector<std::uint32_t> functional_events = {};  ///< in the order in which forks may ask for them
    std::vector<NamedBranch> branches = {};             ///< no cycle among them
    Branch initial_state = {};
};

/// How paths end.
struct EventSequence {
    std::string name = {};
    std::vector<Instruction> instructions = {};  ///< done last; at most one link among those done
};

struct InstructionRule {
    std::string name = {};
    std::vector<Instruction> instructions = {};  ///< no cycle among rules; links only if sequences call it
};

struct InitiatingEvent {
    std::string name = {};
    std::optional<std::uint32_t> event_tree = {};
    std::vector<Instruction> instructions = {};  ///< done first: what the event itself collects
};

/// All there is of event trees in a model.
struct EventTreeLayer {
    std::vector<std::string> functional_events = {};  ///< names; trees may share one
    std::vector<std::string> states = {};             ///< names of states of functional events
    std::vector<EventSequence> sequences = {};
    std::vector<InstructionRule> rules = {};
    std::vector<EventTree> event_trees = {};  ///< no cycle among links
    std::vector<InitiatingEvent> initiating_events = {};
};

}  // namespace venturi
