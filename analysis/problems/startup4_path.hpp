// STARTUP-4 and STARTUP-4B without a calendar, in rates per million dollars burned, and estimators of their
// gradients that know how they work. All of these give derivatives by the logarithms of rates, at most 17
// numbers however many the decision has; what the decision does to rates is the same in every repetition and
// is left for afterwards.
//
// STARTUP-4B has a setback besides: a clock that moves the company one stage back without a change of cash.
#pragma once

#include "analysis/problems/startup4.hpp"
#include "sim/random/draws.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace venturi::problems {

// What STARTUP-4B adds: rate of setbacks by stage (none from the first), and the effects of advantages.
namespace startup4b {
inline constexpr std::array<double, 4> setback_rate = {0, 0.45, 0.40, 0.35};
inline constexpr std::array<double, 5> on_setback = {.10, .15, .20, .15, .45};
}  // namespace startup4b

/// The clocks of a stage, in the order of `Startup4Rates::rate`.
enum class Startup4Clock : std::uint8_t { advance, failure, setback, discount };
inline constexpr std::size_t startup4_clocks = 4;

/// By stage and advantage, each row on the simplex.
using Startup4Mix = std::array<std::array<double, 5>, 4>;

/// Rates per million dollars burned, and what a mix does to them.
struct Startup4Rates {
    std::array<std::array<double, startup4_clocks>, 4> rate{};  ///< by stage and clock
    double exit_value = 0;                                      ///< million dollars
    /// What one-step survival makes of the rates of a stage, in every step there.
    struct Survival {
        double mean_wait = 0;     ///< until any clock rings: 1 / the sum of all rates
        double total = 0;         ///< the sum of all rates
        double out = 0;           ///< of advance and setback
        double back = 0;          ///< the part of `out` that is a setback
        double inverse_back = 0;  ///< 1 / back; 0 without setbacks
        double inverse_on = 0;    ///< 1 / (1 − back)
    };
    std::array<Survival, 4> survival{};
    /// ∂ log rate / ∂ mix, by stage, clock and advantage.
    std::array<std::array<std::array<double, 5>, startup4_clocks>, 4> slope{};
    std::array<std::array<double, 5>, 4> exit_slope{};  ///< ∂ log exit_value / ∂ mix
};

/// With setbacks: STARTUP-4B.
[[nodiscard]] inline Startup4Rates startup4_rates(const Startup4Mix& mix, bool with_setback) {
    Startup4Rates rates;
    double exit_effect = 0;
    for (std::size_t s = 0; s < 4; ++s) {
        double advance = 0;
        double failure = 0;
        double burn = 0;
        double setback = 0;
        for (std::size_t i = 0; i < 5; ++i) {
            const double effort = std::log(1 + 5 * mix[s][i]) / std::log(6.0);
            const double slope = 5 / (1 + 5 * mix[s][i]) / std::log(6.0);
            advance += startup4::on_advance[s][i] * effort;
            failure += startup4::on_failure[s][i] * effort;
            burn += startup4::on_burn[s][i] * effort;
            setback += startup4b::on_setback[i] * effort;
            exit_effect += startup4::on_exit[i] / 4 * effort;
            const double time = -startup4::on_burn[s][i] * slope;
            rates.slope[s][0][i] = startup4::on_advance[s][i] * slope + time;
            rates.slope[s][1][i] = -startup4::on_failure[s][i] * slope + time;
            rates.slope[s][2][i] = -startup4b::on_setback[i] * slope + time;
            rates.slope[s][3][i] = time;
            rates.exit_slope[s][i] = startup4::on_exit[i] / 4 * slope;
        }
        const double time = std::exp(-burn) / startup4::burn[s];
        rates.rate[s] = {startup4::advance_rate[s] * std::exp(advance) * time,
                         startup4::failure_rate[s] * std::exp(-failure) * time,
                         with_setback ? startup4b::setback_rate[s] * std::exp(-setback) * time : 0,
                         startup4::discount_rate * time};
        const auto& clocks = rates.rate[s];
        const double total = clocks[0] + clocks[1] + clocks[2] + clocks[3];
        const double out = clocks[0] + clocks[2];
        const double back = clocks[2] / out;
        rates.survival[s] = {1 / total, total, out, back, back > 0 ? 1 / back : 0, 1 / (1 - back)};
    }
    rates.exit_value = startup4::exit_mean * std::exp(exit_effect);
    return rates;
}

