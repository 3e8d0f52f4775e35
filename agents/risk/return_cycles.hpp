// Expected rewards of a group of states that lead to each other, by iteration over its cycles: for chains
// with repair, which come back to where they began very often before they end, and which are too entangled
// for their states to be eliminated.
#pragma once

#include "sim/ensemble/stop_request.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace venturi {

/// States that lead to each other, and out of the group. Rows are sparse; rates are above 0.
struct StateGroup {
    std::vector<std::size_t> starts = {0};  ///< n + 1
    std::vector<std::uint32_t> targets = {};
    std::vector<double> rates = {};
    std::vector<double> leaves = {};  ///< by state: rate of leaving the group
    std::vector<double> gains = {};   ///< by state: gained per unit of time, with what leaving gains

    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(starts.size() - 1); }
};

/// For each state, the expected sum of gains until the group is left; right to 1e-13 of itself. Takes what it
/// uses, in multiplications, from `work`; nothing where that doesn't suffice. Throws Stopped where `stop`
/// asks for that.
///
/// A state r is chosen that is visited often. From each state i, until r or leaving, whichever is first: the
/// expected gain a_i, and the probabilities h_i and l_i of either; all as limits of Gauss–Seidel sweeps from
/// zero, sums of products of positive numbers that only grow. Then the sum from r is a_r / l_r and from
/// others a_i + h_i a_r / l_r (the regenerative method: Ross, Stochastic Processes, 2nd ed. (1996),
/// section 3.6). The probability d_i that neither has come so far is swept alike, and bounds what is missing:
/// sweeps end where it no longer matters. They take about as many as there are exits of states before a
/// return: few, however rarely the group is left.
[[nodiscard]] std::optional<std::vector<double>> sums_by_cycles(const StateGroup& group, double& work,
                                                                const StopRequest* stop);

}  // namespace venturi
