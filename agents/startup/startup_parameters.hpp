// Founders: named groups of startups with sampled initial values.
#pragma once

#include "agents/partnership/partner_parameters.hpp"
#include "sim/parameter.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace venturi {

/// How much of a startup is modelled.
enum class Inside : std::uint8_t {
    outline,          ///< quality improves at a rate; nothing else is looked into
    five_advantages,  ///< technology, data, talent, partnership and risk, with their cultures
};
inline constexpr std::array<std::string_view, 2> inside_names = {"outline", "five_advantages"};

/// The decision: how discretionary spending is split. Shares are divided by their sum, so that one of them
/// can be raised alone.
struct InvestmentMix {
    double technology = 0.5;
    double data = 0.17;
    double talent = 0.15;
    double partnership = 0.09;
    double risk = 0.09;

    [[nodiscard]] std::array<double, 5> shares() const {
        return {technology, data, talent, partnership, risk};
    }
};

/// What shares of a mix are plausible; all of 0 to 1 are legal.
inline constexpr Range plausible_share_of_mix = between(0.02, 0.7);

template <class Visitor>
void describe(InvestmentMix& mix, Visitor& visit) {
    const Range shares = between(0, 1);
    const Range plausible = plausible_share_of_mix;
    visit.number(mix.technology, {.name = "technology",
                                  .dimension = Dimension::share,
                                  .legal = shares,
                                  .plausible = plausible,
                                  .meaning = "researchers, engineers and compute"});
    visit.number(mix.data, {.name = "data",
                            .dimension = Dimension::share,
                            .legal = shares,
                            .plausible = plausible,
                            .meaning = "data people, data, and tools to clean, watch and protect them"});
    visit.number(mix.talent, {.name = "talent",
                              .dimension = Dimension::share,
                              .legal = shares,
                              .plausible = plausible,
                              .meaning = "recruiters, training, and pay above the market"});
    visit.number(mix.partnership,
                 {.name = "partnership",
                  .dimension = Dimension::share,
                  .legal = shares,
                  .plausible = plausible,
                  .meaning = "work with universities, industry, communities and other startups"});
    visit.number(mix.risk, {.name = "risk",
                            .dimension = Dimension::share,
                            .legal = shares,
                            .plausible = plausible,
                            .meaning = "assessment, monitoring, contingency plans"});
}

/// The mix of a company from a funding stage on: from the seed, or from the close of a round.
struct StageMix {
    std::string name;  ///< "seed", or a round of `finance.rounds`
    InvestmentMix mix;
};

template <class Visitor>
void describe(StageMix& stage, Visitor& visit) {
    describe(stage.mix, visit);
}

/// The name of the stage before any round is raised.
inline constexpr std::string_view seed_stage = "seed";

/// A group of startups that are alike but for chance.
struct StartupGroupParameters {
    std::string name;
    std::int64_t count = 50;
    std::string segment;
    Distribution founded = Constant{0};
    Distribution seed_round = LogNormal{9.6e5, 0.65};
    Distribution burn = LogNormal{60000, 0.4};
    Distribution quality = Normal{0, 1};
    Distribution launch = LogNormal{9, 0.5};
    double price_factor = 1;
    double compute_share = 0.15;
    double improvements = 1.0 / 6;
    double improvement_step = 0.08;
    double improvement_by_spending = 0.3;
    Inside inside = Inside::outline;
    CooperationStyle cooperation;
    InvestmentMix mix;
    std::vector<StageMix> mix_by_stage;
    double marketing_share = 0.25;
    double reinvestment = 0.7;
};

