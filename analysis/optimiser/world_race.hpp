// The race: what companies do where each decides for itself, what that costs all of them, and what one of
// them gains by leaving the others.
#pragma once

#include "analysis/optimiser/world_mix_search.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <string>

namespace venturi {

/// What a company gains that alone leaves the others' mix for its answer to it.
struct Deviation {
    MixRows others = {};
    MixRows answer = {};
    MixGain gain = {};  ///< of a company that leaves, in its own objective; on fresh luck
    std::uint64_t completed =
        0;  ///< trajectories, of `leavers_of_trajectory` companies that leave one by one
    std::uint64_t failed = 0;
    std::string first_failure = {};
    std::uint64_t forward_runs = 0;
    Ending ending = Ending::finished;
};

/// Companies of a trajectory that leave, each in a world of its own beside the one in which none does.
inline constexpr std::uint64_t leavers_of_trajectory = 4;

/// Where nobody gains by leaving the others' mix, by damped best response (best_response.hpp): of each
/// company's own effect, which exploration sees in two worlds. Three quarters of the budget are for the
/// rounds, the rest for an answer to their end: `answer`. Throws std::invalid_argument where the budget is
/// too small or the objective is of the whole world. The same bits on any number of threads.
[[nodiscard]] MixSearchResult search_equilibrium(const WorldProblem& problem,
                                                 const MixSearchOptions& options);

/// One company's answer to a mix of the others, which has the rows of `options.world`: the best within a step
/// of `options.step` in log-ratios to a linear model of its own effect, for which all explore around that
/// mix. Further steps would see one company at a time among the others, and went astray by their noise.
/// Throws as above.
[[nodiscard]] MixSearchResult search_answer(const WorldProblem& problem, const MixRows& others,
                                            const MixSearchOptions& options);

/// On fresh luck, in pairs: the mean over companies that leave, each by itself, with its 95% interval.
[[nodiscard]] Deviation measure_deviation(const WorldProblem& problem, const MixRows& others,
                                          const MixRows& answer, const WorldMixOptions& world,
                                          std::uint64_t trajectories, std::uint64_t seed,
                                          const std::function<void(const Progress&)>& progress = {});

/// The three ways to decide, side by side.
enum class RaceEntry : std::uint8_t { everyone, one, equilibrium };
inline constexpr std::array<const char*, 3> race_entry_names = {"everyone", "one", "equilibrium"};

struct RaceColumn {
    MixRows mix = {};
    double value = 0;  ///< of the objective where all companies have it, on fresh luck
    double standard_error = 0;
    MixGain over_start = {};  ///< where all have it, over the start that all have
    /// Of one company that leaves alone: from the start for `one`, from `everyone`'s and `equilibrium`'s for
    /// the best answer that was found.
    Deviation leaving = {};
};

struct MixRace {
    std::array<RaceColumn, 3> columns = {};  ///< by RaceEntry
    MixRows start = {};
    /// What all together gain by everyone's mix over the equilibrium: paired, on fresh luck.
    MixGain cost = {};
    std::uint64_t forward_runs = 0;  ///< of the searches beside the first
    std::uint64_t forward_runs_of_measurement = 0;
    std::uint64_t completed = 0;
    std::uint64_t failed = 0;
    std::string first_failure = {};
    bool interrupted = false;  ///< then nothing else is to be read

    [[nodiscard]] const RaceColumn& of(RaceEntry entry) const {
        return columns[static_cast<std::size_t>(entry)];
    }
};

/// Beside a search for everyone that has ended: the same budget for one company alone against the start, for
/// the equilibrium, and a quarter of it for an answer to everyone's mix; then `trajectories` fresh ones in
/// which all have each mix, and half that many for each deviation.
[[nodiscard]] MixRace run_race(const WorldProblem& problem, const MixSearchResult& everyone,
                               const MixSearchOptions& options, std::uint64_t trajectories,
                               const std::function<void(const optimiser::Iteration&)>& observer = {});

}  // namespace venturi
