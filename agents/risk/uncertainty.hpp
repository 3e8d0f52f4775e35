// What uncertain parameters do to the probability of the top event: Monte Carlo over the parameters, each
// trial with the exact probability of the solved tree.
#pragma once

#include "agents/risk/exact_probability.hpp"
#include "sim/ensemble/interval.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace venturi {

/// Draws the probabilities of all basic events (shape: as the tree's basic_events) in a trial. A pure
/// function of the trial's number, which any number of threads may call at once; addressed randomness
/// (sim/random/stream.hpp) makes it one.
using ProbabilitySampler = std::function<void(std::uint64_t trial, std::span<double> event_probabilities)>;

struct UncertaintyOptions {
    std::uint64_t trials = 100'000;  ///< at least 2; each keeps 8 bytes
    std::uint64_t first_trial = 0;
    int threads = 0;                    ///< 0: one for each core
    const StopRequest* stop = nullptr;  ///< throws Stopped where it asks for that
};

/// The distribution of the top event's probability over the parameters.
struct TopUncertainty {
    std::uint64_t trials = 0;
    double mean = 0;
    double standard_deviation = 0;  ///< of one trial; with trials − 1
    /// Contains the expected value with 95% confidence, by the normal distribution.
    Interval mean_interval = {};
    /// exp(1.96 · standard_deviation): what reports in the Open-PSA format call the error factor. It takes
    /// the deviation of the probability for one of its logarithm, and is 1 for anything rare; `spread_factor`
    /// is what the name stands for elsewhere.
    double error_factor = 1;
    /// √(q95 / q05): of a log-normal distribution, 95% quantile over median. 1 where all trials are alike;
    /// infinite where q05 is 0 and q95 is not.
    double spread_factor = 1;
    /// Quantiles at 5%, 10%, ..., 100%: the smallest value that so many of the trials do not exceed.
    std::array<double, 20> quantiles = {};
};

/// Of values that are given; at least 2. The order of values makes no difference to any bit of the result.
[[nodiscard]] TopUncertainty describe_uncertainty(std::vector<double> top_probabilities);

/// Trials `first_trial` and so on, with the same bits for any number of threads; the interval is within [0,
/// 1]. Allocates nothing in a trial. What the sampler throws is passed on. Throws ContractViolation where
/// there are fewer than 2 trials.
[[nodiscard]] TopUncertainty propagate_uncertainty(const SolvedFaultTree& tree,
                                                   const ProbabilitySampler& sample,
                                                   const UncertaintyOptions& options = {});

}  // namespace venturi
