// How far a run has come, for whoever wants to show it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <utility>

namespace venturi {

/// How far a run is; a `total` of 0 where it is not known.
struct Progress {
    std::uint64_t completed = 0;  ///< trajectories folded
    std::uint64_t total = 0;      ///< trajectories asked for
    double seconds = 0;           ///< since the run began
    std::uint64_t events = 0;     ///< as reported by the models
    // Of these, what a run before this one did.
    std::uint64_t earlier = 0;
    std::uint64_t earlier_events = 0;
};

/// Passes progress on, at most every tenth of a second, and once more at the end.
class ProgressReporter {
  public:
    ProgressReporter(std::uint64_t total, std::function<void(const Progress&)> report)
        : total_(total), report_(std::move(report)) {}

    /// So much of what is completed was there before: it took no time.
    void add_earlier(std::uint64_t completed, std::uint64_t events) {
        earlier_ += completed;
        earlier_events_ += events;
    }

    void update(std::uint64_t completed, std::uint64_t events) {
        if (!report_) return;
        const Clock::time_point now = Clock::now();
        if (now - last_ < std::chrono::milliseconds{100}) return;
        last_ = now;
        send(completed, events, now);
    }

    void finish(std::uint64_t completed, std::uint64_t events) const {
        if (report_) send(completed, events, Clock::now());
    }

  private:
    using Clock = std::chrono::steady_clock;

    void send(std::uint64_t completed, std::uint64_t events, Clock::time_point now) const {
        report_({completed, total_, std::chrono::duration<double>(now - start_).count(), events, earlier_,
                 earlier_events_});
    }

    std::uint64_t total_;
    std::uint64_t earlier_ = 0;
    std::uint64_t earlier_events_ = 0;
    std::function<void(const Progress&)> report_;
    Clock::time_point start_ = Clock::now();
    Clock::time_point last_ = start_;
};

}  // namespace venturi
