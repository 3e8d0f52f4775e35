#include "agents/risk/dynamic_simulation.hpp"

#include "agents/risk/bit_parallel_simulation.hpp"
#include "agents/risk/dynamic_semantics.hpp"
#include "agents/risk/dynamic_trajectory.hpp"
#include "sim/contract.hpp"
#include "sim/ensemble/ensemble.hpp"
#include "sim/infinity.hpp"

#include <algorithm>
#include <limits>

namespace venturi {
namespace {

// What is added up over trajectories.
struct FailureCounts {
    explicit FailureCounts(std::size_t times) : first_seen(times + 1), given_up(times + 1) {}

    // Trajectories by the first of the times that is not before their failure, or before they were given up;
    // the last is for those after all times.
    std::vector<std::uint64_t> first_seen;
    std::vector<std::uint64_t> given_up;
    std::uint64_t never_failed = 0;
    std::uint64_t interrupted = 0;
    std::uint64_t events = 0;
    Moments failure_times;
    Moments followed_times;
    QuantileSketch distribution;

    void merge(const FailureCounts& other) {
        for (std::size_t i = 0; i < first_seen.size(); ++i) first_seen[i] += other.first_seen[i];
        for (std::size_t i = 0; i < given_up.size(); ++i) given_up[i] += other.given_up[i];
        never_failed += other.never_failed;
        interrupted += other.interrupted;
        events += other.events;
        followed_times.merge(other.followed_times);
        failure_times.merge(other.failure_times);
        distribution.merge(other.distribution);
    }
};

class FailureModel {
  public:
    FailureModel(const DynamicSemantics& semantics, const DynamicSimulationOptions& options)
        : trajectory_(semantics), options_(&options) {}

    std::uint64_t simulate(std::uint64_t number, FailureCounts& into) {
        const std::uint64_t events = follow(number, into);
        into.events += events;
        return events;
    }

  private:
    std::uint64_t follow(std::uint64_t number, FailureCounts& into) {
        const std::vector<double>& times = options_->times;
        const double last = options_->until_failure || times.empty() ? infinity : times.back();
        std::uint64_t events = 0;
        trajectory_.begin(options_->seed, static_cast<std::uint32_t>(number));
        while (!trajectory_.top_failed()) {
            const double next = trajectory_.next_time();
            if (next == infinity) {
                ++into.never_failed;
                if (options_->until_failure) into.distribution.add(infinity);
                return events;
            }
            if (next > last) return events;
            if (events == options_->most_events) {
                ++into.given_up[first_at_or_after(trajectory_.now())];
                if (options_->until_failure) into.followed_times.add(trajectory_.now());
                return events;
            }
            if (options_->stop != nullptr && options_->stop->requested()) {
                ++into.interrupted;
                return events;
            }
            trajectory_.step();
            ++events;
        }
        const double failed_at = trajectory_.now();
        ++into.first_seen[first_at_or_after(failed_at)];
        if (options_->until_failure) {
            into.failure_times.add(failed_at);
            into.followed_times.add(failed_at);
            into.distribution.add(failed_at);
        }
        return events;
    }

    [[nodiscard]] std::size_t first_at_or_after(double time) const {
        const std::vector<double>& times = options_->times;
        return static_cast<std::size_t>(std::lower_bound(times.begin(), times.end(), time) - times.begin());
    }

    DynamicTrajectory trajectory_;
    const DynamicSimulationOptions* options_;
};

std::vector<SimulatedUnreliability> unreliability_of(const FailureCounts& counts,
                                                     const DynamicSimulation& simulation,
                                                     const DynamicSimulationOptions& options) {
    std::vector<SimulatedUnreliability> rows;
    std::uint64_t failures = 0;
    std::uint64_t undecided = 0;
    for (std::size_t i = 0; i < options.times.size(); ++i) {
        failures += counts.first_seen[i];
        undecided += counts.given_up[i];
        SimulatedUnreliability row{.time = options.times[i], .failures = failures, .undecided = undecided};
        if (simulation.trajectories > 0) {
            const auto interval = [&](std::uint64_t happened) {
                return clopper_pearson_interval(happened, simulation.trajectories, options.level);
            };
            row.estimate = static_cast<double>(failures) / static_cast<double>(simulation.trajectories);
            row.interval = {interval(failures).low, interval(failures + undecided).high};
        } else {
            row.estimate = std::numeric_limits<double>::quiet_NaN();
            row.interval = {0, 1};
        }
        rows.push_back(row);
    }
    return rows;
}

void set_mean_time(DynamicSimulation& simulation, double level) {
    const Moments& times = simulation.failure_times;
    if (simulation.never_failed > 0) {
        simulation.mean_time_to_failure = infinity;
        simulation.mean_interval = {infinity, infinity};
    } else if (simulation.undecided > 0 || times.count() == 0) {
        simulation.mean_time_to_failure = std::numeric_limits<double>::quiet_NaN();
        simulation.mean_interval = {0, infinity};
        if (simulation.followed_times.count() > 1)
            simulation.mean_interval.low =
                std::max(0.0, simulation.followed_times.confidence_interval(level).low);
    } else {
        simulation.mean_time_to_failure = times.mean();
        simulation.mean_interval = times.confidence_interval(level);
    }
}

}  // namespace

DynamicSimulation simulate(const DynamicTree& tree, const DynamicSimulationOptions& options) {
    constexpr std::uint64_t most_trajectories = std::uint64_t{1} << 32;
    expects(options.trajectories > 0 && options.trajectories <= most_trajectories, "1 to 2^32 trajectories");
    expects(options.until_failure || !options.times.empty(), "without times, trajectories run until failure");
    expects(options.level > 0 && options.level < 1, "a confidence lies between 0 and 1");
    expects(std::is_sorted(options.times.begin(), options.times.end())
                && (options.times.empty() || (options.times.front() >= 0 && options.times.back() < infinity)),
            "times are finite, at least 0, and rise");

    const DynamicSemantics semantics(tree);
    const auto outcome = run_ensemble(
        {.trajectories = options.trajectories, .threads = options.threads},
        FailureCounts(options.times.size()), [&] { return FailureModel(semantics, options); },
        {.enough = [&](const FailureCounts& so_far) { return so_far.events > options.most_events_in_all; },
         .progress = options.progress,
         .stop = options.stop});
    const FailureCounts& counts = outcome.result;
    DynamicSimulation simulation{.seed = options.seed,
                                 .trajectories = outcome.completed - counts.interrupted,
                                 .events = outcome.events,
                                 .ending = counts.interrupted > 0 ? Ending::interrupted : outcome.ending,
                                 .ran_out_of_events = outcome.ending == Ending::precision_reached};
    if (simulation.ran_out_of_events) simulation.ending = Ending::finished;
    simulation.unreliability = unreliability_of(counts, simulation, options);
    simulation.never_failed = counts.never_failed;
    for (const std::uint64_t count : counts.given_up) simulation.undecided += count;
    for (const std::uint64_t count : counts.first_seen) simulation.failures += count;
    simulation.failure_times = counts.failure_times;
    simulation.followed_times = counts.followed_times;
    simulation.distribution = counts.distribution;
    if (options.until_failure) set_mean_time(simulation, options.level);
    return simulation;
}

}  // namespace venturi
