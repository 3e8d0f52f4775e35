#include "sim/random/distribution.hpp"

#include "sim/infinity.hpp"

#include <boost/math/special_functions/gamma.hpp>

#include <algorithm>
#include <numbers>

namespace venturi {

namespace {

struct Mean {
    double operator()(const Constant& d) const { return d.value; }
    double operator()(const Uniform& d) const { return (d.low + d.high) / 2; }
    double operator()(const Triangular& d) const { return (d.low + d.mode + d.high) / 3; }
    double operator()(const Normal& d) const { return d.mean; }
    double operator()(const LogNormal& d) const { return d.median * std::exp(d.spread * d.spread / 2); }
    double operator()(const Exponential& d) const { return d.mean; }
    double operator()(const Gamma& d) const { return d.mean; }
    double operator()(const Weibull& d) const { return d.scale * std::tgamma(1 + 1 / d.shape); }
    double operator()(const Pareto& d) const {
        return d.tail_index > 1 ? d.minimum * d.tail_index / (d.tail_index - 1) : infinity;
    }
};

struct Variance {
    double operator()(const Constant&) const { return 0; }
    double operator()(const Uniform& d) const { return (d.high - d.low) * (d.high - d.low) / 12; }
    double operator()(const Triangular& d) const {
        return (d.low * d.low + d.mode * d.mode + d.high * d.high - d.low * d.mode - d.low * d.high
                - d.mode * d.high)
               / 18;
    }
    double operator()(const Normal& d) const { return d.deviation * d.deviation; }
    double operator()(const LogNormal& d) const {
        return d.median * d.median * std::exp(d.spread * d.spread) * std::expm1(d.spread * d.spread);
    }
    double operator()(const Exponential& d) const { return d.mean * d.mean; }
    double operator()(const Gamma& d) const { return d.mean * d.mean / d.shape; }
    double operator()(const Weibull& d) const {
        const double first = std::tgamma(1 + 1 / d.shape);
        return d.scale * d.scale * (std::tgamma(1 + 2 / d.shape) - first * first);
    }
    double operator()(const Pareto& d) const {
        const double a = d.tail_index;
        return a > 2 ? d.minimum * d.minimum * a / ((a - 1) * (a - 1) * (a - 2)) : infinity;
    }
};

struct AtLeast {
    double value;

    [[nodiscard]] static double of_normal(double z) { return std::erfc(z / std::numbers::sqrt2) / 2; }

    double operator()(const Constant& d) const { return d.value >= value ? 1 : 0; }
    double operator()(const Uniform& d) const {
        return std::clamp((d.high - value) / (d.high - d.low), 0.0, 1.0);
    }
    double operator()(const Triangular& d) const {
        const double width = d.high - d.low;
        if (value <= d.low) return 1;
        if (value >= d.high) return 0;
        return value < d.mode ? 1 - (value - d.low) * (value - d.low) / (width * (d.mode - d.low))
                              : (d.high - value) * (d.high - value) / (width * (d.high - d.mode));
    }
    double operator()(const Normal& d) const {
        return d.deviation > 0 ? of_normal((value - d.mean) / d.deviation) : (d.mean >= value ? 1 : 0);
    }
    double operator()(const LogNormal& d) const {
        if (value <= 0) return 1;
        return d.spread > 0 ? of_normal(std::log(value / d.median) / d.spread) : (d.median >= value ? 1 : 0);
    }
    double operator()(const Exponential& d) const { return value > 0 ? std::exp(-value / d.mean) : 1; }
    double operator()(const Gamma& d) const {
        return value > 0 ? boost::math::gamma_q(d.shape, value * d.shape / d.mean) : 1;
    }
    double operator()(const Weibull& d) const {
        return value > 0 ? std::exp(-std::pow(value / d.scale, d.shape)) : 1;
    }
    double operator()(const Pareto& d) const {
        return value > d.minimum ? std::pow(d.minimum / value, d.tail_index) : 1;
    }
};

}  // namespace

double mean(const Distribution& distribution) {
    return std::visit(Mean{}, distribution);
}

double probability_of_at_least(const Distribution& distribution, double value) {
    return std::visit(AtLeast{value}, distribution);
}

double variance(const Distribution& distribution) {
    return std::visit(Variance{}, distribution);
}

}  // namespace venturi
