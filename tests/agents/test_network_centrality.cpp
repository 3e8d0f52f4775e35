#include "agents/network/centrality.hpp"
#include "tests/agents/measured_networks.hpp"
#include "tests/agents/sample.hpp"

#include <Eigen/Dense>
#include <boost/graph/betweenness_centrality.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

using namespace venturi;
using namespace venturi::testing;

namespace {

using Vector = std::vector<double>;

double distance_between(const Vector& one, const Vector& other) {
    REQUIRE(one.size() == other.size());
    double most = 0;
    for (std::size_t i = 0; i < one.size(); ++i) {
        const double gap = std::abs(one[i] - other[i]);
        if (!(gap <= most)) most = gap;
    }
    return most;
}

// Row v: the edges that arrive at v.
Eigen::MatrixXd dense(const Network& network) {
    const auto n = static_cast<Eigen::Index>(network.vertices);
    Eigen::MatrixXd matrix = Eigen::MatrixXd::Zero(n, n);
    for (const NetworkEdge& edge : network.edges) {
        matrix(edge.target, edge.source) = edge.weight;
        if (!network.directed) matrix(edge.source, edge.target) = edge.weight;
    }
    return matrix;
}

Vector in_order(const Eigen::VectorXd& vector) {
    return {vector.begin(), vector.end()};
}

struct BoostBetweenness {
    Vector vertices;
    Vector edges;
};

// Sums over ordered pairs, by Boost's own algorithm.
BoostBetweenness by_boost(const Network& network, bool weight_is_length) {
    const NetworkGraph graph = graph_of(network);
    BoostBetweenness result{Vector(network.vertices), Vector(network.edges.size())};
    const auto index = get(boost::vertex_index, graph);
    const auto of_vertex = boost::make_iterator_property_map(result.vertices.begin(), index);
    const auto of_edge =
        boost::make_iterator_property_map(result.edges.begin(), get(&NetworkArc::edge, graph));
    if (weight_is_length)
        boost::brandes_betweenness_centrality(
            graph,
            boost::centrality_map(of_vertex).edge_centrality_map(of_edge).vertex_index_map(index).weight_map(
                get(&NetworkArc::weight, graph)));
    else
        boost::brandes_betweenness_centrality(
            graph, boost::centrality_map(of_vertex).edge_centrality_map(of_edge).vertex_index_map(index));
    return result;
}

// The equations that define the rank, solved.
Vector solved_page_rank(const Network& network, double damping) {
    Eigen::MatrixXd step = dense(network);
    const Eigen::Index n = step.rows();
    for (Eigen::Index i = 0; i < n; ++i) {
        const double leaving = step.col(i).sum();
        if (leaving > 0)
            step.col(i) /= leaving;
        else
            step.col(i).setConstant(1 / static_cast<double>(n));
    }
    const Eigen::MatrixXd left = Eigen::MatrixXd::Identity(n, n) - damping * step;
    return in_order(
        left.partialPivLu().solve(Eigen::VectorXd::Constant(n, (1 - damping) / static_cast<double>(n))));
}

}  // namespace

TEST_CASE("among the families of Florence the Medici lie between most others", "[network]") {
    const Network families = florentine_families();
    const Vector between = betweenness(families);
    CHECK(name_of(families, 1) == "Medici");
    CHECK(between[1] == Approx(0.521978021978022).epsilon(1e-12));
    CHECK(between[12] == Approx(0.2545787545787546).epsilon(1e-12));  // Guadagni
    CHECK(between[4] == Approx(0.10256410256410257).epsilon(1e-12));  // Strozzi
    CHECK(between[0] == 0);
    CHECK(betweenness(families, {.normalised = false})[1] == Approx(47.5).epsilon(1e-13));
    CHECK(closeness(families)[1] == Approx(0.56).epsilon(1e-13));
    CHECK(harmonic_centrality(families)[1] == Approx(9.5).epsilon(1e-13));
    CHECK(eigenvector_centrality(families)[1] == Approx(0.4303080940409173).epsilon(1e-11));
    CHECK(page_rank(families)[1] == Approx(0.14581720499756176).epsilon(1e-11));
    // Albizzi's marriage to the Ginori, and Salviati's to the Medici.
    const Vector marriages = edge_betweenness(families);
    CHECK(marriages[15] == Approx(0.13333333333333336).epsilon(1e-12));
    CHECK(marriages[5] == Approx(0.24761904761904763).epsilon(1e-12));
}

