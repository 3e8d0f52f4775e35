#include "analysis/statistics/memory_need.hpp"

#include "analysis/statistics/cohort.hpp"
#include "analysis/statistics/distributions.hpp"
#include "analysis/statistics/observables.hpp"
#include "sim/ensemble/moments.hpp"
#include "sim/ensemble/pipeline.hpp"

#include <cmath>

namespace venturi {

double bytes_of_world(const WorldParameters& parameters) {
    // What a copy of a world allocates, see agents/README.md, and as much again for what grows meanwhile.
    constexpr double inside = 20e3;
    constexpr double outline = 4e3;
    constexpr double other_agent = 2e3;
    double bytes = 1e6;
    for (const StartupGroupParameters& group : parameters.startups)
        bytes += static_cast<double>(group.count) * (group.inside == Inside::outline ? outline : inside);
    for (const InvestorGroupParameters& group : parameters.investors)
        bytes += static_cast<double>(group.count) * other_agent;
    for (const InsurerGroupParameters& group : parameters.insurers)
        bytes += static_cast<double>(group.count) * other_agent;
    for (const PartnerGroupParameters& group : parameters.partners)
        bytes += static_cast<double>(group.count) * other_agent;
    return bytes;
}

MemoryNeed memory_need(const Scenario& scenario, int threads, const KeptRows& keep) {
    const ObservationGrid grid = grid_of(scenario);
    const auto points = static_cast<double>(grid.points());
    const auto series = static_cast<double>(series_observables().size());
    const auto scalars = static_cast<double>(scalar_observables().size());
    const auto trajectories = static_cast<double>(scenario.run.trajectories);
    constexpr double groups = 32;         // of a jackknife
    constexpr double usual_sketch = 6e3;  // some 700 bins
    double moments = scalars + points * series;
    for (const Observable& observable : distribution_observables())
        moments += static_cast<double>(observable.categories(scenario.world).size());
    const auto curves = 1.0 + static_cast<double>(no_group_results(scenario.world, {1, 1}).size());
    const double survival = curves * groups * 3 * 8 * (scenario.run.horizon + 1);
    const double pooled = static_cast<double>(pooled_observables().size()) * groups * usual_sketch;
    const double accumulator = static_cast<double>(sizeof(Moments)) * moments + survival + pooled;
    const double workers = resolve_threads(threads);
    // One for each block on its way, one for each power of two of blocks that has been folded, and the
    // result.
    const double copies =
        static_cast<double>(slot_count(resolve_threads(threads))) + std::log2(trajectories + 1) + 4;
    constexpr double line_of_results = 200;
    double companies = 0;
    for (const StartupGroupParameters& group : scenario.world.startups)
        companies += static_cast<double>(group.count);
    // Companies as they are kept, and as text.
    const double row = (keep.trajectories ? (scalars + points * series) * 8 + 96 : 0)
                       + (keep.companies ? companies * (sizeof(CompanyRow) + line_of_results) : 0);
    return {.observations = copies * accumulator,
            .worlds = workers * bytes_of_world(scenario.world),
            .rows = trajectories * row * 2,
            .results = line_of_results * points * series * 2};
}

}  // namespace venturi
