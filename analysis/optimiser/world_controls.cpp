#include "analysis/optimiser/world_controls.hpp"

#include "sim/contract.hpp"
#include "sim/dense_systems.hpp"

#include <Eigen/Core>

#include <cmath>

namespace venturi {

SplitControls::SplitControls(std::size_t controls)
    : controls_(controls),
      squares_(folds * controls * controls, 0.0),
      products_(folds * controls, 0.0),
      rows_(folds, 0),
      known_(folds * controls, 0) {}

void SplitControls::add(std::size_t fold, double value, std::span<const double> controls) {
    expects(fold < folds && controls.size() == controls_, "a row has so many controls");
    not_zero_.clear();
    for (std::size_t i = 0; i < controls_; ++i)
        if (controls[i] != 0) not_zero_.push_back(i);
    if (not_zero_.empty()) return;
    ++rows_[fold];
    double* const squares = squares_.data() + fold * controls_ * controls_;
    double* const products = products_.data() + fold * controls_;
    for (std::size_t a = 0; a < not_zero_.size(); ++a) {
        const std::size_t i = not_zero_[a];
        products[i] += value * controls[i];
        ++known_[fold * controls_ + i];
        for (std::size_t b = 0; b <= a; ++b)
            squares[i * controls_ + not_zero_[b]] += controls[i] * controls[not_zero_[b]];
    }
}

std::vector<double> SplitControls::coefficients(std::size_t fold, double ridge) const {
    const auto size = static_cast<Eigen::Index>(controls_);
    Eigen::MatrixXd squares = Eigen::MatrixXd::Zero(size, size);
    Eigen::VectorXd products = Eigen::VectorXd::Zero(size);
    double rows = 0;
    std::vector<std::uint64_t> known(controls_, 0);
    for (std::size_t other = 0; other < folds; ++other) {
        if (other == fold) continue;
        rows += static_cast<double>(rows_[other]);
        for (Eigen::Index i = 0; i < size; ++i) {
            products(i) += products_[other * controls_ + static_cast<std::size_t>(i)];
            known[static_cast<std::size_t>(i)] += known_[other * controls_ + static_cast<std::size_t>(i)];
            for (Eigen::Index j = 0; j <= i; ++j)
                squares(i, j) += squares_[(other * controls_ + static_cast<std::size_t>(i)) * controls_
                                          + static_cast<std::size_t>(j)];
        }
    }
    std::vector<double> coefficients(controls_, 0.0);
    if (rows == 0) return coefficients;
    // In units of their own root mean squares, so that the ridge means the same to all.
    Eigen::VectorXd scale(size);
    for (Eigen::Index i = 0; i < size; ++i) {
        const bool is_known = known[static_cast<std::size_t>(i)] >= least_rows && squares(i, i) > 0;
        scale(i) = is_known ? 1 / std::sqrt(squares(i, i) / rows) : 0.0;
    }
    for (Eigen::Index i = 0; i < size; ++i) {
        products(i) *= scale(i);
        for (Eigen::Index j = 0; j <= i; ++j) {
            squares(i, j) *= scale(i) * scale(j);
            squares(j, i) = squares(i, j);
        }
        squares(i, i) += ridge;
    }
    const Eigen::VectorXd solved = solve_symmetric(squares, products);
    for (Eigen::Index i = 0; i < size; ++i) coefficients[static_cast<std::size_t>(i)] = solved(i) * scale(i);
    return coefficients;
}

}  // namespace venturi