TEST_CASE("the centre of a star has every path, and nobody in a complete network has any", "[network]") {
    const Network star = star_network(9);
    CHECK(betweenness(star)[0] == Approx(1));
    CHECK(betweenness(star, {.normalised = false})[0] == Approx(28));  // of 8 leaves, two
    CHECK(betweenness(star)[3] == 0);
    CHECK(edge_betweenness(star, {.normalised = false})[2] == Approx(8));  // a leaf, and the others
    CHECK(closeness(star)[0] == Approx(1));
    CHECK(closeness(star)[5] == Approx(8.0 / 15));
    CHECK(harmonic_centrality(star)[5] == Approx(1 + 7 / 2.0));
    CHECK(betweenness(complete_network(6)) == Vector(6, 0.0));
    CHECK(closeness(complete_network(6)) == Vector(6, 1.0));
    for (const double value : edge_betweenness(complete_network(6)))
        CHECK(value == Approx(1 / 15.0).epsilon(1e-14));
}

TEST_CASE("paths and cycles lie between their vertices as one counts by hand", "[network]") {
    const Vector path = betweenness(path_network(7), {.normalised = false});
    for (std::size_t i = 0; i < 7; ++i) CHECK(path[i] == Approx(static_cast<double>(i * (6 - i))));
    const Vector steps = edge_betweenness(path_network(7), {.normalised = false});
    for (std::size_t i = 0; i < 6; ++i) CHECK(steps[i] == Approx(static_cast<double>((i + 1) * (6 - i))));
    // An odd cycle of n: (n − 1)(n − 3) / 8. An even one: (n − 2)² / 8, as the far end has two ways.
    for (const double value : betweenness(cycle_network(9), {.normalised = false})) CHECK(value == Approx(6));
    for (const double value : betweenness(cycle_network(8), {.normalised = false}))
        CHECK(value == Approx(4.5));
    // One way round: n − 2 others, each of which ends (n − 1)(n − 2) / 2 ways through a vertex in all.
    for (const double value : betweenness(cycle_network(6, true), {.normalised = false}))
        CHECK(value == Approx(10));
}

TEST_CASE("networks of no vertex, of one and of two have their measures of centrality", "[network]") {
    for (const bool directed : {false, true}) {
        const Network none{.directed = directed};
        CHECK(degree(none).empty());
        CHECK(betweenness(none).empty());
        CHECK(edge_betweenness(none).empty());
        CHECK(estimate_betweenness(none).values.empty());
        CHECK(closeness(none).empty());
        CHECK(eigenvector_centrality(none).empty());
        CHECK(page_rank(none).empty());
        const Network one{.directed = directed, .vertices = 1};
        CHECK(strength(one) == Vector{0});
        CHECK(betweenness(one) == Vector{0});
        CHECK(estimate_betweenness(one).standard_errors == Vector{0});
        CHECK(closeness(one) == Vector{0});
        CHECK(harmonic_centrality(one) == Vector{0});
        CHECK(eigenvector_centrality(one) == Vector{directed ? 0.0 : 1.0});
        CHECK(page_rank(one) == Vector{1});
    }
    const Network two = path_network(2);
    CHECK(betweenness(two) == Vector(2, 0.0));
    CHECK(edge_betweenness(two) == Vector{1});
    CHECK(distance_between(eigenvector_centrality(two), Vector(2, std::sqrt(0.5))) < 1e-14);
}

