// Exact cases of constants: ../shared/oracles/ranking_and_ctmc.csv, from quadrature of the formulae in the
// header.
#include "analysis/statistics/ranking_and_selection.hpp"
#include "sim/contract.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <vector>

using namespace venturi;

namespace {

/// Ten normal designs of variance 36, a unit apart.
std::vector<NormalDesign> ten_designs(const std::vector<double>& parts, double budget) {
    std::vector<NormalDesign> designs;
    for (std::size_t i = 0; i < 10; ++i)
        designs.push_back(
            {.mean = -static_cast<double>(i + 1), .deviation = 6, .observations = parts[i] * budget});
    return designs;
}

std::vector<double> parts_of_ten() {
    std::vector<double> means;
    for (int i = 1; i <= 10; ++i) means.push_back(-i);
    return ocba_allocation(means, std::vector<double>(10, 6.0));
}

double budget_for(const std::vector<double>& parts, double probability) {
    double low = 10;
    double high = 10'000;
    for (int halving = 0; halving < 50; ++halving) {
        const double middle = (low + high) / 2;
        (probability_of_correct_selection(ten_designs(parts, middle)) < probability ? low : high) = middle;
    }
    return high;
}

}  // namespace

TEST_CASE("Rinott's constants are those of the quadrature", "[select]") {
    struct Case {
        std::size_t designs;
        std::size_t first_stage;
        double probability;
        double h;
    };
    for (const Case& each : {Case{2, 10, 0.95, 2.61411929530926}, Case{2, 20, 0.95, 2.452473252621435},
                             Case{5, 20, 0.95, 3.385418731564184}, Case{10, 20, 0.95, 3.8752766356502097},
                             Case{10, 10, 0.95, 4.2895474715685635}, Case{10, 20, 0.9, 3.4373592995495605},
                             Case{20, 20, 0.95, 4.30170069893763}})
        CHECK(rinott_constant(each.designs, each.first_stage, each.probability)
              == Approx(each.h).epsilon(1e-8));
    CHECK_THROWS_AS(rinott_constant(1, 20, 0.95), ContractViolation);
    CHECK_THROWS_AS(rinott_constant(2, 20, 0.5), ContractViolation);
}

TEST_CASE("OCBA gives ten designs the parts and the efficiency that it should", "[select]") {
    const std::vector<double> expected = {0.40317450196,  0.387607485181, 0.096901871295, 0.043067498353,
                                          0.024225467824, 0.015504299407, 0.010766874588, 0.00791035684,
                                          0.006056366956, 0.004785277595};
    const std::vector<double> parts = parts_of_ten();
    for (std::size_t i = 0; i < 10; ++i) CHECK(parts[i] == Approx(expected[i]).epsilon(1e-9));

    const std::vector<double> equal(10, 0.1);
    const auto correct = [&](const std::vector<double>& of, double budget) {
        return probability_of_correct_selection(ten_designs(of, budget));
    };
    CHECK(correct(equal, 500) == Approx(0.7768926995).epsilon(1e-9));
    CHECK(correct(parts, 500) == Approx(0.8677070792).epsilon(1e-9));
    CHECK(correct(equal, 1000) == Approx(0.8767546860).epsilon(1e-9));
    CHECK(correct(parts, 1000) == Approx(0.9845590771).epsilon(1e-9));
    CHECK(correct(equal, 2000) == Approx(0.9520204149).epsilon(1e-9));
    CHECK(correct(parts, 2000) == Approx(0.9995045577).epsilon(1e-9));

    struct Case {
        double probability;
        double equal;
        double ocba;
        double speed_up;
    };
    for (const Case& each : {Case{0.9, 1204.72, 561.32, 2.146}, Case{0.95, 1953.00, 717.08, 2.724},
                             Case{0.99, 3896.66, 1112.05, 3.504}}) {
        const double of_equal = budget_for(equal, each.probability);
        const double of_ocba = budget_for(parts, each.probability);
        CHECK(of_equal == Approx(each.equal).margin(0.005));
        CHECK(of_ocba == Approx(each.ocba).margin(0.005));
        CHECK(of_equal / of_ocba == Approx(each.speed_up).margin(0.0005));
    }
}

TEST_CASE("OCBA needs one design that is best alone", "[select]") {
    CHECK_THROWS_AS(ocba_allocation(std::vector<double>{1, 1}, std::vector<double>{1, 1}), ContractViolation);
    CHECK_THROWS_AS(ocba_allocation(std::vector<double>{1, 0}, std::vector<double>{1, 0}), ContractViolation);
    // Two designs of the same deviation share alike (Chen et al., remark 1).
    CHECK(ocba_allocation(std::vector<double>{1, 0}, std::vector<double>{2, 2}).front() == Approx(0.5));
    CHECK(ocba_allocation(std::vector<double>{1, 0}, std::vector<double>{1, 3}).back() == Approx(0.75));
}

