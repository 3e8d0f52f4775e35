// How ties come and go: agents meet along the graph or by attachment, agree or don't, and part.
#pragma once

#include "agents/data/data_events.hpp"
#include "agents/partnership/network_state.hpp"
#include "agents/technology/technology_events.hpp"
#include "agents/world.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace venturi {

/// Moves what depends on cash flow, in finance/finance_events.hpp.
template <class Draws>
void update_cash_flow(World<Draws>& world, std::uint32_t index, double revenue);

/// How likely a partner is to be met by attachment, relative to others.
template <class Draws>
void update_attachment(World<Draws>& world, std::uint32_t index) {
    const Partner& partner = world.partners[index];
    const bool can = partner.present && partner.ties < partner.room;
    world.attachment.set(index, can ? partner.ties + world.parameters.partnership.ties.attractiveness : 0.0);
}

template <class Draws>
[[nodiscard]] double meeting_rate(const World<Draws>& world, const Partner& partner) {
    return world.parameters.partnership.ties.meetings * (0.5 + style_of(world, partner).openness);
}

template <class Draws>
void await_meeting(World<Draws>& world, std::uint32_t index) {
    Partner& me = world.partners[index];
    await(world, me.meeting, me.meetings, meeting_rate(world, me), {Happening::meets_someone, index});
}

/// Rate at which a tie without trust ends.
[[nodiscard]] inline double highest_end_rate(const TieParameters& parameters) {
    return parameters.ends * std::exp(parameters.ends_by_trust / 2);
}

/// The next candidate for the end of a tie comes at the rate that a tie without trust has: it is accepted by
/// the trust of that instant, which is exact (Lewis and Shedler 1979).
template <class Draws>
void await_end(World<Draws>& world, std::uint32_t record) {
    Tie& tie = world.ties[record];
    await(world, tie.ending, world.partners[tie.ends[0]].endings,
          highest_end_rate(world.parameters.partnership.ties), {Happening::tie_may_end, record});
}

/// Adds `amount` to the money of a startup or partner, and moves what follows from it; nothing where it is no
/// longer there.
template <class Draws>
void pay_to(World<Draws>& world, std::uint32_t index, double amount) {
    if (!world.partners[index].present) return;
    if (index >= world.organisations.size()) {
        world.partners[index].assets = std::max(world.partners[index].assets + amount, 0.0);
        return;
    }
    const std::uint32_t startup = world.organisations[index].startup;
    world.startups[startup].cash.deposit(world.now(), amount);
    update_cash_flow(world, startup, revenue(world, world.startups[startup]));
}

/// To be called when the ties of a startup, or what they carry, have changed.
template <class Draws>
void update_tie_flows(World<Draws>& world, std::uint32_t index) {
    if (index >= world.organisations.size()) return;
    Organisation<Draws>& inside = world.organisations[index];
    const TieFlows flows = flows_to(world, index);
    // What carries nothing must not touch a bit of the startup.
    if (flows == inside.flows) return;
    inside.flows = flows;
    update_research(world, inside);
    update_batches(world, inside);
}

/// One end of a new tie gives the other trade credit, where both can owe and the one has money to spare.
template <class Draws>
void give_credit(World<Draws>& world, Tie& tie, double u) {
    const PartnershipParameters& partnership = world.parameters.partnership;
    const double months = partnership.couplings.obligations * partnership.flows.receivable;
    if (!(months > 0)) return;
    for (const std::uint32_t end : tie.ends)
        if (!has_obligations(world.partners[end])) return;
    const double amount = months * std::min(spending_of(world, tie.ends[0]), spending_of(world, tie.ends[1]));
    tie.debtor = u < 0.5 ? 0 : 1;
    const std::uint32_t creditor = tie.ends[1 - tie.debtor];
    constexpr double left = 4;
    if (!(amount > 0) || means_of(world, creditor) < (1 + left) * amount) return;
    tie.owed = amount;
    pay_to(world, creditor, -amount);
    pay_to(world, tie.ends[tie.debtor], amount);
}

