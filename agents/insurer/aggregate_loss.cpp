#include "agents/insurer/aggregate_loss.hpp"

#include <numeric>

namespace venturi {

namespace {

constexpr double most_log = 500;  // e^−500 and its square are normal numbers

}  // namespace

ClaimCount ClaimCount::poisson(double mean) {
    expects(mean >= 0 && mean <= most_log, "a mean number of claims is in [0, 500]");
    return {mean, 0, mean};
}

ClaimCount ClaimCount::negative_binomial(double shape, double mean) {
    expects(shape > 0 && std::isfinite(shape) && mean >= 0 && std::isfinite(mean),
            "shape and mean of a number of claims are not negative");
    const double a = mean / (shape + mean);
    const ClaimCount count(mean, a, (shape - 1) * a);
    expects(count.log_generating_function(0) >= -most_log, "no claims at all are not too rare");
    return count;
}

double ClaimCount::log_generating_function(double z) const {
    if (!(a_ > 0)) return -b_ * (1 - z);
    // ((1 − a) / (1 − a z))^shape, with shape = (a + b) / a.
    return (a_ + b_) / a_ * (std::log1p(-a_) - std::log1p(-a_ * z));
}

std::vector<double> compound_distribution(const ClaimCount& count, std::span<const double> claim) {
    expects(!claim.empty(), "a lattice has a point");
    std::vector<double> sum(claim.size());
    sum[0] = std::exp(count.log_generating_function(claim[0]));
    const double scale = 1 / (1 - count.a() * claim[0]);
    for (std::size_t k = 1; k < claim.size(); ++k) {
        // Σ (a + b j / k) f_j g_(k−j) in two sums, so that the loop has no division.
        double plain = 0;
        double weighted = 0;
        for (std::size_t j = 1; j <= k; ++j) {
            const double term = claim[j] * sum[k - j];
            plain += term;
            weighted += static_cast<double>(j) * term;
        }
        sum[k] = scale * (count.a() * plain + count.b() / static_cast<double>(k) * weighted);
    }
    return sum;
}

double limited_compound_mean(const ClaimCount& count, std::span<const double> claim, double step) {
    const std::vector<double> sum = compound_distribution(count, claim);
    // E[min(S, n h)] = h Σ P(S > k h) over k < n.
    double at_most = 0;
    double mean = 0;
    for (const double probability : sum) {
        at_most += probability;
        mean += 1 - at_most;
    }
    return mean * step;
}

}  // namespace venturi
