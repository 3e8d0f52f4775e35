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

ControlledMeans::ControlledMeans(std::size_t values, std::size_t controls)
    : values_(values),
      controls_(controls),
      rows_(folds, 0.0),
      row_squares_(folds * triangle(), 0.0),
      row_products_(folds * values * controls, 0.0),
      counts_(folds, 0.0),
      sums_(folds * values, 0.0),
      squares_(folds * values, 0.0),
      control_sums_(folds * controls, 0.0),
      control_squares_(folds * triangle(), 0.0),
      products_(folds * values * controls, 0.0) {}

void ControlledMeans::add_row(std::uint64_t observation, std::span<const double> values,
                              std::span<const double> controls) {
    expects(values.size() == values_ && controls.size() == controls_, "a row has so many numbers");
    if (std::ranges::all_of(controls, [](double each) { return each == 0; })) return;
    const std::size_t fold = observation % folds;
    rows_[fold] += 1;
    add_products(values, controls, row_squares_.data() + fold * triangle(),
                 row_products_.data() + fold * values_ * controls_);
}

void ControlledMeans::add(std::uint64_t observation, std::span<const double> values,
                          std::span<const double> controls) {
    expects(values.size() == values_ && controls.size() == controls_, "an observation has so many numbers");
    const std::size_t fold = observation % folds;
    counts_[fold] += 1;
    for (std::size_t v = 0; v < values_; ++v) {
        sums_[fold * values_ + v] += values[v];
        squares_[fold * values_ + v] += values[v] * values[v];
    }
    for (std::size_t i = 0; i < controls_; ++i) control_sums_[fold * controls_ + i] += controls[i];
    add_products(values, controls, control_squares_.data() + fold * triangle(),
                 products_.data() + fold * values_ * controls_);
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
        const double* each = row_squares_.data() + fold * triangle();
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

ControlledMeans::Sums ControlledMeans::sums_of(std::size_t fold, std::size_t value,
                                               std::span<const double> by) const {
    Sums sums{.count = counts_[fold],
              .value = sums_[fold * values_ + value],
              .value_squares = squares_[fold * values_ + value]};
    const double* each = control_squares_.data() + fold * triangle();
    for (std::size_t i = 0; i < controls_; ++i) {
        sums.explained += by[i] * control_sums_[fold * controls_ + i];
        sums.products += by[i] * products_[(fold * values_ + value) * controls_ + i];
        for (std::size_t j = 0; j <= i; ++j)
            sums.explained_squares += (i == j ? 1 : 2) * by[i] * by[j] * *each++;
    }
    return sums;
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
        Sums all;
        bool has_controls = false;
        for (std::size_t fold = 0; fold < folds; ++fold) {
            Sums others;
            for (std::size_t other = 0; other < folds; ++other)
                if (other != fold) others += sums_of(other, value, of_value(fold, other, value));
            const double part = others.best_part();
            has_controls = has_controls || part > 0;
            all += sums_of(fold, value, of_value(fold, fold, value)).less(part);
        }
        found.push_back({.count = static_cast<std::uint64_t>(count),
                         .mean = all.value / all.count,
                         .standard_error = std::sqrt(all.variance() / all.count),
                         .has_controls = has_controls});
    }
    return found;
}

}  // namespace venturi
