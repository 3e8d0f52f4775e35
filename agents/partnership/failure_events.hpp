// What a failure does along the network: debts fall due and are cleared, which may bring down others; trust
// of neighbours' neighbours falls; ties and projects end.
#pragma once

#include "agents/partnership/network_state.hpp"
#include "agents/partnership/project_events.hpp"
#include "agents/partnership/tie_events.hpp"
#include "agents/risk/contagion_events.hpp"
#include "agents/world.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace venturi {

namespace detail {

/// The place of a partner in the system that is to be cleared; 0 is the world outside.
template <class Draws>
std::uint32_t place_in(World<Draws>& world, std::uint32_t index) {
    ClearingScratch& scratch = world.clearing;
    std::uint32_t& place = scratch.place_of[index];
    if (place == no_record) {
        place = static_cast<std::uint32_t>(scratch.nodes.size());
        scratch.nodes.push_back(index);
        scratch.called.push_back(0);
    }
    return place;
}

template <class Draws>
[[nodiscard]] bool is_failing(const World<Draws>& world, std::uint32_t index) {
    return index < world.clearing.fails.size() && world.clearing.fails[index] != 0;
}

template <class Draws>
void add_failing(World<Draws>& world, std::uint32_t index) {
    world.clearing.failing.push_back(index);
    world.clearing.fails[index] = 1;
}

/// Forgets who failed before.
template <class Draws>
void forget_failing(World<Draws>& world) {
    ClearingScratch& scratch = world.clearing;
    scratch.fails.resize(world.partners.size(), 0);
    for (const std::uint32_t index : scratch.failing)
        if (index < scratch.fails.size()) scratch.fails[index] = 0;
    scratch.failing.clear();
}

/// Projects that a partner leads, by one of their ties each.
template <class Draws, class Use>
void for_each_led_project(World<Draws>& world, std::uint32_t index, Use&& use) {
    for_each_tie(world, index, [&](const Tie& tie, std::uint32_t record) {
        if (tie.project == no_record) return;
        const JointProject& project = world.projects[tie.project];
        if (project.members[0] != index) return;
        // Every member's tie names the project; the first of them speaks for all.
        for (std::size_t i = 1; i < project.size; ++i) {
            if (project.ties[i] == no_record) continue;
            if (project.ties[i] == record) use(tie.project);
            return;
        }
    });
}

/// What falls due when those in `failing` fail: what they owe, and what they are owed.
template <class Draws>
void collect_obligations(World<Draws>& world) {
    ClearingScratch& scratch = world.clearing;
    auto& obligations = scratch.system.obligations;
    obligations.clear();
    for (const std::uint32_t failing : scratch.failing) {
        for_each_tie(world, failing, [&](const Tie& tie, std::uint32_t) {
            const std::uint32_t debtor = tie.ends[tie.debtor];
            const std::uint32_t creditor = tie.ends[1 - tie.debtor];
            // One between two that fail is found twice, and counted with its debtor.
            if (tie.owed == 0 || (debtor != failing && is_failing(world, debtor))) return;
            obligations.push_back({place_in(world, debtor), place_in(world, creditor), tie.owed});
        });
        for_each_led_project(world, failing, [&](std::uint32_t record) {
            const JointProject& project = world.projects[record];
            const std::uint32_t lead = place_in(world, failing);
            if (!project.delivered) {
                if (project.advance > 0) obligations.push_back({lead, 0, project.advance});
                return;
            }
            for (std::size_t i = 1; i < project.size; ++i)
                if (project.ties[i] != no_record)
                    obligations.push_back(
                        {lead, place_in(world, project.members[i]), project.share[i] * project.value});
        });
    }
}

/// What members must pay of advances that leads who fail cannot give back; whether it is another amount than
/// before.
template <class Draws>
bool call_guarantees(World<Draws>& world, const Clearing& cleared) {
    ClearingScratch& scratch = world.clearing;
    std::vector<double>& called = scratch.calls;
    called.assign(scratch.nodes.size(), 0);
    for (const std::uint32_t failing : scratch.failing)
        for_each_led_project(world, failing, [&](std::uint32_t record) {
            const JointProject& project = world.projects[record];
            const double unpaid = project.advance * (1 - cleared.recovery[scratch.place_of[failing]]);
            const double others = 1 - project.share[0];
            if (project.delivered || !(unpaid > 0) || !(others > 0)) return;
            for (std::size_t i = 1; i < project.size; ++i)
                if (project.ties[i] != no_record)
                    called[place_in(world, project.members[i])] += unpaid * project.share[i] / others;
        });
    constexpr double cent = 0.01;
    bool changed = false;
    for (std::size_t i = 0; i < called.size(); ++i)
        changed = changed || std::abs(called[i] - scratch.called[i]) > cent;
    scratch.called.swap(called);
    return changed;
}

/// Members of advances stand in the system before anything is cleared, so that they have a place.
template <class Draws>
void place_guarantors(World<Draws>& world) {
    for (const std::uint32_t failing : world.clearing.failing)
        for_each_led_project(world, failing, [&](std::uint32_t record) {
            const JointProject& project = world.projects[record];
            for (std::size_t i = 1; i < project.size; ++i)
                if (project.ties[i] != no_record) place_in(world, project.members[i]);
        });
}

/// A call is a debt to the customer like any other for one that fails, and for the others comes off what they
/// have: they pay it.
template <class Draws>
void add_calls(World<Draws>& world) {
    ClearingScratch& scratch = world.clearing;
    scratch.system.assets.assign(1, 0);
    for (std::uint32_t place = 1; place < scratch.nodes.size(); ++place) {
        const std::uint32_t index = scratch.nodes[place];
        const bool fails = is_failing(world, index);
        if (fails && scratch.called[place] > 0)
            scratch.system.obligations.push_back({place, 0, scratch.called[place]});
        scratch.system.assets.push_back(means_of(world, index) - (fails ? 0.0 : scratch.called[place]));
    }
}

/// Adds to `failing` who cannot bear what has been cleared; whether there is one.
template <class Draws>
bool find_failures(World<Draws>& world, const Clearing& cleared) {
    ClearingScratch& scratch = world.clearing;
    bool found = false;
    for (std::size_t place = 1; place < scratch.nodes.size(); ++place) {
        const std::uint32_t index = scratch.nodes[place];
        if (cleared.equity[place] >= 0 || is_failing(world, index)) continue;
        if (!has_obligations(world.partners[index])) continue;
        add_failing(world, index);
        found = true;
    }
    return found;
}

/// Tells a startup that is not among those that fail what the failure of another costs it.
template <class Draws>
void tell_loss(World<Draws>& world, std::uint32_t index, double loss, std::uint32_t failed) {
    if (index < world.organisations.size() && loss > 0 && !is_failing(world, index))
        world.tell(Notice::Kind::hit_by_failure, world.organisations[index].startup, loss, failed);
}

/// Moves the money of all that are concerned to what is left to each.
template <class Draws>
void apply_clearing(World<Draws>& world, const Clearing& cleared) {
    ClearingScratch& scratch = world.clearing;
    for (const Obligation& obligation : scratch.system.obligations)
        if (obligation.creditor != 0)
            tell_loss(world, scratch.nodes[obligation.creditor],
                      obligation.amount * (1 - cleared.recovery[obligation.debtor]),
                      scratch.nodes[obligation.debtor]);
    for (std::size_t place = 1; place < scratch.nodes.size(); ++place) {
        const std::uint32_t index = scratch.nodes[place];
        const double before = means_of(world, index);
        const double after = std::max(cleared.equity[place], 0.0);
        if (is_failing(world, index)) {
            world.network.owed_at_failure += cleared.owed[place];
            world.network.unpaid += cleared.owed[place] - cleared.payments[place];
        }
        if (scratch.called[place] > 0)
            tell_loss(world, index, scratch.called[place], scratch.failing.front());
        if (after == before) continue;
        if (index < world.organisations.size())
            world.startups[world.organisations[index].startup].cash.deposit(world.now(), after - before);
        else
            world.partners[index].assets = after;
    }
}

}  // namespace detail

