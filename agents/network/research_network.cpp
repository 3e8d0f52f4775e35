#include "agents/network/research_network.hpp"

#include "sim/dense_systems.hpp"

#include <Eigen/Core>
#include <Eigen/IterativeLinearSolvers>
#include <Eigen/SparseCore>

#include <cmath>
#include <stdexcept>
#include <string>

namespace venturi {

namespace {

constexpr std::size_t dense_limit = 1000;

void expect_sound_market(const ResearchMarket& market) {
    const auto refuse = [](const char* name, double value, const char* range) {
        throw std::invalid_argument(std::string(name) + " is " + std::to_string(value) + "; it is " + range);
    };
    if (!std::isfinite(market.unit_cost) || market.unit_cost <= 0)
        refuse("unit_cost", market.unit_cost, "finite and above 0");
    if (!std::isfinite(market.demand) || market.demand <= market.unit_cost)
        refuse("demand", market.demand, "finite and above unit_cost");
    if (!std::isfinite(market.effort_cost) || market.effort_cost <= 0)
        refuse("effort_cost", market.effort_cost, "finite and above 0");
}

/// ∂q_i/∂e_i of a firm with so many partners.
double marginal_quantity(std::size_t firms, std::size_t partners, ResearchCompetition competition) {
    if (competition == ResearchCompetition::independent_markets) return 0.5;
    return static_cast<double>(firms - partners) / static_cast<double>(firms + 1);
}

[[noreturn]] void refuse_cheap_effort(const ResearchMarket& market, const std::string& firm,
                                      const char* why) {
    throw std::invalid_argument("effort_cost " + std::to_string(market.effort_cost)
                                + " is too low for an equilibrium: " + firm + " " + why);
}

void expect_concave(const ResearchMarket& market, double marginal, const std::string& firm) {
    if (!(market.effort_cost > marginal * marginal))
        refuse_cheap_effort(market, firm, "would gain from ever more effort");
}

void expect_interior(const ResearchMarket& market, double quantity, double unit_cost,
                     const std::string& firm) {
    if (!(quantity > 0) || !std::isfinite(quantity)) refuse_cheap_effort(market, firm, "would make nothing");
    if (!(unit_cost >= 0)) refuse_cheap_effort(market, firm, "would make a unit at a cost below zero");
}

/// x with x_i - Σ_{j = i or partner of i} weight_j x_j = 1.
Eigen::VectorXd spread(const Network& network, const Eigen::VectorXd& weight) {
    const auto n = static_cast<Eigen::Index>(network.vertices);
    std::vector<Eigen::Triplet<double>> entries;
    entries.reserve(network.vertices + 2 * network.edges.size());
    for (int i = 0; i < n; ++i) entries.emplace_back(i, i, 1 - weight[i]);
    for (const NetworkEdge& edge : network.edges) {
        const auto i = static_cast<int>(edge.source);
        const auto j = static_cast<int>(edge.target);
        entries.emplace_back(i, j, -weight[j]);
        entries.emplace_back(j, i, -weight[i]);
    }
    Eigen::SparseMatrix<double> matrix(n, n);
    matrix.setFromTriplets(entries.begin(), entries.end());
    const Eigen::VectorXd ones = Eigen::VectorXd::Ones(n);
    Eigen::BiCGSTAB<Eigen::SparseMatrix<double>> iteration(matrix);
    iteration.setTolerance(1e-15);
    Eigen::VectorXd solution = iteration.solve(ones);
    if (!((matrix * solution - ones).lpNorm<Eigen::Infinity>() <= 1e-10))
        throw std::runtime_error("the first-order conditions of " + std::to_string(network.vertices)
                                 + " firms could not be solved");
    return solution;
}

/// Quantities where effort_i = weight_i · quantity_i.
///
/// With B = identity + adjacency and W = diag(weight), costs are c - B W q, so that in independent markets
/// (I - B W / 2) q = (a - c) / 2, and with a homogeneous product (I - B W + 1 1ᵀ B W / (n + 1)) q = (a - c) /
/// (n + 1).
Eigen::VectorXd quantities(const Network& network, const ResearchMarket& market,
                           const Eigen::VectorXd& weight) {
    const auto n = static_cast<Eigen::Index>(network.vertices);
    const double margin = market.demand - market.unit_cost;
    const bool independent = market.competition == ResearchCompetition::independent_markets;
    const double others = static_cast<double>(n + 1);
    if (network.vertices > dense_limit) {
        if (independent) return margin / 2 * spread(network, weight / 2);
        // The rank-one part apart (Sherman & Morrison): q is a multiple of x = (I - B W)⁻¹ 1, and x - 1 = B W
        // x.
        const Eigen::VectorXd x = spread(network, weight);
        return margin / (others + (x.array() - 1).sum()) * x;
    }
    Eigen::MatrixXd learned = weight.asDiagonal();  // B W
    for (const NetworkEdge& edge : network.edges) {
        const auto i = static_cast<Eigen::Index>(edge.source);
        const auto j = static_cast<Eigen::Index>(edge.target);
        learned(i, j) = weight[j];
        learned(j, i) = weight[i];
    }
    Eigen::MatrixXd matrix = Eigen::MatrixXd::Identity(n, n);
    if (independent) {
        matrix -= learned / 2;
        return solve(matrix, Eigen::VectorXd::Constant(n, margin / 2));
    }
    matrix -= learned;
    const Eigen::RowVectorXd total = learned.colwise().sum() / others;
    matrix.rowwise() += total;
    return solve(matrix, Eigen::VectorXd::Constant(n, margin / others));
}

}  // namespace

ResearchEquilibrium research_equilibrium(const Network& network, const ResearchMarket& market) {
    expect_sound(network);
    expect_sound_market(market);
    if (network.directed)
        throw std::invalid_argument("a research network is undirected; this one is directed");
    const std::size_t n = network.vertices;
    if (n == 0) throw std::invalid_argument("a research network has 1 firm or more; this one has 0");
    std::vector<std::size_t> partners(n, 0);
    for (const NetworkEdge& edge : network.edges) {
        ++partners[edge.source];
        ++partners[edge.target];
    }
    Eigen::VectorXd weight(static_cast<Eigen::Index>(n));
    for (std::size_t i = 0; i < n; ++i) {
        const double marginal = marginal_quantity(n, partners[i], market.competition);
        expect_concave(market, marginal, "firm " + name_of(network, i));
        weight[static_cast<Eigen::Index>(i)] = marginal / market.effort_cost;
    }
    const Eigen::VectorXd quantity = quantities(network, market, weight);

    ResearchEquilibrium result{.effort = std::vector<double>(n),
                               .unit_cost = std::vector<double>(n),
                               .quantity = std::vector<double>(quantity.begin(), quantity.end()),
                               .profit = std::vector<double>(n)};
    for (std::size_t i = 0; i < n; ++i) {
        result.effort[i] = weight[static_cast<Eigen::Index>(i)] * result.quantity[i];
        result.unit_cost[i] = market.unit_cost - result.effort[i];
    }
    for (const NetworkEdge& edge : network.edges) {
        result.unit_cost[edge.source] -= result.effort[edge.target];
        result.unit_cost[edge.target] -= result.effort[edge.source];
    }
    double sold = 0;
    double profits = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const double q = result.quantity[i];
        const double e = result.effort[i];
        expect_interior(market, q, result.unit_cost[i], "firm " + name_of(network, i));
        result.profit[i] = q * q - market.effort_cost * e * e;
        profits += result.profit[i];
        sold += q;
        result.consumer_surplus += q * q / 2;
    }
    if (market.competition == ResearchCompetition::homogeneous_product)
        result.consumer_surplus = sold * sold / 2;
    result.welfare = result.consumer_surplus + profits;
    return result;
}

