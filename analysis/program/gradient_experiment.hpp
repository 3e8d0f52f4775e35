// Gradients of an objective in the investment mix as an experiment: what decides its files, and the files.
#pragma once

#include "analysis/optimiser/world_estimators.hpp"
#include "analysis/optimiser/world_gradient.hpp"
#include "analysis/optimiser/world_problem.hpp"
#include "analysis/program/program.hpp"
#include "analysis/report/failures.hpp"
#include "analysis/report/manifest.hpp"
#include "analysis/report/progress_bar.hpp"
#include "scenarios/scenario.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace venturi {

struct GradientExperiment {
    Scenario scenario;
    Replay replay = {};
    std::string group = {};
    std::string objective = {};
    double aversion = 1;
    std::string who = {};  ///< "everyone" or "one"
    bool by_stage = false;
    MixRows at = {};
    std::vector<std::string> estimators = {};  ///< of gradient_estimator_names()
    std::uint64_t trajectories = 64;           ///< of each estimator
    std::uint64_t reference = 0;               ///< trajectories that biases are measured by; 0: they are not
    std::uint64_t asked = 0;  ///< trajectories that were, where a run that was stopped is made again
};

/// How far an estimator's mean lies from long central differences with luck of their own.
struct GradientBias {
    std::vector<double> bias = {};             ///< shape: rows × 5
    std::vector<double> standard_errors = {};  ///< of both estimates together
};

struct EstimatedGradient {
    std::string name;
    std::string meaning;
    double length = 0;      ///< of a step
    bool is_of_all = true;  ///< of all companies together, as the reference is; else each one's own effect
    WorldGradient gradient = {};
    std::optional<GradientBias> bias = {};
    std::string why_not = {};  ///< it can't be had here
};

struct GradientOutcome {
    std::unique_ptr<WorldProblem> problem;
    std::vector<EstimatedGradient> all = {};
    std::optional<WorldGradient> reference = {};
    double reference_length = 0;
    bool interrupted = false;

    [[nodiscard]] std::uint64_t forward_runs() const;
    [[nodiscard]] std::uint64_t failed() const;
    [[nodiscard]] std::string first_failure() const;
};

/// What a search may go by, the likelihood ratio, and those that no world offers.
[[nodiscard]] std::vector<std::string> gradient_estimator_names();

/// A stop keeps the trajectories that are whole of the estimator under way.
[[nodiscard]] GradientOutcome run_experiment(const GradientExperiment& experiment, int threads,
                                             const StopRequest& stop, ProgressStyle style,
                                             const Streams& streams);

/// Where an assumption fails that an estimate rests on, in a sentence each.
[[nodiscard]] std::vector<std::string> gradient_warnings(const GradientExperiment& experiment,
                                                         const GradientOutcome& outcome);

/// gradient.csv and estimators.csv.
[[nodiscard]] ResultFiles files_of(const GradientExperiment& experiment, const GradientOutcome& outcome);

[[nodiscard]] nlohmann::ordered_json settings_json(const GradientExperiment& experiment,
                                                   const GradientOutcome& outcome);
/// The inverse, for a scenario as the manifest has it; of an interrupted result as far as it came.
[[nodiscard]] GradientExperiment gradient_experiment_of(const Manifest& manifest, Scenario scenario,
                                                        const std::string& file);

}  // namespace venturi
