#include "analysis/experiments/discovery.hpp"

#include <algorithm>

namespace venturi {

Discovery search_box(const SweptPoints& swept, const DiscoverySearch& search) {
    const BoxSearch box{.least_density = search.density};
    constexpr std::size_t least_points = 5;
    Discovery discovery{
        .found = find_box(swept.data, box),
        .stability = box_stability(swept.data, box, search.resamples, search.seed),
        .tree = regression_tree(swept.data.columns, swept.results,
                                {.least_points = std::max(least_points, swept.results.size() / 20)})};
    discovery.explained = explained_by(discovery.tree, swept.results);
    return discovery;
}

}  // namespace venturi
