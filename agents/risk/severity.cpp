#include "agents/risk/severity.hpp"

#include "sim/contract.hpp"

#include <boost/math/special_functions/erf.hpp>
#include <boost/math/tools/roots.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace venturi {

namespace {

constexpr double root_two = std::numbers::sqrt2;
constexpr double root_two_pi = 2.50662827463100050242;

double normal_below(double z) {
    return std::erfc(-z / root_two) / 2;
}
double normal_above(double z) {
    return std::erfc(z / root_two) / 2;
}
double normal_density(double z) {
    return std::exp(-z * z / 2) / root_two_pi;
}
// The z that a standard normal exceeds with that probability in (0, 1).
double normal_exceeded_with(double probability) {
    return root_two * boost::math::erfc_inv(2 * probability);
}

// Φ(b) − Φ(a), from whichever ends of the normal are the smaller numbers.
double normal_between(double a, double b) {
    return a > 0 ? normal_above(a) - normal_above(b) : normal_below(b) - normal_below(a);
}

// ln(1 + ξ y) / ξ, y where ξ = 0: the generalised Pareto survival at y scales is e to minus this.
double log_growth(double shape, double y) {
    return shape > 0 ? std::log1p(shape * y) / shape : y;
}

// The inverse: (e^(ξ g) − 1) / ξ.
double growth(double shape, double log_growth) {
    return shape > 0 ? std::expm1(shape * log_growth) / shape : log_growth;
}

// f's root in [low, high], between whose ends it changes sign, to the last bits.
template <class Function>
double root_between(Function f, double low, double high) {
    std::uintmax_t iterations = 200;
    const auto bracket = boost::math::tools::toms748_solve(
        f, low, high, boost::math::tools::eps_tolerance<double>(52), iterations);
    return (bracket.first + bracket.second) / 2;
}

}  // namespace

Severity::Severity(const SeverityParameters& parameters)
    : median_(parameters.median),
      spread_(parameters.spread),
      tail_probability_(1 - parameters.tail_from),
      tail_shape_(parameters.tail_shape),
      threshold_(infinite),
      tail_scale_(parameters.tail_scale),
      body_mean_(parameters.median * std::exp(parameters.spread * parameters.spread / 2)) {
    expects(median_ > 0 && std::isfinite(median_), "the median of a loss is positive");
    expects(spread_ > 0 && spread_ <= 10, "the spread of a loss is positive, and at most 10");
    expects(parameters.tail_from > 0 && parameters.tail_from <= 1,
            "the tail of a loss begins at a quantile in (0, 1]");
    expects(tail_shape_ >= 0 && tail_shape_ < 1, "the shape of a tail with a finite mean is in [0, 1)");
    expects(tail_scale_ >= 0 && std::isfinite(tail_scale_), "the scale of a tail is not negative");
    if (!(tail_probability_ > 0)) return;
    // From the side on which the probability is not rounded to 1.
    const double z = parameters.tail_from < 0.5 ? -normal_exceeded_with(parameters.tail_from)
                                                : normal_exceeded_with(tail_probability_);
    threshold_ = median_ * std::exp(spread_ * z);
    if (!(tail_scale_ > 0)) tail_scale_ = tail_probability_ * spread_ * threshold_ / normal_density(z);
}

double Severity::standardised(double loss) const {
    return std::log(loss / median_) / spread_;
}

double Severity::distribution(double loss) const {
    if (!(loss > 0)) return 0;
    return loss <= threshold_ ? normal_below(standardised(loss)) : 1 - survival(loss);
}

double Severity::survival(double loss) const {
    if (!(loss > 0)) return 1;
    if (loss <= threshold_) return normal_above(standardised(loss));
    return tail_probability_ * std::exp(-log_growth(tail_shape_, (loss - threshold_) / tail_scale_));
}

double Severity::density(double loss) const {
    if (!(loss > 0)) return 0;
    if (loss <= threshold_) return normal_density(standardised(loss)) / (spread_ * loss);
    return survival(loss) / (tail_scale_ + tail_shape_ * (loss - threshold_));
}

double Severity::quantile(double probability) const {
    expects(probability >= 0 && probability <= 1, "a probability is in [0, 1]");
    // Where the probability of more is at least a half it is 1 − u without rounding that matters.
    if (probability > 0.5) return exceeded_with(1 - probability);
    if (probability == 0) return 0;
    if (1 - probability < tail_probability_) return exceeded_with(1 - probability);
    return median_ * std::exp(-spread_ * normal_exceeded_with(probability));
}

