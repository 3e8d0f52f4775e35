// Luck, told to whoever wants to know of it: what a company risked, in which state, and what came of it.
//
// The rules tell of it through the policy of draws, where that has ears; else nothing of this is compiled:
//
//     World<ObservingDraws<PlainDraws, LuckLedger>> world(setup);   // agents/observed_world.cpp has it
//     world.reset(ObservingDraws<PlainDraws, LuckLedger>(PlainDraws(FastVariates(seed, trajectory))));
//     world.run_until(72);
//     tell_luck_so_far(world);                  // of clocks that have not rung, up to now
//     world.draws.observer().sum(company, LuckKind::raise, 0, LuckWeight::one);
//
// Every piece of luck is a difference between what came and what was expected of it, given all that was known
// before: weighted by anything that was known too, such differences sum up to a martingale, whose mean is 0.
#pragma once

#include "sim/random/draws.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace venturi {

/// What is left to chance.
enum class LuckKind : std::uint8_t {
    raise,        ///< whether an attempt to raise finds willing investors
    valuation,    ///< the standard normal variate in the price of a round, asked or paid; 0 is expected
    offer,        ///< an offer to buy arrives: the integrated hazard is expected
    acquisition,  ///< whether an offer that has arrived is as high as is asked
    listing,      ///< the integrated hazard is expected
    shutdown,     ///< founders give up; the same
    improvement,  ///< of the product; the same
    incident,     ///< whether a candidate for an incident is one
};
inline constexpr std::size_t luck_kinds = 8;
inline constexpr std::array<std::string_view, luck_kinds> luck_kind_names = {
    "raise", "valuation", "offer", "acquisition", "listing", "shutdown", "improvement", "incident"};

/// A company as it was when luck was yet to come: what may weigh it.
struct LuckState {
    double month = 0;
    double stage = 0;     ///< rounds after the seed
    double quality = 0;   ///< relative to the frontier
    double traction = 0;  ///< ln(1 + revenue / what investors expect before the first round)
    double worth = 0;     ///< what the company would fetch, dollars
    double runway = 0;    ///< months that cash lasts; infinite where it does for ever
    double sale = 0;      ///< probability that an offer would be taken now
};

/// A piece of it. Bankruptcy is none: cash runs out when it must.
struct LuckEvent {
    LuckKind kind = LuckKind::raise;
    std::uint32_t startup = 0;
    double month = 0;  ///< when it is told
    LuckState
        state;  ///< before: of a clock, at the beginning of the time for which its hazard was integrated
    double expected = 0;  ///< a probability, a mean, or a hazard integrated since it was last told
    double outcome = 0;   ///< 1 where it happened, 0 where not; of a valuation the variate
};

/// A policy of draws that wants to be told of luck.
template <class Draws>
concept ObservesLuck = requires(Draws& draws, const LuckEvent& luck) {
    draws.tell(luck);
};

/// What a startup keeps for a policy that observes nothing: nothing.
struct NoLuckState {};

/// Does what `Draws` does, and tells `Observer`, a value with a member tell(const LuckEvent&), of luck. What
/// is drawn is the same: a world that is observed has the history of one that isn't.
template <DrawPolicy Draws, class Observer>
class ObservingDraws {
  public:
    using Scalar = typename Draws::Scalar;

    ObservingDraws() = default;
    explicit ObservingDraws(const Draws& draws, Observer observer = {})
        : draws_(draws), observer_(std::move(observer)) {}

    [[nodiscard]] const Observer& observer() const { return observer_; }
    [[nodiscard]] Observer& observer() { return observer_; }

    void tell(const LuckEvent& luck) { observer_.tell(luck); }

