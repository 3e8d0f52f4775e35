#include "analysis/statistics/distributions.hpp"

#include "analysis/statistics/cooperation_network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace venturi {

namespace {

constexpr std::size_t most_ties = 40;

bool has_partners(const WorldParameters& world) {
    return !world.partners.empty() || !world.ties.empty();
}

std::vector<std::string> numbers(const WorldParameters& world, std::size_t first, std::size_t last) {
    std::vector<std::string> names;
    for (std::size_t number = first; has_partners(world) && number <= last; ++number)
        names.push_back(number < last ? std::to_string(number) : fmt::format("{} or more", number));
    return names;
}

std::vector<std::string> numbers_of_ties(const WorldParameters& world) {
    return numbers(world, 0, most_ties);
}
void startups_by_ties(const PlainWorld& world, std::span<double> into) {
    for (const std::uint64_t ties : ties_of_startups(world)) ++into[std::min<std::size_t>(ties, most_ties)];
}
void partners_by_ties(const PlainWorld& world, std::span<double> into) {
    for (const Partner& partner : world.partners)
        if (partner.kind != PartnerKind::startup && partner.present)
            ++into[std::min<std::size_t>(partner.ties, most_ties)];
}

std::vector<std::string> years_of_age(const WorldParameters& world) {
    return numbers(world, 0, NetworkTally::years - 1);
}
void months_at_age(const PlainWorld& world, std::span<double> into) {
    const NetworkTally tally = tally_with_present_ties(world);
    std::copy(tally.tie_months.begin(), tally.tie_months.end(), into.begin());
}
void broken_at_age(const PlainWorld& world, std::span<double> into) {
    std::copy(world.network.broken_at_age.begin(), world.network.broken_at_age.end(), into.begin());
}
void ended_at_age(const PlainWorld& world, std::span<double> into) {
    std::copy(world.network.ended_at_age.begin(), world.network.ended_at_age.end(), into.begin());
}

std::vector<std::string> sizes(const WorldParameters& world) {
    return numbers(world, 1, NetworkTally::cascade_sizes);
}
void cascades_by_size(const PlainWorld& world, std::span<double> into) {
    std::copy(world.network.cascades.begin(), world.network.cascades.end(), into.begin());
}

std::vector<std::string> ways(const WorldParameters& world) {
    std::vector<std::string> places;
    bool any_inside = false;
    for (const StartupGroupParameters& group : world.startups) {
        places.push_back(group.name);
        any_inside = any_inside || group.inside == Inside::five_advantages;
    }
    if (!any_inside) return {};
    places.insert(places.end(), flow_place_names.begin(), flow_place_names.end());
    std::vector<std::string> names;
    for (const std::string& from : places)
        for (const std::string& to : places) names.push_back(std::string(from).append(" -> ").append(to));
    return names;
}
void people_moved(const PlainWorld& world, std::span<double> into) {
    std::copy(world.moves.begin(), world.moves.end(), into.begin());
}

}  // namespace

std::span<const Observable> distribution_observables() {
    static const std::vector<Observable> distributions = {
        distribution_observable("startups_by_ties", Dimension::number, "living startups with so many ties",
                                "number of ties", numbers_of_ties, startups_by_ties),
        distribution_observable(
            "partners_by_ties", Dimension::number,
            "universities, industry partners, communities and investors with so many ties", "number of ties",
            numbers_of_ties, partners_by_ties),
        distribution_observable("tie_months_by_age", Dimension::duration,
                                "months that ties have lived at that age", "age in whole years", years_of_age,
                                months_at_age),
        distribution_observable("ties_ended_by_age", Dimension::number,
                                "ties that ended by themselves at that age", "age in whole years",
                                years_of_age, ended_at_age),
        distribution_observable("ties_broken_by_age", Dimension::number,
                                "ties that a failure or sale broke at that age", "age in whole years",
                                years_of_age, broken_at_age),
        distribution_observable("cascades_by_size", Dimension::number,
                                "instants at which so many startups and partners failed",
                                "failures at one instant", sizes, cascades_by_size),
        distribution_observable("people_moved", Dimension::number,
                                "people who moved from one place to another", "from where and where to", ways,
                                people_moved),
    };
    return distributions;
}

}  // namespace venturi
