// Under which parameters of a sweep something happens: a box of them, how firm it is, and a tree.
#pragma once

#include "analysis/experiments/design.hpp"
#include "analysis/statistics/prim.hpp"
#include "analysis/statistics/regression_tree.hpp"
#include "analysis/statistics/trajectory_value.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace venturi {

/// "share_dead > 0.8".
struct OutcomeCondition {
    TrajectoryObservable observable;
    std::string relation;  ///< `>`, `>=`, `<` or `<=`
    double threshold = 0;  ///< in the observable's unit

    [[nodiscard]] bool holds(double value) const {
        if (relation == ">") return value > threshold;
        if (relation == ">=") return value >= threshold;
        if (relation == "<") return value < threshold;
        return value <= threshold;
    }
};

/// The points of a sweep that have a result, and what was seen there.
struct SweptPoints {
    std::vector<DesignColumn> columns;
    BoxData data;                            ///< by column; `happened` by the condition
    std::vector<double> results;             ///< mean of the observable, by point
    std::size_t without = 0;                 ///< points that have none
    std::string scenario;                    ///< title
    std::vector<std::string> settings = {};  ///< that the sweep was made with, "path=value" each
};

struct DiscoverySearch {
    double density = 0;           ///< of the box, see `BoxSearch::least_density`
    std::size_t resamples = 200;  ///< how often the search is done anew
    std::uint64_t seed = 0;       ///< of the resamples
};

/// What has been found.
struct Discovery {
    FoundBox found;
    BoxStability stability;
    std::vector<TreeNode> tree;  ///< of the observable's mean
    double explained = 0;        ///< part of its variance between points that the tree explains
};

/// Throws ContractViolation where the condition holds at none of the points.
[[nodiscard]] Discovery search_box(const SweptPoints& swept, const DiscoverySearch& search);

}  // namespace venturi
