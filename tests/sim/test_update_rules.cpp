#include "sim/update_rules.hpp"

#include <Eigen/Core>
#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <complex>
#include <cstdint>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace {

using namespace venturi;

// f(x) = ½ Σ aᵢ (xᵢ − cᵢ)², begun at x = (1, 1, 1).
const Eigen::Vector3d curvature{1, 10, 0.1};
const Eigen::Vector3d centre{0.5, -0.25, 2};

Eigen::Vector3d gradient_at(const Eigen::Vector3d& x) {
    return curvature.cwiseProduct(x - centre);
}

template <UpdateRule<Eigen::Vector3d> Rule>
struct Descent {
    explicit Descent(const Rule& rule_) : rule(rule_) {}

    void run_to(std::uint64_t step) {
        for (; steps < step; ++steps) rule.step(state, x, gradient_at(x));
    }

    Rule rule;
    Eigen::Vector3d x = Eigen::Vector3d::Ones();
    typename Rule::template State<Eigen::Vector3d> state = rule.initial_state(x);
    std::uint64_t steps = 0;
};

double greatest_difference(const Eigen::Vector3d& left, const Eigen::Vector3d& right) {
    return (left - right).cwiseAbs().maxCoeff();
}

/// A step of a published case: parameters, and both moments, evaluated in more digits than a double holds.
struct ReferenceStep {
    AdamW rule;
    std::uint64_t step = 0;
    Eigen::Vector3d x;
    Eigen::Vector3d first;
    Eigen::Vector3d second;
};

std::map<std::string, std::vector<ReferenceStep>> read_reference(std::istream& file) {
    std::map<std::string, std::vector<ReferenceStep>> cases;
    std::string line;
    std::getline(file, line);  // a remark
    std::getline(file, line);  // names of columns
    while (std::getline(file, line)) {
        std::vector<std::string> fields;
        std::istringstream row(line);
        for (std::string field; std::getline(row, field, ',');) fields.push_back(field);
        if (fields.size() < 16) continue;
        const auto number = [&](std::size_t i) { return std::stod(fields[i]); };
        const auto triple = [&](std::size_t i) {
            return Eigen::Vector3d(number(i), number(i + 1), number(i + 2));
        };
        const bool early_epsilon = fields[0].find("ensmallen_eps") != std::string::npos;
        cases[fields[0]].push_back(
            {.rule = {.learning_rate = number(1),
                      .first_decay = number(3),
                      .second_decay = number(4),
                      .epsilon = number(5),
                      .weight_decay = number(2),
                      .epsilon_placement = early_epsilon ? EpsilonPlacement::before_correction
                                                         : EpsilonPlacement::after_correction},
             .step = std::stoull(fields[6]),
             .x = triple(7),
             .first = triple(10),
             .second = triple(13)});
    }
    return cases;
}

}  // namespace

// The expected values below are this recurrence evaluated in 40 decimal digits and rounded to 20. A run of n
// steps in doubles collects at most a few rounding errors of the parameters (1e-16) a step, so 1e-12 leaves a
// factor of some ten over the worst case of 10,000 steps that do not forget, and the error found is below
// 6e-14.
TEST_CASE("AdamW on a quadratic follows its recurrence evaluated in extended precision") {
    struct Case {
        AdamW rule;
        std::uint64_t step;
        Eigen::Vector3d x;
    };
    const AdamW slow{.learning_rate = 2e-5, .weight_decay = 0.01};
    AdamW early_epsilon = slow;
    early_epsilon.epsilon_placement = EpsilonPlacement::before_correction;
    const AdamW undecayed{.learning_rate = 2e-5, .weight_decay = 0};
    const AdamW fast{.learning_rate = 1e-2, .weight_decay = 0.1};
    const std::vector<Case> cases = {
        {slow, 1, {0.99997980000039999999, 0.999979800000016, 1.0000197999980000002}},
        {slow, 10, {0.99979800278917737987, 0.99979800122310525137, 1.0001979985261009951}},
        {slow, 1000, {0.97997605713980803151, 0.97987122722435688086, 1.019713153425483552}},
        {slow, 10000, {0.80632488834312011732, 0.80106971185806749349, 1.1942274375691404019}},
        {early_epsilon, 1, {0.99997980001264910264, 0.99997980000050596441, 1.0000197999367546468}},
        {early_epsilon, 10, {0.99979800284874634088, 0.9997980012254879462, 1.0001979982282635529}},
        {early_epsilon, 10000, {0.8063248888614531404, 0.80106971187931704572, 1.1942274349199522464}},
        {undecayed, 10000, {0.80803659922781086105, 0.80284218724108333297, 1.1963780855707120846}},
        {fast, 10, {0.89133969543994483296, 0.89079676416488203339, 1.0892856945514833864}},
        {fast, 1000, {0.49751332121477791021, -0.24488308094321502684, 1.9653841714329383422}},
        {fast, 10000, {0.49997773581048087878, -0.24995444284652211439, 1.9996296494787833619}},
    };
    for (const Case& expected : cases) {
        CAPTURE(expected.rule.learning_rate, expected.rule.weight_decay, expected.step);
        Descent descent(expected.rule);
        descent.run_to(expected.step);
        CHECK(greatest_difference(descent.x, expected.x) < 1e-12);
    }
    // The two places of epsilon are told apart by more than the tolerance.
    CHECK(greatest_difference(cases[3].x, cases[6].x) > 1e-10);
}

