// Risk trees: what it costs to solve a generated fault tree, to ask the solved tree again, to count its cut
// sets, and to try it; and to solve or to follow a dynamic tree.
#include "agents/risk/bit_parallel_simulation.hpp"
#include "agents/risk/cut_set_counts.hpp"
#include "agents/risk/cut_sets.hpp"
#include "agents/risk/dynamic_chain.hpp"
#include "agents/risk/dynamic_simulation.hpp"
#include "agents/risk/exact_probability.hpp"
#include "agents/risk/importance.hpp"
#include "agents/risk/minimal_cut_sets.hpp"
#include "sim/random/stream.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace venturi;

// ---- static trees

/// Draws of a tree's shape.
class Dice {
  public:
    explicit Dice(std::uint32_t tree) : address_{.seed = 4, .trajectory = tree} {}

    std::uint32_t below(std::uint32_t count) {
        return static_cast<std::uint32_t>(word_at(address_, next_++) % count);
    }
    double share() { return static_cast<double>(word_at(address_, next_++) >> 11) * 0x1p-53; }

  private:
    StreamAddress address_;
    std::uint64_t next_ = 0;
};

// A coherent tree, made from the leaves up: gates take the next two to four of what has no gate above it yet,
// and every other one something more that stood near and then is below two
// gates.
FaultTree coherent_tree(std::uint32_t events, std::uint32_t number) {
    using Argument = FaultTreeArgument;
    Dice dice(number);
    FaultTree tree;
    std::vector<Argument> nodes;  // those from `first` have no gate above them
    for (std::uint32_t event = 0; event < events; ++event) {
        tree.basic_events.push_back(
            {.name = "e" + std::to_string(event), .probability = std::pow(10.0, -1 - 3 * dice.share())});
        nodes.push_back({.kind = Argument::Kind::basic_event, .index = event});
    }
    std::size_t first = 0;
    while (nodes.size() - first > 1) {
        const std::size_t taken = std::min<std::size_t>(2 + dice.below(3), nodes.size() - first);
        const auto begin = nodes.begin() + static_cast<std::ptrdiff_t>(first);
        FaultTreeGate gate{.name = "g" + std::to_string(tree.gates.size())};
        gate.arguments.assign(begin, begin + static_cast<std::ptrdiff_t>(taken));
        if (dice.below(2) == 0 && first > 0) {
            const auto back = 1 + dice.below(static_cast<std::uint32_t>(std::min<std::size_t>(first, 24)));
            gate.arguments.push_back(nodes[first - back]);
        }
        const std::uint32_t kind = dice.below(10);
        gate.connective = kind < 5   ? Connective::disjunction
                          : kind < 9 ? Connective::conjunction
                                     : Connective::at_least;
        if (gate.connective == Connective::at_least) gate.minimum = 2;
        first += taken;
        nodes.push_back(
            {.kind = Argument::Kind::gate, .index = static_cast<std::uint32_t>(tree.gates.size())});
        tree.gates.push_back(std::move(gate));
    }
    tree.top = nodes.back();
    return tree;
}

constexpr std::uint32_t tree_number = 1;

FaultTree tree_of(const benchmark::State& state) {
    return coherent_tree(static_cast<std::uint32_t>(state.range(0)), tree_number);
}

void solve_and_ask(benchmark::State& state) {
    const FaultTree tree = tree_of(state);
    const std::vector<double> probabilities = event_probabilities(tree);
    double probability = 0;
    std::size_t nodes = 0;
    for (auto _ : state) {
        const std::optional<SolvedFaultTree> solved = solve(tree);
        if (!solved) {
            state.SkipWithError("the tree is too large to be solved");
            break;
        }
        EvaluationScratch scratch;
        probability = solved->probability(probabilities, scratch);
        nodes = solved->nodes().size();
    }
    state.counters["gates"] = static_cast<double>(tree.gates.size());
    state.counters["nodes"] = static_cast<double>(nodes);
    state.counters["probability"] = probability;
}
BENCHMARK(solve_and_ask)->Arg(100)->Arg(500)->Unit(benchmark::kMillisecond);

