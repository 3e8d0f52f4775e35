#include "analysis/optimiser/linearised_step.hpp"

#include "sim/contract.hpp"

#include <Eigen/QR>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace venturi::optimiser {

namespace {

/// min over w on the simplex and λ ≥ 0 of w·v − λ·c + |G w − A λ|² / (2 μ), whose step is (G w − A λ) / μ.
class Dual {
  public:
    explicit Dual(const LocalView& view)
        : objectives_(view.objectives.size()),
          directions_(view.slopes.rows(), view.slopes.cols() + view.steepness.cols()),
          linear_(directions_.cols()),
          solution_(Vector::Zero(directions_.cols())) {
        directions_ << view.slopes, -view.steepness;
        linear_ << view.objectives, -view.excesses;
        products_ = directions_.transpose() * directions_;
        solution_.head(objectives_).setConstant(1 / static_cast<double>(objectives_));
    }

    void solve(double resistance) {
        constexpr int most_sweeps = 4000;
        // Begins where the last one ended.
        slope_ = linear_ + products_ * solution_ / resistance;
        const double enough = 1e-10;
        for (int sweep = 0; sweep < most_sweeps; ++sweep) {
            double moved = 0;
            for (Index i = 0; i < objectives_; ++i)
                for (Index j = i + 1; j < objectives_; ++j)
                    moved = std::max(moved, exchange(i, j, resistance));
            for (Index j = objectives_; j < linear_.size(); ++j) moved = std::max(moved, move(j, resistance));
            if (moved <= enough) return;
        }
    }

    [[nodiscard]] Vector step(double resistance) const { return directions_ * solution_ / resistance; }
    [[nodiscard]] Vector weights() const { return solution_.head(objectives_); }
    [[nodiscard]] Vector prices() const { return solution_.tail(linear_.size() - objectives_); }

  private:
    // What one weight gives to another; the change, as a part of all weights.
    double exchange(Index i, Index j, double resistance) {
        const double curvature = (products_(i, i) - 2 * products_(i, j) + products_(j, j)) / resistance;
        const double slope = slope_[i] - slope_[j];
        double change = curvature > 0 ? -slope / curvature
                        : slope > 0   ? -solution_[i]
                        : slope < 0   ? solution_[j]
                                      : 0;
        change = std::clamp(change, -solution_[i], solution_[j]);
        if (change == 0) return 0;
        solution_[i] += change;
        solution_[j] -= change;
        slope_ += (products_.col(i) - products_.col(j)) * (change / resistance);
        return std::abs(change);
    }
    // The change, as a part of what there is then.
    double move(Index j, double resistance) {
        const double curvature = products_(j, j) / resistance;
        if (!(curvature > 0)) return 0;  // no step does anything about it
        const double change = std::max(-slope_[j] / curvature, -solution_[j]);
        if (change == 0) return 0;
        solution_[j] += change;
        slope_ += products_.col(j) * (change / resistance);
        return std::abs(change) / std::max(solution_[j], std::abs(change));
    }

    Index objectives_;
    DenseMatrix directions_;
    Vector linear_;
    DenseMatrix products_;
    Vector solution_;
    Vector slope_;
};

LinearisedStep solved(const LocalView& view, double radius) {
    Dual dual(view);
    double longest = 0;
    for (Index k = 0; k < view.slopes.cols(); ++k) longest = std::max(longest, view.slopes.col(k).norm());
    for (Index j = 0; j < view.steepness.cols(); ++j)
        longest = std::max(longest, view.steepness.col(j).norm());
    LinearisedStep best{.step = Vector::Zero(view.slopes.rows()),
                        .weights = Vector::Zero(view.objectives.size()),
                        .prices = Vector::Zero(view.excesses.size())};
    if (!(longest > 0)) {
        Index least = 0;
        view.objectives.minCoeff(&least);
        best.weights[least] = 1;
        return best;
    }
    // The more resistance the shorter the step, down to the shortest that meets the constraints.
    double low = std::log(longest / radius) - 14;
    double high = std::log(longest / radius) + 14;
    dual.solve(std::exp(low));
    // Where that is within reach the lines have a corner there.
    if (dual.step(std::exp(low)).norm() <= radius) high = low;
    while (high - low > 1e-9) {
        const double middle = (low + high) / 2;
        dual.solve(std::exp(middle));
        (dual.step(std::exp(middle)).norm() > radius ? low : high) = middle;
    }
    const double resistance = std::exp(high);
    dual.solve(resistance);
    best.step = dual.step(resistance);
    if (best.step.norm() > radius) best.step *= radius / best.step.norm();
    best.weights = dual.weights();
    best.prices = dual.prices();
    return best;
}

/// The largest excess, each in units of its own steepness, as an objective to be made high.
LocalView restoring(const LocalView& view) {
    Index steep = 0;
    for (Index j = 0; j < view.excesses.size(); ++j)
        if (view.steepness.col(j).norm() > 0) ++steep;
    LocalView restored{.objectives = Vector(steep),
                       .slopes = DenseMatrix(view.slopes.rows(), steep),
                       .excesses = Vector(0),
                       .steepness = DenseMatrix(view.slopes.rows(), 0)};
    Index place = 0;
    for (Index j = 0; j < view.excesses.size(); ++j) {
        const double norm = view.steepness.col(j).norm();
        if (!(norm > 0)) continue;
        restored.objectives[place] = -view.excesses[j] / norm;
        restored.slopes.col(place++) = -view.steepness.col(j) / norm;
    }
    return restored;
}

/// Constraints that no step moves can neither be met nor paid for.
LocalView with_steep_constraints(const LocalView& view, std::vector<Index>& kept) {
    LocalView steep = view;
    for (Index j = 0; j < view.excesses.size(); ++j)
        if (view.steepness.col(j).norm() > 0) kept.push_back(j);
    steep.excesses.resize(static_cast<Index>(kept.size()));
    steep.steepness.resize(view.slopes.rows(), static_cast<Index>(kept.size()));
    for (std::size_t place = 0; place < kept.size(); ++place) {
        // In units of steepness all multipliers are of one size.
        const double norm = view.steepness.col(kept[place]).norm();
        steep.excesses[static_cast<Index>(place)] = view.excesses[kept[place]] / norm;
        steep.steepness.col(static_cast<Index>(place)) = view.steepness.col(kept[place]) / norm;
    }
    return steep;
}

}  // namespace

