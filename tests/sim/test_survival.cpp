#include "sim/contract.hpp"
#include "sim/ensemble/moments.hpp"
#include "sim/ensemble/survival.hpp"
#include "sim/random/distribution.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace {

using namespace venturi;

struct Life {
    double duration;
    Observed observed;
};

/// Weeks in remission under 6-mercaptopurine: Freireich et al., Blood 21 (1963), as in Gehan, Biometrika 52
/// (1965).
SurvivalCounts leukaemia_patients() {
    SurvivalCounts patients(40, 1.0);
    for (const int week : {6, 6, 6, 7, 10, 13, 16, 22, 23}) patients.add(week, Observed::event);
    for (const int week : {6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35})
        patients.add(week, Observed::censored);
    return patients;
}

/// Product-limit estimate from exact times, one factor for each death.
double exact_survival(std::vector<Life> lives, double age) {
    std::sort(lives.begin(), lives.end(),
              [](const Life& a, const Life& b) { return a.duration < b.duration; });
    double survival = 1;
    for (std::size_t i = 0; i < lives.size() && lives[i].duration <= age; ++i) {
        const double at_risk = static_cast<double>(lives.size() - i);
        if (lives[i].observed == Observed::event) survival *= 1 - 1 / at_risk;
    }
    return survival;
}

Stream stream_of(std::uint32_t replication, std::uint16_t purpose) {
    return Stream(StreamAddress{.seed = 1958, .trajectory = replication, .agent = 0, .purpose = purpose});
}

/// Exponential lives of mean 10 months, last seen at a whole number of months from 1 to 24.
SurvivalCounts exponential_lives(std::uint32_t replication, int lives) {
    Stream stream = stream_of(replication, 2);
    SurvivalCounts counts(24, 1.0);
    for (int life = 0; life < lives; ++life) {
        const double death = sample(Exponential{10}, stream);
        const double last_seen = 1 + std::floor(24 * unit_uniform(stream.next_word()));
        counts.add(std::min(death, last_seen), death <= last_seen ? Observed::event : Observed::censored);
    }
    return counts;
}

double true_survival(const SurvivalCounts& counts, std::size_t edge) {
    return std::exp(-counts.age(edge) / 10);
}

}  // namespace

TEST_CASE("Survival in remission is the published one", "[survival]") {
    const SurvivalCounts patients = leukaemia_patients();
    const std::vector<SurvivalPoint> curve = patients.curve();
    struct Published {
        std::size_t week;
        double survival;
        double standard_error;
        double at_risk;
    };
    // The estimates as published, standard errors by Greenwood's formula by hand.
    for (const Published& row : {Published{6, 0.857, 0.076, 21},
                                 {7, 0.807, 0.087, 17},
                                 {10, 0.753, 0.096, 15},
                                 {13, 0.690, 0.107, 12},
                                 {16, 0.627, 0.114, 11},
                                 {22, 0.538, 0.128, 7},
                                 {23, 0.448, 0.135, 6}}) {
        CHECK(patients.survival(row.week) == Approx(row.survival).margin(0.0005));
        CHECK(std::sqrt(patients.greenwood_variance(row.week)) == Approx(row.standard_error).margin(0.0006));
        CHECK(curve[row.week].survival == patients.survival(row.week));
        CHECK(curve[row.week].variance == patients.greenwood_variance(row.week));
        CHECK(static_cast<double>(curve[row.week].at_risk) == row.at_risk);
    }
    CHECK(patients.survival(5) == 1);
    CHECK(patients.survival(35) == patients.survival(23));
    CHECK(std::isnan(patients.survival(36)));  // the last was seen in week 35
}

