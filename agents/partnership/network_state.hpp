// What can be read off the network: who cooperates how, who is tied to whom, what a tie carries.
#pragma once

#include "agents/partnership/partner.hpp"
#include "agents/partnership/tie.hpp"
#include "agents/startup/startup_events.hpp"
#include "agents/world.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace venturi {

/// A wait at a rate, per month, with a draw from `source`, and the event after it.
template <class Draws>
void await(World<Draws>& world, Wait& wait, DrawSource& source, double rate, Event event) {
    wait.rate = rate;
    const double months = world.draws.exponential(source, typename Draws::Scalar(rate));
    world.set_timer(wait.event, world.now() + months, event);
}

/// Whether a world has a network at all: where a scenario names partners or gives ties.
template <class Draws>
[[nodiscard]] bool has_network(const World<Draws>& world) {
    return !world.partners.empty();
}

/// The partner that a startup with an inside is: by the index of its organisation.
template <class Draws>
[[nodiscard]] Partner& partner_of(World<Draws>& world, const Startup<Draws>& startup) {
    return world.partners[startup.organisation];
}
template <class Draws>
[[nodiscard]] const Partner& partner_of(const World<Draws>& world, const Startup<Draws>& startup) {
    return world.partners[startup.organisation];
}

template <class Draws>
[[nodiscard]] const CooperationStyle& style_of(const World<Draws>& world, const Partner& partner) {
    switch (partner.kind) {
        case PartnerKind::startup:
            return world.parameters.startups[partner.group].cooperation;
        case PartnerKind::investor:
            return world.parameters.investors[partner.group].partner.cooperation;
        default:
            return world.parameters.partners[partner.group].cooperation;
    }
}

/// Calls `use(tie, record)` for each tie of a partner, in the order in which they were formed: those that it
/// sought, then those that others did. Ties must not come or go meanwhile.
template <class AnyWorld, class Use>
void for_each_tie(AnyWorld& world, std::uint32_t partner, Use&& use) {
    const std::uint32_t vertex = world.partners[partner].vertex;
    const auto [out, out_end] = out_edges(vertex, world.graph);
    for (auto edge = out; edge != out_end; ++edge)
        if (const Relation& relation = world.graph[*edge]; relation.kind == Relation::Kind::cooperates)
            use(world.ties[relation.tie], relation.tie);
    const auto [in, in_end] = in_edges(vertex, world.graph);
    for (auto edge = in; edge != in_end; ++edge)
        if (const Relation& relation = world.graph[*edge]; relation.kind == Relation::Kind::cooperates)
            use(world.ties[relation.tie], relation.tie);
}

/// The tie between two partners; no_record where there is none. Looks at the ties of the one that has fewer.
template <class Draws>
[[nodiscard]] std::uint32_t tie_between(const World<Draws>& world, std::uint32_t one, std::uint32_t other) {
    if (world.partners[other].ties < world.partners[one].ties) std::swap(one, other);
    std::uint32_t found = no_record;
    for_each_tie(world, one, [&](const Tie& tie, std::uint32_t record) {
        if (tie.other(one) == other) found = record;
    });
    return found;
}

/// How good a partner's name is, in [0, 1]: a startup's falls with its incidents.
template <class Draws>
[[nodiscard]] double good_name(const World<Draws>& world, std::uint32_t index) {
    return index < world.organisations.size() ? world.organisations[index].risk.trust.at(world.now())
                                              : world.partners[index].reliability;
}

/// Probability that a partner delivers: its good name, less where it has more ties than it can keep.
template <class Draws>
[[nodiscard]] double delivers(const World<Draws>& world, std::uint32_t index) {
    const Partner& partner = world.partners[index];
    const double stretched = partner.ties > partner.room ? partner.room / partner.ties : 1.0;
    return good_name(world, index) * stretched;
}

/// Logarithm of the best algorithms' efficiency over a partner's.
template <class Draws>
[[nodiscard]] double lag_of(const World<Draws>& world, std::uint32_t index) {
    return index < world.organisations.size() ? world.organisations[index].technology.lag.at(world.now())
                                              : world.partners[index].lag.at(world.now());
}

/// What a startup can bring to a tie at present.
template <class Draws>
[[nodiscard]] Resources brought_by(const World<Draws>& world, const Organisation<Draws>& inside) {
    const TieFlowParameters& flows = world.parameters.partnership.flows;
    const double tokens = inside.data.stock().clean();
    const double reaches = reach(world, world.startups[inside.startup]);
    return {std::exp(-std::max(inside.technology.lag.at(world.now()), 0.0)),
            tokens / (tokens + flows.data_scale),
            inside.compute_money / (inside.compute_money + flows.compute_scale), reaches / (1 + reaches)};
}

