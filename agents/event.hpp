// What can happen in a world, who draws for what, and what is worth telling.
#pragma once

#include <cstdint>

namespace venturi {

/// Every kind of event on a world's calendar. `who` is an index among the agents of the kind concerned.
enum class Happening : std::uint8_t {
    // environment
    climate_changes,
    compute_price_falls,
    wages_rise,
    frontier_advances,
    // market segment
    account_adopts,
    rivals_lose_account,
    // startup
    is_founded,
    launches,
    account_looks_around,
    improves,
    begins_raising,
    raise_closes,
    offer_arrives,
    lists,
    shuts_down,
    runs_out_of_cash,
    // investor
    closes_fund,
    // the experimenter
    intervention,
};

struct Event {
    Happening what;
    std::uint32_t who;
};

/// Kinds of agents: the first field of the address of an agent's draws, and what a vertex of the graph is.
enum class AgentKind : std::uint8_t { environment, segment, startup, investor };

/// The address of an agent: by kind, group and place in the group, so that one more member of a group moves
/// nobody else's draws. At most 2^8 groups of 2^20 members of a kind.
[[nodiscard]] constexpr std::uint32_t agent_address(AgentKind kind, std::uint32_t group,
                                                    std::uint32_t member) {
    return static_cast<std::uint32_t>(kind) << 28 | group << 20 | member;
}

/// What an agent draws for. A purpose is never given another number: published results depend on it.
enum class Purpose : std::uint16_t {
    initial_state = 0,
    climate_sojourn = 1,
    climate_choice = 2,
    compute_price = 3,
    wages = 4,
    frontier = 5,
    adoption = 6,
    adopters_choice = 7,
    rivals_departure = 8,
    rivals_choice = 9,
    seed_round = 10,
    burn = 11,
    quality = 12,
    launch = 13,
    departure = 14,
    departures_choice = 15,
    improvement = 16,
    raise_duration = 17,
    raise_success = 18,
    raise_valuation = 19,
    lead_investor = 20,
    participation = 21,
    offer = 22,
    premium = 23,
    listing = 24,
    shutdown = 25,
    fund_size = 26,
    fund_closing = 27,
};

/// Something worth telling about one company.
struct Notice {
    enum class Kind : std::uint8_t {
        founded,         ///< amount: seed round; detail: discretionary spending per month
        launched,        ///< amount: cash left; detail: price per month
        customers,       ///< a power of two reached; amount: accounts; detail: revenue per month
        raise_begun,     ///< amount: cash left; detail: runway in months
        raise_failed,    ///< amount: cash left; detail: failed attempts for this round
        round_closed,    ///< amount: money raised; detail: post-money valuation
        offer_declined,  ///< amount: the offer; detail: last post-money valuation
        acquired,        ///< amount: proceeds; detail: founders' part of them in dollars
        listed,          ///< amount: value of the company; detail: founders' part of it in dollars
        shut_down,       ///< amount: cash left; detail: accounts
        bankrupt,        ///< amount: money raised in all; detail: accounts
        climate,         ///< of the world: amount: the new climate
        intervention,    ///< of the world: amount: its number
    };
    double time;
    Kind kind;
    std::uint32_t startup;  ///< index; meaningless for what concerns the world
    double amount;
    double detail;
};

}  // namespace venturi
