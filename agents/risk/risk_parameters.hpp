// What can go wrong in a startup, how it hangs together, and what is done about it: the risk tree that every
// startup with an inside carries, and the ways of dealing with it.
#pragma once

#include "agents/risk/severity.hpp"
#include "sim/parameter.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace venturi {

/// What moves the hazard of a leaf: a factor that is 1 for a startup as they usually are.
enum class RiskDriver : std::uint8_t {
    nothing,          ///< the hazard is constant
    data_governance,  ///< falls with data culture
    compliance,       ///< rises with regulation, falls with data culture
    key_people,       ///< falls with talent culture and pay, rises where money runs out
    obsolescence,     ///< rises with the gap of the product's model to the frontier
    partners,         ///< rises with failures among the neighbours on the graph
    load,             ///< rises with accounts per engineer
    complaints,       ///< rises with accounts and with what the product lacks in quality
    exposure,         ///< rises with accounts
    competition,      ///< rises with the market's age and with what the product lacks in quality
    capital,          ///< rises in a cold climate and where money runs out, and with failures nearby
};
inline constexpr std::array<std::string_view, 11> risk_driver_names = {
    "nothing", "data_governance", "compliance", "key_people",  "obsolescence", "partners",
    "load",    "complaints",      "exposure",   "competition", "capital"};

/// What an incident takes beside money, accounts, brand and trust.
enum class Damage : std::uint8_t {
    nothing,
    data,     ///< part of the stock of data
    person,   ///< a senior person, who leaves
    product,  ///< quality of the product
};
inline constexpr std::array<std::string_view, 4> damage_names = {"nothing", "data", "person", "product"};

/// What an incident costs, before anything softens it.
struct HarmParameters {
    SeverityParameters severity;
    double turnover_share = 0;
    double customers_lost = 0;
    double brand_lost = 0;
};

template <class Visitor>
void describe(HarmParameters& harm, Visitor& visit) {
    visit.group("severity", "the distribution of what it costs", harm.severity);
    visit.number(harm.turnover_share, {.name = "turnover_share",
                                       .dimension = Dimension::share,
                                       .legal = between(0, 10),
                                       .plausible = {0, 0.1},
                                       .meaning = "what it costs besides, as a share of a year's revenue"});
    visit.number(harm.customers_lost, {.name = "customers_lost",
                                       .dimension = Dimension::share,
                                       .legal = between(0, 1),
                                       .plausible = {0, 0.2},
                                       .meaning = "part of the accounts that leave"});
    visit.number(harm.brand_lost, {.name = "brand_lost",
                                   .dimension = Dimension::share,
                                   .legal = between(0, 1),
                                   .plausible = {0, 0.5},
                                   .meaning = "part of the brand's value that is lost"});
}

/// A leaf of the tree: something that goes wrong at a hazard, and stands wrong until it is repaired.
struct RiskLeafParameters {
    std::string name;
    std::string under = "crisis";
    RiskDriver driver = RiskDriver::nothing;
    double rate = 0.01;
    double most = 4;
    HarmParameters harm;
    Damage damage = Damage::nothing;
    double damage_share = 0;
    double lead = 1;
    double visible = 0.7;
    Distribution repair = LogNormal{1, 0.6};
    double preventable = 0.7;
    bool insurable = false;
};

template <class Visitor>
void describe(RiskLeafParameters& leaf, Visitor& visit) {
    visit.reference(leaf.under,
                    {.name = "under",
                     .meaning = "the gate that the leaf is an input of; inputs stand in the order in which "
                                "they are written, leaves before gates",
                     .takes = Takes::effect_at_start_only},
                    "risk.gates");
    visit.choice(
        leaf.driver,
        {.name = "driver", .meaning = "the state of the startup and its surroundings that moves the hazard"},
        std::span<const std::string_view>(risk_driver_names));
    visit.number(leaf.rate, {.name = "rate",
                             .dimension = Dimension::rate,
                             .legal = between(0, 30),
                             .plausible = {0.001, 0.1},
                             .meaning = "hazard where the driver is as usual and nothing is prevented"});
    visit.number(leaf.most, {.name = "most",
                             .legal = between(1, 100),
                             .plausible = {1, 8},  // 1 where the driver can only lower it
                             .meaning = "highest multiple of the rate that the driver can bring"});
    visit.group("harm", "what it costs when it happens", leaf.harm);
    visit.choice(leaf.damage, {.name = "damage", .meaning = "what it takes besides"},
                 std::span<const std::string_view>(damage_names));
    visit.number(leaf.damage_share, {.name = "damage_share",
                                     .dimension = Dimension::share,
                                     .legal = between(0, 1),
                                     .plausible = {0, 0.5},
                                     .meaning = "how much of that: part of the stock of data (before "
                                                "backup), or points of the product's quality"});
    visit.number(leaf.lead, {.name = "lead",
                             .dimension = Dimension::duration,
                             .legal = at_least(0),
                             .plausible = {0, 6},
                             .meaning = "mean time by which a precursor comes before the incident"});
    visit.number(leaf.visible, {.name = "visible",
                                .dimension = Dimension::share,
                                .legal = between(0, 1),
                                .plausible = {0.2, 0.9},
                                .meaning = "part of the precursors that monitoring can see at all"});
    visit.distribution(leaf.repair,
                       {.name = "repair",
                        .dimension = Dimension::duration,
                        .legal = at_least(0),
                        .meaning = "time that one responder takes to put it right, without a plan"});
    visit.number(leaf.preventable,
                 {.name = "preventable",
                  .dimension = Dimension::share,
                  .legal = between(0, 1),
                  .plausible = {0.1, 0.9},
                  .meaning = "part of the hazard that prevention without limit would take off"});
    visit.flag(leaf.insurable, {.name = "insurable", .meaning = "whether insurers cover what it costs"});
}

