// How one startup stands with those outside.
#pragma once

#include "agents/market/standing_parameters.hpp"

#include <algorithm>
#include <cmath>

namespace venturi {

/// All in [0, 1] but for reach. They move at planning meetings, by what relaxing since the last one has
/// brought, and stand still between.
struct Standing {
    double brand = 0;        ///< value of the brand
    double strategy = 0;     ///< clarity of strategy
    double positioning = 0;  ///< fit of the offer to the market
    double reach = 1;        ///< of marketing and sales, a seed-stage startup's spending being 1
};

/// What brand, strategy and positioning tend to.
[[nodiscard]] inline double brand_target(const StandingParameters& standing, double company_culture,
                                         double accounts) {
    return std::min(1.0,
                    standing.brand_by_culture * company_culture
                        + standing.brand_by_accounts * accounts / (accounts + standing.brand_accounts_scale));
}
[[nodiscard]] inline double strategy_target(const StandingParameters& standing, double brand) {
    return std::min(1.0, standing.strategy_base + standing.strategy_by_brand * brand);
}

/// Where the standing is after `months` at the targets that hold now: brand first, strategy then, positioning
/// last.
[[nodiscard]] inline Standing moved(const Standing& before, const StandingParameters& standing, double months,
                                    double company_culture, double accounts) {
    const auto relax = [&](double value, double target, double pace) {
        return target + (value - target) * std::exp(-pace * months);
    };
    Standing after = before;
    after.brand = relax(before.brand, brand_target(standing, company_culture, accounts), standing.brand_pace);
    after.strategy = relax(before.strategy, strategy_target(standing, before.brand), standing.strategy_pace);
    after.positioning = relax(before.positioning, before.strategy, standing.positioning_pace);
    return after;
}

}  // namespace venturi
