// How a startup stands with those outside: brand, strategy, positioning, and the reach of its marketing.
#pragma once

#include "sim/parameter.hpp"

namespace venturi {

/// What moves brand, strategy and positioning at the meetings at which a company plans.
struct StandingParameters {
    double planning_interval = 3;
    double business_share = 0.6;
    double brand_at_founding = 0.1;
    double brand_pace = 0.06;
    double brand_by_culture = 0.5;
    double brand_by_accounts = 0.5;
    double brand_accounts_scale = 200;
    double brand_pull = 0.8;
    double strategy_pace = 0.15;
    double strategy_base = 0.2;
    double strategy_by_brand = 0.6;
    double positioning_pace = 0.15;
    double reach_unit = 0.25;
    double reach_pace = 0.3;
    double reach_by_positioning = 0.6;
    double reach_by_product = 0.4;
};

template <class Visitor>
void describe(StandingParameters& standing, Visitor& visit) {
    const Range paces = between(0, 10);
    const Range plausible_paces = between(0.02, 0.5);
    const Range weights = between(0, 10);
    const Range plausible_weights = between(0, 1.5);
    visit.number(standing.planning_interval,
                 {.name = "planning_interval",
                  .dimension = Dimension::duration,
                  .legal = at_least(12 / 365.25),  // a day: nobody plans more often
                  .plausible = {1, 6},
                  .meaning = "time between the meetings that set budgets, openings and plans"});
    visit.number(
        standing.business_share,
        {.name = "business_share",
         .dimension = Dimension::share,
         .legal = between(0, 1),
         .plausible = {0.3, 0.9},
         .meaning = "part of the marketing budget that pays business people; the rest is for campaigns"});
    visit.number(standing.brand_at_founding, {.name = "brand_at_founding",
                                              .dimension = Dimension::share,
                                              .legal = between(0, 1),
                                              .plausible = {0, 0.3},
                                              .meaning = "value of the brand that founders bring, in [0, 1]",
                                              .takes = Takes::effect_at_start_only});
    visit.number(standing.brand_pace, {.name = "brand_pace",
                                       .dimension = Dimension::rate,
                                       .legal = paces,
                                       .plausible = plausible_paces,
                                       .meaning = "pace at which the brand follows what it rests on"});
    visit.number(standing.brand_by_culture,
                 {.name = "brand_by_culture",
                  .legal = weights,
                  .plausible = plausible_weights,
                  .meaning = "part of the brand that rests on the company's culture"});
    visit.number(standing.brand_by_accounts,
                 {.name = "brand_by_accounts",
                  .legal = weights,
                  .plausible = plausible_weights,
                  .meaning = "part of the brand that rests on customers: n / (n + brand_accounts_scale)"});
    visit.number(standing.brand_accounts_scale, {.name = "brand_accounts_scale",
                                                 .legal = above(0),
                                                 .plausible = {20, 2000},
                                                 .meaning = "accounts that bring half of that"});
    visit.number(standing.brand_pull, {.name = "brand_pull",
                                       .legal = weights,
                                       .plausible = plausible_weights,
                                       .meaning = "weight of the brand's value in the utility of an offer"});
    visit.number(standing.strategy_pace, {.name = "strategy_pace",
                                          .dimension = Dimension::rate,
                                          .legal = paces,
                                          .plausible = plausible_paces,
                                          .meaning = "pace at which strategy follows what it rests on"});
    visit.number(standing.strategy_base, {.name = "strategy_base",
                                          .dimension = Dimension::share,
                                          .legal = between(0, 1),
                                          .plausible = {0, 0.5},
                                          .meaning = "clarity of strategy without a brand, in [0, 1]"});
    visit.number(
        standing.strategy_by_brand,
        {.name = "strategy_by_brand",
         .dimension = Dimension::share,
         .legal = between(0, 1),
         .plausible = {0, 1},
         .meaning = "clarity that a brand of full value adds: it opens doors to advice and to customers who "
                    "say what they need"});
    visit.number(
        standing.positioning_pace,
        {.name = "positioning_pace",
         .dimension = Dimension::rate,
         .legal = paces,
         .plausible = plausible_paces,
         .meaning = "pace at which the fit of the offer to the market follows the clarity of strategy"});
    visit.number(
        standing.reach_unit,
        {.name = "reach_unit",
         .dimension = Dimension::share,
         .legal = above(0),
         .plausible = {0.1, 0.5},
         .meaning = "spending on marketing and sales that reaches as far as a seed-stage startup does, as a "
                    "share of its burn"});
    visit.number(
        standing.reach_pace,
        {.name = "reach_pace",
         .dimension = Dimension::rate,
         .legal = paces,
         .plausible = {0.1, 1},
         .meaning = "pace at which reach follows what is spent on it: advertising carries over (Nerlove and "
                    "Arrow, Economica 29, 1962)"});
    visit.number(standing.reach_by_positioning,
                 {.name = "reach_by_positioning",
                  .legal = weights,
                  .plausible = plausible_weights,
                  .meaning = "what a full fit adds to the reach of marketing, as a share of it"});
    visit.number(
        standing.reach_by_product,
        {.name = "reach_by_product",
         .legal = weights,
         .plausible = plausible_weights,
         .meaning = "what a product of the best quality adds to the reach of marketing, by references"});
}

}  // namespace venturi
