// Quantiles of any sample within a stated relative error, in memory that does not grow with the sample.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace venturi {

/// A quantile sketch after Masson, Rim and Lee, "DDSketch: a fast and fully-mergeable quantile sketch with
/// relative-error guarantees", VLDB 12 (2019).
///
/// Magnitudes are counted in bins whose edges grow by γ = (1 + α) / (1 − α), apart for either sign; zero (and
/// what is closer to it than 2.3e-308) and the infinities have counts of their own. Counts are whole, so
/// merging is exact and does not depend on the order. A quantile is within the relative error α (and
/// rounding) of the sample's. Memory: 8 bytes for each bin between the smallest and the largest magnitude of
/// a sign, which is ln(largest / smallest) / ln γ bins: about 230 a decade at α = 0.5%, and never more than
/// 142,000.
class QuantileSketch {
  public:
    static constexpr double default_relative_error = 0.005;

    QuantileSketch() : QuantileSketch(default_relative_error) {}

    /// Throws ContractViolation unless 1e-4 ≤ relative_error < 1.
    explicit QuantileSketch(double relative_error);

    /// Counts `value` as `weight` observations. Infinities are welcome (a round that never comes); NaN throws
    /// ContractViolation.
    void add(double value, std::uint64_t weight = 1);

    /// Both must have the same relative error, or ContractViolation is thrown.
    void merge(const QuantileSketch& other);

    /// Within relative_error() of the observation of rank ⌊q (count − 1)⌋, counted from 0 in rising order.
    /// The smallest and the largest are exact. NaN while empty. Needs 0 ≤ q ≤ 1.
    [[nodiscard]] double quantile(double q) const;

    /// The same, read off within the bin as though its observations were spread evenly over its logarithm. It
    /// moves with the sample where quantile() jumps from bin to bin, so it is the one to take a standard
    /// error of. Nearer to the sample's quantile where the density is smooth; within twice relative_error() /
    /// (1 − relative_error()) always.
    [[nodiscard]] double interpolated_quantile(double q) const;

    /// The same at a rank that need not be whole, counted from 0 in rising order. NaN while empty. Needs 0 ≤
    /// rank ≤ count − 1.
    [[nodiscard]] double interpolated_at(double rank) const;

    /// How many observations are at or below `value`, those of its own bin in proportion. NaN throws
    /// ContractViolation.
    [[nodiscard]] double count_up_to(double value) const;

    /// Hill's estimate of the tail index from the `largest` largest values, at the middles of their bins:
    /// "A simple general approach to inference about the tail of a distribution", Annals of Statistics 3
    /// (1975). A sample whose index is 2 or below has no variance to speak of. NaN unless there are more
    /// values than these, all of them finite and above 0, and not all in one bin with the next.
    [[nodiscard]] double hill_index(std::uint64_t largest) const;

    [[nodiscard]] std::uint64_t count() const { return count_; }
    [[nodiscard]] double relative_error() const { return relative_error_; }
    /// How many bins are held in memory.
    [[nodiscard]] std::size_t bins() const { return negative_.counts.size() + positive_.counts.size(); }

    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.count_);
        visit(self.zeros_);
        visit(self.minus_infinities_);
        visit(self.plus_infinities_);
        visit(self.minimum_);
        visit(self.maximum_);
        visit(self.negative_);
        visit(self.positive_);
    }

    friend bool operator==(const QuantileSketch&, const QuantileSketch&) = default;

  private:
    /// Counts of the keys from `lowest` on; the first and the last are never 0, so equal content is equal
    /// memory.
    struct Bins {
        std::int32_t lowest = 0;
        std::vector<std::uint64_t> counts;

        void add(std::int32_t key, std::uint64_t weight);
        void merge(const Bins& other);
        void cover(std::int32_t low, std::int32_t high);
        template <class Self, class Visit>
        static void visit_members(Self& self, Visit& visit) {
            visit(self.lowest);
            visit(self.counts);
        }

        friend bool operator==(const Bins&, const Bins&) = default;
    };

    /// Where an observation is counted.
    struct Place {
        double direction = 0;      ///< −1 or 1 in a bin; else 0
        std::int32_t key = 0;      ///< of the bin
        double value = 0;          ///< where not in a bin
        std::uint64_t before = 0;  ///< how many of the same bin come before it
        std::uint64_t size = 0;    ///< how many are in the bin
    };

    [[nodiscard]] std::int32_t key_of(double magnitude) const;
    [[nodiscard]] Place place_of(std::uint64_t rank) const;

    double relative_error_;
    double log_growth_;  // ln γ
    std::uint64_t count_ = 0;
    std::uint64_t zeros_ = 0;
    std::uint64_t minus_infinities_ = 0;
    std::uint64_t plus_infinities_ = 0;
    double minimum_ = std::numeric_limits<double>::infinity();
    double maximum_ = -std::numeric_limits<double>::infinity();
    Bins negative_;
    Bins positive_;
};

}  // namespace venturi
