// A discovery as an experiment: what decides its files, and the files.
#pragma once

#include "analysis/experiments/discovery.hpp"
#include "analysis/program/program.hpp"
#include "analysis/program/sweep_experiment.hpp"
#include "analysis/report/checksum.hpp"
#include "analysis/report/manifest.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace venturi {

inline constexpr std::size_t fewest_discovery_resamples = 10;
inline constexpr std::size_t most_discovery_resamples = 10'000;

/// What is asked of a sweep.
struct DiscoverRequest {
    std::string where;  ///< the condition, as given
    double density = 0;
    std::size_t resamples = 200;  ///< from fewest_discovery_resamples to most_discovery_resamples
};

struct DiscoverExperiment {
    DiscoverRequest request;
    std::filesystem::path results;  ///< the sweep's folder
    SweepExperiment sweep;          ///< what its design is made of, and the design
    FileDigest means;               ///< of the sweep's results.csv, from which the points are
    OutcomeCondition condition;
    SweptPoints swept;
};

/// Reads what a sweep has left in a folder. Throws InputError where that is no result of a sweep, or the
/// condition can't be asked of it, its results.csv is another than its manifest knows, or the condition holds
/// at none or all of its points.
[[nodiscard]] DiscoverExperiment discover_experiment_in(const std::filesystem::path& results,
                                                        DiscoverRequest request);

[[nodiscard]] Discovery run_experiment(const DiscoverExperiment& experiment);

/// The files of its result but for the manifest: the same bytes for the same sweep, request and version.
[[nodiscard]] ResultFiles files_of(const DiscoverExperiment& experiment, const Discovery& discovery);

/// The setting of a manifest that says where the sweep's folder is, seen from the result's own.
inline constexpr const char* sweep_of_discovery = "results_seen_from_here";

/// A folder, seen from another: "../seed_cohort_sweep"; absolute where they have no root in common.
[[nodiscard]] std::string seen_from(const std::filesystem::path& folder, const std::filesystem::path& seen);

/// What decides the numbers beside the sweep's scenario, for the manifest of a result that will lie in
/// `result_folder`: from there the sweep is found again.
[[nodiscard]] nlohmann::ordered_json settings_json(const DiscoverExperiment& experiment,
                                                   const std::filesystem::path& result_folder);

/// The inverse, of a manifest that lies at `file`; the sweep's results.csv is read from where it was, seen
/// from there. Throws InputError where that is missing or has changed, or the manifest can't be, and what the
/// JSON library throws where something is missing in it.
[[nodiscard]] DiscoverExperiment discover_experiment_of(const Manifest& manifest, Scenario scenario,
                                                        const std::filesystem::path& file);

}  // namespace venturi
