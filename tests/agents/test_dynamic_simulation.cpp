#include "agents/risk/dynamic_semantics.hpp"
#include "agents/risk/dynamic_simulation.hpp"
#include "agents/risk/dynamic_trajectory.hpp"
#include "agents/risk/importance_splitting.hpp"
#include "sim/contract.hpp"
#include "sim/infinity.hpp"
#include "tests/agents/one_gate_trees.hpp"
#include "tests/allocation_counter.hpp"

#include <boost/math/distributions/lognormal.hpp>
#include <boost/math/distributions/weibull.hpp>
#include <catch2/catch.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace {

using namespace venturi;
using enum DynamicConnective;
using namespace one_gate_trees;

/// Mean of f(T₁, T₂) for independent T₁, T₂ with the given quantiles, by the midpoint rule in both
/// probabilities.
template <class Quantile, class Function>
double mean_over_two(Quantile quantile, Function function) {
    constexpr int points = 1000;
    std::vector<double> values;
    for (int i = 0; i < points; ++i) values.push_back(quantile((i + 0.5) / points));
    double sum = 0;
    for (const double first : values)
        for (const double second : values) sum += function(first, second);
    return sum / points / points;
}

}  // namespace

TEST_CASE("the rest of an aged life is drawn by its integrated hazard") {
    const std::vector<LeafLife> lives{
        WeibullLife{.scale = 4, .shape = 2.5}, WeibullLife{.scale = 2, .shape = 0.5},
        LogNormalLife{.mean = 0.5, .stddev = 1}, LogNormalLife{.mean = -1, .stddev = 0.3}};
    for (const LeafLife& life : lives)
        for (const double age : {0.0, 0.01, 0.5, 3.0})
            for (const double hazard : {1e-6, 0.1, 1.0, 5.0}) {
                CAPTURE(life.index(), age, hazard);
                const double works = 1 - failure_probability(life, age);
                const double rest = remaining_life(life, age, hazard);
                // Survival of the rest is exp(−hazard). Of a difference of two probabilities near 1, rounding
                // leaves 1e-15 or so, and 1 − F loses what is below it.
                if (works > 1e-4)
                    CHECK((1 - failure_probability(life, age + rest)) / works
                          == Approx(std::exp(-hazard)).margin(1e-15 / works).epsilon(1e-10));
            }
    CHECK_THROWS_AS(remaining_life(ExponentialLife{1}, 0, 1), ContractViolation);
}

TEST_CASE(
    "the rest of a life keeps its precision where it is a small part of the age, and deep in the tail") {
    // Near the age t the Weibull hazard is (shape / scale) (t / scale)^(shape − 1) = 1 here.
    CHECK(remaining_life(WeibullLife{.scale = 2, .shape = 2}, 2, 1e-12) == Approx(1e-12).epsilon(1e-9));
    // A standard log-normal at e^20: the hazard at z = 20 is z + 1/z − 2/z³ over t, to 10/z⁵ (Mills' ratio).
    const double t = std::exp(20.0);
    CHECK(remaining_life(LogNormalLife{.mean = 0, .stddev = 1}, t, 1e-6)
          == Approx(1e-6 * t / (20 + 1 / 20.0 - 2 / 8000.0)).epsilon(1e-5));
}

