// Open networks of stations, exactly.
#pragma once

#include "sim/absorbing_chain.hpp"
#include "sim/queueing_theory.hpp"

#include <Eigen/Core>

#include <cstdint>
#include <vector>

namespace venturi {

/// A network of n stations, numbered from 0; rates per unit of time.
struct JacksonNetworkOptions {
    Eigen::VectorXd arrival_rates;  ///< from outside, n
    Eigen::MatrixXd routing;  ///< n × n: probability of going from (row) on to (column); the rest leaves
    std::vector<std::uint32_t> servers;  ///< n; `QueueOptions::unlimited` for a station without a line
    Eigen::VectorXd service_rates;       ///< of one server, n
};

/// The long run of an open network of M/M/c stations: Jackson, "Networks of waiting lines", Operations
/// Research 5(4), 518–521 (1957); "Jobshop-like queueing systems", Management Science 10(1), 131–142 (1963).
///
/// Flows solve the traffic equations λ = γ + Pᵀ λ, and the numbers present at an instant are independent,
/// each as if its station were alone with Poisson arrivals of rate λᵢ: what `queueing_theory.hpp` says of
/// `queue(i)` holds of station i, also its law `number_present`. Vectors have n entries.
class JacksonNetwork {
  public:
    /// Throws std::invalid_argument, with a message for the user that names the station, where sizes differ,
    /// a rate or a routing probability is negative, a row of routing is above 1, jobs can never leave, nobody
    /// comes, or a station's line grows for ever.
    explicit JacksonNetwork(const JacksonNetworkOptions& options);

    [[nodiscard]] Eigen::Index size() const { return routes_.size(); }

    /// Station i as if it were alone.
    [[nodiscard]] const QueueOptions& queue(Eigen::Index i) const {
        return queues_[static_cast<std::size_t>(i)];
    }
    /// Its long-run means; waits and sojourns are of one visit.
    [[nodiscard]] const QueueMeans& station(Eigen::Index i) const {
        return stations_[static_cast<std::size_t>(i)];
    }

    /// Jobs through each station per unit of time.
    [[nodiscard]] const Eigen::VectorXd& throughputs() const { return throughputs_; }
    /// Expected visits of a job to each station, on its whole way.
    [[nodiscard]] Eigen::VectorXd visit_ratios() const { return throughputs_ / throughput_; }
    [[nodiscard]] Eigen::VectorXd utilisations() const;
    /// Expected number waiting or in service at each station.
    [[nodiscard]] Eigen::VectorXd mean_present() const;
    /// Expected time at each station, per visit.
    [[nodiscard]] Eigen::VectorXd mean_sojourns() const;
    /// Expected time until it leaves the network of a job that enters at each station: w + P s = s, with w
    /// the sojourn per visit.
    [[nodiscard]] Eigen::VectorXd mean_sojourns_from() const;

    /// Jobs through the network per unit of time.
    [[nodiscard]] double throughput() const { return throughput_; }
    /// Expected number in the network.
    [[nodiscard]] double mean_number() const { return mean_present().sum(); }
    /// Expected time of a job from entry to exit, by Little's law.
    [[nodiscard]] double mean_sojourn() const { return mean_number() / throughput_; }

  private:
    AbsorbingChain routes_;
    Eigen::VectorXd throughputs_;
    double throughput_ = 0;
    std::vector<QueueOptions> queues_;
    std::vector<QueueMeans> stations_;
};

}  // namespace venturi
