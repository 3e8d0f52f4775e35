#include "agents/network/percolation.hpp"
#include "agents/network/random_networks.hpp"
#include "agents/network/spread.hpp"
#include "sim/infinity.hpp"
#include "tests/agents/sample.hpp"

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/special_functions/binomial.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <functional>
#include <limits>
#include <numeric>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

using namespace venturi;
using Catch::Matchers::Contains;

namespace {

// 4 standard errors: one check in 16,000 fails by chance; and of chi-square laws the same.
constexpr double tolerance = 4;
constexpr double least_p_value = 6e-5;

StreamAddress address_of(std::uint32_t trajectory) {
    return {.seed = 31, .trajectory = trajectory, .agent = 0, .purpose = 7};
}

Network network_of(std::size_t vertices, std::vector<NetworkEdge> edges, bool directed = false) {
    return {.directed = directed, .vertices = vertices, .edges = std::move(edges), .names = {}};
}
Network complete(std::size_t vertices) {
    return independent_edges({.vertices = vertices, .probability = 1}, {});
}
Network path(std::uint32_t vertices) {
    Network network = network_of(vertices, {});
    for (std::uint32_t i = 1; i < vertices; ++i) network.edges.push_back({i - 1, i, 1});
    return network;
}
Network star(std::uint32_t leaves) {
    Network network = network_of(leaves + 1, {});
    for (std::uint32_t i = 1; i <= leaves; ++i) network.edges.push_back({0, i, 1});
    return network;
}
Network sparse(std::size_t vertices, double mean_degree, std::uint32_t trajectory) {
    return independent_edges(
        {.vertices = vertices, .probability = mean_degree / static_cast<double>(vertices - 1)},
        {.seed = 32, .trajectory = trajectory, .agent = 0, .purpose = 8});
}

// A ring, and a random partner for each vertex that isn't its neighbour there: each has 3 neighbours.
Network random_cubic(std::uint32_t vertices) {
    Network network = network_of(vertices, {});
    std::vector<std::uint32_t> order(vertices);
    std::iota(order.begin(), order.end(), 0U);
    Stream stream(address_of(99));
    const auto neighbours = [&](std::uint32_t one, std::uint32_t other) {
        const std::uint32_t gap = (one + vertices - other) % vertices;
        return gap == 1 || gap == vertices - 1;
    };
    for (bool simple = false; !simple;) {
        for (std::uint32_t i = vertices - 1; i > 0; --i)
            std::swap(order[i], order[static_cast<std::size_t>(unit_uniform(stream.next_word()) * (i + 1))]);
        simple = true;
        for (std::uint32_t i = 0; i < vertices; i += 2)
            simple = simple && !neighbours(order[i], order[i + 1]);
    }
    for (std::uint32_t i = 0; i < vertices; ++i) network.edges.push_back({i, (i + 1) % vertices, 1});
    for (std::uint32_t i = 0; i < vertices; i += 2) network.edges.push_back({order[i], order[i + 1], 1});
    return network;
}

double p_value_of(const std::vector<double>& counted, const std::vector<double>& probability, double trials) {
    double squares = 0;
    for (std::size_t i = 0; i < counted.size(); ++i) {
        const double expected = trials * probability[i];
        REQUIRE(expected > 10);
        squares += (counted[i] - expected) * (counted[i] - expected) / expected;
    }
    const auto degrees = static_cast<double>(counted.size() - 1);
    return boost::math::cdf(boost::math::complement(boost::math::chi_squared(degrees), squares));
}

// How many of `susceptible` are infected in the end by one, where everyone meets everyone: Ball, "A unified
// approach to the distribution of total size and total area under the trajectory of infectives in epidemic
// models", Advances in Applied Probability 18 (1986), equation 2.5. `escapes(j)`: the probability that j
// given persons all escape one that is infectious.
std::vector<double> final_size_law(unsigned susceptible, const std::function<double(unsigned)>& escapes) {
    std::vector<double> law;
    for (unsigned k = 0; k <= susceptible; ++k) {
        double left = boost::math::binomial_coefficient<double>(susceptible, k);
        for (unsigned j = 0; j < k; ++j)
            left -= boost::math::binomial_coefficient<double>(susceptible - j, k - j) * law[j]
                    / std::pow(escapes(susceptible - k), j + 1);
        law.push_back(left * std::pow(escapes(susceptible - k), k + 1));
    }
    return law;
}

// Round by round, everyone looked at in each.
std::vector<std::uint32_t> rounds_by_hand(const Network& network, const std::vector<double>& thresholds,
                                          std::uint32_t first, ThresholdKind kind) {
    std::vector<std::uint32_t> round(network.vertices, Cascade::never);
    round[first] = 0;
    for (std::size_t v = 0; v < network.vertices; ++v)
        if (thresholds[v] <= 0) round[v] = 0;
    for (std::uint32_t now = 1; now <= network.vertices; ++now) {
        for (std::uint32_t v = 0; v < network.vertices; ++v) {
            double watched = 0;
            double failed = 0;
            const auto look = [&](std::uint32_t other) {
                watched += 1;
                failed += round[other] < now ? 1 : 0;
            };
            for (const NetworkEdge& edge : network.edges) {
                if (edge.target == v) look(edge.source);
                if (edge.source == v && !network.directed) look(edge.target);
            }
            const double reached = kind == ThresholdKind::count ? failed : failed / watched;
            if (round[v] == Cascade::never && watched > 0 && reached >= thresholds[v]) round[v] = now;
        }
    }
    return round;
}

std::size_t finite(const std::vector<double>& times) {
    return static_cast<std::size_t>(
        std::count_if(times.begin(), times.end(), [](double time) { return time < infinity; }));
}

}  // namespace

