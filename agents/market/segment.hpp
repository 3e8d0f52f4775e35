// The state of one market segment.
#pragma once

#include "agents/market/bass.hpp"
#include "agents/market/customer_base.hpp"
#include "agents/market/weight_tree.hpp"
#include "sim/calendar.hpp"
#include "sim/random/draws.hpp"
#include "sim/relaxation.hpp"

#include <cstdint>
#include <vector>

namespace venturi {

/// Accounts that have adopted are with a startup or with the rivals outside the model.
template <class Draws>
struct Segment {
    std::uint32_t vertex = 0;
    BassFlow adoption;
    double next_adopter = 0;             ///< expected adopters at which the next account adopts
    WeightTree pull;                     ///< of each startup, by its place
    double rivals_pull = 0;              ///< on the same scale
    CustomerBase<Draws> rivals;          ///< its departures are those that end at a startup
    std::vector<std::uint32_t> members;  ///< startups by place
    Relaxation<double> stress;           ///< of its startups, from crises and failures among them
    std::uint64_t adopters = 0;          ///< adoptions so far, those before the start included

    DrawSource adoption_source;
    DrawSource adopters_choice;
    DrawSource rivals_departure;
    DrawSource rivals_choice;
    DrawSource sales_cycle;
    EventHandle next_adoption;
    EventHandle next_rivals_loss;

    /// The part of those who choose that choose one of the startups.
    [[nodiscard]] double startups_share() const {
        const double total = pull.total() + rivals_pull;
        return total > 0 ? pull.total() / total : 0;
    }
};

}  // namespace venturi