/// Value of a repetition, and estimates of the derivatives of its mean by the logarithms of rates and of the
/// exit value.
struct Startup4Sensitivity {
    double value = 0;
    std::array<std::array<double, startup4_clocks>, 4> by_rate{};
    double by_exit = 0;
};

/// The gradient by the mix of each stage: 20 numbers, stage by stage.
inline void add_gradient(const Startup4Rates& rates, const Startup4Sensitivity& sensitivity,
                         std::span<double, 20> gradient) {
    for (std::size_t s = 0; s < 4; ++s) {
        for (std::size_t i = 0; i < 5; ++i) {
            double sum = sensitivity.by_exit * rates.exit_slope[s][i];
            for (std::size_t k = 0; k < startup4_clocks; ++k)
                sum += sensitivity.by_rate[s][k] * rates.slope[s][k][i];
            gradient[5 * s + i] += sum;
        }
    }
}

namespace startup4_draws {

// Purposes of draws; those of STARTUP-4 on the calendar are 0.
inline constexpr std::uint16_t race = 0;
inline constexpr std::uint16_t clock = 1;  // and the next two
inline constexpr std::uint16_t survivor = 4;
inline constexpr std::uint16_t phantom = 5;

}  // namespace startup4_draws

/// Discounted payoff of a repetition, million dollars: the plain simulation. Draw by draw the same as
/// `Startup4` on the calendar where there is no setback. `seen(stage, winner, burned)` is told of each race;
/// the winner is a clock's number or Race::nobody where cash ran out.
template <class Seen>
[[nodiscard]] double startup4_payoff(const Startup4Rates& rates, const FastVariates& variates, Seen seen) {
    PlainDraws draws(variates);
    DrawSource source{.agent = 0, .purpose = startup4_draws::race, .next = 0};
    std::size_t stage = 0;
    double cash = startup4::injection[0];
    double discounting = 0;
    for (;;) {
        const auto& clocks = rates.rate[stage];
        const Race race = draws.race(source, std::span(clocks.data(), clocks[2] > 0 ? 3 : 2), cash);
        seen(stage, race.winner, race.wait);
        if (race.winner == 1 || race.winner == Race::nobody) return 0;
        discounting += race.wait * clocks[3];
        cash -= race.wait;
        if (race.winner == 2) {
            --stage;
            continue;
        }
        if (++stage == 4) return rates.exit_value * std::exp(-discounting);
        cash += startup4::injection[stage];
    }
}

[[nodiscard]] inline double startup4_payoff(const Startup4Rates& rates, const FastVariates& variates) {
    return startup4_payoff(rates, variates, [](std::size_t, std::size_t, double) {});
}

/// What has mean zero by construction, beside an estimate.
template <std::size_t Size>
using Startup4Controls = std::array<double, Size>;

/// By the likelihood ratio (Glynn, "Likelihood ratio gradient estimation for stochastic systems",
/// Communications of the ACM 33(10), 1990) with the mean of the exit's payoff instead of a sample of it. The
/// scores by stage and clock, zero in the mean, are its controls. The payoff comes at the end and depends on
/// all that was drawn: causality leaves no score out that it could, but those of stages that were never
/// reached, which are 0 anyway.
struct LikelihoodRatio {
    static constexpr std::size_t controls = 12;

