// How long a life lasts within the time that is looked at.
#pragma once

#include "sim/ensemble/survival.hpp"

#include <string_view>

namespace venturi {

inline constexpr std::string_view restricted_mean_observable = "restricted_mean_survival";

/// Restricted mean survival time: the mean time alive within the grid, in its units. It is the area under the
/// survival curve, by trapezoids (Royston and Parmar, BMC Medical Research Methodology 13, 2013). NaN where
/// the curve ends before the grid does.
[[nodiscard]] double restricted_mean(const SurvivalCounts& counts);

}  // namespace venturi