/// Clears what falls due when a partner fails, on the part of the network that it concerns: the debts of
/// those that fail, what survivors owe them, and guarantees that are called. Who cannot bear it fails too,
/// and its debts fall due with the others; the payments are the greatest clearing vector of Eisenberg and Noe
/// (2001) for the final set. Afterwards `world.clearing.failing` lists all that fail, the first first.
template <class Draws>
void clear_obligations(World<Draws>& world, std::uint32_t first) {
    ClearingScratch& scratch = world.clearing;
    scratch.place_of.resize(world.partners.size(), no_record);
    scratch.nodes.assign(1, no_record);
    scratch.called.assign(1, 0);
    detail::forget_failing(world);
    detail::add_failing(world, first);
    detail::place_in(world, first);
    // Calls of those that fail themselves may go around in circles, ever less; who fails never comes back.
    constexpr int most_rounds = 200;
    for (int round = 0; round < most_rounds; ++round) {
        detail::collect_obligations(world);
        detail::place_guarantors(world);
        detail::add_calls(world);
        const Clearing& cleared = scratch.solver.greatest(scratch.system);
        // In this order: the guarantors of those that are found to fail have no place yet.
        const bool calls_changed = detail::call_guarantees(world, cleared);
        const bool more_fail = detail::find_failures(world, cleared);
        if ((more_fail || calls_changed) && round + 1 < most_rounds) continue;
        detail::apply_clearing(world, cleared);
        break;
    }
    for (std::size_t place = 1; place < scratch.nodes.size(); ++place)
        scratch.place_of[scratch.nodes[place]] = no_record;
}

