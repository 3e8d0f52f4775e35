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
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace venturi {

/// How a mix is looked for. `equilibrium`: where no company gains by leaving what the others do (see
/// world_race.hpp).
enum class MixSearchMethod : std::uint8_t {
    gradient,
    equilibrium,
    nelder_mead,
    random_search,
    response_surface
};

/// "gradient", "spsa", ... Equilibrium is asked for otherwise.
[[nodiscard]] std::vector<std::string> mix_search_method_names();

/// The method of one of these names; spsa is a gradient method of an estimator of its own (see MixDescent).
[[nodiscard]] MixSearchMethod mix_search_method_named(std::string_view name);

/// The search without gradients of that name; none of a method that goes along gradients. `trajectories` are
/// those of a point; 0: as suits the method.
[[nodiscard]] std::optional<optimiser::Method> direct_method(MixSearchMethod method, double step,
                                                             std::uint64_t budget,
                                                             std::uint32_t trajectories);

/// By which estimator, rule and map a gradient method goes: each with any.
struct MixDescent {
    /// One of mix_estimator_names(), or empty: log_ratio_steps_controls.
    std::string estimator = {};
    std::string rule = "normalised";  ///< one of mix_rule_names()
    std::string map = "log_ratio";    ///< one of mix_map_names()
};

/// Those of world_estimators.hpp, and "parameter_exploration": a mix of its own for each trajectory,
/// log-ratios normal around the point.
[[nodiscard]] std::vector<std::string> mix_estimator_names();
[[nodiscard]] std::vector<std::string> mix_rule_names();
[[nodiscard]] std::vector<std::string> mix_map_names();

/// The length of the first update that suits a rule and a map: a distance in log-ratios (or shares, for
/// projection) of rules whose steps have one, else a factor of the gradient.
[[nodiscard]] double usual_step(const MixDescent& descent);

struct MixSearchOptions {
    MixSearchMethod method = MixSearchMethod::gradient;
    MixDescent descent = {};
    WorldMixOptions world = {};
    MixRows start = {};              ///< as many rows as `world.rows`
    std::uint64_t budget = 480;      ///< forward runs
    std::uint32_t trajectories = 0;  ///< for each gradient or point; 0: as suits the budget
    double step = 1;                 ///< of the first update: see usual_step
    std::uint64_t seed = 0;
    std::uint64_t steps = std::numeric_limits<std::uint64_t>::max();  ///< at most
    std::function<void(const optimiser::Iteration&)> observer = {};
};

struct MixSearchResult {
    MixRows start = {};  ///< as given, above the floor
    MixRows mix = {};
    MixRows answer =
        {};  ///< of an equilibrium, a company's best answer to it; empty where none was looked for
    std::vector<optimiser::Iteration> log = {};
    std::uint64_t forward_runs = 0;
    optimiser::Ending ending = optimiser::Ending::budget_spent;
    WorldMixTally tally = {};
};

/// The forward runs of the first points of a method that looks at points alone; nothing for one by gradients.
/// `trajectories` are those of a point, 0 where the method chooses.
[[nodiscard]] std::optional<std::uint64_t> least_budget_of_points(MixSearchMethod method,
                                                                  std::uint64_t coordinates,
                                                                  std::uint32_t trajectories);

/// The least budget that a method can work with: one gradient, or its first points.
[[nodiscard]] std::uint64_t least_budget(const MixSearchOptions& options);

/// The same bits for the same problem and options on any number of threads. Throws std::invalid_argument
/// where the budget is too small or the floor leaves no mix, std::runtime_error where every history fails.
[[nodiscard]] MixSearchResult search_mix(const WorldProblem& problem, const MixSearchOptions& options);

/// The second half of all trajectories, from here on, is for measuring what the first has found.
inline constexpr std::uint64_t first_measured_trajectory = std::uint64_t{1} << 31;

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
    /// By funding stage: how many companies came to it with the best mix.
    std::vector<std::uint64_t> companies_at = {};
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