TEST_CASE("edges count where they leave, where they arrive, or both", "[network]") {
    const Network network{.directed = true, .vertices = 4, .edges = {{0, 1, 2}, {1, 0, 3}, {0, 2, 0.5}}};
    using Counts = std::vector<std::size_t>;
    CHECK(degree(network, EdgeDirection::out) == Counts{2, 1, 0, 0});
    CHECK(degree(network, EdgeDirection::in) == Counts{1, 1, 1, 0});
    CHECK(degree(network) == Counts{3, 2, 1, 0});
    CHECK(strength(network, EdgeDirection::out) == Vector{2.5, 3, 0, 0});
    CHECK(strength(network, EdgeDirection::in) == Vector{3, 2, 0.5, 0});
    CHECK(strength(network) == Vector{5.5, 5, 0.5, 0});
    const Network plain{.vertices = 3, .edges = {{0, 1, 2}, {2, 0, 3}}};
    for (const EdgeDirection direction : {EdgeDirection::out, EdgeDirection::in, EdgeDirection::both}) {
        CHECK(degree(plain, direction) == Counts{2, 1, 1});
        CHECK(strength(plain, direction) == Vector{5, 2, 3});
    }
}

TEST_CASE("betweenness is what Boost's algorithm says, in steps and in lengths", "[network]") {
    for (const bool directed : {false, true})
        for (const bool lengths : {false, true})
            for (const std::uint64_t seed : {1, 2, 3}) {
                CAPTURE(directed, lengths, seed);
                // Sparse enough to fall apart.
                const Network network = random_network(60, 0.04, directed, seed);
                const BoostBetweenness expected = by_boost(network, lengths);
                const BetweennessOptions options{.paths = {.weight_is_length = lengths}, .normalised = false};
                const double order = directed ? 1 : 2;
                Vector vertices = betweenness(network, options);
                for (double& value : vertices) value *= order;
                Vector edges = edge_betweenness(network, options);
                for (double& value : edges) value *= order;
                CHECK(distance_between(vertices, expected.vertices) < 1e-9);
                CHECK(distance_between(edges, expected.edges) < 1e-9);
                CHECK(*std::max_element(vertices.begin(), vertices.end()) > 100);
            }
}

TEST_CASE("the pairs that lie at a vertex's two sides are as many either way along the edges", "[network]") {
    const Network network = random_network(50, 0.06, true, 4);
    const Vector out = betweenness(network);
    const Vector in = betweenness(network, {.paths = {.direction = EdgeDirection::in}});
    CHECK(distance_between(out, in) < 1e-13);
    const Vector both = betweenness(network, {.paths = {.direction = EdgeDirection::both}});
    CHECK(distance_between(both, betweenness(undirected(network))) == 0);
    CHECK(distance_between(out, both) > 0.001);
}

TEST_CASE("paths whose lengths are sums of the same numbers are equally short", "[network]") {
    // 0.1 + 0.2 + 0.3 and 0.3 + 0.2 + 0.1 are two numbers to a machine.
    const Network ring{
        .vertices = 6,
        .edges = {{0, 1, 0.1}, {1, 2, 0.2}, {2, 3, 0.3}, {0, 4, 0.3}, {4, 5, 0.2}, {5, 3, 0.1}}};
    const Vector between = betweenness(ring, {.paths = {.weight_is_length = true}, .normalised = false});
    for (const std::size_t mirrored : {1, 2}) CHECK(between[mirrored] == Approx(between[6 - mirrored]));
    CHECK(between[1] + between[2] == Approx(between[4] + between[5]));
    CHECK(between[0] == Approx(between[3]));
}

