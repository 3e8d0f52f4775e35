// The full world against the bare calendar: what an event of foundation_model_lab costs, and what it would
// cost if it did nothing but schedule another.
#include "agents/world.hpp"
#include "scenarios/scenario.hpp"
#include "sim/calendar.hpp"
#include "sim/random/stream.hpp"
#include "sim/random/ziggurat.hpp"

#include <benchmark/benchmark.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <memory>

namespace {

using namespace venturi;

std::shared_ptr<const WorldSetup> library_setup(const char* name) {
    const std::array folders = {std::filesystem::path(VENTURI_LIBRARY_IN_SOURCE)};
    Scenario scenario = load_scenario(name, folders);
    return make_setup(std::move(scenario.world), std::move(scenario.interventions));
}

void start(World<PlainDraws>& world, std::uint32_t trajectory) {
    world.reset(PlainDraws(FastVariates(1, trajectory)));
}

constexpr double horizon = 120;

// Events that pend, averaged over the events of some trajectories.
double mean_pending(World<PlainDraws>& world) {
    double sum = 0;
    double events = 0;
    for (std::uint32_t trajectory = 0; trajectory < 3; ++trajectory) {
        start(world, trajectory);
        while (world.step(horizon)) {
            sum += static_cast<double>(world.calendar.pending());
            ++events;
        }
    }
    return sum / events;
}

// Seconds of a hold-model event, of the same size as the world's, with that many pending.
double seconds_of_hold(std::size_t pending) {
    constexpr std::size_t events = 2'000'000;
    Stream stream({.seed = 1, .trajectory = 2, .agent = 3, .purpose = 4});
    Calendar<Event> calendar;
    for (std::uint32_t agent = 0; agent < pending; ++agent)
        calendar.schedule(sample_unit_exponential(stream), {Happening::improves, agent});
    const std::clock_t begun = std::clock();
    for (std::size_t i = 0; i < events; ++i) {
        const auto delivery = calendar.step();
        calendar.schedule(delivery->time + sample_unit_exponential(stream), delivery->event);
    }
    benchmark::DoNotOptimize(calendar);
    return static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC / static_cast<double>(events);
}

void full_world(benchmark::State& state, const char* scenario) {
    World<PlainDraws> world(library_setup(scenario));
    const double pending = mean_pending(world);
    std::uint32_t trajectory = 0;
    std::uint64_t events = 0;
    double seconds = 0;
    double hold = 0;
    std::uint64_t runs = 0;
    for (auto _ : state) {
        const std::clock_t begun = std::clock();
        start(world, trajectory++ % 20);
        world.run_until(horizon);
        seconds += static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
        events += world.delivered();
        // Side by side, since the machine drifts.
        state.PauseTiming();
        hold += seconds_of_hold(static_cast<std::size_t>(pending));
        ++runs;
        state.ResumeTiming();
    }
    const double per_event = seconds / static_cast<double>(events);
    state.counters["pending"] = pending;
    state.counters["ns_per_event"] = 1e9 * per_event;
    state.counters["ns_per_hold"] = 1e9 * hold / static_cast<double>(runs);
    state.counters["times_hold"] = per_event * static_cast<double>(runs) / hold;
    state.counters["events_per_trajectory"] = static_cast<double>(events) / static_cast<double>(runs);
    state.counters["trajectories_per_second"] = static_cast<double>(runs) / seconds;
}
BENCHMARK_CAPTURE(full_world, foundation_model_lab, "foundation_model_lab")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(full_world, seed_cohort, "seed_cohort")->Unit(benchmark::kMillisecond);

}  // namespace
