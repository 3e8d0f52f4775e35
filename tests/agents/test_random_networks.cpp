#include "agents/network/random_networks.hpp"
#include "tests/agents/sample.hpp"

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <vector>

using namespace venturi;
using Catch::Matchers::Contains;

namespace {

// 4 standard errors: one check in 16,000 fails by chance; and of chi-square laws the same.
constexpr double tolerance = 4;
constexpr double least_p_value = 6e-5;

StreamAddress address_of(std::uint32_t trajectory) {
    return {.seed = 11, .trajectory = trajectory, .agent = 0, .purpose = 5};
}

std::vector<std::uint64_t> degrees(const Network& network) {
    std::vector<std::uint64_t> count(network.vertices, 0);
    for (const NetworkEdge& edge : network.edges) {
        ++count[edge.source];
        ++count[edge.target];
    }
    return count;
}

// How probable a chi-square as large or larger is. Cells are joined, in order, until 10 are expected in each.
double p_value_of(const std::vector<double>& counted, const std::vector<double>& expected) {
    double squares = 0;
    double degrees_of_freedom = -1;
    double expected_here = 0;
    double counted_here = 0;
    double expected_left = 0;
    for (const double one : expected) expected_left += one;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        expected_here += expected[i];
        counted_here += counted[i];
        expected_left -= expected[i];
        if (expected_here < 10 || (expected_left < 10 && i + 1 < expected.size())) continue;
        squares += (counted_here - expected_here) * (counted_here - expected_here) / expected_here;
        degrees_of_freedom += 1;
        expected_here = counted_here = 0;
    }
    REQUIRE(degrees_of_freedom >= 1);
    return boost::math::cdf(boost::math::complement(boost::math::chi_squared(degrees_of_freedom), squares));
}

// Which of the graphs on n vertices: a bit for each pair.
std::size_t number_of(const Network& network) {
    std::size_t number = 0;
    for (const NetworkEdge& edge : network.edges) {
        const std::size_t low = std::min(edge.source, edge.target);
        const std::size_t high = std::max(edge.source, edge.target);
        number |= std::size_t{1} << (high * (high - 1) / 2 + low);
    }
    return number;
}

double triangles_in(const Network& network) {
    std::vector<std::vector<std::uint32_t>> later(network.vertices);
    for (const NetworkEdge& edge : network.edges)
        later[std::min(edge.source, edge.target)].push_back(std::max(edge.source, edge.target));
    for (auto& list : later) std::sort(list.begin(), list.end());
    double count = 0;
    for (const auto& list : later)
        for (const std::uint32_t middle : list)
            for (const std::uint32_t last : later[middle])
                count += std::binary_search(list.begin(), list.end(), last) ? 1 : 0;
    return count;
}

// Triangles times 3 over pairs of edges that meet.
double clustering_of(const Network& network) {
    double meetings = 0;
    for (const std::uint64_t degree : degrees(network))
        meetings += static_cast<double>(degree) * (static_cast<double>(degree) - 1) / 2;
    return 3 * triangles_in(network) / meetings;
}

// Dorogovtsev, Mendes, Samukhin (2000), equation 9: the share of vertices of an in-degree.
double arrival_share(double q, double m, double attractiveness) {
    const double a = attractiveness / m;
    return (1 + a) * boost::math::tgamma_ratio(attractiveness + 1 + a, attractiveness)
           * boost::math::tgamma_ratio(q + attractiveness, q + attractiveness + 2 + a);
}

double p_value_of_arrivals(std::size_t vertices, std::size_t m, double attractiveness,
                           std::uint32_t trajectory) {
    const Network network = preferential_attachment(
        {.vertices = vertices, .edges_per_newcomer = m, .initial_attractiveness = attractiveness},
        address_of(trajectory));
    std::vector<double> counted(200, 0.0);
    for (const std::uint64_t count : arrivals(network)) ++counted[std::min<std::size_t>(count, 199)];
    std::vector<double> expected;
    double left = 1;
    for (std::size_t q = 0; q < 199; ++q) {
        const double share = arrival_share(static_cast<double>(q), static_cast<double>(m), attractiveness);
        expected.push_back(share * static_cast<double>(vertices));
        left -= share;
    }
    expected.push_back(left * static_cast<double>(vertices));
    return p_value_of(counted, expected);
}

