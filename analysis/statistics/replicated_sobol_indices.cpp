#include "analysis/statistics/replicated_sobol_indices.hpp"

#include "sim/contract.hpp"
#include "sim/ensemble/critical_value.hpp"
#include "sim/ensemble/moments.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace venturi {

namespace {

constexpr double held_by_intervals = 0.95;
constexpr double not_known = std::numeric_limits<double>::quiet_NaN();

/// Mean of products of different replications.
template <class Left, class Right>
double product_of_different(std::size_t replications, Left left, Right right) {
    double lefts = 0;
    double rights = 0;
    double same = 0;
    for (std::size_t i = 0; i < replications; ++i) {
        lefts += left(i);
        rights += right(i);
        same += left(i) * right(i);
    }
    const auto count = static_cast<double>(replications);
    return (lefts * rights - same) / (count * (count - 1));
}

Moments moments_of(std::span<const double> values) {
    Moments moments;
    for (const double value : values) moments.add(value);
    return moments;
}

double mean_of(const ResponseProducts& products) {
    return (products.first + products.second) / 2;
}

/// What the variance needs of the base points whose results are known, less a value near their mean.
struct SampleSums {
    double count = 0;
    double sum = 0;
    double squares = 0;
    double noise_of_means = 0;

    /// Takes a point in, or out again where `sign` is −1.
    void add(const ResponseProducts& point, double centre, double sign = 1) {
        const double mean = mean_of(point);
        count += sign;
        sum += sign * (mean - centre);
        squares +=
            sign * ((point.first_squared + point.second_squared) / 2 - 2 * centre * mean + centre * centre);
        noise_of_means += sign * (mean * mean - point.mean_squared);
    }
    /// The noise of the mean is in both factors of its square.
    [[nodiscard]] double variance() const {
        return squares / count - (sum * sum - noise_of_means) / (count * count);
    }
};

/// And what the parts of an input need.
struct InputSums {
    double known = 0;
    double change = 0;
    double by_second = 0;
    double squared_change = 0;
    double noise = 0;  // of the mean times the change

    void add(const ResponseProducts& point, const ResponseProducts::Input& input, double centre,
             double sign = 1) {
        if (!input.known) return;
        known += sign;
        change += sign * input.change;
        by_second += sign * (input.by_second - centre * input.change);
        squared_change += sign * input.squared_change;
        noise += sign * (mean_of(point) * input.change - input.by_mean);
    }
    /// The variance that the input alone brings.
    [[nodiscard]] double first(const SampleSums& all) const {
        return (by_second - (all.sum * change - noise) / all.count) / known;
    }
    /// The variance that would be left if only the input were not known.
    [[nodiscard]] double total() const { return squared_change / (2 * known); }
};

/// An estimate with its pseudo-values (Tukey's jackknife), one for each known base point: the estimate, and
/// as many times as there are other points what it is above that of the others alone.
struct Jackknifed {
    double value = not_known;
    std::vector<double> pseudo_values = {};

