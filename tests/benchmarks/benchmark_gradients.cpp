#include "analysis/problems/startup4_path.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <limits>

// What gradients of STARTUP-4 and 4B cost beside the simulation for the value alone: processor time, the
// least of several measurements. The counter `forward_runs` is measured against the model on the calendar (of
// which there is none with setbacks), `lean_runs` against the loop without one, which is the stricter
// measure.
namespace {

using namespace venturi;
using namespace venturi::problems;

constexpr std::uint32_t lives = 200'000;

Startup4Mix equal_mix() {
    Startup4Mix mix;
    for (auto& row : mix) row.fill(0.2);
    return mix;
}

template <class Life>
double nanoseconds(Life life) {
    const std::clock_t start = std::clock();
    for (std::uint32_t repetition = 0; repetition < lives; ++repetition) life(repetition);
    return 1e9 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC / lives;
}

double nanoseconds_on_calendar() {
    Startup4Model<double>::Mix mix;
    for (auto& row : mix) row.fill(0.2);
    const Startup4Model<double> model(mix);
    Startup4<PlainDraws> startup;
    double sum = 0;
    const double time = nanoseconds([&](std::uint32_t repetition) {
        PlainDraws draws(FastVariates(1, repetition));
        sum += startup.run(draws, model);
    });
    benchmark::DoNotOptimize(sum);
    return time;
}

double nanoseconds_of_loop(const Startup4Rates& rates) {
    double sum = 0;
    const double time = nanoseconds(
        [&](std::uint32_t repetition) { sum += startup4_payoff(rates, FastVariates(1, repetition)); });
    benchmark::DoNotOptimize(sum);
    return time;
}

// Sums of the gradient by `Size` numbers and of controls, as an optimiser takes them.
template <class Estimator, std::size_t Size>
double nanoseconds_of_gradient(const Startup4Rates& rates) {
    std::array<double, Size> sum{};
    Startup4Controls<Estimator::controls> zeros;
    const double time = nanoseconds([&](std::uint32_t repetition) {
        const Startup4Sensitivity sensitivity = Estimator::estimate(rates, 1, repetition, zeros);
        std::array<double, 20> gradient{};
        add_gradient(rates, sensitivity, gradient);
        for (std::size_t i = 0; i < 20; ++i) sum[i % Size] += gradient[i];
        benchmark::DoNotOptimize(zeros);
    });
    benchmark::DoNotOptimize(sum);
    return time;
}

template <class Estimator, std::size_t Size>
void gradient_of_startup4(benchmark::State& state) {
    const bool with_setback = state.range(0) != 0;
    const Startup4Rates rates = startup4_rates(equal_mix(), with_setback);
    double calendar = std::numeric_limits<double>::infinity();
    double loop = calendar;
    double gradient = calendar;
    for (auto _ : state) {
        calendar = std::min(calendar, nanoseconds_on_calendar());
        loop = std::min(loop, nanoseconds_of_loop(rates));
        gradient = std::min(gradient, nanoseconds_of_gradient<Estimator, Size>(rates));
    }
    if (!with_setback) state.counters["forward_runs"] = gradient / calendar;
    state.counters["lean_runs"] = gradient / loop;
    state.counters["nanoseconds"] = gradient;
}
BENCHMARK_TEMPLATE(gradient_of_startup4, OneStepSurvival, 5)
    ->Arg(0)
    ->Arg(1)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(7);
BENCHMARK_TEMPLATE(gradient_of_startup4, OneStepSurvival, 20)
    ->Arg(0)
    ->Arg(1)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(7);
BENCHMARK_TEMPLATE(gradient_of_startup4, LikelihoodRatio, 20)
    ->Arg(0)
    ->Arg(1)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(7);
BENCHMARK_TEMPLATE(gradient_of_startup4, WeakDerivative, 20)
    ->Arg(0)
    ->Arg(1)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(7);

}  // namespace
