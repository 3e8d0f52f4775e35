#include "agents/risk/rare_event_simulation.hpp"

#include "agents/risk/bit_parallel_simulation.hpp"
#include "sim/contract.hpp"
#include "sim/ensemble/critical_value.hpp"
#include "sim/ensemble/stopped.hpp"
#include "sim/on_threads.hpp"

#include <tbb/blocked_range.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

namespace venturi {

namespace {

// Purposes of draws; 0 is that of plain trials.
constexpr std::uint16_t pilot_trials = 1;
constexpr std::uint16_t weighted_trials = 2;

constexpr std::uint32_t pilot_blocks = 256;
constexpr std::size_t enough_hits = 500;  // to learn from
constexpr std::size_t most_hits = 40'000;
constexpr double enough_weight = 200;  // effective number of hits, to learn from
constexpr double theta_step = 0.1;
constexpr double least_theta = 0.05;
constexpr double least_progress = 0.005;  // of θ in a round; with less, the round is a try
constexpr int most_tries = 5;
constexpr int most_rounds = 60;
constexpr int last_rounds = 3;        // at θ = 1
constexpr double smoothing = 0.7;     // how far probabilities move to what was learnt
constexpr double highest_tilt = 0.7;  // more would make a way without the event too rare

// The logarithm of a trial's weight: `base` and, for each event that happens, its part.
struct LogWeights {
    double base = 0;
    std::vector<double> of_event = {};

    // From densities with probabilities `to` over those with `from`.
    LogWeights(std::span<const double> to, std::span<const double> from) : of_event(to.size()) {
        for (std::size_t i = 0; i < to.size(); ++i) {
            if (to[i] == from[i]) continue;
            const double fails_to = std::log1p(-to[i]) - std::log1p(-from[i]);
            base += fails_to;
            of_event[i] = std::log(to[i] / from[i]) - fails_to;
        }
    }
};

// The form of the whole tree, whatever its top is.
NormalForm whole_form(const FaultTree& tree) {
    FaultTree topped = tree;
    topped.gates.push_back({.connective = Connective::same, .arguments = {tree.top}});
    const auto root = static_cast<std::uint32_t>(topped.gates.size() - 1);
    topped.top = {FaultTreeArgument::Kind::gate, false, root};
    return normal_form(topped, root, [](std::uint32_t, Polarity) { return false; });
}

// Whether the top has a use for an event's happening, and for its failing to.
struct Uses {
    bool happening = false;
    bool failing = false;
};

std::vector<Uses> uses_of(const NormalForm& form, std::size_t events) {
    std::vector<bool> used(form.nodes.size());
    used[form.top] = true;
    for (const std::uint32_t argument : form.arguments) used[argument] = true;
    std::vector<Uses> uses(events);
    for (std::size_t n = 0; n < form.nodes.size(); ++n) {
        const NormalForm::Node& node = form.nodes[n];
        if (node.kind != NormalForm::Node::Kind::literal || !used[n]) continue;
        Uses& event = uses[form.variables[node.variable].index];
        (node.complemented ? event.failing : event.happening) = true;
    }
    return uses;
}

// p^θ for what is rare and of use.
double tempered(double p, const Uses& uses, double theta) {
    const auto power = [&](double rare) { return rare > 0 ? std::min(std::pow(rare, theta), 0.5) : 0; };
    if (p < 0.5) return uses.happening ? power(p) : p;
    return uses.failing && p > 0.5 ? 1 - power(1 - p) : p;
}

// Trials of a pilot in which the top happened: the events that did, one trial after the other.
struct Hits {
    std::vector<std::uint32_t> events = {};  // positions in the tree's list of events
    std::vector<std::size_t> ends = {};      // of each trial, in `events`

