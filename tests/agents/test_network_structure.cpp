#include "agents/network/assortativity.hpp"
#include "agents/network/centrality.hpp"
#include "agents/network/clustering.hpp"
#include "agents/network/cohesion.hpp"
#include "agents/network/distances.hpp"
#include "agents/network/structural_holes.hpp"
#include "tests/agents/measured_networks.hpp"

#include <Eigen/Dense>
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <stdexcept>
#include <vector>

using namespace venturi;
using namespace venturi::testing;

namespace {

using Vector = std::vector<double>;
using Counts = std::vector<std::size_t>;
using Indices = std::vector<std::uint32_t>;

Eigen::MatrixXd ties_between(const Network& network) {
    const auto n = static_cast<Eigen::Index>(network.vertices);
    Eigen::MatrixXd matrix = Eigen::MatrixXd::Zero(n, n);
    for (const NetworkEdge& edge : network.edges) {
        matrix(edge.source, edge.target) += edge.weight;
        matrix(edge.target, edge.source) += edge.weight;
    }
    return matrix;
}

// Which vertices paths lead to, by squaring.
Eigen::MatrixXi reachable(const Network& network) {
    const auto n = static_cast<Eigen::Index>(network.vertices);
    Eigen::MatrixXi matrix = Eigen::MatrixXi::Identity(n, n);
    for (const NetworkEdge& edge : network.edges) {
        matrix(edge.source, edge.target) = 1;
        if (!network.directed) matrix(edge.target, edge.source) = 1;
    }
    for (Eigen::Index length = 1; length < n; length *= 2) matrix = (matrix * matrix).cwiseMin(1);
    return matrix;
}

Network without_vertex(const Network& network, std::uint32_t vertex) {
    Network left = network;
    std::erase_if(left.edges,
                  [&](const NetworkEdge& edge) { return edge.source == vertex || edge.target == vertex; });
    return left;
}

Network without_edge(const Network& network, std::size_t edge) {
    Network left = network;
    left.edges.erase(left.edges.begin() + static_cast<std::ptrdiff_t>(edge));
    return left;
}

// Takes away vertices with fewer than k neighbours until there are none.
bool in_core(const Network& network, std::uint32_t vertex, std::size_t k) {
    Eigen::MatrixXi joined = ties_between(network).cwiseMin(1).cast<int>();
    std::vector<bool> gone(network.vertices);
    for (bool changed = true; changed;) {
        changed = false;
        for (Eigen::Index i = 0; i < joined.rows(); ++i)
            if (!gone[static_cast<std::size_t>(i)] && joined.row(i).sum() < static_cast<int>(k)) {
                joined.row(i).setZero();
                joined.col(i).setZero();
                gone[static_cast<std::size_t>(i)] = changed = true;
            }
    }
    return !gone[vertex];
}

}  // namespace

TEST_CASE("distances are what one walks, with the edges, against them, or by their lengths", "[network]") {
    const double never = std::numeric_limits<double>::infinity();
    const Network network{
        .directed = true, .vertices = 5, .edges = {{0, 1, 5}, {1, 2, 1}, {0, 2, 7}, {3, 0, 2}}};
    CHECK(distances_from(network, 0) == Vector{0, 1, 1, never, never});
    CHECK(distances_from(network, 0, {.direction = EdgeDirection::in}) == Vector{0, never, never, 1, never});
    CHECK(distances_from(network, 2, {.direction = EdgeDirection::both}) == Vector{1, 1, 0, 2, never});
    CHECK(distances_from(network, 0, {.weight_is_length = true}) == Vector{0, 5, 6, never, never});
    CHECK_THROWS_WITH(distances_from(network, 5),
                      Catch::Contains("vertex 5") && Catch::Contains("network of 5"));
    CHECK(eccentricity(network) == Vector{1, 1, 0, 2, 0});
}

TEST_CASE("the reach of all vertices at once is that of each by itself", "[network]") {
    for (const bool directed : {false, true})
        for (const bool lengths : {false, true})
            for (const EdgeDirection direction :
                 {EdgeDirection::out, EdgeDirection::in, EdgeDirection::both}) {
                CAPTURE(directed, lengths, static_cast<int>(direction));
                // More than two words of 64 sources, the last not full.
                const Network network = random_network(150, 0.012, directed, 21);
                const PathOptions options{.direction = direction, .weight_is_length = lengths};
                const std::vector<Reach> all = reaches(network, options);
                REQUIRE(all.size() == 150);
                for (std::size_t source = 0; source < 150; ++source) {
                    Reach expected;
                    for (const double distance : distances_from(network, source, options)) {
                        if (distance == 0 || !std::isfinite(distance)) continue;
                        ++expected.reached;
                        expected.farthest = std::max(expected.farthest, distance);
                        expected.total += distance;
                        expected.reciprocal += 1 / distance;
                    }
                    REQUIRE(all[source].reached == expected.reached);
                    REQUIRE(all[source].farthest == expected.farthest);
                    REQUIRE(all[source].total == expected.total);
                    REQUIRE(all[source].reciprocal == Approx(expected.reciprocal).epsilon(1e-13));
                }
            }
}

