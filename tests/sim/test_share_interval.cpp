#include "sim/contract.hpp"
#include "sim/ensemble/quantile_interval.hpp"
#include "sim/ensemble/sequential.hpp"
#include "sim/ensemble/share_interval.hpp"
#include "sim/random/distribution.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <vector>

namespace {

using namespace venturi;

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

Moments of(const std::vector<double>& values) {
    Moments moments;
    for (const double value : values) moments.add(value);
    return moments;
}

Moments ones_among(int ones, int all) {
    Moments moments;
    for (int i = 0; i < all; ++i) moments.add(i < ones ? 1 : 0);
    return moments;
}

bool is_unknown(const Interval& interval) {
    return std::isnan(interval.low) && std::isnan(interval.high);
}

const QuantileSketch& itself(const QuantileSketch& sketch) {
    return sketch;
}

/// Values exp(shock of the cluster + own), with `size` values a cluster: the median is 1.
Grouped<QuantileSketch> clusters(std::uint32_t replication, std::uint64_t count, int size, double shock) {
    Stream stream(StreamAddress{.seed = 52, .trajectory = replication, .agent = 0, .purpose = 5});
    Grouped<QuantileSketch> grouped;
    for (std::uint64_t cluster = 0; cluster < count; ++cluster) {
        const double shared = shock * sample(Normal{0, 1}, stream);
        for (int i = 0; i < size; ++i)
            grouped.of(cluster).add(std::exp(shared + sample(Normal{0, 1}, stream)));
    }
    return grouped;
}

}  // namespace

TEST_CASE("A share of independent companies has Clopper and Pearson's interval", "[share_interval]") {
    struct Case {
        int ones;
        int all;
        double low;
        double high;
    };
    // The first three are given with three digits; 12 of 1,119 and 81 of 263 are of textbooks' tables.
    for (const Case& c : {Case{0, 16, 0, 0.2059}, Case{3, 16, 0.0405, 0.4565}, Case{2, 16, 0.0155, 0.3835},
                          Case{16, 16, 0.7941, 1}, Case{81, 263, 0.2527, 0.3676}}) {
        INFO(c.ones << " of " << c.all);
        const Interval interval = share_interval(ones_among(c.ones, c.all));
        CHECK(interval.low == Approx(c.low).margin(5e-5));
        CHECK(interval.high == Approx(c.high).margin(5e-5));
        CHECK(interval == clopper_pearson_interval(c.ones, c.all));
    }
}

TEST_CASE("Clopper and Pearson's interval never holds less than its level", "[share_interval]") {
    const int trials = 20;
    for (const double p : {0.01, 0.1, 0.37, 0.5}) {
        double held = 0;
        for (int k = 0; k <= trials; ++k) {
            const double binomial =
                std::exp(std::lgamma(trials + 1) - std::lgamma(k + 1) - std::lgamma(trials - k + 1)
                         + k * std::log(p) + (trials - k) * std::log1p(-p));
            if (clopper_pearson_interval(k, trials).contains(p)) held += binomial;
        }
        CHECK(held >= 0.95);
    }
}

TEST_CASE("No interval of a share leaves 0 to 1 or has no width, and one history has none",
          "[share_interval]") {
    const std::vector<std::vector<double>> samples = {
        {0, 0},         {1, 1, 1},    {0.5, 0.5, 0.5}, {0, 0.1, 0, 0, 0},
        {1, 0.9, 1, 1}, {1e-9, 2e-9}, {0.1, 0.9},      {0, 1, 1}};
    for (const auto& values : samples) {
        const Moments moments = of(values);
        const Interval interval = share_interval(moments);
        INFO(values[0] << ", " << values[1]);
        CHECK(interval.low >= 0);
        CHECK(interval.high <= 1);
        CHECK(interval.low < interval.high);
        CHECK(interval.contains(moments.mean()));
    }
    CHECK(is_unknown(share_interval(of({}))));
    CHECK(is_unknown(share_interval(of({0.3}))));
    CHECK(is_unknown(share_interval(JackknifeEstimate{0.3, unknown, 1}, 1)));
    CHECK(is_unknown(share_interval(JackknifeEstimate{unknown, unknown, 16}, 100)));
    CHECK(share_interval(JackknifeEstimate{0, 0, 16}, 16) == clopper_pearson_interval(0, 16));
    // What is no share has Student's interval.
    CHECK(share_interval(of({0.5, 1.5})) == of({0.5, 1.5}).confidence_interval());
}

