#include "analysis/program/sensitivity_experiment.hpp"

#include "analysis/program/memory_guard.hpp"
#include "analysis/program/shown_progress.hpp"
#include "analysis/report/netcdf_writer.hpp"
#include "analysis/statistics/memory_need.hpp"
#include "sim/ensemble/pipeline.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <utility>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_coordinates_of_indices = 500;

std::vector<DesignFactor> kept_factors(const SensitivityExperiment& experiment,
                                       const SensitivityOutcome& outcome) {
    std::vector<DesignFactor> factors;
    for (const std::size_t number : outcome.kept) factors.push_back(experiment.factors.factors[number]);
    if (coordinates_of(factors) > most_coordinates_of_indices)
        throw InputError(
            fmt::format("--keep: {} coordinates are too many for Sobol points\n  legal here: up to {}",
                        coordinates_of(factors), most_coordinates_of_indices));
    return factors;
}

/// What --set gives stays so, unless it is asked for by its own name.
void hold_what_is_set(SensitivityExperiment& experiment) {
    const auto is_held = [&](const DesignFactor& factor) {
        const auto is_named = [&](const std::string& text) {
            return text == factor.path || text.starts_with(factor.path + "=");
        };
        return std::ranges::any_of(experiment.replay.settings,
                                   [&](const std::string& setting) {
                                       return setting.starts_with(factor.path + "=")
                                              || (factor.is_mix() && setting.starts_with(factor.path + "."));
                                   })
               && std::ranges::none_of(experiment.parameters, is_named)
               && std::ranges::none_of(experiment.over, is_named);
    };
    auto& factors = experiment.factors.factors;
    for (const DesignFactor& factor : factors)
        if (is_held(factor))
            experiment.factors.without_range.push_back({factor.path, "it is given by --set"});
    std::erase_if(factors, is_held);
}

}  // namespace

Ending SensitivityOutcome::ending() const {
    const bool interrupted =
        screening.stage.ending == Ending::interrupted || shares.stage.ending == Ending::interrupted;
    return interrupted ? Ending::interrupted : screening.stage.ending;
}

void find_factors(SensitivityExperiment& experiment, int threads) {
    experiment.factors = sensitivity_factors(experiment.base, experiment.parameters, experiment.over);
    hold_what_is_set(experiment);
    for (const DesignFactor& factor : experiment.factors.factors)
        if (!factor.levels.empty() && !factor.listed)
            throw InputError(fmt::format(
                "--over '{}': sensitivity takes the whole range, not so many values\n  legal here: "
                "the range without ':n', or a list",
                factor.path));
    if (experiment.factors.factors.empty())
        throw InputError(
            fmt::format("sensitivity: there is no parameter to move: {} of those that match are not read in "
                        "this scenario, "
                        "{} have no plausible range\n  legal here: other --parameters, or --over path=a..b",
                        experiment.factors.unread.size(), experiment.factors.without_range.size()));
    const auto factors = static_cast<double>(experiment.factors.factors.size());
    expect_memory(bytes_of_sensitivity(factors, std::min(factors, static_cast<double>(experiment.keep)),
                                       static_cast<double>(experiment.observables.size()),
                                       static_cast<double>(experiment.paths),
                                       static_cast<double>(experiment.base_points),
                                       static_cast<double>(experiment.replications))
                      + resolve_threads(threads) * bytes_of_world(experiment.base.world),
                  "fewer --base-points, --paths, --keep or --observables");
}

