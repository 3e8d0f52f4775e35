// Declared draws. A model does not sample: it declares what it needs (a clock with this rate, a race of
// clocks up to a deadline, a choice with these weights) to a policy fixed at compile time. What stands behind
// the declaration is the policy's business:
//
//   PlainDraws             samples; the fastest variates
//   InversionDraws         samples by inversion throughout, one uniform each; mirrored, its antithetic
//   partner ScoreDraws<d>          samples, and sums the score for likelihood-ratio gradients in d decision
//   variables RecordingDraws<Draws>  does what `Draws` does and keeps the list of draws, for a trace
//
// Which variate is made how: clocks and exponentials by the ziggurat, normals by Boost.Random, everything
// else (uniform, Bernoulli, choice, winner of a race) by inversion from one uniform, so that two runs with
// different probabilities stay coupled; see distribution.hpp for distributions that a user chooses.
#pragma once

#include "sim/contract.hpp"
#include "sim/random/distribution.hpp"
#include "sim/random/dual.hpp"
#include "sim/random/normal_quantile.hpp"
#include "sim/random/stream.hpp"
#include "sim/random/ziggurat.hpp"

#include <boost/random/normal_distribution.hpp>

#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace venturi {

/// An agent's draws for one purpose: the name, and the number of the next. A value that lives with the agent.
struct DrawSource {
    std::uint32_t agent = 0;
    std::uint16_t purpose = 0;
    std::uint32_t next = 0;  ///< number of the next draw
};

/// What became of a race of exponential clocks.
struct Race {
    static constexpr std::size_t nobody = std::numeric_limits<std::size_t>::max();
    std::size_t winner =
        nobody;       ///< index of the clock that rang first; nobody where the deadline came first
    double wait = 0;  ///< time to the first ring, or the deadline
};

/// What a model asks of its draws.
template <class T>
concept DrawPolicy = Scalar<typename T::Scalar> && requires(T draws, DrawSource& source,
                                                            const typename T::Scalar& scalar,
                                                            std::span<const typename T::Scalar> scalars,
                                                            const Distribution& distribution) {
    { draws.exponential(source, scalar) } -> std::same_as<double>;
    { draws.race(source, scalars, 1.0) } -> std::same_as<Race>;
    { draws.bernoulli(source, scalar) } -> std::same_as<bool>;
    { draws.choice(source, scalars) } -> std::same_as<std::size_t>;
    { draws.uniform(source) } -> std::same_as<double>;
    { draws.normal(source, scalar, 1.0) } -> std::same_as<double>;
    { draws.log_normal(source, scalar, 1.0) } -> std::same_as<double>;
    { draws.sample(source, distribution) } -> std::same_as<double>;
    { draws.unit_exponential(source) } -> std::same_as<double>;
    draws.exposed(scalar, 1.0);
    draws.rang(scalar);
};

/// How the words of draws become standard variates: fast.
class FastVariates {
  public:
    FastVariates() = default;
    FastVariates(std::uint64_t seed, std::uint32_t trajectory) : seed_(seed), trajectory_(trajectory) {}

    [[nodiscard]] double uniform(DrawSource& source) const { return unit_uniform(next_word(source)); }
    [[nodiscard]] double unit_exponential(DrawSource& source) const {
        const StreamAddress address = address_of(source);
        const std::uint32_t n = source.next++;
        return sample_unit_exponential(DrawEngine(address, n, word_at(address, n)));
    }
    [[nodiscard]] double standard_normal(DrawSource& source) const {
        return sample(source, Normal{.mean = 0, .deviation = 1});
    }
    [[nodiscard]] double sample(DrawSource& source, const Distribution& distribution) const {
        const StreamAddress address = address_of(source);
        const std::uint32_t n = source.next++;
        DrawEngine engine(address, n, word_at(address, n));
        // The commonest service time, without a jump through a table.
        if (const auto* exponential = std::get_if<Exponential>(&distribution)) [[likely]]
            return Sampler{engine}(*exponential);
        return std::visit(Sampler{engine}, distribution);
    }

