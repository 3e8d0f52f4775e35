// From the formulas of a risk model to one static fault tree over independent events: what fault_tree_of and
// the sequences of event trees are made with.
#pragma once

#include "agents/risk/risk_model.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace venturi {

/// What an event tree's path has changed of the formulas in a model.
struct FormulaFlavour {
    std::map<std::uint32_t, bool> house_events = {};
    std::map<std::uint32_t, FormulaArgument> gates = {};

    friend bool operator==(const FormulaFlavour&, const FormulaFlavour&) = default;
};

/// Gates that depend on themselves, in the order of the cycle from its first named one; empty where none do.
/// `flavour` replaces formulas of gates.
[[nodiscard]] std::vector<std::uint32_t> gate_cycle(const RiskModel& model,
                                                    const FormulaFlavour& flavour = {});

/// Builds a fault tree from formulas, each with a flavour of its own; gates of one flavour are copied once.
class TreeOfFormulas {
  public:
    /// `events` are the model's independent events; both must outlive the builder.
    TreeOfFormulas(const RiskModel& model, const std::vector<IndependentEvent>& events);

    /// Adds the gates that the formula reaches, which must not depend on themselves. The gates of one call
    /// and the next are shared if their flavours are the same. `number` names the flavour, so that it is
    /// known again after others; where all of a builder are the same it needs none.
    FaultTreeArgument add(const FormulaArgument& formula, const FormulaFlavour& flavour,
                          std::uint32_t number = 0);

    /// Adds a gate over arguments that were added before.
    FaultTreeArgument join(Connective connective, std::vector<FaultTreeArgument> arguments);

    /// Those added by now.
    [[nodiscard]] std::size_t gate_count() const { return tree_.gates.size(); }

    [[nodiscard]] FaultTree finish(const FaultTreeArgument& top) &&;

    /// Only what `top`, added before, reaches. `events` receives which independent events those are, in
    /// increasing order; shape: as the basic events of the tree.
    [[nodiscard]] FaultTree extract(const FaultTreeArgument& top, std::vector<std::uint32_t>& events) const;

  private:
    [[nodiscard]] FaultTreeArgument leaf(const FormulaArgument& argument);
    [[nodiscard]] FaultTreeArgument member(std::uint32_t basic_event);
    [[nodiscard]] std::optional<FaultTreeArgument> known(const FormulaArgument& argument);
    void change_flavour(const FormulaFlavour& flavour, std::uint32_t number);
    void copy_gates(std::uint32_t root);
    void copy_gate(std::uint32_t gate);

    const RiskModel& model_;
    FaultTree tree_;
    FormulaFlavour flavour_;
    std::uint32_t number_ = 0;                          // of that flavour
    std::vector<std::optional<std::uint32_t>> copies_;  // of the model's gates, in that flavour
    std::map<std::uint32_t, std::vector<std::optional<std::uint32_t>>> kept_copies_;  // in others, by number
    std::vector<std::optional<std::uint32_t>> disjunctions_;  // of members of common cause groups
    std::vector<std::vector<std::uint32_t>> events_of_;       // basic event to independent events
};

}  // namespace venturi
