// Joint projects: a startup proposes one to those it is tied to; milestones are paid for, reached or missed;
// the customer pays the lead, and the lead its members, by contract.
#pragma once

#include "agents/network/coalition_game.hpp"
#include "agents/partnership/network_state.hpp"
#include "agents/partnership/tie_events.hpp"
#include "agents/world.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

namespace venturi {

/// What happens to a startup whose cash is gone, in finance/finance_events.hpp.
template <class Draws>
void runs_out_of_cash(World<Draws>& world, std::uint32_t index);

template <class Draws>
[[nodiscard]] double proposal_rate(const World<Draws>& world, const Partner& partner) {
    const PartnershipParameters& partnership = world.parameters.partnership;
    return partnership.couplings.projects * partnership.projects.proposals
           * style_of(world, partner).joint_innovation;
}

template <class Draws>
void await_proposal(World<Draws>& world, std::uint32_t index) {
    Partner& me = world.partners[index];
    await(world, me.proposal, me.proposals, proposal_rate(world, me), {Happening::proposes_project, index});
}

/// What a coalition can make of a project, as a part of what it is worth to those who have everything: the
/// mean over the resources of how much of it at least one of them brings, squared, since what is pooled is
/// worth more than its parts. `members` are those who might take part, `coalition` has a bit for each who
/// does.
template <class Draws>
[[nodiscard]] double worth_of(const World<Draws>& world, std::span<const std::uint32_t> members,
                              std::uint32_t coalition) {
    double sum = 0;
    for (std::size_t resource = 0; resource < resources; ++resource) {
        double missing = 1;
        for (std::size_t i = 0; i < members.size(); ++i)
            if ((coalition >> i & 1U) != 0)
                missing *= 1 - std::clamp(world.partners[members[i]].brings[resource], 0.0, 1.0);
        sum += 1 - missing;
    }
    const double mean = sum / static_cast<double>(resources);
    return mean * mean;
}

/// Shares by contract: the sharing rule in so far as the lead is fair, and in so far as it isn't each member
/// gets what it could do alone and the lead all the rest.
template <class Draws>
void make_contract(const World<Draws>& world, JointProject& project) {
    const std::span<const std::uint32_t> members(project.members.data(), project.size);
    constexpr std::size_t most = JointProject::most_members;
    std::array<double, std::size_t{1} << most> worth{};
    const std::size_t coalitions = std::size_t{1} << members.size();
    for (std::uint32_t coalition = 1; coalition < coalitions; ++coalition)
        worth[coalition] = worth_of(world, members, coalition);
    const std::span<const double> values(worth.data(), coalitions);
    const double whole = values.back();
    std::array<double, most> fair{};
    std::array<double, most> ruled{};
    shapley_value(values, std::span(fair.data(), members.size()));
    share(world.parameters.partnership.projects.sharing, values, std::span(ruled.data(), members.size()));
    std::array<double, most> alone{};
    double others_alone = 0;
    for (std::size_t i = 0; i < members.size(); ++i) {
        alone[i] = values[std::size_t{1} << i] / whole;
        if (i > 0) others_alone += alone[i];
    }
    const double fairness = style_of(world, world.partners[members[0]]).fairness;
    const double scale = others_alone > 1 ? 1 / others_alone : 1.0;
    for (std::size_t i = 0; i < members.size(); ++i) {
        const double taken = i == 0 ? 1 - std::min(others_alone, 1.0) : alone[i] * scale;
        project.fair[i] = fair[i] / whole;
        project.share[i] = fairness * ruled[i] / whole + (1 - fairness) * taken;
    }
}

/// Those whom a startup asks: the ties of most trust that are free for a project, besides itself.
template <class Draws>
[[nodiscard]] JointProject find_members(const World<Draws>& world, std::uint32_t index) {
    const ProjectParameters& parameters = world.parameters.partnership.projects;
    JointProject project;
    project.members[0] = index;
    project.ties[0] = no_record;
    project.size = 1;
    const auto most = static_cast<std::uint8_t>(parameters.members);
    for_each_tie(world, index, [&](const Tie& tie, std::uint32_t record) {
        const PartnerKind kind = world.partners[tie.other(index)].kind;
        const bool works =
            kind == PartnerKind::startup || kind == PartnerKind::industry || kind == PartnerKind::university;
        if (!works || tie.project != no_record || tie.trust < parameters.least_trust) return;
        // Into its place by trust; of equals the older tie is first.
        std::size_t place = project.size;
        while (place > 1 && world.ties[project.ties[place - 1]].trust < tie.trust) --place;
        if (place >= most) return;
        if (project.size < most) ++project.size;
        for (std::size_t i = project.size - 1U; i > place; --i) {
            project.members[i] = project.members[i - 1];
            project.ties[i] = project.ties[i - 1];
        }
        project.members[place] = tie.other(index);
        project.ties[place] = record;
    });
    return project;
}

/// Whether all members can afford their shares of the cost.
template <class Draws>
[[nodiscard]] bool is_affordable(const World<Draws>& world, const JointProject& project) {
    const ProjectParameters& parameters = world.parameters.partnership.projects;
    for (std::size_t i = 0; i < project.size; ++i)
        if (has_obligations(world.partners[project.members[i]])
            && project.share[i] * parameters.cost * project.value
                   > parameters.affordable * means_of(world, project.members[i]))
            return false;
    return true;
}

template <class Draws>
void await_milestone(World<Draws>& world, std::uint32_t record) {
    const JointProject& project = world.projects[record];
    const double months = std::max(world.draws.sample(world.partners[project.members[0]].course,
                                                      world.parameters.partnership.projects.milestone),
                                   0.0);
    world.set_timer(world.projects[record].step, world.now() + months, {Happening::project_moves_on, record});
}

/// Money of a joint project that comes in or goes out of a partner; what startups get and pay is counted.
template <class Draws>
void pay_for_project(World<Draws>& world, std::uint32_t member, double amount) {
    if (member < world.organisations.size())
        (amount < 0 ? world.network.project_cost : world.network.project_revenue) += std::abs(amount);
    pay_to(world, member, amount);
}

template <class Draws>
void begin_project(World<Draws>& world, const JointProject& planned) {
    const std::uint32_t record = world.projects.take();
    world.projects[record] = planned;
    JointProject& project = world.projects[record];
    project.advance = world.parameters.partnership.projects.advance * project.value;
    project.milestones = static_cast<std::uint8_t>(world.parameters.partnership.projects.milestones);
    for (std::size_t i = 1; i < project.size; ++i) world.ties[project.ties[i]].project = record;
    ++world.network.projects_begun;
    const std::uint32_t lead = project.members[0];
    world.tell(Notice::Kind::project_begun, world.organisations[lead].startup, project.value, project.size);
    pay_for_project(world, lead, project.advance);
    await_milestone(world, record);
}

/// A proposal: with those who trust enough, if all can afford it.
template <class Draws>
void proposes_project(World<Draws>& world, std::uint32_t index) {
    await_proposal(world, index);
    const double months = std::max(
        world.draws.sample(world.partners[index].proposals, world.parameters.partnership.projects.value),
        0.0);
    JointProject project = find_members(world, index);
    if (project.size < 2) return;
    const std::span<const std::uint32_t> members(project.members.data(), project.size);
    const double part = worth_of(world, members, (1U << project.size) - 1);
    if (!(part > 0)) return;
    project.value = part * months * outlay(world.organisations[index]);
    make_contract(world, project);
    if (project.value > 0 && is_affordable(world, project)) begin_project(world, project);
}

/// The project is over: its ties are free again.
template <class Draws>
void release_project(World<Draws>& world, std::uint32_t record) {
    JointProject& project = world.projects[record];
    world.calendar.cancel(project.step);
    for (std::size_t i = 1; i < project.size; ++i)
        if (project.ties[i] != no_record) world.ties[project.ties[i]].project = no_record;
    world.projects.give_back(record);
}

/// What all have learned together: each member's lag falls.
template <class Draws>
void learn_together(World<Draws>& world, const JointProject& project) {
    const double part = std::min(world.parameters.partnership.projects.learning, 1.0);
    const double now = world.now();
    for (std::size_t i = 0; i < project.size; ++i) {
        if (i > 0 && project.ties[i] == no_record) continue;
        const std::uint32_t member = project.members[i];
        if (member < world.organisations.size()) {
            Organisation<Draws>& inside = world.organisations[member];
            const double lag = inside.technology.lag.at(now);
            if (lag > 0) inside.technology.lag.jump(now, lag * (1 - part));
            update_research(world, inside);
        } else {
            Partner& partner = world.partners[member];
            partner.lag.jump(now, partner.lag.at(now) * (1 - part));
        }
    }
}

/// How a member takes its share: fair, or less than is due to it.
template <class Draws>
void judge_contract(World<Draws>& world, const JointProject& project) {
    const TrustParameters& trust = world.parameters.partnership.trust;
    for (std::size_t i = 1; i < project.size; ++i) {
        if (project.ties[i] == no_record) continue;
        Tie& tie = world.ties[project.ties[i]];
        const double missing =
            project.fair[i] > 0 ? std::clamp(1 - project.share[i] / project.fair[i], 0.0, 1.0) : 0.0;
        raise_trust(world, tie, trust.by_fair_share * (1 - missing));
        lower_trust(world, tie, trust.lost_by_unfairness * missing);
    }
}

/// The last milestone is reached: the customer pays what is left, all have learned, and after the term the
/// members get their shares.
template <class Draws>
void deliver_project(World<Draws>& world, std::uint32_t record) {
    JointProject& project = world.projects[record];
    project.delivered = true;
    ++world.network.projects_finished;
    const JointProject done = project;
    learn_together(world, done);
    judge_contract(world, done);
    world.tell(Notice::Kind::project_delivered, world.organisations[done.members[0]].startup,
               done.share[0] * done.value, done.size);
    world.set_timer(world.projects[record].step,
                    world.now() + world.parameters.partnership.projects.payment_term,
                    {Happening::project_moves_on, record});
    pay_for_project(world, done.members[0], done.value - done.advance);
}

/// What the lead of a delivered project owes its members.
[[nodiscard]] inline double owed_to_members(const JointProject& project) {
    double owed = 0;
    for (std::size_t i = 1; i < project.size; ++i)
        if (project.ties[i] != no_record) owed += project.share[i] * project.value;
    return owed;
}

/// The term is over: the lead pays its members, or fails.
template <class Draws>
void pay_members(World<Draws>& world, std::uint32_t record) {
    const JointProject project = world.projects[record];
    const std::uint32_t lead = project.members[0];
    const double owed = owed_to_members(project);
    // Who can't pay is bankrupt now, and the debt is cleared with all its others.
    if (means_of(world, lead) < owed) return runs_out_of_cash(world, world.organisations[lead].startup);
    release_project(world, record);
    world.network.project_revenue -= owed;
    pay_to(world, lead, -owed);
    for (std::size_t i = 1; i < project.size; ++i)
        if (project.ties[i] != no_record)
            pay_for_project(world, project.members[i], project.share[i] * project.value);
}

/// A milestone has been missed twice: the lead gives back the advance, and the members, by their shares, what
/// of it the lead has not.
template <class Draws>
void break_off_project(World<Draws>& world, std::uint32_t record) {
    const JointProject project = world.projects[record];
    release_project(world, record);
    ++world.network.projects_broken_off;
    const std::uint32_t lead = project.members[0];
    world.tell(Notice::Kind::project_broken_off, world.organisations[lead].startup, project.advance,
               project.size);
    const double paid = std::min(project.advance, means_of(world, lead));
    pay_for_project(world, lead, -paid);
    double others = 0;
    for (std::size_t i = 1; i < project.size; ++i)
        if (project.ties[i] != no_record) others += project.share[i];
    if (paid == project.advance || !(others > 0)) return;
    for (std::size_t i = 1; i < project.size; ++i)
        if (project.ties[i] != no_record)
            pay_for_project(world, project.members[i], -(project.advance - paid) * project.share[i] / others);
}

/// Each member of a project delivers its part of a milestone, or not; whether all have.
template <class Draws>
[[nodiscard]] bool reach_milestone(World<Draws>& world, const JointProject& project) {
    const TrustParameters& trust = world.parameters.partnership.trust;
    bool all = true;
    for (std::size_t i = 0; i < project.size; ++i) {
        const double u = world.draws.uniform(world.partners[project.members[0]].course);
        if (i > 0 && project.ties[i] == no_record) continue;
        const bool delivered = u < delivers(world, project.members[i]);
        all = all && delivered;
        if (i > 0 && delivered) raise_trust(world, world.ties[project.ties[i]], trust.by_delivery);
        if (i > 0 && !delivered) lower_trust(world, world.ties[project.ties[i]], trust.lost_by_default);
        if (i == 0 && !delivered)
            for (std::size_t j = 1; j < project.size; ++j)
                if (project.ties[j] != no_record)
                    lower_trust(world, world.ties[project.ties[j]], trust.lost_by_default);
    }
    return all;
}

template <class Draws>
void project_moves_on(World<Draws>& world, std::uint32_t record) {
    if (world.projects[record].delivered) return pay_members(world, record);
    const ProjectParameters& parameters = world.parameters.partnership.projects;
    const JointProject project = world.projects[record];
    const bool reached = reach_milestone(world, project);
    if (!reached && project.missed) return break_off_project(world, record);
    JointProject& now = world.projects[record];
    now.missed = !reached;
    if (reached) ++now.done;
    const bool delivered = reached && now.done >= now.milestones;
    if (delivered)
        deliver_project(world, record);
    else
        await_milestone(world, record);
    // Paid last: who can't pay is found out by its own event, and not before all is in order here.
    const double cost = parameters.cost * project.value / project.milestones;
    for (std::size_t i = 0; i < project.size; ++i)
        if (i == 0 || project.ties[i] != no_record)
            pay_for_project(world, project.members[i], -project.share[i] * cost);
}

}  // namespace venturi
