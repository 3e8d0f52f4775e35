// Money: flows, raising, rounds, offers, and the ends of companies.
#pragma once

#include "agents/market/market_events.hpp"
#include "agents/risk/contagion_events.hpp"
#include "agents/startup/startup_events.hpp"
#include "agents/world.hpp"
#include "sim/ids.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace venturi {

/// Revenue that investors expect before round number `round` after the seed (0 for the first), dollars per
/// month.
[[nodiscard]] inline double expected_revenue(const FinanceParameters& finance, std::size_t round) {
    return finance.raising.expected_revenue * finance.rounds[round].median_pre_money
           / finance.rounds[0].median_pre_money;
}

/// Whether there is a round left to raise.
template <class Draws>
[[nodiscard]] bool can_raise(const World<Draws>& world, const Startup<Draws>& startup) {
    return startup.follow_on_rounds() < world.parameters.finance.rounds.size();
}

/// When a company that is not raising will begin to if nothing changes; infinity where it will not.
template <class Draws>
[[nodiscard]] double raise_begins_at(const World<Draws>& world, const Startup<Draws>& startup,
                                     double revenue) {
    constexpr double never = std::numeric_limits<double>::infinity();
    if (!can_raise(world, startup)) return never;
    const RaisingParameters& raising = world.parameters.finance.raising;
    double begins = never;
    if (!startup.gave_up_raising)
        begins = startup.cash.falls_to(raising.runway_trigger * -startup.cash.flow());
    if (revenue >= expected_revenue(world.parameters.finance, startup.follow_on_rounds()))
        begins = std::min(begins, startup.rounds.back().time + raising.ambition_after);
    return std::max({begins, startup.raises_not_before, world.now()});
}

/// Feedback follows the number of accounts, in data/data_events.hpp.
template <class Draws>
void follow_accounts(World<Draws>& world, std::uint32_t index);

/// The inside of a startup that ends, in startup/planning_events.hpp.
template <class Draws>
void close_inside(World<Draws>& world, std::uint32_t index);

/// Pay and quality as they follow from what is inside a startup, in startup/planning_events.hpp: to be called
/// before what follows from them.
template <class Draws>
void settle_inside(World<Draws>& world, std::uint32_t index);

/// Everything else inside a startup that may have changed, in startup/planning_events.hpp.
template <class Draws>
void update_inside(World<Draws>& world, std::uint32_t index);

/// What the failure of a startup, or its sale, does in the network, in partnership/failure_events.hpp.
template <class Draws>
void fail_in_network(World<Draws>& world, std::uint32_t partner);
template <class Draws>
void leave_network(World<Draws>& world, std::uint32_t partner);

/// Moves what depends on cash flow: the instant at which cash is gone, and the decision to raise.
template <class Draws>
void update_cash_flow(World<Draws>& world, std::uint32_t index, double revenue) {
    Startup<Draws>& startup = world.startups[index];
    const double margin = world.parameters.market.segments[startup.segment].gross_margin;
    startup.cash.set_flow(world.now(), revenue * margin - spending(world, startup));
    double raises = std::numeric_limits<double>::infinity();
    if (!startup.raising) {
        raises = raise_begins_at(world, startup, revenue);
        set_startup_timer(world, index, Timer::raise, Happening::begins_raising, raises);
    }
    // Whoever raises first will look at its cash again then: one event pends, not two.
    const double runs_out = std::max(startup.cash.runs_out_at(), world.now());
    set_startup_timer(world, index, Timer::cash, Happening::runs_out_of_cash,
                      runs_out <= raises ? runs_out : std::numeric_limits<double>::infinity());
}

template <class Draws>
void follow_revenue(World<Draws>& world, std::uint32_t index) {
    Startup<Draws>& startup = world.startups[index];
    settle_luck(world, index);
    const double income = revenue(world, startup);
    update_cash_flow(world, index, income);
    update_clock(world, index, startup.shutdown, Timer::shutdown, Happening::shuts_down,
                 shutdown_hazard(world, startup, income));
    update_clock(world, index, startup.listing, Timer::listing, Happening::lists,
                 listing_hazard(world, income));
    if (startup.has_inside()) follow_accounts(world, index);
}