    double unit_exponential(DrawSource& source) { return draws_.unit_exponential(source); }
    double exponential(DrawSource& source, const Scalar& rate) { return draws_.exponential(source, rate); }
    Race race(DrawSource& source, std::span<const Scalar> rates, double deadline) {
        return draws_.race(source, rates, deadline);
    }
    bool bernoulli(DrawSource& source, const Scalar& probability) {
        return draws_.bernoulli(source, probability);
    }
    std::size_t choice(DrawSource& source, std::span<const Scalar> weights) {
        return draws_.choice(source, weights);
    }
    double uniform(DrawSource& source) { return draws_.uniform(source); }
    double normal(DrawSource& source, const Scalar& mean, double deviation) {
        return draws_.normal(source, mean, deviation);
    }
    double log_normal(DrawSource& source, const Scalar& median, double spread) {
        return draws_.log_normal(source, median, spread);
    }
    double sample(DrawSource& source, const Distribution& distribution) {
        return draws_.sample(source, distribution);
    }
    void exposed(const Scalar& rate, double duration) { draws_.exposed(rate, duration); }
    void rang(const Scalar& rate) { draws_.rang(rate); }

  private:
    Draws draws_;
    Observer observer_;
};

/// What a ledger multiplies luck by.
enum class LuckWeight : std::uint8_t { one, years, quality, traction, worth, runway, sale };
inline constexpr std::size_t luck_weights = 7;
inline constexpr std::array<std::string_view, luck_weights> luck_weight_names = {
    "1", "years", "quality", "traction", "worth", "runway", "sale"};

/// The value of a weight: years since the beginning of the world, of which what is left to a horizon is a
/// linear function; quality within ±4; ln(1 + worth / $1M); runway in years, at most 3; what a sale may be
/// expected to bring, probability × ln(1 + worth / $1M).
[[nodiscard]] inline double weight_of(const LuckState& state, LuckWeight weight) {
    switch (weight) {
        case LuckWeight::one:
            return 1;
        case LuckWeight::years:
            return state.month / 12;
        case LuckWeight::quality:
            return std::clamp(state.quality, -4.0, 4.0);
        case LuckWeight::traction:
            return state.traction;
        case LuckWeight::worth:
            return std::log1p(std::max(state.worth, 0.0) / 1e6);
        case LuckWeight::runway:
            return std::clamp(state.runway / 12, 0.0, 3.0);
        case LuckWeight::sale:
            return state.sale * std::log1p(std::max(state.worth, 0.0) / 1e6);
    }
    return 1;
}

/// An observer: the sum of (outcome − expected) × weight for each company, kind, stage and weight. Each sum
/// has mean 0 once all is told. Bytes: 1,792 a company.
class LuckLedger {
  public:
    /// The seed, the two rounds after it, and all that follow as one.
    static constexpr std::size_t stages = 4;
    static constexpr std::size_t entries = luck_kinds * stages * luck_weights;

    void tell(const LuckEvent& luck) {
        const std::size_t first = luck.startup * entries;
        if (sums_.size() < first + entries) sums_.resize(first + entries, 0.0);
        const auto stage = std::min(static_cast<std::size_t>(luck.state.stage), stages - 1);
        double* const of =
            sums_.data() + first + (static_cast<std::size_t>(luck.kind) * stages + stage) * luck_weights;
        const double surprise = luck.outcome - luck.expected;
        for (std::size_t i = 0; i < luck_weights; ++i)
            of[i] += surprise * weight_of(luck.state, static_cast<LuckWeight>(i));
    }

    /// 0 for a company that nothing was told of.
    [[nodiscard]] double sum(std::size_t startup, LuckKind kind, std::size_t stage, LuckWeight weight) const {
        const std::size_t place = startup * entries
                                  + (static_cast<std::size_t>(kind) * stages + stage) * luck_weights
                                  + static_cast<std::size_t>(weight);
        return place < sums_.size() ? sums_[place] : 0.0;
    }

  private:
    std::vector<double> sums_;  // startups × kinds × stages × weights
};

/// What a world keeps of a company's luck where it is asked to (World::sum_luck), for a fiftieth of its time:
/// the sums of (outcome − expected) × weight of some kinds. A clock's weights are looked up at most twice a
/// year, which is as good as any weight that was known before: each sum has mean 0 once all is told.
struct LuckSums {
    static constexpr std::array kinds = {LuckKind::raise, LuckKind::offer, LuckKind::acquisition,
                                         LuckKind::listing, LuckKind::shutdown};
    /// The places of those that are clocks.
    static constexpr std::array<std::size_t, 3> clocks = {1, 3, 4};
    /// Each kind by each weight; but for listings by the number of the stage; and raises at the seed stage by
    /// each weight.
    static constexpr std::size_t count = kinds.size() * luck_weights + kinds.size() - 1 + luck_weights;
    static constexpr double months_between_looks = 6;
    using Weights = std::array<double, luck_weights>;

