// The funding climate as a continuous-time Markov chain: its generator, asked rather than hidden in a
// handler.
#pragma once

#include "agents/environment/environment_parameters.hpp"

#include <array>

namespace venturi {

/// Rate of leaving `climate`, per month.
[[nodiscard]] inline double exit_rate(const ClimateParameters& chain, Climate climate) {
    switch (climate) {
        case Climate::cold:
            return chain.cold_to_normal;
        case Climate::normal:
            return chain.normal_to_cold + chain.normal_to_warm;
        case Climate::warm:
            return chain.warm_to_normal;
    }
    return 0;
}

/// Where the chain goes when it leaves `climate`; `u` is uniform on [0, 1).
[[nodiscard]] inline Climate next_climate(const ClimateParameters& chain, Climate climate, double u) {
    if (climate != Climate::normal) return Climate::normal;
    return u * (chain.normal_to_cold + chain.normal_to_warm) < chain.normal_to_cold ? Climate::cold
                                                                                    : Climate::warm;
}

/// The law in which the chain stays once it is in it, starting from normal: probabilities of cold, normal and
/// warm, by detailed balance. A climate that is never left gathers all the mass; where both outer ones are
/// never left, they share it as normal is left for them. Where nothing moves the law is all on normal.
[[nodiscard]] inline std::array<double, 3> stationary_law(const ClimateParameters& chain) {
    // Unnormalised weights with every denominator multiplied out, so that a rate of zero is no special case;
    // a climate that is never entered has no say.
    const double leaves_cold = chain.normal_to_cold > 0 ? chain.cold_to_normal : 1;
    const double leaves_warm = chain.normal_to_warm > 0 ? chain.warm_to_normal : 1;
    double cold = chain.normal_to_cold * leaves_warm;
    const double normal = leaves_cold * leaves_warm;
    double warm = chain.normal_to_warm * leaves_cold;
    if (!(cold + normal + warm > 0)) {
        cold = chain.normal_to_cold;
        warm = chain.normal_to_warm;
    }
    const double total = cold + normal + warm;
    return {cold / total, normal / total, warm / total};
}

/// By how much being cold, and being warm, are expected to change in a month from `climate` on: the chain's
/// generator on the two indicators.
[[nodiscard]] inline std::array<double, 2> expected_change(const ClimateParameters& chain, Climate climate) {
    switch (climate) {
        case Climate::cold:
            return {-chain.cold_to_normal, 0};
        case Climate::normal:
            return {chain.normal_to_cold, chain.normal_to_warm};
        case Climate::warm:
            return {0, -chain.warm_to_normal};
    }
    return {};
}

}  // namespace venturi