TEST_CASE("simulated trees agree with their closed forms") {
    struct Row {
        std::string name;
        DynamicTree tree;
        double mean;
    };
    DynamicTree chance = tree_of(conjunction, {exponential(0.5), exponential(0.5)});
    chance.gates.push_back({.connective = dependency, .probability = 0.2, .inputs = {0, 1}});
    DynamicTree locked = tree_of(conjunction, {exponential(0.5), exponential(0.25)});
    locked.gates.push_back({.connective = sequence, .inputs = {0, 1}});
    const std::vector<Row> rows{
        {"or", alike(2, exponential(0.5), disjunction), 1},
        {"and", alike(2, exponential(0.5), conjunction), 3},
        {"2 of 3", tree_of(at_least, {exponential(0.3), exponential(0.4), exponential(1)}, 2),
         1 / 0.7 + 1 / 1.3 + 1 / 1.4 - 2 / 1.7},
        {"cold spare", tree_of(spare, {exponential(0.5), exponential(0.25, 0)}), 2 + 4},
        // One of both fails after 1 / (0.5 + 0.3 · 0.5), then the other works alone.
        {"warm spare", tree_of(spare, {exponential(0.5), exponential(0.5, 0.3)}), 1 / 0.65 + 2},
        {"sequence", locked, 2 + 4},
        // Both at 1/2: the first falls after 1, with chance 0.2 · 1/2 the other falls with it, else after 2
        // more.
        {"chance", chance, 1 + 0.9 * 2},
        // (3 λ + μ) / (2 λ²), from the balance of mean times of the chain with one and none down.
        {"repair", alike(2, exponential(1, 1, 3), conjunction), (3 + 3) / 2.0},
        {"Erlang", tree_of(disjunction, {{.life = ErlangLife{2, 5}}}), 2.5},
        {"cold Erlang spare",
         tree_of(spare, {{.life = ErlangLife{2, 5}}, {.life = ErlangLife{4, 2}, .dormancy = 0}}), 2.5 + 0.5},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        const DynamicSimulation simulation = simulate(row.tree, {.trajectories = 10'000, .seed = 5});
        CHECK(simulation.failures == 10'000);
        CHECK(simulation.mean_time_to_failure == simulation.failure_times.mean());
        // Of 10 cases, 4 standard errors leave one wrong alarm in 1,600 choices of the seed.
        CHECK(std::abs(simulation.mean_time_to_failure - row.mean)
              < 4 * simulation.failure_times.standard_error());
    }
}

TEST_CASE("a dormant leaf with an age of its own ages more slowly") {
    // The spare's age at T₁ is d T₁. If it fails while it waits, the top falls with the first leaf; otherwise
    // when the spare has reached T₂, at T₁ + (T₂ − d T₁).
    const double dormancy = 0.4;
    const auto failure = [dormancy](double first, double second) {
        return std::max(first, second + (1 - dormancy) * first);
    };
    const auto check = [&](const LeafLife& life, double exact) {
        const DynamicTree tree = tree_of(spare, {{.life = life}, {.life = life, .dormancy = dormancy}});
        const DynamicSimulation simulation = simulate(tree, {.trajectories = 40'000, .seed = 2});
        // The midpoint rule is right to 1e-3 of the mean here, see the check of its own below.
        CHECK(std::abs(simulation.mean_time_to_failure - exact)
              < 4 * simulation.failure_times.standard_error() + 1e-3 * exact);
    };
    const boost::math::weibull_distribution<double> weibull(2, 3);
    const auto weibull_quantile = [&](double p) { return quantile(weibull, p); };
    CHECK(mean_over_two(weibull_quantile, [](double first, double) { return first; })
          == Approx(mean(weibull)).epsilon(1e-3));
    check(WeibullLife{.scale = 3, .shape = 2}, mean_over_two(weibull_quantile, failure));
    const boost::math::lognormal_distribution<double> log_normal(0.2, 0.5);
    const auto log_normal_quantile = [&](double p) { return quantile(log_normal, p); };
    CHECK(mean_over_two(log_normal_quantile, [](double first, double) { return first; })
          == Approx(mean(log_normal)).epsilon(1e-3));
    check(LogNormalLife{.mean = 0.2, .stddev = 0.5}, mean_over_two(log_normal_quantile, failure));
}

TEST_CASE("unreliability at times is the empirical distribution of the time to failure") {
    const DynamicTree tree = alike(2, exponential(1), conjunction);
    const std::vector<double> times{0, 0.2, 0.5, 1, 2, 5};
    const DynamicSimulation simulation =
        simulate(tree, {.trajectories = 5'000, .seed = 1, .times = times, .level = 0.999});
    REQUIRE(simulation.unreliability.size() == times.size());
    for (const SimulatedUnreliability& row : simulation.unreliability) {
        CAPTURE(row.time);
        CHECK(row.estimate == static_cast<double>(row.failures) / 5'000);
        CHECK(row.interval.contains(std::pow(1 - std::exp(-row.time), 2)));
        CHECK(row.undecided == 0);
    }
    // The median of the sketch has as many failures below it as above, to its relative error.
    const double median = simulation.distribution.quantile(0.5);
    const double error = simulation.distribution.relative_error() * 2;
    const std::vector<double> around{median * (1 - error), median * (1 + error)};
    const DynamicSimulation again = simulate(tree, {.trajectories = 5'000, .seed = 1, .times = around});
    CHECK(again.unreliability[0].estimate <= 0.5);
    CHECK(again.unreliability[1].estimate >= 0.5);
    CHECK(simulation.distribution.count() == 5'000);
}

TEST_CASE("failures are counted the same whether trajectories end at the last time or at the failure") {
    const DynamicTree tree = tree_of(spare, {exponential(0.5), {.life = WeibullLife{2, 2}, .dormancy = 0.5}});
    DynamicSimulationOptions options{.trajectories = 2'000, .seed = 9, .times = {0.5, 2}};
    const DynamicSimulation whole = simulate(tree, options);
    options.until_failure = false;
    const DynamicSimulation cut = simulate(tree, options);
    for (std::size_t i = 0; i < 2; ++i)
        CHECK(cut.unreliability[i].failures == whole.unreliability[i].failures);
    CHECK(cut.events < whole.events);
    CHECK(cut.failures == cut.unreliability[1].failures);
}

TEST_CASE("what has failed at the start has failed at time zero") {
    const DynamicTree tree = alike(2, {.life = FailedAtStart{0.5}}, conjunction);
    const DynamicSimulation simulation =
        simulate(tree, {.trajectories = 4'000, .seed = 1, .times = {0}, .level = 0.999});
    CHECK(simulation.unreliability[0].interval.contains(0.25));
    CHECK(simulation.never_failed == 4'000 - simulation.failures);
    CHECK(simulation.events == 0);
}

TEST_CASE("a top that may never fail has an infinite mean time, and half of priority-and never does") {
    const DynamicTree tree = alike(2, exponential(0.4), priority_and);
    const DynamicSimulation simulation = simulate(tree, {.trajectories = 4'000, .seed = 1});
    CHECK(simulation.mean_time_to_failure == infinity);
    CHECK(simulation.mean_interval == Interval{infinity, infinity});
    CHECK(simulation.failures + simulation.never_failed == 4'000);
    // Half of them, to 4 standard errors √(n / 4).
    CHECK(std::abs(static_cast<double>(simulation.never_failed) - 2'000) < 4 * std::sqrt(1'000));
    // Once the second leaf has failed first, nothing matters any more, and the trajectory ends.
    CHECK(simulation.events == 2 * simulation.failures + simulation.never_failed);
    CHECK(simulation.distribution.quantile(0.75) == infinity);
    CHECK(simulation.distribution.quantile(0.25) < infinity);
}

TEST_CASE("a trajectory that goes on too long is given up, and what that leaves open is said") {
    // One of each pair is always up: the pair never fails, but nothing ends.
    DynamicTree tree = alike(2, exponential(1, 1, 1), conjunction);
    tree.gates.push_back({.connective = exclusion, .inputs = {0, 1}});
    DynamicSimulationOptions options{.trajectories = 64, .seed = 1, .times = {1, 1e9}, .most_events = 200};
    const DynamicSimulation simulation = simulate(tree, options);
    CHECK(simulation.undecided == 64);
    CHECK(simulation.failures == 0);
    CHECK(std::isnan(simulation.mean_time_to_failure));
    // What was followed without a failure says how long it takes at least: 100 failures at rate 2 and as many
    // repairs at rate 1, a mean of 150 with a standard error of 11 / 8.
    CHECK(simulation.mean_interval.low == Approx(150 - 2 * 11 / 8.0).margin(4 * 11 / 8.0));
    CHECK(simulation.mean_interval.high == infinity);
    CHECK(simulation.unreliability[0].undecided == 0);
    CHECK(simulation.unreliability[0].interval.high < 0.1);
    CHECK(simulation.unreliability[1].undecided == 64);
    CHECK(simulation.unreliability[1].interval == Interval{0, 1});
}

TEST_CASE("no more trajectories are begun once all together have had the events allowed") {
    // 4,000 events each, but for the top's failure, which hardly ever comes: after 256 trajectories a
    // million.
    const DynamicTree tree = alike(2, exponential(1e-9, 1, 1e3), conjunction);
    DynamicTree busy = tree;
    busy.leaves.push_back(exponential(1e3, 1, 1e3));
    busy.gates.push_back({.connective = conjunction, .inputs = {0, 1, 2}});
    busy.top = static_cast<std::uint32_t>(busy.node_count() - 1);
    for (std::uint32_t& input : busy.gates[0].inputs) ++input;
    busy.gates[0].inputs = {0, 1};
    DynamicSimulationOptions options{.trajectories = 100'000,
                                     .seed = 1,
                                     .most_events = 4'000,
                                     .most_events_in_all = 1'000'000,
                                     .threads = 1};
    const DynamicSimulation one = simulate(busy, options);
    CHECK(one.ran_out_of_events);
    CHECK(one.trajectories == 256);
    CHECK(one.undecided == 256);
    CHECK(one.mean_interval.low > 1);
    options.threads = 3;
    const DynamicSimulation three = simulate(busy, options);
    CHECK(three.trajectories == 256);
    CHECK(three.mean_interval == one.mean_interval);
}

TEST_CASE("results have the same bits on any number of threads") {
    DynamicTree tree = tree_of(spare, {exponential(0.5, 1, 2),
                                       {.life = WeibullLife{2, 2}, .dormancy = 0.5},
                                       {.life = ErlangLife{2, 3}, .dormancy = 0.2}});
    tree.gates.push_back({.connective = dependency, .probability = 0.3, .inputs = {0, 1}});
    DynamicSimulationOptions options{.trajectories = 1'000, .seed = 4, .times = {1, 2}, .threads = 1};
    const DynamicSimulation one = simulate(tree, options);
    const SplittingOptions rare{.time = 0.5, .replications = 8, .trials = 500, .seed = 4, .threads = 1};
    const SplitUnreliability split_one = split_unreliability(tree, rare);
    CHECK(split_one.estimate > 0);
    for (const int threads : {2, 5}) {
        options.threads = threads;
        const DynamicSimulation many = simulate(tree, options);
        CHECK(many.failure_times == one.failure_times);
        CHECK(many.distribution == one.distribution);
        CHECK(many.events == one.events);
        CHECK(many.unreliability[1].failures == one.unreliability[1].failures);
        SplittingOptions rare_many = rare;
        rare_many.threads = threads;
        const SplitUnreliability split_many = split_unreliability(tree, rare_many);
        CHECK(split_many.estimate == split_one.estimate);
        CHECK(split_many.standard_error == split_one.standard_error);
        CHECK(split_many.events == split_one.events);
    }
    options.seed = 5;
    CHECK(simulate(tree, options).failure_times.mean() != one.failure_times.mean());
}

TEST_CASE("a workspace that has run a few trajectories allocates nothing for more") {
    DynamicTree tree = tree_of(spare, {exponential(1, 1, 2),
                                       {.life = WeibullLife{2, 2}, .dormancy = 0.5},
                                       {.life = LogNormalLife{0, 1}, .dormancy = 0.5}});
    tree.gates.push_back({.connective = dependency, .probability = 0.3, .inputs = {0, 1}});
    tree.gates.push_back({.connective = sequence, .inputs = {1, 2}});
    const DynamicSemantics semantics(tree);
    DynamicTrajectory trajectory(semantics);
    TrajectorySnapshot snapshot;
    FailureDistance distance(semantics);
    const auto run = [&](std::uint32_t number) {
        trajectory.begin(1, number);
        for (int events = 0; events < 50 && !trajectory.top_failed() && trajectory.next_time() < infinity;
             ++events) {
            trajectory.step();
            static_cast<void>(distance(trajectory.state()));
        }
        trajectory.save(snapshot);
        trajectory.resume(snapshot, 2, number);
    };
    for (std::uint32_t number = 0; number < 20; ++number) run(number);
    const std::size_t before = testing::allocations();
    for (std::uint32_t number = 0; number < 2'000; ++number) run(number);
    CHECK(testing::allocations() == before);
}

TEST_CASE("a trajectory that is taken up again has the future of one that was not interrupted") {
    // Cut at the first event after 0.7, a moment that doesn't look ahead, and resumed with new draws: how
    // likely failure before 2.7 is must stay. Leaves with ages, phases and repair.
    const DynamicTree tree = tree_of(spare, {{.life = WeibullLife{.scale = 1.5, .shape = 3}},
                                             {.life = ErlangLife{3, 3}, .dormancy = 0.5, .repair_rate = 1},
                                             {.life = LogNormalLife{0, 0.5}, .dormancy = 0.3}});
    const DynamicSemantics semantics(tree);
    constexpr std::uint32_t trajectories = 20'000;
    DynamicTrajectory trajectory(semantics);
    TrajectorySnapshot snapshot;
    const auto run_until = [&](double time) {
        while (!trajectory.top_failed() && trajectory.next_time() <= time) trajectory.step();
        return trajectory.top_failed();
    };
    double plain = 0;
    double cut = 0;
    for (std::uint32_t number = 0; number < trajectories; ++number) {
        trajectory.begin(1, number);
        plain += run_until(2.7);
        trajectory.begin(2, number);
        while (!trajectory.top_failed() && trajectory.now() < 0.7) trajectory.step();
        trajectory.save(snapshot);
        trajectory.resume(snapshot, 3, number);
        cut += run_until(2.7) && trajectory.now() <= 2.7;
    }
    const double share = plain / trajectories;
    CHECK(share > 0.2);
    CHECK(share < 0.8);
    CHECK(std::abs(plain - cut) / trajectories < 4 * std::sqrt(2 * share * (1 - share) / trajectories));
}

TEST_CASE("a snapshot has the ages that leaves have reached, waiting and working") {
    const LeafLife long_life = WeibullLife{.scale = 1e6, .shape = 2};
    // Leaf 0 fails first, then 1 and 2 are the ones to follow; 3 keeps the clock going.
    DynamicTree tree{.leaves = {exponential(100),
                                {.life = long_life, .dormancy = 0.4},
                                {.life = long_life},
                                exponential(1, 1, 1000)}};
    tree.gates.push_back({.connective = spare, .inputs = {0, 1}});
    tree.gates.push_back({.connective = at_least, .minimum = 3, .inputs = {2, 3, 4}});
    tree.top = 5;
    const DynamicSemantics semantics(tree);
    DynamicTrajectory trajectory(semantics);
    trajectory.begin(1, 0);
    while (!semantics.failed(trajectory.state(), 0)) trajectory.step();
    const double failed_at = trajectory.now();
    TrajectorySnapshot snapshot;
    trajectory.save(snapshot);
    CHECK(snapshot.ages[1] == 0.4 * failed_at);
    for (int events = 0; events < 10; ++events) trajectory.step();
    trajectory.save(snapshot);
    REQUIRE(trajectory.now() > failed_at);
    CHECK(snapshot.ages[1] == Approx(0.4 * failed_at + (trajectory.now() - failed_at)).epsilon(1e-14));
    CHECK(snapshot.ages[2] == Approx(trajectory.now()).epsilon(1e-14));
    CHECK(snapshot.ages[0] == 0);
    // The age goes with it.
    trajectory.resume(snapshot, 2, 0);
    TrajectorySnapshot again;
    trajectory.save(again);
    CHECK(again.time == snapshot.time);
    CHECK(again.ages == snapshot.ages);
    CHECK(again.state == snapshot.state);
}

TEST_CASE("a repaired leaf is as good as new, whatever its age was") {
    const DynamicTree tree =
        tree_of(conjunction,
                {{.life = WeibullLife{.scale = 10, .shape = 5}, .repair_rate = 1000}, exponential(1e-9)});
    const DynamicSemantics semantics(tree);
    DynamicTrajectory trajectory(semantics);
    trajectory.begin(1, 0);
    TrajectorySnapshot snapshot;
    trajectory.save(snapshot);
    snapshot.ages[0] = 9;
    Moments second_life;
    for (std::uint32_t number = 0; number < 2'000; ++number) {
        trajectory.resume(snapshot, 7, number);
        trajectory.step();
        trajectory.step();
        REQUIRE_FALSE(semantics.failed(trajectory.state(), 0));
        const double repaired_at = trajectory.now();
        trajectory.step();
        REQUIRE(semantics.failed(trajectory.state(), 0));
        second_life.add(trajectory.now() - repaired_at);
    }
    CHECK(std::abs(second_life.mean() - 10 * std::tgamma(1.2)) < 4 * second_life.standard_error());
}

TEST_CASE("a forced trajectory is one in which something happens in time, weighed with how likely that is") {
    const std::vector<double> rates{0.1, 0.5, 1};
    const DynamicTree tree =
        tree_of(conjunction,
                {exponential(rates[0]), {.life = ErlangLife{rates[1], 2}}, exponential(rates[2], 0.3, 1)});
    const DynamicSemantics semantics(tree);
    DynamicTrajectory trajectory(semantics);
    constexpr double until = 0.4;
    constexpr double total = 1.6;
    const double probability = -std::expm1(-total * until);
    constexpr std::uint32_t trajectories = 20'000;
    Moments first;
    Moments second_of_others;
    std::vector<double> rang(3, 0);
    for (std::uint32_t number = 0; number < trajectories; ++number) {
        trajectory.begin(1, number);
        REQUIRE(trajectory.force_event(until) == probability);
        REQUIRE(trajectory.next_time() <= until);
        trajectory.step();
        first.add(trajectory.now());
        const std::size_t who = semantics.failed(trajectory.state(), 2)      ? 2
                                : semantics.failed(trajectory.state(), 0)    ? 0
                                : semantics.phase(trajectory.state(), 1) > 0 ? 1
                                                                             : 3;
        REQUIRE(who < 3);
        ++rang[who];
        if (who != 0) continue;
        const double before = trajectory.now();
        trajectory.step();
        second_of_others.add(trajectory.now() - before);
    }
    // An exponential cut off at `until`; whose it is goes by the rates; and the clocks of the others run on
    // as new.
    const double mean = 1 / total - until * (1 - probability) / probability;
    CHECK(std::abs(first.mean() - mean) < 4 * first.standard_error());
    for (std::size_t i = 0; i < 3; ++i) {
        const double share = rates[i] / total;
        CHECK(std::abs(rang[i] / trajectories - share) < 4 * std::sqrt(share * (1 - share) / trajectories));
    }
    CHECK(std::abs(second_of_others.mean() - 1 / 1.5) < 4 * second_of_others.standard_error());

    trajectory.begin(1, 0);
    const double next = trajectory.next_time();
    CHECK(trajectory.force_event(10) == 1);
    CHECK(trajectory.next_time() == next);
    const DynamicTree aged = tree_of(conjunction, {exponential(0.1), {.life = WeibullLife{1, 2}}});
    const DynamicSemantics of_aged(aged);
    DynamicTrajectory with_age(of_aged);
    with_age.begin(1, 0);
    CHECK(with_age.force_event(0.01) == 1);
    const DynamicTree idle = tree_of(conjunction, {exponential(0)});
    const DynamicSemantics of_idle(idle);
    DynamicTrajectory nothing(of_idle);
    nothing.begin(1, 0);
    CHECK(nothing.force_event(10) == 0);
}

TEST_CASE("options out of range are refused") {
    const DynamicTree tree = alike(2, exponential(1), conjunction);
    CHECK_THROWS_AS(simulate(tree, {.trajectories = 0}), ContractViolation);
    CHECK_THROWS_AS(simulate(tree, {.times = {2, 1}}), ContractViolation);
    CHECK_THROWS_AS(simulate(tree, {.times = {-1}}), ContractViolation);
    CHECK_THROWS_AS(simulate(tree, {.until_failure = false}), ContractViolation);
    CHECK_THROWS_AS(simulate(tree, {.level = 1}), ContractViolation);
    CHECK_THROWS_AS(split_unreliability(tree, {.time = -1}), ContractViolation);
    CHECK_THROWS_AS(split_unreliability(tree, {.time = 1, .replications = 1}), ContractViolation);
}
