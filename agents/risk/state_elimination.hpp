// Expected rewards of a Markov chain until it ends, by eliminating its states.
#pragma once

#include "agents/risk/first_passage.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace venturi {

/// For each state, the expected sum until the chain is in its target or in a hopeless state of `reward` ≥ 0
/// per unit of time; 0 for hopeless ones. All n long. From every other state the target can be reached.
/// Nothing where that takes more work than allowed. Throws Stopped where `limits.stop` asks for that.
///
/// Groups of states that lead to each other (Tarjan 1972) are solved after those they lead to; within a group
/// states are eliminated in an order of few neighbours, without a subtraction (Grassmann, Taksar & Heyman
/// 1985). Where that fills the matrix, the group's cycles are summed (return_cycles.hpp).
[[nodiscard]] std::optional<std::vector<double>> expected_total(const RateMatrix& matrix,
                                                                const std::vector<std::uint8_t>& hopeless,
                                                                const std::vector<double>& reward,
                                                                const PassageLimits& limits);

}  // namespace venturi
