#include "analysis/statistics/ranking_and_selection.hpp"

#include "sim/contract.hpp"

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/tools/toms748_solve.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

namespace venturi {

namespace {

double normal_probability(double x) {
    return std::erfc(-x / std::numbers::sqrt2) / 2;
}

/// Σ w f(x) is an expectation.
struct WeightedPoint {
    double x = 0;
    double weight = 0;
};

/// Of a χ² variable, by the trapezoidal rule over its logarithm: the integrand vanishes at both ends faster
/// than any power, so that the error does in the number of points.
std::vector<WeightedPoint> chi_squared_points(double degrees_of_freedom) {
    constexpr int parts = 160;
    constexpr double negligible = 1e-17;
    const boost::math::chi_squared distribution(degrees_of_freedom);
    const double low = std::log(boost::math::quantile(distribution, negligible));
    const double high = std::log(boost::math::quantile(boost::math::complement(distribution, negligible)));
    const double step = (high - low) / parts;
    std::vector<WeightedPoint> points;
    for (int i = 0; i <= parts; ++i) {
        const double x = std::exp(low + step * i);
        points.push_back({x, boost::math::pdf(distribution, x) * x * step});
    }
    return points;
}

double rinott_probability(const std::vector<WeightedPoint>& points, double degrees_of_freedom, double others,
                          double h) {
    double probability = 0;
    for (const WeightedPoint& best : points) {
        double one = 0;
        for (const WeightedPoint& other : points)
            one += other.weight
                   * normal_probability(h / std::sqrt(degrees_of_freedom * (1 / other.x + 1 / best.x)));
        probability += best.weight * std::pow(one, others);
    }
    return probability;
}

void scale_to_one(std::vector<double>& parts) {
    const double sum = std::accumulate(parts.begin(), parts.end(), 0.0);
    for (double& part : parts) part /= sum;
}

}  // namespace

double kim_nelson_h_squared(double error, double degrees_of_freedom) {
    expects(error > 0 && error < 0.5, "Kim and Nelson's error is between 0 and a half");
    expects(degrees_of_freedom > 0, "a variance has more than 0 degrees of freedom");
    return degrees_of_freedom * std::expm1(-2 / degrees_of_freedom * std::log(2 * error));
}

double kim_nelson_error(double h_squared, double degrees_of_freedom) {
    expects(h_squared >= 0, "h squared is no less than 0");
    expects(degrees_of_freedom > 0, "a variance has more than 0 degrees of freedom");
    return std::exp(-degrees_of_freedom / 2 * std::log1p(h_squared / degrees_of_freedom)) / 2;
}

PairedDifferences paired_differences(std::span<const double> left, std::span<const double> right) {
    PairedDifferences pairs;
    double squares = 0;
    for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i) {
        const double difference = left[i] - right[i];
        if (!std::isfinite(difference)) continue;
        ++pairs.count;
        const double before = difference - pairs.mean;
        pairs.mean += before / static_cast<double>(pairs.count);
        squares += before * (difference - pairs.mean);
    }
    if (pairs.count > 1) pairs.variance = squares / static_cast<double>(pairs.count - 1);
    return pairs;
}

double kim_nelson_evidence(const PairedDifferences& ahead, double indifference) {
    if (ahead.count < 2 || ahead.mean < 0) return 0;
    if (ahead.variance == 0) return ahead.mean > 0 ? std::numeric_limits<double>::infinity() : 0;
    return 2 * static_cast<double>(ahead.count) * indifference * (ahead.mean + indifference / 2)
           / ahead.variance;
}

double screening_distance(const PairedDifferences& differences, double quantile) {
    if (differences.count < 2) return std::numeric_limits<double>::infinity();
    return quantile * std::sqrt(differences.variance / static_cast<double>(differences.count));
}

double screening_error(const PairedDifferences& ahead) {
    if (ahead.count < 2) return 1;
    if (ahead.variance == 0) return ahead.mean > 0 ? 0 : 1;
    const auto count = static_cast<double>(ahead.count);
    const double t = ahead.mean / std::sqrt(ahead.variance / count);
    return boost::math::cdf(boost::math::complement(boost::math::students_t(count - 1), t));
}