  private:
    [[nodiscard]] StreamAddress address_of(const DrawSource& source) const {
        return {seed_, trajectory_, source.agent, source.purpose};
    }
    [[nodiscard]] std::uint64_t next_word(DrawSource& source) const {
        return word_at(address_of(source), source.next++);
    }

    std::uint64_t seed_ = 0;
    std::uint32_t trajectory_ = 0;
};

/// How the words of draws become standard variates: each monotone in one uniform u, or in 1 − u where
/// mirrored. Distributions made by rejection (gamma) are sampled as they are: they have no mirror image here.
class InversionVariates {
  public:
    InversionVariates() = default;
    InversionVariates(std::uint64_t seed, std::uint32_t trajectory, bool mirrored = false)
        : seed_(seed), trajectory_(trajectory), mirror_(mirrored ? ~std::uint64_t{0} : 0) {}

    [[nodiscard]] double uniform(DrawSource& source) const { return open_uniform(next_word(source)); }
    [[nodiscard]] double unit_exponential(DrawSource& source) const { return -std::log1p(-uniform(source)); }
    [[nodiscard]] double standard_normal(DrawSource& source) const {
        return standard_normal_quantile(uniform(source));
    }
    [[nodiscard]] double sample(DrawSource& source, const Distribution& distribution) const {
        if (const auto* normal = std::get_if<Normal>(&distribution))
            return normal->mean + normal->deviation * standard_normal(source);
        if (const auto* log_normal = std::get_if<LogNormal>(&distribution))
            return log_normal->median * std::exp(log_normal->spread * standard_normal(source));
        if (const auto* exponential = std::get_if<Exponential>(&distribution))
            return exponential->mean * unit_exponential(source);
        const StreamAddress address{seed_, trajectory_, source.agent, source.purpose};
        const std::uint64_t word = next_word(source);
        DrawEngine engine(address, source.next - 1, word);
        return std::visit(Sampler{engine}, distribution);
    }

  private:
    [[nodiscard]] std::uint64_t next_word(DrawSource& source) const {
        const StreamAddress address{seed_, trajectory_, source.agent, source.purpose};
        return word_at(address, source.next++) ^ mirror_;
    }

    std::uint64_t seed_ = 0;
    std::uint32_t trajectory_ = 0;
    std::uint64_t mirror_ = 0;
};

namespace detail {

// Which of the weights the point u·Σw falls in; the last one where rounding would carry it past the end.
template <class Scalar>
[[nodiscard]] std::size_t choose(std::span<const Scalar> weights, double total, double u) {
    double left = u * total;
    std::size_t last = weights.size() - 1;
    while (last > 0 && !(value_of(weights[last]) > 0)) --last;
    for (std::size_t i = 0; i < last; ++i) {
        left -= value_of(weights[i]);
        if (left < 0) return i;
    }
    return last;
}

template <class Scalar>
[[nodiscard]] double total_of(std::span<const Scalar> weights) {
    double total = 0;
    for (const Scalar& weight : weights) total += value_of(weight);
    return total;
}

}  // namespace detail

/// Sampling and nothing else.
///
/// Rates are per unit of time and ≥ 0; a clock of rate 0 never rings (infinity). A race makes two draws, the
/// wait's by the ziggurat and the winner's by inversion, both whether or not the deadline comes first, so
/// that the number of a draw does not depend on outcomes.
template <class Variates>
class BasicDraws {
  public:
    using Scalar = double;

    BasicDraws() = default;
    explicit BasicDraws(const Variates& variates) : variates_(variates) {}

