// Who keeps which ties when ties cost their holders and reach beyond them: the connections model, its welfare
// and its stable networks.
#pragma once

#include "agents/network/network.hpp"

#include <cstddef>
#include <vector>

namespace venturi {

/// A player's utility is Σ decay^distance over all others that it reaches, less `cost` for each of its own
/// edges: the symmetric connections model of Jackson & Wolinsky (1996), "A strategic model of social and
/// economic networks", Journal of Economic Theory 71(1). Functions below throw std::invalid_argument, with a
/// message that names the value, where decay isn't in (0, 1), cost is negative or not finite, or a network is
/// directed or unsound; its weights don't matter.
struct ConnectionsModel {
    double decay = 0.5;  ///< their delta: what a direct tie is worth
    double cost = 0.2;   ///< their c: of an edge, to each of its two ends
};

/// Of each player. O(players · edges).
[[nodiscard]] std::vector<double> connections_utilities(const Network& network,
                                                        const ConnectionsModel& model);

/// The sum of all players' utilities.
[[nodiscard]] double connections_welfare(const Network& network, const ConnectionsModel& model);

/// Whether no player gains by dropping an edge and no two by adding one, where one gains and the other
/// doesn't lose: Jackson & Wolinsky's pairwise stability. Gains below 1e-12 are taken for rounding.
/// O(players² · (players + edges)).
[[nodiscard]] bool is_pairwise_stable(const Network& network, const ConnectionsModel& model);

enum class ConnectionsShape { empty, star, complete };

/// The shape of greatest welfare among all networks of so many players (their Proposition 1): complete where
/// cost < decay - decay²; else a star where cost < decay + (players - 2) decay² / 2; else empty.
[[nodiscard]] ConnectionsShape efficient_shape(std::size_t players, const ConnectionsModel& model);

[[nodiscard]] Network network_of_shape(ConnectionsShape shape, std::size_t players);

/// A network up to the names of its players, and in how many ways these can be given.
struct UnnamedNetwork {
    Network network = {};
    std::size_t namings = 0;
};

/// What a look at every network of some players finds.
struct ConnectionsCensus {
    double greatest_welfare = 0;
    std::vector<UnnamedNetwork> efficient = {};  ///< of this welfare, to 1e-12
    std::vector<UnnamedNetwork> stable = {};     ///< pairwise, as `is_pairwise_stable`
};

/// Of 1 to 6 players, by enumeration of all 2^(players (players - 1) / 2) networks; throws
/// std::invalid_argument for other numbers.
[[nodiscard]] ConnectionsCensus connections_census(std::size_t players, const ConnectionsModel& model);

}  // namespace venturi
