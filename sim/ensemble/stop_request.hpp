// How a run is asked to end early.
#pragma once

#include <atomic>

namespace venturi {

/// Set once, from any thread or from a signal handler; read between trajectories.
class StopRequest {
  public:
    void request() noexcept { requested_.store(true, std::memory_order_relaxed); }
    [[nodiscard]] bool requested() const noexcept { return requested_.load(std::memory_order_relaxed); }

  private:
    static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler needs a lock-free flag");
    std::atomic<bool> requested_ = false;
};

}  // namespace venturi
