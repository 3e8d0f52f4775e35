// The state of one investor.
#pragma once

#include "sim/calendar.hpp"
#include "sim/hazard_clock.hpp"

#include <cstdint>

namespace venturi {

/// Money committed and not yet invested, and what has come back.
template <class Draws>
struct Investor {
    std::uint32_t group = 0;
    std::uint32_t vertex = 0;
    double available = 0;  ///< dollars
    double last_fund = 0;  ///< size of the last fund, dollars
    double invested = 0;
    double returned = 0;

    HazardClock<Draws> next_fund;
    DrawSource fund_size;
    DrawSource fund_closing;
    EventHandle closing;
};

}  // namespace venturi
