#include "sim/dense_systems.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace venturi;

namespace {

constexpr double pi = 3.14159265358979323846;

/// Second differences: eigenvalues 2 − 2 cos(kπ / (n + 1)), eigenvectors sin(ikπ / (n + 1)).
Eigen::MatrixXd second_differences(Eigen::Index n) {
    Eigen::MatrixXd matrix = 2 * Eigen::MatrixXd::Identity(n, n);
    for (Eigen::Index i = 0; i + 1 < n; ++i) matrix(i, i + 1) = matrix(i + 1, i) = -1;
    return matrix;
}

}  // namespace

TEST_CASE("a Hilbert matrix is solved for the integers of its inverse", "[dense]") {
    Eigen::MatrixXd hilbert(3, 3);
    for (int i = 0; i < 3; ++i)
        for (int j = 0; j < 3; ++j) hilbert(i, j) = 1.0 / (i + j + 1);
    // Its inverse has the rows 9 −36 30, −36 192 −180, 30 −180 180.
    const Eigen::Vector3d first(1, 0, 0);
    CHECK(solve(hilbert, first).isApprox(Eigen::Vector3d(9, -36, 30), 1e-12));
    CHECK(solve_symmetric(hilbert, first).isApprox(Eigen::Vector3d(9, -36, 30), 1e-12));
    CHECK(product(hilbert, solve(hilbert, first)).isApprox(first, 1e-13));
}

TEST_CASE("a matrix that is not symmetric is solved", "[dense]") {
    Eigen::MatrixXd matrix(2, 2);
    matrix << 0, 2, 3, 0;  // needs a pivot
    CHECK(solve(matrix, Eigen::Vector2d(4, 9)) == Eigen::Vector2d(3, 2));
}

TEST_CASE("second differences have the eigenpairs of a string", "[dense]") {
    const Eigen::Index n = 9;
    const SymmetricEigenpairs pairs = symmetric_eigenpairs(second_differences(n));
    for (Eigen::Index k = 0; k < n; ++k) {
        const double angle = static_cast<double>(k + 1) * pi / static_cast<double>(n + 1);
        CHECK(pairs.values[k] == Approx(2 - 2 * std::cos(angle)).epsilon(1e-13));
        Eigen::VectorXd wave(n);
        for (Eigen::Index i = 0; i < n; ++i) wave[i] = std::sin(static_cast<double>(i + 1) * angle);
        CHECK(std::abs(pairs.vectors.col(k).dot(wave.normalized())) == Approx(1).epsilon(1e-13));
    }
}

TEST_CASE("least squares fit the line of a textbook, column by column, and the shortest of many", "[dense]") {
    Eigen::MatrixXd design(3, 2);
    design << 1, 0, 1, 1, 1, 2;
    Eigen::MatrixXd response(3, 2);
    response << 6, 1, 0, 3, 0, 5;  // 5 − 3 x at best (Strang, Linear Algebra, 4.3); 1 + 2 x
    Eigen::MatrixXd lines(2, 2);
    lines << 5, 1, -3, 2;
    CHECK(least_squares(design, response).isApprox(lines, 1e-13));
    Eigen::MatrixXd sum(1, 2);
    sum << 1, 1;
    CHECK(least_squares(sum, Eigen::VectorXd::Constant(1, 2)).isApprox(Eigen::Vector2d(1, 1), 1e-13));
}

TEST_CASE("a pseudo-inverse leaves out what counts as nothing", "[dense]") {
    Eigen::MatrixXd matrix(2, 2);
    matrix << 4, 0, 0, 1e-6;
    Eigen::MatrixXd without(2, 2);
    without << 0.25, 0, 0, 0;
    Eigen::MatrixXd with(2, 2);
    with << 0.25, 0, 0, 1e6;
    CHECK(pseudo_inverse(matrix, 1e-4, 1e-12).isApprox(without, 1e-13));
    CHECK(pseudo_inverse(matrix, 1e-9, 1e-12).isApprox(with, 1e-13));
    CHECK(pseudo_inverse(matrix, 1e-4, 5).size() == 0);
}
