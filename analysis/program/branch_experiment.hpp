// Branches of a scenario as an experiment: what decides its files, and the files.
#pragma once

#include "analysis/experiments/branching.hpp"
#include "analysis/program/program.hpp"
#include "analysis/report/manifest.hpp"
#include "analysis/report/progress_bar.hpp"
#include "sim/ensemble/journal.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace venturi {

struct BranchExperiment {
    BranchDesign design;
    std::string scenario;                        ///< as named on the command line
    std::vector<std::string> settings;           ///< "path=value" each, of the scenario
    std::vector<std::vector<std::string>> with;  ///< by future: names of files, or "path=value"
    std::vector<std::string> named;              ///< observables that are asked for; empty for all

    /// A future of which there is no world, and why not: it is left out, and the others go on.
    struct Impossible {
        std::string name;
        std::string reason;
    };
    std::vector<Impossible> impossible = {};
};

/// Runs every trajectory of the scenario's run. A stop keeps what was complete.
[[nodiscard]] BranchOutcome run_experiment(const BranchExperiment& experiment, int threads,
                                           const StopRequest& stop, ProgressStyle style,
                                           const Streams& streams, const Journal* journal = nullptr);

/// The files of its result but for the manifest: the same bytes for the same experiment and version.
[[nodiscard]] ResultFiles files_of(const BranchExperiment& experiment, const BranchOutcome& outcome);

/// What decides the numbers beside the scenario, for the manifest.
[[nodiscard]] nlohmann::ordered_json settings_json(const BranchExperiment& experiment);

/// The inverse, for a scenario as the manifest has it. Throws InputError where that can't be, and what the
/// JSON library throws where something is missing; `name` stands for the manifest.
[[nodiscard]] BranchExperiment branch_experiment_of(const nlohmann::ordered_json& settings, Scenario scenario,
                                                    const std::string& name);

/// The outcomes by their names; those that a design has where none is named: the headlines first, then the
/// other scalars and survival. Throws InputError with the nearest name where there is no such observable.
[[nodiscard]] std::vector<TrajectoryObservable> outcomes_named(const std::vector<std::string>& names);

}  // namespace venturi
