#include "analysis/statistics/restricted_mean.hpp"

#include <cstddef>
#include <vector>

namespace venturi {

double restricted_mean(const SurvivalCounts& counts) {
    const std::vector<SurvivalPoint> curve = counts.curve();
    double area = 0;
    for (std::size_t edge = 1; edge < curve.size(); ++edge)
        area += (curve[edge].survival + curve[edge - 1].survival) / 2 * counts.cell_width();
    return area;
}

}  // namespace venturi
