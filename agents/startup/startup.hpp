// The state of one startup.
#pragma once

#include "agents/environment/environment_parameters.hpp"
#include "agents/event.hpp"
#include "agents/finance/cap_table.hpp"
#include "agents/finance/cash_account.hpp"
#include "agents/luck.hpp"
#include "agents/market/customer_base.hpp"
#include "sim/calendar.hpp"
#include "sim/hazard_clock.hpp"

#include <boost/container/static_vector.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <type_traits>

namespace venturi {

/// Where a startup stands in its life.
enum class Status : std::uint8_t { unfounded, building, selling, bankrupt, shut_down, acquired, listed };
inline constexpr std::array<std::string_view, 7> status_names = {
    "unfounded", "building", "selling", "bankrupt", "shut_down", "acquired", "listed"};

[[nodiscard]] constexpr bool is_alive(Status status) {
    return status == Status::building || status == Status::selling;
}
[[nodiscard]] constexpr bool is_dead(Status status) {
    return status == Status::bankrupt || status == Status::shut_down;
}
[[nodiscard]] constexpr bool has_exited(Status status) {
    return status == Status::acquired || status == Status::listed;
}

/// A round that closed; the first is the seed.
struct RoundRecord {
    double time = 0;
    double pre_money = 0;
    double amount = 0;
    Climate climate = Climate::normal;  ///< at the close

    [[nodiscard]] double post_money() const { return pre_money + amount; }
    [[nodiscard]] double dilution() const { return amount / post_money(); }
};

/// Timers of a startup: at most one event of each pends.
enum class Timer : std::uint8_t {
    life,
    launch,
    cash,
    raise,
    departure,
    improvement,
    offer,
    listing,
    shutdown
};
inline constexpr std::size_t timers = 9;

/// A startup: all that a trajectory knows of it. Months and dollars.
template <class Draws>
struct Startup {
    using Scalar = typename Draws::Scalar;
    static constexpr std::size_t most_rounds = CapTable::most_classes;
    static constexpr std::uint32_t no_organisation = std::numeric_limits<std::uint32_t>::max();

    std::uint32_t address = 0;  ///< of its draws
    std::uint32_t group = 0;
    std::uint32_t vertex = 0;
    std::uint32_t segment = 0;                     ///< in which it competes: the target of its first edge
    std::uint32_t place = 0;                       ///< in that segment's choice
    std::uint32_t organisation = no_organisation;  ///< its inside, where that is modelled
    Status status = Status::unfounded;

    double appeal = 0;        ///< utility of its offer but for the number of its accounts
    Scalar quality{0};        ///< on the scale on which the frontier advances
    double people = 0;        ///< discretionary spending that follows wages, at the index of 1
    double compute = 0;       ///< discretionary spending that follows the price of compute, at the index of 1
    double typical_burn = 1;  ///< of a seed-stage startup of its group: the unit in which spending acts
    CashAccount cash;
    CustomerBase<Draws> customers;
    CapTable cap_table{};
    boost::container::static_vector<RoundRecord, most_rounds> rounds;

    double founded = 0;
    double bridged = 0;   ///< dollars that investors have brought over incidents
    double ended = 0;     ///< when it left, for one that has
    double proceeds = 0;  ///< what it was sold or listed for
    bool raising = false;
    bool gave_up_raising = false;
    std::uint8_t failed_attempts = 0;  ///< for the next round
    double raises_not_before = 0;
    std::uint32_t accounts_told = 0;  ///< the highest number of accounts that was worth telling
    double highest_valuation = 0;     ///< over rounds and exit

    HazardClock<Draws> improvement;
    HazardClock<Draws> offer;
    HazardClock<Draws> listing;
    HazardClock<Draws> shutdown;
    std::array<EventHandle, timers> handles{};
    std::array<DrawSource, 28> sources{};
    /// Since luck of its clocks was last told, to a policy that observes it.
    [[no_unique_address]] std::conditional_t<ObservesLuck<Draws>, LuckState, NoLuckState> told{};

    [[nodiscard]] bool has_inside() const { return organisation != no_organisation; }
    [[nodiscard]] DrawSource& source(Purpose purpose) { return sources[static_cast<std::size_t>(purpose)]; }
    [[nodiscard]] EventHandle& handle(Timer timer) { return handles[static_cast<std::size_t>(timer)]; }
    /// Money raised so far, seed and bridges included.
    [[nodiscard]] double raised() const {
        double sum = bridged;
        for (const RoundRecord& round : rounds) sum += round.amount;
        return sum;
    }
    /// Priced rounds after the seed.
    [[nodiscard]] std::size_t follow_on_rounds() const { return rounds.empty() ? 0 : rounds.size() - 1; }
};

}  // namespace venturi