RegularResearchEquilibrium regular_research_equilibrium(std::size_t firms, std::size_t partners,
                                                        const ResearchMarket& market) {
    expect_sound_market(market);
    if (partners >= firms)
        throw std::invalid_argument("there are " + std::to_string(firms) + " firms with "
                                    + std::to_string(partners)
                                    + " partners each; partners are fewer than firms");
    const double marginal = marginal_quantity(firms, partners, market.competition);
    expect_concave(market, marginal, "a firm");
    const auto n = static_cast<double>(firms);
    const auto k = static_cast<double>(partners);
    const double gamma = market.effort_cost;
    const double margin = market.demand - market.unit_cost;
    const bool independent = market.competition == ResearchCompetition::independent_markets;
    const double effort = independent ? margin / (4 * gamma - k - 1)
                                      : margin * (n - k) / (gamma * (n + 1) * (n + 1) - (n - k) * (k + 1));
    const double unit_cost = market.unit_cost - (k + 1) * effort;
    const double quantity = (market.demand - unit_cost) / (independent ? 2 : n + 1);
    expect_interior(market, effort > 0 ? quantity : 0, unit_cost, "a firm");
    return {.effort = effort,
            .unit_cost = unit_cost,
            .quantity = quantity,
            .profit = quantity * quantity - gamma * effort * effort};
}

std::size_t most_profitable_partners(std::size_t firms, const ResearchMarket& market) {
    std::size_t best = 0;
    double most = regular_research_equilibrium(firms, 0, market).profit;
    for (std::size_t partners = 1; partners < firms; ++partners) {
        const double profit = regular_research_equilibrium(firms, partners, market).profit;
        if (profit <= most) continue;
        most = profit;
        best = partners;
    }
    return best;
}

}  // namespace venturi