    std::array<double, count> sums{};
    double month = 0;                                          ///< up to which hazards are integrated
    double looked = -std::numeric_limits<double>::infinity();  ///< when the weights were looked up
    double stage = 0;                                          ///< then
    Weights weights{};                                         ///< then
    std::array<double, clocks.size()> hazards{};               ///< integrated since then

    /// `kind` is a place in `kinds`.
    void add(std::size_t kind, double surprise, const Weights& by, double at_stage) {
        constexpr std::size_t listings = 3;
        constexpr std::size_t of_stage = kinds.size() * luck_weights;
        constexpr std::size_t of_seed = of_stage + kinds.size() - 1;
        for (std::size_t i = 0; i < luck_weights; ++i) sums[kind * luck_weights + i] += surprise * by[i];
        if (kind != listings)
            sums[of_stage + kind - (kind > listings ? 1 : 0)] += surprise * std::min(at_stage, 3.0);
        if (kind == 0 && at_stage == 0)
            for (std::size_t i = 0; i < luck_weights; ++i) sums[of_seed + i] += surprise * by[i];
    }
    /// Takes off what was expected since the weights were looked up.
    void take_off_hazards() {
        for (std::size_t i = 0; i < clocks.size(); ++i)
            if (const double expected = std::exchange(hazards[i], 0.0); expected > 0)
                add(clocks[i], -expected, weights, stage);
    }
};

/// All weights of a state.
[[nodiscard]] inline LuckSums::Weights weights_of(const LuckState& state) {
    const double worth = std::log1p(std::max(state.worth, 0.0) / 1e6);
    LuckSums::Weights weights{};
    for (const LuckWeight weight :
         {LuckWeight::one, LuckWeight::years, LuckWeight::quality, LuckWeight::traction, LuckWeight::runway})
        weights[static_cast<std::size_t>(weight)] = weight_of(state, weight);
    // One logarithm for both.
    weights[static_cast<std::size_t>(LuckWeight::worth)] = worth;
    weights[static_cast<std::size_t>(LuckWeight::sale)] = state.sale * worth;
    return weights;
}

/// The luck of the climate's own chain, which all companies share: by half-years, how often it became cold
/// and how often warm, less how often it ceased to be, less what was expected of that. Each sum has mean 0
/// once all is told, since periods are fixed. What the chain begins in, where that is drawn, is luck of the
/// first.
struct ClimateLuck {
    static constexpr std::size_t periods = 24;  ///< the last has all that follows
    static constexpr double months_of_period = 6;
    using Change = std::array<double, 2>;  ///< of being cold, and of being warm

    std::array<Change, periods> sums{};
    Change drift{};    ///< what is expected in a month, since `month`
    double month = 0;  ///< up to which `drift` is taken off

    static std::size_t period_of(double at) {
        return std::min(static_cast<std::size_t>(at / months_of_period), periods - 1);
    }
    void changes(double at, const Change& by) {
        Change& sum = sums[period_of(at)];
        for (std::size_t i = 0; i < by.size(); ++i) sum[i] += by[i];
    }
    /// Takes off what was expected up to `now`; from then on it is `expected`.
    void take_off_drift(double now, const Change& expected) {
        while (month < now) {
            const std::size_t period = period_of(month);
            const double end = period + 1 < periods
                                   ? std::min(now, static_cast<double>(period + 1) * months_of_period)
                                   : now;
            for (std::size_t i = 0; i < drift.size(); ++i) sums[period][i] -= drift[i] * (end - month);
            month = end;
        }
        drift = expected;
    }
};

/// The policy of the worlds that estimators of gradients look at.
using LedgerDraws = ObservingDraws<PlainDraws, LuckLedger>;

}  // namespace venturi