TEST_CASE("One of two infects the other before recovery as often as the rates say") {
    constexpr std::uint32_t trials = 20000;
    const double beta = 0.7;
    const double gamma = 1.1;
    const NetworkGraph graph = graph_of(network_of(2, {{0, 1, 3}}));
    for (const double weight : {1.0, 3.0}) {
        EpidemicOptions options{.first_infected = {0}, .infection_rate = beta, .recovery_rate = gamma};
        if (weight > 1) options.contact_rate = ContactRate::by_weight;
        const double rate = beta * weight;
        testing::Sample delays;
        testing::Sample periods;
        for (std::uint32_t trial = 0; trial < trials; ++trial) {
            // The other way round every other time.
            options.first_infected = {trial % 2};
            const Epidemic history = epidemic(graph, options, address_of(trial));
            const std::size_t other = 1 - trial % 2;
            periods.add(history.recovered_at[trial % 2]);
            REQUIRE(history.size == finite(history.infected_at));
            if (history.size == 1) continue;
            delays.add(history.infected_at[other]);
            REQUIRE(history.infected_at[other] < history.recovered_at[trial % 2]);
            REQUIRE(history.infected_at[other] < history.recovered_at[other]);
        }
        const double p = rate / (rate + gamma);
        CHECK(std::abs(static_cast<double>(delays.size()) / trials - p)
              < tolerance * std::sqrt(p * (1 - p) / trials));
        // The first of two clocks.
        CHECK(testing::distance_from_exponential(delays, rate + gamma) < 1.95);
        CHECK(testing::distance_from_exponential(periods, gamma) < 1.95);
    }
}

TEST_CASE("Along a path an infection that none recovers from takes a sum of exponential times") {
    constexpr std::uint32_t trials = 5000;
    const NetworkGraph graph = graph_of(path(6));
    std::array<testing::Sample, 6> times;
    for (std::uint32_t trial = 0; trial < trials; ++trial) {
        const Epidemic history =
            epidemic(graph, {.first_infected = {0}, .infection_rate = 2}, address_of(trial));
        REQUIRE(history.size == 6);
        REQUIRE(finite(history.recovered_at) == 0);
        for (std::size_t i = 1; i < 6; ++i) times[i].add(history.infected_at[i]);
    }
    for (std::size_t i = 1; i < 6; ++i) {
        const auto steps = static_cast<double>(i);
        const double variance = steps / 4;
        CHECK(std::abs(times[i].mean() - steps / 2) < tolerance * std::sqrt(variance / trials));
        // Fourth moment of a gamma law: 3 v² (1 + 2 / shape).
        CHECK(std::abs(times[i].z_of_variance(variance, 3 * variance * variance * (1 + 2 / steps)))
              < tolerance);
    }
}

