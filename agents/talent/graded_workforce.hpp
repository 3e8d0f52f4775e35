// Bartholomew's graded manpower systems: how many people stand in which grade of a firm, how long they stay,
// and how they move, exactly.
//
// Vectors have an entry for each of n grades, numbered from 0, lowest first; matrices n × n, from (row) to
// (column). Recruits come as they come, whether or not others have left: flows push, stocks follow.
#pragma once

#include "sim/absorbing_chain.hpp"

#include <Eigen/Core>

namespace venturi {

/// What a workforce that moves once a step is.
struct SteppedWorkforceOptions {
    Eigen::MatrixXd transitions;   ///< P: probability per step of going from grade to grade; the rest leaves
    double recruits_per_step = 0;  ///< R, in expectation
    Eigen::VectorXd recruits_split;  ///< p₀: shares of the recruits by grade, summing to 1
};

/// A workforce in discrete time: expected stocks n(t + 1) = Pᵀ n(t) + R p₀. Bartholomew, Stochastic Models
/// for Social Processes, 3rd ed. (1982), ch. 3; Bartholomew, Forbes & McClean, Statistical Techniques for
/// Manpower Planning, 2nd ed. (1991), ch. 4. Times are in steps; whoever is recruited at t counts from n(t)
/// on.
class SteppedWorkforce {
  public:
    /// Throws std::invalid_argument, with a message for the user, where sizes differ, a probability or the
    /// number of recruits is negative, a row of P is above 1, the split does not sum to 1 (to 1e-12), or
    /// somebody can never leave.
    explicit SteppedWorkforce(const SteppedWorkforceOptions& options);

    [[nodiscard]] Eigen::Index grades() const { return careers_.size(); }

    /// Expected stocks after `steps` ≥ 0, from `stocks`.
    [[nodiscard]] Eigen::VectorXd expected_stocks(const Eigen::VectorXd& stocks, int steps) const;
    /// Expected stocks in the long run: R p₀ (I − P)⁻¹. Where the numbers of recruits are independent and
    /// Poisson, the stocks are so too, by thinning and superposition: these are then also their variances,
    /// and covariances are 0.
    [[nodiscard]] Eigen::VectorXd stationary_stocks() const;

    /// Expected steps in each grade (column) of one who enters in each grade (row): (I − P)⁻¹.
    [[nodiscard]] Eigen::MatrixXd mean_time_in_grades() const { return careers_.expected_visits(); }
    /// Expected steps in the firm, by grade of entry: its row sums.
    [[nodiscard]] Eigen::VectorXd mean_tenures() const;
    /// Expected steps in the firm of a recruit.
    [[nodiscard]] double mean_tenure() const;

    /// Expected moves of a step, from grade to grade, of `stocks`; who stays is on the diagonal.
    [[nodiscard]] Eigen::MatrixXd moves(const Eigen::VectorXd& stocks) const;
    /// Expected promotions of a step, from each grade to the next: n − 1 entries.
    [[nodiscard]] Eigen::VectorXd promotions(const Eigen::VectorXd& stocks) const;
    /// Expected leavers of a step, from each grade.
    [[nodiscard]] Eigen::VectorXd wastage(const Eigen::VectorXd& stocks) const;

