// The probability of a rare event by multilevel splitting: copies of a history that has come far go on from
// there, each with luck of its own.
//
// A level says how near a state is to the event; +∞ is the event. Two methods, both without bias whatever the
// level is, a good one making them vary little:
//
// Adaptive multilevel splitting (Cérou & Guyader, "Adaptive multilevel splitting for rare event analysis",
// Stochastic Analysis and Applications 25, 2007). A replication runs N histories to their ends. Again and
// again, those whose highest level is at or below the k-th lowest, Z, are killed, and each is replaced by a
// copy of one that got above Z, from where it first did. With K killed in a step the estimate is the product
// of the (N − K) / N times the share that has reached the event when fewer than k have not. All with the
// level Z are killed, ties as well, and a copy starts where the level is strictly above Z: without that a
// level of whole numbers would be biased (Bréhier, Gazeau, Goudenège, Lelièvre & Rousset, "Unbiasedness of
// some generalized adaptive multilevel splitting algorithms", Annals of Applied Probability 26, 2016).
//
// Fixed effort (Garvels, "The splitting method in rare event simulation", thesis, Twente, 2000, chapter 3).
// Levels are fixed by a pilot, an adaptive replication with draws of its own. Then N trials a stage, from
// where trials of the stage before got above its level; the estimate is the product of the shares of
// successes.
//
// Copies are shared out evenly over those that are copied, from a random place on: each as often in the mean.
// Independent replications give the interval; they are the unit of work on threads.
#pragma once

#include "sim/contract.hpp"
#include "sim/ensemble/interval.hpp"
#include "sim/ensemble/journal.hpp"
#include "sim/ensemble/pipeline.hpp"
#include "sim/ensemble/progress.hpp"
#include "sim/ensemble/stop_request.hpp"
#include "sim/ensemble/stopped.hpp"
#include "sim/infinity.hpp"

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace venturi {

/// The name of a history's luck, to be taken for a seed and a trajectory: other names, other draws.
struct Luck {
    std::uint64_t seed = 0;
    std::uint32_t trajectory = 0;
    friend bool operator==(const Luck&, const Luck&) = default;
};

/// A model whose states can be copied, and go on the same then.
///
///   state()               a state to be begun; makes its memory
///   begin(state, luck)    at the start of a history
///   renew(state, luck)    from here on with other luck; the past stays
///   rise(state, level)    runs the state until its level is above `level`, which it may be at once, and
///   gives
///                         the level there; a number not above `level` where the history ends before
///   events()              how many events it has simulated so far
///
/// The level is +∞ where the event has happened; there a history is over.
template <class T>
concept SplittingModel = std::copyable<typename T::State> && requires(T& model, typename T::State& state,
                                                                      const Luck& luck, double level) {
    { model.state() } -> std::same_as<typename T::State>;
    model.begin(state, luck);
    model.renew(state, luck);
    { model.rise(state, level) } -> std::same_as<double>;
    { std::as_const(model).events() } -> std::same_as<std::uint64_t>;
};

enum class SplittingMethod : std::uint8_t { adaptive, fixed_effort };

struct MultilevelOptions {
    SplittingMethod method = SplittingMethod::adaptive;
    std::uint32_t copies = 50;        ///< histories of a replication, or trials of a stage: 2 or more
    std::uint32_t replications = 20;  ///< at most; 1 or more
    /// Adaptive: the part of the copies that is killed in a step, one copy at least. The variance hardly
    /// depends on it; few steps take less time. Fixed effort: the part that a stage of the pilot loses.
    double killed = 0.25;
    std::uint64_t budget = std::numeric_limits<std::uint64_t>::max();  ///< events
    /// A replication whose probability has become less is ended and counts as 0: the estimate lacks less.
    double least = 1e-18;
    std::uint64_t seed = 0;
    double level = 0.95;  ///< confidence of the interval
    int threads = 0;      ///< 0: one for each core
    const StopRequest* stop = nullptr;
    std::function<void(const Progress&)> progress = {};  ///< in replications
    const Journal* journal = nullptr;                    ///< of replications
};

/// One step up: so many of the copies got above the level; the last is the event itself, at +∞. The product
/// of the shares that passed is the probability.
struct LevelStep {
    double level = 0;
    std::uint32_t copies = 0;
    std::uint32_t passed = 0;
    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.level);
        visit(self.copies);
        visit(self.passed);
    }

    friend bool operator==(const LevelStep&, const LevelStep&) = default;
};