TEST_CASE("AdamW agrees with the table of reference steps, moments included") {
    std::ifstream file(std::string(VENTURI_SOURCE_FOLDER) + "/../shared/oracles/adamw_quadratic.csv");
    if (!file) {
        WARN("skipped: the table of reference steps is not on this machine");
        return;
    }
    const auto cases = read_reference(file);
    REQUIRE(cases.size() >= 5);
    for (const auto& [name, steps] : cases) {
        CAPTURE(name);
        Descent descent(steps.front().rule);
        for (const ReferenceStep& expected : steps) {
            CAPTURE(expected.step);
            descent.run_to(expected.step);
            CHECK(greatest_difference(descent.x, expected.x) < 1e-12);
            // The second moments reach (10 × 1.25)² ≈ 156, and are as exact in relation to that.
            CHECK(greatest_difference(descent.state.first, expected.first) < 13 * 1e-12);
            CHECK(greatest_difference(descent.state.second, expected.second) < 156 * 1e-12);
        }
        CHECK(descent.steps == 10000);
    }
}

TEST_CASE("Adam is AdamW without weight decay, to the bit") {
    for (const auto placement : {EpsilonPlacement::after_correction, EpsilonPlacement::before_correction}) {
        Descent adam(Adam{.learning_rate = 0.01, .epsilon_placement = placement});
        Descent adam_w(AdamW{.learning_rate = 0.01, .weight_decay = 0, .epsilon_placement = placement});
        adam.run_to(500);
        adam_w.run_to(500);
        CHECK(adam.x == adam_w.x);
    }
}

TEST_CASE("Adam's first step is a learning rate against the sign of the gradient, whatever its size") {
    // m̂ = g and v̂ = g² exactly but for rounding, so x moves by η / (1 + ε / |g|).
    Descent adam(Adam{.learning_rate = 0.01, .epsilon = 1e-15});
    adam.run_to(1);
    CHECK(greatest_difference(adam.x, Eigen::Vector3d(0.99, 0.99, 1.01)) < 1e-14);
}

TEST_CASE("Weight decay is decoupled: without a gradient AdamW shrinks parameters geometrically") {
    const AdamW rule{.learning_rate = 0.1, .weight_decay = 0.5};
    Eigen::VectorXd x = Eigen::VectorXd::Constant(4, 3.0);
    auto state = rule.initial_state(x);
    for (int i = 0; i < 20; ++i) rule.step(state, x, Eigen::VectorXd::Zero(4));
    // 20 multiplications, each good to half a unit in the last place.
    CHECK(x.minCoeff()
          == Approx(3 * std::pow(0.95, 20)).epsilon(21 * std::numeric_limits<double>::epsilon()));
    CHECK(x.minCoeff() == x.maxCoeff());
}

TEST_CASE("Gradient descent on a quadratic is geometric") {
    const GradientDescent rule{.learning_rate = 0.15};
    Descent descent(rule);
    for (const std::uint64_t step : {1U, 7U, 40U, 200U}) {
        descent.run_to(step);
        for (int i = 0; i < 3; ++i) {
            const double ratio = 1 - rule.learning_rate * curvature[i];
            const double offset = (1 - centre[i]) * std::pow(ratio, static_cast<double>(step));
            // A rounding error of x at each step, of which the map keeps at most all.
            CHECK(std::abs(descent.x[i] - centre[i] - offset) < static_cast<double>(step) * 1e-15);
        }
    }
}

