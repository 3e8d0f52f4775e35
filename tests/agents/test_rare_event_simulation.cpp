#include "agents/risk/bit_parallel_simulation.hpp"
#include "agents/risk/rare_event_simulation.hpp"
#include "sim/contract.hpp"
#include "tests/agents/small_fault_trees.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

using namespace venturi;
using namespace small_fault_trees;

namespace {

// 5 standard errors: one check in 1.7 million fails by chance.
constexpr double tolerance = 5;

// Three events together, or two of three and two of three others: ways to the top that have no event in
// common.
FaultTree two_ways(double often, double seldom) {
    FaultTree tree;
    tree.basic_events.assign(3, {.name = {}, .probability = often});
    tree.basic_events.insert(tree.basic_events.end(), 6, {.name = {}, .probability = seldom});
    tree.gates = {
        {.connective = Connective::disjunction, .arguments = {gate(1), gate(2)}},
        {.connective = Connective::conjunction, .arguments = {event(0), event(1), event(2)}},
        {.connective = Connective::conjunction, .arguments = {gate(3), gate(4)}},
        {.connective = Connective::at_least, .minimum = 2, .arguments = {event(3), event(4), event(5)}},
        {.connective = Connective::at_least, .minimum = 2, .arguments = {event(6), event(7), event(8)}},
    };
    tree.top = gate(0);
    return tree;
}
double probability_of_two_ways(double often, double seldom) {
    const double pair = seldom * seldom * (3 - 2 * seldom);
    const double three = often * often * often;
    return three + pair * pair * (1 - three);
}

NormalForm form_of(const FaultTree& tree) {
    return normal_form(tree, tree.top.index, [](std::uint32_t, Polarity) { return false; });
}

}  // namespace

TEST_CASE("A top that happens once in 1e10 trials is estimated within a percent by a million") {
    const FaultTree tree = conjunction_of_groups(5, 10, 0.001);
    const double truth = std::pow(-std::expm1(10 * std::log1p(-0.001)), 5);
    const RareEventProbability rare = simulate_rare(tree, {.trials = 1'000'000, .seed = 1});
    CAPTURE(rare.estimate, rare.standard_error);
    CHECK(truth == Approx(1e-10).epsilon(0.03));
    CHECK(std::abs(rare.estimate - truth) < tolerance * rare.standard_error);
    CHECK(rare.standard_error < 0.02 * truth);
    CHECK(rare.believable);
    CHECK(rare.certain_interval.contains(truth));
    CHECK(rare.certain_interval.low > 0);
    CHECK(rare.certain_interval.half_width() > rare.interval.half_width());
    // Plain trials would have been in vain.
    CHECK(simulate(tree, {.trials = 1'000'000, .seed = 1}).happened == 0);
}

