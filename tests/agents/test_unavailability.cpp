#include "agents/risk/unavailability.hpp"
#include "sim/contract.hpp"
#include "tests/agents/small_fault_trees.hpp"

#include <Eigen/Dense>
#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <unsupported/Eigen/MatrixFunctions>
#include <vector>

using namespace venturi;
using small_fault_trees::conjunction_of_groups;
using small_fault_trees::event;
using small_fault_trees::gate;

namespace {

// The quadrature's tolerance, ten times.
constexpr double integral_error = 1e-9;

FaultTree one_event() {
    return conjunction_of_groups(1, 1, 0.5);
}

FaultTree at_least(std::uint32_t minimum, std::uint32_t size) {
    FaultTree tree;
    tree.basic_events.assign(size, {.name = {}, .probability = 0.5});
    tree.gates = {{.connective = Connective::at_least, .minimum = minimum}};
    for (std::uint32_t i = 0; i < size; ++i) tree.gates[0].arguments.push_back(event(i));
    tree.top = gate(0);
    return tree;
}

SolvedFaultTree solved(const FaultTree& tree) {
    return solve(tree).value();
}

MissionFailures mission_of(const FaultTree& tree, const std::vector<ComponentLife>& lives, double time) {
    return failures_in_mission(solved(tree), lives, time);
}

TopAtTime top_of(const FaultTree& tree, const std::vector<ComponentLife>& lives, double time) {
    return top_over_time(solved(tree), lives, std::array{time}).front();
}

// n alike components, each failing at λ and repaired at μ by a repairer of its own, as a Markov chain on the
// number that are down, with one state more that counts what is asked for: failures of the top, or the time
// that it is down.
struct NumberDown {
    Eigen::VectorXd probabilities;  // of each number at the end
    double failures = 0;            // of `minimum` of them, expected
    double reached = 0;             // probability that so many were ever down
};
NumberDown number_down(int n, int minimum, double failure_rate, double repair_rate, double time) {
    Eigen::MatrixXd generator = Eigen::MatrixXd::Zero(n + 2, n + 2);
    for (int down = 0; down <= n; ++down) {
        const double fails = (n - down) * failure_rate;
        const double repaired = down * repair_rate;
        generator(down, down) = -fails - repaired;
        if (down < n) generator(down, down + 1) = fails;
        if (down > 0) generator(down, down - 1) = repaired;
    }
    Eigen::MatrixXd absorbing = generator;
    // The last column integrates the rate at which the top fails.
    generator(minimum - 1, n + 1) = (n - minimum + 1) * failure_rate;
    for (int down = minimum; down <= n; ++down) absorbing.row(down).setZero();
    const Eigen::MatrixXd transition = (generator * time).exp();
    const Eigen::MatrixXd stopped = (absorbing * time).exp();
    return {transition.row(0).head(n + 1).transpose(), transition(0, n + 1),
            stopped.row(0).segment(minimum, n + 1 - minimum).sum()};
}

}  // namespace

TEST_CASE("A component is down with the probability that its textbook formula says") {
    const double t = 300;
    CHECK(unavailability(DownThroughout{0.2}, t) == 0.2);
    CHECK(unavailability(NotRepaired{1e-3}, t) == Approx(1 - std::exp(-0.3)).epsilon(1e-14));
    CHECK(unavailability(NotRepairedWeibull{2, 500}, t) == Approx(1 - std::exp(-0.36)).epsilon(1e-14));
    CHECK(unavailability(Repairable{1e-3, 1e-2}, t) == Approx((1 - std::exp(-3.3)) / 11).epsilon(1e-14));
    // Up to the first test, and 50 after the last of those every 120 from 10 on.
    const RegularlyTested tested{.failure_rate = 1e-3, .interval = 120, .first_test = 10};
    CHECK(unavailability(tested, 9) == Approx(1 - std::exp(-0.009)).epsilon(1e-13));
    CHECK(unavailability(tested, 10) == 0);
    CHECK(unavailability(tested, t) == Approx(1 - std::exp(-0.05)).epsilon(1e-13));
    // Small probabilities keep their digits.
    CHECK(unavailability(NotRepaired{1e-20}, 1) == Approx(1e-20).epsilon(1e-14));
    CHECK(unavailability(Repairable{1e-20, 1e-22}, 1) == Approx(1e-20).epsilon(1e-14));
    CHECK(unavailability(Repairable{0, 0, 0.25}, t) == 0.25);
    // One that begins down is repaired.
    CHECK(unavailability(Repairable{0, 1e-2, 1}, t) == Approx(std::exp(-3)).epsilon(1e-14));
    CHECK_THROWS_AS(unavailability(NotRepaired{1}, -1), ContractViolation);
}