TEST_CASE("Where all meet, the wait for the next infection is that of all pairs that could pass it on") {
    constexpr std::uint32_t trials = 4000;
    constexpr std::size_t n = 8;
    const NetworkGraph graph = graph_of(complete(n));
    testing::Sample last;
    for (std::uint32_t trial = 0; trial < trials; ++trial) {
        const Epidemic history =
            epidemic(graph, {.first_infected = {3}, .infection_rate = 0.5}, address_of(trial));
        last.add(*std::max_element(history.infected_at.begin(), history.infected_at.end()));
    }
    double mean = 0;
    double variance = 0;
    for (std::size_t k = 1; k < n; ++k) {
        const double rate = 0.5 * static_cast<double>(k * (n - k));
        mean += 1 / rate;
        variance += 1 / (rate * rate);
    }
    CHECK(std::abs(last.mean() - mean) < tolerance * std::sqrt(variance / trials));
}

TEST_CASE("Neighbours of one who is infectious for a random time are infected together or not at all") {
    // Both leaves escape with probability γ / (γ + 2β), which is more than the square of γ / (γ + β).
    constexpr std::uint32_t trials = 20000;
    const NetworkGraph graph = graph_of(star(2));
    std::vector<double> sizes(3, 0.0);
    for (std::uint32_t trial = 0; trial < trials; ++trial)
        ++sizes[epidemic(graph, {.first_infected = {0}, .infection_rate = 1, .recovery_rate = 1},
                         address_of(trial))
                    .size
                - 1];
    CHECK(p_value_of(sizes, {1.0 / 3, 1.0 / 3, 1.0 / 3}, trials) > least_p_value);
}

TEST_CASE("Where all meet, the final size of an epidemic has the law of Ball's recursion") {
    constexpr std::uint32_t trials = 20000;
    const double beta = 0.3;
    const double gamma = 0.9;
    const NetworkGraph graph = graph_of(complete(6));
    const std::vector<std::uint32_t> seeds = {2};
    std::vector<double> random(6, 0.0);
    std::vector<double> fixed(6, 0.0);
    std::vector<double> in_generations(6, 0.0);
    EpidemicOptions options{.first_infected = seeds, .infection_rate = beta, .recovery_rate = gamma};
    for (std::uint32_t trial = 0; trial < trials; ++trial) {
        const StreamAddress address = address_of(trial);
        options.infectious_period = InfectiousPeriod::exponential;
        ++random[epidemic(graph, options, address).size - 1];
        options.infectious_period = InfectiousPeriod::fixed;
        const Epidemic history = epidemic(graph, options, address);
        ++fixed[history.size - 1];
        REQUIRE(history.recovered_at[2] == 1 / gamma);
        ++in_generations[reed_frost_outbreak(graph, seeds, 1 - std::exp(-beta / gamma), address).size - 1];
    }
    const auto random_law = final_size_law(5, [&](unsigned j) { return gamma / (gamma + beta * j); });
    const auto fixed_law = final_size_law(5, [&](unsigned j) { return std::exp(-beta * j / gamma); });
    CHECK(std::accumulate(random_law.begin(), random_law.end(), 0.0) == Approx(1).epsilon(1e-10));
    CHECK(p_value_of(random, random_law, trials) > least_p_value);
    CHECK(p_value_of(fixed, fixed_law, trials) > least_p_value);
    CHECK(p_value_of(in_generations, fixed_law, trials) > least_p_value);
}

TEST_CASE("Infections go the way of the arcs, and only from who has been infected") {
    const NetworkGraph graph = graph_of(network_of(5, {{0, 1, 1}, {1, 2, 1}, {3, 2, 1}, {3, 4, 0}}, true));
    const Epidemic history = epidemic(graph, {.first_infected = {1}}, address_of(0));
    CHECK(history.size == 2);
    CHECK(history.infected_at[0] == infinity);
    CHECK(history.infected_at[1] == 0);
    CHECK(history.infected_at[2] < infinity);
    CHECK(history.infected_at[3] == infinity);
    // By weight nothing passes an arc of weight 0.
    const EpidemicOptions by_weight{.first_infected = {3}, .contact_rate = ContactRate::by_weight};
    CHECK(epidemic(graph, by_weight, address_of(0)).infected_at[4] == infinity);
    CHECK(epidemic(graph, {.first_infected = {3}}, address_of(0)).infected_at[4] < infinity);
    CHECK(epidemic(graph, {}, address_of(0)).size == 0);
    CHECK(epidemic(graph, {.first_infected = {0, 0, 3}, .infection_rate = 0}, address_of(0)).size == 2);
}

