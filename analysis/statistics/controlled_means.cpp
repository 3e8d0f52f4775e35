#include "analysis/statistics/controlled_means.hpp"

#include "sim/contract.hpp"
#include "sim/dense_systems.hpp"

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <cmath>

namespace venturi {

namespace {

/// Rows' worth of each control at its mean square.
constexpr double ridge = 30;
/// The same of controls that are shared, in observations' worth.
constexpr double ridge_of_shared = 2;

void add_to(std::vector<double>& sums, const std::vector<double>& others) {
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += others[i];
}

/// Adds x xᵀ and each y x.
void add_products(std::span<const double> values, std::span<const double> controls, double* squares,
                  double* products) {
    const std::size_t size = controls.size();
    for (std::size_t i = 0; i < size; ++i) {
        if (controls[i] == 0) continue;
        double* const row = squares + i * (i + 1) / 2;
        for (std::size_t j = 0; j <= i; ++j) row[j] += controls[i] * controls[j];
    }
    for (std::size_t v = 0; v < values.size(); ++v) {
        if (values[v] == 0) continue;
        for (std::size_t i = 0; i < size; ++i) products[v * size + i] += values[v] * controls[i];
    }
}

}  // namespace

struct ControlledMeans::Sums {
    double count = 0;
    double value = 0;
    double explained = 0;
    double value_squares = 0;
    double explained_squares = 0;
    double products = 0;

