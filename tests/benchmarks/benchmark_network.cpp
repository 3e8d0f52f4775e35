// What the network costs as it grows: time per event and memory per startup of the ecosystem at 200, 2,000
// and 20,000 startups, with partners, investors and markets in proportion; and what copying and resetting
// such a world costs beside copying its bytes.
#include "agents/partnership/partner_events.hpp"
#include "agents/world.hpp"
#include "scenarios/scenario.hpp"
#include "tests/benchmarks/allocated_bytes.hpp"

#include <benchmark/benchmark.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace {

using namespace venturi;

/// The library's ecosystem with `times` as many of everybody.
std::shared_ptr<const WorldSetup> ecosystem(std::int64_t times) {
    const std::array folders = {std::filesystem::path(VENTURI_LIBRARY_IN_SOURCE)};
    Scenario scenario = load_scenario("ecosystem", folders);
    WorldParameters& world = scenario.world;
    for (StartupGroupParameters& group : world.startups) {
        group.count *= times;
        group.founded = Uniform{0, 12};
    }
    for (InvestorGroupParameters& group : world.investors) group.count *= times;
    for (PartnerGroupParameters& group : world.partners) group.count *= times;
    for (SegmentParameters& segment : world.market.segments) {
        segment.size *= static_cast<double>(times);
        segment.rivals *= static_cast<double>(times);
    }
    for (RoleParameters* role :
         {&world.talent.researcher, &world.talent.engineer, &world.talent.data, &world.talent.business})
        role->looking *= static_cast<double>(times);
    return make_setup(std::move(world), std::move(scenario.interventions));
}

constexpr double month = 24;

/// An ecosystem of so many startups at that month, made once.
const World<PlainDraws>& world_of(std::int64_t startups) {
    static std::map<std::int64_t, World<PlainDraws>> worlds;
    const auto found = worlds.find(startups);
    if (found != worlds.end()) return found->second;
    World<PlainDraws> world(ecosystem(startups / 200));
    world.reset(PlainDraws(FastVariates(1, 0)));
    world.run_until(month);
    return worlds.emplace(startups, std::move(world)).first->second;
}

std::size_t heap_of(const World<PlainDraws>& world) {
    const std::size_t before = testing::allocated_bytes();
    const World<PlainDraws> copy = world;
    benchmark::DoNotOptimize(copy);
    return testing::allocated_bytes() - before;
}

void time_per_event(benchmark::State& state) {
    double seconds = 0;
    std::uint64_t events = 0;
    double ties = 0;
    for (auto _ : state) {
        World<PlainDraws> world = world_of(state.range(0));
        const std::uint64_t before = world.delivered();
        const std::clock_t begun = std::clock();
        world.run_until(month + 6);
        seconds += static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
        events += world.delivered() - before;
        ties = static_cast<double>(world.ties.in_use());
    }
    const auto bytes = static_cast<double>(heap_of(world_of(state.range(0))));
    state.counters["ns_per_event"] = 1e9 * seconds / static_cast<double>(events);
    state.counters["ties_per_startup"] = ties / static_cast<double>(state.range(0));
    state.counters["bytes_per_startup"] = bytes / static_cast<double>(state.range(0));
}
BENCHMARK(time_per_event)->Arg(200)->Arg(2000)->Arg(20000)->Unit(benchmark::kMillisecond)->Iterations(1);

/// A meeting, the clearing of a failure, and a tie's event, each by itself, on an ecosystem of two years.
void meeting(benchmark::State& state) {
    World<PlainDraws> world = world_of(state.range(0));
    std::uint32_t who = 0;
    for (auto _ : state) {
        do who = (who + 1) % static_cast<std::uint32_t>(world.organisations.size());
        while (!world.partners[who].present);
        meets_someone(world, who);
    }
}
BENCHMARK(meeting)->Arg(200)->Arg(2000)->Arg(20000)->Iterations(20000);

void tie_event(benchmark::State& state) {
    World<PlainDraws> world = world_of(state.range(0));
    std::uint32_t who = 0;
    for (auto _ : state) {
        std::uint32_t record = no_record;
        while (record == no_record) {
            who = (who + 1) % static_cast<std::uint32_t>(world.organisations.size());
            for_each_tie(world, who, [&](const Tie& tie, std::uint32_t which) {
                if (tie.ends[0] == who) record = which;
            });
        }
        tie_may_end(world, record);
    }
}
BENCHMARK(tie_event)->Arg(200)->Arg(2000)->Arg(20000)->Iterations(100);

void clearing(benchmark::State& state) {
    World<PlainDraws> world = world_of(state.range(0));
    std::uint32_t who = 0;
    double ties = 0;
    double times = 0;
    for (auto _ : state) {
        do who = (who + 1) % static_cast<std::uint32_t>(world.organisations.size());
        while (!world.partners[who].present);
        ties += world.partners[who].ties;
        ++times;
        clear_obligations(world, who);
    }
    state.counters["ties"] = ties / times;
}
BENCHMARK(clearing)->Arg(200)->Arg(2000)->Arg(20000)->Iterations(60);

void copy_world(benchmark::State& state) {
    const World<PlainDraws>& world = world_of(200);
    World<PlainDraws> copy = world;
    for (auto _ : state) {
        copy = world;
        benchmark::DoNotOptimize(copy);
    }
    state.counters["bytes"] = static_cast<double>(heap_of(world));
    state.counters["vertices"] = static_cast<double>(num_vertices(world.graph));
}
BENCHMARK(copy_world)->Unit(benchmark::kMicrosecond);

void reset_world(benchmark::State& state) {
    World<PlainDraws> world = world_of(200);
    std::uint32_t trajectory = 0;
    for (auto _ : state) {
        world.reset(PlainDraws(FastVariates(1, ++trajectory)));
        benchmark::DoNotOptimize(world);
    }
}
BENCHMARK(reset_world)->Unit(benchmark::kMicrosecond);

void copy_its_bytes(benchmark::State& state) {
    const std::size_t bytes = heap_of(world_of(200));
    const std::vector<char> from(bytes, 1);
    std::vector<char> to(bytes);
    for (auto _ : state) {
        std::memcpy(to.data(), from.data(), bytes);
        benchmark::DoNotOptimize(to.data());
        benchmark::ClobberMemory();
    }
    state.counters["bytes"] = static_cast<double>(bytes);
}
BENCHMARK(copy_its_bytes)->Unit(benchmark::kMicrosecond);

}  // namespace