double Severity::exceeded_with(double probability) const {
    expects(probability >= 0 && probability <= 1, "a probability is in [0, 1]");
    if (probability == 0) return infinite;
    if (probability < tail_probability_)
        return threshold_ + tail_scale_ * growth(tail_shape_, std::log(tail_probability_ / probability));
    if (probability == 1) return 0;
    return median_ * std::exp(spread_ * normal_exceeded_with(probability));
}

double Severity::integrated_survival(double from, double to) const {
    expects(from >= 0 && to >= from, "deductible and limit are not negative");
    double integral = 0;
    if (from < threshold_) integral += integrated_body(from, std::min(to, threshold_));
    if (to > threshold_) integral += integrated_tail(std::max(from, threshold_), to);
    return integral;
}

// By parts: ∫ S = b S(b) − a S(a) + ∫ x f(x) dx, the last a log-normal's partial mean.
double Severity::integrated_body(double from, double to) const {
    const auto remaining = [&](double loss) {
        return loss > 0 && loss < infinite ? loss * normal_above(standardised(loss)) : 0;
    };
    const double low = from > 0 ? standardised(from) : -infinite;
    const double high = to < infinite ? standardised(to) : infinite;
    if (!(high > low)) return 0;
    // Rounding must not turn the expected loss of a thin layer negative.
    return std::max(
        remaining(to) - remaining(from) + body_mean_ * normal_between(low - spread_, high - spread_), 0.0);
}

// What exceeds a loss inside the tail has the tail's shape and the scale β + ξ (loss − t).
double Severity::integrated_tail(double from, double to) const {
    if (!(from < infinite)) return 0;
    const double scale = tail_scale_ + tail_shape_ * (from - threshold_);
    const double lost = -std::expm1(-(1 - tail_shape_) * log_growth(tail_shape_, (to - from) / scale));
    return survival(from) * scale / (1 - tail_shape_) * lost;
}

SeverityParameters scaled(SeverityParameters severity, double factor) {
    expects(factor > 0, "losses are scaled by a positive factor");
    severity.median *= factor;
    severity.tail_scale *= factor;
    return severity;
}

double spread_from_mean(double median, double mean) {
    expects(median > 0 && mean >= median, "the mean of a log-normal is at least its median");
    return std::sqrt(2 * std::log(mean / median));
}

SeverityParameters log_normal_through(const ExceededLoss& one, const ExceededLoss& other) {
    expects(one.loss > 0 && other.loss > one.loss, "two losses are given, the smaller one first");
    expects(one.probability < 1 && one.probability > other.probability && other.probability > 0,
            "the larger of two losses is exceeded less often");
    const double z = normal_exceeded_with(one.probability);
    const double spread = std::log(other.loss / one.loss) / (normal_exceeded_with(other.probability) - z);
    return {.median = one.loss * std::exp(-spread * z), .spread = spread, .tail_from = 1, .tail_shape = 0};
}

SeverityParameters severity_through(double median, const ExceededLoss& large, const ExceededLoss& larger,
                                    double tail_from) {
    expects(median > 0 && large.loss > median && larger.loss > large.loss,
            "median, large and larger loss are in order");
    expects(large.probability < 0.5 && large.probability > larger.probability && larger.probability > 0,
            "the larger of two losses is exceeded less often");
    expects(tail_from >= 0.5 && tail_from < 1, "the tail begins at a quantile in [0.5, 1)");
    // The more spread, the more often a loss above the median is exceeded; so the inner root is unique.
    const auto with_shape = [&](double shape) {
        SeverityParameters severity{
            .median = median, .spread = 0, .tail_from = tail_from, .tail_shape = shape};
        severity.spread = root_between(
            [&](double spread) {
                severity.spread = spread;
                return Severity(severity).survival(large.loss) - large.probability;
            },
            1e-3, 10.0);
        return severity;
    };
    const auto excess = [&](double shape) {
        return std::log(Severity(with_shape(shape)).survival(larger.loss) / larger.probability);
    };
    constexpr double heaviest = 0.999;
    expects(excess(0) <= 0 && excess(heaviest) >= 0, "a generalised Pareto tail fits the losses");
    return with_shape(root_between(excess, 0.0, heaviest));
}

}  // namespace venturi
