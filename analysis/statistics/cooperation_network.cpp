#include "analysis/statistics/cooperation_network.hpp"

#include "agents/measure_table.hpp"
#include "agents/network/assortativity.hpp"
#include "agents/network/power_law.hpp"
#include "agents/partnership/network_state.hpp"
#include "agents/partnership/tie_events.hpp"
#include "agents/talent/people_flow.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace venturi {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double months_a_year = 12;

double ratio(double part, double whole) {
    return whole > 0 ? part / whole : nan;
}

const std::string& group_name(const PlainWorld& world, const Partner& partner) {
    const WorldParameters& parameters = world.setup().parameters;
    switch (partner.kind) {
        case PartnerKind::startup:
            return parameters.startups[partner.group].name;
        case PartnerKind::investor:
            return parameters.investors[partner.group].name;
        default:
            return parameters.partners[partner.group].name;
    }
}

double over_at(const NetworkTally& tally, std::size_t age, TiesOver which) {
    return tally.ended_at_age[age] + (which == TiesOver::all ? tally.broken_at_age[age] : 0.0);
}

double in_network(const PlainWorld& world, double (*measure)(const PlainWorld&)) {
    return has_network(world) ? measure(world) : nan;
}

}  // namespace

std::string partner_name(const PlainWorld& world, std::uint32_t index) {
    const Partner& partner = world.partners[index];
    return fmt::format("{}/{}", group_name(world, partner), partner.member + 1);
}

Network cooperation_network(const PlainWorld& world) {
    Network network = network_of_ties(world);
    for (std::uint32_t i = 0; i < world.partners.size(); ++i) network.names.push_back(partner_name(world, i));
    return network;
}

std::vector<std::uint64_t> ties_of_startups(const PlainWorld& world) {
    std::vector<std::uint64_t> ties;
    for (const Partner& partner : world.partners)
        if (partner.kind == PartnerKind::startup && partner.present) ties.push_back(partner.ties);
    return ties;
}

NetworkTally tally_with_present_ties(const PlainWorld& world) {
    NetworkTally tally = world.network;
    for (std::uint32_t i = 0; i < world.partners.size(); ++i)
        for_each_tie(world, i, [&](const Tie& tie, std::uint32_t) {
            if (tie.ends[0] == i) note_lifetime(tally, world.now() - tie.since, TieEnd::not_yet);
        });
    return tally;
}

double tie_survival(const NetworkTally& tally, std::size_t years, TiesOver which) {
    double hazard = 0;
    for (std::size_t age = 0; age < years; ++age)
        hazard += months_a_year * ratio(over_at(tally, age, which), tally.tie_months[age]);
    return std::exp(-hazard);
}

double median_tie_life(const NetworkTally& tally, TiesOver which) {
    double left = std::log(2.0);
    double hazard = nan;  // per month
    for (std::size_t age = 0; age < NetworkTally::years; ++age) {
        if (tally.tie_months[age] > 0) hazard = over_at(tally, age, which) / tally.tie_months[age];
        if (std::isnan(hazard)) return nan;
        if (left <= months_a_year * hazard) return months_a_year * static_cast<double>(age) + left / hazard;
        left -= months_a_year * hazard;
    }
    return hazard > 0 ? months_a_year * NetworkTally::years + left / hazard : nan;
}

