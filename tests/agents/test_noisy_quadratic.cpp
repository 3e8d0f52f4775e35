#include "agents/technology/noisy_quadratic.hpp"
#include "sim/contract.hpp"
#include "sim/infinity.hpp"
#include "sim/random/draws.hpp"
#include "sim/update_rules.hpp"
#include "tests/agents/sample.hpp"

#include <Eigen/Core>
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace {

using namespace venturi;
using namespace venturi::testing;

/// Second moments of position and velocity, taken step by step as the heavy ball's two lines say, in extended
/// precision; with β = 0 this is gradient descent.
class MomentRecurrence {
  public:
    MomentRecurrence(const QuadraticMode& mode, const DescentSettings& settings)
        : curvature_(mode.curvature),
          rate_(settings.learning_rate),
          momentum_(settings.momentum),
          noise_(rate_ * rate_ * static_cast<long double>(mode.noise_variance) / settings.batch_size),
          xx_(mode.initial_square) {}

    void step() {
        // v ← β v − η h x + noise, then x ← x + v.
        const long double pull = rate_ * curvature_;
        const long double vv =
            momentum_ * momentum_ * vv_ - 2 * momentum_ * pull * xv_ + pull * pull * xx_ + noise_;
        const long double old_x_new_v = momentum_ * xv_ - pull * xx_;
        xx_ += 2 * old_x_new_v + vv;
        xv_ = old_x_new_v + vv;
        vv_ = vv;
    }

    [[nodiscard]] double loss() const { return static_cast<double>(curvature_ * xx_ / 2); }

  private:
    long double curvature_;
    long double rate_;
    long double momentum_;
    long double noise_;
    long double xx_;
    long double xv_ = 0;
    long double vv_ = 0;
};

const std::array<DescentSettings, 6> several_settings = {{
    {.learning_rate = 0.3, .momentum = 0, .batch_size = 1},
    {.learning_rate = 1e-3, .momentum = 0, .batch_size = 8},
    {.learning_rate = 1.95, .momentum = 0, .batch_size = 64},
    {.learning_rate = 0.1, .momentum = 0.9, .batch_size = 4},
    {.learning_rate = 1e-3, .momentum = 0.99, .batch_size = 1},
    {.learning_rate = 3.5, .momentum = 0.8, .batch_size = 100},
}};

}  // namespace

TEST_CASE("The expected loss of descent is that of its recurrence, at each step") {
    const NoisyQuadratic model = make_noisy_quadratic({.modes = 8, .curvature_exponent = 1.5, .noise = 0.7});
    for (const DescentSettings& settings : several_settings) {
        CAPTURE(settings.learning_rate, settings.momentum);
        double worst = 0;
        for (const QuadraticMode& mode : model.modes) {
            MomentRecurrence recurrence(mode, settings);
            for (std::uint64_t step = 0; step <= 200; ++step) {
                const double expected = recurrence.loss();
                worst = std::max(worst, std::abs(expected_loss(mode, settings, step) / expected - 1));
                recurrence.step();
            }
        }
        CHECK(worst < 1e-12);
    }
}

TEST_CASE("Without noise the loss of gradient descent is a power of (1 − η h)²") {
    const QuadraticMode mode{.curvature = 2, .noise_variance = 0, .initial_square = 3};
    const DescentSettings settings{.learning_rate = 0.35};
    for (const std::uint64_t step : {0U, 1U, 5U, 100U})
        CHECK(expected_loss(mode, settings, step)
              == Approx(3 * std::pow(0.3, 2 * static_cast<double>(step))).epsilon(1e-13));
    // In one step, where the learning rate is the reciprocal of the curvature.
    CHECK(expected_loss(mode, {.learning_rate = 0.5}, 1) == 0);
    CHECK(expected_loss(mode, {.learning_rate = 0.5}, 0) == 3);
    CHECK(expected_loss({.curvature = 2, .noise_variance = 8, .initial_square = 3}, {.learning_rate = 0.5}, 1)
          == 2);
    // On the limit of stability it swings from side to side, and noise adds up.
    CHECK(expected_loss(mode, {.learning_rate = 1}, 1000) == Approx(3).epsilon(1e-13));
    CHECK(
        expected_loss({.curvature = 2, .noise_variance = 8, .initial_square = 3}, {.learning_rate = 1}, 1000)
        == Approx(3 + 1000 * 8).epsilon(1e-13));
}

