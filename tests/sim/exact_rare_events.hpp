// Models with a rare event whose probability is known.
#pragma once

#include "sim/ensemble/splitting.hpp"
#include "sim/random/draws.hpp"

#include <cmath>
#include <cstdint>
#include <numbers>

namespace venturi {

[[nodiscard]] inline FastVariates variates_of(const Luck& luck) {
    return {luck.seed, luck.trajectory};
}

/// A walk on the whole numbers that ends at 0 or at `top`, which is the event; one step up with probability
/// `up`, else one down.
class RareWalk {
  public:
    struct State {
        std::int64_t place = 0;
        FastVariates variates;
        DrawSource source;
    };

    RareWalk(double up, std::int64_t start, std::int64_t top) : up_(up), start_(start), top_(top) {}

    [[nodiscard]] State state() const { return {}; }
    void begin(State& state, const Luck& luck) const {
        state = {.place = start_, .variates = variates_of(luck), .source = {.agent = 1, .purpose = 1}};
    }
    void renew(State& state, const Luck& luck) const { state.variates = variates_of(luck); }
    double rise(State& state, double level) {
        for (;;) {
            const double here = state.place >= top_ ? infinity : static_cast<double>(state.place);
            if (here > level || state.place <= 0) return here;
            state.place += state.variates.uniform(state.source) < up_ ? 1 : -1;
            ++events_;
        }
    }
    [[nodiscard]] std::uint64_t events() const { return events_; }

  private:
    double up_;
    std::int64_t start_;
    std::int64_t top_;
    std::uint64_t events_ = 0;
};

/// The queue of an M/M/1 that one customer has come to, until it is empty or holds `full`.
[[nodiscard]] inline RareWalk busy_cycle(double load, std::int64_t full) {
    return {load / (1 + load), 1, full};
}

/// γ = (1 − 1/ρ) / (1 − ρ^−N), as ../shared/oracles/sensitivity_vr.csv has it.
[[nodiscard]] inline double overflow_probability(double load, double full) {
    return (1 - 1 / load) / (1 - std::pow(load, -full));
}

/// The reserve of an insurer under Poisson claims of rate 1 and exponential size of mean 1, with a premium of
/// 1.2; the event is ruin. A reserve of `safe` counts as never to be ruined.
class RareRuin {
  public:
    struct State {
        double reserve = 0;
        FastVariates variates;
        DrawSource waits;
        DrawSource claims;
    };

    RareRuin(double reserve, double safe) : start_(reserve), safe_(safe) {}

    [[nodiscard]] State state() const { return {}; }
    void begin(State& state, const Luck& luck) const {
        state = {.reserve = start_,
                 .variates = variates_of(luck),
                 .waits = {.agent = 1, .purpose = 1},
                 .claims = {.agent = 1, .purpose = 2}};
    }
    void renew(State& state, const Luck& luck) const { state.variates = variates_of(luck); }
    double rise(State& state, double level) {
        for (;;) {
            const double here = state.reserve < 0 ? infinity : -state.reserve;
            if (here > level || state.reserve >= safe_) return here;
            state.reserve += 1.2 * state.variates.unit_exponential(state.waits)
                             - state.variates.unit_exponential(state.claims);
            ++events_;
        }
    }
    [[nodiscard]] std::uint64_t events() const { return events_; }

  private:
    double start_;
    double safe_;
    std::uint64_t events_ = 0;
};

/// ψ(u) = exp(−θ u / ((1 + θ) μ)) / (1 + θ), of the same table.
[[nodiscard]] inline double ruin_probability(double reserve) {
    return std::exp(-0.2 * reserve / 1.2) / 1.2;
}

/// The same where a reserve of `safe` or more after a claim ends it. Steps up have an exponential tail of
/// mean 1.2, so that it is exceeded by such a one: ψ(u) = p + (1 − p) E ψ(safe + excess).
[[nodiscard]] inline double ruin_probability_before(double reserve, double safe) {
    const double afterwards = ruin_probability(safe) / 1.2;
    return (ruin_probability(reserve) - afterwards) / (1 - afterwards);
}

/// A sum of `steps` standard normals; the event is that it is above `height` √steps at the end. The level is
/// the sum so far, which goes down as well as up.
class RareSum {
  public:
    struct State {
        double sum = 0;
        std::uint32_t step = 0;
        FastVariates variates;
        DrawSource source;
    };

    RareSum(std::uint32_t steps, double height) : steps_(steps), height_(height) {}

    [[nodiscard]] State state() const { return {}; }
    void begin(State& state, const Luck& luck) const {
        state = {.sum = 0, .step = 0, .variates = variates_of(luck), .source = {.agent = 1, .purpose = 1}};
    }
    void renew(State& state, const Luck& luck) const { state.variates = variates_of(luck); }
    double rise(State& state, double level) {
        for (;;) {
            const bool at_the_end = state.step == steps_;
            const bool high = state.sum > height_ * std::sqrt(static_cast<double>(steps_));
            const double here = !at_the_end ? state.sum : high ? infinity : -infinity;
            if (here > level || at_the_end) return here;
            state.sum += state.variates.standard_normal(state.source);
            ++state.step;
            ++events_;
        }
    }
    [[nodiscard]] std::uint64_t events() const { return events_; }

  private:
    std::uint32_t steps_;
    double height_;
    std::uint64_t events_ = 0;
};

[[nodiscard]] inline double normal_tail(double height) {
    return std::erfc(height / std::numbers::sqrt2) / 2;
}

}  // namespace venturi