std::vector<Network> one_of_each(std::uint32_t trajectory) {
    const StreamAddress address = address_of(trajectory);
    return {preferential_attachment({.vertices = 60, .edges_per_newcomer = 3, .initial_attractiveness = 0.5},
                                    address),
            preferential_attachment({.vertices = 60, .edges_per_newcomer = 2, .directed = true}, address),
            independent_edges({.vertices = 60, .probability = 0.1}, address),
            fixed_edge_count({.vertices = 60, .edges = 500}, address),
            fixed_edge_count({.vertices = 60, .edges = 1500}, address),
            small_world({.vertices = 60, .degree = 6, .rewiring = 0.5}, address),
            small_world({.vertices = 9, .degree = 6, .rewiring = 1}, address),
            planted_communities({.sizes = {10, 20, 0, 30}, .inside = 0.5, .between = 0.05}, address)};
}

// Adds to `law` how probable each graph is after the edges from `next` on have had their turn to be rewired.
void rewire_by_hand(const Network& network, std::size_t next, double rewiring, double probability,
                    std::vector<double>& law) {
    const std::size_t graph = number_of(network);
    if (next == network.edges.size()) {
        law[graph] += probability;
        return;
    }
    std::vector<Network> rewired;
    for (std::uint32_t target = 0; target < network.vertices; ++target) {
        Network other = network;
        other.edges[next].target = target;
        const std::uint32_t source = network.edges[next].source;
        const std::size_t pair = number_of({.vertices = network.vertices, .edges = {{source, target}}});
        if (target != source && (graph & pair) == 0) rewired.push_back(other);
    }
    const double kept = rewired.empty() ? 1 : 1 - rewiring;
    rewire_by_hand(network, next + 1, rewiring, probability * kept, law);
    for (const Network& other : rewired)
        rewire_by_hand(other, next + 1, rewiring,
                       probability * rewiring / static_cast<double>(rewired.size()), law);
}

}  // namespace

TEST_CASE("A network drawn at random is sound, and the same for the same address") {
    const std::vector<Network> first = one_of_each(1);
    const std::vector<Network> again = one_of_each(1);
    const std::vector<Network> other = one_of_each(2);
    for (std::size_t i = 0; i < first.size(); ++i) {
        INFO(i);
        CHECK_NOTHROW(expect_sound(first[i]));
        CHECK(first[i].edges == again[i].edges);
        CHECK(first[i].edges != other[i].edges);
        CHECK(first[i].names.empty());
        CHECK(first[i].directed == (i == 1));
    }
}

TEST_CASE("Of four vertices joined independently, each of the 64 graphs comes as often as it should") {
    constexpr std::size_t trials = 20000;
    const double p = 0.4;
    std::vector<double> counted(64, 0.0);
    for (std::uint32_t trial = 0; trial < trials; ++trial)
        ++counted[number_of(independent_edges({.vertices = 4, .probability = p}, address_of(trial)))];
    std::vector<double> expected;
    for (unsigned graph = 0; graph < 64; ++graph) {
        const int edges = std::popcount(graph);
        expected.push_back(trials * std::pow(p, edges) * std::pow(1 - p, 6 - edges));
    }
    CHECK(p_value_of(counted, expected) > least_p_value);
}

TEST_CASE("Every graph of a given number of edges is as likely as any other") {
    constexpr std::size_t trials = 24000;
    for (const std::size_t edges : {3, 7}) {  // seven of ten are drawn by the gaps
        std::vector<double> counted(1024, 0.0);
        for (std::uint32_t trial = 0; trial < trials; ++trial)
            ++counted[number_of(fixed_edge_count({.vertices = 5, .edges = edges}, address_of(trial)))];
        std::vector<double> seen;
        for (unsigned graph = 0; graph < 1024; ++graph) {
            if (std::popcount(graph) == static_cast<int>(edges))
                seen.push_back(counted[graph]);
            else
                CHECK(counted[graph] == 0);
        }
        REQUIRE(seen.size() == 120);
        CHECK(p_value_of(seen, std::vector<double>(120, trials / 120.0)) > least_p_value);
    }
}

