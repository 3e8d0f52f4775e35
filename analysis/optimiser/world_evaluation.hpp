// Mixes side by side: the same histories lived by each, and what each brings over the first.
#pragma once

#include "analysis/optimiser/world_journal.hpp"
#include "analysis/optimiser/world_problem.hpp"
#include "sim/ensemble/ending.hpp"
#include "sim/ensemble/interval.hpp"
#include "sim/ensemble/progress.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace venturi {

/// How worlds are run. Results are the same to the bit on any number of threads.
struct WorldRun {
    std::uint64_t trajectories = 32;
    std::uint64_t first = 0;                 ///< number of the first
    std::optional<std::uint64_t> seed = {};  ///< the problem's where not given: another one is fresh luck
    bool controls = true;  ///< martingale controls, with coefficients from other trajectories
    int threads = 0;
    const StopRequest* stop = nullptr;
    std::function<void(const Progress&)> progress = {};  ///< in trajectories
    WorldJournal* journal = nullptr;                     ///< of what was lived already, where there is one
};

/// A mix to be tried, and where one company decides, that of the rest; the scenario's where not given.
struct WorldTrial {
    MixRows mix;
    MixRows rest = {};
};

/// What a mix brings over the first: means over trajectories of the paired difference.
struct WorldGain {
    double mean = 0;
    double standard_error = 0;
    Interval interval = {};        ///< 95%, Student's t
    double uncontrolled_mean = 0;  ///< without controls
    double uncontrolled_standard_error = 0;
};

struct WorldEvaluation {
    /// Shape: trials × trajectories completed. In trajectory t all trials have the same luck.
    std::vector<std::vector<double>> values;
    /// The difference from the first trial less its controls; the same shape.
    std::vector<std::vector<double>> differences;
    std::vector<WorldGain> gains = {};  ///< by trial; the first has none: zeros
    /// By funding stage: how many companies that decide came to it in the first trial.
    std::vector<std::uint64_t> companies_at = {};
    std::uint64_t completed = 0;
    std::uint64_t failed =
        0;  ///< trajectories left out, since one of the worlds threw, or had nothing to see
    std::string first_failure = {};
    std::uint64_t forward_runs = 0;  ///< lived to the horizon
    std::uint64_t events = 0;
    Ending ending = Ending::finished;  ///< interrupted: only the first trajectories are there
};

/// Lives trajectories first, first + 1, ... in each trial. Where one company decides it is, in trajectory t,
/// number t modulo their number, and a trajectory in which it is not founded is left out. Throws
/// ContractViolation where there is no trial or a mix is none; std::bad_alloc.
[[nodiscard]] WorldEvaluation evaluate(const WorldProblem& problem, const std::vector<WorldTrial>& trials,
                                       const WorldRun& run);

}  // namespace venturi
