// The unreliability of a dynamic fault tree whose top hardly ever fails, by fixed-effort splitting: Garvels,
// "The splitting method in rare event simulation", thesis, University of Twente (2000), chapter 3; applied to
// fault trees by Budde, Ruijters & Stoelinga, "The dynamic fault tree rare event simulator", QEST 2020.
//
// An importance says how near a state is to the top's failure. The way there is cut into stages that each end
// where the importance reaches its next value, and the last where the top fails. A replication runs, stage by
// stage, a fixed number of trials: each starts from a state in which a trial of the stage before has ended
// (each as often as its weight says, as near as can be), with new draws, and succeeds if it ends its own
// stage before the mission time. The product of the stages' shares of successes has the unreliability as its
// expectation, whatever the importance; a good one makes it vary little. Independent replications give the
// standard error.
//
// Where hardly anything happens before the mission time, its first event is forced: a trial then counts with
// the probability of that event as its weight (DynamicTrajectory::force_event).
//
// The importance is how many leaves fewer must still fail than at the start, FailureDistance. Numbers of
// trials are chosen by a pilot run with draws of its own: √((1 − p) / (p c)) for a stage that succeeds with
// probability p at c events a trial, which minimises the variance for a given number of events where the
// stages vary independently. So they are fixed before the replications begin, as they must be.
#pragma once

#include "agents/risk/dynamic_semantics.hpp"
#include "sim/ensemble/interval.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace venturi {

/// How many leaves must still fail for the top to fail, by the tree's structure: 0 for what has failed, 1 for
/// a leaf, the sum over the inputs of and, priority-and and spare, the least of or, the k least for k-of-n,
/// the first of priority-or; for a dependent no more than for its trigger. Inputs shared by gates count for
/// each, so it may be more than the truth. A workspace, which allocates nothing after its first use.
class FailureDistance {
  public:
    /// `semantics` must outlive it.
    explicit FailureDistance(const DynamicSemantics& semantics);

    /// Of the top. What can't fail is as far as `unreachable()`.
    [[nodiscard]] std::uint32_t operator()(DynamicSemantics::ConstState state);
    [[nodiscard]] std::uint32_t unreachable() const { return unreachable_; }

  private:
    [[nodiscard]] std::uint32_t of_gate(const DynamicGate& gate);
    void sweep(DynamicSemantics::ConstState state);
    bool pass_on_failures();

    const DynamicSemantics* semantics_;
    std::uint32_t unreachable_;
    std::vector<std::uint32_t> order_;         // gates with an output, by rank
    std::vector<std::uint32_t> dependencies_;  // nodes
    std::vector<std::uint32_t> alone_;         // the most that each node is away, without dependencies
    std::vector<std::uint32_t> most_;          // ... and with them
    std::vector<std::uint32_t> distances_;     // of each node
    std::vector<std::uint32_t> sorted_;
};

struct SplittingOptions {
    double time = 0;                  ///< the mission time: finite, ≥ 0
    std::uint32_t replications = 64;  ///< 2 or more
    std::uint32_t trials =
        20'000;  ///< of a replication, over all stages; at least 16, and a quarter of an even share, a stage
    std::uint64_t seed = 0;
    double level = 0.95;  ///< confidence of the interval
    int threads = 0;      ///< 0: one for each core
    /// Of the pilot run, and of each replication: one with more is given up, and with it the estimate, which
    /// would not be unbiased without it.
    std::uint64_t most_events = 1'000'000'000;
    const StopRequest* stop = nullptr;                 ///< throws Stopped where it asks for that
    std::function<void(std::uint64_t)> progress = {};  ///< told how many replications are done, in order
};

struct SplittingStage {
    std::uint32_t trials = 0;  ///< of each replication
    double success_share = 0;  ///< over all replications; NaN where none came so far
};

/// The same to the bit for any number of threads.
struct SplitUnreliability {
    double time = 0;
    bool given_up = false;      ///< at most_events; the estimate is NaN then
    double estimate = 0;        ///< mean of the replications, unbiased
    double standard_error = 0;  ///< of the estimate
    /// Student's t, within [0, 1]. {0, 1} where no replication reached the top: nothing is known then.
    Interval interval = {0, 1};
    std::uint32_t replications = 0;
    std::uint64_t events = 0;  ///< simulated, the pilot's among them
    std::vector<SplittingStage> stages = {};
};

/// P(the top fails at or before `options.time`). Throws ContractViolation if the tree is not sound
/// (`expect_sound`) or an option is out of range.
[[nodiscard]] SplitUnreliability split_unreliability(const DynamicTree& tree,
                                                     const SplittingOptions& options);

}  // namespace venturi
