// What it costs to copy and to reset a graph, and a world, and to move a world by an event.
#include "agents/graph.hpp"
#include "agents/world.hpp"

#include <benchmark/benchmark.h>
#include <boost/graph/adjacency_list.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

namespace {

using namespace venturi;

using AdjacencyList =
    boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS, AgentVertex, Relation>;

/// A world's relations: the environment surrounds everyone, startups compete in one of four segments, and
/// each tenth vertex is an investor with stakes in nine startups.
struct Relations {
    explicit Relations(std::size_t vertices) : vertex_count(vertices) {
        for (std::size_t v = 1; v < vertices; ++v) pairs.emplace_back(0, v);
        for (std::size_t v = 5; v < vertices; ++v) {
            if (v % 10 != 0)
                pairs.emplace_back(v, 1 + v % 4);
            else
                for (std::size_t stake = 1; stake < 10; ++stake)
                    pairs.emplace_back(v, 5 + (v * stake) % (vertices - 5));
        }
    }
    std::size_t vertex_count;
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
};

void fill(WorldGraph& graph, const Relations& relations) {
    graph.clear();
    for (std::size_t v = 0; v < relations.vertex_count; ++v) graph.add({AgentKind::startup, 0});
    for (const auto& [from, to] : relations.pairs) graph.connect(from, to, {});
}

void fill(AdjacencyList& graph, const Relations& relations) {
    graph.clear();
    for (std::size_t v = 0; v < relations.vertex_count; ++v) add_vertex({AgentKind::startup, 0}, graph);
    for (const auto& [from, to] : relations.pairs) add_edge(from, to, Relation{}, graph);
}

template <class Graph>
void copy_graph(benchmark::State& state) {
    Graph graph;
    fill(graph, Relations(static_cast<std::size_t>(state.range(0))));
    Graph copy;
    for (auto _ : state) {
        copy = graph;
        benchmark::DoNotOptimize(copy);
    }
}

template <class Graph>
void reset_graph(benchmark::State& state) {
    const Relations relations(static_cast<std::size_t>(state.range(0)));
    Graph graph;
    for (auto _ : state) {
        fill(graph, relations);
        benchmark::DoNotOptimize(graph);
    }
}

/// The floor of a copy: the bytes that vertices and edges of a WorldGraph take, moved at once.
void copy_bytes(benchmark::State& state) {
    const Relations relations(static_cast<std::size_t>(state.range(0)));
    constexpr std::size_t links_per_vertex = 4 * sizeof(std::uint32_t) + 2 * sizeof(std::uint32_t);
    constexpr std::size_t links_per_edge = 6 * sizeof(std::uint32_t);
    const std::size_t bytes = relations.vertex_count * (sizeof(AgentVertex) + links_per_vertex)
                              + relations.pairs.size() * (sizeof(Relation) + links_per_edge);
    std::vector<std::byte> from(bytes);
    std::vector<std::byte> to(bytes);
    for (auto _ : state) {
        std::memcpy(to.data(), from.data(), bytes);
        benchmark::DoNotOptimize(to.data());
        benchmark::ClobberMemory();
    }
    state.counters["bytes"] = static_cast<double>(bytes);
}

World<PlainDraws> cohort(std::int64_t startups) {
    WorldParameters parameters;
    parameters.market.segments.resize(1);
    parameters.market.segments[0].name = "software";
    parameters.finance.rounds.resize(5);
    parameters.startups.resize(1);
    parameters.startups[0].count = startups;
    parameters.startups[0].segment = "software";
    parameters.startups[0].founded = Uniform{0, 36};
    parameters.investors.resize(1);
    return World<PlainDraws>(make_setup(parameters));
}

void copy_world(benchmark::State& state) {
    World<PlainDraws> world = cohort(state.range(0));
    world.run_until(36);
    World<PlainDraws> copy = world;
    for (auto _ : state) {
        copy = world;
        benchmark::DoNotOptimize(copy);
    }
}

void reset_world(benchmark::State& state) {
    World<PlainDraws> world = cohort(state.range(0));
    std::uint32_t trajectory = 0;
    for (auto _ : state) {
        world.reset(PlainDraws(FastVariates(1, trajectory++)));
        benchmark::DoNotOptimize(world);
    }
}

/// Ten years of a cohort; items are events, resetting the world included.
void run_world(benchmark::State& state) {
    World<PlainDraws> world = cohort(state.range(0));
    std::uint32_t trajectory = 0;
    std::uint64_t events = 0;
    for (auto _ : state) {
        world.reset(PlainDraws(FastVariates(1, trajectory++)));
        world.run_until(120);
        events += world.delivered();
    }
    state.counters["events"] = static_cast<double>(events) / static_cast<double>(state.iterations());
    state.counters["per_event"] = benchmark::Counter(
        static_cast<double>(events), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

BENCHMARK(copy_graph<WorldGraph>)->Arg(300)->Arg(3000);
BENCHMARK(copy_graph<AdjacencyList>)->Arg(300)->Arg(3000);
BENCHMARK(copy_bytes)->Arg(300)->Arg(3000);
BENCHMARK(reset_graph<WorldGraph>)->Arg(300)->Arg(3000);
BENCHMARK(reset_graph<AdjacencyList>)->Arg(300)->Arg(3000);
BENCHMARK(copy_world)->Arg(100)->Arg(1000);
BENCHMARK(reset_world)->Arg(100)->Arg(1000);
BENCHMARK(run_world)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond);

}  // namespace
