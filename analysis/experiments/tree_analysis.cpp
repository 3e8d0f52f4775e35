#include "analysis/experiments/tree_analysis.hpp"

#include "agents/risk/cut_set_bounds.hpp"
#include "agents/risk/dynamic_solution.hpp"
#include "agents/risk/minimal_cut_sets.hpp"
#include "agents/risk/prime_implicants.hpp"
#include "sim/ensemble/stopped.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <span>
#include <utility>

namespace venturi {

namespace {

// Where nothing exact can be had.
constexpr std::uint64_t fallback_trials = 4'000'000;
constexpr std::uint64_t fallback_trajectories = 100'000;
// Fewer failures than that say little, and stages are worth their cost.
constexpr std::uint64_t few_failures = 20;

// Nodes that simulated histories which nobody asked for look at: a minute's worth.
constexpr std::uint64_t fallback_looks = 1'000'000'000;

std::uint64_t fallback_trajectories_of(std::size_t nodes) {
    constexpr std::uint64_t fewest = 100;
    return std::clamp(fallback_looks / std::max<std::uint64_t>(nodes, 1), fewest, fallback_trajectories);
}

// Trials of a tree, each of which looks at all its gates: some ten seconds' worth.
std::uint64_t fallback_trials_of(const FaultTree& tree) {
    constexpr std::uint64_t looks = 100'000'000'000;
    const std::uint64_t size = tree.gates.size() + tree.basic_events.size() + 1;
    return std::clamp(looks / size, std::uint64_t{trials_per_block}, fallback_trials);
}

void begin(TreeActivity* activity, const char* what) {
    if (activity != nullptr) activity->begin(what);
}

// Runs a part of an analysis. Where memory ends it is left out, with a note.
template <class Analysis, class Part>
void attempt(Analysis& analysis, TreeActivity* activity, const char* what, Part&& part) {
    begin(activity, what);
    try {
        part();
    } catch (const std::bad_alloc&) {
        analysis.notes.push_back(
            fmt::format("{}: left out, for it takes more memory than this process may have", what));
    }
}

// All that is asked of one static tree, in the order of how much it matters.
class StaticAnalysis {
  public:
    StaticAnalysis(const FaultTree& tree, const StaticTreeRequest& request)
        : tree_(tree),
          request_(request),
          limits_{.bytes = request.memory.bytes, .stop = request.stop},
          probabilities_(event_probabilities(tree)) {
        found_.level = request.level;
    }

    [[nodiscard]] StaticTreeAnalysis run() && {
        try {
            part("solving the tree", [&] { solved_ = solve(tree_, limits_); });
            if (solved_)
                ask_the_solution();
            else
                approximate();
            simulate_plainly();
        } catch (const Stopped&) {
            found_.interrupted = true;
        }
        return std::move(found_);
    }

  private:
    template <class Part>
    void part(const char* what, Part&& work) {
        attempt(found_, request_.activity, what, std::forward<Part>(work));
    }

    void ask_the_solution() {
        EvaluationScratch scratch;
        found_.coherent = solved_->coherent();
        found_.probability = solved_->probability(probabilities_, scratch);
        if (request_.importance)
            part("importance of events", [&] {
                std::vector<Importance> all(tree_.basic_events.size());
                importance(*solved_, probabilities_, scratch, all, request_.stop);
                found_.importance = std::move(all);
            });
        if (request_.sampler && request_.uncertainty_trials > 1)
            part("uncertain parameters", [&] {
                found_.uncertainty = propagate_uncertainty(*solved_, request_.sampler,
                                                           {.trials = request_.uncertainty_trials,
                                                            .threads = request_.threads,
                                                            .stop = request_.stop});
            });
        if (request_.cut_sets) find_cut_sets();
    }

    void find_cut_sets() {
        const SetFamilyLimits limits{.bytes = request_.memory.bytes, .stop = request_.stop};
        std::optional<CutSets> sets;
        part("cut sets", [&] {
            sets = request_.prime_implicants ? prime_implicants(*solved_, limits)
                                             : minimal_cut_sets(*solved_, limits);
            if (!sets)
                note("{}: left out, for to find them takes more than {} or {} million steps",
                     request_.prime_implicants ? "prime implicants" : "minimal cut sets",
                     request_.memory.text(), limits.steps / 1'000'000);
        });
        if (!sets) return;
        found_.cut_sets.emplace();
        CutSetSummary& summary = *found_.cut_sets;
        const CountLimits counting{.stop = request_.stop};
        part("counting cut sets", [&] { summary.count = set_count(*sets, counting); });
        part("cut sets: sums", [&] {
            summary.rare_event = rare_event_approximation(*sets, probabilities_, request_.stop);
            summary.min_cut_upper_bound = min_cut_upper_bound(*sets, probabilities_, request_.stop);
            if (request_.importance)
                summary.fussell_vesely = fussell_vesely(*sets, probabilities_, request_.stop);
        });
        if (request_.listing.number > 0)
            part("listing cut sets", [&] {
                ListingLimits listing = request_.listing;
                listing.stop = request_.stop;
                summary.listed = list_cut_sets(*sets, probabilities_, listing);
            });
        part("counting cut sets by their events",
             [&] { summary.by_order = set_count_by_order(*sets, counting); });
        if (!summary.count || !summary.by_order)
            note("cut sets are not counted{}, for that takes more than {} million steps",
                 summary.count ? " by the number of events" : "", counting.steps / 1'000'000);
    }

