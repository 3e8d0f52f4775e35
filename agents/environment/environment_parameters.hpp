// What surrounds every startup: the funding climate, the price of compute, wages, and the pace of the
// frontier.
#pragma once

#include "sim/parameter.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace venturi {

/// How easily money is to be had.
enum class Climate : std::uint8_t { cold, normal, warm };
inline constexpr std::array<std::string_view, 3> climate_names = {"cold", "normal", "warm"};

/// The climate in which a trajectory begins.
enum class InitialClimate : std::uint8_t { cold, normal, warm, stationary };
inline constexpr std::array<std::string_view, 4> initial_climate_names = {"cold", "normal", "warm",
                                                                          "stationary"};

/// What a climate does.
struct ClimateEffects {
    double valuation = 1;       // factor on pre-money valuations and on the multiple of revenue
    double raise_odds = 0;      // added to the log-odds that a raise succeeds
    double raise_duration = 1;  // factor on the time a raise takes
    double exit_rate = 1;       // factor on the rates of acquisition offers and of listing
    double spending = 1;        // factor on discretionary spending
};

template <class Visitor>
void describe(ClimateEffects& effects, Visitor& visit) {
    visit.number(effects.valuation,
                 {.name = "valuation",
                  .legal = above(0),
                  .plausible = {0.3, 3},
                  .meaning = "factor on pre-money valuations and on the multiple of revenue"});
    visit.number(effects.raise_odds, {.name = "raise_odds",
                                      .legal = between(-10, 10),
                                      .plausible = {-2, 2},
                                      .meaning = "added to the log-odds that an attempt to raise succeeds"});
    visit.number(effects.raise_duration, {.name = "raise_duration",
                                          .legal = above(0),
                                          .plausible = {0.5, 3},
                                          .meaning = "factor on the time that an attempt to raise takes"});
    visit.number(effects.exit_rate, {.name = "exit_rate",
                                     .legal = at_least(0),
                                     .plausible = {0.2, 3},
                                     .meaning = "factor on the rates of acquisition offers and of listing"});
    visit.number(effects.spending,
                 {.name = "spending",
                  .legal = above(0),
                  .plausible = {0.5, 1.2},
                  .meaning = "factor on discretionary spending: boards stretch cash in a cold climate"});
}

/// A birth–death chain cold ⇄ normal ⇄ warm: a continuous-time Markov chain with four rates per month.
struct ClimateParameters {
    InitialClimate initial = InitialClimate::stationary;
    double cold_to_normal = 1.0 / 20;
    double normal_to_cold = 1.0 / 48;
    double normal_to_warm = 1.0 / 40;
    double warm_to_normal = 1.0 / 24;
    ClimateEffects cold = {
        .valuation = 0.7, .raise_odds = -0.9, .raise_duration = 1.45, .exit_rate = 0.6, .spending = 0.68};
    ClimateEffects normal;
    ClimateEffects warm = {
        .valuation = 1.4, .raise_odds = 0.7, .raise_duration = 0.8, .exit_rate = 1.4, .spending = 1.05};

    [[nodiscard]] const ClimateEffects& effects(Climate climate) const {
        return climate == Climate::cold ? cold : climate == Climate::normal ? normal : warm;
    }
};

template <class Visitor>
void describe(ClimateParameters& climate, Visitor& visit) {
    visit.choice(climate.initial,
                 {.name = "initial",
                  .meaning = "the climate in which a trajectory begins; stationary samples it from the "
                             "chain's stationary law",
                  .takes = Takes::effect_at_start_only},
                 std::span<const std::string_view>(initial_climate_names));
    const Range rates = between(0, 30);
    visit.number(climate.cold_to_normal, {.name = "cold_to_normal",
                                          .dimension = Dimension::rate,
                                          .legal = rates,
                                          .plausible = {0.02, 0.2},
                                          .meaning = "rate of leaving a cold climate"});
    visit.number(climate.normal_to_cold, {.name = "normal_to_cold",
                                          .dimension = Dimension::rate,
                                          .legal = rates,
                                          .plausible = {0.005, 0.1},
                                          .meaning = "rate at which a normal climate turns cold"});
    visit.number(climate.normal_to_warm, {.name = "normal_to_warm",
                                          .dimension = Dimension::rate,
                                          .legal = rates,
                                          .plausible = {0.005, 0.1},
                                          .meaning = "rate at which a normal climate turns warm"});
    visit.number(climate.warm_to_normal, {.name = "warm_to_normal",
                                          .dimension = Dimension::rate,
                                          .legal = rates,
                                          .plausible = {0.02, 0.2},
                                          .meaning = "rate of leaving a warm climate"});
    visit.group("cold", "effects of a cold climate", climate.cold);
    visit.group("normal", "effects of a normal climate: the reference", climate.normal);
    visit.group("warm", "effects of a warm climate", climate.warm);
}

/// The common shocks of a world.
struct EnvironmentParameters {
    ClimateParameters climate;
    double compute_price_cuts = 1.0 / 4;
    double compute_price_cut = 0.08;
    double wage_rise = 0.035;
    double wage_rise_spread = 0.01;
    double frontier_advances = 1.0 / 6;
    double frontier_step = 0.06;
};

template <class Visitor>
void describe(EnvironmentParameters& environment, Visitor& visit) {
    visit.group("climate", "the funding climate, a continuous-time Markov chain", environment.climate);
    visit.number(environment.compute_price_cuts,
                 {.name = "compute_price_cuts",
                  .dimension = Dimension::rate,
                  .legal = between(0, 30),
                  .plausible = {0.1, 1},
                  .meaning = "rate at which suppliers cut the price of compute"});
    visit.number(environment.compute_price_cut,
                 {.name = "compute_price_cut",
                  .dimension = Dimension::share,
                  .legal = {.low = 0, .high = 1, .high_open = true},
                  .plausible = {0.02, 0.3},
                  .meaning = "share by which a cut lowers the price of compute; with 3 cuts a year 8% halves "
                             "it in 2.8 years"});
    visit.number(environment.wage_rise, {.name = "wage_rise",
                                         .dimension = Dimension::share,
                                         .legal = between(-0.5, 1),
                                         .plausible = {0, 0.08},
                                         .meaning = "mean rise of the wage index at the yearly wage round"});
    visit.number(environment.wage_rise_spread, {.name = "wage_rise_spread",
                                                .dimension = Dimension::share,
                                                .legal = between(0, 0.5),
                                                .plausible = {0, 0.03},
                                                .meaning = "standard deviation of that rise"});
    visit.number(environment.frontier_advances,
                 {.name = "frontier_advances",
                  .dimension = Dimension::rate,
                  .legal = between(0, 30),
                  .plausible = {0.05, 1},
                  .meaning = "rate at which the state of the art takes a step"});
    visit.number(
        environment.frontier_step,
        {.name = "frontier_step",
         .legal = between(0, 5),
         .plausible = {0, 0.3},
         .meaning = "quality that every startup loses, relative to what customers expect, at such a step"});
}

}  // namespace venturi
