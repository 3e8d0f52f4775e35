#include "agents/network/research_network.hpp"
#include "sim/random/stream.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>

namespace {

using namespace venturi;
using Catch::Matchers::Contains;

/// Each firm with the `partners` nearest around a ring; where that is odd, with the one opposite too.
Network regular_network(std::size_t firms, std::size_t partners) {
    Network network{.vertices = firms};
    const auto n = static_cast<std::uint32_t>(firms);
    for (std::uint32_t i = 0; i < n; ++i) {
        for (std::uint32_t step = 1; step <= partners / 2; ++step)
            network.edges.push_back({i, (i + step) % n});
        if (partners % 2 == 1 && i < n / 2) network.edges.push_back({i, i + n / 2});
    }
    return network;
}

Network random_network(std::size_t firms, double density, std::uint32_t trial) {
    Stream stream({.seed = 11, .trajectory = trial, .agent = 3, .purpose = 4});
    Network network{.vertices = firms};
    for (std::uint32_t i = 0; i < firms; ++i)
        for (std::uint32_t j = i + 1; j < firms; ++j)
            if (unit_uniform(stream.next_word()) < density) network.edges.push_back({i, j});
    return network;
}

/// What a firm earns by efforts that need be no equilibrium, when quantities are chosen knowing them; from
/// the demand curve, and with quantities by repeated best replies.
double earned(const Network& network, const ResearchMarket& market, const std::vector<double>& effort,
              std::size_t firm) {
    std::vector<double> cost(effort.size());
    for (std::size_t i = 0; i < cost.size(); ++i) cost[i] = market.unit_cost - effort[i];
    for (const NetworkEdge& edge : network.edges) {
        cost[edge.source] -= effort[edge.target];
        cost[edge.target] -= effort[edge.source];
    }
    const bool shared = market.competition == ResearchCompetition::homogeneous_product;
    std::vector<double> quantity(cost.size(), 0);
    double sold = 0;
    for (int turn = 0; turn < 400; ++turn)
        for (std::size_t i = 0; i < cost.size(); ++i) {
            const double others = shared ? sold - quantity[i] : 0;
            sold -= quantity[i];
            quantity[i] = (market.demand - others - cost[i]) / 2;
            sold += quantity[i];
        }
    const double price = market.demand - (shared ? sold : quantity[firm]);
    return (price - cost[firm]) * quantity[firm] - market.effort_cost * effort[firm] * effort[firm];
}

std::vector<double> row_of(const std::string& line) {
    std::vector<double> cells;
    std::istringstream text(line);
    for (std::string cell; std::getline(text, cell, ',');) {
        const std::size_t stroke = cell.find('/');
        cells.push_back(std::stod(cell)
                        / (stroke == std::string::npos ? 1 : std::stod(cell.substr(stroke + 1))));
    }
    return cells;
}

constexpr ResearchCompetition both[] = {ResearchCompetition::independent_markets,
                                        ResearchCompetition::homogeneous_product};

}  // namespace

TEST_CASE("Four firms with two partners each research as worked out by hand") {
    const ResearchMarket market{.demand = 12, .unit_cost = 10, .effort_cost = 4};
    const ResearchEquilibrium all = research_equilibrium(regular_network(4, 2), market);
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(std::abs(all.effort[i] - 2.0 / 47) <= 1e-14);
        CHECK(std::abs(all.unit_cost[i] - 464.0 / 47) <= 1e-14);
        CHECK(std::abs(all.quantity[i] - 20.0 / 47) <= 1e-14);
        CHECK(std::abs(all.profit[i] - 384.0 / 2209) <= 1e-14);
    }
    CHECK(std::abs(all.consumer_surplus - 3200.0 / 2209) <= 1e-13);
    CHECK(std::abs(all.welfare - (3200.0 + 4 * 384.0) / 2209) <= 1e-13);
}

TEST_CASE("The table of regular research networks is found firm by firm and in closed form") {
    const std::string name =
        std::string(VENTURI_SOURCE_FOLDER) + "/../shared/oracles/networks/rd_network_goyal_moraga_2001.csv";
    std::ifstream file(name);
    if (!file) {
        WARN("skipped: there is no " << name);
        return;
    }
    std::string line;
    std::getline(file, line);
    std::size_t rows = 0;
    struct Best {
        std::size_t partners = 0;
        double profit = 0;
    };
    std::vector<Best> best(11);
    std::vector<double> gamma(11);
    while (std::getline(file, line)) {
        const std::vector<double> row = row_of(line);
        REQUIRE(row.size() == 10);
        CAPTURE(line);
        const auto firms = static_cast<std::size_t>(row[0]);
        const auto partners = static_cast<std::size_t>(row[1]);
        const ResearchMarket market{.demand = row[2], .unit_cost = row[3], .effort_cost = row[4]};
        const RegularResearchEquilibrium each = regular_research_equilibrium(firms, partners, market);
        const ResearchEquilibrium all = research_equilibrium(regular_network(firms, partners), market);
        const auto check = [&](double closed, const std::vector<double>& found, double expected) {
            CHECK(std::abs(closed - expected) <= 1e-12);
            for (const double value : found) CHECK(std::abs(value - expected) <= 1e-12);
        };
        check(each.effort, all.effort, row[5]);
        check(each.unit_cost, all.unit_cost, row[6]);
        check(each.quantity, all.quantity, row[7]);
        check(each.profit, all.profit, row[8]);
        check(each.profit, all.profit, row[9]);
        if (row[8] > best[firms].profit) best[firms] = {partners, row[8]};
        gamma[firms] = row[4];
        ++rows;
    }
    CHECK(rows == 20);
    for (const std::size_t firms : {4U, 6U, 10U})
        CHECK(most_profitable_partners(firms, {.demand = 12, .unit_cost = 10, .effort_cost = gamma[firms]})
              == best[firms].partners);
}

