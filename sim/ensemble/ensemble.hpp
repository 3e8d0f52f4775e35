// The runner of an ensemble: trajectories on many threads, folded so that the bits do not depend on them.
#pragma once

#include "sim/contract.hpp"
#include "sim/ensemble/ending.hpp"
#include "sim/ensemble/fold.hpp"
#include "sim/ensemble/journal.hpp"
#include "sim/ensemble/mergeable.hpp"
#include "sim/ensemble/pipeline.hpp"
#include "sim/ensemble/progress.hpp"
#include "sim/ensemble/sequential.hpp"
#include "sim/ensemble/stop_request.hpp"
#include "sim/ensemble/stopped.hpp"

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace venturi {

/// What a model offers to be simulated: simulate(trajectory, into) runs one trajectory and adds its
/// observables to the accumulator. It must be a pure function of the trajectory's index, whatever the model
/// ran before; the model is a workspace that is made once per thread and used again. It may return its number
/// of events. Where a trajectory takes long it may throw Stopped on a request, if it has added nothing by
/// then.
template <class Model, class Accumulator>
concept TrajectoryModel = Mergeable<Accumulator> && requires(Model& model, std::uint64_t trajectory,
                                                             Accumulator& into) {
    model.simulate(trajectory, into);
};

/// What becomes of the others where a trajectory throws.
enum class OnFailure : std::uint8_t {
    stop,  ///< the run throws TrajectoryError
    keep,  ///< the run goes on without it, and tells of it
};

struct EnsembleOptions {
    std::uint64_t trajectories = 0;  ///< at most so many
    std::uint64_t first = 0;         ///< index of the first; a multiple of trajectories_per_block
    int threads = 0;                 ///< 0: one for each core
    OnFailure on_failure = OnFailure::stop;
};

/// A trajectory that threw, and what it said.
struct TrajectoryFailure {
    std::uint64_t trajectory = 0;
    std::string reason;
    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.trajectory);
        visit(self.reason);
    }

    friend bool operator==(const TrajectoryFailure&, const TrajectoryFailure&) = default;
};

/// Of so many failures the reasons are kept; the others are counted.
inline constexpr std::size_t most_failures_told = 20;

/// A run whose first so many trajectories all failed goes no further.
inline constexpr std::uint64_t failures_in_vain = 64;

/// What a run asks of its surroundings; each may be left out. All but `stop` are called by one thread at a
/// time.
template <Mergeable Accumulator>
struct EnsembleHooks {
    /// Whether what has been folded is enough; asked at `next_look` trajectories, in order.
    std::function<bool(const Accumulator&)> enough = {};
    /// Told how far the run is, at most every tenth of a second, and at its end.
    std::function<void(const Progress&)> progress = {};
    /// Looked at between trajectories.
    const StopRequest* stop = nullptr;
    /// Where what has been folded is kept after each block, or as often as takes a fiftieth of the time where
    /// blocks come faster, and on a stop; from what is found there the run goes on, with the bits of one that
    /// was never interrupted. For accumulators that show their members.
    const Journal* journal = nullptr;
};

/// What a run gives: the fold of trajectories first to first + completed + failed − 1 but for those that
/// failed, with the same bits as a run that was asked for just these.
template <Mergeable Accumulator>
struct EnsembleOutcome {
    Accumulator result;
    FoldTree<Accumulator> fold;   ///< to be continued by the next slice of the ensemble
    std::uint64_t completed = 0;  ///< whose observables are in the result
    std::uint64_t events = 0;     ///< of these
    Ending ending = Ending::finished;
    std::uint64_t failed = 0;
    std::vector<TrajectoryFailure> failures = {};  ///< the first of them by index, most_failures_told at most
};

/// A trajectory threw; the exception itself is nested (std::rethrow_if_nested).
class TrajectoryError : public std::runtime_error {
  public:
    TrajectoryError(std::uint64_t trajectory, const std::string& reason)
        : std::runtime_error("trajectory " + std::to_string(trajectory) + ": " + reason),
          trajectory_(trajectory),
          reason_(reason) {}

