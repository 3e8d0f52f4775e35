#include "agents/risk/bit_parallel_simulation.hpp"
#include "sim/contract.hpp"
#include "tests/agents/small_fault_trees.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

using namespace venturi;
using namespace small_fault_trees;

namespace {

constexpr std::uint32_t blocks = 1000;
constexpr auto bits_drawn = static_cast<double>(blocks * trials_per_block);

// 5 standard errors: one check in 1.7 million fails by chance.
constexpr double tolerance = 5;

std::uint64_t count(const TrialBits& bits) {
    std::uint64_t sum = 0;
    for (const std::uint64_t word : bits) sum += static_cast<std::uint64_t>(std::popcount(word));
    return sum;
}

TrialBits draw(const BernoulliBits& made, std::uint32_t block, std::uint32_t event = 3) {
    TrialBits bits;
    made.fill({42, block, event, 0}, bits);
    return bits;
}

bool bit_of(const TrialBits& bits, std::size_t trial) {
    return (bits[trial / 64] >> trial % 64 & 1) != 0;
}

FaultTree two_of_three(double probability) {
    FaultTree tree;
    tree.basic_events.assign(3, {.name = {}, .probability = probability});
    tree.gates = {
        {.connective = Connective::at_least, .minimum = 2, .arguments = {event(0), event(1), event(2)}}};
    tree.top = gate(0);
    return tree;
}

// P(k or more of n), summed from the definition.
double binomial_tail(std::uint64_t n, std::uint64_t k, double p) {
    double sum = 0;
    for (std::uint64_t i = k; i <= n; ++i) {
        const auto x = static_cast<double>(i);
        const auto size = static_cast<double>(n);
        sum += std::exp(std::lgamma(size + 1) - std::lgamma(x + 1) - std::lgamma(size - x + 1)
                        + x * std::log(p) + (size - x) * std::log1p(-p));
    }
    return sum;
}

}  // namespace

TEST_CASE("A bit is set as often as its probability says, from the rarest to the surest") {
    // On both sides of 1/16 and 15/16, where bits are made in another way.
    for (const double p : {1e-5, 0.01, 0.0624, 0.0626, 1.0 / 3, 0.5, 0.75, 0.9374, 0.9376, 0.9999}) {
        CAPTURE(p);
        const BernoulliBits made(p);
        double set = 0;
        double squares = 0;
        for (std::uint32_t block = 0; block < blocks; ++block) {
            const auto in_block = static_cast<double>(count(draw(made, block)));
            const double excess = in_block - p * trials_per_block;
            set += in_block;
            squares += excess * excess;
        }
        const double variance = p * (1 - p) * trials_per_block;
        CHECK(std::abs(set - p * bits_drawn) < tolerance * std::sqrt(blocks * variance));
        // The number in a block is binomial, whose fourth moment makes the sample variance vary by so much.
        const double kurtosis = 2 + (1 - 6 * p * (1 - p)) / variance;
        CHECK(std::abs(squares / blocks / variance - 1) < tolerance * std::sqrt(kurtosis / blocks));
    }
}

TEST_CASE("What is impossible never happens and what is certain always does") {
    for (std::uint32_t block = 0; block < 20; ++block) {
        CHECK(count(draw(BernoulliBits(0), block)) == 0);
        CHECK(count(draw(BernoulliBits(1), block)) == trials_per_block);
        CHECK(count(draw(BernoulliBits(1e-300), block)) == 0);
    }
    CHECK_THROWS_AS(BernoulliBits(-0.1), ContractViolation);
    CHECK_THROWS_AS(BernoulliBits(1.1), ContractViolation);
    CHECK_THROWS_AS(BernoulliBits(std::nan("")), ContractViolation);
}

