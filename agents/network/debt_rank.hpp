// How far distress travels through who has lent to whom, before anybody defaults.
#pragma once

#include "agents/network/clearing.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace venturi {

/// Lenders with equity, to each of whom some of the others owe money.
struct DistressSystem {
    std::vector<double> equity = {};           ///< before the shock; above 0
    std::vector<Obligation> obligations = {};  ///< several between the same two are added
    /// What each node is worth to the economy, in any unit; empty: what it has lent in the system.
    std::vector<double> value = {};
};

/// Distress is the share of its equity that a node has lost, in [0, 1]; 1 is default.
struct Distress {
    std::vector<double> level = {};  ///< of each node, at the end
    /// The share of all value that is lost beyond the shock: Σ value · (level - shock) / Σ value; 0 where
    /// nothing has a value.
    double rank = 0;
    std::size_t steps = 0;
    bool settled = true;  ///< false where `most_steps` were not enough
};

/// The debt rank of a shock (shape: nodes; the first distress of each, in [0, 1]). A node hands its distress
/// on once, in the step after it is first touched, so that nothing is counted around circles: h_i(t) = min(1,
/// h_i(t - 1) + Σ_j W_ji h_j(t - 1)) over the j first distressed at t - 1, with W_ji = min(1, what j owes i /
/// equity of i). Battiston, Puliga, Kaushik, Tasca & Caldarelli (2012), "DebtRank: Too central to fail?",
/// Scientific Reports 2:541. O(obligations · log obligations).
///
/// Throws std::invalid_argument, with a message that names the value, where a shape is wrong, an obligation
/// is not sound (agents/network/clearing.hpp), equity is not finite and above 0, a value is not finite or
/// negative, or a shock lies outside [0, 1].
[[nodiscard]] Distress debt_rank(const DistressSystem& system, std::span<const double> shock);

/// As `debt_rank`, where nodes hand on each further loss, around circles too, until they have lost all:
/// h_i(t + 1) = min(1, h_i(t) + Σ_j (what j owes i / equity of i) · (h_j(t) - h_j(t - 1))).
/// Bardoscia, Battiston, Caccioli & Caldarelli (2015), "DebtRank: A microscopic foundation for shock
/// propagation", PLoS ONE 10(6):e0130406. Ends where no level moves by more than 1e-16.
/// O(steps · obligations).
[[nodiscard]] Distress differential_debt_rank(const DistressSystem& system, std::span<const double> shock,
                                              std::size_t most_steps = 100'000);

}  // namespace venturi