template <class Draws>
void form_tie(World<Draws>& world, std::uint32_t seeker, std::uint32_t found, bool referred,
              double u_credit) {
    const std::uint32_t record = world.ties.take();
    Tie& tie = world.ties[record];
    tie = {};
    tie.ends = {seeker, found};
    tie.since = world.now();
    tie.trust = world.parameters.partnership.trust.initial;
    tie.referred = referred;
    tie.edge = world.graph.connect(world.partners[seeker].vertex, world.partners[found].vertex,
                                   {.kind = Relation::Kind::cooperates, .since = world.now(), .tie = record});
    for (const std::uint32_t end : tie.ends) {
        ++world.partners[end].ties;
        update_attachment(world, end);
    }
    ++world.network.formed;
    await_end(world, record);
    give_credit(world, tie, u_credit);
    for (const std::uint32_t end : tie.ends) update_tie_flows(world, end);
    world.tell(Notice::Kind::tied, world.organisations[seeker].startup, found, referred ? 1 : 0);
}

/// How a tie is over, if it is.
enum class TieEnd : std::uint8_t { not_yet, by_itself, broken };

/// What is written down of how long a tie has lived.
inline void note_lifetime(NetworkTally& tally, double months, TieEnd end) {
    constexpr double year = 12;
    for (std::size_t age = 0; age < NetworkTally::years; ++age) {
        const bool last = age + 1 == NetworkTally::years || months <= year;
        tally.tie_months[age] += last ? months : year;
        if (last) {
            if (end == TieEnd::by_itself) ++tally.ended_at_age[age];
            if (end == TieEnd::broken) ++tally.broken_at_age[age];
            return;
        }
        months -= year;
    }
}

/// Takes a tie out of the network. What is owed on it must have been dealt with.
template <class Draws>
void remove_tie(World<Draws>& world, std::uint32_t record, TieEnd how) {
    const Tie tie = world.ties[record];
    world.calendar.cancel(tie.ending.event);
    world.graph.disconnect(tie.edge);
    world.ties.give_back(record);
    note_lifetime(world.network, world.now() - tie.since, how);
    ++(how == TieEnd::by_itself ? world.network.ended : world.network.broken);
    for (const std::uint32_t end : tie.ends) {
        --world.partners[end].ties;
        update_attachment(world, end);
    }
    for (const std::uint32_t end : tie.ends)
        if (end < world.organisations.size())
            world.tell(Notice::Kind::tie_ended, world.organisations[end].startup, tie.other(end),
                       world.now() - tie.since);
}

/// Whether a debtor could pay back what it owes on a tie, and live.
template <class Draws>
[[nodiscard]] bool can_settle(const World<Draws>& world, const Tie& tie) {
    constexpr double prudence = 2;
    return tie.owed == 0 || means_of(world, tie.ends[tie.debtor]) >= prudence * tie.owed;
}

/// What is owed on a tie is paid back.
template <class Draws>
void settle_tie(World<Draws>& world, std::uint32_t record) {
    const Tie tie = world.ties[record];
    if (tie.owed == 0) return;
    world.ties[record].owed = 0;
    pay_to(world, tie.ends[tie.debtor], -tie.owed);
    pay_to(world, tie.ends[1 - tie.debtor], tie.owed);
}

/// A tie ends by itself with the hazard of its trust, but not while a joint project goes on or a debt cannot
/// be paid.
template <class Draws>
void tie_may_end(World<Draws>& world, std::uint32_t record) {
    const Tie& tie = world.ties[record];
    const double effect = world.parameters.partnership.ties.ends_by_trust;
    const bool over = world.draws.bernoulli(world.partners[tie.ends[0]].endings,
                                            typename Draws::Scalar(std::exp(-effect * tie.trust)));
    if (!over || tie.project != no_record || !can_settle(world, tie)) return await_end(world, record);
    const std::array<std::uint32_t, 2> ends = tie.ends;
    settle_tie(world, record);
    remove_tie(world, record, TieEnd::by_itself);
    for (const std::uint32_t end : ends) update_tie_flows(world, end);
}

/// Whom a partner meets, and through whom.
struct Meeting {
    std::uint32_t found = no_record;
    double referral = 0;  ///< trust of the common partner in both, multiplied; 0 where there is none
};

