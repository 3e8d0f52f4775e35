// A risk model as people write it down: fault trees whose gates are named formulas over gates, basic events
// and house events, basic events whose probability is an expression of parameters and time, groups of events
// with a common cause, and event trees. A value, made by a reader or by hand; its terms are those of the
// Open-PSA Model Exchange Format. What can be computed from it:
//
//   top_gates, fault_tree_of      a static tree over independent events (fault_tree.hpp), common causes
//   expanded event_probabilities.hpp       the probabilities of those events, at the mean or in one Monte
//   Carlo trial event_sequences.hpp           the sequences of its event trees, each as static trees
#pragma once

#include "agents/risk/common_cause.hpp"
#include "agents/risk/event_tree.hpp"
#include "agents/risk/expression.hpp"
#include "agents/risk/fault_tree.hpp"
#include "agents/risk/formula.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace venturi {

struct ModelEvent {
    std::string name = {};                            ///< unique among basic events, house events and gates
    std::optional<ExpressionIndex> probability = {};  ///< none: not known, or its common cause group's
};

struct HouseEvent {
    std::string name = {};
    bool happens = false;
};

/// A named number.
struct ModelParameter {
    std::string name = {};  ///< unique among parameters
    std::string unit = {};  ///< as written ("hours-1"), empty where it isn't; nothing is converted
    ExpressionIndex expression = 0;
};

/// `defects_of` says what must hold beyond legal indices.
struct RiskModel {
    std::string name = {};
    std::vector<Expression> expressions = {};  ///< arguments before what is made of them
    std::vector<ModelParameter> parameters = {};
    std::vector<ModelEvent> basic_events = {};
    std::vector<HouseEvent> house_events = {};
    std::vector<ModelGate> gates = {};  ///< in any order, without a cycle
    std::vector<CommonCauseGroup> common_cause_groups = {};
    EventTreeLayer event_trees = {};
};

/// What is wrong with an element of a model.
struct ModelDefect {
    enum class Element : std::uint8_t {
        expression,
        parameter,
        basic_event,
        gate,
        common_cause_group,
        initiating_event,
        sequence,
    };

    Element element = Element::expression;
    std::uint32_t index = 0;   ///< into the model's list of such elements
    std::string message = {};  ///< in one line
    std::string legal = {};    ///< what would be right; empty where the message says it
};

/// Thrown where a model can't be evaluated: a probability that is not known, a value outside its domain.
class RiskModelError : public std::runtime_error {
  public:
    explicit RiskModelError(ModelDefect defect)
        : std::runtime_error(defect.message), defect_(std::move(defect)) {}

    [[nodiscard]] const ModelDefect& defect() const { return defect_; }

  private:
    ModelDefect defect_;
};

/// Parameters or gates that depend on themselves, common cause groups that are no such, and, with uncertain
/// parameters at their means and at `mission_time` (hours), probabilities that are missing (unless
/// `probabilities_required` is false), not in [0, 1] or of arguments outside their domain. Empty for a sound
/// model. What event trees collect is checked as they are walked. Throws ContractViolation where an index is
/// out of range.
[[nodiscard]] std::vector<ModelDefect> defects_of(const RiskModel& model, double mission_time,
                                                  bool probabilities_required = true);

/// Named gates that no gate refers to, in the model's order.
[[nodiscard]] std::vector<std::uint32_t> top_gates(const RiskModel& model);

/// By name; none where no gate has it.
[[nodiscard]] std::optional<std::uint32_t> find_gate(const RiskModel& model, const std::string& name);

/// One of a model's independent events.
struct IndependentEvent {
    static constexpr std::uint32_t no_group = std::numeric_limits<std::uint32_t>::max();

    std::string name = {};           ///< the basic event's; of a group's, "[PumpOne PumpTwo]"
    std::uint32_t group = no_group;  ///< the common cause group
    /// The basic events that happen with it: one, or of a group the set that fails together.
    std::vector<std::uint32_t> basic_events = {};
};

/// What all fault trees of a model are over, in one order: basic events of no common cause group, as in the
/// model, and then, group by group, one event for each set of members that fails together. Throws
/// RiskModelError where a group would make more than `most_common_cause_events`, or a basic event is in two.
[[nodiscard]] std::vector<IndependentEvent> independent_events(const RiskModel& model);

/// The model under one of its gates as a fault tree: basic events are all of `independent_events(model)` in
/// that order, with the probabilities of `event_probabilities(model, mission_time)` (hours); gates are those
/// that the top reaches, members of common cause groups have become disjunctions, and house events constants.
/// Throws RiskModelError where gates depend on themselves or a probability is not known or not in [0, 1].
[[nodiscard]] FaultTree fault_tree_of(const RiskModel& model, std::uint32_t top_gate, double mission_time);

/// As above, with all probabilities 0: for what asks only how events combine.
[[nodiscard]] FaultTree fault_tree_of(const RiskModel& model, std::uint32_t top_gate);

/// Which basic events of a tree its top reaches. Shape: as basic_events.
[[nodiscard]] std::vector<bool> reached_events(const FaultTree& tree);

}  // namespace venturi