void probability_of_solved_tree(benchmark::State& state) {
    const FaultTree tree = tree_of(state);
    const std::vector<double> probabilities = event_probabilities(tree);
    const std::optional<SolvedFaultTree> solved = solve(tree);
    if (!solved) {
        state.SkipWithError("the tree is too large to be solved");
        return;
    }
    EvaluationScratch scratch;
    for (auto _ : state) {
        double probability = solved->probability(probabilities, scratch);
        benchmark::DoNotOptimize(probability);
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(solved->nodes().size()));
}
BENCHMARK(probability_of_solved_tree)->Arg(100)->Arg(500)->Unit(benchmark::kMicrosecond);

double seconds_since(std::clock_t begun) {
    return static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
}

void importance_of_all_events(benchmark::State& state) {
    const FaultTree tree = tree_of(state);
    const std::vector<double> probabilities = event_probabilities(tree);
    const std::optional<SolvedFaultTree> solved = solve(tree);
    if (!solved) {
        state.SkipWithError("the tree is too large to be solved");
        return;
    }
    EvaluationScratch scratch;
    std::vector<Importance> result(tree.basic_events.size());
    double of_importance = 0;
    double of_probability = 0;
    // A sweep is shorter than the clock's tick: a hundred are an iteration.
    constexpr int sweeps = 100;
    for (auto _ : state) {
        const std::clock_t begun = std::clock();
        for (int sweep = 0; sweep < sweeps; ++sweep) importance(*solved, probabilities, scratch, result);
        benchmark::DoNotOptimize(result.data());
        of_importance += seconds_since(begun);
        // Side by side, since the machine drifts.
        state.PauseTiming();
        const std::clock_t begun_again = std::clock();
        for (int sweep = 0; sweep < sweeps; ++sweep) {
            double probability = solved->probability(probabilities, scratch);
            benchmark::DoNotOptimize(probability);
        }
        of_probability += seconds_since(begun_again);
        state.ResumeTiming();
    }
    state.SetItemsProcessed(state.iterations() * sweeps * static_cast<std::int64_t>(solved->nodes().size()));
    state.counters["times_probability"] = of_importance / of_probability;
}
BENCHMARK(importance_of_all_events)->Arg(100)->Arg(500)->Unit(benchmark::kMicrosecond);

void count_cut_sets(benchmark::State& state) {
    const FaultTree tree = tree_of(state);
    const std::optional<SolvedFaultTree> solved = solve(tree);
    if (!solved) {
        state.SkipWithError("the tree is too large to be solved");
        return;
    }
    std::string count;
    std::size_t nodes = 0;
    for (auto _ : state) {
        const std::optional<CutSets> sets = minimal_cut_sets(*solved);
        if (!sets) {
            state.SkipWithError("the cut sets are too many to be held");
            break;
        }
        count = decimal(*set_count(*sets));
        nodes = sets->nodes().size();
    }
    state.counters["nodes"] = static_cast<double>(nodes);
    state.SetLabel(count + " cut sets");
}
BENCHMARK(count_cut_sets)->Arg(100)->Arg(500)->Unit(benchmark::kMillisecond);

// One thread; an item is a trial.
void try_in_parallel_bits(benchmark::State& state) {
    const FaultTree tree = tree_of(state);
    const BitParallelTree ready(tree, event_probabilities(tree));
    BitParallelTree::Workspace workspace;
    std::uint32_t block = 0;
    std::int64_t happened = 0;
    for (auto _ : state) {
        for (const std::uint64_t word : ready.try_block(1, block++, 2, workspace))
            happened += std::popcount(word);
    }
    const std::int64_t trials = state.iterations() * static_cast<std::int64_t>(trials_per_block);
    state.SetItemsProcessed(trials);
    state.counters["probability"] = static_cast<double>(happened) / static_cast<double>(trials);
}
BENCHMARK(try_in_parallel_bits)->Arg(100)->Arg(500)->Unit(benchmark::kMicrosecond);

// ---- dynamic trees

