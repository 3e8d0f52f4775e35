// How much each basic event matters to the top event, for all of them at once.
#pragma once

#include "agents/risk/exact_probability.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <span>

namespace venturi {

/// The importance of a basic event e of probability p to the top event f, as the tools of the Open-PSA format
/// define it. A ratio of something to nothing is infinite, of nothing to nothing not a number: so where
/// P(f) = 0 all but `birnbaum` are, but the achievement worth of an event that alone makes f possible.
struct Importance {
    double birnbaum = 0;     ///< P(f | e) − P(f | not e) = ∂P(f) / ∂p, the marginal importance
    double criticality = 0;  ///< p · birnbaum / P(f)
    double diagnostic = 0;   ///< P(e | f) = p · P(f | e) / P(f)
    double risk_achievement_worth = 0;  ///< P(f | e) / P(f)
    double risk_reduction_worth = 0;    ///< P(f) / P(f | not e); infinite of an event that f can't do without
};

/// Of every basic event. Shapes: `event_probabilities` (in [0, 1]) and `result` as the tree's basic_events.
/// Events that the top doesn't depend on have `birnbaum` 0 and P(f | e) = P(f).
///
/// Two sweeps over the nodes, the one of `probability` from the leaves and one from the top, which sums over
/// all paths; conditional probabilities are sums of positive products and exact to some 1e-15 of themselves.
/// O(nodes · log variables); allocates nothing with a scratch that has been used before. Throws Stopped where
/// `stop` asks for that.
void importance(const SolvedFaultTree& tree, std::span<const double> event_probabilities,
                EvaluationScratch& scratch, std::span<Importance> result, const StopRequest* stop = nullptr);

}  // namespace venturi
