// A draft of a tree whose names have been looked up, and whether its gates can be what they say.
#pragma once

#include "scenarios/problem.hpp"
#include "scenarios/risk/tree_draft.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace venturi {

/// The gate in an element; null for an event.
[[nodiscard]] const DraftGate* gate_of(const DraftElement& element);
/// Whether it is a gate without an output.
[[nodiscard]] bool is_constraint(const DraftElement& element);
/// Whether the gate has no static form.
[[nodiscard]] bool is_dynamic(const DraftGate& gate);
/// "'pumps'", or "a formula written in place".
[[nodiscard]] std::string called(const DraftElement& element);

/// A draft with the elements that its names stand for.
class ResolvedDraft {
  public:
    /// What a name stands for that isn't defined; then there is a problem.
    static constexpr std::size_t unknown = static_cast<std::size_t>(-1);

    /// `draft` must outlive it. Adds a problem for each name that is defined twice or not at all.
    ResolvedDraft(const TreeDraft& draft, ProblemList& problems);

    [[nodiscard]] const TreeDraft& draft() const { return draft_; }
    [[nodiscard]] std::size_t top() const { return top_; }
    [[nodiscard]] std::size_t size() const { return draft_.elements.size(); }
    [[nodiscard]] const DraftElement& element(std::size_t index) const { return draft_.elements[index]; }
    /// The elements that a gate is over; shape: as its arguments.
    [[nodiscard]] const std::vector<std::size_t>& arguments(std::size_t index) const {
        return arguments_[index];
    }
    /// Arguments of a gate that have an output, by their place in it: constraints have none and don't count.
    [[nodiscard]] std::vector<std::size_t> places_with_output(std::size_t gate) const;

  private:
    [[nodiscard]] std::string file() const;
    void name_elements(ProblemList& problems);
    std::size_t look_up(const DraftArgument& argument, ProblemList& problems);

    const TreeDraft& draft_;
    std::unordered_map<std::string_view, std::size_t> by_name_;
    std::vector<std::vector<std::size_t>> arguments_;
    std::size_t top_ = unknown;
    std::size_t undefined_ = 0;
};

/// Adds a problem for each cycle of gates (what a constraint is over closes none), wrong number of inputs,
/// wrong minimum, input that stands twice where order matters, and constraint where an output is needed. All
/// names must be known.
void check_gates(const ResolvedDraft& tree, ProblemList& problems);

}  // namespace venturi
