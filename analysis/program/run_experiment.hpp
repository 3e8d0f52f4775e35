// A run as an experiment: what decides its files, and the files.
#pragma once

#include "analysis/program/program.hpp"
#include "analysis/report/manifest.hpp"
#include "analysis/report/progress_bar.hpp"
#include "analysis/statistics/cohort.hpp"
#include "analysis/statistics/published_comparison.hpp"
#include "sim/ensemble/journal.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace venturi {

struct RunExperiment {
    Scenario scenario;
    std::vector<std::string> settings = {};  ///< that were changed in it, path=value each: for captions
    KeptRows keep = {};
    bool compare_published = false;
    int threads = 0;
    /// Whether the main ensemble is precise enough; never, where left out.
    std::function<bool(const CohortStatistics&)> enough = {};
    /// Of a run that is made again: how many trajectories each of its ensembles tried.
    std::optional<std::vector<std::uint64_t>> tried = {};
};

struct RunOutcome {
    CohortOutcome main;  ///< the scenario as it is
    std::vector<Comparison> comparisons;
    std::vector<std::uint64_t> tried;  ///< by ensemble, the main one first: complete or failed
    bool any_failed = false;
    double seconds = 0;
    std::uint64_t trajectories = 0;  ///< over all ensembles
    std::uint64_t events = 0;
};

/// Told of each ensemble, its scenario and the overrides it has, before it begins and where some of its
/// trajectories failed.
struct RunObserver {
    std::function<void(const Scenario&, const ComparisonGroup&)> begins = [](const Scenario&,
                                                                             const ComparisonGroup&) {};
    std::function<void(const Scenario&, const ComparisonGroup&, const CohortOutcome&)> failed =
        [](const Scenario&, const ComparisonGroup&, const CohortOutcome&) {};
};

/// Runs the scenario's ensemble and, to compare with published figures, one for each set of overrides. A stop
/// keeps what was complete.
[[nodiscard]] RunOutcome run_experiment(const RunExperiment& experiment, const StopRequest& stop,
                                        ProgressStyle style, const Streams& streams,
                                        const RunObserver& observer = {}, const Journal* journal = nullptr);

/// The files of its result but for the manifest: the same bytes for the same scenario, seed and version.
[[nodiscard]] ResultFiles files_of(const RunExperiment& experiment, const RunOutcome& outcome);

}  // namespace venturi
