#include "agents/risk/dynamic_chain.hpp"
#include "agents/risk/dynamic_semantics.hpp"
#include "agents/risk/dynamic_simulation.hpp"
#include "agents/risk/importance_splitting.hpp"
#include "tests/agents/dynamic_trees.hpp"
#include "tests/agents/one_gate_trees.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace {

using namespace venturi;
using enum DynamicConnective;
using namespace one_gate_trees;

/// P(k leaves of n are down at once before t), each failing at `rate` and repaired at `repair_rate`: the
/// birth and death process of the number that is down, by uniformisation to 1e-16 of the sum.
double first_passage(std::uint32_t k, std::uint32_t n, double rate, double repair_rate, double t) {
    const double fastest = n * rate + k * repair_rate;
    std::vector<double> now(k + 1, 0);
    now[0] = 1;
    double reached = 0;
    const auto steps = static_cast<int>(fastest * t + 15 * std::sqrt(fastest * t) + 60);
    for (int step = 0; step <= steps; ++step) {
        reached += std::exp(step * std::log(fastest * t) - fastest * t - std::lgamma(step + 1.0)) * now[k];
        std::vector<double> next(k + 1, 0);
        next[k] = now[k];
        for (std::uint32_t down = 0; down < k; ++down) {
            const double up = (n - down) * rate / fastest;
            const double back = down * repair_rate / fastest;
            next[down + 1] += now[down] * up;
            if (down > 0) next[down - 1] += now[down] * back;
            next[down] += now[down] * (1 - up - back);
        }
        now = next;
    }
    return reached;
}

}  // namespace

TEST_CASE("the distance to failure counts leaves by the tree's structure") {
    // 0..5 leaves; 6: 2 of (0, 1, 2); 7: spare (3, 4); 8: 6 or 7; a dependency of 3 and 4 on 5.
    DynamicTree tree{.leaves = std::vector<DynamicLeaf>(6, exponential(1))};
    tree.gates.push_back({.connective = at_least, .minimum = 2, .inputs = {0, 1, 2}});
    tree.gates.push_back({.connective = spare, .inputs = {3, 4}});
    tree.gates.push_back({.connective = conjunction, .inputs = {6, 7}});
    tree.top = 8;
    const auto distances_after = [](const DynamicTree& of, const std::vector<std::uint32_t>& leaves) {
        const DynamicSemantics semantics(of);
        FailureDistance distance(semantics);
        std::vector<std::uint8_t> state(semantics.state_bytes());
        const auto never = [](double) { return false; };
        semantics.begin(state, never);
        std::vector<std::uint32_t> found{distance(state)};
        for (const std::uint32_t leaf : leaves) {
            semantics.fail(state, leaf, never);
            found.push_back(distance(state));
        }
        return found;
    };
    using Distances = std::vector<std::uint32_t>;
    CHECK(distances_after(tree, {1, 2, 0, 3, 4}) == Distances{4, 3, 2, 2, 1, 0});
    // Leaf 5 fails both inputs of the spare: each is at most as far as 5 is.
    tree.gates.push_back({.connective = dependency, .inputs = {5, 3, 4}});
    CHECK(distances_after(tree, {1, 2, 5}) == Distances{4, 3, 2, 0});
    tree.gates[2].connective = disjunction;
    CHECK(distances_after(tree, {3, 4}) == Distances{2, 1, 0});
    tree.leaves[0].life = NeverFails{};
    tree.leaves[1].life = NeverFails{};
    CHECK(distances_after(tree, {3}) == Distances{2, 1});
    tree.gates[2].connective = conjunction;
    const DynamicSemantics semantics(tree);
    FailureDistance distance(semantics);
    std::vector<std::uint8_t> state(semantics.state_bytes());
    semantics.begin(state, [](double) { return false; });
    CHECK(distance(state) == distance.unreachable());
}

