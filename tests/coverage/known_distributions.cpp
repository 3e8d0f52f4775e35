#include "tests/coverage/known_distributions.hpp"

#include "analysis/statistics/conditional_value_at_risk.hpp"
#include "analysis/statistics/findings.hpp"

#include <boost/math/distributions/normal.hpp>
#include <boost/random/bernoulli_distribution.hpp>
#include <boost/random/exponential_distribution.hpp>
#include <boost/random/lognormal_distribution.hpp>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/normal_distribution.hpp>
#include <boost/random/uniform_real_distribution.hpp>
#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

namespace venturi {

namespace {

using Random = boost::random::mt19937_64;
using Values = std::vector<double>;

constexpr std::size_t sample_size = 200;

struct KnownCase {
    std::string of;
    double truth = 0;
    std::function<double(Random&)> draw;
    std::function<Interval(const Values&)> interval;
};

Interval of_mean(const Values& values, Dimension dimension) {
    Moments moments;
    for (const double value : values) moments.add(value);
    return mean_finding(moments, dimension, Counting::none).interval;
}

Interval of_median(const Values& values) {
    Grouped<PooledValues> grouped{PooledValues{}};
    for (std::size_t i = 0; i < values.size(); ++i) grouped.of(i).add(values[i]);
    return pooled_median(grouped, Dimension::number).interval;
}

/// To age 1, in cells of a quarter.
Interval of_survival(const Values& values) {
    constexpr double cell = 0.25;
    Grouped<SurvivalCounts> grouped{SurvivalCounts(8, cell)};
    for (std::size_t i = 0; i < values.size(); ++i) grouped.of(i).add(values[i], Observed::event);
    return survival_findings(grouped, values.size()).at(4).interval;
}

std::vector<KnownCase> known_cases() {
    constexpr double spread = 0.5;  // of the log-normal
    constexpr double tail = 0.1;
    const boost::math::normal standard;
    const double edge = boost::math::quantile(standard, tail);
    const double tail_mean = std::exp(spread * spread / 2) * boost::math::cdf(standard, edge - spread) / tail;
    const auto normal = [](Random& random) { return boost::random::normal_distribution<>()(random); };
    const auto uniform = [](Random& random) { return boost::random::uniform_real_distribution<>()(random); };
    const auto exponential = [](Random& random) {
        return boost::random::exponential_distribution<>()(random);
    };
    const auto heads = [](Random& random) {
        return boost::random::bernoulli_distribution<>(0.3)(random) ? 1.0 : 0.0;
    };
    const auto log_normal = [=](Random& random) {
        return boost::random::lognormal_distribution<>(0, spread)(random);
    };
    const auto mean = [](const Values& values) { return of_mean(values, Dimension::number); };
    return {
        {"mean of a normal", 0, normal, mean},
        {"mean of a uniform", 0.5, uniform, mean},
        {"mean of an exponential", 1, exponential, mean},
        {"mean of a log-normal, spread 0.5", std::exp(spread * spread / 2), log_normal, mean},
        {"share of heads, 30%", 0.3, heads,
         [](const Values& values) { return of_mean(values, Dimension::share); }},
        {"median of a normal", 0, normal, of_median},
        {"median of an exponential", std::log(2.0), exponential, of_median},
        {"median of a log-normal", 1, log_normal, of_median},
        {"survival of exponential lives to their mean", std::exp(-1.0), exponential, of_survival},
        {"mean of the worst tenth of a log-normal", tail_mean, log_normal,
         [](const Values& values) { return conditional_value_at_risk(values, tail).interval; }},
    };
}

}  // namespace

void cover_known_distributions(std::uint64_t repetitions) {
    fmt::print(
        "{} values, {} repetitions\n\n| of | true | held | too low | too high |\n|---|---|---|---|---|\n",
        sample_size, repetitions);
    const auto n = static_cast<double>(repetitions);
    for (const KnownCase& known : known_cases()) {
        Random random(20240613);
        std::uint64_t below = 0;
        std::uint64_t above = 0;
        Values values(sample_size);
        for (std::uint64_t repetition = 0; repetition < repetitions; ++repetition) {
            for (double& value : values) value = known.draw(random);
            const Interval interval = known.interval(values);
            below += interval.high < known.truth ? 1U : 0U;
            above += interval.low > known.truth ? 1U : 0U;
        }
        const double held = 1 - static_cast<double>(below + above) / n;
        fmt::print("| {} | {:.4g} | {:.1f}% ± {:.1f} | {:.1f}% | {:.1f}% |\n", known.of, known.truth,
                   100 * held, 100 * std::sqrt(held * (1 - held) / n), 100 * static_cast<double>(below) / n,
                   100 * static_cast<double>(above) / n);
        std::fflush(stdout);
    }
}

}  // namespace venturi