namespace {

// Of all who have a tie: the tail is chosen as in the paper, so this is of those with many.
double degree_exponent(const PlainWorld& world) {
    std::vector<std::uint64_t> degrees;
    for (const Partner& partner : world.partners)
        if (partner.ties > 0) degrees.push_back(partner.ties);
    try {
        return fit_power_law(degrees).law.exponent;
    } catch (const std::invalid_argument&) {
        return nan;  // too few, or all alike
    }
}

double assortativity(const PlainWorld& world) {
    return degree_assortativity(cooperation_network(world));
}

template <TiesOver which>
double survival_to_5(const PlainWorld& world) {
    return tie_survival(tally_with_present_ties(world), 5, which);
}
template <TiesOver which>
double median_life(const PlainWorld& world) {
    return median_tie_life(tally_with_present_ties(world), which);
}

double largest_cascade(const PlainWorld& world) {
    const auto& cascades = world.network.cascades;
    for (std::size_t size = cascades.size(); size > 0; --size)
        if (cascades[size - 1] > 0) return static_cast<double>(size);
    return 0;
}

double deaths(const PlainWorld& world) {
    return static_cast<double>(world.tallies.bankruptcies + world.tallies.shutdowns);
}

double share_brought_down(const PlainWorld& world) {
    return ratio(static_cast<double>(world.network.defaults_by_contagion),
                 deaths(world) + static_cast<double>(world.network.partner_failures));
}
double unpaid_share(const PlainWorld& world) {
    return ratio(world.network.unpaid, world.network.owed_at_failure);
}
double ties_formed(const PlainWorld& world) {
    return static_cast<double>(world.network.formed);
}
// Broken: because a startup or partner failed, or was sold.
double share_broken(const PlainWorld& world) {
    const auto ended = static_cast<double>(world.network.ended);
    const auto broken = static_cast<double>(world.network.broken);
    return ratio(broken, ended + broken);
}
double projects_finished(const PlainWorld& world) {
    return static_cast<double>(world.network.projects_finished);
}
double projects_broken_off(const PlainWorld& world) {
    const auto finished = static_cast<double>(world.network.projects_finished);
    const auto broken = static_cast<double>(world.network.projects_broken_off);
    return ratio(broken, finished + broken);
}

double moves(const PlainWorld& world, FlowPlace place, bool to_startups) {
    const std::size_t groups = world.parameters.startups.size();
    const std::size_t places = groups + flow_places;
    const std::size_t at = place_number(world, place);
    double sum = 0;
    for (std::size_t group = 0; group < groups; ++group)
        sum += world.moves[to_startups ? at * places + group : group * places + at];
    return sum;
}
double from_industry_per_move_to_it(const PlainWorld& world) {
    return ratio(moves(world, FlowPlace::industry, true), moves(world, FlowPlace::industry, false));
}
double from_universities(const PlainWorld& world) {
    return moves(world, FlowPlace::university, true);
}

// A measure that results have over time, at the horizon under a name of its own.
Observable at_horizon(std::string_view name, std::string_view measure) {
    const Measure which = Measure::named(measure);
    const MeasureDescription& one = which.description();
    return scalar_observable(
        name, one.dimension, one.meaning, [which](const PlainWorld& world) { return world.measure(which); },
        one.counting);
}

}  // namespace

std::span<const Observable> network_observables() {
    static const std::vector<Observable> observables = {
        at_horizon("ties_per_startup", "mean_ties"),
        scalar_observable("degree_exponent", Dimension::number,
                          "exponent of a power law fitted to the tail of the numbers of ties",
                          [](const PlainWorld& world) { return in_network(world, degree_exponent); }),
        at_horizon("clustering", "network_clustering"),
        scalar_observable("degree_assortativity", Dimension::number,
                          "correlation of the numbers of ties at both ends of a tie",
                          [](const PlainWorld& world) { return in_network(world, assortativity); }),
        scalar_observable(
            "ties_lasting_5_years", Dimension::share, "ties that last for five years",
            [](const PlainWorld& world) { return in_network(world, survival_to_5<TiesOver::all>); }),
        scalar_observable("ties_lasting_5_years_if_both_live", Dimension::share,
                          "ties that last for five years, where no end fails or is sold",
                          [](const PlainWorld& world) {
                              return in_network(world, survival_to_5<TiesOver::by_themselves>);
                          }),
        scalar_observable(
            "median_tie_life", Dimension::duration, "how long half of the ties last",
            [](const PlainWorld& world) { return in_network(world, median_life<TiesOver::all>); }),
        scalar_observable(
            "median_tie_life_if_both_live", Dimension::duration,
            "how long half of the ties last, where no end fails or is sold",
            [](const PlainWorld& world) { return in_network(world, median_life<TiesOver::by_themselves>); }),
        scalar_observable(
            "ties_formed", Dimension::number, "ties that were formed",
            [](const PlainWorld& world) { return in_network(world, ties_formed); }, Counting::events),
        scalar_observable("ties_broken_share", Dimension::share,
                          "part of the ties that are over which a failure or a sale has broken",
                          [](const PlainWorld& world) { return in_network(world, share_broken); }),
        scalar_observable(
            "projects_finished", Dimension::number, "joint projects delivered",
            [](const PlainWorld& world) { return in_network(world, projects_finished); }, Counting::events),
        scalar_observable("projects_broken_off", Dimension::share,
                          "part of the joint projects that are broken off",
                          [](const PlainWorld& world) { return in_network(world, projects_broken_off); }),
        scalar_observable(
            "largest_cascade", Dimension::number, "most startups and partners that failed at one instant",
            [](const PlainWorld& world) { return in_network(world, largest_cascade); }, Counting::events),
        scalar_observable("share_brought_down", Dimension::share,
                          "part of all failures that others' failures caused at once",
                          [](const PlainWorld& world) { return in_network(world, share_brought_down); }),
        scalar_observable("unpaid_share", Dimension::share,
                          "part of their debts to partners that failures left unpaid",
                          [](const PlainWorld& world) { return in_network(world, unpaid_share); }),
        scalar_observable(
            "hired_from_universities", Dimension::number, "people whom startups hired from universities",
            [](const PlainWorld& world) { return in_network(world, from_universities); }, Counting::events),
        scalar_observable(
            "from_industry_per_move_to_it", Dimension::number,
            "people hired from industry partners for each who went there",
            [](const PlainWorld& world) { return in_network(world, from_industry_per_move_to_it); }),
    };
    return observables;
}

}  // namespace venturi