/// Ties that a startup's budget for partnership can keep.
template <class Draws>
[[nodiscard]] double room_of(const World<Draws>& world, const Organisation<Draws>& inside) {
    const TieParameters& ties = world.parameters.partnership.ties;
    return std::min(
        std::floor(value_of(inside.budgets.of(Advantage::partnership)) / (ties.upkeep * world.wages)),
        static_cast<double>(ties.most));
}

/// Spending per month of one who can owe: without bound for those who are no startups.
template <class Draws>
[[nodiscard]] double spending_of(const World<Draws>& world, std::uint32_t index) {
    return index < world.organisations.size() ? outlay(world.organisations[index])
                                              : std::numeric_limits<double>::infinity();
}

/// Money at hand: a startup's cash, or the assets of another; never below 0.
template <class Draws>
[[nodiscard]] double means_of(const World<Draws>& world, std::uint32_t index) {
    const double money = index < world.organisations.size()
                             ? world.startups[world.organisations[index].startup].cash.balance(world.now())
                             : world.partners[index].assets;
    return std::max(money, 0.0);
}

/// Whether a partner borrows and lends: startups and industry do.
[[nodiscard]] inline bool has_obligations(const Partner& partner) {
    return partner.kind == PartnerKind::startup || partner.kind == PartnerKind::industry;
}

/// What the ties of a startup carry at present: to it, from partners who share.
template <class Draws>
[[nodiscard]] TieFlows flows_to(const World<Draws>& world, std::uint32_t index) {
    const PartnershipParameters& partnership = world.parameters.partnership;
    const TieFlowParameters& flows = partnership.flows;
    const NetworkCouplings& couplings = partnership.couplings;
    const Organisation<Draws>& inside = world.organisations[index];
    const double own_lag = inside.technology.lag.at(world.now());
    const double privacy = market_of(world, world.startups[inside.startup]).privacy;
    TieFlows sum;
    for_each_tie(world, index, [&](const Tie& tie, std::uint32_t) {
        const std::uint32_t other = tie.other(index);
        const Partner& partner = world.partners[other];
        const double shared = style_of(world, partner).sharing * tie.trust;
        if (const double lag = lag_of(world, other); lag < own_lag) {
            sum.knowledge += couplings.knowledge * flows.knowledge * shared;
            sum.knowledge_from += couplings.knowledge * flows.knowledge * shared * lag;
        }
        const auto brings = [&](Resource one) { return partner.brings[static_cast<std::size_t>(one)]; };
        sum.batches += couplings.data * flows.data * shared * brings(Resource::data) * (1 - privacy);
        sum.compute += couplings.compute * flows.compute * shared * brings(Resource::compute);
        sum.reach += couplings.customers * flows.reach * tie.trust * brings(Resource::reach);
    });
    return sum;
}

/// Mean trust in the ties of a startup; its good name where it has none, and in so far as the network's
/// effect on hazards is off.
template <class Draws>
[[nodiscard]] double trust_around(const World<Draws>& world, const Organisation<Draws>& inside) {
    const double name = inside.risk.trust.at(world.now());
    if (!has_network(world)) return name;
    const double weight = std::min(world.parameters.partnership.couplings.trust, 1.0);
    const auto index = world.startups[inside.startup].organisation;
    const std::uint32_t ties = world.partners[index].ties;
    if (ties == 0 || !(weight > 0)) return name;
    double sum = 0;
    for_each_tie(world, index, [&](const Tie& tie, std::uint32_t) { sum += tie.trust; });
    return (1 - weight) * name + weight * sum / ties;
}

/// How open with each other the two ends of a tie are.
template <class Draws>
[[nodiscard]] double transparency_of(const World<Draws>& world, const Tie& tie) {
    return (style_of(world, world.partners[tie.ends[0]]).transparency
            + style_of(world, world.partners[tie.ends[1]]).transparency)
           / 2;
}

/// Trust gains `part` of what is missing, half of it to half as much again with transparency.
template <class Draws>
void raise_trust(const World<Draws>& world, Tie& tie, double part) {
    tie.trust += std::min(part * (0.5 + transparency_of(world, tie)), 1.0) * (1 - tie.trust);
}
/// Trust loses `part` of itself, half as much again to half of it with transparency.
template <class Draws>
void lower_trust(const World<Draws>& world, Tie& tie, double part) {
    tie.trust *= 1 - std::min(part * (1.5 - transparency_of(world, tie)), 1.0);
}

/// All ties of a startup lose trust; nothing where there is no network.
template <class Draws>
void lower_trust_of_all(World<Draws>& world, std::uint32_t organisation, double part) {
    if (!has_network(world)) return;
    for_each_tie(world, organisation, [&](Tie& tie, std::uint32_t) { lower_trust(world, tie, part); });
}

}  // namespace venturi
