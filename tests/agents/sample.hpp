// Sample moments with the standard errors that tests take their tolerances from.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace venturi::testing {

/// Numbers, their mean and variance.
class Sample {
  public:
    void add(double value) { values_.push_back(value); }

    [[nodiscard]] std::size_t size() const { return values_.size(); }
    [[nodiscard]] const std::vector<double>& values() const { return values_; }
    [[nodiscard]] double mean() const {
        double sum = 0;
        for (const double value : values_) sum += value;
        return sum / count();
    }
    [[nodiscard]] double variance() const {
        const double centre = mean();
        double sum = 0;
        for (const double value : values_) sum += (value - centre) * (value - centre);
        return sum / (count() - 1);
    }
    /// Standard errors by which the mean lies above `expected`.
    [[nodiscard]] double z_of_mean(double expected) const {
        return (mean() - expected) / std::sqrt(variance() / count());
    }
    /// Standard errors by which the variance lies above `expected`, for a law with that variance and the
    /// fourth central moment `fourth`: the variance of a sample variance is near (fourth − expected²) / n.
    [[nodiscard]] double z_of_variance(double expected, double fourth) const {
        return (variance() - expected) / std::sqrt((fourth - expected * expected) / count());
    }

  private:
    [[nodiscard]] double count() const { return static_cast<double>(values_.size()); }

    std::vector<double> values_;
};

/// Fourth central moment of a Poisson law.
[[nodiscard]] inline double fourth_moment_of_poisson(double mean) {
    return mean + 3 * mean * mean;
}

/// √n times the Kolmogorov–Smirnov distance between a sample and the exponential law of that rate. Above 1.95
/// with probability 0.001 where that is the law (Kolmogorov 1933).
[[nodiscard]] inline double distance_from_exponential(const Sample& sample, double rate) {
    std::vector<double> sorted = sample.values();
    std::sort(sorted.begin(), sorted.end());
    const auto n = static_cast<double>(sorted.size());
    double distance = 0;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        const double law = 1 - std::exp(-rate * sorted[i]);
        distance =
            std::max({distance, law - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - law});
    }
    return std::sqrt(n) * distance;
}

}  // namespace venturi::testing
