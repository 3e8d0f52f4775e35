// A calendar that can't be wrong: a list kept sorted by (time, priority, sequence number).
#pragma once

#include "sim/calendar.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace venturi::testing {

/// Events are known by their names, each used once.
class NaiveCalendar {
  public:
    struct Entry {
        double time;
        Priority priority;
        std::uint32_t name;
    };

    [[nodiscard]] double now() const { return now_; }
    [[nodiscard]] std::size_t pending() const { return entries_.size(); }

    void schedule(double time, Priority priority, std::uint32_t name) {
        const auto goes_before = [](const Entry& a, const Entry& b) {
            return a.time != b.time ? a.time < b.time : a.priority < b.priority;
        };
        const Entry entry{time, priority, name};
        // Behind its equals: whoever came first has the lower sequence number.
        entries_.insert(std::upper_bound(entries_.begin(), entries_.end(), entry, goes_before), entry);
    }

    bool cancel(std::uint32_t name) {
        const auto found = find(name);
        if (found == entries_.end()) return false;
        entries_.erase(found);
        return true;
    }

    bool reschedule(std::uint32_t name, double time) {
        const auto found = find(name);
        if (found == entries_.end()) return false;
        const Priority priority = found->priority;
        entries_.erase(found);
        schedule(time, priority, name);
        return true;
    }

    [[nodiscard]] std::optional<Entry> peek() const {
        if (entries_.empty()) return std::nullopt;
        return entries_.front();
    }

    std::optional<Entry> step() {
        if (entries_.empty()) return std::nullopt;
        const Entry entry = entries_.front();
        entries_.erase(entries_.begin());
        now_ = entry.time;
        return entry;
    }

    void move_clock(double time) { now_ = time; }

    void clear() {
        entries_.clear();
        now_ = 0;
    }

    [[nodiscard]] bool has(std::uint32_t name) { return find(name) != entries_.end(); }

  private:
    std::vector<Entry>::iterator find(std::uint32_t name) {
        return std::find_if(entries_.begin(), entries_.end(),
                            [&](const Entry& entry) { return entry.name == name; });
    }

    std::vector<Entry> entries_;
    double now_ = 0;
};

}  // namespace venturi::testing
