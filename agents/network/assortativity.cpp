#include "agents/network/assortativity.hpp"

#include "agents/network/centrality.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace venturi {

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

void expect_one_each(const Network& network, std::size_t given, const char* what) {
    if (given != network.vertices)
        throw std::invalid_argument("a network of " + std::to_string(network.vertices)
                                    + " vertices has as many " + what + ", not " + std::to_string(given));
}

template <class Visit>
void each_arc(const Network& network, const Visit& visit) {
    for (const NetworkEdge& edge : network.edges) {
        visit(edge.source, edge.target, edge.weight);
        if (!network.directed) visit(edge.target, edge.source, edge.weight);
    }
}

double correlation(const Network& network, std::span<const double> at_source,
                   std::span<const double> at_target) {
    const auto arcs = static_cast<double>(network.edges.size() * (network.directed ? 1 : 2));
    double mean_source = 0;
    double mean_target = 0;
    each_arc(network, [&](std::uint32_t from, std::uint32_t to, double) {
        mean_source += at_source[from] / arcs;
        mean_target += at_target[to] / arcs;
    });
    double product = 0;
    double square_source = 0;
    double square_target = 0;
    each_arc(network, [&](std::uint32_t from, std::uint32_t to, double) {
        const double source = at_source[from] - mean_source;
        const double target = at_target[to] - mean_target;
        product += source * target;
        square_source += source * source;
        square_target += target * target;
    });
    // A spread that rounding makes of numbers that are all the same.
    const double nothing = 1e-24 * arcs;
    if (!(square_source > nothing * mean_source * mean_source
          && square_target > nothing * mean_target * mean_target))
        return not_a_number;
    return product / std::sqrt(square_source * square_target);
}

std::vector<double> as_numbers(const std::vector<std::size_t>& counts) {
    std::vector<double> result;
    result.reserve(counts.size());
    for (const std::size_t count : counts) result.push_back(static_cast<double>(count));
    return result;
}

/// Of the total weight of arcs, what leaves the group, arrives, and stays inside.
struct GroupFlow {
    double out = 0;
    double in = 0;
    double inside = 0;
};

struct GroupFlows {
    std::map<std::uint32_t, GroupFlow> groups = {};
    double total = 0;
};

GroupFlows flows_of(const Network& network, std::span<const std::uint32_t> group) {
    GroupFlows flows;
    each_arc(network, [&](std::uint32_t from, std::uint32_t to, double weight) {
        flows.total += weight;
        flows.groups[group[from]].out += weight;
        flows.groups[group[to]].in += weight;
        if (group[from] == group[to]) flows.groups[group[from]].inside += weight;
    });
    return flows;
}

/// Σ inside / total, and Σ out · in / total².
struct WithinShares {
    double observed = 0;
    double expected = 0;
};

WithinShares within_shares(const GroupFlows& flows) {
    WithinShares shares;
    for (const auto& [number, flow] : flows.groups) {
        shares.observed += flow.inside / flows.total;
        shares.expected += flow.out / flows.total * (flow.in / flows.total);
    }
    return shares;
}

}  // namespace

double numeric_assortativity(const Network& network, std::span<const double> values) {
    expect_one_each(network, values.size(), "values");
    return correlation(network, values, values);
}

double degree_assortativity(const Network& network, const DegreeAssortativityOptions& options) {
    return correlation(network, as_numbers(degree(network, options.at_source)),
                       as_numbers(degree(network, options.at_target)));
}

Eigen::MatrixXd mixing_matrix(const Network& network, std::span<const std::uint32_t> group) {
    expect_one_each(network, group.size(), "groups");
    const Eigen::Index groups =
        group.empty() ? 0 : Eigen::Index{*std::max_element(group.begin(), group.end())} + 1;
    Eigen::MatrixXd result = Eigen::MatrixXd::Zero(groups, groups);
    each_arc(network,
             [&](std::uint32_t from, std::uint32_t to, double) { result(group[from], group[to]) += 1; });
    const double total = result.sum();
    return total > 0 ? Eigen::MatrixXd(result / total) : result;
}

double group_assortativity(const Network& network, std::span<const std::uint32_t> group) {
    expect_one_each(network, group.size(), "groups");
    const GroupFlows flows = flows_of(weighed(network, false), group);
    if (flows.groups.size() < 2) return not_a_number;
    const WithinShares shares = within_shares(flows);
    return (shares.observed - shares.expected) / (1 - shares.expected);
}

double modularity(const Network& network, std::span<const std::uint32_t> group,
                  const ModularityOptions& options) {
    expect_one_each(network, group.size(), "groups");
    const GroupFlows flows = flows_of(weighed(network, options.weighted), group);
    if (!(flows.total > 0)) return not_a_number;
    const WithinShares shares = within_shares(flows);
    return shares.observed - options.resolution * shares.expected;
}

}  // namespace venturi