TEST_CASE("Two planted pairs fall into each of the 64 graphs as often as they should") {
    constexpr std::size_t trials = 20000;
    std::vector<double> counted(64, 0.0);
    for (std::uint32_t trial = 0; trial < trials; ++trial)
        ++counted[number_of(
            planted_communities({.sizes = {2, 2}, .inside = 0.6, .between = 0.3}, address_of(trial)))];
    // Pairs by number: 01, 02, 12, 03, 13, 23; those of a community are the first and the last.
    std::vector<double> expected;
    for (unsigned graph = 0; graph < 64; ++graph) {
        const int inside = std::popcount(graph & 0b100001U);
        const int between = std::popcount(graph & 0b011110U);
        expected.push_back(trials * std::pow(0.6, inside) * std::pow(0.4, 2 - inside) * std::pow(0.3, between)
                           * std::pow(0.7, 4 - between));
    }
    CHECK(p_value_of(counted, expected) > least_p_value);
}

TEST_CASE("The number of independent edges is binomial, in its mean and its variance") {
    constexpr std::uint32_t trials = 1000;
    const double pairs = 100 * 99 / 2;
    const double p = 0.03;
    testing::Sample edges;
    for (std::uint32_t trial = 0; trial < trials; ++trial)
        edges.add(static_cast<double>(
            independent_edges({.vertices = 100, .probability = p}, address_of(trial)).edges.size()));
    const double variance = pairs * p * (1 - p);
    CHECK(std::abs(edges.mean() - pairs * p) < tolerance * std::sqrt(variance / trials));
    const double fourth = variance * (1 + 3 * (pairs - 2) * p * (1 - p));
    CHECK(std::abs(edges.z_of_variance(variance, fourth)) < tolerance);
}

TEST_CASE("A degree among independent edges is binomial, the first vertex's as the last one's") {
    constexpr std::uint32_t trials = 5000;
    constexpr std::size_t n = 30;
    const std::vector<std::size_t> watched = {0, 17, 29};
    std::vector<std::vector<double>> counted(watched.size(), std::vector<double>(n, 0.0));
    for (std::uint32_t trial = 0; trial < trials; ++trial) {
        const auto degree =
            degrees(independent_edges({.vertices = n, .probability = 0.2}, address_of(trial)));
        for (std::size_t i = 0; i < watched.size(); ++i) ++counted[i][degree[watched[i]]];
    }
    const boost::math::binomial law(n - 1, 0.2);
    std::vector<double> expected;
    for (std::size_t k = 0; k < n; ++k)
        expected.push_back(trials * boost::math::pdf(law, static_cast<double>(k)));
    for (const std::vector<double>& one : counted) CHECK(p_value_of(one, expected) > least_p_value);
}

