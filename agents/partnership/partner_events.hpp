// Partners that are no startups: how they begin, fail, and are replaced.
#pragma once

#include "agents/partnership/failure_events.hpp"
#include "agents/partnership/network_state.hpp"
#include "agents/partnership/staff_events.hpp"
#include "agents/partnership/tie_events.hpp"
#include "agents/world.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace venturi {

/// How long a partner that is no startup takes to come back to its own knowledge, months.
inline constexpr double partners_renewal = 24;

/// The lag that a partner of its knowledge has.
[[nodiscard]] inline double usual_lag(const Partner& partner) {
    return -std::log(std::max(partner.brings[0], 1e-3));
}

/// What an investor is as a partner, by the parameters of the day.
template <class Draws>
void take_investors_parameters(const World<Draws>& world, Partner& partner) {
    const InvestorPartnerParameters& parameters = world.parameters.investors[partner.group].partner;
    partner.brings = {parameters.knowledge, 0, 0, parameters.reach};
    partner.room = parameters.appetite;
    partner.reliability = parameters.reliability;
}

/// Resources, room and assets of a member of a group, drawn from its state's source.
template <class Draws>
void draw_partner(World<Draws>& world, Partner& partner) {
    const PartnerGroupParameters& group = world.parameters.partners[partner.group];
    const std::array<double, resources> medians = {group.knowledge, group.data, group.compute, group.reach};
    for (std::size_t i = 0; i < resources; ++i) {
        const double z = world.draws.normal(partner.state, 0.0, 1.0);
        // The logistic of the median's log-odds and so many deviations; 0 and 1 stay what they are.
        const double odds = medians[i] / (1 - std::min(medians[i], 1 - 1e-9)) * std::exp(group.spread * z);
        partner.brings[i] = odds / (1 + odds);
    }
    const double z = world.draws.normal(partner.state, 0.0, 1.0);
    partner.room = std::round(group.appetite * std::exp(group.spread * z));
    partner.assets = std::max(world.draws.sample(partner.state, group.assets), 0.0);
    partner.reliability = group.reliability;
    partner.lag =
        Relaxation<double>(usual_lag(partner), usual_lag(partner), 1 / partners_renewal, world.now());
}

template <class Draws>
void await_failure(World<Draws>& world, std::uint32_t index) {
    Partner& partner = world.partners[index];
    await(world, partner.turn, partner.state, world.parameters.partners[partner.group].failure,
          {Happening::partner_turns, index});
}

/// A partner that is no startup fails by itself, its money gone; or another takes the place of one that did.
template <class Draws>
void partner_turns(World<Draws>& world, std::uint32_t index) {
    Partner& partner = world.partners[index];
    if (partner.present) {
        partner.assets = 0;
        fail_in_network(world, index);
        return;
    }
    partner.present = true;
    draw_partner(world, partner);
    update_attachment(world, index);
    await_failure(world, index);
    await_staff_move(world, index);
}

/// The people that a partner begins with: as many of each role, in the proportions of levels at which people
/// enter pools.
template <class Draws>
void staff_partner(World<Draws>& world, std::uint32_t index) {
    Partner& partner = world.partners[index];
    const CareerParameters& career = world.parameters.talent.career;
    const auto people = std::llround(world.parameters.partners[partner.group].people);
    for (std::size_t role = 0; role < roles; ++role) {
        const auto rounded_up = people + static_cast<long long>(roles - 1 - role);
        const long long whole = rounded_up / static_cast<long long>(roles);
        const auto of_role = static_cast<double>(whole);
        const double seniors = std::round(of_role * career.seniors);
        const double juniors = std::min(std::round(of_role * career.juniors), of_role - seniors);
        partner.people[role] = {static_cast<std::uint16_t>(juniors),
                                static_cast<std::uint16_t>(of_role - seniors - juniors),
                                static_cast<std::uint16_t>(seniors)};
        TalentPool<Draws>& pool = world.pools[role];
        pool.entered += static_cast<std::uint64_t>(of_role);
        note_move(world, place_number(world, FlowPlace::outside), place_number(world, partner),
                  static_cast<std::uint32_t>(of_role));
        pool.at_partners.set(index, of_role);
    }
}

/// One partner of the network, with the draws that are its own.
template <class Draws>
Partner& add_partner(World<Draws>& world, PartnerKind kind, std::uint32_t group, std::uint32_t member,
                     std::uint32_t agent, std::uint32_t vertex, std::uint32_t address) {
    Partner& partner = world.partners.emplace_back();
    partner.kind = kind;
    partner.group = group;
    partner.member = member;
    partner.agent = agent;
    partner.vertex = vertex;
    partner.address = address;
    const auto source = [&](Purpose purpose) {
        return DrawSource{address, static_cast<std::uint16_t>(purpose)};
    };
    partner.meetings = source(Purpose::meetings);
    partner.choice = source(Purpose::meeting_choice);
    partner.endings = source(Purpose::tie_endings);
    partner.proposals = source(Purpose::project_proposals);
    partner.course = source(Purpose::project_course);
    partner.delivery = source(Purpose::delivery);
    partner.state = source(Purpose::partner_state);
    partner.movement = source(Purpose::partner_movement);
    return partner;
}

