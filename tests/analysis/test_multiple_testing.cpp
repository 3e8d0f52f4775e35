#include "analysis/statistics/multiple_testing.hpp"
#include "sim/contract.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <vector>

using namespace venturi;

TEST_CASE("p-values adjusted for many tests are those worked out by hand", "[multiple_testing]") {
    const std::vector<double> p = {0.01, 0.04, 0.03, 0.005};
    // Holm: 4 · 0.005, 3 · 0.01, 2 · 0.03, 1 · 0.04, none below the one before.
    const std::vector<double> by_holm = holm(p);
    CHECK(by_holm[3] == Approx(0.02));
    CHECK(by_holm[0] == Approx(0.03));
    CHECK(by_holm[2] == Approx(0.06));
    CHECK(by_holm[1] == Approx(0.06));
    // Benjamini and Hochberg: 4 p / rank, none above the one after.
    const std::vector<double> by_discoveries = benjamini_hochberg(p);
    CHECK(by_discoveries[3] == Approx(0.02));
    CHECK(by_discoveries[0] == Approx(0.02));
    CHECK(by_discoveries[2] == Approx(0.04));
    CHECK(by_discoveries[1] == Approx(0.04));
}

TEST_CASE("one test needs no adjustment, certainty none beyond 1, and what is no test is not counted",
          "[multiple_testing]") {
    const double none = std::numeric_limits<double>::quiet_NaN();
    CHECK(holm(std::vector<double>{0.03}) == std::vector<double>{0.03});
    CHECK(benjamini_hochberg(std::vector<double>{0.03}) == std::vector<double>{0.03});
    CHECK(holm(std::vector<double>{0.9, 0.8}) == std::vector<double>{1, 1});
    const std::vector<double> with_gap = holm(std::vector<double>{none, 0.02, 0.5});
    CHECK(std::isnan(with_gap[0]));
    CHECK(with_gap[1] == Approx(0.04));
    CHECK(with_gap[2] == Approx(0.5));
    CHECK(holm(std::vector<double>{}).empty());
    CHECK_THROWS_AS(holm(std::vector<double>{1.5}), ContractViolation);
    CHECK_THROWS_AS(benjamini_hochberg(std::vector<double>{-0.1}), ContractViolation);
}
