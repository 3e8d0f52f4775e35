#include "agents/risk/importance_splitting.hpp"

#include "agents/risk/dynamic_trajectory.hpp"
#include "sim/contract.hpp"
#include "sim/ensemble/moments.hpp"
#include "sim/ensemble/pipeline.hpp"
#include "sim/ensemble/stopped.hpp"
#include "sim/infinity.hpp"
#include "sim/random/stream.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <stdexcept>
#include <utility>
#include <variant>
#include <vector>

namespace venturi {
namespace {

// Draws of the method itself, apart from those of trajectories: the seed of each stage, and where its trials
// start.
constexpr std::uint16_t seed_purpose = 16;
constexpr std::uint16_t start_purpose = 17;
constexpr std::uint32_t pilot_replication = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t fewest_trials = 16;

// Whether a leaf can fail of itself.
bool can_fail(const LeafLife& life) {
    if (const auto* const exponential = std::get_if<ExponentialLife>(&life)) return exponential->rate > 0;
    if (const auto* const erlang = std::get_if<ErlangLife>(&life)) return erlang->rate > 0;
    return std::holds_alternative<WeibullLife>(life) || std::holds_alternative<LogNormalLife>(life);
}

// Where trials of the next stage can start, in a list that keeps its memory.
class StartList {
  public:
    struct Start {
        TrajectorySnapshot snapshot = {};
        double weights_up_to = 0;  // of this and all before it
    };

    void clear() { size_ = 0; }
    TrajectorySnapshot& add(double weight) {
        if (size_ == starts_.size()) starts_.emplace_back();
        starts_[size_].weights_up_to = total_weight() + weight;
        return starts_[size_++].snapshot;
    }
    [[nodiscard]] double total_weight() const { return size_ == 0 ? 0 : starts_[size_ - 1].weights_up_to; }
    /// The start whose weight holds this share of the total, in [0, 1).
    [[nodiscard]] const TrajectorySnapshot& at_share(double share) const {
        const auto end = starts_.begin() + static_cast<std::ptrdiff_t>(size_);
        const auto found =
            std::upper_bound(starts_.begin(), end - 1, share * total_weight(),
                             [](double place, const Start& start) { return place < start.weights_up_to; });
        return found->snapshot;
    }

  private:
    std::vector<Start> starts_;
    std::size_t size_ = 0;
};

// What became of the trials of a stage.
struct StageSum {
    std::uint32_t successes = 0;
    double weight = 0;          // of the successes
    double squared_weight = 0;  // sum of squares
};

class TooManyEvents : public std::runtime_error {
  public:
    TooManyEvents() : std::runtime_error("a replication has more events than allowed") {}
};

// Runs stages; one for each thread.
class StageRunner {
  public:
    StageRunner(const DynamicSemantics& semantics, const SplittingOptions& options)
        : options_(&options), trajectory_(semantics), distance_(semantics) {
        std::vector<std::uint8_t> state(semantics.state_bytes());
        // Nothing that has failed only by chance counts as being on the way.
        semantics.begin(state, [](double) { return false; });
        const std::uint32_t distance = distance_(state);
        start_distance_ = distance == distance_.unreachable() ? 1 : std::max(1U, distance);
    }

    /// One for each leaf that must fail.
    [[nodiscard]] std::uint32_t stages() const { return start_distance_; }
    [[nodiscard]] std::uint64_t events() const { return events_; }

    void start_replication(std::uint32_t replication) {
        replication_ = replication;
        events_before_ = events_;
        starts_.clear();
    }

    /// Runs trials of a stage. Those before it have been run, with a success, and `advance` called after
    /// each.
    StageSum run_stage(std::uint32_t stage, std::uint32_t trials) {
        const StreamAddress address{options_->seed, replication_, stage, seed_purpose};
        const std::uint64_t stage_seed = word_at(address, 0);
        const double offset = unit_uniform(word_at({options_->seed, replication_, stage, start_purpose}, 0));
        StageSum sum;
        ends_.clear();
        for (std::uint32_t trial = 0; trial < trials; ++trial) {
            stop_if_requested(options_->stop);
            // Evenly over the starts from a random place on: each as often as its weight says, in the mean.
            if (stage == 0)
                trajectory_.begin(stage_seed, trial);
            else
                trajectory_.resume(starts_.at_share((trial + offset) / trials), stage_seed, trial);
            const double weight = importance() > stage ? 1 : trajectory_.force_event(options_->time);
            if (!reaches(stage + 1)) continue;
            trajectory_.save(ends_.add(weight));
            ++sum.successes;
            sum.weight += weight;
            sum.squared_weight += weight * weight;
        }
        return sum;
    }

    /// What ended the last stage starts the next.
    void advance() { std::swap(starts_, ends_); }

