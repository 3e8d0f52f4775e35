// The people of universities and industry partners: who graduates, comes and goes.
#pragma once

#include "agents/partnership/network_state.hpp"
#include "agents/partnership/tie_events.hpp"
#include "agents/talent/people_flow.hpp"
#include "agents/talent/talent_events.hpp"
#include "agents/world.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace venturi {

/// The role of a graduate or newcomer at a partner, by a uniform draw: researchers, engineers and data people
/// in equal parts, and half as many for business.
[[nodiscard]] inline Role role_of_newcomer(double u) {
    constexpr double whole = 3.5;
    const auto at = static_cast<std::size_t>(u * whole);
    return static_cast<Role>(at < roles ? at : roles - 1);
}

/// Somebody at a partner, by a uniform draw: role and level; roles where nobody is there.
[[nodiscard]] inline std::array<std::size_t, 2> person_at(const Partner& partner, double u) {
    double left = u * people_of(partner);
    std::array<std::size_t, 2> found = {roles, levels};
    for (std::size_t role = 0; role < roles; ++role)
        for (std::size_t level = 0; level < levels; ++level) {
            const double here = partner.people[role][level];
            if (!(here > 0)) continue;
            found = {role, level};
            if (left < here) return found;
            left -= here;
        }
    return found;
}

/// A graduate goes to a startup that the university is tied to, in proportion to trust, or to the open
/// market. Where the startup is looking for somebody like that, the graduate applies there; otherwise looks
/// for work.
template <class Draws>
void graduates(World<Draws>& world, std::uint32_t index, double u_role, double u_where) {
    Partner& university = world.partners[index];
    const Role role = role_of_newcomer(u_role);
    double trust = 0;
    for_each_tie(world, index, [&](const Tie& tie, std::uint32_t) {
        if (tie.other(index) < world.organisations.size()) trust += tie.trust;
    });
    double left = u_where * (trust + world.parameters.partnership.people.open_market);
    std::uint32_t found = no_record;
    for_each_tie(world, index, [&](const Tie& tie, std::uint32_t) {
        if (tie.other(index) >= world.organisations.size() || found != no_record) return;
        if (left < tie.trust) found = tie.other(index);
        left -= tie.trust;
    });
    ++world.network.graduates;
    if (found != no_record && world.organisations[found].hiring.openings(role) > 0) {
        Organisation<Draws>& inside = world.organisations[found];
        inside.hiring.apply(hiring_desk(world, inside, HiringStage::screening),
                            {.role = role, .level = Level::junior, .origin = from_partner(index)});
        return;
    }
    ++world.pools[static_cast<std::size_t>(role)].entered;
    note_move(world, place_number(world, FlowPlace::outside), place_number(world, university));
    join_pool(world, role, Level::junior, place_number(world, university));
}

/// Somebody leaves a partner for the pool or for good, or joins it from the pool or from outside: numbers
/// tend to what the group's `people` says.
template <class Draws>
void partner_staff_moves(World<Draws>& world, std::uint32_t index) {
    const Partner& partner = world.partners[index];
    const PartnerGroupParameters& group = world.parameters.partners[partner.group];
    const double turnover = world.parameters.partnership.people.industry_turnover;
    const double people = people_of(partner);
    const double graduating =
        partner.present ? world.parameters.partnership.couplings.people * group.graduates : 0.0;
    const std::array<double, 3> rates = {graduating, turnover * people,
                                         partner.present ? turnover * group.people : 0.0};
    DrawSource& source = world.partners[index].movement;
    const double what = world.draws.uniform(source) * (rates[0] + rates[1] + rates[2]);
    const double who = world.draws.uniform(source);
    const double where = world.draws.uniform(source);
    if (what < rates[0]) {
        graduates(world, index, who, where);
    } else if (what < rates[0] + rates[1]) {
        const auto [role, level] = person_at(partner, who);
        if (role < roles) let_go(world, index, static_cast<Role>(role), static_cast<Level>(level), where);
    } else if (partner.present) {
        const Role role = role_of_newcomer(who);
        TalentPool<Draws>& pool = pool_of(world, role);
        const bool from_the_pool = pool.available() > 0;
        const Level level = from_the_pool ? pool.level_at(where) : entrants_level(world, where);
        if (from_the_pool) {
            leave_pool(world, role, level, place_number(world, partner));
        } else {
            ++pool.entered;
            note_move(world, place_number(world, FlowPlace::outside), place_number(world, partner));
        }
        change_people(world, index, role, level, 1);
    }
    await_staff_move(world, index);
}

/// Somebody leaves a partner: stays in the field, and looks for work, or doesn't.
template <class Draws>
void let_go(World<Draws>& world, std::uint32_t index, Role role, Level level, double u) {
    const std::size_t from = place_number(world, world.partners[index]);
    change_people(world, index, role, level, -1);
    if (u < world.parameters.talent.career.stays_in_field)
        join_pool(world, role, level, from);
    else
        leave_field(world, role, from);
}

/// Everybody leaves a partner that has failed.
template <class Draws>
void let_everyone_go(World<Draws>& world, std::uint32_t index) {
    for (std::size_t role = 0; role < roles; ++role)
        for (std::size_t level = 0; level < levels; ++level)
            while (world.partners[index].people[role][level] > 0)
                let_go(world, index, static_cast<Role>(role), static_cast<Level>(level),
                       world.draws.uniform(world.partners[index].movement));
}

}  // namespace venturi
