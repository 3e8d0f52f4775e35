#include "analysis/statistics/group_results.hpp"

#include "analysis/statistics/cohort.hpp"

#include <array>
#include <cstddef>

namespace venturi {

namespace {

using Member = Startup<PlainDraws>;

template <Status status>
double ended_as(const Member& company) {
    return company.status == status ? 1 : 0;
}

template <std::size_t follow_on>
double raised_round(const Member& company) {
    return company.follow_on_rounds() >= follow_on ? 1 : 0;
}

constexpr std::array<GroupObservable, 14> all_group_observables = {{
    {"share_raised_round_2", raised_round<1>},
    {"share_raised_round_3", raised_round<2>},
    {"share_raised_round_4", raised_round<3>},
    {"share_exited", [](const Member& company) { return has_exited(company.status) ? 1.0 : 0.0; }},
    {"share_acquired", ended_as<Status::acquired>},
    {"share_listed", ended_as<Status::listed>},
    {"share_dead", [](const Member& company) { return is_dead(company.status) ? 1.0 : 0.0; }},
    {"share_bankrupt", ended_as<Status::bankrupt>},
    {"share_shut_down", ended_as<Status::shut_down>},
    {"share_alive", [](const Member& company) { return is_alive(company.status) ? 1.0 : 0.0; }},
    {"share_unicorn",
     [](const Member& company) { return company.highest_valuation >= unicorn_valuation ? 1.0 : 0.0; }},
    {"rounds_per_company",
     [](const Member& company) { return static_cast<double>(company.follow_on_rounds()); }},
    {"raised_per_company", [](const Member& company) { return company.raised(); }},
    {"proceeds_per_company", [](const Member& company) { return company.proceeds; }},
}};

}  // namespace

std::span<const GroupObservable> group_observables() {
    return all_group_observables;
}

void GroupResults::merge(const GroupResults& other) {
    for (std::size_t i = 0; i < means.size(); ++i) means[i].merge(other.means[i]);
    survival.merge(other.survival);
}

std::vector<GroupResults> no_group_results(const WorldParameters& world, const SurvivalCounts& no_survival) {
    std::vector<GroupResults> groups;
    if (world.startups.size() < 2) return groups;
    for (const StartupGroupParameters& group : world.startups)
        groups.push_back({.group = group.name,
                          .means = std::vector<Moments>(all_group_observables.size()),
                          .survival = Grouped<SurvivalCounts>(no_survival)});
    return groups;
}

void observe_groups(const PlainWorld& world, std::uint64_t trajectory, std::span<GroupResults> groups) {
    // The companies of a group stand side by side.
    auto first = world.startups.begin();
    for (std::size_t group = 0; group < groups.size(); ++group) {
        std::array<double, all_group_observables.size()> sums{};
        std::size_t founded = 0;
        SurvivalCounts& survival = groups[group].survival.of(trajectory);
        for (; first != world.startups.end() && first->group == group; ++first) {
            if (first->status == Status::unfounded) continue;
            ++founded;
            observe_survival(world, *first, survival);
            for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += all_group_observables[i].of(*first);
        }
        if (founded == 0) continue;
        for (std::size_t i = 0; i < sums.size(); ++i)
            groups[group].means[i].add(sums[i] / static_cast<double>(founded));
    }
}

}  // namespace venturi