LinearisedStep best_step(const LocalView& view, double radius) {
    expects(view.objectives.size() > 0 && view.slopes.cols() == view.objectives.size()
                && view.steepness.cols() == view.excesses.size()
                && (view.excesses.size() == 0 || view.steepness.rows() == view.slopes.rows()),
            "each objective and each constraint has a value and a slope");
    expects(view.objectives.allFinite() && view.slopes.allFinite() && view.excesses.allFinite()
                && view.steepness.allFinite(),
            "values and slopes are finite");
    expects(radius > 0, "a step has a length above 0");
    std::vector<Index> kept;
    LocalView steep = with_steep_constraints(view, kept);
    if (steep.steepness.rows() != view.slopes.rows()) steep.steepness.resize(view.slopes.rows(), 0);
    // Objectives in units of their steepness, too, so that what is enough means the same to all problems.
    double scale = 0;
    for (Index k = 0; k < view.slopes.cols(); ++k) scale = std::max(scale, view.slopes.col(k).norm());
    if (!(scale > 0)) scale = 1;
    steep.objectives /= scale;
    steep.slopes /= scale;

    if (!kept.empty()) {
        const LocalView restored = restoring(view);
        const LinearisedStep nearest = solved(restored, radius);
        const double left = -(restored.objectives + restored.slopes.transpose() * nearest.step).minCoeff();
        if (left > 1e-6 * radius) {
            constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
            LinearisedStep step{.step = nearest.step,
                                .weights = Vector::Zero(view.objectives.size()),
                                .prices = Vector::Constant(view.excesses.size(), unknown),
                                .meets_constraints = false};
            Index least = 0;
            view.objectives.minCoeff(&least);
            step.weights[least] = 1;
            return step;
        }
    }
    const LinearisedStep found = solved(steep, radius);
    LinearisedStep step{.step = found.step,
                        .weights = found.weights,
                        .prices = Vector::Zero(view.excesses.size()),
                        .meets_constraints = true};
    for (std::size_t place = 0; place < kept.size(); ++place)
        step.prices[kept[place]] =
            found.prices[static_cast<Index>(place)] * scale / view.steepness.col(kept[place]).norm();
    for (Index j = 0; j < view.excesses.size(); ++j)
        if (!(view.steepness.col(j).norm() > 0) && view.excesses[j] > 0) step.meets_constraints = false;
    return step;
}

Vector explaining_prices(const Vector& slope, const DenseMatrix& steepness) {
    Vector found = Vector::Zero(steepness.cols());
    std::vector<Index> kept;
    for (Index j = 0; j < steepness.cols(); ++j)
        if (steepness.col(j).norm() > 0) kept.push_back(j);
    while (!kept.empty()) {
        DenseMatrix columns(steepness.rows(), static_cast<Index>(kept.size()));
        for (std::size_t i = 0; i < kept.size(); ++i)
            columns.col(static_cast<Index>(i)) = steepness.col(kept[i]);
        const Vector solved = columns.completeOrthogonalDecomposition().solve(slope);
        Index least = 0;
        if (solved.minCoeff(&least) >= 0) {
            for (std::size_t i = 0; i < kept.size(); ++i) found[kept[i]] = solved[static_cast<Index>(i)];
            return found;
        }
        kept.erase(kept.begin() + least);
    }
    return found;
}

}  // namespace venturi::optimiser
