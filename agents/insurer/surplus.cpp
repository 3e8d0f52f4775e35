#include "agents/insurer/surplus.hpp"

#include <boost/math/tools/roots.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace venturi {

namespace {

void check_loading(double loading) {
    expects(loading > -1 && std::isfinite(loading), "a loading is above -1: premiums are positive");
}

// The integrand of AA V.1.3 without its β: claims of mean 1, premiums of 1 a unit of time, β of them in it.
double finite_time_integrand(double angle, double claim_rate, double reserve, double time) {
    const double root = std::sqrt(claim_rate);
    const double cosine = std::cos(angle);
    const double turn = reserve * root * std::sin(angle);
    const double size =
        std::exp(2 * root * time * cosine - (1 + claim_rate) * time + reserve * (root * cosine - 1));
    return size * (std::cos(turn) - std::cos(turn + 2 * angle)) / (1 + claim_rate - 2 * root * cosine);
}

// P(sum of a geometric number of heights > k h), for heights on the lattice: mass(j) = P(Y = j h), beyond(k)
// = P(Y > k h). ψ_k = ρ (beyond(k) + Σ_j mass(j) ψ_(k−j)): one height, and what it leaves to the others.
template <class Mass, class Beyond>
std::vector<double> ruin_on_lattice(double more, std::size_t points, Mass mass, Beyond beyond) {
    std::vector<double> ruin(points);
    const double scale = more / (1 - more * mass(0));
    for (std::size_t k = 0; k < points; ++k) {
        double sum = beyond(k);
        for (std::size_t j = 1; j <= k; ++j) sum += mass(j) * ruin[k - j];
        ruin[k] = scale * sum;
    }
    return ruin;
}

}  // namespace

double ruin_probability(const ExponentialClaim& claim, double loading, double reserve) {
    check_loading(loading);
    expects(claim.average > 0 && reserve >= 0, "claims are positive, and a reserve is not negative");
    if (loading <= 0) return 1;
    return std::exp(-loading * reserve / ((1 + loading) * claim.average)) / (1 + loading);
}

double ruin_probability_within(double time, const SurplusProcess& process, const ExponentialClaim& claim) {
    expects(time >= 0 && process.premium_rate > 0 && process.claim_rate > 0 && process.reserve >= 0,
            "time and reserve are not negative, and premiums and claims come");
    if (!(time > 0)) return 0;
    // Premiums that are meant to be fair are so but for rounding.
    const double computed = process.loading(claim.average);
    const double loading = std::abs(computed) < 1e-12 ? 0 : computed;
    expects(loading >= 0, "the loading is not negative");
    const double rate = 1 / (1 + loading);
    const double reserve = process.reserve / claim.average;
    const double scaled_time = time * process.premium_rate / claim.average;
    // At both ends, 0 and π, the integrand is 0, unless the loading is 0: then at 0 it tends to a limit.
    const auto limit_at_0 = [&] {
        const double half_turn = reserve * std::sqrt(rate) + 1;
        const double size = std::exp(-(1 - std::sqrt(rate)) * (1 - std::sqrt(rate)) * scaled_time
                                     + reserve * (std::sqrt(rate) - 1));
        return loading == 0 ? size * 2 * half_turn : 0;
    };
    using std::numbers::pi;
    std::size_t intervals = 64;
    double sum = limit_at_0() / 2;
    for (std::size_t i = 1; i < intervals; ++i)
        sum += finite_time_integrand(pi * static_cast<double>(i) / static_cast<double>(intervals), rate,
                                     reserve, scaled_time);
    double integral = sum / static_cast<double>(intervals);
    constexpr std::size_t most_intervals = std::size_t{1} << 22;
    for (int agreements = 0; agreements < 2 && intervals < most_intervals;) {
        for (std::size_t i = 0; i < intervals; ++i)
            sum += finite_time_integrand(pi * (static_cast<double>(i) + 0.5) / static_cast<double>(intervals),
                                         rate, reserve, scaled_time);
        intervals *= 2;
        const double refined = sum / static_cast<double>(intervals);
        agreements = std::abs(refined - integral) <= 1e-12 ? agreements + 1 : 0;
        integral = refined;
    }
    return std::clamp(ruin_probability({1}, loading, reserve) - rate * integral, 0.0, 1.0);
}

std::optional<double> adjustment_coefficient(const std::function<double(double)>& generating_function,
                                             double mean_claim, double loading, double finite_below) {
    expects(mean_claim > 0 && loading > 0 && finite_below > 0,
            "claims and loading are positive, and some exponential moment is finite");
    // Convex, 0 at 0 and falling there: negative up to R and positive beyond.
    const auto excess = [&](double r) { return generating_function(r) - 1 - (1 + loading) * mean_claim * r; };
    double high = std::isfinite(finite_below) ? finite_below / 2 : 1 / mean_claim;
    // Halfway to the pole each time, or twice as far: 50 halvings come as close as doubles go.
    for (int i = 0; i < 50 && !(excess(high) > 0); ++i)
        high = std::isfinite(finite_below) ? (high + finite_below) / 2 : 2 * high;
    if (!(excess(high) > 0) || !std::isfinite(high) || high >= finite_below) return std::nullopt;
    double low = high / 2;
    while (!(excess(low) < 0)) {
        // Rounding, of e^(r X) − 1, has taken over: R is smaller than doubles can tell.
        if (low < 1e-12 / mean_claim) return std::nullopt;
        low /= 2;
    }
    std::uintmax_t iterations = 200;
    const auto bracket = boost::math::tools::toms748_solve(
        [&](double r) {
            const double value = excess(r);
            return std::isfinite(value) ? value : std::numeric_limits<double>::max();
        },
        low, high, boost::math::tools::eps_tolerance<double>(52), iterations);
    return (bracket.first + bracket.second) / 2;
}

RuinCurve ruin_curve_of_ladder(double loading, std::span<const double> beyond, std::span<const double> cell,
                               double step) {
    check_loading(loading);
    expects(!cell.empty() && beyond.size() == cell.size() + 1, "a lattice has one more point than cells");
    const std::size_t points = beyond.size();
    if (loading <= 0)
        return {
            .step = step, .lower = std::vector<double>(points, 1), .upper = std::vector<double>(points, 1)};
    const double more = 1 / (1 + loading);
    RuinCurve curve{.step = step};
    // A height between k h and (k + 1) h counts as (k + 1) h.
    curve.upper = ruin_on_lattice(
        more, points, [&](std::size_t k) { return k == 0 ? 0 : cell[k - 1]; },
        [&](std::size_t k) { return beyond[k]; });
    // Or as k h. The sum itself has a density, so that what counts is P(rounded sum ≥ k h), more than (k − 1)
    // h.
    curve.lower = ruin_on_lattice(
        more, points - 1, [&](std::size_t k) { return cell[k]; },
        [&](std::size_t k) { return beyond[k + 1]; });
    curve.lower.insert(curve.lower.begin(), more);
    return curve;
}

void RuinTally::merge(const RuinTally& other) {
    ruined.merge(other.ruined);
    deficit.merge(other.deficit);
    time.merge(other.time);
}

}  // namespace venturi