    void add(double without, std::size_t points) {
        pseudo_values.push_back(value + static_cast<double>(points - 1) * (value - without));
    }
};

/// How many standard errors an interval reaches to each side.
struct Reaches {
    double down = 0;
    double up = 0;
};

/// Student's t; further up where values are skewed to the right, by Hall's transformation ("On the removal of
/// skewness by transformation", J. R. Stat. Soc. B 54, 1992).
Reaches reaches_of(const Moments& values) {
    const auto count = static_cast<double>(values.count());
    const double critical = student_critical_value(held_by_intervals, count - 1);
    if (!(values.standard_error() > 0)) return {critical, critical};
    const double skewness = values.skewness() / std::sqrt(count);
    const double bend = skewness / 3;
    if (!(bend > 1e-9)) return {critical, critical};
    const double up = (1 - std::cbrt(1 - 3 * bend * (critical + skewness / 6))) / bend;
    return {critical, std::max(critical, up)};
}

/// The lower end is above 0 just where `interval_of_part` knows an interval.
Interval interval_of_variance(const Jackknifed& variance) {
    const Moments moments = moments_of(variance.pseudo_values);
    if (moments.count() < 2 || !(moments.standard_error() >= 0)) return {not_known, not_known};
    const Reaches reaches = reaches_of(moments);
    return {variance.value - reaches.down * moments.standard_error(),
            variance.value + reaches.up * moments.standard_error()};
}

/// Second moments of the pseudo-values' means.
struct ErrorsOfMeans {
    double part = 0;
    double whole = 0;
    double both = 0;
};

ErrorsOfMeans errors_of(const Jackknifed& part, const Jackknifed& whole) {
    const std::size_t points = whole.pseudo_values.size();
    const double part_mean = moments_of(part.pseudo_values).mean();
    const double whole_mean = moments_of(whole.pseudo_values).mean();
    ErrorsOfMeans errors;
    for (std::size_t i = 0; i < points; ++i) {
        const double of_part = part.pseudo_values[i] - part_mean;
        const double of_whole = whole.pseudo_values[i] - whole_mean;
        errors.part += of_part * of_part;
        errors.whole += of_whole * of_whole;
        errors.both += of_part * of_whole;
    }
    const double scale = static_cast<double>(points) * (static_cast<double>(points) - 1);
    return {errors.part / scale, errors.whole / scale, errors.both / scale};
}

/// Fieller's interval of a ratio ("Some problems in interval estimation", J. R. Stat. Soc. B 16, 1954): all θ
/// for which part − θ whole is within so many standard errors of 0; NaN where the whole itself is.
Interval fieller_interval(double part, double whole, const ErrorsOfMeans& errors, double critical) {
    // a θ² − 2 b θ + c ≤ 0
    const double a = whole * whole - critical * critical * errors.whole;
    const double b = part * whole - critical * critical * errors.both;
    const double c = part * part - critical * critical * errors.part;
    if (!(whole > 0) || !(a > 0) || !std::isfinite(b) || !std::isfinite(c)) return {not_known, not_known};
    const double reach = std::sqrt(std::max(b * b - a * c, 0.0));
    return {std::min((b - reach) / a, part / whole), std::max((b + reach) / a, part / whole)};
}

/// The interval of a part of the variance. `skewed`: whether its own estimate is, as mean squares are. Its
/// upper end is then where part − θ whole, skewed as it is at Student's, is too far below 0.
Interval interval_of_part(const Jackknifed& part, const Jackknifed& whole, bool skewed) {
    const std::size_t points = whole.pseudo_values.size();
    if (points < 2) return {not_known, not_known};
    const ErrorsOfMeans errors = errors_of(part, whole);
    const double critical = student_critical_value(held_by_intervals, static_cast<double>(points) - 1);
    Interval interval = fieller_interval(part.value, whole.value, errors, critical);
    if (!skewed || std::isnan(interval.high)) return interval;
    Moments differences;
    for (std::size_t i = 0; i < points; ++i)
        differences.add(part.pseudo_values[i] - interval.high * whole.pseudo_values[i]);
    const double high = fieller_interval(part.value, whole.value, errors, reaches_of(differences).up).high;
    if (high > interval.high) interval.high = high;
    return interval;
}

/// Bounds of a part of the variance of which a share of base points is not known. `known` is the part among
/// the others; `least` and `most` are what an unknown point may add to the numerator, in units of their
/// variance, and `spread` to the variance.
Interval bounds_of(double known, double missing, double least, double most, double spread) {
    const double low = (1 - missing) * known + missing * least;
    const double high = (1 - missing) * known + missing * most;
    const double smallest = 1 - missing;
    const double largest = 1 - missing + missing * spread;
    return {std::clamp(std::min(low / smallest, low / largest), 0.0, 1.0),
            std::clamp(std::max(high / smallest, high / largest), 0.0, 1.0)};
}

/// The largest distance between two known means, and from the mean of all.
struct Reach {
    double across = 0;
    double from_mean = 0;
};

Reach reach_of(std::span<const ResponseProducts> products, double mean) {
    double least = std::numeric_limits<double>::infinity();
    double most = -least;
    const auto see = [&](double value) {
        least = std::min(least, value);
        most = std::max(most, value);
    };
    for (const ResponseProducts& each : products) {
        if (!each.known) continue;
        see(each.first);
        see(each.second);
        for (const ResponseProducts::Input& input : each.inputs)
            if (input.known) see(each.first + input.change);
    }
    return {most - least, std::max(most - mean, mean - least)};
}

}  // namespace

