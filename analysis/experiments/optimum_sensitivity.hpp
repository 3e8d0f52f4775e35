// How the best investment mix moves with the parameters that nobody knows well, and what is lost by keeping
// the old one.
#pragma once

#include "analysis/experiments/design.hpp"
#include "analysis/optimiser/world_mix_search.hpp"
#include "scenarios/scenario.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace venturi {

/// An end of a parameter's plausible range.
struct ShiftedOptimum {
    std::string value = {};  ///< as --set takes it
    MixGain effect = {};     ///< on the objective, where the mix stays as it was
    MixRows mix = {};        ///< the best there, as far as was found from the old one on
    MixGain loss = {};       ///< what that brings there over the old mix; on fresh luck
    double distance = 0;     ///< half the sum of shares' changes, the mean over rows
};

struct ParameterShift {
    std::string path = {};
    std::string meaning = {};
    double screened = 0;  ///< |objective at one end − at the other| where it was chosen
    std::array<ShiftedOptimum, 2> ends = {};
};

struct OptimumSensitivity {
    std::vector<ParameterShift> parameters = {};  ///< the one that moves the objective most first
    std::size_t screened = 0;                     ///< parameters that were looked at
    std::vector<std::string> refused = {};        ///< an end of which is no world, or failed
    std::uint64_t forward_runs = 0;
    bool interrupted = false;  ///< then only the parameters that are whole are there
};

struct OptimumSensitivityOptions {
    std::vector<std::string> globs =
        {};                        ///< which parameters are uncertain, as sensitivity_factors reads them
    std::size_t parameters = 5;    ///< that are looked at closely
    std::uint64_t rough = 2;       ///< trajectories at each end of every parameter
    std::uint64_t screening = 8;   ///< of the eight times as many that seem to matter most
    std::uint64_t budget = 96;     ///< forward runs of a search at each end
    std::uint64_t check = 100;     ///< fresh trajectories of each end, three worlds each
    MixSearchOptions search = {};  ///< how the mix was found: floor, threads, seed, stop
    std::function<void(std::uint64_t done, std::uint64_t all)> progress = {};  ///< in forward runs
};

/// Parameters that the scenario reads and that have a plausible range, but for mixes and named choices, are
/// set to both ends of it with the same luck; the most effective ones, by the difference between the two, get
/// a search at either end that begins with the old mix. One at a time: what two of them do together is not
/// seen.
[[nodiscard]] OptimumSensitivity optimum_sensitivity(const Scenario& scenario, const MixQuestion& question,
                                                     const MixRows& mix,
                                                     const OptimumSensitivityOptions& options);

/// Forward runs that it takes for so many parameters that the scenario reads.
[[nodiscard]] std::uint64_t runs_of_optimum_sensitivity(std::size_t read,
                                                        const OptimumSensitivityOptions& options);

/// The parameters that it would screen. Throws ScenarioError where a glob matches nothing.
[[nodiscard]] std::vector<DesignFactor> uncertain_parameters(const Scenario& scenario,
                                                             const std::vector<std::string>& globs);

}  // namespace venturi
