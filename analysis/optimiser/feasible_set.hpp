// Where decisions may lie: products of simplices (investment mixes, one or one for each stage) and intervals.
#pragma once

#include <Eigen/Core>

#include <string>
#include <variant>
#include <vector>

namespace venturi::optimiser {

using Eigen::Index;
using Vector = Eigen::VectorXd;
using DenseMatrix = Eigen::MatrixXd;

/// Shares that add up to 1, each between its bounds.
struct Simplex {
    Vector low;   ///< one for each share, ≥ 0
    Vector high;  ///< one for each share, ≤ 1

    [[nodiscard]] Index size() const { return low.size(); }
};

/// `size` shares, none below `floor`.
[[nodiscard]] Simplex simplex(Index size, double floor = 0);

/// Numbers each between its own bounds, which may be infinite.
struct Box {
    Vector low;
    Vector high;

    [[nodiscard]] Index size() const { return low.size(); }
};

using Block = std::variant<Simplex, Box>;

/// A product of simplices and boxes: a decision is their coordinates one after the other.
class FeasibleSet {
  public:
    FeasibleSet() = default;

    /// Throws std::invalid_argument where there is no block or a block holds no point, and says why.
    explicit FeasibleSet(std::vector<Block> blocks);

    [[nodiscard]] const std::vector<Block>& blocks() const { return blocks_; }
    /// How many numbers a decision has.
    [[nodiscard]] Index dimension() const { return dimension_; }
    /// How many of them are free: one less for each simplex.
    [[nodiscard]] Index free_directions() const { return free_; }
    /// Whether shares stay in their bounds as long as they are not below the lower ones: what a log-ratio
    /// needs.
    [[nodiscard]] bool has_caps() const;

    /// Equal shares, or what is nearest to them; the middle of an interval, its finite end, or 0.
    [[nodiscard]] Vector centre() const;
    [[nodiscard]] bool contains(const Vector& decision, double tolerance = 1e-9) const;

    /// How far one can go from `decision` along `direction` and stay within, as a multiple of `direction`; at
    /// most `limit`.
    [[nodiscard]] double reach(const Vector& decision, const Vector& direction, double limit) const;

    /// An orthonormal basis of the directions that keep all sums of shares: dimension × free_directions.
    [[nodiscard]] const DenseMatrix& tangent_basis() const { return basis_; }

  private:
    std::vector<Block> blocks_;
    Index dimension_ = 0;
    Index free_ = 0;
    DenseMatrix basis_;
};

/// The nearest point of the set in Euclidean distance, exact up to rounding: for shares clamp(v − τ, low,
/// high) with the τ that makes their sum 1, found among the sorted kinks of that sum (Held, Wolfe and
/// Crowder, "Validation of subgradient optimization", Mathematical Programming 6, 1974). Throws
/// ContractViolation where a coordinate is not finite.
[[nodiscard]] Vector project(const FeasibleSet& set, const Vector& point);

/// The nearest point in relative entropy Σ x log(x / w) to the weights exp(log_weights): clamp(τ w, low,
/// high). In a box, where there is no entropy, the Euclidean one of `log_weights` themselves.
[[nodiscard]] Vector entropy_project(const FeasibleSet& set, const Vector& log_weights);

}  // namespace venturi::optimiser