  private:
    [[nodiscard]] std::uint32_t importance() {
        if (trajectory_.top_failed()) return start_distance_;
        const std::uint32_t distance = std::clamp(distance_(trajectory_.state()), 1U, start_distance_);
        return start_distance_ - distance;
    }

    bool reaches(std::uint32_t wanted) {
        while (importance() < wanted) {
            if (trajectory_.next_time() > options_->time) return false;
            if (events_ - events_before_ >= options_->most_events) throw TooManyEvents();
            stop_if_requested(options_->stop);
            trajectory_.step();
            ++events_;
        }
        return true;
    }

    const SplittingOptions* options_;
    DynamicTrajectory trajectory_;
    FailureDistance distance_;
    std::uint32_t start_distance_ = 1;
    std::uint32_t replication_ = 0;
    std::uint64_t events_ = 0;
    std::uint64_t events_before_ = 0;  // the replication
    StartList starts_;
    StartList ends_;
};

// Of the share of successes of one trial; as though half of one had come where none did.
double relative_variance(const StageSum& sum, std::uint32_t trials) {
    if (sum.successes == 0) return 2.0 * trials - 1;
    return std::max(0.0, trials * sum.squared_weight / (sum.weight * sum.weight) - 1);
}

// How many trials each stage gets.
std::vector<std::uint32_t> plan_trials(StageRunner& runner, const SplittingOptions& options) {
    constexpr std::uint32_t successes_wanted = 50;
    constexpr std::uint32_t growth = 4;
    const std::uint32_t most = std::max(options.trials, fewest_trials);
    std::vector<double> weights;
    double total = 0;
    runner.start_replication(pilot_replication);
    for (std::uint32_t stage = 0; stage < runner.stages(); ++stage) {
        std::uint32_t trials = 0;
        std::uint64_t events = 0;
        StageSum sum;
        while (sum.successes < successes_wanted && trials < most) {
            trials = std::min(most, std::max(trials * growth, fewest_trials * fewest_trials));
            const std::uint64_t before = runner.events();
            sum = runner.run_stage(stage, trials);
            events = runner.events() - before;
        }
        runner.advance();
        const double cost = 1 + static_cast<double>(events) / trials;  // to start a trial is work too
        weights.push_back(std::sqrt(relative_variance(sum, trials) / cost));
        total += weights.back();
        if (sum.successes == 0) break;
    }
    // A stage that the pilot did not reach is thought to be as hard as the last that it did.
    total += weights.back() * static_cast<double>(runner.stages() - weights.size());
    weights.resize(runner.stages(), weights.back());
    // Never few: what comes after depends on which states a stage ends in, even where all its trials succeed.
    const std::uint32_t fewest = std::max(fewest_trials, options.trials / (4 * runner.stages()));
    std::vector<std::uint32_t> plan;
    for (const double weight : weights) {
        const double trials = total > 0 ? options.trials * (weight / total) : options.trials;
        plan.push_back(std::max(fewest, static_cast<std::uint32_t>(trials)));
    }
    return plan;
}

// What became of one replication.
struct Replication {
    double estimate = 0;
    std::vector<double> shares = {};  // of successes, by stage
};

Replication replicate(StageRunner& runner, std::uint32_t number, const std::vector<std::uint32_t>& plan) {
    Replication result{.estimate = 1, .shares = std::vector<double>(plan.size())};
    runner.start_replication(number);
    for (std::uint32_t stage = 0; stage < plan.size(); ++stage) {
        const StageSum sum = runner.run_stage(stage, plan[stage]);
        result.shares[stage] = sum.weight / plan[stage];
        result.estimate *= result.shares[stage];
        if (sum.successes == 0) break;
        runner.advance();
    }
    return result;
}

// Means over all replications in which there was anything to start from.
std::vector<SplittingStage> stages_of(const std::vector<Replication>& replications,
                                      const std::vector<std::uint32_t>& plan) {
    std::vector<SplittingStage> stages;
    for (std::size_t stage = 0; stage < plan.size(); ++stage) {
        Moments shares;
        for (const Replication& replication : replications)
            if (stage == 0 || replication.shares[stage - 1] > 0) shares.add(replication.shares[stage]);
        stages.push_back({plan[stage], shares.mean()});
    }
    return stages;
}

}  // namespace

FailureDistance::FailureDistance(const DynamicSemantics& semantics)
    : semantics_(&semantics),
      unreachable_(static_cast<std::uint32_t>(semantics.tree().leaves.size()) + 1),
      order_(gates_by_rank(semantics.tree())),
      alone_(semantics.tree().node_count(), unreachable_),
      distances_(semantics.tree().node_count()) {
    const DynamicTree& tree = semantics.tree();
    for (std::size_t leaf = 0; leaf < tree.leaves.size(); ++leaf)
        if (can_fail(tree.leaves[leaf].life)) alone_[leaf] = 1;
    std::size_t most_inputs = 0;
    for (std::size_t i = 0; i < tree.gates.size(); ++i) {
        most_inputs = std::max(most_inputs, tree.gates[i].inputs.size());
        if (tree.gates[i].connective == DynamicConnective::dependency && tree.gates[i].probability > 0)
            dependencies_.push_back(tree.gate_node(i));
    }
    sorted_.reserve(most_inputs);
}

std::uint32_t FailureDistance::of_gate(const DynamicGate& gate) {
    // Inputs without an output are left out.
    sorted_.clear();
    const DynamicTree& tree = semantics_->tree();
    for (const std::uint32_t input : gate.inputs)
        if (tree.is_leaf(input) || !is_constraint(tree.gate(input).connective))
            sorted_.push_back(distances_[input]);
    std::size_t counted = sorted_.size();
    if (gate.connective == DynamicConnective::at_least) counted = gate.minimum;
    if (gate.connective == DynamicConnective::disjunction
        || gate.connective == DynamicConnective::priority_or)
        counted = 1;
    // Of priority-or the first counts, wherever it stands.
    if (gate.connective != DynamicConnective::priority_or && counted < sorted_.size())
        std::sort(sorted_.begin(), sorted_.end());
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < counted; ++i) sum = std::min(unreachable_, sum + sorted_[i]);
    return sum;
}

