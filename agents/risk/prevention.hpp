// Spending on prevention: what it takes off the hazards of a risk tree's leaves, and which leaves to spend it
// on.
#pragma once

#include "sim/exponential_decay.hpp"
#include "sim/parameter.hpp"
#include "sim/random/draws.hpp"

#include <cstddef>
#include <span>
#include <type_traits>

namespace venturi {

/// What prevention can do about a hazard.
struct PreventionParameters {
    double preventable = 0.7;
    double scale = 60000;
    double half_life = 18;
};

template <class Visitor>
void describe(PreventionParameters& prevention, Visitor& visit) {
    visit.number(prevention.preventable,
                 {.name = "preventable",
                  .dimension = Dimension::share,
                  .legal = between(0, 1),
                  .plausible = {0.1, 0.9},
                  .meaning = "part of the hazard that prevention without limit would take off"});
    visit.number(prevention.scale,
                 {.name = "scale",
                  .dimension = Dimension::money,
                  .legal = above(0),
                  .plausible = {10000, 500000},
                  .meaning = "stock of prevention at which e^-1 of what can be prevented is left"});
    visit.number(prevention.half_life, {.name = "half_life",
                                        .dimension = Dimension::duration,
                                        .legal = above(0),
                                        .plausible = {6, 60},
                                        .meaning = "time in which half of that stock is worn out"});
}

/// 1 − q + q e^(−s / scale), q = `preventable`: what a stock of s ≥ 0 dollars leaves of a hazard.
[[nodiscard]] double hazard_left(const PreventionParameters& prevention, double stock);

/// Months that a dollar of prevention lasts on average: half-life / ln 2. A flow that goes on for ever keeps
/// a stock of so many months of it.
[[nodiscard]] double prevention_life(const PreventionParameters& prevention);

/// A stock of prevention that wears out at a constant rate and is fed by a constant flow, dollars and months:
/// what is kept of one leaf. In closed form between changes of the flow.
struct PreventionStock {
    double amount = 0;  ///< at `since`
    double flow = 0;    ///< per month, from `since` on
    double since = 0;   ///< month

    [[nodiscard]] double at(const PreventionParameters& prevention, double month) const;
    /// Another flow from `month` on.
    void feed(const PreventionParameters& prevention, double month, double new_flow);
};
static_assert(std::is_trivially_copyable_v<PreventionStock>);

/// The highest share of its hazard that a leaf has left from `month` on while the flow stays: the stock goes
/// one way, so it is what is left now or in the end. A bound by which the hazard can be thinned.
[[nodiscard]] double most_hazard_left(const PreventionParameters& prevention, const PreventionStock& stock,
                                      double month);

/// What money can do about one leaf: spending x takes off v (1 − e^(−x / c)) of the expected loss.
struct PreventionTarget {
    double value = 0;  ///< v ≥ 0: expected loss that spending without limit would take off, dollars per month
    double scale = 1;  ///< c > 0, in the units of spending

    /// v / c, what the first dollar buys: importance per dollar.
    [[nodiscard]] double first_dollar() const { return value / scale; }
};

/// The target that a leaf is for a single payment on top of a stock. `loss_rate` is the expected loss per
/// month of what hazard would be there without prevention: hazard × importance × cost, the importance being
/// Birnbaum's, by how much more probable the top event is with the leaf than without it.
[[nodiscard]] PreventionTarget one_payment(const PreventionParameters& prevention, double loss_rate,
                                           double stock);

/// The target that a leaf is for a flow in dollars per month that goes on for ever.
[[nodiscard]] PreventionTarget steady_flow(const PreventionParameters& prevention, double loss_rate);

/// Spreads `budget` ≥ 0 over the targets such that the expected loss falls most, and returns λ, what one more
/// dollar would take off. By the conditions of Karush, Kuhn and Tucker, spending on a target goes on until
/// its next dollar buys λ and not at all where the first buys less, x = c max(ln(v / c) − ln λ, 0), with the
/// one λ for which the budget is spent ("water-filling": Boyd and Vandenberghe, Convex Optimization, 2004,
/// example 5.2). Found by leaving out targets, of which there are finitely many, so exact but for rounding;
/// `spending` sums to the budget, but for that, where any value is above 0, and is 0 otherwise.
double spread_prevention(std::span<const PreventionTarget> targets, double budget,
                         std::span<double> spending);

/// What the spending takes off the expected loss, dollars per month. Shapes: the same.
[[nodiscard]] double loss_prevented(std::span<const PreventionTarget> targets,
                                    std::span<const double> spending);

/// The same of a budget that is spread as `spread_prevention` does it.
[[nodiscard]] double loss_prevented_by(std::span<const PreventionTarget> targets, double budget);

/// What `more` dollars on top of a budget would buy.
[[nodiscard]] inline double bought_by_more(std::span<const PreventionTarget> targets, double budget,
                                           double more) {
    return loss_prevented_by(targets, budget + more) - loss_prevented_by(targets, budget);
}

/// The budget beyond which the next dollar takes off less than `hurdle` > 0: Σ c max(ln(v / c) − ln hurdle,
/// 0). With flows the hurdle is 1; more is overdone.
[[nodiscard]] double worthwhile_budget(std::span<const PreventionTarget> targets, double hurdle);

/// Standard deviation of the logarithm of a startup's own estimates: `without_culture` · (1 − `gain` ·
/// culture), gain and culture in [0, 1].
[[nodiscard]] double assessment_error(double without_culture, double gain, double culture);

/// What the startup takes the targets to be: each value times a log-normal factor of median 1 with that
/// `error`, and scales as they are. One draw for each target, whatever its value, so that two scenarios that
/// share the source share the errors, and a less certain startup errs in the same direction, further.
/// `assessed` is as long as `targets` and may be the same memory.
template <DrawPolicy Draws>
void assess_targets(std::span<const PreventionTarget> targets, double error, Draws& draws, DrawSource& source,
                    std::span<PreventionTarget> assessed) {
    for (std::size_t i = 0; i < targets.size(); ++i) {
        const double factor = draws.log_normal(source, typename Draws::Scalar(1.0), error);
        assessed[i] = {.value = targets[i].value * factor, .scale = targets[i].scale};
    }
}

/// Expected loss that is left per unit of what would be left without error, where the errors are small or the
/// budget large enough that every target is spent on with and without them: for log-normal errors of standard
/// deviation s, with γ_i = c_i / Σ c, it is Σ γ_i exp(s² (1 − 2 γ_i + Σ γ²) / 2), of the preventable part.
[[nodiscard]] double misallocation_factor(std::span<const PreventionTarget> targets, double error);

}  // namespace venturi
