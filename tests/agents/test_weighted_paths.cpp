// Measures by weights, against small networks that are solved by hand and exact values.
#include "agents/network/centrality.hpp"
#include "agents/network/distances.hpp"
#include "agents/network/measures.hpp"
#include "agents/network/structural_holes.hpp"
#include "tests/agents/measured_networks.hpp"

#include <catch2/catch.hpp>

#include <stdexcept>
#include <string_view>
#include <vector>

using namespace venturi;
using namespace venturi::testing;
using Catch::Matchers::Contains;

namespace {

std::vector<double> raw_betweenness(const Network& network) {
    return betweenness(network, {.paths = {.weight_is_length = true}, .normalised = false});
}

void check_near(const std::vector<double>& found, const std::vector<double>& expected) {
    REQUIRE(found.size() == expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
        CAPTURE(i);
        CHECK(found[i] == Approx(expected[i]).epsilon(1e-12).margin(1e-14));
    }
}

}  // namespace

TEST_CASE("two paths of one length share what passes between their ends", "[network]") {
    // 0 to 3 over 1 or over 2, both of length 3; 1 to 2 over 0 or over 3, both of length 3.
    const Network square{.vertices = 4, .edges = {{0, 1, 1}, {1, 3, 2}, {0, 2, 2}, {2, 3, 1}}};
    check_near(raw_betweenness(square), {0.5, 0.5, 0.5, 0.5});
    // A diagonal of 3 is a third path from 0 to 3; one that is shorter is the only one.
    Network crossed = square;
    crossed.edges.push_back({0, 3, 3});
    check_near(raw_betweenness(crossed), {0.5, 1.0 / 3, 1.0 / 3, 0.5});
    crossed.edges.back().weight = 2.5;
    check_near(raw_betweenness(crossed), {0.5, 0, 0, 0.5});
}

TEST_CASE("lengths whose sums differ by rounding alone are equal", "[network]") {
    REQUIRE(0.1 + 0.2 != 0.3);
    check_near(raw_betweenness({.vertices = 3, .edges = {{0, 1, 0.1}, {1, 2, 0.2}, {0, 2, 0.3}}}),
               {0, 0.5, 0});
    // Ten edges of a tenth beside one of 1, which is longer than their sum by a rounding.
    Network ring = path_network(11);
    for (NetworkEdge& edge : ring.edges) edge.weight = 0.1;
    ring.edges.push_back({0, 10, 1});
    // What passes over the long edge is half of what joins its ends.
    CHECK(edge_betweenness(ring, {.paths = {.weight_is_length = true}, .normalised = false}).back()
          == Approx(0.5).epsilon(1e-12));
    // Thirds: 1/3 + 1/3 + 1/3 beside 1.
    const Network thirds =
        lengths_from_strengths({.vertices = 4, .edges = {{0, 1, 3}, {1, 2, 3}, {2, 3, 3}, {0, 3, 1}}});
    check_near(raw_betweenness(thirds), {0, 1.5, 1.5, 0});
}

TEST_CASE("paths on a grid of tenths tie as they do on a grid of ones", "[network]") {
    const auto grid = [](double length) {
        Network network{.vertices = 36};
        for (std::uint32_t row = 0; row < 6; ++row)
            for (std::uint32_t column = 0; column < 6; ++column) {
                const std::uint32_t vertex = 6 * row + column;
                if (column < 5) network.edges.push_back({vertex, vertex + 1, length});
                if (row < 5) network.edges.push_back({vertex, vertex + 6, length});
            }
        return network;
    };
    check_near(raw_betweenness(grid(0.1)), betweenness(grid(1), {.normalised = false}));
}

TEST_CASE("closeness, distances and their summaries go by lengths", "[network]") {
    const Network path{.vertices = 3, .edges = {{0, 1, 2}, {1, 2, 3}}};
    const PathOptions by_length{.weight_is_length = true};
    check_near(closeness(path, by_length), {2.0 / 7, 2.0 / 5, 2.0 / 8});
    check_near(harmonic_centrality(path, by_length),
               {1.0 / 2 + 1.0 / 5, 1.0 / 2 + 1.0 / 3, 1.0 / 3 + 1.0 / 5});
    check_near(eccentricity(path, by_length), {5, 3, 5});
    CHECK(path_summary(path, by_length).diameter == 5);
    CHECK(path_summary(path, by_length).mean_distance == Approx(20.0 / 6));
    // A long edge is passed by where a detour is shorter, and only the way of its arrows where it has one.
    const Network directed{.directed = true, .vertices = 3, .edges = {{0, 1, 1}, {1, 2, 1}, {0, 2, 5}}};
    check_near(closeness(directed, by_length), {2.0 / 3, 0.5, 0});
    check_near(raw_betweenness(directed), {0, 1, 0});
}

