// The most probable sets of a family of cut sets, in order, without the others.
#pragma once

#include "agents/risk/cut_sets.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace venturi {

/// Which sets are listed: those that pass all three.
struct ListingLimits {
    double least_probability = 0;                                             ///< in [0, 1]
    std::uint32_t most_literals = std::numeric_limits<std::uint32_t>::max();  ///< the order of a set
    std::size_t number = 1000;
    const StopRequest* stop = nullptr;  ///< throws Stopped where it asks for that
};

struct ListedCutSet {
    double probability = 0;                   ///< product of the literals' probabilities
    std::vector<EventLiteral> literals = {};  ///< by event
};

/// The most probable sets first, equally probable ones by fewer literals, then by their literals. `number`
/// cuts at whole sets: of sets whose probabilities agree to 1e-9 of themselves, those at the border that are
/// kept are the same in every run, but not told apart by the order above. Shape: event_probabilities as the
/// tree's basic_events, each in [0, 1].
///
/// Each node of the family keeps the ranking of its sets as far as somebody asked, which is the merger of its
/// two children's: Jiménez and Marzal, "Computing the K shortest paths: a new algorithm and an experimental
/// comparison", 3rd International Workshop on Algorithm Engineering (1999). O(nodes + number · length of a
/// path), whatever the number of sets.
[[nodiscard]] std::vector<ListedCutSet> list_cut_sets(const CutSets& sets,
                                                      std::span<const double> event_probabilities,
                                                      const ListingLimits& limits = {});

}  // namespace venturi
