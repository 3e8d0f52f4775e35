// Mean, variance, skewness and kurtosis of a sample in one pass and constant memory.
#pragma once

#include "sim/ensemble/interval.hpp"

#include <cstdint>
#include <limits>

namespace venturi {

/// The first four central moments of what was added, with the smallest and the largest value.
///
/// Updated and merged by the formulae of Chan, Golub and LeVeque (1979) and Pébay, "Formulas for robust,
/// one-pass parallel computation of covariances and arbitrary-order statistical moments", SAND2008-6212.
/// Merging is exact up to rounding, so its bits depend on the order, which the fold fixes. A NaN or an
/// infinity that is added stays visible as a NaN in the moments.
class Moments {
  public:
    void add(double value) {
        const double before = static_cast<double>(count_++);
        const double now = static_cast<double>(count_);
        const double delta = value - mean_;
        const double share = delta / now;
        const double share_squared = share * share;
        const double growth = delta * share * before;
        mean_ += share;
        fourth_ += growth * share_squared * (now * now - 3 * now + 3) + 6 * share_squared * second_
                   - 4 * share * third_;
        third_ += growth * share * (now - 2) - 3 * share * second_;
        second_ += growth;
        minimum_ = value < minimum_ ? value : minimum_;
        maximum_ = value > maximum_ ? value : maximum_;
    }

    /// Takes in the observations of `other`, as though they had been added after its own.
    void merge(const Moments& other);

    [[nodiscard]] std::uint64_t count() const { return count_; }
    /// NaN while nothing was added.
    [[nodiscard]] double mean() const {
        return count_ == 0 ? std::numeric_limits<double>::quiet_NaN() : mean_;
    }
    /// +∞ while nothing was added.
    [[nodiscard]] double minimum() const { return minimum_; }
    /// −∞ while nothing was added.
    [[nodiscard]] double maximum() const { return maximum_; }

    /// Σ (x − mean)² / (n − 1); NaN below two observations.
    [[nodiscard]] double variance() const;
    [[nodiscard]] double standard_deviation() const;
    /// Standard error of the mean, for independent observations.
    [[nodiscard]] double standard_error() const;
    /// √n Σ (x − mean)³ / (Σ (x − mean)²)^(3/2); 0 for a normal; NaN where all observations are equal.
    [[nodiscard]] double skewness() const;
    /// n Σ (x − mean)⁴ / (Σ (x − mean)²)² − 3; 0 for a normal; NaN where all observations are equal.
    [[nodiscard]] double excess_kurtosis() const;

    /// Student's t interval for the mean of independent observations; the whole line below two observations.
    [[nodiscard]] Interval confidence_interval(double level = 0.95) const;

    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.count_);
        visit(self.mean_);
        visit(self.second_);
        visit(self.third_);
        visit(self.fourth_);
        visit(self.minimum_);
        visit(self.maximum_);
    }

    friend bool operator==(const Moments&, const Moments&) = default;

  private:
    std::uint64_t count_ = 0;
    double mean_ = 0;
    double second_ = 0;  // Σ (x − mean)², and so on
    double third_ = 0;
    double fourth_ = 0;
    double minimum_ = std::numeric_limits<double>::infinity();
    double maximum_ = -std::numeric_limits<double>::infinity();
};

}  // namespace venturi
