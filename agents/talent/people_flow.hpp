// People who move: between startups, pools, universities, industry partners, and the world outside. Each move
// is counted once, by where from and where to.
#pragma once

#include "agents/partnership/network_state.hpp"
#include "agents/talent/talent_pool.hpp"
#include "agents/world.hpp"
#include "sim/contract.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace venturi {

/// The row or column of a place in `World::moves`; groups of startups come first.
template <class Draws>
[[nodiscard]] std::size_t place_number(const World<Draws>& world, FlowPlace place) {
    return world.parameters.startups.size() + static_cast<std::size_t>(place);
}
template <class Draws>
[[nodiscard]] std::size_t place_number(const World<Draws>& world, const Organisation<Draws>& inside) {
    return world.startups[inside.startup].group;
}
template <class Draws>
[[nodiscard]] std::size_t place_number(const World<Draws>& world, const Partner& partner) {
    return place_number(
        world, partner.kind == PartnerKind::university ? FlowPlace::university : FlowPlace::industry);
}

/// One person more has moved between two places, or several.
template <class Draws>
void note_move(World<Draws>& world, std::size_t from, std::size_t to, std::uint32_t people = 1) {
    world.moves[from * (world.parameters.startups.size() + flow_places) + to] += people;
}

/// To be called whenever the number of those looking has changed.
template <class Draws>
void schedule_pool_exit(World<Draws>& world, TalentPool<Draws>& pool) {
    pool.exit.set_rate(
        world.draws, world.now(),
        typename Draws::Scalar(world.parameters.talent.of(pool.role).entry * pool.available()));
    world.set_timer(pool.next_exit, pool.exit.rings_at(),
                    {Happening::gives_up_looking, static_cast<std::uint32_t>(pool.role)});
}

/// Somebody of a role begins to look for work. Where the labour market is boundless, whoever comes makes
/// somebody else leave the field.
template <class Draws>
void join_pool(World<Draws>& world, Role role, Level level, std::size_t from) {
    TalentPool<Draws>& pool = world.pools[static_cast<std::size_t>(role)];
    note_move(world, from, place_number(world, FlowPlace::pool));
    if (world.parameters.talent.boundless) {
        ++pool.left;
        note_move(world, place_number(world, FlowPlace::pool), place_number(world, FlowPlace::outside));
        return;
    }
    ++pool.looking[static_cast<std::size_t>(level)];
    schedule_pool_exit(world, pool);
}

/// Somebody who was looking for work has found it. Where the labour market is boundless, somebody else comes.
template <class Draws>
void leave_pool(World<Draws>& world, Role role, Level level, std::size_t to) {
    TalentPool<Draws>& pool = world.pools[static_cast<std::size_t>(role)];
    note_move(world, place_number(world, FlowPlace::pool), to);
    if (world.parameters.talent.boundless) {
        ++pool.entered;
        note_move(world, place_number(world, FlowPlace::outside), place_number(world, FlowPlace::pool));
        return;
    }
    --pool.looking[static_cast<std::size_t>(level)];
    schedule_pool_exit(world, pool);
}

/// Somebody leaves the field for good.
template <class Draws>
void leave_field(World<Draws>& world, Role role, std::size_t from) {
    ++world.pools[static_cast<std::size_t>(role)].left;
    note_move(world, from, place_number(world, FlowPlace::outside));
}

/// People of a role whom a partner employs, and people of all roles.
[[nodiscard]] inline double people_of(const Partner& partner, Role role) {
    double sum = 0;
    for (const std::uint16_t people : partner.people[static_cast<std::size_t>(role)]) sum += people;
    return sum;
}
[[nodiscard]] inline double people_of(const Partner& partner) {
    double sum = 0;
    for (std::size_t role = 0; role < roles; ++role) sum += people_of(partner, static_cast<Role>(role));
    return sum;
}

/// Rate at which somebody graduates, comes or goes, with the present number of people.
template <class Draws>
[[nodiscard]] double staff_rate(const World<Draws>& world, const Partner& partner) {
    const PartnerGroupParameters& group = world.parameters.partners[partner.group];
    const PartnershipParameters& partnership = world.parameters.partnership;
    return partnership.people.industry_turnover
               * (people_of(partner) + (partner.present ? group.people : 0.0))
           + (partner.present ? partnership.couplings.people * group.graduates : 0.0);
}

template <class Draws>
void await_staff_move(World<Draws>& world, std::uint32_t index) {
    Partner& partner = world.partners[index];
    await(world, partner.staff, partner.movement, staff_rate(world, partner),
          {Happening::partner_staff_moves, index});
}

/// One person more or less at a partner; `by` is 1 or −1.
template <class Draws>
void change_people(World<Draws>& world, std::uint32_t index, Role role, Level level, int by) {
    Partner& partner = world.partners[index];
    auto& people = partner.people[static_cast<std::size_t>(role)][static_cast<std::size_t>(level)];
    expects(by < 0 ? people > 0 : people < std::numeric_limits<std::uint16_t>::max(),
            "a partner's people can be counted");
    people = static_cast<std::uint16_t>(people + by);
    world.pools[static_cast<std::size_t>(role)].at_partners.set(index, people_of(partner, role));
}

/// The employer to which somebody goes who leaves a startup for one of a kind: along the ties of the startup
/// with probability `along_ties`, and otherwise any; none where that one is not there. `u` is uniform.
template <class Draws>
[[nodiscard]] std::uint32_t employer_for(const World<Draws>& world, std::uint32_t organisation,
                                         PartnerKind kind, double u) {
    const double along = world.parameters.partnership.people.along_ties;
    if (u < along) {
        std::uint32_t count = 0;
        for_each_tie(world, organisation, [&](const Tie& tie, std::uint32_t) {
            if (world.partners[tie.other(organisation)].kind == kind) ++count;
        });
        if (count > 0) {
            auto left = static_cast<std::uint32_t>(u / along * count);
            std::uint32_t found = no_record;
            for_each_tie(world, organisation, [&](const Tie& tie, std::uint32_t) {
                const std::uint32_t other = tie.other(organisation);
                if (world.partners[other].kind == kind && left-- == 0) found = other;
            });
            return found;
        }
        u = u / along;
    } else {
        u = std::min((u - along) / (1 - along), 1.0);
    }
    const auto& all = world.employers[kind == PartnerKind::university ? 0 : 1];
    if (all.empty()) return no_record;
    const std::uint32_t found =
        all[std::min(static_cast<std::size_t>(u * static_cast<double>(all.size())), all.size() - 1)];
    return world.partners[found].present ? found : no_record;
}

/// What someone knows goes along from a startup to a partner: part of the lead that the one has.
template <class Draws>
void carry_knowledge_to_partner(World<Draws>& world, const Organisation<Draws>& from, Partner& to, Role role,
                                Level level) {
    if (role != Role::researcher && role != Role::engineer) return;
    const double now = world.now();
    const double lead = to.lag.at(now) - from.technology.lag.at(now);
    if (!(lead > 0)) return;
    const CareerParameters& career = world.parameters.talent.career;
    const double weight = skill_of(career, level) / career.senior_skill;
    to.lag.jump(
        now, to.lag.at(now) - world.parameters.talent.hiring.knowledge * weight * lead / (1 + people_of(to)));
}

}  // namespace venturi
