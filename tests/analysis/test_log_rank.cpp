#include "analysis/statistics/log_rank.hpp"
#include "sim/contract.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace venturi;

TEST_CASE("a log-rank test of six lives is what it is by hand", "[log_rank]") {
    SurvivalCounts one(6, 1);
    SurvivalCounts other(6, 1);
    // Deaths at 1, 3 and censored at 5 against deaths at 2, 4, 6.
    one.add(1, Observed::event);
    one.add(3, Observed::event);
    one.add(5, Observed::censored);
    other.add(2, Observed::event);
    other.add(4, Observed::event);
    other.add(6, Observed::event);
    const LogRank test = log_rank(one, other);
    CHECK(test.observed == 3);
    // At risk of both, of the other: 6, 3; 5, 3; 4, 2; 3, 2; and at 6 one alone, of the other.
    CHECK(test.expected == Approx(3.0 / 6 + 3.0 / 5 + 2.0 / 4 + 2.0 / 3 + 1));
    const double variance = 1.0 / 4 + 6.0 / 25 + 1.0 / 4 + 2.0 / 9;
    CHECK(test.statistic == Approx(std::pow(3 - test.expected, 2) / variance));
    CHECK(test.p_value == Approx(std::erfc(std::sqrt(test.statistic / 2))));
    // The other way about it is the same test.
    CHECK(log_rank(other, one).statistic == Approx(test.statistic));
}

TEST_CASE("the same lives are no difference, and without deaths there is no test", "[log_rank]") {
    SurvivalCounts lives(4, 1);
    lives.add(1, Observed::event);
    lives.add(3, Observed::event);
    CHECK(log_rank(lives, lives).statistic == Approx(0).margin(1e-15));
    CHECK(log_rank(lives, lives).p_value == Approx(1));
    SurvivalCounts none(4, 1);
    none.add(4, Observed::censored);
    CHECK(std::isnan(log_rank(none, none).statistic));
    CHECK_THROWS_AS(log_rank(lives, SurvivalCounts(3, 1)), ContractViolation);
}