TEST_CASE("Probabilities 0 and 1, and networks of no or one vertex, are drawn as they must be") {
    const StreamAddress address = address_of(0);
    for (const std::size_t n : {0, 1, 2, 7}) {
        const std::size_t pairs = n < 2 ? 0 : n * (n - 1) / 2;
        CHECK(independent_edges({.vertices = n, .probability = 0}, address).edges.empty());
        const Network complete = independent_edges({.vertices = n, .probability = 1}, address);
        CHECK(complete.edges.size() == pairs);
        CHECK(complete.vertices == n);
        CHECK_NOTHROW(expect_sound(complete));
        const Network full = fixed_edge_count({.vertices = n, .edges = pairs}, address);
        CHECK(full.edges == complete.edges);
        CHECK(fixed_edge_count({.vertices = n, .edges = 0}, address).edges.empty());
    }
    // A probability that 1 − p would lose: 0.5 edges are expected, and 20 would be no chance.
    const Network sparse = independent_edges({.vertices = 100'000, .probability = 1e-10}, address);
    CHECK(sparse.edges.size() < 20);
    CHECK(planted_communities({.sizes = {}, .inside = 1, .between = 1}, address).vertices == 0);
}

TEST_CASE("Communities that are sure inside and apart are complete graphs, and the reverse has them empty") {
    const StreamAddress address = address_of(0);
    const std::vector<std::size_t> sizes = {3, 0, 4, 1};
    const std::vector<std::uint32_t> community = planted_community(sizes);
    CHECK(community == std::vector<std::uint32_t>{0, 0, 0, 2, 2, 2, 2, 3});
    const Network apart = planted_communities({.sizes = sizes, .inside = 1, .between = 0}, address);
    CHECK(apart.edges.size() == 3 + 6);
    for (const NetworkEdge& edge : apart.edges) CHECK(community[edge.source] == community[edge.target]);
    const Network across = planted_communities({.sizes = sizes, .inside = 0, .between = 1}, address);
    CHECK(across.edges.size() == 3 * 4 + 3 * 1 + 4 * 1);
    for (const NetworkEdge& edge : across.edges) CHECK(community[edge.source] != community[edge.target]);
    CHECK_NOTHROW(expect_sound(across));
}

TEST_CASE("Planted edges, inside and between, are as many as their pairs and probabilities say") {
    const std::vector<std::size_t> sizes = {400, 900, 700};
    const Network network =
        planted_communities({.sizes = sizes, .inside = 0.05, .between = 0.01}, address_of(0));
    const std::vector<std::uint32_t> community = planted_community(sizes);
    CHECK_NOTHROW(expect_sound(network));
    std::vector<std::vector<double>> counted(3, std::vector<double>(3, 0.0));
    for (const NetworkEdge& edge : network.edges) {
        const auto [low, high] = std::minmax(community[edge.source], community[edge.target]);
        ++counted[low][high];
    }
    for (std::size_t low = 0; low < 3; ++low) {
        for (std::size_t high = low; high < 3; ++high) {
            const auto one = static_cast<double>(sizes[low]);
            const auto other = static_cast<double>(sizes[high]);
            const double pairs = low == high ? one * (one - 1) / 2 : one * other;
            const double p = low == high ? 0.05 : 0.01;
            CHECK(std::abs(counted[low][high] - pairs * p) < tolerance * std::sqrt(pairs * p * (1 - p)));
        }
    }
}

TEST_CASE("A ring that is not rewired has the clustering that its degree gives") {
    for (const std::size_t degree : {2, 4, 6, 10}) {
        const Network ring = small_world({.vertices = 50, .degree = degree}, address_of(0));
        for (const std::uint64_t one : degrees(ring)) CHECK(one == degree);
        const auto k = static_cast<double>(degree);
        CHECK(clustering_of(ring) == Approx(3 * (k - 2) / (4 * (k - 1))).epsilon(1e-14));
        for (const NetworkEdge& edge : ring.edges) {
            const std::size_t gap = (edge.target + 50 - edge.source) % 50;
            CHECK((gap >= 1 && gap <= degree / 2));
        }
    }
}

TEST_CASE("Rewiring breaks a triangle of the ring unless it spares all three edges") {
    constexpr std::size_t n = 40000;
    for (const double p : {0.1, 0.3, 0.6}) {
        const Network network = small_world({.vertices = n, .degree = 4, .rewiring = p}, address_of(0));
        CHECK_NOTHROW(expect_sound(network));
        CHECK(network.edges.size() == 2 * n);
        // n triangles; each shares one edge with either of two others, which makes them vary together. Some
        // 10 new ones come by chance. As the number of pairs of edges that meet on the ring is fixed, this is
        // the clustering of Barrat and Weigt, (1 − p)³ times the ring's.
        const double kept = std::pow(1 - p, 3);
        const double shared = std::pow(1 - p, 5);
        const double variance = n * (kept - kept * kept + 2 * (shared - kept * kept));
        CHECK(std::abs(triangles_in(network) - n * kept) < tolerance * std::sqrt(variance) + 10);
    }
}

TEST_CASE("A rewired vertex keeps half its edges, and the rest are binomial and Poisson") {
    constexpr std::size_t n = 20000;
    const double p = 0.4;
    const Network network = small_world({.vertices = n, .degree = 6, .rewiring = p}, address_of(3));
    std::vector<double> counted(40, 0.0);
    std::vector<std::uint64_t> brought(n, 0);
    for (const NetworkEdge& edge : network.edges) ++brought[edge.source];
    CHECK(std::count(brought.begin(), brought.end(), 3) == n);
    for (const std::uint64_t degree : degrees(network)) ++counted[degree];
    // Barrat and Weigt (2000), equation 6: 3 + Binomial(3, 1 − p) + Poisson(3 p).
    std::vector<double> expected(40, 0.0);
    const boost::math::binomial kept(3, 1 - p);
    for (std::size_t stayed = 0; stayed <= 3; ++stayed)
        for (std::size_t came = 0; came < 34; ++came)
            expected[3 + stayed + came] += n * boost::math::pdf(kept, static_cast<double>(stayed))
                                           * std::exp(-3 * p) * std::pow(3 * p, static_cast<double>(came))
                                           / std::tgamma(static_cast<double>(came) + 1);
    CHECK(p_value_of(counted, expected) > least_p_value);
}

TEST_CASE("A small ring is rewired edge by edge into each graph as often as it should") {
    constexpr std::uint32_t trials = 30000;
    const SmallWorldOptions options{.vertices = 5, .degree = 2, .rewiring = 0.8};
    std::vector<double> counted(1024, 0.0);
    for (std::uint32_t trial = 0; trial < trials; ++trial)
        ++counted[number_of(small_world(options, address_of(trial)))];
    std::vector<double> expected(1024, 0.0);
    rewire_by_hand(small_world({.vertices = 5, .degree = 2}, {}), 0, options.rewiring, trials, expected);
    CHECK(p_value_of(counted, expected) > least_p_value);
}

TEST_CASE("Where all are joined there is nowhere to rewire to") {
    const Network network = small_world({.vertices = 7, .degree = 6, .rewiring = 1}, address_of(0));
    CHECK(network.edges == small_world({.vertices = 7, .degree = 6}, address_of(0)).edges);
}

TEST_CASE("A third vertex joins one of two in proportion to arrivals and attractiveness") {
    constexpr std::uint32_t trials = 20000;
    for (const double attractiveness : {0.25, 1.0, 5.0}) {
        double first = 0;
        for (std::uint32_t trial = 0; trial < trials; ++trial) {
            const Network network = preferential_attachment(
                {.vertices = 3, .initial_attractiveness = attractiveness}, address_of(trial));
            REQUIRE(network.edges.size() == 2);
            REQUIRE(network.edges[0] == NetworkEdge{1, 0, 1});
            REQUIRE(network.edges[1].source == 2);
            first += network.edges[1].target == 0 ? 1 : 0;
        }
        const double p = (1 + attractiveness) / (1 + 2 * attractiveness);
        CHECK(std::abs(first / trials - p) < tolerance * std::sqrt(p * (1 - p) / trials));
    }
}

TEST_CASE("A newcomer chooses two different vertices, one after the other without replacement") {
    constexpr std::uint32_t trials = 20000;
    const double a = 0.5;
    std::vector<double> left_out(3, 0.0);
    for (std::uint32_t trial = 0; trial < trials; ++trial) {
        const Network network = preferential_attachment(
            {.vertices = 4, .edges_per_newcomer = 2, .initial_attractiveness = a}, address_of(trial));
        REQUIRE(network.edges.size() == 5);
        ++left_out[3 - network.edges[3].target - network.edges[4].target];
    }
    // Arrivals at the three before the last comes: 2, 1, 0.
    const std::vector<double> weight = {2 + a, 1 + a, a};
    const double total = 3 + 3 * a;
    std::vector<double> expected;
    for (std::size_t out = 0; out < 3; ++out) {
        const double one = weight[(out + 1) % 3];
        const double other = weight[(out + 2) % 3];
        expected.push_back(trials
                           * (one / total * other / (total - one) + other / total * one / (total - other)));
    }
    CHECK(p_value_of(left_out, expected) > least_p_value);
}

TEST_CASE(
    "Preferential attachment has the degrees of Barabasi and Albert where newcomers are as attractive as "
    "edges") {
    // 2 m (m + 1) / (k (k + 1) (k + 2)) is the law of arrivals with A = m, at k = m + q.
    for (const double m : {1.0, 3.0})
        for (const double q : {0.0, 1.0, 10.0})
            CHECK(arrival_share(q, m, m)
                  == Approx(2 * m * (m + 1) / ((m + q) * (m + q + 1) * (m + q + 2))).epsilon(1e-13));
    // The counts vary less than a multinomial's, whose chi-square is an upper bound.
    CHECK(p_value_of_arrivals(50000, 1, 1, 1) > least_p_value);
    CHECK(p_value_of_arrivals(50000, 3, 3, 2) > least_p_value);
}

TEST_CASE("For any attractiveness arrivals are those of Dorogovtsev, Mendes and Samukhin") {
    CHECK(p_value_of_arrivals(50000, 2, 1, 3) > least_p_value);
    CHECK(p_value_of_arrivals(50000, 2, 6, 4) > least_p_value);
    CHECK(p_value_of_arrivals(50000, 1, 0.5, 5) > least_p_value);
}

TEST_CASE("The smallest network that grows is complete, and every newcomer brings its edges") {
    const Network smallest = preferential_attachment({.vertices = 4, .edges_per_newcomer = 3}, address_of(0));
    CHECK(smallest.edges.size() == 6);
    const Network network =
        preferential_attachment({.vertices = 500, .edges_per_newcomer = 3}, address_of(0));
    CHECK(network.edges.size() == 3 + 497 * 3);
    std::vector<std::size_t> brought(500, 0);
    for (const NetworkEdge& edge : network.edges) {
        CHECK(edge.target < edge.source);
        ++brought[edge.source];
    }
    for (std::size_t vertex = 0; vertex < 500; ++vertex)
        CHECK(brought[vertex] == std::min<std::size_t>(vertex, 3));
}

TEST_CASE("What no network can be drawn from is refused, with the number and what is legal") {
    const StreamAddress address = address_of(0);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_WITH(independent_edges({.vertices = 3, .probability = 1.5}, address),
                      Contains("probability is 1.5") && Contains("between 0 and 1"));
    CHECK_THROWS_AS(independent_edges({.vertices = 3, .probability = nan}, address), std::invalid_argument);
    CHECK_THROWS_AS(independent_edges({.vertices = 3, .probability = -1e-9}, address), std::invalid_argument);
    CHECK_THROWS_AS(independent_edges({.vertices = std::size_t{1} << 32}, address), std::invalid_argument);
    CHECK_THROWS_WITH(fixed_edge_count({.vertices = 4, .edges = 7}, address),
                      Contains("edges is 7") && Contains("at most 6"));
    CHECK_THROWS_AS(fixed_edge_count({.vertices = 1, .edges = 1}, address), std::invalid_argument);
    for (const std::size_t degree : {0, 1, 3, 6})
        CHECK_THROWS_AS(small_world({.vertices = 6, .degree = degree}, address), std::invalid_argument);
    CHECK_THROWS_AS(small_world({.vertices = 0}, address), std::invalid_argument);
    CHECK_THROWS_AS(small_world({.vertices = 6, .rewiring = 1.1}, address), std::invalid_argument);
    CHECK_THROWS_WITH(planted_communities({.sizes = {2}, .inside = 0.1, .between = 2}, address),
                      Contains("between is 2"));
    CHECK_THROWS_AS(planted_communities({.sizes = {2}, .inside = -1}, address), std::invalid_argument);
    CHECK_THROWS_WITH(preferential_attachment({.vertices = 3, .edges_per_newcomer = 3}, address),
                      Contains("vertices is 3") && Contains("at least 4"));
    for (const std::size_t vertices : {0, 1})
        CHECK_THROWS_AS(preferential_attachment({.vertices = vertices}, address), std::invalid_argument);
    CHECK_THROWS_AS(preferential_attachment({.vertices = 3, .edges_per_newcomer = 0}, address),
                    std::invalid_argument);
    for (const double attractiveness : {0.0, -1.0, nan, std::numeric_limits<double>::infinity()})
        CHECK_THROWS_AS(
            preferential_attachment({.vertices = 3, .initial_attractiveness = attractiveness}, address),
            std::invalid_argument);
}
