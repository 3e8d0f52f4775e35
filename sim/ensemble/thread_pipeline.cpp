#include "sim/ensemble/thread_pipeline.hpp"

#include "sim/contract.hpp"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace venturi {
namespace {

/// All state is guarded by one mutex, which is released while a task is computed or folded.
class ThreadPipeline {
  public:
    ThreadPipeline(std::uint64_t tasks, int threads, const std::function<void(const PipelineTask&)>& compute,
                   const std::function<bool(const PipelineTask&)>& fold)
        : tasks_(tasks), compute_(compute), fold_(fold), computed_(slot_count(threads), false) {}

    void work(std::size_t worker) {
        std::unique_lock lock(mutex_);
        while (true) {
            changed_.wait(lock, [this] { return over() || next_ < folded_ + computed_.size(); });
            if (over()) return;
            const PipelineTask task{next_, static_cast<std::size_t>(next_ % computed_.size()), worker};
            ++next_;
            if (!attempt(lock, [&] { compute_(task); })) return;
            computed_[task.slot] = true;
            fold_what_is_ready(lock);
        }
    }

    void rethrow() const {
        if (failure_) std::rethrow_exception(failure_);
    }

  private:
    [[nodiscard]] bool over() const { return ended_ || next_ == tasks_; }

    void fold_what_is_ready(std::unique_lock<std::mutex>& lock) {
        if (folding_) return;
        folding_ = true;
        while (!ended_) {
            const auto slot = static_cast<std::size_t>(folded_ % computed_.size());
            if (!computed_[slot]) break;
            bool another = false;
            if (!attempt(lock, [&] { another = fold_({folded_, slot, 0}); })) break;
            computed_[slot] = false;
            ++folded_;
            ended_ = ended_ || !another;
            changed_.notify_all();
        }
        folding_ = false;
    }

    /// Runs `step` without the lock; where it throws, keeps the exception and ends the run.
    template <class Step>
    bool attempt(std::unique_lock<std::mutex>& lock, Step step) {
        std::exception_ptr thrown;
        lock.unlock();
        try {
            step();
        } catch (...) {
            thrown = std::current_exception();
        }
        lock.lock();
        if (!thrown) return true;
        if (!failure_) failure_ = thrown;
        ended_ = true;
        changed_.notify_all();
        return false;
    }

    std::uint64_t tasks_;
    const std::function<void(const PipelineTask&)>& compute_;
    const std::function<bool(const PipelineTask&)>& fold_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<bool> computed_;  // by slot: computed and waiting to be folded
    std::uint64_t next_ = 0;
    std::uint64_t folded_ = 0;
    bool folding_ = false;
    bool ended_ = false;
    std::exception_ptr failure_ = nullptr;
};

}  // namespace

void run_thread_pipeline(std::uint64_t tasks, int threads,
                         const std::function<void(const PipelineTask&)>& compute,
                         const std::function<bool(const PipelineTask&)>& fold) {
    expects(threads > 0, "a pipeline needs a thread");
    ThreadPipeline pipeline(tasks, threads, compute, fold);
    {
        std::vector<std::jthread> others;
        for (std::size_t worker = 1; worker < static_cast<std::size_t>(threads); ++worker) {
            others.emplace_back([&pipeline, worker] { pipeline.work(worker); });
        }
        pipeline.work(0);
    }
    pipeline.rethrow();
}

}  // namespace venturi