TEST_CASE("The log-log interval in remission is the one computed by hand", "[survival]") {
    // Week 10: S = 18/21 · 16/17 · 14/15, Σ d / (n (n − d)) = 3/378 + 1/272 + 1/210; S to the power exp(±1.96
    // √Σ / |ln S|).
    const Interval interval = leukaemia_patients().pointwise_band(0.95)[10];
    CHECK(interval.low == Approx(0.50320).margin(1e-5));
    CHECK(interval.high == Approx(0.88936).margin(1e-5));
}

TEST_CASE("Bands hold their estimate, stay within 0 and 1, and widen when simultaneous", "[survival]") {
    const SurvivalCounts counts = exponential_lives(1, 300);
    const std::vector<Interval> pointwise = counts.pointwise_band(0.95);
    const std::vector<Interval> simultaneous = counts.simultaneous_band(0.95);
    REQUIRE(pointwise.size() == counts.cells() + 1);
    REQUIRE(simultaneous.size() == counts.cells() + 1);
    for (std::size_t edge = 0; edge < pointwise.size(); ++edge) {
        CHECK(pointwise[edge].contains(counts.survival(edge)));
        CHECK(simultaneous[edge].contains(counts.survival(edge)));
        CHECK(pointwise[edge].low >= 0);
        CHECK(pointwise[edge].high <= 1);
        CHECK(simultaneous[edge].low <= pointwise[edge].low);
        CHECK(simultaneous[edge].high >= pointwise[edge].high);
    }
}

TEST_CASE("Where no one has died or no one is left, the bands say what can be said", "[survival]") {
    SurvivalCounts counts(4, 1.0);
    CHECK(counts.pointwise_band()[0] == Interval{1, 1});
    CHECK(counts.pointwise_band()[1] == Interval{0, 1});
    CHECK(counts.simultaneous_band()[4] == Interval{0, 1});
    for (int life = 0; life < 5; ++life) counts.add(3, Observed::event);
    CHECK(counts.pointwise_band(0.95)[2].low == Approx(std::pow(0.025, 1.0 / 5)));
    CHECK(counts.survival(3) == 0);
    CHECK(counts.survival(4) == 0);
    CHECK(counts.pointwise_band()[3].low == 0);
    CHECK(counts.pointwise_band()[3].high == 1);
    CHECK(std::isnan(counts.greenwood_variance(3)));
}

TEST_CASE("An age on an edge of the grid belongs to the cell that ends there", "[survival]") {
    SurvivalCounts counts(30, 0.1);
    for (std::size_t edge = 0; edge <= 30; ++edge) counts.add(counts.age(edge), Observed::event);
    CHECK(counts.deaths(0) == 2);  // ages 0 and 0.1
    for (std::size_t cell = 1; cell < 30; ++cell) CHECK(counts.deaths(cell) == 1);
    counts.add(std::nextafter(counts.age(7), 9), Observed::event);
    CHECK(counts.deaths(7) == 2);
    counts.add(3.01, Observed::event);
    counts.add(std::numeric_limits<double>::infinity(), Observed::event);
    CHECK(counts.deaths(29) == 1);
    CHECK(counts.censored(29) == 2);
    CHECK_THROWS_AS(counts.add(-1, Observed::event), ContractViolation);
    CHECK_THROWS_AS(counts.add(std::nan(""), Observed::event), ContractViolation);
}

TEST_CASE("The estimate has the true survival as its mean under censoring", "[survival]") {
    constexpr std::size_t edges = 13;  // up to a year, where some are always left
    std::array<Moments, edges> estimates;
    std::array<Moments, edges> variances;
    for (std::uint32_t replication = 0; replication < 2000; ++replication) {
        const SurvivalCounts counts = exponential_lives(replication, 200);
        for (std::size_t edge = 1; edge < edges; ++edge) {
            estimates[edge].add(counts.survival(edge));
            variances[edge].add(counts.greenwood_variance(edge));
        }
    }
    const SurvivalCounts grid = exponential_lives(0, 1);
    for (std::size_t edge = 1; edge < edges; ++edge) {
        const Moments& estimate = estimates[edge];
        CHECK(estimate.mean() == Approx(true_survival(grid, edge)).margin(4 * estimate.standard_error()));
        // A sample variance has the relative standard error √((2 + kurtosis) / n), a tenth of a per cent
        // aside.
        const double relative_error = std::sqrt((2 + estimate.excess_kurtosis()) / 2000);
        CHECK(variances[edge].mean() / estimate.variance() == Approx(1).margin(4 * relative_error + 0.02));
    }
}