/// A member leaves a project. The others go on: what is left of cost and revenue they share as they shared
/// before. Where the lead is left alone the project is over; it gives back the advance, if it has not failed
/// itself.
template <class Draws>
void leave_project(World<Draws>& world, std::uint32_t record, std::uint32_t tie) {
    JointProject& project = world.projects[record];
    const std::uint32_t lead = project.members[0];
    std::size_t others = 0;
    double left = project.share[0];
    for (std::size_t i = 1; i < project.size; ++i) {
        if (project.ties[i] == tie) project.ties[i] = no_record;
        if (project.ties[i] == no_record) continue;
        ++others;
        left += project.share[i];
    }
    world.ties[tie].project = no_record;
    if (others > 0) {
        for (std::size_t i = 0; i < project.size && !project.delivered && left > 0; ++i)
            project.share[i] /= left;
        return;
    }
    const double advance = project.delivered ? 0.0 : project.advance;
    if (!project.delivered) ++world.network.projects_broken_off;
    release_project(world, record);
    if (advance > 0 && !detail::is_failing(world, lead)) pay_for_project(world, lead, -advance);
}

/// Takes a partner out of the network whose obligations have been dealt with: its projects and ties end.
template <class Draws>
void remove_partner(World<Draws>& world, std::uint32_t index) {
    Partner& partner = world.partners[index];
    std::vector<std::uint32_t>& records = world.clearing.records;
    records.clear();
    for_each_tie(world, index, [&](const Tie&, std::uint32_t record) { records.push_back(record); });
    for (const std::uint32_t record : records) {
        const Tie& tie = world.ties[record];
        if (tie.project == no_record) continue;
        if (world.projects[tie.project].members[0] == index) {
            if (!world.projects[tie.project].delivered) ++world.network.projects_broken_off;
            release_project(world, tie.project);
        } else {
            leave_project(world, tie.project, record);
        }
    }
    for (const std::uint32_t record : records) remove_tie(world, record, TieEnd::broken);
    partner.present = false;
    update_attachment(world, index);
    for (const Wait* wait : {&partner.meeting, &partner.proposal}) world.calendar.cancel(wait->event);
}