TEST_CASE("simple shapes are as wide as they look", "[network]") {
    const PathSummary path = path_summary(path_network(100));
    CHECK(path.diameter == 99);
    CHECK(path.mean_distance == Approx(101.0 / 3));
    CHECK(path.joined_share == 1);
    CHECK(path_summary(cycle_network(10)).diameter == 5);
    CHECK(path_summary(cycle_network(10, true)).diameter == 9);
    CHECK(path_summary(cycle_network(10, true)).mean_distance == Approx(5));
    CHECK(path_summary(star_network(11)).mean_distance == Approx(2 - 2.0 / 11));
    CHECK(path_summary(complete_network(5)).efficiency == 1);
    CHECK(path_summary(karate_club()).diameter == 5);
    CHECK(path_summary(karate_club()).mean_distance == Approx(2.408199643493761).epsilon(1e-14));
    const PathSummary apart = path_summary(side_by_side(path_network(3), path_network(2)));
    CHECK(apart.joined_pairs == 8);
    CHECK(apart.joined_share == Approx(0.4));
    CHECK(apart.diameter == 2);
    CHECK(apart.mean_distance == Approx(10.0 / 8));
    CHECK(apart.efficiency == Approx((6 + 2 * 0.5) / 20));
    CHECK(std::isnan(path_summary({.vertices = 3}).mean_distance));
    CHECK(path_summary({.vertices = 3}).efficiency == 0);
    CHECK(std::isnan(path_summary({}).efficiency));
    CHECK(eccentricity({}).empty());
    CHECK(eccentricity({.vertices = 1}) == Vector{0});
}

TEST_CASE("triangles are found once each, with their edges", "[network]") {
    for (const std::uint64_t seed : {31, 32}) {
        const Network network = random_network(40, 0.2, false, seed);
        std::set<std::set<std::uint32_t>> found;
        std::size_t calls = 0;
        each_triangle(network, [&](const Triangle& triangle) {
            ++calls;
            found.insert({triangle.vertices.begin(), triangle.vertices.end()});
            for (std::size_t i = 0; i < 3; ++i) {
                const NetworkEdge& edge = network.edges.at(triangle.edges[i]);
                const std::set<std::uint32_t> ends = {edge.source, edge.target};
                REQUIRE(ends
                        == std::set<std::uint32_t>{triangle.vertices[(i + 1) % 3],
                                                   triangle.vertices[(i + 2) % 3]});
            }
        });
        const Eigen::MatrixXd joined = ties_between(weighed(network, false));
        const Eigen::MatrixXd thrice = joined * joined * joined;
        CHECK(static_cast<double>(calls) == Approx(thrice.trace() / 6));
        CHECK(found.size() == calls);
        const Counts at = triangles(network);
        const Vector local = clustering_coefficient(network);
        for (Eigen::Index i = 0; i < joined.rows(); ++i) {
            const double k = joined.row(i).sum();
            REQUIRE(static_cast<double>(at[static_cast<std::size_t>(i)]) == Approx(thrice(i, i) / 2));
            REQUIRE(local[static_cast<std::size_t>(i)] == Approx(k < 2 ? 0 : thrice(i, i) / (k * (k - 1))));
        }
    }
    CHECK_THROWS_AS(each_triangle(path_network(3, true), [](const Triangle&) {}), std::invalid_argument);
}