/// To be called when anything about a startup or around it may have changed.
template <class Draws>
void update_startup(World<Draws>& world, std::uint32_t index) {
    Startup<Draws>& startup = world.startups[index];
    if (!is_alive(startup.status)) return;
    if (startup.has_inside()) settle_inside(world, index);
    follow_revenue(world, index);
    update_clock(world, index, startup.offer, Timer::offer, Happening::offer_arrives,
                 offer_hazard(world, startup));
    update_clock(world, index, startup.improvement, Timer::improvement, Happening::improves,
                 improvement_hazard(world, startup));
    if (startup.status == Status::selling) {
        startup.customers.set_churn(world.draws, world.now(),
                                    world.parameters.market.segments[startup.segment].churn);
        schedule_departure(world, index);
    }
    if (startup.has_inside()) update_inside(world, index);
    update_appeal(world, index);
}

/// What the company would fetch, dollars.
template <class Draws>
[[nodiscard]] double fair_value(const World<Draws>& world, const Startup<Draws>& startup) {
    const ExitParameters& exits = world.parameters.finance.exits;
    const double yearly = 12 * revenue(world, startup);
    return std::max(exits.revenue_multiple * world.climate_effects().valuation * yearly,
                    exits.salvage * startup.raised());
}

/// Takes a startup out of the world's life; who held a stake keeps the edge.
template <class Draws>
void end_startup(World<Draws>& world, std::uint32_t index, Status status) {
    Startup<Draws>& startup = world.startups[index];
    settle_luck(world, index);
    lose_all_accounts(world, index);
    if (startup.has_inside()) close_inside(world, index);
    if (is_dead(status)) spread_failure(world, index);
    startup.status = status;
    startup.ended = world.now();
    for (EventHandle& handle : startup.handles) world.calendar.cancel(handle);
    // Clocks that stop have been watched up to now: a score must hear of it.
    for (HazardClock<Draws>* clock :
         {&startup.improvement, &startup.offer, &startup.listing, &startup.shutdown})
        clock->set_rate(world.draws, world.now(), 0.0);
    // Last, when all else about it is in order: others may fail with it.
    if (startup.has_inside() && !world.partners.empty() && world.partners[startup.organisation].present) {
        if (is_dead(status))
            fail_in_network(world, startup.organisation);
        else
            leave_network(world, startup.organisation);
    }
}

/// Pays the proceeds of a sale or listing out to investors, over the edges that are their stakes.
template <class Draws>
void pay_out(World<Draws>& world, std::uint32_t index, const CapTable::Payout& payout) {
    const auto [first, last] = in_edges(world.startups[index].vertex, world.graph);
    for (auto edge = first; edge != last; ++edge) {
        Relation& relation = world.graph[*edge];
        if (relation.kind != Relation::Kind::stake) continue;
        relation.returned = payout.preferred[relation.share_class];
        world.investors[world.graph[source(*edge, world.graph)].index].returned += relation.returned;
    }
}

template <class Draws>
void exit_startup(World<Draws>& world, std::uint32_t index, Status status, double proceeds) {
    Startup<Draws>& startup = world.startups[index];
    const CapTable::Payout payout =
        status == Status::listed
            ? startup.cap_table.distribute_converted(proceeds)
            : startup.cap_table.distribute(proceeds, world.parameters.finance.terms.seniority);
    startup.proceeds = proceeds;
    startup.highest_valuation = std::max(startup.highest_valuation, proceeds);
    pay_out(world, index, payout);
    world.tell(status == Status::listed ? Notice::Kind::listed : Notice::Kind::acquired, index, proceeds,
               payout.common);
    world.count(startup.group, status == Status::listed ? &Tallies::listings : &Tallies::acquisitions);
    end_startup(world, index, status);
}

