// Parallel loops on a number of threads that the caller chooses.
#pragma once

#include <tbb/global_control.h>
#include <tbb/info.h>
#include <tbb/task_arena.h>

#include <cstddef>
#include <optional>
#include <utility>

namespace venturi {

/// What `work` returns; its parallel loops run on `threads` threads, 0 for one for each core.
template <class Work>
auto on_threads(int threads, Work&& work) {
    // Else there are no more than cores, whatever an arena asks for.
    std::optional<tbb::global_control> more_than_cores;
    if (threads > tbb::info::default_concurrency())
        more_than_cores.emplace(tbb::global_control::max_allowed_parallelism,
                                static_cast<std::size_t>(threads));
    tbb::task_arena arena(threads > 0 ? threads : tbb::task_arena::automatic);
    return arena.execute(std::forward<Work>(work));
}

}  // namespace venturi