TEST_CASE("clustering is whole in a complete network, and none in a star or a ring", "[network]") {
    CHECK(clustering_coefficient(complete_network(5)) == Vector(5, 1.0));
    CHECK(triangles(complete_network(5)) == Counts(5, 6));
    CHECK(clustering_summary(complete_network(5)).triangles == 10);
    CHECK(clustering_summary(star_network(6)).transitivity == 0);
    CHECK(clustering_summary(star_network(6)).connected_triples == 10);
    CHECK(clustering_coefficient(cycle_network(4)) == Vector(4, 0.0));
    CHECK(clustering_summary(karate_club()).transitivity == Approx(0.2556818181818182).epsilon(1e-14));
    CHECK(clustering_summary(karate_club()).triangles == 45);
    CHECK(clustering_summary(karate_club()).mean_local == Approx(0.5706384782076823).epsilon(1e-14));
    // Directions don't count, and two edges between two vertices are one.
    const Network looped{.directed = true, .vertices = 4, .edges = {{0, 1}, {1, 0}, {1, 2}, {2, 0}, {3, 0}}};
    CHECK(triangles(looped) == Counts{1, 1, 1, 0});
    CHECK(clustering_coefficient(looped)[0] == Approx(1 / 3.0));
    CHECK(clustering_coefficient(looped)[3] == 0);
    CHECK(clustering_coefficient({}).empty());
    CHECK(std::isnan(clustering_summary({}).mean_local));
    CHECK(clustering_coefficient({.vertices = 1}) == Vector{0});
}

TEST_CASE("components are numbered by their first vertices, and directions make more of them", "[network]") {
    // A cycle of three with a tail, a pair, and a vertex by itself; the numbers mixed.
    const Network network{.directed = true, .vertices = 7, .edges = {{6, 2}, {2, 4}, {4, 6}, {4, 1}, {5, 3}}};
    const Components weak = weak_components(network);
    CHECK(weak.of_vertex == Indices{0, 1, 1, 2, 1, 2, 1});
    CHECK(weak.sizes == Counts{1, 4, 2});
    CHECK(weak.largest() == 1);
    const Components strong = strong_components(network);
    CHECK(strong.of_vertex == Indices{0, 1, 2, 3, 2, 4, 2});
    CHECK(strong.sizes == Counts{1, 1, 3, 1, 1});
    CHECK(strong_components(undirected(network)).of_vertex == weak.of_vertex);
    CHECK(weak_components({}).count() == 0);
    CHECK_THROWS_AS(weak_components({}).largest(), std::invalid_argument);
    CHECK(weak_components({.vertices = 3}).count() == 3);
    for (const std::uint64_t seed : {41, 42, 43}) {
        const Network random = random_network(50, 0.03, true, seed);
        const Eigen::MatrixXi along = reachable(random);
        const Eigen::MatrixXi across = reachable(undirected(random));
        const Components parts = strong_components(random);
        const Components islands = weak_components(random);
        for (Eigen::Index i = 0; i < 50; ++i)
            for (Eigen::Index j = 0; j < 50; ++j) {
                const auto a = static_cast<std::size_t>(i);
                const auto b = static_cast<std::size_t>(j);
                REQUIRE((parts.of_vertex[a] == parts.of_vertex[b]) == (along(i, j) == 1 && along(j, i) == 1));
                REQUIRE((islands.of_vertex[a] == islands.of_vertex[b]) == (across(i, j) == 1));
            }
    }
}

TEST_CASE("a vertex's core number is the largest k whose core survives with it", "[network]") {
    CHECK(core_number(complete_network(5)) == Counts(5, 4));
    CHECK(core_number(cycle_network(5)) == Counts(5, 2));
    CHECK(core_number(star_network(5)) == Counts(5, 1));
    CHECK(core_number({}).empty());
    CHECK(core_number({.vertices = 2}) == Counts{0, 0});
    // Two edges between two vertices are one neighbour.
    CHECK(core_number({.directed = true, .vertices = 2, .edges = {{0, 1}, {1, 0}}}) == Counts{1, 1});
    const Network network = random_network(40, 0.12, false, 44);
    const Counts core = core_number(network);
    for (std::uint32_t i = 0; i < 40; ++i) {
        REQUIRE(in_core(network, i, core[i]));
        REQUIRE_FALSE(in_core(network, i, core[i] + 1));
    }
    CHECK(*std::max_element(core.begin(), core.end()) > *std::min_element(core.begin(), core.end()) + 1);
}