TEST_CASE("The pointwise interval covers at its level, the simultaneous band at least at its", "[survival]") {
    constexpr int replications = 2000;
    constexpr std::size_t month = 8;
    int pointwise = 0;
    int everywhere_pointwise = 0;
    int everywhere = 0;
    for (std::uint32_t replication = 0; replication < replications; ++replication) {
        const SurvivalCounts counts = exponential_lives(replication, 400);
        const std::vector<Interval> narrow = counts.pointwise_band(0.95);
        const std::vector<Interval> wide = counts.simultaneous_band(0.95);
        bool all_narrow = true;
        bool all_wide = true;
        for (std::size_t edge = 0; edge <= counts.cells(); ++edge) {
            all_narrow = all_narrow && narrow[edge].contains(true_survival(counts, edge));
            all_wide = all_wide && wide[edge].contains(true_survival(counts, edge));
        }
        pointwise += narrow[month].contains(true_survival(counts, month));
        everywhere_pointwise += all_narrow;
        everywhere += all_wide;
    }
    const double standard_error = std::sqrt(0.95 * 0.05 / replications);
    CHECK(static_cast<double>(pointwise) / replications == Approx(0.95).margin(4 * standard_error));
    // The approximation is for a process watched at all times; at 24 ages it is on the safe side.
    CHECK(static_cast<double>(everywhere) / replications > 0.95 - 4 * standard_error);
    CHECK(static_cast<double>(everywhere) / replications < 0.99);
    CHECK(static_cast<double>(everywhere_pointwise) / replications < 0.90);
}

TEST_CASE("What the grid costs is within the stated bound", "[survival]") {
    Stream stream = stream_of(7, 3);
    std::vector<Life> lives;
    SurvivalCounts counts(12, 2.0);
    for (int life = 0; life < 500; ++life) {
        const double death = sample(Exponential{10}, stream);
        const double last_seen = 24 * unit_uniform(stream.next_word());
        lives.push_back(
            {std::min(death, last_seen), death <= last_seen ? Observed::event : Observed::censored});
        counts.add(lives.back().duration, lives.back().observed);
    }
    for (std::size_t edge = 1; edge <= counts.cells(); ++edge) {
        const double excess = counts.survival(edge) - exact_survival(lives, counts.age(edge));
        CHECK(excess >= -1e-12);
        CHECK(excess <= counts.grid_error(edge) + 1e-12);
    }
    CHECK(counts.grid_error(6) > 0);
}

TEST_CASE("Merged survival counts are those of all lives, in any order", "[survival]") {
    const SurvivalCounts a = exponential_lives(1, 100);
    const SurvivalCounts b = exponential_lives(2, 150);
    const SurvivalCounts c = exponential_lives(3, 50);
    SurvivalCounts forwards = a;
    forwards.merge(b);
    forwards.merge(c);
    SurvivalCounts backwards = c;
    backwards.merge(b);
    backwards.merge(a);
    CHECK(forwards == backwards);
    CHECK(forwards.count() == 300);
    CHECK_THROWS_AS(forwards.merge(SurvivalCounts(23, 1.0)), ContractViolation);
    CHECK_THROWS_AS(forwards.merge(SurvivalCounts(24, 2.0)), ContractViolation);
    CHECK_THROWS_AS(SurvivalCounts(0, 1.0), ContractViolation);
    CHECK_THROWS_AS(SurvivalCounts(1, 0.0), ContractViolation);
}