template <class Draws>
void lists(World<Draws>& world, std::uint32_t index) {
    tell_ring(world, index, LuckKind::listing);
    world.startups[index].listing.ring(world.draws, world.now());
    exit_startup(world, index, Status::listed, fair_value(world, world.startups[index]));
}

/// The least that a company takes for itself, dollars: less in distress than in health.
template <class Draws>
[[nodiscard]] double reserve_price(const World<Draws>& world, const Startup<Draws>& startup) {
    const ExitParameters& exits = world.parameters.finance.exits;
    const bool distress = startup.gave_up_raising || startup.cash.runway(world.now()) < exits.distress_runway;
    return (distress ? exits.distress_reserve : exits.reserve) * startup.rounds.back().post_money();
}

/// An offer is taken where it is not below what the company asks.
template <class Draws>
void offer_arrives(World<Draws>& world, std::uint32_t index) {
    Startup<Draws>& startup = world.startups[index];
    tell_ring(world, index, LuckKind::offer);
    startup.offer.ring(world.draws, world.now());
    const ExitParameters& exits = world.parameters.finance.exits;
    const double offer = fair_value(world, startup)
                         * std::max(world.draws.sample(startup.source(Purpose::premium), exits.premium), 0.0);
    const double post_money = startup.rounds.back().post_money();
    const bool is_taken = offer >= reserve_price(world, startup);
    if constexpr (ObservesLuck<Draws>) detail::tell_acquisition(world, index, is_taken);
    if (!world.luck.empty()) detail::sum_acquisition(world, index, is_taken);
    if (is_taken) {
        exit_startup(world, index, Status::acquired, offer);
        return;
    }
    world.tell(Notice::Kind::offer_declined, index, offer, post_money);
    start_clock(world, index, startup.offer, Purpose::offer, Timer::offer, Happening::offer_arrives,
                offer_hazard(world, startup));
}

template <class Draws>
void shuts_down(World<Draws>& world, std::uint32_t index) {
    Startup<Draws>& startup = world.startups[index];
    tell_ring(world, index, LuckKind::shutdown);
    startup.shutdown.ring(world.draws, world.now());
    world.tell(Notice::Kind::shut_down, index, startup.cash.balance(world.now()),
               startup.customers.accounts());
    world.count(startup.group, &Tallies::shutdowns);
    end_startup(world, index, Status::shut_down);
}

template <class Draws>
void runs_out_of_cash(World<Draws>& world, std::uint32_t index) {
    Startup<Draws>& startup = world.startups[index];
    world.tell(Notice::Kind::bankrupt, index, startup.raised(), startup.customers.accounts());
    world.count(startup.group, &Tallies::bankruptcies);
    end_startup(world, index, Status::bankrupt);
}

/// A startup that could not bear the failure of others: its debts have been cleared with theirs.
template <class Draws>
void is_brought_down(World<Draws>& world, std::uint32_t index) {
    runs_out_of_cash(world, index);
}

template <class Draws>
void begins_raising(World<Draws>& world, std::uint32_t index) {
    Startup<Draws>& startup = world.startups[index];
    startup.raising = true;
    const double months = std::max(world.draws.sample(startup.source(Purpose::raise_duration),
                                                      world.parameters.finance.raising.duration),
                                   0.0);
    set_startup_timer(world, index, Timer::raise, Happening::raise_closes,
                      world.now() + months * world.climate_effects().raise_duration);
    update_cash_flow(world, index, revenue(world, startup));
    world.tell(Notice::Kind::raise_begun, index, startup.cash.balance(world.now()),
               startup.cash.runway(world.now()));
}

/// ln(revenue / expected revenue) before the next round, bounded below: what investors see of traction.
template <class Draws>
[[nodiscard]] double traction(const World<Draws>& world, const Startup<Draws>& startup) {
    const double expected = expected_revenue(world.parameters.finance, startup.follow_on_rounds());
    return std::log(
        std::max(revenue(world, startup) / expected, world.parameters.finance.raising.least_traction));
}

