// Whether a candidate accepts an offer: a logit in what the offer is worth beside the candidate's rivals.
#pragma once

#include "sim/parameter.hpp"
#include "sim/random/dual.hpp"

#include <cmath>

namespace venturi {

/// An offer of employment as the candidate sees it. `Number` is double, or a dual where decisions are
/// differentiated.
template <Scalar Number = double>
struct Offer {
    Number pay = 1.0;         ///< any unit, above 0
    Number market_pay = 1.0;  ///< what rivals pay for the same role and level, in the same unit
    Number brand = 0.0;       ///< standing of the company; 0 for one like any other
    Number culture = 0.5;     ///< intensity in [0, 1]; 0.5 for a company like any other
    Number runway = 18.0;     ///< months for which the company's cash lasts, at least 0
};

/// Weights of the log-odds of acceptance: intercept + pay · ln(pay / market pay) + brand · brand + culture ·
/// culture + runway · min(runway, cap) / cap, the binary logit of discrete choice (McFadden, "Conditional
/// logit analysis of qualitative choice behavior", 1974). The defaults give the acceptance of technical
/// offers, 77%, to the reference offer `Offer<>{}`.
struct OfferWeights {
    double intercept = -0.092;
    double pay = 4;
    double brand = 1;
    double culture = 1;
    double runway = 0.8;
    double runway_cap = 18;  ///< months; a longer runway impresses nobody
};

template <class Visitor>
void describe(OfferWeights& weights, Visitor& visit) {
    visit.number(
        weights.intercept,
        {.name = "intercept",
         .legal = {},
         .plausible = {-0.5, 1.15},
         .meaning = "log-odds of acceptance at market pay, without brand, culture or runway",
         .source = "so that 77% accept at culture 0.5 and a runway of 18 months or more, as offers in "
                   "technology were accepted (recruiting benchmarks collected in 2025); plausible: "
                   "69% to 92%, NACE 2025"});
    visit.number(weights.pay, {.name = "pay",
                               .legal = at_least(0),
                               .plausible = {1, 8},
                               .meaning = "log-odds of acceptance for each unit of ln(pay / market pay)"});
    visit.number(weights.brand, {.name = "brand",
                                 .legal = at_least(0),
                                 .plausible = {0, 3},
                                 .meaning = "log-odds of acceptance for each unit of brand"});
    visit.number(weights.culture, {.name = "culture",
                                   .legal = at_least(0),
                                   .plausible = {0, 3},
                                   .meaning = "log-odds of acceptance that a culture of 1 adds to one of 0"});
    visit.number(weights.runway, {.name = "runway",
                                  .legal = at_least(0),
                                  .plausible = {0, 3},
                                  .meaning = "log-odds of acceptance that a long runway adds to none"});
    visit.number(weights.runway_cap, {.name = "runway_cap",
                                      .dimension = Dimension::duration,
                                      .legal = above(0),
                                      .plausible = {6, 36},
                                      .meaning = "runway beyond which more does not impress candidates"});
}

/// Log-odds that the offer is accepted.
template <Scalar Number>
[[nodiscard]] Number acceptance_log_odds(const OfferWeights& weights, const Offer<Number>& offer) {
    using std::log;
    const bool capped = value_of(offer.runway) > weights.runway_cap;
    const Number runway = capped ? Number(1.0) : offer.runway / weights.runway_cap;
    return weights.intercept + weights.pay * log(offer.pay / offer.market_pay) + weights.brand * offer.brand
           + weights.culture * offer.culture + weights.runway * runway;
}

/// Probability that the offer is accepted, 1 / (1 + exp(−log-odds)): in (0, 1), rising in pay, brand, culture
/// and runway for positive weights.
template <Scalar Number>
[[nodiscard]] Number acceptance_probability(const OfferWeights& weights, const Offer<Number>& offer) {
    using std::exp;
    return 1.0 / (1.0 + exp(-acceptance_log_odds(weights, offer)));
}

/// The same weights with the intercept at which `offer` is accepted with that probability, in (0, 1): how the
/// logit is fitted to a published rate.
[[nodiscard]] inline OfferWeights fitted_to(OfferWeights weights, const Offer<>& offer, double probability) {
    weights.intercept += std::log(probability / (1 - probability)) - acceptance_log_odds(weights, offer);
    return weights;
}

}  // namespace venturi
