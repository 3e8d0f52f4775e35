#include "analysis/problems/startup4.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <limits>

namespace {

using namespace venturi;
using problems::Startup4;
using problems::Startup4Model;

constexpr std::uint32_t trajectories = 200'000;

template <std::size_t size>
double seconds_of_gradient() {
    typename Startup4Model<Dual<size>>::Mix mix;
    for (std::size_t s = 0; s < 4; ++s)
        for (std::size_t i = 0; i < 5; ++i) mix[s][i] = Dual<size>::variable(0.2, size == 5 ? i : s * 5 + i);
    const Startup4Model<Dual<size>> model(mix);
    const std::clock_t start = std::clock();
    Startup4<ScoreDraws<size>> startup;
    std::array<double, size> gradient{};
    for (std::uint32_t trajectory = 0; trajectory < trajectories; ++trajectory) {
        ScoreDraws<size> draws(FastVariates(1, trajectory));
        const Dual<size> payoff = startup.run(draws, model);
        for (std::size_t i = 0; i < size; ++i)
            gradient[i] += payoff.derivative[i] + payoff.value * draws.score()[i];
    }
    benchmark::DoNotOptimize(gradient);
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

double seconds_of_value() {
    Startup4Model<double>::Mix mix;
    for (auto& row : mix) row.fill(0.2);
    const Startup4Model<double> model(mix);
    const std::clock_t start = std::clock();
    Startup4<PlainDraws> startup;
    double value = 0;
    for (std::uint32_t trajectory = 0; trajectory < trajectories; ++trajectory) {
        PlainDraws draws(FastVariates(1, trajectory));
        value += startup.run(draws, model);
    }
    benchmark::DoNotOptimize(value);
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

// Processor time, so that other programs do not count. The counter `forward_runs` is what value and gradient
// together cost, in runs for the value alone.
template <std::size_t size>
void startup4_gradient(benchmark::State& state) {
    double value = std::numeric_limits<double>::infinity();
    double gradient = std::numeric_limits<double>::infinity();
    for (auto _ : state) {
        value = std::min(value, seconds_of_value());
        gradient = std::min(gradient, seconds_of_gradient<size>());
    }
    state.counters["forward_runs"] = gradient / value;
    state.counters["nanoseconds_of_value"] = 1e9 * value / trajectories;
    state.counters["nanoseconds_of_gradient"] = 1e9 * gradient / trajectories;
}
BENCHMARK_TEMPLATE(startup4_gradient, 5)->Unit(benchmark::kMillisecond)->Iterations(10);
BENCHMARK_TEMPLATE(startup4_gradient, 20)->Unit(benchmark::kMillisecond)->Iterations(10);

}  // namespace
