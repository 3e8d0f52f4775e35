#include "sim/contract.hpp"
#include "sim/ensemble/critical_value.hpp"
#include "sim/ensemble/histogram.hpp"
#include "sim/ensemble/moments.hpp"
#include "sim/ensemble/quantile_sketch.hpp"
#include "sim/ensemble/series.hpp"
#include "sim/infinity.hpp"
#include "sim/random/distribution.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace {

using namespace venturi;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

std::vector<double> draw(const Distribution& distribution, std::size_t size, std::uint32_t agent = 0) {
    Stream stream(StreamAddress{.seed = 20'24, .trajectory = 0, .agent = agent, .purpose = 1});
    std::vector<double> values(size);
    for (double& value : values) value = sample(distribution, stream);
    return values;
}

Moments moments_of(const std::vector<double>& values) {
    Moments moments;
    for (const double value : values) moments.add(value);
    return moments;
}

/// Σ (x − mean)^power in two passes, in extended precision.
double central_sum(const std::vector<double>& values, int power) {
    long double mean = 0;
    for (const double value : values) mean += value;
    mean /= static_cast<long double>(values.size());
    long double sum = 0;
    for (const double value : values) sum += std::pow(value - mean, power);
    return static_cast<double>(sum);
}

void check_against_two_passes(const Moments& moments, const std::vector<double>& values) {
    const double n = static_cast<double>(values.size());
    const double second = central_sum(values, 2);
    REQUIRE(moments.count() == values.size());
    CHECK(moments.variance() == Approx(second / (n - 1)).epsilon(1e-10));
    CHECK(moments.standard_error() == Approx(std::sqrt(second / (n - 1) / n)).epsilon(1e-10));
    const double skewness = std::sqrt(n) * central_sum(values, 3) / std::pow(second, 1.5);
    CHECK(moments.skewness() == Approx(skewness).epsilon(1e-8).margin(1e-9));
    const double kurtosis = n * central_sum(values, 4) / (second * second) - 3;
    CHECK(moments.excess_kurtosis() == Approx(kurtosis).epsilon(1e-8).margin(1e-9));
    CHECK(moments.minimum() == *std::min_element(values.begin(), values.end()));
    CHECK(moments.maximum() == *std::max_element(values.begin(), values.end()));
}

/// The largest relative error of the sketch over many quantiles of the sorted sample.
double worst_relative_error(const QuantileSketch& sketch, std::vector<double> values) {
    std::sort(values.begin(), values.end());
    double worst = 0;
    for (int step = 0; step <= 1000; ++step) {
        const double q = step / 1000.0;
        const auto rank = static_cast<std::size_t>(q * static_cast<double>(values.size() - 1));
        const double exact = values[rank];
        const double error = std::abs(sketch.quantile(q) - exact);
        worst = std::max(worst, exact == 0 ? (error == 0 ? 0 : infinity) : error / std::abs(exact));
    }
    return worst;
}

}  // namespace

TEST_CASE("Moments agree with the two-pass formulae", "[accumulators]") {
    check_against_two_passes(moments_of(draw(Gamma{2, 3}, 5000)), draw(Gamma{2, 3}, 5000));
    SECTION("also far from zero, where a sum of squares loses all digits") {
        std::vector<double> values = draw(Normal{0, 1}, 5000);
        for (double& value : values) value += 1e6;
        check_against_two_passes(moments_of(values), values);
    }
}

TEST_CASE("Merged moments are those of all the observations, however they were split", "[accumulators]") {
    const std::vector<double> values = draw(LogNormal{1, 0.5}, 3000);
    for (const std::size_t cut : {std::size_t{0}, std::size_t{1}, std::size_t{700}, std::size_t{3000}}) {
        const auto middle = values.begin() + static_cast<std::ptrdiff_t>(cut);
        Moments left = moments_of({values.begin(), middle});
        left.merge(moments_of({middle, values.end()}));
        check_against_two_passes(left, values);
        CHECK(left.mean() == Approx(moments_of(values).mean()).epsilon(1e-13));
    }
}

TEST_CASE("Merging with empty moments changes no bit", "[accumulators]") {
    const Moments some = moments_of(draw(Normal{0, 1}, 100));
    Moments left = some;
    left.merge(Moments{});
    Moments right;
    right.merge(some);
    CHECK(left == some);
    CHECK(right == some);
}

TEST_CASE("Moments claim nothing that the sample cannot tell", "[accumulators]") {
    Moments moments;
    CHECK(std::isnan(moments.mean()));
    moments.add(4);
    CHECK(moments.mean() == 4);
    CHECK(std::isnan(moments.variance()));
    CHECK(moments.confidence_interval() == Interval{-infinity, infinity});
    moments.add(4);
    CHECK(moments.variance() == 0);
    CHECK(std::isnan(moments.skewness()));
    CHECK(moments.confidence_interval() == Interval{4, 4});
    moments.add(not_a_number);
    CHECK(std::isnan(moments.mean()));
}

TEST_CASE("The interval of a small sample is Student's", "[accumulators]") {
    // t(0.975, 4) = 2.776 (any table); mean 3, standard error √(2.5 / 5).
    const Interval interval = moments_of({1, 2, 3, 4, 5}).confidence_interval(0.95);
    CHECK(interval.low == Approx(3 - 2.776445 * std::sqrt(0.5)).epsilon(1e-6));
    CHECK(interval.high == Approx(3 + 2.776445 * std::sqrt(0.5)).epsilon(1e-6));
    CHECK(interval.half_width() == Approx(2.776445 * std::sqrt(0.5)).epsilon(1e-6));
    CHECK_THROWS_AS(moments_of({1, 2}).confidence_interval(1.0), ContractViolation);
    CHECK_THROWS_AS(moments_of({1, 2}).confidence_interval(not_a_number), ContractViolation);
}

TEST_CASE("Critical values are those of the tables", "[accumulators]") {
    CHECK(normal_critical_value(0.95) == Approx(1.959964).epsilon(1e-6));
    CHECK(normal_critical_value(0.99) == Approx(2.575829).epsilon(1e-6));
    CHECK(student_critical_value(0.95, 10) == Approx(2.228139).epsilon(1e-6));
    CHECK(equal_precision_critical_value(0.95, 0.5, 0.5) >= normal_critical_value(0.95));
}

TEST_CASE("The standardised Brownian bridge leaves the equal precision band at the stated rate",
          "[accumulators][long]") {
    // B(u) / √(u (1 − u)) at u / (1 − u) = exp(2 t) is the Ornstein–Uhlenbeck process with correlation
    // exp(−|t|).
    constexpr int paths = 8000;
    constexpr int steps = 2000;
    const double step = std::log(81.0) / 2 / steps;  // from u = 0.1 to 0.9
    const double keep = std::exp(-step);
    const double renew = std::sqrt(1 - keep * keep);
    // A walk seen at its steps overshoots by 0.583 of a step (Siegmund, Sequential Analysis, 1985, chapter
    // X).
    const double barrier = equal_precision_critical_value(0.95, 0.1, 0.9) - 0.5826 * std::sqrt(2 * step);
    Stream stream(StreamAddress{.seed = 1984, .trajectory = 0, .agent = 0, .purpose = 1});
    int left = 0;
    for (int path = 0; path < paths; ++path) {
        double value = sample(Normal{0, 1}, stream);
        bool outside = std::abs(value) > barrier;
        for (int i = 0; i < steps && !outside; ++i) {
            value = keep * value + renew * sample(Normal{0, 1}, stream);
            outside = std::abs(value) > barrier;
        }
        left += outside;
    }
    const double standard_error = std::sqrt(0.05 * 0.95 / paths);
    CHECK(static_cast<double>(left) / paths == Approx(0.05).margin(4 * standard_error));
}

TEST_CASE("A sketch's quantiles are within its relative error", "[accumulators]") {
    for (const double alpha : {0.005, 0.02}) {
        for (const Distribution& distribution : {Distribution{LogNormal{1e6, 3}}, Distribution{Normal{-1, 5}},
                                                 Distribution{Pareto{0.5, 1e-3}}}) {
            std::vector<double> values = draw(distribution, 20'000);
            values.insert(values.end(), 500, 0.0);
            QuantileSketch sketch(alpha);
            for (const double value : values) sketch.add(value);
            CHECK(sketch.count() == values.size());
            CHECK(worst_relative_error(sketch, values) <= alpha * (1 + 1e-9));
            CHECK(worst_relative_error(sketch, values) > alpha / 4);  // the bound is not slack
        }
    }
}

TEST_CASE("An interpolated quantile follows a smooth sample closer than the bins", "[accumulators]") {
    for (const double sign : {-1.0, 1.0}) {
        std::vector<double> values = draw(Exponential{1}, 100'000);
        QuantileSketch sketch(0.05);
        for (double& value : values) sketch.add(value *= sign);
        std::sort(values.begin(), values.end());
        double last = values.front();
        for (int step = 100; step <= 900; ++step) {
            const double quantile = sketch.interpolated_quantile(step / 1000.0);
            const double exact = values[static_cast<std::size_t>(step * 99.999)];
            CHECK(std::abs(quantile - exact) < 0.015 * std::abs(exact));
            CHECK(quantile >= last);
            last = quantile;
        }
        CHECK(sketch.interpolated_quantile(0) >= values.front());
        CHECK(sketch.interpolated_quantile(1) <= values.back());
    }
    QuantileSketch atom;
    CHECK(std::isnan(atom.interpolated_quantile(0.5)));
    atom.add(7, 10);
    CHECK(atom.interpolated_quantile(0.5) == 7);
    atom.add(infinity, 10);
    CHECK(atom.interpolated_quantile(0.9) == infinity);
    CHECK_THROWS_AS(atom.interpolated_quantile(-0.1), ContractViolation);
}

TEST_CASE("Sketches merge to the same memory in any order and grouping", "[accumulators]") {
    std::vector<QuantileSketch> parts(7);
    QuantileSketch whole;
    for (std::uint32_t part = 0; part < parts.size(); ++part) {
        for (const double value : draw(Normal{static_cast<double>(part), 100}, 300, part)) {
            parts[part].add(value);
            whole.add(value);
        }
    }
    QuantileSketch forwards;
    for (const QuantileSketch& part : parts) forwards.merge(part);
    QuantileSketch backwards;
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) backwards.merge(*part);
    QuantileSketch grouped = parts[3];
    QuantileSketch rest = parts[0];
    for (const std::size_t part : {5, 1, 6}) rest.merge(parts[part]);
    for (const std::size_t part : {4, 2}) grouped.merge(parts[part]);
    grouped.merge(rest);
    CHECK(forwards == whole);
    CHECK(backwards == whole);
    CHECK(grouped == whole);
}

TEST_CASE("A sketch counts infinities, weights and extremes exactly", "[accumulators]") {
    QuantileSketch sketch;
    CHECK(std::isnan(sketch.quantile(0.5)));
    sketch.add(3.7, 10);
    sketch.add(1e9, 0);
    CHECK(sketch.count() == 10);
    CHECK(sketch.quantile(0) == 3.7);
    CHECK(sketch.quantile(1) == 3.7);
    sketch.add(infinity, 30);
    sketch.add(-infinity);
    CHECK(sketch.quantile(0) == -infinity);
    CHECK(sketch.quantile(0.1) == Approx(3.7).epsilon(0.005));
    CHECK(sketch.quantile(0.5) == infinity);
    sketch.add(std::numeric_limits<double>::max());
    sketch.add(std::numeric_limits<double>::denorm_min());
    sketch.add(std::numeric_limits<double>::min());
    CHECK(sketch.bins() < 142'000);
    CHECK_THROWS_AS(sketch.add(not_a_number), ContractViolation);
    CHECK_THROWS_AS(sketch.quantile(1.5), ContractViolation);
    CHECK_THROWS_AS(sketch.quantile(not_a_number), ContractViolation);
    CHECK_THROWS_AS(sketch.merge(QuantileSketch(0.01)), ContractViolation);
    CHECK_THROWS_AS(QuantileSketch(0), ContractViolation);
}

TEST_CASE("A sketch does not grow with its sample", "[accumulators]") {
    QuantileSketch sketch;
    for (const double value : draw(Uniform{1, 10}, 1000)) sketch.add(value);
    const std::size_t bins = sketch.bins();
    for (const double value : draw(Uniform{1, 10}, 100'000)) sketch.add(value);
    CHECK(bins <= 232);  // ln 10 / ln γ
    CHECK(sketch.bins() <= 232);
}

TEST_CASE("A histogram counts each value in the bin whose edges hold it", "[accumulators]") {
    for (Histogram histogram : {Histogram::linear(-0.3, 0.7, 10), Histogram::logarithmic(1e-3, 1e3, 60)}) {
        const std::size_t bins = histogram.bins();
        for (std::size_t bin = 0; bin < bins; ++bin) {
            const double low = histogram.edge(bin);
            const double high = histogram.edge(bin + 1);
            histogram.add(low);
            histogram.add(std::nextafter(high, low));
            histogram.add((low + high) / 2, 5);
            CHECK(histogram.count(bin) == 7);
        }
        histogram.add(histogram.edge(bins));
        histogram.add(infinity, 2);
        histogram.add(std::nextafter(histogram.edge(0), -infinity));
        histogram.add(-infinity);
        CHECK(histogram.above() == 3);
        CHECK(histogram.below() == 2);
        CHECK(histogram.total() == 7 * bins + 5);
        CHECK_THROWS_AS(histogram.add(not_a_number), ContractViolation);
    }
}

TEST_CASE("A histogram's density is that of the sample", "[accumulators]") {
    Histogram histogram = Histogram::linear(0, 4, 8);
    CHECK(std::isnan(histogram.density(0)));
    constexpr std::size_t size = 50'000;
    for (const double value : draw(Exponential{1}, size)) histogram.add(value);
    for (std::size_t bin = 0; bin < histogram.bins(); ++bin) {
        const double probability = std::exp(-histogram.edge(bin)) - std::exp(-histogram.edge(bin + 1));
        const double standard_error = std::sqrt(probability * (1 - probability) / size);
        CHECK(histogram.density(bin) * 0.5 == Approx(probability).margin(4 * standard_error));
    }
}

TEST_CASE("Histograms merge exactly, and only over the same edges", "[accumulators]") {
    Histogram left = Histogram::linear(0, 1, 4);
    Histogram right = left;
    Histogram both = left;
    for (const double value : draw(Uniform{-0.5, 1.5}, 100)) {
        left.add(value);
        both.add(value);
    }
    for (const double value : draw(Uniform{-0.5, 1.5}, 100, 1)) {
        right.add(value);
        both.add(value);
    }
    Histogram other_way = right;
    other_way.merge(left);
    left.merge(right);
    CHECK(left == both);
    CHECK(other_way == both);
    CHECK_THROWS_AS(left.merge(Histogram::linear(0, 1, 5)), ContractViolation);
    CHECK_THROWS_AS(left.merge(Histogram::linear(0, 2, 4)), ContractViolation);
    CHECK_THROWS_AS(Histogram::linear(1, 1, 4), ContractViolation);
    CHECK_THROWS_AS(Histogram::linear(1, std::nextafter(1, 2), 4), ContractViolation);
    CHECK_THROWS_AS(Histogram::linear(0, infinity, 4), ContractViolation);
    CHECK_THROWS_AS(Histogram::logarithmic(0, 1, 4), ContractViolation);
    CHECK_THROWS_AS(Histogram::logarithmic(not_a_number, 1, 4), ContractViolation);
}

TEST_CASE("A series keeps its points apart and merges them pointwise", "[accumulators]") {
    Series<Moments> left(3);
    Series<Moments> right(3);
    left[0].add(1);
    right[0].add(3);
    right[2].add(7);
    left.merge(right);
    CHECK(left[0].mean() == 2);
    CHECK(left[1].count() == 0);
    CHECK(left[2].mean() == 7);
    CHECK_THROWS_AS(left.merge(Series<Moments>(4)), ContractViolation);

    const Series<Histogram> histograms(2, Histogram::linear(0, 1, 5));
    CHECK(histograms.points() == 2);
    CHECK(histograms[1].bins() == 5);
}
