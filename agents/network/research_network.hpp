// Firms that research together: what each spends, makes and earns when those who share an agreement share
// what they learn, and may compete with each other afterwards.
#pragma once

#include "agents/network/network.hpp"

#include <cstddef>
#include <vector>

namespace venturi {

enum class ResearchCompetition {
    independent_markets,  ///< each firm is a monopolist of its own
    homogeneous_product,  ///< all sell the same thing, as in Cournot's oligopoly
};

/// Price is `demand` - quantity in each market. Goyal & Moraga-González (2001), "R&D networks", RAND Journal
/// of Economics 32(4).
struct ResearchMarket {
    double demand = 12;      ///< their a: the price at which nobody buys, above `unit_cost`
    double unit_cost = 10;   ///< their c: without any research; above 0
    double effort_cost = 1;  ///< their gamma: effort e costs gamma · e²; above 0
    ResearchCompetition competition = ResearchCompetition::homogeneous_product;
};

/// Vectors have a value for each firm. Firm i makes a unit at unit_cost - effort_i - Σ efforts of its
/// partners.
struct ResearchEquilibrium {
    std::vector<double> effort = {};
    std::vector<double> unit_cost = {};
    std::vector<double> quantity = {};
    std::vector<double> profit = {};  ///< quantity² - effort_cost · effort²
    double consumer_surplus = 0;      ///< half the square of the quantity sold, summed over markets
    double welfare = 0;               ///< consumer surplus and profits
};

/// The equilibrium of efforts, then quantities, where all firms are active: the linear first-order conditions
/// 2 γ e_i = 2 q_i ∂q_i/∂e_i. With a homogeneous product q_i = (a - n c_i + Σ_{j≠i} c_j) / (n + 1) and
/// ∂q_i/∂e_i = (n - partners) / (n + 1); in independent markets q_i = (a - c_i) / 2 and ∂q_i/∂e_i = 1/2.
/// `network` is undirected; its weights don't matter. O(n³) up to 1000 firms, sparse equations beyond.
///
/// Throws std::invalid_argument, with a message that names the value, where the network is unsound, directed
/// or empty, a number of the market is out of range, or effort is too cheap for such an equilibrium: where a
/// firm's profit isn't concave in its effort (effort_cost <= (∂q_i/∂e_i)²), or a firm would make nothing or
/// make it at a cost below zero; and std::runtime_error where more than 1000 firms' equations can't be
/// solved.
[[nodiscard]] ResearchEquilibrium research_equilibrium(const Network& network, const ResearchMarket& market);

/// Of each firm.
struct RegularResearchEquilibrium {
    double effort = 0;
    double unit_cost = 0;
    double quantity = 0;
    double profit = 0;
};

/// Where each of `firms` has `partners` partners, in closed form:
/// e = (a - c)(n - k) / (γ (n + 1)² - (n - k)(k + 1)) with a homogeneous product (theirs, section 4), and
/// e = (a - c) / (4 γ - k - 1) in independent markets (section 3). Throws as `research_equilibrium`, and
/// where there aren't more firms than partners; does not ask whether n k is even, as a network would need.
[[nodiscard]] RegularResearchEquilibrium regular_research_equilibrium(std::size_t firms, std::size_t partners,
                                                                      const ResearchMarket& market);

/// The number of partners, from 0 to firms - 1, at which firms that all have as many earn most; the least
/// where several are alike. Throws as `regular_research_equilibrium`.
[[nodiscard]] std::size_t most_profitable_partners(std::size_t firms, const ResearchMarket& market);

}  // namespace venturi
