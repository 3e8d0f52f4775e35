// Distributions that a user may choose: data, resolved once into a variant.
//
// How each variate is made (all count as one draw, see stream.hpp):
//   inversion, one uniform each, monotone in it: uniform, triangular, Weibull, Pareto, empirical choice
//   our ziggurat (ziggurat.hpp): exponential
//   Boost.Random, by ziggurat or rejection: normal, log-normal, gamma and Erlang
// The last two groups are scale or location-scale families (gamma: for a given shape), so a change of scale
// or location keeps two runs coupled without inversion.
#pragma once

#include "sim/contract.hpp"
#include "sim/random/stream.hpp"
#include "sim/random/ziggurat.hpp"

#include <boost/random/gamma_distribution.hpp>
#include <boost/random/normal_distribution.hpp>

#include <cmath>
#include <variant>

namespace venturi {

/// Always `value`.
struct Constant {
    double value = 0;
    friend bool operator==(const Constant&, const Constant&) = default;
};
/// Density 1 / (high − low) on [low, high).
struct Uniform {
    double low = 0;
    double high = 1;
    friend bool operator==(const Uniform&, const Uniform&) = default;
};
/// Density rising from `low` to `mode` and falling to `high`, both in a straight line.
struct Triangular {
    double low = 0;
    double mode = 0.5;
    double high = 1;
    friend bool operator==(const Triangular&, const Triangular&) = default;
};
/// Density exp(−(x − mean)² / (2 deviation²)) / (deviation √(2π)).
struct Normal {
    double mean = 0;
    double deviation = 1;
    friend bool operator==(const Normal&, const Normal&) = default;
};
/// exp of a normal with mean ln(median) and standard deviation `spread`.
struct LogNormal {
    double median = 1;
    double spread = 1;
    friend bool operator==(const LogNormal&, const LogNormal&) = default;
};
/// Density exp(−x / mean) / mean.
struct Exponential {
    double mean = 1;
    friend bool operator==(const Exponential&, const Exponential&) = default;
};
/// Gamma with the given shape and mean; an Erlang where the shape is whole.
struct Gamma {
    double shape = 1;
    double mean = 1;
    friend bool operator==(const Gamma&, const Gamma&) = default;
};
/// Survival exp(−(x / scale)^shape).
struct Weibull {
    double shape = 1;
    double scale = 1;
    friend bool operator==(const Weibull&, const Weibull&) = default;
};
/// Survival (minimum / x)^tail_index for x ≥ minimum; infinite mean where the tail index is at most 1.
struct Pareto {
    double tail_index = 2;
    double minimum = 1;
    friend bool operator==(const Pareto&, const Pareto&) = default;
};

using Distribution =
    std::variant<Constant, Uniform, Triangular, Normal, LogNormal, Exponential, Gamma, Weibull, Pareto>;

/// Expected value; infinite for a Pareto with tail index at most 1.
[[nodiscard]] double mean(const Distribution& distribution);

/// Variance; infinite for a Pareto with tail index at most 2.
[[nodiscard]] double variance(const Distribution& distribution);

/// P(X ≥ value).
[[nodiscard]] double probability_of_at_least(const Distribution& distribution, double value);

/// One draw of each kind from an engine that lasts for one draw.
struct Sampler {
    DrawEngine& engine;

    double operator()(const Constant& constant) const { return constant.value; }
    double operator()(const Uniform& uniform) const {
        return uniform.low + (uniform.high - uniform.low) * unit_uniform(engine());
    }
    double operator()(const Triangular& triangular) const {
        const double u = unit_uniform(engine());
        const double width = triangular.high - triangular.low;
        const double left = triangular.mode - triangular.low;
        return u * width < left ? triangular.low + std::sqrt(u * width * left)
                                : triangular.high - std::sqrt((1 - u) * width * (width - left));
    }
    double operator()(const Normal& normal) const {
        return normal.mean + normal.deviation * boost::random::normal_distribution<double>{}(engine);
    }
    double operator()(const LogNormal& log_normal) const {
        return log_normal.median
               * std::exp(log_normal.spread * boost::random::normal_distribution<double>{}(engine));
    }
    double operator()(const Exponential& exponential) const {
        return exponential.mean * sample_unit_exponential(engine);
    }
    double operator()(const Gamma& gamma) const {
        return gamma.mean / gamma.shape * boost::random::gamma_distribution<double>{gamma.shape}(engine);
    }
    double operator()(const Weibull& weibull) const {
        return weibull.scale * std::pow(-std::log(open_uniform(engine())), 1 / weibull.shape);
    }
    double operator()(const Pareto& pareto) const {
        return pareto.minimum * std::pow(open_uniform(engine()), -1 / pareto.tail_index);
    }
};

/// One variate from a stream.
[[nodiscard]] inline double sample(const Distribution& distribution, Stream& stream) {
    DrawEngine engine = stream.next_draw();
    return std::visit(Sampler{engine}, distribution);
}

}  // namespace venturi
