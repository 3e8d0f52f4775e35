#include "agents/talent/graded_workforce.hpp"

#include "sim/dense_systems.hpp"
#include "sim/exponential_decay.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

namespace venturi {

namespace {

void require(bool holds, const char* message) {
    if (!holds) throw std::invalid_argument(message);
}

void require_rates(const Eigen::VectorXd& rates, const char* what) {
    for (Eigen::Index i = 0; i < rates.size(); ++i)
        if (!(rates[i] >= 0) || !std::isfinite(rates[i]))
            throw std::invalid_argument("grade " + std::to_string(i) + ": " + what
                                        + " is a number of at least 0");
}

SteppedWorkforceOptions checked(const SteppedWorkforceOptions& options) {
    require(options.recruits_split.size() == options.transitions.rows(),
            "a workforce has a share of the recruits and a row of transitions for each grade");
    require_rates(options.recruits_split, "the share of the recruits");
    require(std::isfinite(options.recruits_per_step) && options.recruits_per_step >= 0,
            "recruits per step are a number of at least 0");
    require(std::abs(options.recruits_split.sum() - 1) <= 1e-12, "the shares of the recruits sum to 1");
    return options;
}

ReviewedWorkforceOptions checked(const ReviewedWorkforceOptions& options) {
    const Eigen::Index n = options.hire_rate.size();
    require(options.leave_rate.size() == n && options.review.rows() == n,
            "a workforce has a hire rate, a leave rate and a row of the review for each grade");
    require_rates(options.hire_rate, "the hire rate");
    require_rates(options.leave_rate, "the leave rate");
    require(std::isfinite(options.review_interval) && options.review_interval > 0,
            "the interval between reviews is above 0");
    require(options.review.cols() == n, "a review has a column for each grade");
    require_transition_probabilities(options.review, "grade");
    return options;
}

// A number for each grade of what the decay at its leave rate amounts to in `time`.
template <class Term>
Eigen::VectorXd by_grade(const Eigen::VectorXd& leave_rate, double time, Term&& term) {
    return leave_rate.unaryExpr([&](double rate) { return term(exponential_decay(rate, time), rate); });
}

Eigen::VectorXd staying(const Eigen::VectorXd& leave_rate, double time) {
    return by_grade(leave_rate, time, [](const ExponentialDecay& decay, double) { return decay.remaining; });
}

Eigen::VectorXd time_at_work(const Eigen::VectorXd& leave_rate, double time) {
    return by_grade(leave_rate, time,
                    [](const ExponentialDecay& decay, double) { return decay.integral_of_remaining; });
}

Eigen::VectorXd time_of_hires(const Eigen::VectorXd& leave_rate, double time) {
    return by_grade(leave_rate, time, [time](const ExponentialDecay& decay, double rate) {
        return rate > 0 ? decay.integral_of_lost / rate : time * time / 2;
    });
}

}  // namespace

SteppedWorkforce::SteppedWorkforce(const SteppedWorkforceOptions& options)
    : careers_(checked(options).transitions, "grade"),
      recruits_(options.recruits_per_step * options.recruits_split) {}

Eigen::VectorXd SteppedWorkforce::expected_stocks(const Eigen::VectorXd& stocks, int steps) const {
    Eigen::VectorXd result = stocks;
    for (int step = 0; step < steps; ++step)
        result = (careers_.transitions().transpose() * result + recruits_).eval();
    return result;
}

Eigen::VectorXd SteppedWorkforce::stationary_stocks() const {
    return careers_.visit_rates(recruits_);
}

Eigen::VectorXd SteppedWorkforce::mean_tenures() const {
    return careers_.total_reward(Eigen::VectorXd::Ones(grades()));
}

double SteppedWorkforce::mean_tenure() const {
    const double recruits = recruits_.sum();
    return recruits > 0 ? mean_tenures().dot(recruits_) / recruits : 0;
}

Eigen::MatrixXd SteppedWorkforce::moves(const Eigen::VectorXd& stocks) const {
    return stocks.asDiagonal() * careers_.transitions();
}

Eigen::VectorXd SteppedWorkforce::promotions(const Eigen::VectorXd& stocks) const {
    return moves(stocks).diagonal(1);
}

Eigen::VectorXd SteppedWorkforce::wastage(const Eigen::VectorXd& stocks) const {
    return stocks.cwiseProduct(careers_.exits());
}

ReviewedWorkforce::ReviewedWorkforce(const ReviewedWorkforceOptions& options)
    : options_(checked(options)),
      stays_(staying(options_.leave_rate, options_.review_interval)),
      time_at_work_(time_at_work(options_.leave_rate, options_.review_interval)),
      time_of_hires_(time_of_hires(options_.leave_rate, options_.review_interval)),
      careers_(stays_.asDiagonal() * options_.review, "grade") {
    // n⁺ = Qᵀ n⁻ with n⁻ = D n⁺ + A h, so that n⁺ = (I − Qᵀ D)⁻¹ Qᵀ A h: the chain of reviews, entered at the
    // first.
    const Eigen::VectorXd reach_review = time_at_work_.cwiseProduct(options_.hire_rate);
    after_ = careers_.visit_rates(options_.review.transpose() * reach_review);
    before_ = stays_.cwiseProduct(after_) + reach_review;
}

Eigen::VectorXd ReviewedWorkforce::stocks_since_review(double since_review) const {
    return staying(options_.leave_rate, since_review).cwiseProduct(after_)
           + time_at_work(options_.leave_rate, since_review).cwiseProduct(options_.hire_rate);
}

Eigen::VectorXd ReviewedWorkforce::mean_stocks() const {
    return (time_at_work_.cwiseProduct(after_) + time_of_hires_.cwiseProduct(options_.hire_rate))
           / options_.review_interval;
}

Eigen::VectorXd ReviewedWorkforce::stocks_after_reviews(const Eigen::VectorXd& stocks, int reviews) const {
    Eigen::VectorXd result = stocks;
    for (int review = 0; review < reviews; ++review) {
        const Eigen::VectorXd before =
            stays_.cwiseProduct(result) + time_at_work_.cwiseProduct(options_.hire_rate);
        result = options_.review.transpose() * before;
    }
    return result;
}

Eigen::MatrixXd ReviewedWorkforce::mean_time_in_grades() const {
    const Eigen::MatrixXd after_review = careers_.expected_visits() * time_at_work_.asDiagonal();
    const Eigen::MatrixXd before_first = time_of_hires_.asDiagonal();
    return (before_first + product(time_at_work_.asDiagonal() * options_.review, after_review))
           / options_.review_interval;
}

Eigen::VectorXd ReviewedWorkforce::mean_tenures() const {
    const Eigen::VectorXd after_review = careers_.total_reward(time_at_work_);
    return (time_of_hires_ + time_at_work_.cwiseProduct(options_.review * after_review))
           / options_.review_interval;
}

double ReviewedWorkforce::mean_tenure() const {
    const double hires = options_.hire_rate.sum();
    return hires > 0 ? mean_tenures().dot(options_.hire_rate) / hires : 0;
}

Eigen::MatrixXd ReviewedWorkforce::moves() const {
    return before_.asDiagonal() * options_.review / options_.review_interval;
}

Eigen::VectorXd ReviewedWorkforce::promotions() const {
    return moves().diagonal(1);
}

Eigen::VectorXd ReviewedWorkforce::dismissals() const {
    const Eigen::VectorXd kept = options_.review.rowwise().sum();
    return before_.cwiseProduct(Eigen::VectorXd::Ones(grades()) - kept).cwiseMax(0)  // rounding
           / options_.review_interval;
}

Eigen::VectorXd ReviewedWorkforce::leavers() const {
    return options_.leave_rate.cwiseProduct(mean_stocks());
}

}  // namespace venturi