/// Where a scenario names partners or gives ties, and a startup has an inside, everyone who may cooperate
/// stands in the network: startups by the order of their organisations, investors, and the groups of
/// partners.
template <class Draws>
void place_partners(World<Draws>& world) {
    world.partners.clear();
    world.ties.clear();
    world.projects.clear();
    world.network = {};
    for (auto& employers : world.employers) employers.clear();
    const std::size_t places = world.parameters.startups.size() + flow_places;
    world.moves.assign(places * places, 0);
    const bool wanted = !world.parameters.partners.empty() || !world.parameters.ties.empty();
    if (world.organisations.empty() || !wanted) return;
    const auto member_of = [](std::uint32_t address) { return address & ((1U << 20) - 1); };
    for (const Organisation<Draws>& inside : world.organisations) {
        const Startup<Draws>& startup = world.startups[inside.startup];
        add_partner(world, PartnerKind::startup, startup.group, member_of(startup.address), inside.startup,
                    startup.vertex, startup.address);
    }
    for (std::uint32_t i = 0; i < world.investors.size(); ++i) {
        const Investor<Draws>& investor = world.investors[i];
        const std::uint32_t address = investor.fund_size.agent;
        add_partner(world, PartnerKind::investor, investor.group, member_of(address), i, investor.vertex,
                    address);
    }
    for (std::uint32_t g = 0; g < world.parameters.partners.size(); ++g) {
        const PartnerGroupParameters& group = world.parameters.partners[g];
        const auto kind = static_cast<PartnerKind>(static_cast<std::size_t>(PartnerKind::university)
                                                   + static_cast<std::size_t>(group.kind));
        for (std::uint32_t member = 0; member < group.count; ++member) {
            const auto index = static_cast<std::uint32_t>(world.partners.size());
            const auto vertex = static_cast<std::uint32_t>(world.graph.add({AgentKind::partner, index}));
            add_partner(world, kind, g, member, index, vertex, agent_address(AgentKind::partner, g, member));
            world.graph.connect(0, vertex, {.kind = Relation::Kind::surrounds});
            if (kind == PartnerKind::university) world.employers[0].push_back(index);
            if (kind == PartnerKind::industry) world.employers[1].push_back(index);
        }
    }
    world.attachment.reset(world.partners.size());
    for (TalentPool<Draws>& pool : world.pools) pool.at_partners.reset(world.partners.size());
}

/// The network at month 0: nobody is tied yet.
template <class Draws>
void begin_partners(World<Draws>& world) {
    for (auto index = static_cast<std::uint32_t>(world.organisations.size()); index < world.partners.size();
         ++index) {
        Partner& partner = world.partners[index];
        partner.present = true;
        if (partner.kind == PartnerKind::investor) {
            take_investors_parameters(world, partner);
            partner.lag = Relaxation<double>(usual_lag(partner), usual_lag(partner), 1 / partners_renewal, 0);
        } else {
            draw_partner(world, partner);
            staff_partner(world, index);
            await_failure(world, index);
            await_staff_move(world, index);
        }
        update_attachment(world, index);
    }
}

/// The ties that the scenario gives a startup, to those who are there already. Room doesn't matter to them.
template <class Draws>
void form_given_ties(World<Draws>& world, std::uint32_t index) {
    const auto& given = world.setup().given_ties;
    auto end = std::lower_bound(given.begin(), given.end(), index,
                                [](const GivenTieEnd& one, std::uint32_t of) { return one.partner < of; });
    for (; end != given.end() && end->partner == index; ++end) {
        if (!world.partners[end->other].present) continue;
        form_tie(world, index, end->other, false, world.draws.uniform(world.partners[index].choice));
        if (end->trust < 0) continue;
        world.ties[tie_between(world, index, end->other)].trust = end->trust;
        for (const std::uint32_t one : {index, end->other}) update_tie_flows(world, one);
    }
}

/// A startup that has been founded enters the network.
template <class Draws>
void enter_network(World<Draws>& world, std::uint32_t index) {
    if (!has_network(world)) return;
    Partner& me = world.partners[index];
    me.present = true;
    me.brings = brought_by(world, world.organisations[index]);
    me.room = room_of(world, world.organisations[index]);
    update_attachment(world, index);
    await_meeting(world, index);
    await_proposal(world, index);
    form_given_ties(world, index);
}

/// To be called when rates may have been changed from outside: what waits at another rate is drawn anew.
template <class Draws>
void update_network_rates(World<Draws>& world) {
    const double ends = highest_end_rate(world.parameters.partnership.ties);
    for (std::uint32_t index = 0; index < world.partners.size(); ++index) {
        Partner& partner = world.partners[index];
        if (partner.kind == PartnerKind::investor) {
            take_investors_parameters(world, partner);
            partner.lag.relax_to(world.now(), usual_lag(partner), 1 / partners_renewal);
        }
        if (partner.kind == PartnerKind::startup && partner.present) {
            if (partner.meeting.rate != meeting_rate(world, partner)) await_meeting(world, index);
            if (partner.proposal.rate != proposal_rate(world, partner)) await_proposal(world, index);
        }
        if (partner.kind != PartnerKind::startup && partner.kind != PartnerKind::investor) {
            if (partner.present && partner.turn.rate != world.parameters.partners[partner.group].failure)
                await_failure(world, index);
            partner.reliability = world.parameters.partners[partner.group].reliability;
            if (partner.staff.rate != staff_rate(world, partner)) await_staff_move(world, index);
        }
        update_attachment(world, index);
        for_each_tie(world, index, [&](const Tie& tie, std::uint32_t record) {
            if (tie.ends[0] == index && tie.ending.rate != ends) await_end(world, record);
        });
        if (partner.present) update_tie_flows(world, index);
    }
}

}  // namespace venturi