/// How a gate joins its inputs: see risk/dynamic_tree.hpp.
enum class RiskGateKind : std::uint8_t { any, all, at_least, in_order };
inline constexpr std::array<std::string_view, 4> risk_gate_names = {"any", "all", "at_least", "in_order"};

/// A gate of the tree.
struct RiskGateParameters {
    std::string name;
    std::string under = "crisis";
    RiskGateKind kind = RiskGateKind::any;
    std::int64_t needs = 2;
    bool harmful = false;
    HarmParameters harm;
};

template <class Visitor>
void describe(RiskGateParameters& gate, Visitor& visit) {
    visit.reference(gate.under,
                    {.name = "under",
                     .meaning = "the gate that this one is an input of; the top of the tree is under itself",
                     .takes = Takes::effect_at_start_only},
                    "risk.gates");
    visit.choice(gate.kind,
                 {.name = "kind",
                  .meaning = "when the gate's event happens: at any input, at all, at `needs` of them, or at "
                             "all in the order in which "
                             "they are written",
                  .takes = Takes::effect_at_start_only},
                 std::span<const std::string_view>(risk_gate_names));
    visit.whole(gate.needs, {.name = "needs",
                             .dimension = Dimension::count,
                             .legal = between(1, 1000),
                             .plausible = {1, 5},
                             .meaning = "inputs that at_least needs",
                             .takes = Takes::effect_at_start_only});
    visit.flag(gate.harmful,
               {.name = "harmful", .meaning = "whether the gate's event is an incident of its own"});
    visit.group("harm", "what that costs, beside what its inputs cost", gate.harm);
}

/// How the risk budget is used. Spending is in dollars a month.
struct RiskManagementParameters {
    double prevention_share = 0.35;
    double monitoring_share = 0.15;
    double contingency_share = 0.15;
    double response_share = 0.25;
    double insurance_share = 0.1;
    double prevention_scale = 60000;
    double prevention_half_life = 18;
    double monitoring_scale = 4000;
    double detection_delay = 0.7;
    double warned_saving = 0.5;
    double contingency_scale = 4000;
    double contingency_gain = 0.6;
    double contingency_pace = 0.15;
    double responder_pay = 11000;
    double founders_pace = 0.5;
    double attention = 0.004;
    double assessment_error = 1.0;
};

