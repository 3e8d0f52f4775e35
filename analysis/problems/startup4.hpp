// STARTUP-4: a small startup whose value and gradient are known in closed form, as a model on the calendar.
//
// Four stages with exponential clocks, a hard bankruptcy threshold, cash carried over and a heavy-tailed
// exit. The calendar's clock runs in dollars burned (millions), not in time: the instant of bankruptcy is
// then the cash in hand, which the decision does not move. The exit's Pareto payoff enters by its mean: with
// tail index 1.5 a sampled payoff has no variance, and no confidence interval would hold.
#pragma once

#include "sim/calendar.hpp"
#include "sim/random/draws.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace venturi::problems {

/// What the investment mix makes of the startup, stage by stage. Computed once for a mix, in plain or dual
/// numbers.
template <Scalar Number>
struct Startup4Model {
    static constexpr std::size_t stages = 4;
    static constexpr std::size_t advantages = 5;  ///< technology, data, talent, partnership, risk management

    using Mix = std::array<std::array<Number, advantages>, stages>;

    explicit Startup4Model(const Mix& mix);

    struct Stage {
        std::array<Number, 2> rates;  ///< of advance and of failure, per million dollars burned
        Number months_per_million;    ///< time that passes while a million dollars is burned
    };
    std::array<Stage, stages> stage;
    Number exit_value;  ///< mean payoff of an exit, million dollars
};

// Constants of the problem: baselines and effects of the five advantages, stage by stage.
namespace startup4 {
using Effects = std::array<std::array<double, 5>, 4>;
inline constexpr std::array<double, 4> advance_rate = {0.9, 0.6, 0.5, 0.4};
inline constexpr std::array<double, 4> failure_rate = {0.45, 0.35, 0.30, 0.25};
inline constexpr std::array<double, 4> burn = {1, 3, 8, 20};
inline constexpr std::array<double, 4> injection = {1.5, 6, 18, 50};
inline constexpr double exit_mean = 150;
inline constexpr double discount_rate = 0.1;
inline constexpr Effects on_advance = {{{.60, .20, .50, .15, .05},
                                        {.40, .40, .40, .35, .05},
                                        {.20, .50, .30, .55, .10},
                                        {.15, .45, .20, .60, .15}}};
inline constexpr Effects on_failure = {{{.10, .10, .30, .10, .50},
                                        {.10, .20, .25, .15, .60},
                                        {.10, .25, .20, .20, .70},
                                        {.10, .20, .15, .25, .80}}};
inline constexpr Effects on_burn = {{{.20, .10, .30, .05, .05},
                                     {.20, .15, .30, .05, .05},
                                     {.15, .15, .25, .05, .10},
                                     {.15, .10, .20, .05, .10}}};
inline constexpr std::array<double, 5> on_exit = {.60, .35, .30, .25, .05};
}  // namespace startup4

template <Scalar Number>
Startup4Model<Number>::Startup4Model(const Mix& mix) {
    using std::exp;
    using std::log;
    Number exit_effect(0.0);
    for (std::size_t s = 0; s < stages; ++s) {
        Number advance(0.0);
        Number failure(0.0);
        Number burn(0.0);
        for (std::size_t i = 0; i < advantages; ++i) {
            const Number effort = log(1.0 + 5.0 * mix[s][i]) / std::log(6.0);
            advance = advance + startup4::on_advance[s][i] * effort;
            failure = failure + startup4::on_failure[s][i] * effort;
            burn = burn + startup4::on_burn[s][i] * effort;
            exit_effect = exit_effect + startup4::on_exit[i] / stages * effort;
        }
        const Number time = exp(-burn) / startup4::burn[s];
        stage[s].rates = {startup4::advance_rate[s] * exp(advance) * time,
                          startup4::failure_rate[s] * exp(-failure) * time};
        stage[s].months_per_million = time;
    }
    exit_value = startup4::exit_mean * exp(exit_effect);
}

/// One trajectory, and the machine that runs it: reused, it allocates nothing.
template <DrawPolicy Draws>
class Startup4 {
  public:
    using Number = typename Draws::Scalar;

    /// Discounted payoff, million dollars; zero for a company that failed or ran out of cash.
    Number run(Draws& draws, const Startup4Model<Number>& model) {
        calendar_.clear();
        source_ = {.agent = 0, .purpose = 0, .next = 0};
        stage_ = 0;
        entered_at_ = 0;
        cash_ = startup4::injection[0];
        discounting_ = Number(0.0);
        schedule_next(draws, model);
        while (const auto delivery = calendar_.step()) {
            if (delivery->event.kind != Kind::advance) return Number(0.0);
            const double burned = delivery->time - entered_at_;
            add_scaled(discounting_, burned, model.stage[stage_].months_per_million);
            if (++stage_ == Startup4Model<Number>::stages) break;
            cash_ += startup4::injection[stage_] - burned;
            entered_at_ = delivery->time;
            schedule_next(draws, model);
        }
        using std::exp;
        return model.exit_value * exp(-startup4::discount_rate * discounting_);
    }

  private:
    enum class Kind : std::uint8_t { advance, failure, out_of_cash };
    struct Event {
        Kind kind;
    };

    void schedule_next(Draws& draws, const Startup4Model<Number>& model) {
        const Race race = draws.race(source_, model.stage[stage_].rates, cash_);
        const Kind kind = race.winner == 0   ? Kind::advance
                          : race.winner == 1 ? Kind::failure
                                             : Kind::out_of_cash;
        calendar_.schedule(entered_at_ + race.wait, {kind});
    }

    Calendar<Event> calendar_;
    DrawSource source_;
    std::size_t stage_ = 0;
    double entered_at_ = 0;    // dollars burned so far when the stage began
    double cash_ = 0;          // in hand then
    Number discounting_{0.0};  // time passed
};

}  // namespace venturi::problems