    [[nodiscard]] static Startup4Sensitivity estimate(const Startup4Rates& rates, std::uint64_t seed,
                                                      std::uint32_t repetition,
                                                      Startup4Controls<controls>& scores) {
        scores.fill(0);
        std::array<double, 4> burned{};
        Startup4Sensitivity result;
        result.value = startup4_payoff(
            rates, FastVariates(seed, repetition), [&](std::size_t stage, std::size_t winner, double wait) {
                for (std::size_t k = 0; k < 3; ++k)
                    scores[3 * stage + k] += (k == winner ? 1 : 0) - rates.rate[stage][k] * wait;
                burned[stage] += wait;
            });
        for (std::size_t s = 0; s < 4; ++s) {
            for (std::size_t k = 0; k < 3; ++k) result.by_rate[s][k] = result.value * scores[3 * s + k];
            result.by_rate[s][3] = -result.value * rates.rate[s][3] * burned[s];
        }
        result.by_exit = result.value;
        return result;
    }
};

/// By weak derivatives: λ ∂E[f] / ∂λ of an exponential clock is E[f(T) − f(T + T′)] with a second exponential
/// T′ of the same rate, since λ (1 − λ t) e^(−λ t) is the difference of its density and that of their sum
/// (Pflug, "Sampling derivatives of probabilities", Computing 42, 1989; Heidergott and Vázquez-Abad, Journal
/// of Optimization Theory and Applications 136, 2008). Where T was not the first clock to ring nothing
/// changes; one of the races is chosen at random, and lived on from there with its winner put off, under the
/// luck of the first life.
struct WeakDerivative {
    static constexpr std::size_t controls = 0;

    [[nodiscard]] static Startup4Sensitivity estimate(const Startup4Rates& rates, std::uint64_t seed,
                                                      std::uint32_t repetition,
                                                      Startup4Controls<controls>& /*none*/) {
        const FastVariates variates(seed, repetition);
        DrawSource source{.agent = 0, .purpose = startup4_draws::phantom, .next = 0};
        Startup4Sensitivity result;
        Life life;
        Changed changed;
        for (bool goes_on = true; goes_on;) {
            const Rings rings = rings_of(rates, variates, life);
            const Race race = first_of(rings, life.cash);
            // One of the races, each as likely, without knowing beforehand how many there will be.
            if (variates.uniform(source) * (life.races + 1) < 1) changed = {life, rings, race.winner};
            result.by_rate[life.stage][3] -= race.wait * rates.rate[life.stage][3];
            goes_on = live(rates, race, life);
        }
        result.value = life.value;
        for (auto& by_rate : result.by_rate) by_rate[3] *= life.value;
        result.by_exit = life.value;
        if (changed.winner < 3) {
            Life phantom = changed.before;
            Rings rings = changed.rings;
            const std::size_t stage = phantom.stage;
            rings[changed.winner] += variates.unit_exponential(source) / rates.rate[stage][changed.winner];
            for (bool goes_on = live(rates, first_of(rings, phantom.cash), phantom); goes_on;)
                goes_on = live(rates, first_of(rings_of(rates, variates, phantom), phantom.cash), phantom);
            result.by_rate[stage][changed.winner] = life.races * (life.value - phantom.value);
        }
        return result;
    }

  private:
    using Rings = std::array<double, 3>;
    struct Life {
        std::size_t stage = 0;
        double cash = startup4::injection[0];
        double discounting = 0;
        std::uint32_t races = 0;
        double value = 0;
    };
    struct Changed {
        Life before;
        Rings rings{};
        std::size_t winner = Race::nobody;
    };

    static Rings rings_of(const Startup4Rates& rates, const FastVariates& variates, const Life& life) {
        Rings rings{};
        for (std::size_t k = 0; k < 3; ++k) {
            const double rate = rates.rate[life.stage][k];
            DrawSource source{.agent = 0,
                              .purpose = static_cast<std::uint16_t>(startup4_draws::clock + k),
                              .next = life.races};
            rings[k] =
                rate > 0 ? variates.unit_exponential(source) / rate : std::numeric_limits<double>::infinity();
        }
        return rings;
    }
    static Race first_of(const Rings& rings, double cash) {
        Race race{Race::nobody, cash};
        for (std::size_t k = 0; k < 3; ++k)
            if (rings[k] < race.wait) race = {k, rings[k]};
        return race;
    }
    // Whether the life goes on after the race.
    static bool live(const Startup4Rates& rates, const Race& race, Life& life) {
        ++life.races;
        if (race.winner == 1 || race.winner == Race::nobody) return false;
        life.discounting += race.wait * rates.rate[life.stage][3];
        life.cash -= race.wait;
        if (race.winner == 2) {
            --life.stage;
            return true;
        }
        if (++life.stage == 4) {
            life.value = rates.exit_value * std::exp(-life.discounting);
            return false;
        }
        life.cash += startup4::injection[life.stage];
        return true;
    }
};