template <class Visitor>
void describe(RiskManagementParameters& management, Visitor& visit) {
    const Range shares = between(0, 1);
    const auto share = [&](double& parameter, std::string_view name, std::string_view meaning) {
        visit.number(parameter, {.name = name,
                                 .dimension = Dimension::share,
                                 .legal = shares,
                                 .plausible = {0, 0.6},
                                 .meaning = meaning});
    };
    share(management.prevention_share, "prevention_share",
          "part of the risk budget that prevents leaves, by importance per dollar");
    share(management.monitoring_share, "monitoring_share", "part that watches for precursors");
    share(management.contingency_share, "contingency_share", "part that keeps contingency plans");
    share(management.response_share, "response_share", "part that pays responders, who repair");
    share(management.insurance_share, "insurance_share",
          "part that may go into premiums; what the premium doesn't need is not spent");
    visit.number(management.prevention_scale,
                 {.name = "prevention_scale",
                  .dimension = Dimension::money,
                  .legal = above(0),
                  .plausible = {10000, 500000},
                  .meaning = "stock of prevention at which e^-1 of what can be prevented of a leaf is left"});
    visit.number(management.prevention_half_life,
                 {.name = "prevention_half_life",
                  .dimension = Dimension::duration,
                  .legal = above(0),
                  .plausible = {6, 60},
                  .meaning = "time in which half of that stock is worn out"});
    visit.number(
        management.monitoring_scale,
        {.name = "monitoring_scale",
         .dimension = Dimension::money_per_month,
         .legal = above(0),
         .plausible = {1000, 50000},
         .meaning = "spending on monitoring at which precursors are found at half the fastest pace"});
    visit.number(
        management.detection_delay,
        {.name = "detection_delay",
         .dimension = Dimension::duration,
         .legal = above(0),
         .plausible = {0.1, 6},
         .meaning = "mean time to find a precursor, at the fastest; risk culture shortens it",
         .source = "IBM 2024: a breach takes 194 days, 6.4 months, to identify on average, with all sorts of "
                   "monitoring; that the best need a ninth of it is assumed"});
    visit.number(management.warned_saving, {.name = "warned_saving",
                                            .dimension = Dimension::share,
                                            .legal = shares,
                                            .plausible = {0.1, 0.8},
                                            .meaning = "part of the harm that a warning in time saves",
                                            .source = "assumed; breaches found and contained within 200 days "
                                                      "cost 28% less (IBM 2024: $3.93M, $5.46M)"});
    visit.number(management.contingency_scale,
                 {.name = "contingency_scale",
                  .dimension = Dimension::money_per_month,
                  .legal = above(0),
                  .plausible = {1000, 50000},
                  .meaning = "spending on contingency plans that keeps them half complete"});
    visit.number(management.contingency_gain,
                 {.name = "contingency_gain",
                  .dimension = Dimension::share,
                  .legal = {.low = 0, .high = 1, .high_open = true},
                  .plausible = {0.2, 0.8},
                  .meaning = "part of the time of repair that complete plans save"});
    visit.number(management.contingency_pace, {.name = "contingency_pace",
                                               .dimension = Dimension::rate,
                                               .legal = between(0, 10),
                                               .plausible = {0.05, 0.5},
                                               .meaning = "pace at which plans follow the spending on them"});
    visit.number(management.responder_pay, {.name = "responder_pay",
                                            .dimension = Dimension::money_per_month,
                                            .legal = at_least(100),  // as of a role of talent
                                            .plausible = {5000, 25000},
                                            .meaning = "pay of a responder, at the wage index of 1"});
    visit.number(management.founders_pace,
                 {.name = "founders_pace",
                  .legal = {.low = 0, .high = 10, .low_open = true},
                  .plausible = {0.2, 1},
                  .meaning = "pace at which founders repair where nobody is paid for it"});
    visit.number(
        management.attention,
        {.name = "attention",
         .legal = between(0, 10),
         .plausible = {0, 0.02},
         .meaning =
             "working time that controls take from everyone: working time is divided by 1 + attention · "
             "(risk budget per head / $1,000 a month)"});
    visit.number(
        management.assessment_error,
        {.name = "assessment_error",
         .legal = between(0, 5),
         .plausible = {0.2, 1.5},
         .meaning =
             "standard deviation of the logarithm of a startup's own estimate of a hazard, without risk "
             "culture"});
}

/// How trouble spreads, and how it is forgotten.
struct ContagionParameters {
    double by_investors = 0.3;
    double by_market = 0.05;
    double by_partners = 1;
    double fades = 6;
    double investors_doubt = 5;
    double stress_effect = 0.5;
    double doubt_fades = 12;
    double trust_lost = 0.25;
    double trust_recovers = 0.05;
    double climate_effect = 1.0;
};