TEST_CASE("strengths are lengths of their reciprocals", "[network]") {
    const Network network{.vertices = 3, .edges = {{0, 1, 4}, {1, 2, 0.5}}, .names = {"a", "b", "c"}};
    CHECK(distances_from(lengths_from_strengths(network), 0, {.weight_is_length = true})
          == std::vector<double>{0, 0.25, 2.25});
    Network zero = network;
    zero.edges[1].weight = 0;
    CHECK_THROWS_WITH(lengths_from_strengths(zero), Contains("from b to c has the strength 0"));
    zero.edges[1].weight = 1e-310;
    CHECK_THROWS_AS(lengths_from_strengths(zero), std::invalid_argument);
}

TEST_CASE("the karate club by lengths and by strengths is what exact fractions make of it", "[network]") {
    // networkx 3.6 on fractions of whole numbers, so that ties are exact; with doubles it loses those between
    // sums of reciprocals (0.394886 for the first).
    const Network club = karate_club();
    const Network lengths = lengths_from_strengths(club);
    const BetweennessOptions by_length{.paths = {.weight_is_length = true}};
    const auto check_some = [](const std::vector<double>& found,
                               const std::vector<std::pair<std::size_t, double>>& expected) {
        for (const auto& [vertex, value] : expected) {
            CAPTURE(vertex);
            CHECK(found[vertex] == Approx(value).epsilon(1e-12).margin(1e-14));
        }
    };
    check_some(betweenness(lengths, by_length), {{0, 0.39583333333333337},
                                                 {33, 0.32954545454545453},
                                                 {2, 0.33522727272727276},
                                                 {31, 0.08996212121212122},
                                                 {9, 0}});
    check_some(betweenness(club, by_length), {{0, 0.4737689393939393},
                                              {33, 0.3967803030303029},
                                              {2, 0.0694128787878788},
                                              {31, 0.12563131313131315},
                                              {9, 0.01379419191919192}});
    check_some(closeness(lengths, by_length.paths),
               {{0, 1.5382907880133185}, {33, 1.610317183687696}, {16, 0.809106830122592}});
    check_some(closeness(club, by_length.paths),
               {{0, 0.25384615384615383}, {33, 0.25190839694656486}, {16, 0.10855263157894737}});
    check_some(constraint(club, {.weighted = true}),
               {{0, 0.19062348905638032}, {33, 0.18628728563229374}, {16, 0.9397491245018718}});
}

TEST_CASE("constraint by strengths is Burt's sum over a triangle", "[network]") {
    const Network triangle{.vertices = 3, .edges = {{0, 1, 1}, {1, 2, 2}, {0, 2, 3}}};
    // Of 0: (1/4 + 3/4 · 2/5)² + (3/4 + 1/4 · 2/3)², and so on.
    check_near(constraint(triangle, {.weighted = true}), {2057.0 / 1800, 4961.0 / 3600, 121.0 / 144});
    check_near(effective_size(triangle, {.weighted = true}), {13.0 / 12, 1, 47.0 / 30});
}

TEST_CASE("measures that may go by weights say as what, and agree with those by steps where all are one",
          "[network]") {
    const Network families = florentine_families();
    for (const VertexMeasure& measure : vertex_measures()) {
        CAPTURE(measure.name);
        CHECK((measure.role == WeightRole::none) == (measure.by_weights == nullptr));
        if (measure.role != WeightRole::none) check_near(measure.by_weights(families), measure.of(families));
    }
    for (const NetworkMeasure& measure : network_measures()) {
        CAPTURE(measure.name);
        if (measure.role != WeightRole::none)
            CHECK(measure.by_weights(families) == Approx(measure.of(families)));
    }
}
