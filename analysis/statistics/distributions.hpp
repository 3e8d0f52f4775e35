// Distributions over named categories that are observed of a world: how many ties startups have, at what age
// ties end, how many fail at once, who moves where.
#pragma once

#include "agents/world_parameters.hpp"
#include "analysis/statistics/observables.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace venturi {

/// A number for each of some categories, of a trajectory, at its horizon. Without categories where a world
/// has nothing of the kind.
struct DistributionObservable {
    std::string_view name;
    Dimension dimension;
    std::string_view meaning;
    std::string_view category;  ///< what the categories are
    std::vector<std::string> (*categories)(const WorldParameters&);
    void (*measure)(const PlainWorld&, std::span<double>);  ///< shape: categories
};

[[nodiscard]] std::span<const DistributionObservable> distribution_observables();

}  // namespace venturi
