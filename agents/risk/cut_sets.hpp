// Minimal cut sets and prime implicants of a fault tree: the smallest ways in which the top event comes
// about. They are counted exactly and held without being listed, one family for each module of the tree.
//
// A cut set is a set of basic events that are enough for the top event if they happen. For trees that aren't
// coherent (in which a failure can also prevent the top event) two notions are in use:
//
//   prime implicants    literals "e happens" and "e does not happen", none of which can be left out: what
//                       implies the top event whatever the other events do. Quine (1952).
//   minimal p-cuts      the positive parts of the prime implicants, minimal ones only: the smallest sets that
//                       bring the top event about if nothing else happens. This is what tables of published
//                       fault trees count as minimal cut sets. Dutuit and Rauzy, "Exact and truncated
//                       computations of prime implicants of coherent and non-coherent fault trees within
//                       Aralia", Reliability Engineering and System Safety 58 (1997).
//
// Both are the minimal cut sets where the tree is coherent. They are found in minimal_cut_sets.hpp and
// prime_implicants.hpp, counted in cut_set_counts.hpp, listed in cut_set_listing.hpp, and summed in
// cut_set_bounds.hpp.
#pragma once

#include "agents/risk/set_family.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace venturi {

/// That a basic event happens, or that it doesn't.
struct EventLiteral {
    std::uint32_t event = 0;  ///< index into the tree's basic_events
    bool negated = false;

    friend auto operator<=>(const EventLiteral&, const EventLiteral&) = default;
};

/// A family of sets of literals as a graph, part by part. A part is the family of a module, or of its
/// complement; as a variable of another part it stands for each of its sets, so that the few nodes of two
/// parts of 1e10 sets each hold 1e20.
class CutSets {
  public:
    /// What a variable of the nodes stands for.
    struct Variable {
        enum class Kind : std::uint8_t { literal, part };
        Kind kind = Kind::literal;
        EventLiteral literal = {};
        std::uint32_t part = 0;  ///< index into `parts`
    };

    /// The sets of node `with`, the variable added to each, and the sets of node `without`.
    struct Node {
        std::uint32_t variable = 0;
        std::uint32_t with = 0;
        std::uint32_t without = 0;
    };

    /// Node 0 is no set, node 1 the empty set alone; every other comes after its children and after the roots
    /// of the parts that its variable stands for.
    [[nodiscard]] std::span<const Node> nodes() const { return nodes_; }
    [[nodiscard]] std::span<const Variable> variables() const { return variables_; }
    /// The roots of the parts, each after those that are variables of it. The last is the whole family.
    [[nodiscard]] std::span<const std::uint32_t> parts() const { return parts_; }
    [[nodiscard]] std::uint32_t root() const { return parts_.back(); }
    /// Of the tree: literals' events are below it.
    [[nodiscard]] std::size_t basic_event_count() const { return basic_event_count_; }

  private:
    friend class CutSetsAssembly;
    CutSets() = default;

    std::vector<Node> nodes_ = {{}, {}};
    std::vector<Variable> variables_;
    std::vector<std::uint32_t> parts_;
    std::size_t basic_event_count_ = 0;
};

/// Puts cut sets together from families of a table, of which it takes only the nodes that they need.
class CutSetsAssembly {
  public:
    explicit CutSetsAssembly(const SetFamilyTable& table);

    /// Adds a family as a part, `meaning(variable)` being the CutSets::Variable of each of its variables,
    /// which may be parts added before. Returns the new part's index.
    template <class Meaning>
    std::uint32_t add(SetFamily family, const Meaning& meaning) {
        for (const SetFamily node : nodes_below(family)) append(node, meaning(table_.variable(node)));
        made_.parts_.push_back(place_[family.node()]);
        return static_cast<std::uint32_t>(made_.parts_.size() - 1);
    }

    /// The whole family is the part that was added last, of at least one.
    [[nodiscard]] CutSets finish(std::size_t basic_event_count) &&;

  private:
    [[nodiscard]] std::vector<SetFamily> nodes_below(SetFamily family) const;
    void append(SetFamily node, const CutSets::Variable& variable);

    const SetFamilyTable& table_;
    CutSets made_;
    std::vector<std::uint32_t> place_;     // of a node of the table
    std::vector<std::uint32_t> variable_;  // the same of a variable
};

/// The value of every node, shape: as nodes(), of a sum of products over the sets of each: `none` and
/// `empty_set` are the values of the constants, `of_literal(EventLiteral)` gives that of a literal, and a
/// node's is plus(times(variable, with), without). O(nodes).
template <class Value, class OfLiteral, class Plus, class Times>
[[nodiscard]] std::vector<Value> node_values(const CutSets& sets, const Value& none, const Value& empty_set,
                                             OfLiteral of_literal, Plus plus, Times times) {
    std::vector<Value> values;
    values.reserve(sets.nodes().size());
    values.push_back(none);
    values.push_back(empty_set);
    for (const CutSets::Node& node : sets.nodes().subspan(2)) {
        const CutSets::Variable& variable = sets.variables()[node.variable];
        const Value with = variable.kind == CutSets::Variable::Kind::part
                               ? times(values[sets.parts()[variable.part]], values[node.with])
                               : times(of_literal(variable.literal), values[node.with]);
        values.push_back(plus(with, values[node.without]));
    }
    return values;
}

}  // namespace venturi