/// By one-step survival: whether a step is survived is not sampled but multiplied by, and the clock sampled
/// given that it is, with the discount as one more cause of death. What is left is smooth in the rates, and
/// is differentiated by one reverse sweep (Glasserman and Staum, "Conditioning on one-step survival for
/// barrier option simulations", Operations Research 49(6), 2001; Gong and Ho, "Smoothed (conditional)
/// perturbation analysis", IEEE Transactions on Automatic Control 32(10), 1987). Which of advance and setback
/// it was stays discrete: there the score is used. An exit from the last stage is paid in the mean at each
/// step there.
///
/// Controls: of the first three survivors' uniforms u the polynomials of up to second order without their
/// means; and for each stage with setbacks the sum over branchings of weight × score × a function of cash,
/// for a baseline that depends on it.
struct OneStepSurvival {
    static constexpr std::size_t uniform_controls = 9;
    static constexpr std::size_t branch_functions = 3;
    static constexpr std::size_t controls = uniform_controls + 3 * branch_functions;
    static constexpr std::size_t most_steps = 512;

    [[nodiscard]] static Startup4Sensitivity estimate(const Startup4Rates& rates, std::uint64_t seed,
                                                      std::uint32_t repetition,
                                                      Startup4Controls<controls>& zeros) {
        std::array<Step, most_steps>
            steps;  // NOLINT(cppcoreguidelines-pro-type-member-init): written before it is read
        const std::size_t count = survive(rates, FastVariates(seed, repetition), steps);
        fill_controls(rates, steps, count, zeros);
        return sweep_back(rates, steps, count);
    }
    /// Without controls, for who has no use for them.
    [[nodiscard]] static Startup4Sensitivity estimate(const Startup4Rates& rates, std::uint64_t seed,
                                                      std::uint32_t repetition) {
        std::array<Step, most_steps>
            steps;  // NOLINT(cppcoreguidelines-pro-type-member-init): written before it is read
        const std::size_t count = survive(rates, FastVariates(seed, repetition), steps);
        return sweep_back(rates, steps, count);
    }

  private:
    struct Step {
        std::size_t stage;
        double cash;  // on entering
        double end;   // e^(−total · cash): that no clock rings before cash is spent
        double part;  // (1 − end) / total
        double uniform;
        double left;  // e^(−total · burned)
        double burned;
        double weight;    // probability that all steps before were survived
        double survival;  // of this step, by advance or setback
        bool back;
    };

    // Returns the number of steps; the last is in the last stage and ends in an exit.
    static std::size_t survive(const Startup4Rates& rates, const FastVariates& variates,
                               std::array<Step, most_steps>& steps) {
        DrawSource source{.agent = 0, .purpose = startup4_draws::survivor, .next = 0};
        std::size_t stage = 0;
        double cash = startup4::injection[0];
        double weight = 1;
        for (std::size_t k = 0;; ++k) {
            expects(k < most_steps, "a company of STARTUP-4B has fewer than 512 stages behind it");
            const Startup4Rates::Survival& here = rates.survival[stage];
            Step& step = steps[k];
            step.stage = stage;
            step.cash = cash;
            step.end = std::exp(-here.total * cash);
            step.part = (1 - step.end) * here.mean_wait;
            step.weight = weight;
            step.survival = here.out * step.part;
            // One draw for both: which way it goes, and, uniform again given that, when.
            const double u = variates.uniform(source);
            step.back = u < here.back;
            if (stage == 3 && !step.back) return k + 1;
            step.uniform = step.back ? u * here.inverse_back : (u - here.back) * here.inverse_on;
            step.left = 1 - step.uniform * (1 - step.end);
            step.burned = -std::log(step.left) * here.mean_wait;
            weight *= step.survival;
            cash -= step.burned;
            if (step.back) {
                --stage;
            } else {
                ++stage;
                cash += startup4::injection[stage];
            }
        }
    }

