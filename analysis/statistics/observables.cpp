#include "analysis/statistics/observables.hpp"

#include "agents/measure.hpp"
#include "analysis/statistics/cooperation_network.hpp"
#include "analysis/statistics/distributions.hpp"
#include "analysis/statistics/restricted_mean.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <utility>

namespace venturi {

namespace {

using Company = Startup<PlainDraws>;

constexpr double days_in_month = 365.25 / 12;

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

// Measures that results have under their own names, at the horizon or over time.
std::vector<Observable> measured(InResults where) {
    std::vector<Observable> all;
    for (const MeasureRecord<PlainDraws>& one : measures()) {
        if (one.in_results != where) continue;
        const auto make = where == InResults::at_horizon ? scalar_observable : series_observable;
        all.push_back(make(
            one.name, one.dimension, one.meaning,
            [read = one.read](const PlainWorld& world) { return read(world, std::nullopt); }, one.counting));
    }
    return all;
}

}  // namespace

const std::shared_ptr<const ObservableSet>& built_in_observables() {
    static const std::shared_ptr<const ObservableSet> built_in = observables_with({});
    return built_in;
}

std::shared_ptr<const ObservableSet> observables_with(std::vector<Observable> own) {
    std::vector<Observable> all = {
        {.kind = ObservableKind::survival,
         .name = std::string(survival_observable),
         .dimension = Dimension::share,
         .meaning = "share of companies that are alive at an age"},
        {.kind = ObservableKind::restricted_mean,
         .name = std::string(restricted_mean_observable),
         .dimension = Dimension::duration,
         .meaning = "mean time that a company lives, up to the horizon: the area under "
                    "the survival curve"}};
    const auto add = [&all](std::span<const Observable> more) {
        all.insert(all.end(), more.begin(), more.end());
    };
    add(measured(InResults::at_horizon));
    add(network_observables());
    add(pooled_of_companies());
    add(measured(InResults::over_time));
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