    [[nodiscard]] std::size_t count() const { return ends.size(); }
    [[nodiscard]] std::span<const std::uint32_t> trial(std::size_t i) const {
        const std::size_t begin = i == 0 ? 0 : ends[i - 1];
        return std::span(events).subspan(begin, ends[i] - begin);
    }
};

// Weights of the hits, the highest of which is 1, towards probabilities `to`.
std::vector<double> weights_of(const Hits& hits, std::span<const double> to, std::span<const double> from) {
    const LogWeights log_weights(to, from);
    std::vector<double> weights(hits.count());
    double highest = -std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < hits.count(); ++i) {
        for (const std::uint32_t event : hits.trial(i)) weights[i] += log_weights.of_event[event];
        highest = std::max(highest, weights[i]);
    }
    for (double& weight : weights) weight = std::exp(weight - highest);
    return weights;
}

double effective_number(std::span<const double> weights) {
    double sum = 0;
    double squares = 0;
    for (const double weight : weights) {
        sum += weight;
        squares += weight * weight;
    }
    return squares > 0 ? sum * sum / squares : 0;
}

// Probabilities to draw with; shape: as the tree's basic_events.
struct Tilts {
    std::vector<double> narrow;  // those that the top's events have, as far as they are known
    std::vector<double> wide;    // under which the top was found at first
};

// The search for probabilities to draw with. All vectors are over the events that the top reaches.
class TiltSearch {
  public:
    TiltSearch(const FaultTree& tree, const NormalForm& form, std::uint64_t seed, const StopRequest* stop)
        : tree_(tree), seed_(seed), stop_(stop) {
        const std::vector<Uses> uses = uses_of(form, tree.basic_events.size());
        for (const BasicEvent& event : tree.basic_events) all_.push_back(event.probability);
        const BitParallelTree trial(tree, all_);
        events_.assign(trial.events().begin(), trial.events().end());
        for (const std::uint32_t event : events_) {
            probabilities_.push_back(all_[event]);
            uses_.push_back(uses[event]);
        }
    }

    [[nodiscard]] Tilts find() {
        double theta = 1;
        std::vector<double> tilted = probabilities_;
        Hits hits = try_pilot(tilted);
        while (hits.count() < enough_hits && theta > least_theta + theta_step) {
            theta -= theta_step;
            tilted = tempered_all(theta);
            hits = try_pilot(tilted);
        }
        // Common enough as it is, or not to be found.
        if (theta == 1 || hits.count() < enough_hits) return {all_, all_};
        const std::vector<double> wide = tilted;
        int at_end = 0;
        int tries = 0;
        for (int round = 0; round < most_rounds && at_end < last_rounds && tries < most_tries; ++round) {
            const double next = next_theta(hits, tilted, theta);
            if (theta < 1 && next < theta + least_progress) ++tries;
            theta = next;
            const std::vector<double> target = tempered_all(theta);
            std::vector<double> moved = given_the_top(hits, weights_of(hits, target, tilted), target);
            for (std::size_t i = 0; i < moved.size(); ++i)
                moved[i] = smoothing * moved[i] + (1 - smoothing) * tilted[i];
            Hits found = try_pilot(moved);
            if (found.count() < enough_hits) break;
            tilted = std::move(moved);
            hits = std::move(found);
            if (theta == 1) ++at_end;
        }
        return {for_all(tilted), for_all(wide)};
    }

  private:
    [[nodiscard]] std::vector<double> tempered_all(double theta) const {
        std::vector<double> result;
        for (std::size_t i = 0; i < events_.size(); ++i)
            result.push_back(tempered(probabilities_[i], uses_[i], theta));
        return result;
    }

    [[nodiscard]] std::vector<double> for_all(std::span<const double> tilted) const {
        std::vector<double> result = all_;
        for (std::size_t i = 0; i < events_.size(); ++i) result[events_[i]] = tilted[i];
        return result;
    }