TEST_CASE("Batches without end are gradients without noise") {
    const NoisyQuadratic noisy = make_noisy_quadratic({.noise = 5});
    const NoisyQuadratic clean = make_noisy_quadratic({.noise = 0});
    for (const double momentum : {0.0, 0.9})
        CHECK(expected_loss(noisy, {.momentum = momentum, .batch_size = infinity}, 50)
              == expected_loss(clean, {.momentum = momentum}, 50));
}

TEST_CASE("Momentum that vanishes is no momentum") {
    // Two ways of reckoning, one by powers of scalars and one by powers of matrices.
    const NoisyQuadratic model = make_noisy_quadratic({.noise = 0.2});
    for (const std::uint64_t steps : {1U, 10U, 1000U})
        CHECK(expected_loss(model, {.learning_rate = 0.2, .momentum = 1e-18}, steps)
              == Approx(expected_loss(model, {.learning_rate = 0.2}, steps)).epsilon(1e-12));
}

TEST_CASE("Long runs settle at the stationary loss") {
    const NoisyQuadratic model = make_noisy_quadratic({.modes = 6, .curvature_exponent = 1, .noise = 2});
    for (const DescentSettings& settings : several_settings) {
        CAPTURE(settings.learning_rate, settings.momentum);
        // The slowest mode forgets by a factor of e in less than 1 / (2 η h) steps: here 3,000 at most.
        CHECK(expected_loss(model, settings, 1'000'000)
              == Approx(stationary_loss(model, settings)).epsilon(1e-9));
    }
    // Small learning rates: with momentum, as if the learning rate were η / (1 − β).
    const double plain = stationary_loss(model, {.learning_rate = 1e-6});
    CHECK(stationary_loss(model, {.learning_rate = 1e-7, .momentum = 0.9}) == Approx(plain).epsilon(1e-5));
}

TEST_CASE("Descents by the update rules lose what the noisy quadratic model expects") {
    const NoisyQuadratic model =
        make_noisy_quadratic({.modes = 4, .curvature_exponent = 1, .noise = 1.5, .initial_loss = 1});
    const auto modes = static_cast<Eigen::Index>(model.modes.size());
    Eigen::VectorXd curvature(modes);
    Eigen::VectorXd deviation(modes);
    Eigen::VectorXd start(modes);
    constexpr double batch_size = 8;
    for (Eigen::Index i = 0; i < modes; ++i) {
        const QuadraticMode& mode = model.modes[static_cast<std::size_t>(i)];
        curvature[i] = mode.curvature;
        deviation[i] = std::sqrt(mode.noise_variance / batch_size);
        start[i] = std::sqrt(mode.initial_square);
    }
    constexpr std::array<std::uint64_t, 4> watched = {1, 5, 20, 60};
    constexpr std::uint32_t replications = 4000;

    const auto simulate = [&](const auto& rule, std::uint64_t seed) {
        std::array<Sample, watched.size()> losses;
        for (std::uint32_t replication = 0; replication < replications; ++replication) {
            PlainDraws draws(FastVariates(seed, replication));
            DrawSource source{.agent = 0, .purpose = 1};
            Eigen::VectorXd x = start;
            Eigen::VectorXd gradient(modes);
            auto state = rule.initial_state(x);
            std::uint64_t step = 0;
            for (std::size_t i = 0; i < watched.size(); ++i) {
                for (; step < watched[i]; ++step) {
                    for (Eigen::Index k = 0; k < modes; ++k)
                        gradient[k] = draws.normal(source, curvature[k] * x[k], deviation[k]);
                    rule.step(state, x, gradient);
                }
                losses[i].add(x.cwiseProduct(curvature).dot(x) / 2);
            }
        }
        return losses;
    };

    const auto plain = simulate(GradientDescent{.learning_rate = 0.4}, 2013);
    const auto heavy = simulate(HeavyBall{.learning_rate = 0.1, .momentum = 0.8}, 2019);
    for (std::size_t i = 0; i < watched.size(); ++i) {
        CAPTURE(watched[i]);
        CHECK(std::abs(plain[i].z_of_mean(
                  expected_loss(model, {.learning_rate = 0.4, .batch_size = batch_size}, watched[i])))
              < 4);
        CHECK(std::abs(heavy[i].z_of_mean(expected_loss(
                  model, {.learning_rate = 0.1, .momentum = 0.8, .batch_size = batch_size}, watched[i])))
              < 4);
    }
}

