// What cut sets say of the top event's probability, and which events they blame: from all sets, none of which
// is listed. The exact probability (exact_probability.hpp) costs no more once a tree is solved; these are the
// field's customary approximations, to be shown beside it. All throw Stopped where `stop` asks for that.
#pragma once

#include "agents/risk/cut_sets.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <optional>
#include <span>
#include <vector>

namespace venturi {

/// The sum of the sets' probabilities, Σ P(C), which may exceed 1: the rare-event approximation, and the
/// first term of inclusion and exclusion. An upper bound of the top event's probability, for cut sets and for
/// prime implicants. Shape: event_probabilities as the tree's basic_events, each in [0, 1].
[[nodiscard]] double rare_event_approximation(const CutSets& sets,
                                              std::span<const double> event_probabilities,
                                              const StopRequest* stop = nullptr);

/// The probability that one of the sets comes about if they did so independently of each other, 1 − Π (1 −
/// P(C)). An upper bound of the top event's probability for minimal cut sets (Esary and Proschan, "Coherent
/// structures of non-identical components", Technometrics 5 (1963)), whether or not the tree is coherent; not
/// one for prime implicants, which can exclude each other.
///
/// Over all sets, by log Π = −Σ_k S_k / k with S_k = Σ P(C)^k, each in one sweep over the nodes; sets above
/// one half are taken out and multiplied one by one, so that the series ends after some fifty terms (mostly
/// after ten). Right to some 1e-15 of itself times the length of a path.
[[nodiscard]] double min_cut_upper_bound(const CutSets& sets, std::span<const double> event_probabilities,
                                         const StopRequest* stop = nullptr);

/// For every basic event e, Σ P(C) over the sets in which e happens, as a share of Σ P(C) over all sets: the
/// Fussell-Vesely importance in its rare-event form (Fussell, "How to hand-calculate system reliability and
/// safety characteristics", IEEE Transactions on Reliability 24 (1975); Vesely et al. (1983)). No
/// numbers where the latter is zero. Shape: as the tree's basic_events. Two sweeps.
[[nodiscard]] std::vector<double> fussell_vesely(const CutSets& sets,
                                                 std::span<const double> event_probabilities,
                                                 const StopRequest* stop = nullptr);

/// The same with 1 − Π (1 − P(C)) in place of both sums. Two sweeps for each term of the series. Nothing
/// where more than a thousand sets are more probable than one half, when both are 1 for all that matters.
[[nodiscard]] std::optional<std::vector<double>> fussell_vesely_of_bounds(
    const CutSets& sets, std::span<const double> event_probabilities, const StopRequest* stop = nullptr);

}  // namespace venturi