TEST_CASE("without an articulation point or a bridge there are more components", "[network]") {
    CHECK(articulation_points(path_network(4)) == Indices{1, 2});
    CHECK(bridges(path_network(4)) == Indices{0, 1, 2});
    CHECK(articulation_points(cycle_network(4)).empty());
    CHECK(bridges(cycle_network(4)).empty());
    CHECK(articulation_points(star_network(4)) == Indices{0});
    CHECK(articulation_points({}).empty());
    CHECK(bridges({.vertices = 1}).empty());
    // There and back is no bridge, there alone is one.
    CHECK(bridges({.directed = true, .vertices = 3, .edges = {{0, 1}, {2, 1}, {1, 0}}}) == Indices{1});
    for (const bool directed : {false, true})
        for (const std::uint64_t seed : {51, 52, 53}) {
            const Network network = random_network(45, directed ? 0.025 : 0.05, directed, seed);
            const std::size_t before = weak_components(network).count();
            Indices cutting;
            for (std::uint32_t i = 0; i < network.vertices; ++i)
                // The vertex stays behind by itself.
                if (weak_components(without_vertex(network, i)).count() > before + 1) cutting.push_back(i);
            CHECK(articulation_points(network) == cutting);
            CHECK(cutting.size() > 2);
            Indices bridging;
            for (std::uint32_t i = 0; i < network.edges.size(); ++i)
                if (weak_components(without_edge(network, i)).count() > before) bridging.push_back(i);
            CHECK(bridges(network) == bridging);
            CHECK(bridging.size() > 2);
            CHECK(bridging.size() < network.edges.size());
        }
}

TEST_CASE("a broker between strangers is free, and one among friends is not", "[network]") {
    CHECK(constraint(star_network(6))[0] == Approx(1 / 5.0));
    CHECK(constraint(star_network(6))[1] == Approx(1));
    CHECK(effective_size(star_network(6))[0] == Approx(5));
    // In a triangle, twice (1/2 + 1/4)².
    CHECK(constraint(complete_network(3))[0] == Approx(1.125));
    const Network acyclic{.directed = true, .vertices = 3, .edges = {{0, 1, 1}, {1, 2, 1}, {0, 2, 1}}};
    for (const double value : constraint(acyclic)) CHECK(value == Approx(1.125));
    for (const double size : effective_size(complete_network(7))) CHECK(size == Approx(1));
    CHECK(std::isnan(constraint({.vertices = 1})[0]));
    CHECK(std::isnan(effective_size({.vertices = 1})[0]));
    CHECK(constraint({}).empty());
    CHECK(constraint(florentine_families())[1] == Approx(0.20987654320987653).epsilon(1e-14));
    CHECK(effective_size(florentine_families())[1] == Approx(5.666666666666667).epsilon(1e-14));
    const Network silent{.vertices = 2, .edges = {{0, 1, 0}}};
    CHECK_THROWS_WITH(constraint(silent, {.weighted = true}), Catch::Contains("must be positive"));
    CHECK(constraint(silent)[0] == 1);
}

TEST_CASE("Burt's measures are their formulae, summed without thought", "[network]") {
    for (const bool directed : {false, true})
        for (const bool weighted : {false, true}) {
            CAPTURE(directed, weighted);
            const Network network = random_network(35, 0.12, directed, 61);
            const Eigen::MatrixXd z = ties_between(weighed(network, weighted));
            const Vector constrained = constraint(network, {.weighted = weighted});
            const Vector size = effective_size(network, {.weighted = weighted});
            for (Eigen::Index i = 0; i < z.rows(); ++i) {
                if (z.row(i).sum() == 0) continue;
                const auto p = [&](Eigen::Index a, Eigen::Index b) { return z(a, b) / z.row(a).sum(); };
                double expected_constraint = 0;
                double expected_size = 0;
                for (Eigen::Index j = 0; j < z.rows(); ++j) {
                    if (z(i, j) == 0) continue;
                    double indirect = 0;
                    double redundant = 0;
                    for (Eigen::Index q = 0; q < z.rows(); ++q) {
                        if (q == i || q == j) continue;
                        if (z(q, j) > 0) indirect += p(i, q) * p(q, j);
                        redundant += p(i, q) * z(j, q) / z.row(j).maxCoeff();
                    }
                    expected_constraint += std::pow(p(i, j) + indirect, 2);
                    expected_size += 1 - redundant;
                }
                REQUIRE(constrained[static_cast<std::size_t>(i)]
                        == Approx(expected_constraint).epsilon(1e-12));
                REQUIRE(size[static_cast<std::size_t>(i)] == Approx(expected_size).epsilon(1e-12));
            }
        }
}

TEST_CASE("the karate club's hubs are joined with its beginners", "[network]") {
    CHECK(degree_assortativity(karate_club()) == Approx(-0.47561309768461435).epsilon(1e-12));
    CHECK(degree_assortativity(star_network(7)) == Approx(-1));
    CHECK(std::isnan(degree_assortativity(cycle_network(7))));
    CHECK(std::isnan(degree_assortativity({})));
    // Two stars of one edge each, and a chain of three: by hand, ends 1·1 twice, and 1·2 four times.
    const Network network = side_by_side(side_by_side(path_network(2), path_network(2)), path_network(3));
    CHECK(degree_assortativity(network) == Approx(-1 / 3.0));
}

