#include "analysis/experiments/climate_control.hpp"

#include <cmath>
#include <cstddef>
#include <optional>

namespace venturi {

namespace {

/// What interventions hold at a month, as far as it is known beforehand: of several the one that began last.
std::optional<Climate> held_at(const std::vector<Intervention>& interventions, double month) {
    std::optional<Climate> held;
    double since = -1;
    for (const Intervention& each : interventions) {
        if (!each.at || !each.climate || *each.at > month || *each.at < since) continue;
        if (each.lasts && month >= *each.at + *each.lasts) continue;
        held = each.climate;
        since = *each.at;
    }
    return held;
}

/// Expected months of warm less those of cold that are yet to be seen, by the chain's climate.
struct Outlook {
    double cold = 0;
    double normal = 0;
    double warm = 0;

    /// One step earlier, by the implicit Euler method, which no rate makes unstable.
    void step_back(const ClimateParameters& chain, double step, bool is_seen) {
        const double gain = is_seen ? step : 0;
        const double cold_stays = 1 / (1 + step * chain.cold_to_normal);
        const double warm_stays = 1 / (1 + step * chain.warm_to_normal);
        const double to_cold = step * chain.normal_to_cold;
        const double to_warm = step * chain.normal_to_warm;
        const double coldest = (cold - gain) * cold_stays;
        const double warmest = (warm + gain) * warm_stays;
        normal = (normal + to_cold * coldest + to_warm * warmest)
                 / (1 + to_cold * (1 - step * chain.cold_to_normal * cold_stays)
                    + to_warm * (1 - step * chain.warm_to_normal * warm_stays));
        cold = coldest + step * chain.cold_to_normal * cold_stays * normal;
        warm = warmest + step * chain.warm_to_normal * warm_stays * normal;
    }
};

}  // namespace

ClimateWeights climate_weights(const ClimateParameters& chain, const std::vector<Intervention>& interventions,
                               double horizon) {
    constexpr double months = ClimateLuck::months_of_period;
    constexpr std::size_t steps = 60;  // of a half-year
    constexpr double step = months / steps;
    ClimateWeights weights{};
    Outlook outlook;
    const auto last = static_cast<std::size_t>(std::ceil(horizon / months));
    for (std::size_t period = last; period-- > 0;) {
        ClimateLuck::Change sum{};
        for (std::size_t i = steps; i-- > 0;) {
            const double month = months * static_cast<double>(period) + step * (static_cast<double>(i) + 0.5);
            if (month > horizon) continue;
            outlook.step_back(chain, step, !held_at(interventions, month));
            sum[0] += (outlook.cold - outlook.normal) / steps;
            sum[1] += (outlook.warm - outlook.normal) / steps;
        }
        if (period < weights.size()) weights[period] = sum;
    }
    return weights;
}

double weighted_luck(const ClimateLuck& luck, const ClimateWeights& weights) {
    double sum = 0;
    for (std::size_t period = 0; period < weights.size(); ++period)
        for (std::size_t i = 0; i < weights[period].size(); ++i)
            sum += luck.sums[period][i] * weights[period][i];
    return sum;
}

}  // namespace venturi