/// What became of one replication.
struct MultilevelReplication {
    std::uint32_t number = 0;
    double probability = 0;
    std::vector<LevelStep> steps = {};  ///< from the lowest
    std::uint64_t histories = 0;        ///< begun or copied, each counted once
    std::uint64_t events = 0;  ///< simulated, those that were run again to find where to copy among them
    std::uint64_t whole_histories = 0;  ///< from the start to the end or the event, independent
    std::uint64_t whole_events = 0;     ///< of these
    std::uint64_t whole_successes = 0;  ///< of these, that reached the event
    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.number);
        visit(self.probability);
        visit(self.steps);
        visit(self.histories);
        visit(self.events);
        visit(self.whole_histories);
        visit(self.whole_events);
        visit(self.whole_successes);
    }

    friend bool operator==(const MultilevelReplication&, const MultilevelReplication&) = default;
};

enum class MultilevelEnding : std::uint8_t {
    finished,      ///< all replications are done
    budget_spent,  ///< before that
    interrupted,   ///< a stop was requested; whole replications were kept
};

/// A replication that threw, and what it said.
struct ReplicationFailure {
    std::uint32_t replication = 0;
    std::string reason;
    friend bool operator==(const ReplicationFailure&, const ReplicationFailure&) = default;
};

/// The same bits for any number of threads.
struct MultilevelEstimate {
    double probability = 0;     ///< mean of the replications; NaN without any
    double standard_error = 0;  ///< NaN below two
    /// `replications_interval`. Where no replication reached the event, from 0 to what independent whole
    /// histories without it leave open; nothing that splitting has seen makes that less.
    Interval interval = {};
    std::vector<MultilevelReplication> replications = {};  ///< that are whole, in order
    std::vector<ReplicationFailure> failures = {};
    MultilevelEnding ending = MultilevelEnding::finished;
    std::uint64_t events = 0;        ///< of the replications, and of the pilot
    std::uint64_t histories = 0;     ///< the same
    double events_of_a_history = 0;  ///< simulated in one from the start, in the mean; NaN without any
    std::uint32_t reached = 0;       ///< replications in which the event happened

    /// How many independent histories from the start have the same standard error, p (1 − p) / s²; NaN where
    /// that says nothing.
    [[nodiscard]] double crude_histories() const;
    /// The events of these: the work of crude Monte Carlo.
    [[nodiscard]] double crude_events() const;
};

/// The interval of a probability from its estimates by independent replications: `product_share_interval`,
/// for estimates are products. Where all agree, what `trials` independent histories leave open
/// (`unvaried_share_interval`). NaN below two replications.
[[nodiscard]] Interval replications_interval(std::span<const double> probabilities, double trials,
                                             double level = 0.95);

