// Simulation of a fault tree whose top hardly ever happens: basic events happen more often than they should,
// and each trial counts with a weight that makes up for it (importance sampling).
#pragma once

#include "agents/risk/fault_tree.hpp"
#include "agents/risk/normal_form.hpp"
#include "sim/ensemble/interval.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace venturi {

struct RareEventOptions {
    std::uint64_t trials = 4'000'000;  ///< rounded up to whole pairs of blocks; fewer than 2^43
    std::uint64_t seed = 0;
    double level = 0.95;                ///< confidence of both intervals
    int threads = 0;                    ///< 0: one for each core
    const StopRequest* stop = nullptr;  ///< throws Stopped where it asks for that
};

/// What weighted simulation says of the top event.
struct RareEventProbability {
    std::uint64_t trials = 0;    ///< a multiple of 2 · trials_per_block
    std::uint64_t happened = 0;  ///< trials in which the top event did, whatever their weight
    double estimate = 0;         ///< unbiased
    double standard_error = 0;
    /// By the normal distribution. It does not know of ways to the top that were never tried: where the
    /// events of a cut set are hardly ever drawn together, their weights are missing from the estimate and
    /// from the standard error alike. `believable` says that nothing of the kind is in sight, not that there
    /// is nothing.
    Interval interval = {};
    /// The effective number of pairs of trials, (Σ w)² / Σ w², is at least 100, and none makes up more than
    /// 5% of Σ w.
    bool believable = false;
    /// Holds with the level's confidence for any number of trials and whatever was not tried, also with no
    /// trial in which the top happened. From the empirical Bernstein inequality for numbers in [0,
    /// `weight_bound`]: Maurer and Pontil, "Empirical Bernstein bounds and sample variance penalization",
    /// COLT (2009), theorem 4. Some 1.5 times as wide as the other where trials are many; of no use where the
    /// weight bound is above the estimate times a tenth of the trials.
    Interval certain_interval = {};
    double weight_bound = 1;  ///< no pair of trials has a mean weight above it
    std::vector<double> tilted =
        {};  ///< probabilities that half of the trials are drawn with, as basic_events
};

/// Half of the trials are drawn with probabilities that the cross-entropy method finds (Rubinstein and
/// Kroese, The Cross-Entropy Method (2004), chapter 3): those that the basic events have given the top. For
/// the first trials in which the top happens, probabilities p become p^θ with a θ < 1, which is brought back
/// to 1 as fast as weights allow. A single set of probabilities can't describe several ways to the top at
/// once, and forgets those that are less likely: so the other half is drawn with the first p^θ under which
/// the top was found. Where none is found nothing is tilted.
///
/// Draws are addressed by the seed: the same bits for any number of threads. Throws ContractViolation if the
/// tree is not sound or an option is out of range, TreeTooLarge as `normal_form`.
[[nodiscard]] RareEventProbability simulate_rare(const FaultTree& tree, const RareEventOptions& options = {});

/// An upper bound on Π_i (p_i / q_i or (1 − p_i) / (1 − q_i)) over the states in which the form holds, with
/// `probabilities` p and `tilted` q, shape: as form.variables. The logarithm of the product is its highest
/// value less a cost for each variable that is not where it is highest. A node holds at no less than the sum
/// (`all`) or the least (`any`) of its arguments' costs, each divided by the number of nodes that use it: if
/// all who use it pay, it is paid for, and once.
[[nodiscard]] double highest_weight(const NormalForm& form, std::span<const double> probabilities,
                                    std::span<const double> tilted);

}  // namespace venturi