/// Log-odds that incidents, and failures nearby, take from a raise; nothing where the inside is not modelled.
template <class Draws>
[[nodiscard]] double investors_doubt(const World<Draws>& world, const Startup<Draws>& startup) {
    if (!startup.has_inside()) return 0;
    const ContagionParameters& parameters = world.parameters.risk.contagion;
    const RiskTally& tally = world.inside(startup).risk.tally;
    return parameters.investors_doubt * tally.doubt
               * std::exp(-(world.now() - tally.last) / parameters.doubt_fades)
           + parameters.stress_effect * stress_of(world, startup);
}

/// Probability that an attempt to raise finds willing investors, decided at its end.
template <class Draws>
[[nodiscard]] typename Draws::Scalar raise_probability(const World<Draws>& world,
                                                       const Startup<Draws>& startup) {
    using std::exp;
    const FinanceParameters& finance = world.parameters.finance;
    const typename Draws::Scalar log_odds =
        finance.rounds[startup.follow_on_rounds()].success_odds + world.climate_effects().raise_odds
        + finance.raising.quality_effect * relative_quality(world, startup)
        + finance.raising.revenue_effect * traction(world, startup) - investors_doubt(world, startup);
    return 1.0 / (1.0 + exp(-log_odds));
}

/// What is asked and what is paid, before anyone is found to pay it.
struct RoundOffer {
    double pre_money;
    double amount;
    double spending;  ///< discretionary spending afterwards, dollars per month
};

/// A round as the market prices it; `noise` is a standard normal variate.
template <class Draws>
[[nodiscard]] RoundOffer price_round(const World<Draws>& world, const Startup<Draws>& startup, double noise) {
    const RoundParameters& round = world.parameters.finance.rounds[startup.follow_on_rounds()];
    const double pre_money =
        round.median_pre_money * world.climate_effects().valuation
        * std::exp(round.revenue_weight * traction(world, startup) + round.pre_money_spread * noise);
    const double now_spent = planned_spending(world, startup);
    const double wanted = round.months_funded * round.burn_growth * now_spent;
    const double dilution =
        std::clamp(wanted / (pre_money + wanted), round.lowest_dilution, round.highest_dilution);
    const double amount = pre_money * dilution / (1 - dilution);
    // Money beyond the plan is spent faster, up to twice the planned growth; a smaller round funds a smaller
    // plan.
    const double afterwards =
        std::clamp(amount / round.months_funded, now_spent, std::max(2 * round.burn_growth, 1.0) * now_spent);
    return {pre_money, amount, afterwards};
}

/// An investor who can lead a round of `amount`, in proportion to the money available; nobody where none can.
template <class Draws>
[[nodiscard]] std::uint32_t find_lead_investor(const World<Draws>& world, double amount, double u) {
    const auto can_lead = [&](const Investor<Draws>& investor) {
        const double largest = world.parameters.investors[investor.group].largest_cheque * investor.last_fund;
        return investor.available >= amount && largest >= amount;
    };
    double total = 0;
    for (const Investor<Draws>& investor : world.investors)
        if (can_lead(investor)) total += investor.available;
    double at = u * total;
    std::uint32_t found = Id<Investor<Draws>>::none;
    for (std::uint32_t i = 0; i < world.investors.size(); ++i) {
        if (!can_lead(world.investors[i])) continue;
        found = i;
        at -= world.investors[i].available;
        if (at < 0) break;
    }
    return found;
}

template <class Draws>
void scale_spending(Startup<Draws>& startup, double factor) {
    startup.people *= factor;
    startup.compute *= factor;
}