double screening_quantile(double error, double degrees_of_freedom) {
    expects(error > 0 && error < 1, "the error of a screening is between 0 and 1");
    return boost::math::quantile(boost::math::complement(boost::math::students_t(degrees_of_freedom), error));
}

double rinott_constant(std::size_t designs, std::size_t first_stage, double probability) {
    expects(designs >= 2 && first_stage >= 3,
            "Rinott's procedure has two designs and three observations each");
    const auto others = static_cast<double>(designs - 1);
    expects(probability > 1 / (others + 1) && probability < 1,
            "a probability of correct selection is above that of a guess, and below 1");
    const auto degrees_of_freedom = static_cast<double>(first_stage - 1);
    const std::vector<WeightedPoint> points = chi_squared_points(degrees_of_freedom);
    const auto excess = [&](double h) {
        return rinott_probability(points, degrees_of_freedom, others, h) - probability;
    };
    double high = 4;
    while (excess(high) < 0) high *= 2;
    std::uintmax_t iterations = 100;
    constexpr int bits = 48;
    const auto [below, above] = boost::math::tools::toms748_solve(
        excess, 0.0, high, boost::math::tools::eps_tolerance<double>(bits), iterations);
    return (below + above) / 2;
}

double probability_of_correct_selection(std::span<const NormalDesign> designs) {
    expects(!designs.empty(), "a selection is among designs");
    for (const NormalDesign& design : designs)
        expects(design.deviation > 0 && design.observations > 0, "a design varies and is observed");
    const auto best = std::ranges::max_element(designs, {}, &NormalDesign::mean);
    const auto error_of = [](const NormalDesign& design) {
        return design.deviation / std::sqrt(design.observations);
    };
    // The trapezoidal rule, which is as exact as doubles are for what falls like a normal density.
    constexpr double reach = 9;
    constexpr int parts = 1152;
    constexpr double step = 2 * reach / parts;
    double probability = 0;
    for (int i = 0; i <= parts; ++i) {
        const double z = -reach + step * i;
        double density = std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
        for (auto other = designs.begin(); other != designs.end(); ++other)
            if (other != best)
                density *=
                    normal_probability((best->mean - other->mean + z * error_of(*best)) / error_of(*other));
        probability += density * step;
    }
    return probability;
}

std::vector<double> ocba_allocation(std::span<const double> means, std::span<const double> deviations) {
    expects(means.size() >= 2 && means.size() == deviations.size(),
            "an allocation is among two or more designs, each with a mean and a deviation");
    const auto best = static_cast<std::size_t>(std::ranges::max_element(means) - means.begin());
    std::vector<double> parts(means.size(), 0);
    double squares = 0;
    for (std::size_t i = 0; i < means.size(); ++i) {
        if (i == best) continue;
        const double gap = means[best] - means[i];
        expects(gap > 0 && deviations[i] > 0, "one design is best alone, and all vary");
        parts[i] = deviations[i] / gap * (deviations[i] / gap);
        squares += parts[i] / deviations[i] * (parts[i] / deviations[i]);
    }
    parts[best] = deviations[best] * std::sqrt(squares);
    scale_to_one(parts);
    return parts;
}

std::vector<double> paired_ocba_allocation(std::span<const double> gaps, std::span<const double> deviations) {
    expects(!gaps.empty() && gaps.size() == deviations.size(), "an allocation knows each gap's deviation");
    std::vector<double> parts;
    for (std::size_t i = 0; i < gaps.size(); ++i) {
        expects(gaps[i] > 0, "a gap is above 0");
        parts.push_back(deviations[i] / gaps[i] * (deviations[i] / gaps[i]));
    }
    const double most = *std::ranges::max_element(parts);
    expects(most > 0, "one difference at least varies");
    parts.push_back(most);
    scale_to_one(parts);
    return parts;
}

}  // namespace venturi
