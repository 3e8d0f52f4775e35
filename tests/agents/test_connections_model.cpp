#include "agents/network/connections_model.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace {

using namespace venturi;
using Catch::Matchers::Contains;

Network path(std::uint32_t players) {
    Network network{.vertices = players};
    for (std::uint32_t i = 0; i + 1 < players; ++i) network.edges.push_back({i, i + 1});
    return network;
}

Network circle(std::uint32_t players) {
    Network network = path(players);
    network.edges.push_back({players - 1, 0});
    return network;
}

std::vector<std::size_t> degrees(const Network& network) {
    std::vector<std::size_t> result(network.vertices, 0);
    for (const NetworkEdge& edge : network.edges) {
        ++result[edge.source];
        ++result[edge.target];
    }
    std::sort(result.begin(), result.end());
    return result;
}

/// Whether some network of the list has these degrees. Enough to know the shapes that are asked for here.
bool holds(const std::vector<UnnamedNetwork>& networks, const Network& shape) {
    return std::any_of(networks.begin(), networks.end(),
                       [&](const UnnamedNetwork& each) { return degrees(each.network) == degrees(shape); });
}

std::size_t namings(const std::vector<UnnamedNetwork>& networks) {
    std::size_t all = 0;
    for (const UnnamedNetwork& each : networks) all += each.namings;
    return all;
}

}  // namespace

TEST_CASE("Friends of friends are worth less with distance, and ties cost who holds them") {
    const ConnectionsModel model{.decay = 0.5, .cost = 0.2};
    const std::vector<double> utilities = connections_utilities(path(4), model);
    const double end = 0.5 + 0.25 + 0.125 - 0.2;
    const double middle = 2 * 0.5 + 0.25 - 2 * 0.2;
    const double expected[] = {end, middle, middle, end};
    for (std::size_t i = 0; i < 4; ++i) CHECK(utilities[i] == Approx(expected[i]).epsilon(1e-15));
    CHECK(connections_welfare(path(4), model) == Approx(2 * end + 2 * middle).epsilon(1e-14));
    // Who can't be reached is worth nothing.
    const Network apart{.vertices = 3, .edges = {{0, 1}}};
    CHECK(connections_utilities(apart, model)[2] == 0);
    CHECK(connections_welfare(apart, model) == Approx(0.6).epsilon(1e-15));
}

TEST_CASE("Welfare of the complete network and of the star are as Jackson and Wolinsky count them") {
    const ConnectionsModel model{.decay = 0.7, .cost = 0.4};
    for (std::size_t players = 2; players < 9; ++players) {
        const auto n = static_cast<double>(players);
        const Network complete = network_of_shape(ConnectionsShape::complete, players);
        const Network star = network_of_shape(ConnectionsShape::star, players);
        CHECK(connections_welfare(complete, model) == Approx(n * (n - 1) * 0.3).epsilon(1e-13));
        CHECK(connections_welfare(star, model)
              == Approx(2 * (n - 1) * 0.3 + (n - 1) * (n - 2) * 0.49).epsilon(1e-13));
        CHECK(connections_welfare(network_of_shape(ConnectionsShape::empty, players), model) == 0);
    }
}

TEST_CASE("The efficient network is complete, a star or empty, as the theorem says") {
    std::size_t seen[3] = {};
    for (std::size_t players = 3; players <= 6; ++players)
        for (const double decay : {0.2, 0.5, 0.8})
            for (const double cost : {0.03, 0.13, 0.21, 0.31, 0.57, 0.93, 1.41, 2.11}) {
                CAPTURE(players, decay, cost);
                const ConnectionsModel model{.decay = decay, .cost = cost};
                const ConnectionsCensus census = connections_census(players, model);
                const ConnectionsShape shape = efficient_shape(players, model);
                const Network expected = network_of_shape(shape, players);
                REQUIRE(census.efficient.size() == 1);
                CHECK(degrees(census.efficient[0].network) == degrees(expected));
                CHECK(census.efficient[0].namings == (shape == ConnectionsShape::star ? players : 1));
                CHECK(census.greatest_welfare
                      == Approx(connections_welfare(expected, model)).epsilon(1e-13).margin(0));
                ++seen[static_cast<std::size_t>(shape)];
            }
    for (const std::size_t count : seen) CHECK(count >= 10);
}

TEST_CASE("Stable networks are as Jackson and Wolinsky's proposition has them") {
    std::size_t unique_complete = 0;
    std::size_t star_is_stable = 0;
    std::size_t star_falls_apart = 0;
    for (std::size_t players = 3; players <= 6; ++players)
        for (const double decay : {0.2, 0.5, 0.8})
            for (const double cost : {0.03, 0.13, 0.21, 0.31, 0.57, 0.93, 1.41}) {
                CAPTURE(players, decay, cost);
                const ConnectionsModel model{.decay = decay, .cost = cost};
                const ConnectionsCensus census = connections_census(players, model);
                const Network star = network_of_shape(ConnectionsShape::star, players);
                const Network empty = network_of_shape(ConnectionsShape::empty, players);
                if (cost < decay - decay * decay) {
                    REQUIRE(census.stable.size() == 1);
                    CHECK(census.stable[0].network.edges.size() == players * (players - 1) / 2);
                    ++unique_complete;
                } else if (cost < decay) {
                    CHECK(is_pairwise_stable(star, model));
                    CHECK(holds(census.stable, star));
                    CHECK_FALSE(holds(census.stable, empty));
                    ++star_is_stable;
                } else {
                    CHECK_FALSE(is_pairwise_stable(star, model));
                    CHECK(holds(census.stable, empty));
                    for (const UnnamedNetwork& each : census.stable)
                        for (const std::size_t degree : degrees(each.network)) CHECK(degree != 1);
                    if (efficient_shape(players, model) == ConnectionsShape::star) ++star_falls_apart;
                }
            }
    CHECK(unique_complete >= 10);
    CHECK(star_is_stable >= 10);
    CHECK(star_falls_apart >= 10);  // efficient, and yet not stable
}

