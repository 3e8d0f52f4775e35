// What STARTUP-4 is worth, in closed form: stage by stage from the last, the value of a stage is a sum of
// exponentials in the cash with which it is entered.
#pragma once

#include "analysis/problems/startup4.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace venturi::problems {

/// E[discounted payoff], million dollars; in dual numbers with its gradient. With k = a + f + r in units of
/// cash and the value A + Σ B e^(−l c) of the next stage, a stage is worth
///
///     ∫₀ᶜ a e^(−k t) (A + Σ B e^(−l (c − t + R))) dt = a A (1 − e^(−k c)) / k + Σ a B e^(−l R) (e^(−l c) −
///     e^(−k c)) / (k − l).
///
/// No two stages may have the same k, which happens for no mix but by chance.
template <Scalar Number>
[[nodiscard]] Number startup4_value(const Startup4Model<Number>& model) {
    using std::exp;
    struct Term {
        Number factor;
        Number rate;
    };
    Number constant = model.exit_value;
    std::vector<Term> terms;
    for (std::size_t s = Startup4Model<Number>::stages; s-- > 0;) {
        const auto& stage = model.stage[s];
        const Number& advance = stage.rates[0];
        const Number rate = advance + stage.rates[1] + startup4::discount_rate * stage.months_per_million;
        const double injected = s + 1 < startup4::injection.size() ? startup4::injection[s + 1] : 0;
        Number own = -(advance * constant / rate);
        for (Term& term : terms) {
            term.factor = advance * term.factor * exp(-injected * term.rate) / (rate - term.rate);
            own = own - term.factor;
        }
        constant = advance * constant / rate;
        terms.push_back({own, rate});
    }
    Number value = constant;
    for (const Term& term : terms) value = value + term.factor * exp(-startup4::injection[0] * term.rate);
    return value;
}

}  // namespace venturi::problems