    double unit_exponential(DrawSource& source) { return variates_.unit_exponential(source); }
    double exponential(DrawSource& source, double rate) {
        const double unit = variates_.unit_exponential(source);
        return rate > 0 ? unit / rate : std::numeric_limits<double>::infinity();
    }
    Race race(DrawSource& source, std::span<const double> rates, double deadline) {
        return run_race<double>(source, rates, detail::total_of(rates), deadline);
    }
    bool bernoulli(DrawSource& source, double probability) { return variates_.uniform(source) < probability; }
    std::size_t choice(DrawSource& source, std::span<const double> weights) {
        return detail::choose(weights, detail::total_of(weights), variates_.uniform(source));
    }
    double uniform(DrawSource& source) { return variates_.uniform(source); }
    double normal(DrawSource& source, double mean, double deviation) {
        return mean + deviation * variates_.standard_normal(source);
    }
    double log_normal(DrawSource& source, double median, double spread) {
        return median * std::exp(spread * variates_.standard_normal(source));
    }
    double sample(DrawSource& source, const Distribution& distribution) {
        return variates_.sample(source, distribution);
    }

    /// A clock whose rate moves was watched for `duration` at `rate` and did not ring: nothing to do here.
    void exposed(double /*rate*/, double /*duration*/) {}
    /// A clock whose rate moves rang while its rate was `rate`: nothing to do here.
    void rang(double /*rate*/) {}

    /// The race itself, for policies that build on this one.
    template <class Any>
    Race run_race(DrawSource& source, std::span<const Any> rates, double total, double deadline) {
        const double unit = variates_.unit_exponential(source);
        const double u = variates_.uniform(source);
        // Compared without a division, which only the winner's time needs.
        if (!(unit < deadline * total)) return {Race::nobody, deadline};
        return {detail::choose(rates, total, u), unit / total};
    }

  private:
    Variates variates_;
};

using PlainDraws = BasicDraws<FastVariates>;
using InversionDraws = BasicDraws<InversionVariates>;

/// Sampling that also sums the score: the derivative of the log-likelihood of everything drawn with respect
/// to `Size` decision variables, for likelihood-ratio gradients E[∇f + f·score] (Glynn, CACM 33(10), 1990).
/// What is drawn is the same, draw by draw, as with the plain policy.
template <std::size_t Size, class Variates = FastVariates>
class ScoreDraws {
  public:
    using Scalar = Dual<Size>;

    ScoreDraws() = default;
    explicit ScoreDraws(const Variates& variates) : draws_(variates) {}

    [[nodiscard]] const std::array<double, Size>& score() const { return score_; }

    double unit_exponential(DrawSource& source) { return draws_.unit_exponential(source); }
    double exponential(DrawSource& source, const Scalar& rate) {
        const double wait = draws_.exponential(source, rate.value);
        if (rate.value > 0) add(1 / rate.value - wait, rate);
        return wait;
    }
    /// A race that ends at the deadline counts as censored there: the score of what was seen, not of what was
    /// drawn.
    Race race(DrawSource& source, std::span<const Scalar> rates, double deadline) {
        const Race race = draws_.run_race(source, rates, detail::total_of(rates), deadline);
        // Clocks that all stand still, without a deadline: nothing is seen, and ∞ · 0 would not be zero.
        if (race.wait == std::numeric_limits<double>::infinity()) return race;
        const auto factor = [&](std::size_t i) {
            return (i == race.winner ? 1 / rates[i].value : 0) - race.wait;
        };
        std::size_t i = 0;
        // Two at a time: the score is read and written half as often.
        for (; i + 1 < rates.size(); i += 2) add(factor(i), rates[i], factor(i + 1), rates[i + 1]);
        if (i < rates.size()) add(factor(i), rates[i]);
        return race;
    }
    bool bernoulli(DrawSource& source, const Scalar& probability) {
        const bool happens = draws_.bernoulli(source, probability.value);
        add(happens ? 1 / probability.value : -1 / (1 - probability.value), probability);
        return happens;
    }
    std::size_t choice(DrawSource& source, std::span<const Scalar> weights) {
        const double total = detail::total_of(weights);
        const std::size_t chosen = detail::choose(weights, total, draws_.uniform(source));
        for (std::size_t i = 0; i < weights.size(); ++i)
            add((i == chosen ? 1 / weights[i].value : 0) - 1 / total, weights[i]);
        return chosen;
    }
    double uniform(DrawSource& source) { return draws_.uniform(source); }
    double normal(DrawSource& source, const Scalar& mean, double deviation) {
        const double drawn = draws_.normal(source, mean.value, deviation);
        if (deviation > 0) add((drawn - mean.value) / (deviation * deviation), mean);
        return drawn;
    }
    double log_normal(DrawSource& source, const Scalar& median, double spread) {
        const double drawn = draws_.log_normal(source, median.value, spread);
        if (spread > 0) add(std::log(drawn / median.value) / (spread * spread * median.value), median);
        return drawn;
    }
    double sample(DrawSource& source, const Distribution& distribution) {
        return draws_.sample(source, distribution);
    }
    void exposed(const Scalar& rate, double duration) { add(-duration, rate); }
    void rang(const Scalar& rate) { add(1 / rate.value, rate); }

