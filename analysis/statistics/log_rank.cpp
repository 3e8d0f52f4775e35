#include "analysis/statistics/log_rank.hpp"

#include "sim/contract.hpp"

#include <cmath>
#include <cstddef>
#include <limits>

namespace venturi {

LogRank log_rank(const SurvivalCounts& one, const SurvivalCounts& other) {
    expects(one.cells() == other.cells() && one.cell_width() == other.cell_width(),
            "two groups are compared on the same grid");
    LogRank test;
    double variance = 0;
    auto at_risk_one = static_cast<double>(one.count());
    auto at_risk_other = static_cast<double>(other.count());
    for (std::size_t cell = 0; cell < one.cells(); ++cell) {
        const double at_risk = at_risk_one + at_risk_other;
        const auto died_other = static_cast<double>(other.deaths(cell));
        const double died = static_cast<double>(one.deaths(cell)) + died_other;
        if (died > 0) {
            const double part = at_risk_other / at_risk;
            test.observed += died_other;
            test.expected += died * part;
            if (at_risk > 1) variance += died * part * (1 - part) * (at_risk - died) / (at_risk - 1);
        }
        at_risk_one -= static_cast<double>(one.deaths(cell) + one.censored(cell));
        at_risk_other -= static_cast<double>(other.deaths(cell) + other.censored(cell));
    }
    const double gap = test.observed - test.expected;
    test.statistic = variance > 0 ? gap * gap / variance : std::numeric_limits<double>::quiet_NaN();
    // χ² with one degree of freedom is the square of a normal.
    test.p_value = std::erfc(std::sqrt(test.statistic / 2));
    return test;
}

}  // namespace venturi
