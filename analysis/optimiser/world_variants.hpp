// Mixes in several worlds side by side, which differ in a parameter and share their luck; and what a dollar
// more at the start is worth.
#pragma once

#include "analysis/optimiser/world_mix_search.hpp"
#include "scenarios/scenario.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace venturi {

/// A mix that all companies have in one of several worlds.
struct VariantTrial {
    const WorldProblem* problem = nullptr;  ///< not null
    MixRows mix = {};
};

/// Two trials, by their number, whose difference is asked for.
struct VariantPair {
    std::size_t changed = 0;
    std::size_t base = 0;
};

struct VariantEvaluation {
    std::vector<std::vector<double>> values;  ///< shape: trials × trajectories completed
    std::vector<MixGain> gains = {};          ///< by pair, less controls
    std::uint64_t completed = 0;
    std::uint64_t failed = 0;
    std::string first_failure = {};
    std::uint64_t forward_runs = 0;
    Ending ending = Ending::finished;
};

/// Lives each trajectory in all trials, company by company with the same luck. Controls are taken off where
/// both worlds of a pair have as many companies, with coefficients from other trajectories. Throws
/// ContractViolation where there is no trial; std::bad_alloc.
[[nodiscard]] VariantEvaluation evaluate_variants(const std::vector<VariantTrial>& trials,
                                                  const std::vector<VariantPair>& pairs, const WorldRun& run);

/// What more money at the start is worth where the mix is the best: from seed rounds that are a part larger,
/// and as much smaller, for all companies of the group.
struct ShadowPrice {
    double part = 0;          ///< of the seed round, up and down
    double more_money = 0;    ///< dollars a company between the two
    MixGain gain = {};        ///< of the objective between the two
    MixGain of_million = {};  ///< the same for $1M more each: the price
    std::uint64_t completed = 0;
    std::uint64_t failed = 0;
    std::string first_failure = {};
    std::uint64_t forward_runs = 0;
    Ending ending = Ending::finished;
};

/// On fresh luck. Throws std::invalid_argument where seed rounds have no mean.
[[nodiscard]] ShadowPrice measure_shadow_price(const Scenario& scenario, const WorldProblem& problem,
                                               const MixRows& mix, const WorldMixOptions& world,
                                               std::uint64_t trajectories, std::uint64_t seed,
                                               const std::function<void(const Progress&)>& progress = {});

/// x times as much of everything.
[[nodiscard]] Distribution scaled(const Distribution& distribution, double factor);

/// A mean with its standard error and 95% interval by Student's t; NaN where there are too few.
[[nodiscard]] MixGain gain_of_differences(const std::vector<double>& differences);

}  // namespace venturi
