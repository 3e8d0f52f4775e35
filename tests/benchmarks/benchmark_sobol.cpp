#include "analysis/statistics/sobol_indices.hpp"

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

namespace {

using namespace venturi;

/// Ishigami and Homma (1990), a = 7, b = 0.1, of three numbers in (0, 1).
double ishigami(const double* u) {
    const auto angle = [u](std::size_t i) { return std::numbers::pi * (2 * u[i] - 1); };
    const double second = std::sin(angle(1));
    const double fourth_power = std::pow(angle(2), 4);
    return std::sin(angle(0)) * (1 + 0.1 * fourth_power) + 7 * second * second;
}

// Points, model, indices and the intervals of 1,000 bootstrap samples, as `venturi sensitivity` makes them.
void sobol_indices_of_ishigami(benchmark::State& state) {
    constexpr std::size_t inputs = 3;
    const auto points = static_cast<std::size_t>(state.range(0));
    for (auto _ : state) {
        const SobolDesign design = sobol_design(points, inputs, 1);
        SobolResponses responses{.first = std::vector<double>(points),
                                 .second = std::vector<double>(points),
                                 .mixed = std::vector(inputs, std::vector<double>(points))};
        for (std::size_t i = 0; i < points; ++i) {
            responses.first[i] = ishigami(&design.first[i * inputs]);
            responses.second[i] = ishigami(&design.second[i * inputs]);
            for (std::size_t input = 0; input < inputs; ++input)
                responses.mixed[input][i] = ishigami(design.mixed(i, input).data());
        }
        benchmark::DoNotOptimize(sobol_indices(responses));
    }
}
BENCHMARK(sobol_indices_of_ishigami)->Arg(1 << 14)->Unit(benchmark::kMillisecond);

}  // namespace
