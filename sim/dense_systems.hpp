// Dense linear systems and eigenvectors, compiled here once for all who solve them: each is some seconds of
// templates.
#pragma once

#include <Eigen/Core>

namespace venturi {

/// x of A x = b, for an n × n matrix that is not singular: LU factors with partial pivoting.
[[nodiscard]] Eigen::VectorXd solve(const Eigen::MatrixXd& matrix, const Eigen::VectorXd& right);

/// The same for a symmetric matrix, positive or negative semidefinite: LDLᵀ factors.
[[nodiscard]] Eigen::VectorXd solve_symmetric(const Eigen::MatrixXd& matrix, const Eigen::VectorXd& right);

/// The shortest X that makes |A X − B| least in each column: a complete orthogonal decomposition. A is m × n,
/// B is m × k, X is n × k.
[[nodiscard]] Eigen::MatrixXd least_squares(const Eigen::MatrixXd& matrix, const Eigen::MatrixXd& right);

/// A⁺ of an m × n matrix, n × m; pivots below `threshold` × the largest count as 0. Empty where the largest
/// is no more than `negligible`.
[[nodiscard]] Eigen::MatrixXd pseudo_inverse(const Eigen::MatrixXd& matrix, double threshold,
                                             double negligible);

/// Of an n × n symmetric matrix.
struct SymmetricEigenpairs {
    Eigen::VectorXd values;   ///< n, in increasing order
    Eigen::MatrixXd vectors;  ///< n × n, a column each, orthonormal
};
[[nodiscard]] SymmetricEigenpairs symmetric_eigenpairs(const Eigen::MatrixXd& matrix);

/// A B: (l × m) (m × n).
[[nodiscard]] Eigen::MatrixXd product(const Eigen::MatrixXd& one, const Eigen::MatrixXd& other);

}  // namespace venturi