TEST_CASE("the number of threads changes no bit of a betweenness or of a distance", "[network]") {
    const Network network = random_network(300, 0.02, true, 5);
    const auto on = [&](int threads) { return PathOptions{.threads = threads}; };
    CHECK(betweenness(network, {.paths = on(1)}) == betweenness(network, {.paths = on(4)}));
    CHECK(edge_betweenness(network, {.paths = on(1)}) == edge_betweenness(network, {.paths = on(3)}));
    CHECK(harmonic_centrality(network, on(1)) == harmonic_centrality(network, on(4)));
    const PivotOptions few{.pivots = 100, .seed = 6, .betweenness = {.paths = on(1)}};
    const PivotOptions many{.pivots = 100, .seed = 6, .betweenness = {.paths = on(4)}};
    CHECK(estimate_betweenness(network, few).standard_errors
          == estimate_betweenness(network, many).standard_errors);
}

TEST_CASE("pivots estimate a betweenness within the errors that they state", "[network][long]") {
    const Network network = random_network(200, 0.03, false, 7);
    const Vector exact = betweenness(network);
    const BetweennessEstimate all = estimate_betweenness(network, {.pivots = 5000});
    CHECK(all.pivots == 200);
    CHECK(distance_between(all.values, exact) < 1e-13);
    CHECK(all.standard_errors == Vector(200, 0.0));

    // Without bias, and with errors whose square is on average what it says. They need not be normal:
    // a few sources see most of what lies behind a vertex.
    const auto hub = static_cast<std::size_t>(std::max_element(exact.begin(), exact.end()) - exact.begin());
    for (const std::size_t vertex : {hub, std::size_t{0}, std::size_t{60}}) {
        Sample values;
        Sample squares_beyond_stated;
        for (std::uint64_t seed = 0; seed < 150; ++seed) {
            const BetweennessEstimate some = estimate_betweenness(network, {.pivots = 100, .seed = seed});
            values.add(some.values[vertex]);
            squares_beyond_stated.add(std::pow(some.values[vertex] - exact[vertex], 2)
                                      - std::pow(some.standard_errors[vertex], 2));
        }
        CHECK(std::abs(values.z_of_mean(exact[vertex])) < 4);
        CHECK(std::abs(squares_beyond_stated.z_of_mean(0)) < 4);
    }
}

TEST_CASE("pivots are other vertices with another seed, and all different", "[network]") {
    const Network star = star_network(40);
    // Each leaf as a pivot sees 38 others behind the centre; the centre as a pivot sees none.
    const auto estimate = [&](std::uint64_t seed) {
        return estimate_betweenness(star, {.pivots = 39, .seed = seed, .betweenness = {.normalised = false}});
    };
    bool without_the_centre = false;
    bool with_the_centre = false;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        // The sum of 39 or 38 leaves' views, times 40 / 39, halved.
        const double value = estimate(seed).values[0];
        const bool without = std::abs(value - 38 * 20) < 1e-9;
        const bool with = std::abs(value - 38.0 * 38 * 20 / 39) < 1e-9;
        CHECK((without || with));
        without_the_centre |= without;
        with_the_centre |= with;
    }
    CHECK(without_the_centre);
    CHECK(with_the_centre);
}

TEST_CASE("closeness is weighed by the share of a network that a vertex reaches", "[network]") {
    const Network apart = side_by_side(path_network(3), path_network(2));
    const Vector close = closeness(apart);
    CHECK(close[1] == Approx(2.0 / 4 * (2.0 / 2)));
    CHECK(close[0] == Approx(2.0 / 4 * (2.0 / 3)));
    CHECK(close[3] == Approx(1.0 / 4));
    const Network oneway = path_network(4, true);
    CHECK(closeness(oneway)[0] == Approx(3.0 / 6));
    CHECK(closeness(oneway)[3] == 0);
    CHECK(closeness(oneway, {.direction = EdgeDirection::in})[3] == Approx(3.0 / 6));
    CHECK(closeness(oneway, {.direction = EdgeDirection::both})[1] == Approx(3.0 / 4));
    CHECK(harmonic_centrality(oneway)[0] == Approx(1 + 1 / 2.0 + 1 / 3.0));
    CHECK(harmonic_centrality(oneway)[3] == 0);
}