template <class Visitor>
void describe(StartupGroupParameters& group, Visitor& visit) {
    visit.whole(group.count, {.name = "count",
                              .dimension = Dimension::count,
                              .legal = between(0, 1000000),
                              .plausible = {1, 1000},
                              .meaning = "startups in the group",
                              .takes = Takes::effect_at_start_only});
    visit.reference(group.segment,
                    {.name = "segment",
                     .meaning = "the market segment they compete in",
                     .takes = Takes::effect_at_start_only},
                    "market.segments");
    visit.distribution(group.founded,
                       {.name = "founded",
                        .dimension = Dimension::duration,
                        .legal = at_least(0),
                        .meaning = "month of the seed round, with which a company enters the world",
                        .takes = Takes::effect_at_start_only});
    visit.distribution(
        group.seed_round,
        {.name = "seed_round",
         .dimension = Dimension::money,
         .legal = above(0),
         .plausible = {1e5, 1e8},  // of means here: beyond them stands a wrong thousand or month
         .meaning = "cash raised in the seed round",
         .source = "median: PitchBook VC Valuations 1H2015, median seed pre-money of 2010 "
                   "($3.2M), at Carta's median seed dilution of 2019 (23%); spread assumed",
         .takes = Takes::effect_at_start_only});
    visit.distribution(group.burn,
                       {.name = "burn",
                        .dimension = Dimension::money_per_month,
                        .legal = at_least(0),
                        .plausible = {5e3, 5e6},
                        .meaning = "discretionary spending after the seed round: people, compute, marketing",
                        .takes = Takes::effect_at_start_only});
    visit.distribution(group.quality,
                       {.name = "quality",
                        .legal = {},
                        .meaning = "how good product and team are, in standard deviations of the cohort",
                        .takes = Takes::effect_at_start_only});
    visit.distribution(group.launch,
                       {.name = "launch",
                        .dimension = Dimension::duration,
                        .legal = at_least(0),
                        .plausible = {0, 60},
                        .meaning = "time from the seed round to the first product that customers can buy",
                        .takes = Takes::effect_at_start_only});
    visit.number(group.price_factor, {.name = "price_factor",
                                      .legal = above(0),
                                      .plausible = {0.3, 3},
                                      .meaning = "price relative to the segment's usual one"});
    visit.number(group.compute_share, {.name = "compute_share",
                                       .dimension = Dimension::share,
                                       .legal = between(0, 1),
                                       .plausible = {0, 0.6},
                                       .meaning = "share of the initial discretionary spending that buys "
                                                  "compute, and follows its price; the rest follows wages"});
    visit.number(group.improvements,
                 {.name = "improvements",
                  .dimension = Dimension::rate,
                  .legal = between(0, 30),
                  .plausible = {0.05, 1},
                  .meaning = "rate of improvements of the product at the spending of a seed-stage startup"});
    visit.number(group.improvement_step, {.name = "improvement_step",
                                          .legal = between(0, 5),
                                          .plausible = {0.02, 0.3},
                                          .meaning = "quality gained by an improvement"});
    visit.number(
        group.improvement_by_spending,
        {.name = "improvement_by_spending",
         .legal = between(0, 2),
         .plausible = {0, 0.6},
         .meaning = "elasticity of the rate of improvements in spending; with five advantages, in the work "
                    "of engineers"});
    visit.choice(
        group.inside,
        {.name = "inside",
         .meaning =
             "how much of the startup is modelled: an outline whose quality improves at a rate, or its "
             "five advantages",
         .takes = Takes::effect_at_start_only},
        std::span<const std::string_view>(inside_names));
    visit.group("cooperation", "how they cooperate; with five advantages", group.cooperation);
    visit.group("mix", "how discretionary spending is split; shares are divided by their sum", group.mix);
    visit.collection(
        "mix_by_stage",
        "the mix from a funding stage on, under its name: seed, or one of finance.rounds; a stage "
        "without one has that of the stage before, and the first ones have 'mix'",
        group.mix_by_stage);
    visit.number(group.marketing_share,
                 {.name = "marketing_share",
                  .dimension = Dimension::share,
                  .legal = between(0, 1),
                  .plausible = {0.1, 0.5},
                  .meaning = "part of all spending for marketing and sales, before the mix; "
                             "with five advantages"});
    visit.number(group.reinvestment,
                 {.name = "reinvestment",
                  .dimension = Dimension::share,
                  .legal = between(0, 1),
                  .plausible = {0.3, 1},
                  .meaning = "part of the gross profit that is spent beside the plan; with five advantages"});
}

}  // namespace venturi
