#include "sim/random/distribution.hpp"

#include "sim/infinity.hpp"

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

}  // namespace

double mean(const Distribution& distribution) {
    return std::visit(Mean{}, distribution);
}

double variance(const Distribution& distribution) {
    return std::visit(Variance{}, distribution);
}

}  // namespace venturi
