#include "sim/calendar.hpp"
#include "tests/sim/naive_calendar.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <random>
#include <tuple>
#include <utility>
#include <vector>

using venturi::Calendar;
using venturi::EventHandle;
using venturi::Priority;
using venturi::testing::NaiveCalendar;

namespace {

struct Named {
    std::uint32_t name;
};

constexpr std::array priorities = {Priority::first, Priority::early, Priority::normal, Priority::late,
                                   Priority::last};

// Does the same to both calendars and counts where they differ. Times are small whole numbers: ties are
// common.
template <std::uint32_t numbers>
class Comparison {
  public:
    explicit Comparison(std::uint64_t seed) : random_(seed) {}

    std::size_t differences() const { return differences_; }
    std::size_t delivered() const { return delivered_; }
    std::size_t refused() const { return refused_; }

    enum class Phase { growing, restless, leaving, shrinking };

    void operate(Phase phase) {
        const std::uint32_t dice = below(10'000);
        if (dice < 7'000) {
            operate_often(phase, below(10));
        } else if (dice < 8'000) {
            peek();
        } else if (dice < 9'000) {
            step();
        } else if (dice < 9'400) {
            run();
        } else if (dice < 9'998) {
            branch();
        } else {
            clear();
        }
        expect(calendar_.pending() == naive_.pending());
        expect(calendar_.now() == naive_.now());
    }

    void drain() {
        while (naive_.pending() > 0) step();
        step();
    }

  private:
    void operate_often(Phase phase, std::uint32_t dice) {
        switch (phase) {
            case Phase::growing:
                return dice < 7 ? schedule() : dice < 8 ? cancel() : step();
            case Phase::restless:
                return dice < 1 ? schedule() : dice < 2 ? cancel() : reschedule();
            case Phase::leaving:
                return dice < 1 ? schedule() : dice < 7 ? cancel() : reschedule();
            case Phase::shrinking:
                return dice < 2 ? schedule() : dice < 6 ? cancel() : step();
        }
    }

    void expect(bool same) { differences_ += same ? 0 : 1; }
    std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }
    // Mostly soon; now and then so late that what is cancelled stays in the calendar's way for long.
    double later() { return naive_.now() + (below(2) == 0 ? below(2000) : below(7)); }

    void schedule() {
        const double time = later();
        const Priority priority = priorities[below(priorities.size())];
        const std::uint32_t name = names_++;
        handles_.emplace_back(calendar_.schedule(time, {name}, priority), name);
        naive_.schedule(time, priority, name);
        if (handles_.size() > 500) handles_.erase(handles_.begin(), handles_.begin() + 250);
    }

    // Any handle of the last hundreds, most of them no longer pending, their slots used by others since.
    std::pair<EventHandle, std::uint32_t> any_handle() {
        if (handles_.empty()) return {EventHandle{}, std::numeric_limits<std::uint32_t>::max()};
        return handles_[below(static_cast<std::uint32_t>(handles_.size()))];
    }

    void cancel() {
        const auto [handle, name] = any_handle();
        expect(calendar_.is_pending(handle) == naive_.has(name));
        const bool done = calendar_.cancel(handle);
        expect(done == naive_.cancel(name));
        refused_ += done ? 0 : 1;
    }

    void reschedule() {
        const auto [handle, name] = any_handle();
        const double time = later();
        const bool done = calendar_.reschedule(handle, time);
        expect(done == naive_.reschedule(name, time));
        refused_ += done ? 0 : 1;
    }

    void peek() {
        const auto seen = calendar_.peek();
        const auto expected = naive_.peek();
        expect(seen.has_value() == expected.has_value());
        if (!seen || !expected) return;
        expect(seen->time == expected->time && seen->event->name == expected->name);
        expect(calendar_.next_time() == expected->time && calendar_.is_pending(seen->handle));
    }

    void expect_same(const typename Calendar<Named, numbers>::Delivery& delivery,
                     const std::optional<NaiveCalendar::Entry>& expected) {
        ++delivered_;
        expect(expected.has_value() && delivery.time == expected->time
               && delivery.event.name == expected->name);
        expect(!calendar_.is_pending(delivery.handle));
    }

    void step() {
        const auto delivery = calendar_.step();
        const auto expected = naive_.step();
        expect(delivery.has_value() == expected.has_value());
        if (delivery) expect_same(*delivery, expected);
    }

