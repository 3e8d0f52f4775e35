#include "agents/risk/early_warning.hpp"

#include "sim/contract.hpp"

#include <boost/math/special_functions/erf.hpp>

#include <cmath>
#include <numbers>
#include <variant>

namespace venturi {

namespace {

// E[1 − e^(−Q(U) / m)], U uniform, of a quantile Q that is smooth, as a function of u and of 1 − u. By the
// trapezoidal rule after u = 1 / (1 + e^(−π sinh s)), halving until two refinements change nothing: Takahasi
// and Mori, Publications of the Research Institute for Mathematical Sciences 9, 721–741 (1974).
template <class Quantile>
double mean_found(Quantile quantile, double mean_delay) {
    const auto integrand = [&](double s) {
        const double exponent = std::numbers::pi * std::sinh(s);
        const double below = 1 / (1 + std::exp(-exponent));
        const double above = 1 / (1 + std::exp(exponent));
        const double lead = quantile(below, above);
        if (!(lead > 0)) return 0.0;
        return -std::expm1(-lead / mean_delay) * std::numbers::pi * std::cosh(s) * below * above;
    };
    constexpr double reach = 4;  // what is left of u there is below 1e-37
    double step = 1.0 / 8;
    double sum = 0;
    for (double s = -reach; s <= reach; s += step) sum += integrand(s);
    double integral = sum * step;
    for (int agreements = 0; agreements < 2 && step > 1e-4;) {
        for (double s = -reach + step / 2; s <= reach; s += step) sum += integrand(s);
        step /= 2;
        agreements = std::abs(sum * step - integral) <= 1e-11 ? agreements + 1 : 0;
        integral = sum * step;
    }
    return integral;
}

double normal_quantile(double below, double above) {
    return std::numbers::sqrt2
           * (below < above ? -boost::math::erfc_inv(2 * below) : boost::math::erfc_inv(2 * above));
}

// 1 − E[e^(−L / m)].
struct FoundInTime {
    double mean_delay;

    double operator()(const Constant& lead) const {
        return lead.value > 0 ? -std::expm1(-lead.value / mean_delay) : 0;
    }
    double operator()(const Exponential& lead) const {
        return lead.mean > 0 ? 1 / (1 + mean_delay / lead.mean) : 0;
    }
    double operator()(const Gamma& lead) const {
        return -std::expm1(-lead.shape * std::log1p(lead.mean / (lead.shape * mean_delay)));
    }
    double operator()(const Uniform& lead) const {
        if (!(lead.high > 0)) return 0;
        const double low = lead.low > 0 ? lead.low : 0;
        const double width = lead.high - low;
        if (!(width > 0)) return (*this)(Constant{lead.high});
        // The part above 0, of which 1 − (e^(−low / m) − e^(−high / m)) m / width is found.
        const double positive = lead.low < 0 ? lead.high / (lead.high - lead.low) : 1;
        const double x = width / mean_delay;
        // (1 − e^−x) / x is 1 − x / 2 + ..., which must not cancel where checks are rare.
        const double missed_after_low = x > 0 ? -std::expm1(-x) / x : 1;
        const double found_after_low = x < 1e-4 ? x / 2 - x * x / 6 + x * x * x / 24 : 1 - missed_after_low;
        const double found_by_low = -std::expm1(-low / mean_delay);
        return positive * (found_by_low + (1 - found_by_low) * found_after_low);
    }
    // Each side of the mode by itself, and of the normal the part above 0: smooth quantiles.
    double operator()(const Triangular& lead) const {
        const double left = lead.mode - lead.low;
        const double right = lead.high - lead.mode;
        if (!(left + right > 0)) return (*this)(Constant{lead.mode});
        const double before =
            mean_found([&](double below, double) { return lead.low + left * std::sqrt(below); }, mean_delay);
        const double after = mean_found(
            [&](double, double above) { return lead.high - right * std::sqrt(above); }, mean_delay);
        return (left * before + right * after) / (left + right);
    }
    double operator()(const Normal& lead) const {
        if (!(lead.deviation > 0)) return (*this)(Constant{lead.mean});
        const double z = lead.mean / lead.deviation / std::numbers::sqrt2;
        const double positive = std::erfc(-z) / 2;
        const double negative = std::erfc(z) / 2;
        const auto quantile = [&](double below, double above) {
            return lead.mean
                   + lead.deviation * normal_quantile(negative + positive * below, positive * above);
        };
        return positive > 0 ? positive * mean_found(quantile, mean_delay) : 0;
    }
    double operator()(const LogNormal& lead) const {
        return mean_found(
            [&](double below, double above) {
                return lead.median * std::exp(lead.spread * normal_quantile(below, above));
            },
            mean_delay);
    }
    double operator()(const Weibull& lead) const {
        return mean_found(
            [&](double below, double above) {
                const double survived = below < above ? -std::log1p(-below) : -std::log(above);
                return lead.scale * std::pow(survived, 1 / lead.shape);
            },
            mean_delay);
    }
    double operator()(const Pareto& lead) const {
        return mean_found(
            [&](double, double above) { return lead.minimum * std::pow(above, -1 / lead.tail_index); },
            mean_delay);
    }
};

}  // namespace

double found_in_time(const Distribution& lead, double mean_delay) {
    expects(mean_delay > 0, "finding a precursor takes time");
    if (!std::isfinite(mean_delay)) return 0;
    return std::visit(FoundInTime{mean_delay}, lead);
}

double mean_detection_delay(const EarlyWarningParameters& warning) {
    expects(warning.checks >= 0 && warning.sensitivity >= 0 && warning.sensitivity <= 1,
            "checks are not negative, their sensitivity is in [0, 1]");
    const double rate = warning.checks * warning.sensitivity;
    return rate > 0 ? 1 / rate : std::numeric_limits<double>::infinity();
}

double warning_probability(const EarlyWarningParameters& warning) {
    expects(warning.visible >= 0 && warning.visible <= 1, "a visible share is in [0, 1]");
    return warning.visible * found_in_time(warning.lead, mean_detection_delay(warning));
}

double expected_cost_factor(const EarlyWarningParameters& warning) {
    expects(warning.warned_cost >= 0, "a cost is not negative");
    return 1 - warning_probability(warning) * (1 - warning.warned_cost);
}

}  // namespace venturi
