#include "sim/ensemble/ensemble.hpp"
#include "tests/benchmarks/queue_models.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace {

using namespace venturi;
using namespace venturi::benchmarks;

constexpr std::size_t customers = 1'000'000;

void report_per_customer(benchmark::State& state, std::size_t count) {
    state.SetItemsProcessed(static_cast<std::int64_t>(static_cast<std::size_t>(state.iterations()) * count));
    state.counters["per_customer"] =
        benchmark::Counter(static_cast<double>(count),
                           benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void single_server_by_hand(benchmark::State& state) {
    Line line;
    for (auto _ : state) benchmark::DoNotOptimize(run_by_hand(line, 1, customers));
    report_per_customer(state, customers);
}
BENCHMARK(single_server_by_hand)->Unit(benchmark::kMillisecond);

void single_server_on_calendar(benchmark::State& state) {
    CalendarQueue queue;
    for (auto _ : state) benchmark::DoNotOptimize(queue.run(1, customers));
    report_per_customer(state, customers);
}
BENCHMARK(single_server_on_calendar)->Unit(benchmark::kMillisecond);

void single_server_station(benchmark::State& state) {
    StationQueue queue;
    for (auto _ : state) benchmark::DoNotOptimize(queue.run(1, customers));
    report_per_customer(state, customers);
}
BENCHMARK(single_server_station)->Unit(benchmark::kMillisecond);

// Reset, run and statistics of a whole short trajectory.
void trajectory_of_ten_customers(benchmark::State& state) {
    CalendarQueue queue;
    std::uint32_t trajectory = 0;
    Moments waits;
    for (auto _ : state) waits.add(queue.run(trajectory++, 10).sum / 10);
    benchmark::DoNotOptimize(waits);
}
BENCHMARK(trajectory_of_ten_customers);

struct QueueModel {
    CalendarQueue queue;
    void simulate(std::uint64_t trajectory, Moments& into) {
        constexpr std::size_t of_one = 2000;
        into.add(queue.run(static_cast<std::uint32_t>(trajectory), of_one).sum / of_one);
    }
};

double seconds_with(int threads) {
    const auto start = std::chrono::steady_clock::now();
    const EnsembleOptions options{.trajectories = 8192, .threads = threads};
    benchmark::DoNotOptimize(run_ensemble(options, Moments{}, [] { return QueueModel{}; }));
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// The counter `speed_up` is the ratio of the shortest times, one after the other in turns.
void ensemble_on_two_threads_against_one(benchmark::State& state) {
    double with_one = std::numeric_limits<double>::infinity();
    double with_two = std::numeric_limits<double>::infinity();
    for (auto _ : state) {
        with_one = std::min(with_one, seconds_with(1));
        with_two = std::min(with_two, seconds_with(2));
    }
    state.counters["speed_up"] = with_one / with_two;
}
BENCHMARK(ensemble_on_two_threads_against_one)->Unit(benchmark::kMillisecond)->Iterations(5)->UseRealTime();

}  // namespace
