#include "agents/risk/minimal_cut_sets.hpp"

#include "agents/risk/deep_recursion.hpp"
#include "agents/risk/module_families.hpp"
#include "sim/contract.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

namespace venturi {

namespace {

constexpr std::uint32_t unknown = std::numeric_limits<std::uint32_t>::max();

/// Minimal sets of a module's function, in which modules that happen if nothing does are variables by their
/// complements, for a p-cut asks what has to happen for a variable to be true.
class MinimalSets {
  public:
    MinimalSets(const SolvedFaultTree& tree, const SetFamilyLimits& limits)
        : tree_(tree), table_(limits), found_(2 * tree.nodes().size(), unknown) {
        for (const SolvedFaultTree::Module& module : tree.modules())
            happens_alone_.push_back(happens_if_nothing_does(module.root));
    }

    SetFamilyTable& table() { return table_; }

    /// The polarity in which a module is a variable.
    [[nodiscard]] bool complemented(std::uint32_t module) const { return happens_alone_[module]; }

    SetFamily of(DiagramEdge edge) {
        if (edge.constant())
            return edge == DiagramEdge::always() ? SetFamily::empty_set() : SetFamily::none();
        if (found_[edge.code()] != unknown) return SetFamily(found_[edge.code()]);
        auto [variable, high, low] = diagram_halves(tree_.nodes()[edge.node()], edge.complemented());
        if (is_module(tree_, variable) && happens_alone_[tree_.variables()[variable].index])
            std::swap(high, low);
        SetFamily result = of(low);
        if (result != SetFamily::empty_set())
            result = table_.node(variable, table_.without_supersets(of(high), result), result);
        found_[edge.code()] = result.node();
        return result;
    }

  private:
    [[nodiscard]] bool happens_if_nothing_does(DiagramEdge edge) const {
        while (!edge.constant()) {
            const DiagramHalves half = diagram_halves(tree_.nodes()[edge.node()], edge.complemented());
            const bool high =
                is_module(tree_, half.variable) && happens_alone_[tree_.variables()[half.variable].index];
            edge = high ? half.high : half.low;
        }
        return edge == DiagramEdge::always();
    }

    const SolvedFaultTree& tree_;
    SetFamilyTable table_;
    std::vector<std::uint32_t> found_;  // family of each edge, by its code
    std::vector<bool> happens_alone_;   // by module
};

/// Families of the gates of a tree without negation, of sets of few events.
class SetsFromBelow {
  public:
    SetsFromBelow(const FaultTree& tree, std::uint32_t most_events, const SetFamilyLimits& limits)
        : tree_(tree), most_events_(most_events), table_(limits), found_(tree.gates.size()) {
        // Variables in the order in which a walk down the tree meets the events, so that events of one branch
        // stay together.
        std::vector<bool> seen_gate(tree.gates.size(), false);
        std::vector<bool> seen_event(tree.basic_events.size(), false);
        rank_.assign(tree.basic_events.size(), 0);
        std::vector<FaultTreeArgument> open = {tree.top};
        while (!open.empty()) {
            const FaultTreeArgument here = open.back();
            open.pop_back();
            if (here.kind == FaultTreeArgument::Kind::basic_event && !seen_event[here.index]) {
                seen_event[here.index] = true;
                rank_[here.index] = static_cast<std::uint32_t>(events_.size());
                events_.push_back(here.index);
            } else if (here.kind == FaultTreeArgument::Kind::gate && !seen_gate[here.index]) {
                seen_gate[here.index] = true;
                const auto& arguments = tree.gates[here.index].arguments;
                open.insert(open.end(), arguments.rbegin(), arguments.rend());
            }
        }
    }

    [[nodiscard]] const SetFamilyTable& table() const { return table_; }
    [[nodiscard]] std::uint32_t event(std::uint32_t variable) const { return events_[variable]; }

    SetFamily of(const FaultTreeArgument& argument) {
        switch (argument.kind) {
            case FaultTreeArgument::Kind::constant:
                return argument.index != 0 ? SetFamily::empty_set() : SetFamily::none();
            case FaultTreeArgument::Kind::basic_event:
                if (most_events_ == 0) return SetFamily::none();
                return table_.node(rank_[argument.index], SetFamily::empty_set(), SetFamily::none());
            case FaultTreeArgument::Kind::gate:
                break;
        }
        auto& found = found_[argument.index];
        if (!found) found = of(tree_.gates[argument.index]);
        return *found;
    }

