#include "agents/risk/prime_implicants.hpp"

#include "agents/risk/decision_diagram.hpp"
#include "agents/risk/deep_recursion.hpp"
#include "agents/risk/module_families.hpp"

#include <cstdint>
#include <limits>
#include <vector>

namespace venturi {

namespace {

constexpr std::uint32_t unknown = std::numeric_limits<std::uint32_t>::max();

/// Prime implicants of a module's function: variables 2 v and 2 v + 1 of the families are "v" and "not v".
class PrimeSets {
  public:
    PrimeSets(const SolvedFaultTree& tree, const SetFamilyLimits& limits)
        : table_({.bytes = limits.bytes / 2, .steps = limits.steps, .stop = limits.stop}),
          diagram_(limits.bytes / 2) {
        diagram_.limit_steps(limits.steps);
        diagram_.stop_on(limits.stop);
        // The solved tree's functions, for to join them takes a diagram that can grow.
        copies_.push_back(DiagramEdge::always());
        for (const DiagramNode& node : tree.nodes().subspan(1)) {
            const DiagramEdge variable = diagram_.variable(node.variable);
            copies_.push_back(diagram_.disjunction(diagram_.conjunction(variable, copy(node.high)),
                                                   diagram_.conjunction(!variable, copy(node.low))));
        }
    }

    [[nodiscard]] const SetFamilyTable& table() const { return table_; }

    /// Of a function of the solved tree.
    SetFamily of(DiagramEdge edge) { return prime(copy(edge)); }

  private:
    [[nodiscard]] DiagramEdge copy(DiagramEdge edge) const {
        const DiagramEdge copied = copies_[edge.node()];
        return edge.complemented() ? !copied : copied;
    }

    SetFamily prime(DiagramEdge edge) {
        if (edge.constant())
            return edge == DiagramEdge::always() ? SetFamily::empty_set() : SetFamily::none();
        if (edge.code() < found_.size() && found_[edge.code()] != unknown)
            return SetFamily(found_[edge.code()]);
        const auto [variable, high, low] = diagram_halves(diagram_.node(edge.node()), edge.complemented());
        const SetFamily both = prime(diagram_.conjunction(high, low));
        const SetFamily if_not = table_.difference(prime(low), both);
        const SetFamily rest = table_.node(2 * variable + 1, if_not, both);
        const SetFamily result = table_.node(2 * variable, table_.difference(prime(high), both), rest);
        if (edge.code() >= found_.size()) found_.resize(2 * diagram_.node_count(), unknown);
        found_[edge.code()] = result.node();
        return result;
    }

    SetFamilyTable table_;
    DecisionDiagram diagram_;
    std::vector<DiagramEdge> copies_;   // of the solved tree's nodes
    std::vector<std::uint32_t> found_;  // family of each edge of `diagram_`, by its code
};

}  // namespace

std::optional<CutSets> prime_implicants(const SolvedFaultTree& tree, const SetFamilyLimits& limits) try {
    return with_levels(2 * most_variables_of_a_module(tree), [&] {
        PrimeSets sets(tree, limits);
        return std::optional(assemble_modules(
            tree, sets.table(), [&](DiagramEdge edge) { return sets.of(edge); },
            [](std::uint32_t variable) -> SignedVariable {
                return {variable / 2, variable % 2 != 0};
            }));
    });
} catch (const SetFamilyLimitReached&) {
    return std::nullopt;
} catch (const DiagramTooLarge&) {
    return std::nullopt;
} catch (const NoRoomForStack&) {
    return std::nullopt;
}

}  // namespace venturi
