// Counts in bins whose edges are fixed before the first observation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace venturi {

/// How many observations fell into each bin [edge(i), edge(i + 1)), below the first edge, and on or above the
/// last. Counts are whole, so merging is exact and does not depend on the order.
class Histogram {
  public:
    /// `bins` of equal width from `low` to `high`. Throws ContractViolation unless both are finite, low <
    /// high and there is at least one bin.
    [[nodiscard]] static Histogram linear(double low, double high, std::size_t bins);

    /// `bins` of equal ratio from `low` > 0 to `high`.
    [[nodiscard]] static Histogram logarithmic(double low, double high, std::size_t bins);

    /// Infinities count as below or above; NaN throws ContractViolation.
    void add(double value, std::uint64_t weight = 1);

    /// Both must have the same edges, or ContractViolation is thrown.
    void merge(const Histogram& other);

    [[nodiscard]] std::size_t bins() const { return counts_.size(); }
    /// The lower edge of `bin`; edge(bins()) is the upper edge of the last.
    [[nodiscard]] double edge(std::size_t bin) const { return edges_.at(bin); }
    [[nodiscard]] std::uint64_t count(std::size_t bin) const { return counts_.at(bin); }
    [[nodiscard]] std::uint64_t below() const { return below_; }
    [[nodiscard]] std::uint64_t above() const { return above_; }
    /// All observations, those outside the edges included.
    [[nodiscard]] std::uint64_t total() const;
    /// Share of all observations in `bin`, over its width; NaN while empty.
    [[nodiscard]] double density(std::size_t bin) const;

    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.below_);
        visit(self.above_);
        visit(self.counts_);
    }

    friend bool operator==(const Histogram&, const Histogram&) = default;

  private:
    enum class Spacing : std::uint8_t { linear, logarithmic };

    Histogram(Spacing spacing, double low, double high, std::size_t bins);
    [[nodiscard]] std::size_t bin_of(double value) const;

    Spacing spacing_;
    double origin_;  // of the axis on which the bins are equal
    double scale_;   // bins per unit of that axis
    std::uint64_t below_ = 0;
    std::uint64_t above_ = 0;
    std::vector<double> edges_;
    std::vector<std::uint64_t> counts_;
};

}  // namespace venturi
