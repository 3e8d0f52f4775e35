// All that can be asked of one fault tree, static or dynamic, as one request and one answer.
#pragma once

#include "agents/risk/bit_parallel_simulation.hpp"
#include "agents/risk/cut_set_counts.hpp"
#include "agents/risk/cut_set_listing.hpp"
#include "agents/risk/cut_sets.hpp"
#include "agents/risk/dynamic_chain.hpp"
#include "agents/risk/dynamic_simulation.hpp"
#include "agents/risk/dynamic_tree.hpp"
#include "agents/risk/exact_probability.hpp"
#include "agents/risk/fault_tree.hpp"
#include "agents/risk/importance.hpp"
#include "agents/risk/importance_splitting.hpp"
#include "agents/risk/probability_bounds.hpp"
#include "agents/risk/rare_event_simulation.hpp"
#include "agents/risk/uncertainty.hpp"
#include "analysis/experiments/tree_activity.hpp"
#include "sim/ensemble/interval.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace venturi {

/// Events of simulated histories, of one and of all together: of those nobody asked for, fewer where an event
/// looks at a great many nodes, and of those asked for.
struct BoundOfEvents {
    std::uint64_t of_one = 0;
    std::uint64_t in_all = 0;
};
[[nodiscard]] BoundOfEvents bound_of_events(bool asked_for, std::size_t nodes);

/// The most bytes that each of the large things in an analysis may take: the diagrams of a tree, its cut
/// sets, the states of a chain.
struct TreeMemory {
    std::size_t bytes = std::size_t{512} << 20;
    std::string of_what = {};  ///< what part of the machine's memory that is, where it decides: "25% of …"

    /// "512 MiB", or "238 MiB (25% of the 1.0 GB that there are here)".
    [[nodiscard]] std::string text() const;
};

/// What is wanted of a static tree beside the probability of its top.
struct StaticTreeRequest {
    bool cut_sets = true;
    bool prime_implicants = false;  ///< instead of minimal cut sets, where the tree isn't coherent
    ListingLimits listing = {.number = 0};
    bool importance = false;
    ProbabilitySampler sampler = {};  ///< of uncertain probabilities; empty where all are certain
    std::uint64_t uncertainty_trials = 0;
    std::uint64_t simulated_trials =
        0;  ///< beside the exact value; 0: none, or four million where it is not had
    std::uint64_t seed = 0;
    int threads = 0;
    double level = 0.99;  ///< confidence of intervals
    TreeMemory memory = {};
    const StopRequest* stop = nullptr;
    TreeActivity* activity = nullptr;  ///< told what is being done
};

/// Of all cut sets together.
struct CutSetSummary {
    std::optional<SetCount> count = {};  ///< exact, of any size; none where counting takes too long
    std::optional<std::vector<SetCount>> by_order = {};
    double rare_event = 0;  ///< Σ P(C)
    double min_cut_upper_bound = 0;
    std::vector<ListedCutSet> listed = {};
    std::vector<double> fussell_vesely = {};  ///< of each basic event, where importance was wanted; see there
};

struct StaticTreeAnalysis {
    bool coherent = false;                         ///< of a solved tree
    std::optional<double> probability = {};        ///< exact
    std::optional<ProbabilityBounds> bounds = {};  ///< where the tree is too large to be solved
    std::optional<SimulatedProbability> simulated = {};
    std::optional<RareEventProbability> weighted = {};  ///< where the tree is too large to be solved
    std::optional<CutSetSummary> cut_sets = {};
    std::optional<TopUncertainty> uncertainty = {};
    std::vector<Importance> importance = {};  ///< shape: as basic_events, where wanted and solved
    double level = 0;                         ///< of the intervals
    /// Bounds that were reached, and what is left out for it, as sentences.
    std::vector<std::string> notes = {};
    bool interrupted = false;  ///< a stop was requested: what had been found by then
};

/// `tree` is sound (`expect_sound`). What can't be had within the limits of the libraries, or of the
/// machine's memory, is left out, with a note.
[[nodiscard]] StaticTreeAnalysis analyse(const FaultTree& tree, const StaticTreeRequest& request);

/// What is wanted of a dynamic tree.
struct DynamicTreeRequest {
    std::optional<double> time = {};  ///< of the mission
    std::uint64_t simulated_trajectories = 0;
    std::uint64_t seed = 0;
    int threads = 0;
    double level = 0.99;
    TreeMemory memory = {};
    const StopRequest* stop = nullptr;
    TreeActivity* activity = nullptr;
};

struct DynamicTreeAnalysis {
    ChainRefusal refusal = ChainRefusal::none;        ///< why one of the two below is missing
    std::size_t states = 0;                           ///< of all chains
    std::optional<double> mean_time_to_failure = {};  ///< exact; may be infinite
    std::optional<double> unreliability = {};         ///< exact, where a time was given
    std::optional<DynamicSimulation> simulated = {};  ///< to the time of the mission
    std::optional<SplitUnreliability> split = {};     ///< where the top was hardly ever reached by then
    std::optional<DynamicSimulation> followed = {};   ///< until the top fails, for the mean time to failure
    double level = 0;                                 ///< of the intervals
    std::vector<std::string> notes = {};
    bool interrupted = false;
};

/// `tree` is sound. What was asked first comes first: the unreliability at a time, then the mean time to
/// failure. What of these has no exact solution is simulated, whether or not that was wanted; then within
/// bounds (`bound_of_events`) that the notes state where they are reached.
[[nodiscard]] DynamicTreeAnalysis analyse(const DynamicTree& tree, const DynamicTreeRequest& request);

}  // namespace venturi
