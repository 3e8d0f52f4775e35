#include "agents/network/power_law.hpp"

#include "sim/ensemble/stopped.hpp"
#include "sim/infinity.hpp"

#include <boost/math/special_functions/bernoulli.hpp>
#include <boost/math/special_functions/factorials.hpp>
#include <boost/math/tools/roots.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace venturi {

namespace {

constexpr std::uint64_t largest_sampled = std::uint64_t{1} << 53;
constexpr std::size_t tail_table_size = 1024;

std::string text_of(double number) {
    std::ostringstream text;
    text << number;
    return text.str();
}

// q^s ζ(s, q), which neither under- nor overflows, and its first two derivatives in s, divided by it.
struct ScaledZeta {
    double value = 0;
    double first = 0;
    double second = 0;

    // A term whose logarithm has these derivatives.
    void add(double term, double slope, double curvature) {
        value += term;
        first += term * slope;
        second += term * (slope * slope + curvature);
    }

    [[nodiscard]] double slope_of_logarithm() const { return first / value; }
    [[nodiscard]] double curvature_of_logarithm() const {
        return second / value - slope_of_logarithm() * slope_of_logarithm();
    }
};

constexpr std::size_t correction_count = 10;

// B_2j / (2j)!, of Euler and Maclaurin's corrections.
const std::array<double, correction_count>& correction_factors() {
    static const std::array<double, correction_count> factors = [] {
        std::array<double, correction_count> made{};
        for (unsigned j = 1; j <= correction_count; ++j)
            made[j - 1] = boost::math::bernoulli_b2n<double>(static_cast<int>(j))
                          / boost::math::factorial<double>(2 * j);
        return made;
    }();
    return factors;
}

ScaledZeta scaled_zeta(double s, double q) {
    ScaledZeta zeta;
    // Terms are summed as they are until k + q exceeds s + 10, where a correction is less than 1/36 of the
    // one before it; or, for a great s, until what remains is nothing beside the sum.
    double from = q;
    while (from < s + 10) {
        const double logarithm = std::log(from / q);
        const double term = std::exp(-s * logarithm);
        if (term * (1 + from / (s - 1)) < 1e-18 * zeta.value) return zeta;
        zeta.add(term, -logarithm, 0);
        from += 1;
    }
    const double logarithm = std::log(from / q);
    const double next = std::exp(-s * logarithm);
    zeta.add(next * from / (s - 1), -logarithm - 1 / (s - 1), 1 / ((s - 1) * (s - 1)));
    zeta.add(next / 2, -logarithm, 0);
    double rising = s / from;  // s (s + 1) ... (s + 2j − 2) / from^(2j − 1), and the logarithm's derivatives
    double slope = 1 / s;
    double curvature = -1 / (s * s);
    double last = s;
    for (const double factor : correction_factors()) {
        zeta.add(next * factor * rising, slope - logarithm, curvature);
        for (int step = 0; step < 2; ++step) {
            last += 1;
            rising *= last / from;
            slope += 1 / last;
            curvature -= 1 / (last * last);
        }
    }
    return zeta;
}

void expect_law(const PowerLaw& law) {
    if (!(law.exponent > 1 && std::isfinite(law.exponent)))
        throw std::invalid_argument("the exponent is " + text_of(law.exponent)
                                    + "; a power law without end has one greater than 1");
    if (law.smallest < 1) throw std::invalid_argument("the smallest value is 0; it is at least 1");
}

// P(X ≥ x) without the checks, x ≥ smallest. `whole` is the scaled zeta at `smallest`.
double tail_of(const PowerLaw& law, double whole, double x) {
    const double ratio = x / static_cast<double>(law.smallest);
    return scaled_zeta(law.exponent, x).value / whole * std::pow(ratio, -law.exponent);
}

// A sample, value by value: each with how many values are at least as large, and the sum of their logarithms.
struct Tails {
    std::vector<std::uint64_t> values = {};
    std::vector<double> logarithms = {};
    std::vector<double> count = {};
    std::vector<double> logarithm_sum = {};
};

Tails tails_of(std::vector<std::uint64_t> sample) {
    std::sort(sample.begin(), sample.end());
    Tails tails;
    std::vector<double> repeated;
    for (auto here = std::lower_bound(sample.begin(), sample.end(), std::uint64_t{1});
         here != sample.end();) {
        const auto next = std::upper_bound(here, sample.end(), *here);
        tails.values.push_back(*here);
        tails.logarithms.push_back(std::log(static_cast<double>(*here)));
        repeated.push_back(static_cast<double>(next - here));
        here = next;
    }
    const std::size_t size = tails.values.size();
    tails.count.resize(size + 1, 0.0);
    tails.logarithm_sum.resize(size + 1, 0.0);
    for (std::size_t i = size; i-- > 0;) {
        tails.count[i] = tails.count[i + 1] + repeated[i];
        tails.logarithm_sum[i] = tails.logarithm_sum[i + 1] + repeated[i] * tails.logarithms[i];
    }
    return tails;
}

// The exponent of greatest likelihood: the one for which the expected logarithm is the mean logarithm of the
// sample, here of x / smallest (CSN, equation B.8).
double likeliest_exponent(double smallest, double mean_logarithm) {
    const auto excess = [&](double exponent) {
        const ScaledZeta zeta = scaled_zeta(exponent, smallest);
        return std::pair(-zeta.slope_of_logarithm() - mean_logarithm, -zeta.curvature_of_logarithm());
    };
    // Values below 2^64 have a mean logarithm below 45, and that of the law exceeds it at 1.001; at 60 times
    // the smallest value another value than it has a probability of e^-60.
    const double guess = 1 + 1 / (mean_logarithm + std::log(smallest / (smallest - 0.5)));
    std::uintmax_t steps = 200;
    return boost::math::tools::newton_raphson_iterate(excess, guess, 1.001, 62 + 60 * smallest,
                                                      std::numeric_limits<double>::digits, steps);
}

// The distance between the tail from `begin` on and a law whose smallest value is at most that tail's;
// infinity as soon as it exceeds `limit`.
double distance_of(const Tails& tails, std::size_t begin, const PowerLaw& law, double limit) {
    const double whole = scaled_zeta(law.exponent, static_cast<double>(law.smallest)).value;
    const double log_smallest = std::log(static_cast<double>(law.smallest));
    double distance = 0;
    double at_least = 1;  // P(X ≥ the value at hand)
    std::uint64_t known = law.smallest;
    for (std::size_t i = begin; i < tails.values.size(); ++i) {
        const std::uint64_t value = tails.values[i];
        // The share of the sample is a step function: it is farthest from the law at a value or just below.
        if (value != known) at_least = tail_of(law, whole, static_cast<double>(value));
        distance = std::max(distance, std::abs(tails.count[i] / tails.count[begin] - at_least));
        at_least -= std::exp(-law.exponent * (tails.logarithms[i] - log_smallest)) / whole;
        known = value + 1;
        distance = std::max(distance, std::abs(tails.count[i + 1] / tails.count[begin] - at_least));
        if (distance > limit) return infinity;
    }
    return distance;
}

PowerLawFit fit_tail(const Tails& tails, std::size_t begin, std::uint64_t smallest, double limit) {
    const double count = tails.count[begin];
    const auto q = static_cast<double>(smallest);
    const double mean_logarithm = tails.logarithm_sum[begin] / count - std::log(q);
    PowerLawFit fit;
    fit.law = {.exponent = likeliest_exponent(q, mean_logarithm), .smallest = smallest};
    const ScaledZeta zeta = scaled_zeta(fit.law.exponent, q);
    fit.standard_error = 1 / std::sqrt(count * zeta.curvature_of_logarithm());
    fit.tail_count = static_cast<std::size_t>(count);
    fit.log_likelihood = -count * (std::log(zeta.value) + fit.law.exponent * mean_logarithm);
    fit.distance = distance_of(tails, begin, fit.law, limit);
    return fit;
}

std::optional<PowerLawFit> best_fit(const Tails& tails, const PowerLawOptions& options) {
    std::optional<PowerLawFit> best;
    for (std::size_t begin = 0; begin + 1 < tails.values.size(); ++begin) {
        stop_if_requested(options.stop);
        if (tails.count[begin] < static_cast<double>(options.least_tail)) break;
        const double limit = best ? best->distance : infinity;
        const PowerLawFit fit = fit_tail(tails, begin, tails.values[begin], limit);
        if (!best || fit.distance < best->distance) best = fit;
    }
    return best;
}

void expect_options(const PowerLawOptions& options) {
    if (options.least_tail < 2)
        throw std::invalid_argument("least_tail is " + std::to_string(options.least_tail)
                                    + "; an exponent is fitted to at least 2 values");
}

}  // namespace

