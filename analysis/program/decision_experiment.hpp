// The search for the best decision as an experiment: a statistic other than a mean, constraints, parameters
// beside the mix, several scenarios. What decides its files, and the files.
#pragma once

#include "analysis/optimiser/world_decision_search.hpp"
#include "analysis/optimiser/world_question.hpp"
#include "analysis/program/optimise_experiment.hpp"
#include "analysis/report/decision_report.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace venturi {

/// What is asked beside what OptimiseExperiment says, as it is written.
struct DecisionText {
    std::vector<std::string> subject_to = {};  ///< constraints
    std::vector<std::string> over = {};        ///< parameters between bounds
    std::string robust_by = "worst";           ///< or "mean"
    bool keeps_mix = false;

    [[nodiscard]] bool asks_nothing() const { return subject_to.empty() && over.empty() && !keeps_mix; }
};

struct DecisionExperiment {
    OptimiseExperiment asked;  ///< `objective` may be a statistic; `flatness` are trajectories for prices too
    DecisionText text = {};
    std::vector<NamedScenario> robust = {};  ///< beside the scenario itself
    WorldQuestion question = {};             ///< what all of these come to
    std::vector<std::string> stages = {};    ///< of the mix's rows, where there are several
    optimiser::Vector start = {};
    bool has_flatness = true;  ///< or else a result that is made again came no further than prices
};

struct DecisionOutcome {
    DecisionSearchResult found = {};
    DecisionMeasurement measured = {};
    std::vector<DecisionFlatnessPoint> flatness = {};
    bool has_prices = false;  ///< what constraints cost was measured, as far as they bind
    bool interrupted = false;

    [[nodiscard]] std::uint64_t failed() const { return found.tally.failed + measured.failed; }
};

/// Fills `question`, `stages` and `start` by the rest; `start` is as mix_rows_named takes it, or empty where
/// `asked.start` has the rows. Throws InputError or ScenarioError where something is wrong: an objective or a
/// constraint that is none, bounds that leave no world, scenarios that don't go together.
void make_question(DecisionExperiment& experiment, const std::string& start);

[[nodiscard]] DecisionSearchOptions search_options_of(const DecisionExperiment& experiment);

/// A stop keeps what the search has found, and measures that on fewer trajectories. Throws InputError where
/// the budget is too small.
[[nodiscard]] DecisionOutcome run_experiment(const DecisionExperiment& experiment, int threads,
                                             const StopRequest& stop, ProgressStyle style,
                                             const Streams& streams, const Journal* journal = nullptr);

/// Refers to both, which have to outlive it.
[[nodiscard]] DecisionResults results_of(const DecisionExperiment& experiment,
                                         const DecisionOutcome& outcome);

/// The files of its result but for the manifest: the same bytes for the same experiment and version.
[[nodiscard]] ResultFiles files_of(const DecisionExperiment& experiment, const DecisionOutcome& outcome);

[[nodiscard]] nlohmann::ordered_json settings_json(const DecisionExperiment& experiment,
                                                   const DecisionOutcome& outcome);
/// Whether a manifest is of such an experiment.
[[nodiscard]] bool is_decision(const Manifest& manifest);
/// The inverse of `settings_json`, for a scenario as the manifest has it.
[[nodiscard]] DecisionExperiment decision_experiment_of(const Manifest& manifest, Scenario scenario,
                                                        const std::string& file);

}  // namespace venturi