    [[nodiscard]] std::uint64_t trajectory() const { return trajectory_; }
    [[nodiscard]] const std::string& reason() const { return reason_; }

  private:
    std::uint64_t trajectory_;
    std::string reason_;
};

namespace detail {

/// Runs one trajectory; gives its number of events, 0 where the model does not tell.
template <class Model, class Accumulator>
std::uint64_t simulate_trajectory(Model& model, std::uint64_t trajectory, Accumulator& into) {
    try {
        if constexpr (std::is_void_v<decltype(model.simulate(trajectory, into))>) {
            model.simulate(trajectory, into);
            return 0;
        } else {
            return static_cast<std::uint64_t>(model.simulate(trajectory, into));
        }
    } catch (const Stopped&) {
        throw;
    } catch (const std::exception& error) {
        std::throw_with_nested(TrajectoryError(trajectory, error.what()));
    } catch (...) {
        std::throw_with_nested(TrajectoryError(trajectory, "an exception that is not a std::exception"));
    }
}

/// Consecutive trajectories on their way through the pipeline; apart, so that threads share no cache line.
template <class Accumulator>
struct alignas(128) Block {
    explicit Block(const Accumulator& empty) : sum(empty) {}

    Accumulator sum;
    std::uint64_t wanted = 0;
    std::uint64_t tried = 0;
    std::uint64_t events = 0;
    std::vector<TrajectoryFailure> failures = {};
    std::exception_ptr failure = nullptr;  ///< that ends the run

    void clear(const Accumulator& empty) {
        sum = empty;  // keeps its memory
        tried = 0;
        events = 0;
        failures.clear();
        failure = nullptr;
    }
};

/// Whether an exception says something of the trajectory rather than of the machine.
[[nodiscard]] inline bool is_of_the_trajectory(const std::exception_ptr& thrown) {
    try {
        std::rethrow_exception(thrown);
    } catch (const TrajectoryError& error) {
        try {
            std::rethrow_if_nested(error);
        } catch (const std::bad_alloc&) {
            return false;  // whether memory is there depends on what else runs
        } catch (...) {
            return true;
        }
        return true;
    } catch (...) {
        return false;
    }
}

/// A model that is made when it is first needed, and again after it threw.
template <class Model, class Make>
class Workspace {
  public:
    Workspace(std::unique_ptr<Model>& model, Make& make) : model_(model), make_(make) {}

    [[nodiscard]] Model& get() {
        if (!model_) model_ = make_();
        return *model_;
    }
    void discard() { model_.reset(); }

  private:
    std::unique_ptr<Model>& model_;
    Make& make_;
};

/// Simulates trajectories first to first + wanted − 1 into `block`, until a stop is requested or one throws
/// that ends the run. What one that fails has added to the sum is taken out by making the sum again from
/// those before it; from then on each is simulated into the sum only after a copy of it was kept.
template <class Workspace, class Accumulator>
void simulate_block(Workspace& workspace, std::uint64_t first, Block<Accumulator>& block,
                    const Accumulator& empty, OnFailure on_failure, const StopRequest* stop) {
    std::unique_ptr<Accumulator> before;
    const auto remake = [&] {
        if (before) {
            block.sum = *before;
            return;
        }
        block.sum = empty;
        block.events = 0;
        // Counted anew, since a stop may end this too.
        const std::uint64_t tried = std::exchange(block.tried, 0);
        for (; block.tried < tried; ++block.tried)
            block.events += simulate_trajectory(workspace.get(), first + block.tried, block.sum);
        before = std::make_unique<Accumulator>(block.sum);
    };
    try {
        while (block.tried < block.wanted && !(stop != nullptr && stop->requested())) {
            const std::uint64_t trajectory = first + block.tried;
            if (before) *before = block.sum;
            try {
                block.events += simulate_trajectory(workspace.get(), trajectory, block.sum);
            } catch (const TrajectoryError& error) {
                workspace.discard();
                if (on_failure == OnFailure::stop || !is_of_the_trajectory(std::current_exception())) throw;
                remake();
                block.failures.push_back({trajectory, error.reason()});
            }
            ++block.tried;
        }
    } catch (const Stopped&) {
        // What was complete before stays; the trajectory that was under way has left nothing.
    } catch (...) {
        block.failure = std::current_exception();
    }
}

/// The serial end of the pipeline: folds blocks in order, and decides where the run ends.
template <class Accumulator>
class BlockFold {
  public:
    BlockFold(const EnsembleOptions& options, const Accumulator& empty,
              const EnsembleHooks<Accumulator>& hooks)
        : options_(options),
          hooks_(hooks),
          fold_(empty, options.first / trajectories_per_block),
          reporter_(options.trajectories, hooks.progress) {
        if constexpr (ShowsMembers<Accumulator>)
            if (hooks.journal != nullptr) go_on();
    }