TEST_CASE("Weighted trials are right on average, and their intervals miss as seldom as they say", "[long]") {
    const FaultTree tree = two_ways(1e-3, 0.5e-2);
    const double truth = probability_of_two_ways(1e-3, 0.5e-2);
    constexpr int runs = 40;
    double sum = 0;
    double variance = 0;
    int misses = 0;
    for (std::uint64_t seed = 0; seed < runs; ++seed) {
        const RareEventProbability rare = simulate_rare(tree, {.trials = 50'000, .seed = seed});
        sum += rare.estimate;
        variance += rare.standard_error * rare.standard_error;
        misses += rare.interval.contains(truth) ? 0 : 1;
        CHECK(rare.certain_interval.contains(truth));
    }
    CHECK(std::abs(sum - runs * truth) < tolerance * std::sqrt(variance));
    CHECK(misses <= 0.05 * runs + tolerance * std::sqrt(0.05 * 0.95 * runs));
}

TEST_CASE("A less likely way to the top is not forgotten") {
    // The pairs are 1% of the probability. Drawn with the probabilities of the likelier way alone, they would
    // be missing from estimates that claim a tenth of that as their error.
    const double often = 2e-3;
    const double seldom = 1.7e-3;
    const double truth = probability_of_two_ways(often, seldom);
    CHECK(truth / (often * often * often) - 1 == Approx(0.01).epsilon(0.1));
    const RareEventProbability rare =
        simulate_rare(two_ways(often, seldom), {.trials = 8'000'000, .seed = 3});
    CHECK(rare.standard_error < 0.002 * truth);
    CHECK(std::abs(rare.estimate - truth) < tolerance * rare.standard_error);
}

TEST_CASE("What is common enough is drawn as it is") {
    const FaultTree tree = conjunction_of_groups(2, 3, 0.1);
    const RareEventProbability rare = simulate_rare(tree, {.trials = 100'000, .seed = 1});
    CHECK(rare.tilted == std::vector<double>(6, 0.1));
    CHECK(rare.weight_bound == Approx(2).epsilon(1e-8));
    CHECK(rare.estimate
          == Approx(static_cast<double>(rare.happened) / static_cast<double>(rare.trials)).epsilon(1e-12));
    const double truth = std::pow(1 - 0.9 * 0.9 * 0.9, 2);
    CHECK(std::abs(rare.estimate - truth) < tolerance * rare.standard_error);
}

TEST_CASE("Complements that the top needs are kept, and complements of rare events don't matter") {
    // Of an event that nearly always happens the failure is needed, together with two rare events and none of
    // a third.
    FaultTree tree;
    tree.basic_events = {{.name = "on", .probability = 0.999},
                         {.name = "a", .probability = 0.002},
                         {.name = "b", .probability = 0.003},
                         {.name = "c", .probability = 0.3}};
    tree.gates = {{.connective = Connective::conjunction,
                   .arguments = {event(0, true), event(1), event(2), event(3, true)}}};
    tree.top = gate(0);
    const double truth = 0.001 * 0.002 * 0.003 * 0.7;
    const RareEventProbability rare = simulate_rare(tree, {.trials = 4'000'000, .seed = 5});
    CAPTURE(rare.estimate, rare.standard_error);
    CHECK(rare.happened > 0);
    CHECK(std::abs(rare.estimate - truth) < tolerance * rare.standard_error);
    CHECK(rare.certain_interval.contains(truth));
}

TEST_CASE("Where the top can't happen, only the interval that is certain has something to say") {
    FaultTree tree;
    tree.basic_events = {{.name = "e", .probability = 0.01}};
    tree.gates = {{.connective = Connective::conjunction, .arguments = {event(0), event(0, true)}}};
    tree.top = gate(0);
    const RareEventProbability rare = simulate_rare(tree, {.trials = 100'000});
    CHECK(rare.happened == 0);
    CHECK(rare.estimate == 0);
    CHECK_FALSE(rare.believable);
    CHECK(rare.certain_interval.low == 0);
    CHECK(rare.certain_interval.high > 0);
    CHECK(rare.certain_interval.high < 1e-3);
}

TEST_CASE("The number of threads changes no bit of weighted trials") {
    const FaultTree tree = two_ways(1e-3, 1e-2);
    const RareEventProbability one = simulate_rare(tree, {.trials = 300'000, .seed = 4, .threads = 1});
    const RareEventProbability three = simulate_rare(tree, {.trials = 300'000, .seed = 4, .threads = 3});
    CHECK(one.estimate == three.estimate);
    CHECK(one.standard_error == three.standard_error);
    CHECK(one.happened == three.happened);
    CHECK(one.certain_interval == three.certain_interval);
    CHECK_THROWS_AS(simulate_rare(tree, {.trials = 0}), ContractViolation);
    CHECK_THROWS_AS(simulate_rare(tree, {.trials = 1, .level = 0}), ContractViolation);
}

TEST_CASE("No outcome with the top has a higher weight than the bound") {
    std::mt19937_64 random(6);
    const auto uniform = [&] { return static_cast<double>(random() % 998 + 1) / 1000; };
    int tight = 0;
    for (int i = 0; i < 200; ++i) {
        const FaultTree tree = random_tree(random, 2, 4, 4, i % 2 == 0);
        if (tree.top.complemented) continue;
        std::vector<double> p;
        std::vector<double> q;
        for (std::size_t e = 0; e < tree.basic_events.size(); ++e) {
            p.push_back(uniform());
            q.push_back(uniform());
        }
        const NormalForm form = form_of(tree);
        std::vector<double> form_p;
        std::vector<double> form_q;
        std::vector<bool> occurs(p.size());
        for (const NormalForm::Variable& variable : form.variables) {
            form_p.push_back(p[variable.index]);
            form_q.push_back(q[variable.index]);
            occurs[variable.index] = true;
        }
        const std::vector<bool> table = truth_table(tree);
        double highest = 0;
        for (std::size_t outcome = 0; outcome < table.size(); ++outcome) {
            if (!table[outcome]) continue;
            double weight = 1;
            for (std::size_t e = 0; e < p.size(); ++e)
                if (occurs[e]) weight *= (outcome >> e & 1) != 0 ? p[e] / q[e] : (1 - p[e]) / (1 - q[e]);
            highest = std::max(highest, weight);
        }
        const double bound = highest_weight(form, form_p, form_q);
        CHECK(bound >= highest);
        if (bound < highest * (1 + 1e-8)) ++tight;
    }
    // Not a bound that is safe because it is far away.
    CHECK(tight > 20);
    // Where no event is shared, it is the highest weight.
    const FaultTree groups = conjunction_of_groups(3, 2, 0.01);
    const std::vector<double> p(6, 0.01);
    const std::vector<double> q(6, 0.25);
    CHECK(highest_weight(form_of(groups), p, q)
          == Approx(std::pow(0.01 / 0.25, 3) * std::pow(0.99 / 0.75, 3)).epsilon(1e-8));
}