TEST_CASE(
    "Every trial of a block is as likely as any other, and independent of its neighbour and of other "
    "events") {
    for (const double p : {0.03, 0.3}) {
        CAPTURE(p);
        const BernoulliBits made(p);
        std::vector<double> by_trial(trials_per_block);
        double with_neighbour = 0;
        double with_other = 0;
        for (std::uint32_t block = 0; block < blocks; ++block) {
            const TrialBits bits = draw(made, block);
            const TrialBits other = draw(made, block, 4);
            for (std::size_t trial = 0; trial < trials_per_block; ++trial) {
                if (!bit_of(bits, trial)) continue;
                by_trial[trial] += 1;
                with_neighbour += bit_of(bits, (trial + 1) % trials_per_block) ? 1 : 0;
                with_other += bit_of(other, trial) ? 1 : 0;
            }
        }
        // χ² of the trials' numbers, each binomial: its mean is their number, its variance about twice that.
        double chi_square = 0;
        for (const double number : by_trial)
            chi_square += (number - p * blocks) * (number - p * blocks) / (blocks * p * (1 - p));
        CHECK(std::abs(chi_square - trials_per_block) < tolerance * std::sqrt(2.0 * trials_per_block));
        // Pairs of different bits: uncorrelated with each other, but where they share one: p² (1 − p²) and
        // twice p³ (1 − p) for each.
        const double pairs = bits_drawn * p * p;
        CHECK(std::abs(with_neighbour - pairs)
              < tolerance * std::sqrt(bits_drawn * (p * p * (1 - p * p) + 2 * p * p * p * (1 - p))));
        CHECK(std::abs(with_other - pairs) < tolerance * std::sqrt(bits_drawn * p * p * (1 - p * p)));
    }
}

TEST_CASE("All trials of a block give what the tree gives for each of them") {
    std::mt19937_64 random(1);
    for (int i = 0; i < 150; ++i) {
        FaultTree tree = random_tree(random, 2, 6, 7, i % 3 == 0);
        if (i % 10 == 9) {
            // Wide gates, with more arguments than a few bits count.
            tree.gates[0].connective = i % 20 == 9 ? Connective::between : Connective::at_least;
            tree.gates[0].arguments.clear();
            for (std::uint32_t k = 0; k < 37; ++k)
                tree.gates[0].arguments.push_back(event(k % 12, k % 5 == 0));
            tree.gates[0].minimum = 16;
            tree.gates[0].maximum = 21;
        }
        const std::vector<double> probabilities(tree.basic_events.size(), 0.5);
        const BitParallelTree trials(tree, probabilities);
        BitParallelTree::Workspace workspace;
        const TrialBits top = trials.try_block(7, static_cast<std::uint32_t>(i), 0, workspace);
        for (std::size_t trial = 0; trial < trials_per_block; trial += 29) {
            std::vector<bool> happened(tree.basic_events.size());
            for (std::size_t e = 0; e < trials.events().size(); ++e)
                happened[trials.events()[e]] = bit_of(BitParallelTree::bits_of_event(workspace, e), trial);
            REQUIRE(bit_of(top, trial) == evaluate(tree, happened));
        }
    }
}