TEST_CASE("The failure intensity is how fast the unavailability grows, and what repair takes back") {
    // dq/dt = w − μ q, by a central difference with an error of some h² λ³ and 1e-16 / h.
    const double h = 1e-2;
    const double error = 1e-10;
    const auto slope = [&](const ComponentLife& life, double t) {
        return (unavailability(life, t + h) - unavailability(life, t - h)) / (2 * h);
    };
    for (const double t : {5.0, 77.0, 1234.0}) {
        for (const ComponentLife& life : std::vector<ComponentLife>{
                 DownThroughout{0.3}, NotRepaired{1e-3}, NotRepairedWeibull{1.7, 800},
                 RegularlyTested{.failure_rate = 1e-3, .interval = 100, .first_test = 30}})
            CHECK(failure_intensity(life, t) == Approx(slope(life, t)).margin(error));
        const Repairable repairable{2e-3, 1e-2, 0.1};
        CHECK(failure_intensity(repairable, t)
              == Approx(slope(repairable, t) + 1e-2 * unavailability(repairable, t)).margin(error));
    }
    CHECK(failure_intensity(NotRepairedWeibull{0.5, 1}, 0) == std::numeric_limits<double>::infinity());
}

TEST_CASE("One component's expected failures are those of its closed form") {
    const double t = 1000;
    const auto expected = [&](const ComponentLife& life) {
        return mission_of(one_event(), {life}, t).expected;
    };
    CHECK(expected(DownThroughout{0.5}) == 0);
    CHECK(expected(NotRepaired{2e-3}) == Approx(1 - std::exp(-2)).epsilon(integral_error));
    CHECK(expected(NotRepairedWeibull{3, 900})
          == Approx(1 - std::exp(-std::pow(1 / 0.9, 3))).epsilon(integral_error));
    // An intensity that is infinite at the beginning.
    CHECK(expected(NotRepairedWeibull{0.3, 900})
          == Approx(1 - std::exp(-std::pow(1 / 0.9, 0.3))).epsilon(integral_error));
    // λ ∫ (1 − q) = λ (μ t / s + λ (1 − e^−st) / s²), s = λ + μ. Without repair the first failure is the
    // last.
    const double s = 0.012;
    CHECK(
        expected(Repairable{0.002, 0.01})
        == Approx(0.002 * (0.01 * t / s + 0.002 * (1 - std::exp(-s * t)) / (s * s))).epsilon(integral_error));
    CHECK(expected(Repairable{0.002, 0}) == Approx(1 - std::exp(-2)).epsilon(integral_error));
    // Tests at 50, 250, 450, 650, 850.
    CHECK(expected(RegularlyTested{.failure_rate = 0.002, .interval = 200, .first_test = 50})
          == Approx((1 - std::exp(-0.1)) + 4 * (1 - std::exp(-0.4)) + (1 - std::exp(-0.3)))
                 .epsilon(integral_error));
}

