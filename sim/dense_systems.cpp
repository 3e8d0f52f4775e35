#include "sim/dense_systems.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <Eigen/LU>
#include <Eigen/QR>

namespace venturi {

Eigen::VectorXd solve(const Eigen::MatrixXd& matrix, const Eigen::VectorXd& right) {
    return matrix.partialPivLu().solve(right);
}

Eigen::VectorXd solve_symmetric(const Eigen::MatrixXd& matrix, const Eigen::VectorXd& right) {
    return matrix.ldlt().solve(right);
}

Eigen::MatrixXd least_squares(const Eigen::MatrixXd& matrix, const Eigen::MatrixXd& right) {
    return matrix.completeOrthogonalDecomposition().solve(right);
}

Eigen::MatrixXd pseudo_inverse(const Eigen::MatrixXd& matrix, double threshold, double negligible) {
    Eigen::CompleteOrthogonalDecomposition<Eigen::MatrixXd> factors;
    factors.setThreshold(threshold);
    factors.compute(matrix);
    if (!(factors.maxPivot() > negligible)) return {};
    return factors.pseudoInverse();
}

SymmetricEigenpairs symmetric_eigenpairs(const Eigen::MatrixXd& matrix) {
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(matrix);
    return {solver.eigenvalues(), solver.eigenvectors()};
}

Eigen::MatrixXd product(const Eigen::MatrixXd& one, const Eigen::MatrixXd& other) {
    return one * other;
}

}  // namespace venturi