TEST_CASE("The estimate is the probability that a truth table gives, within its standard error") {
    std::mt19937_64 random(2);
    for (int i = 0; i < 20; ++i) {
        FaultTree tree = random_tree(random, 2, 5, 5, false);
        std::vector<double> probabilities;
        for (std::size_t e = 0; e < tree.basic_events.size(); ++e) {
            probabilities.push_back(static_cast<double>(random() % 1000) / 1000);
            tree.basic_events[e].probability = probabilities.back();
        }
        const double p = probability(truth_table(tree), probabilities);
        const SimulatedProbability simulated = simulate(tree, {.trials = 200'000, .seed = random()});
        const double standard_error = std::sqrt(p * (1 - p) / static_cast<double>(simulated.trials));
        CHECK(std::abs(simulated.estimate - p) <= tolerance * standard_error + 1e-15);
        CHECK(simulated.trials == 200'000);
    }
}

TEST_CASE("A top that is no gate is simulated too") {
    FaultTree tree;
    tree.basic_events = {{.name = "e", .probability = 0.25}};
    tree.top = event(0, true);
    const SimulatedProbability simulated = simulate(tree, {.trials = 400'000});
    CHECK(simulated.estimate
          == Approx(0.75).margin(tolerance * std::sqrt(0.1875 / static_cast<double>(simulated.trials))));
    tree.top = constant(true);
    CHECK(simulate(tree, {.trials = 1}).estimate == 1);
    tree.top = constant(false);
    CHECK(simulate(tree, {.trials = 1}).estimate == 0);
}

TEST_CASE("Neither the number of threads nor making trials in two goes changes anything") {
    const FaultTree tree = two_of_three(0.2);
    const SimulatedProbability at_once =
        simulate(tree, {.trials = 50 * trials_per_block, .seed = 9, .threads = 1});
    for (const int threads : {2, 3}) {
        const SimulatedProbability first =
            simulate(tree, {.trials = 17 * trials_per_block, .seed = 9, .threads = threads});
        const SimulatedProbability both =
            extend(tree, first, {.trials = 33 * trials_per_block, .threads = threads});
        CHECK(both.happened == at_once.happened);
        CHECK(both.trials == at_once.trials);
        CHECK(both.interval == at_once.interval);
    }
    CHECK(simulate(tree, {.trials = 50 * trials_per_block, .seed = 10}).happened != at_once.happened);
}

TEST_CASE("As many trials are made as are asked for, each once") {
    const FaultTree tree = two_of_three(0.3);
    const SimulatedProbability all = simulate(tree, {.trials = 10'000, .seed = 4});
    CHECK(all.trials == 10'000);
    // The first of them, and then the others: within words and blocks, and over their borders.
    SimulatedProbability so_far = simulate(tree, {.trials = 1, .seed = 4});
    CHECK(so_far.trials == 1);
    for (const std::uint64_t more : {62U, 1U, 36U, 3'996U, 1U, 5'903U}) {
        const SimulatedProbability before = so_far;
        so_far = extend(tree, so_far, {.trials = more});
        CHECK(so_far.trials == before.trials + more);
        CHECK(so_far.happened >= before.happened);
        CHECK(so_far.happened - before.happened <= more);
    }
    CHECK(so_far.trials == all.trials);
    CHECK(so_far.happened == all.happened);
    FaultTree certain = tree;
    certain.top = constant(true);
    CHECK(simulate(certain, {.trials = 100}).happened == 100);
}

TEST_CASE("The Clopper-Pearson interval ends where its tails say") {
    // With none or all, the tail is a power: (1 − p)^n = 2.5%.
    CHECK(clopper_pearson_interval(0, 10, 0.95).low == 0);
    CHECK(clopper_pearson_interval(0, 10, 0.95).high == Approx(1 - std::pow(0.025, 0.1)).epsilon(1e-12));
    CHECK(clopper_pearson_interval(10, 10, 0.95).low == Approx(std::pow(0.025, 0.1)).epsilon(1e-12));
    CHECK(clopper_pearson_interval(10, 10, 0.95).high == 1);
    // Sums of n terms by logarithms of factorials, right to some 1e-13.
    for (const std::uint64_t k : {1U, 7U, 19U}) {
        const Interval interval = clopper_pearson_interval(k, 20, 0.9);
        CHECK(binomial_tail(20, k, interval.low) == Approx(0.05).epsilon(1e-10));
        CHECK(1 - binomial_tail(20, k + 1, interval.high) == Approx(0.05).epsilon(1e-10));
    }
    CHECK_THROWS_AS(clopper_pearson_interval(1, 0, 0.9), ContractViolation);
    CHECK_THROWS_AS(clopper_pearson_interval(3, 2, 0.9), ContractViolation);
    CHECK_THROWS_AS(clopper_pearson_interval(1, 2, 1), ContractViolation);
}

TEST_CASE("A 90% interval misses the truth in one run of ten, or less often") {
    const double p = 0.02;
    const double truth = 3 * p * p * (1 - p) + p * p * p;
    constexpr int runs = 300;
    int misses = 0;
    for (std::uint64_t seed = 0; seed < runs; ++seed)
        misses +=
            simulate(two_of_three(p), {.trials = trials_per_block, .seed = seed, .level = 0.9, .threads = 1})
                    .interval.contains(truth)
                ? 0
                : 1;
    const double at_most = 0.1 * runs;
    CHECK(misses < at_most + tolerance * std::sqrt(at_most * 0.9));
    // With some 5 of 4096 trials the interval is wider than it had to be, but not by so much that none
    // misses.
    CHECK(misses > 0);
}

TEST_CASE("Where the top never happened, the interval says how rare it may be") {
    const SimulatedProbability simulated = simulate(two_of_three(1e-6), {.trials = 1'000'000});
    CHECK(simulated.happened == 0);
    CHECK(simulated.interval.low == 0);
    const auto n = static_cast<double>(simulated.trials);
    CHECK(simulated.interval.high == Approx(1 - std::pow(0.025, 1 / n)).epsilon(1e-9));
}

TEST_CASE("A simulation without trials, or without a confidence, is refused") {
    CHECK_THROWS_AS(simulate(two_of_three(0.1), {.trials = 0}), ContractViolation);
    CHECK_THROWS_AS(simulate(two_of_three(0.1), {.trials = std::uint64_t{1} << 44}), ContractViolation);
    CHECK_THROWS_AS(simulate(two_of_three(0.1), {.trials = 1, .level = 1}), ContractViolation);
    CHECK_THROWS_AS(simulate(two_of_three(2), {.trials = 1}), ContractViolation);
}
