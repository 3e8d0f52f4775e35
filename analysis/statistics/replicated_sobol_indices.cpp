#include "analysis/statistics/replicated_sobol_indices.hpp"

#include "analysis/statistics/bootstrap.hpp"
#include "sim/contract.hpp"
#include "sim/ensemble/moments.hpp"
#include "sim/random/stream.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace venturi {

namespace {

constexpr std::size_t bootstrap_samples = 1000;
constexpr double bootstrap_tail = 0.025;  // of intervals of 95%
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

/// Estimates from base points with weights.
struct Estimates {
    double mean = 0;
    double variance = 0;
    std::vector<double> first;
    std::vector<double> total;
};

void estimate(std::span<const ResponseProducts> products, std::span<const double> weights,
              Estimates& estimates) {
    double count = 0;
    double sum = 0;
    double noise_of_means = 0;
    double squares = 0;
    for (std::size_t i = 0; i < products.size(); ++i) {
        if (!products[i].known) continue;
        const double mean = mean_of(products[i]);
        count += weights[i];
        sum += weights[i] * mean;
        noise_of_means += weights[i] * weights[i] * (mean * mean - products[i].mean_squared);
        squares += weights[i] * (products[i].first_squared + products[i].second_squared) / 2;
    }
    estimates.mean = sum / count;
    // The noise of the mean is in both factors of its square, and of its product with a change below.
    estimates.variance = squares / count - (sum * sum - noise_of_means) / (count * count);
    for (std::size_t input = 0; input < estimates.first.size(); ++input) {
        double known = 0;
        double crossed = 0;
        double squared = 0;
        for (std::size_t i = 0; i < products.size(); ++i) {
            const ResponseProducts::Input& each = products[i].inputs[input];
            if (!each.known) continue;
            known += weights[i];
            const double noise = mean_of(products[i]) * each.change - each.by_mean;
            crossed += weights[i] * (each.by_second - (sum * each.change - weights[i] * noise) / count);
            squared += weights[i] * each.squared_change;
        }
        const bool varies = estimates.variance > 0 && known > 0;
        estimates.first[input] = varies ? crossed / known / estimates.variance : not_known;
        estimates.total[input] = varies ? squared / (2 * known) / estimates.variance : not_known;
    }
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

    Estimates estimates{.first = std::vector<double>(inputs), .total = std::vector<double>(inputs)};
    std::vector<double> weights(products.size(), 1);
    estimate(products, weights, estimates);
    indices.mean = estimates.mean;
    indices.input_variance = estimates.variance;
    const Reach reach = reach_of(products, estimates.mean);
    for (std::size_t input = 0; input < inputs; ++input) {
        ReplicatedIndex& index = indices.inputs[input];
        index.first = estimates.first[input];
        index.total = estimates.total[input];
        for (const ResponseProducts& each : products) index.missing += each.inputs[input].known ? 0 : 1;
        index.first_bounds = {index.first, index.first};
        index.total_bounds = {index.total, index.total};
        if (index.missing == 0 || !(estimates.variance > 0)) continue;
        const double missing = static_cast<double>(index.missing) / static_cast<double>(products.size());
        const double crossed = reach.from_mean * reach.across / estimates.variance;
        const double squared = reach.across * reach.across / 2 / estimates.variance;
        const double spread = reach.from_mean * reach.from_mean / estimates.variance;
        index.first_bounds = bounds_of(index.first, missing, -crossed, crossed, spread);
        index.total_bounds = bounds_of(index.total, missing, 0, squared, spread);
    }

    std::vector<double> variances;
    std::vector<std::vector<double>> firsts(inputs);
    std::vector<std::vector<double>> totals(inputs);
    constexpr StreamAddress address{.seed = 3, .trajectory = 0, .agent = 0, .purpose = 0};
    for_each_resample(products.size(), bootstrap_samples, address, [&](std::span<const std::size_t> drawn) {
        count_drawn(drawn, weights);
        estimate(products, weights, estimates);
        variances.push_back(estimates.variance);
        for (std::size_t input = 0; input < inputs; ++input) {
            firsts[input].push_back(estimates.first[input]);
            totals[input].push_back(estimates.total[input]);
        }
    });
    indices.input_variance_interval = percentile_interval(std::move(variances), bootstrap_tail);
    for (std::size_t input = 0; input < inputs; ++input) {
        indices.inputs[input].first_interval = percentile_interval(std::move(firsts[input]), bootstrap_tail);
        indices.inputs[input].total_interval = percentile_interval(std::move(totals[input]), bootstrap_tail);
    }
    return indices;
}

}  // namespace venturi
