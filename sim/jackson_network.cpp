#include "sim/jackson_network.hpp"

#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <string>

namespace venturi {

namespace {

// Checked before the traffic equations are solved with it.
const Eigen::VectorXd& checked_arrivals(const JacksonNetworkOptions& options) {
    const Eigen::Index n = options.routing.rows();
    if (options.arrival_rates.size() != n || options.service_rates.size() != n
        || options.servers.size() != static_cast<std::size_t>(n))
        throw std::invalid_argument(
            "a network has arrival rates, servers, service rates and a row of routing for each station");
    for (Eigen::Index i = 0; i < n; ++i)
        if (!(options.arrival_rates[i] >= 0) || !std::isfinite(options.arrival_rates[i]))
            throw std::invalid_argument("station " + std::to_string(i)
                                        + ": a rate of arrivals from outside is a number of at least 0");
    if (!(options.arrival_rates.sum() > 0))
        throw std::invalid_argument("no job comes to the network from outside");
    return options.arrival_rates;
}

template <class Member>
Eigen::VectorXd collect(const std::vector<QueueMeans>& stations, Member&& member) {
    Eigen::VectorXd values(static_cast<Eigen::Index>(stations.size()));
    for (std::size_t i = 0; i < stations.size(); ++i)
        values[static_cast<Eigen::Index>(i)] = member(stations[i]);
    return values;
}

}  // namespace

JacksonNetwork::JacksonNetwork(const JacksonNetworkOptions& options)
    : routes_(options.routing, "station"),
      throughputs_(routes_.visit_rates(checked_arrivals(options)).cwiseMax(0)),  // rounding
      throughput_(options.arrival_rates.sum()) {
    for (Eigen::Index i = 0; i < size(); ++i) {
        queues_.push_back({.arrival_rate = throughputs_[i],
                           .service_rate = options.service_rates[i],
                           .servers = options.servers[static_cast<std::size_t>(i)]});
        try {
            stations_.push_back(erlang_c(queues_.back()));
        } catch (const std::invalid_argument& problem) {
            throw std::invalid_argument("station " + std::to_string(i) + ": " + problem.what());
        }
    }
}

Eigen::VectorXd JacksonNetwork::utilisations() const {
    return collect(stations_, [](const QueueMeans& means) { return means.utilisation; });
}

Eigen::VectorXd JacksonNetwork::mean_present() const {
    return collect(stations_, [](const QueueMeans& means) { return means.mean_present(); });
}

Eigen::VectorXd JacksonNetwork::mean_sojourns() const {
    return collect(stations_, [](const QueueMeans& means) { return means.mean_sojourn; });
}

Eigen::VectorXd JacksonNetwork::mean_sojourns_from() const {
    return routes_.total_reward(mean_sojourns());
}

}  // namespace venturi