double hurwitz_zeta(double s, double q) {
    if (!(s > 1 && std::isfinite(s)))
        throw std::invalid_argument("s is " + text_of(s) + "; the sum converges for an s greater than 1");
    if (!(q > 0 && std::isfinite(q)))
        throw std::invalid_argument("q is " + text_of(q) + "; it is positive and finite");
    return scaled_zeta(s, q).value * std::pow(q, -s);
}

double tail_probability(const PowerLaw& law, std::uint64_t x) {
    expect_law(law);
    if (x <= law.smallest) return 1;
    const double whole = scaled_zeta(law.exponent, static_cast<double>(law.smallest)).value;
    return tail_of(law, whole, static_cast<double>(x));
}

PowerLawSampler::PowerLawSampler(const PowerLaw& law) : law_(law) {
    expect_law(law);
    const double whole = scaled_zeta(law.exponent, static_cast<double>(law.smallest)).value;
    tail_.resize(tail_table_size);
    for (std::size_t i = 0; i < tail_table_size; ++i)
        tail_[i] = tail_of(law, whole, static_cast<double>(law.smallest + i));
}

std::uint64_t PowerLawSampler::operator()(double u) const {
    // The largest x with P(X ≥ x) > u.
    const auto beyond =
        std::partition_point(tail_.begin(), tail_.end(), [&](double tail) { return tail > u; });
    const auto found = static_cast<std::uint64_t>(beyond - tail_.begin());
    if (beyond != tail_.end()) return law_.smallest + std::max<std::uint64_t>(found, 1) - 1;
    std::uint64_t low = law_.smallest + found - 1;
    std::uint64_t high = 2 * low;
    while (high < largest_sampled && tail_probability(law_, high) > u) {
        low = high;
        high *= 2;
    }
    if (high >= largest_sampled) high = largest_sampled + 1;
    while (high - low > 1) {
        const std::uint64_t middle = low + (high - low) / 2;
        (tail_probability(law_, middle) > u ? low : high) = middle;
    }
    return low;
}