TEST_CASE("Neither a higher infection rate nor a further edge makes any infection later") {
    Network network = sparse(200, 3, 1);
    EpidemicOptions options{.first_infected = {5},
                            .infection_rate = 1,
                            .recovery_rate = 0.5,
                            .infectious_period = InfectiousPeriod::exponential};
    const Epidemic before = epidemic(graph_of(network), options, address_of(0));
    REQUIRE(before.size > 50);
    options.infection_rate = 1.5;
    const Epidemic faster = epidemic(graph_of(network), options, address_of(0));
    options.infection_rate = 1;
    network.edges.push_back({5, 199, 1});
    REQUIRE_NOTHROW(expect_sound(network));
    const Epidemic joined = epidemic(graph_of(network), options, address_of(0));
    for (std::size_t v = 0; v < 200; ++v) {
        CHECK(faster.infected_at[v] <= before.infected_at[v]);
        CHECK(joined.infected_at[v] <= before.infected_at[v]);
    }
    CHECK(faster.size >= before.size);
    CHECK(faster.infected_at != before.infected_at);
}

TEST_CASE("A history up to a horizon is the whole one without what comes later") {
    const NetworkGraph graph = graph_of(sparse(300, 4, 2));
    EpidemicOptions options{.first_infected = {0, 7, 20, 40, 60}, .infection_rate = 1, .recovery_rate = 0.7};
    const Epidemic whole = epidemic(graph, options, address_of(1));
    REQUIRE(whole.size > 100);
    options.horizon = 2;
    const Epidemic cut = epidemic(graph, options, address_of(1));
    CHECK(cut.size < whole.size);
    CHECK(cut.size == finite(cut.infected_at));
    for (std::size_t v = 0; v < 300; ++v) {
        CHECK(cut.infected_at[v] == (whole.infected_at[v] <= 2 ? whole.infected_at[v] : infinity));
        CHECK(cut.recovered_at[v] == (whole.recovered_at[v] <= 2 ? whole.recovered_at[v] : infinity));
    }
    CHECK(epidemic(graph, options, address_of(1)).infected_at == cut.infected_at);
    CHECK(epidemic(graph, options, address_of(2)).infected_at != cut.infected_at);
}

TEST_CASE("At any time everyone is susceptible, infectious or recovered") {
    const Epidemic history{
        .infected_at = {0, 1, 2.5, infinity}, .recovered_at = {1.5, infinity, 3, infinity}, .size = 3};
    const std::vector<double> times = {3, 0, 1, 1.4, 2.5, -1};
    const std::vector<EpidemicCounts> counts = counts_over_time(history, times);
    const std::vector<std::array<std::size_t, 3>> expected = {{1, 1, 2}, {3, 1, 0}, {2, 2, 0},
                                                              {2, 2, 0}, {1, 2, 1}, {4, 0, 0}};
    REQUIRE(counts.size() == times.size());
    for (std::size_t i = 0; i < counts.size(); ++i) {
        CHECK(counts[i].time == times[i]);
        CHECK(counts[i].susceptible == expected[i][0]);
        CHECK(counts[i].infectious == expected[i][1]);
        CHECK(counts[i].recovered == expected[i][2]);
    }
    const std::vector<double> endless = {infinity};
    CHECK_THROWS_AS(counts_over_time(history, endless), std::invalid_argument);
}

