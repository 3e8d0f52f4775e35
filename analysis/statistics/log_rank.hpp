// Whether two groups of lives end at the same rate.
#pragma once

#include "sim/ensemble/survival.hpp"

namespace venturi {

/// The test and what it is made of.
struct LogRank {
    double observed = 0;  ///< deaths in the second group
    double expected = 0;  ///< if both had the same hazard
    double statistic =
        0;  ///< (observed − expected)² / variance: χ² with one degree of freedom; NaN without deaths
    double p_value = 0;
};

/// The log-rank test of Mantel, Cancer Chemotherapy Reports 50 (1966), of independent lives, with the
/// hypergeometric variance; deaths within a cell of the grid are ties. Companies that share a world are not
/// independent: a comparison asks `differences` instead. Throws ContractViolation where the grids differ.
[[nodiscard]] LogRank log_rank(const SurvivalCounts& one, const SurvivalCounts& other);

}  // namespace venturi