TEST_CASE("a directed network is assortative by the degrees that one asks for", "[network]") {
    const Network network{.directed = true, .vertices = 4, .edges = {{0, 1}, {0, 2}, {1, 2}, {2, 3}, {3, 2}}};
    // Over the edges, out-degrees of sources 2, 2, 1, 1, 1 and in-degrees of targets 1, 3, 3, 1, 3.
    CHECK(degree_assortativity(network) == Approx(-0.4 / std::sqrt(1.2 * 4.8)));
    // In-degrees of sources 0, 0, 1, 3, 1, and again those of targets.
    CHECK(degree_assortativity(network, {.at_source = EdgeDirection::in}) == Approx(-2 / std::sqrt(6 * 4.8)));
    CHECK(numeric_assortativity(network, Vector{1, 2, 3, 4}) == Approx(2 / std::sqrt(6.8 * 2)));
    CHECK_THROWS_WITH(numeric_assortativity(network, Vector{1, 2}), Catch::Contains("4 vertices"));
}

TEST_CASE("groups that keep to themselves are assortative, and strangers only meet in pairs", "[network]") {
    const Indices halves = {0, 0, 0, 1, 1, 1};
    const Network apart = side_by_side(complete_network(3), complete_network(3));
    CHECK(group_assortativity(apart, halves) == Approx(1));
    CHECK(modularity(apart, halves) == Approx(0.5));
    CHECK(group_assortativity(path_network(6), Indices{0, 1, 0, 1, 0, 1}) == Approx(-1));
    CHECK(std::isnan(group_assortativity(apart, Indices(6, 3))));
    CHECK(std::isnan(group_assortativity({.vertices = 2}, Indices{0, 1})));
    CHECK(modularity(apart, Indices(6, 3)) == Approx(0).margin(1e-15));
    CHECK(modularity(apart, Indices{0, 10, 20, 30, 40, 50}) == Approx(-1 / 6.0));
    CHECK(std::isnan(modularity({.vertices = 2}, Indices{0, 1})));
    CHECK_THROWS_WITH(modularity(apart, Indices{0, 1}),
                      Catch::Contains("6 vertices") && Catch::Contains("not 2"));
}

TEST_CASE("the split of the karate club has the modularity that was published", "[network]") {
    const Network club = karate_club();
    const Indices clubs = clubs_after_the_split();
    CHECK(modularity(club, clubs) == Approx(0.3582).margin(0.00005));
    CHECK(modularity(club, clubs, {.resolution = 0}) == Approx(67.0 / 78));
    double inside = 0;
    Vector members(2);
    for (const NetworkEdge& edge : club.edges) {
        if (clubs[edge.source] == clubs[edge.target]) inside += edge.weight;
        members[clubs[edge.source]] += edge.weight / 462;
        members[clubs[edge.target]] += edge.weight / 462;
    }
    CHECK(modularity(club, clubs, {.weighted = true})
          == Approx(inside / 231 - members[0] * members[0] - members[1] * members[1]).epsilon(1e-13));
    const Eigen::MatrixXd mixing = mixing_matrix(club, clubs);
    CHECK(mixing.sum() == Approx(1));
    CHECK(mixing(0, 1) == Approx(11.0 / 156));
    const double by_chance =
        (mixing.rowwise().sum().array() * mixing.colwise().sum().transpose().array()).sum();
    CHECK(group_assortativity(club, clubs)
          == Approx((mixing.trace() - by_chance) / (1 - by_chance)).epsilon(1e-13));
}

TEST_CASE("the modularity of a directed network tells who points at whom", "[network]") {
    const Network network{
        .directed = true, .vertices = 4, .edges = {{0, 1, 4}, {1, 0, 1}, {1, 2, 1}, {3, 2, 2}}};
    const Indices halves = {0, 0, 1, 1};
    // Inside 3 of 4; the first half sends 3 and gets 2, the second sends 1 and gets 2.
    CHECK(modularity(network, halves) == Approx(3.0 / 4 - (3.0 * 2 + 1.0 * 2) / 16));
    CHECK(modularity(network, halves, {.weighted = true}) == Approx(7.0 / 8 - (6.0 * 5 + 2.0 * 3) / 64));
    const Eigen::MatrixXd mixing = mixing_matrix(network, halves);
    CHECK(mixing(0, 1) == Approx(0.25));
    CHECK(mixing(1, 0) == 0);
    CHECK(mixing_matrix({.vertices = 2}, Indices{0, 1}).isZero());
}