TEST_CASE("The logit interval of a share covers at its level where companies share a shock",
          "[share_interval]") {
    constexpr int replications = 4000;
    int covered = 0;
    for (std::uint32_t replication = 0; replication < replications; ++replication) {
        Stream stream(StreamAddress{.seed = 53, .trajectory = replication, .agent = 0, .purpose = 5});
        Moments shares;
        for (int history = 0; history < 20; ++history) {
            const double p = unit_uniform(stream.next_word()) < 0.5 ? 0.05 : 0.25;
            double events = 0;
            for (int company = 0; company < 10; ++company)
                events += unit_uniform(stream.next_word()) < p ? 1 : 0;
            shares.add(events / 10);
        }
        covered += share_interval(shares).contains(0.15);
    }
    const double standard_error = std::sqrt(0.95 * 0.05 / replications);
    CHECK(static_cast<double>(covered) / replications == Approx(0.95).margin(4 * standard_error + 0.005));
}

TEST_CASE("The interval of a product's share covers at its level where few estimates show the tail",
          "[share_interval]") {
    // Estimates of 10⁻³ that are log-normal, or 0 with probability `none`.
    const auto covered = [](double spread, double none, std::size_t estimates, bool plainly) {
        constexpr int repetitions = 4000;
        int held = 0;
        for (std::uint32_t repetition = 0; repetition < repetitions; ++repetition) {
            Stream stream(StreamAddress{.seed = 57, .trajectory = repetition, .agent = 0, .purpose = 5});
            std::vector<double> values;
            while (values.size() < estimates) {
                const double size =
                    std::exp(spread * sample(Normal{0, 1}, stream) - spread * spread / 2) / (1 - none);
                values.push_back(unit_uniform(stream.next_word()) < none ? 0 : 1e-3 * size);
            }
            held += (plainly ? share_interval(of(values)) : product_share_interval(values)).contains(1e-3)
                        ? 1
                        : 0;
        }
        return static_cast<double>(held) / repetitions;
    };
    // At most a percent short of 95% but for chance, and not much above where nothing is 0.
    const double chance = 4 * std::sqrt(0.95 * 0.05 / 4000);
    for (const std::size_t estimates : {10U, 20U, 50U})
        for (const double spread : {0.2, 0.5, 0.8}) {
            CAPTURE(estimates, spread);
            CHECK(covered(spread, 0, estimates, false) == Approx(0.95).margin(chance));
            // Of ten that are hardly ever 0 and otherwise alike, none may be: no interval could know.
            if (spread > 0.2) CHECK(covered(spread, 0.2, estimates, false) > 0.95 - chance);
        }
    // What it is there for.
    CHECK(covered(0.8, 0, 20, true) < 0.95 - chance);
}

TEST_CASE("The interval of a product's share holds the mean and stays between 0 and 1", "[share_interval]") {
    const std::vector<std::vector<double>> samples = {{0, 1e-3},          {0, 0, 0, 0, 0, 0, 0, 0, 0, 1e-12},
                                                      {1, 0.9, 1, 1},     {0, 1},
                                                      {0.4999, 0.5001},   {1e-18, 2e-18, 1e-6},
                                                      {0, 0.1, 0, 0, 0.9}};
    for (const auto& values : samples) {
        const Interval interval = product_share_interval(values);
        INFO(values[0] << ", " << values[1]);
        CHECK(interval.low >= 0);
        CHECK(interval.high <= 1);
        CHECK(interval.low < interval.high);
        CHECK(interval.contains(of(values).mean()));
    }
    // Alike but for little, it is Student's.
    const std::vector<double> alike = {0.3, 0.3001, 0.2999, 0.30005, 0.29995};
    const Interval interval = product_share_interval(alike);
    CHECK(interval.low == Approx(of(alike).confidence_interval().low).epsilon(1e-6));
    CHECK(interval.high == Approx(of(alike).confidence_interval().high).epsilon(1e-6));
    for (const std::vector<double>& unsuited :
         std::vector<std::vector<double>>{{}, {0.3}, {0.3, 0.3}, {0.5, 1.5}, {-0.1, 0.2}, {0, 0}})
        CHECK_THROWS_AS(product_share_interval(unsuited), ContractViolation);
}

TEST_CASE("The interval of a median holds, whether values depend on each other or not",
          "[quantile_interval][long]") {
    constexpr int replications = 2000;
    const double standard_error = std::sqrt(0.95 * 0.05 / replications);
    struct Case {
        std::uint64_t clusters;
        int size;
        double shock;
    };
    for (const Case& c : {Case{20, 1, 0}, Case{20, 4, 1}, Case{100, 10, 1}, Case{100, 4, 0}}) {
        int covered = 0;
        int covered_by_jackknife = 0;
        for (std::uint32_t replication = 0; replication < replications; ++replication) {
            const auto sample_of = clusters(replication, c.clusters, c.size, c.shock);
            covered += quantile_interval(sample_of, 0.5, itself).contains(1);
            covered_by_jackknife +=
                sample_of
                    .jackknife_interval([](const QuantileSketch& s) { return s.interpolated_quantile(0.5); })
                    .contains(1);
        }
        INFO(c.clusters << " clusters of " << c.size << ", shock " << c.shock << "; the jackknife holds "
                        << covered_by_jackknife);
        CHECK(static_cast<double>(covered) / replications > 0.93);
        CHECK(static_cast<double>(covered) / replications < 0.975 + 4 * standard_error);
    }
}