  private:
    AbsorbingChain careers_;
    Eigen::VectorXd recruits_;  // R p₀
};

/// What a workforce with regular reviews is. Months.
struct ReviewedWorkforceOptions {
    Eigen::VectorXd hire_rate;   ///< h: recruits per month into each grade
    Eigen::VectorXd leave_rate;  ///< μ: per person and month, in each grade
    Eigen::MatrixXd review;  ///< Q: probability at a review of going from grade to grade; the rest is let go
    double review_interval = 12;  ///< T, above 0
};

/// A workforce that people leave at any time, and whose grades change at reviews, all at once.
///
/// Between reviews each grade is M/M/∞. With dᵢ = e^{−μᵢT} the probability of staying until the next review,
/// aᵢ = (1 − dᵢ) / μᵢ the expected time until leaving or that review, and bᵢ = (T − aᵢ) / μᵢ (T and T²/2
/// where μᵢ is 0), stocks n⁺ just after a review become
///
///     n⁻ᵢ = dᵢ n⁺ᵢ + aᵢ hᵢ       just before the next, and    n⁺ = Qᵀ n⁻    just after it,
///
/// so that in the long run n⁻ = (I − D Qᵀ)⁻¹ A h, with D and A diagonal. The time average over an interval is
/// n̄ᵢ = (aᵢ n⁺ᵢ + bᵢ hᵢ) / T. Of one person, with tᵢ the expected time to come just after a review and vᵢ
/// that on being hired, which falls uniformly into an interval (the age of an interval at a point of a
/// Poisson process),
///
///     tᵢ = aᵢ + dᵢ Σⱼ Qᵢⱼ tⱼ,    vᵢ = bᵢ / T + (aᵢ / T) Σⱼ Qᵢⱼ tⱼ,
///
/// and Little's law says Σ n̄ = Σ h v. With recruits from a Poisson process the stocks at a given phase of the
/// interval are in the long run independent and Poisson (people do not heed one another): their expectations
/// are also their variances. After Bartholomew (1982), ch. 3 and 5, whose models have the one or the other.
class ReviewedWorkforce {
  public:
    /// Throws std::invalid_argument, with a message for the user, where sizes differ, a rate or a probability
    /// is negative, a row of Q is above 1, the interval is not above 0, or somebody can never leave.
    explicit ReviewedWorkforce(const ReviewedWorkforceOptions& options);

    [[nodiscard]] Eigen::Index grades() const { return options_.hire_rate.size(); }

    /// Expected stocks, in the long run.
    [[nodiscard]] const Eigen::VectorXd& stocks_before_review() const { return before_; }
    [[nodiscard]] const Eigen::VectorXd& stocks_after_review() const { return after_; }
    /// `since_review` months after a review, in [0, T].
    [[nodiscard]] Eigen::VectorXd stocks_since_review(double since_review) const;
    /// Over an interval, on average.
    [[nodiscard]] Eigen::VectorXd mean_stocks() const;
    /// Expected stocks just after the review number `reviews` ≥ 0 to come, where `stocks` is just after one.
    [[nodiscard]] Eigen::VectorXd stocks_after_reviews(const Eigen::VectorXd& stocks, int reviews) const;

    /// Expected months in each grade (column) of one who is hired into each grade (row).
    [[nodiscard]] Eigen::MatrixXd mean_time_in_grades() const;
    /// Expected months in the firm, by grade of hire.
    [[nodiscard]] Eigen::VectorXd mean_tenures() const;
    /// Expected months in the firm of whoever is hired; 0 where nobody is.
    [[nodiscard]] double mean_tenure() const;

    /// Expected moves at reviews from grade to grade, per month; who stays in a grade is on the diagonal.
    [[nodiscard]] Eigen::MatrixXd moves() const;
    /// Expected promotions from each grade to the next, per month: n − 1 entries.
    [[nodiscard]] Eigen::VectorXd promotions() const;
    /// Let go at reviews, per month, from each grade.
    [[nodiscard]] Eigen::VectorXd dismissals() const;
    /// Who leave of their own accord, per month, from each grade.
    [[nodiscard]] Eigen::VectorXd leavers() const;

  private:
    ReviewedWorkforceOptions options_;
    // By grade, as above.
    Eigen::VectorXd stays_;          // d
    Eigen::VectorXd time_at_work_;   // a, of who is there just after a review
    Eigen::VectorXd time_of_hires_;  // b
    AbsorbingChain careers_;         // D Q: from just after a review to just after the next
    Eigen::VectorXd before_;         // n⁻
    Eigen::VectorXd after_;          // n⁺
};

}  // namespace venturi