TEST_CASE("The final size solves its equation, and is nothing where a case infects at most one") {
    CHECK(final_size(0) == 0);
    CHECK(final_size(0.99) == 0);
    CHECK(final_size(1) == 0);
    for (const double r : {1.001, 1.1, 1.5, 2.0, 5.0, 20.0, 700.0}) {
        const double z = final_size(r);
        CHECK(z > 0);
        CHECK(std::abs(1 - std::exp(-r * z) - z) < 1e-15);
        // The root is a simple one, so the residual bounds the error: here in ln(1 − z).
        if (r < 10) CHECK(-std::log1p(-z) / z == Approx(r).epsilon(1e-11));
    }
    // Near 1, z = 2 e − (8/3) e² + (28/9) e³ with e = R − 1.
    const double e = 1e-4;
    CHECK(final_size(1 + e) == Approx(2 * e - 8 * e * e / 3 + 28 * e * e * e / 9).epsilon(1e-11));
    CHECK(final_size(infinity) == 1);
    CHECK_THROWS_WITH(final_size(-0.5), Contains("-0.5"));
    CHECK_THROWS_AS(final_size(std::numeric_limits<double>::quiet_NaN()), std::invalid_argument);
}

TEST_CASE("The final size is the one that another program finds") {
    const std::string name =
        std::string(VENTURI_SOURCE_FOLDER) + "/../shared/oracles/networks/sir_final_size.csv";
    std::ifstream file(name);
    if (!file) {
        WARN("not tried: " << name << " is absent");
        return;
    }
    std::string line;
    std::getline(file, line);
    std::size_t rows = 0;
    for (; std::getline(file, line); ++rows) {
        std::istringstream row(line);
        double r = 0;
        char comma = 0;
        double z = 0;
        row >> r >> comma >> z;
        CHECK(std::abs(final_size(r) - z) < 1e-12);
    }
    CHECK(rows == 7);
}

TEST_CASE("The giant component of a sparse random graph is as large as the final size says") {
    constexpr std::size_t n = 50000;
    for (const double c : {1.5, 2.5, 4.0}) {
        const double z = final_size(c);
        // Its standard deviation: Bollobás and Riordan, "Asymptotic normality of the size of the giant
        // component via a random walk", Journal of Combinatorial Theory B 102 (2012), theorem 1.
        const double deviation = std::sqrt(n * z * (1 - z)) / (1 - c * (1 - z));
        const Percolation whole = bond_percolation(sparse(n, c, 3), 1, address_of(0));
        CHECK(std::abs(static_cast<double>(whole.largest) - n * z) < tolerance * deviation);
        // Thinning the edges of a denser one leaves the same law.
        const Percolation thinned = bond_percolation(sparse(n, 2 * c, 4), 0.5, address_of(1));
        CHECK(std::abs(static_cast<double>(thinned.largest) - n * z) < tolerance * deviation);
        CHECK(std::accumulate(thinned.sizes.begin(), thinned.sizes.end(), std::size_t{0}) == n);
        CHECK(thinned.largest == *std::max_element(thinned.sizes.begin(), thinned.sizes.end()));
    }
    // Below the threshold there is none: components are of the order of log n.
    CHECK(bond_percolation(sparse(n, 1.6, 5), 0.5, address_of(2)).largest < n / 100);
}

TEST_CASE("An outbreak reaches the components of its seeds, one edge further in each generation") {
    const Network network = sparse(300, 3, 6);
    const NetworkGraph graph = graph_of(network);
    const double transmissibility = 0.5;
    const Percolation parts = bond_percolation(network, transmissibility, address_of(3));
    for (const std::uint32_t seed : {0U, 100U, 299U}) {
        const std::vector<std::uint32_t> seeds = {seed, 50U};
        const Outbreak outbreak = reed_frost_outbreak(graph, seeds, transmissibility, address_of(3));
        std::size_t reached = 0;
        for (std::size_t v = 0; v < 300; ++v) {
            const bool with_a_seed =
                parts.component[v] == parts.component[seed] || parts.component[v] == parts.component[50];
            CHECK((outbreak.generation[v] != Outbreak::never) == with_a_seed);
            reached += with_a_seed ? 1 : 0;
        }
        CHECK(outbreak.size == reached);
    }
    // With certain transmission generations are distances, and along directed edges only forwards.
    const std::vector<std::uint32_t> middle = {2};
    CHECK(reed_frost_outbreak(graph_of(path(5)), middle, 1, {}).generation
          == std::vector<std::uint32_t>{2, 1, 0, 1, 2});
    Network one_way = path(5);
    one_way.directed = true;
    CHECK(reed_frost_outbreak(graph_of(one_way), middle, 1, {}).generation
          == std::vector<std::uint32_t>{Outbreak::never, Outbreak::never, 0, 1, 2});
    CHECK(reed_frost_outbreak(graph_of(one_way), middle, 0, {}).size == 1);
    CHECK(reed_frost_outbreak(graph_of(one_way), {}, 1, {}).size == 0);
}

