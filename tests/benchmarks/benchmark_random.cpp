#include "sim/random/draws.hpp"
#include "sim/random/stream.hpp"
#include "sim/random/ziggurat.hpp"

#include <benchmark/benchmark.h>
#include <boost/random/exponential_distribution.hpp>

#include <cmath>
#include <random>

namespace {

using namespace venturi;

template <class Draw>
void add_up(benchmark::State& state, Draw&& draw) {
    double sum = 0;
    for (auto _ : state) sum += draw();
    benchmark::DoNotOptimize(sum);
}

void exponential_from_addressed_stream(benchmark::State& state) {
    Stream stream({.seed = 1, .trajectory = 2, .agent = 3, .purpose = 4});
    add_up(state, [&] { return sample_unit_exponential(stream); });
}
BENCHMARK(exponential_from_addressed_stream);

void exponential_from_draw_source(benchmark::State& state) {
    PlainDraws draws(FastVariates(1, 2));
    DrawSource source{.agent = 3, .purpose = 4};
    add_up(state, [&] { return draws.unit_exponential(source); });
}
BENCHMARK(exponential_from_draw_source);

void exponential_by_inversion(benchmark::State& state) {
    InversionDraws draws(InversionVariates(1, 2));
    DrawSource source{.agent = 3, .purpose = 4};
    add_up(state, [&] { return draws.unit_exponential(source); });
}
BENCHMARK(exponential_by_inversion);

void exponential_by_logarithm_of_mersenne_twister(benchmark::State& state) {
    std::mt19937_64 engine(1);
    add_up(state, [&] { return -std::log(open_uniform(engine())); });
}
BENCHMARK(exponential_by_logarithm_of_mersenne_twister);

void exponential_by_boost_of_mersenne_twister(benchmark::State& state) {
    std::mt19937_64 engine(1);
    boost::random::exponential_distribution<double> exponential;
    add_up(state, [&] { return exponential(engine); });
}
BENCHMARK(exponential_by_boost_of_mersenne_twister);

void exponential_by_boost_of_addressed_stream(benchmark::State& state) {
    Stream stream({.seed = 1, .trajectory = 2, .agent = 3, .purpose = 4});
    boost::random::exponential_distribution<double> exponential;
    add_up(state, [&] {
        DrawEngine engine = stream.next_draw();
        return exponential(engine);
    });
}
BENCHMARK(exponential_by_boost_of_addressed_stream);

}  // namespace