TEST_CASE("splitting finds unreliabilities near 1e-7, with far less variance than as many plain trials",
          "[long]") {
    struct Row {
        std::string name;
        DynamicTree tree;
        double time;
        double exact;
        double least_gain;  // in variance, at the same number of trials
    };
    const auto all_of = [](std::size_t n, double p) { return std::pow(p, static_cast<double>(n)); };
    const std::vector<Row> rows{
        {"4 of 4", alike(4, exponential(1), conjunction), 0.018, all_of(4, -std::expm1(-0.018)), 100'000},
        // Two rare steps. The first is forced; the second must win against a repair, which nothing helps.
        {"2 of 2", alike(2, exponential(1), conjunction), 3e-4, all_of(2, -std::expm1(-3e-4)), 1'000'000},
        {"2 of 3, repaired", alike(3, exponential(1e-4, 1, 1), at_least, 2), 5,
         first_passage(2, 3, 1e-4, 1, 5), 300},
        {"8 of 8", alike(8, exponential(1), conjunction), 0.15, all_of(8, -std::expm1(-0.15)), 5'000},
        {"4 of 5, repaired", alike(5, exponential(0.005, 1, 1), at_least, 4), 10,
         first_passage(4, 5, 0.005, 1, 10), 300},
        {"4 Weibull leaves", alike(4, {.life = WeibullLife{1, 2}}, conjunction), 0.13,
         all_of(4, -std::expm1(-0.13 * 0.13)), 1000},
        {"4 log-normal leaves", alike(4, {.life = LogNormalLife{0, 1}}, conjunction), 0.13,
         all_of(4, std::erfc(-std::log(0.13) / std::sqrt(2.0)) / 2), 1000},
        // One after the other: a gamma time of shape 4.
        {"cold spare",
         tree_of(spare, {exponential(1), exponential(1, 0), exponential(1, 0), exponential(1, 0)}), 0.04,
         failure_probability(ErlangLife{1, 4}, 0.04), 100'000},
    };
    for (const Row& row : rows) {
        const SplitUnreliability split =
            split_unreliability(row.tree, {.time = row.time, .replications = 32, .trials = 4'000, .seed = 1});
        double trials = 0;
        for (const SplittingStage& stage : split.stages) trials += stage.trials * 32.0;
        const double plain_variance = row.exact * (1 - row.exact) / trials;
        const double gain = plain_variance / (split.standard_error * split.standard_error);
        CAPTURE(row.name, row.exact, split.estimate, split.standard_error, gain);
        CHECK(row.exact < 3e-7);
        CHECK(std::abs(split.estimate - row.exact) < 4 * split.standard_error);
        CHECK(split.interval.contains(split.estimate));
        CHECK(gain > row.least_gain);
    }
}

TEST_CASE(
    "splitting is unbiased where states differ in what comes after, and says little of what it never saw") {
    // P(2 of 3) of independent leaves whose rates differ.
    const std::vector<double> rates{0.1, 0.5, 2};
    const DynamicTree tree =
        tree_of(at_least, {exponential(rates[0]), exponential(rates[1]), exponential(rates[2])}, 2);
    for (const double time : {0.01, 1.0}) {
        CAPTURE(time);
        const double a = -std::expm1(-rates[0] * time);
        const double b = -std::expm1(-rates[1] * time);
        const double c = -std::expm1(-rates[2] * time);
        const SplitUnreliability split =
            split_unreliability(tree, {.time = time, .replications = 400, .trials = 400, .seed = 2});
        CHECK(std::abs(split.estimate - (a * b + a * c + b * c - 2 * a * b * c)) < 4 * split.standard_error);
        CHECK(split.standard_error < 0.02 * split.estimate);
        REQUIRE(split.stages.size() == 2);
        CHECK(split.stages[0].success_share == Approx(-std::expm1(-2.6 * time)).epsilon(0.02));
    }

    DynamicTree barred = alike(2, exponential(1), conjunction);
    barred.gates.push_back({.connective = exclusion, .inputs = {0, 1}});
    const SplitUnreliability never =
        split_unreliability(barred, {.time = 1, .replications = 4, .trials = 100});
    CHECK(never.estimate == 0);
    CHECK(never.interval == Interval{0, 1});
    CHECK(never.stages[0].success_share > 0.5);
    CHECK(never.stages[1].success_share == 0);
}

TEST_CASE("on random trees, simulation and splitting agree with the Markov chain", "[long]") {
    dynamic_trees::Draws draws(3);
    double square_sum = 0;
    double split_square_sum = 0;
    int simulated = 0;
    int split = 0;
    for (unsigned number = 0; number < 30; ++number) {
        const DynamicTree tree = dynamic_trees::random_tree(draws, {.leaves = 6, .gates = 7});
        ChainRefusal refusal{};
        const auto chain = DynamicChain::explore(DynamicSemantics(tree), {}, refusal);
        REQUIRE(chain.has_value());
        CAPTURE(number);
        const std::vector<double> times{0.02, 0.7};
        const auto exact = chain->passage().probability(times);
        REQUIRE(exact.has_value());
        constexpr std::uint64_t trajectories = 2000;
        const double share = simulate(tree, {.trajectories = trajectories,
                                             .seed = number,
                                             .times = {times[1]},
                                             .until_failure = false,
                                             .threads = 1})
                                 .unreliability[0]
                                 .estimate;
        const double p = (*exact)[1];
        if (p * trajectories < 5 || (1 - p) * trajectories < 5) {
            // Too few for a normal: no more than 25 off: a Poisson of 5 is 25 above its mean with 1e-13.
            CHECK(std::abs(share - p) * trajectories < 25);
        } else {
            const double z = (share - p) / std::sqrt(p * (1 - p) / trajectories);
            CHECK(std::abs(z) < 5);
            square_sum += z * z;
            ++simulated;
        }
        const SplitUnreliability rare = split_unreliability(
            tree, {.time = times[0], .replications = 64, .trials = 400, .seed = number, .threads = 1});
        if (!(rare.standard_error > 0)) continue;
        const double z = (rare.estimate - (*exact)[0]) / rare.standard_error;
        CHECK(std::abs(z) < 5);
        split_square_sum += z * z;
        ++split;
    }
    // Sums of squares of n normals: n, with standard deviation √(2 n).
    CHECK(simulated > 15);
    CHECK(std::abs(square_sum - simulated) < 4 * std::sqrt(2.0 * simulated));
    CHECK(split > 15);
    CHECK(std::abs(split_square_sum - split) < 4 * std::sqrt(2.0 * split));
}
