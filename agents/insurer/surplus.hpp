// The surplus of an insurer: premiums flow in evenly, claims come at random, and ruin is a surplus below 0.
//
// Cramér and Lundberg's process, U(t) = u + c t − (X_1 + ... + X_N(t)), N Poisson with rate λ, claims
// independent with mean μ. θ = c / (λ μ) − 1 is the loading of the premiums. After Asmussen and Albrecher,
// Ruin Probabilities, 2nd edition (2010), below "AA".
#pragma once

#include "agents/insurer/aggregate_loss.hpp"
#include "sim/contract.hpp"
#include "sim/ensemble/interval.hpp"
#include "sim/ensemble/moments.hpp"
#include "sim/random/draws.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <vector>

namespace venturi {

/// Dollars and months.
struct SurplusProcess {
    double reserve = 0;       ///< u ≥ 0
    double premium_rate = 0;  ///< c > 0, dollars per month
    double claim_rate = 0;    ///< λ > 0, per month

    /// θ, for claims of that mean.
    [[nodiscard]] double loading(double mean_claim) const {
        return premium_rate / (claim_rate * mean_claim) - 1;
    }
};

/// Exponential claims, for which most has a closed form. A ClaimSize that can be sampled.
struct ExponentialClaim {
    double average = 1;

    [[nodiscard]] double mean() const { return average; }
    [[nodiscard]] double survival(double claim) const { return std::exp(-claim / average); }
    [[nodiscard]] double layer(double from, double width) const {
        return -average * std::exp(-from / average) * std::expm1(-width / average);
    }
    template <DrawPolicy Draws>
    [[nodiscard]] double sample(Draws& draws, DrawSource& source) const {
        return average * draws.unit_exponential(source);
    }
};

/// ψ(u) = exp(−θ u / ((1 + θ) μ)) / (1 + θ) of exponential claims, AA chapter IV; 1 where θ ≤ 0.
[[nodiscard]] double ruin_probability(const ExponentialClaim& claim, double loading, double reserve);

/// Ruin within `time`, of exponential claims: AA proposition V.1.3, an integral that is summed by the
/// trapezoidal rule, which for a smooth periodic function converges faster than any power, until two
/// refinements agree to 1e-12. The loading is 0 or above; between 0 and 1e-5 points run out at 1e-7.
[[nodiscard]] double ruin_probability_within(double time, const SurplusProcess& process,
                                             const ExponentialClaim& claim);

/// The R > 0 with E[e^(R X)] = 1 + (1 + θ) μ R, Lundberg's adjustment coefficient, to the last bits; ψ(u) ≤
/// e^(−R u). `generating_function`(r) = E[e^(r X)] must be finite for 0 ≤ r < `finite_below`. None where it
/// stays below the right side up to there; claims with a Pareto tail have none at all. θ > 0.
[[nodiscard]] std::optional<double> adjustment_coefficient(
    const std::function<double(double)>& generating_function, double mean_claim, double loading,
    double finite_below = std::numeric_limits<double>::infinity());

/// ψ at 0, h, 2h, ..., enclosed.
struct RuinCurve {
    double step = 0;                 ///< h, dollars
    std::vector<double> lower = {};  ///< ψ(k h) is at least that
    std::vector<double> upper = {};  ///< and at most that

