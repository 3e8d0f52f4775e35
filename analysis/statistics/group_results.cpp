#include "analysis/statistics/group_results.hpp"

#include "analysis/statistics/cohort.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace venturi {

namespace {

constexpr std::array<std::string_view, 14> group_observable_names = {
    "share_raised_round_2", "share_raised_round_3", "share_raised_round_4", "share_exited",
    "share_acquired",       "share_listed",         "share_dead",           "share_bankrupt",
    "share_shut_down",      "share_alive",          "share_unicorn",        "rounds_per_company",
    "raised_per_company",   "proceeds_per_company"};

}  // namespace

const Observable& GroupObservable::described() const {
    const ObservableSet& all = *built_in_observables();
    return all.at(all.find(name).value());
}

std::span<const GroupObservable> group_observables() {
    static const std::vector<GroupObservable> all = [] {
        std::vector<GroupObservable> found;
        for (const std::string_view name : group_observable_names)
            found.push_back({name, Measure::named(name)});
        return found;
    }();
    return all;
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
                          .means = std::vector<Moments>(group_observable_names.size()),
                          .survival = Grouped<SurvivalCounts>(no_survival)});
    return groups;
}

void observe_groups(const PlainWorld& world, std::uint64_t trajectory, std::span<GroupResults> groups) {
    // The companies of a group stand side by side.
    auto first = world.startups.begin();
    for (std::size_t group = 0; group < groups.size(); ++group) {
        SurvivalCounts& survival = groups[group].survival.of(trajectory);
        for (; first != world.startups.end() && first->group == group; ++first)
            if (first->status != Status::unfounded) observe_survival(world, *first, survival);
        if (world.group_tallies[group].founded == 0) continue;
        for (std::size_t i = 0; i < group_observable_names.size(); ++i)
            groups[group].means[i].add(
                world.measure(group_observables()[i].measure, static_cast<std::uint32_t>(group)));
    }
}

}  // namespace venturi
