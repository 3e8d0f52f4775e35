#include "analysis/statistics/simultaneous_band.hpp"
#include "sim/ensemble/critical_value.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstddef>
#include <random>
#include <vector>

using namespace venturi;

namespace {

struct JackknifedCurve {
    std::vector<double> mean;
    std::vector<std::vector<double>> without;
};

/// The mean of curves, and their mean without each.
JackknifedCurve mean_of_curves(const std::vector<std::vector<double>>& curves) {
    const auto count = static_cast<double>(curves.size());
    JackknifedCurve result{std::vector<double>(curves.front().size(), 0), {}};
    for (const auto& curve : curves)
        for (std::size_t i = 0; i < curve.size(); ++i) result.mean[i] += curve[i] / count;
    for (const auto& curve : curves) {
        std::vector<double> others(curve.size());
        for (std::size_t i = 0; i < curve.size(); ++i)
            others[i] = (count * result.mean[i] - curve[i]) / (count - 1);
        result.without.push_back(others);
    }
    return result;
}

}  // namespace

TEST_CASE("a curve that moves as one has Student's band", "[simultaneous_band]") {
    std::mt19937_64 random(7);
    std::normal_distribution<double> normal;
    std::vector<std::vector<double>> curves;
    for (int i = 0; i < 32; ++i) {
        const double z = normal(random);
        curves.push_back({z, 2 * z, -z, 1});
    }
    const JackknifedCurve sample = mean_of_curves(curves);
    const CurveBand band = simultaneous_band(sample.mean, sample.without);
    // The 95% quantile of 10,000 draws errs by √(0.05 · 0.95 / 10⁴) / density = 0.0022 / 0.048: 2.3%.
    const double student = student_critical_value(0.95, 31);
    CHECK(band.critical_value >= student);
    CHECK(band.critical_value == Approx(student).epsilon(3 * 0.023));
    const double reach = band.interval[0].half_width();
    CHECK(band.interval[1].half_width() == Approx(2 * reach));
    CHECK(band.interval[2].half_width() == Approx(reach));
    CHECK(band.interval[3].half_width() == Approx(0).margin(1e-12));
}

TEST_CASE("the band holds the whole of a curve of independent points as often as it says",
          "[long][simultaneous_band]") {
    std::mt19937_64 random(11);
    std::normal_distribution<double> normal;
    constexpr int repetitions = 120;
    int held = 0;
    for (int repetition = 0; repetition < repetitions; ++repetition) {
        std::vector<std::vector<double>> curves(32, std::vector<double>(6));
        for (auto& curve : curves)
            for (double& value : curve) value = normal(random);
        const JackknifedCurve sample = mean_of_curves(curves);
        bool holds = true;
        for (const Interval& interval : simultaneous_band(sample.mean, sample.without).interval)
            holds = holds && interval.contains(0);
        held += holds ? 1 : 0;
    }
    // Three binomial standard errors.
    CHECK(held / static_cast<double>(repetitions)
          == Approx(0.95).margin(3 * std::sqrt(0.95 * 0.05 / repetitions)));
}

TEST_CASE("without two groups a band is not known", "[simultaneous_band]") {
    const CurveBand band =
        simultaneous_band(std::vector<double>{0.5}, std::vector<std::vector<double>>{{0.5}});
    CHECK(std::isnan(band.interval[0].low));
    CHECK(band.value[0] == 0.5);
}
