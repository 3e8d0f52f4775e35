// A Markov chain that is sure to be left: what routing matrices and career ladders have in common.
#pragma once

#include <Eigen/Core>
#include <Eigen/LU>

#include <string>
#include <string_view>

namespace venturi {

/// Throws std::invalid_argument, with a message for the user, where the matrix is not square or empty, an
/// entry is negative or no number, or a row sums to more than 1 by over 1e-12. `state` is what a row is
/// called
/// ("station"); rows are numbered from 0.
void require_transition_probabilities(const Eigen::MatrixXd& transitions, std::string_view state);

/// n states with transition probabilities P among them; the rest of each row leaves. Kemeny & Snell, Finite
/// Markov Chains (1960), ch. III: N = (I − P)⁻¹, the fundamental matrix, has the expected number of visits to
/// each state (column) by where the chain begins (row), the beginning counted.
class AbsorbingChain {
  public:
    /// `transitions` is n × n, `state` what a state is called. Throws std::invalid_argument as
    /// `require_transition_probabilities` does, and where a state can never be left for good. A probability
    /// of leaving below 1e-12 counts as rounding.
    AbsorbingChain(Eigen::MatrixXd transitions, std::string_view state);

    [[nodiscard]] Eigen::Index size() const { return transitions_.rows(); }
    [[nodiscard]] const Eigen::MatrixXd& transitions() const { return transitions_; }
    /// Probability of leaving, by state: n.
    [[nodiscard]] const Eigen::VectorXd& exits() const { return exits_; }

    /// N, n × n.
    [[nodiscard]] Eigen::MatrixXd expected_visits() const;
    /// N · reward: expected sum over all visits until the chain is left of a reward per visit, by where it
    /// begins. `reward` has n entries.
    [[nodiscard]] Eigen::VectorXd total_reward(const Eigen::VectorXd& reward) const;
    /// Nᵀ · entries: expected visits to each state per unit of time, where chains begin in the states at the
    /// rates `entries` (n).
    [[nodiscard]] Eigen::VectorXd visit_rates(const Eigen::VectorXd& entries) const;

  private:
    Eigen::MatrixXd transitions_;
    Eigen::VectorXd exits_;
    Eigen::PartialPivLU<Eigen::MatrixXd> one_step_;  // I − P
};

}  // namespace venturi