    [[nodiscard]] Interval at(std::size_t k) const { return {lower[k], upper[k]}; }
    /// Middle of the enclosure at the last point: of second order in h, where the ends are of first.
    [[nodiscard]] double middle() const { return (lower.back() + upper.back()) / 2; }
};

/// The same from ladder heights Y that have a density: beyond[k] = P(Y > k h) at the points of the curve, and
/// cell[k] = beyond[k] − beyond[k + 1], without cancellation.
[[nodiscard]] RuinCurve ruin_curve_of_ladder(double loading, std::span<const double> beyond,
                                             std::span<const double> cell, double step);

/// ψ of claims of any size, up to `reserve`, on `steps` ≥ 1 intervals. The greatest loss that ever
/// accumulates is the sum of a geometric number of ladder heights, each more with probability 1 / (1 + θ), of
/// density P(X > x) / μ (Pollaczek and Khinchine; Beekman 1968; AA section IV.2). Heights are rounded to the
/// lattice, down for the lower and up for the upper end; both are then exact but for rounding errors, by the
/// defective renewal equation (Panjer's recursion in the geometric case), all of whose terms are positive, so
/// that a small ψ is as precise as a large one. Work of order `steps`².
template <ClaimSize Claim>
[[nodiscard]] RuinCurve ruin_curve(const Claim& claim, double loading, double reserve, std::size_t steps) {
    expects(reserve >= 0 && steps >= 1, "a reserve is not negative, and a lattice has a point");
    const double step = reserve / static_cast<double>(steps);
    const double mean = claim.mean();
    std::vector<double> beyond(steps + 1);
    std::vector<double> cell(steps);
    for (std::size_t k = 0; k < beyond.size(); ++k) {
        const double from = static_cast<double>(k) * step;
        beyond[k] = claim.layer(from, std::numeric_limits<double>::infinity()) / mean;
        if (k < cell.size()) cell[k] = claim.layer(from, step) / mean;
    }
    return ruin_curve_of_ladder(loading, beyond, cell, step);
}

/// Ruin within `time` > 0 without a reserve, u = 0, of claims of any size: E[min(S, c t)] / (c t), S being
/// the claims of that time, by Takács's ballot theorem (AA section V.2). Enclosed on a
/// lattice of `steps`.
template <ClaimSize Claim>
[[nodiscard]] Interval ruin_without_reserve_within(double time, const SurplusProcess& process,
                                                   const Claim& claim, std::size_t steps) {
    expects(time > 0, "ruin takes time");
    const double income = process.premium_rate * time;
    const Interval claims =
        limited_aggregate(ClaimCount::poisson(process.claim_rate * time), claim, income, steps);
    return {claims.low / income, claims.high / income};
}

/// Where a simulation ends without ruin: at a time, or at a surplus so high that ruin from there is known.
struct SurplusEnd {
    double time = std::numeric_limits<double>::infinity();     ///< months
    double surplus = std::numeric_limits<double>::infinity();  ///< dollars; reached, not jumped over
};

struct SurplusOutcome {
    bool ruined = false;
    double time = 0;     ///< of ruin or of the end, months
    double surplus = 0;  ///< then; at ruin minus the deficit
    std::uint32_t claims = 0;
};

/// One path, claim by claim. Between claims the surplus only rises, so ruin is looked for at claims alone,
/// and nothing is discretised. Without a finite end a path need not end.
template <DrawPolicy Draws, class Claim>
[[nodiscard]] SurplusOutcome simulate_surplus(const SurplusProcess& process, const Claim& claim,
                                              const SurplusEnd& end, Draws& draws, DrawSource& waiting,
                                              DrawSource& claiming) {
    SurplusOutcome path{.surplus = process.reserve};
    if (path.surplus >= end.surplus) return path;
    for (;;) {
        const double wait = draws.exponential(waiting, typename Draws::Scalar(process.claim_rate));
        const double allowed = end.time - path.time;
        const double to_surplus = (end.surplus - path.surplus) / process.premium_rate;
        if (wait >= allowed || wait >= to_surplus) {
            const bool by_time = allowed < to_surplus;
            path.time = by_time ? end.time : path.time + to_surplus;
            path.surplus = by_time ? path.surplus + process.premium_rate * allowed : end.surplus;
            return path;
        }
        path.time += wait;
        path.surplus += process.premium_rate * wait - claim.sample(draws, claiming);
        ++path.claims;
        if (path.surplus < 0) {
            path.ruined = true;
            return path;
        }
    }
}

/// What an ensemble of paths gives.
struct RuinTally {
    Moments ruined;   ///< 1 or 0 of each path
    Moments deficit;  ///< at ruin, of the ruined, dollars
    Moments time;     ///< of ruin, of the ruined, months

    void merge(const RuinTally& other);
};

/// The model of such an ensemble (`run_ensemble` in sim/ensemble/ensemble.hpp), whose trajectories number the
/// paths.
template <class Claim, class Variates = FastVariates>
class RuinModel {
  public:
    RuinModel(const SurplusProcess& process, const Claim& claim, const SurplusEnd& end, std::uint64_t seed)
        : process_(process), claim_(claim), end_(end), seed_(seed) {}

    /// Returns the number of claims.
    std::uint64_t simulate(std::uint64_t trajectory, RuinTally& into) const {
        BasicDraws<Variates> draws(Variates(seed_, static_cast<std::uint32_t>(trajectory)));
        DrawSource waiting{.agent = 0, .purpose = 0};
        DrawSource claiming{.agent = 0, .purpose = 1};
        const SurplusOutcome path = simulate_surplus(process_, claim_, end_, draws, waiting, claiming);
        into.ruined.add(path.ruined ? 1 : 0);
        if (path.ruined) {
            into.deficit.add(-path.surplus);
            into.time.add(path.time);
        }
        return path.claims;
    }

  private:
    SurplusProcess process_;
    Claim claim_;
    SurplusEnd end_;
    std::uint64_t seed_;
};

}  // namespace venturi