    // A handler that itself schedules, cancels and reschedules.
    void run() {
        const double until = naive_.now() + below(4);
        int budget = 30;
        calendar_.run_until(until, [&](const auto& delivery) {
            expect_same(delivery, naive_.step());
            if (--budget < 0) return;
            const std::uint32_t dice = below(6);
            if (dice < 2) schedule();
            if (dice == 2) cancel();
            if (dice == 3) reschedule();
            if (dice == 4) peek();
        });
        expect(!naive_.peek() || naive_.peek()->time > until);
        naive_.move_clock(until);
    }

    // The copy goes on in place of the original, which in the end must not matter.
    void branch() {
        Calendar<Named, numbers> copy = calendar_;
        while (calendar_.step()) {
        }
        calendar_ = std::move(copy);
    }

    void clear() {
        calendar_.clear();
        naive_.clear();
        handles_.clear();
    }

    std::mt19937_64 random_;
    Calendar<Named, numbers> calendar_;
    NaiveCalendar naive_;
    std::vector<std::pair<EventHandle, std::uint32_t>> handles_;
    std::uint32_t names_ = 0;
    std::size_t differences_ = 0;
    std::size_t delivered_ = 0;
    std::size_t refused_ = 0;
};

template <std::uint32_t numbers>
void compare_with_sorted_list(std::uint64_t seed) {
    Comparison<numbers> comparison(seed);
    using Phase = typename Comparison<numbers>::Phase;
    constexpr std::array phases = {Phase::growing, Phase::restless, Phase::leaving, Phase::shrinking};
    for (std::size_t operation = 0; operation < 40'000; ++operation)
        comparison.operate(phases[operation / 1500 % phases.size()]);
    comparison.drain();
    INFO("seed " << seed);
    REQUIRE(comparison.differences() == 0);
    REQUIRE(comparison.delivered() > 5'000);
    REQUIRE(comparison.refused() > 1'000);
}

}  // namespace

TEST_CASE("a calendar delivers what a sorted list would, whatever is done to it", "[calendar]") {
    for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U, 6U})
        compare_with_sorted_list<std::numeric_limits<std::uint32_t>::max()>(seed);
}

TEST_CASE("running out of sequence numbers changes nothing", "[calendar]") {
    for (const std::uint64_t seed : {11U, 12U, 13U}) compare_with_sorted_list<997>(seed);
    // Fewer numbers than pending events: slow, but still right.
    compare_with_sorted_list<20>(14);
}

TEST_CASE("a million pending events with many ties keep their order when numbered anew", "[calendar]") {
    constexpr std::uint32_t events = 1'000'000;
    struct Expected {
        double time;
        Priority priority;
        std::uint32_t sequence;
        std::uint32_t name;
    };
    Calendar<Named, events + 100'000> calendar;
    std::mt19937_64 random(99);
    std::vector<Expected> expected;
    std::vector<EventHandle> handles;
    std::uint32_t sequence = 0;
    for (std::uint32_t name = 0; name < events; ++name) {
        const auto time = static_cast<double>(random() % 1000);
        const Priority priority = priorities[random() % priorities.size()];
        handles.push_back(calendar.schedule(time, {name}, priority));
        expected.push_back({time, priority, sequence++, name});
    }
    for (std::uint32_t k = 0; k < 250'000; ++k) {  // passes the limit, so all are numbered anew on the way
        const auto name = static_cast<std::uint32_t>(random() % events);
        const auto time = static_cast<double>(random() % 1000);
        REQUIRE(calendar.reschedule(handles[name], time));
        expected[name].time = time;
        expected[name].sequence = sequence++;
    }
    std::sort(expected.begin(), expected.end(), [](const Expected& a, const Expected& b) {
        return std::tie(a.time, a.priority, a.sequence) < std::tie(b.time, b.priority, b.sequence);
    });
    std::size_t position = 0;
    std::size_t differences = 0;
    calendar.run_until(std::numeric_limits<double>::infinity(), [&](const auto& delivery) {
        if (position >= expected.size() || delivery.event.name != expected[position].name) ++differences;
        ++position;
    });
    REQUIRE(position == events);
    REQUIRE(differences == 0);
}
