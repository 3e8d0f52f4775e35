// Market segments: how customers come to want the product, and what makes them choose one startup over
// another.
#pragma once

#include "sim/parameter.hpp"
#include "sim/random/distribution.hpp"

#include <string>
#include <vector>

namespace venturi {

/// One segment of the market. A customer is an account: a firm, or a household, that pays by the month.
struct SegmentParameters {
    std::string name;
    double size = 8000;
    double innovation = 0.03 / 12;
    double imitation = 0.38 / 12;
    double adopted_at_start = 0.02;
    double price = 1500;
    double gross_margin = 0.7;
    double churn = 0.02;
    double quality_weight = 1.0;
    double price_weight = 0.5;
    double brand_weight = 0.6;
    double spending_weight = 0.5;
    double rivals = 40;
    Distribution sales_cycle = Constant{0};
    double tolerated_gap = 0.6;
    double transfer = 0.2;
    double privacy = 0.5;
    double regulation = 0.3;
};

template <class Visitor>
void describe(SegmentParameters& segment, Visitor& visit) {
    visit.number(segment.size,
                 {.name = "size",
                  .dimension = Dimension::count,
                  .legal = between(0, 1e9),  // accounts are counted in 32 bits
                  .plausible = {500, 1e5},
                  .meaning = "accounts that will ever want the product: the m of the Bass model"});
    visit.number(segment.innovation,
                 {.name = "innovation",
                  .dimension = Dimension::rate,
                  .legal = between(0, 10),
                  .plausible = {0.0005, 0.005},
                  .meaning = "rate at which an account adopts of its own accord: the p of the Bass model",
                  .source = "Sultan, Farley and Lehmann, J. Marketing Research 27 (1990): mean p = 0.03 a "
                            "year over 213 applications"});
    visit.number(
        segment.imitation,
        {.name = "imitation",
         .dimension = Dimension::rate,
         .legal = between(0, 10),
         .plausible = {0.01, 0.06},
         .meaning =
             "rate at which an account adopts for each share of the others that has: the q of the Bass model",
         .source = "Sultan, Farley and Lehmann, J. Marketing Research 27 (1990): mean q = 0.38 a year over "
                   "213 applications"});
    visit.number(
        segment.adopted_at_start,
        {.name = "adopted_at_start",
         .dimension = Dimension::share,
         .legal = {.low = 0, .high = 1, .high_open = true},
         .plausible = {0, 0.3},
         .meaning =
             "share of the accounts that has adopted when a trajectory begins; they are with the rivals",
         .takes = Takes::effect_at_start_only});
    visit.number(segment.price, {.name = "price",
                                 .dimension = Dimension::money_per_month,
                                 .legal = at_least(0),
                                 .plausible = {50, 20000},
                                 .meaning = "what an account pays a startup that charges the usual price"});
    visit.number(
        segment.gross_margin,
        {.name = "gross_margin",
         .dimension = Dimension::share,
         .legal = between(0, 1),
         .plausible = {0.25, 0.85},
         .meaning = "share of revenue left after the cost of serving it",
         .source =
             "between Bessemer's State of AI 2025 'Shooting Stars' (60%) and software at large; assumed"});
    visit.number(
        segment.churn,
        {.name = "churn",
         .dimension = Dimension::rate,
         .legal = between(0, 30),
         .plausible = {0.005, 0.06},
         .meaning = "rate at which an account looks around and chooses anew, perhaps the same again"});
    visit.number(segment.quality_weight,
                 {.name = "quality_weight",
                  .legal = between(0, 20),
                  .plausible = {0.3, 2},
                  .meaning = "weight of quality in the utility of a startup's offer"});
    visit.number(segment.price_weight,
                 {.name = "price_weight",
                  .legal = between(0, 20),
                  .plausible = {0, 2},
                  .meaning = "weight of the logarithm of the relative price, which lowers utility"});
    visit.number(segment.brand_weight, {.name = "brand_weight",
                                        .legal = between(0, 5),
                                        .plausible = {0, 0.95},
                                        .meaning = "weight of brand, the logarithm of 1 + accounts"});
    visit.number(segment.spending_weight,
                 {.name = "spending_weight",
                  .legal = between(0, 5),
                  .plausible = {0, 1},
                  .meaning = "weight of the logarithm of spending relative to a seed-stage startup's"});
    visit.number(segment.rivals, {.name = "rivals",
                                  .legal = at_least(0),
                                  .plausible = {1, 2000},  // a crowded market of many small accounts has 900
                                  .meaning = "pull of everyone outside the model: how many seed-stage "
                                             "startups of average quality they are worth"});
    visit.distribution(
        segment.sales_cycle,
        {.name = "sales_cycle",
         .dimension = Dimension::duration,
         .legal = at_least(0),
         .plausible = {0, 24},  // of the mean: two years are a city's
         .meaning = "time from an account's choice of a startup to its first payment; until then it "
                    "stays with the rivals"});
    visit.number(
        segment.tolerated_gap,
        {.name = "tolerated_gap",
         .legal = between(-5, 5),
         .plausible = {0, 1.5},
         .meaning = "gap to the frontier in the application, ln of the ratio of reducible losses, at which a "
                    "model adds nothing "
                    "to a product and takes nothing from it: the less, the more demanding the application"});
    visit.number(
        segment.transfer,
        {.name = "transfer",
         .dimension = Dimension::share,
         .legal = {.low = 0, .high = 1, .low_open = true},
         .plausible = {0.01, 0.5},
         .meaning = "part of the tokens that a general model has seen that counts in this application: the "
                    "less, the more a startup's own data are worth"});
    visit.number(segment.privacy,
                 {.name = "privacy",
                  .dimension = Dimension::share,
                  .legal = between(0, 1),
                  .plausible = {0, 1},
                  .meaning = "part of the customers' data that privacy keeps from becoming training data"});
    visit.number(segment.regulation,
                 {.name = "regulation",
                  .dimension = Dimension::share,
                  .legal = between(0, 1),
                  .plausible = {0, 1},
                  .meaning = "strength of regulation: scales the rate of compliance incidents, "
                             "and delays the launch by `regulation` times half again"});
}

/// The market.
struct MarketParameters {
    std::vector<SegmentParameters> segments;
};

template <class Visitor>
void describe(MarketParameters& market, Visitor& visit) {
    visit.collection("segments", "market segments, each with its own adopters", market.segments);
}

}  // namespace venturi