    [[nodiscard]] std::uint64_t blocks_done() const {
        return fold_.next_block() - options_.first / trajectories_per_block;
    }

    /// All that another run needs to go on from here, but for the nodes of the fold.
    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        FoldTree<Accumulator>::visit_size(self.fold_, visit);
        visit(self.tried_);
        visit(self.failed_);
        visit(self.failures_);
        visit(self.events_);
    }

    /// Takes in the next block; says whether another is wanted.
    bool take_in(const Block<Accumulator>& block) {
        if (block.failure) {
            keep(true);
            failure_ = block.failure;
            return false;
        }
        // Only whole blocks can be gone on from.
        if (block.tried < block.wanted) keep(true);
        if (block.tried > 0) fold_.push(block.sum);
        tried_ += block.tried;
        events_ += block.events;
        failed_ += block.failures.size();
        for (const TrajectoryFailure& each : block.failures)
            if (failures_.size() < most_failures_told) failures_.push_back(each);
        if (block.tried < block.wanted) return false;
        reporter_.update(tried_, events_);
        if (failed_ == tried_ && failed_ >= failures_in_vain) return false;
        if ((precision_reached_ = look())) return false;
        keep(false);
        return true;
    }

    [[nodiscard]] EnsembleOutcome<Accumulator> outcome() && {
        if (failure_) std::rethrow_exception(failure_);
        reporter_.finish(tried_, events_);
        const Ending ending = precision_reached_                 ? Ending::precision_reached
                              : failed_ > 0 && failed_ == tried_ ? Ending::failed
                              : tried_ == options_.trajectories  ? Ending::finished
                                                                 : Ending::interrupted;
        Accumulator result = fold_.result();
        return {std::move(result), std::move(fold_),    tried_ - failed_, events_, ending,
                failed_,           std::move(failures_)};
    }

  private:
    using Clock = std::chrono::steady_clock;
    static constexpr const char* journal_name = "fold";
    static constexpr int time_between_keepings = 50;  // of what one takes

    [[nodiscard]] static std::string name_of_node(std::size_t node) { return std::to_string(node); }

    void go_on() {
        const std::optional<std::string> found = hooks_.journal->find(journal_name);
        if (!found) return;
        ByteReader reader(*found);
        reader(*this);
        reader.expect_end();
        for (std::size_t node = 0; node < fold_.nodes_in_use(); ++node) {
            const std::optional<std::string> bytes = hooks_.journal->find(name_of_node(node));
            if (!bytes) throw BytesError("a part of the fold is missing");
            ByteReader node_reader(*bytes);
            FoldTree<Accumulator>::visit_node(fold_, node, node_reader);
            node_reader.expect_end();
        }
        fold_.forget_changes();
        const std::uint64_t blocks = tried_ / trajectories_per_block + (tried_ % trajectories_per_block != 0);
        const bool is_whole = tried_ % trajectories_per_block == 0 || tried_ == options_.trajectories;
        if (!is_whole || tried_ > options_.trajectories || failed_ > tried_ || blocks != blocks_done())
            throw BytesError("a fold of another run");
        while (next_look_ <= tried_) next_look_ = next_look(next_look_);
        reporter_.add_earlier(tried_, events_);
    }