template <class Visitor>
void describe(ContagionParameters& contagion, Visitor& visit) {
    visit.number(
        contagion.by_investors,
        {.name = "by_investors",
         .legal = between(0, 10),
         .plausible = {0, 1},
         .meaning =
             "stress that the failure of a startup puts on each other that shares an investor with it"});
    visit.number(contagion.by_market,
                 {.name = "by_market",
                  .legal = between(0, 10),
                  .plausible = {0, 0.3},
                  .meaning = "stress on each other in the same market segment, of 20 startups "
                             "or fewer; of more, in inverse proportion"});
    visit.number(contagion.by_partners, {.name = "by_partners",
                                         .legal = between(0, 10),
                                         .plausible = {0, 2},
                                         .meaning = "stress on each startup that is tied to it"});
    visit.number(contagion.fades, {.name = "fades",
                                   .dimension = Dimension::duration,
                                   .legal = above(0),
                                   .plausible = {2, 24},
                                   .meaning = "time in which stress falls to a third"});
    visit.number(
        contagion.investors_doubt,
        {.name = "investors_doubt",
         .legal = between(0, 100),
         .plausible = {0, 10},
         .meaning =
             "log-odds of a raise that an incident takes which costs all of the brand; less in proportion"});
    visit.number(contagion.stress_effect, {.name = "stress_effect",
                                           .legal = between(0, 20),
                                           .plausible = {0, 2},
                                           .meaning = "log-odds of a raise that each unit of stress takes"});
    visit.number(contagion.doubt_fades, {.name = "doubt_fades",
                                         .dimension = Dimension::duration,
                                         .legal = above(0),
                                         .plausible = {6, 24},
                                         .meaning = "time in which that falls to a third"});
    visit.number(contagion.trust_lost, {.name = "trust_lost",
                                        .dimension = Dimension::share,
                                        .legal = between(0, 1),
                                        .plausible = {0, 0.5},
                                        .meaning = "part of the partners' trust that an incident takes"});
    visit.number(contagion.trust_recovers, {.name = "trust_recovers",
                                            .dimension = Dimension::rate,
                                            .legal = between(0, 10),
                                            .plausible = {0.02, 0.2},
                                            .meaning = "pace at which trust comes back"});
    visit.number(
        contagion.climate_effect,
        {.name = "climate_effect",
         .legal = between(0, 5),
         .plausible = {0, 2},
         .meaning =
             "log of the factor by which a cold climate raises, and a warm one lowers, the hazard of leaves "
             "that capital drives"});
}

/// Whether investors bridge a company over a crisis.
struct BridgeParameters {
    double runway = 4;
    double months = 6;
    double odds = -0.5;
    double quality_effect = 0.8;
    double discount = 0.25;
};

template <class Visitor>
void describe(BridgeParameters& bridge, Visitor& visit) {
    visit.number(bridge.runway, {.name = "runway",
                                 .dimension = Dimension::duration,
                                 .legal = at_least(0),
                                 .plausible = {0, 12},
                                 .meaning = "runway after an incident below which the investors are asked"});
    visit.number(bridge.months, {.name = "months",
                                 .dimension = Dimension::duration,
                                 .legal = at_least(0),
                                 .plausible = {2, 12},
                                 .meaning = "months of burn that they bring if they do"});
    visit.number(bridge.odds,
                 {.name = "odds",
                  .legal = between(-20, 20),
                  .plausible = {-3, 2},
                  .meaning = "log-odds that they do, for a product as good as customers expect, in a normal "
                             "climate"});
    visit.number(bridge.quality_effect, {.name = "quality_effect",
                                         .legal = between(0, 10),
                                         .plausible = {0, 2},
                                         .meaning = "log-odds for each unit of quality beyond that"});
    visit.number(bridge.discount,
                 {.name = "discount",
                  .dimension = Dimension::share,
                  .legal = {.low = 0, .high = 1, .high_open = true},
                  .plausible = {0, 0.5},
                  .meaning = "by how much the price of the shares is below the last round's"});
}

/// The tree that the article's risks make.
[[nodiscard]] std::vector<RiskLeafParameters> usual_risk_leaves();
[[nodiscard]] std::vector<RiskGateParameters> usual_risk_gates();

/// See the top of the file.
struct RiskParameters {
    std::vector<RiskLeafParameters> leaves = usual_risk_leaves();
    std::vector<RiskGateParameters> gates = usual_risk_gates();
    RiskManagementParameters management;
    ContagionParameters contagion;
    BridgeParameters bridge;
    double normal_load = 40;
    double usual_accounts = 100;
};

template <class Visitor>
void describe(RiskParameters& risk, Visitor& visit) {
    visit.collection("leaves", "what can go wrong: the leaves of the risk tree", risk.leaves);
    visit.collection("gates", "how that hangs together: the gates of the risk tree", risk.gates);
    visit.group("management", "what the risk budget does", risk.management);
    visit.group("contagion", "how trouble spreads and is forgotten", risk.contagion);
    visit.group("bridge", "whether investors bridge a company over an incident", risk.bridge);
    visit.number(risk.normal_load, {.name = "normal_load",
                                    .legal = above(0),
                                    .plausible = {5, 500},
                                    .meaning = "accounts per engineer at which the driver `load` is 1"});
    visit.number(
        risk.usual_accounts,
        {.name = "usual_accounts",
         .legal = above(0),
         .plausible = {10, 5000},
         .meaning =
             "accounts at which the drivers `exposure` and `complaints` are 1; they can be 2 at most for a "
             "product of the usual quality"});
}

}  // namespace venturi
