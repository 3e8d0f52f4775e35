// What a long analysis of a tree is at, for whoever shows it.
#pragma once

#include <atomic>
#include <cstdint>

namespace venturi {

/// Set by those that compute, read by another thread that shows it.
class TreeActivity {
  public:
    struct State {
        const char* what = nullptr;  ///< "solving the tree"; null where nothing is done
        std::uint64_t done = 0;
        std::uint64_t total = 0;  ///< 0 where it is not known
    };

    /// `what` outlives the activity: it is a literal.
    void begin(const char* what) {
        done_.store(0, std::memory_order_relaxed);
        total_.store(0, std::memory_order_relaxed);
        what_.store(what, std::memory_order_relaxed);
    }
    void reach(std::uint64_t done, std::uint64_t total) {
        total_.store(total, std::memory_order_relaxed);
        done_.store(done, std::memory_order_relaxed);
    }
    [[nodiscard]] State state() const {
        return {what_.load(std::memory_order_relaxed), done_.load(std::memory_order_relaxed),
                total_.load(std::memory_order_relaxed)};
    }

  private:
    std::atomic<const char*> what_ = nullptr;
    std::atomic<std::uint64_t> done_ = 0;
    std::atomic<std::uint64_t> total_ = 0;
};

}  // namespace venturi