ResponseProducts response_products(const ReplicatedResponses& responses) {
    const std::size_t replications = responses.first.size();
    expects(replications >= 2 && responses.second.size() == replications,
            "there are two replications of all");
    const auto first = [&](std::size_t i) { return responses.first[i]; };
    const auto second = [&](std::size_t i) { return responses.second[i]; };
    const auto middle = [&](std::size_t i) { return (first(i) + second(i)) / 2; };
    const Moments of_first = moments_of(responses.first);
    const Moments of_second = moments_of(responses.second);
    ResponseProducts products{.first = of_first.mean(),
                              .second = of_second.mean(),
                              .first_squared = product_of_different(replications, first, first),
                              .second_squared = product_of_different(replications, second, second),
                              .mean_squared = product_of_different(replications, middle, middle),
                              .noise = (of_first.variance() + of_second.variance()) / 2};
    products.known = std::isfinite(products.first) && std::isfinite(products.second);
    for (const std::span<const double> mixed : responses.mixed) {
        expects(mixed.size() == replications, "there are as many replications of all");
        const auto change = [&](std::size_t i) { return mixed[i] - responses.first[i]; };
        double sum = 0;
        for (std::size_t i = 0; i < replications; ++i) sum += change(i);
        products.inputs.push_back({.change = sum / static_cast<double>(replications),
                                   .by_second = product_of_different(replications, change, second),
                                   .squared_change = product_of_different(replications, change, change),
                                   .by_mean = product_of_different(replications, change, middle),
                                   .known = products.known && std::isfinite(sum)});
    }
    return products;
}

double ReplicatedIndices::share_of_inputs() const {
    const double all = input_variance + noise_variance;
    return all > 0 ? std::clamp(input_variance / all, 0.0, 1.0) : not_known;
}

ReplicatedIndices replicated_sobol_indices(std::span<const ResponseProducts> products, std::size_t inputs) {
    for (const ResponseProducts& each : products)
        expects(each.inputs.size() == inputs, "each base point has products for every input");
    ReplicatedIndices indices;
    indices.inputs.resize(inputs);
    double noise = 0;
    for (const ResponseProducts& each : products) {
        if (!each.known) continue;
        ++indices.points;
        noise += each.noise;
    }
    indices.noise_variance = indices.points > 0 ? noise / static_cast<double>(indices.points) : not_known;

    double sum = 0;
    for (const ResponseProducts& each : products) sum += each.known ? mean_of(each) : 0;
    indices.mean = sum / static_cast<double>(indices.points);
    SampleSums all;
    for (const ResponseProducts& each : products)
        if (each.known) all.add(each, indices.mean);
    indices.input_variance = all.variance();
    Jackknifed whole{.value = indices.input_variance};
    for (const ResponseProducts& each : products) {
        if (!each.known) continue;
        SampleSums others = all;
        others.add(each, indices.mean, -1);
        whole.add(others.variance(), indices.points);
    }
    indices.input_variance_interval = interval_of_variance(whole);
    const Reach reach = reach_of(products, indices.mean);
    for (std::size_t input = 0; input < inputs; ++input) {
        ReplicatedIndex& index = indices.inputs[input];
        InputSums sums;
        for (const ResponseProducts& each : products) sums.add(each, each.inputs[input], indices.mean);
        Jackknifed first{.value = sums.first(all)};
        Jackknifed total{.value = sums.total()};
        for (const ResponseProducts& each : products) {
            if (!each.known) continue;
            SampleSums others = all;
            others.add(each, indices.mean, -1);
            InputSums of_others = sums;
            of_others.add(each, each.inputs[input], indices.mean, -1);
            first.add(of_others.first(others), indices.points);
            total.add(of_others.total(), indices.points);
        }
        const bool varies = indices.input_variance > 0 && sums.known > 0;
        index.first = varies ? first.value / whole.value : not_known;
        index.total = varies ? total.value / whole.value : not_known;
        index.first_interval = interval_of_part(first, whole, false);
        index.total_interval = interval_of_part(total, whole, true);
        for (const ResponseProducts& each : products) index.missing += each.inputs[input].known ? 0 : 1;
        index.first_bounds = {index.first, index.first};
        index.total_bounds = {index.total, index.total};
        if (index.missing == 0 || !(indices.input_variance > 0)) continue;
        const double missing = static_cast<double>(index.missing) / static_cast<double>(products.size());
        const double crossed = reach.from_mean * reach.across / indices.input_variance;
        const double squared = reach.across * reach.across / 2 / indices.input_variance;
        const double spread = reach.from_mean * reach.from_mean / indices.input_variance;
        index.first_bounds = bounds_of(index.first, missing, -crossed, crossed, spread);
        index.total_bounds = bounds_of(index.total, missing, 0, squared, spread);
    }
    return indices;
}

}  // namespace venturi