    Hits try_pilot(std::span<const double> tilted) {
        const BitParallelTree trial(tree_, for_all(tilted));
        Hits hits;
        for (std::uint32_t block = 0; block < pilot_blocks && hits.count() < most_hits; ++block) {
            stop_if_requested(stop_);
            const TrialBits& top = trial.try_block(seed_, next_block_++, pilot_trials, workspace_);
            for (std::size_t w = 0; w < words_per_block; ++w) {
                if (top[w] == 0) continue;
                std::array<std::vector<std::uint32_t>, 64> happened;
                for (std::uint32_t i = 0; i < events_.size(); ++i) {
                    std::uint64_t left = top[w] & BitParallelTree::bits_of_event(workspace_, i)[w];
                    for (; left != 0; left &= left - 1)
                        happened[static_cast<std::size_t>(std::countr_zero(left))].push_back(i);
                }
                for (std::uint64_t left = top[w]; left != 0; left &= left - 1) {
                    const auto& events = happened[static_cast<std::size_t>(std::countr_zero(left))];
                    hits.events.insert(hits.events.end(), events.begin(), events.end());
                    hits.ends.push_back(hits.events.size());
                }
            }
        }
        return hits;
    }

    // As near to 1 as leaves enough weight; where none does, as it is.
    [[nodiscard]] double next_theta(const Hits& hits, std::span<const double> tilted, double theta) const {
        const auto good = [&](double candidate) {
            return effective_number(weights_of(hits, tempered_all(candidate), tilted)) >= enough_weight;
        };
        if (theta == 1 || good(1)) return 1;
        double low = theta;
        double high = 1;
        while (high - low > least_progress / 2) {
            const double middle = (low + high) / 2;
            (good(middle) ? low : high) = middle;
        }
        return low;
    }

    // The share of the weight with which each event happened. Too little tilted may hide a way to the top,
    // while too much costs little: where the top has one use for an event, whatever share speaks for that
    // use is taken; where it has both, one that is beyond chance.
    [[nodiscard]] std::vector<double> given_the_top(const Hits& hits, std::span<const double> weights,
                                                    std::span<const double> target) const {
        std::vector<double> shares(events_.size());
        double total = 0;
        for (std::size_t i = 0; i < hits.count(); ++i) {
            total += weights[i];
            for (const std::uint32_t event : hits.trial(i)) shares[event] += weights[i];
        }
        const double effective = effective_number(weights);
        for (std::size_t i = 0; i < shares.size(); ++i) {
            const double p = target[i];
            const double share =
                std::clamp(shares[i] / total, std::min(p, 1 - highest_tilt), std::max(p, highest_tilt));
            const bool as_expected = share > p ? uses_[i].happening : uses_[i].failing;
            const bool chance = std::abs(share - p) < 3 * std::sqrt(p * (1 - p) / effective);
            // In one use only, the top makes an event no less likely to serve it.
            const bool possible = as_expected && (p > 0 && p < 1);
            shares[i] = possible && !(chance && uses_[i].happening && uses_[i].failing) ? share : p;
        }
        return shares;
    }

    const FaultTree& tree_;
    std::uint64_t seed_;
    const StopRequest* stop_;
    std::vector<double> all_;
    std::vector<std::uint32_t> events_;
    std::vector<double> probabilities_;
    std::vector<Uses> uses_;
    BitParallelTree::Workspace workspace_;
    std::uint32_t next_block_ = 0;
};

struct WeightSums {
    double sum = 0;      // of the means of pairs
    double squares = 0;  // of these
    double highest = 0;
    std::uint64_t happened = 0;
};

// Trials come in pairs: one drawn with the narrow tilt, one with the wide. A weight is the true density over
// the mean of the two, whichever the trial was drawn with (the balance heuristic: Veach and Guibas, SIGGRAPH
// 1995), so that no weight is higher than twice that of either. The means of pairs are independent and alike,
// and their expectation is the top's probability.
class PairedTrials {
  public:
    PairedTrials(const FaultTree& tree, std::span<const double> probabilities, const Tilts& tilts)
        : trials_{BitParallelTree(tree, tilts.narrow), BitParallelTree(tree, tilts.wide)},
          log_weights_{over_reached(probabilities, tilts.narrow), over_reached(probabilities, tilts.wide)} {}