    void keep(bool at_once) {
        if (hooks_.journal == nullptr) return;
        const Clock::time_point began = Clock::now();
        if (!at_once && began < next_keeping_) return;
        if constexpr (ShowsMembers<Accumulator>) {
            // Mostly one node, that of the last block and what it was merged with.
            JournalPieces pieces = {{journal_name, to_bytes(*this)}};
            for (std::size_t node = fold_.first_changed_node(); node < fold_.nodes_in_use(); ++node) {
                ByteWriter writer;
                FoldTree<Accumulator>::visit_node(fold_, node, writer);
                pieces[name_of_node(node)] = writer.take();
            }
            hooks_.journal->keep(std::move(pieces));
            fold_.forget_changes();
        }
        const Clock::time_point now = Clock::now();
        next_keeping_ = now + time_between_keepings * (now - began);
    }

    [[nodiscard]] bool look() {
        if (!hooks_.enough || tried_ != next_look_) return false;
        next_look_ = next_look(tried_);
        return hooks_.enough(fold_.result());
    }

    const EnsembleOptions& options_;
    const EnsembleHooks<Accumulator>& hooks_;
    FoldTree<Accumulator> fold_;
    ProgressReporter reporter_;
    std::uint64_t tried_ = 0;
    std::uint64_t failed_ = 0;
    std::vector<TrajectoryFailure> failures_ = {};
    std::uint64_t events_ = 0;
    std::uint64_t next_look_ = next_look(0);
    bool precision_reached_ = false;
    std::exception_ptr failure_ = nullptr;
    Clock::time_point next_keeping_ = Clock::now();
};

}  // namespace detail

/// Runs trajectories first, first + 1, ... and folds them from copies of `empty`. make_model() gives a
/// TrajectoryModel; it is called once per thread, and once more for each trajectory that throws, by one
/// thread at a time.
///
/// The same bits come from any number of threads, also where the run ends at a precision. Where a trajectory
/// throws, TrajectoryError is thrown, for the first that does by index; or, as the options ask, the run goes
/// on without it, but for std::bad_alloc, and but where the first `failures_in_vain` have all failed: then it
/// ends as failed, with nothing completed. Throws ContractViolation where `first` is not at the start of a
/// block, and BytesError where the journal holds another run's fold. Memory: four accumulators a thread (five
/// where one fails), and those of the FoldTree.
template <Mergeable Accumulator, std::invocable MakeModel>
requires TrajectoryModel<std::invoke_result_t<MakeModel&>, Accumulator>
[[nodiscard]] EnsembleOutcome<Accumulator> run_ensemble(
    const EnsembleOptions& options, const Accumulator& empty, MakeModel make_model,
    const EnsembleHooks<std::type_identity_t<Accumulator>>& hooks = {}) {
    using Model = std::invoke_result_t<MakeModel&>;
    using Block = detail::Block<Accumulator>;
    expects(options.first % trajectories_per_block == 0,
            "an ensemble starts with a whole block of trajectories");

    const int threads = resolve_threads(options.threads);
    const std::uint64_t blocks =
        options.trajectories / trajectories_per_block + (options.trajectories % trajectories_per_block != 0);
    std::vector<Block> slots(slot_count(threads), Block(empty));
    std::vector<std::unique_ptr<Model>> models(static_cast<std::size_t>(threads));
    std::mutex making;
    detail::BlockFold<Accumulator> fold(options, empty, hooks);
    const std::uint64_t done = fold.blocks_done();

    run_pipeline(
        blocks - done, threads,
        [&](const PipelineTask& task) {
            const auto make = [&] {
                const std::lock_guard lock(making);
                return std::unique_ptr<Model>(new Model(make_model()));
            };
            detail::Workspace<Model, decltype(make)> workspace(models[task.worker], make);
            (void)workspace.get();  // where it can't be made the run ends: that is no trajectory's fault
            const std::uint64_t offset = (done + task.number) * trajectories_per_block;
            Block& block = slots[task.slot];
            block.clear(empty);
            block.wanted = std::min(trajectories_per_block, options.trajectories - offset);
            detail::simulate_block(workspace, options.first + offset, block, empty, options.on_failure,
                                   hooks.stop);
        },
        [&](const PipelineTask& task) { return fold.take_in(slots[task.slot]); });
    return std::move(fold).outcome();
}

}  // namespace venturi