template <class Draws>
void close_round(World<Draws>& world, std::uint32_t index, const RoundOffer& offer, std::uint32_t lead) {
    Startup<Draws>& startup = world.startups[index];
    const RoundParameters& round = world.parameters.finance.rounds[startup.follow_on_rounds()];
    const TermsParameters& terms = world.parameters.finance.terms;
    const bool participating =
        world.draws.bernoulli(startup.source(Purpose::participation), terms.participating);
    const PricedRound priced =
        startup.cap_table.raise(offer.amount, offer.pre_money, round.pool_after,
                                {.preference = terms.preference, .participating = participating});
    startup.rounds.push_back({world.now(), offer.pre_money, offer.amount, world.climate});
    startup.highest_valuation = std::max(startup.highest_valuation, priced.post_money());
    startup.cash.deposit(world.now(), offer.amount);
    Investor<Draws>& investor = world.investors[lead];
    investor.available -= offer.amount;
    investor.invested += offer.amount;
    world.graph.connect(investor.vertex, startup.vertex,
                        {.kind = Relation::Kind::stake,
                         .since = world.now(),
                         .shares = priced.new_shares,
                         .invested = offer.amount,
                         .share_class = static_cast<std::uint8_t>(startup.cap_table.classes().size() - 1)});
    if (const double spent = planned_spending(world, startup); spent > 0)
        scale_spending(startup, offer.spending / spent);
    startup.failed_attempts = 0;
    startup.gave_up_raising = false;
    world.count(startup.group, &Tallies::rounds);
    world.tell(Notice::Kind::round_closed, index, offer.amount, priced.post_money());
}

/// A failed attempt costs staff; the last one makes the company live on its revenue, as far as it can.
template <class Draws>
void fail_raise(World<Draws>& world, std::uint32_t index) {
    Startup<Draws>& startup = world.startups[index];
    const RaisingParameters& raising = world.parameters.finance.raising;
    const std::uint8_t failures = ++startup.failed_attempts;
    startup.raises_not_before = world.now() + raising.pause_after_failure;
    const double spent = planned_spending(world, startup);
    double factor = 1 - raising.cut_after_failure;
    if (failures >= raising.attempts) {
        startup.gave_up_raising = true;
        startup.failed_attempts = 0;
        const double margin = world.parameters.market.segments[startup.segment].gross_margin;
        const double affordable = spent > 0 ? revenue(world, startup) * margin / spent : 1.0;
        factor = std::clamp(affordable, std::min(raising.leanest, factor), factor);
    }
    scale_spending(startup, factor);
    world.tell(Notice::Kind::raise_failed, index, startup.cash.balance(world.now()), failures);
}

template <class Draws>
void raise_closes(World<Draws>& world, std::uint32_t index) {
    Startup<Draws>& startup = world.startups[index];
    startup.raising = false;
    const bool willing =
        world.draws.bernoulli(startup.source(Purpose::raise_success), raise_probability(world, startup));
    // Drawn whatever comes of it, so that a changed probability shifts no later draw.
    const double noise = world.draws.normal(startup.source(Purpose::raise_valuation), 0.0, 1.0);
    if constexpr (ObservesLuck<Draws>) detail::tell_raise(world, index, willing, noise);
    if (!world.luck.empty()) detail::sum_raise(world, index, willing);
    const double who = world.draws.uniform(startup.source(Purpose::lead_investor));
    const RoundOffer offer = price_round(world, startup, noise);
    const std::uint32_t lead =
        willing ? find_lead_investor(world, offer.amount, who) : Id<Investor<Draws>>::none;
    if (lead == Id<Investor<Draws>>::none)
        fail_raise(world, index);
    else
        close_round(world, index, offer, lead);
    update_startup(world, index);
}

template <class Draws>
void closes_fund(World<Draws>& world, std::uint32_t index) {
    Investor<Draws>& investor = world.investors[index];
    const InvestorGroupParameters& group = world.parameters.investors[investor.group];
    investor.next_fund.ring(world.draws, world.now());
    investor.last_fund = std::max(world.draws.sample(investor.fund_size, group.fund_size), 0.0)
                         * world.climate_effects().valuation;
    investor.available += investor.last_fund;
    investor.next_fund.start(world.draws, investor.fund_closing, world.now(), group.new_fund);
    world.set_timer(investor.closing, investor.next_fund.rings_at(), {Happening::closes_fund, index});
}

}  // namespace venturi