TEST_CASE("Components are numbered by their first vertices") {
    const Network network = network_of(6, {{4, 1, 1}, {5, 2, 1}, {1, 5, 1}});
    const Percolation parts = bond_percolation(network, 1, {});
    CHECK(parts.component == std::vector<std::uint32_t>{0, 1, 1, 2, 1, 1});
    CHECK(parts.sizes == std::vector<std::size_t>{1, 4, 1});
    CHECK(parts.largest == 4);
    CHECK(bond_percolation(network, 0, {}).sizes == std::vector<std::size_t>(6, 1));
    CHECK(bond_percolation(network_of(0, {}), 1, {}).largest == 0);
}

TEST_CASE("Large outbreaks are as probable as a branching process says, and as large as the final size") {
    // Infection and recovery at the same rate on a graph of mean degree 4: a case has a Poisson number of
    // infections of mean 4 U, U uniform, 2 on average. An outbreak becomes large with the probability q that
    // solves 1 − q = E exp(−4 q U) = (1 − exp(−4 q)) / (4 q).
    double q = 0.5;
    for (int step = 0; step < 200; ++step) q = 1 - (1 - std::exp(-4 * q)) / (4 * q);
    constexpr std::uint32_t trials = 300;
    constexpr std::size_t n = 2000;
    testing::Sample sizes;
    for (std::uint32_t trial = 0; trial < trials; ++trial) {
        const NetworkGraph graph = graph_of(sparse(n, 4, 1000 + trial));
        const Epidemic history = epidemic(
            graph, {.first_infected = {0}, .infection_rate = 1, .recovery_rate = 1}, address_of(trial));
        if (history.size > n / 5) sizes.add(static_cast<double>(history.size) / n);
    }
    CHECK(std::abs(static_cast<double>(sizes.size()) / trials - q)
          < tolerance * std::sqrt(q * (1 - q) / trials));
    // How many a case infects differs, so q isn't the final size; who is reached is the same. In a finite
    // population the mean is off by some 1/n.
    CHECK(q < final_size(2) - 0.05);
    const double error = std::sqrt(sizes.variance() / static_cast<double>(sizes.size()));
    CHECK(std::abs(sizes.mean() - final_size(2)) < tolerance * error + 2.0 / n);
}

TEST_CASE(
    "Below the threshold of an epidemic all outbreaks stay small, of the mean size of a branching process") {
    // Mean degree 3 and transmissibility 1/4: a case infects 3/4, and an outbreak is 1 / (1 − 3/4) large,
    // with variance 3/4 / (1/4)³ of a Poisson branching process.
    constexpr std::uint32_t trials = 4000;
    testing::Sample sizes;
    const NetworkGraph graph = graph_of(sparse(20000, 3, 7));
    for (std::uint32_t trial = 0; trial < trials; ++trial) {
        const EpidemicOptions options{.first_infected = {trial},
                                      .infection_rate = -std::log(0.75),
                                      .recovery_rate = 1,
                                      .infectious_period = InfectiousPeriod::fixed};
        sizes.add(static_cast<double>(epidemic(graph, options, address_of(trial)).size));
    }
    CHECK(std::abs(sizes.mean() - 4) < tolerance * std::sqrt(48.0 / trials));
    CHECK(*std::max_element(sizes.values().begin(), sizes.values().end()) < 400);
}