namespace detail {

/// Thrown where one replication takes more than the whole budget.
class BudgetSpent : public std::runtime_error {
  public:
    BudgetSpent() : std::runtime_error("a replication takes more events than the budget has") {}
};

/// The replication number of the pilot.
inline constexpr std::uint32_t pilot_replication = std::numeric_limits<std::uint32_t>::max();

/// The seed of a replication's lucks: history number i of it has the luck {seed, i}.
[[nodiscard]] std::uint64_t seed_of_replication(std::uint64_t seed, std::uint32_t replication);
/// Uniform in [0, 1): where the sharing out of a step begins.
[[nodiscard]] double offset_of_step(std::uint64_t seed, std::uint32_t replication, std::uint32_t step);

void expect_sound(const MultilevelOptions& options);
/// What the replications say together; `pilot` may be null.
[[nodiscard]] MultilevelEstimate estimate_of(std::vector<MultilevelReplication> replications,
                                             const MultilevelReplication* pilot, double level);

/// Which of `count` things the `number`-th of `copies` copies is of.
[[nodiscard]] inline std::size_t share_out(std::size_t number, std::size_t copies, std::size_t count,
                                           double offset) {
    const double place = (static_cast<double>(number) + offset) / static_cast<double>(copies);
    return std::min(static_cast<std::size_t>(place * static_cast<double>(count)), count - 1);
}

/// Runs replications with one model; one for each thread.
template <SplittingModel Model>
class SplittingRunner {
  public:
    using State = typename Model::State;

    SplittingRunner(Model model, const MultilevelOptions& options)
        : model_(std::move(model)), options_(&options), current_(model_.state()) {}

    [[nodiscard]] MultilevelReplication run_adaptively(std::uint32_t number) {
        begin(number);
        make_room(starts_);
        const std::size_t copies = options_->copies;
        highest_.assign(copies, -infinity);
        for (std::size_t i = 0; i < copies; ++i) {
            model_.begin(starts_[i], next_luck());
            highest_[i] = follow(starts_[i]);
        }
        const auto happened = [](double highest) { return highest == infinity; };
        const auto reached = [&] {
            return static_cast<double>(std::count_if(highest_.begin(), highest_.end(), happened));
        };
        result_.whole_histories = copies;
        result_.whole_events = events();
        result_.whole_successes = static_cast<std::uint64_t>(reached());
        double probability = 1;
        for (;;) {
            const double level = level_to_kill();
            if (level == infinity) break;
            const std::size_t passed = split(level);
            probability *= static_cast<double>(passed) / static_cast<double>(copies);
            if (passed == 0 || probability < options_->least) {
                probability = 0;
                break;
            }
        }
        if (probability > 0) {
            result_.steps.push_back({infinity, options_->copies, static_cast<std::uint32_t>(reached())});
            result_.probability = probability * reached() / static_cast<double>(copies);
        }
        return finish();
    }

    [[nodiscard]] MultilevelReplication run_stages(std::uint32_t number, std::span<const double> thresholds) {
        begin(number);
        make_room(starts_);
        make_room(ends_);
        const std::size_t copies = options_->copies;
        std::size_t starting = 0;
        result_.probability = 1;
        for (std::size_t stage = 0; stage <= thresholds.size(); ++stage) {
            const bool last = stage == thresholds.size();
            const double level = last ? infinity : thresholds[stage];
            // Nothing is above the event: its own stage is passed by what is above all finite levels.
            const double above = std::min(level, std::numeric_limits<double>::max());
            const double offset = next_offset();
            std::size_t passed = 0;
            for (std::size_t i = 0; i < copies; ++i) {
                look_up();
                if (stage == 0) {
                    model_.begin(current_, next_luck());
                } else {
                    current_ = starts_[share_out(i, copies, starting, offset)];
                    model_.renew(current_, next_luck());
                }
                if (!(model_.rise(current_, above) > above)) continue;
                std::swap(ends_[passed], current_);
                ++passed;
            }
            result_.probability *= static_cast<double>(passed) / static_cast<double>(copies);
            result_.steps.push_back({level, options_->copies, static_cast<std::uint32_t>(passed)});
            if (passed == 0) break;
            std::swap(starts_, ends_);
            starting = passed;
        }
        return finish();
    }

