#include "sim/ensemble/pipeline.hpp"

#include "sim/contract.hpp"
#include "sim/ensemble/thread_pipeline.hpp"

#include <tbb/global_control.h>
#include <tbb/info.h>
#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <optional>

namespace venturi {
namespace {

#ifdef __SANITIZE_THREAD__
constexpr bool watched_by_thread_sanitizer = true;
#else
constexpr bool watched_by_thread_sanitizer = false;
#endif

}  // namespace

int resolve_threads(int requested) {
    return requested > 0 ? requested : tbb::info::default_concurrency();
}

std::size_t slot_count(int threads) {
    return 4 * static_cast<std::size_t>(threads);
}

void run_pipeline(std::uint64_t tasks, int threads, const std::function<void(const PipelineTask&)>& compute,
                  const std::function<bool(const PipelineTask&)>& fold) {
    if constexpr (watched_by_thread_sanitizer) return run_thread_pipeline(tasks, threads, compute, fold);
    expects(threads > 0, "a pipeline needs a thread");
    const std::size_t slots = slot_count(threads);
    std::atomic<bool> ended = false;
    std::uint64_t next = 0;

    const auto emit = [&](tbb::flow_control& control) -> PipelineTask {
        if (next == tasks || ended.load(std::memory_order_relaxed)) {
            control.stop();
            return {};
        }
        const std::uint64_t number = next++;
        // At most `slots` tasks are under way and they leave in order, so the last holder of this slot is
        // gone.
        return {number, static_cast<std::size_t>(number % slots), 0};
    };
    const auto work = [&](PipelineTask task) -> PipelineTask {
        if (ended.load(std::memory_order_relaxed)) return task;
        task.worker = static_cast<std::size_t>(tbb::this_task_arena::current_thread_index());
        tbb::this_task_arena::isolate([&] { compute(task); });
        return task;
    };
    const auto take_in = [&](const PipelineTask& task) {
        if (!ended.load(std::memory_order_relaxed) && !fold(task))
            ended.store(true, std::memory_order_relaxed);
    };

    std::optional<tbb::global_control> more_than_cores;
    if (threads > tbb::info::default_concurrency()) {
        more_than_cores.emplace(tbb::global_control::max_allowed_parallelism,
                                static_cast<std::size_t>(threads));
    }
    tbb::task_arena arena(threads);
    tbb::task_group_context context(tbb::task_group_context::isolated);
    arena.execute([&] {
        tbb::parallel_pipeline(
            slots,
            tbb::make_filter<void, PipelineTask>(tbb::filter_mode::serial_in_order, emit)
                & tbb::make_filter<PipelineTask, PipelineTask>(tbb::filter_mode::parallel, work)
                & tbb::make_filter<PipelineTask, void>(tbb::filter_mode::serial_in_order, take_in),
            context);
    });
}

}  // namespace venturi
