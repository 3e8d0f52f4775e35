// The state of a partner: an agent as those see it who may cooperate with it.
#pragma once

#include "agents/network/clearing.hpp"
#include "agents/talent/role.hpp"
#include "sim/calendar.hpp"
#include "sim/random/draws.hpp"
#include "sim/relaxation.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace venturi {

enum class PartnerKind : std::uint8_t { startup, investor, university, industry, community };
inline constexpr std::size_t partner_kinds = 5;
inline constexpr std::array<std::string_view, partner_kinds> partner_kind_names = {
    "startup", "investor", "university", "industry", "community"};

/// What a partner can bring to a tie.
enum class Resource : std::uint8_t { knowledge, data, compute, reach };
inline constexpr std::size_t resources = 4;

/// How much of each resource there is, from none, 0, to all that anyone could have, 1.
using Resources = std::array<double, resources>;

/// How unlike two are: the mean over the resources of how far apart they are, in [0, 1]. What the one lacks
/// the other has.
[[nodiscard]] inline double complementarity(const Resources& one, const Resources& other) {
    double apart = 0;
    for (std::size_t i = 0; i < resources; ++i)
        apart += one[i] > other[i] ? one[i] - other[i] : other[i] - one[i];
    return apart / resources;
}

/// A wait of exponential length for an event, and the rate it was drawn at, per month.
struct Wait {
    EventHandle event;
    double rate = 0;
};

/// Everything is plain memory. Of a startup or an investor this is what concerns partnership; the rest is
/// where it always is.
struct Partner {
    PartnerKind kind = PartnerKind::startup;
    bool present = false;       ///< founded, and has not failed
    std::uint32_t group = 0;    ///< among the groups of its kind of agent
    std::uint32_t agent = 0;    ///< index among startups or investors; of others among the partners
    std::uint32_t member = 0;   ///< place in its group
    std::uint32_t vertex = 0;   ///< of the world's graph
    std::uint32_t address = 0;  ///< of its draws
    std::uint32_t ties = 0;
    double room = 0;     ///< ties that it keeps at most
    Resources brings{};  ///< of a startup: as of its last planning
    double reliability =
        0;  ///< probability that it delivers what was agreed; of a startup its good name counts
    Relaxation<double> lag;  ///< behind the best algorithms, in logarithms; not of a startup
    double assets = 0;       ///< dollars to meet obligations with; not of a startup
    std::array<std::array<std::uint16_t, levels>, roles> people{};  ///< employed by one that is no startup

    Wait meeting;   ///< of a startup
    Wait proposal;  ///< of a startup: for a joint project
    Wait turn;      ///< failure, or return after one; not of a startup
    Wait staff;     ///< somebody graduates, comes or goes; not of a startup
    DrawSource meetings;
    DrawSource choice;     ///< whom it meets, and whether they agree
    DrawSource endings;    ///< of the ties that it has sought
    DrawSource proposals;  ///< when, and what a project would be worth
    DrawSource course;     ///< of the projects that it leads
    DrawSource delivery;   ///< of what partners owe it between plannings
    DrawSource state;      ///< resources, assets, failures
    DrawSource movement;   ///< of its people
};

/// Places among which people move: groups of startups first, then these.
enum class FlowPlace : std::uint8_t { pool, university, industry, outside };
inline constexpr std::size_t flow_places = 4;
inline constexpr std::array<std::string_view, flow_places> flow_place_names = {"pool", "universities",
                                                                               "industry", "outside"};

/// What the ties of a startup carry to it at present.
struct TieFlows {
    double knowledge = 0;       ///< pace at which its lag behind partners is made up, per month
    double knowledge_from = 0;  ///< the same, times the lag of the partner that it comes from
    double batches = 0;         ///< of data, per month
    double compute = 0;         ///< lent, dollars per month
    double reach = 0;           ///< as a part of its own

    friend bool operator==(const TieFlows&, const TieFlows&) = default;
};

/// What has happened in the network so far.
struct NetworkTally {
    static constexpr std::size_t years = 16;          ///< of a tie's age, the last open
    static constexpr std::size_t cascade_sizes = 16;  ///< 1 … 15, and 16 or more

    std::uint64_t meetings = 0;
    std::uint64_t formed = 0;
    std::uint64_t ended = 0;                              ///< by themselves
    std::uint64_t broken = 0;                             ///< because an end failed or left
    std::array<double, years> tie_months{};               ///< that ties which are over have lived at each age
    std::array<std::uint32_t, years> broken_at_age{};     ///< ties broken because an end failed or left
    std::array<std::uint32_t, years> ended_at_age{};      ///< ties that ended by themselves
    std::array<std::uint32_t, cascade_sizes> cascades{};  ///< failures at one instant, by their number
    std::uint64_t projects_begun = 0;
    std::uint64_t projects_finished = 0;
    std::uint64_t projects_broken_off = 0;
    std::uint64_t partner_failures = 0;  ///< of those that are no startups
    std::uint64_t defaults_by_contagion = 0;
    double project_cost = 0;     ///< paid by startups, dollars
    double project_revenue = 0;  ///< paid to startups by customers, dollars
    double owed_at_failure = 0;  ///< by those that failed to the others, dollars
    double unpaid = 0;           ///< of that
    std::uint64_t graduates_hired = 0;
    std::uint64_t graduates = 0;
};

/// Room for a clearing; no part of the trajectory, so a copy of a world need not have it.
struct ClearingScratch {
    ClearingScratch() = default;
    ClearingScratch(const ClearingScratch&) {}
    ClearingScratch(ClearingScratch&&) noexcept {}
    // NOLINTNEXTLINE(cert-oop54-cpp): nothing is assigned
    ClearingScratch& operator=(const ClearingScratch&) { return *this; }
    ClearingScratch& operator=(ClearingScratch&&) noexcept { return *this; }
    ~ClearingScratch() = default;

    ClearingSolver solver;
    ClearingSystem system;
    std::vector<std::uint32_t> nodes;       ///< partners that the system is about
    std::vector<std::uint32_t> place_of;    ///< of a partner among them; no_record for the others
    std::vector<std::uint32_t> failing;     ///< of these, those whose debts fall due
    std::vector<std::uint8_t> fails;        ///< of a partner: whether it is among these
    std::vector<double> called;             ///< of each node: guarantees that are called
    std::vector<double> calls;              ///< the same, while they are counted anew
    std::vector<std::uint32_t> records;     ///< ties of one that is taken out
    std::vector<std::uint32_t> neighbours;  ///< of those that fail or leave
    struct Payment {
        std::uint32_t to;
        double amount;
    };
    std::vector<Payment> payments;  ///< by one that leaves
};

}  // namespace venturi