/// A partner's partner: one tie at random, then one of the ties at its other end.
template <class Draws>
[[nodiscard]] Meeting met_along_the_graph(const World<Draws>& world, std::uint32_t index, double u) {
    const auto pick = [&](std::uint32_t whose, double at) -> const Tie* {
        auto left = static_cast<std::uint32_t>(at);
        const Tie* found = nullptr;
        for_each_tie(world, whose, [&](const Tie& tie, std::uint32_t) {
            if (found == nullptr && left-- == 0) found = &tie;
        });
        return found;
    };
    const double at = u * world.partners[index].ties;
    const Tie* first = pick(index, at);
    if (first == nullptr) return {};
    const std::uint32_t common = first->other(index);
    const Tie* second = pick(common, (at - std::floor(at)) * world.partners[common].ties);
    if (second == nullptr || second->other(common) == index) return {};
    return {second->other(common), first->trust * second->trust};
}

/// Probability that two who meet form a tie.
template <class Draws>
[[nodiscard]] double agreement(const World<Draws>& world, std::uint32_t index, const Meeting& meeting) {
    const TieParameters& ties = world.parameters.partnership.ties;
    const Partner& me = world.partners[index];
    const Partner& other = world.partners[meeting.found];
    const bool rivals = other.kind == PartnerKind::startup
                        && world.startups[world.organisations[index].startup].segment
                               == world.startups[world.organisations[meeting.found].startup].segment;
    const double log_odds =
        ties.odds + ties.complementarity_effect * complementarity(me.brings, other.brings)
        + ties.openness_effect * (style_of(world, me).openness + style_of(world, other).openness - 1)
        + ties.trust_effect * (good_name(world, meeting.found) - 0.5 + meeting.referral)
        - (rivals ? ties.rivalry : 0.0);
    return 1 / (1 + std::exp(-log_odds));
}

/// A startup meets somebody, and they agree or don't. Draws are made whatever comes of it.
template <class Draws>
void meets_someone(World<Draws>& world, std::uint32_t index) {
    Partner& me = world.partners[index];
    await_meeting(world, index);
    const double how = world.draws.uniform(me.choice);
    const double whom = world.draws.uniform(me.choice);
    const double agreed = world.draws.uniform(me.choice);
    const double credit = world.draws.uniform(me.choice);
    ++world.network.meetings;
    if (me.ties >= me.room) return;
    Meeting meeting;
    if (how < world.parameters.partnership.ties.closure && me.ties > 0)
        meeting = met_along_the_graph(world, index, whom);
    else if (world.attachment.total() > 0)
        meeting.found = static_cast<std::uint32_t>(world.attachment.find(whom * world.attachment.total()));
    if (meeting.found == no_record || meeting.found == index) return;
    const Partner& other = world.partners[meeting.found];
    if (!other.present || other.ties >= other.room) return;
    if (tie_between(world, index, meeting.found) != no_record) return;
    if (agreed < agreement(world, index, meeting))
        form_tie(world, index, meeting.found, meeting.referral > 0, credit);
}

/// At a planning a startup looks at what its partners have done in the `months` since the last: each has
/// delivered or not. The first falls on the founding, when nobody has had time for either.
template <class Draws>
void review_partners(World<Draws>& world, std::uint32_t index, double months) {
    if (!has_network(world)) return;
    Organisation<Draws>& inside = world.organisations[index];
    Partner& me = world.partners[index];
    const TrustParameters& trust = world.parameters.partnership.trust;
    me.brings = brought_by(world, inside);
    me.room = room_of(world, inside);
    update_attachment(world, index);
    for_each_tie(world, index, [&](Tie& tie, std::uint32_t) {
        if (!(months > 0)) return;
        const bool delivered = world.draws.uniform(me.delivery) < delivers(world, tie.other(index));
        if (delivered)
            raise_trust(world, tie, trust.by_delivery);
        else
            lower_trust(world, tie, trust.lost_by_default);
    });
    inside.flows = flows_to(world, index);
}

}  // namespace venturi
