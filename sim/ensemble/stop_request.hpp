// How a run is asked to end early.
#pragma once

#include <atomic>

namespace venturi {

/// Set once, from any thread or from a signal handler; read between trajectories and, by models whose
/// trajectories take long, within them.
class StopRequest {
  public:
    void request() noexcept { requested_.store(true, std::memory_order_relaxed); }
    [[nodiscard]] bool requested() const noexcept { return requested_.load(std::memory_order_relaxed); }

  private:
    static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler needs a lock-free flag");
    std::atomic<bool> requested_ = false;
};

/// Thrown by a model that gives up a trajectory on a request to stop. The model has added nothing of that
/// trajectory to the accumulator.
struct StoppedWithin {};

/// Throws StoppedWithin where a stop is requested; `stop` may be null.
inline void stop_if_requested(const StopRequest* stop) {
    if (stop != nullptr && stop->requested()) throw StoppedWithin{};
}

}  // namespace venturi
