// Money: raising it, what a round looks like, and how a company ends.
#pragma once

#include "agents/finance/cap_table.hpp"
#include "sim/parameter.hpp"

#include <string>
#include <vector>

namespace venturi {

/// One priced round after the seed, in the order in which companies go through them.
struct RoundParameters {
    std::string name;
    double success_odds = 0;
    double median_pre_money = 1e7;
    double revenue_weight = 0.5;
    double pre_money_spread = 0.5;
    double months_funded = 24;
    double burn_growth = 2.2;
    double lowest_dilution = 0.08;
    double highest_dilution = 0.30;
    double pool_after = 0.12;
};

template <class Visitor>
void describe(RoundParameters& round, Visitor& visit) {
    visit.number(round.success_odds, {.name = "success_odds",
                                      .legal = between(-20, 20),
                                      .plausible = {-3, 3},
                                      .meaning = "log-odds that an attempt succeeds in a normal climate, for "
                                                 "a company of average quality with the expected revenue"});
    visit.number(round.median_pre_money,
                 {.name = "median_pre_money",
                  .dimension = Dimension::money,
                  .legal = above(0),
                  .plausible = {2e6, 5e9},  // likewise
                  .meaning = "pre-money valuation of a company with the expected revenue in a normal climate",
                  .source = "PitchBook VC Valuations 1H2015: medians of 2010 and 2014 (A $6.5M and $13.1M, B "
                            "$19.3M and $36.9M, C $38.6M and $70.5M)"});
    visit.number(round.revenue_weight, {.name = "revenue_weight",
                                        .legal = between(0, 1),
                                        .plausible = {0.1, 1},
                                        .meaning = "elasticity of the valuation in revenue: 0 where the "
                                                   "stage alone counts, 1 where revenue alone does"});
    visit.number(
        round.pre_money_spread,
        {.name = "pre_money_spread",
         .legal = between(0, 3),
         .plausible = {0.2, 1},
         .meaning =
             "standard deviation of the logarithm of the valuation, for what the model does not know"});
    visit.number(round.months_funded, {.name = "months_funded",
                                       .dimension = Dimension::duration,
                                       .legal = above(0),
                                       .plausible = {12, 36},
                                       .meaning = "months of planned burn that the company asks for"});
    visit.number(round.burn_growth, {.name = "burn_growth",
                                     .legal = between(0.2, 20),
                                     .plausible = {1.2, 4},
                                     .meaning = "factor by which the round raises discretionary spending"});
    visit.number(round.lowest_dilution, {.name = "lowest_dilution",
                                         .dimension = Dimension::share,
                                         .legal = {.low = 0, .high = 1, .low_open = true, .high_open = true},
                                         .plausible = {0.02, 0.15},  // up to where the highest begin
                                         .meaning = "least part of the company that a lead investor takes"});
    visit.number(round.highest_dilution, {.name = "highest_dilution",
                                          .dimension = Dimension::share,
                                          .legal = {.low = 0, .high = 1, .low_open = true, .high_open = true},
                                          .plausible = {0.15, 0.5},
                                          .meaning = "most that founders sell in one round"});
    visit.number(round.pool_after,
                 {.name = "pool_after",
                  .dimension = Dimension::share,
                  .legal = between(0, 0.5),
                  .plausible = {0.05, 0.2},
                  .meaning = "option pool after the round, as part of the fully diluted shares"});
}

/// How a company goes about raising money.
struct RaisingParameters {
    double runway_trigger = 9;
    double ambition_after = 14;
    Distribution duration = LogNormal{5, 0.5};
    double pause_after_failure = 2;
    double cut_after_failure = 0.3;
    double leanest = 0.25;
    std::int64_t attempts = 2;
    double quality_effect = 0.8;
    double revenue_effect = 0.8;
    double expected_revenue = 60000;
    double least_traction = 0.05;
};

template <class Visitor>
void describe(RaisingParameters& raising, Visitor& visit) {
    visit.number(raising.runway_trigger, {.name = "runway_trigger",
                                          .dimension = Dimension::duration,
                                          .legal = at_least(0),
                                          .plausible = {4, 15},
                                          .meaning = "runway at which a company begins to raise"});
    visit.number(raising.ambition_after, {.name = "ambition_after",
                                          .dimension = Dimension::duration,
                                          .legal = at_least(0),
                                          .plausible = {6, 30},
                                          .meaning = "time since the last round after which a company with "
                                                     "more than the expected revenue raises without need"});
    visit.distribution(raising.duration,
                       {.name = "duration",
                        .dimension = Dimension::duration,
                        .legal = at_least(0),
                        .plausible = {0.5, 24},  // of the mean: beyond it stands a wrong unit of time
                        .meaning = "time from the decision to raise to the close or the last refusal"});
    visit.number(raising.pause_after_failure, {.name = "pause_after_failure",
                                               .dimension = Dimension::duration,
                                               .legal = at_least(0),
                                               .plausible = {0, 6},
                                               .meaning = "time before the next attempt"});
    visit.number(raising.cut_after_failure,
                 {.name = "cut_after_failure",
                  .dimension = Dimension::share,
                  .legal = {.low = 0, .high = 1, .high_open = true},
                  .plausible = {0.1, 0.6},
                  .meaning = "share of discretionary spending that a failed attempt costs"});
    visit.number(
        raising.leanest,
        {.name = "leanest",
         .dimension = Dimension::share,
         .legal = between(0, 1),
         .plausible = {0.1, 0.6},
         .meaning = "share of its spending below which a company that has given up raising cannot cut"});
    visit.whole(raising.attempts, {.name = "attempts",
                                   .dimension = Dimension::count,
                                   .legal = between(1, 20),
                                   .plausible = {1, 5},
                                   .meaning = "attempts for the same round before a company gives up raising "
                                              "and tries to live on its revenue"});
    visit.number(raising.quality_effect, {.name = "quality_effect",
                                          .legal = between(0, 10),
                                          .plausible = {0, 2},
                                          .meaning = "log-odds of success per unit of quality"});
    visit.number(
        raising.revenue_effect,
        {.name = "revenue_effect",
         .legal = between(0, 10),
         .plausible = {0, 2},
         .meaning = "log-odds of success per unit of the logarithm of revenue over expected revenue"});
    visit.number(
        raising.expected_revenue,
        {.name = "expected_revenue",
         .dimension = Dimension::money_per_month,
         .legal = above(0),
         .plausible = {1e4, 5e5},  // sums follow the burn, and a lab's is six times a seed-stage startup's
         .meaning = "revenue that investors expect at the first round after the seed; for later "
                    "rounds it grows with the median valuation"});
    visit.number(raising.least_traction,
                 {.name = "least_traction",
                  .legal = {.low = 0, .high = 1, .low_open = true},
                  .plausible = {0.01, 0.3},
                  .meaning = "revenue over expected revenue below which investors see no difference: a "
                             "company without revenue sells its promise"});
}

/// What preferred shares carry.
struct TermsParameters {
    double preference = 1;
    double participating = 0.036;
    Seniority seniority = Seniority::stacked;
    double seed_dilution = 0.20;
    double seed_pool = 0.10;
};

template <class Visitor>
void describe(TermsParameters& terms, Visitor& visit) {
    visit.number(terms.preference,
                 {.name = "preference",
                  .legal = between(0, 10),
                  .plausible = {1, 2},
                  .meaning = "liquidation preference, as a multiple of the money invested",
                  .source = "Cooley Venture Financing Report Q1 2026: 98.2% of deals at 1x"});
    visit.number(terms.participating,
                 {.name = "participating",
                  .dimension = Dimension::share,
                  .legal = between(0, 1),
                  .plausible = {0, 0.3},
                  .meaning = "probability that a round's preferred shares participate without a cap",
                  .source = "Cooley Venture Financing Report Q1 2026: 96.4% non-participating"});
    visit.choice(terms.seniority,
                 {.name = "seniority",
                  .meaning = "stacked: later classes are paid first; pari_passu: all at once in proportion"},
                 std::span<const std::string_view>(seniority_names));
    visit.number(terms.seed_dilution,
                 {.name = "seed_dilution",
                  .dimension = Dimension::share,
                  .legal = {.low = 0, .high = 1, .low_open = true, .high_open = true},
                  .plausible = {0.1, 0.3},
                  .meaning = "part of the company sold in the seed round, with which it begins",
                  .source = "Carta 2024: median dilution at seed 20.1% in 2024Q1, 23% in 2019Q1",
                  .takes = Takes::effect_at_start_only});
    visit.number(terms.seed_pool, {.name = "seed_pool",
                                   .dimension = Dimension::share,
                                   .legal = between(0, 0.5),
                                   .plausible = {0.05, 0.2},
                                   .meaning = "option pool after the seed round",
                                   .takes = Takes::effect_at_start_only});
}

/// How a company ends other than by running out of cash.
struct ExitParameters {
    double revenue_multiple = 7;
    double salvage = 0.5;
    double offers = 1.0 / 40;
    double offers_by_round = 0.15;
    Distribution premium = LogNormal{1.0, 0.5};
    double reserve = 1.2;
    double distress_runway = 5;
    double distress_reserve = 0.15;
    double listing_revenue = 8e6;
    double listing = 1.0 / 24;
    double shutdown = 1.0 / 60;
    double shutdown_quality_effect = 0.8;
    double shutdown_revenue_effect = 0.5;
};

template <class Visitor>
void describe(ExitParameters& exits, Visitor& visit) {
    visit.number(
        exits.revenue_multiple,
        {.name = "revenue_multiple",
         .legal = above(0),
         .plausible = {3, 20},
         .meaning = "fair value of a company as a multiple of its yearly revenue, in a normal climate"});
    visit.number(exits.salvage, {.name = "salvage",
                                 .legal = between(0, 2),
                                 .plausible = {0.1, 0.8},
                                 .meaning = "fair value of a company without revenue, as a multiple of the "
                                            "money it has raised: team and technology"});
    visit.number(
        exits.offers,
        {.name = "offers",
         .dimension = Dimension::rate,
         .legal = between(0, 30),
         .plausible = {0.005, 0.1},
         .meaning =
             "rate of acquisition offers for a seed-stage company of average quality in a normal climate"});
    visit.number(exits.offers_by_round,
                 {.name = "offers_by_round",
                  .legal = between(-3, 3),
                  .plausible = {0, 0.5},
                  .meaning = "growth of the logarithm of that rate with each round raised"});
    visit.distribution(
        exits.premium,
        {.name = "premium", .legal = at_least(0), .meaning = "an offer as a multiple of the fair value"});
    visit.number(exits.reserve, {.name = "reserve",
                                 .legal = at_least(0),
                                 .plausible = {0.5, 3},
                                 .meaning = "what an offer must be, as a multiple of the last post-money "
                                            "valuation, for a company that is not in distress"});
    visit.number(exits.distress_runway, {.name = "distress_runway",
                                         .dimension = Dimension::duration,
                                         .legal = at_least(0),
                                         .plausible = {2, 9},
                                         .meaning = "runway below which a company is in distress"});
    visit.number(exits.distress_reserve,
                 {.name = "distress_reserve",
                  .legal = at_least(0),
                  .plausible = {0, 0.5},
                  .meaning = "the same for a company in distress, or one that has given up raising"});
    visit.number(exits.listing_revenue,
                 {.name = "listing_revenue",
                  .dimension = Dimension::money_per_month,
                  .legal = above(0),
                  .plausible = {3e6, 2e7},
                  .meaning = "revenue from which a company can be listed, while the climate is not cold"});
    visit.number(exits.listing, {.name = "listing",
                                 .dimension = Dimension::rate,
                                 .legal = between(0, 30),
                                 .plausible = {0.01, 0.2},
                                 .meaning = "rate of listing of a company that can be"});
    visit.number(exits.shutdown, {.name = "shutdown",
                                  .dimension = Dimension::rate,
                                  .legal = between(0, 30),
                                  .plausible = {0.002, 0.05},
                                  .meaning = "rate at which founders of a seed-stage company of average "
                                             "quality without revenue give up while there is cash"});
    visit.number(exits.shutdown_quality_effect,
                 {.name = "shutdown_quality_effect",
                  .legal = between(0, 10),
                  .plausible = {0, 2},
                  .meaning = "fall of the logarithm of that rate per unit of quality"});
    visit.number(
        exits.shutdown_revenue_effect,
        {.name = "shutdown_revenue_effect",
         .legal = between(0, 10),
         .plausible = {0, 2},
         .meaning = "fall of the logarithm of that rate per unit of ln(1 + revenue / expected revenue)"});
}

/// Everything about money.
struct FinanceParameters {
    RaisingParameters raising;
    std::vector<RoundParameters> rounds;
    TermsParameters terms;
    ExitParameters exits;
};

template <class Visitor>
void describe(FinanceParameters& finance, Visitor& visit) {
    visit.group("raising", "how a company goes about raising money", finance.raising);
    visit.collection("rounds", "priced rounds after the seed, in order", finance.rounds);
    visit.group("terms", "what preferred shares carry", finance.terms);
    visit.group("exits", "how a company ends other than by running out of cash", finance.exits);
}

}  // namespace venturi
