#include "agents/risk/operation_value.hpp"

#include "agents/risk/periodic_test.hpp"
#include "agents/risk/probability.hpp"
#include "sim/infinity.hpp"

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <numeric>

namespace venturi {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

double truth(bool value) {
    return value ? 1.0 : 0.0;
}
bool any_undefined(std::span<const double> x) {
    return std::any_of(x.begin(), x.end(), [](double value) { return std::isnan(value); });
}
double power(double base, double exponent) {
    if (base == 0 && exponent < 0) return not_a_number;
    return std::pow(base, exponent);
}

double quotient(std::span<const double> x) {
    double result = x.front();
    for (const double divisor : x.subspan(1)) result = divisor == 0 ? not_a_number : result / divisor;
    return result;
}

double chosen(std::span<const double> x) {
    for (std::size_t i = 0; i + 1 < x.size(); i += 2) {
        if (std::isnan(x[i])) return not_a_number;
        if (x[i] != 0) return x[i + 1];
    }
    return x.back();
}

double weibull_probability(double scale, double shape, double shift, double time) {
    if (!(scale > 0) || !(shape > 0) || !(shift >= 0) || !(time >= 0)) return not_a_number;
    return time <= shift ? 0 : -std::expm1(-std::pow((time - shift) / scale, shape));
}

double tested_unavailability(std::span<const double> x) {
    PeriodicTest test{.failure_rate = x[0]};
    if (x.size() == 11) {
        test = {.failure_rate = x[0],
                .failure_rate_in_test = x[1],
                .repair_rate = x[2],
                .interval = x[3],
                .first_test = x[4],
                .failure_at_test = x[5],
                .duration = x[6],
                .available_in_test = x[7] != 0,
                .coverage = x[8],
                .failed_restart = x[9]};
    } else {
        test.repair_rate = x.size() == 5 ? x[1] : infinity;
        test.interval = x[x.size() - 3];
        test.first_test = x[x.size() - 2];
    }
    const double time = x.back();
    if (any_undefined(x) || !is_sound(test) || !(time >= 0) || std::isinf(time)) return not_a_number;
    return unavailability(test, time);
}

// The logarithm's standard deviation, given the ratio of the quantile at `level` to the median.
double spread_of(double error_factor, double level) {
    constexpr double root_two = 1.41421356237309504880;
    return std::log(error_factor) / (root_two * boost::math::erf_inv(2 * level - 1));
}

double histogram_mean(std::span<const double> x) {
    double sum = 0;
    for (std::size_t i = 1; i + 1 < x.size(); i += 2) {
        const double below = i == 1 ? x[0] : x[i - 2];
        if (!(x[i] > below)) return not_a_number;
        sum += (x[i] - below) * x[i + 1];
    }
    return sum / (x[x.size() - 2] - x[0]);
}

// What a deviate's arguments say, checked: as a distribution that the project draws from, or what is to be
// done by itself.
bool has_sound_arguments(Operation operation, std::span<const double> x) {
    switch (operation) {
        case Operation::uniform_deviate:
            return x[0] <= x[1];
        case Operation::normal_deviate:
            return !std::isnan(x[0]) && x[1] >= 0;
        case Operation::lognormal_deviate:
            if (x.size() == 2) return !std::isnan(x[0]) && x[1] >= 0;
            return x[0] > 0 && x[1] >= 1 && x[2] > 0.5 && x[2] < 1;
        case Operation::histogram:
            return !std::isnan(histogram_mean(x));
        default:  // gamma, beta
            return x[0] > 0 && x[1] > 0 && !std::isinf(x[0]) && !std::isinf(x[1]);
    }
}

double mean_of_deviate(Operation operation, std::span<const double> x) {
    switch (operation) {
        case Operation::uniform_deviate:
            return std::midpoint(x[0], x[1]);
        case Operation::normal_deviate:
            return x[0];
        case Operation::lognormal_deviate:
            return x.size() == 3 ? x[0] : std::exp(x[0] + x[1] * x[1] / 2);
        case Operation::gamma_deviate:
            return x[0] * x[1];
        case Operation::beta_deviate:
            return x[0] / (x[0] + x[1]);
        default:  // histogram
            return histogram_mean(x);
    }
}

double beta_quantile(double alpha, double beta, double u) {
    using namespace boost::math::policies;
    using NoThrow = policy<domain_error<ignore_error>, pole_error<ignore_error>, overflow_error<ignore_error>,
                           underflow_error<ignore_error>, denorm_error<ignore_error>,
                           evaluation_error<ignore_error>, promote_double<false>>;
    return boost::math::ibeta_inv(alpha, beta, u, NoThrow());
}

// The purpose in the names of these draws; nothing else draws with their seeds and trajectories.
constexpr std::uint16_t purpose_of_deviates = 1;

double drawn_deviate(Operation operation, std::span<const double> x, ExpressionIndex deviate,
                     const DeviateDraws& draws) {
    const FastVariates variates(draws.seed, 0);
    DrawSource source{.agent = deviate, .purpose = purpose_of_deviates, .next = draws.trial};
    switch (operation) {
        case Operation::uniform_deviate:
            return variates.sample(source, Uniform{.low = x[0], .high = x[1]});
        case Operation::normal_deviate:
            return variates.sample(source, Normal{.mean = x[0], .deviation = x[1]});
        case Operation::lognormal_deviate: {
            if (x.size() == 2)
                return variates.sample(source, LogNormal{.median = std::exp(x[0]), .spread = x[1]});
            const double spread = spread_of(x[1], x[2]);
            return variates.sample(
                source, LogNormal{.median = x[0] * std::exp(-spread * spread / 2), .spread = spread});
        }
        case Operation::gamma_deviate:
            return variates.sample(source, Gamma{.shape = x[0], .mean = x[0] * x[1]});
        case Operation::beta_deviate:
            return beta_quantile(x[0], x[1], variates.uniform(source));
        default: {  // histogram: a bin by its width, and then its value
            const double z = x[0] + (x[x.size() - 2] - x[0]) * variates.uniform(source);
            std::size_t i = 1;
            while (i + 2 < x.size() && z > x[i]) i += 2;
            return x[i + 1];
        }
    }
}

double extreme(Operation operation, std::span<const double> x) {
    return operation == Operation::min ? *std::min_element(x.begin(), x.end())
                                       : *std::max_element(x.begin(), x.end());
}

// Of one argument.
double function_of(Operation operation, double x) {
    switch (operation) {
        case Operation::neg:
            return -x;
        case Operation::abs:
            return std::abs(x);
        case Operation::acos:
            return std::acos(x);
        case Operation::asin:
            return std::asin(x);
        case Operation::atan:
            return std::atan(x);
        case Operation::cos:
            return std::cos(x);
        case Operation::sin:
            return std::sin(x);
        case Operation::tan:
            return std::tan(x);
        case Operation::cosh:
            return std::cosh(x);
        case Operation::sinh:
            return std::sinh(x);
        case Operation::tanh:
            return std::tanh(x);
        case Operation::exp:
            return std::exp(x);
        case Operation::log:
            return x > 0 ? std::log(x) : not_a_number;
        case Operation::log10:
            return x > 0 ? std::log10(x) : not_a_number;
        case Operation::sqrt:
            return x >= 0 ? std::sqrt(x) : not_a_number;
        case Operation::ceil:
            return std::ceil(x);
        case Operation::floor:
            return std::floor(x);
        default:  // logical_not
            return truth(x == 0);
    }
}

// Of several, none of which is undefined.
double operation_on(Operation operation, std::span<const double> x) {
    switch (operation) {
        case Operation::add:
            return std::accumulate(x.begin(), x.end(), 0.0);
        case Operation::sub:
            return std::accumulate(x.begin() + 1, x.end(), x[0], std::minus<>{});
        case Operation::mul:
            return std::accumulate(x.begin(), x.end(), 1.0, std::multiplies<>{});
        case Operation::div:
            return quotient(x);
        case Operation::mod:
            return x[1] == 0 ? not_a_number : std::fmod(x[0], x[1]);
        case Operation::pow:
            return power(x[0], x[1]);
        case Operation::min:
        case Operation::max:
            return extreme(operation, x);
        case Operation::mean:
            return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
        case Operation::logical_and:
            return truth(std::none_of(x.begin(), x.end(), [](double value) { return value == 0; }));
        case Operation::logical_or:
            return truth(std::any_of(x.begin(), x.end(), [](double value) { return value != 0; }));
        case Operation::equal:
            return truth(x[0] == x[1]);
        case Operation::different:
            return truth(x[0] != x[1]);
        case Operation::less:
            return truth(x[0] < x[1]);
        case Operation::greater:
            return truth(x[0] > x[1]);
        case Operation::at_most:
            return truth(x[0] <= x[1]);
        case Operation::at_least:
            return truth(x[0] >= x[1]);
        case Operation::exponential:
            return x[0] >= 0 && x[1] >= 0 ? -std::expm1(-x[0] * x[1]) : not_a_number;
        case Operation::glm:
            if (!is_probability(x[0]) || !(x[1] >= 0) || !(x[2] >= 0) || !(x[3] >= 0)) return not_a_number;
            return repairable_unavailability(x[0], x[1], x[2], x[3]);
        case Operation::weibull:
            return weibull_probability(x[0], x[1], x[2], x[3]);
        case Operation::periodic_test:
            return tested_unavailability(x);
        default:
            return function_of(operation, x[0]);
    }
}

}  // namespace

double value_of_operation(Operation operation, std::span<const double> x) {
    if (operation == Operation::if_then_else || operation == Operation::choose) return chosen(x);
    return any_undefined(x) ? not_a_number : operation_on(operation, x);
}

double value_of_deviate(Operation operation, std::span<const double> x, ExpressionIndex deviate,
                        const DeviateDraws* draws) {
    if (any_undefined(x) || !has_sound_arguments(operation, x)) return not_a_number;
    return draws == nullptr ? mean_of_deviate(operation, x) : drawn_deviate(operation, x, deviate, *draws);
}

}  // namespace venturi
