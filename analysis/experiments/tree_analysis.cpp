#include "analysis/experiments/tree_analysis.hpp"

#include "agents/risk/cut_set_bounds.hpp"
#include "agents/risk/dynamic_solution.hpp"
#include "agents/risk/minimal_cut_sets.hpp"
#include "agents/risk/prime_implicants.hpp"

#include <algorithm>
#include <span>

namespace venturi {

namespace {

// Where nothing exact can be had.
constexpr std::uint64_t fallback_trials = 4'000'000;
constexpr std::uint64_t fallback_trajectories = 100'000;
// Fewer failures than that say little, and stages are worth their cost.
constexpr std::uint64_t few_failures = 20;

CutSetSummary summarise(const CutSets& sets, std::span<const double> probabilities,
                        const StaticTreeRequest& request) {
    CutSetSummary summary{.count = set_count(sets),
                          .by_order = set_count_by_order(sets),
                          .rare_event = rare_event_approximation(sets, probabilities),
                          .min_cut_upper_bound = min_cut_upper_bound(sets, probabilities)};
    if (request.listing.number > 0) summary.listed = list_cut_sets(sets, probabilities, request.listing);
    if (request.importance) summary.fussell_vesely = fussell_vesely(sets, probabilities);
    return summary;
}

SimulatedProbability simulated(const FaultTree& tree, const StaticTreeRequest& request,
                               std::uint64_t trials) {
    return simulate(
        tree, {.trials = trials, .seed = request.seed, .level = request.level, .threads = request.threads});
}

}  // namespace

StaticTreeAnalysis analyse(const FaultTree& tree, const StaticTreeRequest& request) {
    StaticTreeAnalysis analysis;
    const std::optional<SolvedFaultTree> solved = solve(tree);
    const std::vector<double> probabilities = event_probabilities(tree);
    std::optional<CutSets> sets;
    if (solved) {
        EvaluationScratch scratch;
        analysis.coherent = solved->coherent();
        analysis.probability = solved->probability(probabilities, scratch);
        if (request.importance) {
            analysis.importance.resize(tree.basic_events.size());
            importance(*solved, probabilities, scratch, analysis.importance);
        }
        if (request.sampler && request.uncertainty_trials > 1)
            analysis.uncertainty = propagate_uncertainty(
                *solved, request.sampler, {.trials = request.uncertainty_trials, .threads = request.threads});
        if (request.cut_sets)
            sets = request.prime_implicants ? prime_implicants(*solved) : minimal_cut_sets(*solved);
    } else {
        analysis.bounds = bound_probability(tree);
        analysis.weighted =
            simulate_rare(tree, {.trials = std::max(request.simulated_trials, fallback_trials),
                                 .seed = request.seed,
                                 .level = request.level,
                                 .threads = request.threads});
    }
    if (sets) analysis.cut_sets = summarise(*sets, probabilities, request);
    const std::uint64_t trials =
        solved ? request.simulated_trials : std::max(request.simulated_trials, fallback_trials);
    if (trials > 0) analysis.simulated = simulated(tree, request, trials);
    return analysis;
}

DynamicTreeAnalysis analyse(const DynamicTree& tree, const DynamicTreeRequest& request) {
    DynamicTreeAnalysis analysis;
    const auto solution = DynamicSolution::solve(tree, {}, analysis.refusal);
    if (solution) {
        analysis.states = solution->state_count();
        analysis.mean_time_to_failure = solution->mean_time_to_failure();
        if (request.time)
            if (const auto at = solution->unreliability(std::span(&*request.time, 1)))
                analysis.unreliability = at->front();
        if (!analysis.mean_time_to_failure || (request.time && !analysis.unreliability))
            analysis.refusal = ChainRefusal::too_much_work;
    }
    const bool exact = analysis.refusal == ChainRefusal::none;
    const std::uint64_t trajectories = exact
                                           ? request.simulated_trajectories
                                           : std::max(request.simulated_trajectories, fallback_trajectories);
    if (trajectories == 0) return analysis;
    DynamicSimulationOptions options{.trajectories = trajectories,
                                     .seed = request.seed,
                                     .level = request.level,
                                     .threads = request.threads,
                                     .stop = request.stop};
    if (request.time) options.times = {*request.time};
    analysis.simulated = simulate(tree, options);
    if (request.time && analysis.simulated->unreliability.front().failures < few_failures)
        analysis.split = split_unreliability(tree, {.time = *request.time,
                                                    .seed = request.seed,
                                                    .level = request.level,
                                                    .threads = request.threads});
    return analysis;
}

}  // namespace venturi