void FailureDistance::sweep(DynamicSemantics::ConstState state) {
    const DynamicTree& tree = semantics_->tree();
    const auto set = [&](std::uint32_t node, std::uint32_t distance) {
        distances_[node] = semantics_->failed(state, node) ? 0 : std::clamp(distance, 1U, most_[node]);
    };
    for (std::uint32_t leaf = 0; leaf < tree.leaves.size(); ++leaf) set(leaf, most_[leaf]);
    for (const std::uint32_t gate : order_) set(gate, of_gate(tree.gate(gate)));
}

// Whether a dependent was further than its trigger.
bool FailureDistance::pass_on_failures() {
    bool changed = false;
    for (const std::uint32_t dependency : dependencies_) {
        const std::vector<std::uint32_t>& inputs = semantics_->tree().gate(dependency).inputs;
        const std::uint32_t trigger = std::max(1U, distances_[inputs.front()]);
        for (std::size_t i = 1; i < inputs.size(); ++i) {
            changed = changed || distances_[inputs[i]] > trigger;
            most_[inputs[i]] = std::min(most_[inputs[i]], trigger);
        }
    }
    return changed;
}

std::uint32_t FailureDistance::operator()(DynamicSemantics::ConstState state) {
    most_ = alone_;
    sweep(state);
    // A trigger may itself depend on another: a few rounds are enough for what is only a guide.
    constexpr int most_rounds = 3;
    for (int round = 0; round < most_rounds && pass_on_failures(); ++round) sweep(state);
    return distances_[semantics_->tree().top];
}

SplitUnreliability split_unreliability(const DynamicTree& tree, const SplittingOptions& options) try {
    expects(options.time >= 0 && options.time < infinity, "a mission time is finite and at least 0");
    expects(options.replications >= 2 && options.replications < pilot_replication, "2 or more replications");
    expects(options.trials > 0, "a replication has a trial");
    expects(options.level > 0 && options.level < 1, "a confidence lies between 0 and 1");

    const DynamicSemantics semantics(tree);
    StageRunner pilot(semantics, options);
    const std::vector<std::uint32_t> plan = plan_trials(pilot, options);

    const int threads = resolve_threads(options.threads);
    std::vector<std::unique_ptr<StageRunner>> runners(static_cast<std::size_t>(threads));
    std::vector<Replication> replications(options.replications);
    run_pipeline(
        options.replications, threads,
        [&](const PipelineTask& task) {
            std::unique_ptr<StageRunner>& runner = runners[task.worker];
            if (!runner) runner = std::make_unique<StageRunner>(semantics, options);
            replications[task.number] = replicate(*runner, static_cast<std::uint32_t>(task.number), plan);
        },
        [&](const PipelineTask& task) {
            if (options.progress) options.progress(task.number + 1);
            return true;
        });

    SplitUnreliability result{.time = options.time,
                              .replications = options.replications,
                              .events = pilot.events(),
                              .stages = stages_of(replications, plan)};
    for (const auto& runner : runners)
        if (runner) result.events += runner->events();
    Moments moments;
    for (const Replication& replication : replications) moments.add(replication.estimate);
    result.estimate = moments.mean();
    result.standard_error = moments.standard_error();
    if (result.estimate > 0) {
        const Interval interval = moments.confidence_interval(options.level);
        result.interval = {std::max(0.0, interval.low), std::min(1.0, interval.high)};
    }
    return result;
} catch (const TooManyEvents&) {
    return {.time = options.time,
            .given_up = true,
            .estimate = std::numeric_limits<double>::quiet_NaN(),
            .standard_error = std::numeric_limits<double>::quiet_NaN()};
}

}  // namespace venturi
