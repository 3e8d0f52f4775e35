#include "agents/network/spread.hpp"

#include "sim/infinity.hpp"
#include "sim/random/ziggurat.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <queue>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>

namespace venturi {

namespace {

void expect_not_negative(const char* name, double value) {
    if (value >= 0) return;
    std::ostringstream message;
    message << name << " is " << value << "; it is at least 0";
    throw std::invalid_argument(message.str());
}

void expect_vertices(std::span<const std::uint32_t> chosen, std::size_t vertices) {
    for (const std::uint32_t vertex : chosen)
        if (vertex >= vertices)
            throw std::invalid_argument("vertex " + std::to_string(vertex) + " is not there; there are "
                                        + std::to_string(vertices));
}

void expect_thresholds(std::span<const double> thresholds, std::size_t vertices) {
    if (thresholds.size() != vertices)
        throw std::invalid_argument("there are " + std::to_string(thresholds.size()) + " thresholds for "
                                    + std::to_string(vertices) + " vertices; each has one");
    for (std::size_t vertex = 0; vertex < vertices; ++vertex)
        if (std::isnan(thresholds[vertex]))
            throw std::invalid_argument("the threshold of vertex " + std::to_string(vertex)
                                        + " is not a number");
}

double unit_exponential(const StreamAddress& address, std::uint64_t n) {
    return sample_unit_exponential(DrawEngine(address, n, word_at(address, n)));
}

double infectious_period(std::uint32_t vertex, const EpidemicOptions& options, const StreamAddress& address) {
    if (!(options.recovery_rate > 0)) return infinity;
    if (options.infectious_period == InfectiousPeriod::fixed) return 1 / options.recovery_rate;
    return unit_exponential(address, 2 * std::uint64_t{vertex}) / options.recovery_rate;
}

double rate_of(const NetworkArc& arc, const EpidemicOptions& options) {
    if (options.contact_rate == ContactRate::alike) return options.infection_rate;
    expect_not_negative("the weight of an arc, which is its rate of contact,", arc.weight);
    return options.infection_rate * arc.weight;
}

// A fraction is compared as a quotient: 3 of 30 is 0.1, where 0.1 · 30 exceeds 3.
bool is_reached(double threshold, std::uint32_t failed, std::uint32_t watched, ThresholdKind kind) {
    if (kind == ThresholdKind::count) return failed >= threshold;
    return watched > 0 && static_cast<double>(failed) / watched >= threshold;
}

}  // namespace

Epidemic epidemic(const NetworkGraph& graph, const EpidemicOptions& options, const StreamAddress& address) {
    const std::size_t vertices = num_vertices(graph);
    expect_vertices(options.first_infected, vertices);
    expect_not_negative("infection_rate", options.infection_rate);
    expect_not_negative("recovery_rate", options.recovery_rate);
    expect_not_negative("horizon", options.horizon);

    // Times of infection are lengths of shortest paths. Boost's Dijkstra asks for the length of an arc twice,
    // which is a draw here, starts from one vertex, and knows no horizon.
    using Infection = std::pair<double, std::uint32_t>;
    std::priority_queue<Infection, std::vector<Infection>, std::greater<>> to_come;
    Epidemic history;
    history.infected_at.assign(vertices, infinity);
    history.recovered_at.assign(vertices, infinity);
    const auto expose = [&](std::uint32_t vertex, double time) {
        if (time > options.horizon || !(time < history.infected_at[vertex])) return;
        history.infected_at[vertex] = time;
        to_come.emplace(time, vertex);
    };
    for (const std::uint32_t vertex : options.first_infected) expose(vertex, 0);
    while (!to_come.empty()) {
        const auto [now, vertex] = to_come.top();
        to_come.pop();
        if (now != history.infected_at[vertex]) continue;  // infected before, by another
        ++history.size;
        const double period = infectious_period(vertex, options, address);
        if (now + period <= options.horizon) history.recovered_at[vertex] = now + period;
        for (auto [arc, end] = out_edges(vertex, graph); arc != end; ++arc) {
            const std::uint32_t other = target(*arc, graph);
            const double rate = rate_of(graph[*arc], options);
            if (!(rate > 0) || history.infected_at[other] <= now) continue;
            // One draw for both directions: who is infected first never needs the other's.
            const std::uint64_t n = 2 * std::uint64_t{graph[*arc].edge} + 1;
            const double delay = unit_exponential(address, n) / rate;
            if (delay < period) expose(other, now + delay);
        }
    }
    return history;
}

std::vector<EpidemicCounts> counts_over_time(const Epidemic& epidemic, std::span<const double> times) {
    std::vector<double> infections = epidemic.infected_at;
    std::vector<double> recoveries = epidemic.recovered_at;
    std::sort(infections.begin(), infections.end());
    std::sort(recoveries.begin(), recoveries.end());
    const auto up_to = [](const std::vector<double>& sorted, double time) {
        return static_cast<std::size_t>(std::upper_bound(sorted.begin(), sorted.end(), time)
                                        - sorted.begin());
    };
    std::vector<EpidemicCounts> counts;
    counts.reserve(times.size());
    for (const double time : times) {
        if (!std::isfinite(time))
            throw std::invalid_argument("a time at which an epidemic is counted is not finite");
        const std::size_t infected = up_to(infections, time);
        const std::size_t recovered = up_to(recoveries, time);
        counts.push_back({.time = time,
                          .susceptible = infections.size() - infected,
                          .infectious = infected - recovered,
                          .recovered = recovered});
    }
    return counts;
}

Cascade threshold_cascade(const NetworkGraph& graph, std::span<const double> thresholds,
                          std::span<const std::uint32_t> first_failed, ThresholdKind kind) {
    const auto vertices = static_cast<std::uint32_t>(num_vertices(graph));
    expect_thresholds(thresholds, vertices);
    expect_vertices(first_failed, vertices);

    std::vector<std::uint32_t> watched(vertices, 0);
    for (auto [arc, end] = edges(graph); arc != end; ++arc) ++watched[target(*arc, graph)];
    std::vector<std::uint32_t> failed(vertices, 0);  // among those watched
    Cascade cascade;
    cascade.round.assign(vertices, Cascade::never);
    std::vector<std::uint32_t> latest;
    const auto fail = [&](std::uint32_t vertex, std::uint32_t round, std::vector<std::uint32_t>& fallen) {
        if (cascade.round[vertex] != Cascade::never) return;
        cascade.round[vertex] = round;
        fallen.push_back(vertex);
    };
    for (const std::uint32_t vertex : first_failed) fail(vertex, 0, latest);
    for (std::uint32_t vertex = 0; vertex < vertices; ++vertex)
        if (thresholds[vertex] <= 0) fail(vertex, 0, latest);

    std::uint32_t round = 0;
    while (!latest.empty()) {
        cascade.rounds = round++;
        cascade.size += latest.size();
        std::vector<std::uint32_t> next;
        for (const std::uint32_t vertex : latest) {
            for (auto [arc, end] = out_edges(vertex, graph); arc != end; ++arc) {
                const std::uint32_t other = target(*arc, graph);
                if (is_reached(thresholds[other], ++failed[other], watched[other], kind))
                    fail(other, round, next);
            }
        }
        latest = std::move(next);
    }
    return cascade;
}

double cascade_reproduction_number(const Network& network, std::span<const double> thresholds) {
    if (network.directed)
        throw std::invalid_argument("the condition for cascades is that of an undirected network");
    if (network.edges.empty())
        throw std::invalid_argument("the network has no edges; there is no vertex at the end of one");
    expect_thresholds(thresholds, network.vertices);
    std::vector<std::uint32_t> degree(network.vertices, 0);
    for (const NetworkEdge& edge : network.edges) {
        ++degree[edge.source];
        ++degree[edge.target];
    }
    double further = 0;
    for (std::size_t vertex = 0; vertex < network.vertices; ++vertex) {
        const double k = degree[vertex];
        if (is_reached(thresholds[vertex], 1, degree[vertex], ThresholdKind::fraction))
            further += k * (k - 1);
    }
    return further / (2 * static_cast<double>(network.edges.size()));
}

}  // namespace venturi