  private:
    void add(double factor, const Scalar& quantity) {
        for (std::size_t i = 0; i < Size; ++i) score_[i] += factor * quantity.derivative[i];
    }
    void add(double factor_a, const Scalar& a, double factor_b, const Scalar& b) {
        for (std::size_t i = 0; i < Size; ++i)
            score_[i] += factor_a * a.derivative[i] + factor_b * b.derivative[i];
    }

    BasicDraws<Variates> draws_;
    std::array<double, Size> score_{};
};

/// What was drawn, by whom and for what.
struct RecordedDraw {
    DrawSource source;  ///< as it was before the draw
    double value;  ///< the variate; of a race the wait, of a choice the index, of a Bernoulli draw 0 or 1
};

/// Does what `Draws` does, and keeps a list.
template <class Draws>
class RecordingDraws {
  public:
    using Scalar = typename Draws::Scalar;

    RecordingDraws() = default;
    explicit RecordingDraws(const Draws& draws) : draws_(draws) {}

    [[nodiscard]] const std::vector<RecordedDraw>& recorded() const { return recorded_; }

    double unit_exponential(DrawSource& source) {
        return keep(source, [&] { return draws_.unit_exponential(source); });
    }
    double exponential(DrawSource& source, const Scalar& rate) {
        return keep(source, [&] { return draws_.exponential(source, rate); });
    }
    Race race(DrawSource& source, std::span<const Scalar> rates, double deadline) {
        Race race;
        keep(source, [&] {
            race = draws_.race(source, rates, deadline);
            return race.wait;
        });
        return race;
    }
    bool bernoulli(DrawSource& source, const Scalar& probability) {
        return keep(source, [&] { return draws_.bernoulli(source, probability) ? 1.0 : 0.0; }) != 0;
    }
    std::size_t choice(DrawSource& source, std::span<const Scalar> weights) {
        return static_cast<std::size_t>(
            keep(source, [&] { return static_cast<double>(draws_.choice(source, weights)); }));
    }
    double uniform(DrawSource& source) {
        return keep(source, [&] { return draws_.uniform(source); });
    }
    double normal(DrawSource& source, const Scalar& mean, double deviation) {
        return keep(source, [&] { return draws_.normal(source, mean, deviation); });
    }
    double log_normal(DrawSource& source, const Scalar& median, double spread) {
        return keep(source, [&] { return draws_.log_normal(source, median, spread); });
    }
    double sample(DrawSource& source, const Distribution& distribution) {
        return keep(source, [&] { return draws_.sample(source, distribution); });
    }
    void exposed(const Scalar& rate, double duration) { draws_.exposed(rate, duration); }
    void rang(const Scalar& rate) { draws_.rang(rate); }

  private:
    template <class Draw>
    double keep(const DrawSource& source, Draw&& draw) {
        const DrawSource before = source;
        recorded_.push_back({before, std::forward<Draw>(draw)()});
        return recorded_.back().value;
    }

    Draws draws_;
    std::vector<RecordedDraw> recorded_;
};

static_assert(DrawPolicy<PlainDraws>);
static_assert(DrawPolicy<InversionDraws>);
static_assert(DrawPolicy<ScoreDraws<5>>);
static_assert(DrawPolicy<RecordingDraws<PlainDraws>>);

}  // namespace venturi
