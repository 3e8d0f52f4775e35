#include "agents/technology/noisy_quadratic.hpp"

#include "sim/contract.hpp"
#include "sim/infinity.hpp"

#include <Eigen/Core>
#include <boost/math/tools/minima.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace venturi {

namespace {

void check(const DescentSettings& settings) {
    expects(settings.learning_rate > 0 && std::isfinite(settings.learning_rate),
            "a learning rate is positive and finite");
    expects(settings.momentum >= 0 && settings.momentum < 1, "momentum lies in [0, 1)");
    expects(settings.batch_size > 0, "a batch size is positive");
}

void check(const QuadraticMode& mode) {
    expects(mode.curvature > 0 && std::isfinite(mode.curvature), "a curvature is positive and finite");
    expects(mode.noise_variance >= 0 && std::isfinite(mode.noise_variance),
            "a noise variance is not negative");
    expects(mode.initial_square >= 0 && std::isfinite(mode.initial_square), "a mean square is not negative");
}

// σ²: what the noise of one gradient adds to E[x²].
double noise_of_step(const QuadraticMode& mode, const DescentSettings& settings) {
    return settings.learning_rate * settings.learning_rate * mode.noise_variance / settings.batch_size;
}

// E[x²] after gradient descent.
double square_after_descent(const QuadraticMode& mode, const DescentSettings& settings, double iterations) {
    const double reach = settings.learning_rate * mode.curvature;
    // log r, without loss of digits at either end of the stable range: |1 − ηh| = 1 − min(ηh, 2 − ηh).
    const double log_ratio = 2 * std::log1p(-std::min(reach, 2 - reach));
    const double log_power = iterations * log_ratio;
    const double noise = noise_of_step(mode, settings);
    // Left out where they are 0, for an overflowing power times 0 is no number.
    double square = 0;
    if (mode.initial_square > 0) square += mode.initial_square * std::exp(log_power);
    const double one_less_ratio = reach * (2 - reach);
    if (noise > 0)
        square += noise * (one_less_ratio != 0 ? -std::expm1(log_power) / one_less_ratio : iterations);
    return square;
}

// E[x²] after the heavy ball, by doubling.
double square_after_heavy_ball(const QuadraticMode& mode, const DescentSettings& settings,
                               std::uint64_t iterations) {
    const double reach = settings.learning_rate * mode.curvature;
    Eigen::Matrix2d map;  // of (x, v) over 1, 2, 4, ... steps
    map << 1 - reach, settings.momentum, -reach, settings.momentum;
    Eigen::Matrix2d noise = Eigen::Matrix2d::Constant(noise_of_step(mode, settings));  // gathered in as many
    Eigen::Matrix2d moments;
    moments << mode.initial_square, 0, 0, 0;
    for (std::uint64_t left = iterations; left > 0;) {
        if (left % 2 != 0) moments = Eigen::Matrix2d(map * moments * map.transpose() + noise);
        left /= 2;
        if (left == 0) break;
        noise += Eigen::Matrix2d(map * noise * map.transpose());
        map = Eigen::Matrix2d(map * map);
    }
    return moments(0, 0);
}

template <class LossOfMode>
double sum_over_modes(const NoisyQuadratic& model, LossOfMode loss_of_mode) {
    double sum = 0;
    for (const QuadraticMode& mode : model.modes) sum += loss_of_mode(mode);
    return sum;
}

double initial_loss(const NoisyQuadratic& model) {
    return sum_over_modes(model,
                          [](const QuadraticMode& mode) { return mode.curvature * mode.initial_square / 2; });
}

double largest_curvature(const NoisyQuadratic& model) {
    expects(!model.modes.empty(), "a noisy quadratic has a mode");
    double largest = 0;
    for (const QuadraticMode& mode : model.modes) largest = std::max(largest, mode.curvature);
    return largest;
}

// A learning rate so small that the expected loss still falls in it. With η h t ≤ 0.1 the loss is, to a
// factor of 0.8, ½ Σ h (E[x₀²] (1 − 2 η h t) + η² t c / B), which falls up to η = Σ h² E[x₀²] / Σ h c / B.
// Momentum stretches a step by up to 1 / (1 − β).
double surely_too_small(const NoisyQuadratic& model, const DescentSettings& settings, double iterations) {
    const double pull = sum_over_modes(model, [](const QuadraticMode& mode) {
        return mode.curvature * mode.curvature * mode.initial_square;
    });
    const double noise = sum_over_modes(model, [&](const QuadraticMode& mode) {
        return mode.curvature * mode.noise_variance / settings.batch_size;
    });
    const double undisturbed = 1 / (largest_curvature(model) * iterations);
    const double balanced = noise > 0 ? pull / noise : infinity;
    return 0.1 * (1 - settings.momentum) * std::min(undisturbed, balanced);
}

}  // namespace