TEST_CASE("Descent diverges from the stability limit on, and settles below it") {
    const NoisyQuadratic model = make_noisy_quadratic({.modes = 5, .noise = 0.1});
    for (const double momentum : {0.0, 0.5, 0.9}) {
        CAPTURE(momentum);
        const double limit = stability_limit(model, momentum);
        CHECK(limit == 2 * (1 + momentum));
        const DescentSettings below{.learning_rate = limit * 0.999, .momentum = momentum};
        const DescentSettings above{.learning_rate = limit * 1.001, .momentum = momentum};
        CHECK(std::isfinite(stationary_loss(model, below)));
        CHECK(expected_loss(model, below, 100'000'000)
              == Approx(stationary_loss(model, below)).epsilon(1e-6));
        CHECK(stationary_loss(model, above) == infinity);
        CHECK(expected_loss(model, above, 20'000) > 1e6);
        CHECK(expected_loss(model, above, 100'000'000) == infinity);
        CHECK(attained_share(model, above, 100'000'000) == 0);
    }
}

TEST_CASE("Noise never helps, and larger batches never hurt") {
    for (const double momentum : {0.0, 0.9}) {
        for (const std::uint64_t steps : {1U, 30U, 1000U}) {
            double before = 0;
            for (const double noise : {0.0, 0.1, 1.0, 10.0}) {
                const double loss =
                    expected_loss(make_noisy_quadratic({.noise = noise}), {.momentum = momentum}, steps);
                CHECK(loss > before);
                before = loss;
            }
            const NoisyQuadratic model = make_noisy_quadratic({});
            CHECK(attained_share(model, {.momentum = momentum, .batch_size = 256}, steps)
                  > attained_share(model, {.momentum = momentum, .batch_size = 16}, steps));
        }
    }
}

TEST_CASE("Longer runs of gradient descent never hurt where each mode begins above its stationary loss") {
    // E[x²] − its limit shrinks by (1 − η h)² a step.
    const NoisyQuadratic model = make_noisy_quadratic({.noise = 0.5});
    const DescentSettings settings{.learning_rate = 0.05, .batch_size = 32};
    for (const QuadraticMode& mode : model.modes)
        REQUIRE(expected_loss(mode, settings, 0) > stationary_loss(mode, settings));
    double share = 0;
    for (const std::uint64_t steps : {1U, 2U, 5U, 20U, 100U, 1000U, 10000U}) {
        const double next = attained_share(model, settings, steps);
        CHECK(next > share);
        share = next;
    }
    CHECK(share < 1);
    // And do hurt where a mode begins below it: noise lifts what lay at the minimum.
    const QuadraticMode at_rest{.curvature = 1, .noise_variance = 1, .initial_square = 0};
    CHECK(expected_loss(at_rest, settings, 10) > expected_loss(at_rest, settings, 5));
}

TEST_CASE("The attained share is that of the loss which the run takes off, and 0 where it takes off none") {
    const NoisyQuadratic one = {{{.curvature = 1, .noise_variance = 0, .initial_square = 2}}};
    CHECK(attained_share(one, {.learning_rate = 0.5}, 0) == 0);
    CHECK(attained_share(one, {.learning_rate = 0.5}, 1) == 0.75);
    CHECK(attained_share(one, {.learning_rate = 1}, 1) == 1);
    CHECK(attained_share(one, {.learning_rate = 2.1}, 3) == 0);
    const NoisyQuadratic loud = {{{.curvature = 1, .noise_variance = 100, .initial_square = 1}}};
    CHECK(attained_share(loud, {.learning_rate = 0.5}, 100) == 0);
}

TEST_CASE("A power-law spectrum has the curvatures, noise and initial loss that it names") {
    const NoisyQuadratic model = make_noisy_quadratic(
        {.modes = 16, .curvature_exponent = 2, .noise = 0.3, .initial_loss = 5, .loss_exponent = 0});
    REQUIRE(model.modes.size() == 16);
    for (std::size_t i = 0; i < 16; ++i) {
        const double h = std::pow(static_cast<double>(i + 1), -2);
        CHECK(model.modes[i].curvature == Approx(h).epsilon(1e-14));
        CHECK(model.modes[i].noise_variance == Approx(0.3 * h).epsilon(1e-14));
        CHECK(expected_loss(model.modes[i], {}, 0) == Approx(5.0 / 16).epsilon(1e-14));
    }
    // Where loss and curvature fall alike, every coordinate begins as far out: Zhang et al. (2019).
    for (const QuadraticMode& mode : make_noisy_quadratic({}).modes)
        CHECK(mode.initial_square == Approx(make_noisy_quadratic({}).modes[0].initial_square).epsilon(1e-14));
}

TEST_CASE("The best learning rate is that of one exact step where the run has but one") {
    // One step of η leaves ½ Σ h ((1 − η h)² E[x²] + η² c / B), least at Σ h² E[x²] / Σ h (h² E[x²] + c / B).
    const NoisyQuadratic model = make_noisy_quadratic({.modes = 3, .noise = 0.4});
    const double batch_size = 2;
    double pull = 0;
    double resistance = 0;
    for (const QuadraticMode& mode : model.modes) {
        const double squared = mode.curvature * mode.curvature * mode.initial_square;
        pull += squared;
        resistance += mode.curvature * (squared + mode.noise_variance / batch_size);
    }
    const auto best = best_learning_rate(model, {.batch_size = batch_size}, 1);
    CHECK(best.learning_rate == Approx(pull / resistance).epsilon(1e-4));
}

TEST_CASE("No learning rate on a fine grid beats the best one") {
    struct Run {
        double noise;
        double momentum;
        std::uint64_t steps;
    };
    // With momentum, little noise and few steps there are many valleys, and no such promise.
    for (const Run& run : {Run{0, 0, 1}, Run{0, 0, 20}, Run{0.01, 0, 20}, Run{0.01, 0, 100000}, Run{1, 0, 1},
                           Run{1, 0, 1000}, Run{100, 0, 20}, Run{100, 0, 100000}, Run{1, 0.9, 20},
                           Run{0.1, 0.9, 1000}, Run{1, 0.9, 1}, Run{1, 0.9, 100000}}) {
        CAPTURE(run.noise, run.momentum, run.steps);
        const NoisyQuadratic model = make_noisy_quadratic({.noise = run.noise});
        DescentSettings tried{.momentum = run.momentum};
        const TunedLearningRate best = best_learning_rate(model, tried, run.steps);
        const double limit = stability_limit(model, run.momentum);
        CHECK(best.learning_rate < limit);
        tried.learning_rate = best.learning_rate;
        CHECK(best.loss == Approx(expected_loss(model, tried, run.steps)).epsilon(1e-10));
        double least = infinity;
        for (int i = 0; i < 680; ++i) {  // down to 1e-9 of the limit
            tried.learning_rate = limit * 0.999 * std::pow(0.97, i);
            least = std::min(least, expected_loss(model, tried, run.steps));
        }
        // Brent's method stops at 2⁻¹⁹ of the logarithm, which is at most ln 10⁹ ≈ 20: an error δ of 4e-5. It
        // costs δ² / 2 times the curvature of the log loss, which powers of 2 × 20 steps hold below 40².
        CHECK(best.loss <= least * (1 + 2e-6));
    }
}

TEST_CASE("Without noise momentum overcomes bad conditioning, as Polyak (1964) says") {
    // Condition κ = 16: the best learning rate leaves (κ − 1) / (κ + 1) = 15/17 of the distance per step
    // without momentum, and √β = (√κ − 1) / (√κ + 1) = 0.6 with β = 0.36.
    const NoisyQuadratic model = make_noisy_quadratic({.noise = 0});
    constexpr int steps = 100;
    const double plain = best_learning_rate(model, {}, steps).loss;
    const double heavy = best_learning_rate(model, {.momentum = 0.36}, steps).loss;
    // Losses go with the square. No learning rate contracts both ends of the spectrum faster, and the
    // flattest mode holds (1/16) / (1 + 1/2 + ... + 1/16) = 0.0185 of the initial loss of 1.
    CHECK(plain <= std::pow(15.0 / 17, 2 * steps));
    CHECK(plain >= 0.0184 * std::pow(15.0 / 17, 2 * steps));
    // With the double root that η has at either end, a distance is at most 1 + 2 t times 0.6ᵗ.
    CHECK(heavy < std::pow(1 + 2 * steps, 2) * std::pow(0.6, 2 * steps));
}

TEST_CASE("Settings and spectra outside their ranges are errors of the caller") {
    const NoisyQuadratic model = make_noisy_quadratic({});
    CHECK_THROWS_AS(expected_loss(model, {.learning_rate = 0}, 1), ContractViolation);
    CHECK_THROWS_AS(expected_loss(model, {.momentum = 1}, 1), ContractViolation);
    CHECK_THROWS_AS(expected_loss(model, {.batch_size = 0}, 1), ContractViolation);
    CHECK_THROWS_AS(make_noisy_quadratic({.modes = 0}), ContractViolation);
    CHECK_THROWS_AS(make_noisy_quadratic({.noise = -1}), ContractViolation);
    CHECK_THROWS_AS(attained_share(NoisyQuadratic{}, {}, 1), ContractViolation);
    CHECK_THROWS_AS(best_learning_rate(model, {}, 0), ContractViolation);
}
