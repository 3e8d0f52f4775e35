#include "sim/calendar.hpp"
#include "sim/infinity.hpp"
#include "tests/allocation_counter.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <utility>
#include <vector>

using venturi::Calendar;
using venturi::ContractViolation;
using venturi::EventHandle;
using venturi::Priority;

namespace {

struct Named {
    std::uint32_t name;
    std::uint32_t agent = 0;
};

std::vector<std::uint32_t> names_delivered(Calendar<Named> calendar) {
    std::vector<std::uint32_t> names;
    while (const auto delivery = calendar.step()) names.push_back(delivery->event.name);
    return names;
}

using Numbers = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("events come by time, then priority, then in the order in which they were scheduled",
          "[calendar]") {
    Calendar<Named> calendar;
    calendar.schedule(2, {1});
    calendar.schedule(1, {2}, Priority::late);
    calendar.schedule(1, {3});
    calendar.schedule(1, {4});
    calendar.schedule(1, {5}, Priority::first);
    calendar.schedule(0, {6}, Priority::last);
    calendar.schedule(-0.0, {7}, Priority::last);
    REQUIRE(names_delivered(calendar) == Numbers{6, 7, 5, 3, 4, 2, 1});
}

TEST_CASE("a rescheduled event goes last among its equals and keeps its priority and its handle",
          "[calendar]") {
    Calendar<Named> calendar;
    const EventHandle moved = calendar.schedule(9, {1});
    const EventHandle important = calendar.schedule(9, {2}, Priority::early);
    calendar.schedule(5, {3});
    REQUIRE(calendar.reschedule(moved, 5));
    REQUIRE(calendar.reschedule(important, 5));
    REQUIRE(calendar.is_pending(moved));
    REQUIRE(calendar.pending() == 3);
    REQUIRE(names_delivered(calendar) == Numbers{2, 3, 1});
}

TEST_CASE("a handle names nothing once its event is delivered or cancelled, even when its slot is used again",
          "[calendar]") {
    Calendar<Named> calendar;
    const EventHandle cancelled = calendar.schedule(1, {1});
    REQUIRE(calendar.cancel(cancelled));
    const EventHandle delivered = calendar.schedule(2, {2});
    REQUIRE(calendar.step()->handle == delivered);
    const EventHandle pending = calendar.schedule(3, {3});
    for (const EventHandle stale : {cancelled, delivered, EventHandle{}}) {
        REQUIRE_FALSE(stale == pending);
        REQUIRE_FALSE(calendar.is_pending(stale));
        REQUIRE_FALSE(calendar.cancel(stale));
        REQUIRE_FALSE(calendar.reschedule(stale, 5));
    }
    REQUIRE(names_delivered(calendar) == Numbers{3});
}

TEST_CASE("an event is pending no more when its handler runs, and the handler may use its slot",
          "[calendar]") {
    Calendar<Named> calendar;
    calendar.schedule(1, {1});
    int handled = 0;
    calendar.run_until(10, [&](const auto& delivery) {
        REQUIRE(calendar.now() == delivery.time);
        REQUIRE_FALSE(calendar.is_pending(delivery.handle));
        REQUIRE_FALSE(calendar.cancel(delivery.handle));
        ++handled;
        if (delivery.event.name < 5) calendar.schedule(delivery.time, {delivery.event.name + 1});
        REQUIRE_FALSE(calendar.is_pending(delivery.handle));
    });
    REQUIRE(handled == 5);
    REQUIRE(calendar.now() == 10);
}

TEST_CASE("running until a time delivers what is due at that very time and moves the clock there",
          "[calendar]") {
    Calendar<Named> calendar(3);
    calendar.schedule(4, {1});
    calendar.schedule(5, {2});
    calendar.schedule(std::nextafter(5.0, 6.0), {3});
    std::size_t seen = 0;
    const auto count = [&](const auto&) { ++seen; };
    REQUIRE(calendar.run_until(3.5, count) == 0);
    REQUIRE(calendar.now() == 3.5);
    REQUIRE(calendar.run_until(5, count) == 2);
    REQUIRE(seen == 2);
    REQUIRE(calendar.now() == 5);
    REQUIRE(calendar.next_time() == std::nextafter(5.0, 6.0));
    REQUIRE(calendar.run_until(std::numeric_limits<double>::infinity(), count) == 1);
    REQUIRE(calendar.now() == std::nextafter(5.0, 6.0));
    REQUIRE(calendar.next_time() == std::numeric_limits<double>::infinity());
    REQUIRE_FALSE(calendar.peek());
    REQUIRE_FALSE(calendar.step());
}

TEST_CASE("an event in the past, at infinity or at no time at all is refused, and nothing has changed",
          "[calendar]") {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    Calendar<Named> calendar;
    calendar.schedule(1, {1});
    const EventHandle handle = calendar.schedule(2, {2});
    calendar.step();
    for (const double time : {0.5, -1.0, infinity, -infinity, nan}) {
        REQUIRE_THROWS_AS(calendar.schedule(time, {3}), ContractViolation);
        REQUIRE_THROWS_AS(calendar.reschedule(handle, time), ContractViolation);
    }
    REQUIRE_THROWS_AS(calendar.run_until(0.5, [](const auto&) {}), ContractViolation);
    REQUIRE_THROWS_AS(calendar.run_until(nan, [](const auto&) {}), ContractViolation);
    REQUIRE_THROWS_AS(Calendar<Named>(-1), ContractViolation);
    REQUIRE_THROWS_AS(Calendar<Named>(nan), ContractViolation);
    REQUIRE(calendar.pending() == 1);
    REQUIRE(calendar.now() == 1);
    REQUIRE(names_delivered(calendar) == Numbers{2});
}

TEST_CASE("a copied calendar delivers the same future, and neither knows of the other", "[calendar]") {
    std::mt19937_64 random(5);
    Calendar<Named> calendar;
    std::vector<EventHandle> handles;
    for (std::uint32_t name = 0; name < 2000; ++name) {
        handles.push_back(calendar.schedule(calendar.now() + static_cast<double>(random() % 50), {name}));
        if (name % 3 == 0) calendar.cancel(handles[random() % handles.size()]);
        if (name % 7 == 0) calendar.step();
    }
    const Numbers future = names_delivered(calendar);
    Calendar<Named> branch = calendar;
    const auto first_of_branch = branch.peek();
    REQUIRE(first_of_branch);
    REQUIRE(branch.cancel(first_of_branch->handle));
    REQUIRE(names_delivered(branch) == Numbers(future.begin() + 1, future.end()));
    REQUIRE(names_delivered(calendar) == future);
    REQUIRE(names_delivered(std::move(calendar)) == future);
}

TEST_CASE("a cleared calendar is as good as new", "[calendar]") {
    Calendar<Named> calendar;
    for (std::uint32_t name = 0; name < 100; ++name) calendar.schedule(name, {name});
    calendar.run_until(40, [](const auto&) {});
    calendar.clear(7);
    REQUIRE(calendar.empty());
    REQUIRE(calendar.now() == 7);
    REQUIRE_FALSE(calendar.step());
    calendar.schedule(8, {1});
    calendar.schedule(7, {2});
    REQUIRE(names_delivered(calendar) == Numbers{2, 1});
}

TEST_CASE("a pending event takes at most 64 bytes with its handle", "[calendar]") {
    for (const std::size_t events : {1'000U, 100'000U}) {
        Calendar<Named> calendar;
        calendar.reserve(events);
        std::vector<EventHandle> handles;
        handles.reserve(events);
        for (std::uint32_t name = 0; name < events; ++name)
            handles.push_back(calendar.schedule(name % 97, {name}));
        const std::size_t bytes = calendar.memory() + handles.size() * sizeof(EventHandle);
        REQUIRE(bytes <= 64 * events);
        REQUIRE(calendar.pending() == events);
    }
}

TEST_CASE("a reserved or warmed-up calendar allocates nothing", "[calendar]") {
    const auto live = [](Calendar<Named>& calendar) {
        std::mt19937_64 random(8);
        std::vector<EventHandle> handles;
        calendar.clear();
        for (std::uint32_t name = 0; name < 1000; ++name)
            calendar.schedule(static_cast<double>(random() % 100), {name});
        for (int k = 0; k < 5000; ++k) {
            const auto delivery = calendar.step();
            const double later = delivery->time + static_cast<double>(random() % 100);
            const EventHandle handle = calendar.schedule(later, delivery->event);
            if (k % 2 == 0) calendar.reschedule(handle, later + 1);
            if (k % 16 == 0) {
                calendar.cancel(handle);
                calendar.schedule(later + 2, delivery->event);
            }
        }
    };
    Calendar<Named> calendar;
    const std::size_t cold = venturi::testing::allocations();
    live(calendar);
    const std::size_t warm = venturi::testing::allocations();
    live(calendar);
    REQUIRE(warm > cold);  // the counter sees the calendar's memory
    REQUIRE(venturi::testing::allocations() == warm);

    Calendar<Named> reserved;
    reserved.reserve(1000);
    const std::size_t before = venturi::testing::allocations();
    for (std::uint32_t name = 0; name < 1000; ++name) reserved.schedule(name % 31, {name});
    REQUIRE(venturi::testing::allocations() == before);
}