  private:
    SetFamily of(const FaultTreeGate& gate) {
        std::vector<SetFamily> families;
        for (const FaultTreeArgument& argument : gate.arguments) families.push_back(of(argument));
        // Deepest first, so that what has been joined stays below what is to come.
        std::stable_sort(families.begin(), families.end(), [this](SetFamily a, SetFamily b) {
            return table_.variable(a) > table_.variable(b);
        });
        switch (gate.connective) {
            case Connective::conjunction:
                return at_least(families.size(), families);
            case Connective::at_least:
                return at_least(gate.minimum, families);
            default:
                return at_least(1, families);
        }
    }

    SetFamily at_least(std::size_t minimum, const std::vector<SetFamily>& families) {
        // joined[k]: at least k of the families so far.
        std::vector<SetFamily> joined(minimum + 1);
        joined[0] = SetFamily::empty_set();
        std::size_t left = families.size();
        for (const SetFamily family : families) {
            --left;
            // Where too few are left, a count that can't reach the minimum any more isn't needed.
            for (std::size_t k = minimum; k > 0 && k + left >= minimum; --k)
                joined[k] = table_.minimal_union(joined[k], product(family, joined[k - 1]));
        }
        return joined[minimum];
    }

    SetFamily product(SetFamily a, SetFamily b) {
        const SetFamily result = table_.minimal_product(a, b);
        return most_events_ < events_.size() ? table_.up_to_order(result, most_events_) : result;
    }

    const FaultTree& tree_;
    std::uint32_t most_events_;
    SetFamilyTable table_;
    std::vector<std::optional<SetFamily>> found_;  // by gate
    std::vector<std::uint32_t> rank_;              // variable of an event
    std::vector<std::uint32_t> events_;            // event of a variable
};

}  // namespace

std::optional<CutSets> minimal_cut_sets(const SolvedFaultTree& tree, const SetFamilyLimits& limits) try {
    return with_levels(most_variables_of_a_module(tree), [&] {
        MinimalSets sets(tree, limits);
        return std::optional(assemble_modules(
            tree, sets.table(), [&](DiagramEdge edge) { return sets.of(edge); },
            [&](std::uint32_t variable) -> SignedVariable {
                return {variable,
                        is_module(tree, variable) && sets.complemented(tree.variables()[variable].index)};
            }));
    });
} catch (const SetFamilyLimitReached&) {
    return std::nullopt;
} catch (const NoRoomForStack&) {
    return std::nullopt;
}

bool written_without_negation(const FaultTree& tree) {
    std::vector<bool> seen(tree.gates.size(), false);
    std::vector<FaultTreeArgument> open = {tree.top};
    while (!open.empty()) {
        const FaultTreeArgument here = open.back();
        open.pop_back();
        if (here.complemented) return false;
        if (here.kind != FaultTreeArgument::Kind::gate || seen[here.index]) continue;
        seen[here.index] = true;
        const FaultTreeGate& gate = tree.gates[here.index];
        if (gate.connective != Connective::same && gate.connective != Connective::conjunction
            && gate.connective != Connective::disjunction && gate.connective != Connective::at_least)
            return false;
        open.insert(open.end(), gate.arguments.begin(), gate.arguments.end());
    }
    return true;
}

std::optional<CutSets> minimal_cut_sets_of_unsolved(const FaultTree& tree, std::uint32_t most_events,
                                                    const SetFamilyLimits& limits) try {
    expects(written_without_negation(tree), "cut sets without solving are of trees without negation");
    return with_levels(std::max(tree.basic_events.size(), tree.gates.size()), [&] {
        SetsFromBelow sets(tree, most_events, limits);
        const SetFamily top = sets.of(tree.top);
        CutSetsAssembly assembly(sets.table());
        assembly.add(top, [&](std::uint32_t variable) -> CutSets::Variable {
            return {.literal = {.event = sets.event(variable)}};
        });
        return std::optional(std::move(assembly).finish(tree.basic_events.size()));
    });
} catch (const SetFamilyLimitReached&) {
    return std::nullopt;
} catch (const NoRoomForStack&) {
    return std::nullopt;
}

}  // namespace venturi