    void approximate() {
        note("the tree is not solved exactly, for that takes more than {} or {} million steps",
             request_.memory.text(), limits_.steps / 1'000'000);
        try {
            part("bounds of the probability",
                 [&] { found_.bounds = bound_probability(tree_, limits_of_bounds()); });
            part("weighted simulation", [&] {
                found_.weighted = simulate_rare(
                    tree_, {.trials = std::max(request_.simulated_trials, fallback_trials_of(tree_)),
                            .seed = request_.seed,
                            .level = request_.level,
                            .threads = request_.threads,
                            .stop = request_.stop});
            });
        } catch (const TreeTooLarge&) {
            note("bounds and weighted trials are left out, for the tree's counting gates are too large");
        }
    }

    // So many nodes that they and what is remembered about them fit.
    [[nodiscard]] BoundOptions limits_of_bounds() const {
        constexpr std::size_t bytes_of_node = 128;
        BoundOptions limits{.stop = request_.stop};
        limits.nodes = std::min(limits.nodes, request_.memory.bytes / bytes_of_node);
        return limits;
    }

    void simulate_plainly() {
        const std::uint64_t trials =
            request_.simulated_trials > 0 || solved_ ? request_.simulated_trials : fallback_trials_of(tree_);
        if (trials == 0) return;
        part("simulating trials", [&] {
            found_.simulated = simulate(tree_, {.trials = trials,
                                                .seed = request_.seed,
                                                .level = request_.level,
                                                .threads = request_.threads,
                                                .stop = request_.stop});
        });
    }

    template <class... Arguments>
    void note(fmt::format_string<Arguments...> text, Arguments&&... arguments) {
        found_.notes.push_back(fmt::format(text, std::forward<Arguments>(arguments)...));
    }

    const FaultTree& tree_;
    const StaticTreeRequest& request_;
    SolveLimits limits_;
    std::vector<double> probabilities_;
    std::optional<SolvedFaultTree> solved_;
    StaticTreeAnalysis found_;
};

// All that is asked of one dynamic tree.
class DynamicAnalysis {
  public:
    DynamicAnalysis(const DynamicTree& tree, const DynamicTreeRequest& request)
        : tree_(tree), request_(request) {
        found_.level = request.level;
    }

    [[nodiscard]] DynamicTreeAnalysis run() && {
        try {
            solve_exactly();
            const bool asked = request_.simulated_trajectories > 0;
            if (request_.time && (asked || !found_.unreliability)) simulate_mission();
            if (asked || !found_.mean_time_to_failure) follow_until_failure();
        } catch (const Stopped&) {
            found_.interrupted = true;
        }
        return std::move(found_);
    }

  private:
    template <class Part>
    void part(const char* what, Part&& work) {
        attempt(found_, request_.activity, what, std::forward<Part>(work));
    }

    void solve_exactly() {
        std::optional<DynamicSolution> solution;
        const ChainOptions limits_of_chain{.bytes = request_.memory.bytes, .stop = request_.stop};
        part("exploring the tree's states",
             [&] { solution = DynamicSolution::solve(tree_, limits_of_chain, found_.refusal); });
        if (!solution) {
            if (found_.refusal == ChainRefusal::none)
                found_.refusal = ChainRefusal::too_large;  // memory ended, which is noted
            else if (found_.refusal == ChainRefusal::too_large)
                found_.notes.push_back(fmt::format(
                    "allowed are {} states that take {}, {} outcomes of an event, and {:g} looks at "
                    "nodes to find the states",
                    limits_of_chain.states, request_.memory.text(), limits_of_chain.chances,
                    limits_of_chain.work));
            return;
        }
        const PassageLimits limits{.stop = request_.stop};
        found_.states = solution->state_count();
        if (request_.time)
            part("unreliability", [&] {
                if (const auto at = solution->unreliability(std::span(&*request_.time, 1), limits))
                    found_.unreliability = at->front();
            });
        part("mean time to failure",
             [&] { found_.mean_time_to_failure = solution->mean_time_to_failure(limits); });
        if (!found_.mean_time_to_failure || (request_.time && !found_.unreliability))
            found_.refusal = ChainRefusal::too_much_work;
    }