SensitivityOutcome run_experiment(const SensitivityExperiment& experiment, int threads,
                                  const StopRequest& stop, ProgressStyle style, const Streams& streams,
                                  const Journal* journal) {
    SensitivityOutcome outcome;
    const WholeStages rows = experiment.whole.value_or(
        WholeStages{.paths = experiment.paths, .base_points = experiment.base_points});
    const auto run_with = [&](const char* stage, auto run_stage) {
        const Journal part = journal == nullptr ? Journal{} : journal->part(stage);
        ShownProgress progress(streams, style, fmt::format("histories of the {}", stage));
        run_stage(SensitivityRun{.replications = experiment.replications,
                                 .threads = threads,
                                 .stop = &stop,
                                 .progress = progress.hook(),
                                 .journal = journal == nullptr ? nullptr : &part});
        progress.finish();
    };
    run_with("screening", [&](const SensitivityRun& run) {
        outcome.screening = run_screening(experiment.base, experiment.factors.factors, experiment.observables,
                                          rows.paths, run);
    });
    // What was interrupted in its first stage had no second one.
    if (outcome.screening.stage.whole < experiment.paths) return outcome;
    outcome.kept = most_influential(outcome.screening, experiment.keep);
    if (outcome.kept.empty() || rows.base_points == 0) return outcome;
    const std::vector<DesignFactor> factors = kept_factors(experiment, outcome);
    if (style != ProgressStyle::silent)
        streams.err << fmt::format("{} of {} parameters go on to indices\n", outcome.kept.size(),
                                   experiment.factors.factors.size());
    run_with("indices", [&](const SensitivityRun& run) {
        outcome.shares =
            run_variance_shares(experiment.base, factors, experiment.observables, rows.base_points, run);
    });
    return outcome;
}

SensitivityResults results_of(const SensitivityExperiment& experiment, const SensitivityOutcome& outcome) {
    return {.base = experiment.base,
            .factors = experiment.factors,
            .observables = experiment.observables,
            .screening = outcome.screening,
            .kept = outcome.kept,
            .shares = outcome.shares,
            .replications = experiment.replications,
            .replay = experiment.replay};
}

ResultFiles files_of(const SensitivityResults& results) {
    ResultFiles files = tornado_pictures(results);
    files["design.csv"] = factors_csv(results);
    files["results.csv"] = indices_csv(results);
    files["variance.csv"] = variance_csv(results);
    files["screening.csv"] = screening_csv(results);
    files["experiment.nc"] = netcdf_bytes(sensitivity_dataset(results));
    return files;
}

std::uint64_t trajectories_of(const SensitivityExperiment& experiment, std::size_t kept) {
    return (experiment.paths * (experiment.factors.factors.size() + 1) + experiment.base_points * (kept + 2))
           * experiment.replications;
}

Json settings_json(const SensitivityExperiment& experiment) {
    Json observables = Json::array();
    for (const TrajectoryObservable& observable : experiment.observables)
        observables.push_back(observable.name);
    return {{"command", "sensitivity"},
            {"scenario", std::filesystem::path(experiment.replay.scenario).filename().string()},
            {"set", experiment.replay.settings},
            {"parameters", experiment.parameters},
            {"over", experiment.over},
            {"observables", std::move(observables)},
            {"paths", experiment.paths},
            {"keep", experiment.keep},
            {"base_points", experiment.base_points},
            {"trajectories_per_point", experiment.replications}};
}

SensitivityExperiment sensitivity_experiment_of(const Manifest& manifest, Scenario scenario, int threads,
                                                const std::string& file) {
    const Json& settings = manifest.settings;
    const auto count = [&](const char* name) {
        return static_cast<std::size_t>(count_under(settings, name));
    };
    const auto reached = [&](const char* name) {
        return static_cast<std::size_t>(count_under(manifest.reached, name));
    };
    SensitivityExperiment experiment{
        .base = std::move(scenario),
        .parameters = texts_in(settings, "parameters"),
        .over = texts_in(settings, "over"),
        .observables = {},
        .paths = count("paths"),
        .keep = count("keep"),
        .base_points = count("base_points"),
        .replications = count("trajectories_per_point"),
        .replay = {.scenario = text_in(settings, "scenario"),
                   .seed = manifest.seed,
                   .settings = texts_in(settings, "set")},
        .whole = WholeStages{.paths = reached("whole_paths"), .base_points = reached("whole_base_points")}};
    for (const Json& name : settings.at("observables")) {
        const auto observable = find_trajectory_observable(name.get<std::string>());
        if (!observable) throw contradiction_in(file);
        experiment.observables.push_back(*observable);
    }
    const WholeStages& whole = *experiment.whole;
    const bool sound = !experiment.observables.empty() && experiment.keep > 0 && experiment.replications >= 2
                       && whole.paths > 0 && whole.paths <= experiment.paths
                       && whole.base_points <= experiment.base_points
                       && (whole.base_points == 0 || whole.paths == experiment.paths);
    if (!sound) throw contradiction_in(file);
    find_factors(experiment, threads);
    return experiment;
}

}  // namespace venturi
