// Tasks computed on many threads and taken in, in their order, by one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

namespace venturi {

/// What a task computes with: no two tasks hold the same slot or the same worker at the same time.
struct PipelineTask {
    std::uint64_t number = 0;
    std::size_t slot = 0;    ///< below slot_count(threads); kept from compute to its fold
    std::size_t worker = 0;  ///< below the number of threads; during compute only
};

/// `requested`, or the number of cores where it is 0 or less.
[[nodiscard]] int resolve_threads(int requested);

/// How many tasks are between the start of compute and the end of fold, at most: four a thread, so that one
/// slow task does not hold up the others.
[[nodiscard]] std::size_t slot_count(int threads);

/// Calls compute(task) for tasks 0 to tasks − 1 on `threads` threads (there may be more than cores), and
/// fold(task) for each in the order of numbers, one at a time. Once fold returns false no fold follows; what
/// was computed beyond is dropped. An exception of either is thrown to the caller when all tasks have ended.
/// A compute may itself run in parallel with TBB: its threads wait for no other task in its place.
void run_pipeline(std::uint64_t tasks, int threads, const std::function<void(const PipelineTask&)>& compute,
                  const std::function<bool(const PipelineTask&)>& fold);

}  // namespace venturi
