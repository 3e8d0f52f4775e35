#include "analysis/program/sweep_experiment.hpp"

#include "analysis/program/memory_guard.hpp"
#include "analysis/program/shown_progress.hpp"
#include "analysis/report/netcdf_writer.hpp"
#include "analysis/report/sweep_report.hpp"
#include "analysis/statistics/memory_need.hpp"
#include "sim/ensemble/pipeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace venturi {

namespace {

constexpr std::size_t most_coordinates = 1000;  // of Sobol's sequence

void expect_levels(const SweepExperiment& experiment, const std::vector<DesignFactor>& factors) {
    for (std::size_t i = 0; i < factors.size(); ++i) {
        const DesignFactor& factor = factors[i];
        const bool given = !factor.levels.empty();
        if (experiment.kind == DesignKind::grid && !given)
            throw InputError(fmt::format(
                "--over '{}': a grid needs to know how many values\n  legal here: {}={}:5, or "
                "--design latin or sobol with --points",
                experiment.over[i], factor.path,
                factor.is_mix() ? "simplex"
                                : fmt::format("{}..{}", factor.columns.front().text(factor.range.low),
                                              factor.columns.front().text(factor.range.high))));
        if (experiment.kind != DesignKind::grid && given && !factor.listed)
            throw InputError(fmt::format(
                "--over '{}': a {} design takes the whole range, as many points as --points says\n  legal "
                "here: the range without ':n', or --design grid",
                experiment.over[i], design_kind_names[static_cast<std::size_t>(experiment.kind)]));
    }
}

/// The scenario with each factor at its largest, for what a world takes.
Scenario largest_world(const Scenario& base, const std::vector<DesignFactor>& factors) {
    Design top{.factors = factors, .points = 1};
    for (const DesignFactor& factor : factors)
        for (std::size_t i = 0; i < factor.columns.size(); ++i) top.values.push_back(factor.range.high);
    return scenario_at(base, top, 0);
}

}  // namespace

void make_design(SweepExperiment& experiment, int threads) {
    std::vector<DesignFactor> factors = read_factors(experiment.base, experiment.over);
    expect_levels(experiment, factors);
    if (experiment.kind != DesignKind::grid && coordinates_of(factors) > most_coordinates)
        throw InputError(fmt::format("--over: {} parameters are too many\n  legal here: up to {}",
                                     factors.size(), most_coordinates));
    const double points = experiment.kind == DesignKind::grid ? points_of_grid(factors)
                                                              : static_cast<double>(experiment.points);
    std::size_t columns = 0;
    for (const DesignFactor& factor : factors) columns += factor.columns.size();
    expect_memory(
        bytes_of_design(points, columns, experiment.observables.size(),
                        static_cast<std::uint64_t>(experiment.base.run.trajectories))
            + resolve_threads(threads) * bytes_of_world(largest_world(experiment.base, factors).world),
        fmt::format("fewer points than {:.6g}, fewer --trajectories or --observables, or fewer --threads",
                    points));
    const auto seed = static_cast<std::uint64_t>(experiment.base.run.seed);
    switch (experiment.kind) {
        case DesignKind::grid:
            experiment.design = grid_design(std::move(factors));
            break;
        case DesignKind::latin:
            experiment.design = latin_design(std::move(factors), experiment.points, seed);
            break;
        case DesignKind::sobol:
            experiment.design = scrambled_design(std::move(factors), experiment.points, seed);
            break;
    }
}

DesignOutcome run_experiment(const SweepExperiment& experiment, int threads, const StopRequest& stop,
                             ProgressStyle style, const Streams& streams, const Journal* journal) {
    ShownProgress progress(streams, style, fmt::format("histories in {} points", experiment.design.points));
    DesignOutcome outcome =
        run_design(experiment.base, experiment.design, experiment.observables,
                   {.trajectories = static_cast<std::uint64_t>(experiment.base.run.trajectories),
                    .threads = threads,
                    .stop = &stop,
                    .progress = progress.hook(),
                    .journal = journal});
    progress.finish();
    return outcome;
}

ResultFiles files_of(const SweepExperiment& experiment, const DesignOutcome& outcome) {
    const SweepResults results{.base = experiment.base,
                               .design = experiment.design,
                               .is_grid = experiment.kind == DesignKind::grid,
                               .observables = experiment.observables,
                               .outcome = outcome,
                               .replay = experiment.replay};
    ResultFiles files = sweep_pictures(results);
    files["design.csv"] = design_csv(results);
    files["results.csv"] = sweep_csv(results);
    files["experiment.nc"] = netcdf_bytes(sweep_dataset(results));
    return files;
}

}  // namespace venturi