/// The news of a failure: the partners of its partners trust each other less, and its partners are under
/// stress.
template <class Draws>
void spread_news(World<Draws>& world, std::uint32_t index) {
    const double part = world.parameters.partnership.trust.lost_by_failure_nearby;
    const double stress =
        world.parameters.partnership.couplings.trust * world.parameters.risk.contagion.by_partners;
    for_each_tie(world, index, [&](const Tie& tie, std::uint32_t) {
        const std::uint32_t neighbour = tie.other(index);
        for_each_tie(world, neighbour, [&](Tie& next, std::uint32_t) {
            if (next.other(neighbour) != index) lower_trust(world, next, part);
        });
        if (neighbour < world.organisations.size() && stress > 0)
            add_stress(world.organisations[neighbour].risk.stress, world.now(), stress,
                       world.parameters.risk.contagion.fades);
    });
}

/// A startup that has gone bankrupt by others' failure, in finance/finance_events.hpp: all but its network.
template <class Draws>
void is_brought_down(World<Draws>& world, std::uint32_t startup);

/// Everybody leaves a partner that has failed, in partnership/staff_events.hpp.
template <class Draws>
void let_everyone_go(World<Draws>& world, std::uint32_t index);

/// A partner that is no startup has failed: another takes its place in time.
template <class Draws>
void await_return(World<Draws>& world, std::uint32_t index) {
    Partner& partner = world.partners[index];
    partner.assets = 0;
    let_everyone_go(world, index);
    world.calendar.cancel(partner.staff.event);
    partner.staff.rate = 0;
    ++world.network.partner_failures;
    world.tell(Notice::Kind::partner_failed, 0, index, 0);
    await(world, partner.turn, partner.state, 1 / world.parameters.partners[partner.group].return_after,
          {Happening::partner_turns, index});
}

/// A partner fails, and whoever it brings down with it.
template <class Draws>
void fail_in_network(World<Draws>& world, std::uint32_t first) {
    clear_obligations(world, first);
    ClearingScratch& scratch = world.clearing;
    NetworkTally& tally = world.network;
    ++tally.cascades[std::min(scratch.failing.size(), tally.cascades.size()) - 1];
    tally.defaults_by_contagion += scratch.failing.size() - 1;
    scratch.neighbours.clear();
    for (const std::uint32_t index : scratch.failing) {
        spread_news(world, index);
        for_each_tie(world, index,
                     [&](const Tie& tie, std::uint32_t) { scratch.neighbours.push_back(tie.other(index)); });
    }
    for (const std::uint32_t index : scratch.failing) {
        remove_partner(world, index);
        if (index >= world.organisations.size())
            await_return(world, index);
        else if (index != first)
            is_brought_down(world, world.organisations[index].startup);
    }
    for (const std::uint32_t index : scratch.neighbours)
        if (world.partners[index].present) update_tie_flows(world, index);
    // The first node is the world outside.
    for (std::size_t place = 1; place < scratch.nodes.size(); ++place) pay_to(world, scratch.nodes[place], 0);
}

/// A startup that is sold or listed leaves the network: who bought it pays what it owes and takes over the
/// advances of its projects; those who owe it something pay, up to half of what they have.
template <class Draws>
void leave_network(World<Draws>& world, std::uint32_t index) {
    ClearingScratch& scratch = world.clearing;
    detail::forget_failing(world);
    scratch.neighbours.clear();
    scratch.payments.clear();
    for_each_tie(world, index, [&](Tie& tie, std::uint32_t) {
        const bool owes = tie.ends[tie.debtor] == index;
        scratch.neighbours.push_back(tie.other(index));
        if (owes) scratch.payments.push_back({tie.other(index), tie.owed});
        if (!owes)
            scratch.payments.push_back(
                {tie.other(index), -std::min(tie.owed, means_of(world, tie.other(index)) / 2)});
        tie.owed = 0;
    });
    detail::for_each_led_project(world, index, [&](std::uint32_t record) {
        const JointProject& project = world.projects[record];
        if (!project.delivered) return;
        for (std::size_t i = 1; i < project.size; ++i)
            if (project.ties[i] != no_record)
                scratch.payments.push_back({project.members[i], project.share[i] * project.value});
    });
    remove_partner(world, index);
    for (const auto& [who, amount] : scratch.payments)
        if (amount != 0) pay_to(world, who, amount);
    for (const std::uint32_t who : scratch.neighbours)
        if (world.partners[who].present) update_tie_flows(world, who);
}

}  // namespace venturi