TEST_CASE("The interval of a median is one between order statistics, where there are enough",
          "[quantile_interval]") {
    Grouped<QuantileSketch> grouped;
    CHECK(is_unknown(quantile_interval(grouped, 0.5, itself)));
    for (int value = 1; value <= 40; ++value) grouped.of(0).add(value);
    CHECK(is_unknown(quantile_interval(grouped, 0.5, itself)));  // of one trajectory nothing can be told

    Grouped<QuantileSketch> three;
    for (std::uint64_t i = 0; i < 3; ++i) three.of(i).add(static_cast<double>(i + 1));
    CHECK(is_unknown(quantile_interval(three, 0.5, itself)));  // the extremes of three hold it in 75% only

    Grouped<QuantileSketch> many;
    for (std::uint64_t i = 0; i < 30; ++i) many.of(i).add(static_cast<double>(i + 1));
    const Interval interval = quantile_interval(many, 0.5, itself);
    // Exact, at 95.7%: from the 10th to the 21st of 30.
    CHECK(interval.low == Approx(10).margin(0.75));
    CHECK(interval.high == Approx(21).margin(0.75));

    Grouped<QuantileSketch> alike;
    for (std::uint64_t i = 0; i < 30; ++i) alike.of(i).add(7);
    CHECK(quantile_interval(alike, 0.5, itself) == Interval{7, 7});
}

TEST_CASE("A count up to a value is the inverse of a value at a rank", "[quantile_interval]") {
    QuantileSketch sketch;
    Stream stream(StreamAddress{.seed = 54, .trajectory = 0, .agent = 0, .purpose = 5});
    for (int i = 0; i < 3000; ++i) {
        const double value = sample(Normal{0, 1}, stream);
        sketch.add(i % 10 == 0 ? 0 : value);
    }
    for (const double rank : {10.0, 400.25, 1200.0, 1800.5, 2988.0}) {
        const double value = sketch.interpolated_at(rank);
        if (value == 0) continue;
        CHECK(sketch.count_up_to(value) == Approx(rank + 0.5).margin(1e-6));
    }
    CHECK(sketch.count_up_to(-100) == 0);
    CHECK(sketch.count_up_to(100) == 3000);
    CHECK(sketch.count_up_to(0) - sketch.count_up_to(-1e-300) == Approx(300));
    CHECK_THROWS_AS(sketch.count_up_to(unknown), ContractViolation);
}

TEST_CASE("Hill's index of a Pareto tail is its exponent", "[quantile_interval]") {
    for (const double exponent : {1.2, 3.0}) {
        QuantileSketch sketch;
        Stream stream(StreamAddress{.seed = 55, .trajectory = 0, .agent = 0, .purpose = 5});
        for (int i = 0; i < 50'000; ++i)
            sketch.add(std::pow(1 - unit_uniform(stream.next_word()), -1 / exponent));
        // The standard error of Hill's estimate is the index over the root of the number of values.
        CHECK(sketch.hill_index(2500) == Approx(exponent).epsilon(4 / std::sqrt(2500.0) + 0.01));
        CHECK(std::isnan(sketch.hill_index(50'000)));
    }
    QuantileSketch few;
    few.add(-1);
    few.add(2);
    CHECK(std::isnan(few.hill_index(1)));
}

TEST_CASE("An estimate with any interval is waited for as a mean is", "[sequential]") {
    const PrecisionTarget target{.half_width = 0.1};
    CHECK_FALSE(reached(1, {0.95, 1.05}, pilot_trajectories, target));
    CHECK(reached(1, {0.95, 1.05}, 4 * pilot_trajectories, target));
    CHECK_FALSE(reached(1, {0.92, 1.08}, 4 * pilot_trajectories, target));  // 0.1 · (1 − 1/4) = 0.075
    CHECK_FALSE(reached(1, {unknown, unknown}, 100'000, target));
    CHECK_FALSE(reached(1, {1, 1}, 1000, target));
    CHECK(reached(1, {1, 1}, evidence_of_a_constant, target));
    CHECK(reached(100, {96, 104}, 4 * pilot_trajectories, {.half_width = 0.1, .relative = true}));
}
