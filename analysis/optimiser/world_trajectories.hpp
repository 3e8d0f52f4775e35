// Trajectories of several worlds each, lived on many threads and taken in, in order.
#pragma once

#include "analysis/optimiser/world_evaluation.hpp"
#include "analysis/optimiser/world_journal.hpp"
#include "analysis/optimiser/world_runner.hpp"
#include "sim/ensemble/pipeline.hpp"
#include "sim/ensemble/stopped.hpp"

#include <exception>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

namespace venturi {

/// What became of a number of trajectories.
struct LivedWorlds {
    std::uint64_t completed = 0;
    std::uint64_t failed = 0;
    std::string first_failure = {};
    std::uint64_t events = 0;
    Ending ending = Ending::finished;
};

/// Calls live(runner, trajectory, row) for each trajectory of a run, on its threads, and take_in(trajectory,
/// row) for those that did not throw, in their order, by one at a time; `Row` has a member `events` and is
/// used again, and `visit_members` of what `take_in` reads, for the journal. A thread keeps one runner, as
/// make_runner() makes it, a pointer that owns. Where it throws the trajectory is left out, but for
/// std::bad_alloc.
template <class Row, class MakeRunner, class Live, class TakeIn>
LivedWorlds live_worlds_by(const WorldRun& run, MakeRunner make_runner, Live live, TakeIn take_in) {
    struct Slot {
        Row row = {};
        bool stopped = false;
        std::string failure = {};
    };
    const int threads = resolve_threads(run.threads);
    using Runner = decltype(make_runner());
    std::vector<Runner> runners(static_cast<std::size_t>(threads));
    std::vector<Slot> slots(slot_count(threads));
    LivedWorlds lived;
    JournaledRows<Row> kept(run.journal, run.trajectories);
    ProgressReporter reporter(run.trajectories, run.progress);
    run_pipeline(
        run.trajectories, threads,
        [&](const PipelineTask& task) {
            Slot& slot = slots[task.slot];
            slot.stopped = false;
            slot.failure.clear();
            Runner& runner = runners[task.worker];
            try {
                stop_if_requested(run.stop);
                if (const auto* const found = kept.find(task.number)) {
                    slot.row = found->row;
                    slot.failure = found->failure;
                    return;
                }
                if (!runner) runner = make_runner();
                live(*runner, run.first + task.number, slot.row);
            } catch (const Stopped&) {
                slot.stopped = true;
            } catch (const std::bad_alloc&) {
                throw;
            } catch (const std::exception& error) {
                runner.reset();
                slot.failure = error.what();
                if (slot.failure.empty()) slot.failure = "an exception without a message";
            }
        },
        [&](const PipelineTask& task) {
            Slot& slot = slots[task.slot];
            if (slot.stopped) {
                lived.ending = Ending::interrupted;
                return false;
            }
            kept.keep(task.number, slot.row, slot.failure);
            if (!slot.failure.empty()) {
                if (lived.failed++ == 0)
                    lived.first_failure =
                        "trajectory " + std::to_string(run.first + task.number) + ": " + slot.failure;
            } else {
                ++lived.completed;
                lived.events += slot.row.events;
                take_in(run.first + task.number, slot.row);
            }
            reporter.update(lived.completed + lived.failed, lived.events);
            return true;
        });
    reporter.finish(lived.completed + lived.failed, lived.events);
    if (lived.ending == Ending::finished && lived.completed == 0 && lived.failed > 0)
        lived.ending = Ending::failed;
    return lived;
}

/// The same with a WorldRunner of the problem.
template <class Row, class Live, class TakeIn>
LivedWorlds live_worlds(const WorldProblem& problem, const WorldRun& run, Live live, TakeIn take_in) {
    return live_worlds_by<Row>(
        run, [&] { return std::make_unique<WorldRunner>(problem); }, std::move(live), std::move(take_in));
}

}  // namespace venturi