TEST_CASE("paired OCBA makes every wrong selection as unlikely as any other", "[select]") {
    const std::vector<double> gaps = {1, 2, 3};
    const std::vector<double> deviations = {1, 2, 1};
    const std::vector<double> parts = paired_ocba_allocation(gaps, deviations);
    REQUIRE(parts.size() == 4);
    // 1, 1, 1/9, and for the best as many as the most.
    CHECK(parts[0] == Approx(9.0 / 28));
    CHECK(parts[1] == Approx(9.0 / 28));
    CHECK(parts[2] == Approx(1.0 / 28));
    CHECK(parts[3] == Approx(9.0 / 28));
    CHECK_THROWS_AS(paired_ocba_allocation(std::vector<double>{0}, std::vector<double>{1}),
                    ContractViolation);
    CHECK_THROWS_AS(paired_ocba_allocation(std::vector<double>{1}, std::vector<double>{0}),
                    ContractViolation);
}

TEST_CASE("Kim and Nelson's constants are theirs", "[select]") {
    // η = ½ ((2 α / (k − 1))^(−2 / (n₀ − 1)) − 1), h² = 2 η (n₀ − 1), with c = 1 (2001, section 3).
    const auto by_formula = [](double alpha, double designs, double first_stage) {
        const double eta = (std::pow(2 * alpha / (designs - 1), -2 / (first_stage - 1)) - 1) / 2;
        return 2 * eta * (first_stage - 1);
    };
    CHECK(kim_nelson_h_squared(0.05, 9) == Approx(by_formula(0.05, 2, 10)).epsilon(1e-13));
    CHECK(kim_nelson_h_squared(0.05, 9) == Approx(6.01290).epsilon(1e-5));
    CHECK(kim_nelson_h_squared(0.05 / 99, 23) == Approx(by_formula(0.05, 100, 24)).epsilon(1e-13));
    // As the variance becomes known, −2 log(2 β).
    CHECK(kim_nelson_h_squared(0.05, 1e9) == Approx(-2 * std::log(0.1)).epsilon(1e-6));
    for (const double error : {0.4, 0.05, 1e-3, 1e-9})
        CHECK(kim_nelson_error(kim_nelson_h_squared(error, 31), 31) == Approx(error).epsilon(1e-10));
    CHECK(kim_nelson_error(0, 31) == 0.5);
    CHECK(kim_nelson_error(std::numeric_limits<double>::infinity(), 31) == 0);
    CHECK_THROWS_AS(kim_nelson_h_squared(0.5, 31), ContractViolation);
    CHECK_THROWS_AS(kim_nelson_h_squared(0, 31), ContractViolation);
}

TEST_CASE("pairs are compared where both have a value", "[select]") {
    const double none = std::numeric_limits<double>::quiet_NaN();
    const std::vector<double> left = {4, none, 6, 9, 1};
    const std::vector<double> right = {1, 2, 3, 3};
    const PairedDifferences pairs = paired_differences(left, right);
    CHECK(pairs.count == 3);
    CHECK(pairs.mean == Approx(4));
    CHECK(pairs.variance == Approx(3));
    // W = max(0, h² S² / (2 n δ) − δ / 2) is met where the evidence is h².
    const double delta = 0.5;
    const double evidence = kim_nelson_evidence(pairs, delta);
    CHECK(pairs.mean == Approx(evidence * pairs.variance / (2 * 3 * delta) - delta / 2));
    CHECK(kim_nelson_evidence(paired_differences(right, left), delta) == 0);
    CHECK(kim_nelson_evidence({.count = 8, .mean = 1, .variance = 0}, delta)
          == std::numeric_limits<double>::infinity());
    CHECK(kim_nelson_evidence({.count = 8, .mean = 0, .variance = 0}, delta) == 0);
    // t(0.975, 10) = 2.228139.
    CHECK(screening_quantile(0.025, 10) == Approx(2.228138852));
    CHECK(screening_distance({.count = 4, .mean = 0, .variance = 9}, 2) == Approx(3));
    CHECK(screening_error({.count = 11, .mean = 2.228138852, .variance = 11}) == Approx(0.025));
    CHECK(screening_error({.count = 11, .mean = 1, .variance = 0}) == 0);
    CHECK(screening_error({.count = 11, .mean = 0, .variance = 0}) == 1);
}
