// What an optimiser makes of a training run, exactly: the noisy quadratic model. Near a minimum a loss is a
// quadratic, and a gradient estimated from a batch is the true one plus noise; in the quadratic's own axes
// the coordinates do not see each other, and the second moments of each follow a linear recurrence that is
// solved here in closed form (gradient descent) or by repeated squaring (momentum), however long the run.
//
// Schaul, Zhang and LeCun, "No more pesky learning rates", ICML (2013); Zhang et al., "Which algorithmic
// choices matter at which batch sizes? Insights from a noisy quadratic model", NeurIPS (2019),
// arXiv:1907.04164.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace venturi {

/// One axis of the quadratic: loss ½ h x², and gradient h x + noise of mean 0 and variance c / batch size.
struct QuadraticMode {
    double curvature = 1;       ///< h > 0: loss per squared unit of x
    double noise_variance = 0;  ///< c ≥ 0, of the gradient of a single example
    double initial_square = 1;  ///< E[x²] before the first step, ≥ 0
};

/// Loss ½ Σ h x² over the modes, whose least value is 0: it stands for the loss in excess of what any
/// training of this model on this data could reach.
struct NoisyQuadratic {
    std::vector<QuadraticMode> modes;
};

/// A spectrum like that of neural networks: h = i^−curvature_exponent for i = 1, 2, ..., modes, and noise c =
/// noise × h along each, so that noise is largest where curvature is. Zhang et al. (2019) take both exponents
/// 1, noise 1 and E[x²] = 1, which here is an initial loss of ½ Σ 1/i.
struct PowerLawSpectrum {
    std::size_t modes = 16;         ///< at least 1
    double curvature_exponent = 1;  ///< ≥ 0; modes^exponent is the condition number
    double noise = 1;               ///< ≥ 0, in the unit of the loss
    double initial_loss = 1;        ///< > 0, expected, all modes together
    double loss_exponent = 1;  ///< mode i holds a part of the initial loss in proportion to i^−loss_exponent
};

/// Throws ContractViolation where an option lies outside its range.
[[nodiscard]] NoisyQuadratic make_noisy_quadratic(const PowerLawSpectrum& spectrum);

/// How a run descends: by gradient descent, or with `momentum` by the heavy ball; both as in
/// sim/update_rules.hpp.
struct DescentSettings {
    double learning_rate = 0.1;  ///< η > 0
    double momentum = 0;         ///< β in [0, 1)
    double batch_size = 1;       ///< examples per step, > 0; infinity for gradients without noise
};

/// E[½ h x²] of one mode after `iterations` steps; infinity where a diverging run has outgrown doubles. Exact
/// whatever the law of the noise. With β = 0, r = (1 − η h)² and σ² = η² c / batch size,
///
///     E[x²] = rᵗ E[x₀²] + σ² (1 − rᵗ) / (1 − r).
///
/// With momentum the matrix Σ of second moments of (x, v) goes to P Σ Pᵀ + σ² q qᵀ in each step, with
/// P = [1 − η h, β; −η h, β] and q = (1, 1): 2ᵏ steps are again of that form, and k doublings give them.
/// Throws ContractViolation where settings or mode lie outside their ranges.
[[nodiscard]] double expected_loss(const QuadraticMode& mode, const DescentSettings& settings,
                                   std::uint64_t iterations);

/// The same of all modes together.
[[nodiscard]] double expected_loss(const NoisyQuadratic& model, const DescentSettings& settings,
                                   std::uint64_t iterations);

/// The limit of `expected_loss` for long runs, at which descent and noise balance; infinity where η h ≥ 2 (1
/// + β), for which descent does not settle. With s = 2 (1 + β) − η h it is ½ (1 + β) η c / ((1 − β) s × batch
/// size): half the curvature times the variance of the autoregression x' = (1 + β − η h) x − β x₋ + noise.
[[nodiscard]] double stationary_loss(const QuadraticMode& mode, const DescentSettings& settings);

/// The same of all modes together.
[[nodiscard]] double stationary_loss(const NoisyQuadratic& model, const DescentSettings& settings);

/// 2 (1 + β) / max h: descent settles below this learning rate, and diverges from it on.
[[nodiscard]] double stability_limit(const NoisyQuadratic& model, double momentum);

/// The share of the attainable loss that a run takes off: 1 − E[loss after `iterations` steps] / E[loss
/// before], and 0 where the run ends no better than it began, diverging ones among them. 1 would be the
/// minimum itself.
[[nodiscard]] double attained_share(const NoisyQuadratic& model, const DescentSettings& settings,
                                    std::uint64_t iterations);

/// A learning rate and the expected loss that it ends with.
struct TunedLearningRate {
    double learning_rate = 0;
    double loss = 0;
};

/// The constant learning rate below the stability limit that minimises the expected loss after `iterations` ≥
/// 1 steps, to about four digits; of `settings`, momentum and batch size count. A scan on a logarithmic scale
/// finds the valley, Brent's method its bottom. In short runs with momentum and little noise coordinates
/// swing through the minimum, and the loss has a valley for each swing: the one found is then a deep one,
/// with up to some 2.5 times the loss of the deepest.
[[nodiscard]] TunedLearningRate best_learning_rate(const NoisyQuadratic& model,
                                                   const DescentSettings& settings, std::uint64_t iterations);

}  // namespace venturi
