// Means of differences less what luck explains of them: control variates whose own mean is 0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace venturi {

/// Below so many observations coefficients bring more noise than they take off: the companies of one
/// trajectory share its luck. Searches from two trajectories a gradient went astray with them.
inline constexpr std::uint64_t least_observations_of_controls = 24;

/// A mean less its controls.
struct ControlledMean {
    std::uint64_t count = 0;
    double mean = 0;
    double standard_error = 0;
    bool has_controls = false;  ///< that take anything off; else it is the plain mean
};

/// Several values of each observation with the same controls, of mean 0; folded and mergeable, in memory that
/// does not depend on how many they are.
///
/// Coefficients are those of least squares over rows, several to an observation (its companies, where it is a
/// mean over them), with a slight ridge. Those of a fold come from the rows of all others, so that what is
/// taken off keeps the mean 0 (Avramidis and Wilson, "A splitting scheme for control variates", Operations
/// Research Letters 14, 1993). How much of it is taken off, between nothing and all, is decided by the others
/// as well: it is what would have made the variance of their own the least, each explained by coefficients
/// that know neither it nor the fold.
///
/// Controls that all rows of an observation share come last: they are no part of the rows. What the others
/// leave of an observation is explained by them in a second regression, over observations and less their
/// means, whose coefficients and part taken off are from other folds in the same way.
class ControlledMeans {
  public:
    static constexpr std::size_t folds = 8;

    ControlledMeans(std::size_t values, std::size_t controls, std::size_t shared = 0);

    /// A row for the coefficients. Shapes: values, controls; one without any control says nothing.
    void add_row(std::uint64_t observation, std::span<const double> values, std::span<const double> controls);
    /// The observation. Shapes: values, controls + shared.
    void add(std::uint64_t observation, std::span<const double> values, std::span<const double> controls);
    void merge(const ControlledMeans& other);

    /// By value; empty below `least_observations_of_controls`.
    [[nodiscard]] std::vector<ControlledMean> means() const;

    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.rows_);
        visit(self.row_squares_);
        visit(self.row_products_);
        visit(self.counts_);
        visit(self.sums_);
        visit(self.squares_);
        visit(self.control_sums_);
        visit(self.control_squares_);
        visit(self.products_);
    }

    friend bool operator==(const ControlledMeans&, const ControlledMeans&) = default;

  private:
    [[nodiscard]] std::size_t all() const { return controls_ + shared_; }
    [[nodiscard]] static std::size_t triangle(std::size_t size) { return size * (size + 1) / 2; }
    /// Shape: values × controls; of the rows of all folds but two, which may be the same.
    [[nodiscard]] std::vector<double> coefficients(std::size_t but, std::size_t and_but) const;
    struct Sums;
    /// Of a value in a fold, and of its controls times coefficients, of the first of them: of what they
    /// explain.
    [[nodiscard]] Sums sums_of(std::size_t fold, std::size_t value, std::span<const double> by) const;
    /// Σ of the product of two controls in a fold.
    [[nodiscard]] double squares_of(std::size_t fold, std::size_t one, std::size_t other) const;
    /// Of what coefficients of each fold leave of a value.
    struct Rest;
    /// Of the controls that are shared, on the rest of all folds but two, which may be the same.
    [[nodiscard]] std::vector<double> shared_coefficients(const Rest& rest, std::size_t but,
                                                          std::size_t and_but) const;
    /// What is taken off in a fold by controls that are shared: coefficients, times their part.
    [[nodiscard]] std::vector<double> shared_part(const Rest& rest, std::size_t fold) const;

    std::size_t values_;
    std::size_t controls_;
    std::size_t shared_;
    // Over rows. The triangle is the lower one, row by row.
    std::vector<double> rows_;          // by fold: how many
    std::vector<double> row_squares_;   // folds × triangle of controls × controls
    std::vector<double> row_products_;  // folds × values × controls
    // Over observations.
    std::vector<double> counts_;           // by fold
    std::vector<double> sums_;             // folds × values
    std::vector<double> squares_;          // folds × values
    std::vector<double> control_sums_;     // folds × all controls
    std::vector<double> control_squares_;  // folds × triangle of all × all
    std::vector<double> products_;         // folds × values × all controls
};

}  // namespace venturi
