// The single-server queue with waiting-time statistics, written three ways: what an engine costs is the
// difference.
#pragma once

#include "sim/calendar.hpp"
#include "sim/ensemble/moments.hpp"
#include "sim/random/draws.hpp"
#include "sim/random/stream.hpp"
#include "sim/random/ziggurat.hpp"
#include "sim/station.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace venturi::benchmarks {

inline constexpr double utilisation = 0.9;
inline constexpr double mean_interval = 1 / utilisation;

/// Arrival times of those present, oldest first; a ring that M/M/1 at this utilisation never fills.
class Line {
  public:
    [[nodiscard]] bool empty() const { return front_ == back_; }
    [[nodiscard]] std::size_t size() const { return back_ - front_; }
    void join(double time) { times_[back_++ % capacity] = time; }
    double leave() { return times_[front_++ % capacity]; }
    void clear() { front_ = back_ = 0; }

  private:
    static constexpr std::size_t capacity = 1U << 14;
    std::array<double, capacity> times_{};
    std::size_t front_ = 0;
    std::size_t back_ = 0;
};

/// Sums of times in the system.
struct WaitingTimes {
    std::size_t served = 0;
    double sum = 0;
    double sum_of_squares = 0;

    void add(double time) {
        ++served;
        sum += time;
        sum_of_squares += time * time;
    }
};

/// As a person would write it for this one model: two clocks and a comparison. Only served customers end it.
[[nodiscard]] WaitingTimes run_by_hand(Line& line, std::uint32_t trajectory, std::size_t customers);

/// Typed events on the calendar.
class CalendarQueue {
  public:
    [[nodiscard]] WaitingTimes run(std::uint32_t trajectory, std::size_t customers);

  private:
    struct Event {
        enum class Kind : std::uint32_t { arrival, departure };
        Kind kind;
        std::uint32_t agent;
    };
    Calendar<Event> calendar_;
    Line line_;
};

/// A Station, with its line, its statistics and its draws by name.
class StationQueue {
  public:
    [[nodiscard]] WaitingTimes run(std::uint32_t trajectory, std::size_t customers);

  private:
    struct Nothing {};
    Calendar<StationEvent> calendar_;
};

}  // namespace venturi::benchmarks