    [[nodiscard]] DynamicSimulationOptions options() const {
        const bool asked = request_.simulated_trajectories > 0;
        const BoundOfEvents bound = bound_of_events(asked, tree_.node_count());
        TreeActivity* activity = request_.activity;
        return {.trajectories =
                    asked ? request_.simulated_trajectories : fallback_trajectories_of(tree_.node_count()),
                .seed = request_.seed,
                .most_events = bound.of_one,
                .most_events_in_all = bound.in_all,
                .level = request_.level,
                .threads = request_.threads,
                .stop = request_.stop,
                .progress = [activity](const Progress& progress) {
                    if (activity != nullptr) activity->reach(progress.completed, progress.total);
                }};
    }

    void simulate_mission() {
        part("simulating histories to the time of the mission", [&] {
            DynamicSimulationOptions wanted = options();
            wanted.times = {*request_.time};
            wanted.until_failure = false;
            DynamicSimulation simulated = simulate(tree_, wanted);
            if (simulated.trajectories == 0) return;  // interrupted before the first
            note_bounds(simulated, wanted, "for the unreliability");
            found_.simulated = std::move(simulated);
        });
        stop_if_requested(request_.stop);
        if (!found_.simulated || found_.simulated->unreliability.front().failures >= few_failures) return;
        part("importance splitting", [&] {
            const BoundOfEvents bound =
                bound_of_events(request_.simulated_trajectories > 0, tree_.node_count());
            constexpr std::uint32_t replications = 64;
            TreeActivity* activity = request_.activity;
            SplitUnreliability split =
                split_unreliability(tree_, {.time = *request_.time,
                                            .replications = replications,
                                            .seed = request_.seed,
                                            .level = request_.level,
                                            .threads = request_.threads,
                                            .most_events = bound.in_all / replications,
                                            .stop = request_.stop,
                                            .progress = [activity](std::uint64_t done) {
                                                if (activity != nullptr) activity->reach(done, replications);
                                            }});
            if (split.given_up)
                found_.notes.push_back(
                    fmt::format("importance splitting was given up after {} events of one of {} replications",
                                bound.in_all / replications, replications));
            else
                found_.split = std::move(split);
        });
    }

    void follow_until_failure() {
        part("simulating histories until the top fails", [&] {
            const DynamicSimulationOptions wanted = options();
            DynamicSimulation followed = simulate(tree_, wanted);
            if (followed.trajectories == 0) return;
            note_bounds(followed, wanted, "for the mean time to failure");
            found_.followed = std::move(followed);
        });
        stop_if_requested(request_.stop);
    }

    void note_bounds(const DynamicSimulation& simulation, const DynamicSimulationOptions& wanted,
                     const char* purpose) {
        if (simulation.undecided > 0)
            found_.notes.push_back(fmt::format("{}, {} of {} histories were given up after {} events each",
                                               purpose, simulation.undecided, simulation.trajectories,
                                               wanted.most_events));
        if (simulation.ran_out_of_events)
            found_.notes.push_back(fmt::format(
                "{}, {} of {} histories were simulated: together they had the {} events that are allowed{}",
                purpose, simulation.trajectories, wanted.trajectories, wanted.most_events_in_all,
                request_.simulated_trajectories > 0 ? "" : "; with --simulate more are"));
    }

    const DynamicTree& tree_;
    const DynamicTreeRequest& request_;
    DynamicTreeAnalysis found_;
};

}  // namespace

BoundOfEvents bound_of_events(bool asked_for, std::size_t nodes) {
    if (asked_for) return {1'000'000, 10'000'000'000};
    constexpr std::uint64_t of_one = 50'000;
    constexpr std::uint64_t in_all = 10'000'000;
    return {of_one, std::clamp(fallback_looks / std::max<std::uint64_t>(nodes, 1), of_one, in_all)};
}

std::string TreeMemory::text() const {
    const bool is_large = bytes >= std::size_t{1} << 20;
    return fmt::format("{} {}{}", bytes >> (is_large ? 20 : 10), is_large ? "MiB" : "KiB",
                       of_what.empty() ? "" : " (" + of_what + ")");
}

StaticTreeAnalysis analyse(const FaultTree& tree, const StaticTreeRequest& request) {
    return StaticAnalysis(tree, request).run();
}

DynamicTreeAnalysis analyse(const DynamicTree& tree, const DynamicTreeRequest& request) {
    return DynamicAnalysis(tree, request).run();
}

}  // namespace venturi
