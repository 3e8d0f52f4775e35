#include "sim/ensemble/jackknife.hpp"
#include "sim/ensemble/moments.hpp"
#include "sim/ensemble/quantile_sketch.hpp"
#include "sim/ensemble/survival.hpp"
#include "sim/infinity.hpp"
#include "sim/random/distribution.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

namespace {

using namespace venturi;

double mean_of(const Moments& moments) {
    return moments.mean();
}

/// Worlds of 20 companies whose values share the world's shock: correlation 1/2 within a world, mean 0.
Grouped<Moments> clustered_sample(std::uint32_t replication, std::uint32_t worlds) {
    Stream stream(StreamAddress{.seed = 2001, .trajectory = replication, .agent = 0, .purpose = 5});
    Grouped<Moments> sample_of_worlds;
    for (std::uint32_t world = 0; world < worlds; ++world) {
        const double shock = sample(Normal{0, 1}, stream);
        for (int company = 0; company < 20; ++company) {
            sample_of_worlds.of(world).add(shock + sample(Normal{0, 1}, stream));
        }
    }
    return sample_of_worlds;
}

}  // namespace

TEST_CASE("With one observation a group the jackknife of a mean is its standard error", "[jackknife]") {
    Grouped<Moments, 5> grouped;
    const double values[] = {3, 1, 4, 1, 5};
    for (std::uint64_t i = 0; i < 5; ++i) grouped.of(i).add(values[i]);
    const JackknifeEstimate estimate = grouped.jackknife(mean_of);
    CHECK(estimate.value == Approx(2.8));
    CHECK(estimate.standard_error == Approx(grouped.total().standard_error()).epsilon(1e-12));
    CHECK(estimate.groups == 5);
    CHECK(estimate.interval().half_width()
          == Approx(grouped.total().confidence_interval().half_width()).epsilon(1e-12));
}

TEST_CASE("Companies that share a world are not counted as independent", "[jackknife]") {
    constexpr int replications = 2000;
    int covered = 0;
    int covered_as_if_independent = 0;
    for (std::uint32_t replication = 0; replication < replications; ++replication) {
        const Grouped<Moments> sample_of_worlds = clustered_sample(replication, 100);
        covered += sample_of_worlds.jackknife_interval(mean_of, 0.95).contains(0);
        covered_as_if_independent += sample_of_worlds.total().confidence_interval(0.95).contains(0);
    }
    // 100 worlds in 32 groups: of 3 and 4 worlds, so the interval is a little off Student's.
    const double standard_error = std::sqrt(0.95 * 0.05 / replications);
    CHECK(static_cast<double>(covered) / replications == Approx(0.95).margin(4 * standard_error));
    // The naive error is too small by √(1 + 19/2) = 3.24: coverage 2 Φ(1.96 / 3.24) − 1 = 0.45.
    CHECK(static_cast<double>(covered_as_if_independent) / replications < 0.55);
}

TEST_CASE("The jackknife error of a median and of a survival is that over replications", "[jackknife]") {
    constexpr int replications = 400;
    Moments medians;
    Moments median_errors;
    Moments survivals;
    Moments survival_errors;
    for (std::uint32_t replication = 0; replication < replications; ++replication) {
        Stream stream(StreamAddress{.seed = 7, .trajectory = replication, .agent = 0, .purpose = 6});
        Grouped<QuantileSketch> sketches;
        Grouped<SurvivalCounts> lives(SurvivalCounts(12, 1.0));
        for (std::uint64_t trajectory = 0; trajectory < 1600; ++trajectory) {
            const double life = sample(Exponential{10}, stream);
            sketches.of(trajectory).add(life);
            lives.of(trajectory).add(life, Observed::event);
        }
        const JackknifeEstimate median =
            sketches.jackknife([](const auto& sketch) { return sketch.interpolated_quantile(0.5); });
        const auto curve = lives.jackknife_each([](const SurvivalCounts& counts) {
            return std::vector<double>{counts.survival(3), counts.survival(12)};
        });
        medians.add(median.value);
        median_errors.add(median.standard_error * median.standard_error);
        survivals.add(curve[1].value);
        survival_errors.add(curve[1].standard_error * curve[1].standard_error);
    }
    // A variance over 400 replications of a near normal has the relative standard error √(2 / 400) = 0.07.
    CHECK(survival_errors.mean() / survivals.variance() == Approx(1).margin(0.28));
    CHECK(median_errors.mean() / medians.variance() == Approx(1).margin(0.35));
}

TEST_CASE("A jackknife without two groups, or with an undefined statistic, claims nothing", "[jackknife]") {
    Grouped<Moments> grouped;
    CHECK(std::isnan(grouped.jackknife(mean_of).standard_error));
    grouped.of(3).add(1);
    CHECK(grouped.jackknife_interval(mean_of) == Interval{-infinity, infinity});
    grouped.of(4).add(2);
    CHECK(grouped.jackknife(mean_of).groups == 2);
    CHECK(grouped.jackknife(mean_of).standard_error == Approx(0.5));
    CHECK(std::isnan(grouped.jackknife([](const Moments& m) { return m.variance(); }).standard_error));
}

TEST_CASE("Grouped accumulators merge group by group", "[jackknife]") {
    Grouped<Moments, 4> left;
    Grouped<Moments, 4> right;
    Grouped<Moments, 4> both;
    for (std::uint64_t trajectory = 0; trajectory < 8; ++trajectory) {
        (trajectory < 4 ? left : right).of(trajectory).add(static_cast<double>(trajectory));
        both.of(trajectory).add(static_cast<double>(trajectory));
    }
    left.merge(right);
    for (std::size_t group = 0; group < 4; ++group) {
        CHECK(left.group(group).count() == 2);
        CHECK(left.group(group).mean() == both.group(group).mean());
    }
    CHECK(left.total().mean() == Approx(3.5));
}
