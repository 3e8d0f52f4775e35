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
class ControlledMeans {
  public:
    static constexpr std::size_t folds = 8;

    ControlledMeans(std::size_t values, std::size_t controls);

    /// A row for the coefficients. Shapes: values, controls; one without any control says nothing.
    void add_row(std::uint64_t observation, std::span<const double> values, std::span<const double> controls);
    /// The observation. The same shapes.
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
    [[nodiscard]] std::size_t triangle() const { return controls_ * (controls_ + 1) / 2; }
    /// Shape: values × controls; of the rows of all folds but two, which may be the same.
    [[nodiscard]] std::vector<double> coefficients(std::size_t but, std::size_t and_but) const;
    struct Sums;
    /// Of a value in a fold, and of its controls times coefficients: of what they explain.
    [[nodiscard]] Sums sums_of(std::size_t fold, std::size_t value, std::span<const double> by) const;

    std::size_t values_;
    std::size_t controls_;
    // Over rows. The triangle is the lower one, row by row.
    std::vector<double> rows_;          // by fold: how many
    std::vector<double> row_squares_;   // folds × triangle of controls × controls
    std::vector<double> row_products_;  // folds × values × controls
    // Over observations.
    std::vector<double> counts_;           // by fold
    std::vector<double> sums_;             // folds × values
    std::vector<double> squares_;          // folds × values
    std::vector<double> control_sums_;     // folds × controls
    std::vector<double> control_squares_;  // folds × triangle
    std::vector<double> products_;         // folds × values × controls
};

}  // namespace venturi