  private:
    void begin(std::uint32_t number) {
        result_ = {};
        result_.number = number;
        seed_ = seed_of_replication(options_->seed, number);
        step_ = 0;
        events_before_ = model_.events();
    }
    [[nodiscard]] MultilevelReplication finish() {
        result_.events = events();
        return std::move(result_);
    }
    void make_room(std::vector<State>& states) {
        while (states.size() < options_->copies) states.push_back(model_.state());
    }
    [[nodiscard]] std::uint64_t events() const { return model_.events() - events_before_; }
    [[nodiscard]] Luck next_luck() {
        expects(result_.histories < std::numeric_limits<std::uint32_t>::max(),
                "a replication has fewer than 2^32 histories");
        return {seed_, static_cast<std::uint32_t>(result_.histories++)};
    }
    [[nodiscard]] double next_offset() { return offset_of_step(options_->seed, result_.number, step_++); }
    void look_up() const {
        stop_if_requested(options_->stop);
        if (events() > options_->budget) throw BudgetSpent();
    }

    /// The highest level of the history that goes on from a state, which stays as it is.
    [[nodiscard]] double follow(const State& start) {
        look_up();
        current_ = start;
        double highest = -infinity;
        while (highest < infinity) {
            const double level = model_.rise(current_, highest);
            if (!(level > highest)) break;
            highest = level;
        }
        return highest;
    }

    /// The k-th lowest of the highest levels.
    [[nodiscard]] double level_to_kill() {
        sorted_ = highest_;
        const double wanted = options_->killed * static_cast<double>(sorted_.size());
        const std::size_t k =
            std::clamp<std::size_t>(static_cast<std::size_t>(wanted), 1, sorted_.size() - 1);
        const auto place = sorted_.begin() + static_cast<std::ptrdiff_t>(k - 1);
        std::nth_element(sorted_.begin(), place, sorted_.end());
        return *place;
    }

    /// Kills all at or below `level` and replaces them by copies of the others; gives how many those are.
    std::size_t split(double level) {
        passed_.clear();
        killed_.clear();
        for (std::size_t i = 0; i < highest_.size(); ++i)
            (highest_[i] > level ? passed_ : killed_).push_back(i);
        result_.steps.push_back({level, options_->copies, static_cast<std::uint32_t>(passed_.size())});
        if (passed_.empty()) return 0;
        const double offset = next_offset();
        std::size_t raised = highest_.size();  // which history has last been run up to the level
        for (std::size_t i = 0; i < killed_.size(); ++i) {
            const std::size_t parent = passed_[share_out(i, killed_.size(), passed_.size(), offset)];
            // What it went through below the level is needed no more, so it starts there from now on: in all
            // steps together no part of a history is run more than twice.
            if (parent != raised) model_.rise(starts_[parent], level);
            raised = parent;
            State& copy = starts_[killed_[i]];
            copy = starts_[parent];
            model_.renew(copy, next_luck());
            highest_[killed_[i]] = follow(copy);
        }
        return passed_.size();
    }

    Model model_;
    const MultilevelOptions* options_;
    State current_;
    std::vector<State> starts_;
    std::vector<State> ends_;
    std::vector<double> highest_;
    std::vector<double> sorted_;
    std::vector<std::size_t> passed_;
    std::vector<std::size_t> killed_;
    MultilevelReplication result_;
    std::uint64_t seed_ = 0;
    std::uint64_t events_before_ = 0;
    std::uint32_t step_ = 0;
};

/// A replication on its way from a thread to the fold.
struct ReplicationSlot {
    KeptPiece<MultilevelReplication> lived = {};
    std::optional<std::string> failure = {};
    bool stopped = false;
    bool budget_spent = false;
};

/// The levels that the pilot got above.
[[nodiscard]] std::vector<double> levels_of(const MultilevelReplication& pilot);

}  // namespace detail

