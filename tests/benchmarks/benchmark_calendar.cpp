#include "sim/calendar.hpp"
#include "sim/random/stream.hpp"
#include "sim/random/ziggurat.hpp"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace {

using namespace venturi;

struct Event {
    std::uint32_t kind;
    std::uint32_t agent;
};

Calendar<Event> filled(std::size_t pending, Stream& stream) {
    Calendar<Event> calendar;
    calendar.reserve(pending);
    for (std::size_t agent = 0; agent < pending; ++agent)
        calendar.schedule(sample_unit_exponential(stream), {0, static_cast<std::uint32_t>(agent)});
    return calendar;
}

// Each event delivered schedules one, an exponential time later (Jones, CACM 29(4), 1986).
void hold_model(benchmark::State& state) {
    const auto pending = static_cast<std::size_t>(state.range(0));
    Stream stream({.seed = 1, .trajectory = 2, .agent = 3, .purpose = 4});
    Calendar<Event> calendar = filled(pending, stream);
    for (std::size_t warm_up = 0; warm_up < 2 * pending; ++warm_up) {
        const auto delivery = calendar.step();
        calendar.schedule(delivery->time + sample_unit_exponential(stream), delivery->event);
    }
    std::uint64_t agents = 0;
    for (auto _ : state) {
        const auto delivery = calendar.step();
        agents += delivery->event.agent;
        calendar.schedule(delivery->time + sample_unit_exponential(stream), delivery->event);
    }
    benchmark::DoNotOptimize(agents);
    state.counters["bytes_per_event_with_handle"] =
        static_cast<double>(calendar.memory()) / static_cast<double>(pending) + sizeof(EventHandle);
}
BENCHMARK(hold_model)->Arg(10)->Arg(1'000)->Arg(10'000)->Arg(100'000)->Arg(1'000'000);

// An event is put off again and again before it comes, as a timeout is.
void rescheduling(benchmark::State& state) {
    const auto pending = static_cast<std::size_t>(state.range(0));
    Stream stream({.seed = 1, .trajectory = 2, .agent = 3, .purpose = 5});
    Calendar<Event> calendar;
    std::vector<EventHandle> handles;
    for (std::size_t agent = 0; agent < pending; ++agent)
        handles.push_back(
            calendar.schedule(sample_unit_exponential(stream), {0, static_cast<std::uint32_t>(agent)}));
    for (auto _ : state) {
        const std::size_t agent = stream.next_word() % pending;
        calendar.reschedule(handles[agent], sample_unit_exponential(stream));
    }
}
BENCHMARK(rescheduling)->Arg(10)->Arg(1'000)->Arg(100'000);

void copying_a_calendar(benchmark::State& state) {
    Stream stream({.seed = 1, .trajectory = 2, .agent = 3, .purpose = 6});
    const Calendar<Event> calendar = filled(static_cast<std::size_t>(state.range(0)), stream);
    Calendar<Event> copy;
    for (auto _ : state) {
        copy = calendar;  // into memory that is there already, as a workspace is reused
        benchmark::DoNotOptimize(copy);
        benchmark::ClobberMemory();
    }
}
BENCHMARK(copying_a_calendar)->Arg(10)->Arg(1'000)->Arg(100'000);

}  // namespace
