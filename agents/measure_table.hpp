// How each measure is read, beside what there is to say of it: see agents/measure.hpp.
#pragma once

#include "agents/finance/finance_events.hpp"
#include "agents/measure.hpp"
#include "agents/network/clustering.hpp"
#include "agents/partnership/network_state.hpp"
#include "agents/startup/loop.hpp"
#include "agents/world.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>

namespace venturi {

/// The ties of a world's partners, numbered as in World::partners, without names. Weights are trust.
template <class Draws>
[[nodiscard]] Network network_of_ties(const World<Draws>& world) {
    Network network{.directed = false, .vertices = world.partners.size(), .edges = {}, .names = {}};
    for (std::uint32_t i = 0; i < world.partners.size(); ++i)
        for_each_tie(world, i, [&](const Tie& tie, std::uint32_t) {
            if (tie.ends[0] == i) network.edges.push_back({tie.ends[0], tie.ends[1], tie.trust});
        });
    return network;
}

/// The measures of worlds of a policy of draws.
template <DrawPolicy Draws>
class MeasureTable {
  public:
    [[nodiscard]] static std::span<const MeasureRecord<Draws>> all();

  private:
    using AnyWorld = World<Draws>;
    using Company = Startup<Draws>;
    using Inside = Organisation<Draws>;
    using OfGroup = std::optional<std::uint32_t>;
    static constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

    static bool is_in(const OfGroup& group, const Company& company) {
        return !group || company.group == *group;
    }
    static const Tallies& tallies(const AnyWorld& world, const OfGroup& group) {
        return group ? world.group_tallies[*group] : world.tallies;
    }
    // NaN before the first is founded.
    static double per_founded(double sum, const AnyWorld& world, const OfGroup& group) {
        return sum / static_cast<double>(tallies(world, group).founded);
    }

    template <class Get>
    static double sum(const AnyWorld& world, const OfGroup& group, Get&& get) {
        double total = 0;
        for (const Company& company : world.startups)
            if (is_in(group, company)) total += get(company);
        return total;
    }
    // The part of the companies founded so far of which `holds` is true.
    template <class Predicate>
    static double share(const AnyWorld& world, const OfGroup& group, Predicate&& holds) {
        const auto count = std::ranges::count_if(world.startups, [&](const Company& company) {
            return company.status != Status::unfounded && is_in(group, company) && holds(company);
        });
        return per_founded(static_cast<double>(count), world, group);
    }
    // The mean over living companies that are modelled inside; NaN where there is none.
    template <class Get>
    static double mean_of_insides(const AnyWorld& world, const OfGroup& group, Get&& get) {
        double total = 0;
        double count = 0;
        for (const Inside& inside : world.organisations) {
            const Company& company = world.startups[inside.startup];
            if (!is_alive(company.status) || !is_in(group, company)) continue;
            total += get(inside);
            ++count;
        }
        return count > 0 ? total / count : nothing;
    }

    // What has been counted.
    static double alive(const Tallies& tallies) { return static_cast<double>(tallies.alive()); }
    static double dead(const Tallies& tallies) {
        return static_cast<double>(tallies.bankruptcies + tallies.shutdowns);
    }
    static double exited(const Tallies& tallies) {
        return static_cast<double>(tallies.acquisitions + tallies.listings);
    }
    template <std::uint64_t Tallies::*member>
    static double number(const Tallies& tallies) {
        return static_cast<double>(tallies.*member);
    }
    template <double (*count)(const Tallies&)>
    static double counted(const AnyWorld& world, const OfGroup& group) {
        return count(tallies(world, group));
    }
    template <double (*count)(const Tallies&)>
    static double counted_per_founded(const AnyWorld& world, const OfGroup& group) {
        return per_founded(count(tallies(world, group)), world, group);
    }

