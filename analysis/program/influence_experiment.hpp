// A measurement of the loop as an experiment: what decides its files, and the files.
#pragma once

#include "analysis/experiments/influence.hpp"
#include "analysis/program/program.hpp"
#include "analysis/report/manifest.hpp"
#include "analysis/report/progress_bar.hpp"
#include "sim/ensemble/journal.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace venturi {

struct InfluenceExperiment {
    Scenario scenario;
    std::vector<std::string> settings = {};  ///< that were changed in it, path=value each: for captions
    InfluenceOptions options;
    std::size_t drawn = 0;  ///< the number of the delay that is drawn
    int threads = 0;
};

/// A stop keeps what was complete.
[[nodiscard]] InfluenceOutcome run_experiment(const InfluenceExperiment& experiment, const StopRequest& stop,
                                              ProgressStyle style, const Streams& streams,
                                              const Journal* journal = nullptr);

/// The files of its result but for the manifest: the same bytes for the same scenario, seed and version.
[[nodiscard]] ResultFiles files_of(const InfluenceExperiment& experiment, const InfluenceOutcome& outcome);

}  // namespace venturi