// Sites of two servers with a cold spare that all share, each with power whose loss takes both servers down;
// a switch that must fail before the sites do. The top fails with two of the sites or behind the switch.
// Rates per year, no two sites alike, so that symmetry does not help.
DynamicTree sites(std::uint32_t count, bool ageing) {
    DynamicTree tree;
    const auto leaf = [&](std::string name, double rate, double dormancy) {
        LeafLife life = ExponentialLife{rate};
        if (ageing) life = WeibullLife{1 / rate, 1.5};
        tree.leaves.push_back({.name = std::move(name), .life = life, .dormancy = dormancy});
        return static_cast<std::uint32_t>(tree.leaves.size() - 1);
    };
    struct Site {
        std::uint32_t power;
        std::array<std::uint32_t, 2> servers;
    };
    std::vector<Site> built;
    const std::uint32_t spare = leaf("spare", 0.5, 0);
    const std::uint32_t switchover = leaf("switch", 0.2, 1);
    for (std::uint32_t site = 0; site < count; ++site) {
        const std::string name = std::to_string(site);
        const double more = 1 + 0.1 * site;
        built.push_back(
            {leaf("power " + name, 0.1 * more, 1),
             {leaf("first server " + name, 0.5 * more, 1), leaf("second server " + name, 0.7 * more, 1)}});
    }
    const auto gate = [&](DynamicConnective connective, std::vector<std::uint32_t> inputs) {
        tree.gates.push_back({.name = "g" + std::to_string(tree.gates.size()),
                              .connective = connective,
                              .minimum = 2,
                              .inputs = std::move(inputs)});
        return tree.gate_node(tree.gates.size() - 1);
    };
    std::vector<std::uint32_t> down;
    for (const Site& site : built) {
        const std::uint32_t first = gate(DynamicConnective::spare, {site.servers[0], spare});
        down.push_back(gate(DynamicConnective::conjunction, {first, site.servers[1]}));
        gate(DynamicConnective::dependency, {site.power, site.servers[0], site.servers[1]});
    }
    const std::uint32_t two_down = gate(DynamicConnective::at_least, down);
    const std::uint32_t behind_switch = gate(DynamicConnective::priority_and, {switchover, down.front()});
    tree.top = gate(DynamicConnective::disjunction, {two_down, behind_switch});
    return tree;
}

void solve_dynamic_tree(benchmark::State& state) {
    const DynamicSemantics semantics(sites(static_cast<std::uint32_t>(state.range(0)), false));
    constexpr std::array mission = {1.0};
    double unreliability = 0;
    double mean = 0;
    std::size_t states = 0;
    std::size_t transitions = 0;
    for (auto _ : state) {
        ChainRefusal refusal = ChainRefusal::none;
        const std::optional<DynamicChain> chain = DynamicChain::explore(semantics, {}, refusal);
        if (!chain) {
            state.SkipWithError(describe(refusal));
            break;
        }
        const auto probability = chain->passage().probability(mission);
        const auto time = chain->passage().mean();
        if (!probability || !time) {
            state.SkipWithError(describe(ChainRefusal::too_much_work));
            break;
        }
        unreliability = probability->front();
        mean = *time;
        states = chain->size();
        transitions = chain->transition_count();
    }
    state.counters["states"] = static_cast<double>(states);
    state.counters["transitions"] = static_cast<double>(transitions);
    state.counters["unreliability"] = unreliability;
    state.counters["mean_years"] = mean;
}
BENCHMARK(solve_dynamic_tree)->Arg(2)->Arg(4)->Arg(6)->Unit(benchmark::kMillisecond);

// One thread; an item is an event.
void follow_dynamic_tree(benchmark::State& state, bool ageing) {
    const DynamicTree tree = sites(static_cast<std::uint32_t>(state.range(0)), ageing);
    DynamicSimulationOptions options{.trajectories = 10'000, .times = {1}, .threads = 1};
    std::uint64_t events = 0;
    std::uint64_t trajectories = 0;
    double seconds = 0;
    double mean = 0;
    for (auto _ : state) {
        ++options.seed;
        const std::clock_t begun = std::clock();
        const DynamicSimulation simulated = simulate(tree, options);
        seconds += seconds_since(begun);
        events += simulated.events;
        trajectories += simulated.trajectories;
        mean = simulated.mean_time_to_failure;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(events));
    state.counters["trajectories_per_second"] = static_cast<double>(trajectories) / seconds;
    state.counters["mean_years"] = mean;
}
BENCHMARK_CAPTURE(follow_dynamic_tree, exponential, false)->Arg(2)->Arg(4)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(follow_dynamic_tree, Weibull, true)->Arg(2)->Arg(4)->Unit(benchmark::kMillisecond);

}  // namespace
