// A tie between two partners, and a joint project of several.
#pragma once

#include "agents/partnership/partner.hpp"
#include "agents/relation.hpp"
#include "sim/calendar.hpp"
#include "sim/record_pool.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace venturi {

/// Two partners cooperate. The edge on the world's graph goes from the one who sought to the one who was
/// found.
struct Tie {
    std::uint32_t next = no_record;  ///< as RecordPool asks
    std::uint32_t previous = no_record;
    RelationEdge edge;
    std::array<std::uint32_t, 2> ends{};  ///< partners: the seeker, the found
    double since = 0;
    double trust = 0;                   ///< in [0, 1]
    double owed = 0;                    ///< dollars that one end owes the other
    std::uint8_t debtor = 0;            ///< which end
    bool referred = false;              ///< they met through a common partner
    std::uint32_t project = no_record;  ///< a joint project that both are in, one of them as its lead
    Wait ending;                        ///< the next candidate for its end

    [[nodiscard]] std::uint32_t other(std::uint32_t partner) const {
        return ends[0] == partner ? ends[1] : ends[0];
    }
};

/// A joint project under way, or delivered and not yet paid out.
struct JointProject {
    static constexpr std::size_t most_members = 6;

    std::uint32_t next = no_record;  ///< as RecordPool asks
    std::uint32_t previous = no_record;
    std::array<std::uint32_t, most_members> members{};  ///< partners, the lead first
    std::array<std::uint32_t, most_members> ties{};     ///< each member's to the lead; of the lead: none
    std::array<double, most_members> share{};           ///< of cost and revenue by the contract
    std::array<double, most_members> fair{};            ///< Shapley value, as a share
    std::uint8_t size = 0;
    std::uint8_t done = 0;        ///< milestones
    std::uint8_t milestones = 0;  ///< in all
    bool missed = false;          ///< the present milestone, once
    bool delivered = false;
    double value = 0;    ///< dollars
    double advance = 0;  ///< dollars of it that the customer has paid
    EventHandle step;    ///< the next milestone, or the payment
};

}  // namespace venturi