    static Startup4Sensitivity sweep_back(const Startup4Rates& rates,
                                          const std::array<Step, most_steps>& steps, std::size_t count) {
        Startup4Sensitivity result;
        double to_go = 0;    // value after the step, given that it was survived
        double by_cash = 0;  // derivative of the repetition's value by the cash after the step
        for (std::size_t k = count; k-- > 0;) {
            const Step& step = steps[k];
            const auto& clocks = rates.rate[step.stage];
            auto& by_rate = result.by_rate[step.stage];
            const Startup4Rates::Survival& here = rates.survival[step.stage];
            const double out = here.out;
            const double part = step.part;
            const bool exits = step.stage == 3;
            const bool goes_on = !exits || step.back;
            // The rate at which this step is left with something, times what it is worth then.
            const double paid = exits ? clocks[0] * rates.exit_value : 0;
            const double flow = step.weight * (paid + (goes_on ? out * to_go : 0));
            double by_total = flow * (step.cash * step.end - part) * here.mean_wait;
            double by_cash_before = flow * step.end;
            if (goes_on) {
                const double shape = step.uniform * step.end / step.left;
                by_total -= by_cash * (step.cash * shape - step.burned) * here.mean_wait;
                by_cash_before += by_cash * (1 - shape);
                const double each = step.weight * part * to_go;  // by the rate of advance or of setback
                by_rate[0] += clocks[0] * each;
                by_rate[2] += clocks[2] * each;
                if (here.back > 0) {
                    const double score = step.back ? here.back - 1 : here.back;
                    const double moved = step.weight * step.survival * to_go * score;
                    by_rate[0] += moved;
                    by_rate[2] -= moved;
                }
            }
            if (exits) {
                by_rate[0] += step.weight * part * paid;
                result.by_exit += step.weight * part * paid;
            }
            for (std::size_t clock = 0; clock < startup4_clocks; ++clock)
                by_rate[clock] += clocks[clock] * by_total;
            by_cash = by_cash_before;
            to_go = part * (paid + (goes_on ? out * to_go : 0));
        }
        result.value = to_go;
        return result;
    }

    static void fill_controls(const Startup4Rates& rates, const std::array<Step, most_steps>& steps,
                              std::size_t count, Startup4Controls<controls>& zeros) {
        zeros.fill(0);
        std::array<double, 3> centred{};
        for (std::size_t k = 0; k < 3; ++k) centred[k] = steps[k].uniform - 0.5;  // no path is shorter
        std::size_t at = 0;
        for (std::size_t a = 0; a < 3; ++a) {
            zeros[at++] = centred[a];
            for (std::size_t b = a; b < 3; ++b)
                zeros[at++] = centred[a] * centred[b] - (a == b ? 1.0 / 12 : 0);
        }
        for (std::size_t k = 0; k < count; ++k) {
            const Step& step = steps[k];
            const double back = rates.survival[step.stage].back;
            if (!(back > 0)) continue;
            const double score = step.weight * step.survival * (step.back ? back - 1 : back);
            // That no clock would ring in the cash that is left, known whatever the branch; in the last stage
            // an exit has no time, and it is the cash before.
            const double spent = step.stage == 3 ? step.end : step.end / step.left;
            const std::size_t first = uniform_controls + branch_functions * (step.stage - 1);
            zeros[first] += score;
            zeros[first + 1] += score * spent;
            zeros[first + 2] += score * spent * spent;
        }
    }
};

}  // namespace venturi::problems
