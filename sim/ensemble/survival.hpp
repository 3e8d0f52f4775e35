// Kaplan–Meier survival on a fixed grid of ages.
#pragma once

#include "sim/ensemble/interval.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace venturi {

/// How the observation of a life ended.
enum class Observed : std::uint8_t {
    event,     ///< it ended at that age
    censored,  ///< it was last seen alive at that age
};

/// The estimate at one edge of the grid.
struct SurvivalPoint {
    double age = 0;
    std::uint64_t at_risk = 0;  ///< in the cell that ends here; everyone at age 0
    double survival = 1;        ///< estimate of P(T > age); NaN where nobody was left to tell
    double variance = 0;        ///< Greenwood's, for independent lives
};

/// Counts of deaths and censorings by age, and the product-limit estimate from them: Kaplan and Meier,
/// "Nonparametric estimation from incomplete observations", JASA 53 (1958).
///
/// Cell j holds the ages (j w, (j + 1) w], the first also age 0; what lasts beyond the grid is censored at
/// its end. Within a cell deaths come before censorings, the convention of Kaplan and Meier for ties. Where
/// censorings fall only on edges of the grid, the estimate at every edge is the exact-time one. Else it is at
/// or above it, by no more than `grid_error`. Counts are whole, so merging is exact and does not depend on
/// the order. Memory: 16 bytes a cell.
class SurvivalCounts {
  public:
    /// `cells` cells of `cell_width` each. Throws ContractViolation unless the width is positive and finite
    /// and there is a cell.
    SurvivalCounts(std::size_t cells, double cell_width);

    /// Throws ContractViolation where the duration is negative or NaN.
    void add(double duration, Observed observed);

    /// Both must have the same grid, or ContractViolation is thrown.
    void merge(const SurvivalCounts& other);

    [[nodiscard]] std::size_t cells() const { return deaths_.size(); }
    [[nodiscard]] double cell_width() const { return cell_width_; }
    /// The age at an edge, 0 to cells().
    [[nodiscard]] double age(std::size_t edge) const { return static_cast<double>(edge) * cell_width_; }
    [[nodiscard]] std::uint64_t count() const { return count_; }
    [[nodiscard]] std::uint64_t deaths(std::size_t cell) const { return deaths_.at(cell); }
    [[nodiscard]] std::uint64_t censored(std::size_t cell) const { return censored_.at(cell); }

    /// The estimate at every edge; shape: cells + 1.
    [[nodiscard]] std::vector<SurvivalPoint> curve() const;

    /// Estimate of P(T > age(edge)); NaN where nobody was left to tell. O(edge).
    [[nodiscard]] double survival(std::size_t edge) const { return point(edge).survival; }

    /// Greenwood's variance S² Σ d / (n (n − d)); NaN where the survival is 0 or NaN.
    [[nodiscard]] double greenwood_variance(std::size_t edge) const { return point(edge).variance; }

    /// How far the estimate may lie above the one from exact times: the difference to the estimate with all
    /// censorings of each cell before its deaths, between which and ours every order lies. Each cell with n
    /// at risk, d deaths and c censorings adds a relative error of at most c d / ((n − c)(n − d)).
    [[nodiscard]] double grid_error(std::size_t edge) const;

    /// Confidence interval at each edge by itself; shape: cells + 1. Greenwood's variance on the scale
    /// log(−log S) (Kalbfleisch and Prentice 1980), which keeps within [0, 1]. Before the first death the
    /// lower end is the exact binomial one; where the survival is 0 or nobody was left the upper end is that
    /// of the edge before, since survival only falls. For independent lives: companies that share a world's
    /// shocks want Grouped.
    [[nodiscard]] std::vector<Interval> pointwise_band(double level = 0.95) const;

    /// A band that holds the whole curve with probability `level`; shape: cells + 1. Equal precision (Nair
    /// 1984) on the scale log(−log S) (Borgan and Liestøl, Scand. J. Statist. 17, 1990), from the first edge
    /// with ten deaths to the last with ten survivors, and beyond these from the monotonicity of survival.
    [[nodiscard]] std::vector<Interval> simultaneous_band(double level = 0.95) const;

    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.count_);
        visit(self.deaths_);
        visit(self.censored_);
    }

    friend bool operator==(const SurvivalCounts&, const SurvivalCounts&) = default;

  private:
    [[nodiscard]] std::size_t cell_of(double duration) const;
    [[nodiscard]] SurvivalPoint point(std::size_t edge) const;

    double cell_width_;
    std::uint64_t count_ = 0;
    std::vector<std::uint64_t> deaths_;
    std::vector<std::uint64_t> censored_;
};

}  // namespace venturi
