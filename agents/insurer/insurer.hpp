// The state of one insurer.
#pragma once

#include "agents/finance/cash_account.hpp"

#include <cstdint>

namespace venturi {

/// An insurer: its surplus rises with premiums and falls with claims, so that it can be ruined only by a
/// claim.
struct Insurer {
    std::uint32_t group = 0;
    std::uint32_t vertex = 0;
    CashAccount surplus;
    double claims = 0;           ///< paid so far, dollars
    std::uint32_t policies = 0;  ///< in force
    std::uint32_t claim_count = 0;
    bool ruined = false;

    /// Premiums earned up to `now`, dollars.
    [[nodiscard]] double premiums(double now, double initial_surplus) const {
        return surplus.balance(now) - initial_surplus + claims;
    }
};

}  // namespace venturi