TEST_CASE("On a ring one failure tips all where one neighbour in four suffices, and none where it doesn't") {
    for (const std::size_t n : {7, 20, 31}) {
        const NetworkGraph ring = graph_of(small_world({.vertices = n, .degree = 4}, {}));
        const std::vector<std::uint32_t> first = {3};
        const Cascade all = threshold_cascade(ring, std::vector<double>(n, 0.25), first);
        CHECK(all.size == n);
        // Two further on either side in each round.
        CHECK(all.rounds == (n / 2 + 1) / 2);
        const Cascade none = threshold_cascade(ring, std::vector<double>(n, std::nextafter(0.25, 1)), first);
        CHECK(none.size == 1);
        CHECK(none.rounds == 0);
        // Two neighbours that fail bring down one on either side in each round where a half suffices.
        const std::vector<std::uint32_t> pair = {3, 4};
        const Cascade by_halves = threshold_cascade(ring, std::vector<double>(n, 0.5), pair);
        CHECK(by_halves.size == n);
        CHECK(by_halves.rounds <= (n - 2 + 1) / 2);
        CHECK(by_halves.round[6] == 2);
        CHECK(threshold_cascade(ring, std::vector<double>(n, 0.51), pair).size == 2);
    }
}

TEST_CASE(
    "On a random graph of three neighbours each, a threshold of a third tips all, and above it nothing") {
    constexpr std::uint32_t n = 30;
    const Network network = random_cubic(n);
    REQUIRE_NOTHROW(expect_sound(network));
    const NetworkGraph graph = graph_of(network);
    for (std::uint32_t first = 0; first < n; ++first) {
        const std::vector<std::uint32_t> one = {first};
        CHECK(threshold_cascade(graph, std::vector<double>(n, 1.0 / 3), one).size == n);
        CHECK(threshold_cascade(graph, std::vector<double>(n, std::nextafter(1.0 / 3, 1)), one).size == 1);
    }
    CHECK(cascade_reproduction_number(network, std::vector<double>(n, 1.0 / 3)) == 2);
    CHECK(cascade_reproduction_number(network, std::vector<double>(n, std::nextafter(1.0 / 3, 1))) == 0);
}

TEST_CASE("A crowd of thresholds 0, 1, 2, ... all riot, and one changed mind leaves a single rioter") {
    // Granovetter (1978), page 1424.
    constexpr std::size_t n = 100;
    const NetworkGraph crowd = graph_of(complete(n));
    std::vector<double> thresholds(n);
    std::iota(thresholds.begin(), thresholds.end(), 0.0);
    const Cascade riot = threshold_cascade(crowd, thresholds, {}, ThresholdKind::count);
    CHECK(riot.size == n);
    CHECK(riot.rounds == n - 1);
    for (std::uint32_t v = 0; v < n; ++v) CHECK(riot.round[v] == v);
    thresholds[1] = 2;
    const Cascade calm = threshold_cascade(crowd, thresholds, {}, ThresholdKind::count);
    CHECK(calm.size == 1);
    CHECK(calm.rounds == 0);
    // One who is pushed replaces the mind that changed.
    const std::vector<std::uint32_t> pushed = {50};
    CHECK(threshold_cascade(crowd, thresholds, pushed, ThresholdKind::count).size == n);
}

TEST_CASE("A fraction that is reached exactly is reached") {
    for (const std::uint32_t leaves : {10U, 30U, 70U}) {
        std::vector<double> thresholds(leaves + 1, infinity);
        thresholds[0] = 0.1;
        std::vector<std::uint32_t> first(leaves / 10);
        std::iota(first.begin(), first.end(), 1U);
        CHECK(threshold_cascade(graph_of(star(leaves)), thresholds, first).size == leaves / 10 + 1);
        first.pop_back();
        CHECK(threshold_cascade(graph_of(star(leaves)), thresholds, first).size == leaves / 10 - 1);
    }
}

TEST_CASE("A cascade on any graph is the one that looking at everyone in every round gives") {
    for (std::uint32_t trial = 0; trial < 30; ++trial) {
        Network network = sparse(60, 4, 2000 + trial);
        network.directed = trial % 2 == 1;
        Stream stream(address_of(trial));
        for (const ThresholdKind kind : {ThresholdKind::fraction, ThresholdKind::count}) {
            std::vector<double> thresholds(60);
            for (double& one : thresholds) {
                const double u = unit_uniform(stream.next_word());
                one = kind == ThresholdKind::fraction ? 0.7 * u - 0.02 : std::floor(3.1 * u + 0.95);
            }
            const std::vector<std::uint32_t> first = {trial};
            const Cascade cascade = threshold_cascade(graph_of(network), thresholds, first, kind);
            CHECK(cascade.round == rounds_by_hand(network, thresholds, trial, kind));
            std::size_t failed = 0;
            std::size_t rounds = 0;
            for (const std::uint32_t round : cascade.round) {
                if (round == Cascade::never) continue;
                ++failed;
                rounds = std::max<std::size_t>(rounds, round);
            }
            CHECK(cascade.size == failed);
            CHECK(cascade.rounds == rounds);
        }
    }
}