TEST_CASE("Rivals earn most with some partners but not all, and each partner makes them research less") {
    const auto market = [](double gamma) { return ResearchMarket{12, 10, gamma}; };
    CHECK(most_profitable_partners(4, market(4)) == 2);
    CHECK(most_profitable_partners(6, market(6)) == 4);
    CHECK(most_profitable_partners(10, market(10)) == 6);
    for (std::size_t k = 0; k + 1 < 10; ++k)
        CHECK(regular_research_equilibrium(10, k + 1, market(10)).effort
              < regular_research_equilibrium(10, k, market(10)).effort);
    // Where nobody competes every partner makes research worth more, and all want all.
    ResearchMarket apart = market(10);
    apart.competition = ResearchCompetition::independent_markets;
    for (std::size_t k = 0; k + 1 < 10; ++k)
        CHECK(regular_research_equilibrium(10, k + 1, apart).effort
              > regular_research_equilibrium(10, k, apart).effort);
    CHECK(most_profitable_partners(10, apart) == 9);
}

TEST_CASE("In independent markets regular networks follow the closed form") {
    const ResearchMarket market{.demand = 5,
                                .unit_cost = 3,
                                .effort_cost = 2.5,
                                .competition = ResearchCompetition::independent_markets};
    for (std::size_t partners = 0; partners < 6; ++partners) {
        const RegularResearchEquilibrium each = regular_research_equilibrium(6, partners, market);
        const ResearchEquilibrium all = research_equilibrium(regular_network(6, partners), market);
        CHECK(std::abs(each.effort - 2 / (9.0 - static_cast<double>(partners))) <= 1e-15);
        for (std::size_t i = 0; i < 6; ++i) {
            CHECK(std::abs(all.effort[i] - each.effort) <= 1e-14);
            CHECK(std::abs(all.profit[i] - each.profit) <= 1e-14);
        }
        CHECK(std::abs(all.consumer_surplus - 3 * each.quantity * each.quantity) <= 1e-13);
    }
}

TEST_CASE("No firm in any research network earns more by another effort") {
    for (std::uint32_t trial = 0; trial < 4; ++trial)
        for (const ResearchCompetition competition : both) {
            const Network network = random_network(7, 0.4, trial);
            const ResearchMarket market{
                .demand = 12, .unit_cost = 10, .effort_cost = 4, .competition = competition};
            const ResearchEquilibrium all = research_equilibrium(network, market);
            for (std::size_t i = 0; i < 7; ++i) {
                const double at_rest = earned(network, market, all.effort, i);
                CHECK(std::abs(all.profit[i] - at_rest) <= 1e-12);
                for (const double change : {-0.5, -0.01, 0.01, 0.5}) {
                    std::vector<double> effort = all.effort;
                    effort[i] *= 1 + change;
                    // By concavity the loss is (gamma - slope²) · step², here at least 3 · step².
                    const double step = effort[i] - all.effort[i];
                    CHECK(earned(network, market, effort, i) <= at_rest - 3 * step * step + 1e-13);
                }
            }
        }
}

TEST_CASE("The hub of a research star has the lowest costs and sells most, with the least effort") {
    Network star{.vertices = 5};
    for (std::uint32_t i = 1; i < 5; ++i) star.edges.push_back({0, i});
    const ResearchEquilibrium all = research_equilibrium(star, {12, 10, 5});
    for (std::size_t i = 1; i < 5; ++i) {
        CHECK(all.unit_cost[0] < all.unit_cost[i]);
        CHECK(all.quantity[0] > all.quantity[i]);
        CHECK(all.effort[0] < all.effort[i]);
        CHECK(all.profit[0] > all.profit[i]);
        CHECK(all.effort[i] == Approx(all.effort[1]).epsilon(1e-13));
    }
}