/// The probability of the model's event. make_model() gives a SplittingModel, and is called once a thread, by
/// one at a time, and once more after a replication that threw.
///
/// Replications are run and counted in order until all are done, a stop is requested, or the events of those
/// that are whole reach the budget; one that alone takes more is given up. A replication that throws is left
/// out and told, but for std::bad_alloc, which ends the run. With fixed effort the pilot throws what the
/// model throws. Memory: a thread holds `copies` states, twice that with fixed effort. Throws
/// ContractViolation where an option is out of range.
template <std::invocable MakeModel>
requires SplittingModel<std::invoke_result_t<MakeModel&>>
[[nodiscard]] MultilevelEstimate split_levels(const MultilevelOptions& options, MakeModel make_model) {
    using Runner = detail::SplittingRunner<std::invoke_result_t<MakeModel&>>;
    detail::expect_sound(options);
    std::optional<MultilevelReplication> pilot;
    std::vector<double> thresholds;
    MultilevelEnding ending = MultilevelEnding::finished;
    if (options.method == SplittingMethod::fixed_effort) {
        try {
            pilot = kept_or_done(options.journal, "pilot", MultilevelReplication{}, [&] {
                        return Runner(make_model(), options).run_adaptively(detail::pilot_replication);
                    }).piece;
            thresholds = detail::levels_of(*pilot);
        } catch (const Stopped&) {
            ending = MultilevelEnding::interrupted;
        } catch (const detail::BudgetSpent&) {
            ending = MultilevelEnding::budget_spent;
        }
    }
    std::vector<MultilevelReplication> whole;
    std::vector<ReplicationFailure> failures;
    std::uint64_t events = pilot ? pilot->events : 0;
    ProgressReporter reporter(options.replications, options.progress);
    if (ending == MultilevelEnding::finished) {
        const int threads = resolve_threads(options.threads);
        std::vector<std::unique_ptr<Runner>> runners(static_cast<std::size_t>(threads));
        std::vector<detail::ReplicationSlot> slots(slot_count(threads));
        std::mutex making;
        const auto compute = [&](const PipelineTask& task) {
            detail::ReplicationSlot& slot = slots[task.slot];
            slot = {};
            std::unique_ptr<Runner>& runner = runners[task.worker];
            const auto number = static_cast<std::uint32_t>(task.number);
            const auto run = [&] {
                if (!runner) {
                    const std::lock_guard lock(making);
                    runner = std::make_unique<Runner>(make_model(), options);
                }
                return options.method == SplittingMethod::adaptive ? runner->run_adaptively(number)
                                                                   : runner->run_stages(number, thresholds);
            };
            try {
                slot.lived =
                    kept_or_done(options.journal, std::to_string(number), MultilevelReplication{}, run);
            } catch (const BytesError&) {
                throw;
            } catch (const Stopped&) {
                slot.stopped = true;
            } catch (const detail::BudgetSpent&) {
                slot.budget_spent = true;
            } catch (const std::bad_alloc&) {
                throw;
            } catch (const std::exception& error) {
                runner.reset();
                slot.failure = error.what();
            }
        };
        const auto fold = [&](const PipelineTask& task) {
            detail::ReplicationSlot& slot = slots[task.slot];
            if (slot.stopped || slot.budget_spent) {
                ending = slot.stopped ? MultilevelEnding::interrupted : MultilevelEnding::budget_spent;
                return false;
            }
            if (slot.failure) {
                failures.push_back({static_cast<std::uint32_t>(task.number), *std::move(slot.failure)});
            } else {
                events += slot.lived.piece.events;
                if (slot.lived.was_found) reporter.add_earlier(1, slot.lived.piece.events);
                whole.push_back(std::move(slot.lived.piece));
            }
            reporter.update(task.number + 1, events);
            if (events < options.budget || task.number + 1 == options.replications) return true;
            ending = MultilevelEnding::budget_spent;
            return false;
        };
        run_pipeline(options.replications, threads, compute, fold);
    }
    reporter.finish(whole.size() + failures.size(), events);
    MultilevelEstimate estimate =
        detail::estimate_of(std::move(whole), pilot ? &*pilot : nullptr, options.level);
    estimate.failures = std::move(failures);
    estimate.ending = ending;
    return estimate;
}

}  // namespace venturi
