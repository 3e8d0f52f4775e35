#include "scenarios/parameter_use.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <span>

namespace venturi {
namespace {

using Worlds = std::span<const WorldParameters>;

/// The name that a part `*` of a rule's path stands for; empty where it has none.
using Name = std::string_view;

// Whether something holds of the world at its beginning or after an intervention.
template <class Holds>
bool ever(Worlds worlds, Holds&& holds) {
    return std::any_of(worlds.begin(), worlds.end(), std::forward<Holds>(holds));
}

template <class Element, class Holds>
bool any_of(const std::vector<Element>& elements, Holds&& holds) {
    return std::any_of(elements.begin(), elements.end(), std::forward<Holds>(holds));
}

// Whether something holds of the element of that name; it is the same in all worlds whether there is one.
template <class Element, class Holds>
bool of(const std::vector<Element>& elements, Name name, Holds&& holds) {
    return any_of(elements, [&](const Element& element) { return element.name == name && holds(element); });
}

bool has_inside(const StartupGroupParameters& group) {
    return group.count > 0 && group.inside == Inside::five_advantages;
}
bool has_outline(const StartupGroupParameters& group) {
    return group.count > 0 && group.inside == Inside::outline;
}

// What is set at the start only is the same in all worlds.
bool any_startups(Worlds worlds, Name) {
    return any_of(worlds[0].startups, [](const auto& group) { return group.count > 0; });
}
bool any_inside(Worlds worlds, Name) {
    return any_of(worlds[0].startups, has_inside);
}
bool any_rounds(Worlds worlds, Name) {
    return any_startups(worlds, {}) && !worlds[0].finance.rounds.empty();
}
bool any_priced_rounds(Worlds worlds, Name) {
    return any_rounds(worlds, {})
           && any_of(worlds[0].investors, [](const auto& group) { return group.count > 0; });
}
bool any_network(Worlds worlds, Name) {
    return any_inside(worlds, {}) && (!worlds[0].partners.empty() || !worlds[0].ties.empty());
}

bool in_group(Worlds worlds, Name name) {
    return of(worlds[0].startups, name, [](const auto& group) { return group.count > 0; });
}
bool inside_of_group(Worlds worlds, Name name) {
    return of(worlds[0].startups, name, has_inside);
}
bool outline_of_group(Worlds worlds, Name name) {
    return of(worlds[0].startups, name, has_outline);
}
// A row for the seed is one for all stages that have none of their own.
bool mix_of_some_stage(Worlds worlds, Name name) {
    return of(worlds[0].startups, name, [](const auto& group) {
        return !any_of(group.mix_by_stage, [](const StageMix& stage) { return stage.name == seed_stage; });
    });
}
bool inside_of_group_in_network(Worlds worlds, Name name) {
    return inside_of_group(worlds, name) && any_network(worlds, {});
}
bool improvements_of_group(Worlds worlds, Name name) {
    return ever(worlds, [name](const WorldParameters& world) {
        return of(world.startups, name, [](const auto& group) { return group.improvements > 0; });
    });
}

template <bool (*Has)(const StartupGroupParameters&)>
bool in_segment(Worlds worlds, Name name) {
    return any_of(worlds[0].startups,
                  [name](const auto& group) { return group.segment == name && Has(group); });
}
bool has_anybody(const StartupGroupParameters& group) {
    return group.count > 0;
}

bool investors_in_network(Worlds worlds, Name name) {
    return any_network(worlds, {})
           && of(worlds[0].investors, name, [](const auto& group) { return group.count > 0; });
}
bool investors_of_group(Worlds worlds, Name name) {
    return of(worlds[0].investors, name, [](const auto& group) { return group.count > 0; });
}
bool funds_for_rounds(Worlds worlds, Name name) {
    return any_rounds(worlds, {})
           && of(worlds[0].investors, name, [](const auto& group) { return group.count > 0; });
}

bool partners_of_group(Worlds worlds, Name name) {
    return any_network(worlds, {})
           && of(worlds[0].partners, name, [](const auto& group) { return group.count > 0; });
}
bool industry_group(Worlds worlds, Name name) {
    return of(worlds[0].partners, name,
              [](const auto& group) { return group.kind == PartnerGroupKind::industry; });
}
bool group_that_fails(Worlds worlds, Name name) {
    return industry_group(worlds, name) || ever(worlds, [name](const WorldParameters& world) {
               return of(world.partners, name, [](const auto& group) { return group.failure > 0; });
           });
}

template <double NetworkCouplings::*coupling>
bool coupled(Worlds worlds, Name) {
    return ever(worlds,
                [](const WorldParameters& world) { return world.partnership.couplings.*coupling > 0; });
}
bool projects_proposed(Worlds worlds, Name) {
    return ever(worlds,
                [](const WorldParameters& world) { return world.partnership.projects.proposals > 0; });
}
bool partners_share_data(Worlds worlds, Name) {
    return any_network(worlds, {}) && coupled<&NetworkCouplings::data>(worlds, {})
           && ever(worlds, [](const WorldParameters& world) { return world.partnership.flows.data > 0; });
}

bool offers_come(Worlds worlds, Name) {
    return ever(worlds, [](const WorldParameters& world) { return world.finance.exits.offers > 0; });
}
bool listings_come(Worlds worlds, Name) {
    return ever(worlds, [](const WorldParameters& world) { return world.finance.exits.listing > 0; });
}
bool shutdowns_come(Worlds worlds, Name) {
    return ever(worlds, [](const WorldParameters& world) { return world.finance.exits.shutdown > 0; });
}

bool compute_gets_cheaper(Worlds worlds, Name) {
    return ever(worlds,
                [](const WorldParameters& world) { return world.environment.compute_price_cuts > 0; });
}
bool compute_is_bought(Worlds worlds, Name) {
    return any_inside(worlds, {}) || ever(worlds, [](const WorldParameters& world) {
               return any_of(world.startups,
                             [](const auto& group) { return has_outline(group) && group.compute_share > 0; });
           });
}
bool frontier_moves(Worlds worlds, Name) {
    return ever(worlds, [](const WorldParameters& world) { return world.environment.frontier_advances > 0; });
}

// Which climates there can be: that of the beginning, those that some rate leads to, and those that an
// intervention holds, in whose world it is the first.
template <Climate climate>
bool climate_comes(Worlds worlds, Name) {
    if (ever(worlds, [](const WorldParameters& world) {
            return world.environment.climate.initial == static_cast<InitialClimate>(climate);
        }))
        return true;
    const InitialClimate initial = worlds[0].environment.climate.initial;
    if (initial == InitialClimate::stationary || static_cast<Climate>(initial) == climate) return true;
    const auto positive = [worlds](double ClimateParameters::*rate) {
        return ever(worlds,
                    [rate](const WorldParameters& world) { return world.environment.climate.*rate > 0; });
    };
    const bool leaves_cold = positive(&ClimateParameters::cold_to_normal);
    const bool leaves_warm = positive(&ClimateParameters::warm_to_normal);
    const bool normal =
        initial == InitialClimate::normal || (initial == InitialClimate::cold ? leaves_cold : leaves_warm);
    if (climate == Climate::normal) return normal;
    return normal
           && positive(climate == Climate::cold ? &ClimateParameters::normal_to_cold
                                                : &ClimateParameters::normal_to_warm);
}

bool feedback_is_gathered(Worlds worlds, Name) {
    return ever(worlds, [](const WorldParameters& world) { return world.data.flywheel; })
           && ever(worlds, [](const WorldParameters& world) { return world.data.feedback_batches > 0; });
}
bool flywheel_turns(Worlds worlds, Name) {
    return ever(worlds, [](const WorldParameters& world) { return world.data.flywheel; });
}
bool data_are_scraped(Worlds worlds, Name) {
    return ever(worlds, [](const WorldParameters& world) { return world.data.scraped > 0; });
}
bool data_are_bought(Worlds worlds, Name) {
    return ever(worlds, [](const WorldParameters& world) {
        return world.data.purchase_share > 0 || world.technology.tilt > 0;
    });
}
bool breakthroughs_come(Worlds worlds, Name) {
    return ever(worlds, [](const WorldParameters& world) { return world.technology.breakthroughs > 0; });
}

bool any_leaves(Worlds worlds, Name) {
    return !worlds[0].risk.leaves.empty();
}
template <class Holds>
bool ever_of_leaf(Worlds worlds, Name name, Holds&& holds) {
    return ever(worlds, [&](const WorldParameters& world) { return of(world.risk.leaves, name, holds); });
}
template <class Holds>
bool ever_of_some_leaf(Worlds worlds, Holds&& holds) {
    return ever(worlds, [&](const WorldParameters& world) { return any_of(world.risk.leaves, holds); });
}
bool leaf_happens(Worlds worlds, Name name) {
    return ever_of_leaf(worlds, name, [](const auto& leaf) { return leaf.rate > 0; });
}
bool leaf_damages(Worlds worlds, Name name) {
    return ever_of_leaf(worlds, name, [](const auto& leaf) {
        return leaf.damage == Damage::data || leaf.damage == Damage::product;
    });
}
bool leaf_has_tail(Worlds worlds, Name name) {
    return ever_of_leaf(worlds, name, [](const auto& leaf) { return leaf.harm.severity.tail_from < 1; });
}
bool leaf_damages_data(Worlds worlds, Name) {
    return ever_of_some_leaf(worlds, [](const auto& leaf) { return leaf.damage == Damage::data; });
}
// An intervention may make the leaf happen and another move its driver: then neither alone shows it.
template <RiskDriver... drivers>
bool may_be_driven(Worlds worlds, Name) {
    return ever_of_some_leaf(worlds, [](const auto& leaf) { return ((leaf.driver == drivers) || ...); });
}

bool gate_is_harmful(Worlds worlds, Name name) {
    return ever(worlds, [name](const WorldParameters& world) {
        return of(world.risk.gates, name, [](const auto& gate) { return gate.harmful; });
    });
}
bool gate_has_tail(Worlds worlds, Name name) {
    return ever(worlds, [name](const WorldParameters& world) {
        return of(world.risk.gates, name, [](const auto& gate) { return gate.harm.severity.tail_from < 1; });
    });
}
bool gate_counts(Worlds worlds, Name name) {
    return of(worlds[0].risk.gates, name,
              [](const auto& gate) { return gate.kind == RiskGateKind::at_least; });
}

bool any_insurers(Worlds worlds, Name) {
    return any_of(worlds[0].insurers, [](const auto& group) { return group.count > 0; });
}
bool insurers_of_group(Worlds worlds, Name name) {
    return of(worlds[0].insurers, name, [](const auto& group) { return group.count > 0; });
}
bool anything_insurable(Worlds worlds, Name) {
    return ever_of_some_leaf(worlds, [](const auto& leaf) { return leaf.insurable; });
}
bool premiums_are_paid(Worlds worlds, Name) {
    return ever(worlds,
                [](const WorldParameters& world) { return world.risk.management.insurance_share > 0; });
}

struct Rule {
    std::string_view path;
    bool (*is_read)(Worlds, Name);
    std::string_view read_where;
    std::string_view except = {};  ///< names right below the path of which the rule does not speak
};

constexpr std::string_view startups = "there are startups";
constexpr std::string_view inside = "a group of startups has 'inside: five_advantages'";
constexpr std::string_view inside_here = "the group has 'inside: five_advantages'";
constexpr std::string_view inside_in_segment = "startups of the segment have 'inside: five_advantages'";
constexpr std::string_view network = "startups with 'inside: five_advantages' have 'partners' or 'ties'";
constexpr std::string_view rounds = "there are startups, and 'finance.rounds' for them to raise";
constexpr std::string_view priced_rounds = "there are startups, 'finance.rounds' and investors";
constexpr std::string_view funds = "the group has investors, and there are rounds to lead";
constexpr std::string_view offers = "'finance.exits.offers' is above 0";
constexpr std::string_view shutdowns = "'finance.exits.shutdown' is above 0";
constexpr std::string_view advances = "'environment.frontier_advances' is above 0";
constexpr std::string_view bought = "'data.purchase_share' or 'technology.tilt' is above 0";
constexpr std::string_view feedback = "'data.flywheel' is on and 'data.feedback_batches' above 0";
constexpr std::string_view breakthroughs = "'technology.breakthroughs' is above 0";
constexpr std::string_view improvements = "the group's 'improvements' is above 0";
constexpr std::string_view people = "'partnership.couplings.people' is above 0";
constexpr std::string_view leaves = "'risk.leaves' has leaves";
constexpr std::string_view tail = "'tail_from' is below 100%";

// Several rules may speak of a parameter: it is read where all of them say so.
constexpr std::array rules{
    // environment
    Rule{"environment.climate.cold", climate_comes<Climate::cold>, "the climate can turn cold"},
    Rule{"environment.climate.normal", climate_comes<Climate::normal>, "the climate can be normal"},
    Rule{"environment.climate.warm", climate_comes<Climate::warm>, "the climate can turn warm"},
    Rule{"environment.climate.*.raise_odds", any_priced_rounds, priced_rounds},
    Rule{"environment.climate.*.raise_duration", any_rounds, rounds},
    Rule{"environment.compute_price_cut", compute_gets_cheaper,
         "'environment.compute_price_cuts' is above 0"},
    Rule{"environment.compute_price_cut", compute_is_bought, "some startups buy compute"},
    Rule{"environment.frontier_step", frontier_moves, advances},
    // market
    Rule{"market.segments.*", in_segment<has_anybody>, "the segment has startups",
         "size innovation imitation adopted_at_start"},
    Rule{"market.segments.*.tolerated_gap", in_segment<has_inside>, inside_in_segment},
    Rule{"market.segments.*.transfer", in_segment<has_inside>, inside_in_segment},
    Rule{"market.segments.*.privacy", in_segment<has_inside>, inside_in_segment},
    Rule{"market.segments.*.regulation", in_segment<has_inside>, inside_in_segment},
    // finance
    Rule{"finance", any_startups, startups},
    Rule{"finance.raising", any_rounds, rounds, "expected_revenue"},
    Rule{"finance.raising.quality_effect", any_priced_rounds, priced_rounds},
    Rule{"finance.raising.revenue_effect", any_priced_rounds, priced_rounds},
    Rule{"finance.raising.least_traction", any_priced_rounds, priced_rounds},
    Rule{"finance.rounds.*", any_priced_rounds, priced_rounds, "median_pre_money"},
    Rule{"finance.terms.participating", any_priced_rounds, priced_rounds},
    Rule{"finance.exits.offers_by_round", any_priced_rounds, priced_rounds},
    Rule{"finance.exits.offers_by_round", offers_come, offers},
    Rule{"finance.exits.premium", offers_come, offers},
    Rule{"finance.exits.reserve", offers_come, offers},
    Rule{"finance.exits.distress_runway", offers_come, offers},
    Rule{"finance.exits.distress_reserve", offers_come, offers},
    Rule{"finance.exits.listing_revenue", listings_come, "'finance.exits.listing' is above 0"},
    Rule{"finance.exits.shutdown_quality_effect", shutdowns_come, shutdowns},
    Rule{"finance.exits.shutdown_revenue_effect", shutdowns_come, shutdowns},
    // inside a startup
    Rule{"technology", any_inside, inside},
    Rule{"technology.frontier.growth", frontier_moves, advances},
    Rule{"technology.breakthrough_gain", breakthroughs_come, breakthroughs},
    Rule{"technology.feedback_gain", feedback_is_gathered, feedback},
    Rule{"data", any_inside, inside},
    Rule{"data.purchase", data_are_bought, bought},
    Rule{"data.batch_price", data_are_bought, bought},
    Rule{"data.scrape", data_are_scraped, "'data.scraped' is above 0"},
    Rule{"data.feedback", feedback_is_gathered, feedback},
    Rule{"data.feedback_batches", flywheel_turns, "'data.flywheel' is on"},
    Rule{"data.partners", partners_share_data,
         "there is a network, and 'partnership.flows.data' and 'partnership.couplings.data' are above 0"},
    Rule{"data.backup", leaf_damages_data, "a leaf of 'risk.leaves' damages data"},
    Rule{"talent", any_inside, inside},
    Rule{"culture", any_inside, inside},
    Rule{"culture.breakthrough_pride", breakthroughs_come, breakthroughs},
    Rule{"culture.incident_loss", any_leaves, leaves},
    Rule{"standing", any_inside, inside},
    // partnership
    Rule{"partnership", any_network, network},
    Rule{"partnership.flows.knowledge", coupled<&NetworkCouplings::knowledge>,
         "'partnership.couplings.knowledge' is above 0"},
    Rule{"partnership.flows.data", coupled<&NetworkCouplings::data>,
         "'partnership.couplings.data' is above 0"},
    Rule{"partnership.flows.compute", coupled<&NetworkCouplings::compute>,
         "'partnership.couplings.compute' is above 0"},
    Rule{"partnership.flows.reach", coupled<&NetworkCouplings::customers>,
         "'partnership.couplings.customers' is above 0"},
    Rule{"partnership.flows.receivable", coupled<&NetworkCouplings::obligations>,
         "'partnership.couplings.obligations' is above 0"},
    Rule{"partnership.projects", coupled<&NetworkCouplings::projects>,
         "'partnership.couplings.projects' is above 0"},
    Rule{"partnership.projects", projects_proposed, "'partnership.projects.proposals' is above 0",
         "proposals"},
    Rule{"partnership.people", coupled<&NetworkCouplings::people>, people, "industry_turnover open_market"},
    // risk
    Rule{"risk", any_inside, inside},
    Rule{"risk.management", any_leaves, leaves,
         "prevention_share monitoring_share contingency_share response_share insurance_share attention"},
    Rule{"risk.leaves.*", leaf_happens, "the leaf's rate is above 0", "rate under"},
    Rule{"risk.leaves.*.damage_share", leaf_damages, "the leaf damages data or the product"},
    Rule{"risk.leaves.*.insurable", any_insurers, "there are insurers"},
    Rule{"risk.leaves.*.harm.severity.tail_shape", leaf_has_tail, tail},
    Rule{"risk.leaves.*.harm.severity.tail_scale", leaf_has_tail, tail},
    Rule{"risk.gates.*.harm", gate_is_harmful, "the gate is 'harmful'"},
    Rule{"risk.gates.*.harm.severity.tail_shape", gate_has_tail, tail},
    Rule{"risk.gates.*.harm.severity.tail_scale", gate_has_tail, tail},
    Rule{"risk.gates.*.needs", gate_counts, "the gate's kind is 'at_least'"},
    Rule{"risk.contagion.by_investors", any_priced_rounds, priced_rounds},
    Rule{"risk.contagion.climate_effect", may_be_driven<RiskDriver::capital>,
         "a leaf of 'risk.leaves' has the driver 'capital'"},
    Rule{"risk.contagion.by_partners", any_network, network},
    Rule{"risk.normal_load", may_be_driven<RiskDriver::load>,
         "a leaf of 'risk.leaves' has the driver 'load'"},
    Rule{"risk.usual_accounts", may_be_driven<RiskDriver::exposure, RiskDriver::complaints>,
         "a leaf of 'risk.leaves' has the driver 'exposure' or 'complaints'"},
    Rule{"risk.bridge", any_priced_rounds, priced_rounds},
    Rule{"risk.bridge", any_leaves, leaves},
    // groups
    Rule{"startups.*", in_group, "the group has startups", "count segment inside"},
    Rule{"startups.*.improvement_step", improvements_of_group, improvements},
    Rule{"startups.*.improvement_by_spending", improvements_of_group, improvements},
    Rule{"startups.*.compute_share", outline_of_group, "the group has 'inside: outline'"},
    Rule{"startups.*.cooperation", inside_of_group_in_network, network},
    Rule{"startups.*.mix", inside_of_group, inside_here},
    Rule{"startups.*.mix", mix_of_some_stage, "'mix_by_stage' leaves a stage to it"},
    Rule{"startups.*.mix_by_stage", inside_of_group, inside_here},
    Rule{"startups.*.mix_by_stage", any_priced_rounds, priced_rounds, "seed"},
    Rule{"startups.*.marketing_share", inside_of_group, inside_here},
    Rule{"startups.*.reinvestment", inside_of_group, inside_here},
    Rule{"investors.*", funds_for_rounds, funds, "count partner fund_size new_fund"},
    Rule{"investors.*.fund_size", investors_of_group, "the group has investors"},
    Rule{"investors.*.new_fund", investors_of_group, "the group has investors"},
    Rule{"investors.*.partner", investors_in_network, network},
    Rule{"insurers", any_inside, inside},
    Rule{"insurers", anything_insurable, "a leaf of 'risk.leaves' is insurable"},
    Rule{"insurers", premiums_are_paid, "'risk.management.insurance_share' is above 0"},
    Rule{"insurers.*", insurers_of_group, "the group has insurers", "count"},
    Rule{"partners", any_inside, inside},
    Rule{"partners.*", partners_of_group, "the group has members", "count kind"},
    Rule{"partners.*.assets", industry_group, "the group's kind is 'industry': nobody else owes money"},
    Rule{"partners.*.return_after", group_that_fails, "members of the group can fail"},
    Rule{"partners.*.graduates", coupled<&NetworkCouplings::people>, people},
};

// Takes the part before the first point off the front.
std::string_view take_part(std::string_view& path) {
    const std::size_t point = std::min(path.find('.'), path.size());
    const std::string_view part = path.substr(0, point);
    path.remove_prefix(std::min(path.size(), point + 1));
    return part;
}

// The name that the first `*` of a pattern stands for; empty where it has none.
Name name_in(std::string_view path, std::string_view pattern) {
    while (!pattern.empty()) {
        const std::string_view part = take_part(path);
        if (take_part(pattern) == "*") return part;
    }
    return {};
}

// Whether a rule speaks of a path: it is at the rule's or below, and not by way of one of the exceptions.
bool speaks_of(std::string_view rule_path, std::string_view except, std::string_view path) {
    if (!is_at_or_below(path, rule_path)) return false;
    for (std::string_view rest = rule_path; !rest.empty(); take_part(rest)) take_part(path);
    const std::string_view below = take_part(path);
    while (!except.empty()) {
        const std::size_t end = std::min(except.find(' '), except.size());
        if (except.substr(0, end) == below) return false;
        except.remove_prefix(std::min(except.size(), end + 1));
    }
    return true;
}

}  // namespace

std::vector<UseOfParameters> uses_of_parameters() {
    std::vector<UseOfParameters> uses;
    for (const Rule& rule : rules) uses.push_back({rule.path, rule.read_where, rule.except});
    return uses;
}

bool is_about(const UseOfParameters& use, std::string_view path) {
    return speaks_of(use.path, use.except, path);
}

bool is_at_or_below(std::string_view path, std::string_view pattern) {
    while (!pattern.empty()) {
        if (path.empty()) return false;
        const std::string_view wanted = take_part(pattern);
        const std::string_view part = take_part(path);
        if (wanted != "*" && wanted != part) return false;
    }
    return true;
}

ParameterUse::ParameterUse(const Scenario& scenario) : worlds_{scenario.world} {
    for (const Intervention& intervention : scenario.interventions) {
        for (const Setting& setting : intervention.settings) {
            SetByIndex set(setting.parameter, setting.value);
            describe(worlds_.emplace_back(scenario.world), set);
        }
        if (intervention.climate)
            worlds_.emplace_back(scenario.world).environment.climate.initial =
                static_cast<InitialClimate>(*intervention.climate);
    }
}

std::optional<std::string_view> ParameterUse::unread_at(std::string_view path) const {
    for (const Rule& rule : rules)
        if (speaks_of(rule.path, rule.except, path) && !rule.is_read(worlds_, name_in(path, rule.path)))
            return rule.read_where;
    return std::nullopt;
}

}  // namespace venturi