    struct Workspace {
        BitParallelTree::Workspace rows = {};
        std::vector<double> pairs = {};
    };

    // Two blocks: pairs of trials.
    [[nodiscard]] WeightSums weigh(std::uint64_t seed, std::uint32_t pair, Workspace& workspace) const {
        workspace.pairs.assign(trials_per_block, 0);
        WeightSums sums;
        for (const std::uint32_t half : {0U, 1U}) {
            const TrialBits& top =
                trials_[half].try_block(seed, 2 * pair + half, weighted_trials, workspace.rows);
            for (std::size_t w = 0; w < words_per_block; ++w)
                if (top[w] != 0) add_word(w, top[w], workspace, sums);
        }
        for (const double mean : workspace.pairs) {
            sums.sum += mean;
            sums.squares += mean * mean;
            sums.highest = std::max(sums.highest, mean);
        }
        return sums;
    }

  private:
    [[nodiscard]] LogWeights over_reached(std::span<const double> to, std::span<const double> from) const {
        std::vector<double> to_reached;
        std::vector<double> from_reached;
        for (const std::uint32_t event : trials_[0].events()) {
            to_reached.push_back(to[event]);
            from_reached.push_back(from[event]);
        }
        return {to_reached, from_reached};
    }

    void add_word(std::size_t w, std::uint64_t top, Workspace& workspace, WeightSums& sums) const {
        std::array<std::array<double, 64>, 2> logs;
        for (std::size_t tilt = 0; tilt < 2; ++tilt) logs[tilt].fill(log_weights_[tilt].base);
        for (std::size_t i = 0; i < log_weights_[0].of_event.size(); ++i) {
            std::uint64_t left = top & BitParallelTree::bits_of_event(workspace.rows, i)[w];
            for (; left != 0; left &= left - 1)
                for (std::size_t tilt = 0; tilt < 2; ++tilt)
                    logs[tilt][static_cast<std::size_t>(std::countr_zero(left))] +=
                        log_weights_[tilt].of_event[i];
        }
        for (; top != 0; top &= top - 1) {
            const auto bit = static_cast<std::size_t>(std::countr_zero(top));
            // The weight 2 / (1 / w_narrow + 1 / w_wide), halved in the pair's mean.
            workspace.pairs[64 * w + bit] += 1 / (std::exp(-logs[0][bit]) + std::exp(-logs[1][bit]));
            ++sums.happened;
        }
    }

    std::array<BitParallelTree, 2> trials_;
    std::array<LogWeights, 2> log_weights_;
};

double weight_bound_of(const NormalForm& form, std::span<const double> probabilities,
                       std::span<const double> tilted) {
    std::vector<double> p;
    std::vector<double> q;
    for (const NormalForm::Variable& variable : form.variables) {
        p.push_back(probabilities[variable.index]);
        q.push_back(tilted[variable.index]);
    }
    return highest_weight(form, p, q);
}

}  // namespace