    // Of companies.
    template <std::size_t follow_on>
    static double share_raised(const AnyWorld& world, const OfGroup& group) {
        return share(world, group,
                     [](const Company& company) { return company.follow_on_rounds() >= follow_on; });
    }
    static double share_profitable(const AnyWorld& world, const OfGroup& group) {
        return share(world, group, [](const Company& company) {
            return is_alive(company.status) && company.cash.flow() >= 0;
        });
    }
    static double share_dead_or_quiet(const AnyWorld& world, const OfGroup& group) {
        constexpr double quiet = 24;
        return share(world, group, [&](const Company& company) {
            return is_dead(company.status)
                   || (is_alive(company.status) && world.now() - company.rounds.back().time > quiet);
        });
    }
    static double share_unicorn(const AnyWorld& world, const OfGroup& group) {
        return share(world, group,
                     [](const Company& company) { return company.highest_valuation >= unicorn_valuation; });
    }
    static double raised_per_company(const AnyWorld& world, const OfGroup& group) {
        return per_founded(sum(world, group, [](const Company& company) { return company.raised(); }), world,
                           group);
    }
    static double proceeds_per_company(const AnyWorld& world, const OfGroup& group) {
        return per_founded(sum(world, group, [](const Company& company) { return company.proceeds; }), world,
                           group);
    }
    static double accounts_per_living(const AnyWorld& world, const OfGroup& group) {
        const double living = alive(tallies(world, group));
        if (living == 0) return 0;
        return sum(world, group, [](const Company& company) { return company.customers.accounts(); })
               / living;
    }
    static double revenue_of_all(const AnyWorld& world, const OfGroup& group) {
        return sum(world, group, [&](const Company& company) { return revenue(world, company); });
    }
    static double cash_of_all(const AnyWorld& world, const OfGroup& group) {
        return sum(world, group, [&](const Company& company) {
            return is_alive(company.status) ? company.cash.balance(world.now()) : 0;
        });
    }

    // Of companies that are modelled inside.

    // exp(−24 · departures / person-months), of all of them together.
    static double two_year_retention(const AnyWorld& world, const OfGroup& group) {
        constexpr double two_years = 24;
        double departures = 0;
        double months = 0;
        for (const Inside& inside : world.organisations) {
            if (!is_in(group, world.startups[inside.startup])) continue;
            departures += inside.staff.departures;
            months += inside.staff.person_months + inside.staff.people * (world.now() - inside.staff.since);
        }
        return std::exp(-two_years * departures / months);
    }
    template <LoopNode node>
    static double on_the_loop(const AnyWorld& world, const OfGroup& group) {
        return mean_of_insides(world, group,
                               [&](const Inside& inside) { return observe(world, inside.startup, node); });
    }
    template <Advantage advantage>
    static double culture_of(const AnyWorld& world, const OfGroup& group) {
        return mean_of_insides(world, group, [&](const Inside& inside) {
            return value_of(inside.culture.intensity(advantage, world.now()));
        });
    }
    static double staff(const AnyWorld& world, const OfGroup& group) {
        return mean_of_insides(world, group,
                               [](const Inside& inside) { return inside.workforce.headcount(); });
    }
    static double open_positions(const AnyWorld& world, const OfGroup& group) {
        return mean_of_insides(world, group, [](const Inside& inside) { return inside.hiring.openings(); });
    }
    static double training_runs(const AnyWorld& world, const OfGroup& group) {
        return mean_of_insides(world, group,
                               [](const Inside& inside) { return inside.technology.runs_finished; });
    }
    static double incidents(const AnyWorld& world, const OfGroup& group) {
        return mean_of_insides(world, group,
                               [](const Inside& inside) { return inside.risk.tally.incidents; });
    }
    static double warned_share(const AnyWorld& world, const OfGroup& group) {
        double warned = 0;
        double all_incidents = 0;
        for (const Inside& inside : world.organisations) {
            if (!is_in(group, world.startups[inside.startup])) continue;
            warned += inside.risk.tally.warned;
            all_incidents += inside.risk.tally.incidents;
        }
        return all_incidents > 0 ? warned / all_incidents : 0;
    }
    static double incident_cost(const AnyWorld& world, const OfGroup& group) {
        return mean_of_insides(world, group, [](const Inside& inside) { return inside.risk.tally.cost; });
    }
    static double crises(const AnyWorld& world, const OfGroup& group) {
        return mean_of_insides(world, group, [](const Inside& inside) { return inside.risk.tally.crises; });
    }
    static double open_incidents(const AnyWorld& world, const OfGroup& group) {
        return mean_of_insides(world, group,
                               [](const Inside& inside) { return inside.risk.response.present(); });
    }
    static double insured_share(const AnyWorld& world, const OfGroup& group) {
        return mean_of_insides(world, group, [](const Inside& inside) { return inside.risk.policy.cover; });
    }
    static double partners_trust(const AnyWorld& world, const OfGroup& group) {
        return mean_of_insides(world, group,
                               [&](const Inside& inside) { return inside.risk.trust.at(world.now()); });
    }
    static double mean_ties(const AnyWorld& world, const OfGroup& group) {
        double ties = 0;
        double count = 0;
        for (const Partner& partner : world.partners) {
            if (partner.kind != PartnerKind::startup || !partner.present) continue;
            if (group && partner.group != *group) continue;
            ties += static_cast<double>(partner.ties);
            ++count;
        }
        return count > 0 ? ties / count : nothing;
    }

