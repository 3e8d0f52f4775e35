#include "agents/technology/scaling_law.hpp"

#include "sim/contract.hpp"

#include <boost/math/tools/roots.hpp>

#include <cmath>
#include <cstdint>
#include <limits>

namespace venturi {

namespace {

constexpr double operations_per_parameter_and_token = 6;

void check(const ScalingLaw& law) {
    expects(law.irreducible_loss >= 0 && law.parameter_coefficient > 0 && law.parameter_exponent > 0
                && law.token_coefficient > 0 && law.token_exponent > 0,
            "coefficients and exponents of a scaling law are positive");
}

void check_compute(double compute) {
    expects(compute > 0 && std::isfinite(compute), "a training run takes positive, finite compute");
}

void check(const Allocation& allocation) {
    expects(allocation.parameters > 0 && allocation.tokens > 0, "parameters and tokens are positive");
}

// G of Hoffmann et al. (2022), eq. 4.
double frontier_constant(const ScalingLaw& law) {
    return std::pow(
        law.parameter_exponent * law.parameter_coefficient / (law.token_exponent * law.token_coefficient),
        1 / (law.parameter_exponent + law.token_exponent));
}

// The loss in excess of the irreducible one on the frontier is this times (C / 6) to minus the next.
double frontier_coefficient(const ScalingLaw& law) {
    return (1 + law.parameter_exponent / law.token_exponent) * law.parameter_coefficient
           * std::pow(frontier_constant(law), -law.parameter_exponent);
}
double frontier_exponent(const ScalingLaw& law) {
    return law.parameter_exponent * law.token_exponent / (law.parameter_exponent + law.token_exponent);
}

// By how much, in log, a law's term changes per change of log N or log D when some of it is repeated: the log
// of exponent × coefficient / effective^exponent × (d log effective / d log used). Sums of logs, for with
// many repeats the exponential underflows.
double log_slope(double exponent, double coefficient, double used, double unique, double repeats) {
    const double log_effective = std::log(effective_amount(used, unique, repeats));
    const double log_elasticity = std::log(used) - (used / unique - 1) / repeats - log_effective;
    return std::log(exponent * coefficient) - exponent * log_effective + log_elasticity;
}

}  // namespace

double training_compute(const Allocation& allocation) {
    return operations_per_parameter_and_token * allocation.parameters * allocation.tokens;
}

double training_loss(const ScalingLaw& law, const Allocation& allocation) {
    check(law);
    check(allocation);
    return law.irreducible_loss
           + law.parameter_coefficient * std::pow(allocation.parameters, -law.parameter_exponent)
           + law.token_coefficient * std::pow(allocation.tokens, -law.token_exponent);
}

Allocation compute_optimal(const ScalingLaw& law, double compute) {
    check(law);
    check_compute(compute);
    const double product = compute / operations_per_parameter_and_token;
    const double exponents = law.parameter_exponent + law.token_exponent;
    const double constant = frontier_constant(law);
    return {.parameters = constant * std::pow(product, law.token_exponent / exponents),
            .tokens = std::pow(product, law.parameter_exponent / exponents) / constant};
}

double compute_optimal_loss(const ScalingLaw& law, double compute) {
    check(law);
    check_compute(compute);
    return law.irreducible_loss
           + frontier_coefficient(law)
                 * std::pow(compute / operations_per_parameter_and_token, -frontier_exponent(law));
}

double compute_for_loss(const ScalingLaw& law, double loss) {
    check(law);
    const double excess = loss - law.irreducible_loss;
    if (!(excess > 0)) return std::numeric_limits<double>::infinity();
    return operations_per_parameter_and_token
           * std::pow(frontier_coefficient(law) / excess, 1 / frontier_exponent(law));
}

double compute_optimal_parameters(const ScalingLaw& law, double tokens) {
    check(law);
    expects(tokens > 0, "parameters and tokens are positive");
    const double constant = frontier_constant(law);
    return constant * std::pow(constant * tokens, law.token_exponent / law.parameter_exponent);
}

double effective_amount(double used, double unique, double repeats) {
    expects(unique > 0 && repeats > 0, "there is something unique, and its repetition is worth something");
    if (used <= unique || std::isinf(repeats)) return used;
    return unique * (1 - repeats * std::expm1(-(used / unique - 1) / repeats));
}

double repeated_loss(const ScalingLaw& law, const RepetitionLaw& repetition, const Allocation& allocation,
                     double unique_tokens) {
    check(allocation);
    const double unique_parameters = compute_optimal_parameters(law, unique_tokens);
    return training_loss(
        law, {.parameters =
                  effective_amount(allocation.parameters, unique_parameters, repetition.parameter_repeats),
              .tokens = effective_amount(allocation.tokens, unique_tokens, repetition.token_repeats)});
}

ConstrainedAllocation constrained_allocation(const ScalingLaw& law, const RepetitionLaw& repetition,
                                             double compute, double unique_tokens) {
    expects(unique_tokens > 0, "there are tokens to train on");
    expects(repetition.token_repeats > 0 && repetition.parameter_repeats > 0,
            "there is something unique, and its repetition is worth something");
    const Allocation unconstrained = compute_optimal(law, compute);
    if (unconstrained.tokens <= unique_tokens) {
        return {.parameters = unconstrained.parameters,
                .tokens = unconstrained.tokens,
                .epochs = unconstrained.tokens / unique_tokens,
                .loss = training_loss(law, unconstrained)};
    }
    const double product = compute / operations_per_parameter_and_token;
    const double unique_parameters = compute_optimal_parameters(law, unique_tokens);
    // Positive where another parameter takes more off the loss than the tokens it costs.
    const auto advantage_of_parameters = [&](double log_parameters) {
        const double parameters = std::exp(log_parameters);
        return log_slope(law.parameter_exponent, law.parameter_coefficient, parameters, unique_parameters,
                         repetition.parameter_repeats)
               - log_slope(law.token_exponent, law.token_coefficient, product / parameters, unique_tokens,
                           repetition.token_repeats);
    };
    double low = std::log(unique_parameters);
    double high = std::log(product / unique_tokens);
    const double at_low = advantage_of_parameters(low);
    const double at_high = advantage_of_parameters(high);
    // Rounding may turn a sign where tokens are only just too few, and the bracket is a point.
    if (at_low > 0 && at_high < 0) {
        std::uintmax_t most_evaluations = 100;
        const auto bracket = boost::math::tools::toms748_solve(
            advantage_of_parameters, low, high, at_low, at_high,
            boost::math::tools::eps_tolerance<double>(48), most_evaluations);
        low = bracket.first;
        high = bracket.second;
    }
    const double parameters = std::exp((low + high) / 2);
    const Allocation best{.parameters = parameters, .tokens = product / parameters};
    return {.parameters = best.parameters,
            .tokens = best.tokens,
            .epochs = best.tokens / unique_tokens,
            .loss = repeated_loss(law, repetition, best, unique_tokens)};
}

double algorithmic_efficiency(double months, double doubling_months) {
    expects(doubling_months > 0, "a doubling takes time");
    return std::exp2(months / doubling_months);
}

}  // namespace venturi