TEST_CASE("eigenvector centrality is the principal eigenvector, bipartite or not", "[network]") {
    // A star of n has ±√(n − 1); half of the centre's square is the leaves'.
    const PrincipalEigenvector star = principal_eigenvector(star_network(10));
    CHECK(star.eigenvalue == Approx(3).epsilon(1e-13));
    CHECK(star.vector[0] == Approx(std::sqrt(0.5)).epsilon(1e-13));
    CHECK(star.vector[4] == Approx(std::sqrt(0.5) / 3).epsilon(1e-13));
    // A path of n has 2 cos(π / (n + 1)), and a half-wave of a sine. Its gap, 3 (π / n)², is narrow.
    constexpr std::uint32_t n = 400;
    const PrincipalEigenvector path = principal_eigenvector(path_network(n));
    const double angle = std::acos(-1.0) / (n + 1);
    CHECK(path.eigenvalue == Approx(2 * std::cos(angle)).epsilon(1e-13));
    CHECK(path.residual < 1e-13);
    Vector wave(n);
    for (std::size_t i = 0; i < n; ++i)
        wave[i] = std::sqrt(2.0 / (n + 1)) * std::sin(angle * static_cast<double>(i + 1));
    CHECK(distance_between(path.vector, wave) < 2e-13 / (3 * angle * angle));
    CHECK(distance_between(eigenvector_centrality(cycle_network(50)), Vector(50, std::sqrt(1.0 / 50)))
          < 1e-13);
}

TEST_CASE("eigenvector centrality is what a dense solver finds, with weights and without", "[network]") {
    for (const std::uint64_t seed : {8, 9})
        for (const bool weighted : {false, true}) {
            const Network network = random_network(120, 0.06, false, seed);
            const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(dense(weighed(network, weighted)));
            const Eigen::VectorXd top = solver.eigenvectors().col(119);
            const PrincipalEigenvector found = principal_eigenvector(network, {.weighted = weighted});
            CHECK(found.eigenvalue == Approx(solver.eigenvalues()[119]).epsilon(1e-12));
            CHECK(distance_between(found.vector, in_order(top * (top.sum() < 0 ? -1 : 1))) < 1e-11);
        }
}

TEST_CASE("in a network that falls apart the component of the largest eigenvalue has all centrality",
          "[network]") {
    const Network unequal = side_by_side(path_network(3), complete_network(4));
    CHECK(distance_between(eigenvector_centrality(unequal), {0, 0, 0, 0.5, 0.5, 0.5, 0.5}) < 1e-14);
    // Of eigenvalue 2 both: the ones, projected. The star's own vector has (2, 1, 1, 1, 1) / √8 and makes 6 /
    // 8 of it, the triangle makes ones.
    const Network tied = side_by_side(star_network(5), complete_network(3));
    const double length = std::sqrt(36.0 / 8 + 3);
    CHECK(distance_between(eigenvector_centrality(tied),
                           {1.5 / length, 0.75 / length, 0.75 / length, 0.75 / length, 0.75 / length,
                            1 / length, 1 / length, 1 / length})
          < 1e-13);
    CHECK(eigenvector_centrality({.vertices = 4}) == Vector(4, 0.5));
    // An edge without weight is none.
    const Network unheard{.vertices = 3, .edges = {{0, 1, 2}, {1, 2, 0}}};
    const double half = std::sqrt(0.5);
    CHECK(distance_between(eigenvector_centrality(unheard, {.weighted = true}), {half, half, 0}) < 1e-14);
}