    // Of the world.
    static double month(const AnyWorld& world, const OfGroup&) { return world.now(); }
    static double climate(const AnyWorld& world, const OfGroup&) {
        return static_cast<double>(world.climate);
    }
    template <Climate which>
    static double is_climate(const AnyWorld& world, const OfGroup&) {
        return world.climate == which ? 1 : 0;
    }
    static double wages(const AnyWorld& world, const OfGroup&) { return world.wages; }
    static double compute_price(const AnyWorld& world, const OfGroup&) { return world.compute_price; }
    static double adopters(const AnyWorld& world, const OfGroup&) {
        double total = 0;
        for (const auto& segment : world.segments) total += static_cast<double>(segment.adopters);
        return total;
    }
    static double dry_powder(const AnyWorld& world, const OfGroup&) {
        double total = 0;
        for (const auto& investor : world.investors) total += investor.available;
        return total;
    }
    static double ties(const AnyWorld& world, const OfGroup&) {
        return has_network(world) ? static_cast<double>(world.ties.in_use()) : nothing;
    }
    static double network_clustering(const AnyWorld& world, const OfGroup&) {
        return has_network(world) ? clustering_summary(network_of_ties(world)).transitivity : nothing;
    }
    static double tie_trust(const AnyWorld& world, const OfGroup&) {
        double total = 0;
        for (std::uint32_t i = 0; i < world.partners.size(); ++i)
            for_each_tie(world, i, [&](const Tie& tie, std::uint32_t) { total += tie.trust / 2; });
        const auto count = static_cast<double>(world.ties.in_use());
        return count > 0 ? total / count : nothing;
    }
    static double premiums(const AnyWorld& world, const OfGroup&) {
        double total = 0;
        for (const Insurer& insurer : world.insurers)
            total += insurer.premiums(world.now(), world.setup().parameters.insurers[insurer.group].surplus);
        return total;
    }
    static double paid_by_insurers(const AnyWorld& world, const OfGroup&) {
        double total = 0;
        for (const Insurer& insurer : world.insurers) total += insurer.claims;
        return total;
    }
};

// A row for each; scalars and series of results are in the order that they have here.
template <DrawPolicy Draws>
std::span<const MeasureRecord<Draws>> MeasureTable<Draws>::all() {
    using enum InResults;
    constexpr auto events = Counting::events;
    static constexpr auto table = std::to_array<MeasureRecord<Draws>>({
        {{.name = "month",
          .dimension = Dimension::duration,
          .meaning = "time since the start",
          .of_startups = false},
         month},
        {{.name = "climate",
          .dimension = Dimension::number,
          .meaning = "the climate: cold (0), normal (1) or warm (2)",
          .of_startups = false},
         climate},
        {{.name = "bankruptcies",
          .dimension = Dimension::number,
          .meaning = "companies that ran out of cash so far",
          .counting = events},
         counted<number<&Tallies::bankruptcies>>},
        {{.name = "shutdowns",
          .dimension = Dimension::number,
          .meaning = "companies whose founders gave up so far",
          .counting = events},
         counted<number<&Tallies::shutdowns>>},
        {{.name = "acquisitions",
          .dimension = Dimension::number,
          .meaning = "companies sold so far",
          .counting = events},
         counted<number<&Tallies::acquisitions>>},
        {{.name = "listings",
          .dimension = Dimension::number,
          .meaning = "companies listed so far",
          .counting = events},
         counted<number<&Tallies::listings>>},
        {{.name = "share_raised_round_2",
          .dimension = Dimension::share,
          .meaning = "companies that raised a round after the seed",
          .in_results = at_horizon},
         share_raised<1>},
        {{.name = "share_raised_round_3",
          .dimension = Dimension::share,
          .meaning = "companies that raised a third round",
          .in_results = at_horizon},
         share_raised<2>},
        {{.name = "share_raised_round_4",
          .dimension = Dimension::share,
          .meaning = "companies that raised a fourth round",
          .in_results = at_horizon},
         share_raised<3>},
        {{.name = "share_raised_round_5",
          .dimension = Dimension::share,
          .meaning = "companies that raised a fifth round",
          .in_results = at_horizon},
         share_raised<4>},
        {{.name = "share_exited",
          .dimension = Dimension::share,
          .meaning = "companies sold or listed",
          .in_results = at_horizon},
         counted_per_founded<exited>},
        {{.name = "share_acquired",
          .dimension = Dimension::share,
          .meaning = "companies sold",
          .in_results = at_horizon},
         counted_per_founded<number<&Tallies::acquisitions>>},
        {{.name = "share_listed",
          .dimension = Dimension::share,
          .meaning = "companies listed",
          .in_results = at_horizon},
         counted_per_founded<number<&Tallies::listings>>},
        {{.name = "share_dead",
          .dimension = Dimension::share,
          .meaning = "companies bankrupt or shut down",
          .in_results = at_horizon},
         counted_per_founded<dead>},
        {{.name = "share_bankrupt",
          .dimension = Dimension::share,
          .meaning = "companies that ran out of cash",
          .in_results = at_horizon},
         counted_per_founded<number<&Tallies::bankruptcies>>},
        {{.name = "share_shut_down",
          .dimension = Dimension::share,
          .meaning = "companies whose founders gave up",
          .in_results = at_horizon},
         counted_per_founded<number<&Tallies::shutdowns>>},
        {{.name = "share_alive",
          .dimension = Dimension::share,
          .meaning = "companies still independent",
          .in_results = at_horizon,
          .older_name = "alive_share"},
         counted_per_founded<alive>},
        {{.name = "share_profitable",
          .dimension = Dimension::share,
          .meaning = "companies independent and without need of cash",
          .in_results = at_horizon},
         share_profitable},
        {{.name = "share_dead_or_self_sustaining",
          .dimension = Dimension::share,
          .meaning = "companies dead, or independent without a round for two years",
          .in_results = at_horizon},
         share_dead_or_quiet},
        {{.name = "share_unicorn",
          .dimension = Dimension::share,
          .meaning = "companies ever valued at $1B or more, in a round or at exit",
          .in_results = at_horizon},
         share_unicorn},
        {{.name = "rounds_per_company",
          .dimension = Dimension::number,
          .meaning = "rounds after the seed",
          .in_results = at_horizon,
          .counting = events},
         counted_per_founded<number<&Tallies::rounds>>},
        {{.name = "raised_per_company",
          .dimension = Dimension::money,
          .meaning = "money raised, seed included",
          .in_results = at_horizon},
         raised_per_company},
        {{.name = "proceeds_per_company",
          .dimension = Dimension::money,
          .meaning = "proceeds of sales and listings",
          .in_results = at_horizon},
         proceeds_per_company},
        {{.name = "accounts_per_living_company",
          .dimension = Dimension::number,
          .meaning = "accounts of a company that is independent",
          .in_results = at_horizon},
         accounts_per_living},
        {{.name = "failures",
          .dimension = Dimension::number,
          .meaning = "companies bankrupt or shut down, their number",
          .in_results = at_horizon,
          .counting = events},
         counted<dead>},
        {{.name = "two_year_retention",
          .dimension = Dimension::share,
          .meaning = "people who are still at a company after two years, at the rate at which they leave",
          .in_results = at_horizon},
         two_year_retention},
        {{.name = "founded",
          .dimension = Dimension::number,
          .meaning = "companies founded so far",
          .in_results = over_time,
          .counting = events},
         counted<number<&Tallies::founded>>},
        {{.name = "living",
          .dimension = Dimension::number,
          .meaning = "companies independent",
          .in_results = over_time,
          .older_name = "alive"},
         counted<alive>},
        {{.name = "deaths",
          .dimension = Dimension::number,
          .meaning = "companies bankrupt or shut down so far",
          .in_results = over_time,
          .counting = events},
         counted<dead>},
        {{.name = "exits",
          .dimension = Dimension::number,
          .meaning = "companies sold or listed so far",
          .in_results = over_time,
          .counting = events},
         counted<exited>},
        {{.name = "rounds",
          .dimension = Dimension::number,
          .meaning = "rounds after the seed so far",
          .in_results = over_time,
          .counting = events},
         counted<number<&Tallies::rounds>>},
        {{.name = "revenue",
          .dimension = Dimension::money_per_month,
          .meaning = "revenue of all companies together",
          .in_results = over_time},
         revenue_of_all},
        {{.name = "cash",
          .dimension = Dimension::money,
          .meaning = "cash of all independent companies together",
          .in_results = over_time},
         cash_of_all},
        {{.name = "dry_powder",
          .dimension = Dimension::money,
          .meaning = "money that investors have committed and not invested",
          .in_results = over_time,
          .of_startups = false},
         dry_powder},
        {{.name = "adopters",
          .dimension = Dimension::number,
          .meaning = "accounts that have adopted, in all segments",
          .in_results = over_time,
          .of_startups = false},
         adopters},
        {{.name = "climate_cold",
          .dimension = Dimension::share,
          .meaning = "probability of a cold climate",
          .in_results = over_time,
          .of_startups = false},
         is_climate<Climate::cold>},
        {{.name = "climate_warm",
          .dimension = Dimension::share,
          .meaning = "probability of a warm climate",
          .in_results = over_time,
          .of_startups = false},
         is_climate<Climate::warm>},
        {{.name = "wages",
          .dimension = Dimension::number,
          .meaning = "wage index",
          .in_results = over_time,
          .of_startups = false},
         wages},
        {{.name = "compute_price",
          .dimension = Dimension::number,
          .meaning = "price index of compute",
          .in_results = over_time,
          .of_startups = false},
         compute_price},
        {{.name = "high_quality_data",
          .dimension = Dimension::number,
          .meaning = loop_node_units[static_cast<std::size_t>(LoopNode::high_quality_data)],
          .in_results = over_time,
          .may_be_negative = true},
         on_the_loop<LoopNode::high_quality_data>},
        {{.name = "pretrained_model",
          .dimension = Dimension::number,
          .meaning = loop_node_units[static_cast<std::size_t>(LoopNode::pretrained_model)],
          .in_results = over_time,
          .may_be_negative = true},
         on_the_loop<LoopNode::pretrained_model>},
        {{.name = "technology_innovation",
          .dimension = Dimension::number,
          .meaning = loop_node_units[static_cast<std::size_t>(LoopNode::technology_innovation)],
          .in_results = over_time,
          .may_be_negative = true},
         on_the_loop<LoopNode::technology_innovation>},
        {{.name = "application",
          .dimension = Dimension::number,
          .meaning = loop_node_units[static_cast<std::size_t>(LoopNode::application)],
          .in_results = over_time,
          .may_be_negative = true},
         on_the_loop<LoopNode::application>},
        {{.name = "marketing",
          .dimension = Dimension::number,
          .meaning = loop_node_units[static_cast<std::size_t>(LoopNode::marketing)],
          .in_results = over_time,
          .may_be_negative = true},
         on_the_loop<LoopNode::marketing>},
        {{.name = "customer_feedback",
          .dimension = Dimension::number,
          .meaning = loop_node_units[static_cast<std::size_t>(LoopNode::customer_feedback)],
          .in_results = over_time,
          .may_be_negative = true},
         on_the_loop<LoopNode::customer_feedback>},
        {{.name = "feedback_optimisation",
          .dimension = Dimension::number,
          .meaning = loop_node_units[static_cast<std::size_t>(LoopNode::feedback_optimisation)],
          .in_results = over_time,
          .may_be_negative = true},
         on_the_loop<LoopNode::feedback_optimisation>},
        {{.name = "model_training",
          .dimension = Dimension::number,
          .meaning = loop_node_units[static_cast<std::size_t>(LoopNode::model_training)],
          .in_results = over_time,
          .may_be_negative = true},
         on_the_loop<LoopNode::model_training>},
        {{.name = "training_optimisation",
          .dimension = Dimension::number,
          .meaning = loop_node_units[static_cast<std::size_t>(LoopNode::training_optimisation)],
          .in_results = over_time,
          .may_be_negative = true},
         on_the_loop<LoopNode::training_optimisation>},
        {{.name = "business_expansion",
          .dimension = Dimension::number,
          .meaning = loop_node_units[static_cast<std::size_t>(LoopNode::business_expansion)],
          .in_results = over_time,
          .may_be_negative = true},
         on_the_loop<LoopNode::business_expansion>},
        {{.name = "talent_development",
          .dimension = Dimension::number,
          .meaning = loop_node_units[static_cast<std::size_t>(LoopNode::talent_development)],
          .in_results = over_time,
          .may_be_negative = true},
         on_the_loop<LoopNode::talent_development>},
        {{.name = "innovation_culture",
          .dimension = Dimension::share,
          .meaning = loop_node_units[static_cast<std::size_t>(LoopNode::innovation_culture)],
          .in_results = over_time},
         on_the_loop<LoopNode::innovation_culture>},
        {{.name = "company_culture",
          .dimension = Dimension::share,
          .meaning = loop_node_units[static_cast<std::size_t>(LoopNode::company_culture)],
          .in_results = over_time},
         on_the_loop<LoopNode::company_culture>},
        {{.name = "brand_value",
          .dimension = Dimension::share,
          .meaning = loop_node_units[static_cast<std::size_t>(LoopNode::brand_value)],
          .in_results = over_time},
         on_the_loop<LoopNode::brand_value>},
        {{.name = "strategy",
          .dimension = Dimension::share,
          .meaning = loop_node_units[static_cast<std::size_t>(LoopNode::strategy)],
          .in_results = over_time},
         on_the_loop<LoopNode::strategy>},
        {{.name = "market_positioning",
          .dimension = Dimension::share,
          .meaning = loop_node_units[static_cast<std::size_t>(LoopNode::market_positioning)],
          .in_results = over_time},
         on_the_loop<LoopNode::market_positioning>},
        {{.name = "data_culture",
          .dimension = Dimension::share,
          .meaning = "intensity of data culture",
          .in_results = over_time},
         culture_of<Advantage::data>},
        {{.name = "talent_culture",
          .dimension = Dimension::share,
          .meaning = "intensity of talent culture",
          .in_results = over_time},
         culture_of<Advantage::talent>},
        {{.name = "partnership_culture",
          .dimension = Dimension::share,
          .meaning = "intensity of partnership culture",
          .in_results = over_time},
         culture_of<Advantage::partnership>},
        {{.name = "risk_culture",
          .dimension = Dimension::share,
          .meaning = "intensity of risk culture",
          .in_results = over_time},
         culture_of<Advantage::risk>},
        {{.name = "staff",
          .dimension = Dimension::number,
          .meaning = "people in a company, those in onboarding included",
          .in_results = over_time},
         staff},
        {{.name = "open_positions",
          .dimension = Dimension::number,
          .meaning = "openings of a company",
          .in_results = over_time},
         open_positions},
        {{.name = "training_runs",
          .dimension = Dimension::number,
          .meaning = "training runs that a living company has finished",
          .in_results = over_time,
          .counting = events},
         training_runs},
        {{.name = "incidents",
          .dimension = Dimension::number,
          .meaning = "incidents that a living company has suffered",
          .in_results = over_time,
          .counting = events},
         incidents},
        {{.name = "warned_share",
          .dimension = Dimension::share,
          .meaning = "part of all incidents that came with a warning in time",
          .in_results = over_time},
         warned_share},
        {{.name = "incident_cost",
          .dimension = Dimension::money,
          .meaning = "gross cost of a living company's incidents so far",
          .in_results = over_time},
         incident_cost},
        {{.name = "crises",
          .dimension = Dimension::number,
          .meaning = "crises that a living company has gone through",
          .in_results = over_time,
          .counting = events},
         crises},
        {{.name = "open_incidents",
          .dimension = Dimension::number,
          .meaning = "incidents of a company that are not repaired yet",
          .in_results = over_time},
         open_incidents},
        {{.name = "insured_share",
          .dimension = Dimension::share,
          .meaning = "part of insurable losses that is covered, on average",
          .in_results = over_time},
         insured_share},
        {{.name = "partners_trust",
          .dimension = Dimension::share,
          .meaning = "partners' trust in a company",
          .in_results = over_time},
         partners_trust},
        {{.name = "ties",
          .dimension = Dimension::number,
          .meaning = "ties between startups and partners",
          .in_results = over_time,
          .of_startups = false},
         ties},
        {{.name = "mean_ties",
          .dimension = Dimension::number,
          .meaning = "ties of a living startup",
          .in_results = over_time},
         mean_ties},
        {{.name = "network_clustering",
          .dimension = Dimension::share,
          .meaning = "part of the pairs of ties of one partner whose other ends are tied too",
          .in_results = over_time,
          .of_startups = false},
         network_clustering},
        {{.name = "tie_trust",
          .dimension = Dimension::share,
          .meaning = "trust in a tie",
          .in_results = over_time,
          .of_startups = false},
         tie_trust},
        {{.name = "premiums",
          .dimension = Dimension::money,
          .meaning = "premiums that insurers have earned so far",
          .in_results = over_time,
          .of_startups = false},
         premiums},
        {{.name = "paid_by_insurers",
          .dimension = Dimension::money,
          .meaning = "claims that insurers have paid so far",
          .in_results = over_time,
          .of_startups = false},
         paid_by_insurers},
    });
    return table;
}

}  // namespace venturi