TEST_CASE("A repair in hours within a mission of ten years is no trouble") {
    const double t = 87'600;
    const MissionFailures mission = mission_of(one_event(), {Repairable{1e-5, 0.5}}, t);
    const double s = 0.50001;
    CHECK(mission.expected == Approx(1e-5 * (0.5 * t / s + 1e-5 / (s * s))).epsilon(integral_error));
    // ∫ q = λ t / s − λ (1 − e^−st) / s².
    CHECK(mission.mean_unavailability == Approx((1e-5 / s * t - 1e-5 / (s * s)) / t).epsilon(integral_error));
    CHECK(mission.error < integral_error * mission.expected);
}

TEST_CASE("Between tests a component is down for as long as it takes to be found out") {
    // Over whole intervals: 1 − (1 − e^−λτ) / λτ.
    const MissionFailures mission = mission_of(
        one_event(), {RegularlyTested{.failure_rate = 1e-3, .interval = 100, .first_test = 100}}, 1000);
    CHECK(mission.mean_unavailability == Approx(1 - (1 - std::exp(-0.1)) / 0.1).epsilon(integral_error));
}

TEST_CASE("Where nothing comes back, the top fails once, and the unreliability is known") {
    const std::vector<ComponentLife> lives = {NotRepaired{1e-3}, NotRepairedWeibull{2, 700},
                                              NotRepairedWeibull{0.6, 3000}};
    const double t = 800;
    std::array<double, 3> q{};
    for (std::size_t i = 0; i < 3; ++i) q[i] = unavailability(lives[i], t);
    const double two = q[0] * q[1] + q[0] * q[2] + q[1] * q[2] - 2 * q[0] * q[1] * q[2];
    const MissionFailures mission = mission_of(at_least(2, 3), lives, t);
    CHECK(mission.expected == Approx(two).epsilon(integral_error));
    CHECK(mission.unreliability.low == Approx(two).epsilon(1e-13));
    CHECK(mission.unreliability.high == mission.unreliability.low);
    // One that may be down from the beginning: that is no failure, but counts as unreliability.
    const std::vector<ComponentLife> from_the_beginning = {DownThroughout{0.25}, NotRepaired{1e-3}};
    const MissionFailures either = mission_of(at_least(1, 2), from_the_beginning, t);
    CHECK(either.expected == Approx(0.75 * (1 - std::exp(-0.8))).epsilon(integral_error));
    CHECK(either.unreliability.high == Approx(0.25 + 0.75 * (1 - std::exp(-0.8))).epsilon(1e-13));
}

TEST_CASE("Repairable components vote as their Markov chain says") {
    constexpr double failure_rate = 0.01;
    constexpr double repair_rate = 0.05;
    for (const int minimum : {1, 2, 3, 5}) {
        constexpr int n = 5;
        const FaultTree tree = at_least(static_cast<std::uint32_t>(minimum), n);
        const std::vector<ComponentLife> lives(n, Repairable{failure_rate, repair_rate});
        for (const double t : {1.0, 20.0, 200.0}) {
            CAPTURE(minimum, t);
            // The matrix exponential is right to some 1e-13.
            const NumberDown chain = number_down(n, minimum, failure_rate, repair_rate, t);
            const TopAtTime top = top_of(tree, lives, t);
            CHECK(top.unavailability
                  == Approx(chain.probabilities.tail(n + 1 - minimum).sum()).epsilon(1e-10));
            CHECK(top.failure_intensity
                  == Approx(chain.probabilities(minimum - 1) * (n - minimum + 1) * failure_rate)
                         .epsilon(1e-10));
            const MissionFailures mission = failures_in_mission(solved(tree), lives, t);
            CHECK(mission.expected == Approx(chain.failures).epsilon(integral_error));
            // The unreliability is between, and neither end.
            CHECK(mission.unreliability.low < chain.reached);
            CHECK(chain.reached < mission.unreliability.high);
            CHECK(mission.unreliability.high == Approx(std::min(1.0, mission.expected)).epsilon(1e-9));
        }
    }
}

