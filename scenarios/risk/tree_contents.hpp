// What a file of a fault tree holds, in whatever format it is written (galileo.hpp, tree_file.hpp).
#pragma once

#include "agents/risk/dynamic_tree.hpp"
#include "agents/risk/fault_tree.hpp"
#include "scenarios/problem.hpp"

#include <optional>
#include <vector>

namespace venturi {

/// A tree as one or both of the models that can answer for it.
///
///     gates                                    events               fault_tree   dynamic_tree
///     and, or, at least                        probabilities only   yes          no
///     and, or, at least                        a time in any        yes          yes
///     also not, xor, nand, ..., between        any                  yes          no
///     priority, spare, dependency, ...         any                  no           yes
///
/// An event that is repaired and whose life is neither exponential nor FailedAtStart has no unavailability in
/// closed form: with one there is no fault tree.
struct TreeContents {
    std::optional<FaultTree> fault_tree = {};
    /// How each basic event of the fault tree fails; shape: as its basic_events. One with a probability and
    /// no time has the life FailedAtStart, and its probability stands in the fault tree too, where an event
    /// with a time has 0: see fault_tree_at.
    std::vector<DynamicLeaf> event_lives = {};
    std::optional<DynamicTree> dynamic_tree = {};
    /// What is legal and yet probably not meant: elements that the top doesn't need, say.
    std::vector<Problem> warnings = {};
};

/// Whether `unavailability` has an answer: no repair, or an exponential life or one that has failed at start.
[[nodiscard]] bool has_unavailability(const DynamicLeaf& leaf);

/// The probability that a leaf is down at `time` ≥ 0 (infinity allowed) where it is active from time 0 and
/// depends on nothing: F(time) without repair; λ / (λ + μ) (1 − exp(−(λ + μ) time)) for an exponential life
/// with repair at rate μ, p exp(−μ time) for one that has failed at the start with probability p. Throws
/// ContractViolation where there is no answer.
[[nodiscard]] double unavailability(const DynamicLeaf& leaf, double time);

/// The fault tree with the events' probabilities of being down at `time` ≥ 0, infinity allowed: its top
/// probability is the unavailability, which without repair and without complements is the unreliability too.
/// Throws ContractViolation where there is no fault tree.
[[nodiscard]] FaultTree fault_tree_at(const TreeContents& contents, double time);

}  // namespace venturi
