#include "analysis/optimiser/gradient_estimator.hpp"
#include "analysis/problems/startup4_exact.hpp"
#include "analysis/problems/startup4_objective.hpp"
#include "tests/analysis/startup4b_reference.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

using namespace venturi;
using namespace venturi::optimiser;
using namespace venturi::problems;

namespace {

constexpr std::uint32_t many = 100'000;

Startup4Mix equal_shares() {
    Startup4Mix mix;
    for (auto& row : mix) row.fill(0.2);
    return mix;
}

// From the closed form, by the mix of each stage.
Vector exact_gradient() {
    Startup4Model<Dual<20>>::Mix mix;
    for (std::size_t s = 0; s < 4; ++s)
        for (std::size_t i = 0; i < 5; ++i) mix[s][i] = Dual<20>::variable(0.2, 5 * s + i);
    const Dual<20> value = startup4_value(Startup4Model<Dual<20>>(mix));
    return Eigen::Map<const Vector>(value.derivative.data(), 20);
}

Vector shared(const Vector& by_stage) {
    Vector sum = Vector::Zero(5);
    for (Index s = 0; s < 4; ++s) sum += by_stage.segment(5 * s, 5);
    return sum;
}

Vector setback_gradient() {
    static const std::array<double, 20> gradient = testing::startup4b_gradient(equal_shares());
    return Eigen::Map<const Vector>(gradient.data(), 20);
}

double worst_z(const GradientEstimate& estimate, const Vector& exact) {
    return ((estimate.gradient - exact).array() / estimate.standard_errors().array()).abs().maxCoeff();
}

const std::vector<std::string> unbiased = {"likelihood_ratio", "likelihood_ratio_plain", "weak_derivative",
                                           "one_step_survival", "one_step_survival_plain"};

// W relative to that of simultaneous perturbations, at d = 20 in the numbers of the decision themselves.
double times_better(bool with_setback, const std::string& name, double step) {
    Problem problem{Startup4Objective{.with_setback = with_setback}};
    const Vector point = problem.set().centre();
    const GradientEstimate own =
        estimate_gradient(OwnEstimator{name}, problem, point, {.seed = 3, .count = 20'000});
    const GradientEstimate spsa =
        estimate_gradient(SimultaneousPerturbation{.step = step, .coordinates = Coordinates::ambient},
                          problem, point, {.seed = 4, .count = 20'000});
    return spsa.work_normalised_variance() / own.work_normalised_variance();
}

}  // namespace

TEST_CASE("STARTUP-4's closed form has the value and the gradient of the oracle") {
    // oracles/startup4.md
    Startup4Model<double>::Mix mix;
    for (auto& row : mix) row.fill(0.2);
    CHECK(startup4_value(Startup4Model<double>(mix)) == Approx(70.4057272036745).epsilon(1e-13));
    const std::vector<double> gradient = {
        34.80684157109132,  15.113903840672343, 22.876802381146298, 11.950046827592164, 7.218913094533271,
        27.074150159520357, 23.217102257139423, 19.02681281869976,  20.561261400248817, 8.706413454204954,
        20.30915599593965,  27.30401768118474,  15.739348177930008, 28.346889308341908, 10.52209269461344,
        18.690241706993856, 26.914304654406592, 12.825427151573503, 32.18039058198665,  14.013608050268523};
    for (Index i = 0; i < 20; ++i)
        CHECK(exact_gradient()[i] == Approx(gradient[static_cast<std::size_t>(i)]).epsilon(1e-11));
    for (auto& row : mix)
        row = {0.30006662687505, 0.25905941233608, 0.15933101814966, 0.25661248553605, 0.02493045710316};
    CHECK(startup4_value(Startup4Model<double>(mix)) == Approx(76.77165264502096).epsilon(1e-13));
}

TEST_CASE("Numerical integration of STARTUP-4B without setbacks is STARTUP-4's closed form", "[long]") {
    CHECK(testing::startup4b_value(equal_shares(), false) == Approx(70.4057272036745).epsilon(1e-8));
    const std::array<double, 20> gradient = testing::startup4b_gradient(equal_shares(), false);
    for (Index i = 0; i < 20; ++i)
        CHECK(gradient[static_cast<std::size_t>(i)] == Approx(exact_gradient()[i]).epsilon(1e-6));
}

TEST_CASE("STARTUP-4 without a calendar pays what it pays on the calendar") {
    const Startup4Rates rates = startup4_rates(equal_shares(), false);
    Startup4Model<double>::Mix mix;
    for (auto& row : mix) row.fill(0.2);
    const Startup4Model<double> model(mix);
    Startup4<PlainDraws> startup;
    for (std::uint32_t repetition = 0; repetition < 2000; ++repetition) {
        const FastVariates variates(5, repetition);
        PlainDraws draws(variates);
        REQUIRE(startup4_payoff(rates, variates) == Approx(startup.run(draws, model)).epsilon(1e-12));
    }
}

TEST_CASE("Unbiased estimators of STARTUP-4's gradient meet the closed form", "[long]") {
    for (const bool by_stage : {false, true}) {
        Problem problem{Startup4Objective{.by_stage = by_stage}};
        const Vector exact = by_stage ? exact_gradient() : shared(exact_gradient());
        for (const std::string& name : unbiased) {
            INFO(name << ", d = " << exact.size());
            const GradientEstimate estimate = estimate_gradient(
                OwnEstimator{name}, problem, problem.set().centre(), {.seed = 21, .count = many});
            CHECK(worst_z(estimate, exact) < 4);
            CHECK(std::abs(estimate.values[0] - 70.4057272036745) < 4 * estimate.value_error);
            // An interval that is wide would hold anything.
            CHECK(estimate.standard_errors().norm() < 0.05 * exact.norm());
        }
    }
}

TEST_CASE("Unbiased estimators of STARTUP-4B's gradient meet numerical integration", "[long]") {
    const double value = testing::startup4b_value(equal_shares());
    for (const bool by_stage : {false, true}) {
        Problem problem{Startup4Objective{.with_setback = true, .by_stage = by_stage}};
        const Vector exact = by_stage ? setback_gradient() : shared(setback_gradient());
        for (const std::string& name : unbiased) {
            INFO(name << ", d = " << exact.size());
            const GradientEstimate estimate = estimate_gradient(
                OwnEstimator{name}, problem, problem.set().centre(), {.seed = 22, .count = many});
            CHECK(worst_z(estimate, exact) < 4);
            CHECK(std::abs(estimate.values[0] - value) < 4 * estimate.value_error);
            CHECK(estimate.standard_errors().norm() < 0.05 * exact.norm());
        }
    }
}

TEST_CASE("Differences meet the closed form along the mix within their error and bias", "[long]") {
    for (const bool by_stage : {false, true}) {
        Problem problem{Startup4Objective{.by_stage = by_stage}};
        const Vector point = problem.set().centre();
        const Vector exact = by_stage ? exact_gradient() : shared(exact_gradient());
        const GradientEstimate along{.coordinates = Coordinates::ambient,
                                     .gradient = exact,
                                     .covariance = DenseMatrix::Zero(exact.size(), exact.size()),
                                     .values = {}};
        const std::vector<GradientEstimator> estimators = {
            CentralDifferences{.step = 0.04, .coordinates = Coordinates::flat},
            CentralDifferences{.step = 0.1, .coordinates = Coordinates::log_ratio},
            SimultaneousPerturbation{.step = 0.04, .coordinates = Coordinates::flat},
            SimultaneousPerturbation{.step = 0.1, .coordinates = Coordinates::log_ratio},
            ParameterExploration{.spread = 0.1, .coordinates = Coordinates::log_ratio},
        };
        for (const GradientEstimator& estimator : estimators) {
            INFO("estimator " << estimator.index() << ", d = " << exact.size());
            const GradientEstimate estimate =
                estimate_gradient(estimator, problem, point, {.seed = 23, .count = many});
            const Vector wanted = in_coordinates(along, problem.set(), point, estimate.coordinates).gradient;
            // At these steps the bias is below 1% of the whole.
            const Vector off =
                ((estimate.gradient - wanted).cwiseAbs().array() - 0.01 * wanted.norm()).matrix();
            CHECK((off.array() / estimate.standard_errors().array()).maxCoeff() < 4);
            CHECK(estimate.forward_runs == many * runs_per_repetition(estimator, problem));
        }
    }
}

TEST_CASE("One-step survival has less work-normalised variance than simultaneous perturbations by orders",
          "[long]") {
    // The step of 0.02 is the largest whose bias is below the error of 10⁶ repetitions.
    CHECK(times_better(false, "one_step_survival", 0.02) > 1e5);
    CHECK(times_better(true, "one_step_survival", 0.02) > 1e3);
}

TEST_CASE("A gradient says the same in other coordinates") {
    Problem problem{Startup4Objective{.by_stage = false}};
    const Vector point = problem.set().centre();
    const GradientEstimate ambient =
        estimate_gradient(OwnEstimator{"one_step_survival"}, problem, point, {.seed = 24, .count = 100});
    const GradientEstimate ratio = in_coordinates(ambient, problem.set(), point, Coordinates::log_ratio);
    const GradientEstimate flat = in_coordinates(ambient, problem.set(), point, Coordinates::flat);
    REQUIRE(ratio.gradient.size() == 4);
    // At equal shares log-ratios move shares by a fifth of their own size.
    CHECK((ratio.gradient - 0.2 * flat.gradient).norm() < 1e-12 * flat.gradient.norm());
    const GradientEstimate back = in_coordinates(ratio, problem.set(), point, Coordinates::flat);
    CHECK((back.gradient - flat.gradient).norm() < 1e-12 * flat.gradient.norm());
    CHECK((back.covariance - flat.covariance).norm() < 1e-10 * flat.covariance.norm());
}

TEST_CASE("Regression on controls brings in no bias and takes off what they explain") {
    // Rows are 1 + 3 c + noise, c of mean zero: without controls the variance is ten times that of the noise.
    constexpr Index count = 4000;
    GradientRows rows{.rows = DenseMatrix(count, 1),
                      .controls = {},
                      .values = DenseMatrix::Zero(count, 1),
                      .forward_runs = 1};
    DenseMatrix controls(count, 2);
    for (Index r = 0; r < count; ++r) {
        const InversionVariates variates(25, static_cast<std::uint32_t>(r));
        DrawSource source;
        controls(r, 0) = variates.standard_normal(source);
        controls(r, 1) = 0;  // one that never varies does no harm
        rows.rows(r, 0) = 1 + 3 * controls(r, 0) + variates.standard_normal(source);
    }
    const GradientEstimate plain = summarise(rows);
    rows.controls = {controls};
    const GradientEstimate controlled = summarise(rows);
    CHECK(plain.covariance(0, 0) * count == Approx(10).epsilon(0.1));
    CHECK(controlled.covariance(0, 0) * count == Approx(1).epsilon(0.1));
    CHECK(std::abs(controlled.gradient[0] - 1) < 4 * controlled.standard_errors()[0]);
}

TEST_CASE("What an estimator cannot do is refused in words") {
    Problem problem{Startup4Objective{}};
    const Vector point = problem.set().centre();
    const auto asks = [&](const GradientEstimator& estimator) {
        return estimate_gradient(estimator, problem, point, {.seed = 1, .count = 2});
    };
    CHECK_THROWS_WITH(asks(OwnEstimator{"one_step"}), Catch::Contains("one_step_survival"));
    CHECK_THROWS_WITH(asks(CentralDifferences{.step = 0}), Catch::Contains("positive"));
    CHECK_THROWS_WITH(asks(SimultaneousPerturbation{.step = NAN}), Catch::Contains("positive"));
    CHECK_THROWS_WITH(asks(ParameterExploration{.spread = -1}), Catch::Contains("positive"));
}