    Sums& operator+=(const Sums& other) {
        count += other.count;
        value += other.value;
        explained += other.explained;
        value_squares += other.value_squares;
        explained_squares += other.explained_squares;
        products += other.products;
        return *this;
    }
    /// The part of what is explained that leaves the least variance of the value less it, between 0 and 1.
    [[nodiscard]] double best_part() const {
        const double variance = explained_squares - explained * explained / count;
        const double covariance = products - value * explained / count;
        if (!(variance > 0) || !(covariance > 0)) return 0;
        return std::min(covariance / variance, 1.0);
    }
    /// The value less a part of what is explained, as a value of which nothing is.
    [[nodiscard]] Sums less(double part) const {
        return {.count = count,
                .value = value - part * explained,
                .value_squares = value_squares - 2 * part * products + part * part * explained_squares};
    }
    [[nodiscard]] double variance() const {
        return std::max(value_squares - value * value / count, 0.0) / (count - 1);
    }
};

struct ControlledMeans::Rest {
    /// Σ of the rest, and of its product with a shared control.
    std::array<double, folds> sums = {};
    std::array<std::vector<double>, folds> products = {};
};

ControlledMeans::ControlledMeans(std::size_t values, std::size_t controls, std::size_t shared)
    : values_(values),
      controls_(controls),
      shared_(shared),
      rows_(folds, 0.0),
      row_squares_(folds * triangle(controls), 0.0),
      row_products_(folds * values * controls, 0.0),
      counts_(folds, 0.0),
      sums_(folds * values, 0.0),
      squares_(folds * values, 0.0),
      control_sums_(folds * all(), 0.0),
      control_squares_(folds * triangle(all()), 0.0),
      products_(folds * values * all(), 0.0) {}

void ControlledMeans::add_row(std::uint64_t observation, std::span<const double> values,
                              std::span<const double> controls) {
    expects(values.size() == values_ && controls.size() == controls_, "a row has so many numbers");
    if (std::ranges::all_of(controls, [](double each) { return each == 0; })) return;
    const std::size_t fold = observation % folds;
    rows_[fold] += 1;
    add_products(values, controls, row_squares_.data() + fold * triangle(controls_),
                 row_products_.data() + fold * values_ * controls_);
}

void ControlledMeans::add(std::uint64_t observation, std::span<const double> values,
                          std::span<const double> controls) {
    expects(values.size() == values_ && controls.size() == all(), "an observation has so many numbers");
    const std::size_t fold = observation % folds;
    counts_[fold] += 1;
    for (std::size_t v = 0; v < values_; ++v) {
        sums_[fold * values_ + v] += values[v];
        squares_[fold * values_ + v] += values[v] * values[v];
    }
    for (std::size_t i = 0; i < all(); ++i) control_sums_[fold * all() + i] += controls[i];
    add_products(values, controls, control_squares_.data() + fold * triangle(all()),
                 products_.data() + fold * values_ * all());
}

void ControlledMeans::merge(const ControlledMeans& other) {
    add_to(rows_, other.rows_);
    add_to(row_squares_, other.row_squares_);
    add_to(row_products_, other.row_products_);
    add_to(counts_, other.counts_);
    add_to(sums_, other.sums_);
    add_to(squares_, other.squares_);
    add_to(control_sums_, other.control_sums_);
    add_to(control_squares_, other.control_squares_);
    add_to(products_, other.products_);
}

std::vector<double> ControlledMeans::coefficients(std::size_t but, std::size_t and_but) const {
    const auto size = static_cast<Eigen::Index>(controls_);
    Eigen::MatrixXd squares = Eigen::MatrixXd::Zero(size, size);
    std::vector<double> products(values_ * controls_, 0.0);
    double rows = 0;
    for (std::size_t fold = 0; fold < folds; ++fold) {
        if (fold == but || fold == and_but) continue;
        rows += rows_[fold];
        const double* each = row_squares_.data() + fold * triangle(controls_);
        for (Eigen::Index i = 0; i < size; ++i)
            for (Eigen::Index j = 0; j <= i; ++j) squares(i, j) += *each++;
        for (std::size_t i = 0; i < products.size(); ++i)
            products[i] += row_products_[fold * products.size() + i];
    }
    std::vector<double> found(values_ * controls_, 0.0);
    if (rows == 0) return found;
    // In units of their own root mean squares, so that the ridge means the same to all.
    Eigen::VectorXd scale(size);
    for (Eigen::Index i = 0; i < size; ++i)
        scale(i) = squares(i, i) > 0 ? 1 / std::sqrt(squares(i, i) / rows) : 0.0;
    for (Eigen::Index i = 0; i < size; ++i) {
        for (Eigen::Index j = 0; j <= i; ++j) {
            squares(i, j) *= scale(i) * scale(j);
            squares(j, i) = squares(i, j);
        }
        squares(i, i) += ridge;
    }
    for (std::size_t v = 0; v < values_; ++v) {
        Eigen::VectorXd right(size);
        for (Eigen::Index i = 0; i < size; ++i)
            right(i) = products[v * controls_ + static_cast<std::size_t>(i)] * scale(i);
        const Eigen::VectorXd solved = solve_symmetric(squares, right);
        for (Eigen::Index i = 0; i < size; ++i)
            found[v * controls_ + static_cast<std::size_t>(i)] = solved(i) * scale(i);
    }
    return found;
}

double ControlledMeans::squares_of(std::size_t fold, std::size_t one, std::size_t other) const {
    const std::size_t row = std::max(one, other);
    return control_squares_[fold * triangle(all()) + triangle(row) + std::min(one, other)];
}

ControlledMeans::Sums ControlledMeans::sums_of(std::size_t fold, std::size_t value,
                                               std::span<const double> by) const {
    Sums sums{.count = counts_[fold],
              .value = sums_[fold * values_ + value],
              .value_squares = squares_[fold * values_ + value]};
    const double* each = control_squares_.data() + fold * triangle(all());
    for (std::size_t i = 0; i < by.size(); ++i) {
        sums.explained += by[i] * control_sums_[fold * all() + i];
        sums.products += by[i] * products_[(fold * values_ + value) * all() + i];
        for (std::size_t j = 0; j <= i; ++j)
            sums.explained_squares += (i == j ? 1 : 2) * by[i] * by[j] * *each++;
    }
    return sums;
}

std::vector<double> ControlledMeans::shared_coefficients(const Rest& rest, std::size_t but,
                                                         std::size_t and_but) const {
    const auto size = static_cast<Eigen::Index>(shared_);
    Eigen::MatrixXd squares = Eigen::MatrixXd::Zero(size, size);
    Eigen::VectorXd products = Eigen::VectorXd::Zero(size);
    Eigen::VectorXd means = Eigen::VectorXd::Zero(size);
    double count = 0;
    double sum = 0;
    for (std::size_t fold = 0; fold < folds; ++fold) {
        if (fold == but || fold == and_but) continue;
        count += counts_[fold];
        sum += rest.sums[fold];
        for (Eigen::Index i = 0; i < size; ++i) {
            const std::size_t at = controls_ + static_cast<std::size_t>(i);
            means(i) += control_sums_[fold * all() + at];
            products(i) += rest.products[fold][static_cast<std::size_t>(i)];
            for (Eigen::Index j = 0; j < size; ++j)
                squares(i, j) += squares_of(fold, at, controls_ + static_cast<std::size_t>(j));
        }
    }
    std::vector<double> found(shared_, 0.0);
    if (count == 0) return found;
    means /= count;
    products -= sum * means;
    squares -= count * means * means.transpose();
    // As above, in units of their own deviations.
    Eigen::VectorXd scale(size);
    for (Eigen::Index i = 0; i < size; ++i)
        scale(i) = squares(i, i) > 0 ? 1 / std::sqrt(squares(i, i) / count) : 0.0;
    squares = scale.asDiagonal() * squares * scale.asDiagonal();
    squares.diagonal().array() += ridge_of_shared;
    const Eigen::VectorXd right = scale.cwiseProduct(products);
    const Eigen::VectorXd solved = solve_symmetric(squares, right);
    for (std::size_t i = 0; i < shared_; ++i)
        found[i] = solved(static_cast<Eigen::Index>(i)) * scale(static_cast<Eigen::Index>(i));
    return found;
}

std::vector<double> ControlledMeans::shared_part(const Rest& rest, std::size_t fold) const {
    Sums others;
    for (std::size_t other = 0; other < folds; ++other) {
        if (other == fold) continue;
        const std::vector<double> by = shared_coefficients(rest, fold, other);
        Sums sums{.count = counts_[other], .value = rest.sums[other]};
        for (std::size_t i = 0; i < shared_; ++i) {
            sums.explained += by[i] * control_sums_[other * all() + controls_ + i];
            sums.products += by[i] * rest.products[other][i];
            for (std::size_t j = 0; j < shared_; ++j)
                sums.explained_squares += by[i] * by[j] * squares_of(other, controls_ + i, controls_ + j);
        }
        others += sums;
    }
    std::vector<double> taken = shared_coefficients(rest, fold, fold);
    const double part = others.best_part();
    for (double& each : taken) each *= part;
    return taken;
}

std::vector<ControlledMean> ControlledMeans::means() const {
    double count = 0;
    for (const double each : counts_) count += each;
    if (count < static_cast<double>(least_observations_of_controls)) return {};
    // By the two folds that they don't know.
    std::array<std::array<std::vector<double>, folds>, folds> without;
    for (std::size_t one = 0; one < folds; ++one)
        for (std::size_t other = one; other < folds; ++other)
            without[one][other] = without[other][one] = coefficients(one, other);
    const auto of_value = [&](std::size_t one, std::size_t other, std::size_t value) {
        return std::span<const double>(without[one][other]).subspan(value * controls_, controls_);
    };
    std::vector<ControlledMean> found;
    for (std::size_t value = 0; value < values_; ++value) {
        Sums left;
        bool has_controls = false;
        for (std::size_t fold = 0; fold < folds; ++fold) {
            Sums others;
            for (std::size_t other = 0; other < folds; ++other)
                if (other != fold) others += sums_of(other, value, of_value(fold, other, value));
            const double part = others.best_part();
            std::vector<double> taken(all(), 0.0);
            const std::span<const double> own = of_value(fold, fold, value);
            for (std::size_t i = 0; i < controls_; ++i) taken[i] = part * own[i];
            if (shared_ > 0) {
                Rest rest;
                for (std::size_t other = 0; other < folds; ++other) {
                    const std::span<const double> by = of_value(fold, other, value);
                    const Sums sums = sums_of(other, value, by);
                    rest.sums[other] = sums.value - part * sums.explained;
                    for (std::size_t i = controls_; i < all(); ++i) {
                        double product = products_[(other * values_ + value) * all() + i];
                        for (std::size_t j = 0; j < controls_; ++j)
                            product -= part * by[j] * squares_of(other, i, j);
                        rest.products[other].push_back(product);
                    }
                }
                std::ranges::copy(shared_part(rest, fold),
                                  taken.begin() + static_cast<std::ptrdiff_t>(controls_));
            }
            has_controls = has_controls || std::ranges::any_of(taken, [](double each) { return each != 0; });
            left += sums_of(fold, value, taken).less(1);
        }
        found.push_back({.count = static_cast<std::uint64_t>(count),
                         .mean = left.value / left.count,
                         .standard_error = std::sqrt(left.variance() / left.count),
                         .has_controls = has_controls});
    }
    return found;
}

}  // namespace venturi
