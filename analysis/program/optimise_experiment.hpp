// The search for the best investment mix as an experiment: what decides its files, and the files.
#pragma once

#include "analysis/experiments/optimum_sensitivity.hpp"
#include "analysis/optimiser/world_mix_search.hpp"
#include "analysis/optimiser/world_problem.hpp"
#include "analysis/optimiser/world_race.hpp"
#include "analysis/optimiser/world_variants.hpp"
#include "analysis/program/program.hpp"
#include "analysis/report/failures.hpp"
#include "analysis/report/manifest.hpp"
#include "analysis/report/mix_report.hpp"
#include "analysis/report/progress_bar.hpp"
#include "scenarios/scenario.hpp"
#include "sim/ensemble/journal.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace venturi {

struct OptimiseExperiment {
    Scenario scenario;
    Replay replay = {};
    std::string group = {};      ///< of startups, by name
    std::string objective = {};  ///< by name
    double aversion = 1;         ///< of `crra_proceeds`
    std::string who = {};        ///< one of who_names()
    std::string method = {};     ///< one of mix_search_method_names()
    MixDescent descent = {};
    bool by_stage = false;
    MixRows start = {};
    double floor = 0.01;
    double step = 1;
    double step_length = 1;
    std::uint64_t budget = 480;
    std::uint32_t trajectories = 0;  ///< for each gradient or point; 0: as suits the budget
    std::uint64_t check = 400;       ///< trajectories that measure the result
    std::uint64_t flatness = 0;      ///< trajectories that measure how flat it is; 0: not at all
    std::uint64_t price = 0;         ///< trajectories that measure a dollar's price; 0: not at all
    std::uint64_t sensitivity = 0;   ///< parameters that are set to both ends of their ranges; 0: none
    std::vector<std::string> uncertain = {};  ///< globs of the parameters that these are among; empty: all
    /// Of a result that is made again: as far as it came.
    std::uint64_t steps = std::numeric_limits<std::uint64_t>::max();
    bool has_answer = true;  ///< whether it came to an equilibrium's certificate, or to the race
};

struct OptimiseOutcome {
    std::unique_ptr<WorldProblem> problem;
    MixSearchResult found = {};
    MixMeasurement measured = {};
    std::vector<FlatnessPoint> flatness = {};
    std::optional<Deviation> deviation = {};  ///< of an equilibrium
    std::optional<MixRace> race = {};
    std::optional<ShadowPrice> price = {};
    std::optional<OptimumSensitivity> sensitivity = {};
    bool interrupted = false;

    /// Of searches and measurements, but for the flatness.
    [[nodiscard]] std::uint64_t forward_runs() const {
        return found.forward_runs + measured.forward_runs + (deviation ? deviation->forward_runs : 0)
               + (race ? race->forward_runs + race->forward_runs_of_measurement : 0)
               + (price ? price->forward_runs : 0) + (sensitivity ? sensitivity->forward_runs : 0);
    }
    [[nodiscard]] std::uint64_t failed() const {
        return found.tally.failed + measured.failed + (deviation ? deviation->failed : 0)
               + (race ? race->failed : 0) + (price ? price->failed : 0);
    }
};

/// "everyone", "one", "equilibrium", "compare".
[[nodiscard]] std::vector<std::string> who_names();

/// The group of startups of that name, or the first that is modelled inside where it is empty. Throws
/// InputError, naming the option, where there is none.
[[nodiscard]] std::uint32_t group_with_mix(const Scenario& scenario, const std::string& name);

/// The objective of that name. Throws InputError with the option and the nearest name.
[[nodiscard]] WorldObjective objective_named(const std::string& name, double aversion,
                                             const std::string& option = "--objective");

/// The rows that a text asks for: "scenario", "equal", or "technology=40%,data=20%,...", for all rows alike.
/// Throws InputError.
[[nodiscard]] MixRows mix_rows_named(const std::string& option, const std::string& text,
                                     const WorldProblem& problem, std::size_t rows);

/// What is to be told of such a text where its shares do not sum to 100%, in a line; empty where they do.
[[nodiscard]] std::string note_of_sum(const std::string& option, const std::string& text);

/// The rows of a manifest's shares; nothing where they are none.
[[nodiscard]] std::optional<MixRows> rows_of_manifest(const std::vector<double>& shares);

[[nodiscard]] std::unique_ptr<WorldProblem> problem_of(const OptimiseExperiment& experiment);
[[nodiscard]] MixSearchOptions search_options_of(const OptimiseExperiment& experiment);

/// A stop keeps what the search has found, and measures that on fewer trajectories; with a journal the same
/// experiment goes on from there, as though it had never been stopped. Throws InputError where
/// the budget is too small.
[[nodiscard]] OptimiseOutcome run_experiment(const OptimiseExperiment& experiment, int threads,
                                             const StopRequest& stop, ProgressStyle style,
                                             const Streams& streams, const Journal* journal = nullptr);

/// How the sensitivity of its optimum is measured: a fifth of the budget for each search, a quarter of the
/// check.
[[nodiscard]] OptimumSensitivityOptions sensitivity_options_of(const OptimiseExperiment& experiment);

/// Refers to both, which have to outlive it.
[[nodiscard]] MixResults results_of(const OptimiseExperiment& experiment, const OptimiseOutcome& outcome);

/// What any search for a mix was asked, as the manifest has it, but for its start and what it came to.
[[nodiscard]] nlohmann::ordered_json search_settings_json(const OptimiseExperiment& experiment);
/// The inverse. Throws InputError, naming the file, where no search was ever asked that.
[[nodiscard]] OptimiseExperiment searched_experiment_of(const Manifest& manifest, Scenario scenario,
                                                        const std::string& file);

/// The files of its result but for the manifest: the same bytes for the same experiment and version.
[[nodiscard]] ResultFiles files_of(const OptimiseExperiment& experiment, const OptimiseOutcome& outcome);

[[nodiscard]] nlohmann::ordered_json settings_json(const OptimiseExperiment& experiment,
                                                   const OptimiseOutcome& outcome);
/// The inverse, for a scenario as the manifest has it.
[[nodiscard]] OptimiseExperiment optimise_experiment_of(const Manifest& manifest, Scenario scenario,
                                                        const std::string& file);

}  // namespace venturi
