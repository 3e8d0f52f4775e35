// What can happen in a world, who draws for what, and what is worth telling.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

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
    sale_closes,  ///< `index` is the startup
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
    // startup, inside
    plans,
    technology_moves_on,
    run_fails,
    breaks_through,
    batch_arrives,
    data_station,    ///< `stage`, `kind` and `index` are the station's
    risk_stirs,      ///< a precursor, its detection, or a candidate for an incident
    repair_station,  ///< `kind` and `index` are the station's
    candidate_applies,
    hiring_station,  ///< `stage`, `kind` and `index` are the station's
    someone_leaves,
    staff_reviewed,
    runs_out_of_cash,
    // talent pool
    looks_for_work,
    gives_up_looking,
    // investor
    closes_fund,
    // partnership
    meets_someone,        ///< `who` is the startup
    tie_may_end,          ///< `who` is the tie
    proposes_project,     ///< `who` is the startup
    project_moves_on,     ///< `who` is the project
    partner_turns,        ///< a partner that is no startup fails, or another takes its place
    partner_staff_moves,  ///< `who` is the partner
    // the experimenter
    intervention,  ///< begins, or, where `stage` is 1, has passed
};

/// What happens in words, in the order of Happening.
inline constexpr std::array<std::string_view, 38> happening_names = {
    "changes of the climate",
    "cuts of the price of compute",
    "wage rounds",
    "advances of the frontier",
    "accounts that adopt",
    "accounts that leave the rivals",
    "sales that close",
    "foundings",
    "launches",
    "accounts that look around",
    "improvements",
    "beginnings of raises",
    "ends of raises",
    "offers",
    "listings",
    "shutdowns",
    "plannings",
    "stages of technical work",
    "failures of training runs",
    "breakthroughs",
    "arrivals of data",
    "steps of data on their way",
    "precursors and candidates of incidents",
    "repairs",
    "applications for openings",
    "steps of candidates on their way",
    "departures of people",
    "performance reviews",
    "bankruptcies",
    "people who begin to look for work",
    "people who give up looking",
    "closings of funds",
    "meetings of partners",
    "ends of ties",
    "proposals of projects",
    "steps of projects",
    "failures and returns of partners",
    "people who come to partners and leave them",
};
static_assert(happening_names.size() == static_cast<std::size_t>(Happening::intervention));

struct Event {
    Happening what = Happening::intervention;
    std::uint8_t stage = 0;
    std::uint8_t kind = 0;
    std::uint32_t who = 0;
    std::uint32_t index = 0;

    constexpr Event() = default;
    constexpr Event(Happening what_, std::uint32_t who_) : what(what_), who(who_) {}
    constexpr Event(Happening what_, std::uint32_t who_, std::uint32_t index_, std::uint8_t stage_ = 0,
                    std::uint8_t kind_ = 0)
        : what(what_), stage(stage_), kind(kind_), who(who_), index(index_) {}
};

/// Kinds of agents: the first field of the address of an agent's draws, and what a vertex of the graph is.
enum class AgentKind : std::uint8_t {
    environment,
    segment,
    startup,
    investor,
    talent_pool,
    insurer,
    partner
};

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
    breakthrough = 28,
    breakthrough_gain = 29,
    technology_time = 30,
    run_failure = 31,
    learning_rate = 32,
    application = 33,
    candidate_role = 34,
    candidate_origin = 35,
    newcomers_skill = 36,
    feedback_thinning = 37,
    attrition = 38,
    attrition_choice = 39,
    leavers_fate = 40,
    review = 41,
    batch = 42,
    batch_source = 43,
    batch_size = 44,
    // 45 and 46 drew for leaks and violations before the risk tree did.
    founding_team = 47,
    pool_entry = 48,
    pool_exit = 49,
    pool_level = 50,
    sales_cycle = 51,
    bridge = 52,
    crisis_severity = 53,
    meetings = 54,
    meeting_choice = 55,
    tie_endings = 56,
    project_proposals = 57,
    project_course = 58,
    delivery = 59,
    partner_state = 60,
    partner_movement = 61,
    // Stations have a range each, from here on.
    data_flow = 64,
    hiring_pipeline = 80,
    response = 112,     ///< 2: the station of responders
    risk_leaves = 128,  ///< 6 for each leaf of the risk tree
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
        climate,         ///< of the world: amount: the climate that is seen from now on
        intervention,    ///< of the world: amount: its number; detail: 1 where it has passed
        planned,         ///< amount: staff; detail: spending per month, as planned
        bottleneck,      ///< an evaluation; amount: which; detail: gap to the frontier
        tuned,        ///< amount: spread of the learning rate; detail: 1 where a new architecture was adopted
        run_started,  ///< amount: dollars of compute; detail: effective compute, FLOP
        run_finished,  ///< amount: loss; detail: share of the attainable loss
        run_failed,    ///< amount: dollars of compute lost
        adopted,       ///< a model enters the product; amount: quality; detail: gap to the frontier
        breakthrough,  ///< amount: gain in efficiency, a factor
        hired,         ///< amount: role; detail: where from: 0 the pool, 1 another startup, 2 a partner
        left,      ///< amount: role; detail: 0 out of the field, 1 to the pool, 2 to another startup, 3 to a
                   ///< partner
        reviewed,  ///< amount: promoted; detail: let go
        laid_off,  ///< amount: how many
        incident,  ///< amount: cost, gross; detail: the leaf of the risk tree
        warning,   ///< a precursor is found in time; detail: the leaf
        crisis,    ///< the top event of the risk tree; amount: cost, gross
        repaired,  ///< amount: months that it took; detail: the leaf
        claim_paid,      ///< amount: what the insurer pays; detail: the leaf
        insured,         ///< amount: premium per month; detail: part of the loss that is covered
        bridged,         ///< amount: what the investors bring
        insurer_ruined,  ///< of the world: amount: the insurer
        tied,  ///< a tie forms; amount: the other partner; detail: 1 where a partner brought them together
        tie_ended,           ///< amount: the other partner; detail: months that it lasted
        project_begun,       ///< amount: what it is worth; detail: members
        project_delivered,   ///< amount: the lead's revenue; detail: members
        project_broken_off,  ///< amount: advance that is owed; detail: members
        partner_failed,      ///< of the world: amount: the partner
        hit_by_failure,      ///< amount: what a failed partner leaves unpaid, or calls; detail: the partner
    };
    double time;
    Kind kind;
    std::uint32_t startup;  ///< index; meaningless for what concerns the world
    double amount;
    double detail;
};

}  // namespace venturi