TEST_CASE("Global cascades come from single failures inside Watts's window and not beyond it") {
    // Poisson degrees and threshold 0.18: those with at most 5 neighbours are vulnerable.
    constexpr std::size_t n = 4000;
    const std::vector<double> thresholds(n, 0.18);
    const auto condition = [](double c) {
        double sum = 0;
        for (int k = 2; k <= 5; ++k)
            sum += k * (k - 1) * std::exp(-c) * std::pow(c, k) / std::tgamma(k + 1) / c;
        return sum;
    };
    for (const double c : {3.0, 10.0}) {
        const Network network = sparse(n, c, 8);
        const double number = cascade_reproduction_number(network, thresholds);
        CHECK((condition(c) > 1) == (c < 5));
        // A sum over n vertices whose terms, k (k − 1) / c up to 20 / c, vary by less than that.
        CHECK(std::abs(number - condition(c)) < tolerance * (20 / c) / std::sqrt(static_cast<double>(n)));
        const NetworkGraph graph = graph_of(network);
        std::size_t global = 0;
        for (std::uint32_t first = 0; first < 100; ++first) {
            const std::vector<std::uint32_t> one = {first};
            global += threshold_cascade(graph, thresholds, one).size > n / 2 ? 1 : 0;
        }
        if (c < 5)
            CHECK(global > 50);
        else
            CHECK(global == 0);
    }
}

TEST_CASE("What cannot spread is refused, with the number and what is legal") {
    const NetworkGraph graph = graph_of(network_of(2, {{0, 1, -1}}));
    const StreamAddress address = address_of(0);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_WITH(epidemic(graph, {.first_infected = {2}}, address),
                      Contains("vertex 2") && Contains("2"));
    CHECK_THROWS_WITH(epidemic(graph, {.infection_rate = -1}, address), Contains("infection_rate is -1"));
    CHECK_THROWS_AS(epidemic(graph, {.infection_rate = nan}, address), std::invalid_argument);
    CHECK_THROWS_AS(epidemic(graph, {.recovery_rate = -1}, address), std::invalid_argument);
    CHECK_THROWS_AS(epidemic(graph, {.horizon = -1}, address), std::invalid_argument);
    CHECK_THROWS_WITH(
        epidemic(graph, {.first_infected = {0}, .contact_rate = ContactRate::by_weight}, address),
        Contains("weight") && Contains("-1"));
    const std::vector<std::uint32_t> outside = {2};
    const std::vector<double> thresholds = {0.5, 0.5};
    CHECK_THROWS_AS(threshold_cascade(graph, thresholds, outside), std::invalid_argument);
    CHECK_THROWS_WITH(threshold_cascade(graph, std::vector<double>{0.5}, {}), Contains("1 thresholds for 2"));
    CHECK_THROWS_AS(threshold_cascade(graph, std::vector<double>{0.5, nan}, {}), std::invalid_argument);
    CHECK_THROWS_AS(cascade_reproduction_number(network_of(2, {{0, 1, 1}}, true), thresholds),
                    std::invalid_argument);
    CHECK_THROWS_AS(cascade_reproduction_number(network_of(2, {}), thresholds), std::invalid_argument);
    CHECK_THROWS_AS(reed_frost_outbreak(graph, outside, 0.5, address), std::invalid_argument);
    CHECK_THROWS_WITH(reed_frost_outbreak(graph, {}, 1.5, address), Contains("1.5"));
    CHECK_THROWS_AS(bond_percolation(network_of(2, {{0, 1, 1}}), nan, address), std::invalid_argument);
    CHECK_THROWS_AS(bond_percolation(network_of(2, {{0, 1, 1}}, true), 0.5, address), std::invalid_argument);
}
