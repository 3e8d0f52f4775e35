// The runner of an ensemble: trajectories on many threads, folded so that the bits do not depend on them.
#pragma once

#include "sim/contract.hpp"
#include "sim/ensemble/ending.hpp"
#include "sim/ensemble/fold.hpp"
#include "sim/ensemble/mergeable.hpp"
#include "sim/ensemble/pipeline.hpp"
#include "sim/ensemble/progress.hpp"
#include "sim/ensemble/sequential.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace venturi {

/// What a model offers to be simulated: simulate(trajectory, into) runs one trajectory and adds its
/// observables to the accumulator. It must be a pure function of the trajectory's index, whatever the model
/// ran before; the model is a workspace that is made once per thread and used again. It may return its number
/// of events.
template <class Model, class Accumulator>
concept TrajectoryModel = Mergeable<Accumulator> && requires(Model& model, std::uint64_t trajectory,
                                                             Accumulator& into) {
    model.simulate(trajectory, into);
};

struct EnsembleOptions {
    std::uint64_t trajectories = 0;  ///< at most so many
    std::uint64_t first = 0;         ///< index of the first; a multiple of trajectories_per_block
    int threads = 0;                 ///< 0: one for each core
};

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
};

/// What a run gives: the fold of trajectories first to first + completed − 1, with the same bits as a run
/// that was asked for just these.
template <Mergeable Accumulator>
struct EnsembleOutcome {
    Accumulator result;
    FoldTree<Accumulator> fold;  ///< to be continued by the next slice of the ensemble
    std::uint64_t completed = 0;
    std::uint64_t events = 0;
    Ending ending = Ending::finished;
};

/// A trajectory threw; the exception itself is nested (std::rethrow_if_nested).
class TrajectoryError : public std::runtime_error {
  public:
    TrajectoryError(std::uint64_t trajectory, const std::string& reason)
        : std::runtime_error("trajectory " + std::to_string(trajectory) + ": " + reason),
          trajectory_(trajectory) {}

    [[nodiscard]] std::uint64_t trajectory() const { return trajectory_; }

  private:
    std::uint64_t trajectory_;
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
    std::uint64_t completed = 0;
    std::uint64_t events = 0;
    std::exception_ptr failure = nullptr;
};

/// Simulates trajectories first to first + wanted − 1 into `block`, until a stop is requested or one throws.
template <class Model, class Accumulator>
void simulate_block(Model& model, std::uint64_t first, Block<Accumulator>& block, const StopRequest* stop) {
    try {
        while (block.completed < block.wanted && !(stop != nullptr && stop->requested())) {
            block.events += simulate_trajectory(model, first + block.completed, block.sum);
            ++block.completed;
        }
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
          reporter_(options.trajectories, hooks.progress) {}

    /// Takes in the next block; says whether another is wanted.
    bool take_in(const Block<Accumulator>& block) {
        if (block.failure) {
            failure_ = block.failure;
            return false;
        }
        if (block.completed > 0) fold_.push(block.sum);
        completed_ += block.completed;
        events_ += block.events;
        if (block.completed < block.wanted) return false;
        reporter_.update(completed_, events_);
        return !(precision_reached_ = look());
    }

    [[nodiscard]] EnsembleOutcome<Accumulator> outcome() && {
        if (failure_) std::rethrow_exception(failure_);
        reporter_.finish(completed_, events_);
        const Ending ending = precision_reached_                    ? Ending::precision_reached
                              : completed_ == options_.trajectories ? Ending::finished
                                                                    : Ending::interrupted;
        Accumulator result = fold_.result();
        return {std::move(result), std::move(fold_), completed_, events_, ending};
    }

  private:
    [[nodiscard]] bool look() {
        if (!hooks_.enough || completed_ != next_look_) return false;
        next_look_ = next_look(completed_);
        return hooks_.enough(fold_.result());
    }

    const EnsembleOptions& options_;
    const EnsembleHooks<Accumulator>& hooks_;
    FoldTree<Accumulator> fold_;
    ProgressReporter reporter_;
    std::uint64_t completed_ = 0;
    std::uint64_t events_ = 0;
    std::uint64_t next_look_ = next_look(0);
    bool precision_reached_ = false;
    std::exception_ptr failure_ = nullptr;
};

}  // namespace detail

/// Runs trajectories first, first + 1, ... and folds them from copies of `empty`. make_model() gives a
/// TrajectoryModel; it is called at most once per thread, by one thread at a time.
///
/// The same bits come from any number of threads, also where the run ends at a precision. Where a trajectory
/// throws, TrajectoryError is thrown, for the first that does by index. Throws ContractViolation where
/// `first` is not at the start of a block. Memory: four accumulators a thread, and those of the FoldTree.
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

    run_pipeline(
        blocks, threads,
        [&](const PipelineTask& task) {
            std::unique_ptr<Model>& model = models[task.worker];
            if (!model) {
                const std::lock_guard lock(making);
                model.reset(new Model(make_model()));
            }
            const std::uint64_t offset = task.number * trajectories_per_block;
            Block& block = slots[task.slot];
            block.sum = empty;  // keeps its memory
            block.wanted = std::min(trajectories_per_block, options.trajectories - offset);
            block.completed = 0;
            block.events = 0;
            block.failure = nullptr;
            detail::simulate_block(*model, options.first + offset, block, hooks.stop);
        },
        [&](const PipelineTask& task) { return fold.take_in(slots[task.slot]); });
    return std::move(fold).outcome();
}

}  // namespace venturi