TEST_CASE("The heavy ball on a quadratic is a linear recurrence of order two") {
    // x − c = A r₁ᵗ + B r₂ᵗ with r² − (1 + β − η a) r + β = 0, and x₋₁ = x₀ as it begins at rest.
    const HeavyBall rule{.learning_rate = 0.05, .momentum = 0.8};
    Descent descent(rule);
    for (const std::uint64_t step : {1U, 2U, 7U, 40U, 200U}) {
        descent.run_to(step);
        for (int i = 0; i < 3; ++i) {
            const double trace = 1 + rule.momentum - rule.learning_rate * curvature[i];
            const std::complex<double> root =
                std::sqrt(std::complex<double>(trace * trace - 4 * rule.momentum));
            const std::complex<double> r1 = (trace + root) / 2.0;
            const std::complex<double> r2 = (trace - root) / 2.0;
            const double start = 1 - centre[i];
            const std::complex<double> part1 = start * r1 * (1.0 - r2) / (r1 - r2);
            const std::complex<double> part2 = start - part1;
            const auto t = static_cast<double>(step);
            const double offset = (part1 * std::pow(r1, t) + part2 * std::pow(r2, t)).real();
            // Roots of modulus √β and below (or real) forget errors; none is kept more than 1 / (1 − β) fold.
            CHECK(std::abs(descent.x[i] - centre[i] - offset) < 5 * t * 1e-15 + 1e-14);
        }
    }
}

TEST_CASE("The heavy ball without momentum is gradient descent, to the bit") {
    Descent ball(HeavyBall{.learning_rate = 0.03, .momentum = 0});
    Descent descent(GradientDescent{.learning_rate = 0.03});
    ball.run_to(100);
    descent.run_to(100);
    CHECK(ball.x == descent.x);
}

TEMPLATE_TEST_CASE("A rule gives the same bits for vectors of fixed and of dynamic size", "", GradientDescent,
                   HeavyBall, Adam, AdamW) {
    const TestType rule{.learning_rate = 0.01};
    Eigen::Vector3d fixed = Eigen::Vector3d::Ones();
    Eigen::VectorXd dynamic = fixed;
    auto fixed_state = rule.initial_state(fixed);
    auto dynamic_state = rule.initial_state(dynamic);
    for (int i = 0; i < 300; ++i) {
        rule.step(fixed_state, fixed, gradient_at(fixed));
        rule.step(dynamic_state, dynamic, curvature.cwiseProduct(dynamic - centre));
        REQUIRE(dynamic == fixed);
    }
    CHECK(greatest_difference(fixed, Eigen::Vector3d::Ones()) > 0.1);
}

TEMPLATE_TEST_CASE("A descent is a value: a copy goes on as the original does", "", GradientDescent,
                   HeavyBall, Adam, AdamW) {
    Descent original(TestType{.learning_rate = 0.01});
    original.run_to(50);
    Descent copy = original;
    original.run_to(120);
    copy.run_to(120);
    CHECK(copy.x == original.x);
}

TEST_CASE("Options outside their range and gradients of another size are errors of the caller") {
    const Eigen::VectorXd x = Eigen::VectorXd::Ones(3);
    CHECK_THROWS_AS(GradientDescent{.learning_rate = 0}.initial_state(x), ContractViolation);
    CHECK_THROWS_AS((HeavyBall{.learning_rate = 0.1, .momentum = 1}.initial_state(x)), ContractViolation);
    CHECK_THROWS_AS(Adam{.first_decay = 1}.initial_state(x), ContractViolation);
    CHECK_THROWS_AS(Adam{.second_decay = -0.1}.initial_state(x), ContractViolation);
    CHECK_THROWS_AS(Adam{.epsilon = 0}.initial_state(x), ContractViolation);
    CHECK_THROWS_AS(AdamW{.weight_decay = -1}.initial_state(x), ContractViolation);
    Eigen::VectorXd moved = x;
    AdamW rule;
    auto state = rule.initial_state(moved);
    CHECK_THROWS_AS(rule.step(state, moved, Eigen::VectorXd::Ones(2)), ContractViolation);
    CHECK(moved == x);
}

TEST_CASE("Normalised momentum goes a step's length along the sum of gradients that fades") {
    const NormalisedMomentum rule{.learning_rate = 0.5, .momentum = 0.5};
    Eigen::Vector2d x{1, 1};
    auto state = rule.initial_state(x);
    rule.step(state, x, {3e-9, 4e-9});
    CHECK(x[0] == Approx(1 - 0.3));
    CHECK(x[1] == Approx(1 - 0.4));
    rule.step(state, x, {-1.5e-9, 1e-9});  // the sum is (0, 3e-9)
    CHECK(x[0] == Approx(0.7));
    CHECK(x[1] == Approx(0.1));
    state.direction.setZero();
    rule.step(state, x, {0, 0});
    CHECK(x[1] == Approx(0.1));
    CHECK_THROWS(NormalisedMomentum{.learning_rate = 0}.initial_state(x));
    CHECK_THROWS(NormalisedMomentum{.momentum = 1}.initial_state(x));
}