TEST_CASE("centrality flows along the edges, and needs a cycle to spring from", "[network]") {
    // A cycle of three with a tail that leaves it, and one that leads in.
    const Network network{.directed = true, .vertices = 5, .edges = {{0, 1}, {1, 2}, {2, 0}, {2, 3}, {4, 0}}};
    CHECK(distance_between(eigenvector_centrality(network), {0.5, 0.5, 0.5, 0.5, 0}) < 1e-13);
    CHECK(principal_eigenvector(network).eigenvalue == Approx(1).epsilon(1e-13));
    CHECK(eigenvector_centrality(path_network(5, true)) == Vector(5, 0.0));
    CHECK(principal_eigenvector(path_network(5, true)).eigenvalue == 0);
    // Two cycles, of which one feeds the other: the second has it all, as well as a defective matrix allows.
    const Network fed{.directed = true, .vertices = 4, .edges = {{0, 1}, {1, 0}, {1, 2}, {2, 3}, {3, 2}}};
    CHECK(distance_between(eigenvector_centrality(fed), {0, 0, std::sqrt(0.5), std::sqrt(0.5)}) < 1e-6);
    for (const std::uint64_t seed : {10, 11}) {
        const Network web = random_network(90, 0.05, true, seed);
        const Eigen::EigenSolver<Eigen::MatrixXd> solver(dense(web));
        Eigen::Index top = 0;
        solver.eigenvalues().real().maxCoeff(&top);
        const Eigen::VectorXd vector = solver.eigenvectors().col(top).real().normalized();
        CHECK(distance_between(eigenvector_centrality(web, {.weighted = true}),
                               in_order(vector * (vector.sum() < 0 ? -1 : 1)))
              < 1e-11);
    }
}

TEST_CASE("page rank solves its equations, dead ends and weights included", "[network]") {
    for (const bool directed : {false, true})
        for (const double damping : {0.0, 0.5, 0.85, 0.99})
            for (const bool weighted : {false, true}) {
                CAPTURE(directed, damping, weighted);
                const Network network = random_network(80, 0.02, directed, 12);
                const std::vector<std::size_t> leaving = degree(network, EdgeDirection::out);
                CHECK(std::count(leaving.begin(), leaving.end(), 0U) > 3);
                const Vector rank = page_rank(network, {.damping = damping, .weighted = weighted});
                CHECK(distance_between(rank, solved_page_rank(weighed(network, weighted), damping)) < 1e-13);
                CHECK(std::accumulate(rank.begin(), rank.end(), 0.0) == Approx(1).epsilon(1e-14));
            }
}

TEST_CASE("measures of centrality say what they can't be of", "[network]") {
    using Catch::Contains;
    const Network negative{.vertices = 2, .edges = {{0, 1, -3}}, .names = {"Ada", "Bob"}};
    const Network zero{.vertices = 2, .edges = {{0, 1, 0}}};
    CHECK_THROWS_WITH(page_rank(negative, {.weighted = true}), Contains("from Ada to Bob") && Contains("-3"));
    CHECK_THROWS_WITH(eigenvector_centrality(negative, {.weighted = true}), Contains("must not be negative"));
    CHECK_NOTHROW(page_rank(negative));
    CHECK_THROWS_WITH(betweenness(zero, {.paths = {.weight_is_length = true}}), Contains("must be positive"));
    CHECK_THROWS_WITH(edge_betweenness(zero, {.paths = {.weight_is_length = true}}),
                      Contains("must be positive"));
    CHECK_THROWS_WITH(closeness(zero, {.weight_is_length = true}), Contains("must be positive"));
    CHECK_THROWS_AS(page_rank(zero, {.damping = 1}), std::invalid_argument);
    CHECK_THROWS_AS(page_rank(zero, {.damping = -0.1}), std::invalid_argument);
    CHECK_THROWS_AS(page_rank(zero, {.tolerance = 0}), std::invalid_argument);
    CHECK_THROWS_AS(estimate_betweenness(zero, {.pivots = 1}), std::invalid_argument);
    CHECK_THROWS_AS(eigenvector_centrality(path_network(3000), {.products = 50}), std::runtime_error);
}
