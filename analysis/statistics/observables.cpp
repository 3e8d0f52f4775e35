#include "analysis/statistics/observables.hpp"

#include "agents/finance/finance_events.hpp"
#include "agents/startup/loop.hpp"
#include "analysis/statistics/cooperation_network.hpp"
#include "analysis/statistics/distributions.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>

namespace venturi {

namespace {

using Company = Startup<PlainDraws>;

constexpr double days_in_month = 365.25 / 12;

// The part of the companies founded so far of which `holds` is true; NaN before the first.
template <class Predicate>
double share(const PlainWorld& world, Predicate&& holds) {
    const auto count = std::ranges::count_if(world.startups, [&](const Company& company) {
        return company.status != Status::unfounded && holds(company);
    });
    return static_cast<double>(count) / static_cast<double>(world.tallies.founded);
}

template <std::size_t follow_on>
double share_raised(const PlainWorld& world) {
    return share(world, [](const Company& company) { return company.follow_on_rounds() >= follow_on; });
}

template <Status status>
double share_with(const PlainWorld& world) {
    return share(world, [](const Company& company) { return company.status == status; });
}

double share_exited(const PlainWorld& world) {
    return share(world, [](const Company& company) { return has_exited(company.status); });
}
double share_dead(const PlainWorld& world) {
    return share(world, [](const Company& company) { return is_dead(company.status); });
}
double share_alive(const PlainWorld& world) {
    return share(world, [](const Company& company) { return is_alive(company.status); });
}
double share_profitable(const PlainWorld& world) {
    return share(world,
                 [](const Company& company) { return is_alive(company.status) && company.cash.flow() >= 0; });
}
double share_dead_or_quiet(const PlainWorld& world) {
    constexpr double quiet = 24;
    return share(world, [&](const Company& company) {
        return is_dead(company.status)
               || (is_alive(company.status) && world.now() - company.rounds.back().time > quiet);
    });
}
double share_unicorn(const PlainWorld& world) {
    return share(world,
                 [](const Company& company) { return company.highest_valuation >= unicorn_valuation; });
}
double rounds_per_company(const PlainWorld& world) {
    return static_cast<double>(world.tallies.rounds) / static_cast<double>(world.tallies.founded);
}
double raised_per_company(const PlainWorld& world) {
    double sum = 0;
    for (const Company& company : world.startups) sum += company.raised();
    return sum / static_cast<double>(world.tallies.founded);
}
double proceeds_per_company(const PlainWorld& world) {
    double sum = 0;
    for (const Company& company : world.startups) sum += company.proceeds;
    return sum / static_cast<double>(world.tallies.founded);
}
double accounts_per_living(const PlainWorld& world) {
    double sum = 0;
    for (const Company& company : world.startups) sum += company.customers.accounts();
    return world.tallies.alive() == 0 ? 0 : sum / static_cast<double>(world.tallies.alive());
}

double deaths_so_far(const PlainWorld& world) {
    return static_cast<double>(world.tallies.bankruptcies + world.tallies.shutdowns);
}

// exp(−24 · departures / person-months), of all companies together that are modelled inside.
double two_year_retention(const PlainWorld& world) {
    constexpr double two_years = 24;
    double departures = 0;
    double months = 0;
    for (const auto& inside : world.organisations) {
        departures += inside.staff.departures;
        months += inside.staff.person_months + inside.staff.people * (world.now() - inside.staff.since);
    }
    return std::exp(-two_years * departures / months);
}

constexpr auto share_of_companies = Dimension::share;
const std::vector<Observable>& scalars_of_companies() {
    static const std::vector<Observable> all = {
        scalar_observable("share_raised_round_2", share_of_companies,
                          "companies that raised a round after the seed", share_raised<1>),
        scalar_observable("share_raised_round_3", share_of_companies, "companies that raised a third round",
                          share_raised<2>),
        scalar_observable("share_raised_round_4", share_of_companies, "companies that raised a fourth round",
                          share_raised<3>),
        scalar_observable("share_raised_round_5", share_of_companies, "companies that raised a fifth round",
                          share_raised<4>),
        scalar_observable("share_exited", share_of_companies, "companies sold or listed", share_exited),
        scalar_observable("share_acquired", share_of_companies, "companies sold",
                          share_with<Status::acquired>),
        scalar_observable("share_listed", share_of_companies, "companies listed", share_with<Status::listed>),
        scalar_observable("share_dead", share_of_companies, "companies bankrupt or shut down", share_dead),
        scalar_observable("share_bankrupt", share_of_companies, "companies that ran out of cash",
                          share_with<Status::bankrupt>),
        scalar_observable("share_shut_down", share_of_companies, "companies whose founders gave up",
                          share_with<Status::shut_down>),
        scalar_observable("share_alive", share_of_companies, "companies still independent", share_alive),
        scalar_observable("share_profitable", share_of_companies,
                          "companies independent and without need of cash", share_profitable),
        scalar_observable("share_dead_or_self_sustaining", share_of_companies,
                          "companies dead, or independent without a round for two years",
                          share_dead_or_quiet),
        scalar_observable("share_unicorn", share_of_companies,
                          "companies ever valued at $1B or more, in a round or at exit", share_unicorn),
        scalar_observable("rounds_per_company", Dimension::number, "rounds after the seed",
                          rounds_per_company, Counting::events),
        scalar_observable("raised_per_company", Dimension::money, "money raised, seed included",
                          raised_per_company),
        scalar_observable("proceeds_per_company", Dimension::money, "proceeds of sales and listings",
                          proceeds_per_company),
        scalar_observable("accounts_per_living_company", Dimension::number,
                          "accounts of a company that is independent", accounts_per_living),
        scalar_observable("failures", Dimension::number, "companies bankrupt or shut down, their number",
                          deaths_so_far, Counting::events),
        scalar_observable(
            "two_year_retention", share_of_companies,
            "people who are still at a company after two years, at the rate at which they leave",
            two_year_retention),
    };
    return all;
}

template <class Get>
void for_each_founded(const PlainWorld& world, Get&& get) {
    for (const Company& company : world.startups)
        if (company.status != Status::unfounded) get(company);
}

// Days between two consecutive rounds, the first of which has the given index.
template <std::size_t first>
void days_to_next_round(const PlainWorld& world, PooledValues& values) {
    for_each_founded(world, [&](const Company& company) {
        if (company.rounds.size() > first + 1)
            values.add((company.rounds[first + 1].time - company.rounds[first].time) * days_in_month);
    });
}

template <Climate climate>
void days_seed_to_next_closed_in(const PlainWorld& world, PooledValues& values) {
    for_each_founded(world, [&](const Company& company) {
        if (company.rounds.size() > 1 && company.rounds[1].climate == climate)
            values.add((company.rounds[1].time - company.rounds[0].time) * days_in_month);
    });
}

// Something of one round of each company that raised it; `value` is a member of RoundRecord, or a function of
// it.
template <std::size_t round, auto value>
void of_round(const PlainWorld& world, PooledValues& values) {
    for_each_founded(world, [&](const Company& company) {
        if (company.rounds.size() > round) values.add(std::invoke(value, company.rounds[round]));
    });
}

void exit_value(const PlainWorld& world, PooledValues& values) {
    for_each_founded(world, [&](const Company& company) {
        if (has_exited(company.status)) values.add(company.proceeds);
    });
}
void months_to_exit(const PlainWorld& world, PooledValues& values) {
    for_each_founded(world, [&](const Company& company) {
        if (has_exited(company.status)) values.add(company.ended - company.founded);
    });
}
void months_to_death(const PlainWorld& world, PooledValues& values) {
    for_each_founded(world, [&](const Company& company) {
        if (is_dead(company.status)) values.add(company.ended - company.founded);
    });
}
void highest_valuation(const PlainWorld& world, PooledValues& values) {
    for_each_founded(world, [&](const Company& company) { values.add(company.highest_valuation); });
}
void founders_share(const PlainWorld& world, PooledValues& values) {
    for_each_founded(world, [&](const Company& company) { values.add(company.cap_table.founders_share()); });
}

const std::vector<Observable>& pooled_of_companies() {
    static const std::vector<Observable> all = {
        pooled_observable("days_round_1_to_2", Dimension::number,
                          "days from the seed to the next round, of those that raised it",
                          days_to_next_round<0>),
        pooled_observable("days_round_1_to_2_closed_cold", Dimension::number,
                          "the same, of rounds that closed in a cold climate",
                          days_seed_to_next_closed_in<Climate::cold>),
        pooled_observable("days_round_1_to_2_closed_warm", Dimension::number,
                          "the same, of rounds that closed in a warm climate",
                          days_seed_to_next_closed_in<Climate::warm>),
        pooled_observable("days_round_2_to_3", Dimension::number, "days from the second to the third round",
                          days_to_next_round<1>),
        pooled_observable("days_round_3_to_4", Dimension::number, "days from the third to the fourth round",
                          days_to_next_round<2>),
        pooled_observable("dilution_round_2", Dimension::share,
                          "part of the company sold in the second round",
                          of_round<1, &RoundRecord::dilution>),
        pooled_observable("dilution_round_3", Dimension::share, "part of the company sold in the third round",
                          of_round<2, &RoundRecord::dilution>),
        pooled_observable("dilution_round_4", Dimension::share,
                          "part of the company sold in the fourth round",
                          of_round<3, &RoundRecord::dilution>),
        pooled_observable("dilution_round_5", Dimension::share, "part of the company sold in the fifth round",
                          of_round<4, &RoundRecord::dilution>),
        pooled_observable("pre_money_round_2", Dimension::money, "pre-money valuation in the second round",
                          of_round<1, &RoundRecord::pre_money>),
        pooled_observable("pre_money_round_3", Dimension::money, "pre-money valuation in the third round",
                          of_round<2, &RoundRecord::pre_money>),
        pooled_observable("pre_money_round_4", Dimension::money, "pre-money valuation in the fourth round",
                          of_round<3, &RoundRecord::pre_money>),
        pooled_observable("raised_round_2", Dimension::money, "money raised in the second round",
                          of_round<1, &RoundRecord::amount>),
        pooled_observable("raised_round_3", Dimension::money, "money raised in the third round",
                          of_round<2, &RoundRecord::amount>),
        pooled_observable("exit_value", Dimension::money, "proceeds of a sale or listing", exit_value),
        pooled_observable("months_to_exit", Dimension::duration, "age at sale or listing", months_to_exit),
        pooled_observable("months_to_death", Dimension::duration, "age at bankruptcy or shutdown",
                          months_to_death),
        pooled_observable("highest_valuation", Dimension::money, "highest valuation in a round or at exit",
                          highest_valuation),
        pooled_observable("founders_share", Dimension::share, "founders' part of the company at the end",
                          founders_share),
    };
    return all;
}

double living(const PlainWorld& world) {
    return world.measure(Measure::alive);
}
double founded(const PlainWorld& world) {
    return world.measure(Measure::founded);
}
double revenue_of_all(const PlainWorld& world) {
    return world.measure(Measure::revenue);
}
double rounds_so_far(const PlainWorld& world) {
    return world.measure(Measure::rounds);
}
double exits_so_far(const PlainWorld& world) {
    return static_cast<double>(world.tallies.acquisitions + world.tallies.listings);
}
double adopters(const PlainWorld& world) {
    double sum = 0;
    for (const auto& segment : world.segments) sum += static_cast<double>(segment.adopters);
    return sum;
}
double dry_powder(const PlainWorld& world) {
    double sum = 0;
    for (const auto& investor : world.investors) sum += investor.available;
    return sum;
}
double cash_of_all(const PlainWorld& world) {
    double sum = 0;
    for (const Company& company : world.startups)
        if (is_alive(company.status)) sum += company.cash.balance(world.now());
    return sum;
}
double is_cold(const PlainWorld& world) {
    return world.climate == Climate::cold ? 1 : 0;
}
double is_warm(const PlainWorld& world) {
    return world.climate == Climate::warm ? 1 : 0;
}
double wages_index(const PlainWorld& world) {
    return world.wages;
}
double compute_index(const PlainWorld& world) {
    return world.compute_price;
}

// The mean over living companies that are modelled inside; NaN where there is none.
template <class Get>
double mean_of_insides(const PlainWorld& world, Get&& get) {
    double sum = 0;
    double count = 0;
    for (const auto& inside : world.organisations) {
        if (!is_alive(world.startups[inside.startup].status)) continue;
        sum += get(inside);
        ++count;
    }
    return count > 0 ? sum / count : std::numeric_limits<double>::quiet_NaN();
}

template <LoopNode node>
double on_the_loop(const PlainWorld& world) {
    return mean_of_insides(world, [&](const auto& inside) { return observe(world, inside.startup, node); });
}

template <Advantage advantage>
double culture_of(const PlainWorld& world) {
    return mean_of_insides(
        world, [&](const auto& inside) { return inside.culture.intensity(advantage, world.now()); });
}

constexpr std::string_view unit_of(LoopNode node) {
    return loop_node_units[static_cast<std::size_t>(node)];
}

double staff(const PlainWorld& world) {
    return mean_of_insides(world, [](const auto& inside) { return inside.workforce.headcount(); });
}
double open_positions(const PlainWorld& world) {
    return mean_of_insides(world, [](const auto& inside) { return inside.hiring.openings(); });
}
double training_runs(const PlainWorld& world) {
    return mean_of_insides(world, [](const auto& inside) { return inside.technology.runs_finished; });
}
double incidents(const PlainWorld& world) {
    return mean_of_insides(world, [](const auto& inside) { return inside.risk.tally.incidents; });
}
double warned_share(const PlainWorld& world) {
    double warned = 0;
    double all = 0;
    for (const auto& inside : world.organisations) {
        warned += inside.risk.tally.warned;
        all += inside.risk.tally.incidents;
    }
    return all > 0 ? warned / all : 0;
}
double incident_cost(const PlainWorld& world) {
    return mean_of_insides(world, [](const auto& inside) { return inside.risk.tally.cost; });
}
double crises(const PlainWorld& world) {
    return mean_of_insides(world, [](const auto& inside) { return inside.risk.tally.crises; });
}
double open_incidents(const PlainWorld& world) {
    return mean_of_insides(world, [](const auto& inside) { return inside.risk.response.present(); });
}
double insured_share(const PlainWorld& world) {
    return mean_of_insides(world, [](const auto& inside) { return inside.risk.policy.cover; });
}
double partners_trust(const PlainWorld& world) {
    return mean_of_insides(world, [&](const auto& inside) { return inside.risk.trust.at(world.now()); });
}
double paid_by_insurers(const PlainWorld& world) {
    double sum = 0;
    for (const Insurer& insurer : world.insurers) sum += insurer.claims;
    return sum;
}
double premiums(const PlainWorld& world) {
    double sum = 0;
    for (const Insurer& insurer : world.insurers)
        sum += insurer.premiums(world.now(), world.setup().parameters.insurers[insurer.group].surplus);
    return sum;
}

const std::vector<Observable>& series_of_worlds() {
    static const std::vector<Observable> all = {
        series_observable("founded", Dimension::number, "companies founded so far", founded,
                          Counting::events),
        series_observable("living", Dimension::number, "companies independent", living),
        series_observable("deaths", Dimension::number, "companies bankrupt or shut down so far",
                          deaths_so_far, Counting::events),
        series_observable("exits", Dimension::number, "companies sold or listed so far", exits_so_far,
                          Counting::events),
        series_observable("rounds", Dimension::number, "rounds after the seed so far", rounds_so_far,
                          Counting::events),
        series_observable("revenue", Dimension::money_per_month, "revenue of all companies together",
                          revenue_of_all),
        series_observable("cash", Dimension::money, "cash of all independent companies together",
                          cash_of_all),
        series_observable("dry_powder", Dimension::money,
                          "money that investors have committed and not invested", dry_powder),
        series_observable("adopters", Dimension::number, "accounts that have adopted, in all segments",
                          adopters),
        series_observable("climate_cold", Dimension::share, "probability of a cold climate", is_cold),
        series_observable("climate_warm", Dimension::share, "probability of a warm climate", is_warm),
        series_observable("wages", Dimension::number, "wage index", wages_index),
        series_observable("compute_price", Dimension::number, "price index of compute", compute_index),
        series_observable("high_quality_data", Dimension::number, unit_of(LoopNode::high_quality_data),
                          on_the_loop<LoopNode::high_quality_data>),
        series_observable("pretrained_model", Dimension::number, unit_of(LoopNode::pretrained_model),
                          on_the_loop<LoopNode::pretrained_model>),
        series_observable("technology_innovation", Dimension::number,
                          unit_of(LoopNode::technology_innovation),
                          on_the_loop<LoopNode::technology_innovation>),
        series_observable("application", Dimension::number, unit_of(LoopNode::application),
                          on_the_loop<LoopNode::application>),
        series_observable("marketing", Dimension::number, unit_of(LoopNode::marketing),
                          on_the_loop<LoopNode::marketing>),
        series_observable("customer_feedback", Dimension::number, unit_of(LoopNode::customer_feedback),
                          on_the_loop<LoopNode::customer_feedback>),
        series_observable("feedback_optimisation", Dimension::number,
                          unit_of(LoopNode::feedback_optimisation),
                          on_the_loop<LoopNode::feedback_optimisation>),
        series_observable("model_training", Dimension::number, unit_of(LoopNode::model_training),
                          on_the_loop<LoopNode::model_training>),
        series_observable("training_optimisation", Dimension::number,
                          unit_of(LoopNode::training_optimisation),
                          on_the_loop<LoopNode::training_optimisation>),
        series_observable("business_expansion", Dimension::number, unit_of(LoopNode::business_expansion),
                          on_the_loop<LoopNode::business_expansion>),
        series_observable("talent_development", Dimension::number, unit_of(LoopNode::talent_development),
                          on_the_loop<LoopNode::talent_development>),
        series_observable("innovation_culture", Dimension::share, unit_of(LoopNode::innovation_culture),
                          on_the_loop<LoopNode::innovation_culture>),
        series_observable("company_culture", Dimension::share, unit_of(LoopNode::company_culture),
                          on_the_loop<LoopNode::company_culture>),
        series_observable("brand_value", Dimension::share, unit_of(LoopNode::brand_value),
                          on_the_loop<LoopNode::brand_value>),
        series_observable("strategy", Dimension::share, unit_of(LoopNode::strategy),
                          on_the_loop<LoopNode::strategy>),
        series_observable("market_positioning", Dimension::share, unit_of(LoopNode::market_positioning),
                          on_the_loop<LoopNode::market_positioning>),
        series_observable("data_culture", Dimension::share, "intensity of data culture",
                          culture_of<Advantage::data>),
        series_observable("talent_culture", Dimension::share, "intensity of talent culture",
                          culture_of<Advantage::talent>),
        series_observable("partnership_culture", Dimension::share, "intensity of partnership culture",
                          culture_of<Advantage::partnership>),
        series_observable("risk_culture", Dimension::share, "intensity of risk culture",
                          culture_of<Advantage::risk>),
        series_observable("staff", Dimension::number, "people in a company, those in onboarding included",
                          staff),
        series_observable("open_positions", Dimension::number, "openings of a company", open_positions),
        series_observable("training_runs", Dimension::number,
                          "training runs that a living company has finished", training_runs,
                          Counting::events),
        series_observable("incidents", Dimension::number, "incidents that a living company has suffered",
                          incidents, Counting::events),
        series_observable("warned_share", Dimension::share,
                          "part of all incidents that came with a warning in time", warned_share),
        series_observable("incident_cost", Dimension::money,
                          "gross cost of a living company's incidents so far", incident_cost),
        series_observable("crises", Dimension::number, "crises that a living company has gone through",
                          crises, Counting::events),
        series_observable("open_incidents", Dimension::number,
                          "incidents of a company that are not repaired yet", open_incidents),
        series_observable("insured_share", Dimension::share,
                          "part of insurable losses that is covered, on average", insured_share),
        series_observable("partners_trust", Dimension::share, "partners' trust in a company", partners_trust),
        series_observable("ties", Dimension::number, "ties between startups and partners", network_ties),
        series_observable("mean_ties", Dimension::number, "ties of a living startup", network_mean_degree),
        series_observable("network_clustering", Dimension::share,
                          "part of the pairs of ties of one partner whose other ends are tied too",
                          network_clustering),
        series_observable("tie_trust", Dimension::share, "trust in a tie", network_trust),
        series_observable("premiums", Dimension::money, "premiums that insurers have earned so far",
                          premiums),
        series_observable("paid_by_insurers", Dimension::money, "claims that insurers have paid so far",
                          paid_by_insurers),
    };
    return all;
}

}  // namespace

const std::shared_ptr<const ObservableSet>& built_in_observables() {
    static const std::shared_ptr<const ObservableSet> built_in = observables_with({});
    return built_in;
}

std::shared_ptr<const ObservableSet> observables_with(std::vector<Observable> own) {
    std::vector<Observable> all = {{.kind = ObservableKind::survival,
                                    .name = std::string(survival_observable),
                                    .dimension = Dimension::share,
                                    .meaning = "share of companies that are alive at an age"}};
    const auto add = [&all](std::span<const Observable> more) {
        all.insert(all.end(), more.begin(), more.end());
    };
    add(scalars_of_companies());
    add(network_observables());
    add(pooled_of_companies());
    add(series_of_worlds());
    add(distribution_observables());
    add(own);
    return std::make_shared<const ObservableSet>(std::move(all));
}

std::span<const Observable> scalar_observables() {
    return built_in_observables()->of(ObservableKind::scalar);
}
std::span<const Observable> pooled_observables() {
    return built_in_observables()->of(ObservableKind::pooled);
}
std::span<const Observable> series_observables() {
    return built_in_observables()->of(ObservableKind::series);
}

std::vector<std::string> observable_names() {
    return built_in_observables()->names();
}

}  // namespace venturi
