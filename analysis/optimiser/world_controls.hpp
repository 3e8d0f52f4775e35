// Control variates whose coefficients come from other observations: what they take off has mean zero.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace venturi {

/// Least squares of what is to be explained on controls with mean zero, of all folds but one. As the
/// coefficients of a fold know nothing of it, its sum of controls × coefficients keeps the mean zero
/// (Avramidis and Wilson, "A splitting scheme for control variates", Operations Research Letters 14, 1993).
class SplitControls {
  public:
    static constexpr std::size_t folds = 8;

    explicit SplitControls(std::size_t controls);

    /// The fold of an observation.
    [[nodiscard]] static std::size_t fold_of(std::uint64_t trajectory) { return trajectory % folds; }

    /// Adds a row; one in which all controls are 0 says nothing. Shape of the controls: that of the
    /// constructor.
    void add(std::size_t fold, double value, std::span<const double> controls);

    /// Below so many rows of the other folds that have it, a control is left out: a fold of its own that has
    /// it in another size would be moved by whatever those few rows happened to be.
    static constexpr std::uint64_t least_rows = 10;

    /// Of the fold, from all others; zeros where they have no rows. A slight ridge, `ridge` rows' worth of
    /// each control at its mean square, holds those that are nearly the same as others.
    [[nodiscard]] std::vector<double> coefficients(std::size_t fold, double ridge = 30) const;

  private:
    std::size_t controls_;
    std::vector<double> squares_;        // shape: folds × controls × controls, the lower triangle
    std::vector<double> products_;       // shape: folds × controls
    std::vector<std::uint64_t> rows_;    // by fold
    std::vector<std::uint64_t> known_;   // rows in which it is not 0, shape: folds × controls
    std::vector<std::size_t> not_zero_;  // of a row
};

}  // namespace venturi