double highest_weight(const NormalForm& form, std::span<const double> probabilities,
                      std::span<const double> tilted) {
    expects(probabilities.size() == form.variables.size() && tilted.size() == form.variables.size(),
            "there are two probabilities for each variable");
    std::vector<double> users(form.nodes.size());
    for (const std::uint32_t argument : form.arguments) ++users[argument];
    const LogWeights log_weights(probabilities, tilted);
    double highest = log_weights.base;
    for (const double part : log_weights.of_event) highest += std::max(0.0, part);
    std::vector<double> cost(form.nodes.size());
    for (std::size_t n = 0; n <= form.top; ++n) {
        const NormalForm::Node& node = form.nodes[n];
        if (node.kind == NormalForm::Node::Kind::literal) {
            const double part = log_weights.of_event[node.variable];
            cost[n] = std::max(0.0, node.complemented ? part : -part);
            continue;
        }
        const bool all = node.kind == NormalForm::Node::Kind::all;
        cost[n] = all ? 0 : std::numeric_limits<double>::infinity();
        for (const std::uint32_t argument : form.arguments_of(node)) {
            const double share = cost[argument] / users[argument];
            cost[n] = all ? cost[n] + share : std::min(cost[n], share);
        }
    }
    // What the sums of logarithms may have lost to rounding, and more.
    constexpr double rounding = 1e-9;
    return std::exp(highest - cost[form.top]) * (1 + rounding);
}

RareEventProbability simulate_rare(const FaultTree& tree, const RareEventOptions& options) {
    expect_sound(tree);
    expects(options.trials > 0 && options.trials < std::uint64_t{1} << 43,
            "there are fewer than 2^43 trials");
    expects(options.level > 0 && options.level < 1, "a level of confidence lies between 0 and 1");
    std::vector<double> probabilities;
    for (const BasicEvent& event : tree.basic_events) probabilities.push_back(event.probability);
    const NormalForm form = whole_form(tree);
    const Tilts tilts = TiltSearch(tree, form, options.seed, options.stop).find();
    const PairedTrials trials(tree, probabilities, tilts);
    const std::uint64_t block_pairs = (options.trials + 2 * trials_per_block - 1) / (2 * trials_per_block);
    std::vector<WeightSums> of_block(static_cast<std::size_t>(block_pairs));
    tbb::enumerable_thread_specific<PairedTrials::Workspace> workspaces;
    const auto weigh = [&](const tbb::blocked_range<std::size_t>& range) {
        PairedTrials::Workspace& workspace = workspaces.local();
        for (std::size_t block = range.begin(); block != range.end(); ++block) {
            stop_if_requested(options.stop);
            of_block[block] = trials.weigh(options.seed, static_cast<std::uint32_t>(block), workspace);
        }
    };
    on_threads(options.threads,
               [&] { tbb::parallel_for(tbb::blocked_range<std::size_t>(0, of_block.size()), weigh); });

    WeightSums sums;
    for (const WeightSums& block : of_block) {
        sums.sum += block.sum;
        sums.squares += block.squares;
        sums.highest = std::max(sums.highest, block.highest);
        sums.happened += block.happened;
    }
    RareEventProbability result;
    result.trials = block_pairs * 2 * trials_per_block;
    result.happened = sums.happened;
    const std::uint64_t pairs = block_pairs * trials_per_block;
    const auto n = static_cast<double>(pairs);
    result.estimate = sums.sum / n;
    const double variance = std::max(0.0, sums.squares - sums.sum * result.estimate) / (n - 1);
    result.standard_error = std::sqrt(variance / n);
    const double reach = normal_critical_value(options.level) * result.standard_error;
    result.interval = {std::max(0.0, result.estimate - reach), std::min(1.0, result.estimate + reach)};
    result.believable =
        sums.happened > 0 && sums.sum * sums.sum >= 100 * sums.squares && sums.highest <= 0.05 * sums.sum;

    result.weight_bound = 2
                          * std::min(weight_bound_of(form, probabilities, tilts.narrow),
                                     weight_bound_of(form, probabilities, tilts.wide));
    // Half of what the level leaves on each side.
    const double logarithm = std::log(4 / (1 - options.level));
    const double certain =
        std::sqrt(2 * variance * logarithm / n) + 7 * result.weight_bound * logarithm / (3 * (n - 1));
    result.certain_interval = {std::max(0.0, result.estimate - certain),
                               std::min(1.0, result.estimate + certain)};
    result.tilted = tilts.narrow;
    return result;
}

}  // namespace venturi