TEST_CASE("To be down from the beginning counts as unreliable, though not as a failure") {
    // Down at the beginning, or failed once from then on.
    const double reached = 0.25 + 0.75 * (1 - std::exp(-0.01 * 20));
    const MissionFailures mission = mission_of(one_event(), {Repairable{0.01, 1, 0.25}}, 20);
    CHECK(mission.expected < 0.2);
    CHECK(mission.unreliability.low == Approx(0.25).epsilon(1e-12));
    CHECK(mission.unreliability.high == Approx(0.25 + mission.expected).epsilon(1e-9));
    CHECK(mission.unreliability.contains(reached));
}

TEST_CASE("The bound on the unreliability is near where failures are rare") {
    const std::vector<ComponentLife> lives(3, Repairable{1e-5, 0.1});
    const MissionFailures mission = mission_of(at_least(2, 3), lives, 1000);
    const double reached = number_down(3, 2, 1e-5, 0.1, 1000).reached;
    // What it exceeds by are second failures: with the component that is still in repair when the top comes
    // up again (2 λ / μ a failure), or independent of the first.
    CHECK(mission.unreliability.high > reached);
    CHECK(mission.unreliability.high < reached * (1 + 2e-4 + 2 * mission.expected));
}

TEST_CASE("Components that are tested at different times leave the top where their jumps put it") {
    // Two in parallel, tested by turns every 100; between tests Q = q1 q2. Summed piece by piece of 50:
    // one has waited for s, the other for 50 + s.
    const double rate = 1e-3;
    const std::vector<ComponentLife> lives = {
        RegularlyTested{.failure_rate = rate, .interval = 100, .first_test = 50},
        RegularlyTested{.failure_rate = rate, .interval = 100, .first_test = 100}};
    const MissionFailures mission = mission_of(at_least(2, 2), lives, 1000);
    // In each piece but the first the top fails as the product of what was waited for grows:
    // q(s) q(50 + s) at its end, less at its beginning, where q(0) = 0. In the first both have waited
    // equally.
    const auto q = [&](double s) { return 1 - std::exp(-rate * s); };
    CHECK(mission.expected == Approx(q(50) * q(50) + 19 * q(50) * q(100)).epsilon(integral_error));
    CHECK(mission.unreliability.low == Approx(q(50) * q(100)).epsilon(1e-6));
    CHECK(top_of(at_least(2, 2), lives, 130).unavailability == Approx(q(80) * q(30)).epsilon(1e-13));
}

TEST_CASE("What is not coherent, not sound or of another shape is refused") {
    FaultTree tree = at_least(1, 2);
    tree.gates[0].arguments[1].complemented = true;
    const std::vector<ComponentLife> lives(2, NotRepaired{1});
    CHECK_THROWS_AS(mission_of(tree, lives, 1), ContractViolation);
    CHECK_THROWS_AS(mission_of(at_least(1, 3), lives, 1), ContractViolation);
    CHECK_THROWS_AS(mission_of(at_least(1, 2), lives, 0), ContractViolation);
    CHECK_THROWS_AS(mission_of(one_event(), {NotRepaired{-1}}, 1), ContractViolation);
    CHECK_THROWS_AS(mission_of(one_event(), {DownThroughout{1.5}}, 1), ContractViolation);
    CHECK_THROWS_AS(mission_of(one_event(), {NotRepairedWeibull{0, 1}}, 1), ContractViolation);
    CHECK_THROWS_AS(mission_of(one_event(), {RegularlyTested{.failure_rate = 1, .interval = 0}}, 1),
                    ContractViolation);
    CHECK_THROWS_AS(
        mission_of(one_event(), {RegularlyTested{.failure_rate = 1, .interval = 1e-7, .first_test = 0}}, 1),
        ContractViolation);
    CHECK_THROWS_AS(
        top_over_time(solved(one_event()), std::vector<ComponentLife>{NotRepaired{1}}, std::array{-1.0}),
        ContractViolation);
}
