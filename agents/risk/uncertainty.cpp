#include "agents/risk/uncertainty.hpp"

#include "sim/contract.hpp"
#include "sim/ensemble/critical_value.hpp"
#include "sim/ensemble/stopped.hpp"
#include "sim/on_threads.hpp"

#include <tbb/blocked_range.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_sort.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace venturi {

TopUncertainty describe_uncertainty(std::vector<double> values) {
    expects(values.size() >= 2, "there are two trials at least");
    // Sorted, sums don't depend on who drew what.
    tbb::parallel_sort(values.begin(), values.end());
    const auto n = static_cast<double>(values.size());
    TopUncertainty result{.trials = values.size()};
    double sum = 0;
    for (const double value : values) sum += value;
    result.mean = sum / n;
    double squares = 0;
    for (const double value : values) squares += (value - result.mean) * (value - result.mean);
    result.standard_deviation = std::sqrt(squares / (n - 1));
    const double half_width = normal_critical_value(0.95) * result.standard_deviation / std::sqrt(n);
    result.mean_interval = {result.mean - half_width, result.mean + half_width};
    result.error_factor = std::exp(1.96 * result.standard_deviation);
    const std::size_t steps = result.quantiles.size();
    // In whole numbers, so that 95% of 100 trials are 95 of them.
    for (std::size_t i = 0; i < steps; ++i)
        result.quantiles[i] = values[(values.size() * (i + 1) + steps - 1) / steps - 1];
    const double low = result.quantiles.front();
    const double high = result.quantiles[steps - 2];
    result.spread_factor = low == high ? 1 : std::sqrt(high / low);
    return result;
}

TopUncertainty propagate_uncertainty(const SolvedFaultTree& tree, const ProbabilitySampler& sample,
                                     const UncertaintyOptions& options) {
    expects(options.trials >= 2, "there are two trials at least");
    struct Workspace {
        std::vector<double> probabilities;
        EvaluationScratch scratch;
    };
    tbb::enumerable_thread_specific<Workspace> workspaces;
    std::vector<double> values(static_cast<std::size_t>(options.trials));
    const auto run = [&](const tbb::blocked_range<std::size_t>& trials) {
        Workspace& workspace = workspaces.local();
        workspace.probabilities.resize(tree.basic_event_count());
        for (std::size_t trial = trials.begin(); trial != trials.end(); ++trial) {
            stop_if_requested(options.stop);
            sample(options.first_trial + trial, workspace.probabilities);
            values[trial] = tree.probability(workspace.probabilities, workspace.scratch);
        }
    };
    return on_threads(options.threads, [&] {
        tbb::parallel_for(tbb::blocked_range<std::size_t>(0, values.size(), 64), run);
        TopUncertainty described = describe_uncertainty(std::move(values));
        // The mean of probabilities is one.
        Interval& interval = described.mean_interval;
        interval = {std::max(0.0, interval.low), std::min(1.0, interval.high)};
        return described;
    });
}

}  // namespace venturi
