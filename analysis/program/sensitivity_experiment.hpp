// A sensitivity analysis as an experiment: what decides its files, and the files.
#pragma once

#include "analysis/experiments/sensitivity.hpp"
#include "analysis/program/program.hpp"
#include "analysis/report/failures.hpp"
#include "analysis/report/manifest.hpp"
#include "analysis/report/progress_bar.hpp"
#include "analysis/report/sensitivity_report.hpp"
#include "sim/ensemble/ending.hpp"
#include "sim/ensemble/journal.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace venturi {

/// How much of both stages came to an end.
struct WholeStages {
    std::size_t paths = 0;
    std::size_t base_points = 0;
};

struct SensitivityExperiment {
    Scenario base;
    std::vector<std::string> parameters;  ///< as given
    std::vector<std::string> over;        ///< as given
    std::vector<TrajectoryObservable> observables;
    std::size_t paths = 0;
    std::size_t keep = 0;  ///< parameters that go on to indices, at most
    std::size_t base_points = 0;
    std::uint64_t replications = 0;  ///< trajectories at each place
    Replay replay = {};
    SensitivityFactors factors = {};
    /// Of an analysis that is made again: as far as it came.
    std::optional<WholeStages> whole = {};
};

struct SensitivityOutcome {
    Screening screening = {};
    std::vector<std::size_t> kept = {};  ///< of the factors, those that went on to indices
    VarianceShares shares = {};

    [[nodiscard]] std::uint64_t completed() const {
        return screening.stage.completed + shares.stage.completed;
    }
    [[nodiscard]] std::uint64_t failed() const { return screening.stage.failed + shares.stage.failed; }
    [[nodiscard]] std::uint64_t events() const { return screening.stage.events + shares.stage.events; }
    [[nodiscard]] Ending ending() const;
};

/// Makes `factors` of the other members. Throws ScenarioError where `over` is wrong or a glob matches
/// nothing, InputError where nothing can be moved, or both stages take more memory than there is on so many
/// threads.
void find_factors(SensitivityExperiment& experiment, int threads);

/// Runs both stages. A stop keeps whole paths and base points. Throws InputError where the parameters that
/// screening leaves have too many coordinates.
[[nodiscard]] SensitivityOutcome run_experiment(const SensitivityExperiment& experiment, int threads,
                                                const StopRequest& stop, ProgressStyle style,
                                                const Streams& streams, const Journal* journal = nullptr);

/// Refers to both, which have to outlive it.
[[nodiscard]] SensitivityResults results_of(const SensitivityExperiment& experiment,
                                            const SensitivityOutcome& outcome);

/// The files of its result but for the manifest: the same bytes for the same experiment and version.
[[nodiscard]] ResultFiles files_of(const SensitivityResults& results);

/// How many trajectories it takes where so many parameters go on to indices.
[[nodiscard]] std::uint64_t trajectories_of(const SensitivityExperiment& experiment, std::size_t kept);

/// What decides the numbers beside the scenario, for the manifest.
[[nodiscard]] nlohmann::ordered_json settings_json(const SensitivityExperiment& experiment);

/// The inverse, for a scenario as the manifest has it, as far as it came. Throws InputError where that can't
/// be, and what the JSON library throws where something is missing; `file` stands for the manifest.
[[nodiscard]] SensitivityExperiment sensitivity_experiment_of(const Manifest& manifest, Scenario scenario,
                                                              int threads, const std::string& file);

}  // namespace venturi