TEST_CASE("Equations of many firms have the same answer as the closed form") {
    for (const ResearchCompetition competition : both) {
        const ResearchMarket market{
            .demand = 12, .unit_cost = 10, .effort_cost = 40, .competition = competition};
        const RegularResearchEquilibrium each = regular_research_equilibrium(1200, 6, market);
        const ResearchEquilibrium all = research_equilibrium(regular_network(1200, 6), market);
        const auto [least, most] = std::minmax_element(all.effort.begin(), all.effort.end());
        CHECK(*least == Approx(each.effort).epsilon(1e-12));
        CHECK(*most == Approx(each.effort).epsilon(1e-12));
        const double mean = std::accumulate(all.profit.begin(), all.profit.end(), 0.0) / 1200;
        CHECK(mean == Approx(each.profit).epsilon(1e-11));
    }
}

TEST_CASE("Many firms of uneven partners meet all first-order conditions") {
    for (const ResearchCompetition competition : both) {
        const std::size_t firms = 1100;
        const Network network = random_network(firms, 0.005, 9);
        const ResearchMarket market{
            .demand = 12, .unit_cost = 10, .effort_cost = 30, .competition = competition};
        const ResearchEquilibrium all = research_equilibrium(network, market);
        const bool shared = competition == ResearchCompetition::homogeneous_product;
        std::vector<double> partners(firms, 0);
        std::vector<double> cost(firms);
        for (std::size_t i = 0; i < firms; ++i) cost[i] = market.unit_cost - all.effort[i];
        for (const NetworkEdge& edge : network.edges) {
            ++partners[edge.source];
            ++partners[edge.target];
            cost[edge.source] -= all.effort[edge.target];
            cost[edge.target] -= all.effort[edge.source];
        }
        const double n = firms;
        const double costs = std::accumulate(cost.begin(), cost.end(), 0.0);
        double worst = 0;
        for (std::size_t i = 0; i < firms; ++i) {
            const double quantity =
                shared ? (market.demand + costs) / (n + 1) - cost[i] : (market.demand - cost[i]) / 2;
            const double slope = shared ? (n - partners[i]) / (n + 1) : 0.5;
            worst = std::max(worst, std::abs(quantity - all.quantity[i]));
            worst = std::max(worst, std::abs(quantity * slope - market.effort_cost * all.effort[i]));
        }
        // Costs near 10, whose sum over 1100 is rounded to some 1e-12.
        CHECK(worst <= 1e-11);
        const auto [fewest, most] = std::minmax_element(all.effort.begin(), all.effort.end());
        CHECK(*most > 1.01 * *fewest);
    }
}

TEST_CASE("Two firms may pass the point where costs reach zero, and no further") {
    // Alone together: e = 2 · 1 / (9 γ - 2), cost 1 - 2 e, which is 0 at γ = 2/3 with margin 2.
    const Network pair{.vertices = 2, .edges = {{0, 1}}};
    CHECK(research_equilibrium(pair, {3, 1, 0.667}).unit_cost[0] == Approx(0).margin(2e-3));
    CHECK_THROWS_WITH(research_equilibrium(pair, {3, 1, 0.666}), Contains("cost below zero"));
    CHECK_THROWS_WITH(regular_research_equilibrium(2, 1, {3, 1, 0.666}), Contains("cost below zero"));
}

TEST_CASE("Research that has no equilibrium, or no sense, is refused by name") {
    const Network pair{.vertices = 2, .edges = {{0, 1}}};
    const Network none{.vertices = 2};
    CHECK_THROWS_WITH(research_equilibrium(none, {12, 10, 0.4}),
                      Contains("effort_cost 0.4") && Contains("firm 0 would gain from ever more effort"));
    CHECK_THROWS_WITH(regular_research_equilibrium(2, 0, {12, 10, 0.4}), Contains("ever more effort"));
    ResearchMarket apart{12, 10, 0.3, ResearchCompetition::independent_markets};
    CHECK_THROWS_WITH(research_equilibrium(pair, apart), Contains("effort_cost 0.3"));
    // Concave, but with three partners each effort breeds more effort without end: 4 γ <= k + 1.
    apart.effort_cost = 0.9;
    CHECK_THROWS_WITH(regular_research_equilibrium(4, 3, apart), Contains("would make nothing"));
    CHECK_THROWS_WITH(research_equilibrium(regular_network(4, 3), apart), Contains("would make nothing"));
    CHECK_THROWS_WITH(research_equilibrium(pair, {10, 12, 1}), Contains("demand is 10"));
    CHECK_THROWS_WITH(research_equilibrium(pair, {12, 0, 1}), Contains("unit_cost is 0"));
    CHECK_THROWS_WITH(research_equilibrium(pair, {12, 10, -1}), Contains("effort_cost is -1"));
    CHECK_THROWS_WITH(research_equilibrium(Network{.directed = true, .vertices = 2}, {12, 10, 4}),
                      Contains("undirected"));
    CHECK_THROWS_WITH(research_equilibrium(Network{}, {12, 10, 4}), Contains("1 firm or more"));
    CHECK_THROWS_WITH(regular_research_equilibrium(3, 3, {12, 10, 4}), Contains("3 firms with 3 partners"));
}
