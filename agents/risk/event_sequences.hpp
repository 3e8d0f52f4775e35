// How probable each end of an event tree is, given its initiating event: its paths are walked, and what they
// collect becomes static fault trees that any engine can solve.
#pragma once

#include "agents/risk/event_probabilities.hpp"
#include "agents/risk/risk_model.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace venturi {

/// An expression that a path collected, as it was there.
struct CollectedFactor {
    ExpressionIndex expression = 0;
    std::uint32_t flavour = 0;  ///< into SequenceSet::flavours
};

/// One way, or several together, in which a sequence happens: with probability factor × P(tree).
struct SequenceTerm {
    FaultTree tree = {};  ///< with probabilities; of constant top where nothing was collected
    double factor = 1;    ///< product of `factors`
    std::vector<CollectedFactor> factors = {};
    /// Of the tree's basic events: which of the model's independent_events, and in which flavour collected.
    std::vector<std::uint32_t> events = {};
    std::vector<std::uint32_t> flavours = {};
};

/// A sequence that is reached from an initiating event. Its terms exclude each other.
struct ReachedSequence {
    std::uint32_t sequence = 0;
    std::size_t paths = 0;  ///< that end in it
    std::vector<SequenceTerm> terms = {};
};

/// All that follows an initiating event.
struct SequenceSet {
    std::vector<ReachedSequence> sequences = {};  ///< in the model's order
    std::vector<ExpressionFlavour> flavours = {};
};

/// The most that a walk may meet: paths, levels of branches, rules and links, different settings of
/// parameters, basic events, gates and house events, and gates that these make.
inline constexpr std::size_t most_event_tree_paths = 100'000;
inline constexpr std::size_t deepest_event_tree = 1'000;
inline constexpr std::size_t most_flavours = 1'000;
inline constexpr std::size_t most_event_tree_gates = 4'000'000;

/// Walks the event tree of an initiating event; empty where it has none. With uncertain parameters at their
/// means and at `mission_time` (hours), at which conditions are decided, too.
///
/// The paths into a sequence exclude each other in a well-made event tree, and their probabilities add up;
/// but paths that have collected the same expressions, at the same places before they parted, are joined into
/// one term with the disjunction of their formulas, so that failure-only trees are not counted twice. What is
/// collected before an instruction changes a probability keeps the one from before. Throws RiskModelError
/// where that gives a basic event two probabilities on one path, where branches, rules or links form a cycle
/// or make too many paths, where a sequence links twice, and as EventProbabilities; Stopped where `stop` asks
/// for that.
[[nodiscard]] SequenceSet sequences_of(const RiskModel& model, std::uint32_t initiating_event,
                                       double mission_time, const StopRequest* stop = nullptr);

/// Σ factor × P(tree), with the probability of a static tree as the caller has it computed.
[[nodiscard]] double probability_of(const ReachedSequence& sequence,
                                    const std::function<double(const FaultTree&)>& probability_of_tree);

/// Draws the uncertain parameters of a sequence set; any number of threads may ask at once.
class SequenceSampler {
  public:
    SequenceSampler(const RiskModel& model, const SequenceSet& set, double mission_time);

    /// The sequence, one of the set, with probabilities and factors of one trial instead of the mean, each in
    /// [0, 1]; conditions are not decided anew. Throws RiskModelError as EventProbabilities::sample.
    [[nodiscard]] ReachedSequence sample(const ReachedSequence& sequence, const DeviateDraws& draws) const;

  private:
    std::size_t events_ = 0;
    std::vector<EventProbabilities> evaluators_;  // by flavour
};

}  // namespace venturi