NoisyQuadratic make_noisy_quadratic(const PowerLawSpectrum& spectrum) {
    expects(spectrum.modes > 0, "a noisy quadratic has a mode");
    expects(spectrum.curvature_exponent >= 0, "the exponent of a spectrum is not negative");
    expects(spectrum.initial_loss > 0, "a run begins above the minimum");
    NoisyQuadratic model;
    model.modes.reserve(spectrum.modes);
    double sum = 0;
    for (std::size_t i = 1; i <= spectrum.modes; ++i)
        sum += std::pow(static_cast<double>(i), -spectrum.loss_exponent);
    for (std::size_t i = 1; i <= spectrum.modes; ++i) {
        const auto number = static_cast<double>(i);
        const double curvature = std::pow(number, -spectrum.curvature_exponent);
        const double loss = spectrum.initial_loss * std::pow(number, -spectrum.loss_exponent) / sum;
        model.modes.push_back({.curvature = curvature,
                               .noise_variance = spectrum.noise * curvature,
                               .initial_square = 2 * loss / curvature});
        check(model.modes.back());
    }
    return model;
}

double expected_loss(const QuadraticMode& mode, const DescentSettings& settings, std::uint64_t iterations) {
    check(settings);
    check(mode);
    if (iterations == 0) return mode.curvature * mode.initial_square / 2;
    const double square = settings.momentum > 0
                              ? square_after_heavy_ball(mode, settings, iterations)
                              : square_after_descent(mode, settings, static_cast<double>(iterations));
    // Powers of a diverging map overflow, and infinities of both signs then meet.
    return std::isnan(square) ? infinity : mode.curvature * square / 2;
}

double expected_loss(const NoisyQuadratic& model, const DescentSettings& settings, std::uint64_t iterations) {
    return sum_over_modes(
        model, [&](const QuadraticMode& mode) { return expected_loss(mode, settings, iterations); });
}

double stationary_loss(const QuadraticMode& mode, const DescentSettings& settings) {
    check(settings);
    check(mode);
    const double slack = 2 * (1 + settings.momentum) - settings.learning_rate * mode.curvature;
    if (!(slack > 0)) return infinity;
    return settings.learning_rate * mode.noise_variance * (1 + settings.momentum)
           / (2 * settings.batch_size * (1 - settings.momentum) * slack);
}

double stationary_loss(const NoisyQuadratic& model, const DescentSettings& settings) {
    return sum_over_modes(model, [&](const QuadraticMode& mode) { return stationary_loss(mode, settings); });
}

double stability_limit(const NoisyQuadratic& model, double momentum) {
    expects(momentum >= 0 && momentum < 1, "momentum lies in [0, 1)");
    return 2 * (1 + momentum) / largest_curvature(model);
}

double attained_share(const NoisyQuadratic& model, const DescentSettings& settings,
                      std::uint64_t iterations) {
    const double before = initial_loss(model);
    expects(before > 0, "a run begins above the minimum");
    return std::clamp(1 - expected_loss(model, settings, iterations) / before, 0.0, 1.0);
}

TunedLearningRate best_learning_rate(const NoisyQuadratic& model, const DescentSettings& settings,
                                     std::uint64_t iterations) {
    expects(iterations > 0, "a learning rate matters to a run of at least one iteration");
    expects(initial_loss(model) > 0, "a run begins above the minimum");
    const auto loss_at = [&](double log_rate) {
        DescentSettings tried = settings;
        tried.learning_rate = std::exp(log_rate);
        return expected_loss(model, tried, iterations);
    };
    constexpr std::size_t parts = 16;
    constexpr int bits = 20;  // of the logarithm; the valley is flat at its bottom
    const double low = std::log(surely_too_small(model, settings, static_cast<double>(iterations)));
    const double high = std::log(stability_limit(model, settings.momentum));
    const auto place = [&](std::size_t i) { return low + (high - low) * static_cast<double>(i) / parts; };
    std::array<double, parts> losses = {};
    for (std::size_t i = 0; i < parts; ++i) losses[i] = loss_at(place(i));
    const auto best =
        static_cast<std::size_t>(std::min_element(losses.begin(), losses.end()) - losses.begin());
    const auto [log_rate, loss] = boost::math::tools::brent_find_minima(
        loss_at, place(best == 0 ? 0 : best - 1), place(best + 1), bits);
    // Among several valleys Brent's method may end in a worse one than it began in.
    if (losses[best] < loss) return {std::exp(place(best)), losses[best]};
    return {std::exp(log_rate), loss};
}

}  // namespace venturi
