// The best investment mix of a scenario: found on some luck, measured on luck that the search has never seen.
#pragma once

#include "analysis/optimiser/optimise.hpp"
#include "analysis/optimiser/world_evaluation.hpp"
#include "analysis/optimiser/world_mix_objective.hpp"
#include "analysis/optimiser/world_problem.hpp"
#include "sim/ensemble/interval.hpp"
#include "sim/ensemble/progress.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace venturi {

/// How a mix is looked for. `equilibrium`: each company follows its own gain while all are alike, until none
/// gains by leaving what the others do (damped best response).
enum class MixSearchMethod : std::uint8_t {
    gradient,
    equilibrium,
    nelder_mead,
    random_search,
    response_surface
};

/// "gradient", ... Empty for none: equilibrium is asked for otherwise.
[[nodiscard]] std::vector<std::string> mix_search_method_names();

struct MixSearchOptions {
    MixSearchMethod method = MixSearchMethod::gradient;
    WorldMixOptions world = {};
    MixRows start = {};              ///< as many rows as `world.rows`
    std::uint64_t budget = 480;      ///< forward runs
    std::uint32_t trajectories = 0;  ///< for each gradient or point; 0: as suits the budget
    double step = 1;                 ///< of the first update, in log-ratios
    std::uint64_t seed = 0;
    std::uint64_t steps = std::numeric_limits<std::uint64_t>::max();  ///< at most
    std::function<void(const optimiser::Iteration&)> observer = {};
};

struct MixSearchResult {
    MixRows start = {};  ///< as given, above the floor
    MixRows mix = {};
    std::vector<optimiser::Iteration> log = {};
    std::uint64_t forward_runs = 0;
    optimiser::Ending ending = optimiser::Ending::budget_spent;
    WorldMixTally tally = {};
};

/// The least budget that a method can work with: one gradient, or its first points.
[[nodiscard]] std::uint64_t least_budget(const MixSearchOptions& options);

/// The same bits for the same problem and options on any number of threads. Throws std::invalid_argument
/// where the budget is too small or the floor leaves no mix, std::runtime_error where every history fails.
[[nodiscard]] MixSearchResult search_mix(const WorldProblem& problem, const MixSearchOptions& options);

/// A mix beside the best one: what the best brings over it.
struct MixGain {
    double gain = 0;
    double standard_error = 0;
    Interval interval = {};  ///< 95%
};

/// What the found mix brings, on fresh luck: trajectories of which the search has seen none.
struct MixMeasurement {
    double value = 0;  ///< of the objective, with the best mix
    double standard_error = 0;
    MixGain over_start = {};
    MixGain over_equal_shares = {};
    std::uint64_t completed = 0;
    std::uint64_t failed = 0;
    std::string first_failure = {};
    std::uint64_t forward_runs = 0;
    Ending ending = Ending::finished;
};

[[nodiscard]] MixMeasurement measure_mix(const WorldProblem& problem, const MixSearchResult& found,
                                         const WorldMixOptions& world, std::uint64_t trajectories,
                                         std::uint64_t seed,
                                         const std::function<void(const Progress&)>& progress = {});

/// How the objective changes when one share is multiplied, and the others keep their ratios.
struct FlatnessPoint {
    std::size_t row = 0;
    std::size_t share = 0;
    double factor = 1;
    double value = 0;   ///< of the share then
    MixGain loss = {};  ///< of leaving the best mix for it: negative where it is worse
};

/// Along each share of each row, by factors from 1/4 to 4, on fresh luck.
[[nodiscard]] std::vector<FlatnessPoint> measure_flatness(
    const WorldProblem& problem, const MixRows& mix, const WorldMixOptions& world, std::uint64_t trajectories,
    std::uint64_t seed, const std::function<void(const Progress&)>& progress = {});

/// Equal shares in each row.
[[nodiscard]] MixRows equal_shares(std::size_t rows);

}  // namespace venturi
