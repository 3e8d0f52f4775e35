// A stop for worlds whose clocks run wild: a planning each nanosecond would never reach the next month.
#pragma once

#include "agents/event.hpp"
#include "agents/world_parameters.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <stdexcept>

namespace venturi {

/// Events that a world may have in a month, far beyond what any scenario of the library has: a million,
/// 10,000 for each startup, investor, insurer and partner, as many for each leaf of a startup's risk tree,
/// and 100 for each account of the market and each person of the pools and at partners.
[[nodiscard]] std::uint64_t most_events_a_month(const WorldParameters& parameters);

/// Thrown where a world has more events than that within a month. what() says from which month on, how many,
/// and what most of them are.
class EventRush : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Counts the events of one trajectory, at the cost of a comparison each. Every `most` events it looks
/// whether the world is a month further; where it isn't, it sees what the next 10,000 events are and throws
/// EventRush, so what is thrown depends on the trajectory alone.
class EventWatch {
  public:
    /// From month 0 on.
    void restart(std::uint64_t most) {
        delivered_ = 0;
        most_ = most;
        look_at_ = most;
        looked_ = 0;
        seen_.fill(0);
        watching_ = 0;
    }

    void count(const Event& event, double now) {
        if (++delivered_ >= look_at_) [[unlikely]]
            look(event, now);
    }

    [[nodiscard]] std::uint64_t delivered() const { return delivered_; }

  private:
    void look(const Event& event, double now);

    std::uint64_t delivered_ = 0;
    std::uint64_t most_ = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t look_at_ = std::numeric_limits<std::uint64_t>::max();
    double looked_ = 0;  // month of the last look
    std::uint32_t watching_ = 0;
    std::array<std::uint32_t, happening_names.size() + 1> seen_{};
};

}  // namespace venturi