TEST_CASE("The census of stable networks is what trying them one by one finds") {
    for (const double cost : {0.1, 0.3, 0.36, 0.45, 0.53}) {
        const ConnectionsModel model{.decay = 0.5, .cost = cost};
        const ConnectionsCensus census = connections_census(5, model);
        std::size_t stable = 0;
        for (std::uint32_t code = 0; code < 1024; ++code) {
            Network network{.vertices = 5};
            std::uint32_t bit = 0;
            for (std::uint32_t i = 0; i < 5; ++i)
                for (std::uint32_t j = i + 1; j < 5; ++j)
                    if (code >> bit++ & 1U) network.edges.push_back({i, j});
            stable += is_pairwise_stable(network, model);
        }
        CAPTURE(cost);
        CHECK(stable >= 1);
        CHECK(namings(census.stable) == stable);
    }
}

TEST_CASE("A circle of four is stable just where neither a chord nor a gap pays") {
    // A chord brings decay - decay² for cost; a gap saves cost and loses decay - decay³.
    const auto stable = [](double cost) {
        return is_pairwise_stable(circle(4), {.decay = 0.5, .cost = cost});
    };
    CHECK_FALSE(stable(0.249));
    CHECK(stable(0.251));
    CHECK(stable(0.374));
    CHECK_FALSE(stable(0.376));
    // At the borders nobody gains strictly.
    CHECK(stable(0.25));
    CHECK(stable(0.375));
    const ConnectionsCensus census = connections_census(4, {.decay = 0.5, .cost = 0.3});
    REQUIRE(holds(census.stable, circle(4)));
    for (const UnnamedNetwork& each : census.stable)
        if (degrees(each.network) == degrees(circle(4))) CHECK(each.namings == 3);
}

TEST_CASE("Ties dearer than a friend can last in a circle that is not the best there is") {
    // decay < cost < decay + decay² - decay³ - decay⁴ = 0.5625
    const ConnectionsModel model{.decay = 0.5, .cost = 0.53};
    const ConnectionsCensus census = connections_census(5, model);
    CHECK(is_pairwise_stable(circle(5), model));
    CHECK_FALSE(is_pairwise_stable(circle(5), {.decay = 0.5, .cost = 0.57}));
    REQUIRE(census.stable.size() == 2);
    CHECK(census.stable[0].network.edges.empty());
    CHECK(census.stable[0].namings == 1);
    CHECK(census.stable[1].namings == 12);  // 4! / 2
    CHECK(connections_welfare(census.stable[1].network, model) == Approx(5 * (1.5 - 1.06)).epsilon(1e-13));
    CHECK(census.greatest_welfare == Approx(4 + 3 - 8 * 0.53).epsilon(1e-13));
}

TEST_CASE("Two who want a tie need both to agree") {
    // The middle of a path gains nothing by its ends' being joined, but these do where decay - decay² > cost.
    CHECK(is_pairwise_stable(path(3), {.decay = 0.5, .cost = 0.26}));
    CHECK_FALSE(is_pairwise_stable(path(3), {.decay = 0.5, .cost = 0.24}));
    // A lone player would gain by a tie to a circle of five, but whoever gave it would lose 0.03.
    const ConnectionsModel dear{.decay = 0.5, .cost = 0.53};
    Network waiting = circle(5);
    waiting.vertices = 6;
    Network joined = waiting;
    joined.edges.push_back({2, 5});
    CHECK(connections_utilities(joined, dear)[5] > 0.7);
    CHECK(connections_utilities(joined, dear)[2]
          == Approx(connections_utilities(waiting, dear)[2] - 0.03).epsilon(1e-13));
    CHECK(is_pairwise_stable(waiting, dear));
    CHECK(holds(connections_census(6, dear).stable, waiting));
    CHECK(is_pairwise_stable({.vertices = 2}, dear));
    CHECK_FALSE(is_pairwise_stable({.vertices = 2, .edges = {{0, 1}}}, dear));
}

TEST_CASE("A connections model that makes no sense is refused by name") {
    CHECK_THROWS_WITH(connections_welfare(path(3), {.decay = 1, .cost = 0.1}), Contains("decay is 1"));
    CHECK_THROWS_WITH(connections_welfare(path(3), {.decay = 0, .cost = 0.1}), Contains("decay is 0"));
    CHECK_THROWS_WITH(is_pairwise_stable(path(3), {.decay = 0.5, .cost = -1}), Contains("cost is -1"));
    CHECK_THROWS_WITH(connections_census(7, {}), Contains("7 players"));
    CHECK_THROWS_WITH(connections_census(0, {}), Contains("0 players"));
    CHECK_THROWS_WITH(connections_utilities(Network{.directed = true, .vertices = 2}, {}),
                      Contains("undirected"));
    CHECK_THROWS_WITH(connections_utilities(Network{.vertices = 2, .edges = {{0, 1}, {1, 0}}}, {}),
                      Contains("there twice"));
}