PowerLawFit fit_power_law(std::span<const std::uint64_t> values, std::uint64_t smallest) {
    if (smallest < 1) throw std::invalid_argument("the smallest value is 0; it is at least 1");
    const Tails tails = tails_of({values.begin(), values.end()});
    const auto begin = static_cast<std::size_t>(
        std::lower_bound(tails.values.begin(), tails.values.end(), smallest) - tails.values.begin());
    if (tails.values.size() - begin < 2)
        throw std::invalid_argument("fewer than two different values are at least " + std::to_string(smallest)
                                    + "; an exponent needs two");
    return fit_tail(tails, begin, smallest, infinity);
}

PowerLawFit fit_power_law(std::span<const std::uint64_t> values, const PowerLawOptions& options) {
    expect_options(options);
    const std::optional<PowerLawFit> best = best_fit(tails_of({values.begin(), values.end()}), options);
    if (!best)
        throw std::invalid_argument("the sample has no tail of " + std::to_string(options.least_tail)
                                    + " positive values of which two differ");
    return *best;
}

PowerLawTest test_power_law(std::span<const std::uint64_t> values, const PowerLawFit& fit,
                            const StreamAddress& address, const PowerLawTestOptions& options) {
    expect_options(options.fit);
    if (options.trials < 1) throw std::invalid_argument("trials is 0; a p-value needs at least 1");
    std::vector<std::uint64_t> body;
    for (const std::uint64_t value : values)
        if (value < fit.law.smallest) body.push_back(value);
    const double body_share =
        values.empty() ? 0 : static_cast<double>(body.size()) / static_cast<double>(values.size());
    const PowerLawSampler sampler(fit.law);

    std::uint64_t as_far = 0;
    for (std::uint64_t trial = 0; trial < options.trials; ++trial) {
        StreamAddress of_trial = address;
        of_trial.trajectory += static_cast<std::uint32_t>(trial);
        Stream stream(of_trial);
        std::vector<std::uint64_t> sample(values.size());
        for (std::uint64_t& value : sample) {
            const bool in_body = unit_uniform(stream.next_word()) < body_share;
            const double u = unit_uniform(stream.next_word());
            value =
                in_body ? body[static_cast<std::size_t>(u * static_cast<double>(body.size()))] : sampler(u);
        }
        // A sample that can't be fitted (all values alike) isn't far from its fit.
        const std::optional<PowerLawFit> again = best_fit(tails_of(std::move(sample)), options.fit);
        if (again && again->distance >= fit.distance) ++as_far;
    }
    const auto trials = static_cast<double>(options.trials);
    const double p_value = static_cast<double>(as_far) / trials;
    return {.trials = options.trials,
            .p_value = p_value,
            .standard_error = std::sqrt(p_value * (1 - p_value) / trials)};
}

PowerLawComparison compare_with_exponential(std::span<const std::uint64_t> values, const PowerLawFit& fit) {
    expect_law(fit.law);
    const auto smallest = static_cast<double>(fit.law.smallest);
    std::vector<double> tail;
    double sum = 0;
    for (const std::uint64_t value : values) {
        if (value < fit.law.smallest) continue;
        tail.push_back(static_cast<double>(value));
        sum += static_cast<double>(value) - smallest;
    }
    if (!(sum > 0))
        throw std::invalid_argument("no value exceeds " + std::to_string(fit.law.smallest)
                                    + "; an exponential law needs one");
    const auto count = static_cast<double>(tail.size());
    const double mean = sum / count;
    // P(X = smallest + y) = r^y (1 − r), of mean r / (1 − r).
    const double log_ratio = -std::log1p(1 / mean);
    const double log_first = -std::log1p(mean);
    const double log_whole = std::log(scaled_zeta(fit.law.exponent, smallest).value);
    std::vector<double> difference;
    difference.reserve(tail.size());
    double total = 0;
    for (const double value : tail) {
        const double power = -fit.law.exponent * std::log(value / smallest) - log_whole;
        const double exponential = log_first + (value - smallest) * log_ratio;
        difference.push_back(power - exponential);
        total += difference.back();
    }
    double squares = 0;
    for (const double one : difference) squares += (one - total / count) * (one - total / count);
    PowerLawComparison comparison{.log_likelihood_ratio = total, .standardised = 0, .p_value = 1};
    if (!(squares > 0)) return comparison;
    comparison.standardised = total / std::sqrt(squares);  // σ √n, with σ² = squares / n
    comparison.p_value = std::erfc(std::abs(comparison.standardised) / std::sqrt(2.0));
    return comparison;
}

}  // namespace venturi
