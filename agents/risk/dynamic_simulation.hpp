// What many trajectories of a dynamic fault tree say of its top: how likely it has failed by a time, how long
// it takes on average, and how that time is distributed. For lives and state spaces that a Markov chain can't
// follow; for a top that hardly ever fails see importance_splitting.hpp.
#pragma once

#include "agents/risk/dynamic_tree.hpp"
#include "sim/ensemble/ending.hpp"
#include "sim/ensemble/interval.hpp"
#include "sim/ensemble/moments.hpp"
#include "sim/ensemble/progress.hpp"
#include "sim/ensemble/quantile_sketch.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

namespace venturi {

struct DynamicSimulationOptions {
    std::uint64_t trajectories = 10'000;  ///< 1 to 2^32
    std::uint64_t seed = 0;
    /// At which the unreliability is wanted; finite, ≥ 0, rising.
    std::vector<double> times = {};
    /// Follow each trajectory until the top fails, for its mean time; otherwise to the last of `times`.
    bool until_failure = true;
    /// A trajectory with more events is given up: with repair, a top that can't fail is waited for in vain.
    std::uint64_t most_events = 1'000'000;
    /// Of all trajectories together: where they have come to more, no further ones are begun. Looked at after
    /// trajectory 256, and then each time there are a tenth more, so that the end is the same for any number
    /// of threads.
    std::uint64_t most_events_in_all = std::numeric_limits<std::uint64_t>::max();
    double level = 0.95;  ///< confidence of each interval
    int threads = 0;      ///< 0: one for each core
    /// Looked at at each event; what it interrupts is left out.
    const StopRequest* stop = nullptr;
    /// Told how far the run is, as by run_ensemble.
    std::function<void(const Progress&)> progress = {};
};

/// P(the top has failed at or before `time`), the first failure where there is repair.
struct SimulatedUnreliability {
    double time = 0;
    std::uint64_t failures = 0;
    std::uint64_t undecided = 0;  ///< trajectories given up before that time
    double estimate = 0;          ///< failures / trajectories
    /// Exact (Clopper–Pearson); its upper end counts the undecided as failures.
    Interval interval = {};
};

/// The results are the same to the bit for any number of threads, and those of n trajectories the beginning
/// of those of more.
struct DynamicSimulation {
    std::uint64_t seed = 0;
    std::uint64_t trajectories = 0;
    std::uint64_t events = 0;  ///< of all trajectories
    Ending ending = Ending::finished;
    bool ran_out_of_events = false;                          ///< it ended at most_events_in_all
    std::vector<SimulatedUnreliability> unreliability = {};  ///< shape: as the options' times

    // Where trajectories were followed until the top failed:

    std::uint64_t failures = 0;
    std::uint64_t never_failed = 0;  ///< the top works, and nothing that matters for it can happen any more
    std::uint64_t undecided = 0;     ///< given up after most_events
    Moments failure_times = {};      ///< of those that failed
    /// The empirical distribution, with never_failed at infinity; without the undecided.
    QuantileSketch distribution = {};
    /// Infinite if one trajectory never failed, which proves it; NaN if one was given up.
    double mean_time_to_failure = 0;
    /// Student's t, for independent trajectories; {∞, ∞} where the mean is infinite. Where trajectories were
    /// given up it ends at ∞, and begins where an interval of the same level does for the mean of the times
    /// that trajectories were followed, none of which is above its time to failure.
    Interval mean_interval = {};
    Moments followed_times = {};  ///< until failure, or until given up
};

/// Throws ContractViolation if the tree is not sound (`expect_sound`) or an option is out of range.
[[nodiscard]] DynamicSimulation simulate(const DynamicTree& tree,
                                         const DynamicSimulationOptions& options = {});

}  // namespace venturi
